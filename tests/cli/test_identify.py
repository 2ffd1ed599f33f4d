"""``chaingraph identify`` as a person meets it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.shell import run, run_process

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

pytest.importorskip("opencc")


@pytest.fixture
def roster(data_set: DataSetFolder) -> Path:
    return data_set(organizations="id,name\na,=甲公司\nb,=甲有限公司\nc,乙大学\n")


def test_proposals_become_decisions_and_decisions_a_merge_that_can_be_undone(roster: Path, tmp_path: Path) -> None:
    done = run("identify", roster, "-o", "who.csv", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[0] == (
        "1 proposal over 3 organizations (0 by code, 1 by name, 0 by similarity, 0 by namesake) → who.csv"
    )
    with (tmp_path / "who.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row == {
        "table": "organizations",
        "left": "a",
        "right": "b",
        "decision": "",
        "reason": "除组织形式、字体与书写外名称相同",
        "by": "name",
        "score": "1.0",
        "left_name": "'=甲公司",
        "right_name": "'=甲有限公司",
        "left_region": "",
        "right_region": "",
    }
    with (tmp_path / "who.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row | {"decision": "同一"})
    table = roster / "identities.csv"
    done = run("identify", roster, "--decisions", "who.csv", "-o", table, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(f"1 decision, 1 of them same → {table}; it is the table 'identities' of {roster}")
    assert table.read_text(encoding="utf-8").splitlines() == [
        "table,left,right,decision,reason",
        "organizations,a,b,same,除组织形式、字体与书写外名称相同",
    ]
    names = "SELECT ?name { ?o a cg:Organization ; rdfs:label ?name } ORDER BY ?name"
    assert run("query", roster, names, "--format", "csv", cwd=tmp_path).stdout.split() == ["name", "'=甲公司", "乙大学"]
    table.unlink()
    assert len(run("query", roster, names, "--format", "csv", cwd=tmp_path).stdout.split()) == 4


def test_the_same_source_gives_the_same_bytes(roster: Path, tmp_path: Path) -> None:
    for seed in ("1", "2"):
        run_process("identify", roster, "-o", f"{seed}.csv", "--language", "en", cwd=tmp_path, PYTHONHASHSEED=seed)
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_a_wrong_decision_is_listed_and_nothing_is_written(roster: Path, tmp_path: Path) -> None:
    (tmp_path / "who.csv").write_text("table,left,right,decision\norganizations,a,z,same\n", encoding="utf-8")
    done = run("identify", roster, "--decisions", "who.csv", "-o", "identities.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "who.csv, row 2: 'right' holds 'z', expected the id of a row of 'organizations'",
        "1 problem found; nothing was written",
    ]
    assert not (tmp_path / "identities.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{roster}", "-o", "who.xlsx"], "chaingraph: cannot write who.xlsx: expected a name that ends in .csv"),
        (["nowhere", "-o", "who.csv"], "chaingraph: nowhere: does not exist"),
        (
            ["{roster}", "--decisions", "none.csv", "-o", "i.csv"],
            "chaingraph: none.csv: cannot be read as CSV in UTF-8",
        ),
        (
            ["{roster}", "--decisions", "image.csv", "-o", "i.csv"],
            "chaingraph: image.csv: cannot be read as CSV in UTF-8",
        ),
        (["{roster}", "--decisions", "empty.csv", "-o", "i.csv"], "chaingraph: empty.csv: lacks the column table"),
        (["graph.ttl", "--decisions", "empty.csv", "-o", "i.csv"], "chaingraph: graph.ttl: has no tables; decisions"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(roster: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "image.csv").write_bytes(b"\x89PNG\xff\x00")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "graph.ttl").write_bytes(b"")
    done = run("identify", *(argument.replace("{roster}", str(roster)) for argument in arguments), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(said)
