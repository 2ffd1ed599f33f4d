"""Plants: concentration beyond what the size of the plants alone would bring, in the sense of a dartboard.

Here a plant is anything that stands in one region and one industry and has a size: an organisation with its staff or
budget. Where every region has the share x_r of all activity, s_r is the share of one industry and z_k that of one
of its plants, H = sum of z_k^2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from chaingraph.errors import MeasureError
from chaingraph.metrics.location.counts import Totals, Values, region_shares, several_regions

Plants = pd.DataFrame | Mapping[str, Sequence[Any]]
"""One plant a row, or the columns of such a table by name."""


class _Industries(NamedTuple):
    """What the plants say, one row an industry."""

    names: pd.Index[Any]
    shares: Values
    herfindahl: Values
    fourth: Values
    plants: Values
    region: Values


def ellison_glaeser(
    plants: Plants,
    *,
    region: str = "region",
    industry: str = "industry",
    size: str = "size",
    totals: Totals | None = None,
) -> pd.DataFrame:
    """Return Ellison and Glaeser's gamma of each industry, with the numbers that it is made of.

    G = sum of (s_r - x_r)^2 over the regions; gamma = (G - (1 - X) H) / ((1 - X)(1 - H)) with X = sum of x_r^2. Its
    expectation is 0 where plants fall on regions at random with the chances x_r, 1 where all fall together; below 0
    they avoid each other. Above 0.05 is strong, below 0.02 weak, say the authors. ``z`` is G less its expectation
    (1 - X) H, in its standard deviations at random. Ellison and Glaeser (1997, J. Polit. Econ. 105: 889-927).

    Args:
        plants: One plant a row.
        region: The column that names its region.
        industry: The column that names its industry.
        size: The column of its size: staff, turnover or the like.
        totals: All activity of each region, of regions without a plant too; the sizes summed if None.

    Returns:
        A frame indexed by industry with the columns gamma, G, HHI (which is H), z and plants. The gamma of an
        industry of one plant does not exist and is NaN; ``attrs["undefined"]`` gives the reason.

    Raises:
        MeasureError: A size, region or industry is missing; a size is negative; an industry has no size at all; there
            is a single region; or a region of a plant stands not in ``totals``.

    >>> plants = pd.DataFrame({"region": ["A", "A", "B"], "industry": ["x", "x", "x"], "size": [1, 1, 2]})
    >>> ellison_glaeser(plants, totals={"A": 50, "B": 50})[["gamma", "G", "HHI"]].round(4)
              gamma    G    HHI
    industry
    x          -0.6  0.0  0.375
    >>> lone = ellison_glaeser({"region": ["A", "B"], "industry": ["x", "y"], "size": [1, 1]})
    >>> lone["gamma"].tolist(), lone.attrs["undefined"]["x"]
    ([nan, nan], 'the industry has a single plant, whose place cannot be told from concentration')
    >>> ellison_glaeser({"region": ["A", "B"], "industry": ["x", "x"]})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: ellison_glaeser: the plants have no column 'size'; ...
    """
    known = _industries(plants, "ellison_glaeser", (region, industry, size), totals)
    x, h = known.region, known.herfindahl
    squared, cubed = np.square(x).sum(), (x**3).sum()
    spread = np.square(known.shares - x).sum(axis=1)
    variance = 2 * (h**2 * (squared - 2 * cubed + squared**2) - known.fourth * (squared - 4 * cubed + 3 * squared**2))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (spread - (1 - squared) * h) / np.sqrt(np.maximum(variance, 0)), np.nan)
    gamma = _beyond_size(spread, h, squared)
    columns = {"gamma": gamma, "G": spread, "HHI": h, "z": z, "plants": known.plants.astype(np.int64)}
    result = pd.DataFrame(columns, index=known.names)
    result.attrs["undefined"] = _undefined(known)
    return result


def maurel_sedillot(
    plants: Plants,
    *,
    region: str = "region",
    industry: str = "industry",
    size: str = "size",
    totals: Totals | None = None,
) -> pd.Series[float]:
    """Return Maurel and Sédillot's gamma of each industry: do two of its plants share a region more than at random?

    gamma = ((sum of s_r^2 - X) / (1 - X) - H) / (1 - H) with X = sum of x_r^2; that is (p - X) / (1 - X), where p is
    the chance that two plants of the industry, drawn by their sizes, stand in one region. 0 at random, at most 1.
    Maurel and Sédillot (1999, Reg. Sci. Urban Econ. 29: 575-604).

    Arguments, errors and ``attrs["undefined"]`` are those of ``ellison_glaeser``.

    >>> plants = {"region": ["A", "A", "B", "B"], "industry": ["x"] * 4, "size": [1, 1, 1, 1]}
    >>> maurel_sedillot(plants).round(4).to_dict()  # a third of the pairs share one, against a half at random
    {'x': -0.3333}
    >>> maurel_sedillot({"region": ["A", "A"], "industry": ["x", "x"], "size": [1, 2]})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: maurel_sedillot: region 'A': all activity stands in a single region, ...
    """
    known = _industries(plants, "maurel_sedillot", (region, industry, size), totals)
    squared = np.square(known.region).sum()
    excess = np.square(known.shares).sum(axis=1) - squared
    result = pd.Series(_beyond_size(excess, known.herfindahl, squared), index=known.names, name="maurel_sedillot")
    result.attrs["undefined"] = _undefined(known)
    return result


def _beyond_size(raw: Values, herfindahl: Values, squared: float) -> Values:
    """Return a raw concentration freed of the fineness of the regions and of the size of the plants."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(herfindahl < 1, (raw / (1 - squared) - herfindahl) / (1 - herfindahl), np.nan)


def _undefined(known: _Industries) -> dict[Any, str]:
    reason = "the industry has a single plant, whose place cannot be told from concentration"
    return dict.fromkeys(known.names[known.herfindahl >= 1], reason)


def _industries(plants: Plants, measure: str, columns: tuple[str, str, str], totals: Totals | None) -> _Industries:
    """Return shares by region and industry and the plants' concentration, once nothing forbids the measure."""
    frame = pd.DataFrame(plants)
    region, industry, size = (_column(frame, name, measure) for name in columns)
    sizes = _sizes(size, measure)
    codes, names = pd.factorize(industry, sort=True)
    sums = np.bincount(codes, weights=sizes, minlength=len(names))
    if not sums.all():
        reason = "the sizes of its plants add up to zero; leave the industry out"
        raise MeasureError(reason, measure=measure, place=f"industry '{names[int(np.argmin(sums))]}'")
    given = frame.groupby(columns[0], sort=True)[columns[2]].sum() if totals is None else totals
    known = region_shares(pd.Index(region.unique()), given, measure)
    several_regions(known, measure)
    at = known.index.get_indexer(pd.Index(region))
    shares = np.zeros((len(names), len(known)))
    np.add.at(shares, (codes, at), sizes)
    part = sizes / sums[codes]
    return _Industries(
        pd.Index(names, name=columns[1]),
        shares / sums[:, np.newaxis],
        np.asarray(np.bincount(codes, weights=part**2), dtype=np.float64),
        np.asarray(np.bincount(codes, weights=part**4), dtype=np.float64),
        np.asarray(np.bincount(codes), dtype=np.float64),
        np.asarray(known, dtype=np.float64),
    )


def _column(frame: pd.DataFrame, name: str, measure: str) -> pd.Series[Any]:
    if name not in frame.columns:
        reason = f"the plants have no column '{name}'; name the columns of region, industry and size"
        if name == "size":
            reason += ". Without sizes one great plant cannot be told from many: use locational_gini on their number"
        raise MeasureError(reason, measure=measure)
    column: pd.Series[Any] = frame[name]
    if len(column) == 0:
        reason = "there are no plants; give at least one"
        raise MeasureError(reason, measure=measure)
    if column.isna().any():
        place = f"row '{column.index[column.isna()][0]}', column '{name}'"
        reason = "the value is missing, and without it the index does not exist; fill it in, or leave the plant out"
        raise MeasureError(reason, measure=measure, place=place)
    return column


def _sizes(column: pd.Series[Any], measure: str) -> Values:
    try:
        sizes = np.asarray(column, dtype=np.float64)
    except (TypeError, ValueError):
        reason = "a size is no number; give numbers only"
        raise MeasureError(reason, measure=measure, place=f"column '{column.name}'") from None
    bad = ~(np.isfinite(sizes) & (sizes >= 0))
    if bad.any():
        place = f"row '{column.index[int(np.argmax(bad))]}', column '{column.name}'"
        reason = f"the size {sizes[bad][0]:g} is negative or infinite; correct it, or leave the plant out"
        raise MeasureError(reason, measure=measure, place=place)
    return sizes
