"""Typing cells: the text of a cell becomes the canonical text of its datatype, or a problem that names the cell."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem
from chaingraph.messages import enumeration, in_both_languages, tr
from chaingraph.tables.contract import Column, Table, heading_key
from chaingraph.tables.raw import ROW, Sheet
from chaingraph.tables.sheet_cells import plain_texts
from chaingraph.tables.values import SPREADSHEET_DAY, NotOfTypeError, day_month_or_year, is_rounded, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{FFFE}\x{FFFF}]"
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
_CANONICAL_WHOLE = r"^(0|-?[1-9][0-9]{0,14})$"
_CANONICAL = r"^(0|-?[1-9][0-9]{0,14}|-?(0|[1-9][0-9]{0,14})\.[0-9]{0,17}[1-9])$"
"""Numbers that ``number`` returns unchanged."""
_MOST_UNKNOWN = 50
_LONGEST_HEADING = 100
_LIST = re.compile(r"[;；\n]")


def match_headings(sheet: Sheet, table: Table, problems: list[Problem]) -> pl.DataFrame:
    """Return the sheet's frame under the contract's column names, all cells still text.

    The frame has every column of the table (null where the sheet has none) and ``ROW``. Unknown and repeated headings
    are problems.
    """
    by_title = table.by_title()
    columns: dict[str, pl.Series] = {}
    unknown: list[str] = []
    for index, heading in enumerate(sheet.headings):
        column = by_title.get(heading_key(heading))
        if column is None:
            unknown.append(heading)
        elif column.name in columns:
            problems.append(
                Problem(
                    sheet.place, None, heading, None, tr("names the column '{name}' a second time", name=column.name)
                )
            )
        else:
            columns[column.name] = plain_texts(sheet, index, column, problems)
    problems += _unknown_headings(sheet.place, unknown, table)
    frame = pl.DataFrame([*columns.values(), sheet.frame[ROW]])
    for name, cells in columns.items():
        for row, value in frame.filter(cells.str.contains(_CONTROL)).select(ROW, name).iter_rows():
            problems.append(Problem(sheet.place, row, name, value, tr("expected a text without control characters")))
    absent_columns = [
        pl.lit(None, pl.String).alias(column.name) for column in table.cells if column.name not in columns
    ]
    return frame.with_columns(absent_columns)


def _unknown_headings(place: str, headings: list[str], table: Table) -> Iterator[Problem]:
    """Yield a problem for each heading that names no column; for the last of very many, one for all the rest."""
    by_title = table.by_title()
    expected = enumeration(in_both_languages(c.name, c.title_zh) for c in table.cells)
    for heading in headings[:_MOST_UNKNOWN]:
        similar = get_close_matches(heading_key(heading[:_LONGEST_HEADING]), by_title, n=1, cutoff=0.5)
        near = tr("did you mean '{similar}'?", similar=similar[0]) if similar else ""
        hint = near or tr("expected {expected}", expected=expected)
        yield Problem(place, None, heading, None, tr("is no column of '{name}'; {hint}", name=table.name, hint=hint))
    if len(headings) > _MOST_UNKNOWN:
        reason = tr(
            "has {count:,} more headings that are no column of '{name}'",
            count=len(headings) - _MOST_UNKNOWN,
            name=table.name,
        )
        yield Problem(place, None, None, None, reason)


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
            reported = {problem.row for problem in problems if (problem.place, problem.column) == (place, column.name)}
            for row in frame.filter(cells.is_null())[ROW]:
                if row not in reported:
                    problems.append(Problem(place, row, column.name, None, tr("is empty, expected a value")))
        if column.is_reference:
            continue
        _note_what_is_assumed(cells, column, place, notes)
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


def _note_what_is_assumed(cells: pl.Series, column: Column, place: str, notes: list[str]) -> None:
    """Note the dates of a spreadsheet, which are days whatever was meant, and the numbers that are rounded."""
    count = 0
    if column.is_date:
        count = sum(SPREADSHEET_DAY.fullmatch(value) is not None for value in cells.drop_nulls())
    if count:
        notes.append(
            tr(
                "{place}: {count} cell{ending} of '{name}' hold a spreadsheet's date and count as a day; "
                "where only the month or year is known, format the column as text",
                place=place,
                count=count,
                ending="" if count == 1 else "s",
                name=column.name,
            )
        )
    count = 0
    if column.datatype == "decimal":
        count = sum(is_rounded(value) for value in cells.filter(cells.str.contains(r"\.[0-9]{19}|[eE]")))
    if count:
        notes.append(
            tr(
                "{place}: more digits than can be counted were rounded to the 15 digits of a spreadsheet "
                "in {count} cell{ending} of '{name}'",
                place=place,
                count=count,
                ending="" if count == 1 else "s",
                name=column.name,
            )
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
            raise NotOfTypeError(tr("expected one of {expected}", expected=codes.expected()))
        return notation

    return convert


def _pattern_converter(column: Column) -> Callable[[str], str]:
    assert column.pattern is not None
    pattern = re.compile(column.pattern)
    forms = {
        "anyURI": tr("a web address that begins with http:// or https://"),
        "language": tr("a language tag such as zh or en"),
    }
    expected = forms.get(column.datatype, tr("a text of the form {pattern}", pattern=column.pattern))

    def convert(value: str) -> str:
        if pattern.fullmatch(value) is None:
            raise NotOfTypeError(f"expected {expected}")  # noqa: TRY003, EM102
        return value

    return convert


def _boolean(value: str) -> str:
    try:
        return _BOOLEANS[value.casefold()]
    except KeyError:
        raise NotOfTypeError(tr("expected true (是) or false (否)")) from None
