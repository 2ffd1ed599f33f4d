"""The reconciliation service over HTTP: ``/reconcile`` in version 0.2, ``/reconcile/1.0`` in version 1.0 of the API."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.responses import Response
from starlette.routing import Route

from chaingraph.endpoint.engine import RefusedError, of_one_version, run_while_connected
from chaingraph.endpoint.pages.page_queries import in_thread, is_iri
from chaingraph.endpoint.pages.rendering import POLICY, render_page
from chaingraph.endpoint.pages.rendering import language_of as page_language
from chaingraph.endpoint.pages.store_summary import store_summary
from chaingraph.endpoint.pages.thing_record import class_title, thing_record
from chaingraph.endpoint.protocol import FORM, read_body
from chaingraph.endpoint.workers.reconciliation_pool import reconciliation_pool
from chaingraph.errors import excerpt
from chaingraph.languages import LANGUAGES
from chaingraph.messages import tr
from chaingraph.queries.node_classes import CLASSES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

_JSON = "application/json"
_MANIFESTS = "chaingraph.endpoint.reconciliation.manifest"
"""What knows the properties of things, and loads what reads tables: only for who asks, and not in the event loop."""

_MAX_PARAMETER = 500
_MAX_FIELDS = 20


async def service_0_2(request: Request) -> Response:
    """Answer with the manifest of version 0.2, or to the parameter ``queries`` or ``extend``, by GET or by form."""
    fields = dict(request.query_params)
    if request.method == "POST":
        fields |= await _form(request)
    operations = {"queries": "match_0_2", "extend": "extend_0_2"}
    for name, operation in operations.items():
        if name in fields:
            return await _answer(request, operation, {"batch": fields[name]})
    if request.method == "POST":
        raise RefusedError(
            400, tr("the form has neither of the fields {operations}", operations=" and ".join(operations))
        )
    # Who reads the manifest will ask for names next.
    _warm_up(request)
    await in_thread(import_module, _MANIFESTS)
    from chaingraph.endpoint.reconciliation.manifest import manifest_0_2

    language = language_of(request)
    suffix = f"?lang={language}" if request.query_params.get("lang") else ""
    name, classes = await _data_sets(request)
    return _document(request, manifest_0_2(name, _root(request), suffix, classes, language))


async def service_1_0(request: Request) -> Response:
    """Answer with the manifest of version 1.0."""
    _warm_up(request)
    await in_thread(import_module, _MANIFESTS)
    from chaingraph.endpoint.reconciliation.manifest import manifest_1_0

    name, classes = await _data_sets(request)
    return _document(request, manifest_1_0(name, _root(request), classes, language_of(request)))


def _batch_handler(operation: str) -> Callable[[Request], Awaitable[Response]]:
    """Return the function that answers to a batch in the body of a POST, as JSON."""

    async def handler(request: Request) -> Response:
        limits = request.app.state.limits
        body = await read_body(request, limits.batch_bytes, limits.client_timeout)
        return await _answer(request, operation, {"batch": _decoded(body)})

    return handler


async def suggestion(request: Request) -> Response:
    """Answer with the things, properties or types that a text may mean."""
    prefix = _parameter(request, "prefix")
    await in_thread(import_module, _MANIFESTS)
    from chaingraph.endpoint.reconciliation.manifest import property_suggestions, type_suggestions

    kind = request.path_params["kind"]
    if kind == "type":
        return _document(request, type_suggestions(prefix, language_of(request)))
    if kind == "property":
        return _document(request, property_suggestions(prefix, language_of(request)))
    if kind != "entity":
        raise RefusedError(
            404, tr("'{kind}' cannot be suggested, expected entity, property or type", kind=excerpt(kind))
        )
    content = {name: _parameter(request, name) for name in ("prefix", "type", "cursor")}
    return await _answer(request, "suggest", content)


async def proposal(request: Request) -> Response:
    """Answer with the properties that things of a type have."""
    limit = _parameter(request, "limit")
    if limit and not (limit.isascii() and limit.isdigit() and 0 < int(limit) < 1000):
        raise RefusedError(400, tr("'limit' is '{limit}', expected a number from 1 to 999", limit=excerpt(limit)))
    await in_thread(import_module, _MANIFESTS)
    from chaingraph.endpoint.reconciliation.batches import class_of
    from chaingraph.endpoint.reconciliation.manifest import property_proposals

    class_name = class_of(_parameter(request, "type") or CLASSES[0])
    return _document(request, property_proposals(class_name, int(limit) if limit else None, language_of(request)))


async def preview(request: Request) -> Response:
    """Answer with a small page on a thing, with the words that state it, for a frame of the client's page."""
    return await of_one_version(request.app.state.engine, partial(_preview_page, request))


async def _preview_page(request: Request) -> Response:
    iri = _parameter(request, "id")
    record = await thing_record(request, iri, first=0) if is_iri(iri) else None
    if record is None:
        raise RefusedError(404, tr("nothing is known of '{iri}'", iri=excerpt(iri)))
    framing = " ".join(("'self'", *request.app.state.limits.origins))
    policy = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {framing}")
    kind = class_title(record, language_of(request))
    headers = {"Content-Security-Policy": policy}
    return await render_page(request, "preview.html", thing=record, kind=kind, headers=headers)


def _warm_up(request: Request) -> None:
    """Start the process that indexes the names, without waiting for it."""
    state = request.app.state
    if not hasattr(state, "reconciliation_start"):
        pool = reconciliation_pool(request.app)
        state.reconciliation_start = asyncio.get_running_loop().create_task(pool.start())


async def _answer(request: Request, operation: str, content: dict[str, str]) -> Response:
    work = reconciliation_pool(request.app).answer(operation, content, language_of(request))
    return _response(request, await run_while_connected(request, work))


def _document(request: Request, document: dict[str, Any]) -> Response:
    return _response(request, json.dumps(document, ensure_ascii=False).encode())


def _response(request: Request, content: bytes) -> Response:
    headers = {"Content-Language": language_of(request), "Vary": "Accept-Language", "Cache-Control": "no-cache"}
    return Response(content, headers=headers, media_type=_JSON)


async def _data_sets(request: Request) -> tuple[str, list[str]]:
    """Return the titles of the data sets, and the classes of which there are things."""
    summary = await of_one_version(request.app.state.engine, partial(store_summary, request))
    titles = [one.title[language_of(request)] or one.iri for one in summary.datasets]
    return "; ".join(titles) or "chaingraph", [name for name in CLASSES if summary.counts.get(name)]


def language_of(request: Request) -> str:
    """Return the language of names: as the address says (``lang``), else as the client prefers.

    Raises:
        RefusedError: The address names another than zh and en.
    """
    language = request.query_params.get("lang", "")
    if language and language not in LANGUAGES:
        raise RefusedError(
            400,
            tr(
                "'lang' is '{language}', expected {languages}",
                language=excerpt(language),
                languages=tr(" or ").join(LANGUAGES),
            ),
        )
    return page_language(request)


def _root(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _parameter(request: Request, name: str) -> str:
    text = request.query_params.get(name, "")
    if len(text) > _MAX_PARAMETER:
        raise RefusedError(
            400,
            tr(
                "'{name}' has {count:,} characters, expected at most {max_parameter}",
                name=name,
                count=len(text),
                max_parameter=_MAX_PARAMETER,
            ),
        )
    return text


async def _form(request: Request) -> dict[str, str]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != FORM:
        raise RefusedError(
            415,
            tr("the body's Content-Type is '{media_type}', expected {form}", media_type=excerpt(media_type), form=FORM),
        )
    limits = request.app.state.limits
    body = await read_body(request, limits.batch_bytes, limits.client_timeout)
    try:
        return dict(parse_qsl(_decoded(body), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS))
    except ValueError as error:
        raise RefusedError(400, tr("the form's fields are not percent-encoded UTF-8, or too many")) from error


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError(
            400, tr("the body is not in UTF-8: byte {start} cannot be read", start=error.start + 1)
        ) from error


def _routes() -> list[Route]:
    posts = {"match": "match_1_0", "extend": "extend_1_0"}
    routes = [
        Route("/reconcile", service_0_2, methods=["GET", "POST"]),
        Route("/reconcile/1.0", service_1_0, methods=["GET"]),
        *(Route(f"/reconcile/1.0/{name}", _batch_handler(one), methods=["POST"]) for name, one in posts.items()),
    ]
    for base in ("/reconcile", "/reconcile/1.0"):
        routes += [
            Route(f"{base}/suggest/{{kind}}", suggestion, methods=["GET"]),
            Route(f"{base}/extend/propose", proposal, methods=["GET"]),
            Route(f"{base}/preview", preview, methods=["GET"]),
        ]
    return routes


routes = _routes()
