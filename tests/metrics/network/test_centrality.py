"""Centrality equals the textbooks and networkx, and what is undefined is said to be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaingraph as cg
from chaingraph.arrays import adjacency, attach_incidence
from chaingraph.errors import NetworkError
from chaingraph.metrics import centrality, measure_names
from chaingraph.metrics.network._betweenness import betweenness
from chaingraph.metrics.network._distances import closeness, distances
from chaingraph.metrics.network._walks import eigenvector, pagerank

if TYPE_CHECKING:
    from collections.abc import Mapping


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph[int]:
    """Small graphs of every kind: empty of ties, disconnected, with isolates, with self-loops."""
    size = draw(st.integers(1, 14))
    pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(draw(st.lists(pairs, max_size=40)))
    return graph


def values(result: Mapping[Any, float]) -> list[float]:
    return [result[node] for node in sorted(result)]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(graphs())
def test_every_measure_equals_networkx(graph: nx.Graph[int]) -> None:
    plain = nx.Graph(graph)
    plain.remove_edges_from(list(nx.selfloop_edges(plain)))
    matrix = adjacency(graph)
    assert np.allclose(betweenness(matrix), values(nx.betweenness_centrality(plain)))
    assert np.allclose(closeness(distances(matrix)), values(nx.closeness_centrality(plain)))
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


def test_directed_and_parallel_ties_count_once_where_directions_do_not_matter() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph([("a", "b"), ("b", "a"), ("a", "b"), ("b", "c"), ("c", "c")])
    frame = centrality(graph, measures=["degree", "betweenness"], directed=False)
    assert frame["degree"].to_dict() == {"b": 2, "a": 1, "c": 1}
    assert frame["betweenness"].to_dict() == {"b": 1.0, "a": 0.0, "c": 0.0}


def test_what_is_undefined_is_nan_with_the_reason() -> None:
    graph = nx.disjoint_union(nx.path_graph(3), nx.path_graph(2))
    frame = centrality(graph)
    assert frame.attrs["undefined"] == {"eigenvector": "defined on the largest component only"}
    assert frame["eigenvector"].isna().sum() == 2
    graph.add_node("alone")
    assert centrality(graph).attrs["undefined"] == {
        "eccentricity": "a node that reaches no other has no distances",
        "eigenvector": "defined on the largest component only",
        "pagerank": "an isolate has no ties",
        "katz": "an isolate has no ties",
        "constraint": "an isolate has no ties",
        "effective_size": "an isolate has no ties",
    }


def test_relabelling_the_nodes_changes_nothing_but_their_names() -> None:
    graph = nx.karate_club_graph()
    renamed = nx.relabel_nodes(graph, {node: 33 - node for node in graph})
    before = centrality(graph, weight=None)
    after = centrality(renamed, weight=None).rename(index={33 - node: node for node in graph}).loc[before.index]
    columns = measure_names("undirected")
    pd.testing.assert_frame_equal(before[columns], after[columns], check_index_type=False)


NETWORKS = {
    "karate": nx.karate_club_graph(),
    "les miserables": nx.les_miserables_graph(),
    "florentine": nx.florentine_families_graph(),
    "davis": nx.davis_southern_women_graph(),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_table_equals_networkx_on_its_own_graphs(name: str) -> None:
    graph: nx.Graph[Any] = nx.Graph(NETWORKS[name])
    weight = "weight" if name in ("karate", "les miserables") else None
    frame = centrality(graph, measures=measure_names("undirected"), weight=weight).reindex(list(graph))
    size = len(graph)
    alpha = 0.9 / max(nx.adjacency_spectrum(graph, weight=weight).real)
    expected: dict[str, Any] = {
        "degree": dict(graph.degree()),
        "strength": dict(graph.degree(weight=weight)),
        "betweenness": nx.betweenness_centrality(graph),
        "closeness": nx.closeness_centrality(graph),
        "harmonic": {node: value / (size - 1) for node, value in nx.harmonic_centrality(graph).items()},
        "eccentricity": nx.eccentricity(graph),
        "eigenvector": nx.eigenvector_centrality(graph, max_iter=100_000, tol=1e-10, weight=weight),
        "pagerank": nx.pagerank(graph, tol=1e-13, max_iter=10_000, weight=weight),
        "katz": nx.katz_centrality(graph, alpha=alpha, max_iter=100_000, tol=1e-11, weight=weight),
        "core_number": nx.core_number(graph),
        "clustering": nx.clustering(graph),
        "constraint": nx.constraint(graph, weight=weight),
        # Without nodes named, networkx 3.6 divides a weighted network by the wrong end's strongest tie.
        "effective_size": nx.effective_size(graph, nodes=list(graph), weight=weight),
    }
    assert set(expected) == set(measure_names("undirected"))
    for measure, found in expected.items():
        assert np.allclose(frame[measure].to_numpy(), [found[node] for node in graph], atol=1e-6), measure


@settings(max_examples=60, deadline=None, derandomize=True)
@given(graphs())
def test_the_directed_table_equals_networkx(graph: nx.Graph[int]) -> None:
    directed: nx.DiGraph[int] = nx.DiGraph(sorted(graph.edges))
    directed.add_nodes_from(sorted(graph))
    directed.remove_edges_from(list(nx.selfloop_edges(directed)))
    frame = centrality(directed).sort_index()
    assert [name for name in frame.columns if name != "label"] == measure_names("directed")
    back = directed.reverse()
    assert np.allclose(frame["betweenness"], values(nx.betweenness_centrality(directed)))
    assert np.allclose(frame["in_closeness"], values(nx.closeness_centrality(directed)))
    assert np.allclose(frame["out_closeness"], values(nx.closeness_centrality(back)))
    size = max(len(directed) - 1, 1)
    assert np.allclose(frame["in_harmonic"] * size, values(nx.harmonic_centrality(directed)))
    assert np.allclose(frame["out_harmonic"] * size, values(nx.harmonic_centrality(back)))
    with_ties = directed.subgraph(set(directed) - set(nx.isolates(directed)))
    if with_ties:
        expected = values(nx.pagerank(with_ties, tol=1e-13, max_iter=10_000))
        assert np.allclose(frame["pagerank"].dropna(), expected, atol=1e-9)
    assert frame["in_degree"].tolist() == [degree for _, degree in sorted(directed.in_degree())]
    assert frame["out_degree"].tolist() == [degree for _, degree in sorted(directed.out_degree())]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(graphs(), st.integers(0, 1000), st.booleans())
def test_ways_over_lengths_equal_networkx(graph: nx.Graph[int], seed: int, directed: bool) -> None:
    rng = np.random.default_rng(seed)
    plain = nx.DiGraph(sorted(graph.edges)) if directed else nx.Graph(sorted(graph.edges))
    plain.add_nodes_from(sorted(graph))
    plain.remove_edges_from(list(nx.selfloop_edges(plain)))
    for _, _, data in plain.edges(data=True):
        data["km"] = int(rng.integers(1, 4))
    side = "in_" if directed else ""
    frame = centrality(plain, measures=["betweenness", f"{side}closeness"], distance="km").sort_index()
    assert np.allclose(frame["betweenness"], values(nx.betweenness_centrality(plain, weight="km")))
    assert np.allclose(frame[f"{side}closeness"], values(nx.closeness_centrality(plain, distance="km")))


def test_the_inverse_of_a_weight_is_a_length() -> None:
    graph = nx.Graph([("a", "b", {"consortia": 4}), ("b", "c", {"consortia": 4}), ("a", "c", {"consortia": 1})])
    frame = centrality(graph, measures=["betweenness"], weight="consortia", distance="inverse")
    assert frame["betweenness"].to_dict() == {"b": 1.0, "a": 0.0, "c": 0.0}
    assert frame.attrs["distance"] == "inverse"


def test_a_two_mode_network_has_the_measures_of_borgatti_and_everett() -> None:
    # Davis' Southern women: the values of Borgatti and Everett (1997, Social Networks 19: 243-269).
    frame = centrality(nx.davis_southern_women_graph())
    assert list(frame.columns[1:]) == measure_names("two-mode")
    assert "clustering" not in frame.columns
    expected = {
        "two_mode_degree": {"Evelyn Jefferson": 0.571, "Theresa Anderson": 0.571, "Nora Fayette": 0.571, "E8": 0.778},
        "two_mode_closeness": {"Evelyn Jefferson": 0.8, "E8": 0.846},
    }
    for measure, known in expected.items():
        assert {node: round(frame[measure].to_dict()[node], 3) for node in known} == known
    between = frame["two_mode_betweenness"].to_dict()
    known = {"E8": 0.2438, "E9": 0.2255, "E7": 0.1295, "Nora Fayette": 0.1135, "Evelyn Jefferson": 0.0966}
    assert {node: round(between[node], 4) for node in known} == known


def test_what_is_sampled_says_so_with_its_error() -> None:
    graph = nx.connected_watts_strogatz_graph(600, 6, 0.1, seed=5)
    sampled = centrality(graph, measures=["betweenness"], exact=False, seed=1)
    whole = centrality(graph, measures=["betweenness"], exact=True).loc[sampled.index]
    assert sampled.attrs["sampled"]["betweenness"]["sources"] == 256
    assert sampled.attrs["sampled"]["betweenness"]["of"] == 600
    assert sampled.attrs["sampled"]["betweenness"]["largest_error"] == sampled["betweenness_error"].max()
    assert whole.attrs["sampled"] == {}
    assert "betweenness_error" not in whole.columns
    far = np.abs(sampled["betweenness"] - whole["betweenness"]) / sampled["betweenness_error"]
    assert 0.8 < float((far < 2).mean()) < 1.0
    again = centrality(graph, measures=["betweenness"], exact=False, seed=1)
    pd.testing.assert_frame_equal(sampled, again)


def test_brokers_are_counted_between_the_groups_of_an_attribute() -> None:
    graph = nx.path_graph(5)
    nx.set_node_attributes(graph, dict(zip(range(5), ["苏州", "苏州", "苏州", "无锡", "杭州"], strict=True)), "region")
    frame = centrality(graph, measures=["degree"], group="region").sort_index()
    roles = ["coordinator", "itinerant", "gatekeeper", "representative", "liaison"]
    assert set(frame.columns) >= {f"brokerage_{role}" for role in roles}
    assert frame["brokerage_coordinator"].tolist()[1] > 0
    assert frame["brokerage_liaison"].tolist()[3] > 0
    assert frame["brokerage_coordinator"].tolist()[3] == 0


def test_only_the_rows_asked_for_come_back_measured_in_the_whole() -> None:
    frame = centrality(nx.karate_club_graph(), nodes=[0, 33], weight=None)
    assert frame.index.tolist() == [0, 33]
    assert frame["degree"].tolist() == [16, 17]


def test_a_projection_is_measured_on_its_memberships() -> None:
    two_mode = nx.davis_southern_women_graph()
    women = two_mode.graph["top"]
    network = nx.freeze(nx.bipartite.weighted_projected_graph(two_mode, women))
    plain = centrality(network, weight="weight")
    behind = nx.bipartite.biadjacency_matrix(two_mode, list(network)).astype(float)
    attach_incidence(network, behind)
    pd.testing.assert_frame_equal(centrality(network, weight="weight"), plain)


def test_the_measures_of_two_networks_side_by_side_are_those_of_each() -> None:
    one, other = nx.karate_club_graph(), nx.cycle_graph(7)
    both = centrality(nx.disjoint_union(one, other), weight=None).sort_index()
    alone = centrality(one, weight=None).sort_index()
    scale = (len(both) - 1) * (len(both) - 2) / ((len(one) - 1) * (len(one) - 2))
    assert np.allclose(both["betweenness"][:34] * scale, alone["betweenness"])
    assert np.allclose(both["harmonic"][:34] * (len(both) - 1), alone["harmonic"] * (len(one) - 1))
    for measure in ("degree", "core_number", "clustering", "constraint", "effective_size", "eccentricity"):
        assert np.allclose(both[measure][:34], alone[measure]), measure


@pytest.mark.parametrize(
    ("graph", "options", "said"),
    [
        (nx.Graph(), {}, "the network has no nodes, so there is nothing to measure"),
        (nx.path_graph(2), {"measures": ["between"]}, "there is no measure 'between'; there are degree, strength"),
        (nx.path_graph(2), {"weight": "consortia"}, "the tie 0 - 1 has no 'consortia'"),
        (nx.Graph([(0, 1, {"w": -1})]), {"weight": "w"}, "the tie 0 - 1 has w=-1, expected a number of at least 0"),
        (nx.Graph([(0, 1, {"w": math.nan})]), {"weight": "w"}, "the tie 0 - 1 has w=nan"),
        (nx.Graph([(0, 1, {"w": "many"})]), {"weight": "w"}, "the tie 0 - 1 has w=many, expected a number"),
        (nx.Graph([(0, 1, {"w": 0})]), {"distance": "w"}, "the tie 0 - 1 has w=0, expected a number above 0"),
        (nx.path_graph(2), {"distance": "inverse"}, "needs a weight; name an edge attribute"),
        (nx.path_graph(2), {"measures": ["two_mode_degree"]}, "'two_mode_degree' is a measure of two-mode networks"),
        (
            nx.path_graph(2),
            {"measures": ["in_degree"]},
            "'in_degree' is a measure of directed networks; ask for degree",
        ),
        (nx.DiGraph([(0, 1)]), {"measures": ["closeness"]}, "ask for in_closeness or out_closeness, or pass directed"),
        (nx.DiGraph([(0, 1)]), {"measures": ["eigenvector"]}, "'eigenvector' is not defined on directed ties; pass"),
        (nx.path_graph(2), {"nodes": ["甲"]}, "the network has no node '甲'"),
        (nx.path_graph(2), {"group": "region"}, "no node has the attribute 'region'; there are: none"),
    ],
)
def test_what_cannot_be_measured_is_refused(graph: nx.Graph[Any], options: dict[str, Any], said: str) -> None:
    with pytest.raises(NetworkError, match=said):
        cg.centrality(graph, **options)
