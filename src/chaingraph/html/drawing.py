"""networkx graph -> what the map draws: the only importer of pyvis."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from importlib.resources import files
from statistics import median
from typing import Any

import networkx as nx

from chaingraph import layout as layouts
from chaingraph.errors import NetworkError
from chaingraph.html import records
from chaingraph.html.records import Record

LARGE = 3000
"""From this number of nodes or twice as many edges on, drawing is economical."""
MOST_ARROWS = 800
LARGEST_RADIUS, SMALLEST_RADIUS, USUAL_RADIUS = 26.0, 4.5, 8.0
WIDEST = 7.0


def drawing(
    network: nx.Graph[Any],
    *,
    colour: str,
    size: str | Mapping[Hashable, float],
    group: str | None,
    layout: str,
    seed: int,
) -> Record:
    """Everything that the script needs, as plain JSON values; the network is not changed."""
    nodes = sorted(network, key=str)
    values = _sizes(network, size)
    radii = _radii(values)
    groups = {node: network.nodes[node].get(group) or None for node in nodes} if group else None
    if group and network and not any(groups.values() if groups else ()):
        raise NetworkError(_unknown(network, "group", group))
    arranged = layouts.arrangement(network, layout=layout, seed=seed, groups=groups, radii=radii)
    legend, colours, classes = _legend(network, nodes, colour)
    drawn = _pyvis(network, nodes, arranged.positions, radii)
    things = [
        _thing(node, network.nodes[node], colours[node], classes[node], None if isinstance(size, str) else values[node])
        for node in nodes
    ]
    ties, relations = _ties(network, nodes)
    return {
        "nodes": drawn.nodes,
        "edges": drawn.edges,
        "options": drawn.options,
        "directed": drawn.directed,
        "large": len(nodes) > LARGE or network.number_of_edges() > 2 * LARGE,
        "things": things,
        "ties": ties,
        "relations": relations,
        "legend": legend,
        "circles": [[round(x, 1), round(y, 1), round(r, 1)] for x, y, r, count in arranged.circles if count > 3],
    }


def script() -> str:
    """vis-network as pyvis carries it, without the address of its source map."""
    found = [
        path / "vis-network.min.js" for path in files("pyvis").joinpath("lib").iterdir() if path.name[:4] == "vis-"
    ]
    newest = max(found, key=lambda path: [int(part) for part in str(path).split("vis-")[-2].strip("/\\").split(".")])
    source = newest.read_text(encoding="utf-8")
    return source.rsplit("//# sourceMappingURL=", 1)[0].rstrip() + "\n"


def _unknown(network: nx.Graph[Any], role: str, name: str) -> str:
    held = sorted({str(key) for _, attributes in network.nodes(data=True) for key in attributes} - {"quotes"})
    return f"{role}={name!r}: no node has that attribute; there are: {', '.join(held) or 'none'}"


def _number(value: object) -> float:
    found = records.plain(value) if records.is_scalar(value) else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return math.nan
    return float(found)


def _sizes(network: nx.Graph[Any], size: str | Mapping[Hashable, float]) -> dict[Hashable, float]:
    """The number behind each node's area; NaN where it has none."""
    if size == "degree":
        return {node: float(degree) for node, degree in network.degree()}
    if isinstance(size, str):
        values = {node: _number(held.get(size)) for node, held in network.nodes(data=True)}
        if network and all(math.isnan(value) for value in values.values()):
            raise NetworkError(_unknown(network, "size", size))
        return values
    return {node: _number(size.get(node)) for node in network}


def _radii(values: Mapping[Hashable, float]) -> dict[Hashable, float]:
    """Radii whose squares follow the values, from a smallest on that can still be clicked."""
    positive = [value for value in values.values() if value > 0]
    if not positive:
        return dict.fromkeys(values, USUAL_RADIUS)
    largest = max(positive)
    top = min(LARGEST_RADIUS, USUAL_RADIUS * math.sqrt(largest / median(positive)))
    return {
        node: round(max(SMALLEST_RADIUS, top * math.sqrt(value / largest)), 1) if value > 0 else SMALLEST_RADIUS
        for node, value in values.items()
    }


def _legend(
    network: nx.Graph[Any], nodes: list[Hashable], colour: str
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
        return {"colours": classes, "classes": [], "by": None}, of_class, of_class
    colours, of_colour = _colours(network, nodes, colour)
    shapes = [{**entry, "hue": -1} for entry in classes]
    return {"colours": colours, "classes": shapes, "by": records.attribute_name(colour)}, of_colour, of_class


def _colours(network: nx.Graph[Any], nodes: list[Hashable], colour: str) -> tuple[list[Record], dict[Hashable, int]]:
    """One legend entry a value, most frequent first; values beyond the palette share the neutral colour."""
    held = {node: network.nodes[node].get(colour) for node in nodes}
    if nodes and all(value in (None, "") for value in held.values()):
        raise NetworkError(_unknown(network, "colour", colour))
    keys = {node: "" if value is None else records.text(value) for node, value in held.items()}
    counted = Counter(keys.values())
    fixed = records.words()["values"].get(colour, {})
    ranked = sorted(counted, key=lambda key: (not key, -counted[key], key))
    free = [hue for hue in records.words()["hues"] if hue not in {entry.get("hue") for entry in fixed.values()}]
    first = {keys[node]: network.nodes[node] for node in reversed(nodes)}
    entries = []
    for key in ranked:
        chinese, english = records.in_both(first[key], colour)
        hue = fixed.get(key, {}).get("hue")
        if hue is None:
            hue = free.pop(0) if key and free else -1
        unstated = records.words()["unstated"]
        names = {"zh": chinese or unstated["zh"], "en": english or unstated["en"]}
        entries.append({**names, "hue": hue, "shape": "circle", "count": counted[key]})
    return entries, {node: ranked.index(keys[node]) for node in nodes}


def _thing(node: Hashable, attributes: Mapping[str, Any], colour: int, kind: int, value: float | None) -> Record:
    thing: Record = {"id": records.text(node), "name": records.names(node, attributes), "colour": colour, "class": kind}
    rows = records.facts(attributes)
    if value is not None:
        rows.append(["value", records.plain(value)])
    quotes = records.quotes(attributes)
    return (
        thing
        | ({"facts": rows} if rows else {})
        | ({"quotes": quotes} if quotes else {})
        | ({"leading": True} if attributes.get("leading") is True else {})
    )


def _edges(network: nx.Graph[Any], nodes: list[Hashable]) -> list[tuple[int, int, Mapping[str, Any]]]:
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


def _ties(network: nx.Graph[Any], nodes: list[Hashable]) -> tuple[list[Record], list[list[str]]]:
    """A record a tie, and the relations that they number."""
    relations: dict[tuple[str, ...], int] = {}
    ties = []
    for _, _, attributes in _edges(network, nodes):
        name = records.relation(attributes)
        tie: Record = {"relation": relations.setdefault(name, len(relations))} if name[0] else {}
        if rows := records.facts(attributes):
            tie["facts"] = rows
        if quotes := records.quotes(attributes):
            tie["quotes"] = quotes
        ties.append(tie)
    return ties, [list(name) for name in relations]


def _weight(attributes: Mapping[str, Any]) -> int:
    """The tie's count: its first whole number by name."""
    counts = [value for name, value in sorted(attributes.items()) if type(value) is int and value > 0]
    return counts[0] if counts else 1


def _pyvis(
    network: nx.Graph[Any], nodes: list[Hashable], positions: Mapping[Hashable, Any], radii: Mapping[Hashable, float]
) -> Any:  # noqa: ANN401 - pyvis carries no types
    # Importing pyvis imports IPython: a second that only those should pay who make a page.
    from pyvis.network import Network

    drawn = Network(directed=network.is_directed())
    edges = _edges(network, nodes)
    large = len(nodes) > LARGE or len(edges) > 2 * LARGE
    drawn.nodes = [
        {"id": index, "x": round(positions[node][0], 1), "y": round(positions[node][1], 1), "size": radii[node]}
        for index, node in enumerate(nodes)
    ]
    pairs = Counter((min(source, target), max(source, target)) for source, target, _ in edges)
    seen: Counter[tuple[int, int]] = Counter()
    for index, (source, target, attributes) in enumerate(edges):
        edge: Record = {"id": index, "from": source, "to": target}
        weight = _weight(attributes)
        if weight > 1:
            edge["width"] = round(min(WIDEST, 1 + 1.1 * math.log2(weight)), 2)
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
