"""Around one node, from one to another, and to whom one searches for: in a real browser, by click and by key."""

from __future__ import annotations

import itertools
import math
from typing import Any

import networkx as nx
import pytest

from tests.webpage.conftest import Reader, needs_browser, whole_network

pytestmark = needs_browser


def shown(reader: Reader) -> set[str]:
    found: list[str] = reader.tab.evaluate(
        """() => window.chaingraph.data.nodes
        .filter((_, index) => window.chaingraph.isShown(index)).map((node) => node.id)"""
    )
    return set(found)


def circles(reader: Reader) -> dict[str, tuple[float, float, float]]:
    """Where the shown nodes stand on the map, and how large they are."""
    found: list[Any] = reader.tab.evaluate(
        """() => window.chaingraph.data.nodes.map((node, index) => [node.id, index])
        .filter(([_, index]) => window.chaingraph.isShown(index))
        .map(([id, index]) => [id, window.chaingraph.places[index]])
        .map(([id, { x, y, radius }]) => [id, x, y, radius])"""
    )
    return {identifier: (x, y, radius) for identifier, x, y, radius in found}


def press(reader: Reader, act: str) -> None:
    reader.tab.locator(f'[data-action="{act}"]').first.click()


def test_one_step_around_a_node_shows_its_neighbours_in_a_ring_and_the_way_back_restores_the_map(
    reader: Reader,
) -> None:
    graph = whole_network()
    reader.open(graph, "#n=id:c/0", language="en")
    before = circles(reader)
    press(reader, "focus_1")
    around = set(nx.ego_graph(nx.Graph(graph), "id:c/0"))
    assert shown(reader) == around
    assert reader.shown("#status span") == f"{len(around) - 1} nodes around “Consortium no. 0”"
    after = circles(reader)
    assert after["id:c/0"] == before["id:c/0"]
    for (x, y, r), (u, v, s) in itertools.combinations(after.values(), 2):
        assert math.hypot(x - u, y - v) > r + s
    press(reader, "back")
    assert circles(reader) == before
    assert not reader.tab.locator("#status").is_visible()


def test_two_steps_reach_the_neighbours_of_neighbours_and_a_click_moves_on(reader: Reader) -> None:
    graph = whole_network()
    reader.open(graph, "#n=id:p/0")
    press(reader, "focus_2")
    assert shown(reader) == {"id:p/0", "id:o/0", "id:c/0"}
    reader.tab.mouse.click(*reader.spot("id:o/0"))
    assert reader.shown("#panel h2") == "苏州光电0厂"
    press(reader, "focus_1")
    assert shown(reader) == {"id:p/0", "id:o/0", "id:c/0"}
    press(reader, "steps-2")
    assert shown(reader) == set(nx.ego_graph(nx.Graph(graph), "id:o/0", radius=2))
    assert reader.tab.evaluate("document.activeElement.dataset.action") == "steps-2"


def test_escape_closes_the_panel_first_and_then_the_focus(reader: Reader) -> None:
    reader.open(whole_network(), "#n=id:p/0&focus=1:id:p/0")
    assert shown(reader) == {"id:p/0", "id:o/0"}
    reader.tab.keyboard.press("Escape")
    assert not reader.tab.locator("#panel").is_visible()
    assert shown(reader) == {"id:p/0", "id:o/0"}
    reader.tab.keyboard.press("Escape")
    assert len(shown(reader)) == 68
    assert reader.tab.evaluate("location.hash") == ""


def test_of_too_many_neighbours_the_strongest_are_shown_and_the_others_counted(reader: Reader) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from([("hub", f"n{number:03}", {"consortia": 1 + number % 2}) for number in range(420)])
    reader.open(graph, "#focus=1:hub", language="en")
    kept = shown(reader) - {"hub"}
    assert len(kept) == 300
    assert {f"n{number:03}" for number in range(1, 420, 2)} <= kept
    assert reader.shown("#status span") == "300 nodes around “hub”; 120 more weakly tied ones are left out"
    for (x, y, r), (u, v, s) in itertools.combinations(circles(reader).values(), 2):
        assert math.hypot(x - u, y - v) > r + s


def test_filters_hold_around_a_node_too_and_searching_outside_leaves_the_focus(reader: Reader) -> None:
    reader.open(whole_network(), "#focus=2:id:o/0", language="en")
    reader.tab.locator("#keys .key", has_text="platform").click()
    assert not any(node.startswith("id:p") for node in shown(reader))
    reader.find("Optics 1")
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#panel h2") == "Optics 1"
    assert not reader.tab.locator("#status").is_visible()
    assert len(shown(reader)) == 64


@pytest.mark.parametrize(
    "after", ["#focus=3:id:o/0", "#focus=1:nobody", "#focus=1:", "#focus=__proto__", "#path=id:o/0"]
)
def test_a_focus_or_path_that_a_link_makes_up_is_ignored(reader: Reader, after: str) -> None:
    reader.open(whole_network(), after)
    assert len(shown(reader)) == 68
    assert not reader.tab.locator("#panel").is_visible()


def test_a_path_is_found_by_choosing_the_second_node_in_the_search(reader: Reader) -> None:
    graph: nx.Graph[str] = nx.Graph([("a", "b"), ("b", "c"), ("c", "d"), ("a", "e"), ("e", "d")])
    reader.open(graph, "#n=a", language="en")
    press(reader, "path_to")
    assert reader.shown("#status span") == "From “a” to where? Search or click another node"
    assert reader.tab.evaluate("document.activeElement.id") == "search"
    reader.tab.keyboard.type("d")
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#panel h2") == "a → d"
    assert reader.shown("#panel .summary") == "Shortest path: 2 steps"
    assert reader.tab.locator("#panel .path .node").all_inner_texts() == ["a", "e", "d"]
    assert reader.tab.evaluate("location.hash") == "#path=a&path=d"


def test_a_path_is_found_by_clicking_the_second_node_and_leads_to_its_nodes_and_ties(reader: Reader) -> None:
    reader.open(whole_network(), "#n=id:p/0", language="en")
    press(reader, "path_to")
    reader.tab.mouse.click(*reader.spot("id:c/0"))
    assert reader.shown("#panel h2") == "平台0 → Consortium no. 0"
    assert reader.tab.locator("#panel .step").all_inner_texts() == ["↓\nhosted by", "↓\nleads"]
    reader.tab.locator("#panel .step").nth(1).click()
    assert reader.shown("#panel h2") == "leads"
    assert "由苏州光电0厂牵头组建" in reader.shown("#panel .quotes")
    reader.tab.keyboard.press("Escape")
    reader.tab.locator("#panel .node", has_text="Optics 0").click()
    assert reader.shown("#panel h2") == "Optics 0"
    reader.tab.locator("#panel .action", has_text="Back to the path").click()
    assert reader.shown("#panel h2") == "平台0 → Consortium no. 0"
    reader.tab.keyboard.press("Escape")
    assert not reader.tab.locator("#panel").is_visible()
    assert reader.tab.evaluate("location.hash") == ""


def test_a_path_follows_the_arrows_unless_told_otherwise(reader: Reader) -> None:
    reader.open(whole_network(), "#path=id:o/0&path=id:p/0", language="en")
    assert reader.shown("#panel .summary") == "No path along the arrows"
    reader.tab.locator("#panel .switch input").focus()
    reader.tab.keyboard.press("Space")
    assert reader.shown("#panel .summary") == "Shortest path: 1 steps"
    assert reader.tab.locator("#panel .step").all_inner_texts() == ["↑\nhosted by"]
    assert reader.tab.evaluate("location.hash").endswith("direction=ignored")


def test_where_arrows_are_a_matter_of_words_a_path_ignores_them(reader: Reader) -> None:
    graph = whole_network()
    graph.graph["direction"] = "ignored"
    reader.open(graph, "#path=id:o/0&path=id:p/0")
    assert reader.shown("#panel .summary") == "最短路径：1 步"


def test_no_path_is_said_in_words_and_several_as_short_are_counted(reader: Reader) -> None:
    graph: nx.Graph[str] = nx.Graph([("a", "b"), ("b", "z"), ("a", "c"), ("c", "z")])
    graph.add_node("far")
    reader.open(graph, "#path=a&path=far")
    assert reader.shown("#panel .summary") == "在显示的联系中没有路径相连"
    reader.open(graph, "#path=a&path=z")
    assert reader.shown("#panel .summary") == "最短路径：2 步（同样短的共 2 条，这里是其中一条）"
    assert reader.tab.locator("#panel .path .node").all_inner_texts() == ["a", "b", "z"]


def test_a_path_runs_over_the_ties_that_the_filters_leave(reader: Reader) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edge("a", "z", relation="leads")
    graph.add_edges_from([("a", "b"), ("b", "z")], relation="memberOf")
    reader.open(graph, "#path=a&path=z", language="en")
    assert reader.shown("#panel .summary") == "Shortest path: 1 steps"
    reader.tab.locator("#filters summary", has_text="relation").click()
    reader.tab.locator("#filters .key", has_text="leads").click()
    assert reader.shown("#panel .summary") == "Shortest path: 2 steps"


def test_escape_ends_the_choice_of_a_second_node(reader: Reader) -> None:
    reader.open(whole_network(), "#n=id:p/0")
    press(reader, "path_to")
    reader.tab.keyboard.press("Escape")
    assert not reader.tab.locator("#status").is_visible()
    assert reader.shown("#panel h2") == "平台0"


def test_enter_walks_the_hits_and_shift_enter_walks_back(reader: Reader) -> None:
    reader.open(whole_network(), language="en")
    reader.find("consortium")
    names = reader.tab.locator("#matches li .name").all_inner_texts()
    seen = []
    for key in ("Enter", "Enter", "Enter", "Shift+Enter"):
        reader.tab.keyboard.press(key)
        seen.append((reader.shown("#panel h2"), reader.shown("#match-position")))
    assert seen == [(names[0], "1 / 4"), (names[1], "2 / 4"), (names[2], "3 / 4"), (names[1], "2 / 4")]
    reader.tab.keyboard.press("Escape")
    assert reader.tab.locator("#search").input_value() == ""
    assert reader.shown("#panel h2") == names[1]


def test_search_knows_aliases_and_pinyin(reader: Reader) -> None:
    graph = whole_network()
    graph.nodes["id:o/7"]["alias"] = "Lucky Seven; 七厂"
    reader.open(graph)
    for typed, name in (
        ("lucky", "苏州光电7厂"),
        ("七厂", "苏州光电7厂"),
        ("szgd12c", "苏州光电12厂"),
        ("pingtai3", "平台3"),
    ):
        reader.find(typed)
        assert reader.tab.locator("#matches li .name").all_inner_texts() == [name]
        reader.tab.keyboard.press("Escape")
    reader.open(graph, "#n=id:o/7", language="en")
    assert "also called\nLucky Seven; 七厂" in reader.shown("#panel dl")


def test_a_measure_is_shown_with_its_rank_among_those_that_have_it(reader: Reader) -> None:
    graph: nx.Graph[str] = nx.star_graph(["hub", "a", "b", "c"])
    for node, value in {"hub": 0.9, "a": 0.12, "b": 0.12}.items():
        graph.nodes[node]["betweenness"] = value
    reader.open(graph, "#n=b", language="en")
    assert reader.shown("#panel dl").split("\n") == [
        "betweenness", "0.12rank 2–3 of 3, equal", "number of ties", "1rank 2–4 of 4, equal",
    ]  # fmt: skip
    reader.open(graph, "#n=hub", language="en")
    assert reader.shown("#panel dl").split("\n") == [
        "betweenness", "0.9rank 1 of 3", "number of ties", "3rank 1 of 4",
    ]  # fmt: skip


def test_a_measure_that_is_equal_for_all_gives_nobody_a_rank(reader: Reader) -> None:
    graph: nx.Graph[str] = nx.Graph([("a", "b"), ("c", "d")])
    for node, value in {"a": 0.1 + 0.2, "b": 0.1 + 0.2, "c": 0.1 + 0.2, "d": 0.3}.items():
        graph.nodes[node]["betweenness"] = value
    reader.open(graph, "#n=b", language="en")
    assert reader.shown("#panel dl").split("\n") == [
        "betweenness", "0.3equal for all 4, no rank", "number of ties", "1equal for all 4, no rank",
    ]  # fmt: skip


def test_the_keyboard_alone_reaches_focus_and_path(reader: Reader) -> None:
    reader.open(whole_network(), language="en")
    reader.find("Consortium no. 2")
    reader.tab.keyboard.press("Enter")
    reader.tab.keyboard.press("Escape")
    reader.tab.keyboard.press("Enter")
    assert reader.tab.evaluate("document.activeElement.textContent") == "Consortium no. 2"
    reader.tab.keyboard.press("Tab")
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#status span").endswith("around “Consortium no. 2”")
    assert reader.tab.evaluate("document.activeElement.dataset.action") == "focus_1"
    for _ in range(2):
        reader.tab.keyboard.press("Tab")
    reader.tab.keyboard.press("Enter")
    reader.tab.keyboard.type("Optics 2")
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#panel h2").startswith("Consortium no. 2 → ")


def test_a_link_reopens_focus_path_and_selection_together(reader: Reader) -> None:
    reader.open(whole_network(), "#n=id:o/2&focus=2:id:c/2&path=id:p/2&path=id:c/2", language="en")
    seen = shown(reader)
    assert reader.shown("#panel h2") == "Optics 2"
    assert {"id:p/2", "id:c/2"} <= seen
    assert len(seen) < 68
    places = circles(reader)
    reader.tab.keyboard.press("Escape")
    assert reader.shown("#panel h2") == "平台2 → Consortium no. 2"
    address = reader.tab.evaluate("location.hash")
    reader.open(whole_network(), address, language="en")
    assert reader.shown("#panel h2") == "平台2 → Consortium no. 2"
    assert circles(reader) == places
