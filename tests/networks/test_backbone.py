"""The disparity filter keeps what is heavier than chance, and nothing else."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest

import chaingraph as cg
from chaingraph.arrays import adjacency
from chaingraph.errors import NetworkError
from chaingraph.networks import backbone
from chaingraph.networks._backbone import disparity
from chaingraph.resources import sample


def weighted(seed: int) -> nx.Graph[int]:
    rng = np.random.default_rng(seed)
    graph: nx.Graph[int] = nx.gnm_random_graph(12, 30, seed=seed)
    for _, _, data in graph.edges(data=True):
        data["consortia"] = int(rng.integers(1, 9))
    graph.graph["weight"] = "consortia"
    return graph


@pytest.mark.parametrize("seed", range(8))
def test_the_probability_is_that_of_serrano(seed: int) -> None:
    graph = weighted(seed)
    found = disparity(adjacency(graph, "consortia")).toarray()
    for u, v, data in graph.edges(data=True):
        sides = []
        for node in (u, v):
            strength = sum(held["consortia"] for _, _, held in graph.edges(node, data=True))
            degree = graph.degree(node)
            sides.append(1.0 if degree == 1 else (1 - data["consortia"] / strength) ** (degree - 1))
        assert np.isclose(found[u, v], min(sides))
        assert found[u, v] == found[v, u]


@pytest.mark.parametrize("alpha", [0.1, 0.3, 1.0])
def test_ties_below_alpha_stay_with_their_attributes(alpha: float) -> None:
    graph = weighted(3)
    kept = backbone(graph, alpha=alpha)
    chance = disparity(adjacency(graph, "consortia")).toarray()
    assert {frozenset(e) for e in kept.edges} == {frozenset(e) for e in graph.edges if chance[e] < alpha}
    assert all(data["consortia"] == graph.edges[u, v]["consortia"] for u, v, data in kept.edges(data=True))
    assert list(kept) == list(graph)
    assert np.array_equal(adjacency(kept, "consortia").toarray(), adjacency(kept.copy(), "consortia").toarray())
    assert graph.number_of_edges() == 30


@pytest.mark.parametrize(
    ("graph", "options", "said"),
    [
        (nx.DiGraph([(0, 1)]), {}, "needs an undirected network"),
        (nx.Graph([(0, 1)]), {}, "needs weighted ties; name an edge attribute"),
        (nx.Graph([(0, 1, {"w": 0})]), {"weight": "w"}, "the tie 0 - 1 has w=0, expected a number above 0"),
        (nx.Graph([(0, 1)]), {"weight": "w"}, "the tie 0 - 1 has w=None"),
    ],
)
def test_what_has_no_backbone_is_refused(graph: nx.Graph[Any], options: dict[str, Any], said: str) -> None:
    with pytest.raises(NetworkError, match=said):
        backbone(graph, **options)


def test_a_backbone_leaves_the_matrix_of_its_network_as_it_was() -> None:
    network = cg.co_membership(cg.open(sample("jiangsu-2022")))
    before = adjacency(network, "consortia").copy()
    first, second = (sorted(backbone(network, alpha=0.6).edges) for _ in range(2))
    assert np.array_equal(adjacency(network, "consortia").toarray(), before.toarray())
    assert first == second


def test_a_backbone_without_ties_is_empty_and_says_why() -> None:
    graph = weighted(3)
    with pytest.warns(UserWarning, match=r"at alpha=0\.05, so that the backbone is empty; .* is 0\.07"):
        empty = backbone(graph, alpha=0.05)
    assert list(empty) == list(graph)
    assert empty.number_of_edges() == 0
    assert backbone(nx.create_empty_copy(graph)).number_of_edges() == 0
