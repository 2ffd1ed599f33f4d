"""Work that a person can interrupt: with Ctrl-C, or by a deadline, even while a library computes and hears nothing."""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, NoReturn, TypeVar

from chaingraph.cli.output import say
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")
_STACK_BYTES = 16 * 2**20
"""What the limits on a query are measured for, and more than a thread has on some systems."""


def interruptible(work: Callable[[], Result], *, seconds: float | None = None, message: str = "") -> Result:
    """Return the result of a work that is done in a thread of its own, so that this one can hear a signal.

    The thread cannot be stopped. So an interruption ends the process at once: what the work has open is left as it is.

    Args:
        work: The work; it must not need this thread, and hold nothing that must be closed.
        seconds: The deadline; none if not given.
        message: What is said at the deadline; the exit status is 2 then.
    """
    before = threading.stack_size(_STACK_BYTES)
    try:
        future = ThreadPoolExecutor(1).submit(work)
        wait([future], seconds)
    except KeyboardInterrupt:
        _end(tr("stopped; nothing was written"), 128 + signal.SIGINT)
    except SystemExit as error:
        _end("", error.code if isinstance(error.code, int) else 1)
    finally:
        threading.stack_size(before)
    if not future.done():
        _end(f"chaingraph: {message}", 2)
    return future.result()


def _end(words: str, status: int) -> NoReturn:
    """Say words and end the process without waiting for its threads."""
    if words:
        say(words)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
