"""Queries that pages put to the store: their rows, and the names of things; and the thread that prepares pages."""

from __future__ import annotations

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from chaingraph.endpoint.engine import Operation, answer_while_connected
from chaingraph.languages import LANGUAGES
from chaingraph.vocabulary import term_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from starlette.requests import Request

Term = dict[str, str]
"""A term as in the SPARQL results format: ``type`` (uri, literal, bnode), ``value``, ``xml:lang``, ``datatype``."""

Row = dict[str, Term]
Names = dict[str, dict[str, str]]
"""By IRI the names of a thing: ``zh``, ``en``, ``any`` (another language, or none), each where the graph has it."""

MAX_ROWS = 10_000
"""The greatest number of rows of one answer that a page, or a file made from it, reads."""

_MAX_BYTES = 8 * 2**20
"""The greatest number of bytes of such an answer."""

_PREPARING_THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages")
_MAX_VALUES_BYTES = 2**15
_MAX_VALUES = 500
_MAX_IRI = 2000
_IRI = re.compile(
    r"[^\x00-\x20<>\"{}|^`\\\x7f-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]+"
)


Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


async def in_thread(
    function: Callable[Parameters, Result], /, *arguments: Parameters.args, **named: Parameters.kwargs
) -> Result:
    """Return what a function returns that prepares a page, called in the one thread for that.

    The event loop goes on meanwhile. What such a function does must be bounded by the rows, cells and bytes of answers.
    """
    call = partial(function, *arguments, **named)
    return await asyncio.get_running_loop().run_in_executor(_PREPARING_THREAD, call)


@dataclass(frozen=True)
class Rows:
    """The rows of a SELECT query: its variables in order, one dict of terms per row, and whether there are more."""

    columns: list[str]
    rows: list[Row]
    truncated: bool

    def texts(self, column: str) -> list[str]:
        """Return the values of a column, without those that are missing."""
        return [row[column]["value"] for row in self.rows if column in row]


async def ask_rows(request: Request, text: str, rows: int = MAX_ROWS) -> Rows:
    """Return the rows of a SELECT query, truncated after ``rows``, and after 8 MB.

    Raises:
        RefusedError: The engine refuses the query, or the client has disconnected.
    """
    operation = Operation(text, accept="application/sparql-results+json")
    with await answer_while_connected(request, operation, rows=rows, size=_MAX_BYTES) as answer:
        results = await in_thread(json.loads, answer.content())
        return Rows(results["head"].get("vars", []), results["results"]["bindings"], answer.truncated)


def is_iri(text: str) -> bool:
    """Tell whether a text can stand between the angle brackets of a query.

    >>> is_iri("https://example.org/a"), is_iri("https://example.org/a> ?b"), is_iri("a")
    (True, False, False)
    >>> is_iri("https://example.org/\u200f\u00a0"), is_iri("https://example.org/\u0085")
    (True, False)
    """
    return len(text) < _MAX_IRI and ":" in text and _IRI.fullmatch(text) is not None


def values_clauses(iris: Iterable[str]) -> Iterator[str]:
    """Return IRIs as VALUES lists them, in as many parts as it takes for a query not to be too long.

    >>> list(values_clauses(["urn:b", "urn:a"]))
    ['<urn:a> <urn:b>']
    """
    part: list[str] = []
    length = 0
    for iri in sorted(set(iris)):
        if part and (length + len(iri) > _MAX_VALUES_BYTES or len(part) == _MAX_VALUES):
            yield " ".join(part)
            part, length = [], 0
        part.append(f"<{iri}>")
        length += len(iri.encode()) + 3
    if part:
        yield " ".join(part)


async def names_of(request: Request, iris: Iterable[str]) -> Names:
    """Return the names of things by their IRIs; a thing without a name is left out. Terms and codes cost no query."""
    names, iri_lists = await in_thread(_names_of_terms, set(iris))
    for iri_list in iri_lists:
        text = f"SELECT ?s ?o (LANG(?o) AS ?l) {{ VALUES ?s {{ {iri_list} }} ?s rdfs:label ?o }}"
        await in_thread(_add_names, names, (await ask_rows(request, text)).rows)
    return names


def _names_of_terms(iris: set[str]) -> tuple[Names, list[str]]:
    """Return the names of terms and codes among IRIs, and the others as VALUES lists them."""
    names = {iri: dict(term_labels()[iri]) for iri in iris if iri in term_labels()}
    return names, list(values_clauses(iri for iri in iris - names.keys() if is_iri(iri)))


def _add_names(names: Names, rows: Sequence[Row]) -> None:
    for row in sorted(rows, key=lambda one: (one["l"]["value"], one["o"]["value"])):
        language = row["l"]["value"].partition("-")[0]
        texts = names.setdefault(row["s"]["value"], {})
        texts.setdefault(language if language in LANGUAGES else "any", row["o"]["value"])


def iris_in(rows: Sequence[Row]) -> set[str]:
    """Return every IRI in the cells of rows."""
    return {term["value"] for row in rows for term in row.values() if term["type"] == "uri"}
