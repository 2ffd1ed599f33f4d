"""Communities are connected and repeat, and are as good as those of networkx; their measures are the textbook's."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from typing import Any, Literal

import networkit as nk
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph import metrics
from chaingraph.arrays import Matrix, adjacency
from chaingraph.errors import NetworkError
from chaingraph.metrics import communities, community_table
from chaingraph.metrics.network._partition import modularity, participation_coefficient, within_module_z

Method = Literal["leiden", "louvain"]


@st.composite
def networks(draw: st.DrawFn) -> nx.Graph[int]:
    """Small networks of every kind: one node, no ties, isolates, self-loops, weights far apart, two modes, directed."""
    size = draw(st.integers(1, 18))
    kind = draw(st.sampled_from(["plain", "two-mode", "directed"]))
    graph: nx.Graph[int] = nx.DiGraph() if kind == "directed" else nx.Graph()
    graph.add_nodes_from(range(size))
    first = st.integers(0, size - 1)
    weight = draw(
        st.sampled_from([st.just(1.0), st.sampled_from([1.0, 2.0, 1 / 3]), st.sampled_from([1e-6, 0.1, 1e6])])
    )
    for u, v, w in draw(st.lists(st.tuples(first, first, weight), max_size=50)):
        if kind != "two-mode" or (u - v) % 2:
            graph.add_edge(u, v, w=w)
    return graph


def groups(labels: pd.Series[int]) -> list[set[int]]:
    return [set(members.index) for _, members in labels.groupby(labels)]


def undirected(matrix: Matrix) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.from_scipy_sparse_array(matrix, edge_attribute="w")
    return graph


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks(), st.sampled_from(["leiden", "louvain"]), st.sampled_from([0.0, 0.5, 1.0, 2.5]), st.integers(0, 3))
def test_a_community_is_connected_and_the_largest_comes_first(
    graph: nx.Graph[int], method: Method, resolution: float, seed: int
) -> None:
    labels = communities(graph, method=method, weight="w", resolution=resolution, seed=seed)
    plain = undirected(adjacency(graph, "w"))
    found = groups(labels)
    assert list(labels.index) == list(graph)
    assert all(nx.is_connected(plain.subgraph(members)) for members in found)
    assert sorted(set(labels)) == list(range(len(found)))
    assert found == sorted(found, key=lambda members: (-len(members), min(members)))
    assert all({isolate} in found for isolate in nx.isolates(plain))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks(), st.lists(st.integers(0, 4), min_size=18, max_size=18), st.sampled_from([0.3, 1.0, 2.0]))
def test_modularity_equals_networkx(graph: nx.Graph[int], drawn: list[int], resolution: float) -> None:
    matrix = adjacency(graph, "w")
    labels = np.array(drawn[: len(graph)])
    found = modularity(matrix, labels, resolution)
    if matrix.nnz == 0:
        assert math.isnan(found)
        return
    parts = [set(np.flatnonzero(labels == label).tolist()) for label in set(drawn[: len(graph)])]
    expected = nx.community.modularity(undirected(matrix), parts, weight="w", resolution=resolution)
    assert math.isclose(found, expected, abs_tol=1e-9)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks(), st.lists(st.integers(0, 4), min_size=18, max_size=18))
def test_the_measures_of_a_node_are_those_of_guimera_and_amaral(graph: nx.Graph[int], drawn: list[int]) -> None:
    matrix = adjacency(graph, "w")
    labels = np.array(drawn[: len(graph)])
    dense = matrix.toarray()
    expected_p, expected_z = [], []
    for node in range(len(graph)):
        total = dense[node].sum()
        to = [dense[node, labels == group].sum() for group in range(5)]
        expected_p.append(1 - sum((part / total) ** 2 for part in to) if total else math.nan)
        mates = np.flatnonzero(labels == labels[node])
        inside = dense[np.ix_(mates, mates)].sum(axis=1)
        own, alike = dense[node, mates].sum(), np.ptp(inside) <= 1e-9 * inside.max()
        expected_z.append(math.nan if alike else (own - inside.mean()) / inside.std())
    assert np.allclose(participation_coefficient(matrix, labels), expected_p, equal_nan=True, atol=1e-12)
    assert np.allclose(within_module_z(matrix, labels), expected_z, equal_nan=True, atol=1e-6)


def test_leiden_divides_as_well_as_networkx_louvain() -> None:
    better = 0.0
    for seed in range(60):
        graph = nx.gnm_random_graph(40, 40 + seed, seed=seed)
        found = communities(graph, seed=seed).attrs["modularity"]
        peer = nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=seed))
        assert found > peer - 0.05
        better += found - peer
    assert better > 0


@pytest.mark.parametrize("method", ["leiden", "louvain"])
def test_cliques_on_a_ring_are_found_whole(method: Method) -> None:
    labels = communities(nx.ring_of_cliques(8, 5), method=method)
    assert labels.to_list() == [node // 5 for node in range(40)]
    assert labels.attrs["method"] == method


def test_the_karate_club_falls_into_its_four_known_parts() -> None:
    # The greatest modularity of all divisions is 0.4198 (Brandes et al. 2008, IEEE Trans. Knowl. Data Eng. 20: 172).
    best = max((communities(nx.karate_club_graph(), weight=None, seed=seed) for seed in range(6)), key=modularity_of)
    assert round(best.attrs["modularity"], 4) == 0.4198
    assert best.value_counts().to_dict() == {0: 12, 1: 11, 2: 6, 3: 5}


def modularity_of(labels: pd.Series[int]) -> float:
    return float(labels.attrs["modularity"])


def test_a_higher_resolution_makes_more_communities() -> None:
    graph = nx.karate_club_graph()
    counts = [
        communities(graph, weight=None, resolution=resolution).nunique() for resolution in (0.0, 1.0, 3.0, 1000.0)
    ]
    assert counts[0] == 1
    assert counts == sorted(counts)
    assert counts[-1] == 34


def test_the_own_weight_is_what_the_projection_counts() -> None:
    graph: nx.Graph[str] = nx.Graph(weight="consortia")
    graph.add_edges_from([("a", "b", {"consortia": 9}), ("b", "c", {"consortia": 1}), ("c", "d", {"consortia": 9})])
    labels = communities(graph)
    assert labels.to_dict() == {"a": 0, "b": 0, "c": 1, "d": 1}
    assert labels.attrs == {
        "method": "leiden",
        "seed": 0,
        "resolution": 1.0,
        "weight": "consortia",
        "modularity": pytest.approx(18 / 19 - 1 / 2),
    }


def test_a_tie_of_weight_0_is_none() -> None:
    graph = nx.Graph([(0, 1, {"w": 0}), (1, 2, {"w": 1})])
    assert communities(graph, weight="w").to_dict() == {0: 1, 1: 0, 2: 0}


def test_the_direction_of_ties_does_not_matter() -> None:
    graph = nx.gnm_random_graph(30, 90, seed=1, directed=True)
    assert communities(graph).equals(communities(nx.Graph(graph)))


def test_weights_of_any_unit_give_the_same_communities() -> None:
    graph = nx.les_miserables_graph()
    for _, _, data in graph.edges(data=True):
        data["small"] = data["weight"] / 1024
    first, second = communities(graph, weight="weight"), communities(graph, weight="small")
    assert round(first.attrs["modularity"], 2) == round(second.attrs["modularity"], 2) == 0.57


def test_weights_of_twelve_orders_of_magnitude_come_to_an_end() -> None:
    # networkit, given such weights as they are, was seen never to return.
    rng = np.random.default_rng(0)
    for seed in range(300):
        graph = nx.gnm_random_graph(18, 30, seed=seed)
        for _, _, data in graph.edges(data=True):
            data["w"] = float(rng.choice([rng.random(), 1 / 3, 0.1, 1e-6, 1e6]))
        assert len(communities(graph, weight="w", seed=seed)) == 18


def test_networkit_keeps_its_threads_and_its_random_numbers() -> None:
    threads = nk.getMaxNumberOfThreads()
    nk.setSeed(7, False)
    expected = nk.graphtools.randomNode(nk.Graph(1000))
    nk.setSeed(7, False)
    nk.setNumberOfThreads(2)
    communities(nx.karate_club_graph(), seed=3)
    communities(nx.karate_club_graph(), method="louvain", seed=3)
    assert nk.getMaxNumberOfThreads() == 2
    assert nk.graphtools.randomNode(nk.Graph(1000)) == expected
    nk.setNumberOfThreads(threads)


def test_the_same_seed_gives_the_same_communities_in_every_process() -> None:
    code = (
        "import networkx as nx; from chaingraph.metrics import communities as c\n"
        "g = nx.relabel_nodes(nx.gnm_random_graph(200, 600, seed=1), str)\n"
        "print([c(g, method=m, seed=5).to_list() for m in ('leiden', 'louvain')])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, threads in (("1", "1"), ("2", "2"))
    }
    graph = nx.relabel_nodes(nx.gnm_random_graph(200, 600, seed=1), str)
    methods: tuple[Method, ...] = ("leiden", "louvain")
    assert said == {f"{[communities(graph, method=method, seed=5).to_list() for method in methods]}\n"}


def test_the_table_says_how_nodes_stand_in_their_communities() -> None:
    # Two stars tied by their centres, worked by hand; (3 - 1.5) / (sqrt(3) / 2) = sqrt(3).
    graph = nx.Graph([("a", 1), ("a", 2), ("a", 3), ("a", "b"), ("b", 4), ("b", 5), ("b", 6)])
    graph.add_node("alone", label="Alone")
    labels = pd.Series({"a": 0, 1: 0, 2: 0, 3: 0, "b": 1, 4: 1, 5: 1, 6: 1, "alone": 2})
    frame = community_table(graph, labels)
    assert list(frame.columns) == ["label", "community", "participation_coefficient", "within_module_z"]
    assert frame.index.name == "node"
    rows = dict(zip(frame.index, frame.to_numpy().tolist(), strict=True))
    assert rows["a"] == ["a", 0, 0.375, pytest.approx(math.sqrt(3))]
    assert rows[4] == ["4", 1, 0.0, pytest.approx(-1 / math.sqrt(3))]
    assert rows["alone"][:2] == ["Alone", 2]
    assert np.isnan(rows["alone"][2:]).all()
    assert frame.attrs["undefined"] == {
        "participation_coefficient": "an isolate has no ties to spread",
        "within_module_z": "all of the community have the same strength within it",
    }


def test_the_measures_do_not_depend_on_the_order_of_the_nodes_or_on_other_components() -> None:
    graph = nx.les_miserables_graph()
    labels = communities(graph, weight="weight")
    renamed: nx.Graph[Any] = nx.Graph()
    renamed.add_nodes_from(reversed(list(graph)))
    renamed.add_edges_from(graph.edges(data=True))
    table = community_table(graph, labels, weight="weight")
    turned = community_table(renamed, labels, weight="weight").loc[table.index]
    pd.testing.assert_frame_equal(table, turned)
    both = nx.disjoint_union(nx.karate_club_graph(), nx.path_graph(4))
    twice = np.concatenate([communities(nx.karate_club_graph()).to_numpy(), np.full(4, 9)])
    first = participation_coefficient(adjacency(nx.karate_club_graph()), twice[:34])
    assert np.array_equal(participation_coefficient(adjacency(both), twice)[:34], first)


@pytest.mark.parametrize(
    ("graph", "options", "said"),
    [
        (nx.Graph(), {}, "the network has no nodes, so it has no communities"),
        (nx.path_graph(2), {"method": "infomap"}, "there is no method 'infomap' for communities; there are leiden and"),
        (nx.path_graph(2), {"resolution": -1}, "the resolution is -1, expected a number of at least 0"),
        (nx.path_graph(2), {"resolution": math.nan}, "the resolution is nan"),
        (nx.path_graph(2), {"weight": "consortia"}, "the tie 0 - 1 has no 'consortia'"),
        (nx.Graph([(0, 1, {"w": -1})]), {"weight": "w"}, "the tie 0 - 1 has w=-1"),
    ],
)
def test_what_cannot_be_divided_is_refused(graph: nx.Graph[Any], options: dict[str, Any], said: str) -> None:
    with pytest.raises(NetworkError, match=said):
        communities(graph, **options)


def test_labels_that_do_not_fit_are_refused() -> None:
    matrix = adjacency(nx.path_graph(3))
    with pytest.raises(NetworkError, match="there are 2 labels for 3 nodes"):
        modularity(matrix, np.array([0, 1]))
    with pytest.raises(NetworkError, match="a community is -1, expected whole numbers of at least 0"):
        within_module_z(matrix, np.array([0, -1, 0]))
    with pytest.raises(NetworkError, match="the node '2' has no community"):
        community_table(nx.path_graph(3), pd.Series({0: 0, 1: 0}))


def test_the_measures_of_labels_are_those_of_their_matrices() -> None:
    graph = nx.les_miserables_graph()
    labels = communities(graph, weight="weight")
    matrix, codes = adjacency(graph, "weight"), labels.to_numpy()
    assert metrics.modularity(graph, labels, weight="weight") == labels.attrs["modularity"]
    assert metrics.modularity(graph, labels[::-1], weight="weight", resolution=2) == modularity(matrix, codes, 2)
    table = community_table(graph, labels, weight="weight")
    for measure, kernel in (
        (metrics.participation_coefficient, participation_coefficient),
        (metrics.within_module_z, within_module_z),
    ):
        series = measure(graph, labels, weight="weight")
        assert series.index.tolist() == list(graph)
        assert np.array_equal(series, kernel(matrix, codes), equal_nan=True)
        pd.testing.assert_series_equal(series, table[series.name])
