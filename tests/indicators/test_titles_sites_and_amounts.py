"""Titles, sites, clusters and amounts of money in the indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.errors import UsageError
from chaingraph.indicators import scorecard
from chaingraph.metrics import location_quotient

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder


@pytest.fixture
def graph(data_set: DataSetFolder) -> cg.KnowledgeGraph:
    return cg.open(
        data_set(
            regions="id,name\nn,南京\ns,苏州\n",
            industries="id,name\ni,芯片\nj,电池\n",
            organizations="id,name,region,industry\na,甲,n,i\nb,乙,n,j\nc,丙,s,i\nd,丁,s,j\n",
            clusters="id,name,region\nk,高新区,n\nl,产业园,s\n",
            sites="organization,cluster,region,kind\na,k,,plant\nb,l,,plant\nc,l,,laboratory\nd,l,s,plant\n",
            consortia="id,name,region\nx,联合体甲,n\ny,联合体乙,\nz,联合体丙,\n",
            memberships="organization,consortium,role\na,x,lead\nb,x,member\nb,y,member\n",
            platforms="id,name,consortium\np,平台,x\n",
            recognitions="name,kind,year,organization,consortium,platform\n"
            "小巨人,title,2021,b,,\n链主,title,2024,a,,\n年度评价,evaluation,2023,,x,\n考核,,,,,p\n奖,award,2020,c,,\n",
            amounts="kind,value,currency,as_of,organization,consortium\n"
            "revenue,100,CNY,2022,a,\nrevenue,50,CNY,2023,b,\nrevenue,7,CNY,2022,,x\ngrant,5,CNY,2022,d,\n",
        )
    )


def test_organizations_agglomerate_by_cluster_and_not_only_by_region(graph: cg.KnowledgeGraph) -> None:
    table = cg.crosstab(graph, "cluster", "industry")
    assert table.to_dict("index") == {"产业园": {"电池": 2, "芯片": 1}, "高新区": {"电池": 0, "芯片": 1}}
    # Of the 4 organizations in clusters 2 make chips: 1 of 1 in 高新区 is twice, 1 of 3 in 产业园 two thirds of that.
    assert location_quotient(table).loc[:, "芯片"].to_dict() == pytest.approx({"产业园": 2 / 3, "高新区": 2.0})


def test_sites_are_counted_where_they_lie_and_by_their_kind(graph: cg.KnowledgeGraph) -> None:
    assert cg.crosstab(graph, "cluster", "kind", count="sites").to_dict("index") == {
        "产业园": {"laboratory": 1, "plant": 2},
        "高新区": {"laboratory": 0, "plant": 1},
    }


def test_amounts_add_up_by_kind_and_never_across_kinds(graph: cg.KnowledgeGraph) -> None:
    table = cg.crosstab(graph, "region", "kind", value="amount")
    assert table.to_dict("index") == {"南京": {"grant": 0, "revenue": 157}, "苏州": {"grant": 5, "revenue": 0}}
    assert (table.attrs["count"], table.attrs["things"], table.attrs["placed"]) == ("amounts", 4, 4)
    with pytest.raises(UsageError, match=r"several kinds \(grant, revenue\), which do not add up; divide them by kind"):
        cg.crosstab(graph, "region", "industry", value="amount")
    assert cg.crosstab(graph, "year", "kind", value="amount").to_dict("index") == {
        "2022": {"grant": 5, "revenue": 107},
        "2023": {"grant": 0, "revenue": 50},
    }


def test_a_scorecard_counts_titles_and_evaluations_of_what_is_known_and_no_others(graph: cg.KnowledgeGraph) -> None:
    card = scorecard(graph)
    columns = [str(name) for name in card.frame.columns if str(name).startswith("recognitions")]
    values, bases = (
        frame.set_index(card.frame["label"])[columns].to_dict("index") for frame in (card.frame, card.basis)
    )
    cells = {
        label: {name: value for name, value in row.items() if bases[label][name] == "known"}
        for label, row in values.items()
    }
    assert cells == {
        "联合体甲": {"recognitions": 4, "recognitions_title": 2, "recognitions_evaluation": 1},
        "联合体乙": {"recognitions": 1, "recognitions_title": 1},
        "联合体丙": {},
    }
    assert set(bases["联合体丙"].values()) == {"unknown"}
    bounds = [tuple(frame["recognitions"].tolist()) for frame in (card.low, card.high)]
    assert bounds == [(0.0, 1.0, 4.0), (float("inf"),) * 3]


def test_at_a_date_only_recognitions_that_can_have_been_given_count(graph: cg.KnowledgeGraph) -> None:
    card = scorecard(graph, at="2022")
    (row,) = card.frame[card.frame["label"] == "联合体甲"].to_dict("records")
    assert (row["recognitions"], row["recognitions_title"]) == (2, 1)
    assert card.undated["recognitions"] == 1
