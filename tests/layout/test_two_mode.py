"""Consortia in the middle of their members."""

from __future__ import annotations

import random
from collections.abc import Hashable, Sequence
from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from chaingraph import layout
from chaingraph.errors import NetworkError


def affiliation(own: dict[str, int], shared: Sequence[tuple[str, ...]]) -> nx.Graph[str]:
    """Consortia with so many members of their own, and a member for each tuple of consortia."""
    graph: nx.Graph[str] = nx.Graph()
    for consortium, count in own.items():
        graph.add_node(consortium, bipartite=1, type="Consortium")
        for number in range(count):
            graph.add_node(f"{consortium} member {number}", bipartite=0, type="Organization")
            graph.add_edge(f"{consortium} member {number}", consortium)
    for number, consortia in enumerate(shared):
        graph.add_node(f"shared {number}", bipartite=0, type="Organization")
        graph.add_edges_from((f"shared {number}", consortium) for consortium in consortia)
    return graph


def many() -> nx.Graph[str]:
    choice = random.Random(5)
    names = [f"c{number:02}" for number in range(30)]
    shared = [tuple(choice.sample(names, choice.choice([2, 2, 2, 3, 5]))) for _ in range(80)]
    return affiliation({name: choice.randrange(0, 18) for name in names}, shared)


def test_members_of_one_consortium_stand_in_a_ring_around_it() -> None:
    found = layout.arrangement(affiliation({"c": 6}, []), layout="two-mode")
    centre = np.array(found.positions["c"])
    members = np.array([spot for node, spot in found.positions.items() if node != "c"])
    distances = np.hypot(*(members - centre).T)
    assert distances == pytest.approx([distances[0]] * 6)
    assert members.mean(axis=0) == pytest.approx(centre, abs=1e-5)
    assert [count for *_, count in found.circles] == [7]


def test_a_shared_member_stands_between_its_consortia() -> None:
    spots = layout.arrangement(affiliation({"a": 5, "b": 5}, [("a", "b")]), layout="two-mode").positions
    a, b, shared = (np.array(spots[name]) for name in ("a", "b", "shared 0"))
    along = (shared - a) @ (b - a) / ((b - a) @ (b - a))
    assert 0.25 < along < 0.75
    assert np.hypot(*(shared - a)) + np.hypot(*(shared - b)) < 1.2 * np.hypot(*(b - a))


def test_own_members_stand_nearer_to_their_consortium_than_to_any_other() -> None:
    graph = many()
    spots = layout.arrangement(graph, layout="two-mode").positions
    consortia = [node for node, mode in graph.nodes(data="bipartite") if mode]
    for node in graph:
        if "member" in node:
            nearest = min(consortia, key=lambda one: np.hypot(*np.subtract(spots[one], spots[node])))
            assert nearest == node.split()[0]


def test_consortia_that_share_members_stand_nearer_than_those_that_do_not() -> None:
    names = [f"c{number}" for number in range(8)]
    pairs = [(f"c{number}", f"c{number + 1}") for number in (0, 2, 4, 6) for _ in range(4)]
    spots = layout.arrangement(affiliation(dict.fromkeys(names, 4), pairs), layout="two-mode").positions
    apart = {(a, b): np.hypot(*np.subtract(spots[a], spots[b])) for a, b in combinations(names, 2)}
    together = set(pairs)
    others = [distance for pair, distance in apart.items() if pair not in together]
    assert max(apart[pair] for pair in together) < np.median(others)


def test_no_two_nodes_of_a_two_mode_map_overlap_whatever_their_radii() -> None:
    graph = many()
    graph.add_nodes_from((f"x{number}" for number in range(30)), bipartite=0)
    radii: dict[Hashable, float] = {node: 3.0 + degree / 2 for node, degree in graph.degree()}
    found = layout.arrangement(graph, layout="two-mode", radii=radii)
    for first, second in combinations(graph, 2):
        assert np.hypot(*np.subtract(found.positions[first], found.positions[second])) >= radii[first] + radii[second]
    assert found.left_out == {"without_membership": 30}


def test_consortia_are_known_by_their_class_where_a_network_has_many_kinds_of_things() -> None:
    graph = affiliation({"c": 3, "d": 2}, [("c", "d")])
    other: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    other.add_nodes_from((node, {"type": data["type"]}) for node, data in graph.nodes(data=True))
    other.add_edges_from(graph.edges(), relation="memberOf")
    expected = layout.arrangement(graph, layout="two-mode").positions
    assert layout.arrangement(other, layout="two-mode").positions == expected
    other.add_edge("c", "R", relation="region")
    assert "R" in layout.arrangement(other, layout="two-mode").positions


def test_projects_take_the_place_of_consortia_where_there_are_none() -> None:
    graph = nx.DiGraph([("A", "P"), ("B", "P")])
    graph.nodes["P"]["type"] = "Project"
    spots = layout.arrangement(graph, layout="two-mode").positions
    assert spots["P"][0] == pytest.approx((spots["A"][0] + spots["B"][0]) / 2)
    assert spots["P"][1] == pytest.approx((spots["A"][1] + spots["B"][1]) / 2)


def test_a_two_mode_map_is_alike_in_whatever_order_the_network_was_built() -> None:
    graph = many()
    other: nx.Graph[str] = nx.Graph()
    other.add_nodes_from(reversed(list(graph.nodes(data=True))))
    other.add_edges_from((v, u) for u, v in reversed(list(graph.edges())))
    assert layout.arrangement(graph, layout="two-mode") == layout.arrangement(other, layout="two-mode")


def test_a_one_mode_network_is_refused_with_what_to_do() -> None:
    message = (
        "the layout 'two-mode' needs consortia or projects with their members, and the nodes of this network are all "
        "of one mode; lay out the projection 'affiliation' or 'participation', or choose the layout 'communities'"
    )
    with pytest.raises(NetworkError, match=message):
        layout.arrangement(nx.path_graph(3), layout="two-mode")


def test_consortia_without_any_member_are_refused() -> None:
    with pytest.raises(NetworkError, match="no node is tied to one of its consortia"):
        layout.arrangement(affiliation({"c": 0, "d": 0}, []), layout="two-mode")
