"""A sheet of a roster as columns of texts, whatever it was read from: a workbook, a CSV file, a table of a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from chaingraph.tables.sheets import Kind, Visibility, address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.tables.sheets import Grid

_SPACE = " \t\r\n\u00a0\u3000\ufeff"
_VALUES = frozenset({Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.BOOLEAN})
_MIDNIGHT = " 00:00:00"
_NO_KIND = Kind.TEXT


class Place(NamedTuple):
    """Where something stands: file, sheet (empty in a file that has none), row and column, which count from 0."""

    file: str
    sheet: str = ""
    row: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Write the place as a person finds it.

        >>> str(Place("roster.xlsx", "Sheet1", 4, 1)), str(Place("roster.csv", row=4))
        ('roster.xlsx, Sheet1, B5', 'roster.csv, 5')
        """
        parts = [self.file, *([self.sheet] if self.sheet else [])]
        if self.row is not None:
            parts.append(str(self.row + 1) if self.column is None else address(self.row, self.column))
        return ", ".join(parts)

    @property
    def cell(self) -> str:
        """The cell alone, or the row."""
        if self.row is None:
            return self.sheet or self.file
        return str(self.row + 1) if self.column is None else address(self.row, self.column)


@dataclass(frozen=True)
class Note:
    """Something to say of a sheet: a key of the words of this room, where, and the values in its sentence."""

    key: str
    place: Place
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A sheet.

    Args:
        file: The file's name.
        title: The sheet's title; empty in a file that has one sheet only.
        columns: The cells by column, all of one length; None where a cell is empty.
        kinds: By column the kinds of its cells, for columns that do not hold texts alone.
        display_texts: By column what its numbers show, for columns that have some.
        merged: Merged ranges as first row, first column, last row, last column.
        notes: What a person who looks at the sheet does not see.
    """

    file: str
    title: str
    columns: list[list[str | None]]
    kinds: Mapping[int, Sequence[int]] = field(default_factory=dict)
    display_texts: Mapping[int, Sequence[str | None]] = field(default_factory=dict)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    notes: tuple[Note, ...] = ()

    @classmethod
    def of_rows(cls, file: str, title: str, rows: Sequence[Sequence[str | None]]) -> Sheet:
        """Return rows of texts as a sheet; short rows are filled up.

        >>> Sheet.of_rows("a.csv", "", [["a", " b "], ["1"]]).columns
        [['a', '1'], ['b', None]]
        """
        width = max(map(len, rows), default=0)
        columns = [[_stripped(row[column]) if column < len(row) else None for row in rows] for column in range(width)]
        return cls(file, title, columns)

    @classmethod
    def of_grid(cls, file: str, grid: Grid, visibility: Visibility) -> Sheet:
        """Return the cells of a workbook's sheet; one without a value that can be read is empty, and noted."""
        kinds: dict[int, Sequence[int]] = {}
        display_texts: dict[int, Sequence[str | None]] = {}
        columns: list[list[str | None]] = []
        notes = _notes_on_what_is_not_seen(file, grid, visibility)
        for number, name in enumerate(grid.values.columns):
            of_cells = grid.kinds[name].to_list()
            texts = [_text(text, kind) for text, kind in zip(grid.values[name].to_list(), of_cells, strict=True)]
            columns.append(texts)
            present = set(of_cells)
            if present & {Kind.NUMBER, Kind.DATE, Kind.BOOLEAN}:
                kinds[number] = of_cells
                display_texts[number] = grid.shown(name).to_list()
            if present - _VALUES - {Kind.EMPTY}:
                failed = [row for row, kind in enumerate(of_cells) if kind not in _VALUES and kind != Kind.EMPTY]
                notes += [Note("no value", Place(file, grid.title, row, number)) for row in failed]
        merged = tuple((a.row, a.column, a.last_row, a.last_column) for a in grid.merged)
        return cls(file, grid.title, columns, kinds, display_texts, merged, tuple(notes))

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def name(self) -> str:
        """The title, or the file's name without its ending."""
        return self.title or self.file.rpartition(".")[0] or self.file

    def row(self, number: int) -> list[str | None]:
        """Return the cells of a row."""
        return [column[number] for column in self.columns]

    def kind(self, row: int, column: int) -> int:
        """Return the kind of a cell that has a value."""
        return self.kinds[column][row] if column in self.kinds else _NO_KIND

    def texts_as_shown(self, column: int) -> Sequence[str | None]:
        """Return what the cells of a column show, which is more than its value where a number has leading zeros."""
        texts = self.columns[column]
        if column not in self.display_texts:
            return texts
        cells = zip(texts, self.display_texts[column], self.kinds[column], strict=True)
        return [(shown or text) if text is not None and kind == Kind.NUMBER else text for text, shown, kind in cells]

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """Return the place of the sheet, of a row or of a cell."""
        return Place(self.file, self.title, row, column)


def _text(text: str | None, kind: int) -> str | None:
    if kind not in _VALUES or text is None:
        return None
    return _stripped(text.removesuffix(_MIDNIGHT) if kind == Kind.DATE else text)


def _stripped(text: str | None) -> str | None:
    return (text.strip(_SPACE) or None) if text is not None else None


def _notes_on_what_is_not_seen(file: str, grid: Grid, visibility: Visibility) -> list[Note]:
    place = Place(file, grid.title)
    notes = [] if visibility is Visibility.VISIBLE else [Note("hidden sheet", place)]
    if grid.hidden_rows:
        rows = ", ".join(str(row + 1) for row in grid.hidden_rows[:5])
        notes.append(Note("hidden rows", place, {"count": str(len(grid.hidden_rows)), "rows": rows}))
    if grid.hidden_columns:
        columns = ", ".join(address(0, column)[:-1] for column in grid.hidden_columns[:5])
        notes.append(Note("hidden columns", place, {"count": str(len(grid.hidden_columns)), "columns": columns}))
    if grid.struck:
        cells = ", ".join(address(*cell) for cell in grid.struck[:5])
        notes.append(Note("struck cells", place, {"count": str(len(grid.struck)), "cells": cells}))
    return notes
