"""Circle packing: discs next to each other without overlap, near to those that they have ties with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from chaingraph.arrays import Matrix
from chaingraph.layout.arrangement import ASPECT, Point, Points


class Disc(NamedTuple):
    """A part of the network laid out on its own around (0, 0); ``members`` are the numbers of its nodes."""

    members: list[int]
    points: Points
    radius: float


def ties_between(ties: Matrix, discs: Sequence[Disc]) -> Points:
    """Return the number of ties between each two discs, shape (discs, discs), 0 on the diagonal."""
    members = np.concatenate([disc.members for disc in discs])
    home = np.repeat(np.arange(len(discs)), [len(disc.members) for disc in discs])
    shape = (ties.shape[0], len(discs))
    belongs = sp.csr_array((np.ones(len(members)), (members, home)), shape=shape)
    between = np.asarray((belongs.T @ (ties @ belongs)).todense(), dtype=np.float64)
    np.fill_diagonal(between, 0.0)
    return between


def circle_packing(between: Points, radii: Points, gap: float, *, turns: int = 900, aspect: float = ASPECT) -> Points:
    """Return the centres of discs: largest first, each as near as it can to the middle and to those it has ties with.

    Args:
        between: The ties between each two discs.
        radii: The discs' radii.
        gap: The clear space between two discs.
        turns: Rounds of compaction: fewer are faster, and leave more space.
        aspect: Width over height of what they fill.
    """
    centres = np.zeros((len(radii), 2))
    order = sorted(range(len(radii)), key=lambda index: (-radii[index], -between[index].sum(), index))
    angles = np.linspace(0, 2 * np.pi, 48 if len(radii) < 60 else 16, endpoint=False)
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    for turn, disc in enumerate(order[1:], start=1):
        others = order[:turn]
        # Candidates touch one of the discs before; those that overlap another are out.
        around, reach = centres[others], radii[others] + radii[disc] + gap
        spots = (around[:, None, :] + reach[:, None, None] * circle[None, :, :]).reshape(-1, 2)
        distance = np.hypot(*(spots[:, None, :] - around[None, :, :]).transpose(2, 0, 1))
        free = (distance > reach - 1e-6).all(axis=1)
        spots, distance = spots[free], distance[free]
        strength = between[disc, others]
        cost = np.hypot(spots[:, 0] / aspect, spots[:, 1])
        if strength.any():
            cost = cost + 0.4 * np.einsum("ij,j->i", distance, strength) / strength.sum()
        centres[disc] = spots[int(np.argmin(np.round(cost, 6)))]
    centres = _compaction(centres, radii, gap, turns, aspect)
    low, high = (centres - radii[:, None]).min(axis=0), (centres + radii[:, None]).max(axis=0)
    return np.asarray(centres - (low + high) / 2)


def _compaction(centres: Points, radii: Points, gap: float, turns: int, aspect: float) -> Points:
    """Pull the discs to the middle, harder from above and below, and push them apart wherever they touch."""
    need = radii[:, None] + radii[None, :] + gap
    np.fill_diagonal(need, 0.0)
    mass = radii**2 / (radii[:, None] ** 2 + radii[None, :] ** 2)
    for turn in range(turns):
        pull = max(0.0, 0.03 * (1 - 1.8 * turn / turns))
        centres = centres * np.array([1 - pull / aspect**2, 1 - pull])
        for _ in range(2):
            apart = centres[:, None, :] - centres[None, :, :]
            distance = np.maximum(np.hypot(apart[..., 0], apart[..., 1]), 1e-9)
            missing = np.maximum(need - distance, 0.0)
            share = missing / distance * (1 - mass) * 0.9
            centres = centres + np.einsum("ijk,ij->ik", apart, share)
        if not pull and float(missing.max(initial=0.0)) < 1e-3 * gap:
            break
    return np.asarray(centres)


def rotate_towards_ties(ties: Matrix, discs: Sequence[Disc], centres: Points) -> None:
    """Turn or mirror each disc in place so that its outward ties run short.

    The turn that brings points p nearest to their partners q (seen from the centre) is the argument of the sum of
    q times the conjugate of p, in complex numbers.
    """
    home = np.full(ties.shape[0], -1)
    shape = np.zeros(ties.shape[0], dtype=np.complex128)
    for index, disc in enumerate(discs):
        home[disc.members] = index
        shape[disc.members] = disc.points @ np.array([1, 1j])
    row = np.repeat(np.arange(ties.shape[0]), np.diff(ties.indptr))
    outward = (home[row] >= 0) & (home[ties.indices] >= 0) & (home[row] != home[ties.indices])
    tail, head = row[outward], ties.indices[outward]
    order = np.argsort(home[tail], kind="stable")
    tail, head = tail[order], head[order]
    starts = np.searchsorted(home[tail], np.arange(len(discs) + 1))
    middle = centres @ np.array([1, 1j])
    for _ in range(3):
        for index, (start, stop) in enumerate(pairwise(starts)):
            own, there = shape[tail[start:stop]], head[start:stop]
            others = middle[home[there]] + shape[there] - middle[index]
            straight, mirrored = (others * own.conj()).sum(), (others * own).sum()
            members = discs[index].members
            as_is = abs(straight) >= abs(mirrored)
            turn, turned = (straight, shape[members]) if as_is else (mirrored, shape[members].conj())
            if abs(turn) > 1e-9:
                shape[members] = turned * (turn / abs(turn))
    for disc in discs:
        turned = shape[disc.members]
        disc.points[:] = np.column_stack([turned.real, turned.imag])


def outline_points(centres: Points, radii: Sequence[float]) -> Points:
    """Return points along the edges of all circles."""
    angles = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    edge = np.column_stack([np.cos(angles), np.sin(angles)])
    return np.asarray((centres[:, None, :] + np.array(radii)[:, None, None] * edge[None, :, :]).reshape(-1, 2))


def rim_positions(rim: Sequence[Disc], outline_points: Points, gap: float) -> Points:
    """Return places for discs without ties: a row under the map while that is short enough, else rings around it."""
    needs = np.array([2 * disc.radius + gap for disc in rim])
    if not len(outline_points) or not len(rim):
        return _rings(needs, (0.0, 0.0))
    half = np.abs(outline_points).max(axis=0)
    if needs.sum() < half[0]:
        across = needs.cumsum() - needs / 2 - needs.sum() / 2
        return np.column_stack([across, np.full(len(rim), outline_points[:, 1].max() + needs.max())])
    stretch = np.hypot(*(outline_points / half).T).max()
    return _rings(needs, (float(half[0] * stretch), float(half[1] * stretch)))


def row_positions(radii: Points, low: Point, high: Point, gap: float) -> Points:
    """Return places in rows under the rectangle from ``low`` to ``high``, each row centred on it.

    The rows are as wide as the rectangle, or as makes it and them together as wide as screens are.
    """
    step = 2 * float(radii.max(initial=0.0)) + gap
    half = ASPECT / 2 * (high[1] - low[1])
    width = max(high[0] - low[0], half + math.sqrt(half**2 + ASPECT * len(radii) * step**2))
    across = max(1, int(width / step))
    number = np.arange(len(radii))
    row, column = number // across, number % across
    in_row = np.minimum(len(radii) - row * across, across)
    x = (low[0] + high[0]) / 2 + (column - (in_row - 1) / 2) * step
    return np.column_stack([x, high[1] + 2 * step + row * step])


def _rings(needs: Points, extent: Point) -> Points:
    """Places of those widths, ring by ring around an ellipse with those half axes.

    Each ring starts at the bottom and spreads over the whole ellipse; the last one is centred there.
    """
    places: list[Point] = []
    width, height = extent
    inner = float(needs[0]) if len(needs) else 0.0
    while len(places) < len(needs):
        first = len(places)
        if first or width:
            # What is on the ring before may be wider: half of its width and half of what comes now.
            step = (inner + float(needs[first])) / 2
            width, height = width + step, height + step
        elif len(needs) > 1:
            width, height = float(needs[0]), float(needs[0])
        inner = float(needs[first])
        turn = np.linspace(math.pi / 2, 5 * math.pi / 2, 721)
        track = np.column_stack([width * np.cos(turn), height * np.sin(turn)])
        length = np.concatenate([[0.0], np.hypot(*np.diff(track, axis=0).T).cumsum()])
        arcs = _arcs(needs[first:], width, height)
        ends = arcs.cumsum()
        fitting = max(1, int((ends <= length[-1]).sum()))
        slack = (length[-1] - ends[fitting - 1]) / fitting if first + fitting < len(needs) else 0.0
        along = ends[:fitting] - arcs[:fitting] / 2 + slack * np.arange(fitting)
        if not slack:
            along = along - ends[fitting - 1] / 2
        along = along % length[-1] if length[-1] else along * 0
        places += zip(np.interp(along, length, track[:, 0]), np.interp(along, length, track[:, 1]), strict=True)
    return np.array(places).reshape(-1, 2)


def _arcs(needs: Points, width: float, height: float) -> Points:
    """Return how much of an ellipse each width takes: an arc is longer than the straight line between its ends."""
    if not width:
        return needs
    curvature = min(width**2 / height, height**2 / width)
    half = np.minimum(needs / (2 * curvature), 1.0)
    return np.asarray(needs * np.arcsin(half) / np.maximum(half, 1e-12))
