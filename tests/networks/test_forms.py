"""The two forms of a projection: what arrays leave out, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

import chaingraph as cg
from chaingraph.arrays import Affiliation, Ties
from chaingraph.networks import PROJECTIONS
from chaingraph.resources import sample


@pytest.fixture(scope="module")
def kg() -> cg.KnowledgeGraph:
    return cg.open(sample("jiangsu-2022"))


@pytest.mark.parametrize("name", PROJECTIONS)
def test_arrays_without_isolates_are_the_network_without_isolates(kg: cg.KnowledgeGraph, name: str) -> None:
    graph = PROJECTIONS[name].function(kg, isolates=False)
    arrays = PROJECTIONS[name].arrays(kg, isolates=False)
    assert list(arrays) == list(graph)
    assert arrays.number_of_edges() == graph.number_of_edges()
    assert arrays.attribute("label") == [data["label"] for _, data in graph.nodes(data=True)]


@pytest.mark.parametrize("name", ["co_membership", "co_participation"])
def test_arrays_that_store_no_ties_refuse_their_quotes(kg: cg.KnowledgeGraph, name: str) -> None:
    with pytest.raises(cg.UsageError, match="the quotes of this network stand on its ties"):
        PROJECTIONS[name].arrays(kg, quotes=True)


@pytest.mark.parametrize("name", ["affiliation", "supply", "whole"])
def test_arrays_that_store_ties_have_their_quotes(kg: cg.KnowledgeGraph, name: str) -> None:
    graph, arrays = PROJECTIONS[name].function(kg, quotes=True), PROJECTIONS[name].arrays(kg, quotes=True)
    assert arrays.attribute("quotes") == [data.get("quotes") for _, data in graph.nodes(data=True)]
    assert arrays.tie_values("quotes") == [data.get("quotes") for *_, data in graph.edges(data=True)]
    assert arrays.graph == graph.graph


def test_a_form_that_does_not_exist_is_refused(kg: cg.KnowledgeGraph) -> None:
    form: Any = "frames"
    with pytest.raises(cg.UsageError, match="there is no form 'frames' of a network, expected networkx or arrays"):
        cg.co_membership(kg, form=form)


def test_attributes_are_read_when_they_are_first_needed_and_once(kg: cg.KnowledgeGraph) -> None:
    calls = []

    def attributes() -> pl.DataFrame:
        calls.append(1)
        return pl.DataFrame({"label": ["A", "B"]})

    coded = Affiliation.from_frame(pl.DataFrame({"member": ["a", "b"], "event": ["x", "x"]}))
    network = Affiliation(coded.incidence, coded.members, coded.events, attributes)
    assert (network.adjacency("shared").nnz, calls) == (2, [])
    assert (network.attribute("label"), network.attribute("kind"), calls) == (["A", "B"], [None, None], [1])


def test_ties_drop_out_one_by_one_and_nodes_without_any_after_them() -> None:
    ends = np.array([2, 0, 0]), np.array([0, 1, 0])
    values = pl.DataFrame({"share": [0.0, 0.5, None]})
    network = Ties(pl.Series(list("abcd")), *ends, tie_attributes=values, directed=True)
    assert list(network.tie_items()) == [("a", "b", {"share": 0.5}), ("a", "a", {}), ("c", "a", {"share": 0.0})]
    rest = network.without_ties(np.array([False, False, True])).without_isolates()
    assert (list(rest), list(rest.tie_items())) == (["a", "b"], [("a", "b", {"share": 0.5}), ("a", "a", {})])
