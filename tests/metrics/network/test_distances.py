"""Distances equal networkx, whichever way they are searched."""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.arrays import Matrix, adjacency
from chaingraph.errors import NetworkError
from chaingraph.metrics.network._distances import (
    Distances,
    WeightedDistances,
    closeness,
    diameter,
    distances,
    eccentricity,
    harmonic,
    mean_distance,
    weighted_distances,
)
from chaingraph.metrics.network._search import (
    Sums,
    Tuning,
    hops_of_memberships,
    hops_of_ties,
    ordered_classes,
    search_by_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Found = Distances | WeightedDistances


def matrix_of(*rows: list[float]) -> Matrix:
    return sp.csr_array(np.array(rows, dtype=np.float64))


def directed_matrix(graph: nx.Graph[int]) -> Matrix:
    ties: list[tuple[int, int, float]] = list(graph.edges(data="length"))
    rows, columns, lengths = np.array(ties, dtype=np.float64).reshape(-1, 3).T
    one_way = (lengths, (rows.astype(np.int64), columns.astype(np.int64)))
    result = sp.coo_array(one_way, shape=(len(graph), len(graph))).tocsr()
    return sp.csr_array(result if graph.is_directed() else result + result.T)


@st.composite
def graphs(draw: st.DrawFn, *, directed: bool = False) -> nx.Graph[int]:
    """Small graphs of every kind: empty of ties, disconnected, with isolates, twins, self-loops; ties have lengths."""
    size = draw(st.integers(1, 14))
    ties = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1), st.integers(1, 8))
    graph: nx.Graph[int] = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from((u, v, {"length": length / 4}) for u, v, length in draw(st.lists(ties, max_size=40)))
    return graph


@st.composite
def memberships(draw: st.DrawFn) -> Matrix:
    """Organizations by consortia: some without members, some alike, some organizations in none."""
    shape = draw(st.integers(1, 12)), draw(st.integers(1, 8))
    cells = draw(st.lists(st.booleans(), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    return sp.csr_array(np.array(cells, dtype=np.float64).reshape(shape) * 2)


def projection(incidence: Matrix) -> Matrix:
    shared = sp.csr_array(incidence @ incidence.T)
    shared.setdiag(0)
    shared.eliminate_zeros()
    return shared


def same(one: Found, other: Found) -> None:
    for mine, yours in zip(one, other, strict=True):
        np.testing.assert_allclose(mine, yours, rtol=1e-12)


def table(lengths: dict[int, dict[int, float]]) -> WeightedDistances:
    """Sum up what networkx finds, a row a source."""
    rows = [[length for target, length in lengths[source].items() if target != source] for source in sorted(lengths)]
    return WeightedDistances(
        np.array([len(row) for row in rows]),
        np.array([math.fsum(row) for row in rows]),
        np.array([math.fsum(1 / length for length in row) for row in rows]),
        np.array([max(row, default=0.0) for row in rows]),
    )


BY_SCIPY = Tuning(effort=0)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(graphs())
def test_distances_of_undirected_ties_equal_networkx(graph: nx.Graph[int]) -> None:
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    found = distances(adjacency(graph))
    same(found, table(dict(nx.all_pairs_shortest_path_length(graph))))
    others = max(len(graph) - 1, 1)
    np.testing.assert_allclose(closeness(found), [value for _, value in sorted(nx.closeness_centrality(graph).items())])
    expected = [value / others for _, value in sorted(nx.harmonic_centrality(graph).items())]
    np.testing.assert_allclose(harmonic(found), expected)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(graphs(directed=True))
def test_distances_of_directed_ties_look_outwards(graph: nx.Graph[int]) -> None:
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    matrix = directed_matrix(graph)
    found = distances(matrix)
    same(found, table(dict(nx.all_pairs_shortest_path_length(graph))))
    backwards = [value for _, value in sorted(nx.closeness_centrality(nx.DiGraph(graph).reverse()).items())]
    np.testing.assert_allclose(closeness(found), backwards)
    inwards = [value for _, value in sorted(nx.closeness_centrality(graph).items())]
    np.testing.assert_allclose(closeness(distances(sp.csr_array(matrix.T))), inwards)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(memberships())
def test_memberships_give_the_distances_of_their_projection(incidence: Matrix) -> None:
    matrix = projection(incidence)
    by_consortia = distances(matrix, incidence=incidence)
    by_ties = distances(matrix)
    for mine, yours in zip(by_consortia, by_ties, strict=True):
        assert mine.tolist() == yours.tolist()
    same(by_ties, table(dict(nx.all_pairs_shortest_path_length(nx.from_scipy_sparse_array(matrix)))))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.one_of(graphs(), graphs(directed=True)))
def test_weighted_distances_equal_networkx(graph: nx.Graph[int]) -> None:
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    found = weighted_distances(directed_matrix(graph))
    same(found, table(dict(nx.all_pairs_dijkstra_path_length(graph, weight="length"))))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(memberships(), graphs(directed=True))
def test_scipys_search_finds_the_same(incidence: Matrix, graph: nx.Graph[int]) -> None:
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    matrix, arrows = projection(incidence), directed_matrix(graph)
    expected = distances(matrix), distances(matrix, incidence=incidence), distances(arrows)
    same(distances(matrix, tuning=BY_SCIPY), expected[0])
    same(distances(matrix, incidence=incidence, tuning=BY_SCIPY), expected[1])
    same(distances(arrows, tuning=BY_SCIPY), expected[2])


@pytest.mark.parametrize("seed", range(4))
def test_more_searches_than_a_word_or_a_block_holds_change_nothing(seed: int) -> None:
    graph = nx.disjoint_union(nx.gnm_random_graph(300, 420, seed=seed), nx.barbell_graph(70, 3))
    matrix, expected = adjacency(graph), table(dict(nx.all_pairs_shortest_path_length(graph)))
    same(distances(matrix), expected)
    small = Tuning(words=2, gather_bytes=64, table_bytes=8 * 443 * 7)
    same(distances(matrix, tuning=small), expected)
    same(distances(matrix, tuning=small._replace(effort=0)), expected)


@pytest.mark.parametrize("by_consortia", [False, True])
def test_a_long_chain_is_left_to_scipys_search_half_way(by_consortia: bool) -> None:
    size = 2000
    first = np.arange(size - 1)
    rows, columns = np.concatenate([first, first + 1]), np.concatenate([first, first])
    pairs = sp.coo_array((np.ones(2 * size - 2), (rows, columns)), shape=(size, size - 1)).tocsr()
    matrix = projection(pairs)
    class_of, hops, component = ordered_classes(*(hops_of_memberships(pairs) if by_consortia else hops_of_ties(matrix)))
    level = search_by_words(hops, component, np.arange(1024), Sums(class_of.max() + 1), 1, Tuning())
    assert level is not None
    assert 0 < level < size // 2
    found = distances(matrix, incidence=pairs if by_consortia else None)
    place = np.arange(size)
    left, right = place, size - 1 - place
    assert found.reached.tolist() == [size - 1] * size
    assert found.total.tolist() == (left * (left + 1) // 2 + right * (right + 1) // 2).tolist()
    assert found.greatest.tolist() == np.maximum(left, right).tolist()
    up_to = np.concatenate(([0.0], np.cumsum(1 / np.arange(1, size))))
    np.testing.assert_allclose(found.inverse, up_to[left] + up_to[right], rtol=1e-12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(graphs(), st.randoms(use_true_random=False))
def test_relabelling_moves_the_values_to_the_same_nodes(graph: nx.Graph[int], random: Random) -> None:
    order = list(range(len(graph)))
    random.shuffle(order)
    matrix = adjacency(graph)
    for moved, kept in zip(distances(sp.csr_array(matrix[order][:, order])), distances(matrix), strict=True):
        assert moved.tolist() == kept[order].tolist()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(graphs(), graphs())
def test_a_network_beside_another_keeps_its_distances(one: nx.Graph[int], other: nx.Graph[int]) -> None:
    union = distances(adjacency(nx.disjoint_union(one, other)))
    for both, first, second in zip(union, distances(adjacency(one)), distances(adjacency(other)), strict=True):
        assert both.tolist() == first.tolist() + second.tolist()


def test_two_consortia_that_share_one_organization_by_hand() -> None:
    # Consortium 1 joins a, b, c; consortium 2 joins c and d; e is in none; consortium 3 has only d.
    incidence = matrix_of([1, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 0])
    found = distances(projection(incidence), incidence=incidence)
    assert found.reached.tolist() == [3, 3, 3, 3, 0]
    assert found.total.tolist() == [4, 4, 3, 5, 0]
    assert found.inverse.tolist() == [2.5, 2.5, 3.0, 2.0, 0.0]
    assert found.greatest.tolist() == [2, 2, 1, 2, 0]
    assert closeness(found).round(12).tolist() == [0.5625, 0.5625, 0.75, 0.45, 0.0]
    assert harmonic(found).tolist() == [0.625, 0.625, 0.75, 0.5, 0.0]
    assert np.array_equal(eccentricity(found), [2, 2, 1, 2, np.nan], equal_nan=True)
    assert diameter(found) == 2
    assert mean_distance(found) == 16 / 12
    assert [part.dtype for part in found] == [np.int64, np.int64, np.float64, np.int64]


def test_an_arrow_is_a_distance_one_way_only() -> None:
    found = distances(matrix_of([0, 1.0, 0], [0, 0, 1.0], [0, 0, 0]))
    assert found.reached.tolist() == [2, 1, 0]
    assert found.total.tolist() == [3, 1, 0]
    assert diameter(found) == 2
    assert mean_distance(found) == 4 / 3
    assert np.array_equal(eccentricity(found), [2, 1, np.nan], equal_nan=True)


def test_lengths_choose_the_detour() -> None:
    found = weighted_distances(matrix_of([0, 5.0, 1.0], [5.0, 0, 0.5], [1.0, 0.5, 0]))
    assert found.total.tolist() == [2.5, 2.0, 1.5]
    assert found.greatest.tolist() == [1.5, 1.5, 1.0]
    assert diameter(found) == 1.5


@pytest.mark.parametrize("size", [0, 1, 3])
@pytest.mark.parametrize("search", [distances, weighted_distances])
def test_without_ties_nothing_is_reached(size: int, search: Callable[[Matrix], Found]) -> None:
    found = search(sp.csr_array((size, size), dtype=np.float64))
    assert [part.tolist() for part in found] == [[0] * size] * 4
    assert closeness(found).tolist() == harmonic(found).tolist() == [0.0] * size
    assert np.isnan(eccentricity(found)).all()
    assert math.isnan(diameter(found))
    assert math.isnan(mean_distance(found))


def test_without_consortia_nothing_is_reached() -> None:
    found = distances(sp.csr_array((2, 2), dtype=np.float64), incidence=sp.csr_array((2, 0), dtype=np.float64))
    assert found.reached.tolist() == [0, 0]


def test_the_matrices_given_are_left_as_they_were() -> None:
    incidence = sp.csr_array((np.array([1.0, 0.0, 1.0]), np.array([1, 0, 0]), np.array([0, 2, 3])), shape=(2, 2))
    matrix = matrix_of([0, 3.0], [3.0, 0])
    # The stored zero is no membership, so the two share nothing.
    assert distances(matrix, incidence=incidence).reached.tolist() == [0, 0]
    distances(matrix)
    assert incidence.indices.tolist() == [1, 0, 0]
    assert incidence.data.tolist() == [1.0, 0.0, 1.0]
    assert matrix.data.tolist() == [3.0, 3.0]


@pytest.mark.parametrize("search", [distances, weighted_distances])
def test_progress_is_told_once_there_is_something_to_wait_for(search: Callable[..., Found]) -> None:
    matrix, lines = adjacency(nx.cycle_graph(200)), list[str]()
    search(matrix, report=lines.append)
    assert lines == []
    often = Tuning(patience=0.0, interval=0.0, words=1, table_bytes=8 * 200 * 64)
    search(matrix, report=lines.append, tuning=often)
    assert lines == [f"distances: {share} %" for share in (32, 64, 96, 100)]


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (lambda: distances(sp.csr_array((2, 3))), "the matrix has 2 rows and 3 columns"),
        (
            lambda: distances(sp.csr_array((2, 2)), incidence=sp.csr_array((3, 1))),
            "the incidence has 3 rows and the net",
        ),
        (lambda: weighted_distances(sp.csr_array((2, 3))), "the matrix has 2 rows and 3 columns"),
        (
            lambda: weighted_distances(matrix_of([0, -1.0], [1.0, 0])),
            "a tie has the length -1.0, expected a finite",
        ),
        (lambda: weighted_distances(matrix_of([0, math.nan], [1.0, 0])), "a tie has the length nan"),
        (lambda: weighted_distances(matrix_of([0, math.inf], [1.0, 0])), "a tie has the length inf"),
    ],
)
def test_what_has_no_distances_is_refused(run: Callable[[], Found], said: str) -> None:
    with pytest.raises(NetworkError, match=said):
        run()
