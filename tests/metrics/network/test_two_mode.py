"""The measures of the two-mode network equal networkx, and the published values of the southern women of Davis."""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from networkx.algorithms import bipartite

from chaingraph.arrays import Matrix
from chaingraph.errors import NetworkError
from chaingraph.metrics.network._two_mode import (
    robins_alexander_clustering,
    two_mode_betweenness_maximum,
    two_mode_closeness,
    two_mode_degree,
    two_mode_density,
    two_mode_eigenvector,
    two_mode_ties,
)


@st.composite
def memberships(draw: st.DrawFn) -> Matrix:
    """Small incidences of every kind: empty, of one row or column, disconnected, with isolates; weighted."""
    rows, columns = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    cell = st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1))
    cells = draw(st.dictionaries(cell, st.sampled_from([1.0, 2.0, 0.5]), max_size=40))
    dense = np.zeros((rows, columns))
    for place, weight in cells.items():
        dense[place] = weight
    return sp.csr_array(dense)


def graph_of(incidence: Matrix) -> tuple[nx.Graph[int], list[int]]:
    return nx.Graph(nx.from_scipy_sparse_array(two_mode_ties(incidence))), list(range(incidence.shape[0]))


def in_order(result: Any, graph: nx.Graph[int]) -> list[float]:  # noqa: ANN401
    return [result[node] for node in sorted(graph)]


def distances_of(graph: nx.Graph[int]) -> Any:  # noqa: ANN401
    return np.array([sum(nx.single_source_shortest_path_length(graph, node).values()) for node in sorted(graph)])


def closeness_by_component(graph: nx.Graph[int], rows: list[int]) -> list[float]:
    """Closeness of networkx in each component, times the share of all others that is reached."""
    result: dict[int, float] = {}
    for nodes in nx.connected_components(graph):
        part = bipartite.closeness_centrality(graph.subgraph(nodes), set(rows) & nodes)
        result |= {node: value * (len(nodes) - 1) / max(len(graph) - 1, 1) for node, value in part.items()}
    return in_order(result, graph)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(memberships())
def test_every_two_mode_measure_equals_networkx(incidence: Matrix) -> None:
    graph, rows = graph_of(incidence)
    assert np.allclose(
        np.concatenate(two_mode_degree(incidence)), in_order(bipartite.degree_centrality(graph, rows), graph)
    )
    closeness = np.concatenate(two_mode_closeness(incidence, distances_of(graph)))
    assert np.allclose(closeness, closeness_by_component(graph, rows))
    assert math.isclose(two_mode_density(incidence), bipartite.density(graph, rows))
    assert math.isclose(robins_alexander_clustering(incidence), bipartite.robins_alexander_clustering(graph))
    maximum = two_mode_betweenness_maximum(*incidence.shape)
    if min(maximum) > 0:
        raw = np.array(in_order(nx.betweenness_centrality(graph, normalized=False), graph))
        scaled = raw / np.repeat(maximum, incidence.shape)
        assert np.allclose(scaled, in_order(bipartite.betweenness_centrality(graph, rows), graph))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(memberships(), st.booleans())
def test_the_leading_vectors_are_those_of_the_largest_component(incidence: Matrix, sparse: bool) -> None:
    # Below three rows there is no sparse way.
    left, right = two_mode_eigenvector(incidence, dense_up_to=2 if sparse else 64)
    in_rows, in_columns = ~np.isnan(left), ~np.isnan(right)
    if incidence.nnz == 0:
        assert not in_rows.any()
        assert not in_columns.any()
        return
    graph, _ = graph_of(incidence)
    assert in_rows.sum() + in_columns.sum() == max(len(component) for component in nx.connected_components(graph))
    inside = np.flatnonzero(np.concatenate([in_rows, in_columns])).tolist()
    assert nx.is_connected(graph.subgraph(inside))
    block = incidence.toarray()[np.ix_(in_rows, in_columns)]
    u, v = left[in_rows], right[in_columns]
    largest = np.linalg.svd(block, compute_uv=False)[0]
    assert np.allclose(block @ v, largest * u, atol=1e-7)
    assert np.allclose(u @ block, largest * v, atol=1e-7)
    assert math.isclose(u @ u, 1)
    assert math.isclose(v @ v, 1)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(memberships())
def test_turning_the_table_swaps_the_modes(incidence: Matrix) -> None:
    turned = sp.csr_array(incidence.T)
    assert math.isclose(robins_alexander_clustering(turned), robins_alexander_clustering(incidence))
    assert two_mode_betweenness_maximum(*turned.shape) == two_mode_betweenness_maximum(*incidence.shape)[::-1]
    for one, other in zip(two_mode_degree(turned), two_mode_degree(incidence)[::-1], strict=True):
        assert one.tolist() == other.tolist()


@pytest.fixture
def davis() -> tuple[Matrix, dict[str, int]]:
    graph = nx.davis_southern_women_graph()
    women, events = graph.graph["top"], graph.graph["bottom"]
    incidence = sp.csr_array(bipartite.biadjacency_matrix(graph, women, events)).astype(np.float64)
    return incidence, {name: place for place, name in enumerate([*women, *events])}


def test_the_southern_women_have_their_published_values(davis: tuple[Matrix, dict[str, int]]) -> None:
    # Borgatti and Everett (1997), to three or four places.
    incidence, place = davis
    graph, _ = graph_of(incidence)
    degree = np.concatenate(two_mode_degree(incidence)).round(3)
    for name, value in {
        "Evelyn Jefferson": 0.571,
        "Theresa Anderson": 0.571,
        "Nora Fayette": 0.571,
        "E8": 0.778,
    }.items():
        assert degree[place[name]] == value, name
    closeness = np.concatenate(two_mode_closeness(incidence, distances_of(graph))).round(3)
    assert (closeness[place["Evelyn Jefferson"]], closeness[place["E8"]]) == (0.8, 0.846)
    raw = np.array(in_order(nx.betweenness_centrality(graph, normalized=False), graph))
    betweenness = (raw / np.repeat(two_mode_betweenness_maximum(*incidence.shape), incidence.shape)).round(4)
    for name, value in {
        "E8": 0.2438,
        "E9": 0.2255,
        "E7": 0.1295,
        "Nora Fayette": 0.1135,
        "Evelyn Jefferson": 0.0966,
    }.items():
        assert betweenness[place[name]] == value, name
    assert round(robins_alexander_clustering(incidence), 4) == 0.4678
    assert round(two_mode_density(incidence), 4) == 0.3532


def test_the_leading_vectors_are_the_two_mode_eigenvector_over_its_greatest_length(
    davis: tuple[Matrix, dict[str, int]],
) -> None:
    incidence, _ = davis
    graph, _ = graph_of(incidence)
    joined = np.array(in_order(nx.eigenvector_centrality_numpy(graph), graph))
    assert np.allclose(np.concatenate(two_mode_eigenvector(incidence)), joined / math.sqrt(1 / 2))


def test_large_tables_take_the_sparse_way_to_the_same_answer() -> None:
    chance = np.random.default_rng(1)
    tables = [sp.csr_array((chance.random(shape) < 0.03).astype(np.float64)) for shape in ((90, 200), (200, 90))]
    sparse = [np.concatenate(two_mode_eigenvector(table)) for table in tables]
    clustering = [robins_alexander_clustering(table) for table in tables]
    for table, vector, share in zip(tables, sparse, clustering, strict=True):
        assert np.allclose(np.concatenate(two_mode_eigenvector(table, dense_up_to=10**6)), vector, equal_nan=True)
        assert math.isclose(robins_alexander_clustering(table, block=1), share)


def test_two_organizations_that_meet_twice_close_every_path() -> None:
    # Two columns shared by two rows are one cycle of four ties, of which each path of three is closed.
    assert robins_alexander_clustering(sp.csr_array(np.ones((2, 2)))) == 1
    assert robins_alexander_clustering(sp.csr_array(np.array([[1.0, 1, 0], [0, 1, 1]]))) == 0
    assert robins_alexander_clustering(sp.csr_array(np.ones((1, 5)))) == 0


def test_empty_modes_have_no_values() -> None:
    for shape in ((0, 0), (0, 3), (2, 0)):
        empty = sp.csr_array(shape, dtype=np.float64)
        assert math.isnan(two_mode_density(empty))
        assert [len(part) for part in two_mode_degree(empty)] == list(shape)
        assert np.isnan(np.concatenate(two_mode_degree(empty))).all()
        assert np.isnan(np.concatenate(two_mode_eigenvector(empty))).all()
        assert robins_alexander_clustering(empty) == 0
        nothing = np.zeros(sum(shape))
        assert np.concatenate(two_mode_closeness(empty, nothing)).tolist() == nothing.tolist()
        with pytest.raises(NetworkError, match="a two-mode network needs both modes"):
            two_mode_betweenness_maximum(*shape)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(NetworkError, match="expected the sums of 1 rows and 1 columns, got 3"):
        two_mode_closeness(sp.csr_array(np.ones((1, 1))), np.ones(3))
    with pytest.raises(NetworkError, match="a membership weighs 0, less, or no finite number"):
        two_mode_eigenvector(sp.csr_array(np.array([[1.0, -1.0]])))
