"""Answers to queries, read and compared: when two are the same.

The readers are not Oxigraph's, which wrote the answers. Rows are a bag; a blank node may stand for any other, the same
one everywhere; a number or truth value is its value and its datatype: Oxigraph keeps nothing else of it.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree

import rdflib
from rdflib import RDF, XSD, BNode, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.query import Result

RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
SRX = "{http://www.w3.org/2005/sparql-results#}"
INTEGERS = frozenset(
    XSD[name]
    for name in (
        *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
        *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "decimal"),
    )
)
FLOATS = frozenset({XSD.float, XSD.double})

Term = URIRef | BNode | Literal
Row = Mapping[str, Term]
Cell = object
"""A term as it is compared: a blank node as itself, everything else as what is equal for equal terms."""


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT."""

    variables: frozenset[str]
    rows: Sequence[Row]


Answer = Table | bool | rdflib.Graph


def read(content: bytes, ending: str, base: str) -> Answer:
    """Return the answer that a document holds.

    Args:
        content: The document.
        ending: Of a file of its kind: srx, srj, csv, tsv, ttl or rdf.
        base: The address of the document.
    """
    if ending == "srx":
        return _from_xml(content)
    if ending == "srj":
        return _from_json(json.loads(content))
    if ending == "csv":
        return _from_csv(content.decode())
    if ending == "tsv":
        return _from_tsv(content)
    graph = rdflib.Graph().parse(content, format={"rdf": "xml"}.get(ending, "turtle"), publicID=base)
    return _from_graph(graph) if (None, RDF.type, RS.ResultSet) in graph else graph


def _literal(text: str, datatype: str | None, language: str | None) -> Literal:
    kind = None if datatype in {None, str(XSD.string)} else URIRef(str(datatype))
    return Literal(text, lang=language, datatype=kind, normalize=False)


def _from_xml(content: bytes) -> Answer:
    tree = ElementTree.fromstring(content)
    boolean = tree.find(f"{SRX}boolean")
    if boolean is not None:
        return boolean.text == "true"

    def term(cell: ElementTree.Element) -> Term:
        text = cell.text or ""
        if cell.tag == f"{SRX}uri":
            return URIRef(text)
        if cell.tag == f"{SRX}bnode":
            return BNode(text)
        return _literal(text, cell.get("datatype"), cell.get("{http://www.w3.org/XML/1998/namespace}lang"))

    rows = [{cell.attrib["name"]: term(cell[0]) for cell in row} for row in tree.iter(f"{SRX}result")]
    return Table(frozenset(head.attrib["name"] for head in tree.iter(f"{SRX}variable")), rows)


def _from_json(document: dict[str, Any]) -> Answer:
    if "boolean" in document:
        return document["boolean"] is True

    def term(cell: dict[str, str]) -> Term:
        if cell["type"] == "uri":
            return URIRef(cell["value"])
        if cell["type"] == "bnode":
            return BNode(cell["value"])
        assert cell["type"] in {"literal", "typed-literal"}
        return _literal(cell["value"], cell.get("datatype"), cell.get("xml:lang"))

    rows = [{name: term(cell) for name, cell in row.items()} for row in document["results"]["bindings"]]
    return Table(frozenset(document["head"]["vars"]), rows)


def _from_csv(text: str) -> Table:
    """Read cells as plain texts, since CSV keeps no kinds, but for blank nodes; an empty cell is unbound."""
    names, *lines = csv.reader(io.StringIO(text, newline=""))
    rows = [
        {
            name: BNode(cell[2:]) if cell.startswith("_:") else Literal(cell)
            for name, cell in zip(names, line, strict=True)
            if cell
        }
        for line in lines
    ]
    return Table(frozenset(names), rows)


def _from_tsv(content: bytes) -> Table:
    actual = Result.parse(io.BytesIO(content), format="tsv")
    rows = [
        {str(name): term for name, term in row.items() if isinstance(term, URIRef | BNode | Literal)}
        for row in actual.bindings
    ]
    return Table(frozenset(str(name) for name in actual.vars or ()), rows)


def _from_graph(graph: rdflib.Graph) -> Answer:
    """Read the vocabulary in which older tests say their results; rows with an index stand in its order."""
    (top,) = graph.subjects(RDF.type, RS.ResultSet)
    boolean = graph.value(top, RS.boolean)
    if boolean is not None:
        return str(boolean) == "true"
    solutions = sorted(graph.objects(top, RS.solution), key=lambda row: int(str(graph.value(row, RS["index"]) or 0)))
    rows = []
    for solution in solutions:
        row = {}
        for binding in graph.objects(solution, RS.binding):
            value = graph.value(binding, RS.value)
            assert isinstance(value, URIRef | BNode | Literal)
            row[str(graph.value(binding, RS.variable))] = value
        rows.append(row)
    return Table(frozenset(str(name) for name in graph.objects(top, RS.resultVariable)), rows)


def difference(expected: Answer, actual: Answer, *, ordered: bool = False) -> str:
    """Return in what an answer differs from the expected one, or nothing.

    >>> one = Table(frozenset("x"), [{"x": Literal("1.0", datatype=XSD.decimal)}])
    >>> difference(one, Table(frozenset("x"), [{"x": Literal("1.00", datatype=XSD.decimal, normalize=False)}]))
    ''
    >>> difference(one, True)
    'expected rows, found a truth value'
    """
    if kind(expected) != kind(actual):
        return f"expected {kind(expected)}, found {kind(actual)}"
    if isinstance(expected, rdflib.Graph) and isinstance(actual, rdflib.Graph):
        return "" if isomorphic(expected, actual) else f"expected other triples than the {len(actual)} found"
    if isinstance(expected, Table) and isinstance(actual, Table):
        return _difference_of_tables(expected, actual, ordered=ordered)
    return "" if expected == actual else f"expected {expected}, found {actual}"


def kind(answer: Answer) -> str:
    """Return in words what kind of answer it is."""
    if isinstance(answer, bool):
        return "a truth value"
    return "rows" if isinstance(answer, Table) else "triples"


def _difference_of_tables(expected: Table, actual: Table, *, ordered: bool) -> str:
    if expected.variables != actual.variables:
        return f"expected the variables {sorted(expected.variables)}, found {sorted(actual.variables)}"
    names = sorted(expected.variables)
    expected_rows, actual_rows = (
        [tuple(_cell(row.get(name)) for name in names) for row in table.rows] for table in (expected, actual)
    )
    if len(expected_rows) != len(actual_rows):
        return f"expected {len(expected_rows)} rows, found {len(actual_rows)}"
    if ordered:
        names_of: dict[BNode, BNode] | None = {}
        for left, right in zip(expected_rows, actual_rows, strict=True):
            names_of = names_of if names_of is None else _unify(left, right, names_of)
        return "expected other rows, or in another order" if names_of is None else ""
    plain = Counter(row for row in expected_rows if not _blank(row))
    if plain != Counter(row for row in actual_rows if not _blank(row)):
        missing = plain - Counter(actual_rows)
        return f"expected other rows; {sum(missing.values())} are missing, the first {next(iter(missing), None)}"
    matched = _match([row for row in expected_rows if _blank(row)], [row for row in actual_rows if _blank(row)], {})
    return "" if matched else "expected other rows with blank nodes"


def _cell(term: Term | None) -> Cell:
    if not isinstance(term, Literal):
        return term
    datatype = term.datatype
    language = (term.language or "").lower()
    if datatype == XSD.boolean:
        return ("truth", {"1": "true", "0": "false"}.get(str(term), str(term)))
    if datatype in INTEGERS or datatype in FLOATS:
        try:
            value: object = float(term) if datatype in FLOATS else Decimal(str(term))
        except (ValueError, InvalidOperation):
            return ("literal", str(term), str(datatype), language)
        if isinstance(value, float):
            value = "NaN" if math.isnan(value) else float(f"{value:.12g}")
        return ("number", value, str(datatype))
    return ("literal", str(term), "" if datatype in {None, XSD.string} else str(datatype), language)


def _blank(row: tuple[Cell, ...]) -> bool:
    return any(isinstance(cell, BNode) for cell in row)


def _unify(left: tuple[Cell, ...], right: tuple[Cell, ...], mapping: dict[BNode, BNode]) -> dict[BNode, BNode] | None:
    """Return which blank node stands for which if two rows are to be the same, or None if they cannot be."""
    names = dict(mapping)
    for one, other in zip(left, right, strict=True):
        if isinstance(one, BNode) and isinstance(other, BNode):
            if names.setdefault(one, other) != other:
                return None
        elif isinstance(one, BNode) or one != other:
            return None
    return names if len(set(names.values())) == len(names) else None


def _match(expected: list[tuple[Cell, ...]], actual: list[tuple[Cell, ...]], mapping: dict[BNode, BNode]) -> bool:
    """Tell whether the rows are the same under some mapping of blank nodes that extends the given one."""
    if not expected:
        return not actual
    for position, row in enumerate(actual):
        names = _unify(expected[0], row, mapping)
        if names is not None and _match(expected[1:], actual[:position] + actual[position + 1 :], names):
            return True
    return False
