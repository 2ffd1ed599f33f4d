"""What the two snapshots of Horizon Europe do not share, and how long it takes beside reading them alone.

Folders are compared beside reading both, built stores beside writing both out as N-Triples, which is what the store
itself needs to list its content. The counts stand in the note beside the snapshots: 249 new projects, 198
participations added to and 46 removed from existing ones, 20 changed coordinators.
Prints a Markdown table and writes it to bench/results/diff.md. Run: ``python bench/diff.py``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

import chaingraph as cg
from chaingraph.importers.cordis import Selection, import_cordis
from chaingraph.tables import read

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS = Path(__file__).resolve().parent / "results"
DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "horizon-europe"
DAYS = ("2025-11-16", "2025-12-06")


def dump(store: Path) -> bytes | None:
    """Return the content of a store as N-Triples."""
    return ox.Store.read_only(str(store)).dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())


def main() -> int:
    """Print and write counts and seconds."""
    if not DATA.is_dir():
        print("the snapshots in ../shared are not here", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        folders = [Path(folder) / day for day in DAYS]
        for day, snapshot in zip(DAYS, folders, strict=True):
            import_cordis(DATA / f"horizon-{day}.zip", snapshot, selection=Selection(), name="horizon", retrieved=day)
        stores = [snapshot.with_suffix(".kg") for snapshot in folders]
        for snapshot, store in zip(folders, stores, strict=True):
            cg.build([snapshot], store)
        jobs: dict[str, Callable[[], object]] = {
            "read both folders": lambda: [read(snapshot) for snapshot in folders],
            "diff of the folders": lambda: cg.diff(*folders),
            "write out both stores": lambda: [dump(store) for store in stores],
            "diff of the stores": lambda: cg.diff(*stores),
        }
        lines = ["| job | seconds | CPU seconds |", "|---|---:|---:|"]
        for name, job in jobs.items():
            start, used = time.perf_counter(), time.process_time()
            job()
            lines.append(f"| {name} | {time.perf_counter() - start:.1f} | {time.process_time() - used:.1f} |")
        difference = cg.diff(*folders)
        same = difference.counts.equals(cg.diff(*stores).counts)
    frame = difference.frame
    coordinators = ((frame["class"] == "Project") & (frame["property"] == "coordinator")).sum()
    print(difference.counts.to_string(index=False))
    print(f"coordinators changed: {coordinators}; the stores give the same: {same}\n")
    print("\n".join(lines))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "diff.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
