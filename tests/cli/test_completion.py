"""Tab completes what a source states, through the functions and the protocol by which shells ask for it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = [
    "$(touch broken)",
    "`touch broken`",
    "\\$(touch broken)",
    "特;touch broken",
    "特斯拉'\"",
    "*",
    "~root",
    "-o",
    "特 & 斯 (拉)",
    "特\u202e斯拉",
    "“特斯拉”",
]
"""Names that a shell reads as something else."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command under its own name, and a data set beside it."""
    folder = tmp_path_factory.mktemp("shell")
    program = folder / "chaingraph"
    program.write_text(f"#!{sys.executable}\nfrom chaingraph.cli.main import main\nmain()\n", encoding="utf-8")
    program.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    quoted = [f'"{name.replace(chr(34), 2 * chr(34))}"' for name in HOSTILE]
    names = ["特斯拉", "Tesla Inc", "Tesla Ltd", *quoted]
    (data / "organizations.csv").write_text("name\n" + "\n".join(names) + "\n", encoding="utf-8")
    (data / "consortia.csv").write_text("name\n动力电池创新联合体\n", encoding="utf-8")
    return folder


def in_bash(folder: Path, *words: str) -> list[str]:
    """Return what Tab offers in bash for the last of some words, which bash has split at = and :."""
    script = f"""
        source <(_CHAINGRAPH_COMPLETE=source_bash chaingraph)
        COMP_WORDS=({" ".join(map(shlex.quote, words))}); COMP_CWORD={len(words) - 1}
        _chaingraph_completion chaingraph
        (IFS=' '; eval "set -- ${{COMPREPLY[*]}}"; printf '%s\\n' "$@")
    """
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, "PATH": path},
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split("\n")[:-1]


def in_zsh(folder: Path, line: str) -> str:
    """Return what zsh reads where Tab is hit behind a line."""
    done = subprocess.run(
        [str(folder / "chaingraph")],
        env={**os.environ, "_CHAINGRAPH_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": line},
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.rstrip("\n")


def test_bash_completes_the_names_of_things_and_no_name_runs(folder: Path) -> None:
    offered = in_bash(folder, "chaingraph", "chain", "disruption", "data", "--without", "")
    assert [name for name in offered if not name.startswith("id:")] == ["Tesla Inc", "Tesla Ltd", "特斯拉"]
    assert len([name for name in offered if name.startswith("id:")]) == len(HOSTILE)
    assert sorted(path.name for path in folder.iterdir()) == ["chaingraph", "data"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["page", "data", "--only", "ki"], ["kind="]),
        (["page", "data", "--only", "kind", "=", "ent"], ["enterprise"]),
        (["ask", "data", "amounts-of-a-consortium", "-p", "cons"], ["consortium=动力电池创新联合体"]),
        (["ask", "data", "amounts-of-a-consortium", "-p", "consortium", "=", "动力"], ["动力电池创新联合体"]),
        (["chain", "disruption", "data", "--without", "Tesla\\ I"], ["Tesla Inc"]),
    ],
)
def test_bash_completes_what_stands_behind_an_equals_sign(folder: Path, words: list[str], offered: list[str]) -> None:
    assert in_bash(folder, "chaingraph", *words) == offered


def test_zsh_gets_the_same_names_and_nothing_that_it_would_run(folder: Path) -> None:
    text = in_zsh(folder, "chaingraph chain disruption data --without ")
    lines = text.removeprefix("_arguments '*: :((").removesuffix("))'").split("\n")
    assert [line for line in lines if not line.startswith('"id')] == ['"Tesla Inc"', '"Tesla Ltd"', '"特斯拉"']
    assert set(text) & set("$`;&*~\\") <= {"*", "\\"}
    assert text.count("*") == 1
    assert all(line.count("\\") == 2 for line in lines if line.startswith('"id'))


def test_a_source_on_another_machine_or_a_missing_one_offers_nothing(folder: Path) -> None:
    for source in ("https://kg.example.org/sparql", "none.xlsx"):
        assert in_zsh(folder, f"chaingraph chain disruption {source} --without ") == "_files"
