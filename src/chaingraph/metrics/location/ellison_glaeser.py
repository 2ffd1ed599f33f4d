"""Concentration beyond what the size of the plants alone would bring (Ellison-Glaeser, Maurel-Sédillot).

A plant is anything that is in one region and one industry and has a size: an organisation with its staff or
budget. Where every region has the share x_r of all activity, s_r is the share of one industry and z_k that of one
of its plants, H = sum of z_k^2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from chaingraph.errors import MeasureError
from chaingraph.messages import tr
from chaingraph.metrics.location._counts import Totals, Values, region_shares, several_regions

Plants = pd.DataFrame | Mapping[str, Sequence[Any]]
"""One row per plant, or the columns of such a table by name."""


class _Industries(NamedTuple):
    """What is computed from the plants, one row per industry; ``fourth`` sums the fourth powers of their shares."""

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
    """Return Ellison and Glaeser's gamma of each industry, with the numbers that it is computed from.

    G = sum of (s_r - x_r)^2 over the regions; gamma = (G - (1 - X) H) / ((1 - X)(1 - H)) with X = sum of x_r^2. Its
    expectation is 0 where plants fall on regions at random with the chances x_r, 1 where all fall together; below 0
    they avoid each other. Above 0.05 is strong, below 0.02 weak, say the authors. ``z`` is G less its expectation
    (1 - X) H, in its standard deviations at random. Ellison and Glaeser (1997, J. Polit. Econ. 105: 889-927).

    Args:
        plants: One row per plant.
        region: The column that names its region.
        industry: The column that names its industry.
        size: The column of its size: staff, turnover or the like.
        totals: All activity of each region, of regions without a plant too; the sizes summed if None.

    Returns:
        A frame indexed by industry with the columns gamma, G, HHI (which is H), z and plants. The gamma of an
        industry of one plant does not exist and is NaN; ``attrs["undefined"]["gamma"]`` then gives the reason.

    Raises:
        MeasureError: A size, region or industry is missing; a size is negative; an industry has no size at all; there
            is a single region; or a region of a plant is not in ``totals``.

    >>> plants = pd.DataFrame({"region": ["A", "A", "B"], "industry": ["x", "x", "x"], "size": [1, 1, 2]})
    >>> ellison_glaeser(plants, totals={"A": 50, "B": 50})[["gamma", "G", "HHI"]].round(4)
              gamma    G    HHI
    industry
    x          -0.6  0.0  0.375
    >>> single = ellison_glaeser({"region": ["A", "B"], "industry": ["x", "y"], "size": [1, 1]})
    >>> single["gamma"].tolist(), single.attrs["undefined"]["gamma"]
    ([nan, nan], 'the industry has a single plant, whose place cannot be told from concentration')
    >>> ellison_glaeser({"region": ["A", "B"], "industry": ["x", "x"]})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: ellison_glaeser: the plants have no column 'size'; ...
    """
    table = _industries(plants, "ellison_glaeser", (region, industry, size), totals)
    x, h = table.region, table.herfindahl
    squared, cubed = np.square(x).sum(), (x**3).sum()
    spread = np.square(table.shares - x).sum(axis=1)
    variance = 2 * (h**2 * (squared - 2 * cubed + squared**2) - table.fourth * (squared - 4 * cubed + 3 * squared**2))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (spread - (1 - squared) * h) / np.sqrt(np.maximum(variance, 0)), np.nan)
    gamma = _beyond_size(spread, h, squared)
    columns = {"gamma": gamma, "G": spread, "HHI": h, "z": z, "plants": table.plants.astype(np.int64)}
    result = pd.DataFrame(columns, index=table.names)
    result.attrs["undefined"] = _undefined(table, "gamma")
    return result


def maurel_sedillot(
    plants: Plants,
    *,
    region: str = "region",
    industry: str = "industry",
    size: str = "size",
    totals: Totals | None = None,
) -> pd.Series[float]:
    """Return Maurel and Sédillot's gamma of each industry: how much more than at random two plants share a region.

    gamma = ((sum of s_r^2 - X) / (1 - X) - H) / (1 - H) with X = sum of x_r^2; that is (p - X) / (1 - X), where p is
    the chance that two plants of the industry, drawn by their sizes, are in one region. 0 at random, at most 1.
    Maurel and Sédillot (1999, Reg. Sci. Urban Econ. 29: 575-604).

    Arguments and errors are those of ``ellison_glaeser``; ``attrs["undefined"]`` gives the reason where it is NaN.

    >>> plants = {"region": ["A", "A", "B", "B"], "industry": ["x"] * 4, "size": [1, 1, 1, 1]}
    >>> maurel_sedillot(plants).round(4).to_dict()  # a third of the pairs share one, against a half at random
    {'x': -0.3333}
    >>> maurel_sedillot({"region": ["A", "A"], "industry": ["x", "x"], "size": [1, 2]})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    chaingraph.errors.MeasureError: maurel_sedillot: region 'A': all activity stands in a single region, ...
    """
    table = _industries(plants, "maurel_sedillot", (region, industry, size), totals)
    squared = np.square(table.region).sum()
    excess = np.square(table.shares).sum(axis=1) - squared
    result = pd.Series(_beyond_size(excess, table.herfindahl, squared), index=table.names, name="maurel_sedillot")
    result.attrs["undefined"] = _undefined(table, "maurel_sedillot")
    return result


def _beyond_size(raw: Values, herfindahl: Values, squared: float) -> Values:
    """Return a raw concentration corrected for the number and size of the regions and for the size of the plants."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(herfindahl < 1, (raw / (1 - squared) - herfindahl) / (1 - herfindahl), np.nan)


def _undefined(table: _Industries, column: str) -> dict[str, str]:
    reason = tr("the industry has a single plant, whose place cannot be told from concentration")
    return {column: reason} if (table.herfindahl >= 1).any() else {}


def _industries(plants: Plants, measure: str, columns: tuple[str, str, str], totals: Totals | None) -> _Industries:
    """Return shares by region and industry and the plants' concentration, once nothing forbids the measure."""
    frame = pd.DataFrame(plants)
    region, industry, size = (_column(frame, name, measure) for name in columns)
    sizes = _sizes(size, measure)
    codes, names = pd.factorize(industry, sort=True)
    sums = np.bincount(codes, weights=sizes, minlength=len(names))
    if not sums.all():
        reason = tr("the sizes of its plants add up to zero; leave the industry out")
        raise MeasureError(reason, measure=measure, place=f"industry '{names[int(np.argmin(sums))]}'")
    by_region = frame.groupby(columns[0], sort=True)[columns[2]].sum() if totals is None else totals
    all_shares = region_shares(pd.Index(region.unique()), by_region, measure)
    several_regions(all_shares, measure)
    positions = all_shares.index.get_indexer(pd.Index(region))
    shares = np.zeros((len(names), len(all_shares)))
    np.add.at(shares, (codes, positions), sizes)
    part = sizes / sums[codes]
    return _Industries(
        pd.Index(names, name=columns[1]),
        shares / sums[:, np.newaxis],
        np.asarray(np.bincount(codes, weights=part**2), dtype=np.float64),
        np.asarray(np.bincount(codes, weights=part**4), dtype=np.float64),
        np.asarray(np.bincount(codes), dtype=np.float64),
        np.asarray(all_shares, dtype=np.float64),
    )


def _column(frame: pd.DataFrame, name: str, measure: str) -> pd.Series[Any]:
    if name not in frame.columns:
        reason = tr("the plants have no column '{name}'; name the columns of region, industry and size", name=name)
        if name == "size":
            reason += tr(
                ". Without sizes one great plant cannot be told from many: use locational_gini on their number"
            )
        raise MeasureError(reason, measure=measure)
    column: pd.Series[Any] = frame[name]
    if len(column) == 0:
        reason = tr("there are no plants; give at least one")
        raise MeasureError(reason, measure=measure)
    if column.isna().any():
        place = tr("row '{index}', column '{name}'", index=column.index[column.isna()][0], name=name)
        reason = tr("the value is missing, and without it the index does not exist; fill it in, or leave the plant out")
        raise MeasureError(reason, measure=measure, place=place)
    return column


def _sizes(column: pd.Series[Any], measure: str) -> Values:
    try:
        sizes = np.asarray(column, dtype=np.float64)
    except (TypeError, ValueError):
        reason = tr("a size is no number; give numbers only")
        raise MeasureError(reason, measure=measure, place=f"column '{column.name}'") from None
    bad = ~(np.isfinite(sizes) & (sizes >= 0))
    if bad.any():
        place = tr("row '{index}', column '{name}'", index=column.index[int(np.argmax(bad))], name=column.name)
        reason = tr(
            "the size {sizes:g} is negative or infinite; correct it, or leave the plant out", sizes=sizes[bad][0]
        )
        raise MeasureError(reason, measure=measure, place=place)
    return sizes
