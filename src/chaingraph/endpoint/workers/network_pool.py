"""Where networks are drawn: the only place that starts a process for a drawing, bounds it, and keeps what it drew."""

from __future__ import annotations

import asyncio
import json
import math
import os
import signal
import sys
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from chaingraph.endpoint.workers.engine import Refused
from chaingraph.endpoint.workers.query_worker import HEAD

if TYPE_CHECKING:
    from pathlib import Path

    from chaingraph.endpoint.limits import Settings
    from chaingraph.endpoint.workers.network_worker import Drawing, Drawn

_LONGER = 20.0
"""Seconds beyond the deadline of a query: Python starts with its libraries in one, on a busy machine in ten."""
_LIBRARIES = 2 * 2**30
"""Bytes of addresses beyond those of a query: the libraries alone take 1 GB, of which a third is ever used."""
_THREADS = 2
_QUEUE = 16
_KEPT = 64 * 2**20
_PIECE = 2**16


@dataclass(frozen=True)
class Picture:
    """A drawing: what is to be said of the network, and the bytes of its page or document."""

    said: Drawn
    content: bytes


class Desk:
    """Draws networks of a store, each in a process of its own, a few at once, and keeps the last ones.

    Args:
        store: A built store.
        settings: The limits of queries; those of a drawing follow from them.
    """

    def __init__(self, store: Path, settings: Settings) -> None:
        self._store = store
        self._memory = settings.memory + _LIBRARIES
        self.deadline = settings.deadline + _LONGER
        self._free = asyncio.Semaphore(max(1, settings.workers // 2))
        self._waiting = 0
        self._kept: OrderedDict[str, Picture] = OrderedDict()
        self._bytes = 0

    def kept(self, key: str) -> Picture | None:
        """Return a drawing that was made before, or None."""
        picture = self._kept.get(key)
        if picture is not None:
            self._kept.move_to_end(key)
        return picture

    async def draw(self, key: str, drawing: Drawing, answer: bytes = b"") -> Picture:
        """Return a drawing, made now, and keep it under a key.

        Raises:
            Refused: There is no such network (400), it is too large (413, 500) or slow (504), or too many wait (503).
        """
        await self._turn()
        try:
            async with asyncio.timeout(self.deadline):
                picture = await self._drawn(drawing, answer)
        except TimeoutError:
            raise Refused(504, f"the drawing took longer than {self.deadline:g} seconds and was stopped") from None
        finally:
            self._free.release()
        if picture.said["status"] != 200:
            raise Refused(picture.said["status"], picture.said["reason"])
        self.keep(key, picture)
        return picture

    async def _turn(self) -> None:
        wait = {"Retry-After": str(max(1, round(self.deadline)))}
        if self._waiting >= _QUEUE:
            raise Refused(503, "too many drawings are waiting; try again later", wait)
        self._waiting += 1
        try:
            async with asyncio.timeout(self.deadline):
                await self._free.acquire()
        except TimeoutError:
            raise Refused(503, "no drawing could be begun in time; try again later", wait) from None
        finally:
            self._waiting -= 1

    def keep(self, key: str, picture: Picture) -> None:
        """Keep a drawing under a key, unless it is large, and let go of those that were not asked for the longest."""
        if len(picture.content) > _KEPT // 4:
            return
        before = self._kept.pop(key, None)
        self._bytes += len(picture.content) - (len(before.content) if before else 0)
        self._kept[key] = picture
        while self._bytes > _KEPT:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.content)

    async def _drawn(self, drawing: Drawing, answer: bytes) -> Picture:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "chaingraph.endpoint.workers.network_worker",
            str(self._store),
            str(self._memory),
            str(math.ceil(_THREADS * self.deadline)),
            str(os.getpid()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=2 * _PIECE,
            start_new_session=True,
            env=os.environ | _environment(),
        )
        assert process.stdin is not None
        assert process.stdout is not None
        frame = json.dumps(drawing).encode()
        try:
            process.stdin.write(HEAD.pack(len(frame)) + frame + HEAD.pack(len(answer)) + answer)
            await process.stdin.drain()
            (length,) = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
            said = cast("Drawn", json.loads(await process.stdout.readexactly(length)))
            content = await process.stdout.readexactly(said["length"])
        except (asyncio.IncompleteReadError, ConnectionError):
            raise self._broken(await process.wait()) from None
        finally:
            await _end(process)
        return Picture(said, content)

    def _broken(self, ended: int) -> Refused:
        if sys.platform != "win32" and ended in (-signal.SIGXCPU, -signal.SIGKILL):
            return Refused(504, f"the drawing took longer than {self.deadline:g} seconds and was stopped")
        reason = (
            f"the drawing brought its process down: it needs more than {self._memory / 2**30:.1f} GB of memory; "
            "choose a part of the network"
        )
        return Refused(500, reason)


def _environment() -> dict[str, str]:
    """Few threads: each reserves addresses, and on a machine of many processors they would outgrow the limit."""
    names = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return dict.fromkeys(names, str(_THREADS)) | {"MALLOC_ARENA_MAX": "2", "RUST_BACKTRACE": "0"}


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill a process, and take what is left in its pipes, which would keep them open."""
    with suppress(ProcessLookupError):
        process.kill()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    await process.wait()
    with suppress(OSError):
        await process.stdin.wait_closed()
    await process.stdout.read()
