"""The start view: the best connected are labelled and named, the legend is open, and every word is computed."""

from __future__ import annotations

import json
import re
from typing import Any

import networkx as nx

from chaingraph.webpage import page
from tests.webpage.conftest import Reader, needs_browser
from tests.webpage.test_page import HOSTILE, Elements, data


def two_parts() -> nx.Graph[str]:
    """Twelve stars whose hubs are in a ring, and apart from them a star of its own; hubs have 12, 11 ... leaves."""
    graph: nx.Graph[str] = nx.Graph()
    for star in range(12):
        graph.add_node(f"hub{star:02}", label_zh=f"中心{star}", label_en=f"Hub {star}", type="Organization")
        graph.add_edges_from((f"hub{star:02}", f"leaf{star:02}/{leaf:02}") for leaf in range(12 - star))
    graph.add_edges_from((f"hub{star:02}", f"hub{(star + 1) % 12:02}") for star in range(12))
    graph.add_edges_from(("island", f"shore{leaf:02}") for leaf in range(15))
    graph.nodes["island"].update(label="Island", type="Organization")
    return graph


def sentence(made: str, language: str) -> str:
    elements = Elements(made)
    texts = [text for tag, held, text in elements.texts if tag == "span" and held.get("class") == f"in-{language}"]
    return [text for text in texts if text.strip()][1]


def test_the_best_connected_organizations_are_named_with_their_ties_in_both_languages() -> None:
    made = page(two_parts()).html
    assert "Best connected: Island (15 ties), Hub 0 (14 ties), Hub 1 (13 ties)." in sentence(made, "en")
    assert "联系最多：Island（15 条）、中心0（14 条）、中心1（13 条）。" in sentence(made, "zh")


def test_a_part_that_is_tied_to_nothing_else_has_names_of_its_own() -> None:
    graph = two_parts()
    graph.remove_nodes_from(f"shore{leaf:02}" for leaf in range(12, 15))
    made = page(graph).html
    assert (
        "Best connected: Hub 0 (14 ties), Hub 1 (13 ties), Hub 2 (12 ties) and 1 more with as many; in a part"
        " of its own (13 nodes):"
        " Island (12 ties)."
    ) in sentence(made, "en")
    assert "；互不相连的另一部分（13 个节点）中：Island（12 条）。" in sentence(made, "zh")
    held = data(page(graph))
    assert [held["nodes"][index]["id"] for index in held["drawing"]["labelled"]] == [
        *("hub00", "hub01", "hub02", "island"),
        *(f"hub{star:02}" for star in range(3, 9)),
    ]


def test_the_share_of_the_three_largest_communities_is_computed() -> None:
    graph: nx.Graph[int] = nx.Graph()
    for start, size in ((0, 8), (100, 6), (200, 6), (300, 4), (400, 3), (500, 3)):
        graph.add_edges_from(nx.complete_graph(range(start, start + size)).edges())
    assert "The three largest of 6 communities hold 67 % of the nodes." in sentence(page(graph).html, "en")
    assert "共 6 个社群，最大的三个占全部节点的 67%。" in sentence(page(graph).html, "zh")
    assert "communities hold" not in page(graph.subgraph(range(8))).html
    nx.set_node_attributes(graph, {node: node // 100 for node in graph}, "chain")
    assert "communities hold" not in page(graph, group="chain").html


def test_nothing_is_said_to_be_connected_where_there_are_no_ties() -> None:
    assert "Best connected" not in page(nx.empty_graph(3)).html


def test_names_in_the_sentence_are_short_and_never_markup() -> None:
    graph: nx.Graph[str] = nx.Graph([("a", "b")])
    graph.add_node("a", label=HOSTILE, type="Organization")
    graph.add_node("b", label="{names} {0} " + "x" * 40)
    made = page(graph).html
    assert HOSTILE[:29] not in made
    assert f"{HOSTILE[:29]}… (1 tie)" in sentence(made, "en")


def _labels(reader: Reader) -> list[str]:
    """What is written on the canvas, in the order in which it is painted."""
    reader.tab.evaluate(
        """() => { window.written = []; const write = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
          window.written.push(text); return write.call(this, text, ...place); };
        window.chaingraph.network.redraw(); }"""
    )
    reader.wait_for_paint()
    found: list[Any] = json.loads(reader.tab.evaluate("JSON.stringify(window.written)"))
    return [str(text) for text in found]


class TestInABrowser:
    """What is seen at first."""

    pytestmark = needs_browser

    def test_the_ten_best_connected_are_labelled_before_all_others(self, reader: Reader) -> None:
        reader.open(two_parts(), language="en")
        best = ["Island", *(f"Hub {star}" for star in range(9))]
        # A name inside its node is painted line by line.
        painted = " ".join(_labels(reader))[: len(" ".join(best))]
        assert sorted(re.findall(r"Island|Hub \d", painted)) == sorted(best)
        assert reader.tab.locator("#legend").get_attribute("open") is not None

    def test_up_to_500_nodes_every_label_comes_with_zooming_and_none_covers_another(self, reader: Reader) -> None:
        reader.open(two_parts(), language="en")
        whole = set(_labels(reader))
        graph = two_parts()
        for node in ("leaf00/03", "shore11"):
            reader.tab.evaluate(
                """(id) => { const { network, places, indexOf } = window.chaingraph; window.written = [];
                network.moveTo({ position: places[indexOf(id)], scale: 4 }); }""",
                node,
            )
            reader.wait_for_paint()
            assert node in reader.tab.evaluate("window.written")
        assert len(whole) > len(graph) / 4
