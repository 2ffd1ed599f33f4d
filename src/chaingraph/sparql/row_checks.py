"""The rows of an answer, held against the query: what another server answers is read by nobody before it fits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from chaingraph.errors import excerpt
from chaingraph.messages import lazy_tr, tr
from chaingraph.sparql.expected_rows import COUNT, TERM, Expectation, expected_rows
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chaingraph.sparql.expected_rows import Kinds
    from chaingraph.sparql.json_results import Binding

_WORDS = {"uri": lazy_tr("an IRI"), "bnode": lazy_tr("a blank node"), "literal": lazy_tr("a literal")}
_LANGUAGE_STRING = PREFIXES["rdf"] + "langString"
_INTEGERS = {"", *(PREFIXES["xsd"] + name for name in ("integer", "int", "long", "nonNegativeInteger"))}
_COUNT_TEXT = re.compile("[0-9]{1,18}")


def mismatch(query: str, names: Sequence[str], bindings: Iterable[Binding]) -> str | None:
    """Return how rows differ from what a SELECT query can give, None where they do not.

    Args:
        query: The query.
        names: Its variables.
        bindings: The rows.

    >>> mismatch("SELECT ?s { ?s a ?c }", ["s"], [{"s": {"type": "literal", "value": "x"}}])
    "?s is a literal, expected an IRI or a blank node ('x')"
    >>> mismatch("SELECT ?s { ?s a ?c }", ["s"], [{}])
    'a row has no ?s'
    """
    expected = expected_rows(query) or Expectation()
    terms: dict[tuple[str, str, str, str, str], None] = {}
    certain = expected.certain.intersection(names)
    for binding in bindings:
        if not binding.keys() >= certain:
            return tr("a row has no {names}", names=_listed(certain - binding.keys()))
        for name, term in binding.items():
            key = (name, term["type"], term["value"], term.get("datatype", ""), term.get("xml:lang", ""))
            terms[key] = None
    if not {name for name, *_ in terms} <= set(names):
        others = {name for name, *_ in terms}.difference(names)
        return tr("a row has {names}, which the query does not have", names=_listed(others))
    for name, kind, value, datatype, language in terms:
        reason = _fault_of_term(kind, value, datatype, language) or _other_kind(
            expected.kinds.get(name, TERM), kind.removeprefix("typed-"), value, datatype
        )
        if reason is not None:
            return tr("?{name} is {reason} ('{value}')", name=name, reason=reason, value=excerpt(value))
    return None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"?{excerpt(name)}" for name in sorted(names))


def _fault_of_term(kind: str, value: str, datatype: str, language: str) -> str | None:
    """Return what no term is, where a term is none."""
    try:
        if kind == "uri":
            ox.NamedNode(value)
        elif kind == "bnode":
            ox.BlankNode(value)
        else:
            value.encode()
            if datatype and not language:
                ox.NamedNode(datatype)
            if language:
                ox.Literal(value, language=language)
    except ValueError:
        return {"uri": tr("no IRI"), "bnode": tr("no blank node")}.get(kind, tr("no literal"))
    return None if not language or datatype in {"", _LANGUAGE_STRING} else tr("no literal")


def _other_kind(expected: Kinds, kind: str, value: str, datatype: str) -> str | None:
    """Return what kind a term is and what was expected, where these differ."""
    if expected == COUNT:
        is_count = kind == "literal" and datatype in _INTEGERS and _COUNT_TEXT.fullmatch(value) is not None
        return None if is_count else tr("no count, expected a whole number from 0")
    if kind in expected:
        return None
    kinds = tr(" or ").join(str(_WORDS[name]) for name in _WORDS if name in expected)
    return tr("{kind}, expected {kinds}", kind=_WORDS[kind], kinds=kinds)
