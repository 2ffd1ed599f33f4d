"""The child process: it limits itself, runs one function, and writes what that returns to its parent."""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from importlib import import_module

from chaingraph.errors import UnreadableError
from chaingraph.isolation.messages import DATA, END, ERROR, write_message
from chaingraph.isolation.sandbox import enter_sandbox, limit_processor_time


def main(function: str, memory: int, seconds: float, parent: int) -> None:
    """Run a function, given as ``package.module:name``, on the arguments that come in on standard input."""
    enter_sandbox(memory, parent)
    limit_processor_time(seconds)
    # What a library prints goes nowhere: standard output belongs to the answer.
    with os.fdopen(os.dup(1), "wb") as stream:
        os.dup2(2, 1)
        arguments = json.loads(sys.stdin.buffer.read())
        module, _, name = function.partition(":")
        try:
            getattr(import_module(module), name)(partial(write_message, stream, DATA), *arguments)
        except UnreadableError as error:
            write_message(stream, ERROR, error.reason.encode("utf-8", "backslashreplace"))
            return
        write_message(stream, END)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
