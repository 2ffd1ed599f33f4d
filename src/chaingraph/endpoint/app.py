"""The web application: the route of the SPARQL protocol, those of the pages, and the middleware before both."""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chaingraph import __version__
from chaingraph.endpoint import pages
from chaingraph.endpoint.engine import Engine, Operation, RefusedError, answer_while_connected, of_one_version
from chaingraph.endpoint.limits import Limits
from chaingraph.endpoint.middleware import CompressionMiddleware, HostMiddleware, SizeLimitMiddleware
from chaingraph.endpoint.protocol import (
    ROW_TYPES,
    TRIPLE_TYPES,
    accepts_gzip,
    not_modified,
    preferred_type,
    prefers_page,
    read_operation,
)
from chaingraph.endpoint.responses import TRUNCATED, answer_response
from chaingraph.endpoint.service_description import DATA_SETS_QUERY, service_description
from chaingraph.endpoint.workers.query_pool import QueryPool
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

METHODS = ["GET", "HEAD", "POST"]
_VARY = "Accept, Accept-Encoding"


def app(store: str | Path, limits: Limits | None = None, *, engine: Engine | None = None) -> Starlette:
    """Return the application that answers from a built store.

    Args:
        store: A built store (.kg); it is opened by child processes, read-only.
        limits: The limits; left out, the defaults.
        engine: What answers, instead of the pool of child processes.
    """
    limits = limits or Limits()
    backend = engine or QueryPool(Path(store), limits)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await backend.start()
        try:
            yield
        finally:
            if hasattr(application.state, "reconciliation_pool"):
                await application.state.reconciliation_pool.stop()
            await backend.stop()

    application = Starlette(
        routes=[Route("/sparql", sparql, methods=METHODS), Route("/sparql/", sparql, methods=METHODS), *pages.routes],
        middleware=_middleware(limits),
        exception_handlers={RefusedError: plain_refusal},
        lifespan=lifespan,
    )
    application.state.engine = backend
    application.state.limits = limits
    return application


def _middleware(limits: Limits) -> list[Middleware]:
    layers = [
        Middleware(HostMiddleware, hosts=limits.hosts),
        Middleware(SizeLimitMiddleware, request_bytes=limits.request_bytes, batch_bytes=limits.batch_bytes),
    ]
    if limits.origins:
        layers.append(
            Middleware(
                CORSMiddleware,
                allow_origins=limits.origins,
                allow_methods=METHODS,
                allow_headers=["Content-Type"],
                expose_headers=[TRUNCATED, "ETag", "Retry-After"],
            )
        )
    return [*layers, Middleware(CompressionMiddleware)]


async def plain_refusal(_: Request, error: Exception) -> Response:
    """Return a refusal as plain text, with its status."""
    assert isinstance(error, RefusedError)
    return PlainTextResponse(f"{error.reason}\n", error.status, error.headers)


async def sparql(request: Request) -> Response:
    """Answer a request of the SPARQL protocol; a browser gets the page with the editor."""
    engine: Engine = request.app.state.engine
    limits: Limits = request.app.state.limits
    accept = request.headers.get("accept", "")
    if prefers_page(accept):
        return await of_one_version(engine, partial(pages.editor, request, await read_operation(request, limits)))
    operation = await read_operation(request, limits)
    await engine.refresh()
    headers = {"Vary": _VARY, "Cache-Control": "no-cache"}
    if operation is None:
        return await of_one_version(engine, partial(_description_response, request, engine, accept, headers))
    if operation.update:
        await engine.update(operation)
        return Response(status_code=204)
    if request.method != "POST":
        headers["ETag"] = _etag(engine.tag, operation, limits)
        if not_modified(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
    answer = await answer_while_connected(request, operation)
    if request.method != "POST":
        headers["ETag"] = _etag(answer.tag, operation, limits)
    return answer_response(answer, headers)


async def _description_response(request: Request, engine: Engine, accept: str, headers: dict[str, str]) -> Response:
    media_type = preferred_type(accept, TRIPLE_TYPES)
    if media_type is None:
        raise RefusedError(
            406, tr("the service description can be had as {triple_types}", triple_types=", ".join(TRIPLE_TYPES))
        )
    address = str(request.url.replace(query="", fragment="")).rstrip("/")
    with await engine.ask(Operation(DATA_SETS_QUERY, accept="application/n-triples")) as answer:
        data_sets = answer.content()
    content = service_description(address, engine, data_sets, media_type)
    return Response(content, headers=headers, media_type=media_type)


def _etag(tag: str, operation: Operation, limits: Limits) -> str:
    """Return the weak ETag of an answer: of the store's version, the program's, the limits, the formats."""
    formats = [preferred_type(operation.accept, types) for types in (ROW_TYPES, TRIPLE_TYPES)]
    parts = [tag, __version__, limits.rows, limits.answer_bytes, formats, accepts_gzip(operation.encoding)]
    return f'W/"{hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'
