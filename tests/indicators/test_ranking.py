"""A rank by weights holds as far as the weights and what nobody knows let it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from chaingraph.errors import MeasureError
from chaingraph.indicators import ranking

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

EQUAL = 1e-9
BOUNDS = ["rank_low", "rank_high"]


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Small whole numbers, some unknown; the first two rows keep each column's range."""
    size, width = draw(st.integers(2, 6)), draw(st.integers(1, 4))
    cells = st.one_of(st.none(), st.integers(0, 8))
    rows = [[0] * width, [8] * width] + [[draw(cells) for _ in range(width)] for _ in range(size - 2)]
    shuffled = [draw(st.permutations([row[column] for row in rows])) for column in range(width)]
    names = [f"c{column}" for column in range(width)]
    return pd.DataFrame(dict(zip(names, shuffled, strict=True)), dtype="Int64")


def weights_of(frame: pd.DataFrame, rng: np.random.Generator) -> dict[str, float]:
    return {name: float(rng.choice([-2, -1, 0.5, 1, 3])) for name in frame.columns}


def plain_places(cells: Values, weights: Values) -> tuple[Values, Values]:
    """Place rows without unknown cells: normalise 0..8 to 0..1, take the mean, count who is ahead, and who is equal."""
    shares = np.where(weights < 0, 8 - cells, cells) / 8
    scores = shares @ abs(weights) / abs(weights).sum()
    ahead = (scores > scores[:, None] + EQUAL).sum(axis=1)
    return ahead + 1, (scores >= scores[:, None] - EQUAL).sum(axis=1)


def ranked(frame: pd.DataFrame, weights: dict[str, float], **settings: Any) -> pd.DataFrame:  # noqa: ANN401
    """Rank, unless chance made all scores equal, which is refused."""
    try:
        return ranking(frame, weights, **settings)
    except MeasureError as error:
        if not error.reason.startswith("all rows have the same score"):
            raise
        reject()


def bounds(found: pd.DataFrame, row: str) -> list[int]:
    return [int(found[name].to_dict()[row]) for name in BOUNDS]


@settings(max_examples=25, deadline=None)
@given(frames(), st.integers(0, 10_000), st.floats(0, 0.9))
def test_no_admissible_weights_and_values_lead_outside_the_bounds(
    frame: pd.DataFrame, seed: int, change: float
) -> None:
    rng = np.random.default_rng(seed)
    weights = weights_of(frame, rng)
    found = ranked(frame, weights, change=change, draws=5, seed=seed).sort_index()
    low, high = (found[name].to_numpy() for name in BOUNDS)
    cells = frame.to_numpy(dtype=float, na_value=np.nan)
    for _ in range(30):
        ends = rng.choice([0.0, 8.0], cells.shape), rng.choice([1 - change, 1 + change], len(weights))
        inner = rng.uniform(0, 8, cells.shape), rng.uniform(1 - change, 1 + change, len(weights))
        values, factors = ends if rng.random() < 0.5 else inner
        filled = np.where(np.isnan(cells), values, cells)
        first, last = plain_places(filled, np.array(list(weights.values())) * factors)
        assert (low <= first).all()
        assert (last <= high).all()


@settings(max_examples=25, deadline=None)
@given(frames(), st.integers(0, 10_000))
def test_a_wider_change_and_more_unknown_cells_never_narrow_the_bounds(frame: pd.DataFrame, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = weights_of(frame, rng)
    narrow = ranked(frame, weights, change=0.1, draws=3).sort_index()
    wide = ranked(frame, weights, change=0.4, draws=3).sort_index()
    assert (wide["rank_low"] <= narrow["rank_low"]).all()
    assert (wide["rank_high"] >= narrow["rank_high"]).all()
    inner = [(row, name) for name in frame for row, value in frame[name].dropna().items() if value not in (0, 8)]
    if inner:
        row, name = inner[int(rng.integers(len(inner)))]
        less = frame.copy()
        less.loc[row, name] = pd.NA
        more = ranked(less, weights, change=0.1, draws=3).sort_index()
        for low, high in (("rank_low", "rank_high"), ("drawn_low", "drawn_high"), ("score_low", "score_high")):
            assert (more[low] <= narrow[low] + EQUAL).all()
            assert (more[high] >= narrow[high] - EQUAL).all()


@settings(max_examples=15, deadline=None)
@given(frames(), st.integers(0, 10_000))
def test_names_and_order_of_the_rows_move_no_rank(frame: pd.DataFrame, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = weights_of(frame, rng)
    found = ranked(frame, weights, draws=5).sort_index()
    order = rng.permutation(len(frame))
    moved = frame.iloc[order].set_axis([f"x{row}" for row in order])
    again = ranked(moved, weights, draws=5)
    pd.testing.assert_frame_equal(again.loc[[f"x{row}" for row in frame.index]].set_axis(frame.index), found)


@settings(max_examples=15, deadline=None)
@given(frames(), st.integers(0, 10_000))
def test_every_drawn_rank_is_inside_the_bounds_and_more_draws_never_narrow(frame: pd.DataFrame, seed: int) -> None:
    weights = weights_of(frame, np.random.default_rng(seed))
    few, many = (ranked(frame, weights, draws=draws, seed=seed).sort_index() for draws in (2, 10))
    assert (many["rank_low"] <= many["drawn_low"]).all()
    assert (many["drawn_low"] <= few["drawn_low"]).all()
    assert (few["drawn_high"] <= many["drawn_high"]).all()
    assert (many["drawn_high"] <= many["rank_high"]).all()
    assert few[BOUNDS].equals(many[BOUNDS])


def test_without_unknown_cells_and_change_the_rank_is_the_only_one() -> None:
    frame = pd.DataFrame({"members": [10, 4, 4, 0], "risk": [0.5, 0.0, 0.0, 1.0]}, index=list("abcd"))
    found = ranking(frame, {"members": 1, "risk": -1}, change=0)
    # a: (1 + 0.5) / 2; b and c: (0.4 + 1) / 2; d: 0.
    assert found["score_low"].tolist() == pytest.approx([0.75, 0.7, 0.7, 0.0])
    assert found["score_high"].tolist() == pytest.approx([0.75, 0.7, 0.7, 0.0])
    for name in ("rank", "rank_low", "drawn_low"):
        assert dict(found[name]) == {"a": 1, "b": 2, "c": 2, "d": 4}
    # b and c share the places 2 and 3.
    for name in ("rank_high", "drawn_high"):
        assert dict(found[name]) == {"a": 1, "b": 3, "c": 3, "d": 4}
    assert dict(found["rank_size"]) == {"a": 1, "b": 2, "c": 2, "d": 1}
    assert found.attrs["left_out"] == {}
    assert {name: found.attrs[name] for name in ("weights", "change", "draws", "seed")} == {
        "weights": {"members": 1, "risk": -1},
        "change": 0,
        "draws": 1000,
        "seed": 0,
    }


def test_a_change_of_weights_opens_the_ranks_that_it_can_turn_and_no_other() -> None:
    frame = pd.DataFrame({"members": [10, 9, 0], "platforms": [0, 2, 0]}, index=list("abc"))
    frame.loc["d"] = [0, 10]
    # a: 1, 0; b: 0.9, 0.2; d: 0, 1. a passes b where members weigh more than twice as much, d where platforms weigh
    # more than 9/8 as much: never both at once, so that two are ahead of b in the bounds but in no draw.
    kept = ranking(frame, {"members": 1.0, "platforms": 1.0}, change=0.2)
    assert dict(kept["rank"]) == {"b": 1, "a": 2, "d": 2, "c": 4}
    assert bounds(kept, "b") == [1, 2]
    assert bounds(kept, "a") == [2, 3]
    turned = ranking(frame, {"members": 1.0, "platforms": 1.0}, change=0.5)
    assert bounds(turned, "b") == [1, 3]
    assert [turned[name].to_dict()["b"] for name in ("drawn_low", "drawn_high")] == [1, 2]
    assert bounds(turned, "a") == [1, 3]
    assert bounds(turned, "c") == [4, 4]


def test_a_column_that_tells_nobody_apart_counts_for_nothing_and_is_named() -> None:
    frame = pd.DataFrame({"members": [2, 1], "level": [3, 3], "budget": [None, None]}, dtype="Float64")
    found = ranking(frame, {"members": 1, "level": 5, "budget": 5})
    assert found.attrs["left_out"] == {"level": "every known value is 3", "budget": "nothing is known of it"}
    assert found[[*BOUNDS, "unknown"]].to_numpy().tolist() == [[1, 1, 0], [2, 2, 0]]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"member": 1}, "ranking: weight 'member': there is no such column; did you mean members?"),
        ({"label": 1}, "weight 'label': the column holds text or yes and no, of which there is no mean"),
        ({"members": 0}, "weight 'members': a weight of 0 ranks by nothing"),
        ({"members": float("nan")}, "weight 'members': expected a finite number"),
        ({"members": 10**400}, "weight 'members': expected a finite number"),
        ({"members": True}, "weight 'members': expected a number, and got True"),
        ({}, "no column has a weight"),
        ({"level": 1}, r"no column tells two rows apart \(level: every known value is 3\)"),
        ({"ratio": 1}, "column 'ratio': row '1' is infinite"),
    ],
)
def test_weights_that_cannot_rank_are_refused_with_the_reason(weights: dict[str, float], message: str) -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "members": [1, 2], "level": [3, 3], "ratio": [1, np.inf]})
    with pytest.raises(MeasureError, match=message):
        ranking(frame, weights)


@pytest.mark.parametrize(("change", "draws"), [(1.0, 5), (-0.1, 5), (float("nan"), 5), (0.2, 0)])
def test_a_change_or_a_number_of_draws_out_of_range_is_refused(change: float, draws: int) -> None:
    with pytest.raises(MeasureError, match="expected a number"):
        ranking(pd.DataFrame({"members": [1, 2]}), {"members": 1}, change=change, draws=draws)


def test_numbers_of_any_size_rank_without_overflow() -> None:
    frame = pd.DataFrame({"a": [-1.7e308, 1.7e308, 0.0], "b": [1e-300, 0.0, 0.0]})
    found = ranking(frame, {"a": 1e308, "b": 1e308}).sort_index()
    # Normalised a: 0, 1, 0.5; b: 1, 0, 0.
    assert found["score_low"].tolist() == pytest.approx([0.5, 0.5, 0.25])
    assert found["rank"].tolist() == [1, 1, 3]


def test_rows_of_one_score_are_refused_as_nothing_ranks_them() -> None:
    frame = pd.DataFrame({"members": [10, 0], "platforms": [0, 10]})
    said = "all rows have the same score at these weights, 0.5; change a weight, or weigh more"
    with pytest.raises(MeasureError, match=said):
        ranking(frame, {"members": 1, "platforms": 1})


def test_how_many_share_a_rank_is_open_where_an_unknown_cell_may_be_equal() -> None:
    frame = pd.DataFrame({"members": [10, None, 0, 0]}, index=list("abcd"))
    found = ranking(frame, {"members": 1})
    # b may be as good as a, or as bad as c and d: nobody is surely ahead of a, and nobody knows how many are equal.
    assert found[["rank", "rank_size"]].astype(object).where(lambda cells: cells.notna(), None).to_dict("index") == {
        "a": {"rank": 1, "rank_size": None},
        "b": {"rank": None, "rank_size": None},
        "c": {"rank": None, "rank_size": None},
        "d": {"rank": None, "rank_size": None},
    }
    assert found[BOUNDS].to_numpy().tolist() == [[1, 2], [1, 4], [2, 4], [2, 4]]


def test_a_lower_bound_is_ranked_from_itself_to_its_most_and_never_as_a_value() -> None:
    least = pd.DataFrame({"members": [6, 2, 5, 11]}, index=list("abcd"))
    most = pd.DataFrame({"members": [54, np.inf, 5, 11]}, index=list("abcd"))
    found = ranking(least, {"members": 1}, high=most)
    # a may have 6 to 54, b 2 to anything, c and d are exact.
    assert found.loc[list("abcd"), BOUNDS].to_numpy().tolist() == [[1, 3], [1, 4], [3, 4], [1, 3]]
    assert found["rank"].isna().all()
    assert found["bounded"].to_dict() == {"a": 1, "b": 1, "c": 0, "d": 0}
    # What nothing bounds can be ahead by a small weight, too.
    with_second = least.assign(platforms=[9, 0, 9, 9])
    second = ranking(with_second, {"members": 0.01, "platforms": 1}, high=most.assign(platforms=[9, 0, 9, 9]))
    assert second.loc[["b"], BOUNDS].to_numpy().tolist() == [[1, 4]]
    # Fewer is better: the least is the best that it can be.
    assert ranking(least, {"members": -1}, high=most).loc[["b"], BOUNDS].to_numpy().tolist() == [[1, 4]]
    with pytest.raises(MeasureError, match="row 'a' has a most below its least"):
        ranking(least, {"members": 1}, high=most.assign(members=[5, 2, 5, 11]))
