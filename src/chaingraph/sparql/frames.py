"""Answers of Oxigraph as Python values: solutions as pandas frames with typed columns, triples as rdflib graphs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pyoxigraph as ox

from chaingraph.errors import QueryError
from chaingraph.messages import tr
from chaingraph.sparql.tokens import with_columns
from chaingraph.vocabulary import PREFIXES, short_name

if TYPE_CHECKING:
    import rdflib

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_XSD = PREFIXES["xsd"]
_INTEGERS = {_XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")}
_NUMBERS = _INTEGERS | {_XSD + name for name in ("decimal", "double", "float")}
_CONVERSIONS: tuple[tuple[set[str], re.Pattern[str], Callable[[str], Any], Any], ...] = (
    (_INTEGERS, re.compile(r"[+-]?[0-9]{1,18}"), int, "Int64"),
    (_NUMBERS, re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"), float, "Float64"),
    ({_XSD + "boolean"}, re.compile("true|false|1|0"), lambda text: text in {"true", "1"}, "boolean"),
    ({_XSD + "date"}, re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), date.fromisoformat, "datetime64[s]"),
)
"""Datatypes, those of their texts that a column represents without loss, the conversion, and the column's dtype."""


class Form(NamedTuple):
    """The form of the answer to a query: ``rows``, a ``truth`` value or ``triples``; and the variables of rows."""

    kind: str
    names: tuple[str, ...] = ()


def form_of(text: str) -> Form:
    """Return the form of the answer to a query, by asking an empty store.

    >>> form_of("SELECT ?o (1 AS ?n) { ?o a cg:Organization }")
    Form(kind='rows', names=('o', 'n'))

    Raises:
        SyntaxError: The text is no SPARQL query.
    """
    answer = ox.Store().query(text, prefixes=dict(PREFIXES))
    if isinstance(answer, ox.QuerySolutions):
        names = [variable.value for variable in answer.variables]
        listed = with_columns(text, names)
        if listed != text:
            return form_of(listed)
        return Form("rows", tuple(names))
    return Form("truth" if isinstance(answer, ox.QueryBoolean) else "triples")


def frame_of_solutions(solutions: ox.QuerySolutions, *, short: bool) -> pd.DataFrame:
    """Return the solutions as a frame: one column per variable, in the query's order, typed as its values are."""
    names = [variable.value for variable in solutions.variables]
    columns: list[list[Any]] = [[] for _ in names]
    for solution in solutions:
        for column, term in zip(columns, solution, strict=True):
            column.append(term)
    return pd.DataFrame({name: _series(column, short=short) for name, column in zip(names, columns, strict=True)})


def _series(terms: list[Any], *, short: bool) -> pd.Series[Any]:
    datatypes = {term.datatype.value if isinstance(term, ox.Literal) else "" for term in terms if term is not None}
    for convertible, form, convert, dtype in _CONVERSIONS:
        if datatypes and datatypes <= convertible:
            texts = [None if term is None else term.value for term in terms]
            if all(text is None or form.fullmatch(text) for text in texts):
                try:
                    return pd.Series([None if text is None else convert(text) for text in texts], dtype=dtype)
                except (ValueError, OverflowError):
                    break
    return pd.Series([_text(term, short=short) for term in terms], dtype="str")


def graph_of_triples(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """Return triples as an rdflib.Graph, with literals unchanged.

    Raises:
        QueryError: A triple is about a triple, which rdflib cannot represent.
    """
    import rdflib

    graph = rdflib.Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in triples:
        subject, predicate, value = (_rdflib_term(term) for term in triple)
        graph.add((subject, predicate, value))
    return graph


def _rdflib_term(term: Term) -> rdflib.term.Node:
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.Literal):
        datatype = (
            None if term.language or term.datatype.value == _XSD + "string" else rdflib.URIRef(term.datatype.value)
        )
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
    message = tr("the answer has triples about triples, which an rdflib.Graph cannot have; ask for Turtle instead")
    raise QueryError(message)


def _text(term: Term | None, *, short: bool) -> str | None:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return short_name(term.value) if short else term.value
    return str(term.value) if isinstance(term, ox.Literal) else str(term)
