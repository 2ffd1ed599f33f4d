"""Old workbooks of Excel and WPS (.xls, BIFF): what xlrd reads of them, as cells of a grid."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import xlrd

from chaingraph.errors import UnreadableError, excerpt
from chaingraph.messages import tr
from chaingraph.tables.sheets.cell_values import FormattedCells, number_value, styles_by_format
from chaingraph.tables.sheets.grid import CELLS, Area, Grid, Kind, Visibility, grid_of
from chaingraph.tables.sheets.number_formats import BUILT_IN, date_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_VISIBILITIES = (Visibility.VISIBLE, Visibility.HIDDEN, Visibility.VERY_HIDDEN)
_DAMAGES = (
    xlrd.biffh.XLRDError,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
)
"""What xlrd raises over a damaged file: its own error, and whatever its code meets in one."""


class OldBook:
    """An .xls workbook: its sheets by title, each made a grid when it is asked for.

    Raises:
        UnreadableError: It is no workbook, is damaged, or under a password.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with Path(os.devnull).open("w", encoding="utf-8") as log:
                book = xlrd.open_workbook(str(path), logfile=log, formatting_info=True, ragged_rows=True)
            sheets = book.sheets()
        except _DAMAGES as error:
            raise _unreadable(path, error) from error
        self._is_1904 = book.datemode == 1
        self._sheets = {sheet.name: sheet for sheet in sheets}
        if len(self._sheets) < len(sheets):
            raise UnreadableError(path, tr("has two sheets of one name; rename one, and save it as .xlsx"))
        self.visibilities = {title: _VISIBILITIES[sheet.visibility % 3] for title, sheet in self._sheets.items()}
        # xlrd knows the numbers of formats that a workbook need not define, and takes some of dates for General.
        formats = {key: format_.format_str for key, format_ in book.format_map.items()}
        formats |= {key: code for key, code in BUILT_IN.items() if formats.get(key, "General") == "General"}
        codes = [formats.get(style.format_key, "General") for style in book.xf_list]
        self._dates, self._formats = styles_by_format(codes)
        self._struck_fonts = {number for number, font in enumerate(book.font_list) if font.struck_out}
        self._struck_styles = {
            number for number, style in enumerate(book.xf_list) if style.font_index in self._struck_fonts
        }

    def grid(self, title: str) -> Grid:
        """Return the cells of a sheet."""
        sheet = self._sheets.pop(title)
        try:
            cells = pl.DataFrame(list(self._cells(sheet)), schema=CELLS, orient="row")
        except _DAMAGES as error:
            raise _unreadable(self._path, error) from error
        hidden_columns = {column for column, about in sheet.colinfo_map.items() if about.hidden or not about.width}
        return grid_of(
            tr("{file}, sheet {title}", file=self._path.name, title=title),
            title,
            cells,
            merged=[
                Area(top, left, bottom - 1, right - 1)
                for top, bottom, left, right in sheet.merged_cells
                if bottom - top > 1 or right - left > 1
            ],
            hidden_rows={row for row, about in sheet.rowinfo_map.items() if about.hidden or about.height == 0},
            hidden_columns=hidden_columns,
            struck=self._struck(sheet, cells),
            show=FormattedCells(self._formats) if self._formats else None,
        )

    def _cells(self, sheet: xlrd.sheet.Sheet) -> Iterator[tuple[int, int, int, str, int]]:
        """Yield the cells that are not empty, as `CELLS` has them."""
        for row in range(sheet.nrows):
            for column, (type_, value) in enumerate(zip(sheet.row_types(row), sheet.row_values(row), strict=True)):
                if type_ in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK} or value == "":
                    continue
                style = sheet.cell_xf_index(row, column)
                kind, text = self._value(type_, value, style)
                yield row, column, int(kind), text, style

    def _value(self, type_: int, value: str | float, style: int) -> tuple[Kind, str]:
        if type_ == xlrd.XL_CELL_TEXT:
            return Kind.TEXT, str(value)
        if type_ == xlrd.XL_CELL_BOOLEAN:
            return Kind.BOOLEAN, "TRUE" if value else "FALSE"
        if type_ == xlrd.XL_CELL_ERROR:
            return Kind.ERROR, xlrd.error_text_from_code.get(int(value), f"#{value}")
        raw = repr(value)
        text = date_text(raw, is_1904=self._is_1904) if style in self._dates else number_value(raw)
        if text is None:
            return Kind.UNREADABLE, raw
        return Kind.DATE if style in self._dates else Kind.NUMBER, text

    def _struck(self, sheet: xlrd.sheet.Sheet, cells: pl.DataFrame) -> list[tuple[int, int]]:
        """Return the cells that their style strikes out, or the font of a part of their text."""
        whole = cells.filter(pl.col("style").is_in(list(self._struck_styles))).select("row", "column").rows()
        parts = [
            cell
            for cell, runs in sheet.rich_text_runlist_map.items()
            if any(font in self._struck_fonts for _, font in runs)
        ]
        return [*{*whole, *parts}]


def _unreadable(path: Path, error: Exception) -> UnreadableError:
    if "encrypted" in str(error):
        return UnreadableError(path, tr("is under a password; save it as .xlsx without one"))
    reason = tr(
        "is no workbook that can be read ({error}); save it as .xlsx, or as CSV", error=excerpt(str(error), 100)
    )
    return UnreadableError(path, reason)
