"""A network with more of what is around some of its nodes: what a reader gets who expands a node of a served page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import networkx as nx

from chaingraph.errors import UsageError, excerpt
from chaingraph.messages import tr
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_NEIGHBOURS = 40
"""Neighbours that one expansion adds; the rest is counted among what is left out."""


_BEYOND = "neighbours beyond the limit of an expansion"


def expanded(network: nx.Graph[str], whole: nx.MultiDiGraph[str], nodes: Sequence[str]) -> nx.Graph[str]:
    """Return a network with the neighbours of some things in the whole graph, and the ties between these and them.

    Things that lead or are led come first, then those with most ties. Two nodes that have a tie get no other. What is
    left out is counted.

    Args:
        network: The network; it is not changed.
        whole: The network of all things.
        nodes: The things, by IRI or short name; one that is not in the network is added.

    Raises:
        UsageError: The whole graph has no such thing.
    """
    result: nx.Graph[str] = nx.MultiDiGraph(network) if network.is_directed() else nx.MultiGraph(network)
    omitted = 0
    for name in nodes:
        node = short_name(name)
        if node not in whole:
            message = tr(
                "no thing of the graph is '{centre}'; expected the IRI or short name of one", centre=excerpt(name, 200)
            )
            raise UsageError(message)
        neighbours = _neighbours(whole, node)
        known = [one for one in neighbours if one in result]
        others = [one for one in neighbours if one not in result]
        omitted += max(0, len(others) - MOST_NEIGHBOURS)
        for one in (node, *others[:MOST_NEIGHBOURS]):
            if one not in result:
                result.add_node(one, **whole.nodes[one])
        _add_ties(result, whole, node, [*known, *others[:MOST_NEIGHBOURS]])
    # Nodes without a mode stand among nodes that have one: the page then lays out by communities.
    for _, attributes in result.nodes(data=True):
        attributes.pop("bipartite", None)
    result.graph["quotes"] = json.dumps(_mapping(whole, "quotes") | _mapping(network, "quotes"), ensure_ascii=False)
    if omitted:
        result.graph["left_out"] = json.dumps(_mapping(network, "left_out") | {_BEYOND: omitted})
    return result


def _neighbours(whole: nx.MultiDiGraph[str], node: str) -> list[str]:
    neighbours = {*whole.successors(node), *whole.predecessors(node)} - {node}
    return sorted(neighbours, key=lambda one: (not _leads(whole, node, one), -whole.degree(one), one))


def _leads(whole: nx.MultiDiGraph[str], node: str, other: str) -> bool:
    ties = (*(whole.get_edge_data(node, other) or {}).values(), *(whole.get_edge_data(other, node) or {}).values())
    return any(tie.get("relation") == "leads" for tie in ties)


def _add_ties(result: nx.Graph[str], whole: nx.MultiDiGraph[str], node: str, others: Sequence[str]) -> None:
    for other in others:
        if result.has_edge(node, other) or result.has_edge(other, node):
            continue
        for source, target in ((node, other), (other, node)):
            for attributes in (whole.get_edge_data(source, target) or {}).values():
                result.add_edge(source, target, **attributes)


def _mapping(network: nx.Graph[Any], name: str) -> dict[str, Any]:
    """Return an attribute of a network that is the JSON of a mapping, or a mapping; empty where it has none."""
    value = network.graph.get(name) or {}
    return dict(json.loads(value) if isinstance(value, str) else value)
