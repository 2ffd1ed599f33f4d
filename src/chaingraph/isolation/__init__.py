"""Running what may die in a process of its own, within limits: a native parser on a file from outside.

A panic, an abort, an overflow of the stack, a flood of memory or an endless loop ends the child process; the caller
gets one clear error. A child is started anew for each call, without fork, and costs a few hundredths of a second.
On Windows there are no limits of memory and processor time, only the one of wall time.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Timer
from typing import TYPE_CHECKING, Any

from chaingraph.errors import UnreadableError, UsageError
from chaingraph.isolation.messages import END, ERROR, HEAD
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

_WALL = 10
"""How many times the seconds of processor time are allowed on the clock: the machine may be busy."""
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "RUST_BACKTRACE": "0"}
_MEMORY, _SECONDS = "CHAINGRAPH_READ_MEMORY", "CHAINGRAPH_READ_SECONDS"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child process may use.

    Args:
        memory: Bytes of address space.
        seconds: Seconds of processor time.
        output: Bytes that it may return.
    """

    memory: int = 2 * 2**30
    seconds: float = 20.0
    output: int = 2**28


def limits_for(size: int, *, memory_per_byte: int = 0) -> Limits:
    """Return the limits for reading an input of so many bytes.

    The memory is 2 GB, or CHAINGRAPH_READ_MEMORY GB of the environment. The processor time is 20 seconds, or
    CHAINGRAPH_READ_SECONDS, and 2 more for each MB; the output 256 MB, and 100 times the input.

    Args:
        size: The bytes of the input.
        memory_per_byte: Memory beside that, for what is read whole and not piece by piece.

    >>> limits_for(10 * 2**20).seconds
    40.0

    Raises:
        UsageError: A variable of the environment holds no number above 0.
    """
    megabytes = size / 2**20
    return Limits(
        memory=round(_setting(_MEMORY, 2.0) * 2**30) + memory_per_byte * size,
        seconds=_setting(_SECONDS, 20.0) + 2 * megabytes,
        output=2**28 + 100 * size,
    )


def _setting(name: str, default: float) -> float:
    text = os.environ.get(name, "")
    try:
        value = float(text) if text else default
    except ValueError:
        value = 0.0
    if not 0 < value < 2**20:
        message = tr("{name} of the environment is '{text}', expected a number above 0", name=name, text=text)
        raise UsageError(message)
    return value


def output(source: object, function: str, *arguments: Any, limits: Limits) -> bytes:  # noqa: ANN401 - as JSON has it
    """Return all that a function writes in a child process; see :func:`chunks`."""
    return b"".join(chunks(source, function, *arguments, limits=limits))


def chunks(source: object, function: str, *arguments: Any, limits: Limits) -> Iterator[bytes]:  # noqa: ANN401 - as above
    """Run a function in a child process, and yield the bytes that it writes, as they come.

    Args:
        source: What is read, as messages name it.
        function: ``package.module:name`` of a function whose first argument takes bytes, and whose others are
            ``arguments``. What it raises as UnreadableError is raised here, for ``source``.
        *arguments: Values that JSON can hold.
        limits: What the child may use.

    Raises:
        UnreadableError: The function refuses, or the child has died or used more than its limits.
    """
    process = _start(source, function, limits)
    overdue = Event()

    def end() -> None:
        overdue.set()
        process.kill()

    timer = Timer(_WALL * limits.seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield from _received(source, process, arguments, limits)
    except _DeathError:
        raise UnreadableError(source, _cause(process.wait(), limits, overdue=overdue.is_set())) from None
    finally:
        timer.cancel()
        process.kill()
        assert process.stdout is not None
        process.stdout.close()
        process.wait()


class _DeathError(Exception):
    """The child has ended before it was done."""


def _start(source: object, function: str, limits: Limits) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    command = [sys.executable, "-P", "-m", "chaingraph.isolation.child", function]
    try:
        return subprocess.Popen(
            [*command, str(limits.memory), str(limits.seconds), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ENVIRONMENT | {"PYTHONPATH": path},
        )
    except OSError as error:
        reason = tr(
            "no process could be started to read it: {strerror}; free some memory", strerror=error.strerror or error
        )
        raise UnreadableError(source, reason) from error


def _received(
    source: object, process: subprocess.Popen[bytes], arguments: tuple[Any, ...], limits: Limits
) -> Iterator[bytes]:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with process.stdin as stdin:
            stdin.write(json.dumps(arguments).encode())
    except OSError:
        raise _DeathError from None
    size = 0
    while True:
        head = process.stdout.read(HEAD.size)
        if len(head) < HEAD.size:
            raise _DeathError
        kind, length = HEAD.unpack(head)
        content = process.stdout.read(length)
        if len(content) < length:
            raise _DeathError
        if kind == END:
            return
        if kind == ERROR:
            raise UnreadableError(source, content.decode())
        size += length
        if size > limits.output:
            reason = tr("grows to more than {output:,} bytes when it is read; read it in parts", output=limits.output)
            raise UnreadableError(source, reason)
        yield content


def _cause(status: int, limits: Limits, *, overdue: bool) -> str:
    """Return why a child has ended: ``status`` is its exit status, minus the signal that ended it."""
    if overdue or (sys.platform != "win32" and status == -signal.SIGXCPU):
        return tr(
            "takes more than {seconds:.0f} seconds to read, which no ordinary file of its size does; "
            "write it again, or set {variable}",
            seconds=limits.seconds,
            variable=_SECONDS,
        )
    return tr(
        "brings its reader down: it nests too deep, or needs more than {memory:g} GB of memory; "
        "write it again, or set {variable} (GB)",
        memory=limits.memory / 2**30,
        variable=_MEMORY,
    )
