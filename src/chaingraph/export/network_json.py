"""Networks as JSON: node-link, and the forms of Cytoscape, G6, ECharts and GeoJSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chaingraph import provenance
from chaingraph.export.cells import plain
from chaingraph.export.geojson import PLACE, feature

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import networkx as nx


def node_link(network: nx.Graph[Any]) -> bytes:
    """Return the network as JSON: ``nodes`` with ``id``, ``links`` with ``source`` and ``target``, and what it is.

    Data sets, what was left out, and the quotes of nodes and links are lists and objects, not text.

    >>> import networkx as nx
    >>> network = nx.Graph([("a", "b", {"n": 2})], name="pair")
    >>> node_link(network).decode()
    '{"directed": false, "graph": {"name": "pair"}, "links": [{"n": 2, "source": "a", "target": "b"}], \
"multigraph": false, "nodes": [{"id": "a"}, {"id": "b"}]}'
    """
    document = {
        "directed": network.is_directed(),
        "multigraph": network.is_multigraph(),
        "graph": _description(network),
        "nodes": list(_nodes(network)),
        "links": list(_ties(network)),
    }
    return _json(document)


def cytoscape(network: nx.Graph[Any]) -> bytes:
    """Return the network in the JSON of Cytoscape and Cytoscape.js: ``elements`` with the data of nodes and edges.

    The label of a node is also its ``name``, which Cytoscape shows; a tie's id is its number.

    >>> import networkx as nx
    >>> cytoscape(nx.Graph([("a", "b")])).decode()
    '{"data": {}, "elements": {"edges": [{"data": {"id": "tie 0", "source": "a", "target": "b"}}], \
"nodes": [{"data": {"id": "a", "name": "a"}}, {"data": {"id": "b", "name": "b"}}]}}'
    """
    nodes = [{"data": {**node, "name": _label(node)}} for node in _nodes(network)]
    edges = [{"data": {**tie, "id": f"tie {number}"}} for number, tie in enumerate(_ties(network))]
    return _json({"data": _description(network), "elements": {"nodes": nodes, "edges": edges}})


def g6(network: nx.Graph[Any]) -> bytes:
    """Return the network as the data of G6 5: ``nodes`` and ``edges``, their attributes under ``data``.

    >>> import networkx as nx
    >>> g6(nx.Graph([("a", "b", {"n": 2})])).decode()
    '{"edges": [{"data": {"n": 2}, "id": "tie 0", "source": "a", "target": "b"}], \
"nodes": [{"data": {}, "id": "a", "style": {"labelText": "a"}}, {"data": {}, "id": "b", "style": {"labelText": "b"}}]}'
    """
    nodes = [
        {"id": node["id"], "data": _without(node, "id"), "style": {"labelText": _label(node)}}
        for node in _nodes(network)
    ]
    edges = [
        {
            "id": f"tie {number}",
            "source": tie["source"],
            "target": tie["target"],
            "data": _without(tie, "source", "target"),
        }
        for number, tie in enumerate(_ties(network))
    ]
    return _json({"nodes": nodes, "edges": edges})


def echarts(network: nx.Graph[Any]) -> bytes:
    """Return the network as an option of ECharts: one series of the type ``graph``, coloured by the class of a node.

    A node's ``value`` is its number of ties, a link's its weight; what else is known of them is under ``attributes``.

    >>> import networkx as nx, json
    >>> series = json.loads(echarts(nx.Graph([("a", "b")])))["series"][0]
    >>> series["data"][0]
    {'attributes': {}, 'category': 0, 'id': 'a', 'name': 'a', 'symbolSize': 9.0, 'value': 1}
    """
    weight = network.graph.get("weight", "weight")
    kinds = list(dict.fromkeys(str(data.get("type", "")) for _, data in network.nodes(data=True)))
    degrees = {str(node): degree for node, degree in network.degree()}
    data = [
        {
            "id": node["id"],
            "attributes": _without(node, "id", "quotes"),
            "name": _label(node),
            "category": kinds.index(str(node.get("type", ""))),
            "value": degrees[node["id"]],
            "symbolSize": round(6 + 3 * degrees[node["id"]] ** 0.5, 1),
        }
        for node in _nodes(network)
    ]
    links = [
        {
            "source": tie["source"],
            "target": tie["target"],
            "value": tie.get(weight, 1),
            "attributes": _without(tie, "source", "target", "quotes"),
        }
        for tie in _ties(network)
    ]
    categories = [{"name": kind} for kind in kinds]
    series = {
        "type": "graph",
        "layout": "force",
        "roam": True,
        "label": {"show": len(data) <= 100},
        "edgeSymbol": ["none", "arrow"] if network.is_directed() else ["none", "none"],
        "categories": categories,
        "data": data,
        "links": links,
    }
    legend = [{"data": [kind for kind in kinds if kind]}]
    title = {"text": network.graph.get("name", ""), "subtext": _attribution(network)}
    return _json({"title": title, "tooltip": {}, "legend": legend, "series": [series]})


def geojson(network: nx.Graph[Any]) -> bytes:
    """Return the network as GeoJSON (RFC 7946): a point for each node with coordinates, a line for each tie of two.

    >>> import networkx as nx
    >>> network = nx.Graph()
    >>> network.add_node("a", latitude=31.3, longitude=120.6)
    >>> geojson(network).decode()
    '{"attribution": "", "features": [{"geometry": {"coordinates": [120.6, 31.3], "type": "Point"}, "id": "a", \
"properties": {"id": "a"}, "type": "Feature"}], "type": "FeatureCollection"}'
    """
    places = {
        str(node): [float(data["longitude"]), float(data["latitude"])]
        for node, data in network.nodes(data=True)
        if all(data.get(name) is not None for name in PLACE)
    }
    points = [
        feature(_without(node, *PLACE), _geometry("Point", places[node["id"]]), node["id"])
        for node in _nodes(network)
        if node["id"] in places
    ]
    lines = [
        feature(tie, _geometry("LineString", [places[tie["source"]], places[tie["target"]]]), f"tie {number}")
        for number, tie in enumerate(_ties(network))
        if tie["source"] in places and tie["target"] in places
    ]
    return _json({"type": "FeatureCollection", "attribution": _attribution(network), "features": [*points, *lines]})


def _geometry(kind: str, coordinates: list[Any]) -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates}


def _nodes(network: nx.Graph[Any]) -> Iterator[dict[str, Any]]:
    for node, data in network.nodes(data=True):
        yield {**_with_quotes(network, data), "id": str(node)}


def _ties(network: nx.Graph[Any]) -> Iterator[dict[str, Any]]:
    for source, target, data in network.edges(data=True):
        yield {**_with_quotes(network, data), "source": str(source), "target": str(target)}


def _label(node: Mapping[str, Any]) -> str:
    return str(node.get("label", node["id"]))


def _without(record: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in names}


def _attribution(network: nx.Graph[Any]) -> str:
    return "; ".join(filter(None, (entry.get("attribution") for entry in provenance.data_sets(network))))


def _description(network: nx.Graph[Any]) -> dict[str, Any]:
    """Return what a network is, with its data sets as a list and what was left out as an object."""
    description = {name: value for name, value in network.graph.items() if name != "quotes"}
    for name, content in (("datasets", provenance.data_sets), ("left_out", provenance.left_out)):
        if name in description:
            description[name] = content(network)
    return description


def _with_quotes(network: nx.Graph[Any], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes with the records that ``quotes`` names in its place."""
    return {**attributes, **({"quotes": provenance.quotes(network, attributes)} if "quotes" in attributes else {})}


def _json(document: object) -> bytes:
    return json.dumps(plain(document), ensure_ascii=False, sort_keys=True).encode()
