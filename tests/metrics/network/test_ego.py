"""The measures of a neighbourhood equal networkx, the textbooks, and a count of every triple by hand."""

from __future__ import annotations

import math
from itertools import permutations
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.arrays import Matrix, adjacency
from chaingraph.errors import NetworkError
from chaingraph.metrics.network._ego import (
    ROLES,
    brokerage,
    clustering,
    constraint,
    core_number,
    effective_size,
    efficiency,
    transitivity,
)
from chaingraph.metrics.network._triangles import ranked_ties, triangles

if TYPE_CHECKING:
    from numpy.typing import NDArray


@st.composite
def graphs(draw: st.DrawFn, *, directed: bool = False) -> nx.Graph[int]:
    """Small networks of every kind: empty of ties, of one node, disconnected, with isolates, two-mode; weighted."""
    size = draw(st.integers(1, 12))
    two_mode = draw(st.booleans()) and size > 1
    source = st.integers(0, size // 2 - 1) if two_mode else st.integers(0, size - 1)
    target = st.integers(size // 2, size - 1) if two_mode else st.integers(0, size - 1)
    graph: nx.Graph[int] = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(range(size))
    ties = draw(st.lists(st.tuples(source, target, st.sampled_from([1.0, 2.0, 0.5, 3.25])), max_size=40))
    graph.add_weighted_edges_from((u, v, weight) for u, v, weight in ties if u != v)
    return graph


def matrix_of(graph: nx.Graph[Any], weight: str | None = None) -> Matrix:
    return sp.csr_array(nx.to_scipy_sparse_array(graph, nodelist=list(graph), weight=weight)).astype(np.float64)


def in_order(result: Any, graph: nx.Graph[Any]) -> list[float]:  # noqa: ANN401
    return [result[node] for node in graph]


def networkx_constraint(graph: nx.Graph[int], weight: str | None) -> list[float]:
    with np.errstate(invalid="ignore"):
        return in_order(nx.constraint(graph, weight=weight), graph)


def networkx_effective_size(graph: nx.Graph[int], weight: str | None) -> list[float]:
    # With nodes named, networkx 3.6 follows Burt; without, it divides the columns by the strongest tie, not the rows.
    return in_order(nx.effective_size(graph, nodes=list(graph), weight=weight), graph)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(graphs())
def test_undirected_neighbourhoods_equal_networkx(graph: nx.Graph[int]) -> None:
    plain, weighted = matrix_of(graph), matrix_of(graph, "weight")
    assert np.allclose(clustering(plain), in_order(nx.clustering(graph), graph))
    assert np.allclose(clustering(weighted), clustering(plain))
    assert math.isclose(transitivity(plain), nx.transitivity(graph))
    assert core_number(plain).tolist() == in_order(nx.core_number(graph), graph)
    for matrix, weight in ((plain, None), (weighted, "weight")):
        assert np.allclose(constraint(matrix), networkx_constraint(graph, weight), equal_nan=True)
        assert np.allclose(effective_size(matrix), networkx_effective_size(graph, weight), equal_nan=True)
    degree = np.diff(plain.indptr)
    assert np.allclose(efficiency(plain)[degree > 0], (effective_size(plain) / np.maximum(degree, 1))[degree > 0])
    assert (np.isnan(efficiency(plain)) == (degree == 0)).all()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(graphs(directed=True))
def test_directed_neighbourhoods_go_by_mutual_weights_like_networkx(graph: nx.DiGraph[int]) -> None:
    matrix = matrix_of(graph, "weight")
    assert np.allclose(constraint(matrix), networkx_constraint(graph, "weight"), equal_nan=True)
    # networkx calls a node an isolate here if no tie leaves it, though one may enter; of all others it says the same.
    leaving = np.diff(matrix.indptr) > 0
    assert np.allclose(effective_size(matrix)[leaving], np.array(networkx_effective_size(graph, "weight"))[leaving])
    assert (np.isnan(effective_size(matrix)) == np.isnan(constraint(matrix))).all()
    undirected = matrix_of(graph.to_undirected())
    assert np.allclose(clustering(matrix), clustering(undirected))
    assert core_number(matrix).tolist() == core_number(undirected).tolist()


def counted(matrix: Matrix, groups: list[int], *, directed: bool) -> dict[str, list[float]]:
    """Go through every triple of nodes, as Gould and Fernandez define the roles."""
    tied = matrix.toarray() > 0
    if not directed:
        tied |= tied.T
    counts = {role: np.zeros(len(groups)) for role in ROLES}
    for i, j, k in permutations(range(len(groups)), 3):
        g, h, f = groups[i], groups[j], groups[k]
        if min(g, h, f) < 0 or not (tied[i, j] and tied[j, k]) or tied[i, k]:
            continue
        if g == h == f:
            role = "coordinator"
        elif g == f:
            role = "itinerant"
        elif h == f:
            role = "gatekeeper"
        elif g == h:
            role = "representative"
        else:
            role = "liaison"
        counts[role][j] += 1
    total = np.sum(list(counts.values()), axis=0)
    if not directed:
        total /= 2
        for role in ("coordinator", "itinerant", "liaison"):
            counts[role] /= 2
    return {role: count.tolist() for role, count in (counts | {"total": total}).items()}


@st.composite
def grouped(draw: st.DrawFn, *, directed: bool) -> tuple[nx.Graph[int], list[int]]:
    graph = draw(graphs(directed=directed))
    group = st.integers(-1, draw(st.integers(-1, 4)))
    return graph, draw(st.lists(group, min_size=len(graph), max_size=len(graph)))


@pytest.mark.parametrize("directed", [False, True])
def test_brokerage_counts_every_triple(directed: bool) -> None:
    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(grouped(directed=directed))
    def check(drawn: tuple[nx.Graph[int], list[int]]) -> None:
        graph, groups = drawn
        matrix = matrix_of(graph, "weight")
        result = brokerage(matrix, np.array(groups), directed=directed)
        assert {role: count.tolist() for role, count in result.items()} == counted(matrix, groups, directed=directed)

    check()


def test_a_star_of_three_groups_brokers_by_hand() -> None:
    # The centre is of group 0, as are two of its five neighbours; two others are of group 1, one of group 2.
    result = brokerage(adjacency(nx.star_graph(5)), np.array([0, 0, 0, 1, 1, 2]))
    assert {role: count[0] for role, count in result.items()} == {
        "coordinator": 1,
        "itinerant": 1,
        "gatekeeper": 6,
        "representative": 6,
        "liaison": 2,
        "total": 10,
    }
    assert not any(count[1:].any() for count in result.values())


def test_a_node_of_unknown_group_neither_brokers_nor_is_brokered() -> None:
    path = adjacency(nx.path_graph(5))
    assert brokerage(path, np.array([0, 0, -1, 0, 0]))["total"].tolist() == [0] * 5
    assert brokerage(path, np.array([-1, 0, 0, 0, 0]))["total"].tolist() == [0, 0, 1, 1, 0]


def test_the_medici_are_the_least_constrained_of_florence() -> None:
    # Padgett's marriages; degree 6 with one tie among the six, so an effective size of 6 - 2/6.
    florence = nx.florentine_families_graph()
    names = list(florence)
    matrix = adjacency(florence)
    values = dict(zip(names, constraint(matrix), strict=True))
    assert min(values, key=values.__getitem__) == "Medici"
    assert round(values["Medici"], 4) == 0.2099
    assert math.isclose(dict(zip(names, effective_size(matrix), strict=True))["Medici"], 6 - 2 / 6)
    assert math.isclose(dict(zip(names, efficiency(matrix), strict=True))["Medici"], (6 - 2 / 6) / 6)


def test_a_weighted_triangle_is_constrained_as_worked_by_hand() -> None:
    # Ties ab 1, ac 2, bc 3. For a: p_ab 1/3, p_ac 2/3, p_bc 3/4, p_cb 3/5: (1/3 + 2/3*3/5)^2 + (2/3 + 1/3*3/4)^2.
    matrix = sp.csr_array(np.array([[0, 1.0, 2], [1, 0, 3], [2, 3, 0]]))
    assert math.isclose(constraint(matrix)[0], (1 / 3 + 2 / 5) ** 2 + (2 / 3 + 1 / 4) ** 2)
    # Redundancy: b through c, 2/3 * 3/3, and c through b, 1/3 * 3/3.
    assert math.isclose(effective_size(matrix)[0], 2 - 2 / 3 - 1 / 3)


def test_only_isolates_have_no_constraint() -> None:
    graph = nx.disjoint_union(nx.path_graph(2), nx.empty_graph(1))
    matrix = adjacency(graph)
    for measure in (constraint, effective_size, efficiency):
        assert measure(matrix)[:2].tolist() == [1, 1]
        assert np.isnan(measure(matrix)[2])
    assert core_number(matrix).tolist() == [1, 1, 0]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(graphs(), graphs(), st.randoms(use_true_random=False))
def test_neither_names_nor_strangers_change_a_neighbourhood(
    graph: nx.Graph[int],
    stranger: nx.Graph[int],
    random: Any,  # noqa: ANN401
) -> None:
    one, other = matrix_of(graph, "weight"), matrix_of(stranger, "weight")
    both = sp.csr_array(sp.block_diag([one, other], format="csr"))
    order = random.sample(range(both.shape[0]), both.shape[0])
    groups = np.arange(both.shape[0]) % 3
    renamed = sp.csr_array(both[order][:, order])
    for measure in (clustering, constraint, effective_size, core_number):
        apart = np.concatenate([measure(one), measure(other)])
        assert np.allclose(measure(both), apart, equal_nan=True)
        assert np.allclose(measure(renamed), apart[order], equal_nan=True)
    for role, count in brokerage(renamed, groups[order]).items():
        assert count.tolist() == brokerage(both, groups)[role][order].tolist()


def test_triangles_are_listed_once_however_small_the_blocks() -> None:
    graph = nx.gnp_random_graph(60, 0.3, seed=1)
    matrix = adjacency(graph)
    expected = sorted(tuple(sorted(clique)) for clique in nx.enumerate_all_cliques(graph) if len(clique) == 3)
    for pairs, cells, rows in ((2**18, 2**22, 16), (1, 1, 1), (50, 200, 1), (10**6, 61, 3)):
        ties = ranked_ties(matrix)
        found = []
        for ab, ac, bc in triangles(ties, pairs=pairs, cells=cells, least_rows=rows):
            assert (ties.first[ab] == ties.first[ac]).all()
            assert (ties.second[ab] == ties.first[bc]).all()
            assert (ties.second[ac] == ties.second[bc]).all()
            corners = np.stack([ties.first[ab], ties.second[ab], ties.second[ac]], axis=1)
            found += [tuple(sorted(triangle)) for triangle in corners.tolist()]
        assert sorted(found) == expected


def test_a_network_without_nodes_has_no_values() -> None:
    nothing = sp.csr_array((0, 0), dtype=np.float64)
    for measure in (clustering, constraint, effective_size, efficiency, core_number):
        assert measure(nothing).tolist() == []
    assert transitivity(nothing) == 0
    assert brokerage(nothing, np.array([], dtype=np.int64))["total"].tolist() == []


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([[0, 1.0, 0], [1, 0, 0]], r"a row and a column per node, this one has \(2, 3\)"),
        ([[0, -1.0], [-1, 0]], "a tie weighs 0, less, or no finite number"),
        ([[0, math.nan], [math.nan, 0]], "a tie weighs 0, less, or no finite number"),
        ([[1.0, 1], [1, 0]], "a node is tied to itself"),
    ],
)
def test_what_is_no_network_is_refused(entries: list[list[float]], said: str) -> None:
    for measure in (clustering, transitivity, constraint, effective_size, core_number):
        with pytest.raises(NetworkError, match=said):
            measure(sp.csr_array(np.array(entries)))


@pytest.mark.parametrize("groups", [np.array([0, 1]), np.array([0.0, 1, 2]), np.array([[0, 1, 2]])])
def test_groups_that_do_not_fit_the_nodes_are_refused(groups: NDArray[Any]) -> None:
    with pytest.raises(NetworkError, match="one whole number per node must name its group: expected 3"):
        brokerage(adjacency(nx.path_graph(3)), groups)
