"""Ranks: equal values share their places, and bounds hold whatever a value is between its ends."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.metrics._ranks import are_equal, known_ranks, rank_bounds, rank_text


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=8))
def test_equal_values_share_the_places_from_the_number_ahead_on(values: list[int]) -> None:
    best, worst = rank_bounds(np.array(values, dtype=float))
    assert best.tolist() == [1 + sum(other > value for other in values) for value in values]
    assert worst.tolist() == [sum(other >= value for other in values) for value in values]
    rank, size = known_ranks(np.array(values, dtype=float), np.array(values, dtype=float))
    assert rank.tolist() == best.tolist()
    assert size.tolist() == [values.count(value) for value in values]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=4))
def test_bounds_are_the_best_and_the_worst_place_over_all_values_between_the_ends(ends: list[tuple[int, int]]) -> None:
    low, high = np.array([low for low, _ in ends], dtype=float), np.array([sum(pair) for pair in ends], dtype=float)
    best, worst = rank_bounds(low, high)
    choices = [range(int(a), int(b) + 1) for a, b in zip(low, high, strict=True)]
    places = [rank_bounds(np.array(values, dtype=float)) for values in itertools.product(*choices)]
    assert best.tolist() == np.min([place.best for place in places], axis=0).tolist()
    assert worst.tolist() == np.max([place.worst for place in places], axis=0).tolist()
    rank, size = known_ranks(low, high)
    for row in range(len(ends)):
        ranks = {int(place.best[row]) for place in places}
        sizes = {int(place.worst[row] - place.best[row]) + 1 for place in places}
        assert ranks == {int(rank[row])} if rank[row] == rank[row] else len(ranks) > 1
        if size[row] == size[row]:
            assert sizes == {int(size[row])}


def test_what_differs_by_rounding_is_equal_and_what_differs_is_not() -> None:
    values = np.array([0.1 + 0.2, 0.3, 1e-20, 0.0, 2.2e-11, 1.0])
    best, worst = rank_bounds(values)
    assert best.tolist() == [2, 2, 5, 5, 4, 1]
    assert worst.tolist() == [3, 3, 6, 6, 4, 1]
    assert are_equal(np.array([0.1 + 0.2, 0.3]))
    assert not are_equal(np.array([1.0, 1.0 + 1e-8]))
    assert are_equal(np.array([np.nan, 4.0]))
    assert are_equal(np.zeros(0))


def test_what_has_no_value_comes_last_and_what_has_no_limit_may_come_first() -> None:
    best, worst = rank_bounds(np.array([3.0, np.nan, 2.0, np.nan]))
    assert (best.tolist(), worst.tolist()) == ([1, 3, 2, 3], [1, 4, 2, 4])
    best, worst = rank_bounds(np.array([2.0, 50.0, 1.0]), np.array([np.inf, 50.0, 1.0]))
    assert (best.tolist(), worst.tolist()) == ([1, 1, 3], [2, 2, 3])


@pytest.mark.parametrize(("places", "text"), [((1, 1), "1"), ((1, 184), "1\N{EN DASH}184")])
def test_a_shared_rank_is_written_as_a_range(places: tuple[int, int], text: str) -> None:
    assert rank_text(*places) == text
