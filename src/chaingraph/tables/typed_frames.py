"""Typed columns as text: what the cells of polars frames and of Parquet files are in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem, UnreadableError, excerpt
from chaingraph.messages import tr
from chaingraph.tables.raw import MOST_COLUMNS, ROW, Sheet, tidy
from chaingraph.tables.sheets.cell_values import number_value
from chaingraph.tables.sheets.grid import Kind

if TYPE_CHECKING:
    from chaingraph.tables.raw import RawTables

_FIRST_DAY, _END_DAY = -719_162, 2_932_897
"""The first day of the year 1 and of the year 10000, from 1970 on: dates in between have a text."""
_PER_SECOND = {"ms": 10**3, "us": 10**6, "ns": 10**9}


class NoTextError(TypeError):
    """A column of a type that has no text."""


def column_text(place: str, series: pl.Series) -> pl.Series:
    """Return a column as text: dates as days, numbers of no more than 15 digits, lists joined, NaN as missing.

    Raises:
        NoTextError: Its type has no text.
        UnreadableError: A date in it is before the year 1 or after 9999, or a value has no text.
    """
    kind = series.dtype
    inner = kind.inner if isinstance(kind, pl.List) else None
    if kind == pl.Duration or (kind.is_nested() and (inner is None or pl.Series(dtype=inner).dtype.is_nested())):
        raise NoTextError(str(kind))
    try:
        _check_dates(place, series)
        if inner is not None:
            return series.cast(pl.List(pl.String)).list.join(";")
        return _float_text(series) if kind.is_float() else series.cast(pl.String)
    except pl.exceptions.PolarsError as error:
        raise NoTextError(str(kind)) from error
    except pl.exceptions.PanicException as error:
        reason = tr(
            "its column '{name}' holds a value that has no text ({error})",
            name=excerpt(series.name),
            error=excerpt(str(error), 100),
        )
        raise UnreadableError(place, reason) from error


def _check_dates(place: str, series: pl.Series) -> None:
    """Refuse dates that no calendar of four-digit years has, of which polars makes no text but panics."""
    dtype = series.dtype
    if dtype == pl.Date:
        unit, low, high = "days", _FIRST_DAY, _END_DAY
    elif isinstance(dtype, pl.Datetime):
        per_day = 86_400 * _PER_SECOND[dtype.time_unit]
        unit, low, high = dtype.time_unit, _FIRST_DAY * per_day, _END_DAY * per_day
    else:
        return
    number = series.to_physical().cast(pl.Int64)
    # Nanoseconds in 64 bits end long before the year 10000.
    outside = ((number < max(low, -(2**63))) | (number > min(high, 2**63) - 1)).arg_true()
    if len(outside):
        row = int(outside[0])
        reason = tr(
            "row {row}: '{name}' holds a date outside the years 1 to 9999 ({number} {unit} from 1970 on); correct it",
            row=row + 2,
            name=excerpt(series.name),
            number=number[row],
            unit=unit,
        )
        raise UnreadableError(place, reason)


def _float_text(series: pl.Series) -> pl.Series:
    text = series.fill_nan(None).cast(pl.String).str.strip_suffix(".0")
    others = (~text.str.contains("^-?[1-9][0-9]{0,14}$")).arg_true()
    return text.scatter(others, [number_value(value) or value for value in text.gather(others)])


def sheet_of_frame(place: str, frame: pl.DataFrame, raw: RawTables) -> Sheet | None:
    """Return a typed frame as a sheet of text, or None and a problem for each column that has no text."""
    if frame.width > MOST_COLUMNS:
        reason = tr(
            "has {width:,} columns, expected at most {most_columns:,}, as in a spreadsheet",
            width=frame.width,
            most_columns=MOST_COLUMNS,
        )
        raw.problems.append(Problem(place, None, None, None, reason))
        return None
    texts = []
    for index, name in enumerate(frame.columns):
        try:
            texts.append(column_text(place, frame[name]).alias(str(index)))
        except NoTextError as error:
            reason = tr("holds {error}, expected text, numbers, dates or lists of them", error=error)
            raw.problems.append(Problem(place, None, name, None, reason))
    if len(texts) < frame.width:
        return None
    numbers = [index for index, dtype in enumerate(frame.dtypes) if dtype.is_float()]
    return sheet_of_texts(place, frame.columns, pl.DataFrame(texts), numbers)


def sheet_of_texts(place: str, headings: list[str], frame: pl.DataFrame, numbers: list[int]) -> Sheet:
    """Return a frame of texts as a sheet; the columns ``numbers`` hold numbers that are not whole by their type."""
    rows = pl.int_range(2, frame.height + 2, eager=True, dtype=pl.UInt32).alias(ROW)
    cells = tidy(frame.with_columns(rows))
    kind = pl.repeat(int(Kind.NUMBER), cells.height, dtype=pl.UInt8, eager=True)
    return Sheet(place, headings, cells, dict.fromkeys(numbers, kind))
