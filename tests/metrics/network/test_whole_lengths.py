"""Paths over lengths are compared in exact arithmetic: equally long ones are all counted, whatever the fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.errors import NetworkError
from chaingraph.metrics import betweenness
from chaingraph.metrics.network import _whole_lengths as module
from chaingraph.metrics.network._whole_lengths import whole_lengths


def random_network(seed: int, *, directed: bool, weights: list[Fraction]) -> Any:  # noqa: ANN401 - directed or not
    rng = np.random.default_rng(seed)
    network: Any = nx.gnm_random_graph(16, 40, seed=seed, directed=directed)
    for _, _, data in network.edges(data=True):
        weight = weights[int(rng.integers(len(weights)))]
        data["weight"], data["exact"] = float(weight), 1 / weight
    return network


def check(network: Any) -> None:  # noqa: ANN401
    values = betweenness(network, weight="weight", distance="inverse")
    exact = nx.betweenness_centrality(network, weight="exact")
    np.testing.assert_allclose(values.to_numpy(), [exact[node] for node in network], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("directed", [False, True])
def test_inverse_weights_give_the_betweenness_of_exact_arithmetic(directed: bool) -> None:
    for seed in range(60):
        check(random_network(seed, directed=directed, weights=[Fraction(weight) for weight in range(1, 7)]))


@pytest.mark.parametrize("directed", [False, True])
def test_sums_of_fractions_give_the_betweenness_of_exact_arithmetic(directed: bool) -> None:
    # As Newman's weights are: each consortium of k members adds 1/(k - 1). Their numerators have no small multiple.
    sizes = [1, 2, 3, 7, 11, 13, 17, 19, 23, 29, 31]
    weights = [Fraction(1, one) + Fraction(1, other) for one in sizes for other in sizes]
    for seed in range(20):
        check(random_network(seed, directed=directed, weights=weights))


def test_thirds_and_halves_are_equally_long_ways() -> None:
    ties = [("a", "x", 3), ("x", "y", 3), ("y", "b", 3), ("a", "z", 2), ("z", "b", 2)]
    network: nx.Graph[str] = nx.Graph()
    network.add_weighted_edges_from(ties)
    # Of the six pairs that z is no end of, it is on the way of one, a and b, of whose two ways it holds one.
    assert betweenness(network, weight="weight", distance="inverse")["z"] == pytest.approx(0.5 / 6)
    for u, v, weight in ties:
        network[u][v]["km"] = {3: 0.1, 2: 0.15}[weight]
    assert betweenness(network, distance="km")["z"] == pytest.approx(0.5 / 6)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.fractions(min_value=Fraction(1, 900), max_value=1000, max_denominator=900), min_size=1, max_size=12))
def test_whole_lengths_keep_the_proportion(fractions: list[Fraction]) -> None:
    whole = whole_lengths(np.array([float(fraction) for fraction in fractions]))
    assert [Fraction(number, whole[0]) for number in whole] == [fraction / fractions[0] for fraction in fractions]


def test_numbers_too_long_to_compare_are_refused_in_a_large_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_STEPS", 100)
    network = random_network(0, directed=False, weights=[Fraction(number, 9973) for number in range(9901, 9950, 2)])
    said = "the lengths of the 40 ties have no common measure that numbers of 16 digits can count"
    with pytest.raises(NetworkError, match=said):
        betweenness(network, weight="weight", distance="inverse")
