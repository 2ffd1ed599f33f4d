"""The process of the reconciliation service as the server sees it: one, that lives on, with a queue before it."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from chaingraph.endpoint.engine import RefusedError
from chaingraph.endpoint.workers.process import WorkerProcess, thread_limits
from chaingraph.endpoint.workers.reconciliation_worker import ReconciliationRequest
from chaingraph.messages import tr

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from chaingraph.endpoint.engine import Engine
    from chaingraph.endpoint.limits import Limits
    from chaingraph.endpoint.workers.reconciliation_worker import ReconciliationReply

_START_SECONDS = 300.0
"""Seconds to open a store and index its names: 30,000 take less than ten."""
_LIBRARY_BYTES = 2 * 2**30
_THREADS = 2
_MAX_QUEUE = 64


class ReconciliationPool:
    """Answers batches by one process that has indexed the names of a store; it starts with the first request.

    It is replaced when the store has changed, when a batch exceeds the deadline, and when it ends by itself.

    Args:
        engine: What answers queries, from the same version of the store.
        limits: The limits of queries; the process has more memory, for its libraries.
    """

    def __init__(self, engine: Engine, limits: Limits) -> None:
        self._engine = engine
        self._deadline = limits.deadline
        self._memory = limits.memory + _LIBRARY_BYTES
        self._lock = asyncio.Lock()
        self._worker: WorkerProcess | None = None
        self._tag = ""
        self._queue_length = 0

    async def start(self) -> None:
        """Start the process, so that the first batch need not wait; what goes wrong is said to who sends a batch."""
        with suppress(RefusedError):
            async with self._lock:
                await self._running()

    async def answer(self, operation: str, content: dict[str, str], language: str) -> bytes:
        """Return the JSON of an answer; see `ReconciliationService.answer`.

        Raises:
            RefusedError: The request does not fit the API (400), is too large (413) or slow (504), or too many wait
                (503); or the process cannot be started, or ended (500).
        """
        if self._queue_length >= _MAX_QUEUE:
            raise RefusedError(503, tr("too many batches are waiting; try again later"), {"Retry-After": "5"})
        self._queue_length += 1
        try:
            async with self._lock:
                worker = await self._running()
                return await self._ask(worker, operation, content, language)
        finally:
            self._queue_length -= 1

    async def stop(self) -> None:
        """Kill the process, if there is one."""
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.stop()

    async def _ask(self, worker: WorkerProcess, operation: str, content: dict[str, str], language: str) -> bytes:
        request = ReconciliationRequest(
            operation=operation, content=content, language=language, processor_seconds=_THREADS * self._deadline
        )
        complete = False
        try:
            async with asyncio.timeout(self._deadline):
                await worker.send(json.dumps(request).encode())
                reply = cast("ReconciliationReply", await worker.receive())
                answer = await worker.read(reply["length"])
            complete = True
        except TimeoutError:
            reason = tr(
                "the batch took longer than {deadline:g} seconds and was stopped; send a shorter one",
                deadline=self._deadline,
            )
            raise RefusedError(504, reason) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise RefusedError(500, tr("the batch brought its process down; send a shorter one")) from None
        finally:
            # Half an answer would be read as the beginning of the next.
            if not complete:
                await self.stop()
        if reply["status"] != 200:
            raise RefusedError(reply["status"], reply["reason"])
        return answer

    async def _running(self) -> WorkerProcess:
        """Return the process, started anew where there is none or the store has changed."""
        await self._engine.refresh()
        version = self._engine.version
        if self._worker is not None and self._worker.alive and version.tag == self._tag:
            return self._worker
        await self.stop()
        worker = await WorkerProcess.start(
            "reconciliation_worker", version.folder, self._memory, environment=thread_limits(_THREADS)
        )
        greeting = {"error": tr("its names could not be indexed in time")}
        try:
            async with asyncio.timeout(_START_SECONDS):
                greeting = await worker.receive()
        except (asyncio.IncompleteReadError, TimeoutError):
            pass
        finally:
            if "error" in greeting:
                await worker.stop()
        if "error" in greeting:
            raise RefusedError(
                500, tr("the store cannot be opened: {error}; give it more --memory", error=greeting["error"])
            )
        self._worker, self._tag = worker, version.tag
        return worker


def reconciliation_pool(app: Starlette) -> ReconciliationPool:
    """Return the pool of an application; it is created when the service is first used."""
    if not hasattr(app.state, "reconciliation_pool"):
        app.state.reconciliation_pool = ReconciliationPool(app.state.engine, app.state.limits)
    pool: ReconciliationPool = app.state.reconciliation_pool
    return pool
