"""What the tests run in a child process: functions that answer, refuse, and bring their process down."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[[bytes], object]


def repeat(write: Write, text: str, count: int) -> None:
    for _ in range(count):
        write(text.encode())


def refuse(write: Write, reason: str) -> None:
    write(b"begun")
    raise UnreadableError(Path("nothing"), reason)


def die(write: Write, signal: int) -> None:
    write(b"begun")
    os.kill(os.getpid(), signal)
    time.sleep(60)


def end_early(write: Write) -> None:
    write(b"begun")
    os._exit(0)


def overflow_the_stack(_: Write) -> None:
    callback = ctypes.CFUNCTYPE(None)

    def again() -> None:
        callback(again)()

    sys.setrecursionlimit(2**30)
    again()


def take_memory(write: Write, size: int) -> None:
    write(bytes(size)[:1])


def use_the_processor(_: Write) -> None:
    while True:
        pass


def sleep(_: Write) -> None:
    time.sleep(600)


def fail(_: Write) -> None:
    message = "a fault of the reader"
    raise KeyError(message)


def touch(write: Write, path: str, address: str) -> None:
    """Write a file, and connect to an address; say what came of each."""
    import socket

    for attempt in (lambda: Path(path).write_text("x"), lambda: socket.create_connection((address, 9))):
        try:
            attempt()
        except OSError as error:
            write(f"{error.strerror}\n".encode())


def print_words(write: Write) -> None:
    print("a library prints", flush=True)  # noqa: T201
    os.write(1, b"and again")
    write(b"answer")
