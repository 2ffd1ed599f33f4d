"""Coastlines and lakes, as lines to draw under a map; there are no borders in the data.

The lines are those of Natural Earth at 1:10 million (public domain), simplified to about 1.5 kilometres by
``docs/geography/waters.py``.
"""

from __future__ import annotations

import json
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chaingraph.resources import ontology_file


class Waters(NamedTuple):
    """Coastlines and the shores of lakes: per line its points, a row each of latitude and longitude in degrees."""

    coast: tuple[NDArray[np.float64], ...]
    lakes: tuple[NDArray[np.float64], ...]


@cache
def waters() -> Waters:
    """Return the coastlines and lakes of the world; they are read once."""
    content = json.loads(ontology_file("geography/waters.json").read_text(encoding="utf-8"))
    kinds = (tuple(_degrees(line, content["unit"]) for line in content[kind]) for kind in ("coast", "lakes"))
    return Waters(*kinds)


def _degrees(steps: list[int], unit: float) -> NDArray[np.float64]:
    """The points of a line that is written as its first point and the steps to the others, longitude first."""
    points = np.cumsum(np.array(steps, dtype=np.int64).reshape(-1, 2), axis=0)
    return np.asarray(points[:, ::-1] * unit, dtype=np.float64)
