"""networkx graph -> positions: the only place that decides where a node stands on a map."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import cKDTree

from chaingraph.errors import NetworkError
from chaingraph.packing import Disc, Point, Points, border, packed, rim_places, turned_towards_ties

GAP = 1.3
"""Clear space between two nodes, in mean node radii."""
LARGEST_DENSE = 600
"""A community of more nodes is split again: the stress model needs all distances."""
MOST_DISCS = 150
"""Communities beyond this number, smallest first, go to the rim."""
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


class Arrangement(NamedTuple):
    """Positions, and the circles (x, y, radius, number of nodes) that hold the communities, largest first."""

    positions: dict[Hashable, Point]
    circles: list[tuple[float, float, float, int]]


def communities(
    network: nx.Graph[Any],
    *,
    seed: int = 0,
    groups: Mapping[Hashable, Hashable] | None = None,
    radii: Mapping[Hashable, float] | None = None,
) -> dict[Hashable, Point]:
    """Give each node a position such that communities stand apart, each in a circle of its own.

    Communities are found by Louvain (Blondel et al. 2008, J. Stat. Mech. P10008) on the undirected simple version of
    the graph, laid out by stress majorization (Gansner, Koren, North 2005, LNCS 3383), and packed around the best
    connected one. Isolates and pairs stand in rings around them. The unit is that of the radii; y grows downwards.

    Args:
        network: Any networkx graph; it is not changed.
        seed: Seed of Louvain and of the first guess: the same seed and graph give the same positions, in whatever
            order nodes and edges were added.
        groups: The group of each node, instead of communities; a node without one goes to the rim.
        radii: The radius of each node, 1 where missing: no two nodes overlap.

    Example:
        >>> communities(nx.Graph([("a", "b")]))
        {'a': (-1.65, 0.0), 'b': (1.65, 0.0)}
    """
    return arrangement(network, seed=seed, groups=groups, radii=radii).positions


def arrangement(
    network: nx.Graph[Any],
    *,
    layout: str = "communities",
    seed: int = 0,
    groups: Mapping[Hashable, Hashable] | None = None,
    radii: Mapping[Hashable, float] | None = None,
) -> Arrangement:
    """Lay the network out by the layout of that name; raises NetworkError naming those that exist."""
    if layout not in LAYOUTS:
        message = f"there is no layout {layout!r}; choose one of: {', '.join(sorted(LAYOUTS))}"
        raise NetworkError(message)
    return LAYOUTS[layout](network, seed, groups or {}, radii or {})


def _in_communities(
    network: nx.Graph[Any], seed: int, groups: Mapping[Hashable, Hashable], radii: Mapping[Hashable, float]
) -> Arrangement:
    # Numbers, not names: sets of strings iterate in another order in every process, and Louvain iterates over sets.
    nodes = sorted(network, key=str)
    number = {node: index for index, node in enumerate(nodes)}
    simple: nx.Graph[int] = nx.empty_graph(len(nodes))
    ends = ((number[u], number[v]) for u, v in network.edges())
    simple.add_edges_from(sorted({(min(u, v), max(u, v)) for u, v in ends if u != v}))
    sizes = np.array([radii.get(node, 1.0) for node in nodes], dtype=np.float64)
    if not nodes:
        return Arrangement({}, [])
    rng = np.random.default_rng(seed)
    names = [groups.get(node) for node in nodes] if groups else None
    large, small = _parts(simple, seed, names)
    gap = GAP * float(sizes.mean())
    discs = [_disc(simple, part, sizes, gap, rng, seed) for part in large]
    centres = turned_towards_ties(simple, discs, packed(simple, discs, gap * 1.6))
    rim = [_disc(simple, part, sizes, gap, rng, seed) for part in small]
    places = rim_places(rim, border(centres, [disc.radius for disc in discs]), gap)
    points = np.zeros((len(nodes), 2))
    for disc, centre in zip([*discs, *rim], [*centres, *places], strict=True):
        points[disc.members] = disc.points + centre
    circles = [
        (round(float(x), 6), round(float(y), 6), round(disc.radius, 6), len(disc.members))
        for disc, (x, y) in zip(discs, centres, strict=True)
    ]
    points = points.round(6) + 0.0
    spots = {node: (float(x), float(y)) for node, (x, y) in zip(nodes, points, strict=True)}
    return Arrangement({node: spots[node] for node in network}, sorted(circles, key=lambda circle: -circle[3]))


def _parts(
    simple: nx.Graph[int], seed: int, names: Sequence[Hashable] | None
) -> tuple[list[list[int]], list[list[int]]]:
    """What gets a circle, and what goes to the rim; both largest first."""
    if names is None:
        components = [sorted(component) for component in nx.connected_components(simple)]
        small = [component for component in components if len(component) < 3]
        held = simple.subgraph([node for component in components if len(component) >= 3 for node in component])
        large = _louvain(held, seed)
    else:
        by_name: dict[Hashable, list[int]] = {}
        for node, name in enumerate(names):
            by_name.setdefault(name, []).append(node)
        small = [[node] for node in by_name.pop(None, [])]
        large = list(by_name.values())
    large.sort(key=lambda part: (-len(part), part))
    small += large[MOST_DISCS:]
    return large[:MOST_DISCS], sorted(small, key=lambda part: (-len(part), part))


def _louvain(graph: nx.Graph[int], seed: int) -> list[list[int]]:
    if not graph:
        return []
    plain: nx.Graph[int] = nx.Graph()
    plain.add_nodes_from(sorted(graph))
    plain.add_edges_from(sorted((min(u, v), max(u, v)) for u, v in graph.edges()))
    return sorted(sorted(part) for part in nx.community.louvain_communities(plain, weight=None, seed=seed))


def _disc(
    simple: nx.Graph[int], members: list[int], sizes: Points, gap: float, rng: np.random.Generator, seed: int
) -> Disc:
    """One part laid out on its own, centred, without overlap."""
    if len(members) == 1:
        return Disc(members, np.zeros((1, 2)), float(sizes[members[0]]))
    if len(members) == 2:
        reach = float(sizes[members].sum() + gap) / 2
        return Disc(members, np.array([[-reach, 0.0], [reach, 0.0]]), reach + float(sizes[members].max()))
    if len(members) > LARGEST_DENSE:
        parts = _louvain(simple.subgraph(members), seed)
        if len(parts) > 1 and len(parts) <= MOST_DISCS:
            return _nested(simple, parts, sizes, gap, rng, seed)
        points = _sunflower(simple, members)
    else:
        points = _stress(simple, members, rng)
    return _settled(members, points, sizes[members], gap)


def _nested(
    simple: nx.Graph[int], parts: list[list[int]], sizes: Points, gap: float, rng: np.random.Generator, seed: int
) -> Disc:
    discs = [_disc(simple, part, sizes, gap, rng, seed) for part in sorted(parts, key=len, reverse=True)]
    centres = turned_towards_ties(simple, discs, packed(simple, discs, gap))
    members = [node for disc in discs for node in disc.members]
    points = np.vstack([disc.points + centre for disc, centre in zip(discs, centres, strict=True)])
    return Disc(members, points, float((np.hypot(*points.T) + sizes[members]).max()))


def _sunflower(simple: nx.Graph[int], members: list[int]) -> Points:
    """Hubs in the middle: for one dense mass that nothing divides."""
    rank = np.argsort(np.argsort([-simple.degree(node) for node in members], kind="stable"), kind="stable")
    radius, angle = np.sqrt(rank + 0.5), rank * GOLDEN_ANGLE
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _stress(simple: nx.Graph[int], members: list[int], rng: np.random.Generator) -> Points:
    """Positions whose distances come near the numbers of steps, by majorization from a classical scaling."""
    steps = shortest_path(nx.to_scipy_sparse_array(simple, nodelist=members, format="csr"), unweighted=True)
    finite = np.isfinite(steps)
    steps[~finite] = steps[finite].max() + 1
    count = len(members)
    centring = np.eye(count) - 1 / count
    values, vectors = np.linalg.eigh(-0.5 * centring @ (steps**2) @ centring)
    points = vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 1e-9)) + rng.normal(scale=0.15, size=(count, 2))
    np.fill_diagonal(steps, 1.0)
    weights = steps**-2.0
    np.fill_diagonal(weights, 0.0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.inv(laplacian[1:, 1:])
    for _ in range(40):
        distances = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
        pull = weights * steps / np.maximum(distances, 1e-9)
        target = pull.sum(axis=1)[:, None] * points - pull @ points
        points = np.vstack([np.zeros((1, 2)), inverse @ target[1:]])
    return np.asarray(points - points.mean(axis=0))


def _settled(members: list[int], points: Points, sizes: Points, gap: float) -> Disc:
    """Scaled so that the nodes have room, then pushed apart until none overlap."""
    points = _even(points, (sizes + gap) ** 2 / 0.62)
    angles = np.arange(len(points)) * GOLDEN_ANGLE
    points = points + 1e-3 * gap * np.column_stack([np.cos(angles), np.sin(angles)])
    for _ in range(120):
        first, second = cKDTree(points).query_pairs(2 * float(sizes.max()) + gap, output_type="ndarray").T
        apart = points[first] - points[second]
        distance = np.maximum(np.hypot(*apart.T), 1e-9)
        missing = sizes[first] + sizes[second] + gap - distance
        close = missing > 1e-3 * gap
        if not close.any():
            break
        push = apart[close] / distance[close, None] * (missing[close, None] * 0.52)
        np.add.at(points, first[close], push)
        np.add.at(points, second[close], -push)
    points = points - (points.max(axis=0) + points.min(axis=0)) / 2
    return Disc(members, points, float((np.hypot(*points.T) + sizes).max()) + gap * 0.6)


def _even(points: Points, areas: Points) -> Points:
    """Moved along their rays until each ring of the disc holds about as much as it has room for.

    Stress alone leaves a crowd around a hub and a few far points, which would make the circle large and empty.
    """
    points = points - points.mean(axis=0)
    distance = np.hypot(*points.T)
    order = np.argsort(distance, kind="stable")
    filled = np.zeros(len(points))
    filled[order] = np.sqrt(np.cumsum(areas[order]) - areas[order] / 2)
    wanted = 0.75 * filled + 0.25 * distance / (float(distance.max()) or 1.0) * math.sqrt(float(areas.sum()))
    return np.asarray(points * (wanted / np.maximum(distance, 1e-9))[:, None])


LAYOUTS: dict[
    str,
    Callable[[nx.Graph[Any], int, Mapping[Hashable, Hashable], Mapping[Hashable, float]], Arrangement],
] = {"communities": _in_communities}
