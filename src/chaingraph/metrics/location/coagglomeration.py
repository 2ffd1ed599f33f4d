"""Coagglomeration: whether industries share regions with each other, beyond what the size of the regions brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from chaingraph.errors import MeasureError
from chaingraph.messages import tr
from chaingraph.metrics.location._counts import read_crosstab, region_shares, several_regions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.metrics.location._counts import Counts, Crosstab, Totals, Values


def coagglomeration(
    counts: Counts,
    industries: Sequence[Any] | None = None,
    *,
    totals: Totals | Sequence[float] | None = None,
) -> float:
    """Return Ellison and Glaeser's gamma^c of a group of industries: how far they share regions with each other.

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
    table = read_crosstab(counts, "coagglomeration", filled_rows=False)
    covariance, sizes = _covariance(table, totals, by_sum=True), table.values.sum(axis=0)
    members = np.arange(len(sizes)) if industries is None else table.columns.get_indexer(pd.Index(industries))
    if (members < 0).any():
        missing = list(industries or ())[int(np.argmin(members))]
        reason = tr("the table has no such column; name columns of it")
        raise MeasureError(reason, measure="coagglomeration", place=f"industry '{missing}'")
    if len(set(members.tolist())) < max(2, len(members)):
        count = len(set(members.tolist()))
        reason = tr("a group needs two industries, and this has {count}; name more", count=count)
        if count > 1:
            reason = tr("an industry is named twice; name each once")
        raise MeasureError(reason, measure="coagglomeration")
    weight = sizes[members] / sizes[members].sum()
    pairs = np.outer(weight, weight)
    np.fill_diagonal(pairs, 0)
    return float((pairs * covariance[np.ix_(members, members)]).sum() / pairs.sum())


def pairwise_coagglomeration(counts: Counts, *, totals: Totals | Sequence[float] | None = None) -> pd.DataFrame:
    """Return how far each two industries share regions, as a symmetric table; NaN of an industry with itself.

    gamma^c_jk = sum of (s_rj - x_r)(s_rk - x_r) / (1 - X). Ellison, Glaeser and Kerr (2010, Am. Econ. Rev. 100:
    1195-1213), who take for x_r the mean share of region r over the industries; so it is if ``totals`` is None.

    Arguments and errors are those of ``coagglomeration``.

    >>> pairwise_coagglomeration(pd.DataFrame({"x": [3, 1], "y": [1, 3]}))
          x     y
    x   NaN -0.25
    y -0.25   NaN
    """
    table = read_crosstab(counts, "pairwise_coagglomeration", filled_rows=False)
    covariance = _covariance(table, totals, by_sum=False)
    np.fill_diagonal(covariance, np.nan)
    return table.by_column_pair(covariance)


def _covariance(table: Crosstab, totals: Totals | Sequence[float] | None, *, by_sum: bool) -> Values:
    """Return the sums of products of what two industries have beyond the regions' shares, for each pair."""
    shares = table.column_shares()
    if totals is None:
        region = table.by_row(table.values.sum(axis=1) / table.values.sum() if by_sum else shares.mean(axis=1))
    else:
        by_name = totals if isinstance(totals, (Mapping, pd.Series)) else _by_position(totals, table)
        region = region_shares(table.rows, by_name, table.measure)
    squared = several_regions(region, table.measure)
    # A region of the totals that has no row has none of the industries.
    everywhere = np.zeros((len(region), shares.shape[1]))
    everywhere[region.index.get_indexer(table.rows)] = shares
    beyond = everywhere - region.to_numpy()[:, np.newaxis]
    return np.asarray(beyond.T @ beyond / (1 - squared), dtype=np.float64)


def _by_position(totals: Sequence[float], table: Crosstab) -> pd.Series[float]:
    if len(totals) != len(table.rows):
        reason = tr(
            "{count} totals stand against {rows} rows; give one per row", count=len(totals), rows=len(table.rows)
        )
        raise MeasureError(reason, measure=table.measure)
    return table.by_row(np.asarray(totals, dtype=np.float64))
