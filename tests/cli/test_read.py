"""``chaingraph read`` and ``chaingraph accept`` as a person meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.shell import run
from tests.extraction.documents import NEWS, decide

pytest.importorskip("opencc")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    (tmp_path / "news.txt").write_text(NEWS, encoding="utf-8")
    return tmp_path / "news.txt"


def test_read_and_accept_lead_from_a_news_item_to_a_data_set(news: Path, tmp_path: Path) -> None:
    done = run("read", news, "-o", "c.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "5 organizations, 2 consortia, 3 memberships, 1 platform, 1 stage_role, 1 event, 3 reported, 1 claim → c.xlsx",
        "decide there, then: chaingraph accept c.xlsx -o FOLDER",
    ]
    decide(tmp_path / "c.xlsx", lambda sheet, row: "拒绝" if sheet == "陈述" else "接受")
    done = run("accept", "c.xlsx", "-o", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "5 organizations, 2 consortia, 3 memberships, 1 platform, 1 stage_role, 1 event, 3 reported → out",
        "note: made 1 region that accepted rows refer to",
        "note: made 1 stage that accepted rows refer to",
        "1 row rejected, and not proposed again for this data set",
    ]
    assert run("check", "out", "--texts", "out/texts", cwd=tmp_path).returncode == 0


def test_candidates_as_json_have_their_words_and_their_place(news: Path) -> None:
    done = run("read", news, "--format", "json")
    rows = json.loads(done.stdout)
    assert rows[0] == {
        "document": "news.txt",
        "table": "organizations",
        "cells": {"name": "江苏东山膜业有限公司", "kind": "enterprise", "alias": "东山膜业"},
        "quote": "江苏东山膜业有限公司",
        "start": 78,
        "end": 88,
        "page": None,
        "reason": "names zh",
        "confidence": 0.8,
    }
    assert [NEWS[row["start"] : row["end"]] for row in rows] == [row["quote"] for row in rows]


def test_a_document_without_a_fact_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("今天天气很好。", encoding="utf-8")
    done = run("read", tmp_path / "a.txt", "--format", "csv")
    assert (done.returncode, done.stdout) == (0, "table,cells,words,document,page,start,confidence\n")
    assert done.stderr == "no row is proposed: no list, and no sentence that names who leads, joins, hosts or counts\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("read", "none.txt"), "none.txt: does not exist, or is no file; expected a .txt, .html, .pdf or .docx file"),
        (("read", "news.txt", "-o", "c.csv"), "cannot write c.csv: expected a name that ends in .xlsx"),
        (
            ("read", "news.txt", "-o", "c.xlsx", "--format", "json"),
            "--format is for standard output; with -o the candidates go into a workbook: give one of them",
        ),
    ],
)
def test_what_cannot_be_read_or_written_is_one_clear_line(
    news: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"chaingraph: {message}\n")


def test_the_founding_news_item_gives_its_leaders_and_its_totals_in_five_commands(shared: Path, tmp_path: Path) -> None:
    document = shared / "data" / "consortia-facts" / "000_e5fd94c8487512b0.txt"
    for command in (
        ("read", document, "-o", "c.xlsx"),
        ("accept", "c.xlsx", "-o", "jiangsu", "--all"),
        ("build", "jiangsu", "-o", "jiangsu.kg"),
        ("check", "jiangsu.kg", "--texts", "jiangsu/texts"),
    ):
        assert run(*command, cwd=tmp_path).returncode == 0
    coverage = json.loads(run("measure", "coverage", "jiangsu.kg", "--format", "json", cwd=tmp_path).stdout)
    assert [(row["counts"], row["reported"], row["quote"]) for row in coverage] == [
        ("consortia", 10, "a total of 10 innovation consortiums"),
        ("organizations", 136, "a total of 136 upstream and downstream innovation subjects"),
        ("platforms", 154, "154 major innovation platforms"),
        ("projects", 152, "152 science and technology projects"),
    ]
    leads = (
        "SELECT ?n ?x { ?m cg:role code:role-lead ; cg:organization/rdfs:label ?n ; cg:evidence/cg:exact ?x }"
        " ORDER BY ?n"
    )
    rows = json.loads(run("query", "jiangsu.kg", leads, "--format", "json", cwd=tmp_path).stdout)
    names = ["Farsheng", "Huajin Semiconductor", "Sudaweig", "Zhongfu Shenying"]
    assert [(row["n"], row["x"]) for row in rows] == [(name, name) for name in names]
