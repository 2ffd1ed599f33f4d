"""The page of a competency question: a form for its parameters, and its answer as a table or a file."""

from __future__ import annotations

import asyncio
import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from chaingraph.endpoint.engine import RefusedError
from chaingraph.endpoint.pages.cells import plain, table_of
from chaingraph.endpoint.pages.home import question_record
from chaingraph.endpoint.pages.page_queries import Rows, ask_rows, in_thread, iris_in, names_of
from chaingraph.endpoint.pages.rendering import (
    CSV,
    HTML,
    JSON,
    address,
    csv_response,
    language_of,
    page_route,
    render_page,
    requested_format,
    thing_address,
)
from chaingraph.endpoint.pages.search import MAX_LENGTH, SEARCH_CLASSES
from chaingraph.endpoint.pages.store_summary import dataset_records, store_summary
from chaingraph.endpoint.responses import TRUNCATED
from chaingraph.errors import UnknownTermError, UsageError, excerpt
from chaingraph.export.tables import json_document
from chaingraph.messages import tr
from chaingraph.sparql.questions import query_text
from chaingraph.sparql.questions import question as question_by_name
from chaingraph.vocabulary import code_list, short_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from starlette.requests import Request

    from chaingraph.endpoint.pages.page_queries import Term
    from chaingraph.sparql.questions import Parameter, Question

PAGE_ROWS = 500
"""Rows of an answer on the page; files hold more."""

_CODES = {"counts": "counts", "qualifier": "qualifier", "level_at_least": "level", "lead_counted": "lead"}
"""Columns of the questions that hold a code by its notation, and the code lists."""

_MAX_NAMES = 2000
_MAX_SUGGESTIONS = 300
_SUGGESTIONS = """SELECT ?name {{ {{ SELECT DISTINCT (STR(?label) AS ?name) {{ VALUES ?c {{ {classes} }} ?thing a ?c .
  ?thing rdfs:label ?label FILTER (STRLEN(?label) <= {longest}) }} LIMIT {limit} }} }} ORDER BY ?name"""


class _Graph:
    """The graph in which a question resolves names; it is queried in the event loop that serves the request."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._loop = asyncio.get_running_loop()

    def select(self, text: str) -> pd.DataFrame:
        """Return the answer to a SELECT query; called in a thread."""
        import pandas as pd

        rows = asyncio.run_coroutine_threadsafe(ask_rows(self._request, text, _MAX_NAMES), self._loop).result()
        columns = {name: [_short(row[name]) if name in row else None for row in rows.rows] for name in rows.columns}
        return pd.DataFrame(columns, dtype="str")


def _short(term: Mapping[str, str]) -> str:
    return short_name(term["value"]) if term["type"] == "uri" else term["value"]


@dataclasses.dataclass(frozen=True)
class Form:
    """A form as a request fills it in: the values, the faults by field, and the query, None where there are faults."""

    values: Mapping[str, str]
    faults: Mapping[str, str]
    text: str | None


async def read_form(request: Request, question: Question) -> Form:
    """Return the form of a question as a request fills it in; if it has a fault, each value is checked on its own.

    Raises:
        RefusedError: The request gives a parameter that the question does not have, or the graph cannot be queried.
    """
    names = [parameter.name for parameter in question.parameters]
    for name in request.query_params:
        if name not in names and name != "lang":
            expected = ", ".join(names) or "none"
            raise RefusedError(
                400,
                tr(
                    "'{name}' is no parameter of {question}, expected {expected}",
                    name=excerpt(name),
                    question=question.name,
                    expected=expected,
                ),
            )
    values = {name: request.query_params[name].strip() for name in names if request.query_params.get(name, "").strip()}
    faults = {
        name: tr(
            "the value has {count:,} characters, expected at most {max_length}", count=len(value), max_length=MAX_LENGTH
        )
        for name, value in values.items()
        if len(value) > MAX_LENGTH
    }
    graph = _Graph(request)
    if not faults:
        try:
            return Form(values, {}, await asyncio.to_thread(query_text, graph, question, values))
        except UsageError:
            pass
    for parameter in question.parameters:
        if parameter.name not in faults:
            single = dataclasses.replace(question, parameters=(parameter,))
            value = {name: value for name, value in values.items() if name == parameter.name}
            try:
                await asyncio.to_thread(query_text, graph, single, value)
            except UsageError as error:
                faults[parameter.name] = str(error)
    return Form(values, faults, None)


async def question_page(request: Request) -> Response:
    """Answer with a question's form and, where all is filled in, its answer."""
    requested = requested_format(request, request.path_params["name"])
    try:
        question = question_by_name(requested.name)
    except UnknownTermError as error:
        raise RefusedError(404, tr("there is no such question: {error}", error=error)) from error
    form = await read_form(request, question)
    if requested.media_type != HTML:
        return await _file(request, question, form, requested.media_type)
    is_empty = not form.values
    rows = None if form.text is None else await ask_rows(request, form.text, PAGE_ROWS)
    language = language_of(request)
    path = f"/question/{question.name}"
    answer: dict[str, Any] = {"columns": [], "lines": [], "empty": [], "count": 0, "truncated": False}
    if rows is not None:
        answer = await _table(request, rows, language) | {"count": len(rows.rows), "truncated": rows.truncated}
    return await render_page(
        request,
        "question.html",
        question=question,
        title=question.chinese if language == "zh" else question.english,
        fields=[
            await _field(request, parameter, form, language, is_empty=is_empty) for parameter in question.parameters
        ],
        has_answer=rows is not None,
        answer=answer,
        text=form.text or question.text,
        files={}
        if rows is None
        else {name: address(request, f"{path}{name}", **form.values) for name in (".csv", ".json")},
        status=200 if is_empty or not form.faults else 400,
    )


async def _table(request: Request, rows: Rows, language: str) -> dict[str, Any]:
    """Return the columns and lines of the table, without empty columns, which ``empty`` lists."""
    unlabelled = [name for name in rows.columns if f"{name}_zh" not in rows.columns]
    iris = iris_in([{name: row[name] for name in unlabelled if name in row} for row in rows.rows])
    names = await names_of(request, iris)
    terms = [{name: _page_term(name, term) for name, term in row.items()} for row in rows.rows]
    columns, lines = await in_thread(table_of, rows.columns, terms, names, language, partial(thing_address, request))
    nonempty = [position for position in range(len(columns)) if any(line[position].text for line in lines)]
    return {
        "columns": [columns[position] for position in nonempty],
        "lines": [[line[position] for position in nonempty] for line in lines],
        "empty": [column.words for position, column in enumerate(columns) if lines and position not in nonempty],
    }


def _page_term(name: str, term: Term) -> Term:
    """Return a term for the table: several quotes on lines of their own, the notation of a code as the code."""
    if name in {"quote", "record"}:
        return term | {"value": term["value"].replace(" | ", "\n")}
    if name in _CODES and term["value"] in {code.notation for code in code_list(_CODES[name]).codes}:
        return {"type": "uri", "value": f"{code_list(_CODES[name]).iri}-{term['value']}"}
    return term


async def _file(request: Request, question: Question, form: Form, media_type: str) -> Response:
    if form.text is None:
        raise RefusedError(400, "; ".join(form.faults.values()))
    rows = await ask_rows(request, form.text)
    plain_rows = await in_thread(lambda: [plain(row, rows.columns) for row in rows.rows])
    headers = {TRUNCATED: tr("after {count} rows", count=len(plain_rows))} if rows.truncated else {}
    if media_type == CSV:
        return await in_thread(csv_response, rows.columns, plain_rows, headers)
    body = {
        "question": question_record(question),
        "values": dict(form.values),
        "query": form.text,
        "columns": rows.columns,
        "rows": plain_rows,
        "truncated": rows.truncated,
        "datasets": dataset_records(await store_summary(request)),
    }
    return Response(await in_thread(json_document, body), media_type=JSON, headers=headers)


async def _field(
    request: Request, parameter: Parameter, form: Form, language: str, *, is_empty: bool
) -> dict[str, Any]:
    """Return a field of the form; a required one that is still empty holds the example."""
    codes = []
    suggestions: list[str] = []
    if parameter.of and parameter.of[0].startswith("code:"):
        entries = code_list(parameter.of[0].removeprefix("code:")).codes
        codes = [(code.notation, code.label_zh if language == "zh" else code.label_en) for code in entries]
    elif parameter.kind == "iri":
        suggestions = await _suggestions(request, parameter)
    example = is_empty and parameter.required
    value = form.values.get(parameter.name, parameter.example if example else parameter.default or "")
    return {
        "name": parameter.name,
        "words": parameter.chinese if language == "zh" else parameter.english,
        "kind": {"number": "number", "date": "date"}.get(parameter.kind, "text"),
        "value": value,
        "required": parameter.required,
        "example": parameter.example,
        "codes": codes,
        "code": _notation(parameter, value),
        "suggestions": suggestions,
        "of": " ".join(name.removeprefix("cg:") for name in parameter.of or SEARCH_CLASSES)
        if parameter.kind == "iri" and not codes
        else "",
        "fault": "" if is_empty else form.faults.get(parameter.name, ""),
    }


def _notation(parameter: Parameter, value: str) -> str:
    if not (parameter.of and parameter.of[0].startswith("code:")):
        return value
    return code_list(parameter.of[0].removeprefix("code:")).spellings.get(value.casefold(), value)


async def _suggestions(request: Request, parameter: Parameter) -> list[str]:
    """Return names to choose from; of many only some, since the page's script fetches those that match."""
    classes = " ".join(parameter.of or (f"cg:{name}" for name in SEARCH_CLASSES))
    text = _SUGGESTIONS.format(classes=classes, longest=MAX_LENGTH, limit=_MAX_SUGGESTIONS)
    return (await ask_rows(request, text, _MAX_SUGGESTIONS)).texts("name")


routes = [page_route("/question/{name}", question_page)]
