"""How large a node is drawn: the only place that turns numbers into radii."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from statistics import median
from typing import Any

import networkx as nx

from chaingraph.errors import NetworkError
from chaingraph.webpage import attributes as records

LARGEST_RADIUS, SMALLEST_RADIUS, USUAL_RADIUS = 26.0, 4.5, 8.0


def unknown_attribute(network: nx.Graph[Any], role: str, name: str) -> str:
    """Return the words that refuse an attribute which no node has, with those that there are."""
    held = sorted({str(key) for _, attributes in network.nodes(data=True) for key in attributes} - {"quotes"})
    return f"{role}={name!r}: no node has that attribute; there are: {', '.join(held) or 'none'}"


def _number(value: object) -> float:
    found = records.plain(value) if records.is_scalar(value) else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return math.nan
    return float(found)


def sizes(network: nx.Graph[Any], size: str | Mapping[Hashable, float]) -> dict[Hashable, float]:
    """Return the number behind each node's area; NaN where it has none.

    Raises:
        NetworkError: No node has a number of that name.
    """
    if size == "degree":
        return {node: float(degree) for node, degree in network.degree()}
    if isinstance(size, str):
        values = {node: _number(held.get(size)) for node, held in network.nodes(data=True)}
        if network and all(math.isnan(value) for value in values.values()):
            raise NetworkError(unknown_attribute(network, "size", size))
        return values
    return {node: _number(size.get(node)) for node in network}


def radii_of(values: Mapping[Hashable, float]) -> dict[Hashable, float]:
    """Return radii whose squares follow the values, from a smallest on that can still be clicked."""
    positive = [value for value in values.values() if value > 0]
    if not positive:
        return dict.fromkeys(values, USUAL_RADIUS)
    largest = max(positive)
    top = min(LARGEST_RADIUS, USUAL_RADIUS * math.sqrt(largest / median(positive)))
    return {
        node: round(max(SMALLEST_RADIUS, top * math.sqrt(value / largest)), 1) if value > 0 else SMALLEST_RADIUS
        for node, value in values.items()
    }
