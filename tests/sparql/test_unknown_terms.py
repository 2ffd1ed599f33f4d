"""Terms of our own vocabulary that do not exist, and the order of the columns of ``SELECT *``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from chaingraph.sparql.questions import questions
from chaingraph.sparql.tokens import with_columns
from chaingraph.sparql.unknown_terms import unknown_terms
from chaingraph.store import KnowledgeGraph
from tests.cli.shell import run

if TYPE_CHECKING:
    from pathlib import Path

CG = "https://w3id.org/chaingraph/ontology#"


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        ("ASK { ?o a cg:Organization ; cg:role code:role-lead }", []),
        ("ASK { ?o a cg:Organisation }", ["no such term: cg:Organisation; did you mean cg:Organization?"]),
        (f"ASK {{ ?o a <{CG}Organisation> }}", ["no such term: cg:Organisation; did you mean cg:Organization?"]),
        (f"PREFIX x: <{CG}> ASK {{ ?o a x:Consortum }}", ["no such term: cg:Consortum; did you mean cg:Consortium?"]),
        ("PREFIX cg: <http://e.org/> ASK { ?o a cg:Organisation }", []),
        ("ASK { ?o cg:role code:role-leed }", ["no such term: code:role-leed; did you mean code:role-lead?"]),
        ("ASK { ?o rdfs:label 'cg:Nothing' } # cg:Nothing", []),
        ("ASK { ?o a cg:Zzzzzzzz }", ["no such term: cg:Zzzzzzzz"]),
    ],
)
def test_a_term_that_does_not_exist_is_named_with_the_nearest(query: str, sentences: list[str]) -> None:
    assert unknown_terms(query) == sentences


def test_no_question_uses_a_term_that_does_not_exist() -> None:
    assert {one.name: unknown_terms(one.text) for one in questions() if unknown_terms(one.text)} == {}


def test_every_question_can_be_run_as_it_stands_by_an_engine_that_knows_no_prefix() -> None:
    answers = {one.name: ox.Store().query(one.text) for one in questions()}
    assert [name for name, answer in answers.items() if not isinstance(answer, ox.QuerySolutions)] == []


def test_a_query_for_an_unknown_term_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(f"<a:a> a <{CG}Organization> .", encoding="utf-8")
    answer = run("query", file, "SELECT ?o { ?o a cg:Organisation }")
    assert answer.returncode == 0
    assert "note: no such term: cg:Organisation; did you mean cg:Organization?" in answer.stderr
    assert "no such term" not in run("query", file, "SELECT ?o { ?o a cg:Organization }").stderr


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("SELECT * { ?z ?y ?x . ?z ?y ?a }", "SELECT ?z ?y ?x ?a { ?z ?y ?x . ?z ?y ?a }"),
        ("select reduced * { $z ?y ?x }", "select reduced ?z ?y ?x { $z ?y ?x }"),
        ("# SELECT *\nSELECT #*\n * WHERE { ?b ?a 1 }", "# SELECT *\nSELECT #*\n ?b ?a WHERE { ?b ?a 1 }"),
        ("SELECT (COUNT(*) AS ?n) { SELECT * { ?b ?a 1 } }", "SELECT (COUNT(*) AS ?n) { SELECT * { ?b ?a 1 } }"),
        ("ASK { SELECT * {} }", "ASK { SELECT * {} }"),
    ],
)
def test_the_columns_of_a_star_are_listed_in_the_order_of_the_query(query: str, listed: str) -> None:
    answer = ox.Store().query(query)
    names = [variable.value for variable in answer.variables] if isinstance(answer, ox.QuerySolutions) else []
    assert with_columns(query, names) == listed


def test_columns_come_in_the_order_of_the_query(tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    file.write_text("<a:a> <a:b> <a:c> .", encoding="utf-8")
    text = "SELECT * { ?z ?y ?x OPTIONAL { ?x ?y ?a } }"
    kg = KnowledgeGraph.open(file)
    assert list(kg.select(text).columns) == kg.select_text(text).columns == ["z", "y", "x", "a"]
