"""A network too large for one page as the network of its communities."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import networkx as nx

from chaingraph.languages import LANGUAGES
from chaingraph.layout import OUTSIDE, Arrangement, Circle, CommunityCircles
from chaingraph.webpage.attributes import clean_text, node_name
from chaingraph.webpage.legend import community_text
from chaingraph.webpage.overview import Hub, disc_scale, hubs, outside_place
from chaingraph.webpage.sizes import LARGEST_RADIUS

_PAIRS_EACH = 2
"""How many ties of each community are drawn."""
_SPREAD = 2.2
"""How much farther apart discs are that cannot be opened: room for names and ties."""


def community_network(
    network: nx.Graph[Any], nodes: Sequence[Hashable], circles: CommunityCircles, colour: str
) -> tuple[nx.Graph[str], Arrangement]:
    """Return a network of the communities, and their places.

    A node is a community: it has the identifier of its best-connected node, ``nodes`` and ``ties_inside`` count what
    is in it, and its class and what ``colour`` names are those of most of its nodes. The edge attribute ``ties`` counts
    the ties between two communities; of these pairs, the two strongest of each community are there. Direction is not.
    """
    home = circles.homes
    best = hubs(network, nodes, [home[node] for node in nodes])
    between = Counter((min(home[u], home[v]), max(home[u], home[v])) for u, v in network.edges())
    members: dict[int, list[Hashable]] = defaultdict(list)
    for node in nodes:
        members[home[node]].append(node)
    communities: nx.Graph[str] = nx.Graph()
    communities.graph.update(network.graph)
    identifiers = {number: clean_text(hub) for number, (hub, _) in best.items()}
    for number, hub in best.items():
        values = {name: _most_frequent(network, members[number], name) for name in ("type", colour)}
        communities.add_node(
            identifiers[number],
            **{name: value for name, value in values.items() if value is not None},
            **_labels(hub, network.nodes[hub.node], number),
            nodes=hub.size,
            ties_inside=between[number, number],
        )
    for one, other in _strongest(between):
        communities.add_edge(identifiers[one], identifiers[other], ties=between[one, other])
    places = _places(best, circles.circles)
    return communities, Arrangement({identifiers[number]: place for number, place in places.items()})


def _places(best: Mapping[int, Hub], circles: Sequence[Circle]) -> dict[int, tuple[float, float]]:
    """The places of the discs, in a unit in which the largest has the largest radius of a node."""
    scale = disc_scale(circles)
    places = {
        number: outside_place(circles, scale * math.sqrt(hub.size)) if number == OUTSIDE else circles[number][:2]
        for number, hub in best.items()
    }
    largest = max(hub.size for hub in best.values())
    unit = _SPREAD * LARGEST_RADIUS / (scale * math.sqrt(largest))
    return {number: (x * unit, y * unit) for number, (x, y) in places.items()}


def _strongest(between: Mapping[tuple[int, int], int]) -> list[tuple[int, int]]:
    """The pairs that are among the strongest of either community."""
    pairs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in sorted((pair for pair in between if pair[0] != pair[1]), key=lambda pair: (-between[pair], pair)):
        for number in pair:
            pairs[number].append(pair)
    return sorted({pair for strongest in pairs.values() for pair in strongest[:_PAIRS_EACH]})


def _most_frequent(network: nx.Graph[Any], members: Sequence[Hashable], name: str) -> object:
    """The value that most of the nodes have; of equals the first by its text."""
    counts = Counter(network.nodes[node].get(name) for node in members)
    return min(counts, key=lambda value: (-counts[value], str(value)))


def _labels(hub: Hub, attributes: Mapping[str, object], number: int) -> dict[str, str]:
    key = "outside" if number == OUTSIDE else "short" if hub.size > 1 else "single"
    text = community_text(key, node_name(hub.node, attributes), count=hub.size)
    return {f"label_{language}": text[language] for language in LANGUAGES}
