"""A scorecard tells what is known, what is only reported, and what nobody states; it splits nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import chaingraph as cg
from chaingraph.errors import UsageError
from chaingraph.indicators import Scorecard, scorecard
from chaingraph.resources import sample

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

REPORTED = "id,name,counts,value,qualifier,kind,level_at_least,lead,status,as_of,programme,consortium\n"
SOURCES = {"sources": "id,title\ns,报\n", "quotes": "id,source,exact\nq,s,话\n"}


def row(card: Scorecard, label: str) -> dict[str, Any]:
    """The cells of a consortium that are not unknown, those only reported as text."""
    place = card.frame["label"].tolist().index(label)
    values, basis = card.frame.iloc[place].to_dict(), card.basis.iloc[place].to_dict()
    assert all(pd.isna(values[name]) == (ground == "unknown") for name, ground in basis.items())
    return {
        str(name): value if basis[name] == "known" else f"{value} reported"
        for name, value in values.items()
        if basis[name] != "unknown"
    }


def test_a_consortium_has_its_base_in_one_row(data_set: DataSetFolder) -> None:
    folder = data_set(
        **SOURCES,
        regions="id,name,within\njs,江苏,\nsz,苏州,js\nhz,杭州,\n",
        organizations=(
            "id,name,kind,region\na,甲,enterprise,sz\nb,乙,university,js\nc,丙,unstated,hz\nd,丁,enterprise,\n"
        ),
        chains="id,name\nk,链\n",
        stages="id,name,chain\nu,材料,k\nv,器件,k\nw,整机,k\nz,别链,\n",
        stage_roles="stage,organization,consortium\nu,a,\nv,,x\nz,b,\nw,d,\n",
        consortia="id,name,region,chain,quote\nx,联合体,js,k,q\ny,另一个,,,\n",
        memberships=(
            "organization,consortium,role,quote\na,x,lead,q\na,x,member,\nb,x,member,q\nc,x,member,\na,y,member,\nd,y,lead,\n"
        ),
        platforms="id,name,consortium,level\nl,实验室,x,national\nm,中心,x,\n",
        projects="id,name,consortium,level\np,项目,x,provincial\n",
    )
    card = scorecard(cg.open(folder))
    assert card.frame["label"].tolist() == ["另一个", "联合体"]
    assert row(card, "联合体") == {
        "label": "联合体",
        "leads": "甲",
        "lead_kinds": "enterprise",
        "members": 3,
        "members_enterprise": 1,
        "members_university": 1,
        "members_unstated": 1,
        "platforms": 2,
        "platforms_national": 1,
        "platforms_unstated": 1,
        "projects": 1,
        "projects_provincial": 1,
        "projects_unstated": 0,
        "stages_held": 2,
        "stages_of_chain": 3,
        "stage_completeness": pytest.approx(2 / 3),
        "ties_to_consortia": 1,
        "bridging_members": 1,
        # 甲 in Suzhou is within Jiangsu, 乙 is in Jiangsu, 丙 is not.
        "home_share": pytest.approx(2 / 3),
        "region_entropy": pytest.approx(1.585, abs=1e-3),
        # Its own row and two of four memberships, but neither platform nor project: 3 of 8.
        "evidence_share": 3 / 8,
    }


def test_what_nobody_states_is_unknown_and_never_zero(data_set: DataSetFolder) -> None:
    card = scorecard(cg.open(data_set(consortia="id,name\nx,联合体\n")))
    assert row(card, "联合体") == {"label": "联合体", "evidence_share": 0.0}
    assert card.basis.shape == card.frame.shape
    assert card.undated == {}


def test_a_graph_without_consortia_has_an_empty_scorecard(data_set: DataSetFolder) -> None:
    card = scorecard(cg.open(data_set(organizations="id,name\na,甲\n")))
    assert card.frame.empty
    assert card.basis.shape == card.frame.shape
    assert card.reported.empty


def test_a_reported_count_of_exactly_the_cell_fills_it_and_what_is_known_by_name_stays(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name,kind\na,甲,university\n",
        consortia="id,name\nx,联合体\n",
        memberships="organization,consortium,role\na,x,member\n",
        projects="id,name,level,consortium\np,省,provincial,x\nq,市,municipal,x\n",
        reported=REPORTED
        + "r1,成员,organizations,12,,,,,,,,x\nr2,企业,organizations,7,,enterprise,,,,,,x\n"
        + "r3,高校,organizations,2,,university,,,,,,x\nr4,无平台,platforms,0,,,,,,,,x\n"
        + "r5,国家级,projects,3,,,national,,,,,x\nr6,省级以上,projects,9,,,provincial,,,,,x\n"
        + "r7,拟建,projects,40,,,,,planned,,,x\n",
    )
    card = scorecard(cg.open(folder))
    assert row(card, "联合体") == {
        "label": "联合体",
        "members": 1,
        "members_enterprise": "7 reported",
        "members_university": 1,
        "members_unstated": 0,
        "platforms": "0 reported",
        "platforms_national": "0 reported",
        "platforms_provincial": "0 reported",
        "platforms_municipal": "0 reported",
        "platforms_other": "0 reported",
        "projects": 2,
        "projects_national": "3 reported",
        "projects_provincial": 1,
        "projects_municipal": 1,
        "projects_unstated": 0,
        # Of 12 members, no platform and 9 projects of provincial level or above, one member and one project are known.
        "known_share": pytest.approx(2 / 21),
        "evidence_share": 0.0,
    }
    reported = card.reported.set_index("reported")
    columns = reported["column"].to_dict()
    assert columns.pop(9) is None
    assert columns == {
        12: "members",
        7: "members_enterprise",
        2: "members_university",
        0: "platforms",
        3: "projects_national",
    }
    assert reported["known"].to_dict() == {12: 1, 7: 0, 2: 1, 0: 0, 3: 0, 9: 1}


@pytest.mark.parametrize(
    ("told", "closed"),
    [("2,,,,included", True), ("1,,,,excluded", True), ("3,,,,included", False), ("2,at-least,,,", False)],
)
def test_a_part_is_zero_only_if_all_are_known_by_name(data_set: DataSetFolder, told: str, closed: bool) -> None:
    folder = data_set(
        organizations="id,name,kind\na,甲,enterprise\nb,乙,enterprise\n",
        consortia="id,name\nx,联合体\n",
        memberships="organization,consortium,role\na,x,lead\nb,x,member\n",
        reported=REPORTED + f"r1,成员,organizations,{told},,,,x\n",
    )
    found = row(scorecard(cg.open(folder)), "联合体")
    zeros = {name for name, value in found.items() if value == "0 reported"}
    parts = {"members_university", "members_institute", "members_government", "members_other"}
    assert zeros == (parts | {"ties_to_consortia", "bridging_members"} if closed else set())
    assert found["members_enterprise"] == 2


def test_a_programmes_count_is_a_share_of_the_programme_and_no_consortiums(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name\na,甲\nb,乙\n",
        programmes="id,name\np,试点\n",
        consortia="id,name,programme\nx,联合体,p\ny,另一个,p\n",
        memberships="organization,consortium,programme,one_of\na,x,,\nb,,,x;y\n",
        reported=REPORTED + "r1,主体,organizations,8,,,,,,,p,\nr2,自报,organizations,2,,,,,,,,y\n",
    )
    card = scorecard(cg.open(folder))
    assert row(card, "联合体")["known_share"] == "0.25 reported"
    assert row(card, "另一个") == {
        "label": "另一个",
        "members": "2 reported",
        "known_share": 0.0,
        "evidence_share": 0.0,
    }
    assert card.reported[["of", "column", "reported", "known"]].to_numpy().tolist() == [
        ["consortium", "members", 2, 0],
        ["programme", None, 8, 2],
    ]


def test_at_a_date_stands_only_what_can_have_held_then(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name\na,甲\nb,乙\nc,丙\n",
        consortia="id,name,founded\nx,联合体,2020\ny,后来的,2024-03\nz,不知道的,\n",
        memberships="organization,consortium,role,since,until\na,x,member,2020,2022\nb,x,member,2023,\nc,x,member,,\nc,y,member,,\n",
        projects="id,name,consortium,start,end\np,旧,x,2019,2020-12\nq,新,x,2021-06,\n",
        reported=REPORTED + "r1,早,organizations,5,,,,,,2021,,z\nr2,晚,organizations,9,,,,,,2024,,z\n",
    )
    kg = cg.open(folder)
    now = scorecard(kg)
    assert (row(now, "联合体")["members"], row(now, "联合体")["projects"]) == (3, 2)
    assert (row(now, "联合体")["ties_to_consortia"], row(now, "不知道的")["members"]) == (1, "9 reported")
    then = scorecard(kg, at="2022")
    assert then.frame["label"].tolist() == ["不知道的", "联合体"]
    assert row(then, "联合体") == {
        "label": "联合体",
        "members": 2,
        "members_unstated": 2,
        "projects": 1,
        "projects_unstated": 1,
        "evidence_share": 0.0,
    }
    assert row(then, "不知道的")["members"] == "5 reported"
    assert then.undated == {
        "consortia": 1,
        "organizations": 1,
        "platforms": 0,
        "projects": 0,
        "recognitions": 0,
        "reported": 0,
    }
    with pytest.raises(UsageError, match="'soon' is no date"):
        scorecard(kg, at="soon")


@pytest.mark.parametrize("name", ["jiangsu-2022", "china-consortia", "horizon-batteries"])
def test_real_cells_are_missing_where_unknown_and_agree_with_coverage(name: str) -> None:
    kg = cg.open(sample(name))
    card = scorecard(kg)
    assert (card.frame.isna() == (card.basis == "unknown")).all(axis=None)
    assert not (card.frame.drop(columns=["label", "leads", "lead_kinds"]) < 0).any(axis=None)
    covered = cg.coverage(kg)
    mine = card.reported
    for row_of in mine.to_dict("records"):
        same = covered[(covered["scope"] == row_of["scope"]) & (covered["counts"] == row_of["counts"])]
        assert (row_of["reported"], row_of["known"]) in set(zip(same["reported"], same["known"], strict=True))


def test_the_136_subjects_154_platforms_and_152_projects_of_the_pilot_stay_the_pilots() -> None:
    card = scorecard(cg.open(sample("jiangsu-2022")))
    told = card.reported
    pilot = told[told["reported"].isin([136, 154, 152])]
    assert pilot[["of", "counts", "level", "reported"]].to_numpy().tolist() == [
        ["programme", "organizations", None, 136],
        ["programme", "platforms", "provincial", 154],
        ["programme", "projects", "provincial", 152],
    ]
    assert pilot["column"].isna().all()
    numbers = card.frame.drop(columns=["label", "leads", "lead_kinds"])
    assert not numbers.isin([136, 154, 152, 13.6, 15.4, 15.2]).any(axis=None)
    with_platform = card.basis["platforms"].ne("unknown")
    assert card.frame["label"][with_platform].tolist() == ["国家封测联盟"], (
        "the one consortium that a platform is stated to run by"
    )
    members = card.basis.loc[:, "known_share"].eq("reported")
    shares = card.frame["known_share"][members].unique().tolist()
    known = int(pilot["known"].sum())
    assert shares == [pytest.approx(known / (136 + 154 + 152))]


def test_what_is_known_by_name_is_a_lower_bound_up_to_what_is_reported(data_set: DataSetFolder) -> None:
    folder = data_set(
        **SOURCES,
        organizations="id,name,kind\na,甲,enterprise\nb,乙,university\nc,丙,\n",
        consortia="id,name\nu,一\nv,二\nw,三\nx,四\ny,五\n",
        memberships="organization,consortium\na,u\nb,u\na,v\nb,v\na,w\nc,w\na,x\n",
        reported=(
            REPORTED
            + "r1,一,organizations,54,,,,,,,,u\n"
            + "r2,二,organizations,100,more-than,,,,,,,v\n"
            + "r3,三,organizations,2,exactly,,,,,,,w\n"
            + "r4,五,organizations,9,at-least,,,,,,,y\n"
        ),
    )
    card = scorecard(cg.open(folder))

    def bounds(name: str) -> dict[str, tuple[float, float]]:
        labels = card.frame["label"]
        known = card.low[name].notna()
        pairs = zip(card.low.loc[known, name].tolist(), card.high.loc[known, name].tolist(), strict=True)
        return dict(zip(labels[known].tolist(), pairs, strict=True))

    inf = float("inf")
    # Two of 54; two of more than 100; all two; one of nobody knows how many; none by name of at least nine.
    assert bounds("members") == {"一": (2, 54), "二": (2, inf), "三": (2, 2), "四": (1, inf), "五": (9, inf)}
    # Of the enterprises 52 may be unknown members of 一; one member of 三 has a kind that nobody states.
    assert bounds("members_enterprise") == {
        **{"一": (1, 53), "二": (1, inf), "三": (1, 2), "四": (1, inf), "五": (0, inf)}
    }
    assert bounds("members_unstated")["三"] == (1, 1)
    assert bounds("ties_to_consortia")["四"] == (3, 4)
    assert card.frame["label"].equals(card.low["label"])
