"""A network as one picture: places, colours and labels that do not overlap, and the drawing as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from chaingraph.briefing.short_names import short_names, text_width
from chaingraph.layout import arrangement

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    import networkx as nx

WIDTH = 720.0
_TALLEST, _LOWEST = 560.0, 240.0
_MARGIN = 70.0
LABEL_SIZE = 11.0
_LABEL_ROOM = 12.0
"""How many ems of a name a label has room for."""
_MOST_LABELS = 60
COLOURS = {"consortium": "#c2492b", "leading": "#1f6fb2", "member": "#8aa9c4", "other": "#9a9484"}
"""What a mark is, and its colour."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A node: where it is, how large, what it is (a key of ``COLOURS``), and its label with its place, if any."""

    x: float
    y: float
    radius: float
    kind: str
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class NetworkPicture:
    """The picture of a network; empty where nothing is tied to anything."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    ties: tuple[tuple[int, int], ...]

    def svg(self, title: str) -> str:
        """Return the picture as SVG."""
        marks = self.marks
        lines = [
            f'<line x1="{marks[source].x}" y1="{marks[source].y}" x2="{marks[target].x}" y2="{marks[target].y}"/>'
            for source, target in self.ties
        ]
        circles = [
            f'<circle cx="{mark.x}" cy="{mark.y}" r="{mark.radius}" fill="{COLOURS[mark.kind]}"/>' for mark in marks
        ]
        texts = [
            f'<text x="{mark.label_x}" y="{mark.label_y}" text-anchor="{mark.anchor}">{escape(mark.label)}</text>'
            for mark in marks
            if mark.label
        ]
        return (
            f'<svg viewBox="0 0 {self.width} {self.height}" role="img" aria-label="{escape(title)}">'
            f'<g stroke="#c9c4b5" stroke-width="1">{"".join(lines)}</g><g stroke="#fff" stroke-width="1">'
            f'{"".join(circles)}</g><g font-size="{LABEL_SIZE:g}" fill="#222" stroke="#fff" stroke-width="3" '
            f'stroke-linejoin="round" paint-order="stroke">{"".join(texts)}</g></svg>'
        )


def network_picture(
    network: nx.Graph[str], kind_of: Callable[[str], str], name_of: Callable[[str], str]
) -> NetworkPicture:
    """Return the picture of a network, without the nodes that are tied to none.

    Consortia and leading enterprises are labelled first, then what has most ties, where the label is free of others.

    Args:
        network: The network.
        kind_of: The kind of a node, a key of ``COLOURS``.
        name_of: The name of a node.
    """
    nodes = sorted(node for node in network if network.degree(node))
    part = network.subgraph(nodes)
    if not nodes:
        return NetworkPicture(WIDTH, 0.0, (), ())
    neighbours = {node: len(set(part.neighbors(node))) for node in nodes}
    radii: dict[Hashable, float] = {node: min(14.0, 4.0 + 1.6 * neighbours[node] ** 0.5) for node in nodes}
    positions = arrangement(part, radii=radii).positions
    places = _places({node: positions[node] for node in nodes})
    height = max(y for _, y in places.values()) + _MARGIN / 2
    order = sorted(nodes, key=lambda node: (list(COLOURS).index(kind_of(node)), -part.degree(node), node))
    labels = _labels(order[:_MOST_LABELS], places, radii, name_of, height)
    position = {node: number for number, node in enumerate(nodes)}
    ties = sorted({tuple(sorted((position[source], position[target]))) for source, target in part.edges()})
    marks = tuple(_mark(places[node], radii[node], kind_of(node), labels.get(node, _NO_LABEL)) for node in nodes)
    return NetworkPicture(WIDTH, round(height, 1), marks, tuple((one, other) for one, other in ties if one != other))


class _Label(NamedTuple):
    """The text of a label, its place, and how it is aligned."""

    text: str
    x: float
    y: float
    anchor: str


_NO_LABEL = _Label("", 0.0, 0.0, "start")


def _mark(place: tuple[float, float], radius: float, kind: str, label: _Label) -> Mark:
    return Mark(*place, round(radius, 1), kind, label.text, label.x, label.y, label.anchor)


def _places(positions: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Return positions scaled and moved into the picture."""
    xs, ys = [x for x, _ in positions.values()], [y for _, y in positions.values()]
    across, down = max(xs) - min(xs) or 1.0, max(ys) - min(ys) or 1.0
    scale = (WIDTH - 2 * _MARGIN) / across
    height = min(_TALLEST, max(_LOWEST, scale * down)) - _MARGIN
    vertical = min(scale, height / down) if down > 1.0 else 1.0
    return {
        node: (round(_MARGIN + (x - min(xs)) * scale, 1), round(_MARGIN / 2 + (y - min(ys)) * vertical, 1))
        for node, (x, y) in positions.items()
    }


_Box = tuple[float, float, float, float]


def _labels(
    order: Sequence[str],
    places: dict[str, tuple[float, float]],
    radii: Mapping[Hashable, float],
    name_of: Callable[[str], str],
    height: float,
) -> dict[str, _Label]:
    """Return the label of each node that has room for one: its text, its place and how it is aligned."""
    texts = short_names({name_of(node) for node in order}, _LABEL_ROOM)
    boxes: list[_Box] = [_circle(place, radii[node]) for node, place in places.items()]
    labels = {}
    for node in order:
        text = texts[name_of(node)]
        width = text_width(text) * LABEL_SIZE
        own = _circle(places[node], radii[node])
        for x, y, anchor in _candidates(places[node], radii[node]):
            left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
            box = (left, y - LABEL_SIZE, left + width, y + 3)
            inside = box[0] >= 0 and box[2] <= WIDTH and box[1] >= 0 and box[3] <= height
            if inside and not any(_overlap(box, other) for other in boxes if other != own):
                labels[node] = _Label(text, round(x, 1), round(y, 1), anchor)
                boxes.append(box)
                break
    return labels


def _circle(place: tuple[float, float], radius: float) -> _Box:
    return (place[0] - radius, place[1] - radius, place[0] + radius, place[1] + radius)


def _candidates(place: tuple[float, float], radius: float) -> Iterator[tuple[float, float, str]]:
    """Yield the places of a label: right, left, above, below."""
    x, y = place
    yield x + radius + 3, y + 4, "start"
    yield x - radius - 3, y + 4, "end"
    yield x, y - radius - 4, "middle"
    yield x, y + radius + LABEL_SIZE, "middle"


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
