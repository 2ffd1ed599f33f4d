"""Each projection ties what its name says, counts it, and says what it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaingraph as cg
from chaingraph import networks
from chaingraph.arrays import adjacency, incidence, off_diagonal, two_mode
from chaingraph.errors import UsageError
from chaingraph.geography.gazetteer import gazetteer
from chaingraph.networks._projection import incidence_matrix
from chaingraph.provenance import left_out, quotes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.store import KnowledgeGraph
    from tests.conftest import DataSetFolder

ID = "id:roster/"


def o(name: str) -> str:
    return f"{ID}organizations/{name}"


def words(network: nx.Graph[str], attributes: Mapping[str, Any]) -> list[str]:
    return [quote["exact"] for quote in quotes(network, attributes)]


@pytest.fixture
def kg(data_set: DataSetFolder) -> KnowledgeGraph:
    """Four organizations in two provinces; a and b share two projects, c joins one; d has nothing."""
    folder = data_set(
        sources="id,title\ns,报道\n",
        quotes="id,source,exact\nq,s,甲加入联合体\nr,s,乙加入联合体\nt,s,甲供应光纤\n",
        regions=(
            "id,name,within,latitude,longitude\njs,江苏,,,\nsz,苏州,js,31,120\nwx,无锡,js,,\nzj,浙江,,,\nhz,杭州,zj,30,120\n"
        ),
        industries="id,name\ni1,光电\ni2,材料\ni3,软件\n",
        organizations=(
            "id,name,kind,region,industry,latitude,longitude\na,甲,enterprise,sz,i1,,\nb,乙,university,wx,,31.5,120.5\n"
            "c,丙,enterprise,hz,i3,,\nd,丁,institute,js,,,\n"
        ),
        consortia="id,name,industry\nx,联合体一,i2\ny,联合体二,\n",
        memberships=(
            "organization,consortium,one_of,role,quote\na,x,,lead,q\nb,x,,member,r\nc,x,,member,\na,y,,member,\n"
            "b,y,,member,\nd,,x;y,lead,\n"
        ),
        platforms="id,name,host\nl,重点实验室,a;b\nm,中试平台,\n",
        projects="id,name,start,end\np,项目一,2021-05,2023\nr,项目二,2024,\ns,项目三,,\n",
        participations=(
            "project,organization,role,contribution,currency\np,a,coordinator,100,EUR\np,b,participant,50,EUR\n"
            "r,a,coordinator,,\nr,b,participant,7,EUR\nr,c,participant,3,CNY\nr,c,associate,4,EUR\ns,a,participant,1,EUR\n"
        ),
        products="id,name,input_of,broader,stage\nf,光纤,g,,u\ng,光缆,f,,v\nh,特种光纤,,f,\n",
        stages="id,name,segment,follows\nu,材料,upstream,\nv,缆,midstream,u\n",
        supplies="id,supplier,product,customer,share,since,until,quote\ns1,a,f,b,60%,2020,2022,t\ns2,c,f,,,,,\n",
    )
    return cg.open(folder)


def test_participation_carries_role_and_contribution(kg: KnowledgeGraph) -> None:
    network = networks.participation(kg)
    found = {
        (u.removeprefix(ID), v.removeprefix(ID)): {k: d for k, d in data.items() if not k.startswith("relation")}
        for u, v, data in network.edges(data=True)
    }
    assert found == {
        ("organizations/a", "projects/p"): {
            "participations": 1,
            "role": "coordinator",
            "contribution": 100.0,
            "currency": "EUR",
            "since": "2021-05",
            "until": "2023",
        },
        ("organizations/b", "projects/p"): {
            "participations": 1,
            "role": "participant",
            "contribution": 50.0,
            "currency": "EUR",
            "since": "2021-05",
            "until": "2023",
        },
        ("organizations/a", "projects/r"): {"participations": 1, "role": "coordinator", "since": "2024"},
        ("organizations/b", "projects/r"): {
            "participations": 1,
            "role": "participant",
            "contribution": 7.0,
            "currency": "EUR",
            "since": "2024",
        },
        ("organizations/c", "projects/r"): {"participations": 2, "role": "associate; participant", "since": "2024"},
        ("organizations/a", "projects/s"): {
            "participations": 1,
            "role": "participant",
            "contribution": 1.0,
            "currency": "EUR",
        },
    }
    assert left_out(network) == {"sums of contributions in several currencies": 1}
    assert two_mode(network) is not None


def test_co_participation_counts_shared_projects(kg: KnowledgeGraph) -> None:
    network = networks.co_participation(kg, newman=True)
    assert sorted((u, v, d["projects"], d["newman"]) for u, v, d in network.edges(data=True)) == [
        (o("a"), o("b"), 2, 1.5),
        (o("a"), o("c"), 1, 0.5),
        (o("b"), o("c"), 1, 0.5),
    ]
    assert list(nx.isolates(network)) == [o("d")]


def test_hosting_ties_organizations_to_their_platforms(kg: KnowledgeGraph) -> None:
    network = networks.hosting(kg)
    assert sorted(network.edges()) == [(o("a"), f"{ID}platforms/l"), (o("b"), f"{ID}platforms/l")]
    assert f"{ID}platforms/m" in network


def test_supply_runs_from_supplier_over_product_to_customer(kg: KnowledgeGraph) -> None:
    network = networks.supply(kg, quotes=True)
    ties = [
        (
            u.removeprefix(ID),
            v.removeprefix(ID),
            d["relation"],
            d.get("share"),
            words(network, d),
        )
        for u, v, d in network.edges(data=True)
    ]
    assert sorted(ties) == [
        ("organizations/a", "products/f", "supplies", 0.6, ["甲供应光纤"]),
        ("organizations/c", "products/f", "supplies", None, []),
        ("products/f", "organizations/b", "suppliesTo", 0.6, ["甲供应光纤"]),
    ]
    assert left_out(network) == {"customers of supplies that do not state them": 1}
    assert len({d["supply"] for _, _, d in network.edges(data=True)}) == 2
    assert networks.supply(kg, at="2024").number_of_edges() == 1
    assert networks.supply(kg, at="2024").graph["undated"] == 1


def test_the_chain_runs_downstream_and_keeps_its_cycles(kg: KnowledgeGraph) -> None:
    network = networks.chain(kg)
    ties = sorted((u.removeprefix(ID), d["relation"], v.removeprefix(ID)) for u, v, d in network.edges(data=True))
    assert ties == [
        ("products/f", "inputOf", "products/g"),
        ("products/f", "stage", "stages/u"),
        ("products/g", "inputOf", "products/f"),
        ("products/g", "stage", "stages/v"),
        ("products/h", "broader", "products/f"),
        ("stages/u", "precedes", "stages/v"),
    ]
    assert not nx.is_directed_acyclic_graph(network)
    assert network.nodes[f"{ID}stages/u"]["segment"] == "upstream"


def test_inter_region_counts_pairs_between_and_inside_regions(kg: KnowledgeGraph) -> None:
    network = networks.inter_region(kg)
    r = {name: f"{ID}regions/{name}" for name in ("sz", "wx", "hz", "js", "zj")}
    found = {frozenset((u, v)): (d["pairs"], d["consortia"]) for u, v, d in network.edges(data=True)}
    assert found == {
        frozenset((r["sz"], r["wx"])): (2, 2),
        frozenset((r["sz"], r["hz"])): (1, 1),
        frozenset((r["wx"], r["hz"])): (1, 1),
    }
    provinces = networks.inter_region(kg, level=0)
    found = {frozenset((u, v)): (d["pairs"], d["consortia"]) for u, v, d in provinces.edges(data=True)}
    assert found == {frozenset((r["js"],)): (2, 2), frozenset((r["js"], r["zj"])): (2, 1)}
    assert provinces.nodes[r["js"]]["organizations"] == 2
    assert networks.inter_region(kg, level=1).number_of_nodes() == 3
    with pytest.raises(UsageError, match="no region at level 5; level 0 are those"):
        networks.inter_region(kg, level=5)


def test_inter_industry_counts_organizations_in_both(kg: KnowledgeGraph) -> None:
    network = networks.inter_industry(kg)
    i = {name: f"{ID}industries/{name}" for name in ("i1", "i2", "i3")}
    assert {frozenset((u, v)): d["organizations"] for u, v, d in network.edges(data=True)} == {
        frozenset((i["i1"], i["i2"])): 1,
        frozenset((i["i2"], i["i3"])): 1,
    }
    assert network.nodes[i["i2"]]["organizations"] == 3
    assert left_out(network) == {"organizations without an industry, of their own or of a consortium": 1}


def test_a_region_without_coordinates_takes_the_mean_of_its_organizations_else_that_of_the_gazetteer(
    kg: KnowledgeGraph,
) -> None:
    nodes = networks.inter_region(kg, level=0).nodes
    whole = cg.whole(kg).nodes
    assert (whole[f"{ID}regions/wx"]["latitude"], whole[f"{ID}regions/wx"]["longitude"]) == (31.5, 120.5)
    assert nodes[f"{ID}regions/js"]["latitude"] == 31.5
    assert whole[f"{ID}regions/wx"]["place"] == "organizations"
    zhejiang = gazetteer().places["330000"]
    assert (nodes[f"{ID}regions/zj"]["latitude"], nodes[f"{ID}regions/zj"]["longitude"]) == (
        zhejiang.latitude,
        zhejiang.longitude,
    )
    assert nodes[f"{ID}regions/zj"]["place"] == "gazetteer"
    assert whole[o("a")]["latitude"] == 31.0


def test_what_is_left_out_is_counted(kg: KnowledgeGraph) -> None:
    assert left_out(cg.co_membership(kg)) == {"memberships of a programme or of one of several consortia": 1}


def test_quotes_stand_on_the_ties_that_shared_memberships_make(kg: KnowledgeGraph) -> None:
    network = cg.co_membership(kg, quotes=True)
    assert words(network, network.edges[o("a"), o("b")]) == [
        "甲加入联合体",
        "乙加入联合体",
    ]
    assert words(network, network.edges[o("a"), o("c")]) == ["甲加入联合体"]
    plain = cg.co_membership(kg)
    assert all("quotes" not in data for _, _, data in plain.edges(data=True))


def test_the_matrices_behind_a_projection_are_its_ties(kg: KnowledgeGraph) -> None:
    for network in (cg.co_membership(kg, newman=True), networks.co_participation(kg), networks.inter_region(kg)):
        copy = network.copy()
        for weight in (None, network.graph["weight"]):
            assert np.allclose(adjacency(network, weight).toarray(), adjacency(copy, weight).toarray())
    behind = incidence(cg.co_membership(kg))
    assert behind is not None
    assert np.array_equal(
        (off_diagonal(behind @ behind.T) > 0).toarray(), adjacency(cg.co_membership(kg)).toarray() > 0
    )
    assert incidence(cg.co_membership(kg, minimum=2)) is None


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 4)), max_size=25))
def test_a_projection_equals_networkx(pairs: list[tuple[int, int]]) -> None:
    import polars as pl

    members, events = [f"m{n}" for n in range(8)], [f"e{n}" for n in range(5)]
    rows = pl.DataFrame(
        {"member": [f"m{m}" for m, _ in pairs], "event": [f"e{e}" for _, e in pairs]},
        schema={"member": pl.String, "event": pl.String},
    )
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from([*members, *events])
    graph.add_edges_from((f"m{m}", f"e{e}") for m, e in pairs)
    matrix = incidence_matrix(rows, pl.Series(members), pl.Series(events))
    shared = off_diagonal(matrix @ matrix.T).toarray()
    expected = nx.bipartite.weighted_projected_graph(graph, members)
    assert np.array_equal(shared, nx.to_numpy_array(expected, members))
