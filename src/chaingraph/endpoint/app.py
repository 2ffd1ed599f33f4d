"""The web application: the routes of the SPARQL protocol, and what stands around them and the pages."""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from chaingraph import __version__
from chaingraph.endpoint import pages
from chaingraph.endpoint.limits import Settings
from chaingraph.endpoint.middleware import HostDoor, SizeDoor, ZipDoor
from chaingraph.endpoint.protocol import (
    ROW_TYPES,
    TRIPLE_TYPES,
    compresses,
    not_modified,
    operation_of,
    preferred,
    prefers_page,
)
from chaingraph.endpoint.service_description import ABOUT, description
from chaingraph.endpoint.workers.engine import Answer, Engine, Operation, Refused
from chaingraph.endpoint.workers.pool import Pool
from chaingraph.endpoint.workers.waiting import answer_while_connected

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

METHODS = ["GET", "HEAD", "POST"]
TRUNCATED = "X-Truncated"
_VARYING = "Accept, Accept-Encoding"
_SENT_AT_ONCE = 2**16


def app(store: str | Path, settings: Settings | None = None, *, engine: Engine | None = None) -> Starlette:
    """Return the application that answers from a built store.

    Args:
        store: A built store (.kg); it is opened by child processes, read-only.
        settings: The limits; left out, the defaults.
        engine: What answers, instead of the pool of children.
    """
    limits = settings or Settings()
    answering = engine or Pool(Path(store), limits)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await answering.start()
        try:
            yield
        finally:
            await answering.stop()

    made = Starlette(
        routes=[Route("/sparql", sparql, methods=METHODS), Route("/sparql/", sparql, methods=METHODS), *pages.routes],
        middleware=[
            Middleware(HostDoor, hosts=limits.hosts),
            Middleware(SizeDoor, body=limits.text),
            *(
                [
                    Middleware(
                        CORSMiddleware,
                        allow_origins=limits.origins,
                        allow_methods=METHODS,
                        allow_headers=["Content-Type"],
                        expose_headers=[TRUNCATED, "ETag", "Retry-After"],
                    )
                ]
                if limits.origins
                else []
            ),
            Middleware(ZipDoor),
        ],
        exception_handlers={Refused: refusal},
        lifespan=lifespan,
    )
    made.state.engine = answering
    made.state.settings = limits
    made.state.store_path = Path(store)
    return made


async def refusal(_: Request, error: Exception) -> Response:
    """Return a refused operation as plain text, with its status."""
    assert isinstance(error, Refused)
    return PlainTextResponse(f"{error.reason}\n", error.status, error.headers)


async def sparql(request: Request) -> Response:
    """Answer a request of the SPARQL protocol; a browser gets the page with the editor."""
    engine: Engine = request.app.state.engine
    settings: Settings = request.app.state.settings
    accept = request.headers.get("accept", "")
    if prefers_page(accept):
        return await pages.editor(request, await operation_of(request, settings))
    operation = await operation_of(request, settings)
    headers = {"Vary": _VARYING, "Cache-Control": "no-cache"}
    if operation is None:
        return await _described(request, engine, accept, headers)
    if operation.update:
        await engine.update(operation)
        return Response(status_code=204)
    if request.method != "POST":
        headers["ETag"] = etag(engine, operation, settings)
        if not_modified(request.headers, headers["ETag"]):
            return Response(status_code=304, headers=headers)
    answer = await answer_while_connected(request, operation)
    return response_of(answer, headers)


async def _described(request: Request, engine: Engine, accept: str, headers: dict[str, str]) -> Response:
    media_type = preferred(accept, TRIPLE_TYPES)
    if media_type is None:
        raise Refused(406, f"the service description can be had as {', '.join(TRIPLE_TYPES)}")
    address = str(request.url.replace(query="", fragment="")).rstrip("/")
    with await engine.ask(Operation(ABOUT, accept="application/n-triples")) as answer:
        about = answer.content()
    return Response(description(address, engine, about, media_type), headers=headers, media_type=media_type)


def etag(engine: Engine, operation: Operation, settings: Settings) -> str:
    """Return the weak ETag of an answer: of the store, the version and the limits, and the formats that were chosen."""
    formats = [preferred(operation.accept, offered) for offered in (ROW_TYPES, TRIPLE_TYPES)]
    parts = [engine.tag, __version__, settings.rows, settings.size, formats, compresses(operation.encoding)]
    return f'W/"{hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


def response_of(answer: Answer, headers: dict[str, str]) -> Response:
    """Return the response that carries an answer, and closes it."""
    if answer.truncated:
        headers[TRUNCATED] = f"after {answer.count} {'triples' if answer.kind == 'triples' else 'rows'}"
    if answer.encoding:
        headers["Content-Encoding"] = answer.encoding
    if answer.length > _SENT_AT_ONCE:
        return _Sent(answer, headers)
    with answer:
        return Response(answer.content(), headers=headers, media_type=answer.media_type)


class _Sent(StreamingResponse):
    """A large answer on its way; its file is removed when it has been sent, or cannot be."""

    def __init__(self, answer: Answer, headers: dict[str, str]) -> None:
        self._answer = answer
        headers["Content-Length"] = str(answer.length)
        super().__init__(self._pieces(), headers=headers, media_type=answer.media_type)

    async def _pieces(self) -> AsyncIterator[bytes]:
        for piece in self._answer.pieces():
            yield piece

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._answer:
            await super().__call__(scope, receive, send)
