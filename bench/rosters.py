"""Rosters that nobody here made, opened as they lie: the rows of each file, what was read, and what was left out.

Give it the folder of the files, or files: ``python bench/rosters.py FOLDER``. Prints a Markdown table. The column of
edits is the number of changes that a person has to make before the file opens, which is 0 or the run fails.
"""

from __future__ import annotations

import sys
from pathlib import Path

from chaingraph.rosters.files import SUFFIXES
from chaingraph.rosters.opening import roster_of
from chaingraph.tables import read


def line(path: Path) -> str:
    """Return the row of the table for a file."""
    roster = roster_of(path)
    read(roster.frames)
    rows = sum(one.rows + len(one.layout.left_out) for one in roster.sheets if one.layout is not None)
    done = sum(one.rows for one in roster.sheets)
    things = ", ".join(f"{frame.height:,} {table}" for table, frame in roster.frames.items() if table != "sources")
    left_out = f"{len(roster.log.rows):,} rows, {len(roster.log.cells):,} cells"
    return f"| {path.name} | {rows:,} | {done:,} | {left_out} | {things} | 0 |"


def main(paths: list[str]) -> None:
    """Print the table of the files."""
    files = [file for path in map(Path, paths) for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    sys.stdout.write("| file | rows | read | left out | gives | edits |\n|---|--:|--:|---|---|--:|\n")
    for file in files:
        if file.suffix.lower() in SUFFIXES:
            sys.stdout.write(line(file) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
