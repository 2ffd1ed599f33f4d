"""The processes that draw networks, one for each: how many at once, how long, and the cache of what they drew."""

from __future__ import annotations

import asyncio
import json
import math
import signal
import sys
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from chaingraph.endpoint.engine import RefusedError
from chaingraph.endpoint.workers.process import WorkerProcess, thread_limits
from chaingraph.messages import tr

if TYPE_CHECKING:
    from chaingraph.endpoint.limits import Limits
    from chaingraph.endpoint.workers.network_worker import NetworkReply, NetworkRequest
    from chaingraph.store.versions import StoreVersion

_START_SECONDS = 20.0
"""Seconds beyond the deadline of a query: Python starts with its libraries in one, on a busy machine in ten."""
_LIBRARY_BYTES = 2 * 2**30
"""Bytes of addresses beyond those of a query: the libraries alone take 1 GB, of which a third is ever used."""
_THREADS = 2
_MAX_QUEUE = 16
_CACHE_BYTES = 64 * 2**20


@dataclass(frozen=True)
class RenderedNetwork:
    """A network as a page or a file: what the worker says of it, and the bytes."""

    reply: NetworkReply
    content: bytes


class NetworkPool:
    """Renders networks of a store, each in a process of its own, a few at once, and caches the most recent ones.

    A process may use ``memory`` bytes of addresses, ``deadline`` seconds and ``processor_seconds`` of all processors.

    Args:
        limits: The limits of queries; those of a network follow from them.
    """

    def __init__(self, limits: Limits) -> None:
        self.memory = limits.memory + _LIBRARY_BYTES
        self.deadline = limits.deadline + _START_SECONDS
        self.processor_seconds = math.ceil(_THREADS * self.deadline)
        self._slots = asyncio.Semaphore(max(1, limits.workers // 2))
        self._queue_length = 0
        self._cache: OrderedDict[str, RenderedNetwork] = OrderedDict()
        self._cache_bytes = 0

    def cached(self, key: str) -> RenderedNetwork | None:
        """Return the network that is cached under a key, or None."""
        network = self._cache.get(key)
        if network is not None:
            self._cache.move_to_end(key)
        return network

    async def render(
        self, key: str, version: StoreVersion, request: NetworkRequest, answer: bytes = b""
    ) -> RenderedNetwork:
        """Return a network, rendered now, and cache it under a key.

        Args:
            key: Names the network in this version of the store.
            version: The version.
            request: Which network, and how it is to look.
            answer: The answer to a query, where the network is made of one.

        Raises:
            RefusedError: There is no such network (400), it is too large (413, 500) or slow (504), or too many
                requests wait (503).
        """
        await self._acquire_slot()
        try:
            async with asyncio.timeout(self.deadline):
                network = await self._run_worker(version, request, answer)
        except TimeoutError:
            raise self._deadline_error() from None
        finally:
            self._slots.release()
        if network.reply["status"] != 200:
            raise RefusedError(network.reply["status"], network.reply["reason"])
        self.cache(key, network)
        return network

    async def _acquire_slot(self) -> None:
        retry_after = {"Retry-After": str(max(1, round(self.deadline)))}
        if self._queue_length >= _MAX_QUEUE:
            raise RefusedError(503, tr("too many drawings are waiting; try again later"), retry_after)
        self._queue_length += 1
        try:
            async with asyncio.timeout(self.deadline):
                await self._slots.acquire()
        except TimeoutError:
            raise RefusedError(503, tr("no drawing could be begun in time; try again later"), retry_after) from None
        finally:
            self._queue_length -= 1

    def cache(self, key: str, network: RenderedNetwork) -> None:
        """Cache a network under a key, unless it is large, and drop those that were requested least recently."""
        if len(network.content) > _CACHE_BYTES // 4:
            return
        previous = self._cache.pop(key, None)
        self._cache_bytes += len(network.content) - (len(previous.content) if previous else 0)
        self._cache[key] = network
        while self._cache_bytes > _CACHE_BYTES:
            _, oldest = self._cache.popitem(last=False)
            self._cache_bytes -= len(oldest.content)

    async def _run_worker(self, version: StoreVersion, request: NetworkRequest, answer: bytes) -> RenderedNetwork:
        worker = await WorkerProcess.start(
            "network_worker",
            version.folder,
            self.memory,
            self.processor_seconds,
            environment=thread_limits(_THREADS),
        )
        try:
            await worker.send(json.dumps(request).encode(), answer)
            reply = cast("NetworkReply", await worker.receive())
            content = await worker.read(reply["length"])
        except (asyncio.IncompleteReadError, ConnectionError):
            raise self._crash_error(await worker.wait()) from None
        finally:
            await worker.stop()
        return RenderedNetwork(reply, content)

    def _deadline_error(self) -> RefusedError:
        return RefusedError(
            504, tr("the drawing took longer than {deadline:g} seconds and was stopped", deadline=self.deadline)
        )

    def _crash_error(self, exit_status: int) -> RefusedError:
        if sys.platform != "win32" and exit_status in (-signal.SIGXCPU, -signal.SIGKILL):
            return self._deadline_error()
        reason = tr(
            "the drawing brought its process down: it needs more than {memory:.1f} GB of memory; "
            "choose a part of the network",
            memory=self.memory / 2**30,
        )
        return RefusedError(500, reason)
