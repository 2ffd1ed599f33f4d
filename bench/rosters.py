"""Rosters that nobody here made, opened as they lie: the rows of each file, what was read, and what was left out.

Give it the folder of the files, or files: ``python bench/rosters.py FOLDER``. Prints a Markdown table, and below it
each edit with its place and reason. An edit is what a person has to change or to answer before everything in the file
is in the graph: a cell that was left out, a row that was left out for what it lacks (a total, a note, a section or
headings that come again are no data), a column that is asked back. A file that cannot be opened stops the run.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.rosters.files import SUFFIXES
from chaingraph.rosters.opening import roster_of
from chaingraph.tables import read

if TYPE_CHECKING:
    from chaingraph.rosters import Roster

_NO_DATA = {"total", "note", "section", "headings", "lone number", "decided already", "no such name"}
"""The reasons for leaving out a row that holds nothing of a roster."""


def edits(roster: Roster) -> list[str]:
    """Return what a person has to change or to answer before everything in a roster is in the graph, each in words."""
    rows = [remark for remark in roster.log.rows if remark.key not in _NO_DATA]
    cells = {remark.place[:3]: remark for remark in rows}
    # Of a row that was left out because of a cell, the cell says it.
    cells |= {remark.place if remark.place.row is None else remark.place[:3]: remark for remark in roster.log.cells}
    texts = [f"{remark.place}: {remark.key}: {remark.text}" for remark in cells.values()]
    questions = {
        f"{one.sheet.place()}: {column.heading}: {' or '.join(column.candidates)}?"
        for one in roster.sheets
        if one.reading is not None
        for column in one.reading.left_out
        if column.candidates
    }
    return [*texts, *sorted(questions)]


def line(path: Path, roster: Roster) -> str:
    """Return the row of the table for a file."""
    read(roster.frames)
    tables = [one for one in roster.sheets if one.layout is not None]
    number = sum(len(one.layout.rows) + len(one.layout.left_out) for one in tables if one.layout is not None)
    things = ", ".join(
        f"{frame.height:,} {table}" for table, frame in roster.frames.items() if table not in {"sources", "quotes"}
    )
    left_out = f"{len(roster.log.rows):,} rows, {len(roster.log.cells):,} cells"
    done = sum(one.rows for one in tables)
    return f"| {path.name} | {number:,} | {done:,} | {left_out} | {things} | {len(edits(roster)):,} |"


def main(paths: list[str]) -> None:
    """Print the table of the files."""
    files = [file for path in map(Path, paths) for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    texts: list[str] = []
    sys.stdout.write("| file | rows | read | left out | gives | edits |\n|---|--:|--:|---|---|--:|\n")
    for file in files:
        if file.suffix.lower() in SUFFIXES:
            roster = roster_of(file)
            sys.stdout.write(line(file, roster) + "\n")
            texts += edits(roster)
    sys.stdout.write("".join(f"\n- {text}" for text in texts) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
