"""A sheet as an office keeps it becomes tables: each kind of roster in one small sheet, and what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chaingraph.errors import UnreadableError, UsageError
from chaingraph.rosters import Corrections, Roster, read_sheets
from chaingraph.rosters.reading_file import corrections_of, reading_text
from chaingraph.rosters.sheet import Sheet
from chaingraph.rosters.summary import summary
from chaingraph.tables import read

if TYPE_CHECKING:
    from pathlib import Path

WIDE: list[list[str | None]] = [
    ["附件"],
    ["甲省2022年度创新联合体名单"],
    ["序号", "联合体名称", "牵头单位", "成员单位", "所在地区", "产业领域", "组建时间", "备注"],
    [
        "1",
        "甲省智能装备创新联合体",
        "东山机电有限公司",
        "甲州大学、北湖仪器厂\n南岭研究院",
        "甲州市",
        "智能装备",
        "2022年11月",
        "首批",
    ],
    ["2", "甲省新型材料创新联合体", "西河化工有限公司", "甲州大学等5家单位", "乙州市", "新材料", "2022.11"],
    ["合计", "2", None, "4"],
    ["注：排名不分先后。"],
]


def _roster(*sheets: list[list[str | None]], titles: tuple[str, ...] = ("",), **corrections: str) -> Roster:
    given = Corrections(columns={key.replace("_", " "): value for key, value in corrections.items()})
    return read_sheets(
        (Sheet.of_rows("名单.xlsx", title, rows) for title, rows in zip(titles, sheets, strict=True)), given
    )


def _rows(roster: Roster, table: str, *columns: str) -> list[tuple[str | None, ...]]:
    frame = roster.frames[table]
    return list(frame.select(columns).iter_rows())


def _memberships(roster: Roster) -> set[tuple[str | None, ...]]:
    return set(_rows(roster, "memberships", "organization", "consortium", "role"))


def test_one_row_per_consortium_becomes_its_memberships() -> None:
    roster = _roster(WIDE)
    one, other = "甲省智能装备创新联合体", "甲省新型材料创新联合体"
    assert _memberships(roster) == {
        ("东山机电有限公司", one, "lead"),
        ("甲州大学", one, "member"),
        ("北湖仪器厂", one, "member"),
        ("南岭研究院", one, "member"),
        ("西河化工有限公司", other, "lead"),
        ("甲州大学", other, "member"),
    }
    assert _rows(roster, "consortia", "name", "industry", "region", "founded") == [
        (one, "智能装备", "甲州市", "2022-11"),
        (other, "新材料", "乙州市", "2022-11"),
    ]
    assert _rows(roster, "reported", "counts", "value", "consortium") == [("organizations", "5", other)]
    assert roster.title == "甲省2022年度创新联合体名单"


def test_every_row_says_where_it_stands() -> None:
    roster = _roster(WIDE)
    assert _rows(roster, "sources", "title") == [("名单.xlsx",)]
    assert [record for (record,) in _rows(roster, "consortia", "record")] == ["4", "5"]


def test_what_is_left_out_is_said_with_its_place() -> None:
    assert summary(_roster(WIDE), "名单.xlsx", "en") == [
        "名单.xlsx: read as consortia, rows 2, headings in row 3",
        "columns: 联合体名称 → name, 牵头单位 → lead, 成员单位 → member, 所在地区 → region, 产业领域 → industry,"
        " 组建时间 → founded",
        "this gives: regions 2 (of names alone), industries 2 (of names alone), organizations 5 (of names alone),"
        " consortia 2, memberships 6, reported 1",
        "left out, columns: 序号 (row numbers), 备注 (a remark)",
        "left out, rows: 6 '合计' (a total); 7 '注：排名不分先后。' (a remark)",
        "noted: kind read from the name (company, university): organizations 3",
    ]
    assert summary(_roster(WIDE), "名单.xlsx", "zh")[1:] == [
        "各列：联合体名称 → 创新联合体、牵头单位、成员单位、所在地区 → 地区、产业领域 → 产业、组建时间 → 成立时间",
        "得到：地区 2（按名称建立）、产业 2（按名称建立）、单位 5（按名称建立）、创新联合体 2、成员 6、报告数 1",
        "未读的列：序号（行号，不是标识）、备注",
        "未读的行：6“合计”（合计行）；7“注：排名不分先后。”（备注）",
        "说明：类型按名称判断（公司、大学）：单位 3",
    ]


def test_the_tables_of_a_roster_follow_the_contract() -> None:
    data_set = read(_roster(WIDE).frames)
    assert {name: frame.height for name, frame in data_set.tables.items()} == {
        "sources": 1,
        "quotes": 1,
        "regions": 2,
        "industries": 2,
        "organizations": 5,
        "consortia": 2,
        "memberships": 6,
        "reported": 1,
    }


def test_one_row_per_member_becomes_a_membership_and_makes_the_consortium() -> None:
    roster = _roster(
        [
            ["联合体", "成员单位", "角色", "单位性质"],
            ["甲联合体", "甲州大学", "牵头单位、成员单位", "高校"],
            ["甲联合体", "东山公司", "嘉宾", "央企"],
        ]
    )
    assert _memberships(roster) == {
        ("甲州大学", "甲联合体", "lead"),
        ("甲州大学", "甲联合体", "member"),
        ("东山公司", "甲联合体", None),
    }
    assert _rows(roster, "organizations", "name", "kind") == [("甲州大学", "university"), ("东山公司", "enterprise")]
    assert [(cell.key, cell.text, cell.place.cell) for cell in roster.log.cells] == [("no code", "嘉宾", "C3")]


def test_a_list_of_members_takes_the_consortium_from_its_title() -> None:
    roster = _roster(
        [["甲省智能装备创新联合体成员单位名单"], ["序号", "单位名称", "角色"], ["1", "甲州大学", "牵头单位"]]
    )
    assert _memberships(roster) == {("甲州大学", "甲省智能装备创新联合体", "lead")}


def test_laboratories_with_their_hosts_are_platforms() -> None:
    roster = _roster(
        [
            ["name", "institution", "province"],
            ["某某国家重点实验室", "甲州大学", "江苏"],
            ["另一重点实验室", "乙州大学", "江苏"],
        ]
    )
    assert _rows(roster, "platforms", "name", "host", "region") == [
        ("某某国家重点实验室", "甲州大学", "江苏"),
        ("另一重点实验室", "乙州大学", "江苏"),
    ]


def test_two_rows_of_headings_are_joined() -> None:
    grid: list[list[str | None]] = [
        ["联合体", "牵头单位", None, "成员单位"],
        [None, "名称", "所在地", None],
        ["甲联合体", "东山公司", "甲州市", "甲州大学"],
    ]
    roster = _roster(grid)
    assert _memberships(roster) == {("东山公司", "甲联合体", "lead"), ("甲州大学", "甲联合体", "member")}
    assert _rows(roster, "organizations", "name", "region") == [("东山公司", "甲州市"), ("甲州大学", None)]


def test_section_rows_totals_and_repeated_headings_are_no_consortia() -> None:
    roster = _roster(
        [
            ["联合体", "成员单位"],
            ["一、智能装备领域"],
            ["甲联合体", "甲州大学"],
            ["小计", "1家"],
            ["联合体", "成员单位"],
            ["乙联合体", "乙州大学"],
            ["合计：2家"],
        ]
    )
    assert [name for (name,) in _rows(roster, "consortia", "name")] == ["甲联合体", "乙联合体"]
    assert [(row.key, row.place.cell) for row in roster.log.rows] == [
        ("section", "2"),
        ("total", "4"),
        ("headings", "5"),
        ("total", "7"),
    ]


def test_a_lone_number_in_the_column_of_names_is_no_consortium() -> None:
    roster = _roster([["联合体名称", "所在地"], ["甲联合体", "甲州市"], ["2", None]])
    assert [name for (name,) in _rows(roster, "consortia", "name")] == ["甲联合体"]


def test_a_heading_that_fits_two_meanings_is_asked_back_and_decided() -> None:
    rows: list[list[str | None]] = [["联合体名称", "负责单位"], ["甲联合体", "东山公司"]]
    asked = _roster(rows)
    assert "memberships" not in asked.frames
    assert summary(asked, "名单.xlsx", "zh")[1] == (
        '“负责单位”是指牵头单位还是运营单位？请用 --column "负责单位=牵头单位" 指定'
    )
    for meaning in ("lead", "牵头单位"):
        assert _memberships(_roster(rows, 负责单位=meaning)) == {("东山公司", "甲联合体", "lead")}


def test_a_decision_about_a_heading_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="no column is headed '主管'; the headings are 联合体名称, 成员单位"):
        _roster([["联合体名称", "成员单位"], ["甲联合体", "甲州大学"]], 主管="lead")


def test_a_meaning_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match="'成员单位' cannot be read as 'boss'"):
        _roster([["联合体名称", "成员单位"], ["甲联合体", "甲州大学"]], 成员单位="boss")


def test_a_sheet_without_known_headings_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableError, match="has no row of headings that are known"):
        _roster([["天气", "温度"], ["晴", "20"]])


def test_a_slip_of_the_pen_for_a_listed_organization_makes_none() -> None:
    roster = _roster(
        [["单位名称"], ["东山机电有限公司"]],
        [["联合体", "成员单位"], ["甲联合体", "东山机电有限公司"], ["乙联合体", "东山机电有限公可"]],
        titles=("单位", "成员"),
    )
    assert _rows(roster, "organizations", "name") == [("东山机电有限公司",)]
    assert "B3 '东山机电有限公可' (a slip for 东山机电有限公司?)" in summary(roster, "名单.xlsx", "en")[-2]


def test_a_reported_count_leads_to_the_words_of_its_cell() -> None:
    frames = read(_roster(WIDE).frames).tables
    assert frames["quotes"].select("exact", "prefix").rows() == [("甲州大学等5家单位", "成员单位")]
    assert frames["reported"].select("value", "quote").rows() == [("5", frames["quotes"]["id"].to_list())]


def test_traditional_characters_make_a_name_look_alike_and_both_leads_of_two_are_leads() -> None:
    roster = _roster([["联合体名称", "牵头单位", "成员单位"], ["AI聯盟", "臺灣大學、北川大学（双牵头）", "台灣大學"]])
    assert roster.alike == [("台灣大學", "臺灣大學")]
    rows = [("臺灣大學", "lead"), ("北川大学", "lead"), ("台灣大學", "member")]
    assert _rows(roster, "memberships", "organization", "role") == rows


def test_a_count_in_brackets_is_reported_and_no_part_of_the_last_name() -> None:
    roster = _roster(
        [
            ["联合体名称", "组成单位"],
            ["甲联合体", "东山机电有限公司（牵头）、甲州大学、北湖仪器厂（共8家）"],
            ["乙联合体", "电科集团（十四所）"],
        ]
    )
    assert _rows(roster, "organizations", "name") == [
        ("东山机电有限公司",),
        ("甲州大学",),
        ("北湖仪器厂",),
        ("电科集团（十四所）",),
    ]
    assert _rows(roster, "reported", "consortium", "value") == [("甲联合体", "8")]


def test_a_column_headed_by_a_number_sign_is_left_out_as_row_numbers() -> None:
    roster = _roster(
        [["#", "Partnership", "Coordinator", "Partners"], ["1", "Green Steel Alliance", "Norsteel AB", "Wind GmbH"]]
    )
    assert summary(roster, "list.xlsx", "en")[3] == "left out, columns: # (row numbers)"


def test_the_form_of_a_company_says_its_kind_unless_a_cell_says_another() -> None:
    roster = _roster(
        [["单位名称", "单位性质"], ["东山机电有限公司", None], ["甲州大学", "科研院所"], ["南岭研究院", None]]
    )
    rows = [("东山机电有限公司", "enterprise"), ("甲州大学", "institute"), ("南岭研究院", None)]
    assert read(roster.frames).tables["organizations"].select("name", "kind").rows() == rows


def test_names_that_differ_in_their_legal_form_look_alike() -> None:
    roster = _roster([["联合体", "成员单位"], ["甲联合体", "东山机电有限公司"], ["乙联合体", "东山机电"]])
    assert roster.alike == [("东山机电", "东山机电有限公司")]


def test_each_pair_of_three_names_that_differ_in_their_legal_form_looks_alike() -> None:
    roster = _roster(
        [
            ["联合体", "成员单位"],
            ["甲联合体", "东山机电有限公司"],
            ["乙联合体", "东山机电"],
            ["丙联合体", "东山机电有限责任公司"],
        ]
    )
    assert roster.alike == [
        ("东山机电", "东山机电有限公司"),
        ("东山机电", "东山机电有限责任公司"),
        ("东山机电有限公司", "东山机电有限责任公司"),
    ]


def test_a_name_that_may_be_two_is_left_out_until_quotation_marks_say_that_it_is_one() -> None:
    name = "东山科学院、甲州地理研究所"
    roster = _roster([["单位名称"], ["甲州大学"], [name]])
    assert _rows(roster, "organizations", "name") == [("甲州大学",)]
    said = [line for line in summary(roster, "名单.xlsx", "en") if line.startswith("left out, cells")]
    words = "one name or several? “…” around it makes it one, 、 several"
    assert said == [f"left out, cells: A3 '{name}' ({words})"]
    roster = _roster([["单位名称"], ["甲州大学"], [f"“{name}”"]])
    assert _rows(roster, "organizations", "name") == [("甲州大学",), (name,)]
    assert roster.log.cells == []


def test_regions_that_differ_in_their_suffix_are_one() -> None:
    roster = _roster(
        [
            ["单位名称", "省份", "城市"],
            ["甲公司", "江苏省", "苏州市"],
            ["乙公司", "江苏", None],
            ["丙公司", None, "苏州"],
        ]
    )
    assert _rows(roster, "regions", "name", "within") == [("江苏省", None), ("苏州市", "江苏省")]
    assert [region for (region,) in _rows(roster, "organizations", "region")] == ["苏州市", "江苏省", "苏州市"]


def test_sheets_of_two_years_say_who_joined_and_who_left() -> None:
    headings: list[str | None] = ["联合体名称", "牵头单位", "成员单位"]
    roster = _roster(
        [headings, ["甲联合体", "东山公司", "甲州大学、乙州大学"]],
        [headings, ["甲联合体", "东山公司", "甲州大学、丙州大学"], ["乙联合体", "西河公司", "甲州大学"]],
        titles=("2022年", "2023年"),
    )
    assert _rows(roster, "memberships", "organization", "consortium", "since", "until") == [
        ("东山公司", "甲联合体", None, None),
        ("甲州大学", "甲联合体", None, None),
        ("乙州大学", "甲联合体", None, "2022"),
        ("丙州大学", "甲联合体", "2023", None),
        ("西河公司", "乙联合体", None, None),
        ("甲州大学", "乙联合体", None, None),
    ]


def test_what_was_read_is_read_alike_from_its_own_record(tmp_path: Path) -> None:
    first = _roster([["联合体名称", "负责单位", "参与方"], ["甲联合体", "东山公司", "甲州大学"]], 负责单位="lead")
    record = tmp_path / "reading.toml"
    record.write_text(reading_text(first), encoding="utf-8")
    rows = [["联合体名称", "负责单位", "参与方"], ["甲联合体", "东山公司", "甲州大学"]]
    again = read_sheets([Sheet.of_rows("名单2023.xlsx", "", rows)], corrections_of(record, {}))
    assert _memberships(again) == _memberships(first)


def test_the_honours_and_the_park_of_a_firm_are_rows_of_their_own() -> None:
    roster = _roster(
        [
            ["企业名称", "所获荣誉", "所在园区"],
            ["甲公司", "专精特新小巨人、高新技术企业", "甲州高新区"],
            ["乙公司", "高新技术企业", "甲州高新区"],
        ]
    )
    assert _rows(roster, "recognitions", "name", "organization") == [
        ("专精特新小巨人", "甲公司"),
        ("高新技术企业", "甲公司"),
        ("高新技术企业", "乙公司"),
    ]
    assert _rows(roster, "sites", "organization", "cluster") == [("甲公司", "甲州高新区"), ("乙公司", "甲州高新区")]
    assert _rows(roster, "clusters", "name") == [("甲州高新区",)]


def test_a_list_of_prizes_is_read_as_recognitions() -> None:
    roster = _roster(
        [
            ["奖项名称", "获奖单位", "等级", "年度"],
            ["科技进步奖", "甲公司", "一等奖", "2022"],
            ["科技进步奖", "乙大学", "二等奖", "2022"],
        ]
    )
    assert _rows(roster, "recognitions", "name", "grade", "year", "organization") == [
        ("科技进步奖", "一等奖", "2022", "甲公司"),
        ("科技进步奖", "二等奖", "2022", "乙大学"),
    ]
    assert read(roster.frames).tables["recognitions"].height == 2


def test_the_end_of_a_period_in_a_column_of_one_date_is_said_to_be_left_out() -> None:
    roster = _roster([["联合体名称", "成立时间"], ["甲联合体", "2022年11月至2025年10月"]])
    assert _rows(roster, "consortia", "name", "founded") == [("甲联合体", "2022-11")]
    assert [(remark.key, remark.place.cell, remark.text) for remark in roster.log.cells] == [
        ("end of a period", "B2", "2022年11月至2025年10月")
    ]
    dated = _roster([["项目名称", "承担单位", "起止时间"], ["高压开关研发", "甲州大学", "2022年11月至2025年10月"]])
    assert _rows(dated, "projects", "start", "end") == [("2022-11", "2025-10")]
    assert dated.log.cells == []
