"""What a cell of a roster says: names, roles, counts, dates, amounts, codes, places, and what it does not say."""

from __future__ import annotations

import pytest

from chaingraph.rosters.amounts import amount_of
from chaingraph.rosters.codes import code_of
from chaingraph.rosters.dates import date_of
from chaingraph.rosters.folding import name_of
from chaingraph.rosters.names import Reader

NAMES = ["东山机电有限公司", "甲州大学", "北湖仪器厂"]


@pytest.mark.parametrize("separator", ["、", "，", ",", "；", ";", "\n", " ", "／", "/", "，\n", " | "])
def test_a_list_of_names_is_split_at_any_separator(separator: str) -> None:
    assert [name.text for name in Reader(is_list=True).read(separator.join(NAMES)).names] == NAMES


@pytest.mark.parametrize(
    "numbering",
    [
        "1.东山机电有限公司 2.甲州大学 3.北湖仪器厂",
        "（1）东山机电有限公司；（2）甲州大学；（3）北湖仪器厂",
        "①东山机电有限公司②甲州大学③北湖仪器厂",
        "1、东山机电有限公司\n2、甲州大学\n3、北湖仪器厂",
    ],
)
def test_a_numbered_list_is_split_at_its_numbers(numbering: str) -> None:
    assert [name.text for name in Reader(is_list=True).read(numbering).names] == NAMES


@pytest.mark.parametrize(
    "name",
    [
        "甲州大学（机械学院、电气学院）",
        "东山机电（甲州）有限公司",
        "Acme, Inc.",
        "Smith & Wesson Ltd",
        "苏州、无锡产业技术研究院",
        "中国科学院、水利部甲州山地研究所",
        "教育部、中国科学院、农业农村部甲州草地实验室",
    ],
)
def test_one_name_with_marks_inside_stays_whole(name: str) -> None:
    assert [each.text for each in Reader().read(name).names] == [name]


@pytest.mark.parametrize(
    ("text", "is_list"),
    [("中国科学院、甲州大学", False), ("中国科学院、水利部", False), ("中国科学院、水利部甲州山地研究所", True)],
)
def test_a_body_beside_another_name_is_a_name_of_its_own(text: str, is_list: bool) -> None:
    assert [each.text for each in Reader(is_list=is_list).read(text).names] == text.split("、")


def test_a_bracket_or_a_label_gives_the_role() -> None:
    read = Reader(is_list=True).read("牵头单位：东山机电有限公司；成员单位：甲州大学、北湖仪器厂（副组长单位）")
    assert [(name.text, name.role) for name in read.names] == [
        ("东山机电有限公司", "lead"),
        ("甲州大学", "member"),
        ("北湖仪器厂", "vice-chair"),
    ]


@pytest.mark.parametrize(
    ("text", "names", "count"),
    [
        ("东山机电有限公司、甲州大学等5家单位", 2, (5, None)),
        ("甲州大学等20余家", 1, (20, "more-than")),
        ("共12家企业", 0, (12, None)),
        ("Acme GmbH and 3 others", 1, (4, None)),
    ],
)
def test_a_count_of_those_that_are_not_named_is_cut_off(text: str, names: int, count: tuple[int, str | None]) -> None:
    read = Reader(is_list=True).read(text)
    assert (len(read.names), [(one.value, one.qualifier) for one in read.counts]) == (names, [count])


@pytest.mark.parametrize("text", ["北京大学与清华大学", "集成电路、人工智能研究院"])
def test_what_may_be_one_name_or_two_is_no_name(text: str) -> None:
    read = Reader().read(text)
    assert (read.names, read.unclear) == ((), (text,))


def test_names_that_differ_only_in_width_brackets_and_spaces_are_one() -> None:
    assert {
        name_of(text) for text in ("东山机电（甲州）有限公司", "东山机电(甲州) 有限公司", "东山机电(甲州)　有限公司")
    } == {"东山机电（甲州）有限公司"}


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("２０２２年１１月", "2022-11"),
        ("2022.11", "2022-11"),
        ("20221105", "2022-11-05"),
        ("202211", "2022-11"),
        ("二〇二二年十一月", "2022-11"),
        ("2022/11/5", "2022-11-05"),
        ("2022年第四季度", "2022"),
        ("2022年底", "2022"),
        ("2022年11月初", "2022-11"),
        ("自2022年11月起", "2022-11"),
        ("5 Nov 2022", "2022-11-05"),
        ("2022年11月5号", "2022-11-05"),
        ("2022年11月（首批）", "2022-11"),
        ("11/2022", "2022-11"),
        ("25/11/2022", "2022-11-25"),
        ("11/25/2022", "2022-11-25"),
        ("民国111年11月", "2022-11"),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_written(text: str, date: str) -> None:
    assert date_of(text).text == date


@pytest.mark.parametrize(
    ("text", "is_number", "reason"),
    [
        ("2022.1", True, "number"),
        ("44870", True, "no date"),
        ("Nov-22", False, "two digits"),
        ("22年11月", False, "two digits"),
        ("05/11/2022", False, "two ways"),
        ("31/02/2022", False, "no such day"),
        ("2022-02-30", False, "no such day"),
        ("2022年11月（2023年3月调整）", False, "no date"),
    ],
)
def test_what_is_no_date_says_why(text: str, is_number: bool, reason: str) -> None:
    assert date_of(text, is_number=is_number).reason == reason


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("500万元", "5000000", "CNY"),
        ("0.5亿", "50000000", None),
        ("1,200", "1200", None),
        ("￥3,000.50", "3000.5", "CNY"),
        ("about 3 million EUR", "3000000", "EUR"),
        ("1,200万元人民币", "12000000", "CNY"),
    ],
)
def test_an_amount_is_read_in_full(text: str, amount: str, currency: str | None) -> None:
    assert (amount_of(text).text, amount_of(text).currency) == (amount, currency)


@pytest.mark.parametrize(
    ("codes", "text", "notation"),
    [
        ("role", "组长单位", "lead"),
        ("role", "参与单位", "member"),
        ("organization-kind", "国有企业", "enterprise"),
        ("organization-kind", "科研院所", "institute"),
        ("level", "省部级", "provincial"),
        ("status", "运行中", "active"),
        ("status", "筹建", "planned"),
        ("status", "已撤销", "ended"),
        ("role", "嘉宾", None),
    ],
)
def test_a_code_is_read_as_offices_spell_it(codes: str, text: str, notation: str | None) -> None:
    assert code_of(text, codes) == notation


@pytest.mark.parametrize(
    ("text", "codes", "notation"),
    [
        ("联合牵头单位", "role", "lead"),
        ("紧密层", "role", "member"),
        ("技术支撑单位", "role", "associate"),
        ("副主任委员单位", "role", "vice-chair"),
        ("国际级", "level", "other"),
        ("state level", "level", None),
        ("省市级", "level", None),
    ],
)
def test_a_code_is_read_where_its_words_have_one_meaning(text: str, codes: str, notation: str | None) -> None:
    assert code_of(text, codes) == notation


@pytest.mark.parametrize(
    ("text", "counts", "unclear"),
    [
        ("西川研究所（2家）", (), (2,)),
        ("东山机电有限公司、甲州大学（5家）", (), (5,)),
        ("东山机电有限公司、甲州大学（2家）", (), ()),
        ("东山机电有限公司、甲州大学（共5家）", (5,), ()),
        ("东山机电有限公司、甲州大学（等5家）", (5,), ()),
    ],
)
def test_a_bare_count_in_brackets_is_no_count_of_all(
    text: str, counts: tuple[int, ...], unclear: tuple[int, ...]
) -> None:
    cell = Reader(is_list=True).read(text)
    assert (tuple(count.value for count in cell.counts), cell.unclear_counts) == (counts, unclear)
