"""The description of the JSON routes in OpenAPI 3.1, with their parameters and schemas.

Source: OpenAPI Initiative, OpenAPI Specification 3.1.0 of 15 February 2021.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from chaingraph import __version__
from chaingraph.endpoint.pages.network_parameters import SELECTION_PARAMETERS
from chaingraph.endpoint.pages.rendering import HTML, JSON, page_route
from chaingraph.endpoint.pages.search import LAST_PAGE, MAX_LENGTH, SEARCH_CLASSES
from chaingraph.endpoint.pages.store_summary import dataset_records, store_summary
from chaingraph.endpoint.pages.terms import words
from chaingraph.endpoint.protocol import ROW_TYPES, TRIPLE_TYPES
from chaingraph.export.tables import json_document
from chaingraph.sparql.questions import questions
from chaingraph.vocabulary import code_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from chaingraph.endpoint.pages.network_parameters import Parameter
    from chaingraph.sparql.questions import Parameter as QuestionParameter
    from chaingraph.sparql.questions import Question

_RESULTS = "application/sparql-results+json"
_SPARQL_TYPES = (*(name for name in ROW_TYPES if name != _RESULTS), *TRIPLE_TYPES, HTML)
_STATUS = {
    400: "the request is not understood, or refused",
    404: "there is no such thing",
    406: "not to be had in that form",
    408: "the request did not arrive in time",
    413: "too long, or too large",
    414: "the address is too long",
    415: "the body is of a type that is not understood",
    421: "the server does not answer for that host",
    500: "it needs more than one query may use",
    503: "too many are waiting, or there is no room for the answer; see Retry-After",
    504: "it took too long and was stopped",
}
_SAMPLE = "SELECT ?thing ?name { ?thing a cg:Consortium ; rdfs:label ?name } LIMIT 5"


@dataclass(frozen=True)
class RouteEntry:
    """A route: its path, a summary in both languages, its parameters, and the schema of its answer.

    ``other_types`` are more media types of the answer, ``plain`` says that a refusal is plain text, and ``form`` that
    the parameters are sent as the form of a POST.
    """

    path: str
    english: str
    chinese: str
    schema: str
    parameters: tuple[dict[str, Any], ...] = ()
    media_type: str = JSON
    other_types: tuple[str, ...] = ()
    plain: bool = False
    form: bool = False


def route_entries() -> list[RouteEntry]:
    """Return every JSON route, those of the questions among them."""
    return [
        _entry("/index.json", "home", "Home"),
        _entry("/search.json", "search", "Found", *_search_parameters()),
        *(_question_entry(one) for one in questions()),
        _entry(
            "/thing/{set}/{table}/{id}.json", "thing", "Thing", *(_in_path(name) for name in ("set", "table", "id"))
        ),
        _entry("/network.json", "network", "Network", *(_network_parameter(one) for one in SELECTION_PARAMETERS)),
        _sparql_entry("openapi_sparql", form=False),
        _sparql_entry("openapi_sparql_post", form=True),
    ]


def _entry(path: str, name: str, schema: str, *parameters: dict[str, Any]) -> RouteEntry:
    return RouteEntry(path, *_words(f"openapi_{name}"), schema, parameters)


def _sparql_entry(name: str, *, form: bool) -> RouteEntry:
    return RouteEntry("/sparql", *_words(name), "Results", (_query(),), _RESULTS, _SPARQL_TYPES, plain=True, form=form)


def _words(name: str) -> tuple[str, str]:
    return words("en")[name], words("zh")[name]


def _bilingual(english: str, chinese: str) -> str:
    return f"{english} / {chinese}"


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": r"^[^\s/?#%]+$"}}


def _in_query(name: str, texts: tuple[str, str], schema: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": _bilingual(*texts), "schema": schema} | more


def _query() -> dict[str, Any]:
    texts = _words("openapi_sparql_query")
    return _in_query("query", texts, {"type": "string", "minLength": 1}, required=True, example=_SAMPLE)


def _search_parameters() -> tuple[dict[str, Any], ...]:
    classes = {"type": "array", "items": {"enum": list(SEARCH_CLASSES)}}
    return (
        _in_query("q", _words("openapi_search_q"), {"type": "string", "maxLength": MAX_LENGTH}),
        _in_query("class", _words("openapi_search_class"), classes),
        _in_query("page", _words("openapi_search_page"), {"type": "integer", "minimum": 1, "maximum": LAST_PAGE}),
    )


def _question_entry(question: Question) -> RouteEntry:
    parameters = tuple(
        _in_query(
            one.name,
            (one.english, one.chinese),
            _schema_of(one),
            required=one.required,
            **({"example": one.example} if one.required else {}),
        )
        for one in question.parameters
    )
    path = f"/question/{question.name}.json"
    return RouteEntry(path, question.english, question.chinese, "QuestionAnswer", parameters)


def _schema_of(parameter: QuestionParameter) -> dict[str, Any]:
    if parameter.of and parameter.of[0].startswith("code:"):
        codes = code_list(parameter.of[0].removeprefix("code:")).codes
        schema: dict[str, Any] = {"enum": [code.notation for code in codes]}
    elif parameter.kind == "number":
        schema = {"type": "number"}
    elif parameter.kind == "date":
        schema = {"type": "string", "format": "date"}
    else:
        schema = {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH}
    return schema | ({"default": parameter.default} if parameter.default else {})


def _network_parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.choices:
        schema = {"enum": list(parameter.choices)}
    elif parameter.kind == "number":
        schema = {"type": "number", "minimum": 0, "maximum": 999_999_999}
    elif parameter.kind == "date":
        schema = {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}
    if parameter.several:
        schema = {"type": "array", "items": schema}
    if parameter.default and parameter.name != "projection":
        schema["default"] = parameter.default
    more = {"example": parameter.default} if parameter.name == "projection" else {}
    return _in_query(parameter.name, _words(f"network_{parameter.name}"), schema, **more)


def _operation(entry: RouteEntry) -> dict[str, Any]:
    answer = {entry.media_type: {"schema": {"$ref": f"#/components/schemas/{entry.schema}"}}}
    # What is refused before its route is reached is refused in plain text.
    refusal: dict[str, Any] = {"text/plain": {"schema": {"type": "string"}}}
    refusal |= {HTML: {}} if entry.plain else {JSON: {"schema": _ref("Error")}}
    statuses = [status for status in _STATUS if entry.form or status != 415]
    responses = {
        "200": {"description": "the answer", "content": answer | {name: {} for name in entry.other_types}},
        **({} if entry.form else {"304": {"description": "the client has this version, by its ETag"}}),
        **{str(status): {"description": _STATUS[status], "content": refusal} for status in statuses},
    }
    operation: dict[str, Any] = {"summary": _bilingual(entry.english, entry.chinese), "responses": responses}
    if entry.form:
        properties = {one["name"]: one["schema"] for one in entry.parameters}
        examples = {one["name"]: one["example"] for one in entry.parameters if "example" in one}
        required = [one["name"] for one in entry.parameters if one.get("required")]
        schema = {"type": "object", "properties": properties, "required": required}
        form = {"application/x-www-form-urlencoded": {"schema": schema, "example": examples}}
        return operation | {"requestBody": {"required": True, "content": form}}
    return operation | {"parameters": list(entry.parameters)}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


@cache
def _schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = json.loads(files("chaingraph.endpoint.pages").joinpath("schemas.json").read_text("utf-8"))
    return schemas


def openapi_document(entries: Iterable[RouteEntry], datasets: list[dict[str, object]]) -> dict[str, Any]:
    """Return the OpenAPI document of the routes of a store with these data sets."""
    paths: dict[str, dict[str, Any]] = {}
    for entry in entries:
        paths.setdefault(entry.path, {})["post" if entry.form else "get"] = _operation(entry)
    return {
        "openapi": "3.1.0",
        "info": {"title": "chaingraph", "version": __version__, "x-datasets": datasets},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


async def openapi(request: Request) -> Response:
    """Answer with the description."""
    document = openapi_document(route_entries(), dataset_records(await store_summary(request)))
    return Response(json_document(document), media_type=JSON)


routes = [page_route("/openapi.json", openapi)]
