"""Rows of a query as frames of text hold the texts of all terms that there can be."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.sparql.text_frames import text_frame
from tests.sparql.terms import IRIS, TERMS

Term = ox.NamedNode | ox.Literal


def rows(store: ox.Store, pattern: str) -> list[tuple[str | None, ...]]:
    answer = store.query(f"SELECT {pattern}")
    assert isinstance(answer, ox.QuerySolutions)
    return text_frame(answer).rows()


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(st.tuples(IRIS, TERMS | st.none(), TERMS | st.none()), max_size=5))
def test_each_cell_is_the_text_of_its_term(
    lines: list[tuple[str, Term | None, Term | None]],
) -> None:
    store = ox.Store()
    expected = set()
    for number, (iri, *terms) in enumerate(lines):
        subject = ox.NamedNode(f"{iri}{number}")
        store.add(ox.Quad(subject, ox.NamedNode("http://e/is"), ox.Literal(number)))
        for predicate, term in zip("pq", terms, strict=True):
            if term is not None:
                store.add(ox.Quad(subject, ox.NamedNode(f"http://e/{predicate}"), term))
        expected.add((subject.value, str(number), *(None if term is None else term.value or None for term in terms)))
    optional = "OPTIONAL { ?s <http://e/p> ?p } OPTIONAL { ?s <http://e/q> ?q }"
    assert set(rows(store, f"?s ?n ?p ?q {{ ?s <http://e/is> ?n {optional} }}")) == expected
    assert sorted(rows(store, f"?p {{ ?s <http://e/is> ?n {optional} }}"), key=str) == sorted(
        [(row[2],) for row in expected], key=str
    )


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("?x { BIND(1/0 AS ?x) }", [(None,)]),
        ("?x { VALUES ?x { UNDEF 'a' UNDEF } }", [(None,), ("a",), (None,)]),
        ("?x ?y { VALUES (?x ?y) { (UNDEF UNDEF) ('' UNDEF) } }", [(None, None), (None, None)]),
        ("?x ?y { ?x <http://e/p> ?y }", []),
        ("(<<( <http://e/a> <http://e/b> 'c,\"d' )>> AS ?x) {}", [('<<( <http://e/a> <http://e/b> "c,\\"d" )>>',)]),
    ],
)
def test_unbound_and_empty_cells_keep_their_rows(pattern: str, expected: list[tuple[str | None, ...]]) -> None:
    assert rows(ox.Store(), pattern) == expected
