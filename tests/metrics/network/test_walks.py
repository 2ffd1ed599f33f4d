"""The measures by walks equal networkx and the equations that define them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.arrays import Matrix, adjacency
from chaingraph.errors import NetworkError
from chaingraph.metrics.network._walks import eigenvector, katz, pagerank
from chaingraph.metrics.network.centrality import node_series

if TYPE_CHECKING:
    from collections.abc import Callable


@st.composite
def graphs(draw: st.DrawFn, *, directed: bool = False) -> nx.Graph[int]:
    """Small networks of every kind: empty of ties, of one node, disconnected, with isolates, two-mode; weighted."""
    size = draw(st.integers(1, 14))
    two_mode = draw(st.booleans()) and size > 1
    source = st.integers(0, size // 2 - 1) if two_mode else st.integers(0, size - 1)
    target = st.integers(size // 2, size - 1) if two_mode else st.integers(0, size - 1)
    graph: nx.Graph[int] = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(range(size))
    ties = draw(st.lists(st.tuples(source, target, st.sampled_from([1.0, 2.0, 0.5, 3.25])), max_size=60))
    graph.add_weighted_edges_from((u, v, weight) for u, v, weight in ties if u != v)
    return graph


def matrix_of(graph: nx.Graph[Any], weight: str | None = "weight") -> Matrix:
    return sp.csr_array(nx.to_scipy_sparse_array(graph, nodelist=list(graph), weight=weight)).astype(np.float64)


def in_order(result: Any, graph: nx.Graph[Any]) -> list[float]:  # noqa: ANN401
    return [result[node] for node in graph]


@pytest.mark.parametrize("directed", [False, True])
def test_pagerank_and_katz_equal_networkx(directed: bool) -> None:
    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(graphs(directed=directed), st.sampled_from([0.5, 0.85, 0.95]))
    def check(graph: nx.Graph[int], damping: float) -> None:
        matrix = matrix_of(graph)
        # Below this tolerance networkx can go to and fro between two roundings for ever.
        expected = in_order(nx.pagerank(graph, alpha=damping, tol=1e-14, max_iter=10_000), graph)
        assert np.allclose(pagerank(matrix, damping=damping), expected, rtol=0, atol=1e-11)
        if not directed:
            found = pagerank(matrix, damping=damping, symmetric=True)
            assert np.allclose(found, expected, rtol=0, atol=1e-11)
        value, alpha = katz(matrix)
        if matrix.nnz == 0:
            assert alpha == 0
        if len(graph) == 1:
            # networkx cannot take the Katz centrality of one node.
            assert value.tolist() == [1]
            return
        expected = in_order(nx.katz_centrality_numpy(graph, alpha, weight="weight"), graph)
        assert np.allclose(value, expected, rtol=1e-9)
        assert math.isclose(float(np.linalg.norm(value)), 1)
        smaller = in_order(nx.katz_centrality_numpy(graph, alpha / 3, weight="weight"), graph)
        assert np.allclose(katz(matrix, alpha=alpha / 3)[0], smaller, rtol=1e-9)

    check()


@pytest.mark.parametrize("directed", [False, True])
def test_katz_discounts_by_nine_tenths_of_the_inverse_eigenvalue(directed: bool) -> None:
    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(graphs(directed=directed))
    def check(graph: nx.Graph[int]) -> None:
        matrix = matrix_of(graph)
        largest = max(np.linalg.eigvals(matrix.toarray()).real)
        acyclic = directed and nx.is_directed_acyclic_graph(graph)
        if matrix.nnz and not acyclic:
            assert math.isclose(katz(matrix)[1] * largest, 0.9, rel_tol=1e-9)
        elif matrix.nnz:
            assert math.isclose(katz(matrix)[1] * matrix.toarray().sum(axis=0).max(), 0.9)

    check()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(graphs())
def test_the_eigenvector_belongs_to_the_largest_component(graph: nx.Graph[int]) -> None:
    matrix = matrix_of(graph)
    vector = eigenvector(matrix)
    if matrix.nnz == 0:
        assert np.isnan(vector).all()
        return
    component = max(nx.connected_components(graph), key=len)
    inside = ~np.isnan(vector)
    assert inside.sum() == len(component)
    tied = graph.subgraph(np.flatnonzero(inside).tolist())
    assert nx.is_connected(tied)
    block = matrix.toarray()[np.ix_(inside, inside)]
    assert np.allclose(block @ vector[inside], np.linalg.eigvalsh(block)[-1] * vector[inside], atol=1e-9)
    assert (vector[inside] > 0).all()
    assert math.isclose(float(np.linalg.norm(vector[inside])), 1)


LARGE: list[Callable[[], nx.Graph[int]]] = [
    lambda: nx.gnp_random_graph(120, 0.05, seed=1),
    lambda: nx.barabasi_albert_graph(120, 3, seed=1),
    lambda: nx.cycle_graph(100),
    lambda: nx.complete_graph(80),
    lambda: nx.complete_bipartite_graph(40, 60),
    lambda: nx.barbell_graph(30, 40),
]


@pytest.mark.parametrize("made", LARGE)
def test_large_networks_take_the_sparse_way_to_the_same_answer(made: Callable[[], nx.Graph[int]]) -> None:
    matrix = adjacency(made())
    sparse: list[Any] = [eigenvector(matrix), *katz(matrix)]
    dense: list[Any] = [eigenvector(matrix, dense_up_to=10**6), *katz(matrix, dense_up_to=10**6)]
    for one, other in zip(sparse, dense, strict=True):
        assert np.allclose(one, other, atol=1e-8, equal_nan=True)
    assert eigenvector(matrix).tobytes() == eigenvector(matrix).tobytes()


@pytest.mark.parametrize("seed", range(5))
def test_large_directed_networks_have_the_eigenvalue_of_their_cycles(seed: int) -> None:
    graph = nx.gnp_random_graph(120, 0.02, seed=seed, directed=True)
    matrix = matrix_of(graph, None)
    largest = max(np.linalg.eigvals(matrix.toarray()).real)
    value, alpha = katz(matrix)
    assert math.isclose(alpha * largest, 0.9, rel_tol=1e-9)
    assert np.allclose(value, in_order(nx.katz_centrality_numpy(graph, alpha, weight=None), graph), rtol=1e-9)


def test_many_equal_cycles_do_not_confuse_the_search() -> None:
    cycles = nx.disjoint_union_all([nx.cycle_graph(3, create_using=nx.DiGraph) for _ in range(60)])
    value, alpha = katz(matrix_of(cycles, None))
    assert math.isclose(alpha, 0.9)
    assert np.allclose(value, 1 / math.sqrt(180))


def test_a_directed_chain_counts_the_walks_that_end_at_a_node() -> None:
    # No walk returns, so any alpha will do; with 1/2 the last of three nodes counts 1 + 1/2 + 1/4.
    chain = matrix_of(nx.path_graph(3, create_using=nx.DiGraph))
    value, alpha = katz(chain, alpha=0.5)
    assert np.allclose(value / value[0], [1, 1.5, 1.75])
    assert alpha == 0.5
    assert katz(chain)[1] == 0.9


def test_without_ties_all_are_alike() -> None:
    nobody, alone = sp.csr_array((0, 0), dtype=np.float64), sp.csr_array((4, 4), dtype=np.float64)
    assert katz(alone)[0].tolist() == [0.5] * 4
    assert katz(alone)[1] == 0
    assert katz(alone, alpha=3)[1] == 3
    assert pagerank(alone).tolist() == [0.25] * 4
    assert np.isnan(eigenvector(alone)).all()
    assert (katz(nobody)[0].tolist(), katz(nobody)[1]) == ([], 0)
    assert pagerank(nobody).tolist() == eigenvector(nobody).tolist() == []


def test_the_florentine_families_have_their_known_eigenvector() -> None:
    florence = nx.florentine_families_graph()
    vector = dict(zip(florence, eigenvector(adjacency(florence)), strict=True))
    assert (round(vector["Medici"], 4), round(vector["Strozzi"], 4)) == (0.4303, 0.356)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(graphs(directed=True), st.randoms(use_true_random=False))
def test_names_do_not_matter(graph: nx.Graph[int], random: Any) -> None:  # noqa: ANN401
    matrix = matrix_of(graph)
    order = random.sample(range(len(graph)), len(graph))
    renamed = sp.csr_array(matrix[order][:, order])
    assert np.allclose(pagerank(renamed), pagerank(matrix)[order])
    assert np.allclose(katz(renamed)[0], katz(matrix)[0][order])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(graphs(), graphs())
def test_a_strangers_network_leaves_katz_and_pagerank_in_proportion(
    graph: nx.Graph[int], stranger: nx.Graph[int]
) -> None:
    one, other = matrix_of(graph), matrix_of(stranger)
    both = sp.csr_array(sp.block_diag([one, other], format="csr"))
    alpha = katz(both)[1]
    alone, together = katz(one, alpha=alpha)[0], katz(both)[0][: len(graph)]
    assert np.allclose(together / np.linalg.norm(together), alone)
    if np.diff(both.indptr).all():
        share = pagerank(both)[: len(graph)]
        assert np.allclose(share / share.sum(), pagerank(one))


def test_an_alpha_near_the_limit_still_solves_the_equation() -> None:
    for graph in (nx.karate_club_graph(), nx.gnp_random_graph(40, 0.1, seed=2, directed=True)):
        matrix = matrix_of(graph, None)
        alpha = katz(matrix)[1] / 0.9 * 0.999
        value, _ = katz(matrix, alpha=alpha)
        constant = value - alpha * (matrix.T @ value)
        assert np.allclose(constant / constant.mean(), 1, rtol=1e-6)


@pytest.mark.parametrize("damping", [-0.1, 1, 1.5, math.nan])
def test_a_damping_that_is_no_probability_is_refused(damping: float) -> None:
    with pytest.raises(NetworkError, match=r"expected at least 0 and below 1 \(0.85 is usual\)"):
        pagerank(adjacency(nx.path_graph(3)), damping=damping)


@pytest.mark.parametrize("alpha", [-0.1, 0.5, 2, math.nan, math.inf])
def test_an_alpha_without_a_solution_is_refused(alpha: float) -> None:
    with pytest.raises(
        NetworkError, match=r"alpha is .*, expected at least 0 and below 0.5, 1 / the largest eigenvalue"
    ):
        katz(adjacency(nx.cycle_graph(4)), alpha=alpha)
    if not 0 <= alpha < math.inf:
        with pytest.raises(NetworkError, match="expected at least 0 and finite"):
            katz(adjacency(nx.empty_graph(2)), alpha=alpha)


def test_the_limit_that_a_message_states_is_accepted() -> None:
    # The limit of two ties in a row is 1 / sqrt(2), 0.70710678: to six digits it would be above itself.
    matrix = adjacency(nx.path_graph(3))
    with pytest.raises(NetworkError, match=r"below 0\.707106, 1 / the largest"):
        katz(matrix, alpha=0.71)
    assert katz(matrix, alpha=0.707106)[1] == 0.707106


def test_isolates_have_no_walks_and_change_nothing_for_the_others() -> None:
    star: nx.Graph[int] = nx.star_graph(3)
    with_isolates = nx.disjoint_union(star, nx.empty_graph(4))
    for name in ("pagerank", "katz"):
        alone, beside = node_series(star, name), node_series(with_isolates, name)
        assert beside.iloc[:4].tolist() == pytest.approx(alone.tolist())
        assert beside.iloc[4:].isna().all()
        assert beside.attrs["undefined"] == {name: "an isolate has no ties"}
        assert node_series(nx.empty_graph(2), name).isna().all()


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([[0, 1.0, 0], [1, 0, 0]], r"a row and a column per node, this one has \(2, 3\)"),
        ([[0, -1.0], [-1, 0]], "a tie weighs 0, less, or no finite number"),
        ([[0, math.inf], [1, 0]], "a tie weighs 0, less, or no finite number"),
    ],
)
def test_what_is_no_network_is_refused(entries: list[list[float]], said: str) -> None:
    for measure in (eigenvector, pagerank, katz):
        with pytest.raises(NetworkError, match=said):
            measure(sp.csr_array(np.array(entries)))
