"""Communities of a large network as single nodes: the only place that decides from what size on, and what they hold."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import networkx as nx
import numpy as np

from chaingraph import layout as layouts
from chaingraph.languages import LANGUAGES
from chaingraph.webpage import attributes as records
from chaingraph.webpage.attributes import Record
from chaingraph.webpage.sizes import LARGEST_RADIUS

ALL_DRAWN = 3_000
"""Up to this number of nodes all are drawn at once; beyond, communities open on a click."""
ALL_HELD = 30_000
"""Beyond this number of nodes the page holds the communities only."""
OUTSIDE = -1
"""The home of a node that stands in no circle: isolates, pairs, and the smallest of too many communities."""
_PAIRS_EACH = 2
_SPREAD = 2.2
"""How much farther apart the discs stand that cannot be opened: room for names and ties."""
_FILLED = 0.92
"""Radius of a closed community's disc over that of its circle, for the one that has least room."""

Circles = Sequence[tuple[float, float, float, int]]


def homes(nodes: Sequence[Hashable], arranged: layouts.Arrangement) -> list[int]:
    """Return the number of the circle that each node stands in; -1 where it stands in none.

    >>> pairs = layouts.Arrangement({"a": (0.0, 0.0), "b": (9.0, 0.0)}, ((0.0, 1.0, 2.0, 1),))
    >>> homes(["a", "b"], pairs)
    [0, -1]
    """
    if not nodes or not arranged.circles:
        return [OUTSIDE] * len(nodes)
    points = np.array([arranged.positions[node] for node in nodes])
    found = np.full(len(nodes), OUTSIDE)
    for number, (x, y, radius, _) in enumerate(arranged.circles):
        found[np.hypot(points[:, 0] - x, points[:, 1] - y) <= radius] = number
    return [int(home) for home in found]


def hub_of_each(
    network: nx.Graph[Any], nodes: Sequence[Hashable], where: Sequence[int]
) -> dict[int, tuple[Hashable, int]]:
    """Return the best-connected node of each home and how many nodes it has; of equals the first by name."""
    found: dict[int, tuple[Hashable, int]] = {}
    for node, home in zip(nodes, where, strict=True):
        held, count = found.get(home, (node, 0))
        found[home] = (node if network.degree(node) > network.degree(held) else held, count + 1)
    return dict(sorted(found.items(), key=lambda entry: (entry[0] == OUTSIDE, entry[0])))


def overview(network: nx.Graph[Any], nodes: Sequence[Hashable], arranged: layouts.Arrangement) -> Record | None:
    """Return where each node is at home and a disc a community; None for a network that is drawn as a whole.

    A disc has its place, ``radius`` of the circle that its nodes take up, and ``hub``, the number of its best-connected
    node. ``scale`` times the square root of a number of nodes is the radius of a closed disc; no two overlap. The last
    disc may stand for all that is outside of circles (``outside``).
    """
    if len(nodes) <= ALL_DRAWN or len(arranged.circles) < 2:
        return None
    where = homes(nodes, arranged)
    hubs = hub_of_each(network, nodes, where)
    number = {node: index for index, node in enumerate(nodes)}
    scale = _scale(arranged.circles)
    discs: list[Record] = []
    for home, (hub, count) in hubs.items():
        if home == OUTSIDE:
            discs.append(_outer_disc(arranged.circles, scale * math.sqrt(count)) | {"hub": number[hub]})
        else:
            x, y, radius, _ = arranged.circles[home]
            discs.append({"x": round(x, 1), "y": round(y, 1), "radius": round(radius, 1), "hub": number[hub]})
    order = {home: index for index, home in enumerate(hubs)}
    return {"homes": [order[home] for home in where], "discs": discs, "scale": round(scale, 4)}


def _scale(circles: Circles) -> float:
    return _FILLED * min(radius / math.sqrt(count) for _, _, radius, count in circles)


def _outer_disc(circles: Circles, radius: float) -> Record:
    """Beside the map, where nothing else stands."""
    right = max(x + reach for x, _, reach, _ in circles)
    bottom = max(y + reach for _, y, reach, _ in circles)
    place = {"x": round(right + radius, 1), "y": round(bottom - radius, 1), "radius": round(radius, 1)}
    return place | {"outside": True}


def is_by_community(network: nx.Graph[Any], colour: str) -> bool:
    """Whether colours show the communities of the layout: no node has an attribute of that name."""
    return colour == "community" and not any(colour in held for _, held in network.nodes(data=True))


def community_colours(
    network: nx.Graph[Any], nodes: Sequence[Hashable], arranged: layouts.Arrangement
) -> tuple[list[Record], dict[Hashable, int]]:
    """Return a legend entry a community, largest first, and the entry of each node.

    Communities beyond the palette share one entry, and so do the nodes outside of communities.
    """
    where, hues, words = homes(nodes, arranged), records.words()["hues"], records.words()["community"]
    sizes = Counter(home for home in where if home != OUTSIDE)
    ranked = sorted(sizes, key=lambda home: (-sizes[home], home))
    hubs = hub_of_each(network, nodes, where)
    entries: list[Record] = []
    for home, hue in zip(ranked, hues, strict=False):
        hub = hubs[home][0]
        names = zip(LANGUAGES, records.names(hub, network.nodes[hub]), strict=True)
        entry = {one: words[one]["short"].format(name=name) for one, name in names}
        entries.append(entry | {"hue": hue, "shape": "circle", "count": sizes[home]})
    number = {home: min(rank, len(hues)) for rank, home in enumerate(ranked)}
    smaller = sum(sizes[home] for home in ranked[len(hues) :])
    for kind, count in (("smaller", smaller), ("none", where.count(OUTSIDE))):
        if count:
            texts = {one: words[one][kind].format(count=len(ranked) - len(hues)) for one in LANGUAGES}
            entries.append(texts | {"hue": -1, "shape": "circle", "count": count})
    number[OUTSIDE] = len(entries) - 1
    return entries, {node: number[home] for node, home in zip(nodes, where, strict=True)}


def condensed(
    network: nx.Graph[Any], nodes: Sequence[Hashable], arranged: layouts.Arrangement, colour: str
) -> tuple[nx.Graph[str], layouts.Arrangement]:
    """Return a network of the communities, and where they stand.

    A node is a community: it has the identifier of its best-connected node, ``nodes`` and ``ties_inside`` count what
    is in it, and its class and what ``colour`` names are those of most of its nodes. The edge attribute ``ties`` counts
    the ties between two communities; of these pairs, the two strongest of each community are kept. Direction is not.
    """
    where = homes(nodes, arranged)
    home_of = dict(zip(nodes, where, strict=True))
    hubs = hub_of_each(network, nodes, where)
    between = Counter((min(home_of[u], home_of[v]), max(home_of[u], home_of[v])) for u, v in network.edges())
    members: dict[int, list[Hashable]] = {home: [] for home in hubs}
    for node, home in home_of.items():
        members[home].append(node)
    made: nx.Graph[str] = nx.Graph()
    made.graph.update(network.graph)
    scale = _scale(arranged.circles)
    places: dict[Hashable, tuple[float, float]] = {}
    names: dict[int, str] = {}
    for home, (hub, count) in hubs.items():
        names[home] = records.text(hub)
        held = {name: _most(network, members[home], name) for name in ("type", colour)}
        made.add_node(
            names[home],
            **{name: value for name, value in held.items() if value is not None},
            **_labels(hub, network.nodes[hub], count, home),
            nodes=count,
            ties_inside=between[home, home],
        )
        disc = _outer_disc(arranged.circles, scale * math.sqrt(count)) if home == OUTSIDE else None
        places[names[home]] = (disc["x"], disc["y"]) if disc else arranged.circles[home][:2]
    for one, other in _strongest(between):
        made.add_edge(names[one], names[other], ties=between[one, other])
    largest = max(count for _, count in hubs.values())
    shrunk = _SPREAD * LARGEST_RADIUS / (scale * math.sqrt(largest))
    places = {name: (x * shrunk, y * shrunk) for name, (x, y) in places.items()}
    return made, layouts.Arrangement(places, ())


def _strongest(between: Mapping[tuple[int, int], int]) -> list[tuple[int, int]]:
    """The pairs that are among the strongest of either community."""
    pairs: dict[int, list[tuple[int, int]]] = {}
    for pair in sorted((pair for pair in between if pair[0] != pair[1]), key=lambda pair: (-between[pair], pair)):
        for home in pair:
            pairs.setdefault(home, []).append(pair)
    return sorted({pair for held in pairs.values() for pair in held[:_PAIRS_EACH]})


def _most(network: nx.Graph[Any], members: Sequence[Hashable], name: str) -> object:
    """The value that most of the nodes have; of equals the first by its text."""
    counted = Counter(network.nodes[node].get(name) for node in members)
    return min(counted, key=lambda value: (-counted[value], str(value)))


def _labels(hub: Hashable, attributes: Mapping[str, Any], count: int, home: int) -> dict[str, str]:
    words = records.words()["community"]
    kind = "outside" if home == OUTSIDE else "short" if count > 1 else "single"
    name = records.names(hub, attributes)
    return {
        f"label_{language}": words[language][kind].format(name=one, count=f"{count:,}")
        for language, one in zip(LANGUAGES, name, strict=True)
    }
