"""The sheets of a network in a workbook: who is in it, how central, what is only reported, and which words say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from chaingraph.cli.output import progress, say
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx

    from chaingraph.store import KnowledgeGraph

_SOURCES = ("statement", "label", "exact", "record", "title", "url", "published")
_KEYS = ["quotes", "sources"]
"""The words and addresses of a row, which have a sheet of their own."""


def workbook_sheets(graph: KnowledgeGraph, network: nx.Graph[Any]) -> dict[str, pd.DataFrame]:
    """Return the sheets by name: members, ties, measures, coverage, sources, about.

    Args:
        graph: What the network was made of; coverage is that of the whole graph.
        network: A network with quotes.
    """
    from chaingraph import indicators, metrics
    from chaingraph.export.networks import nodes, ties

    with progress(tr("measuring")) as report:
        measures = metrics.centrality(network, report=report)
    for note in metrics.centrality_notes(measures, missing=tr("the cell is empty"), exact=""):
        say(note)
    measures.index.name = "id"
    return {
        "members": nodes(network).drop(columns=_KEYS, errors="ignore"),
        "ties": ties(network).drop(columns=_KEYS, errors="ignore"),
        "measures": measures.reset_index(),
        "coverage": indicators.coverage(graph),
        "sources": pd.DataFrame(list(_statements(network)), columns=_SOURCES, dtype=object),
        "about": pd.DataFrame(list(_about(network)), columns=["what", "content"], dtype=object),
    }


def _statements(network: nx.Graph[Any]) -> Iterator[tuple[str | None, ...]]:
    """Yield one row per quote or record of a node or tie."""
    from chaingraph import provenance

    labels = {node: str(data.get("label", node)) for node, data in network.nodes(data=True)}
    things = [(str(node), labels[node], data) for node, data in network.nodes(data=True)]
    things += [
        (f"{source} – {target}", f"{labels[source]} – {labels[target]}", data)
        for source, target, data in network.edges(data=True)
    ]
    for identifier, label, data in things:
        for record in provenance.quotes(network, data):
            yield identifier, label, *(record.get(name) for name in _SOURCES[2:])


def _about(network: nx.Graph[Any]) -> Iterator[tuple[str, object]]:
    """Yield what a reader of the workbook must know: the network, its data sets, and what it leaves out."""
    from chaingraph import provenance

    yield "network", network.graph.get("name", "")
    for entry in provenance.data_sets(network):
        for name in ("title_en", "title_zh", "licence", "attribution", "attribution_zh"):
            if entry.get(name):
                yield name, entry[name]
    for reason, count in provenance.left_out(network).items():
        yield f"left out: {reason}", count
