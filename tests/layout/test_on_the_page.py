"""What a layout draws under the nodes, and what it has no place for, on the page."""

from __future__ import annotations

import networkx as nx

from chaingraph.webpage import page
from tests.webpage.conftest import page_data


def test_a_map_carries_its_graticule_stays_upright_and_says_who_has_no_coordinates() -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("a", latitude=32.0, longitude=118.0)
    graph.add_node("b", latitude=31.0, longitude=121.0)
    graph.add_node("c")
    text = page(graph, layout="map").html
    drawing = page_data(text)["drawing"]
    labels = [line["label"]["en"] for line in drawing["lines"] if "label" in line]
    assert {"31°N", "32°N", "118°E", "121°E"} <= set(labels)
    assert drawing["swappable"] is False
    assert "另有 1 个节点没有位置，排在图的下方。" in text
    assert "Nodes without a place, in rows below: 1." in text


def test_a_map_says_where_the_places_of_its_nodes_are_from_and_draws_waters_without_borders() -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("a", latitude=32.0, longitude=118.8)
    graph.add_node("b", latitude=31.3, longitude=120.6, place="region")
    graph.add_node("c", latitude=31.3, longitude=120.6, place="region")
    graph.add_node("d", latitude=32.0, longitude=120.9, place="site")
    text = page(graph, layout="map").html
    assert {line.get("kind", "") for line in page_data(text)["drawing"]["lines"]} == {"", "coast", "lakes"}
    assert "节点位置取自：所在地区 2 个、自身坐标 1 个、单位场所 1 个；地名录据 GeoNames（CC BY 4.0）。" in text
    assert (
        "Places are from: the region (2), own coordinates (1), a site (1); the gazetteer is from GeoNames (CC BY 4.0)."
        in text
    )
    assert "底图只有海岸线与湖泊（Natural Earth），不绘任何境界线" in text


def test_a_chain_carries_the_names_of_its_segments_in_both_languages() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_node("ore", segment="upstream")
    graph.add_node("car", segment="downstream")
    graph.add_edge("ore", "car", relation="inputOf")
    text = page(graph, layout="chain").html
    drawing = page_data(text)["drawing"]
    assert [line["label"] for line in drawing["lines"] if "label" in line] == [
        {"zh": "上游", "en": "upstream"},
        {"zh": "下游", "en": "downstream"},
    ]
    assert "swappable" not in drawing
    assert "从上游到下游，自左至右排列" in text
    assert "upstream stands left of downstream" in text
