"""The layout "communities": the only place that puts what is closely tied into circles that stand apart."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from chaingraph.arrays import Matrix, adjacency
from chaingraph.layout import arrangement as placing
from chaingraph.layout.arrangement import ASPECT, GAP, Arrangement, Numbers, Points, Request
from chaingraph.layout.communities.packing import Disc, border, packed, rim_places, ties_between, turn_towards_ties
from chaingraph.layout.communities.stress import disc, settled, sunflower
from chaingraph.metrics.network.communities import division

LARGEST_DENSE = 600
"""A community of more nodes is split again, in large networks one of fewer: the stress model needs all distances."""
MOST_DISCS = 150
"""Communities beyond this number, smallest first, go to the rim."""


class Pieces(NamedTuple):
    """What the parts of one network are laid out with."""

    ties: Matrix
    lengths: Matrix
    sizes: Points
    gap: float
    rng: np.random.Generator
    seed: int
    largest: int


def in_circles(request: Request) -> Arrangement:
    """Lay each community, or given group, out on its own and pack the circles around the best connected one."""
    nodes = request.nodes()
    if not nodes:
        return Arrangement({})
    ties = in_order(request, nodes)
    sizes = request.sizes(nodes)
    names = [request.groups.get(node) for node in nodes] if request.groups else None
    pieces = Pieces(
        ties,
        ties,
        sizes,
        GAP * float(sizes.mean()),
        np.random.default_rng(request.seed),
        request.seed,
        dense(len(nodes)),
    )
    large, small = parts(pieces, names)
    points, discs, centres = spread(pieces, large, small)
    found = [(float(x), float(y), one.radius, len(one.members)) for one, (x, y) in zip(discs, centres, strict=True)]
    return Arrangement(placing.positions(request.network, nodes, points), placing.circles(found))


def in_order(request: Request, nodes: list[Hashable]) -> Matrix:
    """Return the undirected ties, 1 each, rows in the order of those nodes."""
    place = {node: row for row, node in enumerate(request.network)}
    order = np.array([place[node] for node in nodes], dtype=np.int64)
    found = sp.csr_array(adjacency(request.network)[order][:, order])
    found.sort_indices()
    return found


def dense(count: int) -> int:
    """Return the largest piece that is laid out whole: all pieces together must stay payable.

    >>> [dense(count) for count in (300, 3000, 50000)]
    [600, 400, 250]
    """
    return int(min(LARGEST_DENSE, max(250, 1_200_000 / max(count, 1))))


def spread(pieces: Pieces, large: list[list[int]], small: list[list[int]]) -> tuple[Points, list[Disc], Points]:
    """Return all points, the discs of the large parts and their centres; the small parts stand on the rim."""
    discs = [piece(pieces, part) for part in large]
    centres = _side_by_side(pieces, discs, pieces.gap * 1.6, turns=900, aspect=ASPECT)
    rim = [piece(pieces, part) for part in small]
    places = rim_places(rim, border(centres, [one.radius for one in discs]), pieces.gap)
    points = np.zeros((pieces.ties.shape[0], 2))
    for one, centre in zip([*discs, *rim], [*centres, *places], strict=True):
        points[one.members] = one.points + centre
    return points, discs, centres


def parts(pieces: Pieces, names: Sequence[Hashable] | None) -> tuple[list[list[int]], list[list[int]]]:
    """Return what gets a circle, and what goes to the rim; both largest first."""
    if names is None:
        component = connected_components(pieces.ties, directed=False)[1]
        few = np.bincount(component)[component] < 3
        small = _members(component[few], np.flatnonzero(few))
        held = np.flatnonzero(~few)
        large = _communities(pieces, held)
    else:
        by_name: dict[Hashable, list[int]] = {}
        for node, name in enumerate(names):
            by_name.setdefault(name, []).append(node)
        small = [[node] for node in by_name.pop(None, [])]
        large = list(by_name.values())
    large.sort(key=lambda part: (-len(part), part))
    small += large[MOST_DISCS:]
    return large[:MOST_DISCS], sorted(small, key=lambda part: (-len(part), part))


def _members(labels: Numbers, nodes: Numbers) -> list[list[int]]:
    """The nodes of each label."""
    order = np.argsort(labels, kind="stable")
    cuts = np.flatnonzero(np.diff(labels[order])) + 1
    return [part.tolist() for part in np.split(nodes[order], cuts)] if len(nodes) else []


def _communities(pieces: Pieces, nodes: Numbers) -> list[list[int]]:
    inside = sp.csr_array(pieces.ties[nodes][:, nodes])
    return _members(division(inside, seed=pieces.seed), nodes)


def piece(pieces: Pieces, members: list[int]) -> Disc:
    """Return one part laid out on its own, centred, without overlap."""
    sizes, gap = pieces.sizes[members], pieces.gap
    if len(members) == 1:
        return Disc(members, np.zeros((1, 2)), float(sizes[0]))
    if len(members) == 2:
        reach = float(sizes.sum() + gap) / 2
        return Disc(members, np.array([[-reach, 0.0], [reach, 0.0]]), reach + float(sizes.max()))
    if len(members) > pieces.largest:
        split = _communities(pieces, np.array(members))
        if 1 < len(split) <= MOST_DISCS:
            return _nested(pieces, split)
        degrees = np.diff(pieces.ties.indptr)[members]
        return settled(members, sunflower(degrees), sizes, gap)
    inside = sp.csr_array(pieces.lengths[members][:, members])
    return disc(inside, members, sizes, gap, pieces.rng)


def _nested(pieces: Pieces, split: list[list[int]]) -> Disc:
    discs = [piece(pieces, part) for part in sorted(split, key=len, reverse=True)]
    centres = _side_by_side(pieces, discs, pieces.gap, turns=150, aspect=1.0)
    members = [node for one in discs for node in one.members]
    points = np.vstack([one.points + centre for one, centre in zip(discs, centres, strict=True)])
    points -= (points.max(axis=0) + points.min(axis=0)) / 2
    return Disc(members, points, float((np.hypot(*points.T) + pieces.sizes[members]).max()))


def _side_by_side(pieces: Pieces, discs: list[Disc], gap: float, turns: int, aspect: float) -> Points:
    if not discs:
        return np.zeros((0, 2))
    radii = np.array([one.radius for one in discs])
    centres = packed(ties_between(pieces.ties, discs), radii, gap, turns=turns, aspect=aspect)
    turn_towards_ties(pieces.ties, discs, centres)
    return centres
