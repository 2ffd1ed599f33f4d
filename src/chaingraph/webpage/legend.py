"""The legend: what colours and shapes stand for, and which of its entries each node has."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import networkx as nx

from chaingraph.errors import NetworkError
from chaingraph.languages import LANGUAGES
from chaingraph.layout import OUTSIDE, Arrangement
from chaingraph.webpage.attributes import attribute_texts, class_of, clean_text, node_name
from chaingraph.webpage.model import Legend, LegendEntry
from chaingraph.webpage.overview import homes, hubs
from chaingraph.webpage.sizes import numeric_value, unknown_attribute
from chaingraph.webpage.words import ClassWords, Text, words

GREY = -1
"""The hue of what has no colour of its own."""


class NodeLegend(NamedTuple):
    """A legend, and by node the positions of its class and of its colour."""

    legend: Legend
    types: Mapping[Hashable, int]
    colours: Mapping[Hashable, int]


def shows_communities(network: nx.Graph[Any], colour: str) -> bool:
    """Tell whether colours show the communities of the layout: no node has an attribute of that name."""
    return colour == "community" and not any(colour in attributes for _, attributes in network.nodes(data=True))


def legend_of(
    network: nx.Graph[Any], nodes: Sequence[Hashable], colour: str, communities: Arrangement | None
) -> NodeLegend:
    """Return the legend of a network.

    Args:
        network: The network.
        nodes: Its nodes in the order of the page.
        colour: The node attribute that colours show.
        communities: The arrangement by communities, where colours show these.

    Raises:
        NetworkError: No node has that attribute.
    """
    classes, types, background = _classes(network, nodes)
    if colour == "type":
        return NodeLegend(Legend(classes, classes, background=background), types, types)
    entries, colours = _communities(network, nodes, communities) if communities else _values(network, nodes, colour)
    shapes = tuple(LegendEntry(entry.name, GREY, entry.shape, entry.count) for entry in classes)
    return NodeLegend(Legend(shapes, entries, colour, background), types, colours)


def class_words(name: str) -> ClassWords:
    """Return what a class is called and how it is drawn; a class that the ontology lacks keeps its own name."""
    if not name:
        return words()["unclassed"]
    return words()["classes"].get(name) or {"zh": name, "en": [name, name], "shape": "circle"}


def class_order(names: Mapping[str, int]) -> list[str]:
    """Return class names in the order of the ontology, others by name, none last."""
    order = list(words()["classes"])
    return sorted(names, key=lambda name: (not name, order.index(name) if name in order else len(order), name))


def _classes(
    network: nx.Graph[Any], nodes: Sequence[Hashable]
) -> tuple[tuple[LegendEntry, ...], dict[Hashable, int], tuple[int, ...]]:
    """Return the entries of the classes, the class of each node, and which classes are in the background."""
    names = {node: class_of(network.nodes[node]) for node in nodes}
    counts = Counter(names.values())
    order = class_order(counts)
    entries = []
    for name in order:
        entry = class_words(name)
        text = {"zh": entry["zh"], "en": entry["en"][0]}
        entries.append(LegendEntry(text, entry.get("hue", GREY), entry["shape"], counts[name]))
    background = tuple(number for number, name in enumerate(order) if class_words(name).get("background"))
    return tuple(entries), {node: order.index(names[node]) for node in nodes}, background


def _values(
    network: nx.Graph[Any], nodes: Sequence[Hashable], colour: str
) -> tuple[tuple[LegendEntry, ...], dict[Hashable, int]]:
    """One entry per value, most frequent first; values beyond the palette share the neutral colour.

    Many different numbers are divided into ranges of about as many of them each.
    """
    values = {node: network.nodes[node].get(colour) for node in nodes}
    if nodes and all(value in (None, "") for value in values.values()):
        raise NetworkError(unknown_attribute(network, "colour", colour))
    numbers = {node: numeric_value(value) for node, value in values.items() if value not in (None, "")}
    if len(set(numbers.values())) > len(words()["hues"]) and not any(map(math.isnan, numbers.values())):
        return _ranges(nodes, numbers)
    keys = {node: "" if value is None else clean_text(value) for node, value in values.items()}
    counts = Counter(keys.values())
    order = sorted(counts, key=lambda key: (not key, -counts[key], key))
    fixed = words()["value_hues"].get(colour, {})
    free = [hue for hue in words()["hues"] if hue not in fixed.values()]
    first = {keys[node]: network.nodes[node] for node in reversed(nodes)}
    entries = []
    for key in order:
        texts = attribute_texts(first[key], colour)
        name = {one: texts[one] or words()["unstated"][one] for one in LANGUAGES}
        hue = fixed[key] if key in fixed else free.pop(0) if key and free else GREY
        entries.append(LegendEntry(name, hue, "circle", counts[key]))
    return tuple(entries), {node: order.index(keys[node]) for node in nodes}


def _ranges(
    nodes: Sequence[Hashable], numbers: Mapping[Hashable, float]
) -> tuple[tuple[LegendEntry, ...], dict[Hashable, int]]:
    """One entry per range of numbers, the lowest first, then one for the nodes without a number, if there are any."""
    hues = words()["number_hues"]
    ordered = sorted(set(numbers.values()))
    limits = sorted({ordered[math.ceil(len(ordered) * part / len(hues)) - 1] for part in range(1, len(hues) + 1)})
    home = {node: bisect_left(limits, value) for node, value in numbers.items()}
    counts = Counter(home.values())
    entries = []
    for position, limit in enumerate(limits):
        low = min(value for node, value in numbers.items() if home[node] == position)
        text = f"{low:.4g}" if low == limit else f"{low:.4g} – {limit:.4g}"
        entries.append(LegendEntry(dict.fromkeys(LANGUAGES, text), hues[position], "circle", counts[position]))
    rest = len(nodes) - len(numbers)
    if rest:
        entries.append(LegendEntry(words()["unstated"], GREY, "circle", rest))
    return tuple(entries), {node: home.get(node, len(limits)) for node in nodes}


def _communities(
    network: nx.Graph[Any], nodes: Sequence[Hashable], arrangement: Arrangement
) -> tuple[tuple[LegendEntry, ...], dict[Hashable, int]]:
    """One entry per community, largest first.

    Communities beyond the palette share one entry, and so do the nodes outside of communities.
    """
    numbers, hues = homes(nodes, arrangement), words()["hues"]
    sizes = Counter(number for number in numbers if number != OUTSIDE)
    order = sorted(sizes, key=lambda number: (-sizes[number], number))
    best = hubs(network, nodes, numbers)
    entries = []
    for number, hue in zip(order, hues, strict=False):
        hub = best[number].node
        text = community_text("short", node_name(hub, network.nodes[hub]))
        entries.append(LegendEntry(text, hue, "circle", sizes[number]))
    position = {number: min(rank, len(hues)) for rank, number in enumerate(order)}
    smaller = sum(sizes[number] for number in order[len(hues) :])
    for key, count in (("smaller", smaller), ("none", numbers.count(OUTSIDE))):
        if count:
            text = community_text(key, count=len(order) - len(hues))
            entries.append(LegendEntry(text, GREY, "circle", count))
    position[OUTSIDE] = len(entries) - 1
    return tuple(entries), {node: position[number] for node, number in zip(nodes, numbers, strict=True)}


def community_text(key: str, name: Text | None = None, *, count: int = 0) -> Text:
    """Return what a community is called, after its best-connected node.

    >>> community_text("short", {"zh": "甲", "en": "A"})["en"]
    'A and others'
    """
    return {
        one: words()["community"][one][key].format(name=name[one] if name else "", count=f"{count:,}")
        for one in LANGUAGES
    }
