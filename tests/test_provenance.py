"""A network says where it comes from in texts that a copy keeps, and reads what others wrote as lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest

from chaingraph.errors import NetworkError
from chaingraph.provenance import data_sets, describe, left_out, quotes

WORDS = {"exact": "甲公司牵头", "title": "报道"}
RECORD = {"record": "999", "title": "CORDIS"}


@pytest.fixture
def network() -> nx.Graph[str]:
    """One tie that two quotes state, of which the second says the same again and the third is a record."""
    network: nx.Graph[str] = nx.Graph()
    network.add_edge("a", "b", quotes="id:q1; id:q2; id:r")
    table: dict[str, list[Any]] = {"id:q1": [WORDS], "id:q2": [WORDS], "id:r": [RECORD]}
    describe(network, data_sets=[{"title_en": "Sample"}], left_out={"rows": 2, "none": 0}, quotes=table)
    return network


def test_what_is_described_is_text_and_comes_back(network: nx.Graph[str]) -> None:
    assert {type(value) for value in network.graph.values()} == {str}
    assert data_sets(network) == [{"title_en": "Sample"}]
    assert left_out(network) == {"rows": 2}
    assert quotes(network, network.edges["a", "b"]) == [WORDS, RECORD]
    assert quotes(network, network.nodes["a"]) == []


@pytest.mark.parametrize(
    "again",
    [
        lambda network: network.copy(),
        lambda network: network.subgraph(["a", "b"]),
        lambda network: network.to_directed(),
        lambda network: nx.relabel_nodes(network, {"c": "d"}),
    ],
    ids=["copy", "subgraph", "directed", "relabelled"],
)
def test_what_is_made_of_a_network_keeps_where_it_comes_from(
    network: nx.Graph[str], again: Callable[[nx.Graph[str]], nx.Graph[str]]
) -> None:
    made = again(network)
    assert (data_sets(made), left_out(made)) == ([{"title_en": "Sample"}], {"rows": 2})
    assert quotes(made, made.edges["a", "b"]) == [WORDS, RECORD]


def test_lists_and_mappings_of_other_networks_are_read_too() -> None:
    network: nx.Graph[str] = nx.Graph(datasets=[{"attribution": "A"}, 3], left_out={"rows": 2, "text": "many"})
    network.add_node("a", quotes=[WORDS, "no record"])
    network.add_node("b", quotes="words of another program")
    assert data_sets(network) == [{"attribution": "A"}]
    assert left_out(network) == {"rows": 2}
    assert quotes(network, network.nodes["a"]) == [WORDS]
    assert quotes(network, network.nodes["b"]) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("datasets", "CC BY", "holds 'CC BY', which is no JSON"),
        ("datasets", "3", "holds '3', expected a list or its JSON"),
        ("left_out", "[]", r"holds '\[\]', expected a mapping or its JSON"),
        ("quotes", "[]", r"holds '\[\]', expected a mapping or its JSON"),
    ],
)
def test_an_attribute_that_cannot_be_read_is_refused_with_what_is_expected(name: str, value: str, words: str) -> None:
    network: nx.Graph[str] = nx.Graph()
    network.graph[name] = value
    network.add_node("a", quotes="id:q")
    with pytest.raises(NetworkError, match=words):
        _ = (data_sets(network), left_out(network), quotes(network, network.nodes["a"]))
