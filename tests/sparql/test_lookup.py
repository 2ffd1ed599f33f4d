"""A thing is given by its IRI, its short IRI or its name; one that is unknown or ambiguous is answered with names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.errors import AmbiguousNameError, UnknownThingError, UsageError
from chaingraph.sparql.lookup import thing_iri

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

BASE = "https://w3id.org/chaingraph/id/roster/"


@pytest.fixture
def kg(data_set: DataSetFolder) -> cg.KnowledgeGraph:
    return cg.open(
        data_set(
            organizations="id,name,name_en,alias\n"
            "a,苏州苏大维格科技集团股份有限公司,SVG Tech Group,苏大维格\nb,苏州大学,Soochow University,\n",
            consortia="id,name\nx,苏州大学\n",
        )
    )


@pytest.mark.parametrize(
    "thing",
    [
        f"{BASE}organizations/a",
        "id:roster/organizations/a",
        " 苏大维格 ",
        "苏州苏大维格科技集团股份有限公司",
        "SVG Tech Group",
    ],
)
def test_a_thing_is_given_by_iri_short_iri_name_or_alias(kg: cg.KnowledgeGraph, thing: str) -> None:
    assert thing_iri(kg, thing) == f"{BASE}organizations/a"


def test_classes_choose_between_things_of_one_name(kg: cg.KnowledgeGraph) -> None:
    assert thing_iri(kg, "苏州大学", classes=["cg:Organization"]) == f"{BASE}organizations/b"
    assert thing_iri(kg, "苏州大学", classes=["cg:Consortium", "cg:Programme"]) == f"{BASE}consortia/x"
    with pytest.raises(AmbiguousNameError) as caught:
        thing_iri(kg, "苏州大学")
    assert caught.value.candidates == ("id:roster/consortia/x", "id:roster/organizations/b")
    assert str(caught.value) == (
        "'thing' is '苏州大学', which 2 things are called: id:roster/consortia/x, id:roster/organizations/b;"
        " give one of these"
    )


def test_an_unknown_name_is_answered_with_the_nearest_names_and_those_it_is_a_part_of(kg: cg.KnowledgeGraph) -> None:
    with pytest.raises(UnknownThingError) as caught:
        thing_iri(kg, "苏大维格科技", argument="organization", classes=["cg:Organization"])
    assert caught.value.suggestions[:2] == ("苏大维格", "苏州苏大维格科技集团股份有限公司")
    with pytest.raises(
        UnknownThingError,
        match=r"'thing' is 'Suchow University', which nothing .* is called; did you mean Soochow University\?$",
    ):
        thing_iri(kg, "Suchow University")


def test_a_name_that_is_near_to_none_is_answered_with_what_was_expected(kg: cg.KnowledgeGraph) -> None:
    expected = (
        "expected the IRI, the short IRI or the exact name of a consortium or programme, such as id:cn/consortia/x"
    )
    with pytest.raises(UnknownThingError) as caught:
        thing_iri(kg, "甲", classes=["cg:Consortium", "cg:Programme"], example="id:cn/consortia/x")
    assert str(caught.value) == f"'thing' is '甲', which nothing of that kind in the graph is called; {expected}"
    assert (caught.value.name, caught.value.suggestions) == ("甲", ())


def test_an_iri_must_be_one_and_be_in_the_graph(kg: cg.KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="'thing' is 'https://a b', expected the IRI, the short IRI or the exact name"):
        thing_iri(kg, "https://a b")
    with pytest.raises(UnknownThingError, match=r"'thing' is 'id:roster/organizations/z', which is not in the graph"):
        thing_iri(kg, "id:roster/organizations/z")
