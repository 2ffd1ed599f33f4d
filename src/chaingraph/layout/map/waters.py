"""Coastlines and the shores of lakes in the frame of a map, as lines under its nodes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from chaingraph.geography.waters import waters
from chaingraph.layout.arrangement import Line, Points
from chaingraph.layout.map.graticule import Projection

KINDS = ("coast", "lakes")
_FINENESS = 1_200
"""A map is drawn as if it were so many points wide: what is finer is left out."""
_JUMP = 20.0
"""Degrees of the plane; a longer step is one across the edge of the projection."""


def water_lines(projection: Projection, scale: float, low: Points, high: Points) -> tuple[Line, ...]:
    """Return the coastlines and shores within the rectangle from ``low`` to ``high``, cut off at its edge.

    Args:
        projection: The projection.
        scale: Units of the drawing per unit of the projection.
        low: The left and upper end of what is drawn.
        high: The right and lower end.
    """
    step = float((high - low).max()) / _FINENESS
    lines = []
    for kind in KINDS:
        degrees, line_numbers = _points(kind)
        points = projection.to_plane(degrees) * scale
        for run in _runs(points, line_numbers, low, high, _JUMP * scale):
            course = _thinned(run, step)
            if len(course) > 1:
                lines.append(Line(tuple((round(x, 2), round(y, 2)) for x, y in course.tolist()), kind=kind))
    return tuple(lines)


@cache
def _points(kind: str) -> tuple[Points, NDArray[np.intp]]:
    """All points of a kind of line as latitude and longitude, and the number of the line that each is on."""
    lines = getattr(waters(), kind)
    return np.vstack(lines), np.repeat(np.arange(len(lines)), [len(line) for line in lines])


def _runs(points: Points, line_numbers: NDArray[np.intp], low: Points, high: Points, jump: float) -> Iterator[Points]:
    """The parts of the lines within the rectangle; where one leaves it, the part ends on the edge."""
    inside = np.asarray(((points >= low) & (points <= high)).all(axis=1))
    connected = (line_numbers[1:] == line_numbers[:-1]) & (np.abs(np.diff(points, axis=0)).max(axis=1) < jump)
    breaks = np.flatnonzero(~(connected & (inside[1:] == inside[:-1]))) + 1
    starts, ends = np.append(0, breaks), np.append(breaks, len(points))
    for start, end in zip(starts[inside[starts]].tolist(), ends[inside[starts]].tolist(), strict=True):
        parts = [points[start:end]]
        if start and connected[start - 1]:
            parts.insert(0, _on_edge(points[start], points[start - 1], low, high))
        if end < len(points) and connected[end - 1]:
            parts.append(_on_edge(points[end - 1], points[end], low, high))
        yield np.vstack(parts)


def _on_edge(inner: Points, outer: Points, low: Points, high: Points) -> Points:
    """Where the way from a point within the rectangle to one outside meets its edge."""
    way = outer - inner
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(way > 0, (high - inner) / way, (low - inner) / way)
    share = float(np.nanmin(np.where(way == 0, np.inf, shares)))
    return np.asarray((inner + way * min(max(share, 0.0), 1.0))[None, :])


def _thinned(points: Points, step: float) -> Points:
    """The first and the last point, and of those between each that is a step away from the one before."""
    positions, (x, y) = [0], points[0]
    for number, (u, v) in enumerate(points[1:-1].tolist(), 1):
        if abs(u - x) + abs(v - y) >= step:
            positions.append(number)
            x, y = u, v
    if (points[-1] != points[positions[-1]]).any():
        positions.append(len(points) - 1)
    return points[positions]
