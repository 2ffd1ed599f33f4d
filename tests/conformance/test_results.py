"""When two answers are the same."""

from __future__ import annotations

import pytest
from rdflib import XSD, BNode, Graph, Literal, URIRef

from tests.conformance.results import Answer, Table, Term, difference, read

A, B = URIRef("http://example.org/a"), URIRef("http://example.org/b")
X, Y, Z = BNode("x"), BNode("y"), BNode("z")


def table(*rows: tuple[Term | None, Term | None]) -> Table:
    bound = [{name: term for name, term in zip("st", row, strict=True) if term is not None} for row in rows]
    return Table(frozenset("st"), bound)


def number(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=XSD[datatype], normalize=False)


SAME: dict[str, tuple[Answer, Answer]] = {
    "rows in another order": (table((A, B), (B, A)), table((B, A), (A, B))),
    "blank nodes under other names": (table((X, Y), (Y, X), (X, X)), table((Z, Z), (X, Z), (Z, X))),
    "a number written otherwise": (table((number("1.0", "decimal"), A)), table((number("1.00", "decimal"), A))),
    "a sum of floats": (table((number("0.3", "double"), A)), table((number("0.30000000000000004", "double"), A))),
    "a truth value written otherwise": (table((number("1", "boolean"), A)), table((number("true", "boolean"), A))),
    "a language in other letters": (table((Literal("a", lang="en"), A)), table((Literal("a", lang="EN"), A))),
    "graphs with other blank nodes": (
        Graph().parse(data="[] <http://p> [] .", format="turtle"),
        Graph().parse(data="_:q <http://p> _:r .", format="turtle"),
    ),
}
OTHER: dict[str, tuple[Answer, Answer]] = {
    "a row once and twice": (table((A, B), (A, B)), table((A, B), (B, A))),
    "a row too many": (table((A, B)), table((A, B), (A, B))),
    "one blank node and two": (table((X, A), (X, B)), table((X, A), (Y, B))),
    "two blank nodes and one": (table((X, A), (Y, B)), table((X, A), (X, B))),
    "a blank node and a name": (table((X, A)), table((B, A))),
    "a cell without a value": (table((A, None)), table((A, B))),
    "numbers of two datatypes": (table((number("1", "integer"), A)), table((number("1", "decimal"), A))),
    "two numbers": (table((number("1", "integer"), A)), table((number("2", "integer"), A))),
    "a text and a word of a language": (table((Literal("a"), A)), table((Literal("a", lang="en"), A))),
    "other variables": (Table(frozenset("s"), []), Table(frozenset("t"), [])),
    "rows and a truth value": (table(), False),
    "yes and no": (True, False),
    "other triples": (
        Graph().parse(data="[] <http://p> [] .", format="turtle"),
        Graph().parse(data="_:q <http://p> _:q .", format="turtle"),
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_what_means_the_same_is_the_same(case: str) -> None:
    assert difference(*SAME[case]) == ""


@pytest.mark.parametrize("case", OTHER)
def test_what_means_something_else_is_told(case: str) -> None:
    assert difference(*OTHER[case]) != ""


def test_where_rows_are_ordered_their_order_counts() -> None:
    assert difference(table((X, A), (Y, B)), table((Y, A), (X, B)), ordered=True) == ""
    assert difference(table((X, A), (Y, B)), table((Y, B), (X, A)), ordered=True) != ""


def test_all_formats_of_an_answer_are_read_alike() -> None:
    expected = table((A, Literal("b, c")), (X, None))
    documents = {
        "srx": b"<sparql xmlns='http://www.w3.org/2005/sparql-results#'><head><variable name='s'/><variable name='t'/>"
        b"</head><results><result><binding name='s'><uri>http://example.org/a</uri></binding><binding name='t'>"
        b"<literal>b, c</literal></binding></result><result><binding name='s'><bnode>q</bnode></binding></result>"
        b"</results></sparql>",
        "srj": b'{"head": {"vars": ["s", "t"]}, "results": {"bindings": [{"s": {"type": "uri", "value": '
        b'"http://example.org/a"}, "t": {"type": "literal", "value": "b, c"}}, '
        b'{"s": {"type": "bnode", "value": "q"}}]}}',
        "tsv": b'?s\t?t\n<http://example.org/a>\t"b, c"\n_:q\t\n',
        "ttl": b"@prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> . [] a rs:ResultSet ; "
        b'rs:resultVariable "s", "t" ; rs:solution [ rs:binding [ rs:variable "s" ; rs:value <a> ], '
        b'[ rs:variable "t" ; rs:value "b, c" ] ], [ rs:binding [ rs:variable "s" ; rs:value [] ] ] .',
    }
    for ending, content in documents.items():
        assert difference(expected, read(content, ending, "http://example.org/")) == "", ending
    text = Table(frozenset("st"), [{"s": Literal(str(A)), "t": Literal("b, c")}, {"s": X}])
    assert difference(text, read(b'"s","t"\r\nhttp://example.org/a,"b, c"\r\n_:q,\r\n', "csv", "")) == ""
