"""The layout "map": nodes at their latitude and longitude, without overlap."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from chaingraph.arrays import node_items, tie_counts
from chaingraph.errors import NetworkError
from chaingraph.layout.arrangement import Arrangement, Points, Request, positions
from chaingraph.layout.communities.packing import row_positions
from chaingraph.layout.communities.stress import overlap_removal, spiral
from chaingraph.layout.map.graticule import Projection, graticule
from chaingraph.layout.map.waters import water_lines
from chaingraph.messages import tr

_CLEAR = 0.7
"""Clear space between two nodes, in mean radii: less than elsewhere, because nearness has a meaning here."""
_COVERED = 0.16
"""The part of the map that nodes cover: on a fuller one they are far from their places."""
_PLACE = 4
"""Decimals of a degree in which nodes of one place agree: about ten metres."""
_FEWEST = 20
"""Of fewer places none counts as far from all others."""
_LIMITS = {"latitude": 90.0, "longitude": 180.0}


def geographic_layout(request: Request) -> Arrangement:
    """Put each node at its ``latitude`` and ``longitude`` on a graticule, north up, over coastlines and lakes.

    Nodes of one place form a disc around it, and discs that would overlap are pushed apart as little as possible. The
    few that are far from all others are at the edge in their direction, else the map would show little but water.
    Nodes without coordinates are in rows below. ``left_out`` counts both.

    Raises:
        NetworkError: No node has coordinates, or a coordinate is not a number of degrees.
    """
    nodes = request.nodes()
    if not nodes:
        return Arrangement({}, swappable=False)
    attributes = dict(node_items(request.network))
    coordinates = {node: _coordinates(node, attributes[node]) for node in nodes}
    located = [index for index, node in enumerate(nodes) if coordinates[node] is not None]
    if not located:
        message = tr(
            "the layout 'map' needs nodes with 'latitude' and 'longitude' and none has both; state "
            "them in organizations or regions, or choose the layout 'communities'"
        )
        raise NetworkError(message)
    degrees = np.array([coordinates[nodes[index]] for index in located], dtype=np.float64)
    sizes = request.sizes(nodes)
    inside = _central(degrees)
    projection = Projection.around(degrees[inside])
    plane, own = projection.to_plane(degrees), sizes[located]
    points, spots = np.zeros((len(nodes), 2)), np.zeros(plane.shape)
    counts = tie_counts(request.network)
    ties = np.array([counts[nodes[index]] for index in located], dtype=np.float64)
    scale, spots[inside] = _cluster_positions(plane[inside], degrees[inside], own[inside], ties[inside])
    unit = float(sizes.mean())
    low = (spots[inside] - own[inside, None]).min(axis=0) - 4 * unit
    high = (spots[inside] + own[inside, None]).max(axis=0) + 4 * unit
    lines = graticule(projection, scale, low, high) + water_lines(projection, scale, low, high)
    spots[~inside] = _edge_positions(plane[~inside] * scale, own[~inside], low, high)
    points[located] = spots
    rest = sorted(set(range(len(nodes))) - set(located))
    low, high = np.minimum(low, spots.min(axis=0)), np.maximum(high, spots.max(axis=0)) + 3 * unit
    points[rest] = row_positions(sizes[rest], (low[0], low[1]), (high[0], high[1]), 2.4 * unit)
    counts = {"beyond": int((~inside).sum()), "without_coordinates": len(rest)}
    return Arrangement(
        positions(request.network, nodes, points),
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
            message = tr(
                "the node '{node}' has the {name} {value!r}, expected a number from {least:g} to "
                "{limit:g} degrees; correct it, or leave it out",
                node=node,
                name=name,
                value=value,
                least=-limit,
                limit=limit,
            )
            raise NetworkError(message)
        values.append(float(value))
    return values[0], values[1]


def _central(degrees: Points) -> NDArray[np.bool_]:
    """Which places (latitude, longitude) are not far from all others.

    They are within one and a half times the distance from the middle within which 95 of 100 are. If the farthest is not
    much farther than that, none is far.
    """
    if len(degrees) < _FEWEST:
        return np.ones(len(degrees), dtype=bool)
    phi, theta = np.radians(degrees).T
    globe = np.column_stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])
    middle = np.median(globe, axis=0)
    middle /= max(float(np.hypot.reduce(middle)), 1e-12)
    angle = np.arccos(np.clip((globe * middle).sum(axis=1), -1, 1))
    reach = 1.5 * float(np.quantile(angle, 0.95))
    return np.asarray(angle <= (reach if angle.max() > 1.5 * reach else angle.max()))


def _edge_positions(plane: Points, sizes: Points, low: Points, high: Points) -> Points:
    """Places on a frame around the map, in the direction of the nodes beyond it."""
    if not len(plane):
        return plane
    middle, half = (low + high) / 2, 0.53 * (high - low) + 4 * float(sizes.max())
    direction = plane - middle
    stretch = np.maximum(np.abs(direction) / half, 1e-9).max(axis=1)
    return overlap_removal(middle + direction / stretch[:, None], sizes, _CLEAR * float(sizes.mean()), turns=300)


def _cluster_positions(plane: Points, degrees: Points, sizes: Points, ties: Points) -> tuple[float, Points]:
    """The scale of the projection, and positions of the nodes at which none overlap."""
    gap = _CLEAR * float(sizes.mean())
    _, place = np.unique(degrees.round(_PLACE), axis=0, return_inverse=True)
    place = place.ravel()
    clusters = [np.flatnonzero(place == number) for number in range(int(place.max()) + 1)]
    own = [_cluster(ties[members], sizes[members], gap) for members in clusters]
    radii = np.array([float((np.hypot(*spots.T) + sizes[m]).max()) for spots, m in zip(own, clusters, strict=True)])
    centres = np.array([plane[members].mean(axis=0) for members in clusters])
    extent = np.ptp(centres, axis=0)
    scale = _scale(centres, radii, gap, extent)
    moved = _separate(centres * scale, radii, gap)
    points = np.zeros(plane.shape)
    for members, spots, centre in zip(clusters, own, moved, strict=True):
        points[members] = centre + spots
    return scale, points


def _scale(centres: Points, radii: Points, gap: float, extent: Points) -> float:
    """The scale at which discs cover a given part of their rectangle, or a larger one if that separates neighbours."""
    if len(centres) == 1 or not extent.any():
        return 1.0
    covered = float((np.pi * (radii + gap) ** 2).sum())
    sides = np.maximum(extent, extent.max() / 4)
    by_area = math.sqrt(covered / _COVERED / float(sides.prod()))
    distances, numbers = cKDTree(centres).query(centres, k=2)
    nearest, neighbour = np.asarray(distances)[:, 1], np.asarray(numbers)[:, 1]
    need = (radii + radii[neighbour] + gap) / np.maximum(nearest, 1e-12)
    return max(by_area, min(float(np.median(need)), 1.2 * by_area))


def _cluster(ties: Points, sizes: Points, gap: float) -> Points:
    """Nodes of one place around it, the best connected in the middle."""
    if len(sizes) == 1:
        return np.zeros((1, 2))
    spots = spiral(ties) * (float(sizes.mean()) + gap / 2) * 1.7
    spots = overlap_removal(spots, sizes, gap, turns=300)
    return np.asarray(spots - (spots.max(axis=0) + spots.min(axis=0)) / 2)


def _separate(centres: Points, radii: Points, gap: float) -> Points:
    return overlap_removal(centres, radii, gap, turns=600) if len(centres) > 1 else centres
