"""Filters look at what they name, keep what has no date, and refuse what the graph does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

import chaingraph as cg
from chaingraph import networks
from chaingraph.errors import UsageError
from chaingraph.queries.filters import Selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from chaingraph.store import KnowledgeGraph
    from tests.conftest import DataSetFolder

ID = "id:roster/"


@pytest.fixture
def kg(data_set: DataSetFolder) -> KnowledgeGraph:
    """One consortium x of a to d, of whom c left in 2021 and d came in October 2022; a and b also share y."""
    folder = data_set(
        regions="id,name,within\njs,江苏,\nsz,苏州,js\nzj,浙江,\n",
        organizations=(
            "id,name,kind,region\na,甲,enterprise,sz\nb,乙,university,js\nc,丙,enterprise,zj\nd,丁,institute,\n"
        ),
        consortia="id,name\nx,联合体一\ny,联合体二\n",
        memberships=(
            "organization,consortium,role,since,until\na,x,lead,,\nb,x,member,2020,\nc,x,member,2019,2021\n"
            "d,x,member,2022-10,\na,y,member,,\nb,y,lead,,\n"
        ),
    )
    return cg.open(folder)


def ties(network: nx.Graph[str]) -> set[str]:
    return {"".join(sorted((u[-1], v[-1]))) for u, v in network.edges()}


@pytest.mark.parametrize(
    ("filters", "expected", "nodes"),
    [
        ({}, {"ab", "ac", "ad", "bc", "bd", "cd"}, "abcd"),
        ({"roles": "lead"}, set(), "abcd"),
        ({"roles": ["成员单位"]}, {"bc", "bd", "cd"}, "abcd"),
        ({"kinds": ["enterprise", "institute"]}, {"ac", "ad", "cd"}, "acd"),
        ({"kinds": "高校"}, set(), "b"),
        ({"regions": "江苏"}, {"ab"}, "ab"),
        ({"regions": [f"{ID}regions/sz", "浙江"]}, {"ac"}, "ac"),
        ({"at": "2021"}, {"ab", "ac", "bc"}, "abcd"),
        ({"at": "2022-09-30"}, {"ab"}, "abcd"),
        ({"at": "2022-10"}, {"ab", "ad", "bd"}, "abcd"),
        ({"between": ("2021-06", "2022")}, {"ab", "ac", "ad", "bc", "bd", "cd"}, "abcd"),
        ({"minimum": 2}, {"ab"}, "abcd"),
        ({"minimum": 2, "isolates": False}, {"ab"}, "ab"),
    ],
)
def test_a_filter_looks_at_what_it_names(
    kg: KnowledgeGraph, filters: dict[str, Any], expected: set[str], nodes: str
) -> None:
    network = cg.co_membership(kg, **filters)
    assert ties(network) == expected
    assert "".join(sorted(node[-1] for node in network)) == nodes


def test_rows_without_a_date_are_kept_and_counted(kg: KnowledgeGraph) -> None:
    assert cg.co_membership(kg, at="2024").graph["undated"] == 3
    assert cg.affiliation(kg, at="2024").number_of_edges() == 5
    assert "undated" not in cg.co_membership(kg).graph


def test_two_mode_projections_take_the_same_filters(kg: KnowledgeGraph) -> None:
    network = cg.affiliation(kg, regions="江苏", roles="lead", isolates=False)
    assert ties(network) == {"ax", "by"}
    assert len(network) == 4


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"roles": "boss"}, "'boss' is unknown"),
        ({"kinds": "club"}, "'club' is unknown; expected one of enterprise, university"),
        (
            {"regions": "江苏省"},
            "'region' is '江苏省', which nothing of that kind in the graph is called; did you mean 江苏",
        ),
        ({"at": "二〇二二"}, "'二〇二二' is no date; expected a year, month or day such as 2022"),
        ({"at": "2022-13"}, "'2022-13' is no date"),
        ({"at": "2022-02-30"}, "'2022-02-30' is no date"),
        ({"between": ("2023", "2022")}, "ends before it begins"),
        ({"at": "2022", "between": ("2021", "2022")}, "and got both"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(kg: KnowledgeGraph, filters: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        cg.co_membership(kg, **filters)


def test_a_misspelt_filter_is_no_filter(kg: KnowledgeGraph) -> None:
    with pytest.raises(TypeError, match="rolls"):
        cg.co_membership(kg, rolls="lead")  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("projection", "filters", "said"),
    [
        (
            networks.hosting,
            {"roles": "lead"},
            "the filter roles does not apply to the network hosting, expected",
        ),
        (networks.supply, {"roles": "lead"}, "the filter roles does not apply to the network supply, expected"),
        (networks.chain, {"at": "2022"}, "the filter at does not apply to the network chain, expected"),
        (networks.whole, {"minimum": 2}, "the filter minimum does not apply to the network whole, expected"),
    ],
)
def test_a_filter_that_a_projection_cannot_apply_is_refused(
    kg: KnowledgeGraph, projection: Callable[..., object], filters: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        projection(kg, **filters)


def test_a_year_is_its_days() -> None:
    assert Selection(at="2024-02").period == ("2024-02-01", "2024-02-29")
    assert Selection(between=("2021", "2022-06")).period == ("2021-01-01", "2022-06-30")
