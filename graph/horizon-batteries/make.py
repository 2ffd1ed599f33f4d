"""Write the tables of the data set horizon-batteries from the CORDIS snapshot of 2025-12-06.

The projects that belong to it are those with "batter" in the title, in any case, and at least
three distinct organizations in any role. Faults of the source are left as they are, counted and listed on stderr.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from chaingraph.errors import ChaingraphError
from chaingraph.importers.cordis import Selection, import_cordis
from chaingraph.importers.cordis.faults import counts

HERE = Path(__file__).resolve().parent
SNAPSHOT = HERE.parents[2] / "shared" / "data" / "horizon-europe" / "horizon-2025-12-06.zip"
TITLE = {
    "en": "Battery projects of Horizon Europe and their consortia",
    "zh": "“地平线欧洲”计划的电池项目及其联合体",
}
DESCRIPTION = {
    "en": "The 124 projects of Horizon Europe with 'batter' in the title and at least three organizations, "
    "as CORDIS held them on 2025-12-06: consortia, roles, contributions, regions and topics.",
    "zh": "截至2025-12-06，CORDIS所载标题含“batter”且至少有三家单位参与的124个“地平线欧洲”项目："
    "联合体、角色、经费、地区与主题。",
}


def main() -> int:
    """Write the folder; the exit status is 2 when the snapshot is not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=Path, default=SNAPSHOT, help="the snapshot (zip) or the folder that holds it")
    parser.add_argument("-o", "--output", type=Path, default=HERE, help="the folder to write to")
    arguments = parser.parse_args()
    inside: Path = arguments.facts / SNAPSHOT.name
    try:
        imported = import_cordis(
            inside if inside.is_file() else arguments.facts,
            arguments.output,
            selection=Selection(min_partners=3, titles=("batter",)),
            name="horizon-batteries",
            title=TITLE,
            description=DESCRIPTION,
            retrieved="2025-12-06",
        )
    except ChaingraphError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    faults = counts(imported.faults)
    print("faults of the source, kept as they stand:", file=sys.stderr)
    for fault, count in zip(faults["fault"], faults["count"], strict=True):
        if count:
            print(f"{count:>5}  {fault}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
