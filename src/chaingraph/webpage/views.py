"""What the reader of a page can choose to see: other layouts, which are computed when the page is made, and hues."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import networkx as nx

from chaingraph import layout as layouts
from chaingraph.errors import NetworkError
from chaingraph.languages import LANGUAGES
from chaingraph.webpage.attributes import class_of
from chaingraph.webpage.legend import GREY, class_order, class_words
from chaingraph.webpage.model import Circle, LayoutChoice, Line, Palette, Views
from chaingraph.webpage.overview import OVERVIEW_FROM
from chaingraph.webpage.summary import Reading, encoding, layout_reading
from chaingraph.webpage.words import Text, words

_FEWEST_IN_CIRCLE = 4
"""Of fewer nodes a community has no circle drawn around it."""
_LEAST_SHARE = 0.5
"""Share of the nodes that a layout must have a place for to be a choice."""
_BY_TIES = {"chain", "two-mode"}
"""The layouts that have no place for nodes without a tie, which are not counted then."""


def circles_of(arrangement: layouts.Arrangement) -> tuple[Circle, ...]:
    """Return the circles that are drawn under the nodes of an arrangement."""
    return tuple(
        (round(x, 1), round(y, 1), round(radius, 1))
        for x, y, radius, count in arrangement.circles
        if count >= _FEWEST_IN_CIRCLE
    )


def line_of(line: layouts.Line) -> Line:
    """Return a line under the nodes; a label that is a segment of the chain is one in both languages."""
    points = tuple((round(x, 1), round(y, 1)) for x, y in line.points)
    if not line.label:
        return Line(points, kind=line.kind)
    return Line(points, words()["values"]["segment"].get(line.label) or dict.fromkeys(LANGUAGES, line.label))


def views_of(
    network: nx.Graph[Any], nodes: Sequence[Hashable], reading: Reading, radii: Mapping[Hashable, float], seed: int
) -> Views:
    """Return what the reader can choose, the layout that is drawn first.

    A network that opens with its communities has no other layout; any other has those that it states enough for, that
    is, that have a place for at least half of the nodes, or of those with ties if these make the layout.
    """
    first = LayoutChoice(reading.group or reading.layout, _reading(network, reading))
    others = [name for name in layouts.LAYOUTS if name != first.name and len(nodes) <= OVERVIEW_FROM]
    choices = [_choice(network, nodes, name, reading, radii, seed) for name in others]
    return Views(
        (first, *(choice for choice in choices if choice)),
        _palette(network),
        reading.size,
        {language: encoding(network, reading, language) for language in LANGUAGES},
    )


def _choice(
    network: nx.Graph[Any],
    nodes: Sequence[Hashable],
    name: str,
    reading: Reading,
    radii: Mapping[Hashable, float],
    seed: int,
) -> LayoutChoice | None:
    """The layout of that name; None where the network has not enough for it."""
    try:
        arrangement = layouts.arrangement(network, layout=name, seed=seed, radii=radii)
    except NetworkError:
        return None
    placed = len(nodes) - sum(count for reason, count in arrangement.left_out.items() if reason != "beyond")
    isolates = sum(degree == 0 for _, degree in network.degree()) if name in _BY_TIES else 0
    if placed < _LEAST_SHARE * (len(nodes) - isolates):
        return None
    circles = circles_of(arrangement)
    own = replace(reading, group=None, layout=name, circles=bool(circles), left_out=arrangement.left_out)
    return LayoutChoice(
        name,
        _reading(network, own),
        tuple(round(arrangement.positions[node][0]) for node in nodes),
        tuple(round(arrangement.positions[node][1]) for node in nodes),
        circles,
        tuple(line_of(line) for line in arrangement.lines),
        arrangement.swappable,
    )


def _palette(network: nx.Graph[Any]) -> Palette:
    names = class_order({class_of(attributes): 1 for _, attributes in network.nodes(data=True)})
    return Palette(
        tuple(class_words(name).get("hue", GREY) for name in names),
        words()["value_hues"],
        tuple(words()["hues"]),
        tuple(words()["number_hues"]),
    )


def _reading(network: nx.Graph[Any], reading: Reading) -> Text:
    return {language: layout_reading(network, reading, language) for language in LANGUAGES}
