"""The attributes of nodes and ties in the form that a page shows them."""

from __future__ import annotations

import math
import numbers
from collections.abc import Hashable, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from chaingraph import provenance
from chaingraph.languages import LANGUAGES, in_both
from chaingraph.languages import words as language_words
from chaingraph.provenance import SEPARATOR
from chaingraph.webpage.model import Attribute, Quote, Relation, Scalar
from chaingraph.webpage.words import Text, words

if TYPE_CHECKING:
    import networkx as nx

Attributes: TypeAlias = Mapping[str, object]
"""The attributes of a node or a tie, as networkx has them."""

RANK_SUFFIXES = ("_rank", "_rank_interval")
"""What follows the name of a measure in the attributes that hold its rank and the bounds of the rank."""

QUOTE_PARTS = ("exact", "prefix", "suffix", "record", "title", "url", "published")
ORDER = ("kind", "region", "industry", "dataset")
"""The attributes that come first; the others follow by name."""
_LEADING_ROLES = {"lead", "coordinator"}
SEPARATE = {"label", "type", "leading", "quotes", "relation", "bipartite", "reported"}
"""Attributes that have a place of their own on the page."""


def clean_text(value: object) -> str:
    """Return the value as text that UTF-8 can hold: half a character becomes a question mark."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def scalar(value: object) -> Scalar:
    """Return the value as JSON can hold it; a number that is not finite is None."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value) if math.isfinite(value) else None
    return clean_text(value)


def is_scalar(value: object) -> bool:
    """Tell whether a page can show the value."""
    return isinstance(value, str | numbers.Real | date) or getattr(value, "shape", None) == ()


def attribute_texts(attributes: Attributes, name: str) -> Text:
    """Return the attribute in Chinese and in English, as `languages.text_in` chooses it; empty without a value."""
    value = attributes.get(name)
    code: Text = words()["values"].get(name, {}).get(value, {}) if isinstance(value, str) else {}
    values = {"": value, **{one: attributes.get(f"{name}_{one}") or code.get(one) for one in LANGUAGES}}
    return in_both({tag: clean_text(value) for tag, value in values.items() if value not in (None, "")})


def attribute_rows(attributes: Attributes) -> tuple[Attribute, ...]:
    """Return the names and values that the page shows, those of ``ORDER`` first.

    >>> attribute_rows({"core": 3, "kind": "university", "label": "A", "members": ["x"]})
    (('kind', {'zh': '高校', 'en': 'university'}), ('core', 3))
    """
    names = {name for name in attributes if isinstance(name, str)} - SEPARATE
    translated = {name.removesuffix(end) for name in names for end in ("_zh", "_en") if name.endswith(end)} - SEPARATE
    names = {name for name in names if not name.endswith(("_zh", "_en"))} | translated
    rows: list[Attribute] = []
    for name in sorted(names, key=lambda one: (ORDER.index(one) if one in ORDER else len(ORDER), one)):
        value = attributes.get(name)
        if name in translated or name in words()["values"]:
            texts = attribute_texts(attributes, name)
            if any(texts.values()):
                rows.append((clean_text(name), texts))
        elif is_scalar(value) and value != "":
            rows.append((clean_text(name), scalar(value)))
    return tuple(rows)


def quotes_of(network: nx.Graph[Any], attributes: Attributes) -> list[Quote]:
    """Return the quotes that state a node or a tie: words of a source or the number of a record.

    >>> import networkx as nx
    >>> quotes_of(nx.Graph(), {"quotes": [{"record": "7", "title": "Register"}, {"title": "no words"}]})
    [Quote(exact='', prefix='', suffix='', record='7', title='Register', url='', published='')]
    """
    quotes = [
        Quote(**{part: clean_text(record[part]) for part in QUOTE_PARTS if record.get(part) not in (None, "")})
        for record in provenance.quotes(network, attributes)
    ]
    return [quote for quote in quotes if quote.exact or quote.record]


def node_name(identifier: object, attributes: Attributes) -> Text:
    """Return the label of a node; its identifier where it has none."""
    label = attribute_texts(attributes, "label")
    return label if any(label.values()) else dict.fromkeys(LANGUAGES, clean_text(identifier))


def class_of(attributes: Attributes) -> str:
    """Return the class in the ontology, or the empty text."""
    return clean_text(attributes.get("type") or "")


def attribute_name(name: str) -> Text:
    """Return what the page calls an attribute.

    >>> attribute_name("degree")["en"], attribute_name("colour of the logo")["en"]
    ('number of ties', 'colour of the logo')
    """
    return attribute_names().get(name) or dict.fromkeys(LANGUAGES, clean_text(name))


def attribute_labels() -> dict[str, dict[str, str]]:
    """Return the names, in both languages, of the node attributes that hold a measure, its rank or the rank's bounds.

    >>> attribute_labels()["harmonic_rank"]["en"]
    'rank by harmonic closeness'
    """
    texts = language_words("chaingraph.metrics")
    labels: dict[str, dict[str, str]] = dict(texts["measures"])
    for name, label in texts["measures"].items():
        for suffix in RANK_SUFFIXES:
            template = texts[suffix.removeprefix("_")]
            labels[name + suffix] = {language: template[language].format(measure=label[language]) for language in label}
    return labels


@cache
def attribute_names() -> Mapping[str, Text]:
    """Return the names of all attributes that have one, measures and ranks among them."""
    return {**attribute_labels(), **words()["attributes"]}


@cache
def attribute_uses() -> Mapping[str, list[str]]:
    """Return the attributes that the page treats in a way of its own; ranks are not filtered by."""
    ranks = [name for name in attribute_labels() if name.endswith(RANK_SUFFIXES)]
    return {**words()["uses"], "unfiltered": [*words()["uses"]["unfiltered"], *ranks]}


def is_lead(attributes: Attributes) -> bool:
    """Tell whether a tie states that one of its ends leads the other.

    >>> is_lead({"relation": "leads"}), is_lead({"role": "lead; office"}), is_lead({"role": "member"})
    (True, True, False)
    """
    roles = str(attributes.get("role") or "").split(SEPARATOR)
    return attributes.get("relation") == "leads" or not _LEADING_ROLES.isdisjoint(roles)


def leaders(network: nx.Graph[Any]) -> set[Hashable]:
    """Return the nodes that lead a consortium or a project: their attribute ``leading`` says so, or a tie does.

    >>> import networkx as nx
    >>> network = nx.Graph()
    >>> network.add_nodes_from([("a", {"bipartite": 0}), ("b", {"bipartite": 0}), ("c", {"bipartite": 1})])
    >>> network.add_edges_from([("a", "c", {"role": "lead"}), ("b", "c", {"role": "member"})])
    >>> leaders(network)
    {'a'}
    """
    nodes = network.nodes
    result = {node for node, attributes in nodes(data=True) if attributes.get("leading") is True}
    for source, target, attributes in network.edges(data=True):
        if is_lead(attributes):
            ends = (source,) if network.is_directed() else (source, target)
            result.update(end for end in ends if network.is_directed() or nodes[end].get("bipartite") == 0)
    return result


def relation_of(attributes: Attributes) -> Relation | None:
    """Return what a tie means, or None where it is not stated."""
    key = clean_text(attributes.get("relation") or "")
    if not key:
        return None
    entry = words()["relations"].get(key)
    translations = {one: attributes.get(f"relation_{one}") for one in LANGUAGES}
    fixed = {"zh": entry["zh"], "en": entry["en"]} if entry else dict.fromkeys(LANGUAGES, key)
    name = {one: clean_text(translations[one] or fixed[one]) for one in LANGUAGES}
    return Relation(key, name, entry["inverse"] if entry else None)
