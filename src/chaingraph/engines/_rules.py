"""The rules of the ontology as SQL over the lines of an N-Triples document: for graphs that are in no store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib.plugins.sparql import prepareQuery
from rdflib.term import URIRef, Variable

from chaingraph.errors import QueryError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdflib.term import Node

_TERMS = ("subject", "predicate", "object")


def rule_as_sql(text: str, triples: str) -> str:
    """Return a rule as a SELECT of the triples that it derives: ``subject``, ``predicate`` and ``object``.

    The rule is a CONSTRUCT of triple patterns without blank nodes, over IRIs and variables.

    Args:
        text: The rule in SPARQL.
        triples: The table of the triples of the graph, each term as N-Triples has it.

    >>> print(rule_as_sql("CONSTRUCT { ?x <urn:q> ?y } { ?y <urn:p> ?x }", "triples"))
    ... # doctest: +NORMALIZE_WHITESPACE
    SELECT t0.object AS subject, '<urn:q>' AS predicate, t0.subject AS object
    FROM (SELECT subject, object FROM triples WHERE predicate = '<urn:p>') AS t0

    Raises:
        QueryError: The rule is of another kind.
    """
    algebra = prepareQuery(text).algebra
    patterns = algebra.p.p.get("triples") if algebra.name == "ConstructQuery" and algebra.p.name == "Project" else None
    nodes = [node for triple in [*(patterns or ()), *(algebra.template or ())] for node in triple]
    if not patterns or not all(isinstance(node, URIRef | Variable) for node in nodes):
        message = tr("a rule that is no CONSTRUCT of triple patterns cannot run on an engine: {text}", text=text)
        raise QueryError(message)
    columns: dict[Node, str] = {}
    conditions: list[str] = []
    for number, triple in enumerate(patterns):
        for node, position in zip(triple, _TERMS, strict=True):
            column = f"t{number}.{position}"
            if isinstance(node, Variable) and columns.setdefault(node, column) != column:
                conditions.append(f"{columns[node]} = {column}")
    relations = ", ".join(_relation(triple, triples, f"t{number}") for number, triple in enumerate(patterns))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return " UNION ALL ".join(
        f"SELECT {_derived(triple, columns)} FROM {relations}{where}" for triple in algebra.template
    )


def _relation(triple: Sequence[Node], triples: str, name: str) -> str:
    """Return the triples that fit a pattern, a column for each variable."""
    terms = list(zip(_TERMS, triple, strict=True))
    columns = [position for position, node in terms if isinstance(node, Variable)]
    filters = [f"{position} = '<{node}>'" for position, node in terms if isinstance(node, URIRef)]
    where = f" WHERE {' AND '.join(filters)}" if filters else ""
    return f"(SELECT {', '.join(columns) or '1 AS present'} FROM {triples}{where}) AS {name}"


def _derived(triple: Sequence[Node], columns: dict[Node, str]) -> str:
    terms = [columns[node] if isinstance(node, Variable) else f"'<{node}>'" for node in triple]
    return ", ".join(f"{term} AS {position}" for term, position in zip(terms, _TERMS, strict=True))
