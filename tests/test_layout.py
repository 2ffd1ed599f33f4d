"""Where nodes stand on a map."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from scipy.spatial.distance import pdist

from chaingraph import layout
from chaingraph.errors import NetworkError


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
        "print(json.dumps(layout.communities(graph)))"
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
    assert len(json.loads(outputs[0])) == 60


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
    graph = nx.star_graph(layout.LARGEST_DENSE + 50)
    spots = np.array(list(layout.communities(graph).values()))
    centre = (spots.max(axis=0) + spots.min(axis=0)) / 2
    distance = np.hypot(*(spots - centre).T)
    assert distance[0] < np.sort(distance)[8]


def test_an_unknown_layout_is_refused_with_those_that_exist() -> None:
    with pytest.raises(NetworkError, match="there is no layout 'spring'; choose one of: communities"):
        layout.arrangement(nx.Graph(), layout="spring")
