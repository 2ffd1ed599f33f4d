"""The problems of tables in the order of their files, each column named by its heading in the file."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from chaingraph.messages import tr
from chaingraph.tables.contract import heading_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.errors import Problem
    from chaingraph.tables.contract import Table
    from chaingraph.tables.raw import RawTables


def problems_by_file(raw: RawTables, tables: Mapping[str, Table]) -> list[Problem]:
    """Return the problems of all tables, file by file in the order of reading, row by row.

    A column has the name of its heading in the file. References to a table that is missing or has no rows are one
    problem per column, with the number of such cells, since one sheet corrects them all.
    """
    headings = _headings(raw, tables)
    tables_with_rows = {name for name, sheet in raw.sheets.items() if not sheet.frame.is_empty()}
    missing_tables = tables.keys() - tables_with_rows - raw.unreadable
    cells = {(_cause(problem), problem.row) for problem in raw.problems if problem.missing_table in missing_tables}
    counts = Counter(cause for cause, _ in cells)
    causes: set[tuple[object, ...]] = set()
    problems: list[Problem] = []
    for problem in raw.problems:
        others = counts[_cause(problem)] - 1
        if _cause(problem) in causes:
            continue
        if others >= 0:
            causes.add(_cause(problem))
        suffix = tr(" ({others:,} more of its cells do the same)", others=others) if others > 0 else ""
        column = headings.get((problem.place, problem.column), problem.column)
        problems.append(replace(problem, column=column, reason=problem.reason + suffix))
    places = list(dict.fromkeys(problem.place for problem in problems))
    return sorted(problems, key=lambda problem: (places.index(problem.place), problem.row or 0))


def _cause(problem: Problem) -> tuple[object, ...]:
    return problem.place, problem.column, problem.missing_table


def _headings(raw: RawTables, tables: Mapping[str, Table]) -> dict[tuple[str, str | None], str]:
    """Return the heading of each column of the contract in each file."""
    headings: dict[tuple[str, str | None], str] = {}
    for name, sheet in raw.sheets.items():
        columns = tables[name].by_title()
        for heading in sheet.headings:
            if heading_key(heading) in columns:
                headings[sheet.place, columns[heading_key(heading)].name] = heading
    return headings
