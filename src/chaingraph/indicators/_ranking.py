"""Ranks by a weighted mean of columns, and how far weights and unknown cells can move them."""

from __future__ import annotations

import math
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from chaingraph.errors import MeasureError, excerpt
from chaingraph.messages import tr
from chaingraph.metrics._ranks import EQUAL, RankBounds, are_equal, known_ranks, rank_bounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Values = NDArray[np.float64]

METHOD = "OECD and JRC 2008, Handbook on Constructing Composite Indicators, min-max normalisation and linear weighting"
_BLOCK = 4_000_000
_BOUNDLESS = 4.0
"""What a cell that nothing bounds can add to a score: more than all others together, whose weights may change."""


class _Cells(NamedTuple):
    """Normalised cells times the weight of their column, at the worst and at the best that they can be."""

    worst: Values
    best: Values


def ranking(
    frame: pd.DataFrame,
    weights: Mapping[str, object],
    *,
    high: pd.DataFrame | None = None,
    change: float = 0.2,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return between which ranks each row stands, by a weighted mean of columns, whatever its unknown cells hold.

    Each column is normalised to 0..1 between its smallest and largest known value, turned round where its weight is
    negative, and the score is their mean, weighted by the sizes of the weights (OECD and JRC 2008, Handbook on
    Constructing Composite Indicators, sections 5 and 6). A cell can be anything between its least and its most,
    an unknown one anything in its column's known range; each weight, independently, can be anything from
    ``1 - change`` to ``1 + change`` times itself. Rank 1 has the highest score; equal scores share their places, as in
    ``chaingraph.metrics._ranks``.

    Args:
        frame: One row per thing to rank; missing cells are unknown.
        weights: Columns of ``frame`` with their weights. Negative: less is better. Not 0, which would rank by nothing.
        high: The most that each cell can be, infinite where nothing bounds it; ``frame`` has the least then. None: the
            cells of ``frame`` are exact.
        change: How far weights may change, from 0 to below 1.
        draws: How many weights are drawn, each factor uniform.
        seed: Seed of the draws.

    Returns:
        A frame indexed as ``frame``, in the order of the bounds: ``score_low`` and ``score_high`` (at the given
        weights, unknown cells at their worst and best), ``rank`` (at the given weights, one more than the rows ahead;
        missing where unknown cells leave it open) and ``rank_size`` (how many rows have that rank and share the places
        from it on; missing likewise), ``rank_low`` and ``rank_high`` (no weights within ``change`` and no values of
        unknown cells give a place outside; found by comparing each two rows over all of these, so that some place
        inside may be out of reach), ``drawn_low`` and ``drawn_high`` (the best and worst place at the given and the
        drawn weights over all values of unknown cells, each of them within reach), ``bounded`` (how many cells are
        known between bounds only) and ``unknown`` (how many are not known at all). Wider ``change`` never narrows the
        first two, more draws never the second; nor does one more unknown cell either, as long as the known range of its
        column stays. ``attrs`` has weights, change, draws, seed, method and
        ``left_out``: columns that tell no two rows apart, with the reason; they count for nothing.

    Raises:
        MeasureError: A weight names no column or one of text, is no number or 0, no column tells two rows apart, all
            rows have the same score, or ``change`` or ``draws`` are out of range.

    >>> frame = pd.DataFrame({"members": [10, None, 0]}, index=["a", "b", "c"])
    >>> ranking(frame, {"members": 1.0})[["score_low", "score_high", "rank_low", "rank_high"]]
       score_low  score_high  rank_low  rank_high
    a        1.0         1.0         1          2
    b        0.0         1.0         1          3
    c        0.0         0.0         2          3
    """
    _check_range(change, draws)
    cells, left_out = _cells(frame, frame if high is None else high, _checked_weights(frame, weights))
    places = pd.DataFrame(_places(cells, change, draws, seed), index=frame.index)
    weighed = [name for name in weights if name not in left_out]
    is_bounded = (frame if high is None else high)[weighed] > frame[weighed]
    bounded = is_bounded.fillna(value=False).sum(axis=1).astype("int64")
    ranks = _in_order(places.assign(bounded=bounded, unknown=frame[weighed].isna().sum(axis=1).astype("int64")))
    ranks.attrs = {"weights": dict(weights), "change": change, "draws": draws, "seed": seed, "method": METHOD}
    ranks.attrs["left_out"] = left_out
    return ranks


def _places(cells: _Cells, change: float, draws: int, seed: int) -> dict[str, Any]:
    """Return the columns of scores and places, one number per row."""
    low, high = cells.worst.sum(axis=1), cells.best.sum(axis=1)
    if are_equal(np.concatenate([low, high])):
        _refuse(
            tr("all rows have the same score at these weights, {low:.6g}; change a weight, or weigh more", low=low[0]),
            None,
        )
    rank, rank_size = known_ranks(low, high)
    rank_low, rank_high = _outer_bounds(cells, change)
    sample_low, sample_high = _sampled_bounds(cells, change, draws, seed, rank_bounds(low, high))
    return {
        "score_low": np.clip(low, 0, 1),
        "score_high": np.clip(high, 0, 1),
        "rank": pd.array(rank).astype("Int64"),
        "rank_size": pd.array(rank_size).astype("Int64"),
        # Rounding of the two ways to add up may move a tie; what the draws reached is never outside.
        "rank_low": np.minimum(rank_low, sample_low),
        "rank_high": np.maximum(rank_high, sample_high),
        "drawn_low": sample_low,
        "drawn_high": sample_high,
    }


def _in_order(ranks: pd.DataFrame) -> pd.DataFrame:
    """Return the ranks in the order of their bounds, then of the scores, the best first."""
    keys = (np.arange(len(ranks)), -ranks["score_low"], -ranks["score_high"], ranks["rank_high"], ranks["rank_low"])
    return ranks.iloc[np.lexsort(keys)]


def _checked_weights(frame: pd.DataFrame, weights: Mapping[str, object]) -> dict[str, float]:
    """Return weights as numbers, once each names a column of numbers.

    Raises:
        MeasureError: There is none, or one names no column or one of text, is no number, not finite, or 0.
    """
    numeric = [
        str(name)
        for name in frame.columns
        if pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])
    ]
    numbers = {}
    for name, weight in weights.items():
        place = f"weight '{excerpt(name)}'"
        if name not in frame.columns:
            close = get_close_matches(name, numeric, n=3, cutoff=0.4)
            hint = (
                tr("did you mean {close}?", close=tr(" or ").join(close))
                if close
                else tr("expected one of {numeric}", numeric=", ".join(numeric))
            )
            _refuse(tr("there is no such column; {hint}", hint=hint), place)
        if name not in numeric:
            reason = tr(
                "the column holds text or yes and no, of which there is no mean; expected {examples}",
                examples=_examples(numeric),
            )
            _refuse(reason, place)
        numbers[name] = _finite(weight, place)
    if not numbers:
        reason = tr("no column has a weight; give one to at least one of {numeric}", numeric=", ".join(numeric))
        _refuse(reason, None)
    return numbers


def _finite(weight: object, place: str) -> float:
    if not isinstance(weight, int | float) or isinstance(weight, bool):
        _refuse(tr("expected a number, and got {weight}", weight=excerpt(repr(weight))), place)
    try:
        number = float(weight)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        _refuse(tr("expected a finite number"), place)
    if number == 0:
        _refuse(tr("a weight of 0 ranks by nothing, however it changes; leave it out"), place)
    return number


def _examples(names: list[str]) -> str:
    return (
        tr("one such as {names}", names=", ".join(names[:5]))
        if names
        else tr("a column of numbers, of which there is none")
    )


def _refuse(reason: str, place: str | None) -> NoReturn:
    raise MeasureError(reason, measure="ranking", place=place)


def _check_range(change: float, draws: int) -> None:
    if not 0 <= change < 1:
        _refuse(tr("change is {change}, expected a number from 0 to below 1", change=change), None)
    if draws < 1:
        _refuse(tr("draws is {draws}, expected a number of at least 1", draws=draws), None)


def _cells(frame: pd.DataFrame, high: pd.DataFrame, weights: Mapping[str, float]) -> tuple[_Cells, dict[str, str]]:
    """Return the weighted cells of the columns that tell rows apart, and why the others are left out."""
    worst, best, boundless, sizes, left_out = [], [], [], [], {}
    for name, weight in weights.items():
        low, most = (part[name].to_numpy(dtype=np.float64, na_value=np.nan) for part in (frame, high))
        _check_ends(frame, name, low, most)
        known = ~np.isnan(low)
        if not known.any():
            left_out[name] = tr("nothing is known of it")
            continue
        ends = np.concatenate([low[known], most[known & np.isfinite(most)]])
        bottom, top = ends.min(), ends.max()
        if bottom == top:
            left_out[name] = tr("every known value is {bottom:g}", bottom=bottom)
            continue
        # Halves keep the difference of the largest numbers finite.
        first, last = ((np.minimum(end, top) / 2 - bottom / 2) / (top / 2 - bottom / 2) for end in (low, most))
        worst.append(np.where(known, 1 - last if weight < 0 else first, 0.0))
        best.append(np.where(known, 1 - first if weight < 0 else last, 1.0))
        boundless.append(np.isinf(most) * math.copysign(_BOUNDLESS, weight))
        sizes.append(abs(weight))
    if not sizes:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
        _refuse(tr("no column tells two rows apart ({reasons}); weigh another", reasons=reasons), None)
    shares = np.array(sizes) / max(sizes)
    shares /= shares.sum()
    beyond = np.column_stack(boundless)
    lowest, highest = (np.column_stack(columns) * shares for columns in (worst, best))
    return _Cells(lowest + np.minimum(beyond, 0), highest + np.maximum(beyond, 0)), left_out


def _check_ends(frame: pd.DataFrame, name: str, low: Values, high: Values) -> None:
    """Refuse a cell that is infinite, or whose most is less than its least."""
    for rows, reason in (
        (np.isinf(low), tr("is infinite, which has no place in a mean")),
        ((np.isnan(low) != np.isnan(high)) | (high < low), tr("has a most below its least, or only one of them")),
    ):
        if rows.any():
            row = frame.index[int(rows.argmax())]
            _refuse(f"row '{excerpt(str(row))}' {reason}", f"column '{name}'")


def _sampled_bounds(cells: _Cells, change: float, draws: int, seed: int, given: RankBounds) -> RankBounds:
    """Return the best and the worst place of each row at the given weights and at random ones."""
    rng = np.random.default_rng(seed)
    best, worst = given
    for _ in range(draws):
        factors = 1 + change * (2 * rng.random(cells.worst.shape[1]) - 1)
        bounds = rank_bounds(cells.worst @ factors, cells.best @ factors)
        best, worst = np.minimum(best, bounds.best), np.maximum(worst, bounds.worst)
    return RankBounds(best, worst)


def _outer_bounds(cells: _Cells, change: float) -> RankBounds:
    """Return bounds of each place over all weights and unknown cells: who surely is ahead, who may be, or may be equal.

    One row is ahead of another by the sum of the differences of their weighted cells. Where each weight can change by
    itself, that sum is largest with the positive ones larger and the negative ones smaller, which adds ``change`` times
    the sum of the sizes of the differences.
    """
    size = len(cells.worst)
    low, high = cells.worst.sum(axis=1), cells.best.sum(axis=1)
    best, worst = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    step = max(1, _BLOCK // max(size, 1))
    for start in range(0, size, step):
        rows = slice(start, start + step)
        own = np.arange(start, min(start + step, size))
        most = high - low[rows, None] + change * cdist(cells.worst[rows], cells.best, "cityblock")
        most[own - start, own] = 0
        worst[rows] = (most >= -EQUAL).sum(axis=1)
        least = low - high[rows, None] - change * cdist(cells.best[rows], cells.worst, "cityblock")
        best[rows] = 1 + (least > EQUAL).sum(axis=1)
    return RankBounds(best, worst)
