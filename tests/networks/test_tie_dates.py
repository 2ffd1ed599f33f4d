"""Ties say when they can have held: from the rows behind them, open where a row leaves it open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import chaingraph as cg
from chaingraph import networks
from chaingraph.queries.nodes import NodeReader

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.store import KnowledgeGraph
    from tests.conftest import DataSetFolder


@pytest.fixture
def kg(data_set: DataSetFolder) -> KnowledgeGraph:
    """Organizations a to e, dated in years, months and days; platform h, projects p and q, and two supplies."""
    return cg.open(
        data_set(
            organizations="id,name,alias\na,甲,大甲;小甲\nb,乙,\nc,丙,\nd,丁,\ne,戊,\n",
            consortia="id,name\nx,联合体一\ny,联合体二\n",
            memberships=(
                "organization,consortium,role,since,until\n"
                "a,x,lead,2019,2023\na,x,member,2020-05,2023-06\nb,x,member,2020,2022\nc,x,member,,2021-03\n"
                "d,x,member,2022-10-14,\na,y,member,2018,2019\nb,y,member,2018-04,2019\ne,y,member,2021,\n"
            ),
            platforms="id,name,host,since\nh,平台,a,2015-03\n",
            projects="id,name,start,end\np,项目一,2020,2023-06\nq,项目二,2022,\n",
            participations="project,organization\np,a\np,b\nq,a\nq,b\nq,c\n",
            products="id,name\ns,硅片\n",
            supplies="supplier,product,customer,since,until\na,s,b,2019,2020\nc,s,,2021,\n",
        )
    )


def dates(network: nx.Graph[str]) -> dict[str, tuple[str, str]]:
    """The period of each tie that has one, by the last letters of its ends."""
    return {
        "".join(node[-1] for node in ends): (held.get("since", ""), held.get("until", ""))
        for *ends, held in network.edges(data=True)
        if "since" in held or "until" in held
    }


def test_a_membership_keeps_its_dates_as_stated_and_several_make_the_widest_period(kg: KnowledgeGraph) -> None:
    assert dates(networks.affiliation(kg)) == {
        "ax": ("2019", "2023"),
        "bx": ("2020", "2022"),
        "cx": ("", "2021-03"),
        "dx": ("2022-10-14", ""),
        "ay": ("2018", "2019"),
        "by": ("2018-04", "2019"),
        "ey": ("2021", ""),
    }


def test_two_share_a_consortium_from_the_later_beginning_to_the_earlier_end(kg: KnowledgeGraph) -> None:
    network = cg.co_membership(kg, quotes=True)
    assert dates(network) == {
        "ab": ("2018-04", "2022"),
        "ac": ("2019", "2021-03"),
        "ad": ("2022-10-14", "2023"),
        "bc": ("2020", "2021-03"),
        "bd": ("2022-10-14", "2022"),
    }
    assert {"".join(sorted((u[-1], v[-1]))) for u, v in network.edges} == {*dates(network), "cd", "ae", "be"}


def test_the_fast_way_without_quotes_reads_no_dates(kg: KnowledgeGraph) -> None:
    assert dates(cg.co_membership(kg)) == {}
    assert dates(networks.co_participation(kg)) == {}


def test_what_is_shared_in_a_project_has_its_period_and_stays_open_with_one_that_does(kg: KnowledgeGraph) -> None:
    assert dates(networks.participation(kg)) == {
        "ap": ("2020", "2023-06"),
        "bp": ("2020", "2023-06"),
        "aq": ("2022", ""),
        "bq": ("2022", ""),
        "cq": ("2022", ""),
    }
    shared = networks.co_participation(kg, quotes=True)
    assert dates(shared) == {"ab": ("2020", ""), "ac": ("2022", ""), "bc": ("2022", "")}


def test_a_platform_is_hosted_from_its_beginning_on_and_a_supply_has_its_own_dates(kg: KnowledgeGraph) -> None:
    assert dates(networks.hosting(kg)) == {"ah": ("2015-03", "")}
    assert dates(networks.supply(kg)) == {"as": ("2019", "2020"), "sb": ("2019", "2020"), "cs": ("2021", "")}


def test_the_whole_network_dates_each_tie_by_what_states_it(kg: KnowledgeGraph) -> None:
    found = [
        (held["relation"], u[-1] + v[-1], held.get("since", ""), held.get("until", ""))
        for u, v, held in networks.whole(kg).edges(data=True)
    ]
    assert sorted(found) == [
        ("hostedBy", "ha", "2015-03", ""),
        ("leads", "ax", "2019", "2023"),
        ("memberOf", "ax", "2020-05", "2023-06"),
        ("memberOf", "ay", "2018", "2019"),
        ("memberOf", "bx", "2020", "2022"),
        ("memberOf", "by", "2018-04", "2019"),
        ("memberOf", "cx", "", "2021-03"),
        ("memberOf", "dx", "2022-10-14", ""),
        ("memberOf", "ey", "2021", ""),
        ("participatesIn", "ap", "2020", "2023-06"),
        ("participatesIn", "aq", "2022", ""),
        ("participatesIn", "bp", "2020", "2023-06"),
        ("participatesIn", "bq", "2022", ""),
        ("participatesIn", "cq", "2022", ""),
        ("supplies", "as", "2019", "2020"),
        ("supplies", "cs", "2021", ""),
        ("suppliesTo", "ab", "2019", "2020"),
    ]


def test_dates_survive_a_period_that_is_asked_for(kg: KnowledgeGraph) -> None:
    assert dates(cg.co_membership(kg, quotes=True, at="2018")) == {"ab": ("2018-04", "2019")}


def test_a_network_carries_the_other_names_of_a_thing(kg: KnowledgeGraph) -> None:
    aliases: dict[str, Any] = {node[-1]: held.get("alias") for node, held in cg.co_membership(kg).nodes(data=True)}
    assert aliases == {"a": "大甲; 小甲", "b": None, "c": None, "d": None, "e": None}
    assert "alias" in NodeReader(kg).frame("Organization").columns
