"""Stress majorization: distances on the map come near to the lengths of shortest paths; then nodes are pushed apart."""

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
"""From this mean number of ties on, products of full matrices are faster than searches."""


def stress_disc(lengths: Matrix, members: list[int], sizes: Points, gap: float, rng: np.random.Generator) -> Disc:
    """Return a part laid out by stress, centred, without overlap.

    Args:
        lengths: Symmetric; the length of each tie, rows in the order of the members.
        members: The numbers of the nodes.
        sizes: Their radii.
        gap: The clear space between two nodes.
        rng: For the first guess.
    """
    return disc_without_overlap(members, stress_majorization(path_lengths(lengths), rng), sizes, gap)


def path_lengths(lengths: Matrix) -> Points:
    """Return the lengths of shortest paths between all nodes; where there is none, one more than the longest.

    >>> path_lengths(Matrix([[0.0, 1, 0], [1, 0, 0], [0, 0, 0]])).tolist()
    [[0.0, 1.0, 2.0], [1.0, 0.0, 2.0], [2.0, 2.0, 0.0]]
    """
    size = lengths.shape[0]
    if lengths.nnz > _DENSE * size and (lengths.data == 1).all():
        # Breadth-first search from all nodes at once: the frontier of each is a column.
        paths = np.where(np.eye(size, dtype=bool), 0.0, np.inf)
        ties, frontier, level = lengths.astype(np.float32), np.eye(size, dtype=np.float32), 0
        while frontier.any():
            level += 1
            frontier = ((ties @ frontier > 0) & np.isinf(paths)).astype(np.float32)
            paths[frontier > 0] = level
    else:
        paths = np.asarray(shortest_path(lengths, directed=False), dtype=np.float64)
    finite = np.isfinite(paths)
    paths[~finite] = paths[finite].max() + 1
    return paths


def stress_majorization(ideal: Points, rng: np.random.Generator, turns: int = 40) -> Points:
    """Return positions whose distances come near to the ideal ones, centred on (0, 0).

    Stress majorization (Gansner, Koren, North 2005, LNCS 3383) from a scaling by pivots (Brandes and Pich 2007,
    LNCS 4372). Each distance counts by the inverse of its square. No linear algebra library is called: for so small a
    matrix its threads cost more than they save, and its last digits depend on how many there are.
    """
    count = len(ideal)
    scale = float(ideal[ideal > 0].min(initial=np.inf)) if count > 1 else 1.0
    points = _pivot_scaling(ideal) + rng.normal(scale=0.15 * scale, size=(count, 2))
    pulls = 1 / (ideal + np.eye(count)) - np.eye(count)
    weights = pulls**2
    for _ in range(turns):
        pull = pulls / np.maximum(cdist(points, points), 1e-9)
        target = pull.sum(axis=1)[:, None] * points - _product(pull, points)
        moved = _conjugate_gradients(weights, target, points)
        converged = np.abs(moved - points).max() < 0.03 * scale
        points = moved
        if converged:
            break
    return np.asarray(points - points.mean(axis=0))


def _product(matrix: Points, points: Points) -> Points:
    # Sums along contiguous rows: several times as fast as the same sums by columns.
    return np.asarray(np.einsum("ij,kj->ki", matrix, np.ascontiguousarray(points.T)).T)


def _conjugate_gradients(weights: Points, target: Points, points: Points, rounds: int = 3) -> Points:
    """Some steps of conjugate gradients towards the points that the Laplacian of the weights maps to the target."""
    degree = weights.sum(axis=1)[:, None]
    points = points - points.mean(axis=0)
    residual = target - (degree * points - _product(weights, points))
    direction = residual / degree
    error = (residual * direction).sum(axis=0)
    tolerance = 1e-9 * error + 1e-30
    for _ in range(rounds):
        # Beyond the solution the steps would be quotients of rounding errors.
        if (error <= tolerance).all():
            break
        image = degree * direction - _product(weights, direction)
        step = np.where(error > tolerance, error / np.maximum((direction * image).sum(axis=0), 1e-300), 0.0)
        points = points + step * direction
        residual = residual - step * image
        previous, error = error, (residual * residual / degree).sum(axis=0)
        ratio = np.where(previous > tolerance, error / np.maximum(previous, 1e-300), 0.0)
        direction = residual / degree + ratio * direction
    return np.asarray(points - points.mean(axis=0))


def _pivot_scaling(ideal: Points) -> Points:
    """Classical scaling of the distances to some pivots, each the farthest from those before."""
    count = len(ideal)
    pivots = [int(ideal.sum(axis=1).argmin())]
    nearest = ideal[pivots[0]].copy()
    while len(pivots) < min(_PIVOTS, count):
        pivots.append(int(nearest.argmax()))
        np.minimum(nearest, ideal[pivots[-1]], out=nearest)
    squared = ideal[:, pivots] ** 2
    centred = -0.5 * (squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean())
    product = np.einsum("ij,ik->jk", centred, centred)
    axes = centred[:2].T.copy()
    for _ in range(20):
        axes = _product(product, axes)
        axes[:, 0] /= max(float(np.hypot.reduce(axes[:, 0])), 1e-12)
        axes[:, 1] -= axes[:, 0] * (axes[:, 0] * axes[:, 1]).sum()
        axes[:, 1] /= max(float(np.hypot.reduce(axes[:, 1])), 1e-12)
    coordinates = _product(centred, axes)
    extent = np.maximum(np.sqrt((coordinates**2).sum(axis=0)), 1e-9)
    return np.asarray(coordinates / np.sqrt(extent) * (count / len(pivots)) ** 0.25)


def spiral(degrees: Points) -> Points:
    """Return places on a spiral with the best connected in the middle: for a part that has no communities."""
    rank = np.argsort(np.argsort(-degrees, kind="stable"), kind="stable")
    radius, angle = np.sqrt(rank + 0.5), rank * GOLDEN_ANGLE
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def disc_without_overlap(members: list[int], points: Points, sizes: Points, gap: float) -> Disc:
    """Return a part scaled so that its nodes have room, then pushed apart until none overlap."""
    points = _even_density(points, (sizes + gap) ** 2 / 0.62)
    points = overlap_removal(points, sizes, gap)
    points = points - (points.max(axis=0) + points.min(axis=0)) / 2
    return Disc(members, points, float((np.hypot(*points.T) + sizes).max()) + gap * 0.6)


def overlap_removal(points: Points, sizes: Points, gap: float, turns: int = 120) -> Points:
    """Return the points pushed apart until between any two nodes there is about that gap; larger nodes move less."""
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


def _even_density(points: Points, areas: Points) -> Points:
    """Move points along their rays until each ring of the disc has about as many nodes as it has room for.

    Stress alone leaves a crowd around a hub and a few far points, which would make the circle large and empty.
    """
    points = points - points.mean(axis=0)
    distance = np.hypot(*points.T)
    order = np.argsort(distance, kind="stable")
    even = np.zeros(len(points))
    even[order] = np.sqrt(np.cumsum(areas[order]) - areas[order] / 2)
    radius = 0.75 * even + 0.25 * distance / (float(distance.max()) or 1.0) * math.sqrt(float(areas.sum()))
    return np.asarray(points * (radius / np.maximum(distance, 1e-9))[:, None])
