"""Rows whose name stands in the row above: read where nothing else can be meant, left out and said where it can."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.rosters import Roster, read_sheets
from chaingraph.rosters.sheet import Sheet
from tests.rosters.test_generated import Consortium, lists_of_consortia


def _read(*rows: list[str]) -> Roster:
    return read_sheets([Sheet.of_rows("名单.xlsx", "Sheet1", list(rows))])


def _members(roster: Roster) -> set[tuple[str, str, str]]:
    return set(roster.frames["memberships"].select("consortium", "organization", "role").iter_rows())


def _left_out(roster: Roster) -> list[tuple[int | None, str]]:
    return [(remark.place.row, remark.key) for remark in roster.log.rows]


def test_members_below_a_consortium_are_its_members_and_it_is_said() -> None:
    roster = _read(
        ["序号", "联合体名称", "牵头单位", "成员单位", "所在地区"],
        ["1", "智能电网联合体", "东山机电有限公司", "西河电缆有限公司", "甲州市"],
        ["", "", "", "甲州大学", ""],
        ["", "", "", "南湖研究院", ""],
    )
    assert _members(roster) == {
        ("智能电网联合体", "东山机电有限公司", "lead"),
        ("智能电网联合体", "西河电缆有限公司", "member"),
        ("智能电网联合体", "甲州大学", "member"),
        ("智能电网联合体", "南湖研究院", "member"),
    }
    assert roster.frames["consortia"].select("name", "region").rows() == [("智能电网联合体", "甲州市")]
    assert [(note.key, note.place.row) for note in roster.log.notes if note.key == "continued"] == [
        ("continued", 2),
        ("continued", 3),
    ]
    assert _left_out(roster) == []


def test_a_row_that_may_be_a_consortium_without_its_name_is_left_out() -> None:
    roster = _read(
        ["序号", "联合体名称", "牵头单位", "成员单位"],
        ["1", "智能电网联合体", "东山机电有限公司", "西河电缆有限公司"],
        ["2", "", "北岭轴承股份有限公司", "甲州大学"],
        ["3", "", "", "南湖研究院"],
    )
    assert {name for _, name, _ in _members(roster)} == {"东山机电有限公司", "西河电缆有限公司"}
    assert _left_out(roster) == [(2, "no name"), (3, "no name")]


def test_a_second_lead_without_a_name_and_without_row_numbers_is_left_out() -> None:
    rows = [
        ["联合体名称", "牵头单位", "成员单位"],
        ["智能电网联合体", "东山机电有限公司", "西河电缆有限公司"],
        ["", "北岭轴承股份有限公司", "甲州大学"],
    ]
    assert _left_out(_read(*rows)) == [(2, "no name")]
    numbered = [[number, *row] for number, row in zip(["序号", "1", ""], rows, strict=True)]
    assert ("智能电网联合体", "北岭轴承股份有限公司", "lead") in _members(_read(*numbered))


def test_a_row_of_a_list_of_things_with_more_than_names_is_left_out() -> None:
    roster = _read(
        ["联合体名称", "牵头单位", "成员单位", "所在地区"],
        ["智能电网联合体", "东山机电有限公司", "西河电缆有限公司", "甲州市"],
        ["", "", "甲州大学", "乙州市"],
    )
    assert _left_out(roster) == [(2, "no name")]


def test_an_organization_without_a_consortium_is_in_none() -> None:
    """A list of organizations in which some have no consortium: an empty cell is no consortium, not the one above."""
    roster = _read(
        ["序号", "所属联合体", "单位名称", "角色"],
        ["1", "智能电网联合体", "东山机电有限公司", "牵头单位"],
        ["2", "", "甲州大学", "成员"],
        ["3", "高端轴承联合体", "北岭轴承股份有限公司", "成员"],
    )
    assert {name for _, name, _ in _members(roster)} == {"东山机电有限公司", "北岭轴承股份有限公司"}
    assert _left_out(roster) == [(2, "not whole")]


def test_nothing_goes_on_across_a_section_or_an_empty_row() -> None:
    roster = _read(
        ["序号", "联合体名称", "牵头单位", "成员单位"],
        ["1", "智能电网联合体", "东山机电有限公司", "西河电缆有限公司"],
        ["", "", "", ""],
        ["", "", "", "甲州大学"],
    )
    assert _left_out(roster) == [(3, "no name")]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_one_member_a_row_says_the_same_as_all_in_one_cell(data: st.DataObject) -> None:
    consortia: list[Consortium] = data.draw(lists_of_consortia())
    numbered = data.draw(st.booleans())
    rows = [[*(["序号"] if numbered else []), "联合体名称", "牵头单位", "成员单位", "所在地区"]]
    for number, one in enumerate(consortia, 1):
        for place, member in enumerate(one.members):
            first = place == 0
            cells = [one.name, one.lead, member, one.region] if first else ["", "", member, ""]
            rows.append([*([str(number) if first else ""] if numbered else []), *cells])
    assert _members(_read(*rows)) == {
        *((one.name, one.lead, "lead") for one in consortia),
        *((one.name, member, "member") for one in consortia for member in one.members),
    }


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_name_only_where_its_group_begins_says_the_same_as_one_in_each_row(data: st.DataObject) -> None:
    consortia: list[Consortium] = data.draw(lists_of_consortia())
    numbered = data.draw(st.booleans())
    rows = [[*(["序号"] if numbered else []), "所属联合体", "单位全称", "角色"]]
    for number, one in enumerate(consortia, 1):
        members = [(one.lead, "牵头单位"), *((member, "成员") for member in one.members)]
        for place, (member, role) in enumerate(members):
            cells = [one.name if place == 0 else "", member, role]
            rows.append([*([str(number) if place == 0 else ""] if numbered else []), *cells])
    assert _members(_read(*rows)) == {
        *((one.name, one.lead, "lead") for one in consortia),
        *((one.name, member, "member") for one in consortia for member in one.members),
    }
