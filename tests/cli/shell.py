"""The command as a person runs it: within this process, which spares loading the libraries, or in one of its own."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from contextlib import chdir, nullcontext, redirect_stderr, redirect_stdout
from functools import cache
from typing import TYPE_CHECKING
from unittest.mock import patch

import typer

from chaingraph.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

_COMMANDS = cache(typer.main.get_command)
"""The tree of commands, made once: to make it takes longer than many a command."""
COMMAND = [sys.executable, "-c", "from chaingraph.cli.main import main; main()"]


def run(*arguments: str | Path, cwd: Path | None = None, one_stream: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the command within this process, with what it prints, its words and its exit status as a shell has them.

    With ``one_stream`` the words are among what it prints, in the order in which a terminal shows them.
    """
    words = [str(argument) for argument in arguments]
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    if one_stream:
        streams[1] = streams[0]
    before, handler = sys.argv, signal.getsignal(signal.SIGTERM)
    sys.argv = ["chaingraph", *words]
    try:
        with (
            patch.object(typer.main, "get_command", _COMMANDS),
            redirect_stdout(streams[0]),
            redirect_stderr(streams[1]),
            nullcontext() if cwd is None else chdir(cwd),
        ):
            main()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.argv = before
        signal.signal(signal.SIGTERM, handler)
    stdout, stderr = (stream.buffer.getvalue().decode() for stream in streams)
    return subprocess.CompletedProcess(words, status, stdout, "" if one_stream else stderr)


def run_process(
    *arguments: str | Path, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, with pipes for streams and more in the environment."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, **environment},
        check=False,
    )
