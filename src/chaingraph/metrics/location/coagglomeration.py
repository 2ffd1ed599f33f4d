"""Coagglomeration: whether industries share regions with each other, beyond what the size of the regions brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

import numpy as np
import pandas as pd

from chaingraph.errors import MeasureError
from chaingraph.metrics.location.counts import Table, Totals, Values, read_crosstab, region_shares, several_regions


def coagglomeration(
    counts: pd.DataFrame | Table,
    industries: Sequence[Any] | None = None,
    *,
    totals: Totals | Sequence[float] | None = None,
) -> float:
    """Return Ellison and Glaeser's gamma^c of a group of industries: do they share regions with each other?

    gamma^c = (G / (1 - X) - H - sum of gamma_j w_j^2 (1 - H_j)) / (1 - sum of w_j^2), where G and H are those of the
    group as a whole and w_j is the share of industry j in it (1997, as ``ellison_glaeser``). The sizes of the
    plants cancel out: what is left, and is computed, is the mean over all pairs j, k of the index of
    ``pairwise_coagglomeration``, weighted by w_j w_k; so that sums by region and industry suffice. 0 at random; below 0
    they avoid each other.

    Args:
        counts: Sizes (or numbers) summed, rows are regions, columns are industries.
        industries: The columns of the group, by name (frame) or position (array); all if None.
        totals: All activity of each region; the sum of all columns of ``counts`` if None.

    Raises:
        MeasureError: Fewer than two industries in the group, or one that is not in ``counts``; a column that adds up
            to zero, a single region, or totals that do not match the rows.

    >>> coagglomeration(pd.DataFrame({"x": [3, 1], "y": [3, 1]}, index=["A", "B"]), totals={"A": 50, "B": 50})
    0.25
    >>> coagglomeration([[1], [2]])
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: coagglomeration: a group needs two industries, and this has 1; name more
    """
    covariance, sizes, names = _covariance(counts, "coagglomeration", totals, by_sum=True)
    members = np.arange(len(sizes)) if industries is None else names.get_indexer(pd.Index(industries))
    if (members < 0).any():
        missing = list(industries or ())[int(np.argmin(members))]
        reason = "the table has no such column; name columns of it"
        raise MeasureError(reason, measure="coagglomeration", place=f"industry '{missing}'")
    if len(set(members.tolist())) < max(2, len(members)):
        count = len(set(members.tolist()))
        reason = f"a group needs two industries, and this has {count}; name more"
        if count > 1:
            reason = "an industry is named twice; name each once"
        raise MeasureError(reason, measure="coagglomeration")
    weight = sizes[members] / sizes[members].sum()
    pairs = np.outer(weight, weight)
    np.fill_diagonal(pairs, 0)
    return float((pairs * covariance[np.ix_(members, members)]).sum() / pairs.sum())


@overload
def pairwise_coagglomeration(counts: pd.DataFrame, *, totals: Totals | None = None) -> pd.DataFrame: ...
@overload
def pairwise_coagglomeration(counts: Table, *, totals: Sequence[float] | None = None) -> Values: ...
def pairwise_coagglomeration(
    counts: pd.DataFrame | Table, *, totals: Totals | Sequence[float] | None = None
) -> pd.DataFrame | Values:
    """Return how far each two industries share regions, as a symmetric table; NaN of an industry with itself.

    gamma^c_jk = sum of (s_rj - x_r)(s_rk - x_r) / (1 - X). Ellison, Glaeser and Kerr (2010, Am. Econ. Rev. 100:
    1195-1213), who take for x_r the mean share of region r over the industries; so it is if ``totals`` is None.

    Arguments and errors are those of ``coagglomeration``.

    >>> pairwise_coagglomeration(np.array([[3, 1], [1, 3]]))
    array([[ nan, -0.25],
           [-0.25,  nan]])
    """
    covariance, _, names = _covariance(counts, "pairwise_coagglomeration", totals, by_sum=False)
    np.fill_diagonal(covariance, np.nan)
    return pd.DataFrame(covariance, index=names, columns=names) if isinstance(counts, pd.DataFrame) else covariance


def _covariance(
    counts: pd.DataFrame | Table, measure: str, totals: Totals | Sequence[float] | None, *, by_sum: bool
) -> tuple[Values, Values, pd.Index[Any]]:
    """Return the sums of products of what two industries have beyond the regions' shares, and their sizes."""
    table = read_crosstab(counts, measure, filled_rows=False)
    rows = pd.RangeIndex(len(table.values)) if table.rows is None else table.rows
    columns = pd.RangeIndex(table.values.shape[1]) if table.columns is None else table.columns
    shares = table.column_shares()
    if totals is None:
        region = pd.Series(table.values.sum(axis=1) / table.values.sum() if by_sum else shares.mean(axis=1), index=rows)
    else:
        named = totals if isinstance(totals, (Mapping, pd.Series)) else _by_position(totals, rows, measure)
        region = region_shares(rows, named, measure)
    squared = several_regions(region, measure)
    # A region of the totals that has no row has none of the industries.
    everywhere = np.zeros((len(region), shares.shape[1]))
    everywhere[region.index.get_indexer(rows)] = shares
    beyond = everywhere - region.to_numpy()[:, np.newaxis]
    return beyond.T @ beyond / (1 - squared), table.values.sum(axis=0), columns


def _by_position(totals: Sequence[float], rows: pd.Index[Any], measure: str) -> pd.Series[float]:
    if len(totals) != len(rows):
        reason = f"{len(totals)} totals stand against {len(rows)} rows; give one a row"
        raise MeasureError(reason, measure=measure)
    return pd.Series(np.asarray(totals, dtype=np.float64), index=rows)
