"""What the two snapshots of Horizon Europe do not share, and how long it takes beside reading them alone.

Run: ``python bench/diff.py``. The counts stand in the note beside the snapshots: 249 new projects, 198 participations
added to and 46 removed from existing ones, 20 changed coordinators.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import chaingraph as cg
from chaingraph.sources.cordis import Selection, import_cordis
from chaingraph.tables import read

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "horizon-europe"
DAYS = ("2025-11-16", "2025-12-06")


def main() -> int:
    """Print counts and seconds."""
    if not DATA.is_dir():
        print("the snapshots in ../shared are not here", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        folders = [Path(folder) / day for day in DAYS]
        for day, made in zip(DAYS, folders, strict=True):
            import_cordis(DATA / f"horizon-{day}.zip", made, selection=Selection(), name="horizon", retrieved=day)
        start, used = time.perf_counter(), time.process_time()
        for made in folders:
            read(made)
        reading, reading_used = time.perf_counter() - start, time.process_time() - used
        start, used = time.perf_counter(), time.process_time()
        found = cg.diff(*folders)
        seconds, seconds_used = time.perf_counter() - start, time.process_time() - used
    print(found.counts.to_string(index=False))
    frame = found.frame
    coordinators = ((frame["class"] == "Project") & (frame["property"] == "coordinator")).sum()
    print(f"coordinators changed: {coordinators}")
    print(
        f"diff {seconds:.1f} s ({seconds_used:.1f} s of work), of which reading both folders takes {reading:.1f} s",
        end="",
    )
    print(f" ({reading_used:.1f} s of work)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
