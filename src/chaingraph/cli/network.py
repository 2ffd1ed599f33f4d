"""Writing a network to the file formats of other programs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd

from chaingraph.cli.output import csv_text
from chaingraph.errors import UsageError
from chaingraph.export.files import replacement, write_text
from chaingraph.provenance import data_sets, left_out

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TODAY = re.compile(rb' lastmodifieddate="[^"]*"')


def write_network(network: nx.Graph[Any], path: Path) -> None:
    """Write GraphML, GEXF or a CSV list of ties, by the suffix of ``path``.

    Raises:
        UsageError: The suffix is another.
    """
    if path.suffix == ".csv":
        write_text(path, csv_text(ties(network)))
        return
    writers: dict[str, Callable[..., None]] = {".graphml": nx.write_graphml, ".gexf": nx.write_gexf}
    if path.suffix not in writers:
        message = f"cannot write {path}: expected a name that ends in .graphml, .gexf or .csv"
        raise UsageError(message)
    plain = network.copy()
    attributions = "; ".join(entry["attribution"] for entry in data_sets(network) if "attribution" in entry)
    plain.graph = {name: value for name, value in plain.graph.items() if name not in ("datasets", "left_out")}
    plain.graph |= {"attribution": attributions}
    plain.graph |= {f"left out: {reason}": count for reason, count in left_out(network).items()}
    if path.suffix == ".gexf":
        for _, data in plain.nodes(data=True):
            data["class"] = data.pop("type", "")
    for data in (
        plain.graph,
        *(data for _, data in plain.nodes(data=True)),
        *(data for *_, data in plain.edges(data=True)),
    ):
        for name, value in data.items():
            if isinstance(value, str):
                data[name] = _NOT_XML.sub("\ufffd", value)
    with replacement(path) as made:
        writers[path.suffix](plain, str(made))
        if path.suffix == ".gexf":
            made.write_bytes(_TODAY.sub(b"", made.read_bytes(), count=1))


def ties(network: nx.Graph[Any]) -> pd.DataFrame:
    """Return one row a tie: source and target, their labels, and the tie's attributes."""
    label = {node: data.get("label", str(node)) for node, data in network.nodes(data=True)}
    rows = [
        {"source": u, "target": v, "source_label": label[u], "target_label": label[v], **data}
        for u, v, data in network.edges(data=True)
    ]
    return pd.DataFrame(rows, columns=None if rows else ["source", "target", "source_label", "target_label"])
