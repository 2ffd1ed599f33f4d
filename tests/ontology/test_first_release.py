"""A graph that the first release built answers every question of that release with the same rows.

``first_release/graph.nt`` is a small graph as ontology 1.0.0 had it, ``answers.json`` what its questions answered then.
Neither is written again: what was built once must stay readable.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import chaingraph as cg

FOLDER = Path(__file__).parent / "first_release"
ANSWERS: dict[str, dict[str, Any]] = json.loads((FOLDER / "answers.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def graph() -> cg.KnowledgeGraph:
    return cg.open(FOLDER / "graph.nt")


@pytest.mark.parametrize("question", ANSWERS)
def test_an_old_graph_answers_an_old_question_with_the_same_rows(question: str, graph: cg.KnowledgeGraph) -> None:
    answer = graph.ask(question, **ANSWERS[question]["arguments"])
    assert answer.to_csv(index=False, lineterminator="\n") == ANSWERS[question]["rows"]


def test_all_31_questions_of_the_release_are_there_and_most_have_rows() -> None:
    assert len(ANSWERS) == 31
    assert sum(entry["rows"].count("\n") > 1 for entry in ANSWERS.values()) == 29


def test_an_old_graph_breaks_no_shape(graph: cg.KnowledgeGraph) -> None:
    findings = cg.check(graph).findings
    assert [finding for finding in findings if finding.severity == "violation" and finding.kind == "shape"] == []
