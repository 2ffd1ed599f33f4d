"""Queries that pages put to the store: the only place that reads an answer's JSON, and that looks names up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.endpoint.pages.terms import term_names
from chaingraph.endpoint.workers.engine import Operation
from chaingraph.endpoint.workers.waiting import answer_while_connected
from chaingraph.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from starlette.requests import Request

Term = dict[str, str]
"""A term as in the SPARQL results format: ``type`` (uri, literal, bnode), ``value``, ``xml:lang``, ``datatype``."""

Row = dict[str, Term]
Names = dict[str, dict[str, str]]
"""By IRI what a thing is called: ``zh``, ``en``, ``any`` (another language, or none), each where it is known."""

MOST_ROWS = 10_000
"""Rows of one answer that a page, or a file made from it, reads."""

_LISTED = 2**15
_LISTED_AT_ONCE = 500
_IRI_ENDS = frozenset('<>"{}|^`\\ ')


@dataclass(frozen=True)
class Rows:
    """The rows of a SELECT query: the variables in their order, a dict of terms a row, and whether there are more."""

    columns: list[str]
    rows: list[Row]
    truncated: bool

    def texts(self, column: str) -> list[str]:
        """Return the values of a column, without those that are missing."""
        return [row[column]["value"] for row in self.rows if column in row]


async def ask_rows(request: Request, text: str, rows: int = MOST_ROWS) -> Rows:
    """Return the rows of a SELECT query, cut after ``rows``.

    Raises:
        Refused: As the engine refuses it.
    """
    operation = Operation(text, accept="application/sparql-results+json")
    with await answer_while_connected(request, operation, rows=rows) as answer:
        held = json.loads(answer.content())
        return Rows(held["head"].get("vars", []), held["results"]["bindings"], answer.truncated)


def is_iri(text: str) -> bool:
    """Tell whether a text can stand between the angle brackets of a query.

    >>> is_iri("https://example.org/a"), is_iri("https://example.org/a> ?b"), is_iri("a")
    (True, False, False)
    """
    return ":" in text and len(text) < 2000 and not any(c in _IRI_ENDS or c <= " " for c in text) and text.isprintable()


def listings(iris: Iterable[str]) -> Iterator[str]:
    """Return IRIs as they stand in VALUES, in as many parts as it takes for a query not to be too long.

    >>> list(listings(["urn:b", "urn:a"]))
    ['<urn:a> <urn:b>']
    """
    part: list[str] = []
    length = 0
    for iri in sorted(set(iris)):
        if part and (length + len(iri) > _LISTED or len(part) == _LISTED_AT_ONCE):
            yield " ".join(part)
            part, length = [], 0
        part.append(f"<{iri}>")
        length += len(iri.encode()) + 3
    if part:
        yield " ".join(part)


async def names_of(request: Request, iris: Iterable[str]) -> Names:
    """Return what things are called, by their IRIs; what has no name is left out. Terms and codes cost no query."""
    found: Names = {}
    missing = []
    for iri in sorted(set(iris)):
        labels = term_names().get(iri)
        if labels is not None:
            found[iri] = dict(labels)
        elif is_iri(iri):
            missing.append(iri)
    for listed in listings(missing):
        text = f"SELECT ?s ?o (LANG(?o) AS ?l) {{ VALUES ?s {{ {listed} }} ?s rdfs:label ?o }}"
        answer = await ask_rows(request, text)
        for row in sorted(answer.rows, key=lambda one: (one["l"]["value"], one["o"]["value"])):
            language = row["l"]["value"].partition("-")[0]
            names = found.setdefault(row["s"]["value"], {})
            names.setdefault(language if language in LANGUAGES else "any", row["o"]["value"])
    return found


def iris_in(rows: Sequence[Row]) -> set[str]:
    """Return every IRI in the cells of rows."""
    return {term["value"] for row in rows for term in row.values() if term["type"] == "uri"}
