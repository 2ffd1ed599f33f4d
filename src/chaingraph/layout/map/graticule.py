"""Projections and their net of lines: the only place that draws latitudes and longitudes."""

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

    def flat(self, degrees: Points) -> Points:
        """Return places (latitude, longitude) as points.

        >>> Projection(0.0, 100.0, False).flat(np.array([[1.0, 102.0]])).tolist()
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

    def degrees(self, flat: Points) -> Points:
        """Return points as latitude and degrees east of the centre: the way back from ``flat``."""
        if not self.equal_area:
            return np.column_stack([-flat[:, 1], flat[:, 0] / math.cos(math.radians(self.latitude))])
        centre, (x, y) = math.radians(self.latitude), np.radians(flat * [1, -1]).T
        rho = np.hypot(x, y)
        angle = 2 * np.arcsin(np.minimum(rho / 2, 1.0))
        safe = np.maximum(rho, 1e-12)
        phi = np.arcsin(np.clip(np.cos(angle) * math.sin(centre) + y * np.sin(angle) * math.cos(centre) / safe, -1, 1))
        below = rho * math.cos(centre) * np.cos(angle) - y * math.sin(centre) * np.sin(angle)
        theta = np.where(rho > 1e-12, np.arctan2(x * np.sin(angle), below), 0.0)
        return np.asarray(np.degrees(np.column_stack([phi, theta])))


def graticule(projection: Projection, scale: float, low: Points, high: Points) -> tuple[Line, ...]:
    """Return parallels and meridians at round degrees with labels, cut at a rectangle, and that rectangle first.

    Args:
        projection: The projection.
        scale: Units of the drawing a unit of the projection.
        low: The left and upper end of what is drawn.
        high: The right and lower end.
    """
    t = np.linspace(0, 1, _PIECES)
    x, y = low[0] + t * (high[0] - low[0]), low[1] + t * (high[1] - low[1])
    sides = [(x, np.full(_PIECES, end)) for end in (low[1], high[1])]
    sides += [(np.full(_PIECES, end), y) for end in (low[0], high[0])]
    held = projection.degrees(np.vstack([np.column_stack(side) for side in sides]) / scale)
    south, north = max(float(held[:, 0].min()), -90.0), min(float(held[:, 0].max()), 90.0)
    west, east = max(float(held[:, 1].min()), -180.0), min(float(held[:, 1].max()), 180.0)
    step = next((step for step in _STEPS if max(north - south, east - west) / step <= _LINES), _STEPS[-1])
    ways = []
    across, along = np.linspace(east, west, 8 * _PIECES) + projection.longitude, np.linspace(south, north, 8 * _PIECES)
    for latitude in _round_degrees(south, north, step):
        ways.append((np.full(len(across), latitude), across, _name(latitude, "NS")))
    for longitude in _round_degrees(projection.longitude + west, projection.longitude + east, step):
        ways.append((along, np.full(len(along), longitude), _name((longitude + 180) % 360 - 180, "EW")))
    corners = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
    lines = [_line(corners, low, "")]
    for latitudes, longitudes, label in ways:
        points = projection.flat(np.column_stack([latitudes, longitudes])) * scale
        inside = np.asarray(((points >= low - 1e-6) & (points <= high + 1e-6)).all(axis=1))
        if inside.sum() > 1:
            kept = _longest_run(inside)
            lines.append(_line(points[kept[:: max(1, len(kept) // _PIECES)]], points[kept[-1]], label))
    return tuple(lines)


def _longest_run(inside: NDArray[np.bool_]) -> Numbers:
    """The places of the most True in a row."""
    runs = np.split(np.arange(len(inside)), np.flatnonzero(np.diff(inside)) + 1)
    return max((run for run in runs if inside[run[0]]), key=len)


def _round_degrees(low: float, high: float, step: float) -> list[float]:
    return [number * step for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _line(points: Points, end: Points, label: str) -> Line:
    way = [*points.tolist(), end.tolist()] if (points[-1] != end).any() else points.tolist()
    return Line(tuple((round(x, 6) + 0.0, round(y, 6) + 0.0) for x, y in way), label)


def _name(degrees: float, sides: str) -> str:
    """Return a degree as maps write it.

    >>> _name(-120.5, "EW"), _name(0.0, "NS")
    ('120.5°W', '0°')
    """
    value = round(abs(degrees), 2)
    return f"{value:g}°{'' if value in (0, 180) else sides[degrees < 0]}"
