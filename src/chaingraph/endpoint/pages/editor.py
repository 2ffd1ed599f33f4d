"""The editor that a browser gets at /sparql, and the files of a query's answer: the only place that shows both."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import time
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pyoxigraph as ox
from starlette.responses import Response
from starlette.routing import Route

from chaingraph.endpoint.pages.cells import table_of, thing_path
from chaingraph.endpoint.pages.page_queries import iris_in, names_of
from chaingraph.endpoint.pages.rendering import address, language_of, rendered
from chaingraph.endpoint.protocol import operation_of
from chaingraph.endpoint.result_network import columns_of_iris
from chaingraph.endpoint.workers.engine import Refused
from chaingraph.endpoint.workers.waiting import answer_while_connected
from chaingraph.export.networks import table
from chaingraph.languages import LANGUAGES
from chaingraph.sparql.questions import questions
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from starlette.requests import Request

    from chaingraph.endpoint.pages.cells import Cell, Column
    from chaingraph.endpoint.workers.engine import Answer, Operation
    from chaingraph.sparql.questions import Question

SHOWN = 500
"""Rows that the page shows; the files hold as many as an answer may have."""

LONGEST_LINK = 6000
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
_ON_THE_PAGE = "application/sparql-results+json, application/n-triples;q=0.9"
_PLACE = re.compile(r"error at (\d+):(\d+)")
_READ_TO_THE_END = "expected [_]"
"""What the parser says where it looked for the end of something to the end of the text: not the mistake's place."""

_STATEMENT = ("subject", "predicate", "object")
_LONGEST_REASON = 240


@dataclass(frozen=True)
class Place:
    """Where the parser gave up: line and column, both from 1, and that line before and from there on."""

    line: int
    column: int
    before: str
    after: str


@dataclass(frozen=True)
class Fault:
    """Why there is no answer; ``rest`` is what a long reason has beyond the shown one."""

    status: int
    reason: str
    rest: str
    place: Place | None


@dataclass(frozen=True)
class Result:
    """What the page shows of an answer; ``network`` tells that it can be drawn as one."""

    kind: str
    count: int
    truncated: bool
    seconds: float
    yes: bool = False
    columns: list[Column] = field(default_factory=list)
    lines: list[list[Cell]] = field(default_factory=list)
    network: bool = False


async def editor(request: Request, operation: Operation | None) -> Response:
    """Return the page with a query, its answer if it was asked, or where and why it went wrong.

    Args:
        request: The request of a browser; its parameter ``example`` names a competency question to begin with.
        operation: The query, or None where only the editor is asked for.
    """
    if operation is None:
        text = _example(request.query_params.get("example", ""))
        return await _page(request, text, None, None, ())
    graphs = tuple(
        (name, graph)
        for name, held in (
            ("default-graph-uri", operation.default_graphs),
            ("named-graph-uri", operation.named_graphs),
        )
        for graph in held
    )
    # A form sends its lines with the ends of another system.
    text = operation.text.replace("\r\n", "\n")
    try:
        result = await _result(request, replace(operation, text=text))
    except Refused as error:
        return await _page(request, text, None, fault_of(text, error), graphs, error)
    return await _page(request, text, result, None, graphs)


async def _page(
    request: Request,
    text: str,
    result: Result | None,
    fault: Fault | None,
    graphs: tuple[tuple[str, str], ...],
    error: Refused | None = None,
) -> Response:
    language = language_of(request)
    pairs = [("query", text), *graphs]
    link = _address("/sparql", pairs, request)
    has_link = len(link) <= LONGEST_LINK
    files_of = {
        ending: _address(f"/sparql.{ending}", pairs, request) if has_link else ""
        for ending in (_BY_KIND[result.kind] if result else ())
    }
    return await rendered(
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
        longest=LONGEST_LINK,
        most=request.app.state.settings.rows,
        limit=f"{request.app.state.settings.deadline:g}",
        shown=SHOWN,
        files=files_of,
        network=address(request, "/network", query=text) if result and result.network else "",
        examples=[(one.name, one.chinese if language == "zh" else one.english) for one in questions()],
        example=request.query_params.get("example", ""),
        prefixes=dict(PREFIXES),
    )


def _address(path: str, pairs: list[tuple[str, str]], request: Request) -> str:
    chosen = request.query_params.get("lang", "")
    return f"{path}?{urlencode([*pairs, ('lang', chosen)] if chosen in LANGUAGES else pairs)}"


async def _result(request: Request, operation: Operation) -> Result:
    if operation.update:
        raise Refused(400, "this endpoint is read-only: it carries out no update")
    begun = time.monotonic()
    asked = replace(operation, accept=_ON_THE_PAGE, encoding="")
    with await answer_while_connected(request, asked, rows=SHOWN) as answer:
        seconds = time.monotonic() - begun
        content = answer.content()
    made = Result(answer.kind, answer.count, answer.truncated, seconds)
    if answer.kind == "boolean":
        return replace(made, yes=json.loads(content)["boolean"])
    if answer.kind == "triples":
        columns, rows = list(_STATEMENT), _statements(content)
        network = any(row["object"]["type"] == "uri" for row in rows)
    else:
        held = json.loads(content)
        columns, rows = held["head"]["vars"], held["results"]["bindings"]
        network = len(columns_of_iris(columns, rows)) > 1
    names = await names_of(request, iris_in(rows))

    def link(iri: str) -> str:
        path, parameters = thing_path(iri)
        return address(request, path, **parameters)

    heads, lines = table_of(columns, rows, names, language_of(request), link)
    return replace(made, columns=heads, lines=lines, network=network)


def _statements(content: bytes) -> list[dict[str, dict[str, str]]]:
    """Return triples as rows of terms, sorted."""
    triples = sorted((quad.triple for quad in ox.parse(content, ox.RdfFormat.N_TRIPLES)), key=str)
    return [dict(zip(_STATEMENT, map(_term, triple), strict=True)) for triple in triples]


def _term(term: Any) -> dict[str, str]:  # noqa: ANN401 - the term classes of Oxigraph have no common name
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.Literal):
        language = {"xml:lang": term.language} if term.language else {}
        return {"type": "literal", "value": term.value, "datatype": term.datatype.value} | language
    return {"type": "bnode", "value": str(term)}


def fault_of(text: str, error: Refused) -> Fault:
    """Return why a query has no answer, and where in its text the parser gave up, if it said so.

    >>> fault_of("ASK {", Refused(400, "the query cannot be read: error at 1:6: expected more")).place
    Place(line=1, column=6, before='ASK {', after='')
    """
    match = _PLACE.search(error.reason)
    place = None
    if match and not error.reason.endswith(_READ_TO_THE_END):
        number, column = int(match[1]), int(match[2])
        line = text.split("\n")[min(number, text.count("\n") + 1) - 1]
        place = Place(number, column, line[: column - 1], line[column - 1 :])
    reason = " ".join(error.reason.split())
    return Fault(error.status, reason[:_LONGEST_REASON], reason[_LONGEST_REASON:], place)


@cache
def _start() -> str:
    return files("chaingraph.endpoint.pages").joinpath("editor.rq").read_text(encoding="utf-8")


def _example(name: str) -> str:
    """Return the query of a competency question, with what its heading says of it; else the one to begin with."""
    found = next((one for one in questions() if one.name == name), None)
    return _start() if found is None else query_of(found)


def query_of(question: Question) -> str:
    """Return a question's query with its heading, but without what the heading says of our sample data."""
    return re.sub(r"^# rows on .*\n(#.*\n)*", "", question.text, flags=re.MULTILINE).replace("#\n\n", "\n", 1)


async def answer_file(request: Request) -> Response:
    """Answer with the file of a query's answer, by the ending of the path.

    A CSV file is for spreadsheets: no text in it becomes a formula. Programs ask /sparql for ``text/csv`` instead.
    """
    # The application is made of these pages.
    from chaingraph.endpoint.app import TRUNCATED, response_of

    ending = request.path_params["ending"]
    if ending not in FILES:
        raise Refused(404, f"an answer can be had as {', '.join(f'/sparql.{one}' for one in FILES)}")
    operation = await operation_of(request, request.app.state.settings)
    if operation is None:
        raise Refused(400, "there is no parameter 'query', expected one")
    if operation.update:
        raise Refused(400, "this endpoint is read-only: it carries out no update")
    answer = await answer_while_connected(request, replace(operation, accept=FILES[ending], encoding=""))
    headers = {"Content-Disposition": f'attachment; filename="answer.{ending}"', "Cache-Control": "no-cache"}
    if ending != "csv":
        return response_of(answer, headers)
    with answer:
        safe = await asyncio.to_thread(_for_spreadsheets, answer)
    if answer.truncated:
        headers[TRUNCATED] = f"after {answer.count} rows"
    return Response(safe, headers=headers, media_type=FILES["csv"])


def _for_spreadsheets(answer: Answer) -> bytes:
    lines = csv.reader(io.StringIO(answer.content().decode()))
    return table(next(lines, []), lines)


routes = [Route("/sparql.{ending}", answer_file, methods=["GET", "POST"])]
