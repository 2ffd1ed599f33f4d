"""Waiting for an answer while its client waits: the only place that stops a query when the client goes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chaingraph.endpoint.workers.engine import Answer, Engine, Operation, Refused

if TYPE_CHECKING:
    from starlette.requests import Request


async def answer_while_connected(request: Request, operation: Operation, *, rows: int | None = None) -> Answer:
    """Return the answer to a query; if the client goes away before, the query is stopped.

    Args:
        request: The request that the answer is for; its body has been read.
        operation: The query.
        rows: How many rows at most, where that is fewer than the engine's own limit.

    Raises:
        Refused: The query is refused, or nobody is there any more.
    """
    engine: Engine = request.app.state.engine
    asking = asyncio.ensure_future(engine.ask(operation, rows=rows))
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        asking.add_done_callback(_close)
        raise
    else:
        if asking.done():
            return asking.result()
        asking.add_done_callback(_close)
        raise Refused(499, "the client has gone")
    finally:
        leaving.cancel()
        asking.cancel()


def _close(asking: asyncio.Future[Answer]) -> None:
    if not asking.cancelled() and asking.exception() is None:
        asking.result().close()


async def _left(request: Request) -> None:
    """Return when the client has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
