"""Centrality equals the textbooks and networkx, and what is undefined is said to be."""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaingraph as cg
from chaingraph.arrays import adjacency
from chaingraph.errors import NetworkError
from chaingraph.metrics.centrality import MEASURES, betweenness, centrality, closeness, eigenvector, pagerank


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph[int]:
    """Small graphs of every kind: empty of ties, disconnected, with isolates, with self-loops."""
    size = draw(st.integers(1, 14))
    pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(draw(st.lists(pairs, max_size=40)))
    return graph


def values(result: dict[Any, float]) -> list[float]:
    return [result[node] for node in sorted(result)]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(graphs())
def test_every_measure_equals_networkx(graph: nx.Graph[int]) -> None:
    plain = nx.Graph(graph)
    plain.remove_edges_from(list(nx.selfloop_edges(plain)))
    matrix = adjacency(graph)
    assert np.allclose(betweenness(matrix), values(nx.betweenness_centrality(plain)))
    assert np.allclose(closeness(matrix), values(nx.closeness_centrality(plain)))
    assert np.allclose(pagerank(matrix), values(nx.pagerank(plain, tol=1e-13, max_iter=10_000)), atol=1e-9)
    frame = centrality(graph).sort_index()
    assert frame["degree"].tolist() == [degree for _, degree in sorted(plain.degree())]


@settings(max_examples=50, deadline=None, derandomize=True)
@given(graphs())
def test_the_eigenvector_belongs_to_the_largest_component(graph: nx.Graph[int]) -> None:
    matrix = adjacency(graph)
    vector = eigenvector(matrix)
    if matrix.nnz == 0:
        assert np.isnan(vector).all()
        return
    inside = ~np.isnan(vector)
    assert inside.sum() == max(len(component) for component in nx.connected_components(graph))
    block = matrix.toarray()[np.ix_(inside, inside)]
    eigenvalue = np.linalg.eigvalsh(block).max()
    assert np.allclose(block @ vector[inside], eigenvalue * vector[inside], atol=1e-6)
    assert math.isclose(float(np.linalg.norm(vector[inside])), 1.0)


def test_the_florentine_families_have_their_known_centrality() -> None:
    # Padgett's marriage network as networkx 3.6.1 carries and measures it, to four places.
    expected = {
        "betweenness": {"Medici": 0.522, "Guadagni": 0.2546, "Albizzi": 0.2125, "Salviati": 0.1429, "Strozzi": 0.1026},
        "closeness": {"Medici": 0.56},
        "eigenvector": {"Medici": 0.4303, "Strozzi": 0.356},
    }
    frame = centrality(nx.florentine_families_graph())
    for measure, families in expected.items():
        for family, value in families.items():
            assert round(frame[measure].to_dict()[family], 4) == value, (measure, family)


def test_the_medici_lead_florence() -> None:
    # Padgett's marriage network as networkx carries it; betweenness 0.522 in Jackson (2008), table 2.1.
    frame = centrality(nx.florentine_families_graph())
    assert frame.index[0] == "Medici"
    assert round(frame["betweenness"].to_dict()["Medici"], 3) == 0.522
    assert frame["degree"].to_dict()["Medici"] == 6


def test_strength_sums_what_the_projection_counts() -> None:
    graph: nx.Graph[str] = nx.Graph(weight="consortia")
    graph.add_edge("a", "b", consortia=2)
    graph.add_edge("b", "c", consortia=1)
    frame = centrality(graph, measures=["degree", "strength"])
    assert frame.to_dict("index") == {
        "b": {"label": "b", "degree": 2, "strength": 3.0},
        "a": {"label": "a", "degree": 1, "strength": 2.0},
        "c": {"label": "c", "degree": 1, "strength": 1.0},
    }
    assert frame.attrs["weight"] == "consortia"
    assert centrality(graph, measures=["strength"], weight=None)["strength"].tolist() == [1.0, 2.0, 1.0]


def test_directed_and_parallel_ties_count_once_and_undirected() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph([("a", "b"), ("b", "a"), ("a", "b"), ("b", "c"), ("c", "c")])
    frame = centrality(graph, measures=["degree", "betweenness"])
    assert frame["degree"].to_dict() == {"b": 2, "a": 1, "c": 1}
    assert frame["betweenness"].to_dict() == {"b": 1.0, "a": 0.0, "c": 0.0}


def test_what_is_undefined_is_nan_with_the_reason() -> None:
    graph = nx.disjoint_union(nx.path_graph(3), nx.path_graph(2))
    frame = centrality(graph)
    assert frame.attrs["undefined"] == {"eigenvector": "defined on the largest component only"}
    assert frame["eigenvector"].isna().sum() == 2


def test_relabelling_the_nodes_changes_nothing_but_their_names() -> None:
    graph = nx.karate_club_graph()
    renamed = nx.relabel_nodes(graph, {node: 33 - node for node in graph})
    before = centrality(graph, weight=None)
    after = centrality(renamed, weight=None).rename(index={33 - node: node for node in graph}).loc[before.index]
    columns = list(MEASURES)
    pd.testing.assert_frame_equal(before[columns], after[columns], check_index_type=False)


@pytest.mark.parametrize(
    ("graph", "options", "said"),
    [
        (nx.Graph(), {}, "the network has no nodes, so there is nothing to measure"),
        (nx.path_graph(2), {"measures": ["between"]}, "there is no measure 'between'; there are degree, strength"),
        (nx.path_graph(2), {"weight": "consortia"}, "the tie 0 - 1 has no 'consortia'"),
        (nx.Graph([(0, 1, {"w": -1})]), {"weight": "w"}, "the tie 0 - 1 has w=-1, expected a number of at least 0"),
        (nx.Graph([(0, 1, {"w": math.nan})]), {"weight": "w"}, "the tie 0 - 1 has w=nan"),
    ],
)
def test_what_cannot_be_measured_is_refused(graph: nx.Graph[Any], options: dict[str, Any], said: str) -> None:
    with pytest.raises(NetworkError, match=said):
        cg.centrality(graph, **options)
