"""The page of a thing at its address, its files, and the pages of its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response

from chaingraph.endpoint.engine import Operation, RefusedError, answer_while_connected
from chaingraph.endpoint.pages.cells import thing_path
from chaingraph.endpoint.pages.chain_maps import chain_map_address
from chaingraph.endpoint.pages.neighbour_picture import neighbour_picture, neighbours_in
from chaingraph.endpoint.pages.page_queries import ask_rows, iris_in, is_iri, names_of
from chaingraph.endpoint.pages.relations import relation_record
from chaingraph.endpoint.pages.rendering import (
    CSV,
    FORMATS,
    HTML,
    JSON,
    SUFFIXES,
    address,
    csv_response,
    language_of,
    page_route,
    render_page,
    requested_format,
    thing_address,
)
from chaingraph.endpoint.pages.search import MAX_LENGTH, page_of
from chaingraph.endpoint.pages.store_summary import dataset_records, store_summary
from chaingraph.endpoint.pages.terms import TABLES, hue
from chaingraph.endpoint.pages.thing_record import class_title, graph_query, rows_query, thing_record
from chaingraph.endpoint.responses import TRUNCATED
from chaingraph.errors import excerpt
from chaingraph.export.tables import json_document
from chaingraph.languages import text_in
from chaingraph.messages import tr
from chaingraph.sparql.lookup import literal
from chaingraph.vocabulary import PREFIXES, short_name
from chaingraph.webpage.document import SANDBOX

if TYPE_CHECKING:
    from starlette.requests import Request

TURTLE, JSON_LD = "text/turtle", "application/ld+json"
_FORMATS = FORMATS | {TURTLE: ("application/x-turtle",), JSON_LD: ()}
_SUFFIXES = SUFFIXES | {".jsonld": JSON_LD, ".ttl": TURTLE}
_FIRST_NEIGHBOURS = 12
_ENDING = """SELECT DISTINCT ?x {{ ?x a ?class FILTER (?class IN ({classes}) && STRENDS(STR(?x), {end})) }}
ORDER BY ?x LIMIT 20"""


async def thing(request: Request) -> Response:
    """Answer with the record of a thing, as a page, JSON, CSV, Turtle or JSON-LD.

    Raises:
        RefusedError: With 404 where the graph has no triples of it.
    """
    path = request.path_params.get("path", "")
    requested = requested_format(request, path, _FORMATS, _SUFFIXES)
    iri = PREFIXES["id"] + requested.name if path else request.query_params.get("iri", "")
    if not is_iri(iri):
        raise RefusedError(404, tr("'{iri}' is no IRI of a thing", iri=excerpt(iri, MAX_LENGTH)))
    if request.query_params.get("relation"):
        return await _relation(request, iri, requested.media_type)
    if requested.media_type in {TURTLE, JSON_LD}:
        return await _triples_document(request, iri, requested.media_type)
    record = await thing_record(request, iri, first=_FIRST_NEIGHBOURS)
    if record is None:
        return await _redirect_or_refuse(request, requested.name, iri)
    if requested.media_type == CSV:
        return await _triples_csv(request, iri)
    if requested.media_type == JSON:
        return Response(
            json_document(record | {"datasets": dataset_records(await store_summary(request))}), media_type=JSON
        )
    language = language_of(request)
    files = _files(request, iri)
    around = neighbours_in(record)
    return await render_page(
        request,
        "thing.html",
        thing=record,
        kind=class_title(record, language),
        hue=hue(record["class"]) if record["class"] else None,
        more={
            (group["relation"], group["class"]): _relation_address(request, iri, group["relation"], group["class"])
            for group in record["relations"]
        },
        chain_map=chain_map_address(iri, language) if record["class"] == "Chain" else "",
        sandbox=SANDBOX,
        around=around,
        pictures={
            "wide": neighbour_picture(around.shown, language, width=760, sides=2),
            "narrow": neighbour_picture(around.shown, language, width=345, sides=1),
        }
        if around.shown
        else {},
        files=files,
        alternates={kind: files[name] for kind, name in ((TURTLE, ".ttl"), (JSON_LD, ".jsonld"), (JSON, ".json"))}
        if files
        else {},
    )


def _files(request: Request, iri: str) -> dict[str, str]:
    path, parameters = thing_path(iri)
    return {} if parameters else {name: address(request, path + name) for name in (".ttl", ".jsonld", ".json", ".csv")}


def _relation_address(request: Request, iri: str, relation: str, class_name: str, page: int = 1) -> str:
    path, parameters = thing_path(iri)
    group: dict[str, Any] = {"relation": relation, "class": class_name, "page": page if page > 1 else ""}
    return address(request, path, **parameters, **group)


async def _triples_document(request: Request, iri: str, media_type: str) -> Response:
    operation = Operation(graph_query(iri), accept=media_type)
    with await answer_while_connected(request, operation) as answer:
        if not answer.count:
            raise RefusedError(404, tr("nothing is known of {iri}", iri=excerpt(iri, MAX_LENGTH)))
        headers = {TRUNCATED: tr("after {count} triples", count=answer.count)} if answer.truncated else {}
        return Response(answer.content(), headers=headers, media_type=media_type)


async def _triples_csv(request: Request, iri: str) -> Response:
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
    headers = {TRUNCATED: tr("after {count} rows", count=len(rows))} if answer.truncated else {}
    columns = ["subject", "property", "value", "value_zh", "value_en"]
    return csv_response(columns, rows, headers)


async def _relation(request: Request, iri: str, media_type: str) -> Response:
    """Answer with one page of the neighbours of one relation."""
    relation, class_name = request.query_params["relation"], request.query_params.get("class", "")
    group = await relation_record(request, iri, relation, class_name, page_of(request))
    if media_type == JSON:
        return Response(
            json_document(group | {"datasets": dataset_records(await store_summary(request))}), media_type=JSON
        )
    if media_type == CSV:
        return _neighbours_csv(group)
    if media_type != HTML:
        raise RefusedError(
            406, tr("the neighbours of one relation can be had as {formats}", formats=", ".join(FORMATS))
        )
    names = await names_of(request, [iri])
    page = group["page"]
    here = _relation_address(request, iri, relation, class_name, page)
    has_files = not here.startswith("/thing?")
    return await render_page(
        request,
        "relation.html",
        group=group,
        name=text_in(names.get(iri, {}), language_of(request)) or short_name(iri),
        back=thing_address(request, iri),
        page=page,
        after=_relation_address(request, iri, relation, class_name, page + 1) if group["more"] else "",
        before=_relation_address(request, iri, relation, class_name, page - 1) if page > 1 else "",
        files={name: here.replace("?", f"{name}?", 1) for name in (".json", ".csv") if has_files},
    )


def _neighbours_csv(group: dict[str, Any]) -> Response:
    details = dict.fromkeys(detail["property"] for row in group["rows"] for detail in row["details"])
    lines = [
        {"node": row["iri"], "end": end["property"], "iri": end["iri"], "name_zh": end["zh"], "name_en": end["en"]}
        | {detail["property"]: detail["value"] for detail in row["details"]}
        for row in group["rows"]
        for end in row["ends"]
    ]
    headers = {TRUNCATED: tr("after {count} rows", count=len(group["rows"]))} if group["more"] else {}
    columns = ["node", "end", "iri", "name_zh", "name_en", *details]
    return csv_response(columns, lines, headers)


async def _redirect_or_refuse(request: Request, name: str, iri: str) -> Response:
    """Redirect from ``/thing/{table}/{id}`` to the one thing of that table and id, or refuse."""
    if name.count("/") == 1 and is_iri(iri):
        classes = ", ".join(f"cg:{one}" for one in TABLES)
        answer = await ask_rows(request, _ENDING.format(classes=classes, end=literal(f"/{name}")), 20)
        things = answer.texts("x")
        if len(things) == 1:
            path, parameters = thing_path(things[0])
            suffix = next((one for one in _SUFFIXES if request.url.path.endswith(one)), "")
            return RedirectResponse(address(request, path + suffix, **parameters), 307)
        if things:
            raise RefusedError(
                404,
                tr(
                    "{count} things end in /{name}: {things}",
                    count=len(things),
                    name=excerpt(name, MAX_LENGTH),
                    things=", ".join(things),
                ),
            )
    raise RefusedError(404, tr("nothing is known of {iri}", iri=excerpt(iri, MAX_LENGTH)))


routes = [page_route("/thing", thing), page_route("/thing/{path:path}", thing)]
