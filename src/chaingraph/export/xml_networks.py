"""Networks as GraphML and GEXF, line by line: of a large network no element is an object, and no copy is made.

What stands in the files is what networkx writes of the same network, whose readers they are tested with.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, count
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import networkx as nx

from chaingraph import provenance
from chaingraph.export.cells import scalars

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chaingraph.export.cells import Scalar

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "long", float: "double"}
_UNCHANGED = frozenset({str, bool, int})
_TIME_FORMATS = _TYPES | {str: "date"}
_GEXF_OWN = ("id", "label", "weight", "start", "end")
"""What GEXF has attributes of its own for."""
_IN_ATTRIBUTES = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
_CACHED_TEXTS = 50_000
_GRAPHML = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">'
)
_GEXF = (
    '<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.gexf.net/1.2draft http://www.gexf.net/1.2draft/gexf.xsd" version="1.2">'
)
_DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"


_Key = tuple[str, str, str]
_Items = tuple[tuple[Any, Any], ...]


def graphml_lines(network: nx.Graph[Any]) -> Iterator[str]:
    """Yield the network as GraphML, with the attribution of its data sets and what was left out."""
    described = description(network)
    keys = _keys(network, described)
    yield _DECLARATION + _GRAPHML
    for (scope, name, kind), key in reversed(keys.items()):
        yield f'<key id="{key}" for="{scope}" attr.name={quoteattr(name)} attr.type="{kind}"/>\n'
    identifier = f" id={_attribute(described.pop('id'))}" if "id" in described else ""
    yield f'<graph edgedefault="{_direction(network)}"{identifier}>'
    for name, value in described.items():
        yield f'<data key="{keys["graph", name, _TYPES[type(value)]]}">{_element_text(value)}</data>\n'
    texts: dict[_Items, str] = {}
    for node, attributes in network.nodes(data=True):
        yield _graphml_element("node", f"id={_attribute(node)}", _graphml_data("node", attributes, keys))
    for source, target, key, data in _edges(network):
        identifier = "" if key is None else f" id={_attribute(key)}"
        head = f"source={_attribute(source)} target={_attribute(target)}{identifier}"
        items = tuple(data.items())
        # Many ties say the same, and texts are equal only to themselves (1 equals True).
        if not all(type(value) is str for _, value in items):
            yield _graphml_element("edge", head, _graphml_data("edge", data, keys))
            continue
        if items not in texts:
            if len(texts) == _CACHED_TEXTS:
                texts.clear()
            texts[items] = _graphml_data("edge", data, keys)
        yield _graphml_element("edge", head, texts[items])
    yield "</graph></graphml>"


def _graphml_element(scope: str, head: str, content: str) -> str:
    return f"<{scope} {head}>\n{content}</{scope}>\n" if content else f"<{scope} {head}/>\n"


def _graphml_data(scope: str, attributes: Mapping[Any, Any], keys: Mapping[_Key, str]) -> str:
    return "".join(
        f'  <data key="{keys[scope, name, _TYPES[type(value)]]}">{_element_text(value)}</data>\n'
        for name, value in scalars(attributes)
    )


def _keys(network: nx.Graph[Any], described: Mapping[str, Scalar]) -> dict[_Key, str]:
    """Return the key of each attribute by what has it, its name and its type, in the order of their first values."""
    keys = {("graph", name, _TYPES[type(value)]): None for name, value in described.items() if name != "id"}
    for scope, parts in (("node", network.nodes(data=True)), ("edge", network.edges(data=True))):
        shapes: set[tuple[object, ...]] = set()
        for *_, data in parts:
            types = tuple(map(type, data.values()))
            shape = (*data, *types)
            if shape not in shapes:
                keys.update(((scope, name, _TYPES[type(value)]), None) for name, value in scalars(data))
                # What other values are written as depends on the value: no number is nothing.
                if _UNCHANGED.issuperset(types):
                    shapes.add(shape)
    return {key: f"d{number}" for number, key in enumerate(keys)}


def gexf_lines(network: nx.Graph[Any]) -> Iterator[str]:
    """Yield the network as GEXF 1.2, as Gephi reads it, with its name, attribution and what was left out described.

    The class of a node is its attribute ``class``, because ``type`` is GEXF's own.
    """
    described = "; ".join(f"{name}: {value}" for name, value in description(network).items() if value != "")
    titles = _titles(network)
    yield f"{_DECLARATION}{_GEXF}\n  <meta>\n    <creator>NetworkX {nx.__version__}</creator>"
    yield f"<description>{_element_text(described)}</description>\n  </meta>\n"
    yield f'  <graph defaultedgetype="{_direction(network)}" {_gexf_mode(network)}>\n'
    for scope in ("edge", "node"):
        of_scope = [(name, entry) for (of, name), entry in titles.items() if of == scope]
        if of_scope:
            yield f'    <attributes mode="static" class="{scope}">\n'
            for name, (number, kind) in of_scope:
                yield f'      <attribute id="{number}" title={quoteattr(name)} type="{kind}" />\n'
            yield "    </attributes>\n"
    yield from _gexf_section("nodes", _gexf_nodes(network, titles))
    yield from _gexf_section("edges", _gexf_edges(network, titles))
    yield "  </graph>\n</gexf>"


def _gexf_mode(network: nx.Graph[Any]) -> str:
    """Return how the graph says whether nodes or ties begin or end at a time, and of which kind the first is."""
    parts = chain(network.nodes(data=True), network.edges(data=True))
    times = (value for *_, data in parts for name, value in scalars(data) if name in ("start", "end"))
    first = next(times, None)
    return 'mode="static"' if first is None else f'mode="dynamic" timeformat="{_TIME_FORMATS[type(first)]}"'


_Titles = dict[tuple[str, str], tuple[int, str]]


def _gexf_section(name: str, elements: Iterator[str]) -> Iterator[str]:
    first = next(elements, None)
    if first is None:
        yield f"    <{name} />\n"
        return
    yield f"    <{name}>\n"
    yield from chain([first], elements)
    yield f"    </{name}>\n"


def _gexf_nodes(network: nx.Graph[Any], titles: _Titles) -> Iterator[str]:
    for node, data in network.nodes(data=True):
        values = _node_values(data)
        own = {"id": values.get("id", node), "label": values.get("label", node)}
        own |= {name: values[name] for name in ("start", "end") if name in values}
        yield _gexf_element("node", own, values, titles)


def _gexf_edges(network: nx.Graph[Any], titles: _Titles) -> Iterator[str]:
    identifiers = {str(value) for *_, data in network.edges(data=True) if (value := data.get("id")) is not None}
    names = {node: data["id"] for node, data in network.nodes(data=True) if data.get("id") is not None}
    free = (number for number in count() if str(number) not in identifiers)
    for source, target, key, data in _edges(network):
        values = _edge_values(data, key)
        identifier = values["id"] if "id" in values else next(free)
        own = {"source": names.get(source, source), "target": names.get(target, target), "id": identifier}
        own |= {name: values[name] for name in ("label", "weight", "type", "start", "end") if name in values}
        yield _gexf_element("edge", own, values, titles)


def _gexf_element(scope: str, own: Mapping[str, Any], values: Mapping[str, Scalar], titles: _Titles) -> str:
    head = " ".join(f"{name}={_attribute(value)}" for name, value in own.items())
    lines = [
        f'          <attvalue for="{titles[scope, name][0]}" value={_gexf_value(value)} />\n'
        for name, value in values.items()
        if (scope, name) in titles
    ]
    if not lines:
        return f"      <{scope} {head} />\n"
    return f"      <{scope} {head}>\n        <attvalues>\n{''.join(lines)}        </attvalues>\n      </{scope}>\n"


def _gexf_value(value: Scalar) -> str:
    return _attribute(str(value).lower() if isinstance(value, bool) else value)


def _node_values(attributes: Mapping[Any, Any]) -> dict[str, Scalar]:
    """Return the attributes of a node, its class last."""
    values = _renamed(attributes)
    return values | {"class": values.pop("type", "")}


def _edge_values(attributes: Mapping[Any, Any], key: object) -> dict[str, Scalar]:
    """Return the attributes of a tie, and the key that tells it from its parallels."""
    return _renamed(attributes) | dict(scalars({"networkx_key": key}))


def _renamed(attributes: Mapping[Any, Any]) -> dict[str, Scalar]:
    """Return the attributes under the names that networkx's reader knows."""
    return {"networkx_key" if name == "key" else name: value for name, value in scalars(attributes)}


def _titles(network: nx.Graph[Any]) -> _Titles:
    """Return the number and type of each attribute of nodes and ties but those that GEXF has attributes of its own for.

    Unlike in GraphML an attribute has one type: that of its first value.
    """
    titles: _Titles = {}
    for _, attributes in network.nodes(data=True):
        for name, value in _node_values(attributes).items():
            if name not in _GEXF_OWN:
                titles.setdefault(("node", name), (len(titles), _TYPES[type(value)]))
    for *_, key, data in _edges(network):
        for name, value in _edge_values(data, key).items():
            if name not in (*_GEXF_OWN, "type"):
                titles.setdefault(("edge", name), (len(titles), _TYPES[type(value)]))
    return titles


def description(network: nx.Graph[Any]) -> dict[str, Scalar]:
    """Return what a network says of itself, the attribution of its data sets, and what was left out."""
    own = {name: value for name, value in network.graph.items() if name not in ("datasets", "left_out")}
    attributions = (entry.get("attribution") for entry in provenance.data_sets(network))
    own["attribution"] = "; ".join(filter(None, attributions))
    own |= {f"left out: {reason}": number for reason, number in provenance.left_out(network).items()}
    return dict(scalars(own))


def _edges(network: nx.Graph[Any]) -> Iterator[tuple[Any, Any, Any, Mapping[Any, Any]]]:
    """Yield the ends, key and attributes of each tie; the key is None where no two ties have both ends in common."""
    if network.is_multigraph():
        edges: Any = network.edges
        yield from edges(keys=True, data=True)
    else:
        yield from ((source, target, None, data) for source, target, data in network.edges(data=True))


def _direction(network: nx.Graph[Any]) -> str:
    return "directed" if network.is_directed() else "undirected"


def _element_text(value: Scalar) -> str:
    return _escaped(value) if isinstance(value, str) else str(value)


@lru_cache(_CACHED_TEXTS)
def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _attribute(value: object) -> str:
    return _quoted(str(value))


@lru_cache(_CACHED_TEXTS)
def _quoted(text: str) -> str:
    content = escape(_NOT_XML.sub("\ufffd", text), _IN_ATTRIBUTES)
    return f'"{content}"'
