"""A console in GBK, as Chinese Windows has it: nothing breaks, what it lacks is a question mark, files are UTF-8."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.shell import COMMAND

if TYPE_CHECKING:
    from pathlib import Path

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")

NAMES = ["甲公司😀", "𠮷野家研究院", "✓…—é大学", "乙公司"]
SHOWN = ["甲公司?", "?野家研究院", "?…—é大学", "乙公司"]
"""The same as GBK can show them."""
QUERY = "SELECT ?name { ?o a cg:Organization ; rdfs:label ?name } ORDER BY ?o"


@pytest.fixture(scope="module")
def gbk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a Chinese locale in GBK, or of streams in GBK where the locale cannot be made."""
    folder = tmp_path_factory.mktemp("locale")
    try:
        done = subprocess.run(
            ["localedef", "-i", "zh_CN", "-f", "GBK", folder / "zh_CN.GBK"], capture_output=True, check=False
        )
        made = done.returncode == 0
    except FileNotFoundError:
        made = False
    names = {"LOCPATH": str(folder), "LC_ALL": "zh_CN.GBK"} if made else {"PYTHONIOENCODING": "gbk"}
    return {**os.environ, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "CHAINGRAPH_LANG": "zh", **names}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with tables whose lines end as those of Windows do."""
    (tmp_path / "data").mkdir()
    rows = ["id,name", *(f"o{number},{name}" for number, name in enumerate(NAMES))]
    (tmp_path / "data" / "organizations.csv").write_bytes("\r\n".join([*rows, ""]).encode())
    (tmp_path / "data" / "consortia.csv").write_bytes("name\r\n联合体\r\n".encode())
    members = ["consortium,organization,role", *(f"联合体,o{number},member" for number in range(len(NAMES)))]
    (tmp_path / "data" / "memberships.csv").write_bytes("\r\n".join([*members, ""]).encode())
    return tmp_path


def on_console(folder: Path, environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Run the command on a console, and return its exit status and what a console in GBK shows."""
    console, end = pty.openpty()
    process = subprocess.Popen([*COMMAND, *arguments], cwd=folder, env=environment, stdout=end, stderr=end, stdin=end)
    os.close(end)
    content = b""
    while True:
        try:
            piece = os.read(console, 2**16)
        except OSError:
            break
        if not piece:
            break
        content += piece
    os.close(console)
    return process.wait(), content.decode("gbk").replace("\r\n", "\n")


def test_a_table_on_the_console_has_question_marks_for_what_gbk_lacks(folder: Path, gbk: dict[str, str]) -> None:
    status, text = on_console(folder, gbk, "query", "data", QUERY)
    assert status == 0
    assert [line.strip() for line in text.splitlines() if line.strip()][-4:] == SHOWN


def test_refusals_and_reports_on_the_console_are_in_chinese(folder: Path, gbk: dict[str, str]) -> None:
    status, text = on_console(folder, gbk, "page", "data", "-o", "x.txt")
    assert (status, text) == (2, "chaingraph: 无法写入 x.txt：文件名应以 .html 结尾\n")
    status, text = on_console(folder, gbk, "doctor")
    assert "Traceback" not in text
    assert "就绪" in text


def test_files_are_utf8_whatever_the_console(folder: Path, gbk: dict[str, str]) -> None:
    for arguments in (["page", "data", "-o", "page.html"], ["network", "data", "affiliation", "-o", "ties.csv"]):
        status, text = on_console(folder, gbk, *arguments)
        assert (status, "Traceback" in text) == (0, False)
    page = (folder / "page.html").read_text(encoding="utf-8")
    table = (folder / "ties-nodes.csv").read_text(encoding="utf-8-sig")
    assert [name for name in NAMES if name not in table] == []
    assert "𠮷野家研究院" in page


def test_a_pipe_gets_utf8_with_plain_line_ends_unless_another_encoding_is_named(
    folder: Path, gbk: dict[str, str]
) -> None:
    command = [*COMMAND, "query", "data", QUERY, "--format", "csv"]
    environment = {name: value for name, value in gbk.items() if name != "PYTHONIOENCODING"}
    plain = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    assert plain.stdout == "\n".join(["name", *NAMES, ""]).encode()
    named = subprocess.run(
        command, cwd=folder, env={**environment, "PYTHONIOENCODING": "gbk"}, capture_output=True, check=True
    )
    assert named.stdout.decode("gbk").split("\n") == [
        "name",
        "甲公司\\U0001f600",
        "\\U00020bb7野家研究院",
        "\\u2713…—é大学",
        "乙公司",
        "",
    ]
