"""Upstream left of downstream."""

from __future__ import annotations

import random
from itertools import combinations, pairwise
from typing import Any

import networkx as nx
import numpy as np
import pytest

from chaingraph import layout
from chaingraph.errors import NetworkError
from chaingraph.layout.layered.crossings import Layered, crossing_reduction, crossings


def deliveries(size: int, ties: int, seed: int) -> nx.DiGraph[str]:
    """Products that go into later ones; seeded, without a cycle."""
    choice = random.Random(seed)
    graph: nx.DiGraph[str] = nx.DiGraph()
    for _ in range(ties):
        first, second = sorted(choice.sample(range(size), 2))
        graph.add_edge(f"p{first:03}", f"p{second:03}", relation="inputOf")
    return graph


def placed(graph: nx.Graph[Any], **options: Any) -> dict[Any, tuple[float, float]]:  # noqa: ANN401 - passed on
    return layout.arrangement(graph, layout="chain", **options).positions


def test_a_chain_of_three_stands_in_one_row_from_left_to_right() -> None:
    spots = placed(nx.DiGraph([("ore", "steel"), ("steel", "car")]))
    assert [spots[name][1] for name in ("ore", "steel", "car")] == [0.0, 0.0, 0.0]
    assert spots["ore"][0] == -spots["car"][0] < spots["steel"][0] == 0.0


def test_every_tie_outside_cycles_leads_from_left_to_right() -> None:
    graph = deliveries(120, 260, seed=7)
    spots = placed(graph)
    assert all(spots[source][0] < spots[target][0] for source, target in graph.edges())


def test_no_two_nodes_of_a_chain_overlap_whatever_their_radii() -> None:
    graph = deliveries(150, 200, seed=3)
    graph.add_nodes_from(f"x{number}" for number in range(40))
    graph.add_edges_from([("p001", "c1"), ("c1", "c2"), ("c2", "c3"), ("c3", "c1")], relation="inputOf")
    radii = {node: 3.0 + 2 * degree for node, degree in graph.degree()}
    spots = placed(graph, radii=radii)
    for first, second in combinations(graph, 2):
        assert np.hypot(*np.subtract(spots[first], spots[second])) >= radii[first] + radii[second]


def test_a_layer_of_very_many_is_spread_over_columns() -> None:
    graph = nx.DiGraph((f"supplier {number}", "product") for number in range(400))
    spots = np.array([spot for node, spot in placed(graph).items() if node != "product"])
    extent = np.ptp(spots, axis=0)
    assert len(np.unique(spots[:, 0])) > 3
    assert extent[1] < 2 * extent[0]


def test_a_cycle_stands_in_a_ring_between_what_goes_in_and_what_comes_out() -> None:
    graph = nx.DiGraph([("in", "a"), ("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("c", "out")])
    found = layout.arrangement(graph, layout="chain")
    ((x, y, radius, count),) = found.circles
    assert count == 4
    reaches = [np.hypot(found.positions[node][0] - x, found.positions[node][1] - y) + 1 for node in "abcd"]
    assert reaches == pytest.approx([radius] * 4)
    assert found.positions["in"][0] < x - radius
    assert x + radius < found.positions["out"][0]


def test_two_crossed_deliveries_are_uncrossed() -> None:
    layered = Layered([[0, 1], [2, 3]], [[(0, 3), (1, 2)]])
    assert crossings(layered) == 1
    assert crossings(layered._replace(layers=crossing_reduction(layered, {}))) == 0


@pytest.mark.parametrize("seed", range(5))
def test_there_are_never_more_crossings_than_in_the_given_order(seed: int) -> None:
    choice = random.Random(seed)
    layers = [list(range(first, first + 12)) for first in (0, 12, 24, 36)]
    ties = [
        sorted({(choice.choice(left), choice.choice(right)) for _ in range(20)}) for left, right in pairwise(layers)
    ]
    layered = Layered(layers, ties)
    found = crossing_reduction(layered, {})
    assert [sorted(layer) for layer in found] == layers
    assert crossings(layered._replace(layers=found)) < crossings(layered)


def test_crossings_are_those_that_a_comparison_of_all_pairs_finds() -> None:
    choice = random.Random(2)
    ties = sorted({(choice.randrange(9), 9 + choice.randrange(9)) for _ in range(40)})
    all_pairs = sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(ties, 2))
    assert crossings(Layered([list(range(9)), list(range(9, 18))], [ties])) == all_pairs


def test_stages_stand_in_the_bands_of_their_segments_under_headings() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for segment, names in {"downstream": "xy", "upstream": "ab", "midstream": "mn"}.items():
        graph.add_nodes_from(names, segment=segment, type="Stage")
    graph.add_edge("m", "n", relation="precedes")
    found = layout.arrangement(graph, layout="chain")
    across = {node: x for node, (x, _) in found.positions.items()}
    assert across["a"] == across["b"] < across["m"] < across["n"] < across["x"] == across["y"]
    headings = {line.label: line.points[0] for line in found.lines if line.label}
    assert list(headings) == ["upstream", "midstream", "downstream"]
    assert across["a"] == pytest.approx(headings["upstream"][0])
    assert across["m"] < headings["midstream"][0] < across["n"]
    assert all(y < min(down for _, down in found.positions.values()) for _, y in headings.values())


def test_a_tie_against_the_segments_wins_over_them() -> None:
    graph = nx.DiGraph([("sold first", "bought later")])
    graph.nodes["sold first"]["segment"] = "downstream"
    graph.nodes["bought later"]["segment"] = "upstream"
    spots = placed(graph)
    assert spots["sold first"][0] < spots["bought later"][0]


def test_products_stand_in_the_column_of_their_stage_and_next_to_it() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edge("stage 1", "stage 2", relation="precedes")
    graph.add_edge("stage 0", "stage 2", relation="precedes")
    for product in ("cell", "pack", "module"):
        graph.add_edge(product, "stage 1", relation="stage")
    spots = placed(graph)
    column = sorted((spots[node][1], node) for node in graph if spots[node][0] == spots["stage 1"][0])
    held = [node in {"cell", "pack", "module", "stage 1"} for _, node in column]
    assert held in ([True] * 4 + [False], [False] + [True] * 4)


def test_what_has_no_direction_stands_below_and_is_counted() -> None:
    graph = deliveries(20, 30, seed=1)
    graph.add_node("isolate")
    graph.add_edge("somebody", "somewhere", relation="region")
    found = layout.arrangement(graph, layout="chain")
    assert found.left_out == {"no_direction": 3}
    rest = {"isolate", "somebody", "somewhere"}
    lowest = max(y for node, (_, y) in found.positions.items() if node not in rest)
    assert all(found.positions[node][1] > lowest for node in rest)


def test_a_chain_stands_alike_in_whatever_order_it_was_built() -> None:
    graph = deliveries(60, 90, seed=5)
    other: nx.DiGraph[str] = nx.DiGraph()
    other.add_nodes_from(reversed(list(graph)))
    other.add_edges_from(reversed(list(graph.edges(data=True))))
    assert placed(graph) == placed(other)


def test_an_undirected_network_is_refused_with_what_to_do() -> None:
    message = (
        "the layout 'chain' needs directed ties and this network is undirected; "
        "lay out the projection 'chain', 'supply' or 'whole', or choose the layout 'communities'"
    )
    with pytest.raises(NetworkError, match=message):
        placed(nx.path_graph(3))


def test_a_directed_network_in_which_nothing_flows_is_refused() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edge("a", "b", relation="hostedBy")
    with pytest.raises(NetworkError, match=r"needs ties that run from upstream to downstream .* has neither"):
        placed(graph)
