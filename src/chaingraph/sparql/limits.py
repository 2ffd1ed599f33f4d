"""How large a query may be: counted in its tokens, before any parser sees it; a parser that it brings down takes all.

What Oxigraph's parser and planner bear on a stack of 8 MB, measured: brackets 2,200 deep, 2,000 clauses such as MINUS
or BIND, 6,000 operators in one expression, 2,000 expressions of a SELECT. The limits lie well below.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from chaingraph.errors import QueryError, UsageError
from chaingraph.messages import tr
from chaingraph.sparql.tokens import (
    CLOSING,
    OPENING,
    asks_another_endpoint,
    query_nesting,
    query_tokens,
    without_values,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_CLAUSES = frozenset({"FILTER", "BIND", "OPTIONAL", "UNION", "MINUS", "GRAPH"})
_PATH_OPERATORS = frozenset({"/", "|", "^"})
_SEPARATORS = frozenset({".", ";", ",", "~"})
_OPERATORS = frozenset({"+", "-", "*", "/", "||", "&&", "!", "=", "!=", "<", ">", "<=", ">=", "|", "^", "AS", *OPENING})
_SIGNS = frozenset({"!", "^", "+", "*", "-"})
_MOST_SIGNS = 50
_MOST = {"size": 64 * 2**20, "depth": 500, "patterns": 1_000, "operators": 2_000}
"""How far each limit can be raised."""


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """How large a query may be.

    Args:
        size: Bytes of its text.
        depth: How deep its brackets may nest.
        patterns: Triple patterns, steps of paths, and clauses.
        operators: Operators, brackets, and terms outside all brackets; the rows of VALUES count nothing.

    Raises:
        UsageError: A limit is below 1, or so high that a parser may not bear what it allows.
    """

    size: int = 64 * 2**10
    depth: int = 100
    patterns: int = 200
    operators: int = 1_000

    def __post_init__(self) -> None:
        """Refuse limits under which nothing can be answered, or anything may happen."""
        for name, most in _MOST.items():
            if not 1 <= getattr(self, name) <= most:
                message = tr(
                    "the limit '{name}' is {value}, expected a number from 1 to {most:,}",
                    name=name,
                    value=getattr(self, name),
                    most=most,
                )
                raise UsageError(message)


def deadline_message(seconds: float) -> str:
    """Return that a query was stopped at its deadline, and what to try instead."""
    return tr(
        "the query took longer than {deadline:g} seconds and was stopped; start from one thing, take one step at a "
        "time (each in a subselect with DISTINCT), put a LIMIT into the innermost subselect, or ask an engine made for "
        "wide joins, such as Virtuoso (documentation: Ask a large graph)",
        deadline=seconds,
    )


def refuse_service(query: str) -> None:
    """Refuse a query that asks the network.

    Raises:
        QueryError: It has a SERVICE clause.
    """
    if asks_another_endpoint(query):
        message = tr(
            "the query has a SERVICE clause, which is refused: nothing is asked of the network; "
            "leave the clause out (outside of texts, addresses and the local parts of names the word "
            "is not accepted at all)"
        )
        raise QueryError(message)


def refuse_depth(query: str, limit: int) -> None:
    """Refuse a query that nests deeper than a parser can bear.

    Raises:
        QueryError: It nests brackets deeper than the limit, or repeats signs such as ``!`` 50 times.
    """
    tokens = (token for token in query_tokens(query) if token[0] != "#")
    signs = (len(list(run)) for is_sign, run in groupby(tokens, _SIGNS.__contains__) if is_sign)
    if query_nesting(query) > limit or max(signs, default=0) >= _MOST_SIGNS:
        message = tr(
            "the query nests brackets, or repeats signs, more than {limit} deep (the limit 'depth'); write it flatter",
            limit=limit,
        )
        raise QueryError(message)


def refuse_large(query: str, limits: QueryLimits) -> None:
    """Refuse a query that is larger than the limits.

    Raises:
        QueryError: It is too long, too deep, or has too many parts.
    """
    size = len(query.encode("utf-8", "replace"))
    if size > limits.size:
        message = tr(
            "the query has {size:,} bytes, expected at most {limit:,} (the limit 'size'); ask for less at once",
            size=size,
            limit=limits.size,
        )
        raise QueryError(message)
    refuse_depth(query, limits.depth)
    tokens = [token for token in query_tokens(query) if token[0] != "#"]
    for count, limit, parts, name in (
        (pattern_count(tokens), limits.patterns, tr("triple patterns"), "patterns"),
        (operator_count(tokens), limits.operators, tr("operators and brackets"), "operators"),
    ):
        if count > limit:
            message = tr(
                "the query has about {count:,} {parts}, expected at most {limit:,} (the limit '{name}'); "
                "ask for less at once",
                count=count,
                parts=parts,
                limit=limit,
                name=name,
            )
            raise QueryError(message)


def operator_count(tokens: Sequence[str]) -> int:
    """Return about how many operators and brackets a query has, and terms outside all brackets.

    >>> operator_count(query_tokens("SELECT (1 + 2 AS ?n) { VALUES ?x { 7 8 9 } FILTER (?x IN (1, 2)) }"))
    6
    >>> operator_count(query_tokens("DESCRIBE <http://a> <http://b>"))
    2
    """
    count = depth = 0
    for token in without_values(tokens):
        count += token.upper() in _OPERATORS or (depth == 0 and _is_name(token))
        depth += (token in OPENING) - (token in CLOSING)
    return count


def pattern_count(tokens: Sequence[str]) -> int:
    """Return about how many triple patterns a query has, from its tokens; rather more than fewer.

    Counted are the ends of triples, the steps of paths, the neighbours in a collection, and clauses. The rows of VALUES
    and the arguments of functions count nothing.

    >>> pattern_count("SELECT * { ?a ?b ?c . ?c ?d 1 , 2 ; ?e 3 }".split())
    4
    >>> pattern_count("ASK { VALUES ?b { 7 8 9 } ?a p / q ?b FILTER ( ?b IN ( 1 , 2 , 3 ) ) }".split())
    4
    """
    count = sum(token.upper() == "VALUES" for token in tokens)
    brackets: list[str] = []
    previous = ""
    for token in without_values(tokens):
        if token in OPENING:
            count += token == "[" or (token == "{" and _is_term(previous))
            brackets.append(token)
        elif token in CLOSING:
            count += token == "}" and previous not in {"", "{", "}", "."}
            del brackets[-1:]
        elif token in _PATH_OPERATORS or token.upper() in _CLAUSES:
            count += 1
        elif brackets and brackets[-1] == "(":
            count += 2 * (_is_term(token) and _is_term(previous))
        else:
            count += bool(brackets) and token in _SEPARATORS
        previous = token
    return count


def _is_term(token: str) -> bool:
    first = token[:1]
    return first in {"?", "$", '"', "'"} or (first == "<" and len(token) > 2) or first.isdigit() or ":" in token


def _is_name(token: str) -> bool:
    return (token[0] == "<" and len(token) > 2) or (token[0] not in "\"'?$" and ":" in token)
