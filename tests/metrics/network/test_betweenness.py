"""Betweenness equals networkx on every kind of network, the textbooks where they give it, and repeats bit by bit."""

from __future__ import annotations

from random import Random
from typing import Any

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.arrays import Matrix, adjacency
from chaingraph.errors import NetworkError
from chaingraph.metrics.network import _betweenness as module
from chaingraph.metrics.network._betweenness import (
    EXACT_WORK,
    betweenness,
    lengths_betweenness,
    sampled_betweenness,
    work,
)
from chaingraph.metrics.network._graph_reduction import reduced_network, simplicial, twins

many = settings(max_examples=200, deadline=None, derandomize=True)
few = settings(many, max_examples=50)


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph[int]:
    """Small graphs: empty of ties, one node, with isolates, disconnected, with self-loops."""
    size = draw(st.integers(1, 14))
    pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(draw(st.lists(pairs, max_size=40)))
    return graph


@st.composite
def rosters(draw: st.DrawFn) -> list[set[int]]:
    """Consortia of organizations, many of which belong to one consortium alone."""
    members = st.sets(st.integers(0, 17), min_size=1, max_size=7)
    return draw(st.lists(members, min_size=1, max_size=7))


@st.composite
def directed_twins(draw: st.DrawFn) -> nx.DiGraph[int]:
    """Directed graphs whose nodes are doubled, some with ties among the copies."""
    size = draw(st.integers(1, 6))
    pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    copies = draw(st.lists(st.integers(1, 3), min_size=size, max_size=size))
    tied = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    nodes = [[sum(copies[:node]) + copy for copy in range(copies[node])] for node in range(size)]
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(sum(copies)))
    for source, target in draw(st.lists(pairs, max_size=16)):
        if source != target or tied[source]:
            graph.add_edges_from((u, v) for u in nodes[source] for v in nodes[target] if u != v)
    return graph


def matrix_of(graph: nx.Graph[Any], weight: str | None = None) -> Matrix:
    """The matrix of a graph, rows are the sources of directed ties."""
    if not graph.is_directed():
        return adjacency(graph, weight)
    matrix: Matrix = sp.csr_array(nx.to_scipy_sparse_array(graph, weight=weight), dtype=np.float64)
    matrix.sort_indices()
    return matrix


def by_networkx(graph: nx.Graph[Any], weight: str | None = None) -> list[float]:
    plain = graph.copy()
    plain.remove_edges_from(list(nx.selfloop_edges(plain)))
    return list(nx.betweenness_centrality(plain, weight=weight).values())


def assert_equals_networkx(graph: nx.Graph[Any]) -> None:
    matrix, directed, expected = matrix_of(graph), graph.is_directed(), by_networkx(graph)
    np.testing.assert_allclose(betweenness(matrix, directed=directed), expected, rtol=1e-11, atol=1e-15)
    if matrix.nnz:
        pairs = max((len(graph) - 1) * (len(graph) - 2), 1)
        searched = module.dependencies_by_search(matrix, directed=directed) / pairs
        np.testing.assert_allclose(searched, expected, rtol=1e-11, atol=1e-15)


@many
@given(graphs())
def test_betweenness_equals_networkx(graph: nx.Graph[int]) -> None:
    assert_equals_networkx(graph)


@many
@given(rosters())
def test_betweenness_of_co_members_equals_networkx(roster: list[set[int]]) -> None:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(18))
    for members in roster:
        graph.add_edges_from((u, v) for u in members for v in members if u < v)
    assert_equals_networkx(graph)


@many
@given(rosters())
def test_betweenness_of_a_two_mode_network_equals_networkx(roster: list[set[int]]) -> None:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(18))
    graph.add_edges_from((member, 18 + number) for number, members in enumerate(roster) for member in members)
    assert_equals_networkx(graph)


@many
@given(directed_twins())
def test_betweenness_of_directed_ties_equals_networkx(graph: nx.DiGraph[int]) -> None:
    assert_equals_networkx(graph)


@many
@given(graphs(), st.booleans(), st.data())
def test_betweenness_over_lengths_equals_networkx(graph: nx.Graph[int], directed: bool, data: st.DataObject) -> None:
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    kind: nx.Graph[int] = graph.to_directed() if directed else graph
    for _, _, values in kind.edges(data=True):
        values["km"] = data.draw(st.integers(1, 4))
    got = lengths_betweenness(matrix_of(kind, "km"), directed=directed)
    np.testing.assert_allclose(got, by_networkx(kind, "km"), rtol=1e-11, atol=1e-15)


@few
@given(graphs(), st.randoms(use_true_random=False))
def test_relabelling_the_nodes_moves_their_betweenness_along(graph: nx.Graph[int], random: Random) -> None:
    order = list(range(len(graph)))
    random.shuffle(order)
    matrix = matrix_of(graph)
    moved: Matrix = sp.csr_array(matrix[order][:, order])
    moved.sort_indices()
    np.testing.assert_allclose(betweenness(moved), betweenness(matrix)[order], rtol=1e-12, atol=1e-15)


def test_components_do_not_touch_each_other() -> None:
    one, other = nx.karate_club_graph(), nx.star_graph(7)
    sizes, both = (34, 8), len(one) + len(other)
    got = betweenness(matrix_of(nx.disjoint_union(one, other))) * (both - 1) * (both - 2)
    alone = [betweenness(matrix_of(g)) * (n - 1) * (n - 2) for g, n in zip((one, other), sizes, strict=True)]
    np.testing.assert_allclose(got, np.concatenate(alone), rtol=1e-12)


def test_many_small_components_and_a_large_one_are_measured_together() -> None:
    graph = nx.disjoint_union_all([*(nx.path_graph(3) for _ in range(120)), nx.grid_2d_graph(17, 17)])
    assert_equals_networkx(graph)


def test_the_centre_of_a_star_of_twins_holds_all_paths() -> None:
    assert betweenness(matrix_of(nx.star_graph(5))).tolist() == [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]


def test_nobody_stands_between_the_members_of_a_clique() -> None:
    assert betweenness(matrix_of(nx.complete_graph(6))).tolist() == [0.0] * 6


@pytest.mark.parametrize("size", [0, 1, 2])
def test_fewer_than_three_nodes_have_no_betweenness(size: int) -> None:
    matrix = matrix_of(nx.path_graph(size))
    assert betweenness(matrix).tolist() == [0.0] * size
    assert lengths_betweenness(matrix).tolist() == [0.0] * size
    assert [part.tolist() for part in sampled_betweenness(matrix, sources=2, seed=0)] == [[0.0] * size] * 2


def test_two_sides_that_all_know_each_other_share_the_paths() -> None:
    # Of K(2, 3) each of the 2 carries half of the 3 * 2 ordered pairs of the 3, each of the 3 a third of the 2 * 1.
    np.testing.assert_allclose(
        betweenness(matrix_of(nx.complete_bipartite_graph(2, 3))) * 12, [3, 3, 2 / 3, 2 / 3, 2 / 3]
    )


def test_the_values_of_ties_do_not_count_where_lengths_are_not_meant() -> None:
    matrix = matrix_of(nx.karate_club_graph())
    scaled: Matrix = sp.csr_array(matrix * 7.5)
    assert betweenness(scaled).tobytes() == betweenness(matrix).tobytes()


def test_a_long_chain_has_the_betweenness_of_its_closed_form() -> None:
    # The node at place i parts i nodes from n - 1 - i.
    size = 2000
    place = np.arange(size)
    expected = 2.0 * place * (size - 1 - place) / ((size - 1) * (size - 2))
    matrix = matrix_of(nx.path_graph(size))
    assert [part.has_long_paths for part in module._parts(matrix, directed=False)] == [True]
    np.testing.assert_allclose(betweenness(matrix), expected, rtol=1e-12)


def test_the_sweep_counts_more_levels_than_a_byte_holds() -> None:
    size = 300
    place = np.arange(size)
    expected = 2.0 * place * (size - 1 - place) / ((size - 1) * (size - 2))
    got, error = sampled_betweenness(matrix_of(nx.path_graph(size)), sources=size, seed=0, draws=2)
    np.testing.assert_allclose(got, expected, rtol=1e-12)
    assert not error.any()


def test_more_paths_than_whole_numbers_in_a_float_are_still_told_apart() -> None:
    # Each consortium holds two layers of four and one member of its own, so that 4 ** 35 paths lead to the far end.
    graph: nx.Graph[Any] = nx.Graph()
    for step in range(36):
        members = [(layer, place) for layer in (step, step + 1) for place in range(4)]
        graph.add_edges_from((u, v) for u in [*members, ("own", step)] for v in members if u != v)
    graph.add_edges_from((node, ("leaf", node)) for node in list(graph) if node[0] != "own")
    matrix = matrix_of(graph)
    classes = twins(matrix)
    assert reduced_network(sp.csr_array(matrix[classes.first][:, classes.first]), classes.sizes).cliques > 30
    assert_equals_networkx(graph)


def test_twins_are_found_tied_or_not_and_cliques_around_their_last_member() -> None:
    # 0 and 1 are tied and know 2; 3 and 4 know 2 alone.
    matrix = matrix_of(nx.Graph([(0, 1), (0, 2), (1, 2), (2, 3), (2, 4)]))
    found = twins(matrix)
    assert found.label.tolist() == [0, 0, 1, 2, 2]
    assert found.sizes.tolist() == [2.0, 1.0, 2.0]
    assert found.independent.tolist() == [False, True, True]
    assert simplicial(matrix).tolist() == [True, False, False, True, True]


def test_directed_twins_without_a_short_way_to_each_other_stay_apart() -> None:
    # 0 and 1 both tell 2, and 3 tells both: the way from 0 to 1 is 0, 2, 3, 1, which no closed form covers.
    graph = nx.DiGraph([(0, 2), (1, 2), (2, 3), (3, 0), (3, 1)])
    assert twins(matrix_of(graph), directed=True).label.tolist() == [0, 1, 2, 3]
    assert_equals_networkx(graph)


def test_a_sample_of_all_nodes_is_exact_and_has_no_error() -> None:
    matrix = matrix_of(nx.karate_club_graph())
    estimate, error = sampled_betweenness(matrix, sources=34, seed=1)
    np.testing.assert_allclose(estimate, betweenness(matrix), rtol=1e-12, atol=1e-15)
    assert error.tolist() == [0.0] * 34


def test_the_standard_error_of_a_sample_is_the_spread_of_samples() -> None:
    matrix = matrix_of(nx.karate_club_graph())
    exact = betweenness(matrix)
    samples = [sampled_betweenness(matrix, sources=12, seed=seed) for seed in range(150)]
    estimates, errors = (np.array([sample[part] for sample in samples]) for part in (0, 1))
    # 150 samples leave about 8 % in the mean's own error and 6 % in the spread, at the nodes that matter.
    central = exact > 0.05
    assert central.sum() == 7
    spread = estimates.std(axis=0, ddof=1)[central]
    assert np.abs((estimates.mean(axis=0) - exact)[central] / spread).max() * np.sqrt(150) < 3.5
    np.testing.assert_allclose(np.sqrt((errors**2).mean(axis=0))[central], spread, rtol=0.25)


def test_a_sample_of_directed_ties_from_all_nodes_is_exact() -> None:
    graph = nx.gnp_random_graph(40, 0.08, seed=3, directed=True)
    estimate, _ = sampled_betweenness(matrix_of(graph), sources=40, seed=1, directed=True, draws=2)
    np.testing.assert_allclose(estimate, by_networkx(graph), rtol=1e-11, atol=1e-15)


def test_the_same_network_and_seed_give_the_same_bytes_on_any_number_of_threads() -> None:
    matrix = matrix_of(nx.barabasi_albert_graph(500, 3, seed=2))
    before = betweenness(matrix), *sampled_betweenness(matrix, sources=200, seed=4)
    after = betweenness(matrix, threads=1), *sampled_betweenness(matrix, sources=200, seed=4, threads=1)
    assert [part.tobytes() for part in before] == [part.tobytes() for part in after]
    other, _ = sampled_betweenness(matrix, sources=200, seed=5)
    assert other.tobytes() != before[1].tobytes()


def test_the_caller_is_told_how_far_it_is_once_patience_has_run_out() -> None:
    matrix = matrix_of(nx.circulant_graph(512, [1, 7, 50]))
    lines: list[str] = []
    betweenness(matrix, report=lines.append)
    assert lines == []
    betweenness(matrix, report=lines.append, patience=-1.0)
    assert lines == ["betweenness: 50 %", "betweenness: 100 %"]


def test_twins_add_no_work() -> None:
    graph = nx.karate_club_graph()
    twinned = nx.compose(graph, nx.Graph((("twin", node), neighbour) for node in (0,) for neighbour in graph[node]))
    assert 0 < work(matrix_of(graph)) == work(matrix_of(twinned)) < EXACT_WORK


def test_a_large_dense_network_is_more_work_than_two_minutes() -> None:
    size = 60_000
    pairs = np.random.default_rng(1).integers(0, size, (2, 400_000))
    half: Matrix = sp.csr_array((np.ones(400_000), tuple(pairs)), shape=(size, size))
    matrix: Matrix = sp.csr_array(half + half.T)
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    assert work(matrix) > EXACT_WORK


@pytest.mark.parametrize("length", [0.0, -1.0, np.inf, np.nan])
def test_a_length_that_is_none_is_refused(length: float) -> None:
    matrix: Matrix = sp.csr_array(([1.0, length], ([0, 1], [1, 0])), shape=(2, 2))
    with pytest.raises(NetworkError, match=f"a tie has the length {length}, expected a finite number above 0"):
        lengths_betweenness(matrix)


def test_a_matrix_that_is_not_square_is_refused() -> None:
    matrix: Matrix = sp.csr_array((2, 3))
    for measure in (betweenness, lengths_betweenness, work):
        with pytest.raises(NetworkError, match="the matrix has 2 rows and 3 columns"):
            measure(matrix)


@pytest.mark.parametrize(("sources", "draws"), [(1, 200), (0, 200), (5, 1)])
def test_a_sample_too_small_for_a_standard_error_is_refused(sources: int, draws: int) -> None:
    with pytest.raises(NetworkError, match=f"sources={sources}, draws={draws}: give at least 2 of both"):
        sampled_betweenness(matrix_of(nx.path_graph(9)), sources=sources, seed=0, draws=draws)
