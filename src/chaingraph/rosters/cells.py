"""The cells of one sheet as values, names and places: the only place that reads a cell by what its heading means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from chaingraph.rosters.codes import code_of
from chaingraph.rosters.folding import clean, is_ditto, is_nothing, name_of
from chaingraph.rosters.names import Names, Reader
from chaingraph.rosters.places import line_of
from chaingraph.rosters.values import CellValue, value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.rosters.collection import Collection, Key
    from chaingraph.rosters.columns import ColumnReading
    from chaingraph.rosters.log import Log
    from chaingraph.rosters.names import Count
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
class CellReader:
    """Reads the cells of a sheet.

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
    _above: dict[int, str] = field(default_factory=dict)
    _readers: dict[tuple[str, str | None, bool], Reader] = field(default_factory=dict)
    _values: dict[tuple[int, str, str, str, int], CellValue] = field(default_factory=dict)
    _names_of_cells: dict[tuple[str, str | None, bool, str], Names] = field(default_factory=dict)

    def place(self, row: int, column: ColumnReading) -> Place:
        """Return the place of a cell."""
        return self.sheet.place(row, column.index)

    def text(self, row: int, column: ColumnReading) -> str | None:
        """Return the text of a cell, that of the cell above where it says 同上, None where it says nothing."""
        text = self.sheet.text_as_shown(row, column.index)
        if text is None:
            return None
        if is_ditto(text):
            return self._above.get(column.index)
        self._above[column.index] = text
        return None if is_nothing(text) else text

    def value(self, row: int, column: ColumnReading, target: Column, table: str) -> CellValue | None:
        """Return what a cell says for a column that refers to no other table; None, with a word, where it says none."""
        text = self.text(row, column)
        if text is None:
            return None
        place = self.place(row, column)
        if target.datatype in {"decimal", "integer"} or target.is_date:
            text = self.sheet.columns[column.index][row] or text
        kind = self.sheet.kind(row, column.index)
        key = (column.index, table, target.name, text, kind)
        cell = self._values.get(key)
        if cell is None:
            cell = self._values[key] = value_of(text, kind, target, table, column.match.meaning, column.unit)
        if cell.reason is not None:
            self.log.leave_out_cell(cell.reason, place, text, column.heading)
        if cell.note is not None:
            self.log.note(cell.note, place, text, value=cell.text or "")
        return None if cell.text is None else cell

    def codes(self, row: int, column: ColumnReading, target: Column, table: str) -> list[str]:
        """Return the notations of a cell of codes: one, or several where each part of it is one."""
        text = self.text(row, column)
        if text is None:
            return []
        whole = code_of(text, target.codes, table)
        parts = [whole] if whole else [code_of(part, target.codes, table) for part in _CODES.split(text)]
        notations = [part for part in parts if part is not None]
        if len(notations) < len(parts):
            self.log.leave_out_cell("no code", self.place(row, column), text, column.heading)
        return list(dict.fromkeys(notations))

    def keys(
        self, row: int, column: ColumnReading, target: Column, roles: str | None = None
    ) -> tuple[list[tuple[Key, str | None]], Sequence[Count]]:
        """Return what a cell names, each with the role that the cell gives it, and the counts that it gives."""
        text, table, place = self.text(row, column), target.reference, self.place(row, column)
        if text is None or table is None:
            return [], ()
        if table == "regions":
            line = self.line(text, column.heading, place)
            return ([(self.collection.region(line, place), None)] if line else []), ()
        year = self.year if table == "consortia" else None
        if table not in KINDS_OF_NAMES:
            names = self.plain_names(text, target, column, place)
            return [(self.collection.thing(table, name, place, year=year), None) for name in names], ()
        cell = self.names_of(text, table, roles if table == "organizations" else None, column)
        for piece in cell.unclear:
            self.log.leave_out_cell("unclear names", place, piece, column.heading)
        if cell.is_open:
            self.log.note("and others", place, text)
        return [
            (self.collection.thing(table, name.text, place, year=year), name.role) for name in cell.names
        ], cell.counts

    def names_of(self, text: str, table: str, roles: str | None, column: ColumnReading) -> Names:
        """Return the names of a text, split as the names of a table's things are."""
        meaning = column.match.meaning
        key = (table, roles, meaning.makes is not None and meaning.name not in _ONE)
        cell = (*key, text)
        names = self._names_of_cells.get(cell)
        if names is None:
            if key not in self._readers:
                self._readers[key] = Reader(table, roles, is_list=key[2], names=self.names)
            names = self._names_of_cells[cell] = self._readers[key].read(text)
        return names

    def plain_names(self, text: str, target: Column, column: ColumnReading, place: Place) -> list[str]:
        """Return the names of a text for which there are no endings: split where a mark stands between them."""
        parts = _plain_parts(text)
        several = target.separator is not None or column.match.meaning.makes is not None
        if len(parts) > 1 and not several:
            self.log.leave_out_cell("several", place, text, column.heading)
            return []
        return list(dict.fromkeys(parts))

    def line(self, text: str, heading: str, place: Place) -> tuple[str, ...] | None:
        """Return the places of a text from the largest to the smallest; None, with a word, where it names several."""
        line = line_of(text)
        if line is None:
            self.log.leave_out_cell("several", place, text, heading)
        return line
