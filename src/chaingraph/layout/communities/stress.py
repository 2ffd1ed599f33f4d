"""One piece of a map on its own: the only place that turns steps between nodes into distances on paper."""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from chaingraph.arrays import Matrix
from chaingraph.layout.arrangement import Points
from chaingraph.layout.communities.packing import Disc

GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_PIVOTS = 40
_DENSE = 12
"""From this mean number of ties on, products of full matrices find all steps sooner than searches do."""


def disc(lengths: Matrix, members: list[int], sizes: Points, gap: float, rng: np.random.Generator) -> Disc:
    """Return a piece laid out by stress, centred, without overlap.

    Args:
        lengths: Symmetric; the length of each tie, rows in the order of the members.
        members: The numbers of the nodes.
        sizes: Their radii.
        gap: The clear space between two nodes.
        rng: Draws the first guess.
    """
    return settled(members, majorized(steps(lengths), rng), sizes, gap)


def steps(lengths: Matrix) -> Points:
    """Return the shortest ways between all nodes; what cannot be reached is one farther than the farthest.

    >>> steps(Matrix([[0.0, 1, 0], [1, 0, 0], [0, 0, 0]])).tolist()
    [[0.0, 1.0, 2.0], [1.0, 0.0, 2.0], [2.0, 2.0, 0.0]]
    """
    size = lengths.shape[0]
    if lengths.nnz > _DENSE * size and (lengths.data == 1).all():
        found = np.where(np.eye(size, dtype=bool), 0.0, np.inf)
        tied, newest, level = lengths.astype(np.float32), np.eye(size, dtype=np.float32), 0
        while newest.any():
            level += 1
            newest = ((tied @ newest > 0) & np.isinf(found)).astype(np.float32)
            found[newest > 0] = level
    else:
        found = np.asarray(shortest_path(lengths, directed=False), dtype=np.float64)
    finite = np.isfinite(found)
    found[~finite] = found[finite].max() + 1
    return found


def majorized(wanted: Points, rng: np.random.Generator, turns: int = 40) -> Points:
    """Return positions whose distances come near the wanted ones, centred on (0, 0).

    Stress majorization (Gansner, Koren, North 2005, LNCS 3383) from a scaling by pivots (Brandes and Pich 2007,
    LNCS 4372). Each distance counts by the inverse of its square. No linear algebra library is called: for so small a
    matrix its threads cost more than they save, and its last digits depend on how many there are.
    """
    count = len(wanted)
    scale = float(wanted[wanted > 0].min(initial=np.inf)) if count > 1 else 1.0
    points = _scaled_by_pivots(wanted) + rng.normal(scale=0.15 * scale, size=(count, 2))
    pulls = 1 / (wanted + np.eye(count)) - np.eye(count)
    weights = pulls**2
    for _ in range(turns):
        pull = pulls / np.maximum(cdist(points, points), 1e-9)
        target = pull.sum(axis=1)[:, None] * points - _product(pull, points)
        moved = _nearer_solution(weights, target, points)
        still = np.abs(moved - points).max() < 0.03 * scale
        points = moved
        if still:
            break
    return np.asarray(points - points.mean(axis=0))


def _product(matrix: Points, points: Points) -> Points:
    # Sums along contiguous rows: several times as fast as the same sums by columns.
    return np.asarray(np.einsum("ij,kj->ki", matrix, np.ascontiguousarray(points.T)).T)


def _nearer_solution(weights: Points, target: Points, points: Points, rounds: int = 3) -> Points:
    """Some steps of conjugate gradients from the points to what the Laplacian of the weights sends to the target."""
    degree = weights.sum(axis=1)[:, None]
    points = points - points.mean(axis=0)
    rest = target - (degree * points - _product(weights, points))
    way = rest / degree
    left = (rest * way).sum(axis=0)
    enough = 1e-9 * left + 1e-30
    for _ in range(rounds):
        # Beyond the solution the steps would be quotients of rounding errors.
        if (left <= enough).all():
            break
        image = degree * way - _product(weights, way)
        length = np.where(left > enough, left / np.maximum((way * image).sum(axis=0), 1e-300), 0.0)
        points = points + length * way
        rest = rest - length * image
        before, left = left, (rest * rest / degree).sum(axis=0)
        way = rest / degree + np.where(before > enough, left / np.maximum(before, 1e-300), 0.0) * way
    return np.asarray(points - points.mean(axis=0))


def _scaled_by_pivots(wanted: Points) -> Points:
    count = len(wanted)
    pivots = [int(wanted.sum(axis=1).argmin())]
    nearest = wanted[pivots[0]].copy()
    while len(pivots) < min(_PIVOTS, count):
        pivots.append(int(nearest.argmax()))
        np.minimum(nearest, wanted[pivots[-1]], out=nearest)
    squared = wanted[:, pivots] ** 2
    centred = -0.5 * (squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean())
    product = np.einsum("ij,ik->jk", centred, centred)
    axes = centred[:2].T.copy()
    for _ in range(20):
        axes = _product(product, axes)
        axes[:, 0] /= max(float(np.hypot.reduce(axes[:, 0])), 1e-12)
        axes[:, 1] -= axes[:, 0] * (axes[:, 0] * axes[:, 1]).sum()
        axes[:, 1] /= max(float(np.hypot.reduce(axes[:, 1])), 1e-12)
    found = _product(centred, axes)
    extent = np.maximum(np.sqrt((found**2).sum(axis=0)), 1e-9)
    return np.asarray(found / np.sqrt(extent) * (count / len(pivots)) ** 0.25)


def sunflower(degrees: Points) -> Points:
    """Return places on a spiral with the best connected in the middle: for one mass that nothing divides."""
    rank = np.argsort(np.argsort(-degrees, kind="stable"), kind="stable")
    radius, angle = np.sqrt(rank + 0.5), rank * GOLDEN_ANGLE
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def settled(members: list[int], points: Points, sizes: Points, gap: float) -> Disc:
    """Return the piece scaled so that its nodes have room, then pushed apart until none overlap."""
    points = _even(points, (sizes + gap) ** 2 / 0.62)
    points = pushed_apart(points, sizes, gap)
    points = points - (points.max(axis=0) + points.min(axis=0)) / 2
    return Disc(members, points, float((np.hypot(*points.T) + sizes).max()) + gap * 0.6)


def pushed_apart(points: Points, sizes: Points, gap: float, turns: int = 120) -> Points:
    """Return the points moved apart until between any two nodes there is about that gap, the larger one less."""
    angles = np.arange(len(points)) * GOLDEN_ANGLE
    points = points + 1e-3 * gap * np.column_stack([np.cos(angles), np.sin(angles)])
    reach = 2 * float(sizes.max(initial=0.0)) + gap
    for _ in range(turns):
        first, second = cKDTree(points).query_pairs(reach, output_type="ndarray").T
        need = sizes[first] + sizes[second] + gap
        apart = points[first] - points[second]
        distance = np.maximum(np.hypot(*apart.T), 1e-9)
        close = need - distance > 0.02 * gap
        if not close.any():
            break
        first, second = first[close], second[close]
        push = apart[close] / distance[close, None] * ((need - distance)[close, None] * 1.04)
        share = (sizes[second] ** 2 / (sizes[first] ** 2 + sizes[second] ** 2))[:, None]
        np.add.at(points, first, push * share)
        np.add.at(points, second, push * (share - 1))
    return points


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
