"""A measure is put on the nodes of a network once, whoever shows it."""

from __future__ import annotations

import networkx as nx
import pytest

from chaingraph.errors import NetworkError, UnknownTermError
from chaingraph.metrics import with_measure


def test_a_measure_is_put_on_a_copy_and_what_is_undefined_is_left_out_and_said() -> None:
    graph = nx.freeze(nx.disjoint_union(nx.path_graph(3), nx.empty_graph(1)))
    copy, notes = with_measure(graph, "constraint", missing="drawn small")
    assert dict(copy.nodes(data=True)) == {
        0: {"constraint": 1.0},
        1: {"constraint": 0.5},
        2: {"constraint": 1.0},
        3: {},
    }
    assert dict(graph.nodes(data=True)) == {0: {}, 1: {}, 2: {}, 3: {}}
    assert notes == ["constraint: an isolate has no ties; drawn small"]


def test_a_network_that_has_the_attribute_or_no_nodes_comes_back_as_it_is() -> None:
    graph = nx.path_graph(3)
    nx.set_node_attributes(graph, {1: 7.0}, "closeness")
    assert with_measure(graph, "closeness") == (graph, [])
    empty: nx.Graph[int] = nx.Graph()
    assert with_measure(empty, "closeness") == (empty, [])


def test_what_is_no_measure_and_what_is_none_of_this_network_is_refused() -> None:
    with pytest.raises(UnknownTermError, match="'closness' is unknown; did you mean closeness"):
        with_measure(nx.path_graph(3), "closness")
    with pytest.raises(NetworkError, match="ask for in_closeness or out_closeness"):
        with_measure(nx.DiGraph([(0, 1)]), "closeness")
