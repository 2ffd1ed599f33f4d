"""The brief: every sentence is computed, says what it rests on, and leads to a numbered source."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

import docx
import pytest

import chaingraph as cg
from chaingraph.briefing.words import words
from chaingraph.errors import UnknownThingError, UsageError
from tests.briefing.made_up import TABLES, solar

if TYPE_CHECKING:
    from pathlib import Path

    from chaingraph.briefing.brief_model import BriefTable
    from tests.conftest import DataSetFolder


def rows(table: BriefTable) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def test_each_key_figure_is_a_sentence_with_its_basis_and_date(data_set: DataSetFolder) -> None:
    figures = cg.brief(solar(data_set)).model.figures
    assert [(figure.text, figure.basis, figure.since, figure.notes) for figure in figures] == [
        ("已知名称的联合体 1 个（类型未说明 1）。", "known", "", ()),
        ("光伏创新联合体：单位 20 多（已知 2）。", "reported", "2022-07-18", (1,)),
        ("已知名称的单位 3 家（企业 1、高校 1、类型未说明 1），其中牵头企业 1 家。", "known", "", ()),
        (
            "2 条产业链的 5 个环节中，3 个有已知承担者，1 个只知在哪个地区，1 个尚无已知承担者。",
            "known",
            "2022-07-18",
            (),
        ),
        ("只有一个已知承担者的环节 2 个：面板、电芯。", "known", "2022-07-18", ()),
        ("尚无已知承担者的环节 1 个：设备。", "unknown", "", ()),
        ("没有一家单位已知同时参加两个联合体。", "known", "", ()),
    ]


def test_the_four_lists_name_leaders_holders_gaps_and_holdings(data_set: DataSetFolder) -> None:
    platforms = "id,name,level,host\nk,光伏实验室,national,a\n"
    leading, stages, gaps, holdings = cg.brief(solar(data_set, platforms=platforms)).model.lists
    assert rows(leading) == [("甲公司", "苏州", "光伏创新联合体", "玻璃、电芯")]
    assert rows(stages) == [
        ("光伏产业链", "沙", "—", "无锡"),
        ("光伏产业链", "玻璃", "光伏创新联合体、甲公司、乙大学", "—"),
        ("光伏产业链", "面板", "丙公司", "—"),
        ("电池产业链", "电芯", "甲公司", "—"),
    ]
    assert [row.notes for row in stages.rows] == [(), (1,), (), ()]
    assert rows(gaps) == [
        ("光伏产业链", "沙", "只知在无锡"),
        ("光伏产业链", "面板", "只有一个已知承担者：丙公司"),
        ("光伏产业链", "设备", "来源称缺失"),
        ("电池产业链", "电芯", "只有一个已知承担者：甲公司"),
    ]
    assert rows(holdings) == [("国家级", "平台", "光伏实验室", "甲公司")]


def test_leading_enterprises_are_listed_with_their_titles_and_prizes_are_none(data_set: DataSetFolder) -> None:
    recognitions = "name,kind,organization\n专精特新小巨人,title,a\n链主企业,title,a\n科技进步奖,award,a\n"
    leading = cg.brief(solar(data_set, recognitions=recognitions)).model.lists[0]
    assert leading.headings == ("名称", "地区", "牵头的联合体", "承担的环节", "称号")
    assert rows(leading) == [("甲公司", "苏州", "光伏创新联合体", "玻璃、电芯", "专精特新小巨人、链主企业")]


def test_a_graph_of_which_nothing_is_known_says_so_in_each_chapter(data_set: DataSetFolder) -> None:
    model = cg.brief(cg.open(data_set(regions="id,name\nr,苏州\n"))).model
    assert [figure.text for figure in model.figures] == [
        "没有已知名称的联合体。",
        "没有产业链环节的资料，无法判断谁承担哪个环节。",
    ]
    assert [table.sentence for table in model.lists] == [
        "没有已知的牵头企业：没有来源称哪家企业牵头联合体。",
        "没有任何环节有已知的承担者。",
        "没有产业链环节的资料，无法判断缺口。",
        "没有已知名称的平台和项目。",
    ]
    assert [model.no_chain, model.network_sentence, model.coverage.sentence] == [
        "没有产业链环节的资料，画不出图谱。",
        "没有已知的联合体成员关系，画不出网络。",
        "没有来源给出过数目。",
    ]


def test_places_that_are_shared_are_said_to_be(data_set: DataSetFolder) -> None:
    consortia = "id,name\nx,一号联合体\ny,二号联合体\n"
    memberships = "organization,consortium,role\na,x,lead\na,y,member\nb,x,member\nb,y,member\n"
    roles = "stage,organization\nglass,a\n"
    reported = "id,name,counts,value,consortium\nn,数,other,1,x\n"
    kg = solar(data_set, consortia=consortia, memberships=memberships, stage_roles=roles, reported=reported)
    assert cg.brief(kg).model.figures[-1].text == (
        "同时参加两个以上联合体的单位 2 家，参加最多的 2 家并列，各 2 个：乙大学、甲公司。"
    )
    english = cg.brief(kg, language="en").model.figures[-1].text
    assert english.startswith("Organizations in two or more consortia: 2; 2 share the first place with 2 each: ")


def test_of_one_chain_only_what_belongs_to_it_is_told(data_set: DataSetFolder) -> None:
    kg = solar(data_set)
    model = cg.brief(kg, "电池产业链").model
    assert [chain.caption for chain in model.chains] == ["电池产业链图谱"]
    assert (rows(model.lists[0]), rows(model.coverage)) == ([("甲公司", "苏州", "光伏创新联合体", "玻璃、电芯")], [])
    assert model.figures[0].text == "没有已知名称的联合体。"
    with pytest.raises(UnknownThingError, match="which nothing of that kind"):
        cg.brief(kg, "电池")


def test_what_changed_since_an_older_graph_is_a_chapter(data_set: DataSetFolder) -> None:
    old = solar(data_set)
    new = solar(data_set, organizations=TABLES["organizations"] + "d,丁公司,,enterprise,\n")
    assert cg.brief(new, since=old).model.changes == ("新增单位 1 个：丁公司。",)
    assert cg.brief(old, since=new).model.changes == ("减少单位 1 个：丁公司。",)
    assert cg.brief(new, since=new).model.changes == ("与上次的图相比没有变化。",)
    assert "与上次相比的变化" in cg.brief(new, since=old).html
    assert "与上次相比的变化" not in cg.brief(new).html


def test_the_word_document_holds_all_chapters_lists_and_sources_and_is_the_same_each_time(
    data_set: DataSetFolder, tmp_path: Path
) -> None:
    brief = cg.brief(solar(data_set))
    first, second = (brief.save(tmp_path / name) for name in ("a.docx", "b.docx"))
    assert first.read_bytes() == second.read_bytes()
    document = docx.Document(str(first))
    texts = [paragraph.text for paragraph in document.paragraphs]
    headings = [text for text in texts if re.match("[一二三四五六七]、|（[一二三四]）", text)]
    assert headings == [
        "一、总体情况", "二、产业链图谱", "三、四张清单", "（一）牵头企业清单", "（二）各环节承担单位清单",
        "（三）缺口与单一承担清单", "（四）平台与项目清单", "四、合作网络", "五、已知与报告", "六、资料来源",
    ]  # fmt: skip
    assert "[1] 公告，2022-07-18  https://example.org/notice" in texts
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    assert tables[0] == [
        ["上游", "中游", "下游", "位置未说明"],
        [
            "沙\n（仅报告）无锡",
            "玻璃\n承接：沙\n甲公司（牵头企业）\n光伏创新联合体\n乙大学",
            "面板\n承接：玻璃、设备\n丙公司",
            "设备\n来源称缺失",
        ],
    ]
    assert len(tables) == 6
    assert len(document.inline_shapes) == 1
    page = document.sections[0]
    lengths = [page.page_width, page.page_height, page.left_margin]
    assert [round(length.mm) for length in lengths if length is not None] == [210, 297, 28]


def test_html_runs_nothing_and_asks_for_nothing(data_set: DataSetFolder, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    kg = solar(data_set, consortia=f"id,name\nx,{hostile}\n")
    document = cg.brief(kg).html
    assert hostile not in document
    assert "&lt;img src=x onerror=alert(1)&gt;" in document
    assert "<script" not in document
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in document
    assert cg.brief(kg).save(tmp_path / "brief.html").read_bytes() == document.encode()
    with pytest.raises(UsageError, match=r"expected a name that ends in \.html or \.docx"):
        cg.brief(kg).save(tmp_path / "brief.pdf")


def test_labels_of_the_network_overlap_neither_each_other_nor_other_marks() -> None:
    from chaingraph.briefing.network_picture import LABEL_SIZE
    from chaingraph.briefing.short_names import text_width
    from chaingraph.resources import sample

    picture = cg.brief(cg.open(sample("jiangsu-2022"))).model.network
    boxes = []
    for mark in picture.marks:
        if mark.label:
            width = text_width(mark.label) * LABEL_SIZE
            left = {"start": mark.label_x, "end": mark.label_x - width, "middle": mark.label_x - width / 2}[mark.anchor]
            boxes.append((left, mark.label_y - LABEL_SIZE, left + width, mark.label_y + 3))
    assert len(boxes) > 30
    overlaps = [
        (one, other)
        for number, one in enumerate(boxes)
        for other in boxes[number + 1 :]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]
    assert overlaps == []


def test_every_word_of_the_brief_is_in_both_languages_and_is_used() -> None:
    texts = words()["brief"]
    assert set(texts["zh"]) == set(texts["en"])
    names = (
        "brief_builder",
        "brief_chapters",
        "brief_facts",
        "brief_figures",
        "brief_lists",
        "brief_sources",
        "brief_word",
    )
    folder = files("chaingraph.briefing")
    source = "\n".join(folder.joinpath(f"{name}.py").read_text(encoding="utf-8") for name in names)
    source += folder.joinpath("brief.html.j2").read_text(encoding="utf-8")
    prefixes = tuple(prefix for prefix in re.findall(r'f"(\w+_)\{', source))
    unused = {
        key
        for key in texts["en"]
        if not key.startswith(prefixes) and f'"{key}"' not in source and f"text.{key}" not in source
    }
    assert unused == set()
