"""What the page of a roster shows: consortia, their leads and members, and counts that are only reported."""

from __future__ import annotations

from pathlib import Path

import chaingraph as cg
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
    assert reader.shown("#panel .badge.reported") == "已知 3 / 报道 8"
    assert reader.shown("#panel .reported-counts figure p") == "成员单位：来源报道 8，其中已知名称 3"
    assert reader.shown("#panel .reported-counts q").strip("“”") == "江州大学、北湖仪器厂等8家单位"
