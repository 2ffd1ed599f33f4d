"""Location quotients: where an industry gathers, with intervals, and the Gini coefficients made of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from chaingraph.errors import MeasureError
from chaingraph.messages import tr
from chaingraph.metrics.location._counts import read_crosstab, read_pair
from chaingraph.metrics.location.inequality import gini

if TYPE_CHECKING:
    from chaingraph.metrics.location._counts import Counts, Crosstab, Values, Vector

BLOCK = 2**25
"""How many quotients a bootstrap has in memory at once (256 MB)."""


def location_quotient(counts: Counts, *, continuity: float = 0.0) -> pd.DataFrame:
    """Return how many times more of a region an industry takes than it takes of the whole.

    LQ = (n_ri / n_r) / (n_i / n), in [0, n / n_r]; 1 is the share of the whole, above 1 the industry is concentrated
    here. Florence (1939, Report on the Location of Industry); it is Balassa's revealed comparative advantage (1965,
    Manch. Sch. 33: 99-123). Of small counts it swings: an industry of one organisation has 0 but in one region.

    Args:
        counts: Rows are regions, columns are industries.
        continuity: Added to every cell before anything else, so that the totals grow with it; 0.5 draws small counts
            towards 1 and leaves no zero (Haldane 1956, Ann. Hum. Genet. 20: 309-311).

    Raises:
        MeasureError: A negative or missing count, a row or column that adds up to zero (0 / 0, unless ``continuity``
            fills it), a single region, or a negative ``continuity``.

    >>> location_quotient(pd.DataFrame({"steel": [3, 1], "silk": [1, 3]}, index=["Wuxi", "Suzhou"]))
            steel  silk
    Wuxi      1.5   0.5
    Suzhou    0.5   1.5
    >>> location_quotient([[2, 0], [0, 2]], continuity=0.5).round(3).to_numpy().tolist()
    [[1.667, 0.333], [0.333, 1.667]]
    >>> location_quotient(pd.DataFrame({"silk": [2, 0]}, index=["Wuxi", "Suzhou"]))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: location_quotient: row 'Suzhou': the counts add up to zero, ...
    """
    if not 0 <= continuity < np.inf:
        reason = tr(
            "the continuity correction {continuity:g} is no number of 0 or more; 0.5 is usual", continuity=continuity
        )
        raise MeasureError(reason, measure="location_quotient")
    empty = continuity == 0
    table = read_crosstab(counts, "location_quotient", filled_rows=empty, filled_columns=empty)
    if continuity:
        table = replace(table, values=table.values + continuity)
    return table.by_cell(table.quotients())


@dataclass(frozen=True)
class Interval:
    """The lower and the upper end of an interval for each cell."""

    lower: pd.DataFrame
    upper: pd.DataFrame


def location_quotient_interval(
    counts: Counts, *, draws: int = 999, level: float = 0.95, seed: int = 0, block: int = BLOCK
) -> Interval:
    """Return the percentile bootstrap interval of each location quotient.

    The n things are drawn anew with replacement, ``draws`` times, and the interval holds the middle ``level`` of the
    quotients. Efron (1979, Ann. Stat. 7: 1-26). A draw that leaves a row or column empty has no quotient there and is
    left out for it. A cell of zero has [0, 0]: what was never seen is never drawn, so read it as unknown, not as
    certain. The interval of a cell of few things is too narrow for the same reason.

    Args:
        counts: Rows are regions, columns are industries; whole numbers.
        draws: How often to draw.
        level: The share of the draws inside, above 0 and below 1.
        seed: Of the random generator; the same seed gives the same interval.
        block: How many quotients are in memory at once; it changes the time, not the result.

    Raises:
        MeasureError: As ``location_quotient``; a count that is not whole; or ``draws`` or ``level`` out of range.

    >>> counts = pd.DataFrame([[300, 100], [100, 300]])
    >>> interval, quotient = location_quotient_interval(counts), location_quotient(counts)
    >>> bool((interval.lower < quotient).all(axis=None) and (quotient < interval.upper).all(axis=None))
    True
    >>> location_quotient_interval([[0.5, 1], [1, 1]])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: location_quotient_interval: row 0, column 0: 0.5 is no whole number of things; ...
    """
    table = read_crosstab(counts, "location_quotient_interval")
    fractions = np.argwhere(table.values % 1 != 0)
    if len(fractions):
        row, column = (int(position) for position in fractions[0])
        reason = tr("{values:g} is no whole number of things; draw from whole counts", values=table.values[row, column])
        raise MeasureError(reason, measure=table.measure, place=table.place(row, column))
    if draws < 1 or not 0 < level < 1:
        reason = tr(
            "{draws} draws at level {level:g} give no interval; use 1 draw or more and a level between 0 and 1",
            draws=draws,
            level=level,
        )
        raise MeasureError(reason, measure=table.measure)
    rows, columns = np.nonzero(table.values)
    ends = np.zeros((2, *table.values.shape))
    width = max(1, block // draws)
    for start in range(0, len(rows), width):
        part = slice(start, start + width)
        quotients = _bootstrap(table, draws, seed, part)
        ends[:, rows[part], columns[part]] = _quantiles(quotients, ((1 - level) / 2, (1 + level) / 2))
    return Interval(table.by_cell(ends[0]), table.by_cell(ends[1]))


def _bootstrap(table: Crosstab, draws: int, seed: int, part: slice) -> Values:
    """Return the quotients of some of the cells, one row per draw; NaN where a draw leaves a row or column empty.

    Each call draws all cells anew from the same seed, so that the result does not depend on the size of the parts.
    """
    generator = np.random.default_rng(seed)
    rows, columns = np.nonzero(table.values)
    observed = table.values[rows, columns]
    total = int(observed.sum())
    result = np.empty((draws, len(rows[part])))
    for draw in range(draws):
        sample = generator.multinomial(total, observed / total).astype(np.float64)
        by_row, by_column = np.bincount(rows, weights=sample), np.bincount(columns, weights=sample)
        with np.errstate(divide="ignore", invalid="ignore"):
            result[draw] = sample[part] * total / (by_row[rows[part]] * by_column[columns[part]])
    return result


def _quantiles(sample: Values, levels: tuple[float, float]) -> Values:
    """Return quantiles by column, interpolated, of what is not NaN; numpy's own does this one column at a time."""
    rising = np.sort(sample, axis=0)
    last = np.maximum(np.count_nonzero(~np.isnan(sample), axis=0) - 1, 0)
    result = np.empty((len(levels), sample.shape[1]))
    column = np.arange(sample.shape[1])
    for position, level in enumerate(levels):
        below = np.floor(last * level).astype(np.int64)
        lower, upper = rising[below, column], rising[np.minimum(below + 1, last), column]
        result[position] = lower + (upper - lower) * (last * level - below)
    return result


def locational_gini(counts: Counts) -> pd.Series[float]:
    """Return Krugman's locational Gini of each industry: the area between its localisation curve and the diagonal.

    The curve adds up the shares of regions in the industry over their shares of all industries, by rising location
    quotient. In [0, 1/2), half of a Gini coefficient: 0 where the industry is spread as all are. Krugman (1991,
    Geography and Trade, p. 56), as EconGeo's ``locational_gini``. A region without counts has no part in it.

    Raises:
        MeasureError: A negative or missing count, a column that adds up to zero, or a single region.

    >>> locational_gini(np.array([[3, 1], [1, 3]])).tolist()
    [0.125, 0.125]
    >>> locational_gini([[1, 0], [1, 0]])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: locational_gini: column 1: the counts add up to zero, ...
    """
    table = read_crosstab(counts, "locational_gini", filled_rows=False)
    values = table.values[table.values.sum(axis=1) > 0]
    everywhere = values.sum(axis=1) / values.sum()
    order = np.argsort(values / everywhere[:, np.newaxis], axis=0, kind="stable")
    across = np.cumsum(everywhere[order], axis=0)
    up = np.cumsum(np.take_along_axis(values, order, axis=0), axis=0) / values.sum(axis=0)
    area = (across[:-1] * up[1:] - across[1:] * up[:-1]).sum(axis=0) / 2
    # Rounding may leave a hair below zero.
    return table.by_column(np.maximum(area, 0.0))


def concentration_gini(industry: Vector, totals: Vector) -> float:
    """Return the Gini coefficient of an industry's location quotients over regions, each region counting alike.

    In [0, 1 - 1/n] over n regions. It is not ``locational_gini``, which weighs regions by their size. Farhauer and
    Kröll (2013, Standorttheorien), as REAT's ``gini.conc``.

    Args:
        industry: Its count in each region.
        totals: The count of all industries in the same regions, all above zero; two series are matched by name.

    Raises:
        MeasureError: A negative or missing count, a region whose total is zero, a single region, or names that do not
            match.

    >>> round(concentration_gini([500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]), 7)
    0.4068966
    >>> concentration_gini([1, 1], [1, 0])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: concentration_gini: value 1: the total of the region is zero, ...
    """
    part, whole = read_pair(industry, totals, "concentration_gini")
    if not whole.all():
        empty = int(np.argmin(whole))
        place = f"row '{industry.index[empty]}'" if isinstance(industry, pd.Series) else f"value {empty}"
        reason = tr("the total of the region is zero, so that it has no location quotient; leave the region out")
        raise MeasureError(reason, measure="concentration_gini", place=place)
    return gini(part / whole)


def cluster_index(counts: Counts) -> pd.DataFrame:
    """Return share, size and specialisation of each industry in each region, side by side.

    ``share`` is n_ri / n_r, what the industry takes of the region; ``size`` is n_ri / n_i, what the region takes of the
    industry; ``specialisation`` is the location quotient. They are not combined into one number: the European Cluster
    Observatory, which calls share focus, gives a star for each that is high (size or share in the top tenth of the
    industry, specialisation 2 or more; European Commission 2007, Innovation Clusters in Europe).

    Returns:
        A frame indexed by region and industry, in the order of the crosstab; positions stand for names that it lacks.

    Raises:
        MeasureError: As ``location_quotient``.

    >>> cluster_index(pd.DataFrame({"steel": [3, 1], "silk": [1, 3]}, index=["Wuxi", "Suzhou"]))
                     share  size  specialisation
    region industry
    Wuxi   steel      0.75  0.75             1.5
           silk       0.25  0.25             0.5
    Suzhou steel      0.25  0.25             0.5
           silk       0.75  0.75             1.5
    >>> cluster_index([[1, 2]])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: cluster_index: row 0: there is a single region, ...
    """
    table = read_crosstab(counts, "cluster_index")
    parts = {
        "share": table.row_shares().ravel(),
        "size": table.column_shares().ravel(),
        "specialisation": table.quotients().ravel(),
    }
    return pd.DataFrame(
        parts, index=pd.MultiIndex.from_product([table.rows, table.columns], names=["region", "industry"])
    )
