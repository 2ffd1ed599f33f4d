"""A competency question as a form, its answer as a table: the only place that binds parameters from a request."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING, Any

import pandas as pd
from starlette.responses import Response

from chaingraph.endpoint.pages.cells import as_csv, as_json, plain, table_of, thing_path
from chaingraph.endpoint.pages.home import described
from chaingraph.endpoint.pages.page_queries import Rows, ask_rows, iris_in, names_of
from chaingraph.endpoint.pages.rendering import CSV, HTML, JSON, address, language_of, page_route, rendered, wanted_of
from chaingraph.endpoint.pages.search import LONGEST, SEARCHED
from chaingraph.endpoint.pages.store_summary import facts_of, sources_of
from chaingraph.endpoint.workers.engine import Refused
from chaingraph.errors import UnknownTermError, UsageError, shown
from chaingraph.sparql.questions import query_text, question
from chaingraph.vocabulary import code_list, short_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from chaingraph.endpoint.pages.page_queries import Term
    from chaingraph.sparql.questions import Parameter, Question

SHOWN_ROWS = 500
"""Rows of an answer on the page; files hold more."""

_CODES = {"counts": "counts", "qualifier": "qualifier", "level_at_least": "level", "lead_counted": "lead"}
"""Columns of the questions that hold a code by its notation, and the lists of these."""

_NAMES_READ = 2000
_OFFERED = 300
_OFFER = """SELECT ?name {{ {{ SELECT DISTINCT (STR(?label) AS ?name) {{ VALUES ?c {{ {classes} }} ?thing a ?c .
  ?thing rdfs:label ?label FILTER (STRLEN(?label) <= {longest}) }} LIMIT {limit} }} }} ORDER BY ?name"""


class _Asked:
    """The graph as a question wants it to resolve names, asked through the loop that serves the request."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._loop = asyncio.get_running_loop()

    def select(self, text: str) -> pd.DataFrame:
        """Return the answer to a SELECT query; called in a thread."""
        rows = asyncio.run_coroutine_threadsafe(ask_rows(self._request, text, _NAMES_READ), self._loop).result()
        columns = {name: [_short(row[name]) if name in row else None for row in rows.rows] for name in rows.columns}
        return pd.DataFrame(columns, dtype="str")


def _short(term: Mapping[str, str]) -> str:
    return short_name(term["value"]) if term["type"] == "uri" else term["value"]


@dataclasses.dataclass(frozen=True)
class Filled:
    """A question with what a request fills in: the values, what is wrong with them by field, and the bound query."""

    values: Mapping[str, str]
    faults: Mapping[str, str]
    text: str | None


async def filled(request: Request, asked: Question) -> Filled:
    """Return a question's parameters as the request gives them; where they do not fit, each is checked by itself.

    Raises:
        Refused: The request gives a parameter that the question does not have, or the graph cannot be asked.
    """
    known = {parameter.name: parameter for parameter in asked.parameters}
    for name in request.query_params:
        if name not in known and name != "lang":
            expected = ", ".join(known) or "none"
            raise Refused(400, f"'{shown(name)}' is no parameter of {asked.name}, expected {expected}")
    values = {name: request.query_params[name].strip() for name in known if request.query_params.get(name, "").strip()}
    faults = {
        name: f"the value has {len(value):,} characters, expected at most {LONGEST}"
        for name, value in values.items()
        if len(value) > LONGEST
    }
    graph = _Asked(request)
    if not faults:
        try:
            return Filled(values, {}, await asyncio.to_thread(query_text, graph, asked, values))
        except UsageError:
            pass
    for parameter in asked.parameters:
        if parameter.name not in faults:
            alone = dataclasses.replace(asked, parameters=(parameter,))
            given = {name: value for name, value in values.items() if name == parameter.name}
            try:
                await asyncio.to_thread(query_text, graph, alone, given)
            except UsageError as error:
                faults[parameter.name] = str(error)
    return Filled(values, faults, None)


async def question_page(request: Request) -> Response:
    """Answer with a question's form and, where all is filled in, its answer."""
    wanted = wanted_of(request, request.path_params["name"])
    try:
        asked = question(wanted.name)
    except UnknownTermError as error:
        raise Refused(404, f"there is no such question: {error}") from error
    form = await filled(request, asked)
    if wanted.media_type != HTML:
        return await _file(request, asked, form, wanted.media_type)
    untouched = not form.values
    rows = None if form.text is None else await ask_rows(request, form.text, SHOWN_ROWS)
    language = language_of(request)
    path = f"/question/{asked.name}"
    answer: dict[str, Any] = {"columns": [], "lines": [], "empty": [], "count": 0, "truncated": False}
    if rows is not None:
        answer = await _table(request, rows, language) | {"count": len(rows.rows), "truncated": rows.truncated}
    return await rendered(
        request,
        "question.html",
        question=asked,
        title=asked.chinese if language == "zh" else asked.english,
        fields=[
            await _field(request, parameter, form, language, untouched=untouched) for parameter in asked.parameters
        ],
        answered=rows is not None,
        answer=answer,
        text=form.text or asked.text,
        files={}
        if rows is None
        else {name: address(request, f"{path}{name}", **form.values) for name in (".csv", ".json")},
        status=200 if untouched or not form.faults else 400,
    )


async def _table(request: Request, rows: Rows, language: str) -> dict[str, Any]:
    """The columns and lines of the table, without columns that hold nothing; ``empty`` says which those are."""
    known = set(rows.columns)
    beside = [name for name in rows.columns if f"{name}_zh" not in known]
    iris = iris_in([{name: row[name] for name in beside if name in row} for row in rows.rows])
    names = await names_of(request, iris)

    def link(iri: str) -> str:
        path, parameters = thing_path(iri)
        return address(request, path, **parameters)

    listed = [{name: _lines(name, term) for name, term in row.items()} for row in rows.rows]
    columns, lines = table_of(rows.columns, listed, names, language, link)
    held = [place for place in range(len(columns)) if any(line[place].text for line in lines)]
    return {
        "columns": [columns[place] for place in held],
        "lines": [[line[place] for place in held] for line in lines],
        "empty": [column.words for place, column in enumerate(columns) if lines and place not in held],
    }


def _lines(name: str, term: Term) -> Term:
    """A cell as the table shows it: several quotes on lines of their own, the notation of a code as the code."""
    if name in {"quote", "record"}:
        return term | {"value": term["value"].replace(" | ", "\n")}
    if name in _CODES and term["value"] in {code.notation for code in code_list(_CODES[name]).codes}:
        return {"type": "uri", "value": f"{code_list(_CODES[name]).iri}-{term['value']}"}
    return term


async def _file(request: Request, asked: Question, form: Filled, media_type: str) -> Response:
    if form.text is None:
        raise Refused(400, "; ".join(form.faults.values()))
    rows = await ask_rows(request, form.text)
    held = [plain(row, rows.columns) for row in rows.rows]
    headers = {"X-Truncated": f"after {len(held)} rows"} if rows.truncated else {}
    if media_type == CSV:
        return Response(as_csv(rows.columns, held), media_type=CSV, headers=headers)
    body = {
        "question": described(asked),
        "values": dict(form.values),
        "query": form.text,
        "columns": rows.columns,
        "rows": held,
        "truncated": rows.truncated,
        "datasets": sources_of(await facts_of(request)),
    }
    return Response(as_json(body), media_type=JSON, headers=headers)


async def _field(
    request: Request, parameter: Parameter, form: Filled, language: str, *, untouched: bool
) -> dict[str, Any]:
    """A field of the form; a required one that nobody has filled in yet holds the example."""
    codes = []
    offered: list[str] = []
    if parameter.of and parameter.of[0].startswith("code:"):
        listed = code_list(parameter.of[0].removeprefix("code:")).codes
        codes = [(code.notation, code.label_zh if language == "zh" else code.label_en) for code in listed]
    elif parameter.kind == "iri":
        offered = await _offered(request, parameter)
    example = untouched and parameter.required
    value = form.values.get(parameter.name, parameter.example if example else parameter.default or "")
    return {
        "name": parameter.name,
        "words": parameter.chinese if language == "zh" else parameter.english,
        "kind": {"number": "number", "date": "date"}.get(parameter.kind, "text"),
        "value": value,
        "required": parameter.required,
        "example": parameter.example,
        "codes": codes,
        "chosen": _notation(parameter, value),
        "offered": offered,
        "of": " ".join(name.removeprefix("cg:") for name in parameter.of or SEARCHED)
        if parameter.kind == "iri" and not codes
        else "",
        "fault": "" if untouched else form.faults.get(parameter.name, ""),
    }


def _notation(parameter: Parameter, value: str) -> str:
    if not (parameter.of and parameter.of[0].startswith("code:")):
        return value
    return code_list(parameter.of[0].removeprefix("code:")).spellings.get(value.casefold(), value)


async def _offered(request: Request, parameter: Parameter) -> list[str]:
    """Names that can be chosen; of many only some, the page's script asks for those that fit."""
    classes = " ".join(parameter.of or (f"cg:{name}" for name in SEARCHED))
    text = _OFFER.format(classes=classes, longest=LONGEST, limit=_OFFERED)
    return (await ask_rows(request, text, _OFFERED)).texts("name")


routes = [page_route("/question/{name}", question_page)]
