"""The rows of an answer in SPARQL 1.1's JSON: checked, made alike whichever server wrote them, and made of triples.

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
TRIPLE_COLUMNS = ("subject", "predicate", "object")
"""The columns of triples as rows."""

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


def bindings_of_triples(content: bytes) -> list[Binding]:
    """Return triples in N-Triples as rows with the columns subject, predicate and object, sorted by their text.

    >>> bindings_of_triples(b'<a:b> <a:c> "d"@en .')[0]["object"]
    {'type': 'literal', 'value': 'd', 'datatype': 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString', \
'xml:lang': 'en'}
    """
    triples = sorted((quad.triple for quad in ox.parse(content, ox.RdfFormat.N_TRIPLES)), key=str)
    return [dict(zip(TRIPLE_COLUMNS, map(_json_term, triple), strict=True)) for triple in triples]


def _json_term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.Literal):
        language = {"xml:lang": term.language} if term.language else {}
        return {"type": "literal", "value": term.value, "datatype": term.datatype.value} | language
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    return {"type": "triple", "value": str(term)}


def columns_of_iris(names: Iterable[str], bindings: Iterable[Binding]) -> list[str]:
    """Return the columns that hold IRIs and nothing else.

    >>> columns_of_iris(["a", "b"], [{"a": {"type": "uri", "value": "x:y"}, "b": {"type": "literal", "value": "1"}}])
    ['a']
    """
    types: dict[str, set[str]] = {}
    for binding in bindings:
        for name, term in binding.items():
            types.setdefault(name, set()).add(term["type"])
    return [name for name in names if types.get(name) == {"uri"}]


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
