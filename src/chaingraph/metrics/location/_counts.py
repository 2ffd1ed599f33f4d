"""Counts by region and industry: read and checked for the measures of location, and turned back into pandas.

A frame gives its names to the result; of an array, rows and columns are numbered from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chaingraph.errors import MeasureError
from chaingraph.messages import lazy_tr, tr

Values = NDArray[np.float64]
"""Numbers, one an element or one a cell."""

Counts = pd.DataFrame | NDArray[Any] | Sequence[Sequence[float]]
"""A crosstab: rows are regions, columns are industries."""

Table = pd.DataFrame | np.ndarray[tuple[int, int], np.dtype[Any]] | Sequence[Sequence[float]]
"""``Counts`` for the type checker, where a list is something else."""

List = np.ndarray[tuple[int], np.dtype[Any]] | Sequence[float] | pd.Series
"""``Vector`` for the type checker, where a table is something else."""

Totals = Mapping[Any, float] | pd.Series
"""The size of each region, by its name."""

Vector = NDArray[Any] | Sequence[float] | pd.Series
"""One number per region, or per thing."""


@dataclass(frozen=True, slots=True)
class Crosstab:
    """Checked counts, with the names of their rows and columns; ``has_names`` tells whether the caller gave them."""

    measure: str
    values: Values
    rows: pd.Index[Any]
    columns: pd.Index[Any]
    has_names: bool

    def place(self, row: int | None = None, column: int | None = None) -> str:
        """Return how a message names a row, a column or a cell; without names they count from 0."""
        parts = []
        if row is not None:
            parts.append(f"row '{self.rows[row]}'" if self.has_names else f"row {row}")
        if column is not None:
            parts.append(f"column '{self.columns[column]}'" if self.has_names else f"column {column}")
        return ", ".join(parts)

    def by_row(self, values: Values) -> pd.Series[float]:
        """Return one number per row."""
        return pd.Series(values, index=self.rows, name=self.measure)

    def by_column(self, values: Values) -> pd.Series[float]:
        """Return one number per column."""
        return pd.Series(values, index=self.columns, name=self.measure)

    def by_cell(self, values: Values) -> pd.DataFrame:
        """Return one number per cell."""
        return pd.DataFrame(values, index=self.rows, columns=self.columns)

    def by_row_pair(self, values: Values) -> pd.DataFrame:
        """Return one number per pair of rows."""
        return pd.DataFrame(values, index=self.rows, columns=self.rows)

    def by_column_pair(self, values: Values) -> pd.DataFrame:
        """Return one number per pair of columns."""
        return pd.DataFrame(values, index=self.columns, columns=self.columns)

    def row_shares(self) -> Values:
        """Return each row divided by its total."""
        return np.asarray(self.values / self.values.sum(axis=1, keepdims=True), dtype=np.float64)

    def column_shares(self) -> Values:
        """Return each column divided by its total."""
        return np.asarray(self.values / self.values.sum(axis=0, keepdims=True), dtype=np.float64)

    def quotients(self) -> Values:
        """Return the location quotients of counts whose rows and columns all add up to more than zero.

        Products before the division: whole counts of equal shares then give 1 exactly, and a threshold of 1 is safe.
        """
        totals = np.outer(self.values.sum(axis=1), self.values.sum(axis=0))
        return np.asarray(self.values * self.values.sum() / totals, dtype=np.float64)


def read_crosstab(
    counts: object,
    measure: str,
    *,
    filled_rows: bool = True,
    filled_columns: bool = True,
    regions: int = 2,
) -> Crosstab:
    """Return the counts as numbers, once nothing in them forbids the measure.

    Args:
        counts: A frame or ``Counts``: rows are regions, columns are industries.
        measure: Its name, for messages.
        filled_rows: Refuse a row whose counts add up to zero.
        filled_columns: Refuse a column whose counts add up to zero.
        regions: The fewest rows for which the measure exists.

    Raises:
        MeasureError: Not a table of numbers, a negative or missing count, a total of zero, too few rows, or a name
            that stands twice.
    """
    values = _numbers(counts, measure, dimensions=2)
    if isinstance(counts, pd.DataFrame):
        table = Crosstab(measure, values, counts.index, counts.columns, has_names=True)
    else:
        rows, columns = (pd.RangeIndex(size) for size in values.shape)
        table = Crosstab(measure, values, rows, columns, has_names=False)
    for axis, names in (("row", table.rows), ("column", table.columns)):
        if not names.is_unique:
            reason = tr("the name stands twice; add its counts up first, as with groupby(...).sum()")
            raise MeasureError(reason, measure=measure, place=f"{axis} '{names[names.duplicated()][0]}'")
    _refuse_bad_cells(table)
    if len(values) < regions:
        reason = tr("there is a single region, and the measure compares regions; give at least two rows")
        raise MeasureError(reason, measure=measure, place=table.place(row=0))
    if filled_rows:
        _refuse_empty(table, axis=1)
    if filled_columns:
        _refuse_empty(table, axis=0)
    return table


def read_vector(values: object, measure: str, *, least: int = 2) -> Values:
    """Return the values as numbers, once nothing in them forbids the measure.

    Args:
        values: A ``Vector``.
        measure: Its name, for messages.
        least: The fewest values for which the measure exists.

    Raises:
        MeasureError: Not a list of numbers, a negative or missing value, a total of zero, or too few values.
    """
    result = _numbers(values, measure, dimensions=1)
    for is_bad, reason in _BAD:
        positions = np.flatnonzero(is_bad(result))
        if len(positions):
            place = element(values, int(positions[0]))
            raise MeasureError(reason.format(result[positions[0]]), measure=measure, place=place)
    if len(result) < least:
        if len(result) == 1:
            reason = tr("there is a single value; give at least {least}", least=least)
        else:
            reason = tr("there are no values; give at least {least}", least=least)
        raise MeasureError(reason, measure=measure)
    if result.sum() == 0:
        reason = tr("the values add up to zero, so that there are no shares; give at least one above zero")
        raise MeasureError(reason, measure=measure)
    return result


def read_pair(first: object, second: object, measure: str) -> tuple[Values, Values]:
    """Return two vectors over the same regions; two series are matched by name, in the order of the first.

    Raises:
        MeasureError: As ``read_vector``, and where names or lengths do not match.
    """
    if isinstance(first, pd.Series) and isinstance(second, pd.Series):
        for one, other in ((first, second), (second, first)):
            unmatched = one.index[~one.index.isin(other.index)]
            if len(unmatched):
                which = tr("second") if one is first else tr("first")
                reason = tr("the name does not stand in the {which} series; give both the same names", which=which)
                raise MeasureError(reason, measure=measure, place=f"row '{unmatched[0]}'")
        if not (first.index.is_unique and second.index.is_unique):
            reason = tr("a name stands twice; add its values up first, as with groupby(level=0).sum()")
            raise MeasureError(reason, measure=measure)
        second = second.loc[first.index]
    left, right = read_vector(first, measure), read_vector(second, measure)
    if len(left) != len(right):
        reason = tr(
            "{left} values stand against {right}; give one of each per region", left=len(left), right=len(right)
        )
        raise MeasureError(reason, measure=measure)
    return left, right


def element(values: object, position: int) -> str:
    """Return how a message names one of several values; without names they count from 0."""
    return f"row '{values.index[position]}'" if isinstance(values, pd.Series) else f"value {position}"


def _numbers(counts: object, measure: str, dimensions: int) -> Values:
    try:
        values = np.array(counts, dtype=np.float64) + 0.0  # -0.0 + 0.0 is 0.0: no negative count
    except (TypeError, ValueError):
        reason = tr("the input holds something that is no number, or rows of different length; give numbers only")
        raise MeasureError(reason, measure=measure) from None
    if values.ndim != dimensions:
        shape = tr("a table (regions by industries)") if dimensions == 2 else tr("a single list of values")
        reason = tr(
            "expected {shape}, got {ndim} dimension{ending}",
            shape=shape,
            ndim=values.ndim,
            ending="" if values.ndim == 1 else "s",
        )
        raise MeasureError(reason, measure=measure)
    if dimensions == 2 and values.size == 0:
        reason = tr("the table has no cells; give at least one row and one column")
        raise MeasureError(reason, measure=measure)
    return values


_BAD = (
    (
        np.isnan,
        lazy_tr("the count is missing (NaN); fill it with 0 if nothing was there, or leave it out if it is not known"),
    ),
    (np.isinf, lazy_tr("the count is infinite; give a finite number")),
    (np.signbit, lazy_tr("the count {:g} is negative, and a share of it means nothing; correct it")),
)


def _refuse_bad_cells(table: Crosstab) -> None:
    for is_bad, reason in _BAD:
        cells = np.argwhere(is_bad(table.values))
        if len(cells):
            row, column = cells[0]
            raise MeasureError(
                reason.format(table.values[row, column]), measure=table.measure, place=table.place(row, column)
            )
    if table.values.sum() == 0:
        reason = tr("all counts are zero, so that there are no shares; give at least one above zero")
        raise MeasureError(reason, measure=table.measure)


def _refuse_empty(table: Crosstab, axis: int) -> None:
    empty = np.flatnonzero(table.values.sum(axis=axis) == 0)
    if len(empty):
        position = int(empty[0])
        place = table.place(row=position) if axis == 1 else table.place(column=position)
        kind = "row" if axis == 1 else "column"
        select = "counts[counts.sum(axis=1) > 0]" if axis == 1 else "counts.loc[:, counts.sum() > 0]"
        more = f" ({len(empty)} such {kind}s)" if len(empty) > 1 else ""
        reason = tr(
            "the counts add up to zero, so that there are no shares{more}; leave it out, as {select} does",
            more=more,
            select=select,
        )
        raise MeasureError(reason, measure=table.measure, place=place)


def region_shares(regions: pd.Index[Any], totals: Totals, measure: str) -> pd.Series[float]:
    """Return the share of each region in all activity, for all regions of the totals.

    Raises:
        MeasureError: A region that has no total, a total that is negative, missing or given twice, or a sum of zero.
    """
    try:
        series = pd.Series(totals, dtype=np.float64)
    except (TypeError, ValueError):
        reason = tr("a total of a region is no number; give numbers only")
        raise MeasureError(reason, measure=measure) from None
    unmatched = regions[~regions.isin(series.index)]
    if len(unmatched):
        reason = tr("the region does not stand in the totals; give its total, or leave it out")
        raise MeasureError(reason, measure=measure, place=f"region '{unmatched[0]}'")
    values = series.to_numpy()
    bad = ~(np.isfinite(values) & (values >= 0))
    if bad.any() or not series.index.is_unique:
        position = int(np.argmax(bad if bad.any() else series.index.duplicated()))
        reason = tr("its total is {values:g}, or stands twice; give one number of 0 or more", values=values[position])
        raise MeasureError(reason, measure=measure, place=f"region '{series.index[position]}'")
    if values.sum() == 0:
        reason = tr("the totals of the regions add up to zero; give at least one above zero")
        raise MeasureError(reason, measure=measure)
    return pd.Series(values / values.sum(), index=series.index)


def several_regions(region: pd.Series[float], measure: str) -> float:
    """Return the sum of the squared shares of the regions, once more than one of them has a share.

    Raises:
        MeasureError: All activity stands in one region.
    """
    shares = region.to_numpy()
    if np.count_nonzero(shares) < 2:
        reason = tr(
            "all activity stands in a single region, so that nothing could be elsewhere; give at least two regions"
        )
        raise MeasureError(reason, measure=measure, place=f"region '{region.index[int(np.argmax(shares))]}'")
    return float(np.square(shares).sum())
