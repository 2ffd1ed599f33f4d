"""What sources state of the nodes of a network: counts against known names, titles, evaluations, sums of money."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import networkx as nx
import pandas as pd

from chaingraph.indicators._coverage import coverage
from chaingraph.indicators._titles_on_nodes import titles_and_amounts
from chaingraph.languages import LANGUAGES

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph

Network = TypeVar("Network", bound="nx.Graph[Any]")
_COLUMNS = ["scope", "counts", "quote", "reported"]


def with_reported(network: Network, kg: KnowledgeGraph) -> Network:
    """Return a network whose nodes have the numbers, titles and sums that sources state of them, for their panels.

    A node of which sources count something, such as a consortium or a programme, gets the attribute ``reported``: a
    text, the JSON of a list of mappings with ``counts``, ``reported``, ``qualifier``, ``known`` (absent where no names
    can be set against the number), ``label`` by language and ``words``. Counts that are limited by two things, such as
    a programme in a region, are on no node. Titles, awards and evaluations are the text ``recognitions`` of a node,
    sums of money its text ``amounts``, both with ``_zh`` and ``_en``.

    Args:
        network: A network of the graph; it is not changed.
        kg: The graph.
    """
    records = _records(kg)
    attributes: dict[str, dict[str, str]] = {
        node: {"reported": json.dumps(entries, ensure_ascii=False, sort_keys=True)} for node, entries in records.items()
    }
    for node, texts in titles_and_amounts(kg).items():
        attributes.setdefault(node, {}).update(texts)
    if not any(node in network for node in attributes):
        return network
    copy: Network = network.copy()
    nx.set_node_attributes(copy, attributes)
    return copy


def _records(kg: KnowledgeGraph) -> dict[str, list[dict[str, Any]]]:
    frames = [coverage(kg, language=one).fillna({"quote": ""}) for one in LANGUAGES]
    labels = [frame.groupby(_COLUMNS, dropna=False)["label"].first().to_dict() for frame in frames]
    records: dict[str, list[dict[str, Any]]] = {}
    for row in frames[0].to_dict("records"):
        key = tuple(row[column] for column in _COLUMNS)
        entry = {
            "counts": row["counts"],
            "reported": int(row["reported"]),
            "qualifier": "" if pd.isna(row["qualifier"]) else str(row["qualifier"]),
            "label": {one: str(labels[number].get(key) or "") for number, one in enumerate(LANGUAGES)},
            "words": str(row["quote"]),
        }
        if pd.notna(row["known"]):
            entry["known"] = int(row["known"])
        records.setdefault(str(row["scope"]), []).append(entry)
    return records
