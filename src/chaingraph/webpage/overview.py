"""Communities of a large network as discs: which node belongs to which, and the places of the discs."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

from chaingraph.layout import OUTSIDE, Arrangement, Circle
from chaingraph.webpage.model import Disc, Overview
from chaingraph.webpage.words import words

OVERVIEW_FROM = 3_000
"""Up to this number of nodes all are drawn at once; beyond, communities open on a click."""
MOST_NODES = 30_000
"""Beyond this number of nodes the page has the communities only."""
_FILL = 0.92
"""Radius of a closed community's disc over that of its circle, for the one that has least room."""


class Hub(NamedTuple):
    """The best-connected node of a community, and the number of nodes of the community."""

    node: Hashable
    size: int


def homes(nodes: Sequence[Hashable], arrangement: Arrangement) -> list[int]:
    """Return the number of the circle that each node is in; -1 where it is in none.

    >>> pairs = Arrangement({"a": (0.0, 0.0), "b": (9.0, 0.0)}, ((0.0, 1.0, 2.0, 1),))
    >>> homes(["a", "b"], pairs)
    [0, -1]
    """
    if not nodes or not arrangement.circles:
        return [OUTSIDE] * len(nodes)
    points = np.array([arrangement.positions[node] for node in nodes])
    numbers = np.full(len(nodes), OUTSIDE)
    for number, (x, y, radius, _) in enumerate(arrangement.circles):
        numbers[np.hypot(points[:, 0] - x, points[:, 1] - y) <= radius] = number
    return [int(number) for number in numbers]


def hubs(network: nx.Graph[Any], nodes: Sequence[Hashable], numbers: Sequence[int]) -> dict[int, Hub]:
    """Return the best-connected node of each circle; of equals the first by name. ``OUTSIDE`` comes last.

    A region or an industry is one only where a circle has nothing else.
    """
    background = {name for name, entry in words()["classes"].items() if entry.get("background")}

    def rank(node: Hashable) -> tuple[bool, int]:
        return network.nodes[node].get("type") not in background, network.degree(node)

    best: dict[int, Hub] = {}
    for node, number in zip(nodes, numbers, strict=True):
        hub, count = best.get(number, Hub(node, 0))
        best[number] = Hub(node if rank(node) > rank(hub) else hub, count + 1)
    return dict(sorted(best.items(), key=lambda entry: (entry[0] == OUTSIDE, entry[0])))


def overview(network: nx.Graph[Any], nodes: Sequence[Hashable], arrangement: Arrangement) -> Overview | None:
    """Return the communities that a large network opens with; None for a network that is drawn as a whole."""
    if len(nodes) <= OVERVIEW_FROM or len(arrangement.circles) < 2:
        return None
    numbers = homes(nodes, arrangement)
    best = hubs(network, nodes, numbers)
    index = {node: position for position, node in enumerate(nodes)}
    scale = disc_scale(arrangement.circles)
    discs: list[Disc] = []
    for number, (hub, count) in best.items():
        if number == OUTSIDE:
            radius = scale * math.sqrt(count)
            x, y = outside_place(arrangement.circles, radius)
            discs.append(Disc(x, y, round(radius, 1), index[hub], outside=True))
        else:
            x, y, radius, _ = arrangement.circles[number]
            discs.append(Disc(round(x, 1), round(y, 1), round(radius, 1), index[hub]))
    order = {number: position for position, number in enumerate(best)}
    return Overview(tuple(order[number] for number in numbers), tuple(discs), round(scale, 4))


def disc_scale(circles: Sequence[Circle]) -> float:
    """Return what the square root of a number of nodes is multiplied by to be a radius at which no discs overlap."""
    return _FILL * min((radius / math.sqrt(count) for _, _, radius, count in circles), default=1.0)


def outside_place(circles: Sequence[Circle], radius: float) -> tuple[float, float]:
    """Return the place of the disc of the nodes in no circle: on the right of the map, where nothing else is."""
    right = max((x + reach for x, _, reach, _ in circles), default=0.0)
    bottom = max((y + reach for _, y, reach, _ in circles), default=0.0)
    return round(right + radius, 1), round(bottom - radius, 1)
