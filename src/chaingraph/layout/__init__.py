"""Layouts: from a networkx graph to the positions of its nodes on a map."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import networkx as nx

from chaingraph.arrays import ArrayNetwork, node_items, tie_items
from chaingraph.errors import NetworkError, did_you_mean
from chaingraph.layout.arrangement import (
    OUTSIDE,
    Arrangement,
    Circle,
    CommunityCircles,
    Layout,
    Line,
    Point,
    Request,
)
from chaingraph.layout.communities import circles
from chaingraph.layout.communities.circles import community_layout
from chaingraph.layout.layered.layers import layered_layout
from chaingraph.layout.map.geography import geographic_layout
from chaingraph.layout.two_mode import two_mode_layout
from chaingraph.messages import tr

__all__ = [
    "LAYOUTS",
    "OUTSIDE",
    "Arrangement",
    "Circle",
    "CommunityCircles",
    "Line",
    "arrangement",
    "communities",
    "community_circles",
]

LAYOUTS: dict[str, Layout] = {
    "communities": community_layout,
    "chain": layered_layout,
    "map": geographic_layout,
    "two-mode": two_mode_layout,
}

_ATTRIBUTES_READ = ("latitude", "longitude", "segment", "bipartite", "type")
_CACHE_SIZE = 4
_CACHE: WeakKeyDictionary[nx.Graph[Any] | ArrayNetwork, dict[Hashable, Arrangement]] = WeakKeyDictionary()


def communities(
    network: nx.Graph[Any] | ArrayNetwork,
    *,
    seed: int = 0,
    groups: Mapping[Hashable, Hashable] | None = None,
    radii: Mapping[Hashable, float] | None = None,
) -> dict[Hashable, Point]:
    """Give each node a position such that each community is in a circle of its own.

    Communities are found by Leiden (Traag, Waltman and van Eck 2019, Sci. Rep. 9: 5233) on the undirected simple
    version of the graph, laid out by stress majorization (Gansner, Koren, North 2005, LNCS 3383), and packed around the
    best connected one. Isolates and pairs are in rings around them. The unit is that of the radii; y grows downwards.

    Args:
        network: Any networkx graph; it is not changed.
        seed: Seed of Leiden and of the first guess: the same seed and graph give the same positions, in whatever
            order nodes and edges were added.
        groups: The group of each node, instead of communities; a node without one goes to the rim.
        radii: The radius of each node, 1 where missing: no two nodes overlap.

    Example:
        >>> communities(nx.Graph([("a", "b")]))
        {'a': (-1.65, 0.0), 'b': (1.65, 0.0)}
    """
    return arrangement(network, seed=seed, groups=groups, radii=radii).positions


def community_circles(
    network: nx.Graph[Any] | ArrayNetwork, *, seed: int = 0, groups: Mapping[Hashable, Hashable] | None = None
) -> CommunityCircles:
    """Return the communities of a network too large to show its nodes, each as a circle; see :func:`communities`.

    >>> community_circles(nx.path_graph(3)).homes
    {0: 0, 1: 0, 2: 0}
    """
    return circles.community_circles(Request(network, seed, groups or {}, {}))


def arrangement(
    network: nx.Graph[Any] | ArrayNetwork,
    *,
    layout: str = "communities",
    seed: int = 0,
    groups: Mapping[Hashable, Hashable] | None = None,
    radii: Mapping[Hashable, float] | None = None,
) -> Arrangement:
    """Lay the network out by the layout of that name; the layouts of a frozen network are cached.

    Args:
        network: Any networkx graph; it is not changed.
        layout: ``communities``: see :func:`communities`. ``chain``: upstream to downstream in layers from left to
            right, of a network with directed ties. ``map``: nodes at their ``latitude`` and ``longitude`` (degrees).
            ``two-mode``: consortia or projects in the middle of their members.
        seed: Seed of all random numbers: the same seed and network give the same positions.
        groups: The group of each node; only ``communities`` reads it.
        radii: The radius of each node, 1 where missing.

    Raises:
        NetworkError: There is no such layout, or the network lacks what it needs.
    """
    if layout not in LAYOUTS:
        message = tr(
            "there is no layout {layout!r}; choose one of: {layouts}", layout=layout, layouts=", ".join(sorted(LAYOUTS))
        )
        raise NetworkError(message + did_you_mean(layout, LAYOUTS))
    request = Request(network, seed, groups or {}, radii or {})
    if not (isinstance(network, ArrayNetwork) or nx.is_frozen(network)):
        return LAYOUTS[layout](request)
    cache = _CACHE.setdefault(network, {})
    key = (
        layout,
        seed,
        _values(network, request.groups),
        _values(network, request.radii),
        *_attributes(network, layout),
    )
    if key not in cache:
        while len(cache) >= _CACHE_SIZE:
            del cache[next(iter(cache))]
        cache[key] = LAYOUTS[layout](request)
    return cache[key]._replace(positions=dict(cache[key].positions))


def _values(network: nx.Graph[Any] | ArrayNetwork, values: Mapping[Hashable, Hashable]) -> tuple[Hashable, ...]:
    return tuple(values.get(node) for node in network) if values else ()


def _attributes(network: nx.Graph[Any] | ArrayNetwork, layout: str) -> tuple[Hashable, ...]:
    """What a layout reads besides the ties: freezing a network does not freeze its attributes."""
    if layout == "communities":
        return ()
    nodes = tuple(str(data.get(name)) for _, data in node_items(network) for name in _ATTRIBUTES_READ)
    return nodes, tuple(str(data.get("relation")) for *_, data in tie_items(network))
