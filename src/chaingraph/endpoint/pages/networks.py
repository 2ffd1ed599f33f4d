"""Networks on demand: the form that selects one, its page, and its files."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.responses import Response

from chaingraph.endpoint.engine import Operation, RefusedError, answer_while_connected, run_while_connected
from chaingraph.endpoint.pages.network_parameters import (
    COLOURS,
    FILE_FORMATS,
    KINDS,
    LAYOUTS,
    MEDIA_TYPES,
    ROLES,
    SIZES,
    Values,
    network_request,
    selects_network,
    values_of,
)
from chaingraph.endpoint.pages.page_queries import ask_rows, names_of
from chaingraph.endpoint.pages.rendering import language_of, page_route, render_page, thing_address
from chaingraph.endpoint.pages.terms import words
from chaingraph.endpoint.workers.network_pool import NetworkPool, RenderedNetwork
from chaingraph.languages import text_in
from chaingraph.messages import tr
from chaingraph.networks import PROJECTIONS
from chaingraph.vocabulary import code_list, full_iri
from chaingraph.webpage.attributes import attribute_name
from chaingraph.webpage.document import SANDBOX

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from starlette.applications import Starlette
    from starlette.requests import Request

    from chaingraph.endpoint.workers.network_worker import NetworkReply

_MAX_REGIONS = 2000
_REGIONS = "SELECT ?region ?name { ?region a cg:Region ; rdfs:label ?name } ORDER BY ?name ?region"


async def network_document(request: Request, values: Values, document: str) -> RenderedNetwork:
    """Return a network as a document: page, json, csv or graphml; or a chain map, or a picture.

    Raises:
        RefusedError: There is no such network, or it needs too much.
    """
    state = request.app.state
    version = state.engine.version
    language = language_of(request) if document in {"page", "chain_map", "picture"} else ""
    specification = network_request(values, document, language, state.limits.answer_bytes)
    query = values.get("query", [""])[0]
    key = hashlib.sha256(json.dumps([version.tag, specification, query], sort_keys=True).encode()).hexdigest()
    pool = _network_pool(request.app)
    cached = pool.cached(key)
    if cached is not None:
        return cached
    content = b""
    if query:
        accept = "application/n-triples, application/sparql-results+json;q=0.9"
        with await answer_while_connected(request, Operation(query, accept=accept)) as answer:
            if answer.kind == "boolean":
                raise RefusedError(400, tr("the query asks for a truth value, expected CONSTRUCT, DESCRIBE or SELECT"))
            content, specification["answer_type"] = answer.content(), answer.media_type
            specification["truncated_after"] = answer.count if answer.truncated else 0
    return await run_while_connected(request, pool.render(key, version, specification, content))


def _network_pool(app: Starlette) -> NetworkPool:
    """Return the pool of an application; it is created when the first network is requested."""
    if not hasattr(app.state, "network_pool"):
        app.state.network_pool = NetworkPool(app.state.limits)
    pool: NetworkPool = app.state.network_pool
    return pool


async def network(request: Request) -> Response:
    """Answer with the form, and below it with the network that it selects."""
    pairs = request.query_params.multi_items()
    values: Values = {}
    result, fault = None, None
    try:
        values = values_of(pairs)
        if selects_network(values):
            result = await network_document(request, values, "page")
    except RefusedError as error:
        fault = error
        values = values or {name: request.query_params.getlist(name) for name, _ in pairs}
    language = language_of(request)
    around, query = (values.get(name, [""])[0] for name in ("around", "query"))
    thing = {}
    if around and fault is None:
        iri = full_iri(around)
        names = await names_of(request, [iri])
        thing = {"name": text_in(names.get(iri, {}), language) or around, "href": thing_address(request, iri)}
    parameters = [(name, value) for name, several in values.items() for value in several]
    page_parameters = [*parameters, ("lang", language)]
    return await render_page(
        request,
        "network.html",
        status=fault.status if fault else 200,
        headers=fault.headers if fault else None,
        values=values,
        around=around,
        query=query,
        network=result.reply if result else None,
        size=len(result.content) if result else 0,
        fault=fault,
        thing=thing,
        frame=f"/network/page?{urlencode(page_parameters)}{_last_expanded(values)}",
        download=f"/network/page?{urlencode([*page_parameters, ('download', 'yes')])}",
        files={name: f"/network.{name}?{urlencode(parameters)}" for name in FILE_FORMATS},
        left_out=_left_out_words(language, result.reply) if result else [],
        sandbox=SANDBOX,
        **await _choices(request, language),
    )


def _last_expanded(values: Values) -> str:
    """Return the fragment that selects the node that was expanded last; empty where none was."""
    return f"#{urlencode({'n': values['expand'][-1]})}" if values.get("expand") else ""


async def _choices(request: Request, language: str) -> dict[str, Any]:
    """Return the values that the fields of the form offer, each with its words in a language."""
    regions = await ask_rows(request, _REGIONS, _MAX_REGIONS)
    colon = "：" if language == "zh" else ": "
    return {
        "projections": [
            (name, f"{one.label(language)}{colon}{one.ties(language)}") for name, one in PROJECTIONS.items()
        ],
        "roles": _code_labels(language, ROLES, "role", "participation-role"),
        "kinds": _code_labels(language, KINDS, "organization-kind"),
        "regions": list(dict.fromkeys(regions.texts("name"))),
        "colours": [(name, attribute_name(name)[language]) for name in COLOURS],
        "sizes": [(name, attribute_name(name)[language]) for name in SIZES],
        "layouts": [
            ("", words(language)["network_layout_usual"]),
            *((name, words(language)[f"network_layout_{name}"]) for name in LAYOUTS),
        ],
    }


def _code_labels(language: str, notations: Iterable[str], *lists: str) -> list[tuple[str, str]]:
    codes = [code for name in reversed(lists) for code in code_list(name).codes]
    labels = {code.notation: code.label_zh if language == "zh" else code.label_en for code in codes}
    return [(notation, labels[notation]) for notation in notations]


def _left_out_words(language: str, reply: NetworkReply) -> list[tuple[str, int]]:
    """Return the reasons for which rows are left out of a network, in words of a language, with their numbers."""
    texts = words(language)
    counts = sorted(reply["left_out"].items())
    return [(texts.get(f"network_left_out_{reason}", reason), count) for reason, count in counts]


def sandbox_headers() -> dict[str, str]:
    """Return the headers of a page that has a policy of its own and stands in a frame of ours."""
    return {"Content-Security-Policy": f"sandbox {SANDBOX}; frame-ancestors 'self'", "X-Frame-Options": "SAMEORIGIN"}


async def network_page(request: Request) -> Response:
    """Answer with the page of a network alone, in a sandbox: it has a policy of its own and needs no other file."""
    result = await network_document(request, _selection(request), "page")
    headers = sandbox_headers()
    if "download" in request.query_params:
        headers["Content-Disposition"] = 'attachment; filename="network.html"'
    return Response(result.content, headers=headers, media_type="text/html")


def _file_handler(document: str) -> Callable[[Request], Awaitable[Response]]:
    """Return the function that answers with a network as a file."""

    async def network_file(request: Request) -> Response:
        result = await network_document(request, _selection(request), document)
        headers = {"Content-Disposition": f'attachment; filename="network.{document}"'}
        return Response(result.content, headers=headers, media_type=MEDIA_TYPES[document])

    return network_file


def _selection(request: Request) -> Values:
    """Return the values of an address that must select a network."""
    values = values_of(request.query_params.multi_items())
    if not selects_network(values):
        reason = tr(
            "no network is named: expected 'projection' ({projections}), 'around' or 'query'",
            projections=", ".join(PROJECTIONS),
        )
        raise RefusedError(400, reason)
    return values


routes = [
    page_route("/network", network),
    page_route("/network/page", network_page),
    *(page_route(f"/network.{name}", _file_handler(name)) for name in FILE_FORMATS),
]
