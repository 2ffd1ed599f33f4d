"""Networks on demand: the only place that reads what is asked of one, and answers with its page or its file."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import Response

from chaingraph.endpoint.pages.cells import thing_path
from chaingraph.endpoint.pages.network_parameters import (
    COLOURS,
    FORMS,
    KINDS,
    ROLES,
    SIZES,
    Values,
    drawing_of,
    names_one,
    values_of,
)
from chaingraph.endpoint.pages.page_queries import ask_rows, names_of
from chaingraph.endpoint.pages.rendering import address, language_of, page_route, rendered
from chaingraph.endpoint.pages.terms import words
from chaingraph.endpoint.workers.engine import Operation, Refused
from chaingraph.endpoint.workers.network_pool import Desk, Picture
from chaingraph.endpoint.workers.waiting import answer_while_connected
from chaingraph.export.networks import MEDIA_TYPES
from chaingraph.languages import text_in
from chaingraph.layout import LAYOUTS
from chaingraph.networks import PROJECTIONS
from chaingraph.vocabulary import code_list, full_iri
from chaingraph.webpage.attributes import attribute_name
from chaingraph.webpage.rendering import SANDBOX

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from starlette.applications import Starlette
    from starlette.requests import Request

_WATCH = 0.5
_REGIONS = "SELECT ?region ?name { ?region a cg:Region ; rdfs:label ?name } ORDER BY ?name ?region"


async def picture_of(request: Request, values: Values, form: str) -> Picture:
    """Return a network drawn in a form, from the desk's drawer if it lies there.

    Raises:
        Refused: The network cannot be drawn as asked.
    """
    state = request.app.state
    drawing = drawing_of(values, form, language_of(request) if form == "page" else "", state.settings.size)
    query = values.get("query", [""])[0]
    key = hashlib.sha256(json.dumps([state.engine.tag, drawing, query], sort_keys=True).encode()).hexdigest()
    desk = _desk(request.app)
    kept = desk.kept(key)
    if kept is not None:
        return kept
    content = b""
    if query:
        accept = "application/n-triples, application/sparql-results+json;q=0.9"
        with await answer_while_connected(request, Operation(query, accept=accept)) as answer:
            if answer.kind == "boolean":
                raise Refused(400, "the query asks for a truth value, expected CONSTRUCT, DESCRIBE or SELECT")
            content, drawing["answer"] = answer.content(), answer.media_type
            drawing["cut"] = answer.count if answer.truncated else 0
    return await _while_connected(request, desk.draw(key, drawing, content))


def _desk(app: Starlette) -> Desk:
    """Return the desk of an application; it is set up when the first network is asked for."""
    if not hasattr(app.state, "desk"):
        app.state.desk = Desk(app.state.store_path, app.state.settings)
    desk: Desk = app.state.desk
    return desk


async def _while_connected(request: Request, drawing: Awaitable[Picture]) -> Picture:
    """Return a drawing; if the client goes away before, it is stopped."""
    task = asyncio.ensure_future(drawing)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=_WATCH)
            if await request.is_disconnected():
                raise Refused(499, "the client has gone")
        return task.result()
    finally:
        task.cancel()


async def network(request: Request) -> Response:
    """Answer with the form, and below it with the network that it asks for."""
    pairs = request.query_params.multi_items()
    values: Values = {}
    picture, fault = None, None
    try:
        values = values_of(pairs)
        if names_one(values):
            picture = await picture_of(request, values, "page")
    except Refused as error:
        fault = error
        values = values or {name: request.query_params.getlist(name) for name, _ in pairs}
    language = language_of(request)
    regions = await ask_rows(request, _REGIONS, 2000)
    around, query = (values.get(name, [""])[0] for name in ("around", "query"))
    thing = {}
    if around and fault is None:
        path, parameters = thing_path(full_iri(around))
        names = await names_of(request, [full_iri(around)])
        thing = {"name": text_in(names.get(full_iri(around), {}), language) or around}
        thing["href"] = address(request, path, **parameters)
    colon = "：" if language == "zh" else ": "
    asked = [(name, value) for name, held in values.items() for value in held]
    in_language = [*asked, ("lang", language)]
    return await rendered(
        request,
        "network.html",
        status=fault.status if fault else 200,
        headers=fault.headers if fault else None,
        values=values,
        around=around,
        query=query,
        picture=picture.said if picture else None,
        size=len(picture.content) if picture else 0,
        fault=fault,
        thing=thing,
        frame=f"/network/page?{urlencode(in_language)}",
        download=f"/network/page?{urlencode([*in_language, ('download', 'yes')])}",
        files={form: f"/network.{form}?{urlencode(asked)}" for form in FORMS},
        projections=[(name, f"{one.label(language)}{colon}{one.ties(language)}") for name, one in PROJECTIONS.items()],
        roles=_coded(language, ROLES, "role", "participation-role"),
        kinds=_coded(language, KINDS, "organization-kind"),
        regions=list(dict.fromkeys(regions.texts("name"))),
        colours=[(name, attribute_name(name)[language]) for name in COLOURS],
        sizes=[(name, attribute_name(name)[language]) for name in SIZES],
        layouts=[(name, words(language)[f"network_layout_{name}"]) for name in LAYOUTS],
        said_left_out=left_out_words(language, picture) if picture else [],
        sandbox=SANDBOX,
    )


def _coded(language: str, notations: Iterable[str], *lists: str) -> list[tuple[str, str]]:
    codes = [code for name in reversed(lists) for code in code_list(name).codes]
    labels = {code.notation: code.label_zh if language == "zh" else code.label_en for code in codes}
    return [(notation, labels[notation]) for notation in notations]


def left_out_words(language: str, picture: Picture) -> list[tuple[str, int]]:
    """Return what a network leaves out, in words of a language where there are any, with its number."""
    known = words(language)
    return [
        (known.get(f"network_left_out_{reason}", reason), count)
        for reason, count in sorted(picture.said["left_out"].items())
    ]


async def network_page(request: Request) -> Response:
    """Answer with the page of a network alone, in a sandbox: it brings its own policy and needs nothing of ours."""
    picture = await picture_of(request, _asked(request), "page")
    headers = {"Content-Security-Policy": f"sandbox {SANDBOX}; frame-ancestors 'self'", "X-Frame-Options": "SAMEORIGIN"}
    if "download" in request.query_params:
        headers["Content-Disposition"] = 'attachment; filename="network.html"'
    return Response(picture.content, headers=headers, media_type="text/html")


def _file(form: str) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers with a network as a file."""

    async def answered(request: Request) -> Response:
        picture = await picture_of(request, _asked(request), form)
        headers = {"Content-Disposition": f'attachment; filename="network.{form}"'}
        return Response(picture.content, headers=headers, media_type=MEDIA_TYPES[form])

    return answered


def _asked(request: Request) -> Values:
    values = values_of(request.query_params.multi_items())
    if not names_one(values):
        raise Refused(
            400, f"no network is named: expected 'projection' ({', '.join(PROJECTIONS)}), 'around' or 'query'"
        )
    return values


routes = [
    page_route("/network", network),
    page_route("/network/page", network_page),
    *(page_route(f"/network.{form}", _file(form)) for form in FORMS),
]
