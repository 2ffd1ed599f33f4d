"""One child process of the pool: started on a store, asked one query at a time, killed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from chaingraph.endpoint.workers.engine import Answer, Kind, Refused
from chaingraph.endpoint.workers.query_worker import HEAD, Reply, Request
from chaingraph.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_START = 60.0
_WORN = 2**29
_PIECE = 2**16


def content_tag(store: Path) -> str:
    """Return what names the content of a built store: it changes with every build, and is cheap to compute.

    A store's manifest lists its files with their sizes and sums, and its identity is drawn when it is made; so the
    small files stand for the large.
    """
    digest = hashlib.blake2b(digest_size=12)
    for path in sorted(store.iterdir()):
        if path.name in {"CURRENT", "IDENTITY"} or path.name.startswith("MANIFEST"):
            digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
        elif path.suffix in {".sst", ".log"}:
            digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
    return digest.hexdigest()


class Child:
    """One child process, ready for a query or busy with one."""

    def __init__(self, process: asyncio.subprocess.Process, tag: str) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self.tag = tag
        self.worn = False

    @classmethod
    async def started(cls, store: Path, memory: int) -> tuple[Child, dict[str, Any]]:
        """Return a child that can answer, and what it says of the store: its ``size`` and its named ``graphs``.

        Raises:
            UnreadableError: The store cannot be opened, or not within so many bytes of memory.
        """
        tag = content_tag(store)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "chaingraph.endpoint.workers.query_worker",
            str(store),
            str(memory),
            str(os.getpid()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=2 * _PIECE,
            start_new_session=True,
            env=os.environ | {"MALLOC_ARENA_MAX": "2", "RUST_BACKTRACE": "0"},
        )
        child = cls(process, tag)
        try:
            async with asyncio.timeout(_START):
                hello = await child._frame()
        except (asyncio.IncompleteReadError, TimeoutError) as error:
            await child.kill()
            raise UnreadableError(store, "a process that opens it could not be started; give it more memory") from error
        except asyncio.CancelledError:
            await child.kill()
            raise
        if "error" in hello:
            await child.kill()
            raise UnreadableError(store, f"is no store that can be opened: {hello['error']}; build it again")
        return child, hello

    async def _frame(self) -> dict[str, Any]:
        (length,) = HEAD.unpack(await self._stdout.readexactly(HEAD.size))
        return cast("dict[str, Any]", json.loads(await self._stdout.readexactly(length)))

    async def answer(self, request: Request, room: Callable[[int], None]) -> Answer:
        """Return the answer; ``room`` refuses a length. After anything but an answer or its refusal, kill the child."""
        frame = json.dumps(request).encode()
        self._stdin.write(HEAD.pack(len(frame)) + frame)
        await self._stdin.drain()
        reply = cast("Reply", await self._frame())
        self.worn = reply["peak"] > _WORN
        if reply["status"] != 200:
            raise Refused(reply["status"], reply["reason"])
        room(reply["length"])
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
                answer.add(await self._stdout.readexactly(min(_PIECE, reply["length"] - answer.length)))
        finally:
            # A deadline, a client that left, a child that died: what was kept of the answer so far goes.
            if answer.length < reply["length"]:
                answer.close()
        return answer

    def end(self) -> None:
        """Kill the process without waiting."""
        with suppress(ProcessLookupError):
            self._process.kill()

    def alive(self) -> bool:
        """Tell whether the process has not ended, as far as is known."""
        return self._process.returncode is None

    async def kill(self) -> int:
        """Kill the process, wait until it is gone, and return how it ended: minus the signal, as a shell does not."""
        self.end()
        self._stdin.close()
        ended = await self._process.wait()
        with suppress(OSError):
            await self._stdin.wait_closed()
        # What is left in the pipe keeps it open.
        await self._stdout.read()
        return ended
