"""The nodes and the data sets of a page, from the attributes of a network."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import networkx as nx

from chaingraph.languages import in_both, pinyin
from chaingraph.provenance import data_sets
from chaingraph.webpage.attributes import attribute_rows, clean_text, leaders, node_name, quotes_of, scalar
from chaingraph.webpage.legend import NodeLegend
from chaingraph.webpage.model import Attribute, Count, DataSet, Node
from chaingraph.webpage.shared_values import SharedRecords
from chaingraph.webpage.words import Text


def nodes_of(
    network: nx.Graph[Any],
    nodes: Sequence[Hashable],
    legend: NodeLegend,
    values: Mapping[Hashable, float] | None,
    shared: SharedRecords,
) -> tuple[Node, ...]:
    """Return the nodes of a page.

    ``values`` are numbers that were given with the network, not as an attribute of it.
    """
    page_nodes = []
    leading = leaders(network)
    for node in nodes:
        attributes = network.nodes[node]
        name = node_name(node, attributes)
        value: tuple[Attribute, ...] = () if values is None else (("value", scalar(values[node])),)
        page_nodes.append(
            Node(
                id=clean_text(node),
                name=name,
                type=legend.types[node],
                colour=legend.colours[node],
                leading=node in leading,
                pinyin=pinyin(name["zh"]),
                attributes=shared.attributes.positions(attribute_rows(attributes) + value),
                quotes=shared.quotes.positions(quotes_of(network, attributes)),
                counts=counts_of(attributes),
            )
        )
    return tuple(page_nodes)


def counts_of(attributes: Mapping[str, Any]) -> tuple[Count, ...]:
    """Return what sources count of a node, from its attribute ``reported`` (see `chaingraph.indicators.with_reported`).

    >>> counts_of({"reported": '[{"counts": "organizations", "reported": 20, "known": 2}]'})[0].known
    2
    """
    text = attributes.get("reported")
    if not isinstance(text, str) or not text.startswith("["):
        return ()
    names = {field.name for field in fields(Count)}
    return tuple(Count(**{name: entry[name] for name in names & entry.keys()}) for entry in json.loads(text))


def datasets_of(network: nx.Graph[Any]) -> tuple[DataSet, ...]:
    """Return title and attribution in both languages, and licence, of each data set; what is missing is empty."""
    datasets = []
    for entry in data_sets(network):
        title = in_both({"zh": entry.get("title_zh"), "en": entry.get("title_en")})
        attribution = in_both({"zh": entry.get("attribution_zh"), "en": entry.get("attribution")})
        datasets.append(DataSet(_clean(title), _clean(attribution), clean_text(entry.get("licence") or "")))
    return tuple(datasets)


def _clean(texts: Mapping[str, str]) -> Text:
    return {language: clean_text(text) for language, text in texts.items()}
