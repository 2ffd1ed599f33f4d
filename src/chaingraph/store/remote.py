"""A graph behind a SPARQL 1.1 endpoint: the only place that checks and joins the answers of an endpoint.

An endpoint may cut a long answer, and some do so without a word. So rows are counted, a cut answer is read page by
page, and one whose pages do not add up is refused: there is no partial answer. Only JSON and N-Triples are read.
"""

from __future__ import annotations

import json
import time
from threading import Lock
from typing import TYPE_CHECKING, NoReturn, TypeVar

import polars as pl
import pyoxigraph as ox

from chaingraph.errors import QueryError, UnreadableError, UsageError
from chaingraph.messages import tr
from chaingraph.sparql.frames import form_of
from chaingraph.sparql.json_results import bindings_of, canonicalize, cell, solutions_of, truth_of
from chaingraph.sparql.rewriting import construction, portable_query, prologue_of, selection
from chaingraph.sparql.row_checks import mismatch
from chaingraph.store.transport import Limits, Transport
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import rdflib

    from chaingraph.sparql.json_results import Binding
    from chaingraph.sparql.rewriting import Selection

_JSON = "application/sparql-results+json"
_ROWS = {_JSON, "application/json"}
_TRIPLES = {"application/n-triples", "text/plain"}
_EVERYTHING = "SELECT ?s ?p ?o { ?s ?p ?o }"
_MOST_ROWS = 5_000_000
_Term = TypeVar("_Term")
_BLANK = "urn:x-chaingraph-blank:"


class RemoteBackend:
    """A graph behind an endpoint, which answers the same queries as a store of our own.

    Args:
        address: Where the endpoint is, with ``default-graph-uri`` and other parameters of the protocol if need be.
        limits: What one request may cost.
    """

    max_parallel = 4
    """How many queries are sent to it side by side."""

    def __init__(self, address: str, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._transport = Transport(address, self._limits)
        self.name = self._transport.name
        self._confirmed = 0
        self._lock = Lock()

    def __repr__(self) -> str:
        """Name the endpoint."""
        return f"RemoteBackend({self.name})"

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | Sequence[ox.Triple]:
        """Return the whole answer to a query of any form.

        Raises:
            QueryError: The query cannot be read, or the endpoint refuses it.
            UnreadableError: The endpoint cannot be reached, or does not answer in full.
        """
        form = form_of(text)
        if form.kind == "rows":
            return solutions_of(form.names, self._bindings(text, form.names))
        if form.kind == "truth":
            return self._truth(text)
        if _first_word(text) == "CONSTRUCT":
            return self._construct(text)
        return self._describe(text)

    def rows(self, text: str) -> pl.DataFrame:
        """Return the rows of a SELECT query as text, null where unbound or empty."""
        names = form_of(text).names
        bindings = self._bindings(text, names)
        columns = {name: [cell(binding.get(name)) for binding in bindings] for name in names}
        return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))

    def triples(self) -> list[ox.Triple]:
        """Return every triple of the graph.

        Raises:
            UnreadableError: There are too many, or blank nodes in more than one page: their names do not last.
        """
        bindings = self._bindings(_EVERYTHING, ["s", "p", "o"])
        try:
            rows = solutions_of(["s", "p", "o"], bindings)
            return [ox.Triple(subject, predicate, value) for subject, predicate, value in rows]
        except (SyntaxError, ValueError, TypeError):
            self._fail(tr("answers with rows that are no triples, so it cannot be copied; ask it with queries"))

    def dump(self, path: Path) -> None:
        """Write every triple to an N-Triples file; the errors are those of :meth:`triples`."""
        ox.serialize(self.triples(), path, format=ox.RdfFormat.N_TRIPLES)

    def rdf(self) -> rdflib.Graph:
        """Refuse: rdflib would send one request for every triple pattern, and read whatever comes back."""
        message = tr(
            "{name}: an rdflib.Graph over an endpoint would ask it once for every pattern; use "
            "query, or build a copy and open that: chaingraph build URL -o copy.kg",
            name=self.name,
        )
        raise UsageError(message)

    def __len__(self) -> int:
        """Return the number of triples."""
        return self._count(selection(_EVERYTHING).count())

    def _bindings(self, text: str, names: Sequence[str]) -> list[Binding]:
        """Return all rows: of one response if its number of rows is confirmed, else page by page."""
        bindings, partial = self._rows(portable_query(text))
        self._hold_against(text, names, bindings)
        if not partial and (not bindings or len(bindings) < self._confirmed):
            return canonicalize(bindings)
        parts = selection(text)
        total = self._count(parts.count())
        if total == len(bindings) and not partial:
            with self._lock:
                self._confirmed = max(self._confirmed, total)
            return canonicalize(bindings)
        if not bindings or total < len(bindings):
            self._fail(
                tr(
                    "counts {total:,} rows and answers with {count:,}; the data may have changed: try again",
                    total=total,
                    count=len(bindings),
                )
            )
        if total > _MOST_ROWS:
            self._fail(
                tr(
                    "has {total:,} rows, more than {most_rows:,} can be taken page by page; ask for less",
                    total=total,
                    most_rows=_MOST_ROWS,
                )
            )
        return canonicalize(self._paged_bindings(parts, names, total, len(bindings)))

    def _paged_bindings(self, parts: Selection, names: Sequence[str], total: int, size: int) -> list[Binding]:
        """Return all rows page by page, with ORDER BY in the query that has the LIMIT, or else in its subquery.

        Some endpoints sort only the first rows where ORDER BY and LIMIT are in one query; but no endpoint has to keep
        the order of a subquery.
        """
        if total / size > self._limits.pages:
            self._fail(
                tr(
                    "cuts answers after {size:,} rows, so {total:,} would take too many requests; ask for less",
                    size=size,
                    total=total,
                )
            )
        end = time.monotonic() + self._limits.answer_deadline
        try:
            return self._all_pages(parts, names, total, size, end, nested=False)
        except (QueryError, UnreadableError):
            return self._all_pages(parts, names, total, size, end, nested=True)

    def _all_pages(
        self, parts: Selection, names: Sequence[str], total: int, size: int, end: float, *, nested: bool
    ) -> list[Binding]:
        bindings: list[Binding] = []
        for _ in range(self._limits.pages):
            if len(bindings) >= total:
                break
            if time.monotonic() > end:
                self._fail(
                    tr(
                        "took more than {answer_deadline:g} seconds for one answer; ask for less",
                        answer_deadline=self._limits.answer_deadline,
                    )
                )
            page, _ = self._rows(parts.page(names, len(bindings), min(size, total - len(bindings)), nested=nested))
            if not page:
                self._fail(
                    tr(
                        "counts {total:,} rows and gives {count:,} of them, so the answer would not be whole",
                        total=total,
                        count=len(bindings),
                    )
                )
            bindings += page
        self._hold_against(parts.page(names, 0, 1), names, bindings)
        if any(term["type"] == "bnode" for binding in bindings for term in binding.values()):
            self._fail(
                tr(
                    "cuts answers after {size:,} rows, and blank nodes do not last from page to page; ask for less",
                    size=size,
                )
            )
        different = len({json.dumps(binding, sort_keys=True) for binding in bindings})
        expected = total if different == total else self._count(parts.count(distinct=True))
        if len(bindings) > total or different != expected:
            self._fail(
                tr(
                    "gives pages with {different:,} different rows of {expected:,}, so the answer would not be whole",
                    different=different,
                    expected=expected,
                )
            )
        return bindings

    def _count(self, query: str) -> int:
        solutions, _ = self._rows(query)
        if len(solutions) != 1 or mismatch(query, ["n"], solutions) is not None:
            self._fail(tr("does not count its rows, so that nobody knows whether an answer is whole"))
        return int(solutions[0]["n"]["value"])

    def _hold_against(self, query: str, names: Sequence[str], bindings: list[Binding]) -> None:
        """Refuse rows that the query cannot give, whoever would read them."""
        reason = mismatch(query, names, bindings)
        if reason is not None:
            words = self._transport.without_secrets(reason)
            self._fail(tr("answers with rows that the query cannot give: {reason}", reason=words))

    def _rows(self, query: str) -> tuple[list[Binding], bool]:
        """Return the rows of one response, and whether the server says that they are not all."""
        content, partial = self._json(query)
        bindings = bindings_of(content)
        if bindings is None:
            self._fail(tr("answers with JSON that holds no rows as SPARQL 1.1 has them"))
        return bindings, partial

    def _json(self, query: str) -> tuple[object, bool]:
        response = self._transport.post(query, _JSON)
        if response.media_type not in _ROWS:
            self._other(response.media_type, _JSON)
        try:
            return json.loads(response.content), response.partial
        except RecursionError:
            self._fail(tr("answers with JSON that nests deeper than rows do"))
        except ValueError:
            self._fail(tr("answers with JSON that breaks off or cannot be read; try again"))

    def _truth(self, text: str) -> ox.QueryBoolean:
        """Return the truth value of an ASK query."""
        content, _ = self._json(portable_query(text))
        value = truth_of(content)
        if value is None:
            self._fail(tr("answers a question for true or false with something else"))
        truth = ox.Store().query("ASK {}" if value else "ASK { FILTER(false) }")
        assert isinstance(truth, ox.QueryBoolean)
        return truth

    def _construct(self, text: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT query, made here from the rows of its pattern: rows can be counted."""
        template, rows = construction(text)
        solutions = self.query(rows)
        assert isinstance(solutions, ox.QuerySolutions)
        names = " ".join(f"?{variable.value}" for variable in solutions.variables)
        values = " ".join(f"({' '.join(map(_values_term, solution))})" for solution in solutions)
        triples = ox.Store().query(
            f"{prologue_of(text)}CONSTRUCT {template} WHERE {{ VALUES ({names}) {{ {values} }} }}",
            prefixes=dict(PREFIXES),
        )
        assert isinstance(triples, ox.QueryTriples)
        return list(dict.fromkeys(ox.Triple(_unmasked(t.subject), t.predicate, _unmasked(t.object)) for t in triples))

    def _describe(self, text: str) -> list[ox.Triple]:
        response = self._transport.post(portable_query(text), "application/n-triples")
        if response.media_type not in _TRIPLES:
            self._other(response.media_type, "application/n-triples")
        if response.partial:
            self._fail("cuts its description, which cannot be taken page by page; ask for it with CONSTRUCT")
        try:
            return list(dict.fromkeys(quad.triple for quad in ox.parse(response.content, ox.RdfFormat.N_TRIPLES)))
        except (SyntaxError, ValueError):
            self._fail(tr("answers with N-Triples that cannot be read"))

    def _other(self, media_type: str, expected: str) -> NoReturn:
        what = self._transport.without_secrets(media_type) or tr("an answer of no stated kind")
        self._fail(
            tr(
                "answers with {what}, expected {expected}; check that it is the address of a SPARQL endpoint",
                what=what,
                expected=expected,
            )
        )

    def _fail(self, reason: str) -> NoReturn:
        raise UnreadableError(self.name, reason) from None


def _first_word(text: str) -> str:
    return portable_query(text).removeprefix(prologue_of(text)).lstrip()[:9].upper()


def _values_term(term: object) -> str:
    if term is None:
        return "UNDEF"
    return f"<{_BLANK}{term.value}>" if isinstance(term, ox.BlankNode) else str(term)


def _unmasked(term: _Term) -> _Term | ox.BlankNode:
    if isinstance(term, ox.NamedNode) and term.value.startswith(_BLANK):
        return ox.BlankNode(term.value.removeprefix(_BLANK))
    return term
