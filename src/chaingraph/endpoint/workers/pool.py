"""The pool of child processes that answer queries; the only place that decides which one does, and replaces it."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from chaingraph.endpoint.protocol import ROW_TYPES, TRIPLE_TYPES, compresses, preferred
from chaingraph.endpoint.query_limits import refuse
from chaingraph.endpoint.workers.engine import Answer, Operation, Refused
from chaingraph.endpoint.workers.process import Child
from chaingraph.endpoint.workers.query_worker import Request
from chaingraph.errors import UnreadableError
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from chaingraph.endpoint.limits import Settings

_SPARE = 1.0
"""Seconds beyond the deadline that a query may wait for a child: one that was killed must start again."""
_SPOOLED = 2**30
"""Bytes of answers that may wait at once to be sent."""


class Pool:
    """The engine that answers from a built store: a few children open it read-only and answer one query at a time.

    A child that overruns the deadline, or whose client has gone, is killed, and another started in its place.

    Args:
        store: A built store (.kg).
        settings: The limits.
    """

    def __init__(self, store: Path, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._idle: deque[Child] = deque()
        self._waiting: deque[asyncio.Future[Child]] = deque()
        self._children: set[Child] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._spooled = 0
        self._stopped = False
        self.graphs: frozenset[str] = frozenset()
        self.tag = ""
        self.size = 0

    async def start(self) -> None:
        """Start the children; return when the first can answer. A second call does nothing.

        Raises:
            UnreadableError: The store cannot be opened, or not within the memory that one child may have.
        """
        if self._children:
            return
        self._stopped = False
        await self._start_one()
        for _ in range(self._settings.workers - 1):
            self._do(self._keep_starting())

    async def stop(self) -> None:
        """Kill the children and wait until they are gone; who waits for an answer is refused."""
        self._stopped = True
        for future in self._waiting:
            if not future.done():
                future.set_exception(Refused(503, "the server is stopping"))
        self._waiting.clear()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(child.kill() for child in tuple(self._children)))
        self._children.clear()
        self._idle.clear()

    async def update(self, operation: Operation) -> None:
        """Refuse: nothing can be written through this engine."""
        raise Refused(400, "this endpoint is read-only: it carries out no update")

    async def ask(self, operation: Operation, *, rows: int | None = None) -> Answer:
        """Return the answer to a query; see :class:`chaingraph.endpoint.workers.engine.Engine`."""
        refuse(operation, self.graphs, self._settings)
        child = await self._free()
        usable = False
        try:
            async with asyncio.timeout(self._settings.deadline):
                answer = await child.answer(request_of(operation, self._settings, rows), self._room)
            usable = not child.worn
        except Refused as error:
            usable = error.status not in (500, 503)
            raise
        except TimeoutError:
            reason = f"the query took longer than {self._settings.deadline:g} seconds and was stopped"
            raise Refused(504, reason) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            ended = await child.kill()
            raise self._broken(ended) from None
        finally:
            self._release(child, usable=usable)
        self._spooled += answer.length
        answer.on_close = self._forget
        return answer

    def _room(self, length: int) -> None:
        if self._spooled + length > _SPOOLED:
            raise Refused(503, "too many large answers are under way; try again later", {"Retry-After": "5"})

    def _forget(self, length: int) -> None:
        self._spooled -= length

    def _broken(self, ended: int) -> Refused:
        if sys.platform != "win32" and ended == -signal.SIGXCPU:
            return Refused(504, f"the query took longer than {self._settings.deadline:g} seconds and was stopped")
        return Refused(
            500,
            f"the query brought its process down: it needs more than {self._settings.memory / 2**30:.1f} GB of memory, "
            "or nests too deep",
        )

    async def _free(self) -> Child:
        """Return a child that is free, after a wait if need be; it is the caller's to release."""
        while self._idle:
            child = self._idle.pop()
            if child.alive():
                return child
            self._release(child, usable=False)
        wait = max(1, round(self._settings.deadline))
        if len(self._waiting) >= self._settings.queue:
            raise Refused(503, "too many queries are waiting; try again later", {"Retry-After": str(wait)})
        future: asyncio.Future[Child] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            async with asyncio.timeout(self._settings.deadline + _SPARE):
                return await future
        except (TimeoutError, asyncio.CancelledError) as error:
            with suppress(ValueError):
                self._waiting.remove(future)
            # A child may have been given in the very moment in which the wait ended.
            if not future.cancelled() and future.done() and future.exception() is None:
                self._release(future.result(), usable=True)
            if isinstance(error, asyncio.CancelledError):
                raise
            reason = "no process became free in time; try again later"
            raise Refused(503, reason, {"Retry-After": str(wait)}) from None

    def _release(self, child: Child, *, usable: bool) -> None:
        if not usable or not child.alive() or child.tag != self.tag:
            child.end()
            self._do(self._replace(child))
            return
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(child)
                return
        self._idle.append(child)

    async def _replace(self, child: Child) -> None:
        await child.kill()
        self._children.discard(child)
        await self._keep_starting()

    async def _keep_starting(self) -> None:
        """Start a child, however often it takes: the machine may be short of memory for a while."""
        pause = 0.5
        while not self._stopped:
            try:
                await self._start_one()
            except (UnreadableError, OSError):
                await asyncio.sleep(pause)
                pause = min(2 * pause, 30.0)
            else:
                return

    async def _start_one(self) -> None:
        child, hello = await Child.started(self._store, self._settings.memory)
        self._children.add(child)
        if child.tag != self.tag:
            self.tag, self.size, self.graphs = child.tag, hello["size"], frozenset(hello["graphs"])
            old, self._idle = self._idle, deque()
            for other in old:
                self._release(other, usable=False)
        self._release(child, usable=True)

    def _do(self, coroutine: Coroutine[None, None, None]) -> None:
        if self._stopped:
            coroutine.close()
            return
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def request_of(operation: Operation, settings: Settings, rows: int | None = None) -> Request:
    """Return what a child is asked for an operation: its text and graphs, the chosen formats, and the limits."""
    protocol = operation.default_graphs or operation.named_graphs
    return Request(
        text=operation.text,
        rows_as=preferred(operation.accept, ROW_TYPES),
        triples_as=preferred(operation.accept, TRIPLE_TYPES),
        default_graphs=list(operation.default_graphs) if protocol else None,
        named_graphs=list(operation.named_graphs) if protocol else None,
        base=operation.base,
        prefixes=dict(PREFIXES),
        rows=settings.rows if rows is None else min(rows, settings.rows),
        size=settings.size,
        deadline=settings.deadline,
        compress=compresses(operation.encoding),
    )
