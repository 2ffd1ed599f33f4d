"""The ties of a page: each edge of the network, in an order that does not depend on how the network was built."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import networkx as nx

from chaingraph.webpage.attributes import Attributes, attribute_rows, is_lead, quotes_of, relation_of
from chaingraph.webpage.model import Relation, Tie
from chaingraph.webpage.shared_values import SharedRecords


def ties_of(
    network: nx.Graph[Any], nodes: Sequence[Hashable], shared: SharedRecords
) -> tuple[tuple[Tie, ...], tuple[Relation, ...], tuple[int, ...]]:
    """Return the ties, the relations that they refer to, and the weight of each tie.

    Parallel edges are ties of their own. The ends of an undirected tie are in the order of the nodes.

    Args:
        network: The network.
        nodes: Its nodes in the order of the page.
        shared: The attributes and quotes of the page; those of the ties are added.
    """
    position = {node: index for index, node in enumerate(nodes)}
    edges = []
    for source, target, key, attributes in _keyed_edges(network):
        ends = (position[source], position[target])
        if not network.is_directed():
            ends = (min(ends), max(ends))
        relation = relation_of(attributes)
        name = (relation.key, *relation.name.values()) if relation else ()
        edges.append((ends, name, str(key), relation, attributes))
    edges.sort(key=lambda edge: edge[:3])
    relations: dict[tuple[str, ...], Relation] = {}
    # Many ties have the same attributes; by their text, which tells 1 from True.
    positions: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}
    ties = []
    for ends, name, _, relation, attributes in edges:
        if relation:
            relations.setdefault(name, relation)
        number = list(relations).index(name) if relation else None
        text = repr(attributes)
        if text not in positions:
            rows = shared.attributes.positions(attribute_rows(attributes))
            positions[text] = (rows, shared.quotes.positions(quotes_of(network, attributes)))
        ties.append(Tie(*ends, number, *positions[text], leads=is_lead(attributes)))
    return tuple(ties), tuple(relations.values()), tuple(_weight(attributes) for *_, attributes in edges)


def _keyed_edges(network: nx.Graph[Any]) -> Iterator[tuple[Hashable, Hashable, Hashable, Attributes]]:
    if isinstance(network, nx.MultiGraph):
        yield from network.edges(data=True, keys=True)
    else:
        for source, target, attributes in network.edges(data=True):
            yield source, target, "", attributes


def _weight(attributes: Mapping[str, object]) -> int:
    """What the tie counts: its first positive whole number by name."""
    counts = [value for _, value in sorted(attributes.items()) if type(value) is int and value > 0]
    return counts[0] if counts else 1
