"""How large nodes are drawn: numbers become radii whose squares follow them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from statistics import median
from typing import TYPE_CHECKING, Any

import networkx as nx

from chaingraph.errors import NetworkError, did_you_mean
from chaingraph.messages import tr
from chaingraph.metrics.network.on_nodes import with_measure
from chaingraph.webpage.attributes import is_scalar, scalar
from chaingraph.webpage.overview import MOST_NODES

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_RADIUS, SMALLEST_RADIUS, USUAL_RADIUS = 26.0, 4.5, 8.0


def unknown_attribute(network: nx.Graph[Any], option: str, name: str) -> str:
    """Return the message for an attribute that no node has; it lists those that there are."""
    names = sorted({str(key) for _, attributes in network.nodes(data=True) for key in attributes} - {"quotes"})
    return tr(
        "{option}={name!r}: no node has that attribute; there are: {names}",
        option=option,
        name=name,
        names=", ".join(names) or "none",
    ) + did_you_mean(name, names)


def numeric_value(value: object) -> float:
    """Return a value as a number, NaN for what is none: a text, a truth value, nothing."""
    plain = scalar(value) if is_scalar(value) else None
    return math.nan if isinstance(plain, bool) or not isinstance(plain, int | float) else float(plain)


def sizes(network: nx.Graph[Any], size: str | Mapping[Hashable, float]) -> dict[Hashable, float]:
    """Return the number that each node's area shows; NaN where it has none.

    Raises:
        NetworkError: No node has a number of that name.
    """
    if size == "degree":
        return {node: float(degree) for node, degree in network.degree()}
    if isinstance(size, str):
        values = {node: numeric_value(attributes.get(size)) for node, attributes in network.nodes(data=True)}
        if network and all(math.isnan(value) for value in values.values()):
            raise NetworkError(unknown_attribute(network, "size", size))
        return values
    return {node: numeric_value(size.get(node)) for node in network}


def with_size(
    network: nx.Graph[Any], size: str, report: Callable[[str], None] | None = None
) -> tuple[nx.Graph[Any], list[str]]:
    """Return the network with the measure that ``size`` names on its nodes, and what there is to say of its values.

    It comes back as it is if its nodes have that attribute, or if the page does not need it: it counts the degree
    itself, and shows no nodes of a network that is too large.

    Raises:
        UnknownTermError: Neither an attribute of the nodes nor a measure has that name.
        NetworkError: The measure is not defined on a network of this kind.
    """
    if size == "degree" or len(network) > MOST_NODES:
        return network, []
    return with_measure(network, size, missing=tr("such a node is drawn small"), report=report)


def radii_of(values: Mapping[Hashable, float]) -> dict[Hashable, float]:
    """Return the radius of each node; the smallest can still be clicked.

    >>> radii_of({"a": 4.0, "b": 1.0, "c": math.nan})
    {'a': 10.1, 'b': 5.1, 'c': 4.5}
    """
    positive = [value for value in values.values() if value > 0]
    if not positive:
        return dict.fromkeys(values, USUAL_RADIUS)
    largest = max(positive)
    top = min(LARGEST_RADIUS, USUAL_RADIUS * math.sqrt(largest / median(positive)))
    return {
        node: round(max(SMALLEST_RADIUS, top * math.sqrt(value / largest)), 1) if value > 0 else SMALLEST_RADIUS
        for node, value in values.items()
    }
