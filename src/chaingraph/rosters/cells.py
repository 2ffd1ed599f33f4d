"""The cells of one sheet as values, names and places: the only place that reads a cell by what its heading means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from chaingraph.rosters.codes import code_of
from chaingraph.rosters.folding import clean, is_ditto, is_nothing, name_of
from chaingraph.rosters.names import Names, Reader
from chaingraph.rosters.places import line_of
from chaingraph.rosters.values import CellValue, value_of
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.rosters.collection import Collection, Key
    from chaingraph.rosters.columns import ColumnReading
    from chaingraph.rosters.log import Log
    from chaingraph.rosters.others import Count
    from chaingraph.rosters.sheet import Place, Sheet
    from chaingraph.tables.contract import Column

_SEVERAL = re.compile(r"\s*[、；;\n|｜]\s*|(?<=[\u3400-\u9fff）)])\s*[，,/／]\s*(?=[\u3400-\u9fff（(])|[,/]\s+")
_CODES = re.compile(r"[、,，;；/／\n+]|兼")
KINDS_OF_NAMES = frozenset({"organizations", "consortia", "platforms", "projects"})
"""Tables whose names have endings of their own, by which a list is told from a name."""
_ONE = frozenset({"lead", "coordinator", "host", "supplier", "customer", "producer"})
"""Meanings whose cells mostly name one organization."""


@lru_cache(maxsize=50_000)
def _plain_parts(text: str) -> tuple[str, ...]:
    parts = (name_of(part) for part in _SEVERAL.split(clean(text)))
    return tuple(part for part in parts if part and not is_nothing(part))


@dataclass(frozen=True)
class SheetCells:
    """What the cells of one sheet have in common.

    Args:
        sheet: The sheet.
        collection: Where the things go that cells name.
        log: Where all that is left out or assumed is said.
        names: Names that stand alone in some cell of the roster.
        year: The year of the sheet, where a sheet stands for a year.
    """

    sheet: Sheet
    collection: Collection
    log: Log
    names: frozenset[str] = frozenset()
    year: str | None = None


class ColumnCells:
    """The cells of one column of a sheet, of which each distinct text is read once.

    Args:
        cells: What the cells of the sheet have in common.
        column: What the column means.
        table: The table of the contract whose column it fills.
        roles: The code list of the roles that a cell may give what it names, if any.
    """

    def __init__(self, cells: SheetCells, column: ColumnReading, table: str, roles: str | None) -> None:
        self.index = column.index
        self.heading = column.heading
        self.meaning = column.match.meaning
        self.of = column.match.of
        self.table = table
        self._cells = cells
        self._column = column
        self._roles = roles
        self._texts = cells.sheet.texts_as_shown(column.index)
        texts = {text for text in self._texts if text is not None}
        self._nothing = set(filter(is_nothing, texts))
        self._dittos = set(filter(is_ditto, texts))
        self._above: str | None = None
        self._values: dict[tuple[str, int], CellValue] = {}
        self._names: dict[str, Names] = {}

    @cached_property
    def target(self) -> Column:
        """The column of the contract that holds what the cells say."""
        makes = self.meaning.makes
        return contract()[self.table].column(makes.cell if makes else self.meaning.column)

    def place(self, row: int) -> Place:
        """Return the place of a cell."""
        return self._cells.sheet.place(row, self.index)

    def leave_out(self, row: int, reason: str, text: str) -> None:
        """Say that a cell, or a part of its text, was left out."""
        self._cells.log.leave_out_cell(reason, self.place(row), text, self.heading)

    def text(self, row: int) -> str | None:
        """Return the text of a cell, that of the cell above where it says 同上, None where it says nothing."""
        text = self._texts[row]
        if text is None:
            return None
        if text in self._dittos:
            return self._above
        self._above = text
        return None if text in self._nothing else text

    def value(self, row: int) -> CellValue | None:
        """Return what a cell says for a column that refers to no other table; None, with a word, where it says none."""
        text = self.text(row)
        if text is None:
            return None
        if self.target.datatype in {"decimal", "integer"} or self.target.is_date:
            text = self._cells.sheet.columns[self.index][row] or text
        kind = self._cells.sheet.kind(row, self.index)
        cell = self._values.get((text, kind))
        if cell is None:
            cell = value_of(text, kind, self.target, self.table, self.meaning, self._column.unit)
            self._values[text, kind] = cell
        if cell.reason is not None:
            self.leave_out(row, cell.reason, text)
        if cell.note is not None:
            self._cells.log.note(cell.note, self.place(row), text, value=cell.text or "")
        return None if cell.text is None else cell

    def codes(self, row: int) -> list[str]:
        """Return the notations of a cell of codes: one, or several where each part of it is one."""
        text = self.text(row)
        if text is None:
            return []
        whole = code_of(text, self.target.codes, self.table)
        parts = [whole] if whole else [code_of(part, self.target.codes, self.table) for part in _CODES.split(text)]
        notations = [part for part in parts if part is not None]
        if len(notations) < len(parts):
            self.leave_out(row, "no code", text)
        return list(dict.fromkeys(notations))

    def keys(self, row: int) -> tuple[list[tuple[Key, str | None]], Sequence[Count]]:
        """Return what a cell names, each with the role that the cell gives it, and the counts that it gives."""
        text, table, collection = self.text(row), self.target.reference, self._cells.collection
        if text is None or table is None:
            return [], ()
        place = self.place(row)
        if table == "regions":
            line = self.line(row, text)
            return ([(collection.region(line, place), None)] if line else []), ()
        year = self._cells.year if table == "consortia" else None
        if table not in KINDS_OF_NAMES:
            return [(collection.thing(table, name, place, year=year), None) for name in self.plain_names(row, text)], ()
        cell = self.names(text)
        for piece in cell.unclear:
            self.leave_out(row, "unclear names", piece)
        for count in cell.unclear_counts:
            self.leave_out(row, "unclear count", str(count))
        if cell.is_open:
            self._cells.log.note("and others", place, text)
        return [(collection.thing(table, one.text, place, year=year), one.role) for one in cell.names], cell.counts

    def names(self, text: str) -> Names:
        """Return the names of a text, split as the names of the things that the cells name are."""
        names = self._names.get(text)
        if names is None:
            names = self._names[text] = self._reader.read(text)
        return names

    @cached_property
    def _reader(self) -> Reader:
        table = self.target.reference or self.table
        is_list = self.meaning.makes is not None and self.meaning.name not in _ONE
        return Reader(table, self._roles if table == "organizations" else None, is_list, self._cells.names)

    def plain_names(self, row: int, text: str) -> list[str]:
        """Return the names of a text for which there are no endings: split where a mark stands between them."""
        parts = _plain_parts(text)
        several = self.target.separator is not None or self.meaning.makes is not None
        if len(parts) > 1 and not several:
            self.leave_out(row, "several", text)
            return []
        return list(dict.fromkeys(parts))

    def line(self, row: int, text: str) -> tuple[str, ...] | None:
        """Return the places of a text from the largest to the smallest; None, with a word, where it names several."""
        line = line_of(text)
        if line is None:
            self.leave_out(row, "several", text)
        return line
