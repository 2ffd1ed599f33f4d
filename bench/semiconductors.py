"""Write the semiconductor chain of ETO as a data set folder, for tests and measuring only (CC BY-NC 4.0).

Its rows of organizations and of countries overlap, so that a folder holds one or the other: of organizations, with
their countries as regions, or of countries, each as one supplier. A share marked negligible is left unknown.
Whole percents that add up to 101 are scaled to 100.
Run: python bench/semiconductors.py SOURCE TARGET organizations|countries
"""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

LEVELS = {"organizations": "organization", "countries": "country"}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, columns: str, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns.split(","), *rows])


def convert(source: Path, target: Path, level: str = "organizations") -> None:
    """Write regions, organizations, stages, products and supplies into ``target``."""
    target.mkdir(parents=True, exist_ok=True)
    inputs, ties = _read(source / "inputs.csv"), _read(source / "sequence.csv")
    providers = [one for one in _read(source / "providers.csv") if one["provider_type"] == LEVELS[level]]
    country = {one["provider_id"]: one["country"] or one["provider_name"] for one in providers}
    if level == "organizations":
        country = {one["provider_id"]: one["country"] for one in providers}
    _write(target / "regions.csv", "id,name", [[name.lower(), name] for name in sorted(set(country.values()) - {""})])
    people = [
        [one["provider_id"], one["provider_name"], "enterprise", country[one["provider_id"]].lower()]
        for one in providers
    ]
    _write(target / "organizations.csv", "id,name,kind,region", people)
    stages = [[one["stage_id"], one["stage_name"]] for one in _read(source / "stages.csv")]
    follows = dict(zip([one[0] for one in stages[1:]], [one[0] for one in stages], strict=False))
    _write(target / "stages.csv", "id,name,follows", [[*one, follows.get(one[0], "")] for one in stages])
    products = []
    for one in inputs:
        node = one["input_id"]
        goes, kind = (
            ";".join(tie[name] for tie in ties if tie["input_id"] == node and tie[name])
            for name in ("goes_into_id", "is_type_of_id")
        )
        products.append([node, one["input_name"], one["stage_id"], goes, kind])
    _write(target / "products.csv", "id,name,stage,input_of,broader", products)
    product_ids = {one["input_id"] for one in inputs}
    rows, seen = [], set()
    for number, one in enumerate(_read(source / "provision.csv"), start=2):
        pair = (one["provider_id"], one["provided_id"])
        if pair[0] in country and pair[1] in product_ids and pair not in seen:
            seen.add(pair)
            rows.append([f"row{number}", *pair, one["share_provided"].rstrip("%")])
    whole: dict[str, float] = {}
    for *_, product, share in rows:
        whole[product] = whole.get(product, 0.0) + float(share or 0)
    for row in rows:
        if row[3]:
            # Rounded down, so that the shares of a product stay within 100 %.
            row[3] = f"{math.floor(1e6 * float(row[3]) / max(100.0, whole[row[2]])) / 1e6:.6f}"
    _write(target / "supplies.csv", "id,supplier,product,share", rows)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
