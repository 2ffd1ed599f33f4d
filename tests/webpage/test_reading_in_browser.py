"""What a reader relies on: a double click, a path, a rank, a camera, paper and a telephone do what they seem to do."""

from __future__ import annotations

import json
import re

import networkx as nx
import pytest
from playwright.sync_api import expect

from chaingraph.webpage import overview as overviews
from tests.webpage.conftest import Reader, needs_browser, whole_network

pytestmark = needs_browser

CLICK = """([name, detail]) => [...document.querySelectorAll("#keys .key")].find((key) => key.innerText.includes(name))
  .dispatchEvent(new MouseEvent("click", { bubbles: true, detail }))"""
CAMERA = """() => { const { x, y } = window.chaingraph.network.getViewPosition();
  return [x, y, window.chaingraph.network.getScale()]; }"""


def test_a_double_click_counts_for_the_entry_of_its_first_click(reader: Reader) -> None:
    # The second click falls on another entry, because the first one moved the rows.
    reader.open(whole_network())
    reader.tab.evaluate(CLICK, ["创新平台", 1])
    reader.tab.evaluate(CLICK, ["单位", 2])
    pressed = reader.tab.locator("#keys .key[aria-pressed=true] .name").all_inner_texts()
    assert pressed == ["创新平台"]


def path_through(*ways: tuple[str, str]) -> nx.Graph[str]:
    """Two organizations in one region, and what else leads from one to the other."""
    graph: nx.Graph[str] = nx.Graph(language="en")
    for name in ("a", "b", "c", "d"):
        graph.add_node(name, type="Organization", label=name)
    graph.add_node("r", type="Region", label="the region")
    graph.add_edges_from([("a", "r"), ("b", "r"), *ways])
    return graph


@pytest.mark.parametrize(
    ("ways", "summary"),
    [
        ([("a", "c"), ("c", "d"), ("d", "b")], "Shortest path: 3 steps"),
        ([], "Shortest path: 2 steps; there is none that avoids regions and industries"),
    ],
    ids=["around", "only through"],
)
def test_a_path_runs_through_a_region_only_where_none_avoids_it(
    ways: list[tuple[str, str]], summary: str, reader: Reader
) -> None:
    reader.open(path_through(*ways), "#path=a&path=b")
    assert reader.shown("#panel .summary") == summary


def test_a_rank_is_among_nodes_of_the_same_class(reader: Reader) -> None:
    graph: nx.Graph[str] = nx.Graph(language="en")
    for number, (name, kind) in enumerate([("r", "Region"), ("a", "Organization"), ("b", "Organization")]):
        graph.add_node(name, type=kind, label=name, score=10 - number)
    reader.open(graph, "#n=a")
    assert reader.shown("#panel dl").split("\n")[:2] == ["score", "9rank 1 of 2 (organization)"]


def test_the_address_holds_the_camera_that_the_reader_moved(reader: Reader) -> None:
    graph = whole_network()
    reader.open(graph)
    assert "camera" not in reader.tab.evaluate("location.hash")
    reader.tab.mouse.move(700, 420)
    reader.tab.mouse.wheel(0, -600)
    expect(reader.tab).to_have_url(re.compile("camera="))
    reader.tab.wait_for_timeout(400)
    camera = reader.tab.evaluate(CAMERA)
    address = reader.tab.evaluate("location.hash")
    reader.open(graph, address)
    assert reader.tab.evaluate(CAMERA) == pytest.approx(camera, abs=0.1)
    reader.tab.locator("#zoom-whole").click()
    expect(reader.tab).not_to_have_url(re.compile("camera="))


@pytest.mark.parametrize("size", [(1123, 794), (794, 1123), (1587, 1123)], ids=["A4 across", "A4", "A3 across"])
def test_the_first_sheet_of_paper_holds_the_whole_picture(size: tuple[int, int], reader: Reader) -> None:
    reader.tab.set_viewport_size({"width": size[0], "height": size[1]})
    reader.open(whole_network())
    reader.tab.emulate_media(media="print")
    reader.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    bottom = reader.tab.evaluate("document.querySelector('#print-view svg').getBoundingClientRect().bottom")
    # A sheet has margins that the window has not.
    assert 300 < bottom < size[1] - 60


def test_on_a_telephone_the_introduction_can_be_read_whole(reader: Reader) -> None:
    reader.tab.set_viewport_size({"width": 375, "height": 812})
    reader.open(whole_network())
    more = reader.tab.locator("#introduction-more")
    assert more.inner_text() == "全文"
    hidden = (
        "document.getElementById('introduction').scrollHeight - document.getElementById('introduction').clientHeight"
    )
    assert reader.tab.evaluate(hidden) > 10
    more.click()
    assert (reader.tab.evaluate(hidden), more.inner_text()) == (0, "收起")


@pytest.mark.parametrize(("dated", "sliders"), [(3, 0), (30, 1)])
def test_time_is_ranged_only_where_most_ties_have_a_date(dated: int, sliders: int, reader: Reader) -> None:
    graph: nx.Graph[str] = nx.path_graph(41)
    graph = nx.relabel_nodes(graph, str)
    for number, (*_, tie) in enumerate(list(graph.edges(data=True))[:dated]):
        tie["since"] = str(2015 + number % 8)
    reader.open(graph)
    assert reader.tab.locator("#time").count() == sliders


def communities(count: int) -> nx.Graph[str]:
    """Many communities of one size, so that their discs stand close together."""
    graph: nx.Graph[str] = nx.Graph(language="en")
    for star in range(count):
        graph.add_node(f"h{star}", label=f"Laboratory of advanced materials number {star}", type="Organization")
        for leaf in range(12):
            graph.add_node(f"{star}/{leaf}", label=f"Works {star}-{leaf}", type="Organization")
            graph.add_edge(f"h{star}", f"{star}/{leaf}")
        graph.add_edge(f"h{star}", f"h{(star + 1) % count}")
    return graph


def test_every_large_community_has_a_name_on_the_map(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overviews, "OVERVIEW_FROM", 100)
    reader.open(communities(24))
    reader.tab.locator("#export").click()
    with reader.tab.expect_download() as download:
        reader.tab.locator("[data-export=svg]").click()
    picture = download.value.path().read_text(encoding="utf-8")
    assert len(re.findall(r">(Laborator[^<]*)<", picture)) == 24


def test_a_consortium_says_how_many_of_its_reported_members_are_known(reader: Reader) -> None:
    graph = whole_network()
    counts = [{"counts": "organizations", "reported": 136, "known": 15, "words": "共136家单位"}]
    graph.nodes["id:c/0"]["reported"] = json.dumps(counts)
    reader.open(graph, "#n=id:c/0")
    assert reader.shown("#panel .badge.reported") == "已知 15 / 报告 136"
    assert reader.shown("#panel .reported-counts p") == "成员单位：来源报告 136，其中已知名称 15"
    assert reader.shown("#panel .reported-counts q") == "共136家单位"
    assert reader.shown(".about p .in-zh").endswith("来源报告第0联合体有单位 136 家，其中已知名称 15 家。")
    assert reader.shown("#keys .note") == "名称后的数字：已知名称的成员 / 来源报告的成员"
    labels = "() => [...document.querySelectorAll('#print-view text')].map((text) => text.textContent)"
    reader.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert "第0联合体 15/136" in reader.tab.evaluate(labels)
