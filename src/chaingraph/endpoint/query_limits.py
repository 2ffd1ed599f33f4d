"""What a query may not be or ask for: it is refused by its text, before any parser sees it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from chaingraph.endpoint.engine import Operation, RefusedError
from chaingraph.errors import excerpt
from chaingraph.sparql.tokens import asks_another_endpoint, query_nesting, query_tokens
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from chaingraph.endpoint.limits import Limits

_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_CLAUSES = frozenset({"FILTER", "BIND", "OPTIONAL", "UNION", "MINUS", "GRAPH"})
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_PATH_OPERATORS = frozenset({"/", "|", "^"})
_SEPARATORS = frozenset({".", ";", ","})
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_REPEATED_SIGNS = re.compile(r"(?:[!^+*-]\s*){50}")


def check_query(operation: Operation, graphs: Collection[str], limits: Limits) -> None:
    """Refuse a query that is too long, too deep or too wide, or asks for what is not in the store.

    Args:
        operation: The query.
        graphs: The named graphs of the store: no other can be queried.
        limits: The limits.

    Raises:
        RefusedError: With status 400, or 413 where the text is too long, and the reason.
    """
    text = operation.text
    size = len(text.encode("utf-8", "replace"))
    if size > limits.request_bytes:
        raise RefusedError(413, f"the query has {size:,} bytes, expected at most {limits.request_bytes:,}")
    if _SURROGATE.search(text) or "\0" in text:
        raise RefusedError(400, "the query holds a null character or half of a character pair, which is no text")
    tokens = [token for token in query_tokens(text) if token[0] != "#"]
    if query_nesting(text) > limits.depth or _REPEATED_SIGNS.search(text):
        raise RefusedError(400, f"the query nests brackets, or repeats signs, more than {limits.depth} deep")
    if asks_another_endpoint(text):
        reason = (
            "the query has a SERVICE clause, which is refused: nothing is asked of the network"
            " (outside of texts, addresses and the local parts of names the word is not accepted at all)"
        )
        raise RefusedError(400, reason)
    keyword = _first_keyword(tokens)
    if keyword in _UPDATES:
        raise RefusedError(400, f"this endpoint is read-only: {keyword} is refused, and nothing is loaded or changed")
    patterns = pattern_count(tokens)
    if patterns > limits.patterns:
        raise RefusedError(
            400, f"the query has about {patterns:,} triple patterns, expected at most {limits.patterns:,}"
        )
    for graph in (*operation.default_graphs, *operation.named_graphs, *graph_names(tokens, operation.base)):
        if graph not in graphs:
            hint = "" if graphs else ": leave FROM and the graph parameters out, all is in the default graph"
            reason = f"the graph {excerpt(graph, 200)} is not in this store, and nothing is fetched{hint}"
            raise RefusedError(400, reason)


def _first_keyword(tokens: Sequence[str]) -> str:
    """Return the keyword that says what a text does: the first after PREFIX and BASE."""
    position = 0
    while position < len(tokens):
        word = tokens[position].upper()
        if word not in {"PREFIX", "BASE", "VERSION"}:
            return word
        position += 3 if word == "PREFIX" else 2
    return ""


def pattern_count(tokens: Sequence[str]) -> int:
    """Return about how many triple patterns a query has, from its tokens; rather more than fewer.

    Counted are the ends of triples, the steps of paths, and the neighbours in a collection. The rows of VALUES and the
    arguments of functions count nothing.

    >>> pattern_count("SELECT * { ?a ?b ?c . ?c ?d 1 , 2 ; ?e 3 }".split())
    4
    >>> pattern_count("ASK { VALUES ?b { 7 8 9 } ?a p / q ?b FILTER ( ?b IN ( 1 , 2 , 3 ) ) }".split())
    3
    """
    count = 0
    brackets: list[str] = []
    previous = ""
    for token in _without_values(tokens):
        if token in _OPENING:
            count += token == "[" or (token == "{" and _is_term(previous))
            brackets.append(token)
        elif token in _CLOSING:
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


def _without_values(tokens: Sequence[str]) -> Iterator[str]:
    """Return the tokens without the blocks of VALUES, which hold no brace of their own."""
    in_values = False
    for token in tokens:
        if token.upper() == "VALUES":
            in_values = True
        if not in_values:
            yield token
        if token == "}":
            in_values = False


def _is_term(token: str) -> bool:
    first = token[:1]
    return first in {"?", "$", '"', "'"} or (first == "<" and len(token) > 2) or first.isdigit() or ":" in token


def graph_names(tokens: Sequence[str], base: str | None) -> Iterator[str]:
    """Return the graphs that FROM and FROM NAMED name: in full where prefix or base are clear, else as in the text.

    >>> list(graph_names("SELECT * FROM <http://a> FROM NAMED <b> { ?from ?b FROM }".split(), "http://c/"))
    ['http://a', 'http://c/b', '}']
    """
    prefixes = dict(PREFIXES)
    for position, token in enumerate(tokens):
        word = token.upper()
        following = [*tokens[position + 1 : position + 3], "", ""]
        if word == "PREFIX":
            prefixes[following[0].removesuffix(":")] = _resolve(base, following[1])
        elif word == "BASE":
            base = _resolve(base, following[0])
        elif word == "FROM":
            name = following[1] if following[0].upper() == "NAMED" else following[0]
            prefix, colon, local = name.partition(":")
            if colon and not name.startswith("<"):
                yield prefixes.get(prefix, f"{prefix}:") + local
            else:
                yield _resolve(base, name)


def _resolve(base: str | None, reference: str) -> str:
    """Return the address in a pair of angle brackets in full, or as it is where urllib cannot resolve it."""
    address = reference.removeprefix("<").removesuffix(">")
    try:
        return urljoin(base, address) if base and reference.startswith("<") else address
    except ValueError:
        return address
