"""Carries out the steps of one page in one process, in the folder it is started in, and writes what they printed.

``python prose_runner.py STEPS.json RESULTS.json``. Lines that are a plain ``chaingraph`` command run in this process,
which spares each the loading of the libraries; every other line runs in a shell.
"""

from __future__ import annotations

import io
import json
import shlex
import subprocess
import sys
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from chaingraph.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = [sys.executable, "-c", "from chaingraph.cli.main import main; main()"]
_OF_THE_SHELL = set("|&;<>()$`*?~")


@contextmanager
def captured() -> Iterator[io.TextIOWrapper]:
    """Both streams in one, in the order in which a terminal shows them."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(stream), redirect_stderr(stream):
        yield stream


def in_this_process(words: list[str]) -> tuple[int, str]:
    before, sys.argv = sys.argv, words
    with captured() as stream:
        try:
            main()
            status: Any = 0
        except SystemExit as end:
            status = end.code or 0
        finally:
            sys.argv = before
        stream.seek(0)
        return int(status), stream.read()


def in_shell(line: str) -> tuple[int, str]:
    done = subprocess.run(
        ["bash", "-e", "-c", line],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def shell_block(text: str) -> tuple[int, str]:
    printed = ""
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        bare = shlex.split(line) if not _OF_THE_SHELL & set(_unquoted(line)) else [""]
        status, output = in_this_process(bare) if bare[0] == "chaingraph" else in_shell(line)
        printed += output
        if status:
            return status, printed
    return 0, printed


def _unquoted(line: str) -> str:
    """A line without what stands in quotes, in which no sign means anything to the shell but $ and the backtick."""
    kept, quote = [], ""
    for sign in line:
        if quote:
            quote = "" if sign == quote else quote
            kept.append(sign if sign in "$`" and quote == '"' else "")
        elif sign in "'\"":
            quote = sign
        else:
            kept.append(sign)
    return "".join(kept)


def python_block(text: str, names: dict[str, Any]) -> tuple[int, str]:
    with captured() as stream:
        exec(compile(text, "a block of the page", "exec"), names)
        stream.seek(0)
        return 0, stream.read()


@contextmanager
def running(text: str) -> Iterator[str]:
    """A command that does not end: started, waited for until it prints a line, and ended at the end of the page."""
    process = subprocess.Popen(
        [*COMMAND, *shlex.split(text)[1:]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline()
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


def fill(book: Path, sheets: dict[str, str]) -> None:
    workbook = xlsxwriter.Workbook(str(book))
    for name, table in sheets.items():
        sheet = workbook.add_worksheet(name)
        for row, line in enumerate(table.split("\n")):
            for column, cell in enumerate(line.strip("|").split("|")):
                sheet.write_string(row, column, cell.strip())
    workbook.close()


def carried_out(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    books: dict[str, dict[str, str]] = {}
    names: dict[str, Any] = {"__name__": "__main__"}
    with ExitStack() as stack:
        for step in steps:
            status, output = 0, ""
            if step["kind"] == "file":
                path = Path(step["name"])
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(step["text"], encoding="utf-8")
            elif step["kind"] == "sheet":
                books.setdefault(step["name"], {})[step["sheet"]] = step["text"]
                fill(Path(step["name"]), books[step["name"]])
            elif step["mark"] == "keeps running":
                output = stack.enter_context(running(step["text"]))
                status = 0 if output else 1
            elif step["kind"] == "python":
                status, output = python_block(step["text"], names)
            else:
                status, output = shell_block(step["text"])
            yield {"status": status, "output": output}
            if status and step["mark"] != "status":
                return


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(json.dumps(list(carried_out(asked)), ensure_ascii=False), encoding="utf-8")
