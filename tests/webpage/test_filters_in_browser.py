"""Filters in a real browser: what hides, what the counts say, and how a link brings it all back."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest

from tests.webpage.conftest import Reader, needs_browser, whole_network

pytestmark = needs_browser

KINDS = ("enterprise", "university", "institute")


def dated_network() -> nx.MultiDiGraph[str]:
    """Twelve organizations of three kinds in two consortia, joined from 2015 to 2020; some ties are undated."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="Members", direction="ignored", language="zh")
    for consortium in "xy":
        graph.add_node(
            consortium, label_zh=f"联合体{consortium}", label_en=f"Consortium {consortium}", type="Consortium"
        )
    for number in range(12):
        graph.add_node(
            f"o{number}",
            label_zh=f"组织{number}",
            label_en=f"Organization {number}",
            type="Organization",
            kind=KINDS[number % 3],
            betweenness=number / 10,
        )
        role = "lead" if number < 2 else "member"
        held = {"since": str(2015 + number // 2)} | ({"until": "2018-06"} if number == 4 else {}) if number < 11 else {}
        relation = "leads" if role == "lead" else "memberOf"
        graph.add_edge(f"o{number}", "xy"[number % 2], relation=relation, role=role, **held)
    del graph.nodes["o11"]["betweenness"]
    return graph


def shown(reader: Reader) -> set[str]:
    """What the map draws: the identifiers of its nodes."""
    found: list[str] = reader.tab.evaluate(
        """() => window.chaingraph.data.nodes
        .filter((_, index) => window.chaingraph.isShown(index)).map((node) => node.id)"""
    )
    drawn = reader.tab.evaluate("window.chaingraph.network.body.nodeIndices.length")
    assert drawn == len(found)
    return set(found)


def ties_shown(reader: Reader) -> int:
    drawn: int = reader.tab.evaluate("window.chaingraph.network.body.edgeIndices.length")
    counted = reader.tab.evaluate(
        """() => window.chaingraph.data.ties
        .filter((_, number) => window.chaingraph.isTieShown(number)).length"""
    )
    assert drawn == counted
    return drawn


def entries(reader: Reader, facet: str) -> list[list[str]]:
    rows = reader.tab.locator(f'#legend ul[aria-label="{facet}"] .key').all_inner_texts()
    return [row.split("\n") for row in rows]


def entry(reader: Reader, name: str) -> Any:  # noqa: ANN401 - a locator
    return reader.tab.locator("#legend .key", has_text=name).first


def unfold(reader: Reader, facet: str) -> None:
    reader.tab.locator("#filters summary", has_text=facet).click()


def test_counts_follow_the_other_filters_and_a_sentence_says_what_is_shown(reader: Reader) -> None:
    reader.open(dated_network(), language="en")
    assert reader.shown("#counts") == "All 14 nodes and 12 ties"
    assert not reader.tab.locator("#show-all").is_visible()
    unfold(reader, "kind")
    assert entries(reader, "kind") == [
        ["enterprise", "4"],
        ["institute", "4"],
        ["university", "4"],
        ["none stated", "2"],
    ]
    entry(reader, "enterprise").click()
    assert entries(reader, "kind")[0] == ["enterprise", "4"]
    assert entries(reader, "class") == [["organization", "8"], ["consortium", "2"]]
    assert reader.shown("#counts") == "10 of 14 nodes and 8 of 12 ties shown"
    entry(reader, "organization").click()
    assert entries(reader, "kind") == [
        ["enterprise", "0"],
        ["institute", "0"],
        ["university", "0"],
        ["none stated", "2"],
    ]
    assert shown(reader) == {"x", "y"}
    reader.tab.locator("#show-all").click()
    assert len(shown(reader)) == 14
    assert entry(reader, "enterprise").get_attribute("aria-pressed") == "true"


def test_only_shows_one_entry_by_button_by_double_click_and_by_key(reader: Reader) -> None:
    reader.open(dated_network(), language="en")
    entry(reader, "consortium").dblclick()
    assert shown(reader) == {"x", "y"}
    entry(reader, "consortium").dblclick()
    assert len(shown(reader)) == 14
    unfold(reader, "kind")
    row = reader.tab.locator("#filters li", has_text="university")
    row.hover()
    row.locator(".only").click()
    assert shown(reader) == {"o1", "o4", "o7", "o10"}
    assert row.locator(".only").get_attribute("aria-label") == "Show only university"
    row.locator(".key").focus()
    reader.tab.keyboard.press("Tab")
    reader.tab.keyboard.press("Enter")
    assert len(shown(reader)) == 14


def test_an_entry_is_toggled_by_space_and_keeps_the_focus(reader: Reader) -> None:
    reader.open(dated_network(), language="en")
    entry(reader, "consortium").focus()
    reader.tab.keyboard.press("Space")
    assert len(shown(reader)) == 12
    reader.tab.keyboard.press("Space")
    assert len(shown(reader)) == 14


def test_relations_and_roles_hide_ties_and_leave_the_nodes(reader: Reader) -> None:
    reader.open(dated_network())
    unfold(reader, "关系")
    assert entries(reader, "关系") == [["牵头", "2"], ["所属联合体", "10"]]
    entry(reader, "所属联合体").click()
    assert (ties_shown(reader), len(shown(reader))) == (2, 14)
    unfold(reader, "角色")
    assert entries(reader, "角色") == [["成员单位", "0"], ["牵头单位", "2"]]
    reader.tab.locator("#hide-isolates").check()
    assert shown(reader) == {"o0", "o1", "x", "y"}


def test_the_colours_of_an_attribute_filter_as_classes_do(reader: Reader) -> None:
    reader.open(dated_network(), colour="kind", language="en")
    assert reader.tab.locator("#keys h2").all_inner_texts() == ["kind", "class"]
    assert reader.tab.locator("#filters summary", has_text="kind").count() == 0
    entry(reader, "unstated").click()
    assert entries(reader, "class") == [["organization", "12"], ["consortium", "0"]]
    assert len(shown(reader)) == 12


def test_a_slider_keeps_the_nodes_within_a_range_of_a_measure(reader: Reader) -> None:
    reader.open(dated_network(), language="en")
    low, high = (reader.tab.locator(f"#filters .range .{end}").first for end in ("low", "high"))
    assert low.get_attribute("aria-valuetext") == "1"
    low.focus()
    reader.tab.keyboard.press("ArrowRight")
    reader.tab.wait_for_function("() => document.querySelector('#counts').textContent.startsWith('2 of 14')")
    assert shown(reader) == {"x", "y"}
    reader.tab.locator("#filters select").select_option(label="betweenness")
    assert len(shown(reader)) == 14
    high.focus()
    reader.tab.keyboard.press("Home")
    reader.tab.wait_for_function("() => document.querySelector('#counts').textContent.startsWith('1 of 14')")
    assert shown(reader) == {"o0"}
    told = reader.tab.locator("#filters .range .summary").first.inner_text()
    assert told == "0 to 0; 1 nodes shown; 3 nodes without this number are left out"
    assert high.get_attribute("aria-valuetext") == "0"


def test_a_skewed_measure_is_ranged_on_a_logarithmic_scale(reader: Reader) -> None:
    graph: nx.Graph[str] = nx.empty_graph([f"n{number}" for number in range(300)])
    for number, node in enumerate(graph):
        graph.nodes[node]["pagerank"] = 1.05**number
    reader.open(graph, language="en")
    reader.tab.locator("#filters select").select_option(label="PageRank")
    assert "logarithmic scale" in reader.tab.locator("#filters .summary").first.inner_text()
    low = reader.tab.locator("#filters .range .low").first
    low.evaluate(
        "slider => { slider.value = String(Math.floor(slider.max / 2)); slider.dispatchEvent(new Event('input')); }"
    )
    reader.tab.wait_for_function("() => !document.querySelector('#counts').textContent.startsWith('All')")
    assert 140 <= len(shown(reader)) <= 160


def test_the_time_slider_shows_what_can_have_held_and_counts_what_is_undated(reader: Reader) -> None:
    reader.open(dated_network(), language="en")
    high = reader.tab.locator("#time .high")
    assert reader.shown("#time .summary") == "2015 to 2020; 12 ties shown; 1 of them without a date, always shown"
    high.focus()
    reader.tab.keyboard.press("Home")
    reader.tab.wait_for_function(
        "() => document.querySelector('#time .summary').textContent.startsWith('2015 to 2015')"
    )
    assert ties_shown(reader) == 3
    reader.tab.keyboard.press("End")
    low = reader.tab.locator("#time .low")
    low.focus()
    reader.tab.keyboard.press("End")
    reader.tab.wait_for_function(
        "() => document.querySelector('#time .summary').textContent.startsWith('2020 to 2020')"
    )
    assert ties_shown(reader) == 11
    reader.tab.wait_for_function("() => location.hash.includes('t=2020..2020')")


def test_a_network_without_dates_has_no_time_slider(reader: Reader) -> None:
    reader.open(whole_network())
    assert reader.tab.locator("#time").count() == 0


def test_a_network_of_few_months_is_ranged_by_month(reader: Reader) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edge("a", "b", since="2022-03-14")
    graph.add_edge("a", "c", since="2022-05", until="2022")
    graph.add_edge("a", "d", since="last year", until="二〇二二")
    reader.open(graph, language="en")
    assert reader.shown("#time .summary") == "2022-03 to 2022-12; 3 ties shown; 1 of them without a date, always shown"


def test_a_link_reopens_the_filters_and_the_ranges(reader: Reader) -> None:
    reader.open(dated_network(), language="en")
    unfold(reader, "kind")
    entry(reader, "institute").click()
    unfold(reader, "relation")
    entry(reader, "leads").click()
    reader.tab.locator("#filters select").select_option(label="betweenness")
    reader.tab.locator("#filters .range .low").first.focus()
    reader.tab.keyboard.press("ArrowRight")
    reader.tab.locator("#time .high").focus()
    reader.tab.keyboard.press("ArrowLeft")
    reader.tab.wait_for_function("() => location.hash.includes('t=2015..2019')")
    address, seen, ties = reader.tab.evaluate("location.hash"), shown(reader), ties_shown(reader)
    assert seen == {"o1", "o3", "o4", "o6", "o7", "o9", "o10"}
    reader.open(dated_network(), address, language="en")
    assert (shown(reader), ties_shown(reader)) == (seen, ties)
    assert reader.tab.locator("#filters select").input_value() == "betweenness"
    assert reader.tab.locator("#time .high").get_attribute("aria-valuetext") == "2019"


def test_two_sliders_moved_within_one_frame_both_hold(reader: Reader) -> None:
    reader.open(dated_network(), language="en")
    reader.tab.locator("#filters select").select_option(label="betweenness")
    reader.tab.evaluate(
        """() => {
        for (const [selector, step] of [["#filters .range .low", 1], ["#time .high", -1]]) {
            const handle = document.querySelector(selector);
            handle.value = Number(handle.value) + step;
            handle.dispatchEvent(new Event("input"));
        } }"""
    )
    reader.tab.wait_for_function("() => location.hash.includes('m=betweenness%3A0.1..1')")
    assert reader.tab.evaluate("location.hash.includes('t=2015..2019')")


@pytest.mark.parametrize(
    "after",
    [
        "#f=node.kind:nobody&f=x&f=__proto__",
        "#m=betweenness:9..1",
        "#m=secret:1..2",
        "#t=2019..2015",
        "#t=<b>..2020",
        "#isolates=2",
    ],
)
def test_a_filter_that_a_link_makes_up_is_ignored(reader: Reader, after: str) -> None:
    reader.open(dated_network(), after)
    assert len(shown(reader)) == 14
    assert ties_shown(reader) == 12


def test_a_link_to_a_hidden_node_drops_only_what_hides_it(reader: Reader) -> None:
    reader.open(dated_network(), "#f=node.kind:university&f=node.kind:institute&n=o1", language="en")
    assert reader.shown("#panel h2") == "Organization 1"
    assert shown(reader) == {"x", "y", *(f"o{number}" for number in range(12) if number % 3 != 2)}


def test_hiding_the_selected_node_closes_its_panel(reader: Reader) -> None:
    reader.open(dated_network(), "#n=x", language="en")
    entry(reader, "consortium").click()
    assert not reader.tab.locator("#panel").is_visible()
    reader.tab.wait_for_function("() => !location.hash.includes('n=x')")
