"""Projections tie what the graph says is tied, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import pytest

import chaingraph as cg
from chaingraph.arrays import adjacency
from chaingraph.provenance import data_sets, quotes
from chaingraph.queries.node_classes import CLASSES

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph
    from tests.conftest import DataSetFolder

ID = "id:roster/"


@pytest.fixture
def kg(data_set: DataSetFolder) -> KnowledgeGraph:
    """Two consortia: x of a (lead), b and c; y of a and b; d belongs to nobody; e leads one of x and y."""
    folder = data_set(
        sources="id,title,url,published\ns,报道,https://a.cn/1,2022-10\n",
        quotes="id,source,exact\nq,s,甲公司牵头组建联合体\nr,s,甲公司位于苏州\n",
        regions="id,name,latitude,longitude\nsz,苏州,31.3,120.6\n",
        organizations=(
            "id,name,name_en,kind,region,quote\na,甲公司,First,enterprise,sz,r\nb,乙大学,,university,,\n"
            "c,丙所,,institute,,\nd,丁厅,,government,,\ne,戊集团,,enterprise,,\n"
        ),
        programmes="id,name,authority\np,试点,d\n",
        consortia="id,name,programme\nx,联合体一,p\ny,联合体二,\n",
        memberships=(
            "organization,consortium,one_of,role,since,quote\na,x,,lead,,q\na,x,,member,2023,\nb,x,,member,,\n"
            "c,x,,member,,\na,y,,member,,\nb,y,,chair,,\ne,,x;y,lead,,\n"
        ),
        platforms="id,name,host,consortium\nl,重点实验室,b,x\n",
        projects="id,name\nj,项目\n",
        participations="project,organization,role\nj,c,coordinator\n",
        products="id,name,input_of\nf,光纤,g\ng,光缆,\n",
        supplies="supplier,product,customer\na,f,b\n",
        shareholdings="shareholder,organization\nb,a\n",
        stages="id,name,segment\nu,材料,上游\n",
        stage_roles="stage,organization,consortium\nu,a,\nu,,y\n",
    )
    return cg.open(folder)


def test_affiliation_ties_organizations_to_their_consortia(kg: KnowledgeGraph) -> None:
    network = cg.affiliation(kg)
    assert sorted(network.edges(data="memberships")) == [
        (f"{ID}organizations/a", f"{ID}consortia/x", 2),
        (f"{ID}organizations/a", f"{ID}consortia/y", 1),
        (f"{ID}organizations/b", f"{ID}consortia/x", 1),
        (f"{ID}organizations/b", f"{ID}consortia/y", 1),
        (f"{ID}organizations/c", f"{ID}consortia/x", 1),
    ]
    assert network.edges[f"{ID}organizations/a", f"{ID}consortia/x"]["role"] == "lead; member"
    sides = {node: data["bipartite"] for node, data in network.nodes(data=True)}
    assert sides == {f"{ID}organizations/{o}": 0 for o in "abcde"} | {f"{ID}consortia/{c}": 1 for c in "xy"}


def test_co_membership_counts_shared_consortia_and_keeps_isolates(kg: KnowledgeGraph) -> None:
    network = cg.co_membership(kg, newman=True)
    a, b, c, d, e = (f"{ID}organizations/{o}" for o in "abcde")
    assert {(u, v): (data["consortia"], data["newman"]) for u, v, data in network.edges(data=True)} == {
        (a, b): (2, 1.5),
        (a, c): (1, 0.5),
        (b, c): (1, 0.5),
    }
    assert sorted(nx.isolates(network)) == [d, e]
    assert network.graph["weight"] == "newman"
    assert adjacency(network, "consortia").sum() == 8


def test_nodes_carry_what_is_known_of_them(kg: KnowledgeGraph) -> None:
    network = cg.co_membership(kg)
    assert network.nodes[f"{ID}organizations/a"] == {
        "type": "Organization",
        "label": "First",
        "label_en": "First",
        "label_zh": "甲公司",
        "kind": "enterprise",
        "region": "苏州",
        "region_zh": "苏州",
        "latitude": 31.3,
        "longitude": 120.6,
        "place": "region",
        "segment": "upstream",
        "leading": True,
    }
    assert network.nodes[f"{ID}organizations/b"] == {
        "type": "Organization",
        "label": "乙大学",
        "label_zh": "乙大学",
        "kind": "university",
    }


def test_the_whole_holds_every_thing_and_every_relation(kg: KnowledgeGraph) -> None:
    network = cg.whole(kg)
    assert {data for _, data in network.nodes(data="type")} <= set(CLASSES)
    assert len(network) == 5 + 2 + 1 + 1 + 1 + 1 + 1 + 2
    ties = sorted((u.removeprefix(ID), data["relation"], v.removeprefix(ID)) for u, v, data in network.edges(data=True))
    assert ties == sorted(
        [
            ("organizations/a", "region", "regions/sz"),
            ("programmes/p", "authority", "organizations/d"),
            ("consortia/x", "programme", "programmes/p"),
            ("platforms/l", "consortium", "consortia/x"),
            ("platforms/l", "hostedBy", "organizations/b"),
            ("products/f", "inputOf", "products/g"),
            ("organizations/c", "participatesIn", "projects/j"),
            ("organizations/a", "supplies", "products/f"),
            ("organizations/a", "suppliesTo", "organizations/b"),
            ("organizations/b", "shareholderOf", "organizations/a"),
            ("organizations/a", "holds", "stages/u"),
            ("consortia/y", "holds", "stages/u"),
            ("organizations/a", "leads", "consortia/x"),
            ("organizations/a", "memberOf", "consortia/x"),
            ("organizations/a", "memberOf", "consortia/y"),
            ("organizations/b", "memberOf", "consortia/x"),
            ("organizations/b", "memberOf", "consortia/y"),
            ("organizations/c", "memberOf", "consortia/x"),
            ("organizations/e", "oneOf", "consortia/x"),
            ("organizations/e", "oneOf", "consortia/y"),
        ]
    )


def test_quotes_stand_on_the_nodes_and_ties_that_they_state(kg: KnowledgeGraph) -> None:
    where = {"title": "报道", "url": "https://a.cn/1", "published": "2022-10"}
    network = cg.whole(kg, quotes=True)
    assert network.nodes[f"{ID}organizations/a"]["quotes"] == f"{ID}quotes/r"
    assert quotes(network, network.nodes[f"{ID}organizations/a"]) == [{"exact": "甲公司位于苏州", **where}]
    assert "quotes" not in network.nodes[f"{ID}organizations/b"]
    quoted = [
        (u, v, data["relation"], quotes(network, data)) for u, v, data in network.edges(data=True) if "quotes" in data
    ]
    assert quoted == [
        (f"{ID}organizations/a", f"{ID}consortia/x", "leads", [{"exact": "甲公司牵头组建联合体", **where}])
    ]
    co_members = cg.co_membership(kg, quotes=True)
    assert [quote["exact"] for quote in quotes(co_members, co_members.nodes[f"{ID}organizations/a"])] == [
        "甲公司位于苏州",
        "甲公司牵头组建联合体",
    ]


def test_a_record_of_a_register_is_evidence_too(data_set: DataSetFolder) -> None:
    folder = data_set(
        sources="id,title,url\ncordis,CORDIS,https://cordis.europa.eu\n",
        organizations="id,name,source,record\na,甲,cordis,999\n",
    )
    network = cg.whole(cg.open(folder), quotes=True)
    assert quotes(network, network.nodes[f"{ID}organizations/a"]) == [
        {"record": "999", "title": "CORDIS", "url": "https://cordis.europa.eu"}
    ]


def test_a_projection_is_frozen_and_its_copy_is_not(kg: KnowledgeGraph) -> None:
    network = cg.co_membership(kg)
    with pytest.raises(nx.NetworkXError, match="Frozen"):
        network.add_node("another")
    copy = network.copy()
    copy.add_node("another")
    assert "another" not in network


@pytest.mark.parametrize("projection", [cg.affiliation, cg.co_membership, cg.whole])
def test_a_graph_without_things_gives_an_empty_network(data_set: DataSetFolder, projection: object) -> None:
    folder = data_set(sources="id,title\ns,报道\n")
    assert callable(projection)
    assert len(projection(cg.open(folder))) == 0


def test_the_network_knows_its_data_sets(kg: KnowledgeGraph) -> None:
    assert data_sets(cg.whole(kg)) == kg.data_sets()
    assert cg.whole(kg).graph["name_zh"] == "全图"
