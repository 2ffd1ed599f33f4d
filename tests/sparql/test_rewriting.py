"""Queries are rewritten for older endpoints, and into their count and pages, without a change of meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chaingraph.errors import QueryError
from chaingraph.sparql.rewriting import construction, portable_query, selection

if TYPE_CHECKING:
    pass


def test_a_query_is_rewritten_only_where_that_means_the_same() -> None:
    assert portable_query("SELECT ?d { ?s ?p ?o BIND (DATATYPE(?o) AS ?d) }") == (
        'SELECT ?d { ?s ?p ?o BIND (IF(LANG(?o) != "", <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>,'
        " DATATYPE(?o)) AS ?d) }"
    )
    for same in (
        'SELECT ?s { ?s ?p "DATATYPE(?o) ?o NOT IN (1)" } # ?o NOT IN (2)\n',
        "SELECT ?s { ?s ?p ?o FILTER (1 + ?o NOT IN (1, 2)) }",
        "SELECT ?s { ?s ?p ?o FILTER (?o NOT IN (STR(?s), 2)) }",
    ):
        assert portable_query(same) == same
    page = selection("SELECT ?s { ?s ?p ?o } ORDER BY DESC(?o) STRLEN(?s) LIMIT 9").page(["s", "o"], 5, 10)
    assert " ".join(page.split()) == "SELECT ?s { ?s ?p ?o } ORDER BY DESC(?o) STRLEN(?s) ?s LIMIT 4 OFFSET 5"
    with pytest.raises(QueryError, match="ends in VALUES cannot be taken page by page"):
        selection("SELECT ?s { ?s ?p ?o } VALUES ?o { 1 }").page(["s"], 0, 1)
    found = construction("CONSTRUCT FROM <a:g> WHERE { ?s ?p ?o }")
    assert found == ("{ ?s ?p ?o }", "SELECT * FROM <a:g> WHERE { ?s ?p ?o }")
