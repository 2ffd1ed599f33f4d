"""The layout "chain": the only place that puts upstream left of downstream."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from chaingraph.errors import NetworkError
from chaingraph.layout import arrangement as placing
from chaingraph.layout.arrangement import GAP, Arrangement, Line, Points, Request
from chaingraph.layout.communities.packing import rows_below
from chaingraph.layout.layered.coordinates import Columns, in_columns
from chaingraph.layout.layered.crossings import Layered, fewer_crossings
from chaingraph.layout.layered.layer_assignment import Wishes, ranked
from chaingraph.metrics.supply_chain.upstreamness import SEGMENTS

FLOWS = frozenset({"inputOf", "broader", "precedes", "supplies", "suppliesTo"})
"""Relations along which something flows from source to target; a network that names no relation flows along all."""
BESIDE = frozenset({"stage", "holds"})
"""Relations to a stage: what is at it, or holds it, stands by it."""

Pair = tuple[int, int]


class Flow(NamedTuple):
    """What of a network has a direction, by numbers of nodes."""

    ties: list[Pair]
    beside: list[Pair]
    segments: dict[int, int]
    placed: list[int]


def in_layers(request: Request) -> Arrangement:
    """Lay the network out from upstream on the left to downstream on the right, with few crossings.

    Sugiyama, Tagawa, Toda (1981, IEEE Trans. SMC 11: 109-125): outside cycles each tie runs from left to right; what
    lies on a cycle stands in a ring in one layer. Nodes of a segment stand in its band, and what is at a stage stands
    by it, as far as ties allow. What has no direction stands in rows below.

    Raises:
        NetworkError: The network is undirected, or nothing in it has a direction.
    """
    if not request.network.is_directed():
        message = (
            "the layout 'chain' needs directed ties and this network is undirected; "
            "lay out the projection 'chain', 'supply' or 'whole', or choose the layout 'communities'"
        )
        raise NetworkError(message)
    nodes = request.nodes()
    if not nodes:
        return Arrangement({})
    flow = read(request.network, nodes)
    sizes = request.sizes(nodes)
    unit = float(sizes.mean())
    home, units = _units(flow, len(nodes))
    ties = sorted({(home[u], home[v]) for u, v in flow.ties if home[u] != home[v]})
    beside = sorted({(home[u], home[v]) for u, v in flow.beside if home[u] != home[v]})
    segments = {home[node]: segment for node, segment in flow.segments.items() if len(units[home[node]]) == 1}
    rank, bands = ranked(len(units), ties, Wishes(beside, segments))
    layered = _layered(
        rank, [*ties, *((u, v) if rank[u] < rank[v] else (v, u) for u, v in beside if rank[u] != rank[v])]
    )
    groups = _groups(len(units), [(u, v) for u, v in beside if rank[u] == rank[v]])
    layered = layered._replace(layers=fewer_crossings(layered, groups))
    rings = [_ring(members, flow.ties, sizes, GAP * unit) for members in units]
    reach = np.zeros(sum(map(len, layered.layers)))
    reach[: len(units)] = [radius for _, radius in rings]
    columns = in_columns(layered, reach, unit, len(units))
    points, circles = np.zeros((len(nodes), 2)), []
    for members, (ring, radius), centre in zip(units, rings, columns.points[: len(units)], strict=True):
        points[members] = ring + centre
        if len(members) > 1:
            circles.append((float(centre[0]), float(centre[1]), radius, len(members)))
    lines = _headings(columns, bands if len(bands) > 1 else None, reach, unit)
    rest = sorted(set(range(len(nodes))) - set(flow.placed))
    low, high = columns.points.min(axis=0) - reach.max(), columns.points.max(axis=0) + reach.max()
    points[rest] = rows_below(sizes[rest], (columns.extents[0][0], low[1]), (columns.extents[-1][1], high[1]), 3 * unit)
    return Arrangement(
        placing.positions(request.network, nodes, points),
        placing.circles(circles),
        lines,
        {"no_direction": len(rest)} if rest else {},
    )


def read(network: nx.Graph[Any], nodes: list[Hashable]) -> Flow:
    """Return the directed ties, what stands by what, and the segments; raises NetworkError if there is nothing."""
    number = {node: index for index, node in enumerate(nodes)}
    found = [(number[u], number[v], data.get("relation")) for u, v, data in network.edges(data=True) if u != v]
    named = any(relation is not None for *_, relation in found)
    industries = {number[node] for node, data in network.nodes(data=True) if data.get("type") == "Industry"}
    ties = sorted({(u, v) for u, v, name in found if (name in FLOWS or not named) and not {u, v} <= industries})
    beside = sorted({(u, v) for u, v, name in found if name in BESIDE})
    segments = {
        number[node]: SEGMENTS.index(data["segment"])
        for node, data in network.nodes(data=True)
        if data.get("segment") in SEGMENTS
    }
    placed = {node for tie in ties for node in tie} | set(segments)
    if not placed:
        message = (
            "the layout 'chain' needs ties that run from upstream to downstream "
            f"({', '.join(sorted(FLOWS))}) or nodes with a 'segment', and this network has neither; "
            "lay out the projection 'chain', 'supply' or 'whole', or choose the layout 'communities'"
        )
        raise NetworkError(message)
    near = nx.Graph(beside)
    for component in nx.connected_components(near):
        if placed & component:
            placed |= component
    beside = [(u, v) for u, v in beside if u in placed]
    return Flow(ties, beside, segments, sorted(placed))


def _units(flow: Flow, count: int) -> tuple[dict[int, int], list[list[int]]]:
    """The strongly connected components of what is placed, in the order of their first nodes."""
    tails = [u for u, _ in flow.ties]
    heads = [v for _, v in flow.ties]
    matrix = sp.csr_array((np.ones(len(tails)), (tails, heads)), shape=(count, count))
    labels = connected_components(matrix, directed=True, connection="strong")[1].tolist()
    members: dict[int, list[int]] = {}
    for node in flow.placed:
        members.setdefault(labels[node], []).append(node)
    units = list(members.values())
    return {node: index for index, unit in enumerate(units) for node in unit}, units


def _layered(rank: NDArray[np.int64], ties: list[Pair]) -> Layered:
    """Items by layer; a tie over several layers passes places of its own, shared by all long ties of its source."""
    layers: list[list[int]] = [[] for _ in range(int(rank.max()) + 1)]
    for unit, number in enumerate(rank.tolist()):
        layers[number].append(unit)
    between: list[set[Pair]] = [set() for _ in layers[1:]]
    passing: dict[Pair, int] = {}
    for tail, head in ties:
        end = tail
        for number in range(int(rank[tail]) + 1, int(rank[head])):
            place = passing.setdefault((tail, number), len(rank) + len(passing))
            between[number - 1].add((end, place))
            end = place
        between[int(rank[head]) - 1].add((end, head))
    for (_, number), place in passing.items():
        layers[number].append(place)
    return Layered(layers, [sorted(pairs) for pairs in between])


def _groups(count: int, pairs: list[Pair]) -> dict[int, int]:
    graph = nx.Graph(pairs)
    return {item: min(component) for component in nx.connected_components(graph) for item in component}


def _ring(members: list[int], ties: list[Pair], sizes: Points, gap: float) -> tuple[Points, float]:
    """The places of a cycle's nodes around (0, 0), in the direction of the cycle, and the radius of all."""
    if len(members) == 1:
        return np.zeros((1, 2)), float(sizes[members[0]])
    held = set(members)
    after: dict[int, list[int]] = {}
    for u, v in ties:
        if u in held and v in held:
            after.setdefault(u, []).append(v)
    way = [members[0]]
    left = set(members[1:])
    while left:
        way.append(min((node for node in after.get(way[-1], []) if node in left), default=min(left)))
        left.discard(way[-1])
    largest = float(sizes[members].max())
    radius = (largest + gap / 2) / np.sin(np.pi / len(members))
    angles = {node: 2 * np.pi * index / len(members) - np.pi / 2 for index, node in enumerate(way)}
    turn = np.array([angles[node] for node in members])
    return radius * np.column_stack([np.cos(turn), np.sin(turn)]), float(radius) + largest


def _headings(
    columns: Columns, bands: Mapping[int, tuple[int, int]] | None, reach: Points, unit: float
) -> tuple[Line, ...]:
    """The segments above their bands with a line between two, or an arrow if there are fewer than two."""
    margin = float(reach.max()) + 3 * unit
    top, bottom = float(columns.points[:, 1].min()) - margin, float(columns.points[:, 1].max()) + margin
    extents = columns.extents
    if bands is None:
        start, stop = extents[0][0], extents[-1][1]
        head = ((stop - unit, top - 0.6 * unit), (stop, top), (stop - unit, top + 0.6 * unit))
        return (
            Line(((start, top), (stop, top))),
            Line(head),
            Line(((start, top),), SEGMENTS[0]),
            Line(((stop, top),), SEGMENTS[2]),
        )
    lines = []
    for segment, (first, last) in sorted(bands.items()):
        start, stop = extents[first][0], extents[last][1]
        lines.append(Line(((start + unit, top), (stop - unit, top))))
        lines.append(Line((((start + stop) / 2, top),), SEGMENTS[segment]))
        if segment != min(bands):
            lines.append(Line(((start, top), (start, bottom))))
    return tuple(lines)
