"""Specialisation: how far the industries of a region differ from those of the others, one number per row or column.

Notation: n_ri things of industry i are in region r; n_r and n_i are the totals of row and column, n is the whole.
"""

from __future__ import annotations

from typing import Literal, overload

import numpy as np
import pandas as pd

from chaingraph.errors import MeasureError
from chaingraph.messages import tr
from chaingraph.metrics.location._counts import Counts, Crosstab, List, Table, Values, Vector, read_crosstab, read_pair

Against = Literal["total", "rest", "mean"]
"""What a region is compared with: all regions, all others taken together, or the mean of all others."""


def weighted_average_location_quotient(counts: Counts) -> pd.Series[float]:
    """Return the mean location quotient of each region, each industry weighted by its share of the region.

    sum over i of LQ_ri n_ri / n_r, in [1, n / n_r]; 1 where the region looks like the whole. Hoover and Giarratani
    (1985, An Introduction to Regional Economics), as EconGeo's ``location_quotient_avg``.

    Raises:
        MeasureError: A negative or missing count, a row or column that adds up to zero, or a single region.

    >>> weighted_average_location_quotient(np.array([[2, 0], [0, 2]])).tolist()
    [2.0, 2.0]
    >>> weighted_average_location_quotient([[1, 2]])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: weighted_average_location_quotient: row 0: there is a single region, ...
    """
    table = read_crosstab(counts, "weighted_average_location_quotient")
    return table.by_row(_mean_quotient(table))


def hachman(counts: Counts) -> pd.Series[float]:
    """Return how much each region looks like the whole: 1 if its industries have the same shares, towards 0 if not.

    1 / sum over i of LQ_ri n_ri / n_r, in [n_r / n, 1]: the inverse of ``weighted_average_location_quotient``. Hachman
    (1995, Bureau of Economic and Business Research, University of Utah), as EconGeo's ``hachman``.

    Raises:
        MeasureError: As ``weighted_average_location_quotient``.

    >>> hachman(np.array([[2, 0], [0, 2]])).tolist()
    [0.5, 0.5]
    >>> hachman([[1, 2], [0, 0]])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: hachman: row 1: the counts add up to zero, so that there are no shares; ...
    """
    table = read_crosstab(counts, "hachman")
    return table.by_row(1 / _mean_quotient(table))


def _mean_quotient(table: Crosstab) -> Values:
    return np.asarray((table.quotients() * table.row_shares()).sum(axis=1), dtype=np.float64)


def krugman_specialisation(counts: Counts, *, against: Against = "total") -> pd.Series[float]:
    """Return how far the shares of each region's industries are from those of the others, summed without sign.

    K_r = sum over i of |n_ri / n_r - b_i|, in [0, 2]; 2 where the region shares no industry with the others. What b is
    differs between sources: Krugman (1991, Geography and Trade) compares two regions (``krugman_pairwise``).

    Args:
        counts: Rows are regions, columns are industries.
        against: ``"total"``: b_i = n_i / n, the region itself counted in; so EconGeo's ``krugman_index``, and K_r then
            stays below 2 (1 - n_r / n). ``"rest"``: all others taken together, b_i = (n_i - n_ri) / (n - n_r); so
            Midelfart-Knarvik et al. (2000). ``"mean"``: the mean of the shares of all others, each counting alike; so
            REAT's ``krugman.spec2``.

    Raises:
        MeasureError: A negative or missing count, a row that adds up to zero, or a single region.

    >>> krugman_specialisation(np.array([[2, 0], [0, 2]])).tolist()
    [1.0, 1.0]
    >>> krugman_specialisation(np.array([[2, 0], [0, 2]]), against="rest").tolist()
    [2.0, 2.0]
    >>> krugman_specialisation([[1, 2]])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: krugman_specialisation: row 0: there is a single region, ...
    """
    table = read_crosstab(counts, "krugman_specialisation", filled_columns=False)
    values, shares = table.values, table.row_shares()
    if against == "total":
        other = values.sum(axis=0) / values.sum()
    elif against == "rest":
        other = (values.sum(axis=0) - values) / (values.sum() - values.sum(axis=1, keepdims=True))
    elif against == "mean":
        other = (shares.sum(axis=0) - shares) / (len(shares) - 1)
    else:
        reason = tr("'{against}' is nothing to compare with; choose 'total', 'rest' or 'mean'", against=against)
        raise MeasureError(reason, measure="krugman_specialisation")
    return table.by_row(np.abs(shares - other).sum(axis=1))


def krugman_pairwise(counts: Counts) -> pd.DataFrame:
    """Return how far each two regions' shares of industries are apart: a symmetric table, 0 on the diagonal.

    K_rq = sum over i of |n_ri / n_r - n_qi / n_q|, in [0, 2]. Krugman (1991, Geography and Trade, p. 76).

    Raises:
        MeasureError: As ``krugman_specialisation``.

    >>> krugman_pairwise([[20, 10, 70, 0, 0], [0, 0, 0, 60, 40]]).to_numpy().tolist()
    [[0.0, 2.0], [2.0, 0.0]]
    """
    table = read_crosstab(counts, "krugman_pairwise", filled_columns=False)
    shares = table.row_shares()
    # |a - b| = a + b - 2 min(a, b): only the industries that two regions share are looked at, which are few.
    shared = np.zeros((len(shares), len(shares)))
    for column in shares.T:
        filled = np.flatnonzero(column)
        least = np.minimum.outer(column[filled], column[filled])
        if len(filled) == len(column):
            shared += least
        else:
            shared[np.ix_(filled, filled)] += least
    result = np.maximum(2 - 2 * shared, 0.0)
    np.fill_diagonal(result, 0.0)
    return table.by_row_pair(result)


def specialisation_coefficient(counts: Counts) -> pd.Series[float]:
    """Return the share of each region that would have to change its industry for it to look like the whole.

    1/2 sum over i of |n_ri / n_r - n_i / n|, in [0, 1 - n_r / n]: half of ``krugman_specialisation``. Hoover and
    Giarratani (1985, An Introduction to Regional Economics, table 9-4).

    Raises:
        MeasureError: As ``krugman_specialisation``.

    >>> specialisation_coefficient(np.array([[2, 0], [0, 2]])).tolist()
    [0.5, 0.5]
    >>> specialisation_coefficient([[0, 0], [0, 0]])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: specialisation_coefficient: all counts are zero, ...
    """
    table = read_crosstab(counts, "specialisation_coefficient", filled_columns=False)
    whole = table.values.sum(axis=0) / table.values.sum()
    return table.by_row(np.abs(table.row_shares() - whole).sum(axis=1) / 2)


@overload
def dissimilarity(counts: Table) -> pd.Series[float]: ...
@overload
def dissimilarity(counts: List, other: Vector) -> float: ...
def dissimilarity(counts: Counts | Vector, other: Vector | None = None) -> pd.Series[float] | float:
    """Return the share of an industry that would have to move for it to be spread over regions as all others are.

    D_i = 1/2 sum over r of |n_ri / n_i - m_r / m|, in [0, 1], where m counts all other industries; or, of two lists,
    the one and the other. 1 where the two share no region. Duncan and Duncan (1955, Am. Sociol. Rev. 20: 210-217).

    Args:
        counts: A crosstab, which gives one number per column; or one industry over regions.
        other: The other industry over the same regions.

    Raises:
        MeasureError: A negative or missing count, a column that adds up to zero, a single region or industry, or
            names that do not match.

    >>> dissimilarity(np.array([[2, 0], [0, 2]])).tolist()
    [1.0, 1.0]
    >>> dissimilarity([3, 1], [1, 1])
    0.25
    >>> dissimilarity([[1], [2]])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: dissimilarity: column 0: no other industry has counts; ...
    """
    if other is not None:
        first, second = read_pair(counts, other, "dissimilarity")
        return float(np.abs(first / first.sum() - second / second.sum()).sum() / 2)
    table = read_crosstab(counts, "dissimilarity", filled_rows=False)
    values = table.values
    if values.shape[1] == 1:
        reason = tr("no other industry has counts; give at least two columns")
        raise MeasureError(reason, measure="dissimilarity", place=table.place(column=0))
    rest = values.sum(axis=1, keepdims=True) - values
    return table.by_column(np.abs(table.column_shares() - rest / rest.sum(axis=0)).sum(axis=0) / 2)
