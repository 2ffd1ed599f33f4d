"""The page in a real browser, offline: what a reader can do, and what hostile data cannot."""

from __future__ import annotations

from typing import Any, Literal

import networkx as nx
import pytest
from playwright.sync_api import expect

from chaingraph.webpage import page
from tests.webpage.conftest import Reader, needs_browser, whole_network

RAN = "window.ran=1"
HOSTILE = f"<img src=x onerror={RAN}></script><script>{RAN}</script><a href='javascript:{RAN}'>href</a>"

pytestmark = needs_browser


def test_the_page_opens_offline_with_every_node_and_tie(reader: Reader) -> None:
    graph = whole_network()
    reader.open(graph, "#alone=drawn")
    counts = reader.tab.evaluate("[window.chaingraph.nodes.length, window.chaingraph.edges.length]")
    assert counts == [graph.number_of_nodes(), graph.number_of_edges()]
    assert reader.tab.evaluate("window.chaingraph.network.body.nodeIndices.length") == graph.number_of_nodes()
    assert len(reader.requests) == 1


def test_a_click_on_a_node_shows_its_words_and_where_they_stand(reader: Reader) -> None:
    reader.open(whole_network())
    reader.tab.mouse.click(*reader.spot("id:c/0"))
    assert reader.shown("#panel h2") == "第0联合体"
    assert reader.shown("#panel .subtitle") == "Consortium no. 0"
    figure = reader.tab.locator("#panel > .quotes figure")
    assert figure.locator("blockquote").inner_text() == "…记者获悉，由苏州光电3厂牵头组建"
    assert figure.locator("figcaption").inner_text() == "江苏科技报 · 2022-07-18"
    link = figure.locator("a")
    assert [link.get_attribute(name) for name in ("href", "rel", "target")] == [
        "https://example.org/news?a=1&b=2", "noopener noreferrer", "_blank",
    ]  # fmt: skip
    assert reader.shown("#panel .neighbours:nth-of-type(2) h3").split() == ["牵头单位", "1"]
    assert reader.shown("#panel .neighbours:nth-of-type(3) h3").split() == ["成员单位", "14"]


def test_nothing_is_claimed_of_a_node_that_no_source_speaks_of(reader: Reader) -> None:
    reader.open(whole_network(), "#n=id:p/1")
    assert reader.shown("#panel h2") == "平台1"
    assert reader.tab.locator("#panel .quotes").count() == 0


def test_the_words_behind_a_tie_stand_at_the_neighbour(reader: Reader) -> None:
    reader.open(whole_network(), "#n=id:o/2&lang=en")
    reader.tab.locator("#panel .neighbours details summary").click()
    assert reader.shown("#panel .neighbours blockquote q") == "由苏州光电2厂牵头组建"
    reader.tab.locator("#panel .node", has_text="Consortium no. 2").click()
    assert reader.shown("#panel h2") == "Consortium no. 2"


def test_a_click_on_a_tie_shows_both_ends_and_its_words(reader: Reader) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edge("甲", "乙", consortia=3, quotes=[{"exact": "共同发起"}])
    reader.open(graph)
    (x, y), (u, v) = reader.spot("甲"), reader.spot("乙")
    reader.tab.mouse.click((x + u) / 2, (y + v) / 2)
    assert reader.tab.locator("#panel .node .name").all_inner_texts() == ["乙", "甲"]
    assert reader.shown("#panel dl").split() == ["共同的联合体", "3"]
    assert reader.shown("#panel q") == "共同发起"


def test_records_of_a_register_are_sources_too_and_of_many_the_first_twelve_are_shown(reader: Reader) -> None:
    graph: nx.Graph[str] = nx.Graph([("甲", "乙")])
    records = [{"record": f"101/{n}", "title": "CORDIS", "url": "https://example.org/cordis"} for n in range(14)]
    graph.nodes["甲"]["quotes"] = records
    reader.open(graph, "#n=甲", language="en")
    quotes = reader.tab.locator("#panel > .quotes blockquote")
    assert quotes.all_inner_texts() == [f"Record 101/{n}" for n in range(12)]
    reader.tab.locator("#panel > .quotes .more").click()
    assert quotes.all_inner_texts() == [f"Record 101/{n}" for n in range(14)]
    assert reader.tab.evaluate("document.activeElement.closest('figure').innerText") == "Record 101/12\nCORDIS"


def test_search_finds_names_in_both_languages(reader: Reader) -> None:
    reader.open(whole_network())
    reader.find("optics 59")
    assert reader.tab.locator("#matches li .name").all_inner_texts() == ["苏州光电59厂"]
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#panel h2") == "苏州光电59厂"
    reader.find("联合体")
    names = reader.tab.locator("#matches li .name").all_inner_texts()
    assert sorted(names) == ["第0联合体", "第1联合体", "第2联合体", "第3联合体"]
    reader.tab.keyboard.press("ArrowDown")
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#panel h2") == names[1]


def test_search_says_when_nothing_matches_and_escape_clears_it(reader: Reader) -> None:
    reader.open(whole_network(), language="en")
    reader.find("no such firm")
    assert reader.shown("#matches") == "No name matches"
    reader.tab.keyboard.press("Enter")
    assert not reader.tab.locator("#panel").is_visible()
    reader.tab.keyboard.press("Escape")
    assert not reader.tab.locator("#matches").is_visible()
    assert reader.tab.locator("#search").input_value() == ""


def test_the_keyboard_alone_reaches_and_selects_nodes(reader: Reader) -> None:
    reader.open(whole_network())
    reader.tab.locator("#map > div").focus()
    reader.tab.keyboard.press("ArrowRight")
    first = reader.shown("#announcement")
    reader.tab.keyboard.press("ArrowRight")
    assert reader.shown("#announcement") != first
    name = reader.shown("#announcement").split(",")[0]
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#panel h2") == name
    reader.tab.keyboard.press("Escape")
    assert not reader.tab.locator("#panel").is_visible()
    assert reader.tab.evaluate("location.hash") == ""


def test_the_legend_hides_a_class_and_shows_it_again(reader: Reader) -> None:
    reader.open(whole_network(), "#alone=drawn")
    keys = reader.tab.locator("#keys .key")
    assert [text.split() for text in keys.all_inner_texts()] == [
        *(["单位", "60"], ["创新联合体", "4"], ["创新平台", "4"]),
        *(["牵头单位", "4"], ["牵头关系", "4"]),
    ]
    drawn = "window.chaingraph.network.body.nodeIndices.length"
    keys.nth(0).click()
    assert reader.tab.evaluate(drawn) == 8
    assert reader.tab.evaluate("window.chaingraph.network.body.edgeIndices.length") == 0
    assert keys.nth(0).get_attribute("aria-pressed") == "false"
    keys.nth(0).click()
    assert reader.tab.evaluate(drawn) == 68
    assert reader.tab.evaluate("window.chaingraph.network.body.edgeIndices.length") == 64


def test_selecting_a_hidden_node_shows_its_class_again(reader: Reader) -> None:
    reader.open(whole_network(), "#alone=drawn")
    reader.tab.locator("#keys .key").nth(2).click()
    reader.find("平台3")
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#panel h2") == "平台3"
    assert reader.tab.locator("#keys .key").nth(2).get_attribute("aria-pressed") == "true"
    assert reader.tab.evaluate("window.chaingraph.network.body.nodeIndices.length") == 68


def test_the_language_can_be_switched_both_ways(reader: Reader) -> None:
    reader.open(whole_network(), "#n=id:c/1")
    chinese, english = "示例 · 全部关系", "Sample · The whole network"
    assert (reader.shown("h1"), reader.tab.title(), reader.shown("#panel h2")) == (chinese, chinese, "第1联合体")
    reader.tab.locator("#language").click()
    assert (reader.shown("h1"), reader.tab.title()) == (english, english)
    assert reader.shown("#panel h2") == "Consortium no. 1"
    assert reader.tab.evaluate("[document.documentElement.lang, location.hash]") == ["en", "#n=id%3Ac%2F1&lang=en"]
    assert reader.tab.locator("#search").get_attribute("placeholder") == "Search names"
    reader.tab.locator("#language").click()
    assert reader.shown("h1") == chinese


def test_a_link_reopens_the_selected_node_in_its_language(reader: Reader) -> None:
    reader.open(whole_network(), "#n=id%3Ac%2F2&lang=en")
    assert reader.shown("#panel h2") == "Consortium no. 2"
    reader.tab.evaluate("location.hash = '#n=id:o/5'")
    reader.tab.wait_for_function("document.querySelector('#panel h2').textContent === '苏州光电5厂'")
    reader.tab.go_back()
    reader.tab.wait_for_function("document.querySelector('#panel h2').textContent === 'Consortium no. 2'")


@pytest.mark.parametrize("after", ["#n=nobody&lang=fr", "#%E0%A4%A", "#n=__proto__", "#lang=en&n=", '#"><script>'])
def test_a_broken_link_opens_the_whole_map(reader: Reader, after: str) -> None:
    reader.open(whole_network(), after)
    assert not reader.tab.locator("#panel").is_visible()


def hostile_network() -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=HOSTILE, name_zh=HOSTILE)
    graph.graph["datasets"] = [dict.fromkeys(("title_zh", "title_en", "licence", "attribution"), HOSTILE)]
    quote = dict.fromkeys(("exact", "prefix", "suffix", "title", "published"), HOSTILE)
    urls = [
        f"javascript:{RAN}",
        f"data:text/html,<script>{RAN}</script>",
        f"java\tscript:{RAN}",
        "//x",
        HOSTILE,
        "file:///etc/passwd",
    ]
    for identifier in (HOSTILE, "__proto__", "constructor", "hasOwnProperty", f"edgeId:{HOSTILE}"):
        graph.add_node(
            identifier,
            **dict.fromkeys(
                ("label", "label_zh", "label_en", "title", "type", "kind", "region", "industry", HOSTILE), HOSTILE
            ),
            quotes=[{**quote, "url": url} for url in urls],
        )
        graph.add_edge(HOSTILE, identifier, relation=HOSTILE, title=HOSTILE, quotes=[{**quote, "url": urls[0]}])
    return graph


def test_scripts_in_the_data_never_run(reader: Reader) -> None:
    reader.open(hostile_network(), title=HOSTILE, colour="kind")
    for identifier in (HOSTILE, "__proto__"):
        spot = reader.spot(identifier)
        reader.tab.mouse.move(spot[0] + 60, spot[1])
        reader.tab.mouse.move(*spot)
        reader.tab.wait_for_selector("#tooltip:not([hidden])")
        assert HOSTILE in reader.shown("#tooltip")
        reader.tab.mouse.click(*spot)
        assert reader.shown("#panel h2") == HOSTILE
        for summary in reader.tab.locator("#panel details summary").all():
            summary.click()
        assert reader.tab.locator("#panel a").count() == 0
        assert reader.tab.locator("#panel img, #panel script, header img, footer img, #keys img").count() == 0
        reader.tab.keyboard.press("Escape")
    reader.find("<img")
    assert reader.tab.locator("#matches li .name").first.inner_text() == HOSTILE
    reader.tab.keyboard.press("Enter")
    reader.tab.locator("#language").click()
    assert HOSTILE in reader.shown("footer")
    assert reader.shown("h1") == HOSTILE
    assert reader.tab.evaluate("window.ran") is None


def test_a_script_put_into_the_page_afterwards_is_refused_by_the_policy(reader: Reader) -> None:
    reader.open(whole_network())
    reader.tab.evaluate(
        f"document.body.append(Object.assign(document.createElement('script'), {{ textContent: '{RAN}' }}))"
    )
    reader.tab.evaluate(f"document.querySelector('footer').innerHTML = '<img src=x onerror={RAN}>'")
    reader.tab.evaluate("fetch('https://example.org/').catch(() => 0)")
    assert reader.tab.evaluate("window.ran") is None
    refused = [fault for fault in reader.faults if "Content Security Policy" in fault]
    assert len(refused) >= 3
    reader.faults.clear()
    reader.requests[:] = [url for url in reader.requests if not url.endswith("/x")]


@pytest.mark.parametrize("width", [375, 1920])
def test_the_page_fits_a_telephone_and_a_wall(reader: Reader, width: int) -> None:
    reader.tab.set_viewport_size({"width": width, "height": 800})
    reader.open(whole_network(), "#n=id:c/0")
    assert reader.tab.evaluate("document.documentElement.scrollWidth") == width
    panel = reader.tab.locator("#panel").bounding_box()
    board = reader.tab.locator("#map").bounding_box()
    assert panel is not None
    assert board is not None
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= width
    assert (panel["width"] == width) is (width == 375)
    assert panel["y"] + panel["height"] <= board["y"] + board["height"] + 1
    x, y = reader.spot("id:c/0")
    assert board["x"] < x < board["x"] + board["width"]
    assert board["y"] < y < board["y"] + board["height"]
    assert not (panel["x"] < x < panel["x"] + panel["width"] and panel["y"] < y)


@pytest.mark.parametrize(
    "graph", [nx.Graph(), nx.empty_graph(1), nx.empty_graph(30), nx.MultiGraph([("a", "a"), ("a", "b"), ("a", "b")])]
)
def test_small_and_odd_networks_open_without_a_fault(reader: Reader, graph: nx.Graph[Any]) -> None:
    reader.open(graph, language="en")
    assert reader.tab.evaluate("window.chaingraph.nodes.length") == len(graph)
    assert reader.tab.locator("main > .empty:not(#old-browser)").is_visible() is (len(graph) == 0)


def test_a_browser_that_cannot_read_the_data_is_told_so(reader: Reader) -> None:
    reader.tab.add_init_script("delete window.DecompressionStream")
    path = page(whole_network(), language="en").save(reader.folder / "page.html")
    reader.tab.goto(path.as_uri())
    message = "The map on this page needs a browser of 2023 or later; please update yours."
    expect(reader.tab.locator("#old-browser")).to_have_text(message, use_inner_text=True)
    assert reader.shown("h1") == "Sample · The whole network"


def test_an_empty_network_says_so(reader: Reader) -> None:
    reader.open(nx.Graph())
    assert reader.shown("main > .empty:not(#old-browser)") == "无可显示：网络中没有节点。"
    reader.tab.locator("#language").click()
    assert reader.shown("main > .empty:not(#old-browser)") == "Nothing to show: the network has no nodes."


def test_the_frame_of_a_notebook_works_without_rights(reader: Reader) -> None:
    frame = page(whole_network())._repr_html_()
    path = reader.folder / "notebook.html"
    path.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{frame}", encoding="utf-8")
    reader.tab.goto(path.as_uri())
    inside = reader.tab.frame_locator("iframe")
    inside.locator("html[data-ready]").wait_for()
    inside.locator("#search").fill("平台2")
    inside.locator("#search").press("Enter")
    assert inside.locator("#panel h2").inner_text() == "平台2"
    inside.locator("#language").click()
    assert inside.locator("h1").inner_text() == "Sample · The whole network"
    reader.requests[:] = [url for url in reader.requests if not url.startswith("about:srcdoc")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_on_the_paper_in_light_and_dark(reader: Reader, scheme: Literal["light", "dark"]) -> None:
    reader.tab.emulate_media(color_scheme=scheme)
    reader.open(whole_network(), "#n=id:c/0")
    contrasts = reader.tab.evaluate(
        """() => { const style = getComputedStyle(document.documentElement);
        const light = (name) => { const hex = style.getPropertyValue(name).trim();
          const part = (at) => { const value = parseInt(hex.slice(at, at + 2), 16) / 255;
            return value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4; };
          return .2126 * part(1) + .7152 * part(3) + .0722 * part(5); };
        const contrast = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
        const pairs = [["--ink", "--paper"], ["--soft", "--paper"], ["--soft", "--sheet"], ["--accent", "--sheet"]];
        return pairs.map((pair) => contrast(...pair)); }"""
    )
    assert min(contrasts) >= 4.5
