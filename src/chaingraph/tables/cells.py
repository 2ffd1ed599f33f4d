"""Typing cells: the text of a cell becomes the canonical text of its datatype, or a problem that names the cell."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, Inexact, localcontext
from difflib import get_close_matches
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem
from chaingraph.tables.contract import Column, Table, heading_key
from chaingraph.tables.files import ROW, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{FFFE}\x{FFFF}]"
_DATE = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})日?|月?)|年?)")
_SPREADSHEET_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00:00(?:\.0+)?")
_NUMBER = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)\s*([%‰]?)")
_BOOLEANS = {
    "true": "true",
    "1": "true",
    "yes": "true",
    "是": "true",
    "false": "false",
    "0": "false",
    "no": "false",
    "否": "false",
}
_DIGITS = 60
_CANONICAL_WHOLE = r"^(0|-?[1-9][0-9]{0,14})$"
_CANONICAL = r"^(0|-?[1-9][0-9]{0,14}|-?(0|[1-9][0-9]{0,14})\.[0-9]{0,17}[1-9])$"
"""Numbers that ``number`` returns unchanged."""
_LIST = re.compile(r"[;；\n]")


class NotOfTypeError(ValueError):
    """A cell's text is not of its column's datatype; the message says what was expected."""


def match_headings(sheet: Sheet, table: Table, problems: list[Problem]) -> pl.DataFrame:
    """Return the sheet's frame under the contract's column names, all cells still text.

    The frame has every column of the table (null where the sheet has none) and ``ROW``. Unknown and repeated headings
    are problems.
    """
    by_title = table.by_title()
    columns: dict[str, pl.Series] = {}
    for index, heading in enumerate(sheet.headings):
        column = by_title.get(heading_key(heading))
        if column is None:
            similar = get_close_matches(heading_key(heading), by_title, n=1, cutoff=0.5)
            expected = ", ".join(f"{c.name} ({c.title_zh})" for c in table.cells)
            reason = f"is no column of '{table.name}'; " + (
                f"did you mean '{similar[0]}'?" if similar else f"expected {expected}"
            )
            problems.append(Problem(sheet.place, None, heading, None, reason))
        elif column.name in columns:
            problems.append(
                Problem(sheet.place, None, heading, None, f"names the column '{column.name}' a second time")
            )
        else:
            columns[column.name] = sheet.frame.to_series(index).alias(column.name)
    frame = pl.DataFrame([*columns.values(), sheet.frame[ROW]])
    for name, cells in columns.items():
        for row, value in frame.filter(cells.str.contains(_CONTROL)).select(ROW, name).iter_rows():
            problems.append(Problem(sheet.place, row, name, value, "expected a text without control characters"))
    absent_columns = [
        pl.lit(None, pl.String).alias(column.name) for column in table.cells if column.name not in columns
    ]
    return frame.with_columns(absent_columns)


def type_cells(
    frame: pl.DataFrame, table: Table, place: str, problems: list[Problem], notes: list[str]
) -> pl.DataFrame:
    """Return the frame with every cell that is no reference in the canonical text of its datatype.

    Lists become lists of texts. A cell that is not of its type becomes null and a problem.
    """
    for column in table.cells:
        cells = frame[column.name]
        ids_from_names = (
            column.name == table.identifier and table.label is not None and cells.null_count() == len(cells)
        )
        if column.required and not ids_from_names:
            for row in frame.filter(cells.is_null())[ROW]:
                problems.append(Problem(place, row, column.name, None, "is empty, expected a value"))
        if column.is_reference:
            continue
        if column.is_date:
            _note_spreadsheet_days(cells, column, place, notes)
        convert = _converter(column)
        if column.is_list:
            frame = frame.with_columns(_list_cells(cells, column, convert, frame[ROW], place, problems))
        elif convert is not str:
            is_canonical = _is_canonical(cells, column)
            others = cells.filter(~is_canonical)
            if len(others) > 0:
                canonical_texts = _canonical_texts(
                    others, column, convert, frame[ROW].filter(~is_canonical), place, problems
                )
                converted = cells.replace_strict(canonical_texts, default=None, return_dtype=pl.String)
                frame = frame.with_columns(converted.zip_with(~is_canonical, cells))
    return frame


def _is_canonical(cells: pl.Series, column: Column) -> pl.Series:
    """Tell which cells are empty or are numbers in canonical form, inside their range and not at its ends."""
    if column.datatype not in {"integer", "decimal"}:
        return cells.is_null()
    plain = cells.str.contains(_CANONICAL_WHOLE if column.datatype == "integer" else _CANONICAL)
    values = cells.cast(pl.Float64, strict=False)
    for bound, inside in ((column.minimum, values.__gt__), (column.maximum, values.__lt__)):
        if bound is not None:
            plain &= inside(bound)
    return cells.is_null() | plain.fill_null(value=False)


def _list_cells(
    cells: pl.Series,
    column: Column,
    convert: Callable[[str], str],
    rows: pl.Series,
    place: str,
    problems: list[Problem],
) -> pl.Series:
    """Return separated cells as lists; each is converted on its own only where one may be wrong or of another form."""
    parts = cells.str.replace_all("[；\n]", ";").str.split(";").list.eval(pl.element().str.strip_chars())
    lists = parts.list.eval(pl.element().filter(pl.element() != "")).to_frame("parts")
    fits = convert is str
    if column.pattern is not None and column.codes is None and not column.is_date:
        fits = bool(lists["parts"].explode().drop_nulls().str.contains(f"^(?:{column.pattern})$").all())
    if fits:
        whole = pl.when(pl.col("parts").list.len() > 0).then("parts")
        return lists.select(whole.cast(pl.List(pl.String)).alias(column.name)).to_series()
    canonical_texts = _canonical_texts(cells, column, convert, rows, place, problems)
    values = [None if value is None else canonical_texts[value] for value in cells]
    return pl.Series(column.name, values, dtype=pl.List(pl.String))


def _canonical_texts(
    cells: pl.Series,
    column: Column,
    convert: Callable[[str], str],
    rows: pl.Series,
    place: str,
    problems: list[Problem],
) -> dict[str, str | list[str] | None]:
    """Return the canonical text of each distinct text; None, and a problem per cell, where it is not of its type."""
    canonical_texts: dict[str, str | list[str] | None] = {}
    for value in cells.drop_nulls().unique(maintain_order=True):
        try:
            parts = [part.strip() for part in _LIST.split(value)] if column.is_list else [value]
            texts = [convert(part) for part in parts if part]
            canonical_texts[value] = (texts or None) if column.is_list else texts[0]
        except NotOfTypeError as error:
            canonical_texts[value] = None
            for row in rows.filter(cells == value):
                problems.append(Problem(place, row, column.name, value, str(error)))
    return canonical_texts


def _note_spreadsheet_days(cells: pl.Series, column: Column, place: str, notes: list[str]) -> None:
    count = sum(_SPREADSHEET_DAY.fullmatch(value) is not None for value in cells.drop_nulls())
    if count:
        notes.append(
            f"{place}: {count} cell{'' if count == 1 else 's'} of '{column.name}' hold a spreadsheet's date and count"
            " as a day; where only the month or year is known, format the column as text"
        )


def _converter(column: Column) -> Callable[[str], str]:
    if column.codes is not None:
        return _code_converter(column)
    if column.is_date:
        return day_month_or_year
    if column.datatype in {"integer", "decimal"}:
        return lambda value: number(value, column)
    if column.datatype == "boolean":
        return _boolean
    if column.pattern is not None:
        return _pattern_converter(column)
    return str


def _code_converter(column: Column) -> Callable[[str], str]:
    codes = column.code_list()

    def convert(value: str) -> str:
        notation = codes.spellings.get(value.strip().casefold())
        if notation is None:
            raise NotOfTypeError(f"expected one of {codes.expected()}")  # noqa: TRY003, EM102
        return notation

    return convert


def _pattern_converter(column: Column) -> Callable[[str], str]:
    assert column.pattern is not None
    pattern = re.compile(column.pattern)
    forms = {
        "anyURI": "a web address that begins with http:// or https://",
        "language": "a language tag such as zh or en",
    }
    expected = forms.get(column.datatype, f"a text of the form {column.pattern}")

    def convert(value: str) -> str:
        if pattern.fullmatch(value) is None:
            raise NotOfTypeError(f"expected {expected}")  # noqa: TRY003, EM102
        return value

    return convert


def _boolean(value: str) -> str:
    try:
        return _BOOLEANS[value.casefold()]
    except KeyError:
        raise NotOfTypeError("expected true (是) or false (否)") from None  # noqa: TRY003, EM101


def day_month_or_year(value: str) -> str:
    """Return a date in the form of its precision: ``2021``, ``2021-10`` or ``2021-10-05``.

    >>> [day_month_or_year(text) for text in ("2021", "2021年10月", "2021/10/5", "2021-10-05 00:00:00")]
    ['2021', '2021-10', '2021-10-05', '2021-10-05']

    Raises:
        NotOfTypeError: The text is no such date, or the day does not exist.
    """
    narrow = unicodedata.normalize("NFKC", value)
    spreadsheet = _SPREADSHEET_DAY.fullmatch(narrow)
    match = _DATE.fullmatch(spreadsheet[1] if spreadsheet else narrow)
    expected = "expected a year, month or day such as 2021, 2021-10 or 2021-10-05"
    if match is None or match[1] == "0000":
        raise NotOfTypeError(expected)
    parts = [int(part) for part in match.groups() if part is not None]
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError as error:
        raise NotOfTypeError(f"{expected} ({error})") from error  # noqa: TRY003, EM102
    return "-".join([match[1], *(f"{part:02d}" for part in parts[1:])])


def number(value: str, column: Column) -> str:
    """Return a number in its canonical form; per cent and per mille signs divide, as CSVW has it.

    Raises:
        NotOfTypeError: The text is no number, no whole one where one is expected, or out of range.
    """
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", value))
    expected = "expected a whole number" if column.datatype == "integer" else "expected a number"
    if column.minimum is not None and column.maximum is not None:
        expected += f" from {column.minimum} to {column.maximum}"
        if column.maximum == 1:
            expected += " (60% is read as 0.6)"
    elif column.minimum is not None:
        expected += f" of at least {column.minimum}"
    if match is None:
        raise NotOfTypeError(expected)
    with localcontext(prec=_DIGITS) as context:
        context.traps[Inexact] = True
        try:
            exact = Decimal(match[1]) / {"": 1, "‰": 1000}.get(match[2], 100)
            whole = exact.to_integral_value() if abs(exact.adjusted()) < _DIGITS else None
        except ArithmeticError:
            message = f"{expected}, of at most {_DIGITS} digits"
            raise NotOfTypeError(message) from None
    if whole is None or (column.datatype == "integer" and exact != whole):
        raise NotOfTypeError(expected)
    if (column.minimum is not None and exact < column.minimum) or (
        column.maximum is not None and exact > column.maximum
    ):
        raise NotOfTypeError(expected)
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text.lstrip("+-").strip("0") == "" else text
