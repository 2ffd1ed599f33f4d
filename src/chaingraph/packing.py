"""Discs side by side: the only place that puts pieces of a map next to each other without overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Point: TypeAlias = tuple[float, float]
Points: TypeAlias = NDArray[np.float64]

ASPECT = 1.6
"""Width of the map over its height: screens are wide."""


class Disc(NamedTuple):
    """A piece of the map laid out on its own around (0, 0)."""

    members: list[int]
    points: Points
    radius: float


def _ties_between(simple: nx.Graph[int], discs: Sequence[Disc]) -> NDArray[np.float64]:
    """Number of ties between each two discs."""
    home = {node: index for index, disc in enumerate(discs) for node in disc.members}
    ties = np.zeros((len(discs), len(discs)))
    for u, v in simple.edges():
        if u in home and v in home and home[u] != home[v]:
            ties[home[u], home[v]] += 1
            ties[home[v], home[u]] += 1
    return ties


def packed(simple: nx.Graph[int], discs: Sequence[Disc], gap: float) -> Points:
    """Centres of the discs: largest first, each as near as it can to the middle and to those it is tied to."""
    centres = np.zeros((len(discs), 2))
    if not discs:
        return centres
    ties, radii = _ties_between(simple, discs), np.array([disc.radius for disc in discs])
    order = sorted(range(len(discs)), key=lambda index: (-radii[index], -ties[index].sum(), index))
    angles = np.linspace(0, 2 * np.pi, 48 if len(discs) < 60 else 16, endpoint=False)
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    for turn, chosen in enumerate(order[1:], start=1):
        placed = order[:turn]
        around, reach = centres[placed], radii[placed] + radii[chosen] + gap
        spots = (around[:, None, :] + reach[:, None, None] * circle[None, :, :]).reshape(-1, 2)
        far = np.hypot(*(spots[:, None, :] - around[None, :, :]).transpose(2, 0, 1))
        spots, far = spots[free := (far > reach - 1e-6).all(axis=1)], far[free]
        strength = ties[chosen, placed]
        cost = np.hypot(spots[:, 0] / ASPECT, spots[:, 1])
        if strength.any():
            cost = cost + 0.4 * (far @ strength) / strength.sum()
        centres[chosen] = spots[int(np.argmin(np.round(cost, 6)))]
    centres = _drawn_together(centres, radii, gap)
    low, high = (centres - radii[:, None]).min(axis=0), (centres + radii[:, None]).max(axis=0)
    return np.asarray(centres - (low + high) / 2)


def _drawn_together(centres: Points, radii: Points, gap: float) -> Points:
    """The discs pulled to the middle, harder from above and below, and pushed apart wherever they touch."""
    need = radii[:, None] + radii[None, :] + gap
    np.fill_diagonal(need, 0.0)
    mass = radii**2 / (radii[:, None] ** 2 + radii[None, :] ** 2)
    for turn in range(900):
        pull = max(0.0, 0.03 * (1 - turn / 500))
        centres = centres * np.array([1 - pull / ASPECT**2, 1 - pull])
        for _ in range(2):
            apart = centres[:, None, :] - centres[None, :, :]
            distance = np.maximum(np.hypot(*apart.transpose(2, 0, 1)), 1e-9)
            missing = np.maximum(need - distance, 0.0)
            share = missing / distance * (1 - mass) * 0.9
            centres = centres + (apart * share[:, :, None]).sum(axis=1)
        if not pull and float(missing.max(initial=0.0)) < 1e-3 * gap:
            break
    return np.asarray(centres)


def turned_towards_ties(simple: nx.Graph[int], discs: Sequence[Disc], centres: Points) -> Points:
    """Turn or mirror each disc in place so that its outward ties run short; returns the centres as given.

    The turn that brings points p nearest to their partners q (seen from the centre) is the argument of the sum of
    q times the conjugate of p, in complex numbers.
    """
    home = {node: index for index, disc in enumerate(discs) for node in disc.members}
    row = {node: place for disc in discs for place, node in enumerate(disc.members)}
    outward: list[list[tuple[int, int, int]]] = [[] for _ in discs]
    for u, v in simple.edges():
        if u in home and v in home and home[u] != home[v]:
            outward[home[u]].append((row[u], home[v], row[v]))
            outward[home[v]].append((row[v], home[u], row[u]))
    middle = centres @ np.array([1, 1j])
    shapes = [disc.points @ np.array([1, 1j]) for disc in discs]
    for _ in range(3):
        for index, ties in enumerate(outward):
            if not ties:
                continue
            own = shapes[index][[place for place, _, _ in ties]]
            others = np.array([middle[there] + shapes[there][place] for _, there, place in ties]) - middle[index]
            straight, mirrored = (others * own.conj()).sum(), (others * own).sum()
            as_is = abs(straight) >= abs(mirrored)
            turn, shape = (straight, shapes[index]) if as_is else (mirrored, shapes[index].conj())
            if abs(turn) > 1e-9:
                shapes[index] = shape * (turn / abs(turn))
    for disc, turned in zip(discs, shapes, strict=True):
        disc.points[:] = np.column_stack([turned.real, turned.imag])
    return centres


def border(centres: Points, radii: Sequence[float]) -> Points:
    """Points along the edges of all circles."""
    angles = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    edge = np.column_stack([np.cos(angles), np.sin(angles)])
    return np.asarray((centres[:, None, :] + np.array(radii)[:, None, None] * edge[None, :, :]).reshape(-1, 2))


def rim_places(rim: Sequence[Disc], border: Points, gap: float) -> Points:
    """Places for what is tied to nothing: a row under the map while that is short enough, else rings around it."""
    needs = np.array([2 * disc.radius + gap for disc in rim])
    if not len(border) or not len(rim):
        return _rings(needs, (0.0, 0.0))
    half = np.abs(border).max(axis=0)
    if needs.sum() < half[0]:
        across = needs.cumsum() - needs / 2 - needs.sum() / 2
        return np.column_stack([across, np.full(len(rim), border[:, 1].max() + needs.max())])
    stretch = np.hypot(*(border / half).T).max()
    return _rings(needs, (float(half[0] * stretch), float(half[1] * stretch)))


def _rings(needs: Points, extent: Point) -> Points:
    """Places of those widths, ring by ring around an ellipse with those half axes.

    Each ring starts at the bottom and spreads over the whole ellipse; the last one is centred there.
    """
    places: list[Point] = []
    width, height = extent
    while len(places) < len(needs):
        first = len(places)
        if first or width:
            width, height = width + float(needs[first]), height + float(needs[first])
        elif len(needs) > 1:
            width, height = float(needs[0]), float(needs[0])
        turn = np.linspace(math.pi / 2, 5 * math.pi / 2, 721)
        track = np.column_stack([width * np.cos(turn), height * np.sin(turn)])
        length = np.concatenate([[0.0], np.hypot(*np.diff(track, axis=0).T).cumsum()])
        ends = needs[first:].cumsum()
        fitting = max(1, int((ends <= length[-1]).sum()))
        slack = (length[-1] - ends[fitting - 1]) / fitting if first + fitting < len(needs) else 0.0
        along = ends[:fitting] - needs[first : first + fitting] / 2 + slack * np.arange(fitting)
        if not slack:
            along = along - ends[fitting - 1] / 2
        along = along % length[-1] if length[-1] else along * 0
        places += zip(np.interp(along, length, track[:, 0]), np.interp(along, length, track[:, 1]), strict=True)
    return np.array(places).reshape(-1, 2)
