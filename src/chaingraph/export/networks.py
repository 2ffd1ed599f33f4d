"""A network as a document: the only place of the endpoint that writes node-link JSON, a list of ties, and GraphML."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from typing import TYPE_CHECKING, Any

import networkx as nx

from chaingraph import provenance
from chaingraph.export.files import not_a_formula

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MEDIA_TYPES = {
    "page": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "graphml": "application/graphml+xml",
}
"""The documents that a network comes as, with their media types."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENDS = ("source", "target", "source_label", "target_label")


def node_link(network: nx.Graph[Any]) -> bytes:
    """Return the network as JSON: ``nodes`` with ``id``, ``links`` with ``source`` and ``target``, and what it is.

    Data sets, what was left out, and the quotes of nodes and links are lists and objects, not text.

    >>> network = nx.Graph([("a", "b", {"n": 2})], name="pair")
    >>> node_link(network).decode()
    '{"directed": false, "graph": {"name": "pair"}, "links": [{"n": 2, "source": "a", "target": "b"}], \
"multigraph": false, "nodes": [{"id": "a"}, {"id": "b"}]}'
    """
    document = {
        "directed": network.is_directed(),
        "multigraph": network.is_multigraph(),
        "graph": _described(network),
        "nodes": [{**_quoted(network, data), "id": node} for node, data in network.nodes(data=True)],
        "links": [{**_quoted(network, data), "source": u, "target": v} for u, v, data in network.edges(data=True)],
    }
    return json.dumps(_finite(document), ensure_ascii=False, allow_nan=False, sort_keys=True).encode()


def _described(network: nx.Graph[Any]) -> dict[str, Any]:
    """Return what a network is, with its data sets as a list and what was left out as an object."""
    described = {name: value for name, value in network.graph.items() if name != "quotes"}
    for name, content in (("datasets", provenance.data_sets), ("left_out", provenance.left_out)):
        if name in described:
            described[name] = content(network)
    return described


def _quoted(network: nx.Graph[Any], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes with the records that ``quotes`` names in its place."""
    return {**attributes, **({"quotes": provenance.quotes(network, attributes)} if "quotes" in attributes else {})}


def _finite(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Return the value with null in place of what JSON has no number for."""
    if isinstance(value, dict):
        return {str(name): _finite(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(held) for held in value]
    if hasattr(value, "item"):
        return _finite(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value


def list_of_ties(network: nx.Graph[Any]) -> bytes:
    """Return one row a tie as CSV: its ends, their labels, and its attributes that are no lists.

    It is meant for spreadsheets: it begins with a byte order mark, and no text in it can become a formula.

    >>> print(list_of_ties(nx.Graph([("a", "=b", {"n": -2})])).decode("utf-8-sig"), end="")
    source,target,source_label,target_label,n
    a,'=b,a,'=b,-2
    """
    labels = {node: data.get("label", node) for node, data in network.nodes(data=True)}
    ties = [
        {name: value for name, value in data.items() if not isinstance(value, list | dict)}
        for _, _, data in network.edges(data=True)
    ]
    names = list(dict.fromkeys(name for tie in ties for name in tie if name not in _ENDS))
    rows = (
        [u, v, labels[u], labels[v], *(tie.get(name) for name in names)]
        for (u, v), tie in zip(network.edges(), ties, strict=True)
    )
    return table([*_ENDS, *names], rows)


def table(names: Iterable[object], rows: Iterable[Iterable[object]]) -> bytes:
    """Return a table as CSV for spreadsheets."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in ([*names], *rows):
        writer.writerow([_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig", "replace")


def _cell(value: object) -> object:
    """Return the value; a text that a spreadsheet would compute gets an apostrophe before it.

    >>> _cell("=1+1"), _cell(-1), _cell("-1.5")
    ("'=1+1", -1, '-1.5')
    """
    if not isinstance(value, str) or re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", value):
        return value
    return not_a_formula(value)


def graphml(network: nx.Graph[Any]) -> bytes:
    """Return the network as GraphML: texts, numbers and truth values, and the attribution of its data sets."""
    plain = network.copy()
    for name in ("datasets", "left_out"):
        plain.graph.pop(name, None)
    attributions = [entry["attribution"] for entry in provenance.data_sets(network) if "attribution" in entry]
    plain.graph["attribution"] = "; ".join(attributions)
    for reason, count in provenance.left_out(network).items():
        plain.graph[f"left out: {reason}"] = count
    nodes = [data for _, data in plain.nodes(data=True)]
    ties = [data for *_, data in plain.edges(data=True)]
    for data in (plain.graph, *nodes, *ties):
        for name, value in list(data.items()):
            if isinstance(value, list | dict):
                del data[name]
            elif isinstance(value, str):
                data[name] = _NOT_XML.sub("\ufffd", value)
    written = io.BytesIO()
    nx.write_graphml(plain, written)
    return written.getvalue()


DOCUMENTS: dict[str, Callable[[nx.Graph[Any]], bytes]] = {"json": node_link, "csv": list_of_ties, "graphml": graphml}
