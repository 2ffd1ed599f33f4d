"""What a query may not be or ask for: it is refused by its text, before any parser sees it.

A child process does that too, under the deadline: its parent reads no query. So this imports no more than it must.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from chaingraph.errors import QueryError, excerpt
from chaingraph.messages import tr
from chaingraph.sparql.limits import QueryLimits, refuse_depth, refuse_large, refuse_service
from chaingraph.sparql.tokens import query_tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from chaingraph.endpoint.workers.query_worker import QueryRequest

_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class QueryRefusedError(QueryError):
    """A query that is not answered, with the HTTP status that says why."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


def check_query(request: QueryRequest, graphs: Collection[str]) -> None:
    """Refuse a query that is too long, too deep or too wide, or asks for what is not in the store.

    Args:
        request: The query, and the limits.
        graphs: The named graphs of the store: no other can be queried.

    Raises:
        QueryRefusedError: With status 400, or 413 where the text is too long, and the reason.
    """
    text = request["text"]
    limits = QueryLimits(**request["limits"])
    size = len(text.encode("utf-8", "replace"))
    if size > limits.size:
        raise QueryRefusedError(
            413, tr("the query has {size:,} bytes, expected at most {limit:,}", size=size, limit=limits.size)
        )
    if _SURROGATE.search(text) or "\0" in text:
        raise QueryRefusedError(
            400, tr("the query holds a null character or half of a character pair, which is no text")
        )
    tokens = [token for token in query_tokens(text) if token[0] != "#"]
    keyword = _first_keyword(tokens)
    try:
        refuse_depth(text, limits.depth)
        refuse_service(text)
        if keyword not in _UPDATES:
            refuse_large(text, limits)
    except QueryError as error:
        raise QueryRefusedError(400, str(error)) from error
    if keyword in _UPDATES:
        reason = tr(
            "this endpoint is read-only: {keyword} is refused, and nothing is loaded or changed", keyword=keyword
        )
        raise QueryRefusedError(400, reason)
    named = graph_names(tokens, request["base"], request["prefixes"])
    for graph in (*(request["default_graphs"] or ()), *(request["named_graphs"] or ()), *named):
        if graph not in graphs:
            hint = "" if graphs else ": leave FROM and the graph parameters out, all is in the default graph"
            reason = tr(
                "the graph {graph} is not in this store, and nothing is fetched{hint}",
                graph=excerpt(graph, 200),
                hint=hint,
            )
            raise QueryRefusedError(400, reason)


def _first_keyword(tokens: Sequence[str]) -> str:
    """Return the keyword that says what a text does: the first after PREFIX and BASE."""
    position = 0
    while position < len(tokens):
        word = tokens[position].upper()
        if word not in {"PREFIX", "BASE", "VERSION"}:
            return word
        position += 3 if word == "PREFIX" else 2
    return ""


def graph_names(tokens: Sequence[str], base: str | None, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Return the graphs that FROM and FROM NAMED name: in full where prefix or base are clear, else as in the text.

    >>> list(graph_names("SELECT * FROM <http://a> FROM NAMED <b> { ?from ?b FROM }".split(), "http://c/", {}))
    ['http://a', 'http://c/b', '}']
    """
    prefixes = dict(prefixes)
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
