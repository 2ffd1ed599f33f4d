"""A graph taken at the parents: they stand for their units and subsidiaries, and what was joined is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.errors import UsageError
from chaingraph.queries.roll_up import rows_in_circles, top_parents
from chaingraph.store import Joined

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

BASE = "https://w3id.org/chaingraph/id/roster/organizations/"


@pytest.fixture
def academy(data_set: DataSetFolder) -> cg.KnowledgeGraph:
    """An academy with two institutes and a firm of one of them, a university, and a unit of both until 2020."""
    return cg.open(
        data_set(
            organizations="id,name,kind\n"
            "p,研究院,institute\na,一所,institute\nb,二所,institute\nc,一所公司,enterprise\nu,大学,university\nd,联合所,\n",
            hierarchy="organization,parent,kind,since,until\n"
            "a,p,unit,,\nb,p,unit,2021,\nc,a,subsidiary,,\nd,p,unit,,2020\nd,u,unit,,2020\n",
            consortia="id,name\nx,联合体甲\ny,联合体乙\n",
            memberships="organization,consortium,role\na,x,lead\nu,x,member\nb,y,member\nc,y,lead\nd,y,member\n",
            products="id,name\ng,光纤\n",
            supplies="supplier,product,customer\nc,g,b\nc,g,u\n",
            reported="id,name,counts,value,organization,consortium\nr,一所,projects,3,a,\ns,成员,organizations,4,,y\n",
        )
    )


def ties(network: object) -> set[frozenset[str]]:
    return {frozenset(end.rpartition("/")[2] for end in tie[:2]) for tie in network.edges}  # type: ignore[attr-defined]


def test_the_highest_parent_stands_for_the_parts_of_its_parts_but_not_for_what_has_two(
    academy: cg.KnowledgeGraph,
) -> None:
    assert top_parents(academy) == {f"{BASE}{part}": f"{BASE}p" for part in "abc"}
    assert cg.roll_up(academy).joined == Joined(organizations=3, parents=1, within=1, reported=1)


def test_at_a_date_only_what_can_have_been_part_then_is_joined(academy: cg.KnowledgeGraph) -> None:
    assert top_parents(academy, at="2019") == {f"{BASE}{part}": f"{BASE}p" for part in "ac"}
    with pytest.raises(UsageError, match="'when' is no date"):
        cg.roll_up(academy, at="when")


def test_networks_are_taken_at_the_parents_which_keep_the_names_of_their_parts(academy: cg.KnowledgeGraph) -> None:
    at_parents = cg.roll_up(academy)
    network = cg.co_membership(at_parents)
    assert sorted(node.rpartition("/")[2] for node in network) == ["d", "p", "u"]
    assert ties(network) == {frozenset("pu"), frozenset("pd")}
    assert network.graph["joined"] == 3
    assert network.nodes["id:roster/organizations/p"]["parts"] == "一所; 二所; 联合所"
    assert ties(cg.supply(at_parents)) == {frozenset({"p", "g"}), frozenset({"g", "u"})}
    assert "joined" not in cg.co_membership(academy).graph


def test_a_parent_leads_what_its_part_leads(academy: cg.KnowledgeGraph) -> None:
    leads = "SELECT ?o ?c { ?o cg:leads ?c } ORDER BY ?o ?c"
    assert cg.roll_up(academy).select(leads).values.tolist() == [
        ["id:roster/organizations/p", "id:roster/consortia/x"],
        ["id:roster/organizations/p", "id:roster/consortia/y"],
    ]


def test_crosstabs_and_coverage_count_the_parents(academy: cg.KnowledgeGraph) -> None:
    at_parents = cg.roll_up(academy)
    table = cg.crosstab(at_parents, "kind", "consortium")
    assert table.to_dict("index") == {
        "institute": {"联合体乙": 1, "联合体甲": 1},
        "university": {"联合体乙": 0, "联合体甲": 1},
    }
    assert (table.attrs["things"], table.attrs["joined"]) == (3, 3)
    before, after = (cg.coverage(kg)[["label", "reported", "known"]].values.tolist() for kg in (academy, at_parents))
    assert before == [["成员", 4, 3], ["一所", 3, 0]]
    assert after == [["成员", 4, 2]]
    assert cg.coverage(at_parents).attrs["joined"] == 3


def test_where_nothing_is_part_of_anything_the_graph_stays_as_it_is(data_set: DataSetFolder) -> None:
    kg = cg.open(data_set(organizations="id,name\na,甲\n"))
    at_parents = cg.roll_up(kg)
    assert at_parents.joined == Joined(0, 0, 0, 0)
    assert len(at_parents) == len(kg)


def test_a_circle_is_a_finding_of_check_and_no_roll_up(data_set: DataSetFolder) -> None:
    kg = cg.open(
        data_set(
            organizations="id,name\na,甲\nb,乙\nc,丙\n",
            hierarchy="id,organization,parent,since,until\n"
            "h1,a,b,,\nh2,b,a,2020,\nh3,b,c,2000,2005\nh4,c,b,2010,\nh5,c,c,,1999\n",
        )
    )
    assert [(row.rpartition("/")[2], label) for row, _, label in rows_in_circles(kg)] == [
        ("h1", "甲"),
        ("h2", "乙"),
        ("h5", "丙"),
    ]
    report = cg.check(kg)
    assert [(finding.thing, finding.message) for finding in report.findings if finding.kind == "part of itself"] == [
        (
            f"id:roster/organizations/{part}",
            "is part of itself: correct the column 'parent' or the dates in the row id:roster/hierarchy/" + row,
        )
        for part, row in (("a", "h1"), ("b", "h2"), ("c", "h5"))
    ]
    with pytest.raises(UsageError, match="the table hierarchy makes organizations part of themselves"):
        cg.roll_up(kg)
    assert top_parents(kg, at="2007") == {f"{BASE}a": f"{BASE}b"}
