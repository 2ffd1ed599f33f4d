"""What is said of whole networks equals networkx, brute force and the textbooks; null models keep what they should."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from typing import Any

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.arrays import adjacency, attach_incidence
from chaingraph.errors import NetworkError
from chaingraph.metrics import (
    articulation_points,
    attribute_assortativity,
    bridges,
    centrality,
    components,
    core_periphery,
    degree_assortativity,
    numeric_assortativity,
    rewired_network,
    rich_club,
    small_world,
    structure,
    structure_table,
)
from chaingraph.metrics.network._rewiring import rewired, rewired_memberships
from chaingraph.metrics.network._structure import cut_points_and_bridges, group_assortativity, number_assortativity


@st.composite
def networks(draw: st.DrawFn) -> nx.Graph[int]:
    """Small networks of every kind: one node, no ties, disconnected, with isolates, with self-loops."""
    size = draw(st.integers(1, 16))
    node = st.integers(0, size - 1)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(draw(st.lists(st.tuples(node, node), max_size=40)))
    return graph


def without_loops(graph: nx.Graph[int]) -> nx.Graph[int]:
    plain = graph.copy()
    plain.remove_edges_from(list(nx.selfloop_edges(plain)))
    return plain


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks())
def test_components_cut_nodes_and_bridges_equal_networkx(graph: nx.Graph[int]) -> None:
    plain, labels = without_loops(graph), components(graph)
    expected = sorted(nx.connected_components(plain), key=lambda members: (-len(members), min(members)))
    assert [set(labels.index[labels == label]) for label in range(labels.max() + 1)] == expected
    points = articulation_points(graph)
    assert points.index.tolist() == list(graph)
    assert points[points].index.tolist() == sorted(nx.articulation_points(plain))
    expected_bridges: Any = nx.bridges(plain)
    assert bridges(graph)[["source", "target"]].to_numpy().tolist() == sorted(sorted(tie) for tie in expected_bridges)


def test_a_chain_of_many_nodes_is_searched_without_recursion() -> None:
    size = 20_000
    cut, weak = cut_points_and_bridges(adjacency(nx.path_graph(size)))
    assert cut.tolist() == list(range(1, size - 1))
    assert weak.tolist() == [[node, node + 1] for node in range(size - 1)]


def test_directed_ties_join_a_component_either_way() -> None:
    assert components(nx.DiGraph([(0, 1), (2, 1)])).tolist() == [0, 0, 0]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks())
@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
def test_assortativity_by_degree_equals_networkx(graph: nx.Graph[int]) -> None:
    plain = without_loops(graph)
    found = degree_assortativity(graph)
    if len({degree for _, degree in plain.degree() if degree}) < 2:
        assert math.isnan(found)
        return
    assert math.isclose(found, nx.degree_assortativity_coefficient(plain), abs_tol=1e-9)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks(), st.lists(st.integers(0, 2), min_size=16, max_size=16), st.booleans())
def test_assortativity_by_group_and_by_number_equals_networkx(
    graph: nx.Graph[int], drawn: list[int], is_directed: bool
) -> None:
    plain: nx.Graph[int] = nx.DiGraph(without_loops(graph).edges) if is_directed else without_loops(graph)
    plain.add_nodes_from(graph)
    plain = nx.relabel_nodes(plain, {node: node for node in graph})
    nx.set_node_attributes(plain, {node: drawn[node] for node in graph}, "group")
    by_group, by_number = attribute_assortativity(plain, "group"), numeric_assortativity(plain, "group")
    ends = list(plain.edges)
    sources = {drawn[u] for u, _ in ends} | (set() if is_directed else {drawn[v] for _, v in ends})
    targets = {drawn[v] for _, v in ends} | (set() if is_directed else {drawn[u] for u, _ in ends})
    if not ends or len(sources | targets) < 2:
        assert math.isnan(by_group)
    else:
        assert math.isclose(by_group, nx.attribute_assortativity_coefficient(plain, "group"), abs_tol=1e-9)
    if len(sources) < 2 or len(targets) < 2:
        assert math.isnan(by_number)
    else:
        assert math.isclose(by_number, nx.numeric_assortativity_coefficient(plain, "group"), abs_tol=1e-9)


def test_a_directed_degree_goes_from_out_to_in_as_in_networkx() -> None:
    graph = nx.gnp_random_graph(20, 0.2, seed=3, directed=True)
    assert math.isclose(degree_assortativity(graph), nx.degree_assortativity_coefficient(graph))


def test_a_tie_with_an_unknown_end_is_left_out_of_assortativity() -> None:
    matrix = adjacency(nx.Graph([(0, 1), (1, 2), (2, 3), (3, 0), (3, 4)]))
    kept = adjacency(nx.Graph([(0, 1), (1, 2), (2, 3), (3, 0)]))
    groups, numbers = np.array([0, 0, 1, 1]), np.array([1.0, 2.0, 5.0, 4.0])
    assert group_assortativity(matrix, np.append(groups, -1)) == group_assortativity(kept, groups)
    assert number_assortativity(matrix, np.append(numbers, np.nan)) == number_assortativity(kept, numbers)


def pearson(first: Any, second: Any) -> float:  # noqa: ANN401
    table: Any = np.corrcoef(first, second)
    return float(table[0, 1])


def best_core(graph: nx.Graph[int]) -> tuple[float, int]:
    """The best correlation of all cores of two nodes up to all but two, and the least number of wrong pairs of all."""
    dense, best, wrong = nx.to_numpy_array(graph), -math.inf, len(graph) ** 2
    pairs = list(itertools.combinations(range(len(graph)), 2))
    for size in range(len(graph) + 1):
        for core in itertools.combinations(range(len(graph)), size):
            judged = [(dense[u, v], float(u in core)) for u, v in pairs if (u in core) == (v in core)]
            wrong = min(wrong, sum(tie != ideal for tie, ideal in judged))
            if judged and all(len({pair[side] for pair in judged}) == 2 for side in (0, 1)):
                best = max(best, pearson(*zip(*judged, strict=True)))
    return best, wrong


def test_the_core_by_degree_is_mostly_the_best_of_all_cores() -> None:
    exact = 0
    for seed in range(60):
        graph = nx.gnm_random_graph(7, 4 + seed % 14, seed=seed)
        found, (best, _) = core_periphery(graph), best_core(graph)
        assert found.correlation <= best + 1e-9
        exact += math.isclose(found.correlation, best, abs_tol=1e-9)
    assert exact == 52


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks())
def test_the_core_is_correlated_and_as_dense_as_it_says(graph: nx.Graph[int]) -> None:
    dense = adjacency(graph).toarray()
    found = core_periphery(graph)
    densities = [found.core_density, found.between_density, found.periphery_density]
    core, rest = np.flatnonzero(found.core), np.flatnonzero(~found.core)
    if math.isnan(found.correlation):
        assert len(core) == 0
        assert np.isnan(densities).all()
        return
    within, among = [dense[np.ix_(part, part)][np.triu_indices(len(part), 1)] for part in (core, rest)]
    ideal = np.repeat([1.0, 0.0], [len(within), len(among)])
    assert math.isclose(found.correlation, pearson(np.append(within, among), ideal), abs_tol=1e-9)
    assert np.allclose(densities, [within.mean(), dense[np.ix_(core, rest)].mean(), among.mean()])
    assert dense[core].sum(axis=1).min() >= dense[rest].sum(axis=1).max()


def test_no_core_has_fewer_wrong_pairs_than_one_by_degree() -> None:
    # Lip (2011) proves it; the objective that the sweep stands for.
    for seed in range(40):
        graph = nx.gnm_random_graph(7, 3 + seed % 16, seed=seed)
        degrees = sorted((degree for _, degree in graph.degree()), reverse=True)
        by_degree = [
            size * (size - 1) // 2 + graph.number_of_edges() - sum(degrees[:size]) for size in range(len(graph) + 1)
        ]
        assert min(by_degree) == best_core(graph)[1]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks())
def test_the_rich_club_equals_networkx_and_the_random_ones_keep_the_degrees(graph: nx.Graph[int]) -> None:
    matrix, plain = adjacency(graph), without_loops(graph)
    frame = rich_club(graph, draws=2)
    expected = nx.rich_club_coefficient(plain, normalized=False) if plain.number_of_edges() else {}
    assert {k: value for k, value in frame["coefficient"].to_dict().items() if k in expected} == pytest.approx(expected)
    assert len(frame) == len(expected) or plain.number_of_edges() == 0
    drawn = rewired(matrix, np.random.default_rng(1))
    assert np.array_equal(np.diff(drawn.indptr), np.diff(matrix.indptr))
    assert np.array_equal(drawn.toarray(), drawn.toarray().T)
    assert drawn.diagonal().sum() == 0
    assert (drawn.data == 1).all()


def test_a_rewired_network_keeps_nodes_degrees_and_modes_and_no_ties() -> None:
    davis = nx.davis_southern_women_graph()
    for graph in (nx.les_miserables_graph(), davis):
        random = rewired_network(graph, seed=3)
        assert dict(random.nodes(data=True)) == dict(graph.nodes(data=True))
        assert dict(random.degree()) == dict(graph.degree())
        assert set(random.edges) != set(graph.edges)
        assert nx.utils.graphs_equal(random, rewired_network(graph, seed=3))
        assert not nx.utils.graphs_equal(random, rewired_network(graph, seed=4))
    assert nx.is_bipartite(rewired_network(davis))


def test_all_networks_of_the_same_degrees_are_equally_likely() -> None:
    # Six nodes of two ties each: 60 rings and 10 pairs of triangles. The bound is the 99.9 % of chi square, 69 degrees.
    rng, ring = np.random.default_rng(0), adjacency(nx.cycle_graph(6))
    seen = Counter(tuple(rewired(ring, rng).indices.tolist()) for _ in range(1050))
    assert len(seen) == 70
    assert sum((count - 15) ** 2 / 15 for count in seen.values()) < 111.1


def test_all_memberships_of_the_same_numbers_are_equally_likely() -> None:
    rng, dealt = np.random.default_rng(0), sp.csr_array(np.array([[1.0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]]))
    seen = Counter(tuple(rewired_memberships(dealt, rng).indices.tolist()) for _ in range(600))
    for columns in seen:
        assert np.bincount(columns).tolist() == [1, 2, 2, 1]
    assert len(seen) == 15
    assert sum((count - 40) ** 2 / 40 for count in seen.values()) < 36.1


def test_a_small_world_is_one_and_a_random_network_is_none() -> None:
    small = small_world(nx.connected_watts_strogatz_graph(200, 8, 0.1, seed=1), draws=4, seed=2)
    chance = small_world(nx.gnm_random_graph(200, 800, seed=1), draws=4, seed=2)
    assert small.equals(small_world(nx.connected_watts_strogatz_graph(200, 8, 0.1, seed=1), draws=4, seed=2))
    assert small.attrs == {"null": "ties", "draws": 4, "seed": 2}
    assert small["sigma"] > 5
    assert 0.8 < chance["sigma"] < 1.25
    assert small[["nodes", "ties", "share"]].tolist() == [200, 800, 1.0]
    graph = nx.connected_watts_strogatz_graph(200, 8, 0.1, seed=1)
    assert small["clustering"] == pytest.approx(nx.average_clustering(graph))
    assert small["mean_distance"] == pytest.approx(nx.average_shortest_path_length(graph))


def test_a_projection_is_clustered_by_its_memberships_alone() -> None:
    rng = np.random.default_rng(0)
    members = sp.csr_array((rng.random((150, 40)) < 0.06).astype(np.float64))
    shared = members @ members.T
    graph: nx.Graph[int] = nx.from_scipy_sparse_array(shared)
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    attach_incidence(graph, members)
    by_ties, by_memberships = (small_world(graph, null=null, draws=3) for null in ("ties", "memberships"))
    assert by_ties["sigma"] > 1.5
    assert 0.9 < by_memberships["sigma"] < 1.1
    assert by_ties["clustering"] == by_memberships["clustering"]


def test_a_small_world_without_ties_is_undefined() -> None:
    found = small_world(nx.empty_graph(3), draws=1)
    assert found[["nodes", "ties", "clustering"]].tolist() == [1, 0, 0.0]
    assert math.isnan(found["sigma"])
    assert math.isnan(found["mean_distance"])


def test_the_florentine_families_are_described() -> None:
    described = structure(nx.florentine_families_graph())
    assert {name: round(value, 4) for name, value in described.items()} == {
        "nodes": 15,
        "ties": 20,
        "density": 0.1905,
        "components": 1,
        "largest_component": 1.0,
        "isolates": 0,
        "mean_degree": 2.6667,
        "degree_centralisation": 0.2747,
        "betweenness_centralisation": 0.4368,
        "mean_distance": 2.4857,
        "diameter": 5.0,
        "clustering": 0.16,
        "transitivity": 0.1915,
        "degree_assortativity": -0.3748,
        "communities": 3,
        "modularity": 0.3987,
        "core_size": 6,
        "core_correlation": 0.3939,
        "articulation_points": 4,
        "bridges": 5,
    }
    assert described.attrs == {"undefined": {}, "weight": None, "seed": 0, "holds_for": {}}


def test_distances_of_a_network_in_parts_say_which_pairs_they_are_of() -> None:
    pairs = nx.disjoint_union_all([nx.path_graph(2)] * 3 + [nx.empty_graph(4)])
    described = structure(pairs)
    assert described["diameter"] == 1
    part = "the 6.67% of the pairs that reach each other, within 7 components"
    assert described.attrs["holds_for"] == {"mean_distance": part, "diameter": part}


def test_a_few_ties_give_no_core_and_no_correlation() -> None:
    triangle = nx.disjoint_union(nx.complete_graph(3), nx.empty_graph(20))
    described = structure(triangle)
    reason = "a network of fewer than 10 ties is too small to tell"
    assert {name: described.attrs["undefined"][name] for name in ("core_size", "core_correlation")} == {
        "core_size": reason,
        "core_correlation": reason,
    }
    assert described.attrs["undefined"]["degree_assortativity"] == reason


def test_a_tie_of_weight_0_is_none_in_any_measure() -> None:
    ties = [(0, 1, 2.0), (1, 2, 0.0), (2, 3, 1.0), (3, 0, 1.0), (0, 2, 3.0)]
    with_zero: nx.Graph[int] = nx.Graph(weight="w")
    without: nx.Graph[int] = nx.Graph(weight="w")
    with_zero.add_weighted_edges_from(ties, weight="w")
    without.add_weighted_edges_from((tie for tie in ties if tie[2]), weight="w")
    assert structure(with_zero).dropna().to_dict() == structure(without).dropna().to_dict()
    assert centrality(with_zero).sort_index().equals(centrality(without).sort_index())
    assert structure(with_zero, weight=None)["ties"] == 5


@settings(max_examples=60, deadline=None, derandomize=True)
@given(networks())
def test_a_description_equals_networkx_and_says_why_it_lacks_something(graph: nx.Graph[int]) -> None:
    plain, described = without_loops(graph), structure(graph)
    assert described["nodes"] == len(plain)
    assert described["ties"] == plain.number_of_edges()
    assert described["components"] == nx.number_connected_components(plain)
    assert described["isolates"] == nx.number_of_isolates(plain)
    assert described["clustering"] == pytest.approx(nx.average_clustering(plain))
    assert described["transitivity"] == pytest.approx(nx.transitivity(plain))
    if len(plain) > 1:
        assert described["density"] == pytest.approx(nx.density(plain))
    assert set(described.attrs["undefined"]) == {name for name, value in described.items() if math.isnan(value)}


def test_a_two_mode_network_has_no_measures_of_ties_within_a_mode() -> None:
    described = structure(nx.davis_southern_women_graph())
    assert round(described["density"], 4) == 0.3532
    assert described["ties"] == 89
    assert described["diameter"] == 4
    reason = "its scale is that of ties within a mode, which a two-mode network has none of; project it first"
    lacking = {"degree_centralisation", "betweenness_centralisation", "clustering", "transitivity", "modularity"}
    assert described.attrs["undefined"] == dict.fromkeys(lacking | {"core_size", "core_correlation"}, reason)


def test_betweenness_of_a_large_network_is_left_out_with_the_reason() -> None:
    described = structure(nx.florentine_families_graph(), most_work=0.0)
    assert math.isnan(described["betweenness_centralisation"])
    assert described.attrs["undefined"] == {
        "betweenness_centralisation": "left out, as it takes more than about a second here; "
        "centrality() gives betweenness"
    }


def test_a_description_does_not_depend_on_the_names_and_the_direction() -> None:
    graph = nx.les_miserables_graph()
    turned = nx.DiGraph([(v, u) for u, v in graph.edges])
    turned = nx.relabel_nodes(turned, str.upper)
    # The division into communities and the core may break ties otherwise.
    columns = [name for name in structure(graph).index if name not in ("communities", "modularity")]
    before, after = structure(graph)[columns].to_dict(), structure(turned)[columns].to_dict()
    assert before == pytest.approx(after)


def test_networks_stand_side_by_side() -> None:
    frame = structure_table({"star": nx.star_graph(4), "ring": nx.cycle_graph(5), "pair": nx.path_graph(2)})
    assert frame.index.to_list() == ["star", "ring", "pair"]
    assert frame["ties"].to_list() == [4, 5, 1]
    assert frame["ties"].dtype == np.int64
    assert frame["degree_centralisation"].to_list()[:2] == [1.0, 0.0]
    assert frame["betweenness_centralisation"].to_list()[:2] == [1.0, 0.0]
    assert frame.attrs["undefined"]["pair"] == {
        "degree_centralisation": "fewer than three nodes cannot differ in it",
        "betweenness_centralisation": "fewer than three nodes cannot differ in it",
        **dict.fromkeys(
            ["degree_assortativity", "core_correlation", "core_size"],
            "a network of fewer than 10 ties is too small to tell",
        ),
    }
    assert frame.loc["star"].dropna().to_dict() == structure(nx.star_graph(4)).dropna().to_dict()


def test_what_cannot_be_described_is_refused() -> None:
    empty: nx.Graph[int] = nx.Graph()
    with pytest.raises(NetworkError, match="the network has no nodes, so there is nothing to describe"):
        structure(empty)
    with pytest.raises(NetworkError, match="there are no networks to compare"):
        structure_table({})
    with pytest.raises(NetworkError, match="the network has no nodes, so it is no small world"):
        small_world(empty)
    with pytest.raises(NetworkError, match="the network has no nodes, so it has no rich club"):
        rich_club(empty)
    with pytest.raises(NetworkError, match="there are 0 draws, expected at least 1"):
        small_world(nx.path_graph(3), draws=0)
    with pytest.raises(NetworkError, match="not known to be the projection of memberships"):
        small_world(nx.path_graph(3), null="memberships")
    named = nx.path_graph(2)
    named.nodes[1]["region"] = "Wuxi"
    with pytest.raises(NetworkError, match="the node '1' has region='Wuxi', expected a number; take attribute_assort"):
        numeric_assortativity(named, "region")
