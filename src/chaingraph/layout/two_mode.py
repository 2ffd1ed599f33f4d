"""The layout "two-mode": the only place that puts consortia in the middle of their members."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import networkx as nx
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from chaingraph.arrays import Matrix
from chaingraph.errors import NetworkError
from chaingraph.layout import arrangement as placing
from chaingraph.layout.arrangement import GAP, Arrangement, Numbers, Points, Request
from chaingraph.layout.communities.circles import MOST_DISCS, Pieces, dense, in_order, parts, spread
from chaingraph.layout.communities.packing import rows_below

_EVENTS = ("Consortium", "Project")
_CLEAR = 1.0
"""Clear space between a consortium's own members, in mean radii."""


def around_consortia(request: Request) -> Arrangement:
    """Put each consortium in the middle of the members that are its alone, those of several between theirs.

    Consortia are the nodes with ``bipartite`` 1; in a network without that attribute those of class Consortium, or
    else Project. A consortium with its rings of own members counts as one large node; these and the shared members are
    laid out by communities, so that consortia with many members in common are near. Only ties between a consortium and
    a member count; who has none stands in rows below.

    Raises:
        NetworkError: The network has no consortia, or nothing is tied to them.
    """
    nodes = request.nodes()
    if not nodes:
        return Arrangement({})
    events = _events(request.network, nodes)
    ties = _memberships(in_order(request, nodes), events)
    degree = np.diff(ties.indptr)
    if not ties.nnz:
        raise NetworkError(_refusal("no node is tied to one of its consortia"))
    sizes = request.sizes(nodes)
    unit = float(sizes.mean())
    own = np.flatnonzero(~events & (degree == 1))
    host = ties.indices[ties.indptr[own]]
    kept = np.setdiff1d(np.flatnonzero(degree > 0), own)
    reach, offsets = _rings(own, host, sizes, _CLEAR * unit)
    points, circles = np.zeros((len(nodes), 2)), []
    points[kept] = _between(sp.csr_array(ties[kept][:, kept]), reach[kept], GAP * unit, request.seed)
    points[own] = points[host] + offsets
    for event in np.unique(host).tolist():
        count = int((host == event).sum()) + 1
        circles.append((float(points[event, 0]), float(points[event, 1]), float(reach[event]), count))
    drawn = np.flatnonzero(degree > 0)
    middle = (points[drawn].max(axis=0) + points[drawn].min(axis=0)) / 2
    points[drawn] -= middle
    circles = [(x - float(middle[0]), y - float(middle[1]), radius, count) for x, y, radius, count in circles]
    low, high = points[drawn].min(axis=0) - sizes.max(), points[drawn].max(axis=0) + sizes.max()
    rest = np.flatnonzero(degree == 0)
    points[rest] = rows_below(sizes[rest], (low[0], low[1]), (high[0], high[1]), GAP * unit)
    left_out = {"without_membership": len(rest)} if len(rest) else {}
    spots = placing.positions(request.network, nodes, points)
    return Arrangement(spots, placing.circles(circles), left_out=left_out)


def _events(network: nx.Graph[Any], nodes: list[Hashable]) -> NDArray[np.bool_]:
    """Which nodes are consortia; raises NetworkError if none is."""
    modes = [network.nodes[node].get("bipartite") for node in nodes]
    if any(mode == 1 for mode in modes):
        return np.array([mode == 1 for mode in modes])
    classes = [network.nodes[node].get("type") for node in nodes]
    for name in _EVENTS:
        if name in classes:
            return np.array([one == name for one in classes])
    raise NetworkError(_refusal("the nodes of this network are all of one mode"))


def _refusal(reason: str) -> str:
    return (
        f"the layout 'two-mode' needs consortia or projects with their members, and {reason}; "
        "lay out the projection 'affiliation' or 'participation', or choose the layout 'communities'"
    )


def _memberships(ties: Matrix, events: NDArray[np.bool_]) -> Matrix:
    row = np.repeat(np.arange(ties.shape[0]), np.diff(ties.indptr))
    kept = events[row] != events[ties.indices]
    shape = (ties.shape[0], ties.shape[0])
    found = sp.csr_array((np.ones(int(kept.sum())), (row[kept], ties.indices[kept])), shape=shape)
    found.sort_indices()
    return found


def _rings(own: Numbers, host: Numbers, sizes: Points, gap: float) -> tuple[Points, Points]:
    """The radius of each node with its own members around it, and where these stand as seen from it."""
    reach, offsets = sizes.copy(), np.zeros((len(own), 2))
    for event in np.unique(host).tolist():
        places = np.flatnonzero(host == event)
        members = own[places]
        step = 2 * float(sizes[members].max()) + gap
        radius, first = float(sizes[event]) + step / 2 + gap, 0
        while first < len(places):
            fits = max(1, int(np.pi / np.arcsin(min(1.0, step / 2 / radius))))
            ring = places[first : first + fits]
            angles = 2 * np.pi * np.arange(len(ring)) / len(ring) - np.pi / 2
            offsets[ring] = radius * np.column_stack([np.cos(angles), np.sin(angles)])
            reach[event] = radius + step / 2
            radius, first = radius + step, first + fits
    return reach, offsets


def _between(ties: Matrix, reach: Points, gap: float, seed: int) -> Points:
    """Where consortia, as large as their rings, and shared members stand."""
    row = np.repeat(np.arange(ties.shape[0]), np.diff(ties.indptr))
    lengths = sp.csr_array((reach[row] + reach[ties.indices] + gap, ties.indices, ties.indptr), shape=ties.shape)
    pieces = Pieces(ties, lengths, reach, gap, np.random.default_rng(seed), seed, dense(ties.shape[0]))
    large, small = parts(pieces, None)
    # A consortium whose members are all its own is a small part here, and yet no isolate.
    room = MOST_DISCS - len(large)
    return spread(pieces, large + small[:room], small[room:])[0]
