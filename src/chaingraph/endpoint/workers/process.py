"""Child processes as the server sees them: how one is started, talked to and killed, and the one that answers queries.

The child's side of the conversation is :mod:`chaingraph.endpoint.workers.messages`.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from chaingraph.endpoint.engine import Answer, Kind, RefusedError
from chaingraph.endpoint.workers.messages import CHUNK, LENGTH, message
from chaingraph.errors import UnreadableError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chaingraph.endpoint.workers.query_worker import QueryReply, QueryRequest
    from chaingraph.store.versions import StoreVersion

_START_SECONDS = 60.0
_MAX_PEAK_MEMORY = 2**29
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
"""On Windows, where there is no SIGKILL, any other signal ends a process at once."""
_ENDINGS: set[asyncio.Task[int]] = set()
"""The processes that were killed and have not ended yet."""
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "RUST_BACKTRACE": "0"}


def thread_limits(count: int) -> dict[str, str]:
    """Return the environment of a child that shall start few threads.

    Each reserves addresses, and on a machine of many processors they would exceed the limit.
    """
    return dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(count))


class WorkerProcess:
    """A child process that is sent messages, sends messages back, and is killed at the end.

    Reading raises ``asyncio.IncompleteReadError``, and writing ``ConnectionError``, where the process has ended.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self._ending: asyncio.Task[int] | None = None

    @classmethod
    async def start(
        cls, module: str, *arguments: object, environment: Mapping[str, str] | None = None
    ) -> WorkerProcess:
        """Start a module of this package in a process and a session of its own.

        Args:
            module: Its name in this package.
            *arguments: Its arguments; the number of this process is the last of them.
            environment: Environment variables of the child, in addition to those of this process.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            f"{__package__}.{module}",
            *map(str, arguments),
            str(os.getpid()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=2 * CHUNK,
            start_new_session=True,
            env=os.environ | _ENVIRONMENT | dict(environment or {}),
        )
        return cls(process)

    async def send(self, *contents: bytes) -> None:
        """Send messages."""
        self._stdin.writelines(map(message, contents))
        await self._stdin.drain()

    async def receive(self) -> dict[str, Any]:
        """Return the JSON object in the next message."""
        (length,) = LENGTH.unpack(await self.read(LENGTH.size))
        return cast("dict[str, Any]", json.loads(await self.read(length)))

    async def read(self, length: int) -> bytes:
        """Return the next bytes, exactly so many."""
        return await self._stdout.readexactly(length)

    @property
    def number(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process has not ended, as far as this process has been told."""
        return self._process.returncode is None

    def kill(self) -> None:
        """Kill the process without waiting for its end."""
        # Before Python 3.13 asyncio's own kill() asks for the exit status first; of a process that has just ended by
        # itself it would take it away from the loop, which then reports 255 and writes a line to the log.
        if self.alive:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(self.number, _KILL)

    async def wait(self) -> int:
        """Wait until the process ends by itself, and return its exit status: minus the signal that ended it."""
        return await self._process.wait()

    async def stop(self) -> int:
        """Kill the process, wait for its end, and return its exit status: minus the signal that ended it.

        Where the wait is cancelled, as by a client that leaves, the end goes on by itself; see :meth:`all_ended`.
        """
        if self._ending is None:
            self._ending = asyncio.get_running_loop().create_task(self._end())
            _ENDINGS.add(self._ending)
            self._ending.add_done_callback(_ENDINGS.discard)
        return await asyncio.shield(self._ending)

    @staticmethod
    async def all_ended() -> None:
        """Wait for the end of all processes of this event loop that were stopped."""
        loop = asyncio.get_running_loop()
        endings = [task for task in _ENDINGS if task.get_loop() is loop]
        if endings:
            await asyncio.wait(endings)

    async def _end(self) -> int:
        self.kill()
        self._stdin.close()
        status = await self._process.wait()
        with suppress(OSError):
            await self._stdin.wait_closed()
        # Bytes that nobody read would leave the pipe open.
        await self._stdout.read()
        return status


class QueryProcess:
    """A child process that has opened a version of a store and answers one query at a time.

    ``bloated`` is true after a query that needed so much memory that the process is better replaced.
    """

    def __init__(self, worker: WorkerProcess, version: StoreVersion) -> None:
        self._worker = worker
        self._version = version
        self.bloated = False
        self.size = 0
        self.graphs: frozenset[str] = frozenset()

    @classmethod
    async def start(cls, version: StoreVersion, memory: int) -> QueryProcess:
        """Return a process that can answer, with the ``size`` and the named ``graphs`` of a version of a store.

        Raises:
            UnreadableError: The version cannot be opened, or not within so many bytes of memory.
        """
        store = version.path
        worker = await WorkerProcess.start("query_worker", version.folder, memory)
        process = cls(worker, version)
        try:
            async with asyncio.timeout(_START_SECONDS):
                greeting = await worker.receive()
        except (asyncio.IncompleteReadError, TimeoutError) as error:
            await worker.stop()
            raise UnreadableError(
                store, tr("a process that opens it could not be started; give it more memory")
            ) from error
        except asyncio.CancelledError:
            await worker.stop()
            raise
        if "error" in greeting:
            await worker.stop()
            raise UnreadableError(
                store, tr("is no store that can be opened: {error}; build it again", error=greeting["error"])
            )
        process.size, process.graphs = greeting["size"], frozenset(greeting["graphs"])
        if not version.is_there():
            # A store of the first release, or one that was moved by hand: the process may have opened another.
            await worker.stop()
            raise UnreadableError(store, tr("has been replaced"))
        return process

    @property
    def tag(self) -> str:
        """What names the content of the version that the process has opened."""
        return self._version.tag

    async def answer(self, request: QueryRequest, reserve: Callable[[int], None]) -> Answer:
        """Return the answer to a query.

        Args:
            request: The query.
            reserve: Called with the length of the answer before it is read; refuses a length that is too great.

        Raises:
            RefusedError: The query is refused, or its answer is too long.
        """
        await self._worker.send(json.dumps(request).encode())
        reply = cast("QueryReply", await self._worker.receive())
        self.bloated = reply["peak_memory"] > _MAX_PEAK_MEMORY
        if reply["status"] != 200:
            raise RefusedError(reply["status"], reply["reason"])
        reserve(reply["length"])
        answer = Answer(
            media_type=reply["media_type"],
            kind=cast("Kind", reply["kind"]),
            count=reply["count"],
            truncated=reply["truncated"],
            tag=self.tag,
            encoding=reply["encoding"],
        )
        try:
            while answer.length < reply["length"]:
                answer.add(await self._worker.read(min(CHUNK, reply["length"] - answer.length)))
        finally:
            # A deadline, a client that disconnects, a process that dies: an incomplete answer is of no use.
            if answer.length < reply["length"]:
                answer.close()
        return answer

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._worker.alive

    def kill(self) -> None:
        """Kill the process without waiting for its end."""
        self._worker.kill()

    async def wait(self) -> int:
        """Wait until the process ends by itself, and return its exit status: minus the signal that ended it."""
        return await self._worker.wait()

    async def stop(self) -> int:
        """Kill the process, wait for its end, and return its exit status: minus the signal that ended it."""
        return await self._worker.stop()
