"""The layout "map": the only place that knows how latitude and longitude become points on paper."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from chaingraph.errors import NetworkError
from chaingraph.layout import arrangement as placing
from chaingraph.layout.arrangement import Arrangement, Points, Request
from chaingraph.layout.communities.packing import rows_below
from chaingraph.layout.communities.stress import pushed_apart, sunflower
from chaingraph.layout.map.graticule import Projection, graticule

_CLEAR = 0.7
"""Clear space between two nodes, in mean radii: less than elsewhere, because nearness has a meaning here."""
_FILLED = 0.16
"""The part of the map that nodes cover: on a fuller one they stand far from where they belong."""
_PLACE = 4
"""Digits of a degree that make one place: about ten metres."""
_FEW = 20
"""Of fewer places none is far from all others."""
_LIMITS = {"latitude": 90.0, "longitude": 180.0}


def on_a_map(request: Request) -> Arrangement:
    """Put each node at its ``latitude`` and ``longitude`` on a graticule, north up.

    Nodes of one place stand in a disc around it, and discs that would overlap are pushed apart as little as need be.
    The few that lie far from all others stand at the edge in their direction, else the map would show little but
    water. Nodes without coordinates stand in rows below. ``left_out`` counts both.

    Raises:
        NetworkError: No node has coordinates, or a coordinate is not a number of degrees.
    """
    nodes = request.nodes()
    if not nodes:
        return Arrangement({}, swappable=False)
    degrees = {node: _coordinates(node, request.network.nodes[node]) for node in nodes}
    placed = [index for index, node in enumerate(nodes) if degrees[node] is not None]
    if not placed:
        message = (
            "the layout 'map' needs nodes with 'latitude' and 'longitude' and none has both; "
            "state them in organizations or regions, or choose the layout 'communities'"
        )
        raise NetworkError(message)
    known = np.array([degrees[nodes[index]] for index in placed], dtype=np.float64)
    sizes = request.sizes(nodes)
    inside = _near(known)
    projection = Projection.around(known[inside])
    flat, own = projection.flat(known), sizes[placed]
    points, spots = np.zeros((len(nodes), 2)), np.zeros(flat.shape)
    scale, spots[inside] = _spread(flat[inside], known[inside], own[inside], _ties(request, nodes, placed)[inside])
    unit = float(sizes.mean())
    low = (spots[inside] - own[inside, None]).min(axis=0) - 4 * unit
    high = (spots[inside] + own[inside, None]).max(axis=0) + 4 * unit
    lines = graticule(projection, scale, low, high)
    spots[~inside] = _beyond(flat[~inside] * scale, own[~inside], low, high)
    points[placed] = spots
    rest = sorted(set(range(len(nodes))) - set(placed))
    low, high = np.minimum(low, spots.min(axis=0)), np.maximum(high, spots.max(axis=0)) + 3 * unit
    points[rest] = rows_below(sizes[rest], (low[0], low[1]), (high[0], high[1]), 2.4 * unit)
    counts = {"beyond": int((~inside).sum()), "without_coordinates": len(rest)}
    return Arrangement(
        placing.positions(request.network, nodes, points),
        lines=lines,
        left_out={reason: count for reason, count in counts.items() if count},
        swappable=False,
    )


def _coordinates(node: Hashable, attributes: Mapping[str, Any]) -> tuple[float, float] | None:
    values = []
    for name, limit in _LIMITS.items():
        value = attributes.get(name)
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not -limit <= value <= limit:
            message = (
                f"the node '{node}' has the {name} {value!r}, expected a number from {-limit:g} to {limit:g} degrees; "
                "correct it, or leave it out"
            )
            raise NetworkError(message)
        values.append(float(value))
    return values[0], values[1]


def _near(known: Points) -> NDArray[np.bool_]:
    """Which places (latitude, longitude) are not far from all others: at most half as far again as 95 in 100 reach.

    If the farthest is not much farther than that, none is.
    """
    if len(known) < _FEW:
        return np.ones(len(known), dtype=bool)
    phi, theta = np.radians(known).T
    globe = np.column_stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])
    middle = np.median(globe, axis=0)
    middle /= max(float(np.hypot.reduce(middle)), 1e-12)
    angle = np.arccos(np.clip((globe * middle).sum(axis=1), -1, 1))
    reach = 1.5 * float(np.quantile(angle, 0.95))
    return np.asarray(angle <= (reach if angle.max() > 1.5 * reach else angle.max()))


def _beyond(flat: Points, sizes: Points, low: Points, high: Points) -> Points:
    """Places on a frame around the map, in the direction of what lies beyond it."""
    if not len(flat):
        return flat
    middle, half = (low + high) / 2, 0.53 * (high - low) + 4 * float(sizes.max())
    away = flat - middle
    stretch = np.maximum(np.abs(away) / half, 1e-9).max(axis=1)
    return pushed_apart(middle + away / stretch[:, None], sizes, _CLEAR * float(sizes.mean()), turns=300)


def _ties(request: Request, nodes: Sequence[Hashable], placed: Sequence[int]) -> Points:
    return np.array([request.network.degree(nodes[index]) for index in placed], dtype=np.float64)


def _spread(flat: Points, known: Points, sizes: Points, ties: Points) -> tuple[float, Points]:
    """Units a unit of the projection, and where the nodes stand so that none overlap."""
    gap = _CLEAR * float(sizes.mean())
    _, place = np.unique(known.round(_PLACE), axis=0, return_inverse=True)
    place = place.ravel()
    clusters = [np.flatnonzero(place == number) for number in range(int(place.max()) + 1)]
    own = [_cluster(ties[members], sizes[members], gap) for members in clusters]
    radii = np.array([float((np.hypot(*spots.T) + sizes[m]).max()) for spots, m in zip(own, clusters, strict=True)])
    centres = np.array([flat[members].mean(axis=0) for members in clusters])
    extent = np.ptp(centres, axis=0)
    scale = _scale(centres, radii, gap, extent)
    moved = _apart(centres * scale, radii, gap)
    points = np.zeros(flat.shape)
    for members, spots, centre in zip(clusters, own, moved, strict=True):
        points[members] = centre + spots
    return scale, points


def _scale(centres: Points, radii: Points, gap: float, extent: Points) -> float:
    """The scale at which discs cover a given part of their rectangle, or more if that sets neighbours free."""
    if len(centres) == 1 or not extent.any():
        return 1.0
    covered = float((np.pi * (radii + gap) ** 2).sum())
    sides = np.maximum(extent, extent.max() / 4)
    by_area = math.sqrt(covered / _FILLED / float(sides.prod()))
    found, others = cKDTree(centres).query(centres, k=2)
    nearest, neighbour = np.asarray(found)[:, 1], np.asarray(others)[:, 1]
    need = (radii + radii[neighbour] + gap) / np.maximum(nearest, 1e-12)
    return max(by_area, min(float(np.median(need)), 1.2 * by_area))


def _cluster(ties: Points, sizes: Points, gap: float) -> Points:
    """Nodes of one place around it, the best connected in the middle."""
    if len(sizes) == 1:
        return np.zeros((1, 2))
    spots = sunflower(ties) * (float(sizes.mean()) + gap / 2) * 1.7
    spots = pushed_apart(spots, sizes, gap, turns=300)
    return np.asarray(spots - (spots.max(axis=0) + spots.min(axis=0)) / 2)


def _apart(centres: Points, radii: Points, gap: float) -> Points:
    return pushed_apart(centres, radii, gap, turns=600) if len(centres) > 1 else centres
