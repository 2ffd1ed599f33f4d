"""Rows of a query as CSV are the rows that every reader of CSV finds in it."""

from __future__ import annotations

import csv
import io

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.sparql.csv_results import write_csv
from tests.sparql.terms import IRIS, TERMS


@settings(max_examples=150, deadline=None)
@given(lines=st.lists(st.tuples(IRIS, TERMS), max_size=5))
def test_each_cell_is_the_text_of_its_term(lines: list[tuple[str, ox.NamedNode | ox.Literal]]) -> None:
    store = ox.Store()
    expected = [("s", "p", "nothing")]
    for number, (iri, term) in enumerate(lines):
        subject = ox.NamedNode(f"{iri}{number}")
        store.add(ox.Quad(subject, ox.NamedNode("http://e/p"), term))
        expected.append((subject.value, term.value, ""))
    answer = store.query("SELECT ?s ?p ?nothing { ?s <http://e/p> ?p }")
    assert isinstance(answer, ox.QuerySolutions)
    pieces: list[bytes] = []
    write_csv(pieces.append, answer)
    rows = [tuple(row) for row in csv.reader(io.StringIO(b"".join(pieces).decode(), newline=""), strict=True)]
    assert rows[0] == expected[0]
    assert sorted(rows[1:]) == sorted(expected[1:])
