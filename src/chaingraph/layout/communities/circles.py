"""The layout "communities": what is closely tied is in one circle, and the circles do not overlap."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from chaingraph.arrays import Matrix, adjacency
from chaingraph.layout.arrangement import (
    ASPECT,
    GAP,
    OUTSIDE,
    Arrangement,
    CommunityCircles,
    Numbers,
    Points,
    Request,
    circles,
    positions,
)
from chaingraph.layout.communities.packing import (
    Disc,
    circle_packing,
    outline_points,
    rim_positions,
    rotate_towards_ties,
    ties_between,
)
from chaingraph.layout.communities.stress import disc_without_overlap, spiral, stress_disc
from chaingraph.metrics.network._partition import partition

STRESS_LIMIT = 600
"""A community of more nodes is split again, in large networks one of fewer: the stress model needs all distances."""
MOST_DISCS = 150
"""Of more communities the smallest go to the rim."""
_SPACE = 1.2
"""Area of a disc over that of its nodes and their share of the gaps between them."""


class Inputs(NamedTuple):
    """What the parts of one network are laid out with.

    ``ties`` has a 1 for each tie, ``lengths`` its length on the map; ``sizes`` are radii, ``gap`` the clear space
    between two nodes. A part of more than ``largest`` nodes is split again.
    """

    ties: Matrix
    lengths: Matrix
    sizes: Points
    gap: float
    rng: np.random.Generator
    seed: int
    largest: int


def community_layout(request: Request) -> Arrangement:
    """Lay each community, or given group, out on its own and pack the circles around the best connected one."""
    nodes = request.nodes()
    if not nodes:
        return Arrangement({})
    inputs = _inputs(request, nodes)
    large, small = parts(inputs, _names(request, nodes))
    points, discs, centres = part_layout(inputs, large, small)
    outlines = [(float(x), float(y), one.radius, len(one.members)) for one, (x, y) in zip(discs, centres, strict=True)]
    return Arrangement(positions(request.network, nodes, points), circles(outlines))


def community_circles(request: Request) -> CommunityCircles:
    """Return the circles of the communities, or given groups, without places for the nodes in them.

    The circles are those of `community_layout` but for their radii, which here are those of discs as full as each
    other: what takes the time there is to lay out each community.
    """
    nodes = request.nodes()
    if not nodes:
        return CommunityCircles({}, ())
    inputs = _inputs(request, nodes)
    large, _ = parts(inputs, _names(request, nodes))
    discs = [Disc(part, np.zeros((0, 2)), _radius(inputs, part)) for part in large]
    homes = dict.fromkeys(nodes, OUTSIDE)
    for number, part in enumerate(large):
        homes.update(dict.fromkeys((nodes[member] for member in part), number))
    if not discs:
        return CommunityCircles(homes, ())
    centres = _packing(inputs, discs)
    outlines = [(float(x), float(y), one.radius, len(one.members)) for one, (x, y) in zip(discs, centres, strict=True)]
    return CommunityCircles(homes, circles(outlines))


def _radius(inputs: Inputs, members: list[int]) -> float:
    return float(np.sqrt(_SPACE * ((inputs.sizes[members] + inputs.gap / 2) ** 2).sum()))


def _inputs(request: Request, nodes: list[Hashable]) -> Inputs:
    ties, sizes = ordered_ties(request, nodes), request.sizes(nodes)
    gap, rng = GAP * float(sizes.mean()), np.random.default_rng(request.seed)
    return Inputs(ties, ties, sizes, gap, rng, request.seed, stress_limit(len(nodes)))


def _names(request: Request, nodes: list[Hashable]) -> list[Hashable] | None:
    return [request.groups.get(node) for node in nodes] if request.groups else None


def ordered_ties(request: Request, nodes: list[Hashable]) -> Matrix:
    """Return the undirected ties, 1 each, rows in the order of those nodes."""
    row = {node: number for number, node in enumerate(request.network)}
    order = np.array([row[node] for node in nodes], dtype=np.int64)
    ties = sp.csr_array(adjacency(request.network)[order][:, order])
    ties.sort_indices()
    return ties


def stress_limit(count: int) -> int:
    """Return up to how many nodes a part is laid out by stress: all parts together must not take too long.

    >>> [stress_limit(count) for count in (300, 3000, 50000)]
    [600, 400, 250]
    """
    return int(min(STRESS_LIMIT, max(250, 1_200_000 / max(count, 1))))


def part_layout(inputs: Inputs, large: list[list[int]], small: list[list[int]]) -> tuple[Points, list[Disc], Points]:
    """Return all points, the discs of the large parts and their centres; the small parts are on the rim."""
    discs = [part_disc(inputs, part) for part in large]
    centres = _packing(inputs, discs)
    if discs:
        rotate_towards_ties(inputs.ties, discs, centres)
    rim = [part_disc(inputs, part) for part in small]
    rim_centres = rim_positions(rim, outline_points(centres, [one.radius for one in discs]), inputs.gap)
    points = np.zeros((inputs.ties.shape[0], 2))
    for one, centre in zip([*discs, *rim], [*centres, *rim_centres], strict=True):
        points[one.members] = one.points + centre
    return points, discs, centres


def parts(inputs: Inputs, names: Sequence[Hashable] | None) -> tuple[list[list[int]], list[list[int]]]:
    """Return the parts that get a circle, and those that go to the rim; both largest first."""
    if names is None:
        component = connected_components(inputs.ties, directed=False)[1]
        few = np.bincount(component)[component] < 3
        small = _members(component[few], np.flatnonzero(few))
        large = _communities(inputs, np.flatnonzero(~few))
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


def _communities(inputs: Inputs, nodes: Numbers) -> list[list[int]]:
    inside = sp.csr_array(inputs.ties[nodes][:, nodes])
    return _members(partition(inside, seed=inputs.seed), nodes)


def part_disc(inputs: Inputs, members: list[int]) -> Disc:
    """Return one part laid out on its own, centred, without overlap."""
    sizes, gap = inputs.sizes[members], inputs.gap
    if len(members) == 1:
        return Disc(members, np.zeros((1, 2)), float(sizes[0]))
    if len(members) == 2:
        reach = float(sizes.sum() + gap) / 2
        return Disc(members, np.array([[-reach, 0.0], [reach, 0.0]]), reach + float(sizes.max()))
    if len(members) > inputs.largest:
        split = _communities(inputs, np.array(members))
        if 1 < len(split) <= MOST_DISCS:
            return _nested_disc(inputs, split)
        degrees = np.diff(inputs.ties.indptr)[members]
        return disc_without_overlap(members, spiral(degrees), sizes, gap)
    inside = sp.csr_array(inputs.lengths[members][:, members])
    return stress_disc(inside, members, sizes, gap, inputs.rng)


def _nested_disc(inputs: Inputs, split: list[list[int]]) -> Disc:
    discs = [part_disc(inputs, part) for part in sorted(split, key=len, reverse=True)]
    centres = circle_packing(
        ties_between(inputs.ties, discs), np.array([one.radius for one in discs]), inputs.gap, turns=150, aspect=1.0
    )
    rotate_towards_ties(inputs.ties, discs, centres)
    members = [node for one in discs for node in one.members]
    points = np.vstack([one.points + centre for one, centre in zip(discs, centres, strict=True)])
    points -= (points.max(axis=0) + points.min(axis=0)) / 2
    return Disc(members, points, float((np.hypot(*points.T) + inputs.sizes[members]).max()))


def _packing(inputs: Inputs, discs: list[Disc]) -> Points:
    """Return the centres of the discs of a whole map."""
    if not discs:
        return np.zeros((0, 2))
    radii = np.array([one.radius for one in discs])
    return circle_packing(ties_between(inputs.ties, discs), radii, inputs.gap * 1.6, turns=900, aspect=ASPECT)
