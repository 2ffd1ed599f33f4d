"""A check tells violations from warnings and counts what leads to no words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import chaingraph as cg

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

ROOT = Path(__file__).resolve().parents[2]


def test_a_broken_shape_is_a_violation_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "odd.ttl").write_text(
        "PREFIX cg: <https://w3id.org/chaingraph/ontology#>\n<http://e/m> a cg:Membership .", encoding="utf-8"
    )
    report = cg.check(cg.open(tmp_path / "odd.ttl"))
    shapes = report.frame[report.frame["kind"] == "shape"]
    assert set(shapes["thing"]) == {"http://e/m"}
    assert set(shapes["severity"]) == {"violation"}
    assert all(message.strip() for message in shapes["message"])


def test_a_contradiction_is_a_warning_with_both_quotes(data_set: DataSetFolder) -> None:
    folder = data_set(
        sources="id,title\ns,甲报\n",
        quotes="id,source,exact\nq,s,总投资3.8亿元\nr,s,总投资约6亿元\n",
        projects="id,name,budget,currency,quote\np,二期,380000000,CNY,q\n",
        claims="table,subject,property,value,quote\nprojects,p,budget,600000000,r\n",
    )
    report = cg.check(cg.open(folder))
    (row,) = report.frame[report.frame["kind"] == "contradiction, values"].to_dict("records")
    assert (row["severity"], row["label"]) == ("warning", "二期")
    assert row["message"] == "budget: '380000000' against '600000000'"
    assert row["quotes"] == "总投资3.8亿元 | 总投资约6亿元"
    assert report.count("violation") == 0


def test_rows_without_evidence_are_violations_only_when_evidence_is_required(data_set: DataSetFolder) -> None:
    kg = cg.open(data_set(organizations="id,name\na,甲\n"))
    assert cg.check(kg).count("violation") == 0
    report = cg.check(kg, require_evidence=True)
    assert [found.message for found in report.findings if found.severity == "violation"] == [
        "1 of 1 rows lead to no quote and no record"
    ]


@pytest.mark.parametrize("name", ["jiangsu-2022", "china-consortia", "horizon-batteries"])
def test_every_row_of_the_samples_leads_to_words_or_a_record_and_breaks_no_shape(name: str) -> None:
    report = cg.check(cg.open(ROOT / "graph" / name), require_evidence=True)
    assert [found for found in report.findings if found.severity == "violation"] == []
    assert report.without_evidence["without"].sum() == 0
