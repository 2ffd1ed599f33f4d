"""The editor that a browser gets at /sparql, with the answer to a query, and the files of answers."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.routing import Route

from chaingraph.endpoint.engine import RefusedError, answer_while_connected
from chaingraph.endpoint.pages.cells import table_of
from chaingraph.endpoint.pages.page_queries import in_thread, iris_in, names_of
from chaingraph.endpoint.pages.rendering import address, language_of, render_page, thing_address
from chaingraph.endpoint.protocol import read_operation
from chaingraph.endpoint.responses import answer_response
from chaingraph.languages import LANGUAGES
from chaingraph.messages import tr
from chaingraph.sparql.json_results import TRIPLE_COLUMNS, bindings_of_triples, columns_of_iris
from chaingraph.sparql.questions import questions
from chaingraph.sparql.unknown_terms import unknown_terms
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from chaingraph.endpoint.engine import Operation
    from chaingraph.endpoint.pages.cells import Cell, Column
    from chaingraph.endpoint.pages.page_queries import Row
    from chaingraph.sparql.questions import Question

PAGE_ROWS = 500
"""Rows on the page; the files hold as many as an answer may have."""

PAGE_COLUMNS = 100
"""Columns on the page."""

_PAGE_CELLS = 10_000
_PAGE_BYTES = 2**20
"""Bytes of the answer that a page is made from."""

MAX_LINK = 6000
"""Characters of an address that other programs pass on unharmed; a longer query is sent by POST and has no link."""

FILES = {
    "csv": "text/csv",
    "json": "application/sparql-results+json",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
}
"""The files of an answer by their endings, with their media types."""

_BY_KIND = {"rows": ("csv", "json", "tsv"), "boolean": ("csv", "json", "tsv"), "triples": ("ttl", "nt", "jsonld")}
_PAGE_ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9"
_PLACE = re.compile(r"error at (\d+):(\d+)")
_END_OF_TEXT = "expected [_]"
"""How the parser's message ends where it read to the end of the text: that is not the place of the mistake."""

_MAX_REASON = 240


@dataclass(frozen=True)
class Place:
    """Where the parser stopped: line and column, both from 1, and that line before and from there on."""

    line: int
    column: int
    before: str
    after: str


@dataclass(frozen=True)
class Fault:
    """Why there is no answer; ``rest`` is what a long reason has after ``reason``."""

    status: int
    reason: str
    rest: str
    place: Place | None


@dataclass(frozen=True)
class Result:
    """What the page shows of an answer.

    ``network`` says that it can be drawn as one, ``more_columns`` how many columns it has beyond those that are shown,
    ``unknown`` which terms of an answer without rows do not exist.
    """

    kind: str
    count: int
    truncated: bool
    seconds: float
    yes: bool = False
    columns: list[Column] = field(default_factory=list)
    lines: list[list[Cell]] = field(default_factory=list)
    network: bool = False
    more_columns: int = 0
    unknown: list[str] = field(default_factory=list)


async def editor(request: Request, operation: Operation | None) -> Response:
    """Return the page with a query and, where one was sent, its answer or the fault and its place.

    Args:
        request: The request of a browser; its parameter ``example`` names a competency question to begin with.
        operation: The query, or None where the request has none.
    """
    if operation is None:
        text = _example(request.query_params.get("example", ""))
        return await _page(request, text, None, None, ())
    graphs = tuple(
        (name, graph)
        for name, values in (
            ("default-graph-uri", operation.default_graphs),
            ("named-graph-uri", operation.named_graphs),
        )
        for graph in values
    )
    # A form sends its lines with the ends of another system.
    text = operation.text.replace("\r\n", "\n")
    try:
        result = await _result(request, replace(operation, text=text))
    except RefusedError as error:
        return await _page(request, text, None, fault_of(text, error), graphs, error)
    return await _page(request, text, result, None, graphs)


async def _page(
    request: Request,
    text: str,
    result: Result | None,
    fault: Fault | None,
    graphs: tuple[tuple[str, str], ...],
    error: RefusedError | None = None,
) -> Response:
    language = language_of(request)
    pairs = [("query", text), *graphs]
    link = _address("/sparql", pairs, request) if len(text) <= MAX_LINK else ""
    has_link = 0 < len(link) <= MAX_LINK
    files = {
        ending: _address(f"/sparql.{ending}", pairs, request) if has_link else ""
        for ending in (_BY_KIND[result.kind] if result else ())
    }
    return await render_page(
        request,
        "editor.html",
        status=200 if error is None else error.status,
        headers={"Cache-Control": "no-cache", "Vary": "Accept, Accept-Language", **(error.headers if error else {})},
        text=text,
        height=min(24, max(12, text.count("\n") + 2)),
        result=result,
        fault=fault,
        graphs=graphs,
        link=link if has_link else "",
        max_link=MAX_LINK,
        max_rows=request.app.state.limits.rows,
        deadline=f"{request.app.state.limits.deadline:g}",
        page_rows=PAGE_ROWS,
        files=files,
        network=address(request, "/network", query=text) if result and result.network else "",
        examples=[(one.name, one.chinese if language == "zh" else one.english) for one in questions()],
        example=request.query_params.get("example", ""),
        prefixes=dict(PREFIXES),
    )


def _address(path: str, pairs: list[tuple[str, str]], request: Request) -> str:
    language = request.query_params.get("lang", "")
    return f"{path}?{urlencode([*pairs, ('lang', language)] if language in LANGUAGES else pairs)}"


async def _result(request: Request, operation: Operation) -> Result:
    if operation.update:
        raise RefusedError(400, tr("this endpoint is read-only: it carries out no update"))
    start = time.monotonic()
    query = replace(operation, accept=_PAGE_ACCEPT, encoding="")
    with await answer_while_connected(request, query, rows=PAGE_ROWS, size=_PAGE_BYTES) as answer:
        seconds = time.monotonic() - start
        content = answer.content()
    result = Result(answer.kind, answer.count, answer.truncated, seconds)
    if answer.kind == "boolean":
        return replace(result, yes=json.loads(content)["boolean"])
    part = await in_thread(_part, answer.kind, content)
    names = await names_of(request, part.iris)
    link = partial(thing_address, request)
    columns, lines = await in_thread(table_of, part.columns, part.rows, names, language_of(request), link)
    return replace(
        result,
        count=len(lines),
        truncated=answer.truncated or len(lines) < answer.count,
        columns=columns,
        lines=lines,
        network=part.network,
        more_columns=part.more_columns,
        unknown=[] if lines else await in_thread(unknown_terms, operation.text),
    )


@dataclass(frozen=True)
class _Part:
    """The part of an answer that a page shows."""

    columns: list[str]
    rows: list[Row]
    iris: set[str]
    network: bool
    more_columns: int


def _part(kind: str, content: bytes) -> _Part:
    if kind == "triples":
        columns, rows = list(TRIPLE_COLUMNS), bindings_of_triples(content)
        network = any(row["object"]["type"] == "uri" for row in rows)
    else:
        results = json.loads(content)
        columns, rows = results["head"]["vars"], results["results"]["bindings"]
        network = len(columns_of_iris(columns, rows)) > 1
    shown = columns[:PAGE_COLUMNS]
    rows = [{name: row[name] for name in shown if name in row} for row in rows[: _PAGE_CELLS // max(1, len(shown))]]
    return _Part(shown, rows, iris_in(rows), network, len(columns) - len(shown))


def fault_of(text: str, error: RefusedError) -> Fault:
    """Return why a query has no answer, and where in its text the parser stopped, if its message says so.

    >>> fault_of("ASK {", RefusedError(400, "the query cannot be read: error at 1:6: expected more")).place
    Place(line=1, column=6, before='ASK {', after='')
    """
    match = _PLACE.search(error.reason)
    place = None
    if match and not error.reason.endswith(_END_OF_TEXT):
        number, column = int(match[1]), int(match[2])
        line = text.split("\n")[min(number, text.count("\n") + 1) - 1]
        place = Place(number, column, line[: column - 1], line[column - 1 :])
    reason = " ".join(error.reason.split())
    return Fault(error.status, reason[:_MAX_REASON], reason[_MAX_REASON:], place)


@cache
def _first_query() -> str:
    return files("chaingraph.endpoint.pages").joinpath("editor.rq").read_text(encoding="utf-8")


def _example(name: str) -> str:
    """Return the query of a competency question with its heading; the first query of the editor where there is none."""
    question = next((one for one in questions() if one.name == name), None)
    return _first_query() if question is None else query_of(question)


def query_of(question: Question) -> str:
    """Return a question's query with its heading, but without the lines of the heading on sample data."""
    return re.sub(r"^# rows on .*\n(#.*\n)*", "", question.text, flags=re.MULTILINE).replace("#\n\n", "\n", 1)


async def answer_file(request: Request) -> Response:
    """Answer with the file of a query's answer, by the ending of the path.

    A CSV file is for spreadsheets: no text in it becomes a formula. Programs ask /sparql for ``text/csv`` instead.
    """
    ending = request.path_params["ending"]
    if ending not in FILES:
        raise RefusedError(
            404, tr("an answer can be had as {names}", names=", ".join(f"/sparql.{one}" for one in FILES))
        )
    operation = await read_operation(request, request.app.state.limits)
    if operation is None:
        raise RefusedError(400, tr("there is no parameter 'query', expected one"))
    if operation.update:
        raise RefusedError(400, tr("this endpoint is read-only: it carries out no update"))
    operation = replace(operation, accept=FILES[ending], encoding="", spreadsheet=True)
    await request.app.state.engine.refresh()
    answer = await answer_while_connected(request, operation)
    headers = {"Content-Disposition": f'attachment; filename="answer.{ending}"', "Cache-Control": "no-cache"}
    return answer_response(answer, headers)


routes = [Route("/sparql.{ending}", answer_file, methods=["GET", "POST"])]
