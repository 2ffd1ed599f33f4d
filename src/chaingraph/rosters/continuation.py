"""Rows that go on with the row above: its name stands once, and the cells below it are empty without being merged.

A row is only read so where the sheet leaves no second reading. In a list of things it fills nothing but what is listed
beside them; in a list of relations the row numbers or the roles show where each group begins.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chaingraph.tables import contract

if TYPE_CHECKING:
    from chaingraph.rosters.columns import ColumnReading, SheetReading
    from chaingraph.rosters.layout import Layout
    from chaingraph.rosters.sheet import Sheet

_ONE_PER_GROUP = frozenset({"lead", "coordinator"})
"""Meanings that each group has of its own: a row that gives one may begin a group whose name is missing."""
_GROUPS = frozenset({"consortia", "projects", "platforms"})


def fill_down(sheet: Sheet, layout: Layout, reading: SheetReading) -> tuple[Sheet, tuple[int, ...]]:
    """Return the sheet with the missing names filled in from the row above, and the numbers of those rows.

    >>> from chaingraph.rosters.columns import reading_of
    >>> from chaingraph.rosters.layout import layout_of
    >>> from chaingraph.rosters.sheet import Sheet
    >>> rows = [["序号", "联合体名称", "成员单位"], ["1", "甲联合体", "甲州大学"], ["", "", "西河公司"]]
    >>> sheet = Sheet.of_rows("a.csv", "", rows)
    >>> layout = layout_of(sheet)
    >>> filled, numbers = fill_down(sheet, layout, reading_of(sheet, layout))
    >>> filled.row(2), numbers
    ([None, '甲联合体', '西河公司'], (2,))
    """
    subject = _subject(reading)
    if subject is None:
        return sheet, ()
    if contract()[reading.context.table].is_of_things:
        heads = _heads_in_list_of_things(sheet, layout, reading, subject.index)
    else:
        heads = _heads_in_list_of_relations(sheet, layout, reading, subject.index)
    names = list(sheet.columns[subject.index])
    for row, head in heads.items():
        names[row] = names[head]
    columns = [names if index == subject.index else cells for index, cells in enumerate(sheet.columns)]
    return (replace(sheet, columns=columns), tuple(heads)) if heads else (sheet, ())


def _subject(reading: SheetReading) -> ColumnReading | None:
    """Return the column of the names that groups of rows share, None where there is no such column."""
    table = contract()[reading.context.table]
    own = [c for c in reading.columns if c.match.of is None and c.match.meaning.makes is None]
    if table.is_of_things:
        return next((c for c in own if c.match.meaning.column == table.label), None)
    references = [c for c in own if reading.context.target(c.match.meaning).reference in _GROUPS]
    return references[0] if len(references) == 1 else None


def _heads(sheet: Sheet, layout: Layout, subject: int) -> dict[int, int]:
    """Return by row without a name the row above that has one, where only such rows lie between."""
    heads: dict[int, int] = {}
    head, last = None, None
    for row in layout.rows:
        if sheet.columns[subject][row] is not None:
            head = row
        elif last is None or row != last + 1:
            head = None
        if head is not None and head != row:
            heads[row] = head
        last = row
    return heads


def _row_numbers(reading: SheetReading) -> list[int]:
    return [column.index for column in reading.left_out if column.reason == "number"]


def _heads_in_list_of_things(sheet: Sheet, layout: Layout, reading: SheetReading, subject: int) -> dict[int, int]:
    """Return the rows that fill nothing but what is listed beside a thing, such as one more member."""
    numbers = _row_numbers(reading)
    listed = {c.index for c in reading.columns if c.match.of is None and c.match.meaning.makes is not None}
    listed -= {c.index for c in reading.columns if c.match.meaning.name in _ONE_PER_GROUP and not numbers}
    of_listed = {c.match.meaning.name for c in reading.columns if c.index in listed}
    others = {c.index for c in reading.columns if c.match.of in of_listed}
    heads: dict[int, int] = {}
    for row, head in _heads(sheet, layout, subject).items():
        filled = {index for index, cells in enumerate(sheet.columns) if cells[row] is not None}
        if filled & listed and filled <= listed | others:
            heads[row] = head
    return heads


def _heads_in_list_of_relations(sheet: Sheet, layout: Layout, reading: SheetReading, subject: int) -> dict[int, int]:
    """Return the rows without a group, where row numbers or roles stand exactly at the rows that begin one."""
    heads = _heads(sheet, layout, subject)
    first_rows = [row for row in layout.rows if sheet.columns[subject][row] is not None]
    without = [row for row in layout.rows if sheet.columns[subject][row] is None]
    if not heads:
        return {}
    for index in _row_numbers(reading):
        cells = sheet.columns[index]
        if all(cells[row] is not None for row in first_rows) and all(cells[row] is None for row in without):
            return heads
    for column in reading.columns:
        if column.match.meaning.column == "role" and column.match.of is None:
            cells = sheet.columns[column.index]
            begin = {cells[row] for row in first_rows}
            if len(begin) == 1 and None not in begin and begin.isdisjoint({cells[row] for row in without} | {None}):
                return heads
    return {}
