"""Map projections, and the graticule: parallels and meridians with their labels."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chaingraph.layout.arrangement import Line, Numbers, Points

_WIDE, _HIGH = 20.0, 12.0
"""From this extent in degrees on, the map keeps areas equal; below, the two projections look alike."""
_HEMISPHERE = 150.0
_STEPS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0)
_LINES = 8
_PIECES = 24


class Projection(NamedTuple):
    """How degrees become a plane with north up and y downwards; the unit is a degree of latitude at the centre.

    Small extents, and those beyond a hemisphere, are equirectangular at the middle latitude. Others are Lambert's
    azimuthal equal-area projection (Snyder 1987, Map Projections: A Working Manual, USGS PP 1395, p. 185).
    """

    latitude: float
    longitude: float
    equal_area: bool

    @classmethod
    def around(cls, degrees: Points) -> Projection:
        """Return the projection for places (latitude, longitude), centred on them, also across the date line."""
        turned = np.sort(degrees[:, 1] % 360)
        gaps = np.append(turned[1:], turned[0] + 360) - turned
        widest = int(gaps.argmax())
        width = 360 - float(gaps[widest])
        longitude = (float(turned[(widest + 1) % len(turned)]) + width / 2 + 180) % 360 - 180
        low, high = float(degrees[:, 0].min()), float(degrees[:, 0].max())
        large = width > _WIDE or high - low > _HIGH
        return cls((low + high) / 2, longitude, large and width < _HEMISPHERE)

    def to_plane(self, degrees: Points) -> Points:
        """Return places (latitude, longitude) as points.

        >>> Projection(0.0, 100.0, False).to_plane(np.array([[1.0, 102.0]])).tolist()
        [[2.0, -1.0]]
        """
        across = (degrees[:, 1] - self.longitude + 180) % 360 - 180
        if not self.equal_area:
            return np.asarray(np.column_stack([across * math.cos(math.radians(self.latitude)), -degrees[:, 0]]))
        centre, phi, theta = math.radians(self.latitude), np.radians(degrees[:, 0]), np.radians(across)
        cosine = math.sin(centre) * np.sin(phi) + math.cos(centre) * np.cos(phi) * np.cos(theta)
        k = np.sqrt(2 / np.maximum(1 + cosine, 1e-9))
        x = k * np.cos(phi) * np.sin(theta)
        y = k * (math.cos(centre) * np.sin(phi) - math.sin(centre) * np.cos(phi) * np.cos(theta))
        return np.asarray(np.degrees(np.column_stack([x, -y])))

    def to_degrees(self, plane: Points) -> Points:
        """Return points as latitude and degrees east of the centre: the inverse of ``to_plane``."""
        if not self.equal_area:
            return np.column_stack([-plane[:, 1], plane[:, 0] / math.cos(math.radians(self.latitude))])
        centre, (x, y) = math.radians(self.latitude), np.radians(plane * [1, -1]).T
        rho = np.hypot(x, y)
        angle = 2 * np.arcsin(np.minimum(rho / 2, 1.0))
        safe = np.maximum(rho, 1e-12)
        phi = np.arcsin(np.clip(np.cos(angle) * math.sin(centre) + y * np.sin(angle) * math.cos(centre) / safe, -1, 1))
        below = rho * math.cos(centre) * np.cos(angle) - y * math.sin(centre) * np.sin(angle)
        theta = np.where(rho > 1e-12, np.arctan2(x * np.sin(angle), below), 0.0)
        return np.asarray(np.degrees(np.column_stack([phi, theta])))


def graticule(projection: Projection, scale: float, low: Points, high: Points) -> tuple[Line, ...]:
    """Return the rectangle of the map, then parallels and meridians at round degrees within it, with labels.

    Args:
        projection: The projection.
        scale: Units of the drawing per unit of the projection.
        low: The left and upper end of what is drawn.
        high: The right and lower end.
    """
    t = np.linspace(0, 1, _PIECES)
    x, y = low[0] + t * (high[0] - low[0]), low[1] + t * (high[1] - low[1])
    sides = [(x, np.full(_PIECES, end)) for end in (low[1], high[1])]
    sides += [(np.full(_PIECES, end), y) for end in (low[0], high[0])]
    edge = projection.to_degrees(np.vstack([np.column_stack(side) for side in sides]) / scale)
    south, north = max(float(edge[:, 0].min()), -90.0), min(float(edge[:, 0].max()), 90.0)
    west, east = max(float(edge[:, 1].min()), -180.0), min(float(edge[:, 1].max()), 180.0)
    step = next((step for step in _STEPS if max(north - south, east - west) / step <= _LINES), _STEPS[-1])
    curves = []
    across, along = np.linspace(east, west, 8 * _PIECES) + projection.longitude, np.linspace(south, north, 8 * _PIECES)
    for latitude in _round_degrees(south, north, step):
        curves.append((np.full(len(across), latitude), across, _degree_label(latitude, "NS")))
    for longitude in _round_degrees(projection.longitude + west, projection.longitude + east, step):
        curves.append((along, np.full(len(along), longitude), _degree_label((longitude + 180) % 360 - 180, "EW")))
    corners = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
    lines = [_line(corners, low, "")]
    for latitudes, longitudes, label in curves:
        points = projection.to_plane(np.column_stack([latitudes, longitudes])) * scale
        inside = np.asarray(((points >= low - 1e-6) & (points <= high + 1e-6)).all(axis=1))
        if inside.sum() > 1:
            run = _longest_run(inside)
            lines.append(_line(points[run[:: max(1, len(run) // _PIECES)]], points[run[-1]], label))
    return tuple(lines)


def _longest_run(inside: NDArray[np.bool_]) -> Numbers:
    """The positions of the longest run of True."""
    runs = np.split(np.arange(len(inside)), np.flatnonzero(np.diff(inside)) + 1)
    return max((run for run in runs if inside[run[0]]), key=len)


def _round_degrees(low: float, high: float, step: float) -> list[float]:
    return [number * step for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _line(points: Points, end: Points, label: str) -> Line:
    course = [*points.tolist(), end.tolist()] if (points[-1] != end).any() else points.tolist()
    return Line(tuple((round(x, 6) + 0.0, round(y, 6) + 0.0) for x, y in course), label)


def _degree_label(degrees: float, sides: str) -> str:
    """Return a degree as maps write it.

    >>> _degree_label(-120.5, "EW"), _degree_label(0.0, "NS")
    ('120.5°W', '0°')
    """
    value = round(abs(degrees), 2)
    return f"{value:g}°{'' if value in (0, 180) else sides[degrees < 0]}"
