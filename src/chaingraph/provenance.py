"""Where a network comes from, in its attributes: data sets, what was left out, and what states its nodes and ties.

networkx hands attributes on when a network is copied, cut or relabelled, and its writers take text, numbers and truth
values only. So a network keeps as JSON text what is no such value: ``network.graph["datasets"]``,
``network.graph["left_out"]``, and ``network.graph["quotes"]``, the records of quotes and registers by their short
IRIs. The attribute ``quotes`` of a node or tie names those that state it, joined by ``"; "``. The functions here read
them, and read plain lists and mappings as well, which networks of other origin may have.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from chaingraph.errors import NetworkError, excerpt
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

Record = Mapping[str, str]
"""A quote (``exact``) or a record of a register (``record``), with ``title``, ``url``, ``published`` of its source."""

SEPARATOR = "; "
"""Stands between the short IRIs in the attribute ``quotes``; no IRI has a space."""


class HasAttributes(Protocol):
    """A network in either form: a networkx graph, or arrays."""

    graph: dict[str, Any]


def data_sets(network: HasAttributes) -> list[Record]:
    """Return what the data sets behind a network say of themselves: titles, licence, attribution.

    Raises:
        NetworkError: ``network.graph["datasets"]`` is neither a list of mappings nor its JSON.
    """
    return [entry for entry in _content(network, "datasets", list) if isinstance(entry, Mapping)]


def left_out(network: HasAttributes) -> dict[str, int]:
    """Return how much of what a network left out, by reason.

    Raises:
        NetworkError: ``network.graph["left_out"]`` is neither a mapping to whole numbers nor its JSON.
    """
    return {str(reason): count for reason, count in _content(network, "left_out", dict).items() if _is_count(count)}


def quotes(network: HasAttributes, attributes: Mapping[str, Any]) -> list[Record]:
    """Return the quotes and records of registers that state a node or tie, each once.

    Args:
        network: The network.
        attributes: Those of the node or tie: ``network.nodes["id:a"]``, ``network.edges["id:a", "id:b"]``.

    Raises:
        NetworkError: ``network.graph["quotes"]`` is neither a mapping nor its JSON.
    """
    value = attributes.get("quotes")
    if not isinstance(value, str):
        return _records(value)
    table = _content(network, "quotes", dict)
    records: list[Record] = []
    for key in value.split(SEPARATOR):
        records += [record for record in _records(table.get(key)) if record not in records]
    return records


def describe(
    network: HasAttributes,
    *,
    data_sets: Iterable[Record],
    left_out: Mapping[str, int] | None = None,
    quotes: Mapping[str, list[Record]] | None = None,
) -> None:
    """Put on a network where it comes from, as text.

    Args:
        network: The network, which is changed.
        data_sets: What each data set says of itself.
        left_out: How much of what was left out, by reason; zeros are not written.
        quotes: Records by the short IRI that the attribute ``quotes`` of nodes and ties names.
    """
    counts = {reason: count for reason, count in (left_out or {}).items() if count}
    network.graph["datasets"] = _text(list(data_sets))
    if counts:
        network.graph["left_out"] = _text(counts)
    describe_quotes(network, quotes or {})


def describe_quotes(network: HasAttributes, quotes: Mapping[str, list[Record]]) -> None:
    """Put the records of quotes on a network, if there are any, by the short IRI that nodes and ties name."""
    if quotes:
        network.graph["quotes"] = _text(quotes)


def _records(value: object) -> list[Record]:
    """Return the records of a list; what is no record is passed over, as is what is no list."""
    return [record for record in value if isinstance(record, Mapping)] if isinstance(value, list | tuple) else []


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _content(network: HasAttributes, name: str, kind: type) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return an attribute of a network, a list or a mapping, given as such or as JSON; empty where there is none."""
    value = network.graph.get(name)
    if value in (None, ""):
        return kind()
    content = _parsed(name, value) if isinstance(value, str) else value
    if not isinstance(content, Mapping if kind is dict else list | tuple):
        expected = "a mapping" if kind is dict else "a list"
        message = tr(
            "network.graph['{name}'] holds '{value}', expected {expected} or its JSON",
            name=name,
            value=excerpt(str(value)),
            expected=expected,
        )
        raise NetworkError(message)
    return content


@lru_cache(maxsize=8)
def _parsed(name: str, text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(text)
    except ValueError as error:
        message = tr("network.graph['{name}'] holds '{text}', which is no JSON", name=name, text=excerpt(text))
        raise NetworkError(message) from error


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
