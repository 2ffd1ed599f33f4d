"""Files with the line ends of Windows are read as those of Unix, and quotes stand where they stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.extraction.opening import open_documents
from tests.cli.made_up import TABLES, write_data_set
from tests.cli.shell import run

if TYPE_CHECKING:
    from pathlib import Path

NOTICE = "由甲公司牵头组建动力电池创新联合体。\n成员单位包括乙大学。\n\n单位\t角色\n甲公司\t牵头\n"
ROSTER = "联合体名称,牵头单位,成员单位\n甲联合体,乙公司,丙大学、丁所\n"
QUERY = "# 问题\nSELECT ?name {\n  ?o a cg:Organization ; rdfs:label ?name }\nORDER BY ?name\n"
WEIGHTS = "[weights]\nmembers = 2\n"


@pytest.fixture(params=["\r\n", "\r"], ids=["windows", "old-macintosh"])
def folders(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    """Two folders with the same files, of which one has other line ends."""
    both = (tmp_path / "unix", tmp_path / "other")
    for folder, end in zip(both, ("\n", request.param), strict=True):
        folder.mkdir()
        tables = write_data_set(folder / "data", TABLES, "data")
        files = {"notice.txt": NOTICE, "roster.csv": ROSTER, "query.rq": QUERY}
        if end != "\r":
            # TOML has two line ends only.
            files["weights.toml"] = WEIGHTS
        for name, text in files.items():
            (folder / name).write_bytes(text.replace("\n", end).encode())
        for path in tables.glob("*.csv"):
            path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", end.encode()))
    return both


def test_documents_have_the_same_text_and_tables(folders: tuple[Path, Path]) -> None:
    (unix,), (other,) = (open_documents([folder / "notice.txt"]) for folder in folders)
    assert unix == other
    assert unix.text.startswith(NOTICE[:10])


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "data", "-f", "query.rq", "--format", "json"],
        ["measure", "centrality", "data", "--format", "json"],
        ["query", "roster.csv", "-f", "query.rq", "--format", "json"],
        ["measure", "scorecard", "data", "--weights", "weights.toml", "--format", "json"],
    ],
)
def test_tables_rosters_queries_and_weights_are_the_same(folders: tuple[Path, Path], arguments: list[str]) -> None:
    if "weights.toml" in arguments and not (folders[1] / "weights.toml").exists():
        pytest.skip("TOML has two line ends only")
    unix, other = (run(*arguments, cwd=folder) for folder in folders)
    assert unix.returncode == 0, unix.stderr
    assert (other.returncode, other.stdout, other.stderr) == (unix.returncode, unix.stdout, unix.stderr)


def test_an_archived_text_whose_line_ends_were_changed_is_still_the_archived_text(tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    assert run("read", "notice.txt", "-o", "candidates.xlsx", cwd=tmp_path).returncode == 0
    for text in (tmp_path / "candidates.texts").glob("*.txt"):
        text.write_bytes(text.read_bytes().replace(b"\n", b"\r\n"))
    accepted = run("accept", "candidates.xlsx", "-o", "data", "--all", cwd=tmp_path)
    assert accepted.returncode == 0, accepted.stderr
    kinds = []
    for change in (b"\n", b"\r\n"):
        for text in (tmp_path / "data" / "texts").glob("*.txt"):
            text.write_bytes(text.read_bytes().replace(b"\n", change))
        report = cg.check(cg.open(tmp_path / "data"), texts=tmp_path / "data" / "texts")
        kinds.append([(one.kind, one.message) for one in report.findings])
    assert kinds[0] == kinds[1]
    assert {"text", "quote"}.isdisjoint(kind for kind, _ in kinds[1])
