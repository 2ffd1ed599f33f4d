"""Does what a page of the documentation asks of its reader: runs its blocks, writes its files, fills its workbooks.

Sybil finds the blocks; a block named ``text`` right after one is what it prints. A comment above says how it is run:
``<!-- status: 1 -->``, ``<!-- keeps running -->``, ``<!-- skip: next "reason" -->``.

``python -m tests.prose`` writes what the blocks print now into the pages that show it; read the difference.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import SkipTest

import pytest
import xlsxwriter
from sybil import Document, Example, Region
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser, SkipParser

from tests.cli import shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sybil.typing import Parser

ROOT = Path(__file__).resolve().parents[1]
_FILE = re.compile(r"^`([\w./-]+)`[:：]\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SHEET = re.compile(r"^`([\w-]+\.xlsx)`[^`\n]*`([^`\n]+)`[^`\n]*[:：]\n\n((?:\|.*\n)+)", re.MULTILINE)
_COMMENT = re.compile(r"<!-- (?:status: (\d)|(keeps running)) -->\s*\Z")


def pages() -> list[Path]:
    """Return every page that a reader reads: those of the root and of the site."""
    root = [ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "SECURITY.md")]
    return [*root, *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def lines_of(text: str) -> list[str]:
    """Return lines without the blanks at their ends, which no reader sees."""
    return [line.rstrip() for line in text.rstrip().split("\n")]


class Reader:
    """A reader of one page, who works in a folder of their own beside the data sets.

    ``printed`` is what each block printed, ``skipped`` why a block was not run, ``differences`` where a page shows
    another output than its block printed: the place in the page, and the output.
    """

    def __init__(self, page: Path) -> None:
        self.printed: list[str] = []
        self.skipped: list[str] = []
        self.differences: list[tuple[int, int, str]] = []
        self._end_of_block = -1
        self._sheets: dict[str, dict[str, str]] = {}
        self._processes = ExitStack()
        self.document = Document.parse(str(page), *self._parsers())

    def _parsers(self) -> list[Parser]:
        def files(document: Document) -> Iterator[Region]:
            for match in _FILE.finditer(document.text):
                yield Region(match.start(), match.end(), match.groups(), self.file)

        def sheets(document: Document) -> Iterator[Region]:
            for match in _SHEET.finditer(document.text):
                yield Region(match.start(), match.end(), match.groups(), self.sheet)

        blocks = {"sh": self.sh, "python": self.python, "text": self.text}
        return [SkipParser(), files, sheets, *(CodeBlockParser(*each) for each in blocks.items())]

    def steps(self) -> list[tuple[str, object]]:
        """Return what there is to do: the kind of each step, and its text."""
        named = [(getattr(region.evaluator, "__name__", "skip"), region.parsed) for _, region in self.document.regions]
        return [(kind, str(parsed) if isinstance(parsed, str) else parsed) for kind, parsed in named]

    def runs(self) -> bool:
        """Tell whether the page has a block of code."""
        return any(kind in ("sh", "python") for kind, _ in self.steps())

    def follow(self, folder: Path, *kinds: str) -> None:
        """Do the steps of these kinds, or all, in a folder; the program speaks the language of the page."""
        (folder / "graph").symlink_to(ROOT / "graph")
        command = folder / "bin" / "chaingraph"
        command.parent.mkdir()
        command.write_text(f"#!{sys.executable}\nfrom chaingraph.cli.main import main\nmain()\n", encoding="utf-8")
        command.chmod(0o755)
        with pytest.MonkeyPatch.context() as patch, self._processes:
            patch.chdir(folder)
            patch.setenv("PATH", str(command.parent), prepend=os.pathsep)
            patch.setenv("CHAINGRAPH_LANG", "zh" if self.document.path.endswith(".zh.md") else "en")
            patch.setenv("PYTHONPATH", str(ROOT / "src"), prepend=os.pathsep)
            for example, (kind, _) in zip(self.document, self.steps(), strict=True):
                try:
                    if not kinds or kind in kinds:
                        example.evaluate()
                except SkipTest as reason:
                    self.skipped.append(str(reason))

    def sh(self, example: Example) -> None:
        comment = _COMMENT.search(example.document.text, 0, example.start)
        if comment and comment[2]:
            status, output = 0, self._processes.enter_context(_running(example.parsed))
        else:
            status, output = _shell_block(example.parsed)
        assert status == int((comment and comment[1]) or 0), f"{example.path}:{example.line}: status {status}\n{output}"
        self._done(example, output)

    def python(self, example: Example) -> None:
        stream = io.StringIO()
        with redirect_stdout(stream), redirect_stderr(stream):
            PythonEvaluator()(example)
        self._done(example, stream.getvalue())

    def text(self, example: Example) -> None:
        """Compare a block with what the one before printed; one that stands by itself is a figure."""
        follows_block = not example.document.text[max(self._end_of_block, 0) : example.start].strip()
        if follows_block and lines_of(self.printed[-1]) != lines_of(example.parsed):
            text = "\n".join(lines_of(self.printed[-1]))
            self.differences.append((example.start, example.end, f"```text\n{text}\n```"))

    def file(self, example: Example) -> None:
        path = Path(example.parsed[0])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example.parsed[1], encoding="utf-8")

    def sheet(self, example: Example) -> None:
        """Write the workbook anew, with this sheet and those that the page filled before."""
        book, name, table = example.parsed
        self._sheets.setdefault(book, {})[name] = table
        workbook = xlsxwriter.Workbook(book)
        for name, text in self._sheets[book].items():
            sheet = workbook.add_worksheet(name)
            rows = [line for line in text.splitlines() if not line.startswith("|---")]
            for row, line in enumerate(rows):
                for column, cell in enumerate(line.strip("|").split("|")):
                    sheet.write_string(row, column, cell.strip())
        workbook.close()

    def _done(self, example: Example, output: str) -> None:
        self.printed.append(output)
        self._end_of_block = example.end


def _shell_block(text: str) -> tuple[int, str]:
    """Run a block line by line up to the first that fails; return the status of that and everything printed."""
    printed = ""
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip() and not line.startswith("#"):
            status, output = _shell_line(line)
            printed += output
            if status:
                return status, printed
    return 0, printed


def _shell_line(line: str) -> tuple[int, str]:
    """Run a plain ``chaingraph`` command here, which spares the loading of the libraries, and all else in a shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    words = list(lexer)
    if words[0] == "chaingraph" and not any(word and set(word) <= set(lexer.punctuation_chars) for word in words):
        done = shell.run(*words[1:], one_stream=True)
    else:
        command = ["bash", "-e", "-c", line]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=False
        )
    return done.returncode, done.stdout


@contextmanager
def _running(text: str) -> Iterator[str]:
    """A command that does not end: wait until it prints a line, and end it at the end of the page."""
    command = [*shell.COMMAND, *shlex.split(text)[1:]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, f"{text} ended"
            yield line
        finally:
            process.terminate()


def write_outputs(page: Path) -> None:
    """Put what the blocks of a page print now where the page shows it."""
    reader = Reader(page)
    with tempfile.TemporaryDirectory() as folder:
        reader.follow(Path(folder))
    text = reader.document.text
    for start, end, output in reversed(reader.differences):
        text = text[:start] + output + text[end:]
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for each in pages():
        if "```text" in each.read_text(encoding="utf-8"):
            write_outputs(each)
