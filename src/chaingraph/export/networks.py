"""Networks as files, chosen by the ending of the name: GraphML, GEXF, JSON, and pairs of tables of nodes and ties."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd

from chaingraph import provenance
from chaingraph.errors import UsageError
from chaingraph.export.cells import scalars
from chaingraph.export.files import replacement, write_bytes
from chaingraph.export.network_json import cytoscape, echarts, g6, geojson, node_link
from chaingraph.export.tables import csv_document, csv_rows, parquet_bytes
from chaingraph.export.xml_networks import gexf_lines, graphml_lines
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

_TIE_COLUMNS = ("source", "target", "type", "weight", "source_label", "target_label")
_NEO4J_TYPES: dict[type, str] = {bool: "boolean", int: "long", float: "double"}


def nodes(network: nx.Graph[Any]) -> pd.DataFrame:
    """Return one row per node: ``id``, ``label`` and the other attributes, as Gephi imports a table of nodes.

    Where a node has quotes, ``quotes`` are the words, and ``sources`` the addresses, separated by ``" | "``.

    >>> nodes(nx.Graph([("a", "b")])).to_dict("list")
    {'id': ['a', 'b'], 'label': ['a', 'b']}
    """
    rows = (
        {"id": node, "label": str(node)} | _cells(network, data) | {"id": node} for node, data in network.nodes.items()
    )
    return _frame(("id", "label"), rows)


def ties(network: nx.Graph[Any]) -> pd.DataFrame:
    """Return one row per tie, as Gephi imports a table of edges.

    Columns: ``source``, ``target``, ``type`` (``Directed`` or ``Undirected``), ``weight`` (the attribute that
    ``network.graph["weight"]`` names, or ``weight``; left out where ties have neither), ``source_label``,
    ``target_label``, and the attributes of the ties, as in `nodes`; an attribute of one of these names gives way.

    >>> ties(nx.Graph([("a", "b", {"n": 2})], weight="n")).iloc[0].to_dict()
    {'source': 'a', 'target': 'b', 'type': 'Undirected', 'weight': 2, 'source_label': 'a', 'target_label': 'b', 'n': 2}
    """
    direction = "Directed" if network.is_directed() else "Undirected"
    weight_name = network.graph.get("weight", "weight")
    has_weight = any(weight_name in data for *_, data in network.edges(data=True))
    labels = {node: data.get("label", str(node)) for node, data in network.nodes(data=True)}

    def rows() -> Iterator[dict[str, Any]]:
        for source, target, data in network.edges(data=True):
            weight = {"weight": data.get(weight_name)} if has_weight else {}
            ends = {"source_label": labels[source], "target_label": labels[target]}
            others = {name: value for name, value in _cells(network, data).items() if name not in _TIE_COLUMNS}
            yield {"source": source, "target": target, "type": direction, **weight, **ends, **others}

    return _frame([name for name in _TIE_COLUMNS if name != "weight" or has_weight], rows())


def _frame(first: Iterable[str], rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return rows as a frame, NaN where one lacks a column; of a million no two are in memory at once."""
    columns: dict[str, list[object]] = {name: [] for name in first}
    number = 0
    for number, row in enumerate(rows, start=1):
        for name, value in row.items():
            column = columns.setdefault(name, [])
            if len(column) < number - 1:
                column.extend([math.nan] * (number - 1 - len(column)))
            column.append(value)
    for column in columns.values():
        column.extend([math.nan] * (number - len(column)))
    return pd.DataFrame(columns, dtype=object)


def _column_names(first: Iterable[str], rows: Iterable[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys([*first, *(name for row in rows for name in row)]))


def _cells(network: nx.Graph[Any], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes as cells of a table, with the words and addresses of quotes in place of their keys."""
    records = provenance.quotes(network, attributes)
    words = [record.get("exact") or record.get("record") or "" for record in records]
    addresses = [record.get("url") or "" for record in records]
    texts = (
        {"quotes": " | ".join(filter(None, words)), "sources": " | ".join(filter(None, addresses))} if records else {}
    )
    return {name: value for name, value in scalars(attributes) if name != "quotes"} | texts


def tie_csv(network: nx.Graph[Any]) -> bytes:
    """Return the table of ties as CSV for spreadsheets and Gephi.

    >>> print(tie_csv(nx.Graph([("a", "=b", {"n": -2})])).decode("utf-8-sig"), end="")
    source,target,type,source_label,target_label,n
    a,'=b,Undirected,a,'=b,-2
    """
    return csv_document(ties(network))


def tie_parquet(network: nx.Graph[Any]) -> bytes:
    """Return the table of ties as Parquet, for DuckDB, Spark and R; numbers and truth values keep their types."""
    return parquet_bytes(ties(network))


def graphml(network: nx.Graph[Any]) -> bytes:
    """Return the network as GraphML, with the attribution of its data sets and what was left out."""
    return "".join(graphml_lines(network)).encode()


def gexf(network: nx.Graph[Any]) -> bytes:
    """Return the network as GEXF 1.2; see :func:`chaingraph.export.xml_networks.gexf_lines`."""
    return "".join(gexf_lines(network)).encode()


def neo4j_nodes(network: nx.Graph[Any]) -> bytes:
    """Return one row per node with the heading of ``neo4j-admin database import``: ``:ID``, ``:LABEL``, properties.

    >>> print(neo4j_nodes(nx.Graph([("a", "b")])).decode(), end="")
    :ID,:LABEL
    a,Node
    b,Node
    """
    rows = [
        {":ID": node, ":LABEL": data.get("type") or "Node"} | _cells(network, data)
        for node, data in network.nodes(data=True)
    ]
    return _neo4j_csv((":ID", ":LABEL"), rows)


def neo4j_ties(network: nx.Graph[Any]) -> bytes:
    """Return one row per tie with the heading of ``neo4j-admin database import``: both ends, ``:TYPE``, properties.

    The type is the tie's relation, or the name of the network.

    >>> print(neo4j_ties(nx.Graph([("a", "b", {"n": 2})], name="co-membership")).decode(), end="")
    :START_ID,:END_ID,:TYPE,n:long
    a,b,co_membership,2
    """
    name = re.sub(r"\W+", "_", network.graph.get("name") or "tie")
    rows = [
        {":START_ID": source, ":END_ID": target, ":TYPE": data.get("relation") or name} | _cells(network, data)
        for source, target, data in network.edges(data=True)
    ]
    return _neo4j_csv((":START_ID", ":END_ID", ":TYPE"), rows)


def _neo4j_csv(first: tuple[str, ...], rows: list[dict[str, Any]]) -> bytes:
    names = _column_names(first, rows)
    headings = [name if name in first else _neo4j_heading(name, rows) for name in names]
    return csv_rows(headings, ([row.get(name) for name in names] for row in rows), spreadsheet=False).encode()


def _neo4j_heading(name: str, rows: Iterable[Mapping[str, object]]) -> str:
    kinds = {type(row[name]) for row in rows if name in row}
    kind = float if kinds == {int, float} else kinds.pop() if len(kinds) == 1 else str
    return f"{name.replace(':', '_')}:{_NEO4J_TYPES.get(kind, 'string')}"


DOCUMENTS: dict[str, Callable[[nx.Graph[Any]], bytes]] = {"json": node_link, "csv": tie_csv, "graphml": graphml}
_FORMATS = {
    **{f".{name}": writer for name, writer in DOCUMENTS.items()},
    ".gexf": gexf,
    ".cyjs": cytoscape,
    ".g6.json": g6,
    ".echarts.json": echarts,
    ".geojson": geojson,
    ".parquet": tie_parquet,
}
_STREAMED: dict[str, Callable[[nx.Graph[Any]], Iterator[str]]] = {".graphml": graphml_lines, ".gexf": gexf_lines}
"""Formats that are written line by line: a whole file of theirs can be larger than the network."""
_NODE_TABLES: dict[str, Callable[[pd.DataFrame], bytes]] = {
    ".csv": csv_document,
    ".parquet": parquet_bytes,
}
"""Formats of one table of ties, with a second of nodes beside it."""


def _ending(path: Path) -> str:
    """Return the ending that stands for a format, the longest of several; else the last of the name."""
    name = path.name.lower()
    return max((ending for ending in _FORMATS if name.endswith(ending)), key=len, default=path.suffix.lower())


def check_path(path: Path, *, others: tuple[str, ...] = ()) -> None:
    """Refuse a name that `write_network` writes nothing to; call it before anything that takes long.

    Args:
        path: The name.
        others: Further endings that the caller writes itself.

    Raises:
        UsageError: The name has an ending that stands for no format.
    """
    if path.suffix and _ending(path) not in (*_FORMATS, *others):
        endings = ", ".join((*_FORMATS, *others))
        message = tr(
            "cannot write {path}: expected a name that ends in one of {endings}, or a name without ending, for a "
            "folder that Neo4j imports",
            path=path,
            endings=endings,
        )
        raise UsageError(message)


def write_network(network: nx.Graph[Any], path: Path) -> list[Path]:
    """Write a network to files, each whole or not at all, and return their paths.

    Args:
        network: Any networkx graph.
        path: A file that ends in .graphml, .gexf, .json, .cyjs (Cytoscape), .g6.json, .echarts.json or .geojson; or in
            .csv or .parquet, for the ties, with the nodes in a file beside it (``x.csv`` and ``x-nodes.csv``), which
            spreadsheets, Gephi, DuckDB and Spark open; or a name without ending, for a folder with ``nodes.csv`` and
            ``ties.csv``, which ``neo4j-admin database import full --multiline-fields=true --nodes=nodes.csv
            --relationships=ties.csv`` imports.

    Raises:
        UsageError: The ending is another, or nothing can be written there.
    """
    check_path(path)
    if not path.suffix:
        return _write_neo4j_folder(network, path)
    ending = _ending(path)
    if ending in _STREAMED:
        with replacement(path) as new, new.open("w", encoding="utf-8", newline="\n") as output:
            output.writelines(_STREAMED[ending](network))
        return [path]
    contents = {path: _FORMATS[ending](network)}
    if ending in _NODE_TABLES:
        contents[path.with_stem(f"{path.stem}-nodes")] = _NODE_TABLES[ending](nodes(network))
    for file, content in contents.items():
        write_bytes(file, content)
    return list(contents)


def _write_neo4j_folder(network: nx.Graph[Any], path: Path) -> list[Path]:
    if path.is_dir() and {file.name for file in path.iterdir()} - {"nodes.csv", "ties.csv"}:
        message = tr("cannot write {path}: the folder holds other files; name a new one", path=path)
        raise UsageError(message)
    with replacement(path, folder=True) as folder:
        folder.mkdir()
        (folder / "nodes.csv").write_bytes(neo4j_nodes(network))
        (folder / "ties.csv").write_bytes(neo4j_ties(network))
    return [path / "nodes.csv", path / "ties.csv"]
