"""Like is tied to like as often as networkx says, and as chance would have it."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.errors import MeasureError
from chaingraph.metrics import within_group_share


def towns() -> nx.Graph[str]:
    """Five organizations in two regions one degree apart; one has no place, one no region."""
    network: nx.Graph[str] = nx.Graph([("a", "b"), ("a", "c"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "a")])
    nx.set_node_attributes(network, {"a": "x", "b": "x", "c": "y", "d": "y"}, "region")
    nx.set_node_attributes(network, dict.fromkeys("abcd", 0.0), "latitude")
    nx.set_node_attributes(network, {"a": 0.0, "b": 0.0, "c": 1.0, "d": 1.0}, "longitude")
    return network


def test_the_share_within_groups_by_hand() -> None:
    result = within_group_share(towns())
    # Two of four ties are inside; of the six pairs of a, b, c, d two are.
    assert result["share"] == 0.5
    assert result["expected"] == pytest.approx(1 / 3)
    assert result["ratio"] == pytest.approx(1.5)
    assert (result["ties"], result["no_group"]) == (4, 1)
    # Of the three ways to pair four nodes, ab cd gives 2 inside, ac bd gives 1, ad bc gives 1.
    assert result["p_greater"] == pytest.approx(1 / 3, abs=0.05)
    assert result.equals(within_group_share(towns()))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(2, 12), st.integers(0, 10**6), st.floats(0.2, 1))
def test_the_expected_share_is_the_mean_over_all_pairs(size: int, seed: int, density: float) -> None:
    network = nx.gnp_random_graph(size, density, seed=seed)
    generator = np.random.default_rng(seed)
    labels = {node: f"r{generator.integers(3)}" for node in network if generator.random() < 0.9}
    nx.set_node_attributes(network, labels, "region")
    placed = [(u, v) for u, v in network.edges if u in labels and v in labels]
    if not placed or len(set(labels.values())) == 1:
        with pytest.raises(MeasureError):
            within_group_share(network, draws=9)
        return
    result = within_group_share(network, draws=9)
    pairs = [(u, v) for u in labels for v in labels if u < v]
    assert result["share"] == pytest.approx(np.mean([labels[u] == labels[v] for u, v in placed]))
    assert result["expected"] == pytest.approx(np.mean([labels[u] == labels[v] for u, v in pairs]))
    assert result["ties"] + result["no_group"] == network.number_of_edges()


def test_the_drawn_shares_scatter_around_the_expected_one() -> None:
    network = nx.gnp_random_graph(60, 0.2, seed=3)
    nx.set_node_attributes(network, {node: f"r{node % 4}" for node in network}, "region")
    result = within_group_share(network, draws=499)
    assert abs(result["share"] - result["expected"]) < 4 * result["deviation"]
    assert 0.01 < result["p_greater"] < 0.99
    nx.set_node_attributes(network, dict.fromkeys(network, "r0"), "region")
    with pytest.raises(MeasureError, match="all nodes have the same 'region'"):
        within_group_share(network)
    with pytest.raises(MeasureError, match=r"none of .* ties has 'province'"):
        within_group_share(network, "province")
