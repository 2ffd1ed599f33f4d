"""What every layout takes and returns: the request, and the arrangement of nodes and of what is drawn under them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple, TypeAlias

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from chaingraph.arrays import ArrayNetwork

Point: TypeAlias = tuple[float, float]
Points: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[np.integer]
Circle: TypeAlias = tuple[float, float, float, int]

GAP = 1.3
"""Clear space between two nodes, in mean node radii."""
OUTSIDE = -1
"""The number of the circle of a node that is in none: isolates, pairs, nodes of the smallest of many communities."""
ASPECT = 1.6
"""Width of the map over its height: screens are wide."""


class Line(NamedTuple):
    """A line under the nodes, with a label beyond its last point if there is one.

    The label is a text for every language, or the code of a segment of the chain. ``kind`` is ``coast`` or ``lakes`` of
    a line that shows these.
    """

    points: tuple[Point, ...]
    label: str = ""
    kind: str = ""


class Arrangement(NamedTuple):
    """The position of each node, and what is drawn under the nodes; y grows downwards.

    ``circles`` are x, y, radius and number of nodes, largest first. ``left_out`` counts, by reason, the nodes that the
    layout has no place for; they are below the others. ``swappable`` tells whether x and y may change places on an
    upright screen.
    """

    positions: dict[Hashable, Point]
    circles: tuple[Circle, ...] = ()
    lines: tuple[Line, ...] = ()
    left_out: Mapping[str, int] = {}
    swappable: bool = True


class CommunityCircles(NamedTuple):
    """Communities as circles: the number of the circle of each node, -1 where it is in none, and the circles.

    A circle is x, y, radius and number of nodes, largest first.
    """

    homes: Mapping[Hashable, int]
    circles: tuple[Circle, ...]


class Request(NamedTuple):
    """The network to lay out, with the options that all layouts share."""

    network: nx.Graph[Any] | ArrayNetwork
    seed: int
    groups: Mapping[Hashable, Hashable]
    radii: Mapping[Hashable, float]

    def nodes(self) -> list[Hashable]:
        """Return the nodes in an order that does not depend on how the network was built."""
        return sorted(self.network, key=lambda node: (str(node), repr(node)))

    def sizes(self, nodes: list[Hashable]) -> Points:
        """Return the radius of each of those nodes, 1 where none is given."""
        return np.array([self.radii.get(node, 1.0) for node in nodes], dtype=np.float64)


Layout: TypeAlias = Callable[[Request], Arrangement]


def positions(network: nx.Graph[Any] | ArrayNetwork, nodes: list[Hashable], points: Points) -> dict[Hashable, Point]:
    """Return the point of each node, in the order of the network, rounded to six digits."""
    rounded = points.round(6) + 0.0
    by_node = dict(zip(nodes, map(tuple, rounded.tolist()), strict=True))
    return {node: by_node[node] for node in network}


def circles(discs: list[Circle]) -> tuple[Circle, ...]:
    """Return circles rounded to six digits, largest number of nodes first."""
    rounded = [(round(x, 6) + 0.0, round(y, 6) + 0.0, round(radius, 6), count) for x, y, radius, count in discs]
    return tuple(sorted(rounded, key=lambda circle: -circle[3]))
