"""What a page of the documentation asks a reader to do, step by step: code, files to write, sheets to fill.

``python -m tests.prose`` writes what the steps print now into the pages, where they show it; read the difference.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_FENCE = re.compile(r"(?P<edge> *)```(?P<language>\S*)(?: title=\"(?P<title>[^\"]+)\")?$")
_SHEET = re.compile(
    r".*`(?P<book>[\w-]+\.xlsx)`.*`(?P<sheet>[^`.]+)`.*[:：]$|.*`(?P<sheet2>[^`.]+)`.*`(?P<book2>[\w-]+\.xlsx)`.*[:：]$"
)
_MARK = re.compile(r"<!-- (?P<word>status|keeps running|not run)(?:[: ] ?(?P<text>.*?))? -->$")


@dataclass
class Step:
    """One thing to do.

    ``kind`` is sh, python, file or sheet; ``name`` the file, or the workbook; ``expected`` what the page shows as its
    output; ``mark`` and ``reason`` what a comment above it says of how it is run.
    """

    kind: str
    text: str
    line: int
    name: str = ""
    sheet: str = ""
    expected: str | None = None
    mark: str = ""
    reason: str = ""


def pages() -> list[Path]:
    """Return every page that a reader reads: those of the root and of the site."""
    root = [ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "SECURITY.md")]
    return [*root, *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def steps(page: Path) -> list[Step]:
    """Return the steps of a page in its order; a fence named ``text`` right after one is what it prints."""
    found: list[Step] = []
    lines = page.read_text(encoding="utf-8").split("\n")
    at, mark, follows = 0, None, False
    while at < len(lines):
        line = lines[at]
        fence, sheet = _FENCE.match(line), _SHEET.match(line)
        if fence:
            end = at + 1
            while lines[end].strip() != "```":
                end += 1
            text = "\n".join(each[len(fence["edge"]) :] for each in lines[at + 1 : end]) + "\n"
            if fence["title"]:
                found.append(Step("file", text, at + 1, name=fence["title"]))
            elif fence["language"] in ("sh", "python"):
                word, reason = (mark["word"], mark["text"] or "") if mark else ("", "")
                found.append(Step(fence["language"], text, at + 1, mark=word, reason=reason))
            elif fence["language"] == "text" and follows:
                found[-1].expected = text
            follows, mark, at = fence["language"] in ("sh", "python"), None, end
        elif sheet and at + 2 < len(lines) and lines[at + 2].startswith("|"):
            end = at + 2
            while lines[end].startswith("|"):
                end += 1
            text = "\n".join(each for each in lines[at + 2 : end] if not each.startswith("|---"))
            name, tab = sheet["book"] or sheet["book2"], sheet["sheet"] or sheet["sheet2"]
            found.append(Step("sheet", text, at + 1, name=name, sheet=tab))
            follows, mark, at = False, None, end - 1
        elif line.strip():
            mark, follows = _MARK.match(line.strip()), False
        at += 1
    return found


def prose(page: Path) -> str:
    """Return a page without its code, its tables and its comments."""
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    return re.sub(r"`[^`]*`|^\|.*$", "", text, flags=re.MULTILINE)


def trimmed(text: str) -> list[str]:
    """Return lines without the blanks at their ends, which no reader sees."""
    return [line.rstrip() for line in text.rstrip().split("\n")]


def carried_out(told: list[Step], place: Path) -> list[tuple[Step, int, str]]:
    """Carry out steps in a folder, beside the data sets; return each with its status and what it printed."""
    (place / "graph").symlink_to(ROOT / "graph")
    command = place / "bin" / "chaingraph"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nfrom chaingraph.cli.main import main\nmain()\n", encoding="utf-8")
    command.chmod(0o755)
    asked = [step for step in told if not step.mark.startswith("not ")]
    (place / "steps.json").write_text(json.dumps([vars(step) for step in asked]), encoding="utf-8")
    search = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    # -P: the folders of the tests have names that libraries have as well.
    done = subprocess.run(
        [sys.executable, "-P", "-W", "error", str(ROOT / "tests" / "prose_runner.py"), "steps.json", "results.json"],
        cwd=place,
        env={**os.environ, "PYTHONPATH": search, "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads((place / "results.json").read_text(encoding="utf-8"))
    return [(step, each["status"], each["output"]) for step, each in zip(asked, results, strict=False)]


def write_outputs(page: Path) -> None:
    """Put what the steps of a page print now where the page shows it, and into its Chinese twin."""
    with tempfile.TemporaryDirectory() as folder:
        done = carried_out(steps(page), Path(folder))
    for path in (page, page.with_suffix(".zh.md")):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            for step, _, output in done:
                if step.expected is not None:
                    printed = "\n".join(trimmed(output))
                    text = text.replace(f"```text\n{step.expected}```", f"```text\n{printed}\n```")
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for page in pages():
        if not page.name.endswith(".zh.md") and any(step.expected is not None for step in steps(page)):
            write_outputs(page)
