"""The layout "two-mode": consortia or projects in the middle of their members."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import networkx as nx
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from chaingraph.arrays import ArrayNetwork, Matrix, node_items
from chaingraph.errors import NetworkError
from chaingraph.layout.arrangement import GAP, Arrangement, Numbers, Points, Request, circles, positions
from chaingraph.layout.communities.circles import MOST_DISCS, Inputs, ordered_ties, part_layout, parts, stress_limit
from chaingraph.layout.communities.packing import row_positions
from chaingraph.messages import tr

_EVENTS = ("Consortium", "Project")
_CLEAR = 1.0
"""Clear space between members of one consortium only, in mean radii."""


def two_mode_layout(request: Request) -> Arrangement:
    """Put each consortium in the middle of its own members, and members of several between their consortia.

    Consortia are the nodes with ``bipartite`` 1; in a network without that attribute those of class Consortium, or
    else Project. A consortium with the rings of its own members, which are in no other, counts as one large node; these
    and the shared members are laid out by communities, so that consortia with many members in common are close. Only
    ties between a consortium and a member count; nodes without any are in rows below.

    Raises:
        NetworkError: The network has no consortia, or nothing is tied to them.
    """
    nodes = request.nodes()
    if not nodes:
        return Arrangement({})
    events = _events(request.network, nodes)
    ties = _memberships(ordered_ties(request, nodes), events)
    degree = np.diff(ties.indptr)
    if not ties.nnz:
        raise NetworkError(_message(tr("no node is tied to one of its consortia")))
    sizes = request.sizes(nodes)
    unit = float(sizes.mean())
    own = np.flatnonzero(~events & (degree == 1))
    host = ties.indices[ties.indptr[own]]
    inner = np.setdiff1d(np.flatnonzero(degree > 0), own)
    reach, offsets = _rings(own, host, sizes, _CLEAR * unit)
    points, outlines = np.zeros((len(nodes), 2)), []
    points[inner] = _shared_positions(sp.csr_array(ties[inner][:, inner]), reach[inner], GAP * unit, request.seed)
    points[own] = points[host] + offsets
    for event in np.unique(host).tolist():
        count = int((host == event).sum()) + 1
        outlines.append((float(points[event, 0]), float(points[event, 1]), float(reach[event]), count))
    members = np.flatnonzero(degree > 0)
    middle = (points[members].max(axis=0) + points[members].min(axis=0)) / 2
    points[members] -= middle
    outlines = [(x - float(middle[0]), y - float(middle[1]), radius, count) for x, y, radius, count in outlines]
    low, high = points[members].min(axis=0) - sizes.max(), points[members].max(axis=0) + sizes.max()
    rest = np.flatnonzero(degree == 0)
    points[rest] = row_positions(sizes[rest], (low[0], low[1]), (high[0], high[1]), GAP * unit)
    left_out = {"without_membership": len(rest)} if len(rest) else {}
    return Arrangement(positions(request.network, nodes, points), circles(outlines), left_out=left_out)


def _events(network: nx.Graph[Any] | ArrayNetwork, nodes: list[Hashable]) -> NDArray[np.bool_]:
    """Which nodes are consortia; raises NetworkError if none is."""
    attributes = dict(node_items(network))
    modes = [attributes[node].get("bipartite") for node in nodes]
    if any(mode == 1 for mode in modes):
        return np.array([mode == 1 for mode in modes])
    classes = [attributes[node].get("type") for node in nodes]
    for name in _EVENTS:
        if name in classes:
            return np.array([one == name for one in classes])
    raise NetworkError(_message(tr("the nodes of this network are all of one mode")))


def _message(reason: str) -> str:
    return tr(
        "the layout 'two-mode' needs consortia or projects with their members, and {reason}; lay "
        "out the projection 'affiliation' or 'participation', or choose the layout 'communities'",
        reason=reason,
    )


def _memberships(ties: Matrix, events: NDArray[np.bool_]) -> Matrix:
    row = np.repeat(np.arange(ties.shape[0]), np.diff(ties.indptr))
    across = events[row] != events[ties.indices]
    shape = (ties.shape[0], ties.shape[0])
    memberships = sp.csr_array((np.ones(int(across.sum())), (row[across], ties.indices[across])), shape=shape)
    memberships.sort_indices()
    return memberships


def _rings(own: Numbers, host: Numbers, sizes: Points, gap: float) -> tuple[Points, Points]:
    """The radius of each node with its own members around it, and the offsets of these."""
    reach, offsets = sizes.copy(), np.zeros((len(own), 2))
    for event in np.unique(host).tolist():
        rows = np.flatnonzero(host == event)
        members = own[rows]
        step = 2 * float(sizes[members].max()) + gap
        radius, first = float(sizes[event]) + step / 2 + gap, 0
        while first < len(rows):
            fits = max(1, int(np.pi / np.arcsin(min(1.0, step / 2 / radius))))
            ring = rows[first : first + fits]
            angles = 2 * np.pi * np.arange(len(ring)) / len(ring) - np.pi / 2
            offsets[ring] = radius * np.column_stack([np.cos(angles), np.sin(angles)])
            reach[event] = radius + step / 2
            radius, first = radius + step, first + fits
    return reach, offsets


def _shared_positions(ties: Matrix, reach: Points, gap: float, seed: int) -> Points:
    """The positions of consortia, as large as their rings, and of shared members."""
    row = np.repeat(np.arange(ties.shape[0]), np.diff(ties.indptr))
    lengths = sp.csr_array((reach[row] + reach[ties.indices] + gap, ties.indices, ties.indptr), shape=ties.shape)
    inputs = Inputs(ties, lengths, reach, gap, np.random.default_rng(seed), seed, stress_limit(ties.shape[0]))
    large, small = parts(inputs, None)
    # A consortium that shares no members is a small part here, and yet no isolate.
    room = MOST_DISCS - len(large)
    return part_layout(inputs, large + small[:room], small[room:])[0]
