"""The layout "chain": a layered layout with upstream on the left and downstream on the right."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from chaingraph.arrays import ArrayNetwork, node_items, tie_items
from chaingraph.errors import NetworkError
from chaingraph.layout.arrangement import GAP, Arrangement, Line, Points, Request, circles, positions
from chaingraph.layout.communities.packing import row_positions
from chaingraph.layout.layered.coordinates import Coordinates, layer_coordinates
from chaingraph.layout.layered.crossings import Layered, crossing_reduction
from chaingraph.layout.layered.layer_assignment import Preferences, layer_assignment
from chaingraph.messages import tr
from chaingraph.metrics.supply_chain.upstreamness import SEGMENTS

FLOWS = frozenset({"inputOf", "broader", "precedes", "supplies", "suppliesTo"})
"""Relations along which something flows from source to target; a network that names no relation flows along all."""
SAME_LAYER = frozenset({"stage", "holds"})
"""Relations to a stage: a product of it, or an organization that holds it, should be in its layer."""

Pair = tuple[int, int]


class Flow(NamedTuple):
    """What of a network has a direction, by numbers of nodes.

    ``ties`` run downstream; ``same_layer`` are pairs that should be in one layer; ``segments`` are 0 (upstream) to 2;
    ``nodes`` are those that have a place in the layers.
    """

    ties: list[Pair]
    same_layer: list[Pair]
    segments: dict[int, int]
    nodes: list[int]


def layered_layout(request: Request) -> Arrangement:
    """Lay the network out from upstream on the left to downstream on the right, with few crossings.

    Sugiyama, Tagawa, Toda (1981, IEEE Trans. SMC 11: 109-125): outside cycles each tie runs from left to right; the
    nodes of a cycle form a ring in one layer. Nodes of a segment are in its band, and products and holders of a stage
    in its layer, as far as ties allow. Nodes without a direction are in rows below.

    Raises:
        NetworkError: The network is undirected, or nothing in it has a direction.
    """
    if not request.network.is_directed():
        message = tr(
            "the layout 'chain' needs directed ties and this network is undirected; lay out the "
            "projection 'chain', 'supply' or 'whole', or choose the layout 'communities'"
        )
        raise NetworkError(message)
    nodes = request.nodes()
    if not nodes:
        return Arrangement({})
    flow = flow_of(request.network, nodes)
    sizes = request.sizes(nodes)
    unit = float(sizes.mean())
    home, units = _units(flow, len(nodes))
    layered, bands = _order(flow, home, units)
    rings = [_ring(members, flow.ties, sizes, GAP * unit) for members in units]
    reach = np.zeros(sum(map(len, layered.layers)))
    reach[: len(units)] = [radius for _, radius in rings]
    coordinates = layer_coordinates(layered, reach, unit, len(units))
    points, outlines = np.zeros((len(nodes), 2)), []
    for members, (ring, radius), centre in zip(units, rings, coordinates.points[: len(units)], strict=True):
        points[members] = ring + centre
        if len(members) > 1:
            outlines.append((float(centre[0]), float(centre[1]), radius, len(members)))
    lines = _headings(coordinates, bands if len(bands) > 1 else None, reach, unit)
    rest = sorted(set(range(len(nodes))) - set(flow.nodes))
    low, high = coordinates.points.min(axis=0) - reach.max(), coordinates.points.max(axis=0) + reach.max()
    left, right = coordinates.extents[0][0], coordinates.extents[-1][1]
    points[rest] = row_positions(sizes[rest], (left, low[1]), (right, high[1]), 3 * unit)
    return Arrangement(
        positions(request.network, nodes, points),
        circles(outlines),
        lines,
        {"no_direction": len(rest)} if rest else {},
    )


def _order(
    flow: Flow, home: Mapping[int, int], units: Sequence[list[int]]
) -> tuple[Layered, dict[int, tuple[int, int]]]:
    """The units by layer, in an order with few crossings, and the first and last layer of each band."""
    ties = sorted({(home[u], home[v]) for u, v in flow.ties if home[u] != home[v]})
    pairs = sorted({(home[u], home[v]) for u, v in flow.same_layer if home[u] != home[v]})
    segments = {home[node]: segment for node, segment in flow.segments.items() if len(units[home[node]]) == 1}
    layer, bands = layer_assignment(len(units), ties, Preferences(pairs, segments))
    across = [(u, v) if layer[u] < layer[v] else (v, u) for u, v in pairs if layer[u] != layer[v]]
    layered = _layered(layer, [*ties, *across])
    groups = _groups([(u, v) for u, v in pairs if layer[u] == layer[v]])
    return layered._replace(layers=crossing_reduction(layered, groups)), bands


def flow_of(network: nx.Graph[Any] | ArrayNetwork, nodes: list[Hashable]) -> Flow:
    """Return what of the network has a direction; raises NetworkError if nothing has."""
    number = {node: index for index, node in enumerate(nodes)}
    edges = [(number[u], number[v], data.get("relation")) for u, v, data in tie_items(network) if u != v]
    has_relations = any(relation is not None for *_, relation in edges)
    industries = {number[node] for node, data in node_items(network) if data.get("type") == "Industry"}
    ties = sorted({(u, v) for u, v, name in edges if (name in FLOWS or not has_relations) and not {u, v} <= industries})
    same_layer = sorted({(u, v) for u, v, name in edges if name in SAME_LAYER})
    segments = {
        number[node]: SEGMENTS.index(data["segment"])
        for node, data in node_items(network)
        if data.get("segment") in SEGMENTS
    }
    members = {node for tie in ties for node in tie} | set(segments)
    if not members:
        message = tr(
            "the layout 'chain' needs ties that run from upstream to downstream ({flows}) or nodes "
            "with a 'segment', and this network has neither; lay out the projection 'chain', "
            "'supply' or 'whole', or choose the layout 'communities'",
            flows=", ".join(sorted(FLOWS)),
        )
        raise NetworkError(message)
    for component in nx.connected_components(nx.Graph(same_layer)):
        if members & component:
            members |= component
    same_layer = [(u, v) for u, v in same_layer if u in members]
    return Flow(ties, same_layer, segments, sorted(members))


def _units(flow: Flow, count: int) -> tuple[dict[int, int], list[list[int]]]:
    """The unit of each node, and the units: strongly connected components, in the order of their first nodes."""
    tails = [u for u, _ in flow.ties]
    heads = [v for _, v in flow.ties]
    matrix = sp.csr_array((np.ones(len(tails)), (tails, heads)), shape=(count, count))
    labels = connected_components(matrix, directed=True, connection="strong")[1].tolist()
    members: dict[int, list[int]] = {}
    for node in flow.nodes:
        members.setdefault(labels[node], []).append(node)
    units = list(members.values())
    return {node: index for index, unit in enumerate(units) for node in unit}, units


def _layered(layer: NDArray[np.int64], ties: list[Pair]) -> Layered:
    """Items by layer; a tie over several layers passes dummies, shared by all long ties of its source."""
    layers: list[list[int]] = [[] for _ in range(int(layer.max()) + 1)]
    for unit, number in enumerate(layer.tolist()):
        layers[number].append(unit)
    between: list[set[Pair]] = [set() for _ in layers[1:]]
    dummies: dict[Pair, int] = {}
    for tail, head in ties:
        end = tail
        for number in range(int(layer[tail]) + 1, int(layer[head])):
            dummy = dummies.setdefault((tail, number), len(layer) + len(dummies))
            between[number - 1].add((end, dummy))
            end = dummy
        between[int(layer[head]) - 1].add((end, head))
    for (_, number), dummy in dummies.items():
        layers[number].append(dummy)
    return Layered(layers, [sorted(pairs) for pairs in between])


def _groups(pairs: list[Pair]) -> dict[int, int]:
    graph = nx.Graph(pairs)
    return {item: min(component) for component in nx.connected_components(graph) for item in component}


def _ring(members: list[int], ties: list[Pair], sizes: Points, gap: float) -> tuple[Points, float]:
    """The places of a cycle's nodes around (0, 0), in the direction of the cycle, and the radius of all."""
    if len(members) == 1:
        return np.zeros((1, 2)), float(sizes[members[0]])
    inside = set(members)
    successors: dict[int, list[int]] = {}
    for u, v in ties:
        if u in inside and v in inside:
            successors.setdefault(u, []).append(v)
    order = [members[0]]
    rest = set(members[1:])
    while rest:
        order.append(min((node for node in successors.get(order[-1], []) if node in rest), default=min(rest)))
        rest.discard(order[-1])
    largest = float(sizes[members].max())
    radius = (largest + gap / 2) / np.sin(np.pi / len(members))
    angles = {node: 2 * np.pi * index / len(members) - np.pi / 2 for index, node in enumerate(order)}
    angle = np.array([angles[node] for node in members])
    return radius * np.column_stack([np.cos(angle), np.sin(angle)]), float(radius) + largest


def _headings(
    coordinates: Coordinates, bands: Mapping[int, tuple[int, int]] | None, reach: Points, unit: float
) -> tuple[Line, ...]:
    """The segments above their bands with a line between two, or an arrow if there are fewer than two."""
    margin = float(reach.max()) + 3 * unit
    top, bottom = float(coordinates.points[:, 1].min()) - margin, float(coordinates.points[:, 1].max()) + margin
    extents = coordinates.extents
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
