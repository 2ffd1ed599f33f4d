"""Generated rosters: what goes in comes out, whatever stands around it and however its cells are written."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.rosters import read_sheets
from chaingraph.rosters.sheet import Sheet

PLACES = ("甲州", "乙州", "丙州", "丁州")
FIRMS = tuple(f"{place}{trade}有限公司" for place in PLACES for trade in ("机电", "化工", "仪器", "药业"))
OTHERS = tuple(f"{place}{kind}" for place in PLACES for kind in ("大学", "研究院", "设计院"))
FIELDS = ("智能装备", "新材料", "生物医药", "集成电路")


@dataclass(frozen=True)
class Consortium:
    """A consortium as it goes in."""

    name: str
    lead: str
    members: tuple[str, ...]
    region: str
    count: int | None


@st.composite
def lists_of_consortia(draw: st.DrawFn) -> list[Consortium]:
    fields = draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=4, unique=True))
    consortia = []
    for field in fields:
        lead = draw(st.sampled_from(FIRMS))
        others = [name for name in (*FIRMS, *OTHERS) if name != lead]
        members = draw(st.lists(st.sampled_from(others), min_size=1, max_size=5, unique=True))
        region = draw(st.sampled_from(PLACES))
        count = draw(st.none() | st.integers(min_value=len(members) + 1, max_value=99))
        consortia.append(Consortium(f"{region}{field}创新联合体", lead, tuple(members), f"{region}市", count))
    return consortia


@st.composite
def _sheet(draw: st.DrawFn, consortia: list[Consortium]) -> Sheet:
    """Write consortia as offices do: titles above, notes and totals below, in any order of columns."""
    separator = draw(st.sampled_from(["、", "，", ",", "；", ";", "\n", " ", "、\n"]))
    numbered = draw(st.booleans()) and separator == "\n"

    def cell(one: Consortium) -> str:
        names = [f"{n}.{name}" for n, name in enumerate(one.members, 1)] if numbered else list(one.members)
        text = separator.join(names)
        return text if one.count is None else f"{text}等{one.count}家单位"

    columns = {
        "序号": [str(number) for number, _ in enumerate(consortia, 1)],
        draw(st.sampled_from(["联合体名称", "创新联合体名称", "联 合 体 名 称", "聯合體名稱"])): [
            one.name for one in consortia
        ],
        draw(st.sampled_from(["牵头单位", "牽頭單位", "牵头企业（盖章）", "Lead partner"])): [
            one.lead for one in consortia
        ],
        draw(st.sampled_from(["成员单位", "参与单位", "主要成员单位*", "Members"])): [cell(one) for one in consortia],
        draw(st.sampled_from(["所在地区", "所在城市", "属地"])): [one.region for one in consortia],
        "备注": ["" for _ in consortia],
    }
    order = draw(st.permutations(list(columns)))
    above = draw(st.sampled_from([[], [["附件"]], [["附件1"], ["甲省2022年度创新联合体名单"], ["（截至2022年11月）"]]]))
    below = draw(
        st.lists(st.sampled_from([["合计"], ["注：排名不分先后。"], [], ["填表人：", "", "审核人："]]), max_size=3)
    )
    rows = [list(order), *([columns[name][row] for name in order] for row in range(len(consortia)))]
    return Sheet.of_rows(
        "名单.xlsx", draw(st.sampled_from(["Sheet1", "创新联合体", "2022年"])), [*above, *rows, *below]
    )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_goes_into_a_roster_comes_out(data: st.DataObject) -> None:
    consortia = data.draw(lists_of_consortia())
    roster = read_sheets([data.draw(_sheet(consortia))])
    memberships = {(one.name, one.lead, "lead") for one in consortia}
    memberships |= {(one.name, member, "member") for one in consortia for member in one.members}
    frame = roster.frames["memberships"]
    assert set(frame.select("consortium", "organization", "role").iter_rows()) == memberships
    regions = dict(roster.frames["consortia"].select("name", "region").iter_rows())
    assert regions == {one.name: one.region for one in consortia}
    counts = {one.name: str(one.count) for one in consortia if one.count is not None}
    reported = roster.frames.get("reported")
    assert (dict(reported.select("consortium", "value").iter_rows()) if reported is not None else {}) == counts
    assert set(roster.frames["organizations"]["name"]) == {organization for _, organization, _ in memberships}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_one_row_per_member_says_the_same_as_one_row_per_consortium(data: st.DataObject) -> None:
    consortia = data.draw(lists_of_consortia())
    roles = {
        "lead": data.draw(st.sampled_from(["牵头单位", "组长单位", "牵头"])),
        "member": data.draw(st.sampled_from(["成员", "参与单位"])),
    }
    rows = [["所属联合体", "单位全称", "角色"]]
    for one in consortia:
        rows += [[one.name, one.lead, roles["lead"]], *([one.name, member, roles["member"]] for member in one.members)]
    long = read_sheets([Sheet.of_rows("成员.xlsx", "Sheet1", rows)])
    wide = read_sheets([data.draw(_sheet(consortia))])
    columns = ("consortium", "organization", "role")
    assert set(long.frames["memberships"].select(columns).iter_rows()) == set(
        wide.frames["memberships"].select(columns).iter_rows()
    )
