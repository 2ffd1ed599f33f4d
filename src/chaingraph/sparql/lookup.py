"""Looking things up: every function that takes a thing takes its IRI, its short IRI or a name that it alone has."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Protocol

from chaingraph.errors import AmbiguousNameError, UnknownThingError, UsageError, excerpt
from chaingraph.messages import tr
from chaingraph.vocabulary import full_iri

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_SCHEMES = ("http://", "https://", "urn:")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MOST_CANDIDATES = 5
_SIMILAR = 60
"""The least similarity, of 100, of a name that is suggested in place of an unknown one."""


class Queryable(Protocol):
    """What answers a SELECT query: a knowledge graph, whose class is on a floor above."""

    def select(self, text: str) -> pd.DataFrame:
        """Return the answer to a SELECT query."""
        ...


def thing_iri(
    kg: Queryable,
    thing: str,
    *,
    argument: str = "thing",
    classes: Sequence[str] = (),
    example: str = "id:cn/organizations/su-da-wei-ge",
) -> str:
    """Return the IRI of a thing in a graph, given by its IRI, its short IRI or its name.

    Args:
        kg: The graph.
        thing: An IRI (``https://...``), a short IRI (``id:cn/organizations/su-da-wei-ge``), or the exact name or alias,
            in any language, of exactly one thing.
        argument: What the messages call the value.
        classes: The classes that a name is looked up in, as short IRIs (``cg:Source``); all if empty.
        example: A value that the messages give as an example.

    Raises:
        UnknownThingError: Nothing in the graph has this IRI or name; the nearest names are given.
        AmbiguousNameError: Several things have this name; they are listed.
        UsageError: The text looks like an IRI and is none.
    """
    text = str(thing).strip()
    iri = full_iri(text)
    kind = tr(" or ").join(name.removeprefix("cg:").lower() for name in classes) or "thing"
    expected = tr(
        "expected the IRI, the short IRI or the exact name of a {kind}, such as {example}", kind=kind, example=example
    )
    if iri == text and not text.startswith(_SCHEMES):
        return _iri_of_name(kg, text, argument, classes, expected)
    if not _IRI.fullmatch(iri):
        message = f"'{argument}' is '{excerpt(text)}', {expected}"
        raise UsageError(message)
    if kg.select(f"SELECT ?p {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }} }} LIMIT 1").empty:
        message = tr(
            "'{argument}' is '{text}', which is not in the graph; {expected}",
            argument=argument,
            text=excerpt(text, 200),
            expected=expected,
        )
        raise UnknownThingError(message, text)
    return iri


def _iri_of_name(kg: Queryable, name: str, argument: str, classes: Sequence[str], expected: str) -> str:
    of_class = f"VALUES ?class {{ {' '.join(classes)} }} ?thing a ?class ." if classes else ""
    name_pattern = "?thing rdfs:label|skos:altLabel ?name ."
    things = kg.select(
        f"SELECT DISTINCT ?thing {{ {name_pattern} FILTER (STR(?name) = {literal(name)}) {of_class} }} ORDER BY ?thing"
    )["thing"].tolist()
    if len(things) == 1:
        return full_iri(things[0])
    if things:
        candidates = ", ".join(things[:_MOST_CANDIDATES]) + (", ..." if len(things) > _MOST_CANDIDATES else "")
        message = tr(
            "'{argument}' is '{name}', which {count} things are called: {candidates}; give one of these",
            argument=argument,
            name=excerpt(name),
            count=len(things),
            candidates=candidates,
        )
        raise AmbiguousNameError(message, name, things)
    names = kg.select(f"SELECT DISTINCT (STR(?name) AS ?text) {{ {name_pattern} {of_class} }} ORDER BY ?text")["text"]
    # Only a name that nothing has is compared with others.
    from rapidfuzz import fuzz, process

    similar = process.extract(name, names.dropna().tolist(), scorer=fuzz.WRatio, limit=3, score_cutoff=_SIMILAR)
    suggestions = [suggestion for suggestion, _, _ in similar]
    hint = (
        tr("did you mean {suggestions}?", suggestions=tr(" or ").join(map(excerpt, suggestions)))
        if suggestions
        else expected
    )
    message = tr(
        "'{argument}' is '{name}', which nothing of that kind in the graph is called; {hint}",
        argument=argument,
        name=excerpt(name),
        hint=hint,
    )
    raise UnknownThingError(message, name, suggestions)


def literal(value: str) -> str:
    r"""Return a text as a SPARQL string.

    >>> print(literal('a "b" \\ } UNION {'))
    "a \"b\" \\ } UNION {"

    Raises:
        UsageError: The text has half a character (a lone surrogate), which no query can have.
    """
    if not value.isascii() and any(0xD800 <= ord(character) <= 0xDFFF for character in value):
        message = tr("{value} is no valid text: it has half a character; write it whole", value=json.dumps(value))
        raise UsageError(message)
    return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'
