"""What cannot be true together is listed with the words on both sides, and never resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.checks import contradictions

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

Pairs = list[tuple[str, str, str, str, str, str, str]]


def pairs(data_set: DataSetFolder, **tables: str) -> Pairs:
    """Return kind, label, property and the two sides with their words, of a small data set with more tables."""
    base = {
        "sources": "id,title\ns,甲报\nt,乙报\n",
        "quotes": "id,source,exact\nq,s,甲报的话\nr,t,乙报的话\n",
        "regions": "id,name,alias\nwx,无锡市,无锡\nsz,苏州,\n",
        "organizations": "id,name,region,quote\na,甲公司,wx,q\nb,乙大学,,\n",
        "programmes": "id,name\np,试点\n",
        "consortia": "id,name,founded,quote\nx,联合体,2021-10,q\n",
    }
    kg = cg.open(data_set(**(base | tables)))
    columns = ["kind", "label", "property", "one", "one_quote", "other", "other_quote"]
    return list(contradictions(kg)[columns].itertuples(index=False, name=None))


def test_a_graph_that_agrees_with_itself_has_none(data_set: DataSetFolder) -> None:
    claims = "table,subject,property,value,quote\norganizations,a,region,无锡,r\norganizations,a,award,一等奖,r\n"
    assert pairs(data_set, claims=claims) == []


def test_a_claim_that_states_another_value_than_the_row_is_listed_with_both_quotes(data_set: DataSetFolder) -> None:
    claims = "table,subject,property,value,quote\norganizations,a,region,苏州,r\nconsortia,x,founded,2022,r\n"
    assert pairs(data_set, claims=claims) == [
        ("values", "联合体", "founded", "2021-10", "甲报的话", "2022", "乙报的话"),
        ("values", "甲公司", "region", "id:roster/regions/wx", "甲报的话", "苏州", "乙报的话"),
    ]


def test_two_claims_that_differ_are_listed_where_no_row_says_anything(data_set: DataSetFolder) -> None:
    claims = "table,subject,property,value,quote\norganizations,b,region,苏州,q\norganizations,b,region,无锡,r\n"
    assert pairs(data_set, claims=claims) == [
        ("values", "乙大学", "region", "无锡", "乙报的话", "苏州", "甲报的话")
    ] or pairs(data_set, claims=claims) == [("values", "乙大学", "region", "苏州", "甲报的话", "无锡", "乙报的话")]


def test_a_plan_contradicts_nothing(data_set: DataSetFolder) -> None:
    claims = "table,subject,property,value,status,quote\norganizations,a,region,苏州,planned,r\n"
    assert pairs(data_set, claims=claims) == []


def test_a_member_that_is_denied_is_listed(data_set: DataSetFolder) -> None:
    memberships = "organization,consortium,role,quote\na,x,member,q\nb,x,member,q\n"
    claims = "table,subject,property,value,status,quote\nconsortia,x,member,甲公司,denied,r\n"
    assert pairs(data_set, memberships=memberships, claims=claims) == [
        ("denied", "联合体", "member", "甲公司", "甲报的话", "denied: 甲公司", "乙报的话")
    ]


def test_two_data_sets_of_one_base_that_state_different_values_are_listed(data_set: DataSetFolder) -> None:
    folders = []
    for name, region in (("one", "wx"), ("two", "sz")):
        folder = data_set(
            name, regions="id,name\nwx,无锡\nsz,苏州\n", organizations=f"id,name,region\na,甲公司,{region}\n"
        )
        (folder / "dataset.json").write_text('{"base": "https://example.org/"}', encoding="utf-8")
        folders.append(folder)
    frame = contradictions(cg.open(*folders))
    assert frame[["kind", "property", "one", "other"]].to_numpy().tolist() == [
        ["values", "region", "https://example.org/regions/sz", "https://example.org/regions/wx"]
    ]


def test_unstated_is_no_value(data_set: DataSetFolder) -> None:
    folders = []
    for name, kind in (("one", "university"), ("two", "unstated")):
        folder = data_set(name, organizations=f"id,name,kind\na,甲,{kind}\n")
        (folder / "dataset.json").write_text('{"base": "https://example.org/"}', encoding="utf-8")
        folders.append(folder)
    assert contradictions(cg.open(*folders)).empty


@pytest.mark.parametrize(
    ("one", "other", "contradicts"),
    [
        ("10,,", "12,,", True),
        ("10,,", "10,exactly,", False),
        ("10,,2021", "12,,2022", False),
        ("10,about,", "12,,", False),
        ("10,about,", "13,,", True),
        ("50,more-than,", "50,,", True),
        ("50,at-least,", "50,,", False),
        ("50,nearly,", "51,,", True),
    ],
)
def test_two_counts_contradict_when_their_ranges_do_not_meet(
    data_set: DataSetFolder, one: str, other: str, contradicts: bool
) -> None:
    reported = "id,name,counts,programme,value,qualifier,as_of,quote\n" + "".join(
        f"{number},数,organizations,p,{said},{quote}\n" for number, said, quote in ((1, one, "q"), (2, other, "r"))
    )
    found = [pair for pair in pairs(data_set, reported=reported) if pair[0] == "counts"]
    assert len(found) == int(contradicts)
    if contradicts:
        assert {found[0][4], found[0][6]} == {"甲报的话", "乙报的话"}


def test_more_known_by_name_than_reported_is_listed(data_set: DataSetFolder) -> None:
    tables = {
        "memberships": "organization,consortium,role\na,x,member\nb,x,member\n",
        "reported": "id,name,counts,consortium,value,quote\nn,成员单位数,organizations,x,1,q\n",
    }
    assert pairs(data_set, **tables) == [
        ("more known", "联合体", "organizations", "1 reported: 成员单位数", "甲报的话", "2 known by name", "")
    ]


def test_two_leads_of_one_consortium_are_listed(data_set: DataSetFolder) -> None:
    memberships = "organization,consortium,role,quote\na,x,lead,q\nb,x,lead,r\n"
    assert pairs(data_set, memberships=memberships) == [
        ("leads", "联合体", "leads", "甲公司", "甲报的话", "乙大学", "乙报的话")
    ]


def test_of_many_statements_each_that_contradicts_another_is_listed_once_not_with_all(data_set: DataSetFolder) -> None:
    """Made-up counts and claims of one thing: all their pairs would be some two millions."""
    count = 2_000
    reported = "".join(f"{n},{n + 1},p,organizations,q\n" for n in range(count))
    claims = "".join(f"organizations,a,region,地{n},r\n" for n in range(count))
    rows = pairs(
        data_set,
        reported=f"name,value,programme,counts,quote\n{reported}",
        claims=f"table,subject,property,value,quote\n{claims}",
    )
    counts = [(one, other) for kind, *_, one, _, other, _ in rows if kind == "counts"]
    assert counts == [("1", str(n)) for n in range(2, count + 1)]
    assert len([row for row in rows if row[0] == "values"]) == count


def test_of_many_leads_each_is_set_beside_the_first(data_set: DataSetFolder) -> None:
    count = 300
    organizations = "".join(f"o{n:03d},公司{n:03d},,\n" for n in range(count))
    memberships = "".join(f"o{n:03d},x,lead\n" for n in range(count))
    rows = pairs(
        data_set,
        organizations=f"id,name,region,quote\n{organizations}",
        memberships=f"organization,consortium,role\n{memberships}",
    )
    assert [(one, other) for kind, *_, one, _, other, _ in rows if kind == "leads"] == [
        ("公司000", f"公司{n:03d}") for n in range(1, count)
    ]


@pytest.mark.parametrize("qualifier", ["", "at-least", "about"])
def test_of_many_counts_those_that_may_all_be_true_are_not_listed(data_set: DataSetFolder, qualifier: str) -> None:
    reported = "".join(f"{n},100,{qualifier},p,organizations\n" for n in range(20))
    rows = pairs(data_set, reported=f"name,value,qualifier,programme,counts\n{reported}x,101,,p,organizations\n")
    found = [(one, other) for kind, *_, one, _, other, _ in rows if kind == "counts"]
    assert found == ([("100", "101")] if qualifier == "" else [])
