"""Counts of things by things: every thing is in its cells or is counted as unplaced, and nothing is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import chaingraph as cg
from chaingraph.errors import UsageError
from chaingraph.indicators import crosstab
from chaingraph.indicators._population import SOURCES
from chaingraph.resources import sample

if TYPE_CHECKING:
    import pandas as pd

    from chaingraph.store import KnowledgeGraph
    from tests.conftest import DataSetFolder


@pytest.fixture
def kg(data_set: DataSetFolder) -> KnowledgeGraph:
    """Four organizations: a states two industries, b has its consortium's, c its project's, d none and no region."""
    folder = data_set(
        regions="id,name,name_zh,within\njs,Jiangsu,江苏,\nsz,Suzhou,苏州,js\nwx,Wuxi,无锡,js\n",
        industries="id,name,broader\ni0,all,\ni1,optics,i0\ni2,fibres,i0\ni3,software,\n",
        organizations=(
            "id,name,kind,region,industry\na,甲,enterprise,sz,i1\nb,乙,university,wx,\nc,丙,enterprise,sz,\n"
            "d,丁,institute,,\n"
        ),
        chains="id,name\nk,光链\n",
        stages="id,name,chain,segment\nu,材料,k,upstream\n",
        stage_roles="stage,organization,consortium\nu,c,\n",
        consortia="id,name,industry,chain,region,founded\nx,联合体,i1;i2,k,js,2021-10\ny,另一,,,,\n",
        memberships="organization,consortium,role,since\na,x,lead,2022\nb,x,member,\nd,y,member,\n",
        platforms="id,name,level,host,consortium,since\nl,实验室,national,b,,2019\nm,中心,,,x,\n",
        projects="id,name,industry,consortium,level,start,budget,currency\np,项目,i3,,national,2020,100,CNY\nq,另一,,x,,,,\n",
        participations=(
            "project,organization,role,contribution,currency\np,c,coordinator,60,CNY\np,b,participant,40,CNY\nq,a,participant,,\n"
        ),
    )
    return cg.open(folder)


def cells(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    return {
        (str(row), str(column)): value
        for row, values in frame.to_dict("index").items()
        for column, value in values.items()
        if value
    }


def test_an_attribute_that_a_thing_lacks_comes_from_its_consortium_else_its_project(kg: KnowledgeGraph) -> None:
    frame = cg.crosstab(kg, "region", "industry", language="en")
    assert cells(frame) == {
        ("Suzhou", "optics"): 1,
        ("Suzhou", "software"): 1,
        ("Wuxi", "optics"): 1,
        ("Wuxi", "fibres"): 1,
    }
    assert {name: frame.attrs[name] for name in ("things", "placed", "unplaced", "several", "split", "count")} == {
        "things": 4,
        "placed": 3,
        "unplaced": {"region": 1, "industry": 1},
        "several": 1,
        "split": "full",
        "count": "organizations",
    }
    assert frame.attrs["iris"]["region"] == {"Suzhou": "id:roster/regions/sz", "Wuxi": "id:roster/regions/wx"}


def test_a_fractional_split_sums_to_the_number_of_things(kg: KnowledgeGraph) -> None:
    frame = crosstab(kg, "region", "industry", split="fractional", language="en")
    assert cells(frame)["Wuxi", "fibres"] == 0.5
    assert frame.to_numpy().sum() == frame.attrs["placed"] == 3


def test_regions_and_industries_are_counted_at_a_level_of_their_hierarchy(kg: KnowledgeGraph) -> None:
    assert cells(crosstab(kg, "region", "kind", level=0, language="en")) == {
        ("Jiangsu", "enterprise"): 2,
        ("Jiangsu", "university"): 1,
    }
    top = crosstab(kg, "region", "industry", level={"region": 0, "industry": 0}, language="en")
    assert cells(top) == {("Jiangsu", "all"): 2, ("Jiangsu", "software"): 1}
    with pytest.raises(UsageError, match="no region at level 3"):
        crosstab(kg, "region", "kind", level=3)


@pytest.mark.parametrize(
    ("rows", "columns", "options", "expected"),
    [
        (
            "kind",
            "consortium",
            {"count": "memberships"},
            {("enterprise", "联合体"): 1, ("university", "联合体"): 1, ("institute", "另一"): 1},
        ),
        ("year", "kind", {"count": "memberships"}, {("2022", "enterprise"): 1, ("2021", "university"): 1}),
        (
            "region",
            "industry",
            {"count": "participations"},
            {("Suzhou", "software"): 1, ("Wuxi", "software"): 1, ("Suzhou", "optics"): 1, ("Suzhou", "fibres"): 1},
        ),
        ("region", "year", {"value": "contribution"}, {("Suzhou", "2020"): 60, ("Wuxi", "2020"): 40}),
        ("kind", "region", {"count": "platforms"}, {("national", "Wuxi"): 1}),
        ("region", "consortium", {"count": "platforms"}, {("Jiangsu", "联合体"): 1}),
        ("industry", "year", {"count": "projects"}, {("software", "2020"): 1}),
        ("kind", "industry", {"value": "budget"}, {("national", "software"): 100}),
        ("chain", "region", {"count": "consortia"}, {("光链", "Jiangsu"): 1}),
        ("stage", "kind", {}, {("材料", "enterprise"): 1}),
        ("chain", "kind", {}, {("光链", "enterprise"): 2, ("光链", "university"): 1}),
    ],
)
def test_everything_can_be_counted_by_what_it_or_what_it_belongs_to_states(
    kg: KnowledgeGraph, rows: str, columns: str, options: dict[str, Any], expected: dict[tuple[str, str], float]
) -> None:
    assert cells(crosstab(kg, rows, columns, language="en", **options)) == expected


def test_names_are_in_the_language_of_the_graph_or_in_the_one_asked_for(kg: KnowledgeGraph) -> None:
    assert crosstab(kg, "region", "kind").index.tolist() == ["无锡", "苏州"]
    assert crosstab(kg, "region", "kind", language="zh").index.tolist() == ["无锡", "苏州"]
    assert crosstab(kg, "region", "kind", language="en").index.tolist() == ["Suzhou", "Wuxi"]


def test_things_of_one_name_are_told_apart(data_set: DataSetFolder) -> None:
    folder = data_set(
        regions="id,name\nr1,同名\nr2,同名\n",
        organizations="id,name,kind,region\na,甲,enterprise,r1\nb,乙,enterprise,r2\n",
    )
    frame = crosstab(cg.open(folder), "region", "kind")
    assert frame.index.tolist() == ["同名 (id:roster/regions/r1)", "同名 (id:roster/regions/r2)"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"rows": "colour", "columns": "kind"}, "organizations have no 'colour'; expected one of region, kind"),
        ({"rows": "year", "columns": "kind"}, "organizations have no 'year'; expected one of"),
        ({"rows": "kind", "columns": "kind"}, "rows and columns are both 'kind'; name two attributes"),
        ({"rows": "region", "columns": "kind", "count": "people"}, "count is 'people', expected one of organizations"),
        ({"rows": "region", "columns": "kind", "value": "weight"}, "value is 'weight', expected one of contribution"),
        ({"rows": "region", "columns": "kind", "split": "half"}, "split is 'half', expected one of full, fractional"),
        (
            {"rows": "region", "columns": "kind", "count": "projects", "value": "contribution"},
            "the amount 'contribution' is stated of participations, not of projects",
        ),
    ],
)
def test_what_cannot_be_counted_is_refused(kg: KnowledgeGraph, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        crosstab(kg, **arguments)


def test_amounts_in_several_currencies_are_not_added_up(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name,kind\na,甲,enterprise\n",
        projects="id,name,start\np,项目,2020\n",
        participations="project,organization,role,contribution,currency\np,a,coordinator,1,CNY\np,a,participant,2,EUR\n",
    )
    with pytest.raises(UsageError, match=r"in several currencies \(CNY, EUR\)"):
        crosstab(cg.open(folder), "kind", "year", value="contribution")


def test_the_real_counts_are_those_of_the_tables() -> None:
    kg = cg.open(sample("horizon-batteries"))
    frame = crosstab(kg, "kind", "consortium", count="memberships")
    assert int(frame.to_numpy().sum()) == 1604
    assert frame.attrs["unplaced"] == {"kind": 0, "consortium": 0}
    assert int(crosstab(kg, "kind", "region", level=0).to_numpy().sum()) == 837


def test_every_thing_that_can_be_counted_knows_where_its_attributes_come_from(kg: KnowledgeGraph) -> None:
    for count, attributes in SOURCES.items():
        for attribute in attributes:
            other = "kind" if attribute != "kind" else "region"
            assert crosstab(kg, attribute, other, count=count).attrs["count"] == count


def test_only_enterprises_or_only_a_region_are_counted(data_set: DataSetFolder) -> None:
    folder = data_set(
        regions="id,name,within\njs,江苏,\nwx,无锡,js\nzj,浙江,\n",
        organizations="id,name,kind,region\na,甲,enterprise,wx\nb,乙,university,wx\nc,丙,enterprise,zj\n",
        consortia="id,name\nx,联合体\n",
        memberships="organization,consortium\na,x\nb,x\nc,x\n",
    )
    kg = cg.open(folder)
    by = ("region", "consortium")
    assert crosstab(kg, *by, kinds="enterprise")["联合体"].to_dict() == {"无锡": 1, "浙江": 1}
    assert crosstab(kg, *by, regions=["江苏"])["联合体"].to_dict() == {"无锡": 2}
    memberships = crosstab(kg, *by, count="memberships", kinds=["university"])
    assert (memberships["联合体"].to_dict(), memberships.attrs["things"]) == ({"无锡": 1}, 1)
    with pytest.raises(UsageError, match="projects have no one organization to filter by kind or region"):
        crosstab(kg, *by, count="projects", kinds="enterprise")
