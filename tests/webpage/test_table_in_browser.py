"""The table beside the map: the same nodes and ties in rows, by click and by key."""

from __future__ import annotations

import networkx as nx
import pytest
from playwright.sync_api import expect

from tests.webpage.conftest import Reader, needs_browser, whole_network

pytestmark = needs_browser

NAMES, ROWS = "#rows tbody th .symbol + span", "#rows tbody tr:not(.gap)"


def places() -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph(language="zh")
    graph.add_node("id:1", label_zh="上海", label_en="Shanghai", type="Region", betweenness=10, industry="B")
    graph.add_node("id:2", label_zh="北京", label_en="Beijing", type="Organization", betweenness=9.5)
    graph.add_node("id:3", label_zh="安徽", label_en="Anhui", type="Organization", betweenness=-1, industry="A")
    graph.add_node("id:4", label_zh="江苏", label_en="Jiangsu", type="Organization")
    graph.add_edge("id:1", "id:2", relation="supplies", weight=3, quotes=[{"exact": "供应"}])
    graph.add_edge("id:2", "id:3", relation="supplies", weight=12)
    graph.add_edge("id:4", "id:2", relation="within")
    return graph


def names(reader: Reader) -> list[str]:
    return reader.tab.locator(NAMES).all_inner_texts()


def sort_by(reader: Reader, key: str) -> str | None:
    """Click on the column's heading, and return how the column says that it is sorted."""
    reader.tab.locator(f'#rows thead [data-key="{key}"]').click()
    return reader.tab.locator(f'#rows thead [data-column="{key}"]').get_attribute("aria-sort")


def test_the_table_shows_every_node_with_its_facts_the_best_connected_first(reader: Reader) -> None:
    reader.open(places(), language="en")
    reader.tab.locator("#switch").click()
    headings = reader.tab.locator("#rows thead th").all_inner_texts()
    assert headings == ["name", "name in Chinese", "class", "number of ties", "betweenness", "industry"]
    rows = [row.locator("th, td").all_inner_texts() for row in reader.tab.locator(ROWS).all()]
    assert rows == [
        ["Beijing", "北京", "organization", "3", "9.5", ""],
        ["Shanghai", "上海", "region", "1", "10", "B"],
        ["Anhui", "安徽", "organization", "1", "-1", "A"],
        ["Jiangsu", "江苏", "organization", "1", "", ""],
    ]
    assert reader.shown("#row-count") == "4 of 4 nodes"
    cells = "[...document.querySelectorAll('#rows tbody tr:nth-child(2) > *')]"
    sides = ["left", "left", "left", "right", "right", "left"]
    assert reader.tab.evaluate(f"{cells}.map((cell) => getComputedStyle(cell).textAlign)") == sides


def test_names_are_sorted_by_pinyin_numbers_as_numbers_and_what_is_missing_comes_last(reader: Reader) -> None:
    reader.open(places(), "#table=nodes")
    assert sort_by(reader, "name") == "ascending"
    assert names(reader) == ["安徽", "北京", "江苏", "上海"]
    assert sort_by(reader, "attribute betweenness") == "descending"
    assert names(reader) == ["上海", "北京", "安徽", "江苏"]
    assert sort_by(reader, "attribute betweenness") == "ascending"
    assert names(reader) == ["安徽", "北京", "上海", "江苏"]
    assert sort_by(reader, "attribute industry") == "ascending"
    assert names(reader) == ["安徽", "上海", "北京", "江苏"]
    assert sort_by(reader, "attribute industry") == "descending"
    assert names(reader) == ["上海", "安徽", "北京", "江苏"]


def test_a_heading_sorts_by_key_too_and_keeps_the_focus(reader: Reader) -> None:
    reader.open(places(), "#table=nodes")
    reader.tab.locator('#rows thead [data-key="name"]').focus()
    reader.tab.keyboard.press("Enter")
    reader.tab.keyboard.press("Enter")
    assert names(reader) == ["上海", "江苏", "北京", "安徽"]
    assert reader.tab.evaluate("document.activeElement.dataset.key") == "name"


def test_a_click_on_a_row_selects_the_node_on_the_map(reader: Reader) -> None:
    reader.open(places(), "#table=nodes")
    reader.tab.locator(ROWS, has_text="安徽").click()
    assert reader.shown("#panel h2") == "安徽"
    assert reader.tab.locator('#rows tr[aria-selected="true"] .name').all_inner_texts() == ["安徽"]
    reader.tab.locator("#switch").click()
    assert not reader.tab.locator("#table").is_visible()
    assert reader.shown("#panel h2") == "安徽"


def test_keys_open_the_table_walk_its_rows_select_and_close_it(reader: Reader) -> None:
    reader.open(places())
    reader.tab.keyboard.press("t")
    assert reader.tab.locator("#switch").get_attribute("aria-pressed") == "true"
    reader.tab.keyboard.press("ArrowDown")
    assert reader.tab.locator("#rows tr.active .name").all_inner_texts() == ["上海"]
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#panel h2") == "上海"
    reader.tab.keyboard.press("Escape")
    assert (reader.tab.locator("#panel").is_visible(), reader.tab.locator("#table").is_visible()) == (False, True)
    reader.tab.keyboard.press("Escape")
    assert not reader.tab.locator("#table").is_visible()
    reader.find("t")
    assert not reader.tab.locator("#table").is_visible()


def test_ties_have_rows_of_their_own_and_a_click_shows_the_words_behind_one(reader: Reader) -> None:
    reader.open(places(), "#table=nodes")
    reader.tab.locator("#tab-nodes").focus()
    reader.tab.keyboard.press("ArrowRight")
    assert reader.tab.locator("#tab-ties").get_attribute("aria-selected") == "true"
    assert reader.tab.locator("#rows thead th").all_inner_texts() == ["起点", "关系", "终点", "权重", "引文数"]
    rows = [row.locator("th, td").all_inner_texts() for row in reader.tab.locator(ROWS).all()]
    assert rows == [
        ["上海", "供应", "北京", "3", "1"],
        ["北京", "供应", "安徽", "12", "0"],
        ["江苏", "属于", "北京", "", "0"],
    ]
    assert reader.shown("#row-count") == "显示 3 条联系（共 3 条）"
    assert sort_by(reader, "attribute weight") == "descending"
    reader.tab.locator(ROWS).nth(1).click()
    assert reader.shown("#panel q") == "供应"


def test_rows_follow_the_filters_and_are_counted(reader: Reader) -> None:
    reader.open(places(), "#table=nodes")
    reader.tab.locator("#keys .key", has_text="地区").first.click()
    expect(reader.tab.locator("#row-count")).to_have_text("显示 3 个节点（共 4 个）")
    assert names(reader) == ["北京", "安徽", "江苏"]
    reader.tab.locator("#tab-ties").click()
    assert reader.shown("#row-count") == "显示 2 条联系（共 3 条）"


def test_the_table_switches_its_words_with_the_language(reader: Reader) -> None:
    reader.open(places(), "#table=ties")
    reader.tab.locator("#language").click()
    assert reader.tab.locator("#rows thead th").all_inner_texts() == ["from", "relation", "to", "weight", "quotes"]
    assert reader.shown("#tab-nodes") == "Nodes"
    assert reader.tab.locator("#switch").get_attribute("title") == "Show the map (t)"
    assert names(reader)[0] == "Shanghai"


def test_the_address_reopens_the_table(reader: Reader) -> None:
    reader.open(places())
    reader.tab.keyboard.press("t")
    reader.tab.locator("#tab-ties").click()
    reader.tab.wait_for_url("**#table=ties")
    reader.tab.reload()
    reader.tab.wait_for_selector("html[data-ready]")
    assert reader.tab.locator("#tab-ties").get_attribute("aria-selected") == "true"
    reader.tab.evaluate("location.hash = '#table=<b>'")
    expect(reader.tab.locator("#table")).to_be_hidden()


def test_of_a_thousand_rows_only_those_in_view_stand_in_the_document(reader: Reader) -> None:
    graph = nx.relabel_nodes(nx.star_graph(1199), {number: f"n{number:04}" for number in range(1200)})
    reader.open(graph, "#table=nodes")
    assert reader.tab.locator("#rows table").get_attribute("aria-rowcount") == "1201"
    assert reader.tab.locator(ROWS).count() < 60
    reader.tab.locator("#rows").focus()
    reader.tab.keyboard.press("End")
    expect(reader.tab.locator("#rows tr.active .name")).to_have_text("n1199")
    assert reader.tab.locator("#rows tr.active").get_attribute("aria-rowindex") == "1201"
    assert reader.tab.locator("#rows tr.active").is_visible()
    assert reader.tab.locator(ROWS).count() < 60


@pytest.mark.parametrize("width", [375, 1920])
def test_the_table_fits_the_window_and_the_page_never_scrolls_sideways(reader: Reader, width: int) -> None:
    reader.tab.set_viewport_size({"width": width, "height": 800})
    reader.open(whole_network(), "#table=nodes")
    assert reader.tab.evaluate("document.documentElement.scrollWidth") == width
    box = reader.tab.locator("#table").bounding_box()
    assert box
    assert (box["x"] >= 0, box["x"] + box["width"] <= width, box["width"] > 300) == (True, True, True)
    footer = reader.tab.locator("footer").bounding_box()
    assert footer
    assert box["y"] + box["height"] <= footer["y"]
