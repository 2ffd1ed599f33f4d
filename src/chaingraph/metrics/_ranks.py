"""Ranks: the places of values in order, for every table and page that ranks.

Standard competition ranking: a rank is one more than the number of values ahead, and equal values share their places,
of which the rank is the first and ``rank_size`` their number. Values that differ by rounding only are equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping

Values = NDArray[np.float64]
Places = NDArray[np.int64]

EQUAL = 1e-9
"""Values that differ by no more than this share of themselves are equal: sums round differently in another order."""
_NOTHING = 1e-12
"""Nor do values differ that are this share of the largest value apart: what stands for 0 is seldom exactly 0."""


class RankBounds(NamedTuple):
    """The best and the worst place of each value; places count from 1, the largest value."""

    best: Places
    worst: Places


def rank_bounds(low: Values, high: Values | None = None) -> RankBounds:
    """Return the places that each value can have, if it is anything from its low to its high end.

    Values are free of each other, so that every value can have both of its ends. Of exact values, best and worst are
    the first and the last of the places that it shares with its equals: all of a tie have the same two. What has no
    value (NaN) comes last, as one tie.

    Args:
        low: The least that each value can be.
        high: The most that each value can be; the values are exact if None.

    >>> rank_bounds(np.array([5.0, 7.0, 5.0, np.nan]))
    RankBounds(best=array([2, 1, 2, 4]), worst=array([3, 1, 3, 4]))
    >>> rank_bounds(np.array([0.0, 0.2, 0.6]), np.array([0.9, 0.3, 0.6]))
    RankBounds(best=array([1, 2, 1]), worst=array([3, 3, 2]))
    """
    least, most = _ends(low, low if high is None else high)
    best = 1 + len(low) - np.searchsorted(np.sort(least), most, side="right")
    return RankBounds(best.astype(np.int64), (len(low) - np.searchsorted(np.sort(most), least)).astype(np.int64))


def known_ranks(low: Values, high: Values) -> tuple[Values, Values]:
    """Return the rank of each value and how many have it, NaN where the ends of the values leave that open.

    The rank is known if all that may be ahead surely are, and their number if all that may be equal surely are.

    >>> [part.tolist() for part in known_ranks(np.array([9.0, 5.0, 5.0, 0.0]), np.array([9.0, 5.0, 5.0, 5.0]))]
    [[1.0, 2.0, 2.0, nan], [1.0, nan, nan, nan]]
    """
    least, most = _ends(low, high)
    bounds = rank_bounds(low, high)
    ahead = len(low) - np.searchsorted(np.sort(most), least, side="right") - (most > least)
    is_known = ahead == bounds.best - 1
    exact = np.sort(least[least == most])
    equal = np.searchsorted(exact, most, side="right") - np.searchsorted(exact, least)
    size = bounds.worst - ahead
    return np.where(is_known, 1.0 + ahead, np.nan), np.where(is_known & (size == equal), size, np.nan)


def are_equal(values: Values) -> bool:
    """Tell whether no two of the values differ, so that they rank nothing; what has no value (NaN) is left out.

    >>> are_equal(np.array([0.1 + 0.2, 0.3, np.nan])), are_equal(np.array([0.0, 1e-5]))
    (True, False)
    """
    known = values[~np.isnan(values)]
    return len(known) == 0 or int(_codes(known).max()) == 0


def with_rank_bounds(frame: pd.DataFrame, indicators: Mapping[str, bool], *, by: str | None = None) -> pd.DataFrame:
    """Return a frame with the first and the last place that each row can have by each of some indicators.

    The columns are ``rank_NAME_low`` and ``rank_NAME_high``: of an indicator with bounds, ``NAME_low`` and
    ``NAME_high``, the places over all values between them; of another, the places that its equals share. A row without
    a value has no rank, nor has any row if the indicator is the same for all.

    Args:
        frame: One row per thing to rank.
        indicators: The indicators, and whether the least has rank 1, instead of the largest.
        by: A column; rows are ranked among those with the same value of it.

    >>> frame = pd.DataFrame({"loss_low": [0.2, 0.1], "loss_high": [0.3, 0.9]})
    >>> with_rank_bounds(frame, {"loss": False})["rank_loss_high"].tolist()
    [2, 2]
    """
    every = np.arange(len(frame))
    groups = [every] if by is None else list(frame.groupby(by).indices.values())
    result = frame.copy()
    for name, least_first in indicators.items():
        low, high = _indicator_ends(frame, name, least_first=least_first)
        bounds = np.full((2, len(frame)), np.nan)
        for rows in groups:
            if not are_equal(np.concatenate([low[rows], high[rows]])):
                bounds[:, rows] = np.where(np.isnan(low[rows]), np.nan, rank_bounds(low[rows], high[rows]))
        for bound, values in zip(("low", "high"), bounds, strict=True):
            result[f"rank_{name}_{bound}"] = pd.array(values).astype("Int64")
    return result


def _indicator_ends(frame: pd.DataFrame, name: str, *, least_first: bool) -> tuple[Values, Values]:
    columns = (name, name) if name in frame.columns else (f"{name}_low", f"{name}_high")
    ends = frame[list(columns)].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    low, high = ends.T.astype(np.float64)
    return (-high, -low) if least_first else (low, high)


def rank_text(first: int, last: int) -> str:
    """Return the places of a rank as a text: the one, or the first and the last of those that a tie shares.

    >>> rank_text(3, 3), rank_text(15, 184)
    ('3', '15–184')
    """
    return str(first) if first == last else f"{first}\N{EN DASH}{last}"


def _ends(low: Values, high: Values) -> tuple[Places, Places]:
    """Return the two ends of each value as codes that compare as the ends do."""
    codes = _codes(np.concatenate([low, high]))
    return codes[: len(low)], codes[len(low) :]


def _codes(values: Values) -> Places:
    """Return for each value the number of different smaller ones, NaN being the smallest."""
    filled = np.where(np.isnan(values), -np.inf, values)
    order = np.argsort(filled, kind="stable")
    rising = filled[order]
    finite = np.abs(rising[np.isfinite(rising)])
    scale = _NOTHING * finite.max(initial=0.0)
    with np.errstate(invalid="ignore", over="ignore"):
        is_equal = np.diff(rising) <= EQUAL * np.maximum(np.abs(rising[:-1]), np.abs(rising[1:])) + scale
    # Infinite ends: equal to each other, far from all else.
    infinite = ~np.isfinite(rising[:-1]) | ~np.isfinite(rising[1:])
    is_equal = np.where(infinite, rising[:-1] == rising[1:], is_equal)
    codes = np.empty(len(values), dtype=np.int64)
    codes[order] = np.concatenate([[0], np.cumsum(~is_equal)]) if len(values) else 0
    return codes
