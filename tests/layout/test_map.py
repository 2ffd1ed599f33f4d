"""Organizations at their coordinates."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from chaingraph import layout
from chaingraph.errors import NetworkError
from chaingraph.layout.map.graticule import Projection
from chaingraph.layout.map.waters import KINDS

CITIES = {
    "Nanjing": (32.06, 118.80),
    "Suzhou": (31.30, 120.58),
    "Wuxi": (31.49, 120.31),
    "Xuzhou": (34.26, 117.19),
    "Nantong": (31.98, 120.89),
}


def cities(places: dict[str, tuple[float, float]]) -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    for name, (latitude, longitude) in places.items():
        graph.add_node(name, latitude=latitude, longitude=longitude)
    return graph


def scattered(count: int, seed: int) -> nx.Graph[str]:
    rng = np.random.default_rng(seed)
    places = np.column_stack([rng.normal(32, 1, count), rng.normal(119, 1.5, count)]).round(1)
    return cities({f"o{number:03}": (float(north), float(east)) for number, (north, east) in enumerate(places)})


def test_north_is_up_and_east_is_right() -> None:
    spots = layout.arrangement(cities(CITIES), layout="map").positions
    by_latitude = sorted(CITIES, key=lambda name: -CITIES[name][0])
    by_longitude = sorted(CITIES, key=lambda name: CITIES[name][1])
    assert sorted(CITIES, key=lambda name: spots[name][1]) == by_latitude
    assert sorted(CITIES, key=lambda name: spots[name][0]) == by_longitude


def test_distances_on_the_map_follow_those_on_the_ground() -> None:
    spots = layout.arrangement(cities({"west": (60.0, 0.0), "east": (60.0, 2.0), "north": (61.0, 0.0)}), layout="map")
    across = spots.positions["east"][0] - spots.positions["west"][0]
    down = spots.positions["west"][1] - spots.positions["north"][1]
    assert across / down == pytest.approx(1.0, abs=0.03)


def test_equal_areas_stay_equal_on_a_map_of_a_continent() -> None:
    projection = Projection.around(np.array([[20.0, 80.0], [55.0, 130.0]]))
    assert projection.equal_area
    areas = []
    for latitude in (22.0, 52.0):
        height = 1e-3 / np.cos(np.radians(latitude))
        corner = np.array([[latitude, 90.0], [latitude, 90.001], [latitude + height, 90.0]])
        origin, east, north = projection.to_plane(corner)
        (a, b), (c, d) = east - origin, north - origin
        areas.append(abs(a * d - b * c))
    assert areas[0] == pytest.approx(areas[1], rel=1e-3)


@pytest.mark.parametrize("projection", [Projection(35.0, 105.0, True), Projection(32.0, 119.0, False)])
def test_the_way_back_from_paper_to_degrees_is_exact(projection: Projection) -> None:
    degrees = np.array([[31.3, 120.6], [45.8, 126.5], [35.0, 105.0]])
    back = projection.to_degrees(projection.to_plane(degrees))
    assert back + np.array([0, projection.longitude]) == pytest.approx(degrees)


def test_organizations_of_one_place_stand_around_it_without_overlap() -> None:
    graph = cities(CITIES)
    for number in range(40):
        graph.add_node(f"in Suzhou {number}", latitude=31.30, longitude=120.58)
    radii: dict[Hashable, float] = {node: 2.0 + index % 5 for index, node in enumerate(graph)}
    spots = layout.arrangement(graph, layout="map", radii=radii).positions
    for first, second in combinations(graph, 2):
        assert np.hypot(*np.subtract(spots[first], spots[second])) >= radii[first] + radii[second]
    suzhou = np.mean([spot for node, spot in spots.items() if "Suzhou" in str(node)], axis=0)
    assert spots["Nanjing"][0] < suzhou[0]
    assert spots["Xuzhou"][1] < suzhou[1]


def test_no_two_organizations_of_a_crowded_map_overlap() -> None:
    graph = scattered(400, seed=3)
    spots = layout.arrangement(graph, layout="map").positions
    points = np.array([spots[node] for node in graph])
    assert min(np.hypot(*np.subtract(a, b)) for a, b in combinations(points, 2)) >= 2


def test_parallels_and_meridians_carry_round_degrees_and_meet_the_places() -> None:
    found = layout.arrangement(cities(CITIES), layout="map")
    labels = {line.label: np.array(line.points) for line in found.lines if line.label}
    assert {"118°E", "120°E", "32°N", "34°N"} <= set(labels)
    assert labels["120°E"][-1][1] < labels["120°E"][0][1]
    assert labels["32°N"][-1][0] < labels["32°N"][0][0]
    assert found.positions["Nanjing"][1] < labels["32°N"][:, 1].min()
    assert labels["118°E"][:, 0].max() < found.positions["Nanjing"][0] < labels["120°E"][:, 0].min()


def test_coastlines_and_shores_of_lakes_lie_under_the_places_and_end_at_the_frame() -> None:
    arrangement = layout.arrangement(cities(CITIES), layout="map")
    frame = np.array(arrangement.lines[0].points)
    waters = {kind: [np.array(line.points) for line in arrangement.lines if line.kind == kind] for kind in KINDS}
    for lines in waters.values():
        points = np.vstack(lines)
        assert (points >= frame.min(axis=0) - 0.02).all()
        assert (points <= frame.max(axis=0) + 0.02).all()
    spots = arrangement.positions
    shores = [line for line in waters["lakes"] if np.abs(line - spots["Wuxi"]).max(axis=1).min() < 3]
    assert any((np.ptp(line, axis=0) > 1).all() for line in shores), "Lake Tai is at Wuxi"
    coast = np.vstack(waters["coast"])
    assert coast[:, 0].max() > spots["Nantong"][0] > spots["Xuzhou"][0]
    assert not (np.hypot(*(coast - spots["Xuzhou"]).T) < 2).any(), "no coast is at Xuzhou"


def test_a_map_of_inland_places_without_lakes_has_a_graticule_only() -> None:
    lines = layout.arrangement(cities({"a": (39.5, 83.0), "b": (38.5, 84.5)}), layout="map").lines
    assert {line.kind for line in lines} == {""}


def test_a_map_around_the_globe_has_no_coastline_across_it() -> None:
    places = {"Auckland": (-36.8, 174.8), "Honolulu": (21.3, -157.9), "London": (51.5, 0.0), "Lima": (-12.0, -77.0)}
    lines = layout.arrangement(cities(places), layout="map").lines
    frame = np.array(lines[0].points)
    longest = max(np.abs(np.diff(np.array(line.points), axis=0)).max() for line in lines if line.kind)
    assert longest < 0.1 * np.ptp(frame, axis=0).max()


def test_a_map_does_not_turn_on_an_upright_screen() -> None:
    assert not layout.arrangement(cities(CITIES), layout="map").swappable
    assert layout.arrangement(cities(CITIES)).swappable


def test_a_map_across_the_date_line_is_not_torn() -> None:
    spots = layout.arrangement(cities({"Fiji": (-18.0, 178.0), "Samoa": (-13.8, -172.0)}), layout="map").positions
    assert spots["Fiji"][0] < spots["Samoa"][0]
    assert Projection.around(np.array([[-18.0, 178.0], [-13.8, -172.0]])).longitude == pytest.approx(-177.0)


def test_organizations_without_coordinates_stand_below_and_are_counted() -> None:
    graph = cities(CITIES)
    graph.add_node("nowhere")
    graph.add_node("half", latitude=31.0)
    graph.add_node("blank", latitude=31.0, longitude=float("nan"))
    found = layout.arrangement(graph, layout="map")
    assert found.left_out == {"without_coordinates": 3}
    lowest = max(y for line in found.lines for _, y in line.points)
    assert all(found.positions[node][1] > lowest for node in ("nowhere", "half", "blank"))


def test_an_organization_far_from_all_others_stands_at_the_edge_in_its_direction_and_is_counted() -> None:
    graph = scattered(60, seed=1)
    graph.add_node("Santiago", latitude=-33.4, longitude=-70.7)
    graph.add_node("Lisbon", latitude=38.7, longitude=-9.1)
    found = layout.arrangement(graph, layout="map")
    assert found.left_out == {"beyond": 2}
    frame = np.array(found.lines[0].points)
    assert found.positions["Lisbon"][0] < frame[:, 0].min()
    others = np.array([spot for node, spot in found.positions.items() if str(node).startswith("o")])
    assert (others >= frame.min(axis=0)).all()
    assert (others <= frame.max(axis=0)).all()


def test_a_map_is_alike_in_whatever_order_the_network_was_built() -> None:
    graph = scattered(50, seed=2)
    other: nx.Graph[str] = nx.Graph()
    other.add_nodes_from(reversed(list(graph.nodes(data=True))))
    assert layout.arrangement(graph, layout="map") == layout.arrangement(other, layout="map")


def test_a_network_without_coordinates_is_refused_with_the_reason() -> None:
    with pytest.raises(NetworkError, match="needs nodes with 'latitude' and 'longitude' and none has both; state them"):
        layout.arrangement(nx.path_graph(3), layout="map")


@pytest.mark.parametrize(("value", "shown"), [(95.0, "95.0"), ("32°", "'32°'"), (True, "True")])
def test_a_latitude_that_is_none_is_refused_with_its_node(value: object, shown: str) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("A", latitude=value, longitude=120.0)
    message = f"the node 'A' has the latitude {shown}, expected a number from -90 to 90 degrees; correct it"
    with pytest.raises(NetworkError, match=message):
        layout.arrangement(graph, layout="map")
