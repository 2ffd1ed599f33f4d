"""Telling problems: the only place that puts what is wrong in tables into the words and the order of the files."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from chaingraph.tables.contract import folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.errors import Problem
    from chaingraph.tables.contract import Table
    from chaingraph.tables.files import Folder


def told(folder: Folder, tables: Mapping[str, Table]) -> list[Problem]:
    """Return what is wrong in a folder, file by file as they were met, row by row.

    A column is called as its file heads it. A table that is not there or has no rows is told once a column, with the
    number of cells that refer to it, since one sheet mends them all.
    """
    headed = _headings(folder, tables)
    filled = {name for name, sheet in folder.sheets.items() if not sheet.frame.is_empty()}
    absent = tables.keys() - filled - folder.broken
    cells = {(_cause(problem), problem.row) for problem in folder.problems if problem.lacking in absent}
    several = Counter(cause for cause, _ in cells)
    said: set[tuple[object, ...]] = set()
    kept: list[Problem] = []
    for problem in folder.problems:
        more = several[_cause(problem)] - 1
        if _cause(problem) in said:
            continue
        if more >= 0:
            said.add(_cause(problem))
        others = f" ({more:,} more of its cells do the same)" if more > 0 else ""
        column = headed.get((problem.place, problem.column), problem.column)
        kept.append(replace(problem, column=column, reason=problem.reason + others))
    places = list(dict.fromkeys(problem.place for problem in kept))
    return sorted(kept, key=lambda problem: (places.index(problem.place), problem.row or 0))


def _cause(problem: Problem) -> tuple[object, ...]:
    return problem.place, problem.column, problem.lacking


def _headings(folder: Folder, tables: Mapping[str, Table]) -> dict[tuple[str, str | None], str]:
    """Return how each file heads each column of the contract."""
    found: dict[tuple[str, str | None], str] = {}
    for name, sheet in folder.sheets.items():
        known = tables[name].by_title()
        for heading in sheet.headings:
            if folded(heading) in known:
                found[sheet.place, known[folded(heading)].name] = heading
    return found
