"""Write ``ontology/geography/places.csv`` and ``waters.json``; see the docstring of this folder."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from geography import china, europe, geonames, waters
from geography.row import HEADER

FOLDER = Path(__file__).resolve().parents[2] / "ontology" / "geography"


def main() -> None:
    """Write both files from the packages in the folder that is the only argument."""
    packages = Path(sys.argv[1])
    names = europe.countries(FOLDER / "countries.json")
    places = geonames.cities(packages, ["CN", "TW", "HK", "MO", *(entry["iso"] for entry in names.values())])
    rows = [*china.rows(packages, FOLDER / "seats.csv", places), *europe.rows(packages, names, places)]
    with (FOLDER / "places.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(row.cells() for row in rows)
    content = {"unit": waters.UNIT, **waters.lines(packages)}
    (FOLDER / "waters.json").write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
