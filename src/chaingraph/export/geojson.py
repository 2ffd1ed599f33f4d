"""GeoJSON: points and lines with attributes, of networks and of tables that have coordinates.

Source: H. Butler et al., The GeoJSON Format (RFC 7946, 2016).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chaingraph.errors import UsageError
from chaingraph.export.cells import plain
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

PLACE = ("latitude", "longitude")


def feature(properties: Mapping[str, Any], geometry: Mapping[str, Any] | None, identifier: str | int) -> dict[str, Any]:
    """Return a feature; one whose place is unknown has no geometry."""
    return {"type": "Feature", "id": identifier, "geometry": geometry, "properties": dict(properties)}


def point(latitude: object, longitude: object) -> dict[str, Any] | None:
    """Return a point at a place, in WGS 84 with the longitude first; None where a coordinate is missing or is none.

    >>> point("31.3", 120.6), point(31.3, None), point("north", 1), point(91, 0)
    ({'type': 'Point', 'coordinates': [120.6, 31.3]}, None, None, None)
    """
    try:
        north, east = float(str(latitude)), float(str(longitude))
    except ValueError:
        return None
    if not (abs(north) <= 90 and abs(east) <= 180):
        return None
    return {"type": "Point", "coordinates": [east, north]}


def table_geojson(frame: pd.DataFrame) -> bytes:
    """Return a table as GeoJSON: one point per row, its other columns as properties.

    A row without coordinates stays, as a feature whose place is unknown.

    >>> import pandas as pd
    >>> table_geojson(pd.DataFrame({"name": ["a"], "latitude": [31.3], "longitude": [120.6]})).decode()
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "id": 1, "geometry": {"type": "Point", \
"coordinates": [120.6, 31.3]}, "properties": {"name": "a"}}]}'

    Raises:
        UsageError: The table has no columns ``latitude`` and ``longitude``.
    """
    names = [str(name) for name in frame.columns]
    if not set(PLACE) <= set(names) or len(set(names)) < len(names):
        message = tr(
            "cannot write GeoJSON: expected a table with one column latitude and one longitude, each name once;"
            " its columns are {names}",
            names=", ".join(names),
        )
        raise UsageError(message)
    features = []
    for number, cells in enumerate(frame.itertuples(index=False, name=None), 1):
        row = dict(zip(names, map(plain, cells), strict=True))
        place = point(*(row.pop(name) for name in PLACE))
        features.append(feature(row, place, number))
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
