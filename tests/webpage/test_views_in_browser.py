"""What the reader chooses to see: layout, colour, size and labels, in a real browser."""

from __future__ import annotations

import itertools
import math
from typing import Any

import networkx as nx

from chaingraph.webpage import builder
from tests.webpage.conftest import Reader, needs_browser

pytestmark = needs_browser


def consortia() -> nx.Graph[str]:
    """Three consortia with thirty members, of which two are in several; twelve regions, a number that some have."""
    graph: nx.Graph[str] = nx.Graph(name="Consortia")
    for number in range(3):
        graph.add_node(f"c{number}", label=f"Consortium {number}", type="Consortium", bipartite=1)
    for number in range(30):
        node = f"o{number:02}"
        graph.add_node(node, label=f"Organization {number}", type="Organization", bipartite=0)
        graph.nodes[node]["region"] = f"Region {number % 12:02}"
        if number < 24:
            graph.nodes[node]["patents"] = number * number
        graph.add_edge(node, f"c{number % 3}", role="member")
    graph.add_edges_from([("o00", "c1"), ("o01", "c2")], role="lead")
    graph.add_node("alone", label="Alone", type="Organization", bipartite=0)
    return graph


def circles(reader: Reader) -> list[tuple[float, float, float]]:
    drawn: list[Any] = reader.tab.evaluate("() => window.chaingraph.places.map(({ x, y, radius }) => [x, y, radius])")
    return [(x, y, radius) for x, y, radius in drawn]


def choose(reader: Reader, what: str, name: str) -> None:
    if not reader.tab.locator("#view-panel").is_visible():
        reader.tab.keyboard.press("v")
    reader.tab.select_option(f"#view-{what}", name)


def choices(reader: Reader, what: str) -> list[str]:
    texts: list[str] = reader.tab.locator(f"#view-{what} option").all_inner_texts()
    return texts


def legend(reader: Reader) -> list[tuple[str, str]]:
    rows = reader.tab.locator("#keys ul").first.locator(".key").all()
    return [(row.locator(".name").inner_text(), row.locator(".count").inner_text()) for row in rows]


def test_the_reader_chooses_among_what_the_network_states_and_layouts_that_have_a_place_for_most(
    reader: Reader,
) -> None:
    reader.open(consortia(), language="en")
    reader.tab.click("#view")
    assert choices(reader, "layout") == ["consortia and their members", "communities"]
    assert choices(reader, "colour") == ["class", "region", "number of ties", "patents"]
    assert choices(reader, "size") == ["number of ties", "patents", "all of one size"]
    assert choices(reader, "labels") == ["as many as fit", "the most important", "none"]
    reader.tab.keyboard.press("Escape")
    assert not reader.tab.locator("#view-panel").is_visible()
    assert reader.tab.evaluate("document.activeElement.id") == "view"


def test_no_two_nodes_overlap_in_any_layout_and_size_and_the_first_view_comes_back_as_it_was(reader: Reader) -> None:
    graph = consortia()
    reader.open(graph, language="en")
    first = circles(reader)
    for layout, size in itertools.product(["two-mode", "communities"], ["patents", "one_size", "degree"]):
        choose(reader, "layout", layout)
        choose(reader, "size", size)
        drawn = circles(reader)
        assert (drawn == first) is ((layout, size) == ("two-mode", "degree"))
        for (x, y, r), (u, v, s) in itertools.combinations(drawn, 2):
            assert math.hypot(x - u, y - v) > r + s
    # Areas follow the numbers, and the legend says how large some are drawn.
    choose(reader, "size", "patents")
    assert reader.shown("#legend .areas").split() == ["patents", "1", "144", "529"]
    radius = {node: circle[2] for node, circle in zip(sorted(graph), circles(reader), strict=True)}
    assert round((radius["o20"] / radius["o10"]) ** 2, 6) == 4
    choose(reader, "layout", "two-mode")
    choose(reader, "size", "degree")
    assert circles(reader) == first


def test_values_beyond_the_palette_share_one_colour_and_unknown_ones_are_grey_and_said(reader: Reader) -> None:
    reader.open(consortia(), language="en")
    choose(reader, "colour", "region")
    rows = legend(reader)
    assert rows[:6] == [(f"Region {number:02}", "3") for number in range(6)]
    assert rows[6:] == [
        *((f"Region {number:02}", "2") for number in (6, 7, 8)),
        ("other (3 values)", "6"),
        ("unstated", "4"),
    ]
    greys = reader.tab.evaluate(
        """() => window.chaingraph.data.legend.colours.filter((entry) => entry.hue < 0).map((entry) => entry.count)"""
    )
    assert greys == [4]
    # Entries of the legend filter as before, and what is hidden remains hidden in the attribute's own filter.
    reader.tab.locator("#keys .key", has_text="Region 03").click()
    assert reader.shown("#counts").startswith("31 of 34 nodes")
    choose(reader, "colour", "type")
    assert reader.shown("#counts").startswith("31 of 34 nodes")


def test_numbers_have_ranges_from_light_to_dark(reader: Reader) -> None:
    reader.open(consortia(), language="en")
    choose(reader, "colour", "patents")
    ranges = [("0 – 16", "5"), ("25 – 81", "5"), ("100 – 196", "5"), ("225 – 361", "5"), ("400 – 529", "4")]
    assert legend(reader) == [*ranges, ("unstated", "10")]
    hues = reader.tab.evaluate("() => window.chaingraph.data.legend.colours.map((entry) => entry.hue)")
    assert hues == [10, 11, 12, 13, 14, -1]


def test_the_introduction_and_the_address_say_what_is_chosen_and_a_link_reopens_it(reader: Reader) -> None:
    reader.open(consortia(), language="en")
    before = reader.shown("#introduction")
    assert " Colour and shape show the class, area shows the number of ties; each consortium" in before
    choose(reader, "layout", "communities")
    choose(reader, "colour", "region")
    choose(reader, "size", "one_size")
    choose(reader, "labels", "none")
    after = reader.shown("#introduction")
    assert (
        " Colour shows the region, shape the class, all nodes are of one size; pale circles hold communities" in after
    )
    reader.tab.wait_for_url("**#*labels=none")
    address = reader.tab.evaluate("location.hash")
    assert address == "#layout=communities&colour=region&size=one_size&labels=none"
    places = circles(reader)
    reader.open(consortia(), address, language="en")
    assert circles(reader) == places
    assert reader.shown("#introduction") == after
    reader.tab.evaluate("location.hash = 'layout=nowhere&size=role&colour=patents'")
    reader.tab.wait_for_function("() => document.getElementById('introduction').innerText.includes('patents')")
    assert " Colour shows the patents, shape the class, area shows the number of ties; each" in reader.shown(
        "#introduction"
    )


def test_a_layout_is_carried_in_whole_units_once_for_each_node() -> None:
    view = builder.View("en", None, "type", "degree", None, "two-mode", 0)
    views = builder.page_model(consortia(), view).views
    assert [layout.name for layout in views.layouts] == ["two-mode", "communities"]
    assert views.layouts[0].x == ()
    assert len(views.layouts[1].x) == len(views.layouts[1].y) == 34
    assert all(isinstance(place, int) for place in views.layouts[1].x + views.layouts[1].y)
