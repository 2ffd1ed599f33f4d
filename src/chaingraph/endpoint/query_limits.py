"""What a query may not be or ask for: the only place that refuses one by its text, before any parser sees it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from chaingraph.endpoint.workers.engine import Operation, Refused
from chaingraph.errors import shown
from chaingraph.sparql.tokens import asks_another_endpoint, query_nesting, query_tokens
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from chaingraph.endpoint.limits import Settings

_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_CLAUSES = frozenset({"FILTER", "BIND", "OPTIONAL", "UNION", "MINUS", "GRAPH"})
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_JOINING = frozenset({"/", "|", "^"})
_SEPARATORS = frozenset({".", ";", ","})
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")
_REPEATED = re.compile(r"(?:[!^+*-]\s*){50}")


def refuse(operation: Operation, graphs: Collection[str], settings: Settings) -> None:
    """Refuse a query that is too long, too deep or too wide, or asks for what is not in the store.

    Args:
        operation: The query.
        graphs: The named graphs of the store: nothing else can be asked from.
        settings: The limits.

    Raises:
        Refused: With status 400, or 413 where the text is too long, and the reason.
    """
    text = operation.text
    size = len(text.encode("utf-8", "replace"))
    if size > settings.text:
        raise Refused(413, f"the query has {size:,} bytes, expected at most {settings.text:,}")
    if _HALF_PAIR.search(text) or "\0" in text:
        raise Refused(400, "the query holds a null character or half of a character pair, which is no text")
    tokens = [token for token in query_tokens(text) if token[0] != "#"]
    if query_nesting(text) > settings.depth or _REPEATED.search(text):
        raise Refused(400, f"the query nests brackets, or repeats signs, more than {settings.depth} deep")
    if asks_another_endpoint(text):
        reason = (
            "the query has a SERVICE clause, which is refused: nothing is asked of the network"
            " (outside of texts, addresses and the local parts of names the word is not accepted at all)"
        )
        raise Refused(400, reason)
    word = _operation_word(tokens)
    if word in _UPDATES:
        raise Refused(400, f"this endpoint is read-only: {word} is refused, and nothing is loaded or changed")
    patterns = patterns_in(tokens)
    if patterns > settings.patterns:
        raise Refused(400, f"the query has about {patterns:,} triple patterns, expected at most {settings.patterns:,}")
    for graph in (*operation.default_graphs, *operation.named_graphs, *graphs_in(tokens, operation.base)):
        if graph not in graphs:
            hint = "" if graphs else ": leave FROM and the graph parameters out, all is in the default graph"
            reason = f"the graph {shown(graph, 200)} is not in this store, and nothing is fetched{hint}"
            raise Refused(400, reason)


def _operation_word(tokens: Sequence[str]) -> str:
    """Return the word that says what a text does: the first after PREFIX and BASE."""
    position = 0
    while position < len(tokens):
        word = tokens[position].upper()
        if word not in {"PREFIX", "BASE", "VERSION"}:
            return word
        position += 3 if word == "PREFIX" else 2
    return ""


def patterns_in(tokens: Sequence[str]) -> int:
    """Return about how many triple patterns a query has, from its tokens; rather more than fewer.

    Counted are the ends of triples, the steps of paths, and what stands side by side in a collection. The rows of
    VALUES and the arguments of functions count nothing.

    >>> patterns_in("SELECT * { ?a ?b ?c . ?c ?d 1 , 2 ; ?e 3 }".split())
    4
    >>> patterns_in("ASK { VALUES ?b { 7 8 9 } ?a p / q ?b FILTER ( ?b IN ( 1 , 2 , 3 ) ) }".split())
    3
    """
    count = 0
    inside: list[str] = []
    before = ""
    for token in _without_data(tokens):
        if token in _OPENING:
            count += token == "[" or (token == "{" and _is_term(before))
            inside.append(token)
        elif token in _CLOSING:
            count += token == "}" and before not in {"", "{", "}", "."}
            del inside[-1:]
        elif token in _JOINING or token.upper() in _CLAUSES:
            count += 1
        elif inside and inside[-1] == "(":
            count += 2 * (_is_term(token) and _is_term(before))
        else:
            count += bool(inside) and token in _SEPARATORS
        before = token
    return count


def _without_data(tokens: Sequence[str]) -> Iterator[str]:
    """Return the tokens without the blocks of VALUES, which hold no brace of their own."""
    left_out = False
    for token in tokens:
        if token.upper() == "VALUES":
            left_out = True
        if not left_out:
            yield token
        if token == "}":
            left_out = False


def _is_term(token: str) -> bool:
    first = token[:1]
    return first in {"?", "$", '"', "'"} or (first == "<" and len(token) > 2) or first.isdigit() or ":" in token


def graphs_in(tokens: Sequence[str], base: str | None) -> Iterator[str]:
    """Return the graphs that FROM and FROM NAMED name, in full where that can be told, else as they stand.

    >>> list(graphs_in("SELECT * FROM <http://a> FROM NAMED <b> { ?from ?b FROM }".split(), "http://c/"))
    ['http://a', 'http://c/b', '}']
    """
    prefixes = dict(PREFIXES)
    for position, token in enumerate(tokens):
        word = token.upper()
        following = [*tokens[position + 1 : position + 3], "", ""]
        if word == "PREFIX":
            prefixes[following[0].removesuffix(":")] = _joined(base, following[1])
        elif word == "BASE":
            base = _joined(base, following[0])
        elif word == "FROM":
            named = following[1] if following[0].upper() == "NAMED" else following[0]
            prefix, colon, local = named.partition(":")
            if colon and not named.startswith("<"):
                yield prefixes.get(prefix, f"{prefix}:") + local
            else:
                yield _joined(base, named)


def _joined(base: str | None, address: str) -> str:
    """Return an address as it stands between its brackets, in full; what urllib cannot join stays as it is."""
    within = address.removeprefix("<").removesuffix(">")
    try:
        return urljoin(base, within) if base and address.startswith("<") else within
    except ValueError:
        return within
