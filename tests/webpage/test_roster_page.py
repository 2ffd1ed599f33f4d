"""What the page of a roster shows: consortia, their leads and members, and counts that are only reported."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

import chaingraph as cg
from chaingraph.webpage import page
from tests.webpage.conftest import Reader, needs_browser, page_data

pytestmark = needs_browser

ROSTER = """序号,联合体名称,牵头单位,成员单位
1,江州省智能装备创新联合体,东山机电有限公司,江州大学、北湖仪器厂等8家单位
2,江州省新型材料创新联合体,西河化工有限公司,江州大学、东山机电有限公司
3,江州省现代种业创新联合体,江州农业大学,安平种业有限公司等10余家单位
"""


def roster_page(folder: Path, language: str = "zh") -> cg.Page:
    path = folder / "名单.csv"
    path.write_text(ROSTER, encoding="utf-8")
    kg = cg.open(path)
    return cg.page(cg.indicators.with_reported(cg.affiliation(kg, quotes=True), kg), language=language)


def test_leads_are_marked_on_nodes_and_ties(reader: Reader, tmp_path: Path) -> None:
    document = roster_page(tmp_path)
    data = page_data(document.html)
    names = [node["name"]["zh"] for node in data["nodes"]]
    assert {names[n] for n, node in enumerate(data["nodes"]) if node.get("leading")} == {
        "东山机电有限公司",
        "西河化工有限公司",
        "江州农业大学",
    }
    ends = [{names[tie["source"]], names[tie["target"]]} for tie in data["ties"] if tie.get("leads")]
    assert sorted(map(sorted, ends)) == [
        ["东山机电有限公司", "江州省智能装备创新联合体"],
        ["江州农业大学", "江州省现代种业创新联合体"],
        ["江州省新型材料创新联合体", "西河化工有限公司"],
    ]
    reader.show(document)
    rows = [row.inner_text().split() for row in reader.tab.locator("#keys .key.static").all()]
    assert rows == [["牵头单位", "3"], ["牵头关系", "3"]]
    widths = reader.tab.evaluate("window.chaingraph.edges.get().map((tie) => tie.width ?? 1)")
    assert sorted(widths) == [1, 1, 1, 1, 1, 2.6, 2.6, 2.6]


def test_a_count_that_is_only_reported_stands_beside_its_consortium_with_its_words(
    reader: Reader, tmp_path: Path
) -> None:
    reader.show(roster_page(tmp_path))
    reader.find("智能装备")
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#panel .badge.reported") == "已知 3 / 报告 8"
    assert reader.shown("#panel .reported-counts figure p") == "成员单位：来源报告 8，其中已知名称 3"
    assert reader.shown("#panel .reported-counts q").strip("“”") == "江州大学、北湖仪器厂等8家单位"


def affiliation_with_isolates(count: int = 3) -> nx.Graph[str]:
    """Two consortia with two members each, and organizations that are in none."""
    graph: nx.Graph[str] = nx.Graph(name="affiliation")
    for number in range(2):
        graph.add_node(f"c{number}", label_zh=f"第{number}联合体", type="Consortium", bipartite=1)
        for member in range(2):
            name = f"o{number}{member}"
            graph.add_node(name, label_zh=f"单位{number}{member}", type="Organization", bipartite=0)
            graph.add_edge(name, f"c{number}", role="member")
    for number in range(count):
        graph.add_node(f"alone{number}", label_zh=f"独立单位{number}", type="Organization", bipartite=0)
    return graph


def drawn_nodes(reader: Reader) -> list[str]:
    """The nodes that vis-network draws."""
    ids = reader.tab.evaluate(
        "window.chaingraph.nodes.get().filter((item) => !item.hidden)"
        ".map(({ id }) => window.chaingraph.data.nodes[id].id)"
    )
    return sorted(ids)


def test_nodes_without_a_tie_are_one_chip_that_draws_them(reader: Reader) -> None:
    graph = affiliation_with_isolates()
    tied = sorted(node for node in graph if not node.startswith("alone"))
    reader.open(graph, language="zh")
    assert reader.shown("#isolates") == "3 个没有联系的节点画出"
    assert drawn_nodes(reader) == tied
    assert reader.shown("#counts") == "全部 9 个节点、4 条联系"
    reader.tab.locator("#isolates").click()
    assert drawn_nodes(reader) == sorted(graph)
    assert reader.shown("#isolates") == "3 个没有联系的节点收起"
    assert "alone=drawn" in reader.tab.url
    reader.tab.locator("#isolates").click()
    assert drawn_nodes(reader) == tied
    reader.open(graph, language="en", isolates=True)
    assert drawn_nodes(reader) == sorted(graph)
    reader.open(affiliation_with_isolates(0))
    assert reader.tab.locator("#isolates").is_hidden()


def test_a_search_finds_a_node_of_the_chip_and_the_table_lists_it(reader: Reader) -> None:
    reader.open(affiliation_with_isolates(), language="zh")
    reader.find("独立单位1")
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#panel h2") == "独立单位1"
    reader.tab.locator("#switch").click()
    assert "独立单位2" in reader.shown("#rows")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_introduction_says_what_is_folded_and_who_shares_a_place(language: str) -> None:
    data = page_data(page(affiliation_with_isolates(), language=language).html)
    said = {
        "zh": [
            "没有联系的 3 个节点收为一个数字，点击即画出。",
            "联系最多：4 个并列第一（各 1 条），有单位00、单位01、单位10等",
        ],
        "en": [
            "Nodes without a tie are one number, 3, which a click draws.",
            "Best connected, 4 share first place with 1 tie: 单位00, 单位01, 单位10 and others",
        ],
    }
    assert [sentence for sentence in said[language] if sentence not in data["introduction"][language]] == []
    drawn = page_data(page(affiliation_with_isolates(), isolates=True).html)
    assert said[language][0] not in drawn["introduction"][language]


def test_a_network_of_two_modes_stands_around_its_consortia_unless_another_layout_is_named() -> None:
    graph = affiliation_with_isolates()
    places = [
        page_data(page(graph, layout=name).html)["drawing"]["nodes"] for name in (None, "two-mode", "communities")
    ]
    assert places[0] == places[1] != places[2]


def test_a_name_stands_inside_its_circle_where_it_fits(reader: Reader) -> None:
    reader.open(affiliation_with_isolates(), language="zh")
    reader.tab.evaluate(
        """() => { window.inside = []; const write = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
          if (["#ffffff", "#000000"].includes(this.fillStyle)) window.inside.push(text);
          return write.call(this, text, ...place); };
        const { network, places, indexOf } = window.chaingraph;
        network.moveTo({ position: places[indexOf("c0")], scale: 5 }); }"""
    )
    reader.wait_for_paint()
    assert "第0联合体" in "".join(reader.tab.evaluate("window.inside"))
