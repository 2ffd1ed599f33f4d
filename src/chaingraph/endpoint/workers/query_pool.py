"""The pool of child processes that answer queries: which one does, when it is killed, and what takes its place."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections import deque
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

from chaingraph.endpoint.engine import Answer, Operation, RefusedError
from chaingraph.endpoint.protocol import ROW_TYPES, TRIPLE_TYPES, accepts_gzip, preferred_type
from chaingraph.endpoint.workers.process import QueryProcess, WorkerProcess
from chaingraph.endpoint.workers.query_worker import QueryRequest
from chaingraph.errors import UnreadableError
from chaingraph.messages import tr
from chaingraph.sparql.limits import deadline_message
from chaingraph.store.versions import StoreVersion, open_version, store_state
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

    from chaingraph.endpoint.limits import Limits

_LOG = logging.getLogger("chaingraph.endpoint")
_START_SECONDS = 1.0
"""Seconds beyond the deadline that a query may wait for a process: one that was killed must start again."""
_MAX_UNSENT_BYTES = 2**30
"""Bytes of answers that may wait at once to be sent."""
_PAUSE = 5.0
"""Seconds before a version is tried again that could not be opened."""


class QueryPool:
    """The engine that answers from a built store: a few processes open it read-only and answer one query at a time.

    A process that exceeds the deadline, or whose client has disconnected, is killed, and another started in its place.
    All processes that are given queries have the same version of the store open; :meth:`refresh` moves them to another.

    Args:
        store: A built store (.kg).
        limits: The limits.
    """

    def __init__(self, store: Path, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._idle: deque[QueryProcess] = deque()
        self._queue: deque[asyncio.Future[QueryProcess]] = deque()
        self._processes: set[QueryProcess] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsent_bytes = 0
        self._stopped = False
        self._version: StoreVersion | None = None
        self._state: tuple[int, ...] | None = None
        self._refresh_lock = asyncio.Lock()
        self._next_attempt = 0.0
        self._surplus = 0
        self.graphs: frozenset[str] = frozenset()
        self.size = 0

    async def start(self) -> None:
        """Start the processes; return when the first can answer. A second call does nothing.

        Raises:
            UnreadableError: The store cannot be opened, or not within the memory that one process may have.
        """
        if self._processes:
            return
        self._stopped = False
        self._state = store_state(self._store)
        await self._move_to(open_version(self._store))
        for _ in range(self._limits.workers - 1):
            self._start_task(self._start_repeatedly())

    @property
    def version(self) -> StoreVersion:
        """The version of the store that queries are answered from."""
        assert self._version is not None
        return self._version

    @property
    def tag(self) -> str:
        """A text that changes with the version."""
        return "" if self._version is None else self._version.tag

    async def refresh(self) -> None:
        """Move to the present version of the store, if that is another one; where it cannot be opened, stay."""
        if not self._is_outdated():
            return
        async with self._refresh_lock:
            if not self._is_outdated():
                return
            state = store_state(self._store)
            try:
                version = open_version(self._store)
                if version.tag != self.tag:
                    await self._move_to(version)
            except (UnreadableError, OSError) as error:
                self._next_attempt = asyncio.get_running_loop().time() + _PAUSE
                _LOG.warning("%s", tr("{error}; the version before it is served on", error=error))
            else:
                self._state = state

    def _is_outdated(self) -> bool:
        state = store_state(self._store)
        return state not in (None, self._state) and asyncio.get_running_loop().time() >= self._next_attempt

    async def stop(self) -> None:
        """Kill the processes and wait for their end; whoever waits for an answer is refused."""
        self._stopped = True
        for future in self._queue:
            if not future.done():
                future.set_exception(RefusedError(503, tr("the server is stopping")))
        self._queue.clear()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(process.stop() for process in tuple(self._processes)))
        self._processes.clear()
        self._idle.clear()
        await WorkerProcess.all_ended()

    async def update(self, operation: Operation) -> None:
        """Refuse: nothing can be written through this engine."""
        raise RefusedError(400, tr("this endpoint is read-only: it carries out no update"))

    async def ask(self, operation: Operation, *, rows: int | None = None, size: int | None = None) -> Answer:
        """Return the answer to a query; see :class:`chaingraph.endpoint.engine.Engine`."""
        process = await self._acquire()
        usable = False
        try:
            async with asyncio.timeout(self._limits.deadline):
                answer = await process.answer(query_request(operation, self._limits, rows, size), self._check_unsent)
            usable = not process.bloated
        except RefusedError as error:
            usable = error.status not in (500, 503)
            raise
        except TimeoutError:
            raise self._deadline_error() from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise self._crash_error(await process.stop()) from None
        finally:
            self._release(process, usable=usable)
        self._unsent_bytes += answer.length
        answer.on_close = self._count_sent
        return answer

    def _check_unsent(self, length: int) -> None:
        if self._unsent_bytes + length > _MAX_UNSENT_BYTES:
            raise RefusedError(503, tr("too many large answers are under way; try again later"), {"Retry-After": "5"})

    def _count_sent(self, length: int) -> None:
        self._unsent_bytes -= length

    def _deadline_error(self) -> RefusedError:
        return RefusedError(504, deadline_message(self._limits.deadline))

    def _crash_error(self, exit_status: int) -> RefusedError:
        if sys.platform != "win32" and exit_status == -signal.SIGXCPU:
            return self._deadline_error()
        return RefusedError(
            500,
            tr(
                "the query brought its process down: it needs more than {memory:.1f} GB of memory, or nests too deep",
                memory=self._limits.memory / 2**30,
            ),
        )

    async def _acquire(self) -> QueryProcess:
        """Return a process that is free, after a wait if need be; the caller must release it."""
        while self._idle:
            process = self._idle.pop()
            if process.alive:
                return process
            self._release(process, usable=False)
        retry_after = {"Retry-After": str(max(1, round(self._limits.deadline)))}
        if len(self._queue) >= self._limits.queue:
            raise RefusedError(503, tr("too many queries are waiting; try again later"), retry_after)
        future: asyncio.Future[QueryProcess] = asyncio.get_running_loop().create_future()
        self._queue.append(future)
        try:
            async with asyncio.timeout(self._limits.deadline + _START_SECONDS):
                return await future
        except (TimeoutError, asyncio.CancelledError) as error:
            with suppress(ValueError):
                self._queue.remove(future)
            # A process may have been assigned in the very moment in which the wait ended.
            if not future.cancelled() and future.done() and future.exception() is None:
                self._release(future.result(), usable=True)
            if isinstance(error, asyncio.CancelledError):
                raise
            raise RefusedError(503, tr("no process became free in time; try again later"), retry_after) from None

    def _release(self, process: QueryProcess, *, usable: bool) -> None:
        if not usable or not process.alive or process.tag != self.tag:
            process.kill()
            self._start_task(self._replace(process))
            return
        while self._queue:
            future = self._queue.popleft()
            if not future.done():
                future.set_result(process)
                return
        self._idle.append(process)

    async def _replace(self, process: QueryProcess) -> None:
        await process.stop()
        self._processes.discard(process)
        if self._surplus:
            self._surplus -= 1
        else:
            await self._start_repeatedly()

    async def _start_repeatedly(self) -> None:
        """Start a process, however many attempts it takes: the machine may be short of memory for a while."""
        pause = 0.5
        while not self._stopped:
            try:
                await self._start_one()
            except (UnreadableError, OSError):
                await asyncio.sleep(pause)
                pause = min(2 * pause, 30.0)
            else:
                return

    async def _move_to(self, version: StoreVersion) -> None:
        """Start a process that has a version open, then give queries to such processes alone."""
        process = await QueryProcess.start(version, self._limits.memory)
        if self._stopped:
            await process.stop()
            return
        self._surplus += bool(self._processes)
        self._version, self.size, self.graphs = version, process.size, process.graphs
        outdated, self._idle = self._idle, deque()
        for other in outdated:
            self._release(other, usable=False)
        self._add(process)

    async def _start_one(self) -> None:
        self._add(await QueryProcess.start(self.version, self._limits.memory))

    def _add(self, process: QueryProcess) -> None:
        self._processes.add(process)
        self._start_task(self._watch(process))
        self._release(process, usable=True)

    async def _watch(self, process: QueryProcess) -> None:
        """Replace a process that ends while it is idle; the end of a busy one is seen by who waits for its answer."""
        await process.wait()
        if process in self._idle:
            self._idle.remove(process)
            self._release(process, usable=False)

    def _start_task(self, coroutine: Coroutine[None, None, None]) -> None:
        if self._stopped:
            coroutine.close()
            return
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def query_request(
    operation: Operation, limits: Limits, rows: int | None = None, size: int | None = None
) -> QueryRequest:
    """Return what a process is sent for an operation: its text and graphs, the preferred formats, and the limits."""
    has_dataset = operation.default_graphs or operation.named_graphs
    return QueryRequest(
        text=operation.text,
        rows_as=preferred_type(operation.accept, ROW_TYPES),
        triples_as=preferred_type(operation.accept, TRIPLE_TYPES),
        default_graphs=list(operation.default_graphs) if has_dataset else None,
        named_graphs=list(operation.named_graphs) if has_dataset else None,
        base=operation.base,
        prefixes=dict(PREFIXES),
        rows=limits.rows if rows is None else min(rows, limits.rows),
        size=limits.answer_bytes if size is None else min(size, limits.answer_bytes),
        deadline=limits.deadline,
        compress=accepts_gzip(operation.encoding),
        spreadsheet=operation.spreadsheet,
        limits=asdict(limits.of_queries),
    )
