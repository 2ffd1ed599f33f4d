"""networkx graph -> what the map draws: the only importer of pyvis."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from importlib.resources import files
from typing import Any, TypeAlias

import networkx as nx

from chaingraph import layout as layouts
from chaingraph.errors import NetworkError
from chaingraph.webpage import attributes as records
from chaingraph.webpage import overview as overviews
from chaingraph.webpage import summary as story
from chaingraph.webpage.attributes import Record
from chaingraph.webpage.sizes import radii_of, sizes, unknown_attribute

LARGE = 3000
"""From this number of nodes or twice as many edges on, drawing is economical."""
MOST_ARROWS = 800
Edge: TypeAlias = tuple[int, int, Mapping[str, Any]]
"""Numbers of both ends, and the attributes."""
WIDEST = 7.0


def drawing(
    network: nx.Graph[Any],
    *,
    colour: str,
    size: str | Mapping[Hashable, float],
    group: str | None,
    layout: str,
    seed: int,
    arranged: layouts.Arrangement | None = None,
) -> Record:
    """Everything that the script needs, as plain JSON values; the network is not changed.

    ``arranged`` is where the nodes stand, instead of the layout of that name.
    """
    nodes = sorted(network, key=str)
    values = sizes(network, size)
    radii = radii_of(values)
    groups = groups_of(network, nodes, group)
    arranged = arranged or layouts.arrangement(network, layout=layout, seed=seed, groups=groups, radii=radii)
    by_community = None
    if overviews.is_by_community(network, colour):
        plain = layout == "communities" and not group
        found = arranged if plain else layouts.arrangement(network, seed=seed, radii=radii)
        by_community = overviews.community_colours(network, nodes, found)
    legend, colours, classes = _legend(network, nodes, colour, by_community)
    closed = overviews.overview(network, nodes, arranged) if layout == "communities" else None
    edges = _edges(network, nodes)
    drawn = _pyvis(network, nodes, edges, arranged.positions, radii)
    things = [
        _thing(network, node, colours[node], classes[node], None if isinstance(size, str) else values[node])
        for node in nodes
    ]
    ties, relations = _ties(network, edges)
    return {
        "nodes": drawn.nodes,
        "edges": drawn.edges,
        "options": drawn.options,
        "directed": drawn.directed,
        "loose": network.graph.get("direction") == "ignored",
        "large": len(nodes) > LARGE or network.number_of_edges() > 2 * LARGE,
        "things": things,
        "ties": ties,
        "relations": relations,
        "legend": legend,
        "circles": [
            [round(x, 1), round(y, 1), round(r, 1)] for x, y, r, count in arranged.circles if count > 3 and not closed
        ],
        "lines": [_line(line) for line in arranged.lines],
        "upright": arranged.turns,
        "layout": layout,
        "left_out": dict(arranged.left_out),
        "overview": closed,
        "community_sizes": [] if group or layout != "communities" else [circle[3] for circle in arranged.circles],
        "hubs": [nodes.index(node) for node in story.labelled_first(network)],
    }


def groups_of(network: nx.Graph[Any], nodes: list[Hashable], group: str | None) -> dict[Hashable, Hashable] | None:
    """The value of the attribute of each node; raises NetworkError where no node has one."""
    if group is None:
        return None
    groups = {node: network.nodes[node].get(group) or None for node in nodes}
    if nodes and not any(groups.values()):
        raise NetworkError(unknown_attribute(network, "group", group))
    return groups


def _line(line: layouts.Line) -> Record:
    """A line under the nodes; a label that is a segment of the chain is one in both languages."""
    drawn: Record = {"points": [[round(x, 1), round(y, 1)] for x, y in line.points]}
    if line.label:
        drawn["label"] = records.words()["values"]["segment"].get(line.label, {"zh": line.label, "en": line.label})
    return drawn


def script() -> str:
    """vis-network as pyvis carries it, without the address of its source map."""
    found = [
        path / "vis-network.min.js" for path in files("pyvis").joinpath("lib").iterdir() if path.name[:4] == "vis-"
    ]
    newest = max(found, key=lambda path: [int(part) for part in str(path).split("vis-")[-2].strip("/\\").split(".")])
    source = newest.read_text(encoding="utf-8")
    return source.rsplit("//# sourceMappingURL=", 1)[0].rstrip() + "\n"


def _legend(
    network: nx.Graph[Any],
    nodes: list[Hashable],
    colour: str,
    by_community: tuple[list[Record], dict[Hashable, int]] | None,
) -> tuple[Record, dict[Hashable, int], dict[Hashable, int]]:
    """The legend, and which of its colours and of its classes each node has."""
    known, class_names = records.words()["classes"], {node: records.class_of(network.nodes[node]) for node in nodes}
    order = list(known)
    counted = Counter(class_names.values())
    ranked = sorted(counted, key=lambda name: (not name, order.index(name) if name in order else len(order), name))
    classes = []
    for name in ranked:
        entry = known.get(name) or (records.words()["unclassed"] if not name else {"zh": name, "en": [name, name]})
        shown = {"zh": entry["zh"], "en": entry["en"][0], "shape": entry.get("shape", "circle")}
        classes.append({**shown, "hue": entry.get("hue", -1), "count": counted[name]})
    of_class = {node: ranked.index(class_names[node]) for node in nodes}
    if colour == "type":
        return {"colours": classes, "classes": [], "by": None, "attribute": None}, of_class, of_class
    colours, of_colour = by_community or _colours(network, nodes, colour)
    shapes = [{**entry, "hue": -1} for entry in classes]
    held = {"colours": colours, "classes": shapes, "by": records.attribute_name(colour), "attribute": colour}
    return held, of_colour, of_class


def _colours(network: nx.Graph[Any], nodes: list[Hashable], colour: str) -> tuple[list[Record], dict[Hashable, int]]:
    """One legend entry a value, most frequent first; values beyond the palette share the neutral colour."""
    held = {node: network.nodes[node].get(colour) for node in nodes}
    if nodes and all(value in (None, "") for value in held.values()):
        raise NetworkError(unknown_attribute(network, "colour", colour))
    keys = {node: "" if value is None else records.text(value) for node, value in held.items()}
    counted = Counter(keys.values())
    fixed = records.words()["values"].get(colour, {})
    ranked = sorted(counted, key=lambda key: (not key, -counted[key], key))
    free = [hue for hue in records.words()["hues"] if hue not in {entry.get("hue") for entry in fixed.values()}]
    first = {keys[node]: network.nodes[node] for node in reversed(nodes)}
    entries = []
    for key in ranked:
        chinese, english = records.attribute_texts(first[key], colour).values()
        hue = fixed.get(key, {}).get("hue")
        if hue is None:
            hue = free.pop(0) if key and free else -1
        unstated = records.words()["unstated"]
        names = {"zh": chinese or unstated["zh"], "en": english or unstated["en"]}
        entries.append({**names, "hue": hue, "shape": "circle", "count": counted[key]})
    return entries, {node: ranked.index(keys[node]) for node in nodes}


def _thing(network: nx.Graph[Any], node: Hashable, colour: int, kind: int, value: float | None) -> Record:
    attributes = network.nodes[node]
    thing: Record = {"id": records.text(node), "name": records.names(node, attributes), "colour": colour, "class": kind}
    if spelled := records.pinyin(thing["name"][0]):
        thing["pinyin"] = spelled
    rows = records.facts(attributes)
    if value is not None:
        rows.append(["value", records.plain(value)])
    quotes = records.quotes(network, attributes)
    return (
        thing
        | ({"facts": rows} if rows else {})
        | ({"quotes": quotes} if quotes else {})
        | ({"leading": True} if attributes.get("leading") is True else {})
    )


def _edges(network: nx.Graph[Any], nodes: list[Hashable]) -> list[Edge]:
    """Every edge, parallel ones too, by number of its ends, in an order that does not depend on how it was built."""
    number = {node: index for index, node in enumerate(nodes)}
    found = []
    for source, target, key, attributes in _keyed(network):
        ends = (number[source], number[target])
        if not network.is_directed():
            ends = (min(ends), max(ends))
        found.append((*ends, attributes, records.relation(attributes), str(key)))
    found.sort(key=lambda edge: (edge[0], edge[1], edge[3], edge[4]))
    return [(source, target, attributes) for source, target, attributes, _, _ in found]


def _keyed(network: nx.Graph[Any]) -> Iterator[tuple[Hashable, Hashable, Hashable, Mapping[str, Any]]]:
    if isinstance(network, nx.MultiGraph):
        yield from network.edges(data=True, keys=True)
    else:
        for source, target, attributes in network.edges(data=True):
            yield source, target, "", attributes


def _ties(network: nx.Graph[Any], edges: list[Edge]) -> tuple[list[Record], list[list[str]]]:
    """A record a tie, and the relations that they number."""
    relations: dict[tuple[str, ...], int] = {}
    ties = []
    for _, _, attributes in edges:
        name = records.relation(attributes)
        tie: Record = {"relation": relations.setdefault(name, len(relations))} if name[0] else {}
        if rows := records.facts(attributes):
            tie["facts"] = rows
        if quotes := records.quotes(network, attributes):
            tie["quotes"] = quotes
        ties.append(tie)
    return ties, [list(name) for name in relations]


def _weight(attributes: Mapping[str, Any]) -> int:
    """The tie's count: its first whole number by name."""
    counts = [value for name, value in sorted(attributes.items()) if type(value) is int and value > 0]
    return counts[0] if counts else 1


def _pyvis(
    network: nx.Graph[Any],
    nodes: list[Hashable],
    edges: list[Edge],
    positions: Mapping[Hashable, Any],
    radii: Mapping[Hashable, float],
) -> Any:  # noqa: ANN401 - pyvis carries no types
    # Importing pyvis imports IPython: a second that only those should pay who make a page.
    from pyvis.network import Network

    drawn = Network(directed=network.is_directed())
    large = len(nodes) > LARGE or len(edges) > 2 * LARGE
    drawn.nodes = [
        {"id": index, "x": round(positions[node][0], 1), "y": round(positions[node][1], 1), "size": radii[node]}
        for index, node in enumerate(nodes)
    ]
    pairs = Counter((min(source, target), max(source, target)) for source, target, _ in edges)
    seen: Counter[tuple[int, int]] = Counter()
    heaviest = max((_weight(attributes) for _, _, attributes in edges), default=1)
    a_doubling = min(1.1, (WIDEST - 1) / max(1.0, math.log2(heaviest)))
    for index, (source, target, attributes) in enumerate(edges):
        edge: Record = {"id": index, "from": source, "to": target}
        weight = _weight(attributes)
        if weight > 1:
            edge["width"] = round(1 + a_doubling * math.log2(weight), 2)
        pair = (min(source, target), max(source, target))
        if pairs[pair] > 1 and source != target:
            bend = (seen[pair] - (pairs[pair] - 1) / 2) * 0.18 * (1 if source < target else -1)
            if bend:
                kind = "curvedCW" if bend > 0 else "curvedCCW"
                edge["smooth"] = {"enabled": True, "type": kind, "roundness": round(abs(bend), 3)}
        seen[pair] += 1
        drawn.edges.append(edge)
    # Thousands of arrow heads darken every hub; direction then shows on the ties of the node that is selected.
    drawn.options = _options(large=large, arrows=drawn.directed and len(edges) <= MOST_ARROWS)
    return drawn


def _options(*, large: bool, arrows: bool) -> Record:
    return {
        "autoResize": True,
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "nodes": {"shape": "custom", "chosen": False, "borderWidth": 0},
        "edges": {
            "smooth": False,
            "chosen": False,
            "width": 1,
            "selectionWidth": 0,
            "hoverWidth": 0,
            "arrows": {"to": {"enabled": arrows, "scaleFactor": 0.3}},
        },
        "interaction": {
            "hover": True,
            "hoverConnectedEdges": False,
            "selectConnectedEdges": False,
            "multiselect": False,
            "hideEdgesOnDrag": large,
            "hideEdgesOnZoom": large,
            "dragNodes": not large,
            "keyboard": {"enabled": False},
            "tooltipDelay": 100000,
            "zoomSpeed": 0.7,
        },
    }
