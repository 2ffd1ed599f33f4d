"""Communities in circles, and what all layouts have in common."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Hashable
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from chaingraph import layout
from chaingraph.errors import NetworkError
from chaingraph.layout.arrangement import Request
from chaingraph.layout.communities.circles import STRESS_LIMIT, community_layout
from chaingraph.webpage.overview import homes


def three_consortia() -> nx.Graph[str]:
    """Three groups of nine that know each other, joined by two organizations."""
    graph: nx.Graph[str] = nx.Graph()
    for name in "abc":
        graph.add_edges_from(combinations([f"{name}{number}" for number in range(9)], 2))
    graph.add_edges_from([("a0", "b0"), ("b1", "c0")])
    return graph


def test_two_organizations_that_share_a_consortium_stand_side_by_side() -> None:
    assert layout.communities(nx.Graph([("a", "b")])) == {"a": (-1.65, 0.0), "b": (1.65, 0.0)}


def test_an_empty_network_has_no_positions() -> None:
    assert layout.communities(nx.Graph()) == {}


def test_a_single_organization_stands_in_the_middle() -> None:
    assert layout.communities(nx.empty_graph(1)) == {0: (0.0, 0.0)}


def test_each_community_keeps_to_a_circle_of_its_own() -> None:
    arranged = layout.arrangement(three_consortia())
    assert [count for *_, count in arranged.circles] == [9, 9, 9]
    for (x, y, radius, _), (u, v, other, _) in combinations(arranged.circles, 2):
        assert np.hypot(x - u, y - v) >= radius + other
    homes: dict[str, set[int]] = {}
    for node, (x, y) in arranged.positions.items():
        inside = [
            number for number, (u, v, radius, _) in enumerate(arranged.circles) if np.hypot(x - u, y - v) < radius
        ]
        assert len(inside) == 1
        homes.setdefault(str(node)[0], set()).update(inside)
    assert sorted(map(sorted, homes.values())) == [[0], [1], [2]]


def test_circles_alone_hold_the_nodes_of_the_whole_layout_and_are_as_full_as_each_other() -> None:
    network = nx.gaussian_random_partition_graph(300, 40, 10, 0.4, 0.005, seed=3)
    network.add_nodes_from(["alone", "also alone"])
    alone = layout.community_circles(network)
    arranged = layout.arrangement(network)
    assert alone.homes == dict(zip(network, homes(list(network), arranged), strict=True))
    assert [circle[3] for circle in alone.circles] == [circle[3] for circle in arranged.circles]
    fill = [count / radius**2 for _, _, radius, count in alone.circles]
    assert fill == pytest.approx([fill[0]] * len(fill))
    for (x, y, radius, _), (u, v, other, _) in combinations(alone.circles, 2):
        assert np.hypot(x - u, y - v) >= radius + other


def test_no_two_nodes_overlap_whatever_their_radii() -> None:
    graph = nx.barabasi_albert_graph(300, 2, seed=5)
    radii = {node: 4.0 + degree for node, degree in graph.degree()}
    spots = layout.communities(graph, radii=radii)
    points, sizes = np.array([spots[node] for node in graph]), np.array([radii[node] for node in graph])
    reach = np.array([first + second for first, second in combinations(sizes, 2)])
    assert (pdist(points) >= reach).all()


def test_what_is_tied_to_nothing_stands_in_one_row_under_the_map() -> None:
    graph = three_consortia()
    graph.add_nodes_from(["x0", "x1", "x2"])
    arranged = layout.arrangement(graph)
    rows = {arranged.positions[node][1] for node in ("x0", "x1", "x2")}
    assert len(rows) == 1
    assert min(rows) > max(y + radius for _, y, radius, _ in arranged.circles)


def test_many_isolates_stand_in_rings_around_the_map() -> None:
    graph = three_consortia()
    graph.add_nodes_from(f"x{number}" for number in range(150))
    arranged = layout.arrangement(graph)
    isolates = np.array([spot for node, spot in arranged.positions.items() if str(node).startswith("x")])
    for x, y, radius, _ in arranged.circles:
        assert (np.hypot(*(isolates - [x, y]).T) > radius).all()
    assert pdist(isolates).min() > 2


def test_the_same_seed_gives_the_same_positions_in_whatever_order_the_network_was_built() -> None:
    graph = three_consortia()
    other: nx.Graph[str] = nx.Graph()
    other.add_nodes_from(reversed(list(graph)))
    other.add_edges_from((v, u) for u, v in reversed(list(graph.edges())))
    assert layout.communities(graph, seed=3) == layout.communities(other, seed=3)
    assert layout.communities(graph, seed=3) != layout.communities(graph, seed=4)


def test_positions_do_not_depend_on_the_hash_seed_of_the_process() -> None:
    program = (
        "import json, networkx as nx; from chaingraph import layout\n"
        "graph = nx.relabel_nodes(nx.gnm_random_graph(60, 110, seed=2), lambda node: f'organization {node}')\n"
        "flow = nx.DiGraph((u, v) for u, v in graph.edges() if u < v)\n"
        "nx.set_node_attributes(graph, {node: int(node[-1] == '7') for node in graph}, 'bipartite')\n"
        "found = [layout.communities(graph), layout.arrangement(flow, layout='chain').positions]\n"
        "print(json.dumps([*found, layout.arrangement(graph, layout='two-mode').positions]))"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert [len(positions) for positions in json.loads(outputs[0])] == [60, 58, 60]


def test_direction_parallel_edges_and_loops_do_not_move_anything() -> None:
    graph = three_consortia()
    doubled: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        [*graph.edges(), *((v, u) for u, v in graph.edges()), ("a0", "a0"), ("a0", "a1")]
    )
    assert layout.communities(doubled) == layout.communities(graph)


def test_a_frozen_network_is_laid_out_and_left_as_it_was() -> None:
    graph = nx.freeze(three_consortia())
    before = nx.to_dict_of_dicts(graph)
    layout.communities(graph)
    assert nx.to_dict_of_dicts(graph) == before


def test_given_groups_take_the_place_of_communities() -> None:
    graph = nx.path_graph(12)
    arranged = layout.arrangement(graph, groups={node: node % 3 for node in range(11)})
    assert sorted(count for *_, count in arranged.circles) == [3, 4, 4]
    assert set(arranged.positions) == set(range(12))


def test_a_mass_that_nothing_divides_has_its_hub_in_the_middle() -> None:
    graph = nx.star_graph(STRESS_LIMIT + 50)
    spots = np.array(list(layout.communities(graph).values()))
    centre = (spots.max(axis=0) + spots.min(axis=0)) / 2
    distance = np.hypot(*(spots - centre).T)
    assert distance[0] < np.sort(distance)[8]


def test_a_large_network_falls_into_nested_circles_without_overlap() -> None:
    graph = nx.gaussian_random_partition_graph(1800, 90, 8, 0.05, 0.0004, seed=4)
    spots = np.array(list(layout.communities(graph).values()))
    assert not cKDTree(spots).query_pairs(2)


def test_a_frozen_network_that_is_asked_for_again_is_not_laid_out_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []

    def counted(request: Request) -> layout.Arrangement:
        asked.append(request)
        return community_layout(request)

    monkeypatch.setitem(layout.LAYOUTS, "communities", counted)
    graph = nx.freeze(three_consortia())
    first = layout.arrangement(graph)
    first.positions.clear()
    assert layout.arrangement(graph).positions == layout.arrangement(graph.copy()).positions
    assert len(asked) == 2
    layout.arrangement(graph, seed=1)
    layout.arrangement(graph, radii={"a0": 3.0})
    layout.arrangement(graph, groups={"a0": "a"})
    assert len(asked) == 5


def test_an_attribute_that_changes_in_a_frozen_network_moves_its_node() -> None:
    graph: nx.Graph[str] = nx.Graph([("a", "b")])
    graph.add_node("a", latitude=32.0, longitude=120.0)
    graph.add_node("b", latitude=31.0, longitude=121.0)
    nx.freeze(graph)
    before = layout.arrangement(graph, layout="map").positions
    graph.nodes["b"]["longitude"] = 119.0
    after = layout.arrangement(graph, layout="map").positions
    assert before["b"][0] > before["a"][0]
    assert after["b"][0] < after["a"][0]


@pytest.mark.parametrize("name", sorted(layout.LAYOUTS))
def test_every_layout_takes_an_empty_network(name: str) -> None:
    assert layout.arrangement(nx.DiGraph(), layout=name).positions == {}


def test_an_unknown_layout_is_refused_with_those_that_exist() -> None:
    message = "there is no layout 'spring'; choose one of: chain, communities, map, two-mode"
    with pytest.raises(NetworkError, match=message):
        layout.arrangement(nx.Graph(), layout="spring")


@pytest.mark.parametrize("pairs", [1, 3, 40])
@pytest.mark.parametrize("isolates", [5, 30, 200])
@pytest.mark.parametrize("core", [0, 30])
def test_nodes_do_not_overlap_where_pairs_stand_beside_isolates(pairs: int, isolates: int, core: int) -> None:
    graph: nx.Graph[str] = nx.Graph((f"a{number}", f"b{number}") for number in range(pairs))
    graph.add_nodes_from(f"z{number}" for number in range(isolates))
    graph.add_edges_from((f"q{u}", f"q{v}") for u, v in nx.gnp_random_graph(core, 0.2, seed=1).edges())
    radii: dict[Hashable, float] = {node: 10.0 if graph.degree(node) else 4.5 for node in graph}
    places = layout.arrangement(graph, radii=radii).positions
    overlaps = [
        (one, other)
        for one, other in combinations(graph, 2)
        if np.hypot(*np.subtract(places[one], places[other])) < radii[one] + radii[other]
    ]
    assert overlaps == []
