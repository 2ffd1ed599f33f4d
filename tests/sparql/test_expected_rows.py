"""What is expected of the rows of a query: never more than a store of our own gives, and enough to refuse the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chaingraph.sparql.expected_rows import expected_rows
from chaingraph.sparql.questions import questions
from chaingraph.sparql.row_checks import mismatch
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from chaingraph.sparql.json_results import Binding
    from chaingraph.sparql.questions import Question

DATA = """
<a:1> <a:p> <a:2> ; <a:q> "text" , "词"@zh , 5 ; <a:r> _:b .
<a:2> <a:p> <a:1> ; <a:p> <a:2> . _:b <a:q> "of b" ; <a:p> <a:1> .
"""
TERMS = st.sampled_from(["?x", "?y", "?z", "<a:1>", '"text"', "[]", "[ <a:q> ?y ]", "5", "( ?x ?z )", "-5", "'a'@en"])
PATHS = st.sampled_from(
    ["<a:p>", "?z", "<a:p>*", "<a:p>?", "^<a:p>", "<a:p>/<a:q>", "<a:p>|<a:q>", "(<a:p>/<a:q>)+", "!<a:p>", "<a:p>+"]
)


def _triples(subject: str, path: str, objects: list[str], more: str) -> str:
    return f"{subject} {path} {' , '.join(objects)} {more} ."


TRIPLES = st.builds(
    _triples,
    st.sampled_from(["?x", "?y", "?z", "<a:1>", "[ <a:p> ?x ]"]),
    PATHS,
    st.lists(TERMS, min_size=1, max_size=2),
    st.sampled_from(["", ";", "; <a:q> ?w"]),
)
GROUPS = st.recursive(
    TRIPLES,
    lambda inner: st.one_of(
        st.builds("{} {}".format, inner, inner),
        st.builds("OPTIONAL {{ {} }}".format, inner),
        st.builds("{{ {} }} UNION {{ {} }}".format, inner, inner),
        st.builds("MINUS {{ {} }}".format, inner),
        st.builds("FILTER NOT EXISTS {{ {} }}".format, inner),
        st.builds("{{ SELECT ?x (COUNT(*) AS ?n) {{ {} }} GROUP BY ?x }}".format, inner),
        st.builds("{{ SELECT * {{ {} }} LIMIT 2 }}".format, inner),
        st.builds("{} FILTER (?x != <a:1> && BOUND(?x))".format, inner),
        st.builds("{} BIND (STR(?x) AS ?v)".format, inner),
        st.builds("{} VALUES (?x ?u) {{ (<a:1> UNDEF) (<a:2> 3) }}".format, inner),
        st.builds("GRAPH ?g {{ {} }} ".format, inner),
    ),
    max_leaves=5,
)
HEADS = st.sampled_from(
    [
        "SELECT * {{ {} }}",
        "SELECT DISTINCT ?x ?y WHERE {{ {} }} ORDER BY ?x LIMIT 9",
        "SELECT ?x (COUNT(?y) AS ?n) (SAMPLE(?y) AS ?s) {{ {} }} GROUP BY ?x",
        "SELECT (COUNT(*) AS ?n) {{ {} }}",
        "SELECT ?x ?w {{ {} }} VALUES ?w {{ 1 UNDEF }}",
    ]
)


def rows_of(store: ox.Store, query: str) -> tuple[list[str], list[Binding]]:
    solutions = store.query(query, prefixes=dict(PREFIXES))
    assert isinstance(solutions, ox.QuerySolutions)
    document = json.loads(solutions.serialize(format=ox.QueryResultsFormat.JSON) or b"")
    return document["head"]["vars"], document["results"]["bindings"]


@given(HEADS, GROUPS)
@example("SELECT * {{ {} }}", "GRAPH ?g { { SELECT ?x (COUNT(*) AS ?n) { ?x <a:p> ?x } GROUP BY ?x } }")
def test_no_row_of_a_true_answer_is_refused(head: str, group: str) -> None:
    store = ox.Store()
    store.bulk_load(DATA.encode(), format=ox.RdfFormat.TURTLE)
    store.bulk_load(DATA.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("a:g"))
    query = head.format(group)
    try:
        names, rows = rows_of(store, query)
    except SyntaxError:
        return
    assert expected_rows(query) is not None
    assert mismatch(query, names, rows[:1000]) is None


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_the_query_of_each_question_is_read(question: Question) -> None:
    assert expected_rows(question.text) is not None


@pytest.mark.parametrize(
    ("query", "row", "reason"),
    [
        ("SELECT ?s ?l { ?s a ?c OPTIONAL { ?s rdfs:label ?l } }", {"l": "literal"}, "a row has no ?s"),
        ("SELECT ?s { ?s a ?c }", {"s": "literal"}, "?s is a literal, expected an IRI or a blank node ('x:y')"),
        ("SELECT ?p { ?s ?p ?o }", {"p": "bnode"}, "?p is a blank node, expected an IRI ('x:y')"),
        ("SELECT ?p { ?s ?p ?o }", {"p": "literal"}, "?p is a literal, expected an IRI ('x:y')"),
        ("SELECT (COUNT(?s) AS ?n) { ?s ?p ?o }", {"n": "literal"}, "?n is no count, expected a whole number from 0"),
        ("SELECT ?o { ?s ?p ?o }", {"o": "literal", "x": "uri"}, "a row has ?x, which the query does not have"),
        (
            "SELECT ?o { { ?o a ?c } UNION { ?o ?p 1 } }",
            {"o": "literal"},
            "?o is a literal, expected an IRI or",
        ),
        ("SELECT ?o { { ?o a ?c } UNION { 1 ?p ?o } }", {"o": "literal"}, None),
        ("SELECT ?o { ?o a* ?c }", {"o": "literal"}, None),
        ("SELECT ?o { OPTIONAL { ?o a ?c } ?s ?p ?o }", {"o": "literal"}, None),
        ("SELECT ?v { BIND (1/0 AS ?v) }", {}, None),
    ],
)
def test_a_row_that_a_query_cannot_give_is_named(query: str, row: dict[str, str], reason: str | None) -> None:
    expected = expected_rows(query)
    assert expected is not None
    names = list(expected.kinds)
    said = mismatch(query, names, [{name: {"type": kind, "value": "x:y"} for name, kind in row.items()}])
    assert (said or "").startswith(reason or "")
    assert (said is None) is (reason is None)
