"""Lists of subsidiaries, parks, sites, awards, amounts, agreements and events are read by their headings, as kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import chaingraph as cg

if TYPE_CHECKING:
    from pathlib import Path

PARTS = """SELECT ?a ?b ?c { ?s a cg:Hierarchy ; cg:organization/rdfs:label ?a ; cg:parent/rdfs:label ?b ;
  cg:kind/skos:notation ?c } ORDER BY ?a"""
AWARDS = """SELECT ?a ?b ?c { ?s a cg:Recognition ; rdfs:label ?b ; cg:organization/rdfs:label ?a ;
  cg:grade ?g ; cg:year ?y BIND (CONCAT(?g, " ", STR(?y)) AS ?c) } ORDER BY ?a"""
AGREEMENTS = """SELECT ?a ?b ?c { ?s a cg:Cooperation ; cg:party/rdfs:label ?a ; cg:counterparty/rdfs:label ?b ;
  cg:topic ?t ; cg:since ?d BIND (CONCAT(?t, " ", STR(?d)) AS ?c) } ORDER BY ?a"""
EVENTS = """SELECT ?a ?b ?c { ?s a cg:Event ; rdfs:label ?a ; cg:region/rdfs:label ?b ; cg:date ?d ; cg:participant ?p .
  ?p rdfs:label ?n BIND (CONCAT(STR(?d), " ", ?n) AS ?c) } ORDER BY ?a ?n"""
PARKS = """SELECT ?a ?b ?c { ?s a cg:Cluster ; rdfs:label ?a ; cg:region/rdfs:label ?b ; cg:level/skos:notation ?c }
  ORDER BY ?a"""
SITES = """SELECT ?a ?b ?c { ?s a cg:Site ; cg:organization/rdfs:label ?a ; cg:cluster/rdfs:label ?b ; cg:address ?c }
  ORDER BY ?a"""
AMOUNTS = """SELECT ?a ?b ?c { ?s a cg:Amount ; cg:organization/rdfs:label ?a ; cg:payer/rdfs:label ?b ; cg:amount ?m ;
  cg:kind/skos:notation ?k BIND (CONCAT(?k, " ", STR(?m)) AS ?c) } ORDER BY ?a"""

ROSTERS = {
    "母子公司.csv": ("子公司,母公司,关系\n甲公司,丙集团,控股子公司\n", PARTS, [["甲公司", "丙集团", "subsidiary"]]),
    "subsidiaries.csv": ("Subsidiary,Parent company,Relationship\nA,C,branch\n", PARTS, [["A", "C", "branch"]]),
    "获奖名单.csv": (
        "奖项名称,获奖单位,等级,年度\n科技进步奖,甲公司,一等奖,2021\n科技进步奖,乙大学,二等奖,2021\n",
        AWARDS,
        [["乙大学", "科技进步奖", "二等奖 2021"], ["甲公司", "科技进步奖", "一等奖 2021"]],
    ),
    "awards.csv": (
        "Award name,Winner,Grade,Year\nPrize,A,first,2021\nPrize,B,second,2022\n",
        AWARDS,
        [["A", "Prize", "first 2021"], ["B", "Prize", "second 2022"]],
    ),
    "合作协议.csv": (
        "甲方,乙方,合作内容,签约时间\n甲公司,乙大学,联合研发,2021-05\n",
        AGREEMENTS,
        [["甲公司", "乙大学", "联合研发 2021-05"]],
    ),
    "agreements.csv": (
        "First party,Second party,Subject,Signed\nA,B,joint research,2022\n",
        AGREEMENTS,
        [["A", "B", "joint research 2022"]],
    ),
    "大事记.csv": (
        "时间,事件,地点,参加单位\n2021-05,成立大会,南京,甲公司、乙大学\n",
        EVENTS,
        [["成立大会", "南京", "2021-05 乙大学"], ["成立大会", "南京", "2021-05 甲公司"]],
    ),
    "events.csv": (
        "Date,Event,Region,Attendees\n2021,Founding,Nanjing,A\n",
        EVENTS,
        [["Founding", "Nanjing", "2021 A"]],
    ),
    "园区名单.csv": ("园区名称,所在地,级别\n南通高新区,南通,省级\n", PARKS, [["南通高新区", "南通", "provincial"]]),
    "parks.csv": ("Park name,Region,Level\nNorth,Suzhou,national\n", PARKS, [["North", "Suzhou", "national"]]),
    "入驻企业.csv": ("园区,入驻企业,地址\n高新区,甲公司,1号\n", SITES, [["甲公司", "高新区", "1号"]]),
    "sites.csv": ("Park,Tenant,Address\nNorth,A,1 Road\n", SITES, [["A", "North", "1 Road"]]),
    "资金安排.csv": (
        "受助单位,资金类型,金额,出资单位\n甲公司,资助,100万元,省科技厅\n",
        AMOUNTS,
        [["甲公司", "省科技厅", "grant 1000000"]],
    ),
    "funding.csv": (
        "Recipient,Kind of amount,Amount,Funder\nA,grant,5000,Department\n",
        AMOUNTS,
        [["A", "Department", "grant 5000"]],
    ),
}


@pytest.mark.parametrize("name", ROSTERS)
def test_a_list_is_read_by_its_headings_in_both_languages(name: str, tmp_path: Path) -> None:
    text, query, rows = ROSTERS[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert cg.open(tmp_path / name).select(query).to_numpy().tolist() == rows


def test_a_list_of_firms_names_their_parents_parks_and_titles(tmp_path: Path) -> None:
    path = tmp_path / "企业名单.csv"
    path.write_text(
        "企业名称,母公司,所在园区,荣誉称号,地址\n甲公司,丙集团,高新区,小巨人,1号\n乙公司,,软件园,小巨人,2号\n",
        encoding="utf-8",
    )
    rows = cg.open(path).select(
        "SELECT ?a ?c ?b { ?s a ?c ; cg:organization/rdfs:label ?a "
        "FILTER (?c IN (cg:Hierarchy, cg:Site, cg:Recognition))"
        " OPTIONAL { ?s cg:parent|cg:cluster ?o . ?o rdfs:label ?l } OPTIONAL { ?s rdfs:label ?n }"
        " BIND (COALESCE(?l, ?n) AS ?b) } ORDER BY ?a ?c"
    )
    assert rows.to_numpy().tolist() == [
        ["乙公司", "cg:Recognition", "小巨人"],
        ["乙公司", "cg:Site", "软件园"],
        ["甲公司", "cg:Hierarchy", "丙集团"],
        ["甲公司", "cg:Recognition", "小巨人"],
        ["甲公司", "cg:Site", "高新区"],
    ]


def test_a_list_of_firms_with_addresses_stays_a_list_of_firms(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text("单位名称,所在地,地址\n甲有限公司,南京,1号\n乙有限公司,苏州,2号\n", encoding="utf-8")
    kg = cg.open(path)
    assert kg.query("ASK { ?s a cg:Site }") is False
    assert kg.select(
        "SELECT ?n ?r { ?o a cg:Organization ; rdfs:label ?n ; cg:region/rdfs:label ?r } ORDER BY ?n"
    ).to_numpy().tolist() == [["乙有限公司", "苏州"], ["甲有限公司", "南京"]]
