"""Cells of typed sources as the text that their column takes: what a spreadsheet has made of an entry is never guessed.

A spreadsheet turns an entry into a number or a date where it can, and so loses noughts, digits and what was meant.
In a column of numbers the number counts. In every other column a cell is what it shows, or it is a problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem
from chaingraph.messages import lazy_tr, tr
from chaingraph.tables.raw import ROW
from chaingraph.tables.sheets import Kind
from chaingraph.tables.values import EXACT_DIGITS

if TYPE_CHECKING:
    from chaingraph.tables.contract import Column
    from chaingraph.tables.raw import Sheet

_ERROR_WORDS = (
    r"^(#(N/A|NA|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|PYTHON!"
    r"|GETTING_DATA)|Err:5[0-9]{2})$"
)
"""What spreadsheets write in place of a value that a formula could not give (Excel, WPS; LibreOffice from 501 on)."""
_TOO_LONG = f"^-?[1-9][0-9]{{{EXACT_DIGITS},}}"
_TOO_MANY_DIGITS = f"^-?[1-9][0-9]{{{EXACT_DIGITS - 1},}}[1-9]0*$"
_LONG = lazy_tr(
    "a number of more than 15 digits, of which a spreadsheet keeps 15; format the column as text, and type it again"
)
_NOT_SHOWN = lazy_tr(
    "a number that its format does not show in full; format the column as text, and type what it shows"
)
_DATE = lazy_tr("of which the spreadsheet made a date; format the column as text, and type it again")
_NO_MONTH = lazy_tr(
    "a number, and a number is no month, as 2021.1 and 2021.10 are one; format the column as text, and write 2021-10"
)


def plain_texts(sheet: Sheet, index: int, column: Column, problems: list[Problem]) -> pl.Series:
    """Return a column of a sheet as texts for a column of the contract; a cell with a problem is null.

    Args:
        sheet: The sheet.
        index: The place of the column in it.
        column: What the column is.
        problems: Where problems go.
    """
    cells = sheet.frame.to_series(index).alias(column.name)
    failed = cells.str.contains(_ERROR_WORDS).fill_null(value=False)
    if failed.any():
        reason = tr("which a formula gave in place of a value; mend the formula or empty the cell")
        cells = _without(sheet, cells, failed, reason, problems)
    shown = sheet.shown.get(index, cells)
    if index not in sheet.kinds:
        return cells if shown is cells else _where_present(cells, shown)
    kinds = sheet.kinds[index]
    is_number, is_date = kinds == int(Kind.NUMBER), kinds == int(Kind.DATE)
    if column.datatype in {"integer", "decimal"}:
        return _without(sheet, cells, is_number & cells.str.contains(_TOO_MANY_DIGITS), _LONG, problems)
    if column.is_date:
        cells = _without(sheet, cells, is_number & cells.str.contains(".", literal=True), _NO_MONTH, problems)
        return pl.select(
            pl.when(is_date & (cells.str.len_chars() == 10)).then(cells + " 00:00:00").otherwise(cells)
        ).to_series()
    cells = _without(sheet, cells, is_number & cells.str.contains(_TOO_LONG), _LONG, problems)
    cells = _without(sheet, cells, is_date, _DATE, problems)
    cells = _without(sheet, cells, is_number & shown.is_null(), _NOT_SHOWN, problems)
    return _where_present(cells, shown)


def _where_present(cells: pl.Series, shown: pl.Series) -> pl.Series:
    return pl.select(pl.when(cells.is_not_null()).then(shown).alias(cells.name)).to_series()


def _without(sheet: Sheet, cells: pl.Series, wrong: pl.Series, reason: str, problems: list[Problem]) -> pl.Series:
    """Return the cells with the wrong ones null, each a problem."""
    wrong = (wrong & cells.is_not_null()).fill_null(value=False)
    if not wrong.any():
        return cells
    for row, value in zip(sheet.frame[ROW].filter(wrong), cells.filter(wrong), strict=True):
        problems.append(Problem(sheet.place, row, cells.name, value, reason))
    return cells.set(wrong, None)
