"""Answers in SPARQL 1.1's JSON: the only place that reads them, and makes what servers write alike.

Source: W3C, SPARQL 1.1 Query Results JSON Format, Recommendation of 21 March 2013.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING

import pyoxigraph as ox

from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Binding = dict[str, dict[str, str]]
"""A row: by variable the term, as the JSON format has it."""

_TYPES = {"uri", "literal", "typed-literal", "bnode"}
_NUMBERS_AND_TRUTHS = {
    PREFIXES["xsd"] + name
    for name in ("boolean", "integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
}
_TRUTHS = {(): False, ("0",): False, ("false",): False, ("1",): True, ("true",): True}


def bindings_of(content: object) -> list[Binding] | None:
    """Return the rows of a decoded answer, or None where it has none in the form of the standard."""
    results = content.get("results") if isinstance(content, dict) else None
    bindings = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(bindings, list) or not all(isinstance(binding, dict) for binding in bindings):
        return None
    terms = chain.from_iterable(binding.values() for binding in bindings)
    return bindings if all(_is_term(term) for term in terms) else None


def _is_term(term: object) -> bool:
    return (
        isinstance(term, dict)
        and term.get("type") in _TYPES
        and "value" in term
        and all(isinstance(part, str) for part in term.values())
    )


def truth_of(content: object) -> bool | None:
    """Return the truth value of a decoded answer to ASK, or None where it has none.

    Some endpoints give it as the only cell of the only row.

    >>> truth_of({"head": {}, "boolean": True}), truth_of({"results": {"bindings": []}}), truth_of({"boolean": "no"})
    (True, False, None)
    """
    if isinstance(content, dict) and "boolean" in content:
        return content["boolean"] if isinstance(content["boolean"], bool) else None
    bindings = bindings_of(content)
    if bindings is None:
        return None
    return _TRUTHS.get(tuple(term["value"] for binding in bindings for term in binding.values()))


def cell(term: dict[str, str] | None) -> str | None:
    """Return a term as plain text, None where it is unbound or empty.

    >>> cell({"type": "bnode", "value": "b0"}), cell({"type": "literal", "value": "甲", "xml:lang": "zh"})
    ('_:b0', '甲')
    """
    if term is None:
        return None
    return f"_:{term['value']}" if term["type"] == "bnode" else term["value"] or None


def canonicalize(bindings: list[Binding]) -> list[Binding]:
    """Rewrite numbers and truth values, in place, as a store of our own writes them."""
    pairs = {
        (term["value"], term["datatype"])
        for binding in bindings
        for term in binding.values()
        if term.get("datatype") in _NUMBERS_AND_TRUTHS
    }
    texts = {pair: _canonical_text(*pair) for pair in pairs}
    for term in chain.from_iterable(binding.values() for binding in bindings):
        if term.get("datatype") in _NUMBERS_AND_TRUTHS:
            term["value"] = texts[term["value"], term["datatype"]]
    return bindings


def _canonical_text(value: str, datatype: str) -> str:
    literal = ox.Literal(value, datatype=ox.NamedNode(datatype))
    answer = ox.Store().query(f"SELECT ?x {{ VALUES ?x {{ {literal} }} }}")
    assert isinstance(answer, ox.QuerySolutions)
    return str(next(iter(answer))["x"].value)


def solutions_of(names: Sequence[str], bindings: Iterable[Binding]) -> ox.QuerySolutions:
    """Return rows as Oxigraph's solutions, with these variables in this order."""
    rows = [
        {
            name: {**term, "type": "literal"} if term["type"] == "typed-literal" else term
            for name, term in binding.items()
        }
        for binding in bindings
    ]
    document = json.dumps({"head": {"vars": list(names)}, "results": {"bindings": rows}})
    solutions = ox.parse_query_results(document.encode(), ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions
