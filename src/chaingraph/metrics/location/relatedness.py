"""Relatedness: which industries go together, from a crosstab of regions (rows) by industries (columns).

``rca`` decides which industries a region has; ``presence`` is its matrix of 0 and 1.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from chaingraph.errors import MeasureError
from chaingraph.messages import tr
from chaingraph.metrics.location._counts import read_crosstab

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from chaingraph.metrics.location._counts import Counts, Crosstab, Values

_ROUNDING = 1e-12
"""How far below a threshold a quotient still reaches it: shares such as 1/3 do not add up exactly."""


def read_presence(presence: Counts, measure: str, *, filled: bool = False) -> Crosstab:
    """Return a matrix of 0 and 1, once nothing in it forbids the measure.

    A table with a cell above 1 cannot be one of presence: it is read as counts, and an industry is present where its
    ``rca`` is at least 1.

    Args:
        presence: 0 or 1, regions by industries; or counts.
        measure: Its name, for messages.
        filled: Refuse a row or column that is all 0.

    Raises:
        MeasureError: A cell is neither 0 nor 1, or as for ``read_crosstab``.
    """
    table = read_crosstab(presence, measure, filled_rows=filled, filled_columns=filled, regions=1)
    if (table.values > 1).any():
        return replace(table, values=_advantage(read_crosstab(table.values, "rca"), 1))
    fractions = (table.values != 0) & (table.values != 1)
    if fractions.any():
        row, column = (int(position) for position in np.argwhere(fractions)[0])
        reason = tr(
            "presence is {values:g}, expected 0 or 1; make it by rca(counts, threshold=1)",
            values=table.values[row, column],
        )
        raise MeasureError(reason, measure=measure, place=table.place(row, column))
    return table


def first_names(names: Iterable[object]) -> str:
    """Return the first names of many, for a message.

    >>> first_names(["a", "b", "c", "d", "e"])
    "'a', 'b', 'c' and 2 more"
    """
    every = [f"'{name}'" for name in names]
    return ", ".join(every[:3]) + (tr(" and {count} more", count=len(every) - 3) if len(every) > 3 else "")


def rca(counts: Counts, *, threshold: float | None = None) -> pd.DataFrame:
    """Return the revealed comparative advantage of each region (row) in each industry (column).

    Balassa (1965, The Manchester School 33: 99-123): the industry's share in the region over its share in the whole,
    the location quotient; at least 0, and 1 where the two are equal. With a threshold the result is 1 where the
    quotient is **at least** the threshold and 0 elsewhere: equality counts, and so does a quotient that misses the
    threshold by less than 1e-12 of it, which is rounding.

    Args:
        counts: Numbers of at least 0, regions by industries.
        threshold: None for the quotients, else a number above 0; 1 is usual.

    Raises:
        MeasureError: A count is negative or missing, there is a single row, or a row or column counts nothing.

    >>> rca([[4, 0], [2, 2]]).round(4).to_numpy().tolist()
    [[1.3333, 0.0], [0.6667, 2.0]]
    >>> rca([[2, 2], [4, 4]], threshold=1).to_numpy().tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    if threshold is not None and not 0 < threshold < np.inf:
        reason = tr("the threshold is {threshold}, expected a number above 0 such as 1", threshold=threshold)
        raise MeasureError(reason, measure="rca")
    table = read_crosstab(counts, "rca")
    return table.by_cell(_advantage(table, threshold))


def _advantage(table: Crosstab, threshold: float | None) -> Values:
    """Return the quotients of a crosstab, or 1 where they reach the threshold and 0 elsewhere."""
    values = table.values
    expected = np.outer(values.sum(axis=1), values.sum(axis=0)) / values.sum()
    quotients: Values = values / expected
    return quotients if threshold is None else (quotients >= threshold * (1 - _ROUNDING)).astype(np.float64)


def diversity(presence: Counts) -> pd.Series[float]:
    """Count the industries that each region has (Hidalgo and Hausmann 2009, PNAS 106: 10570-10575).

    >>> diversity(np.array([[1, 1, 0], [0, 0, 1]])).tolist()
    [2.0, 1.0]
    """
    table = read_presence(presence, "diversity")
    return table.by_row(table.values.sum(axis=1))


def ubiquity(presence: Counts) -> pd.Series[float]:
    """Count the regions that have each industry (Hidalgo and Hausmann 2009, PNAS 106: 10570-10575).

    >>> ubiquity(np.array([[1, 1, 0], [0, 1, 1]])).tolist()
    [1.0, 2.0, 1.0]
    """
    table = read_presence(presence, "ubiquity")
    return table.by_column(table.values.sum(axis=0))


def proximity(presence: Counts) -> pd.DataFrame:
    """Return the proximity of two industries: the smaller of the two chances to have one, given the other; in [0, 1].

    Hidalgo et al. (2007, Science 317: 482-487): the regions with both, over the larger of the two ubiquities. The
    diagonal is 1, as in py-ecomplexity: an industry is closest to itself.

    Raises:
        MeasureError: A cell is neither 0 nor 1, or a row or column has no 1.

    >>> proximity([[1, 1], [1, 0]]).to_numpy().tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    table = read_presence(presence, "proximity", filled=True)
    both = table.values.T @ table.values
    counts = np.diag(both)
    return table.by_column_pair(both / np.maximum.outer(counts, counts))


def co_occurrence(presence: Counts) -> pd.DataFrame:
    """Count the regions that have both of two industries, C = MᵀM with a diagonal of 0.

    >>> co_occurrence([[1, 1, 0], [1, 1, 1]]).to_numpy().tolist()
    [[0.0, 2.0, 1.0], [2.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    table = read_presence(presence, "co_occurrence")
    both = table.values.T @ table.values
    np.fill_diagonal(both, 0)
    return table.by_column_pair(both)


Normalisation = Literal["probability", "association", "cosine", "jaccard"]


def relatedness(co_occurrences: Counts, method: Normalisation = "probability") -> pd.DataFrame:
    """Return co-occurrences set against what the sizes of the two industries let expect.

    With c the co-occurrences without the diagonal, s an industry's sum of them and t the sum of all (both triangles):

    - ``association``: c t / (s_i s_j), the association strength (van Eck and Waltman 2009, J. Am. Soc. Inf. Sci.
      Technol. 60: 1635-1651), observed over expected when partners are drawn with replacement; from 0, 1 as expected.
    - ``probability``: c over (t / 2) (s_i / t * s_j / (t - s_i) + s_j / t * s_i / (t - s_j)), the same without
      replacement, since an industry is not its own partner (Steijn 2021, Quant. Sci. Stud. 2: 778-794); from 0.
    - ``cosine``: c / sqrt(s_i s_j). ``jaccard``: c / (s_i + s_j - c). Both in [0, 1].

    These equal EconGeo's ``relatedness``, the diagonal of 0 included. Where an industry co-occurs with none, 0 / 0 is
    taken as 0, as there.

    Raises:
        MeasureError: The matrix is not square and symmetric, holds no co-occurrence, or the method is unknown.

    >>> pairs = [[0, 2, 1], [2, 0, 1], [1, 1, 0]]
    >>> relatedness(pairs, "association").round(4)[0].tolist()
    [0.0, 1.7778, 1.3333]
    >>> relatedness(pairs).round(4)[0].tolist()
    [0.0, 1.1111, 0.9091]
    """
    table = read_crosstab(co_occurrences, "relatedness", filled_rows=False, filled_columns=False, regions=1)
    observed = table.values.copy()
    same_names = not table.has_names or table.rows.equals(table.columns)
    if observed.shape[0] != observed.shape[1] or not same_names or not np.allclose(observed, observed.T):
        reason = tr(
            "expected a symmetric matrix, industries by the same industries; make it by co_occurrence(presence)"
        )
        raise MeasureError(reason, measure="relatedness")
    np.fill_diagonal(observed, 0)
    size, total = observed.sum(axis=1), observed.sum()
    if total == 0:
        reason = tr("no two industries co-occur, so that none is related; count wider regions or lower the threshold")
        raise MeasureError(reason, measure="relatedness")
    first, second = size[:, None], size[None, :]
    if method == "probability":
        expected = first * second * (1 / (total - first) + 1 / (total - second)) / 2
    elif method == "association":
        expected = first * second / total
    elif method == "cosine":
        expected = np.sqrt(first * second)
    elif method == "jaccard":
        expected = first + second - observed
    else:
        reason = tr("there is no method '{method}'; there are probability, association, cosine, jaccard", method=method)
        raise MeasureError(reason, measure="relatedness")
    result = np.divide(observed, expected, out=np.zeros_like(observed), where=expected > 0)
    return table.by_column_pair(result)


def relatedness_density(presence: Counts, phi: Counts) -> pd.DataFrame:
    """Return the part of an industry's relatedness that each region has in other industries; in [0, 1].

    Hidalgo et al. (2007, Science 317: 482-487): the sum of phi over the region's industries, over the sum of phi. A
    diagonal other than 0 counts, as in py-ecomplexity. EconGeo gives the same as a rounded percentage.

    Args:
        presence: 0 or 1, regions by industries.
        phi: Proximity of industries, square, at least 0: ``proximity`` or ``relatedness``. Frames are matched by name.

    Raises:
        MeasureError: The industries of the two differ, or an industry is related to none: its density is 0 / 0.

    >>> relatedness_density([[1, 1], [1, 0]], [[1, 0.5], [0.5, 1]]).round(4).to_numpy().tolist()
    [[1.0, 1.0], [0.6667, 0.3333]]
    """
    measure = "relatedness_density"
    table = read_presence(presence, measure)
    pairs = read_crosstab(phi, measure, filled_rows=False, filled_columns=False, regions=1)
    values = pairs.values
    if table.has_names and pairs.has_names:
        for names in (pairs.rows, pairs.columns):
            differ = table.columns.symmetric_difference(names)
            if len(differ):
                reason = tr("it stands in only one of presence and phi; give both the same industries")
                raise MeasureError(reason, measure=measure, place=f"column {first_names(differ)}")
        values = values[np.ix_(pairs.rows.get_indexer(table.columns), pairs.columns.get_indexer(table.columns))]
    width = table.values.shape[1]
    if values.shape != (width, width):
        reason = tr(
            "phi has the shape {shape}, expected {width} industries by as many", shape=values.shape, width=width
        )
        raise MeasureError(reason, measure=measure)
    total = values.sum(axis=0)
    if (total == 0).any():
        reason = tr("phi relates it to no industry, so that its density is 0 / 0; leave it out")
        raise MeasureError(reason, measure=measure, place=table.place(column=int(np.flatnonzero(total == 0)[0])))
    return table.by_cell(table.values @ values / total)
