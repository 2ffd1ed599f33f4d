"""A large network in a real browser: it opens as communities, which open on a click, and says what is not drawn."""

from __future__ import annotations

import json
import re
from typing import Any

import networkx as nx
import pytest

from chaingraph.webpage import builder, page
from chaingraph.webpage import overview as overviews
from tests.webpage.conftest import Reader, needs_browser, page_data

pytestmark = needs_browser
STARS = 8
LEAVES = 17
NODES = STARS * (LEAVES + 1) + 2


def stars() -> nx.Graph[str]:
    """Eight stars of a university and seventeen enterprises in a ring, and two organizations without a tie."""
    graph: nx.Graph[str] = nx.Graph(name="Stars", name_zh="星形网络", language="zh")
    for star in range(STARS):
        hub = f"id:hub/{star}"
        graph.add_node(
            hub, label_zh=f"中心{star}大学", label_en=f"University {star}", type="Organization", kind="university"
        )
        for leaf in range(LEAVES):
            node = f"id:leaf/{star}/{leaf:02}"
            graph.add_node(
                node,
                label_zh=f"{star}号{leaf}厂",
                label_en=f"Works {star}-{leaf}",
                type="Organization",
                kind="enterprise",
            )
            graph.add_edge(hub, node, consortia=1 + leaf % 3)
    for star in range(STARS):
        graph.add_edge(f"id:hub/{star}", f"id:hub/{(star + 1) % STARS}", consortia=2)
    graph.add_nodes_from(("id:alone/0", "id:alone/1"), label="Alone", type="Organization", kind="enterprise")
    return graph


@pytest.fixture(autouse=True)
def _large_from_a_hundred_nodes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overviews, "OVERVIEW_FROM", 100)


def drawn(reader: Reader) -> list[str]:
    """The identifiers of what vis-network holds, without their ends' names."""
    found = reader.tab.evaluate(
        """() => { const { nodes } = window.chaingraph.data;
        return window.chaingraph.nodes.getIds().map((index) => nodes[index].id); }"""
    )
    return sorted(str(one) for one in found)


def star_of(number: int) -> list[str]:
    return sorted([f"id:hub/{number}", *(f"id:leaf/{number}/{leaf:02}" for leaf in range(LEAVES))])


def disc(reader: Reader, name: str) -> None:
    """Open the list of communities and press the one of that name."""
    if not reader.tab.locator("#overview ul").is_visible():
        reader.tab.locator("#overview summary").click()
    reader.tab.locator("#overview li button", has_text=name).click()


def spot_of_disc(reader: Reader, hub: str) -> tuple[float, float]:
    at = reader.tab.evaluate(
        """(hub) => { const data = window.chaingraph.data;
        const { network, indexOf } = window.chaingraph;
        const disc = data.overview.discs.find((one) => one.hub === indexOf(hub));
        const at = network.canvasToDOM(disc);
        const { left, top } = document.getElementById("map").getBoundingClientRect();
        return [at.x + left, at.y + top]; }""",
        hub,
    )
    return float(at[0]), float(at[1])


def test_a_large_network_opens_as_communities_and_says_what_is_not_drawn(reader: Reader) -> None:
    reader.open(stars(), language="en")
    assert drawn(reader) == []
    assert reader.shown("#overview p") == (
        f"{NODES} nodes in {STARS} communities (2 of them outside); a click opens a community. "
        "Nodes and ties inside communities are not drawn."
    )
    reader.tab.locator("#language").click()
    assert reader.shown("#overview p") == (
        f"{NODES} 个节点分属 {STARS} 个社群（其中 2 个在社群之外）；点击社群即可展开。社群内部的节点和联系未画出。"
    )


def test_a_click_opens_a_community_and_a_second_one_stays_open_beside_it(reader: Reader) -> None:
    reader.open(stars(), language="en")
    reader.tab.mouse.click(*spot_of_disc(reader, "id:hub/3"))
    assert drawn(reader) == star_of(3)
    assert reader.tab.evaluate("window.chaingraph.edges.length") == LEAVES
    assert "opened: 1 (18 nodes)" in reader.shown("#overview p")
    disc(reader, "University 4")
    assert drawn(reader) == sorted(star_of(3) + star_of(4))
    # Both ends of the tie between the two hubs are drawn now.
    assert reader.tab.evaluate("window.chaingraph.edges.length") == 2 * LEAVES + 1
    assert "opened: 2 (36 nodes)" in reader.shown("#overview p")
    reader.tab.locator("#overview button", has_text="Back to the overview").click()
    assert drawn(reader) == []
    assert reader.tab.locator("#overview > button").is_hidden()


def test_the_keyboard_goes_from_community_to_community_and_enter_opens_one(reader: Reader) -> None:
    reader.open(stars(), language="en")
    reader.tab.locator("#map > div").focus()
    reader.tab.keyboard.press("ArrowRight")
    first = reader.shown("#announcement")
    reader.tab.keyboard.press("ArrowRight")
    second = reader.shown("#announcement")
    if second == first:
        reader.tab.keyboard.press("ArrowLeft")
        second = reader.shown("#announcement")
    assert second != first
    number = int(re.findall(r"University (\d)", second)[0]) if "University" in second else -1
    reader.tab.keyboard.press("Enter")
    assert drawn(reader) == (star_of(number) if number >= 0 else ["id:alone/0", "id:alone/1"])
    reader.tab.keyboard.press("Escape")
    assert drawn(reader) == []


def test_search_opens_the_community_of_what_was_found(reader: Reader) -> None:
    reader.open(stars(), language="en")
    reader.find("Works 5-11")
    reader.tab.keyboard.press("Enter")
    assert drawn(reader) == star_of(5)
    assert reader.shown("#panel h2") == "Works 5-11"


def test_a_link_to_a_node_opens_its_community_and_the_address_keeps_what_is_open(reader: Reader) -> None:
    reader.open(stars(), after="#n=id%3Aleaf%2F2%2F07")
    assert drawn(reader) == star_of(2)
    disc(reader, "中心6大学")
    reader.tab.wait_for_url(re.compile(r"[#&]c=\d+\.\d+"))
    address = str(reader.tab.evaluate("location.hash"))
    reader.open(stars(), after=address)
    assert drawn(reader) == sorted(star_of(2) + star_of(6))


def test_filters_count_all_nodes_and_closed_communities_shrink_with_them(reader: Reader) -> None:
    reader.open(stars(), language="en", colour="kind")
    disc(reader, "University 1")
    reader.tab.locator("#keys .key", has_text="university").click()
    assert drawn(reader) == [node for node in star_of(1) if "hub" not in node]
    assert reader.shown("#overview p").startswith(f"{NODES - STARS} nodes in {STARS} communities (2 of them outside)")
    reader.tab.locator("#keys .key", has_text="enterprise").click()
    assert drawn(reader) == []
    assert reader.shown("#overview p").startswith("0 nodes in 0 communities")


def test_the_neighbours_of_a_node_are_shown_though_their_communities_are_closed(reader: Reader) -> None:
    reader.open(stars(), language="en")
    reader.find("University 0")
    reader.tab.keyboard.press("Enter")
    assert drawn(reader) == star_of(0)
    reader.wait_for_paint()
    reader.tab.mouse.click(
        *reader.tab.evaluate(
            """() => { const { network, indexOf, places } = window.chaingraph;
        const at = network.canvasToDOM(places[indexOf("id:hub/1")]);
        const { left, top } = document.getElementById("map").getBoundingClientRect();
        return [at.x + left, at.y + top]; }"""
        )
    )
    assert reader.shown("#panel h2") == "University 1"
    assert drawn(reader) == sorted(star_of(0) + star_of(1))


def test_a_network_up_to_the_limit_is_drawn_as_a_whole(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overviews, "OVERVIEW_FROM", NODES)
    reader.open(stars())
    assert reader.tab.evaluate("window.chaingraph.nodes.length") == NODES
    assert reader.tab.locator("#overview").is_hidden()


def test_a_network_beyond_all_limits_leaves_its_nodes_out_of_the_file_and_says_so(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "MOST_NODES", 120)
    reader.open(stars(), language="en")
    ties = STARS * LEAVES + STARS
    said = reader.shown(".about p .in-en")
    assert said.startswith(
        f"{NODES} nodes and {ties} ties are more than one page can carry: drawn are their {STARS + 1} communities"
    )
    assert "--only region=..." in said
    held: dict[str, Any] = reader.tab.evaluate("window.chaingraph.data")
    assert len(held["nodes"]) == STARS + 1
    assert {dict(node["attributes"])["nodes"] for node in held["nodes"]} == {LEAVES + 1, 2}
    assert "Works 3-4" not in json.dumps(page_data(page(stars()).html))
    reader.find("University 3")
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#panel h2") == "University 3 and others"


def test_colours_show_communities_with_their_names_in_both_languages(reader: Reader) -> None:
    reader.open(stars(), colour="community", language="en")
    names = reader.tab.locator("#keys .key .name").all_inner_texts()
    assert names[:STARS] == [
        f"University {number} and others" for number in sorted(range(STARS), key=lambda n: names[n])
    ]
    assert names[-1] == "outside communities"
    reader.tab.locator("#language").click()
    assert reader.tab.locator("#keys .key .name").first.inner_text().endswith("大学等")
