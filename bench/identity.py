"""How well names tell who is who: proposals against what CORDIS itself knows, on the two snapshots.

Truth for what is found: the organizations whose name changed or is written in several ways under one PIC; the PIC is
hidden and the two names are compared. Truth for what is proposed: pairs of organizations (each its own PIC) that both
have a VAT number; one number is the same body, two are not.
Prints a Markdown text and writes it to bench/results/identity.md. Run: ``python bench/identity.py``.
"""

from __future__ import annotations

import sys
import time
import zipfile
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import polars as pl

from chaingraph.identity.names import NormalName, normal_name
from chaingraph.identity.similarity import similar

RESULTS = Path(__file__).resolve().parent / "results"
DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "horizon-europe"
DAYS = ("2025-12-06", "2025-11-16")

Pair = tuple[int, int]


def records() -> pl.DataFrame:
    """Return one row per PIC and name of the two snapshots, the newer first: pic, name, place, vat."""
    parts = []
    for day in DAYS:
        with zipfile.ZipFile(DATA / f"horizon-{day}.zip") as archive:
            rows = pl.read_csv(archive.read("organization.csv"), infer_schema=False)
        parts.append(
            rows.select(
                pl.col("organisationID").alias("pic"),
                pl.col("name").str.replace_all(r"\s+", " ").str.strip_chars(),
                pl.coalesce("nutsCode", "country").alias("place"),
                pl.col("vatNumber").alias("vat"),
            )
        )
    return pl.concat(parts).unique(["pic", "name"], keep="first", maintain_order=True)


def same_key(names: list[NormalName]) -> set[Pair]:
    """Return the pairs of names of one normal form."""
    positions_by_key: dict[str, list[int]] = defaultdict(list)
    for position, name in enumerate(names):
        positions_by_key[name.key].append(position)
    return {pair for positions in positions_by_key.values() for pair in combinations(positions, 2)}


def is_within(one: str | None, other: str | None) -> bool:
    """Tell whether one place is in the other; NUTS codes begin with the code of the place above."""
    return one is None or other is None or one.startswith(other) or other.startswith(one)


def main() -> int:
    """Print and write what is found and how much of what is proposed is so."""
    if not DATA.is_dir():
        print("the snapshots in ../shared are not here", file=sys.stderr)
        return 2
    rows = records()
    pics, places, vats = (rows[name].to_list() for name in ("pic", "place", "vat"))
    start = time.perf_counter()
    names = [normal_name(name) for name in rows["name"]]
    by_key = same_key(names)
    likeness = similar(names, [None if place is None else place[:2] for place in places])
    seconds = time.perf_counter() - start
    alike = {(a, b) for a, b in likeness.select("left", "right").iter_rows() if is_within(places[a], places[b])}
    holders: dict[str, list[int]] = defaultdict(list)
    for position, pic in enumerate(pics):
        holders[pic].append(position)
    truth = {pair for positions in holders.values() for pair in combinations(positions, 2)}
    lines = [
        f"{len(names):,} names compared in {seconds:.1f} s; all pairs would be {len(names) * (len(names) - 1) // 2:,}",
        "",
        f"two names of one PIC: {len(truth)}; found by name {len(truth & by_key)}, "
        f"by name or likeness {len(truth & (by_key | alike))}",
        "",
        "| pairs of two PICs | proposed | both with VAT | one VAT |",
        "| --- | ---: | ---: | ---: |",
    ]
    inside = {(a, b) for a, b in by_key if is_within(places[a], places[b])}
    for words, pairs in (
        ("same name, one region in the other", inside),
        ("same name elsewhere", by_key - inside),
        ("alike, one region in the other", alike),
    ):
        others = [(a, b) for a, b in pairs if pics[a] != pics[b]]
        numbers = [(vats[a], vats[b]) for a, b in others if vats[a] is not None and vats[b] is not None]
        lines.append(f"| {words} | {len(others)} | {len(numbers)} | {sum(a == b for a, b in numbers)} |")
    lines += ["", "Pairs whose VAT numbers differ are then left out of the proposals."]
    print("\n".join(lines))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "identity.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
