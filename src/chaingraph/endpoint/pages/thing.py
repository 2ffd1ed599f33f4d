"""The page of a thing at its address, and its triples: the only place that finds a thing by an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response

from chaingraph.endpoint.pages.cells import as_csv, as_json, thing_path
from chaingraph.endpoint.pages.page_queries import ask_rows, iris_in, is_iri, names_of
from chaingraph.endpoint.pages.relations import relation_record
from chaingraph.endpoint.pages.rendering import (
    CSV,
    FORMATS,
    HTML,
    JSON,
    SUFFIXES,
    address,
    language_of,
    page_route,
    rendered,
    wanted_of,
)
from chaingraph.endpoint.pages.search import LONGEST, page_of
from chaingraph.endpoint.pages.store_summary import facts_of, sources_of
from chaingraph.endpoint.pages.terms import TABLES, hue
from chaingraph.endpoint.pages.thing_record import class_title, graph_query, rows_query, thing_record
from chaingraph.endpoint.workers.engine import Operation, Refused
from chaingraph.endpoint.workers.waiting import answer_while_connected
from chaingraph.errors import shown
from chaingraph.languages import text_in
from chaingraph.sparql.lookup import literal
from chaingraph.vocabulary import PREFIXES, short_name

if TYPE_CHECKING:
    from starlette.requests import Request

TURTLE, JSON_LD = "text/turtle", "application/ld+json"
_FORMS = FORMATS | {TURTLE: ("application/x-turtle",), JSON_LD: ()}
_SUFFIXES = SUFFIXES | {".jsonld": JSON_LD, ".ttl": TURTLE}
_FIRST = 12
_ENDING = """SELECT DISTINCT ?x {{ ?x a ?class FILTER (?class IN ({classes}) && STRENDS(STR(?x), {end})) }}
ORDER BY ?x LIMIT 20"""


async def thing(request: Request) -> Response:
    """Answer with what is known of a thing, as a page, JSON, CSV, Turtle or JSON-LD.

    Raises:
        Refused: With 404 where the graph says nothing of it.
    """
    given = request.path_params.get("path", "")
    wanted = wanted_of(request, given, _FORMS, _SUFFIXES)
    iri = PREFIXES["id"] + wanted.name if given else request.query_params.get("iri", "")
    if not is_iri(iri):
        raise Refused(404, f"'{shown(iri, LONGEST)}' is no IRI of a thing")
    if request.query_params.get("relation"):
        return await _relation(request, iri, wanted.media_type)
    if wanted.media_type in {TURTLE, JSON_LD}:
        return await _triples(request, iri, wanted.media_type)
    record = await thing_record(request, iri, first=_FIRST)
    if record is None:
        return await _elsewhere(request, wanted.name, iri)
    if wanted.media_type == CSV:
        return await _statements(request, iri)
    if wanted.media_type == JSON:
        return Response(as_json(record | {"datasets": sources_of(await facts_of(request))}), media_type=JSON)
    language = language_of(request)
    files = _files(request, iri)
    return await rendered(
        request,
        "thing.html",
        thing=record,
        kind=class_title(record, language),
        hue=hue(record["class"]) if record["class"] else None,
        more={
            (group["relation"], group["class"]): _more(request, iri, group["relation"], group["class"])
            for group in record["relations"]
        },
        files=files,
        alternates={kind: files[name] for kind, name in ((TURTLE, ".ttl"), (JSON_LD, ".jsonld"), (JSON, ".json"))}
        if files
        else {},
    )


def _files(request: Request, iri: str) -> dict[str, str]:
    path, parameters = thing_path(iri)
    return {} if parameters else {name: address(request, path + name) for name in (".ttl", ".jsonld", ".json", ".csv")}


def _more(request: Request, iri: str, relation: str, class_name: str, page: int = 1) -> str:
    path, parameters = thing_path(iri)
    asked: dict[str, Any] = {"relation": relation, "class": class_name, "page": page if page > 1 else ""}
    return address(request, path, **parameters, **asked)


async def _triples(request: Request, iri: str, media_type: str) -> Response:
    operation = Operation(graph_query(iri), accept=media_type)
    with await answer_while_connected(request, operation) as answer:
        if not answer.count:
            raise Refused(404, f"nothing is known of {shown(iri, LONGEST)}")
        headers = {"X-Truncated": f"after {answer.count} triples"} if answer.truncated else {}
        return Response(answer.content(), headers=headers, media_type=media_type)


async def _statements(request: Request, iri: str) -> Response:
    answer = await ask_rows(request, rows_query(iri))
    names = await names_of(request, iris_in(answer.rows))
    rows = [
        {
            "subject": row["s"]["value"],
            "property": row["p"]["value"],
            "value": row["o"]["value"],
            "value_zh": names.get(row["o"]["value"], {}).get("zh"),
            "value_en": names.get(row["o"]["value"], {}).get("en"),
        }
        for row in answer.rows
    ]
    headers = {"X-Truncated": f"after {len(rows)} rows"} if answer.truncated else {}
    columns = ["subject", "property", "value", "value_zh", "value_en"]
    return Response(as_csv(columns, rows), media_type=CSV, headers=headers)


async def _relation(request: Request, iri: str, media_type: str) -> Response:
    """Answer with one page of the neighbours of one relation."""
    relation, class_name = request.query_params["relation"], request.query_params.get("class", "")
    group = await relation_record(request, iri, relation, class_name, page_of(request))
    if media_type == JSON:
        return Response(as_json(group | {"datasets": sources_of(await facts_of(request))}), media_type=JSON)
    if media_type == CSV:
        return _neighbour_lines(group)
    if media_type != HTML:
        raise Refused(406, f"the neighbours of one relation can be had as {', '.join(FORMATS)}")
    names = await names_of(request, [iri])
    path, parameters = thing_path(iri)
    page = group["page"]
    here = _more(request, iri, relation, class_name, page)
    return await rendered(
        request,
        "relation.html",
        group=group,
        name=text_in(names.get(iri, {}), language_of(request)) or short_name(iri),
        back=address(request, path, **parameters),
        page=page,
        after=_more(request, iri, relation, class_name, page + 1) if group["more"] else "",
        before=_more(request, iri, relation, class_name, page - 1) if page > 1 else "",
        files={} if parameters else {name: here.replace("?", f"{name}?", 1) for name in (".json", ".csv")},
    )


def _neighbour_lines(group: dict[str, Any]) -> Response:
    details = dict.fromkeys(detail["property"] for row in group["rows"] for detail in row["details"])
    lines = [
        {"node": row["iri"], "end": end["property"], "iri": end["iri"], "name_zh": end["zh"], "name_en": end["en"]}
        | {detail["property"]: detail["value"] for detail in row["details"]}
        for row in group["rows"]
        for end in row["ends"]
    ]
    headers = {"X-Truncated": f"after {len(group['rows'])} rows"} if group["more"] else {}
    columns = ["node", "end", "iri", "name_zh", "name_en", *details]
    return Response(as_csv(columns, lines), media_type=CSV, headers=headers)


async def _elsewhere(request: Request, name: str, iri: str) -> Response:
    """Lead from ``/thing/{table}/{id}`` to the one thing of that table and id, or say that there is none."""
    if name.count("/") == 1 and is_iri(iri):
        classes = ", ".join(f"cg:{one}" for one in TABLES)
        answer = await ask_rows(request, _ENDING.format(classes=classes, end=literal(f"/{name}")), 20)
        found = answer.texts("x")
        if len(found) == 1:
            path, parameters = thing_path(found[0])
            suffix = next((one for one in _SUFFIXES if request.url.path.endswith(one)), "")
            return RedirectResponse(address(request, path + suffix, **parameters), 307)
        if found:
            raise Refused(404, f"{len(found)} things end in /{shown(name, LONGEST)}: {', '.join(found)}")
    raise Refused(404, f"nothing is known of {shown(iri, LONGEST)}")


routes = [page_route("/thing", thing), page_route("/thing/{path:path}", thing)]
