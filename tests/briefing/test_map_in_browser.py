"""The chain map in a real browser, offline: what a reader sees, opens, filters, and takes along."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.errors import UsageError
from tests.briefing.made_up import solar
from tests.webpage.conftest import Reader, needs_browser

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

pytestmark = needs_browser

OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll("#map .box")].map((box) => box.getBoundingClientRect());
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => !apart(a, b))).length;
}"""
CLIPPED = """() => [...document.querySelectorAll("#map .box")]
  .filter((box) => box.scrollHeight > box.clientHeight + 1).length"""
WIDER = "document.documentElement.scrollWidth - innerWidth"


def many(data_set: DataSetFolder, stages: int = 40, cards: int = 500) -> cg.KnowledgeGraph:
    """Return a chain with so many stages and cards; seeded."""
    choice = random.Random(5)
    segments = ["upstream", "midstream", "downstream", ""]
    rows = "".join(
        f"s{one},环节{one}号,c,{segments[one % 4]},{f's{choice.randrange(one)}' if one else ''}\n"
        for one in range(stages)
    )
    firms = "".join(f"o{one},苏州第{one}光电材料科技有限公司,enterprise,r{one % 9}\n" for one in range(cards))
    return cg.open(
        data_set(
            regions="id,name\n" + "".join(f"r{one},地区{one}\n" for one in range(9)),
            chains="id,name\nc,新型显示产业链\n",
            stages="id,name,chain,segment,follows\n" + rows,
            organizations="id,name,kind,region\n" + firms,
            stage_roles="stage,organization\n"
            + "".join(f"s{choice.randrange(stages - 1)},o{one}\n" for one in range(cards)),
        )
    )


def cards(reader: Reader) -> list[str]:
    return reader.tab.locator("#map .card .name").all_inner_texts()


def test_a_click_on_a_card_shows_its_words_where_else_it_is_and_the_same_thing_in_the_network(
    reader: Reader, data_set: DataSetFolder
) -> None:
    reader.show(cg.chain_map(solar(data_set), network_page="network.html"))
    assert reader.tab.locator("#tabs [role=tab] .name").all_inner_texts() == ["光伏产业链", "电池产业链", "全部"]
    assert cards(reader) == ["无锡", "光伏创新联合体", "甲公司", "乙大学", "丙公司"]
    assert reader.tab.locator("#map .basis").all_inner_texts() == ["仅报告", "已知 2 / 报告 20 多", *["已知"] * 3]
    assert reader.shown("#map .box.open-end .note") == "来源称此环节缺失"
    reader.tab.locator("#map .card", has_text="甲公司").click()
    assert reader.shown("#panel h2") == "甲公司"
    assert reader.shown("#panel section details[open] q") == "玻璃由甲公司生产"
    stages = reader.tab.locator("#panel section", has=reader.tab.locator("h3", has_text="承担的环节")).locator(".node")
    assert [text.split() for text in stages.all_inner_texts()] == [["玻璃", "光伏产业链"], ["电芯", "电池产业链"]]
    link = reader.tab.locator("#panel .picture a").get_attribute("href")
    assert link == "network.html#n=id%3Aroster%2Forganizations%2Fa"
    # The consortium of which it is the lead is marked on the map; Escape puts everything back.
    reader.tab.locator("#map .card", has_text="光伏创新联合体").click()
    related = reader.tab.locator("#map .card.related .name").all_inner_texts()
    assert related == ["光伏创新联合体", "甲公司", "乙大学"]
    assert "成员单位：来源报告 20 多，其中已知名称 2" in reader.shown("#panel .reported-counts")
    reader.tab.keyboard.press("Escape")
    assert reader.tab.locator("#panel").is_hidden()


def test_a_search_leads_to_the_chain_and_the_card_and_the_address_reopens_it(
    reader: Reader, data_set: DataSetFolder
) -> None:
    document = cg.chain_map(solar(data_set), language="en")
    reader.show(document)
    reader.find("cells")
    reader.tab.keyboard.press("Enter")
    assert reader.shown("#tabs [aria-selected=true] .name") == "Battery chain"
    assert reader.shown("#panel h2") == "Cells"
    address = reader.tab.evaluate("location.hash")
    reader.show(document, address)
    assert [reader.shown("#tabs [aria-selected=true] .name"), reader.shown("#panel h2")] == ["Battery chain", "Cells"]


def test_filters_leave_the_cards_that_fit_and_say_what_they_hide(reader: Reader, data_set: DataSetFolder) -> None:
    reader.show(cg.chain_map(solar(data_set), language="en"))
    reader.tab.locator("[data-facet=region] summary").click()
    reader.tab.locator("[data-facet=region] label", has_text="Suzhou").click()
    assert cards(reader) == ["Solar consortium", "A Ltd"]
    assert reader.shown("#choices .state") == "2 cards shown"
    assert reader.tab.locator("#map .box .note").all_inner_texts() == [
        "No card fits the filters", "No card fits the filters", "A source says it is missing",
    ]  # fmt: skip
    reader.tab.locator("#choices .reset").click()
    assert len(cards(reader)) == 5


@pytest.mark.parametrize("size", [(1920, 1080), (1440, 900), (375, 812)], ids=str)
def test_forty_stages_and_five_hundred_cards_fold_to_counts_and_nothing_overlaps(
    size: tuple[int, int], reader: Reader, data_set: DataSetFolder
) -> None:
    reader.tab.set_viewport_size({"width": size[0], "height": size[1]})
    reader.show(cg.chain_map(many(data_set)))
    state = [reader.tab.locator("#map .box").count(), len(cards(reader)), *map(reader.tab.evaluate, (OVERLAPS, WIDER))]
    assert state == [40, 0, 0, 0]
    reader.tab.locator("[data-action=fold]").click()
    assert reader.tab.locator("#map .card").count() > 250
    assert [reader.tab.evaluate(script) for script in (OVERLAPS, CLIPPED, WIDER)] == [0, 0, 0]


def test_paper_a_picture_and_a_table_hold_every_stage_and_card(reader: Reader, data_set: DataSetFolder) -> None:
    reader.show(cg.chain_map(solar(data_set)))

    def saved(entry: str) -> bytes:
        reader.tab.locator("#export").click()
        with reader.tab.expect_download() as download:
            reader.tab.locator(f"[data-export={entry}]").click()
        return Path(download.value.path()).read_bytes()

    picture = saved("svg").decode()
    assert [
        name for name in ("沙", "玻璃", "面板", "设备", "光伏创新联合体", "来源称此环节缺失") if name not in picture
    ] == []
    assert saved("png").startswith(b"\x89PNG")
    rows = list(csv.DictReader(io.StringIO(saved("csv").decode("utf-8-sig"))))
    assert [(row["环节"], row["承担者"], row["口径"], row["引文"]) for row in rows] == [
        ("沙", "无锡", "仅报告", ""),
        ("玻璃", "光伏创新联合体", "已知", ""),
        ("玻璃", "甲公司", "已知", "玻璃由甲公司生产"),
        ("玻璃", "乙大学", "已知", ""),
        ("面板", "丙公司", "已知", ""),
        ("设备", "", "", ""),
    ]
    reader.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert reader.tab.locator("#print-view > svg").count() == 1


@pytest.mark.parametrize(("stages", "cards"), [(3, 22), (40, 500)])
def test_paper_takes_as_many_sheets_as_all_cards_need(
    stages: int, cards: int, reader: Reader, data_set: DataSetFolder
) -> None:
    reader.show(cg.chain_map(many(data_set, stages, cards)), "#boxes=open")
    reader.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = reader.tab.locator("#print-view").evaluate("box => box.textContent.match(/苏州第\\d+光电/g)?.length ?? 0")
    assert printed == cards


def test_what_a_name_holds_is_never_run(reader: Reader, data_set: DataSetFolder) -> None:
    organizations = 'id,name\na,"<img src=x onerror=window.ran=1>"\nb,"</script><script>window.ran=1</script>"\nc,丙\n'
    kg = solar(data_set, organizations=organizations)
    with pytest.raises(UsageError, match="expected a file beside the map or an https address"):
        cg.chain_map(kg, network_page="javascript:window.ran=1")
    reader.show(cg.chain_map(kg))
    for card in reader.tab.locator("#map .card").all():
        card.click()
    reader.tab.locator("#panel h2").wait_for()
    assert reader.tab.evaluate("window.ran") is None
    assert reader.tab.locator("#map img, #panel img").count() == 0
