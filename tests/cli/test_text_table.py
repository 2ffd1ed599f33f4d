"""Tables as text: the lines of a terminal's table, whatever stands in the cells, and a screenful on a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chaingraph.cli.text_table import cell, is_number_column, text_lines

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")

TEXTS = st.text(alphabet="ab 苏州（）é\t\n\u202e\u0301-=", max_size=8)
NUMBERS = st.floats(allow_nan=True) | st.integers(-(10**9), 10**9).map(float)


def lines_of_rich(frame: pd.DataFrame) -> list[str]:
    table = Table(box=None, pad_edge=False)
    for name in frame.columns:
        table.add_column(Text(str(name)), justify="right" if is_number_column(frame[name]) else "left")
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(cell(value)) for value in row))
    console = Console(width=10_000, highlight=False, markup=False, color_system=None)
    with console.capture() as capture:
        console.print(table)
    return [line.rstrip() for line in capture.get().split("\n")[:-1]]


@given(st.lists(st.tuples(TEXTS, NUMBERS, st.booleans(), TEXTS), min_size=1, max_size=5))
def test_a_table_has_the_lines_that_rich_draws(rows: list[tuple[str, float, bool, str]]) -> None:
    frame = pd.DataFrame(rows, columns=["名称", "number", "truth", "备注 note"])
    assert list(text_lines(frame)) == lines_of_rich(frame)


def test_two_columns_of_one_name_are_both_printed() -> None:
    frame = pd.DataFrame([["a", 1]], columns=["x", "x"])
    assert list(text_lines(frame)) == ["x  x", "a  1"]


def on_a_terminal(*arguments: str, cwd: Path) -> str:
    """Run a command whose standard output and errors are a terminal, and return what it showed."""
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "chaingraph", *arguments]
    environment = {**os.environ, "TERM": "dumb", "COLUMNS": "200", "NO_COLOR": "1"}
    with subprocess.Popen(command, stdout=end, stderr=end, cwd=cwd, env=environment) as process:
        os.close(end)
        parts = []
        while True:
            try:
                part = os.read(terminal, 65_536)
            except OSError:  # Linux ends a terminal that nobody writes to with an error
                break
            if not part:
                break
            parts.append(part)
    os.close(terminal)
    assert process.returncode == 0
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_a_terminal_shows_a_screenful_and_says_how_to_get_all(tmp_path: Path) -> None:
    (tmp_path / "organizations.csv").write_text(
        "id,name\n" + "".join(f"o{number},机构{number}\n" for number in range(40)), encoding="utf-8"
    )
    query = "SELECT ?name { ?o a cg:Organization ; rdfs:label ?name }"
    (tmp_path / "dataset.json").write_text('{"base": "https://example.org/"}', encoding="utf-8")
    screen = on_a_terminal("query", ".", query, cwd=tmp_path)
    assert screen.count("机构") == 30
    assert "the first 30 of 40 rows; all of them: --format table, or -o FILE.xlsx or .csv" in screen
    assert on_a_terminal("query", ".", query, "--format", "table", cwd=tmp_path).count("机构") == 40
