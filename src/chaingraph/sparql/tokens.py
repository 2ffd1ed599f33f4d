"""Limits on text from outside, applied before any parser sees it: how deep it nests, and what a query may ask for."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from chaingraph.errors import QueryError

_STRINGS = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*"""'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    rb'|"(?:[^"\\\n]|\\.)*"'
    rb"|'(?:[^'\\\n]|\\.)*'"
    rb'|<(?:[^<>"{}|^`\\\s]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>'
    rb"|\\\S"
    rb"|#[^\n\r]*",
    re.DOTALL,
)
_ESCAPE = r"\\[tbnrf\"'\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-]"
_NAME = rf"(?:(?:[\w:]|{_ESCAPED})(?:[\w:-]|{_ESCAPED}|\.(?=[\w:%\\.-]))*)?"
_TOKENS = re.compile(
    rf'''"""(?:[^"\\]|{_ESCAPE}|"(?!""))*"""'''
    rf"|'''(?:[^'\\]|{_ESCAPE}|'(?!''))*'''"
    rf'|"(?:[^"\\\n\r]|{_ESCAPE})*"'
    rf"|'(?:[^'\\\n\r]|{_ESCAPE})*'"
    r'|<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>'
    r"|#[^\n\r]*"
    r"|[?$]\w+"
    r"|@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*"
    rf"|(?:\w[\w.-]{{0,60}})?:{_NAME}"
    r"|\d+\.\d*[eE][+-]?\d+|\d*\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?"
    r"|\w+"
    r"|\^\^|&&|\|\||!=|<=|>=|<<|>>"
    r"|\S",
)
_SERVICE = re.compile("service", re.IGNORECASE)
_CLAUSE = re.compile(r"^[^:]*service|\.service", re.IGNORECASE)
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_STRAY_QUOTES = frozenset("\"'\\")
_MAY_CONTAIN_THE_WORD = frozenset("\"'<#?$")
_PLAIN_ADDRESS = re.compile(r"<[^'#)\\]*>")
_DEEPEST_QUERY = 100
_STEPS = np.array([(symbol in b"([{") - (symbol in b")]}") for symbol in range(256)], dtype=np.int8)
"""By byte: the change of the depth."""


def refuse_unsafe(query: str) -> None:
    """Refuse a query that asks the network, or nests deeper than a parser can bear.

    Raises:
        QueryError: It has a SERVICE clause, or more than 100 brackets inside each other.
    """
    if asks_another_endpoint(query):
        message = (
            "the query has a SERVICE clause, which is refused: nothing is asked of the network; leave the clause out"
        )
        raise QueryError(message)
    if query_nesting(query) > _DEEPEST_QUERY:
        message = f"the query nests brackets more than {_DEEPEST_QUERY} deep; write it flatter"
        raise QueryError(message)


def nesting(content: bytes) -> int:
    """Return how deep brackets nest, without those inside strings, IRIs and comments.

    >>> nesting(b'[ a ( b ) ]'), nesting(b'"((((" .')
    (2, 0)
    """
    if _depth(content) == 0:
        return 0
    return _depth(_STRINGS.sub(b" ", content))


def _depth(content: bytes) -> int:
    symbols = np.frombuffer(content, dtype=np.uint8)
    steps = _STEPS[symbols]
    for pair, step in ((b"<<", 1), (b">>", -1)):
        if pair not in content:
            continue
        doubles = np.flatnonzero((symbols[:-1] == pair[0]) & (symbols[1:] == pair[0]))
        steps[doubles] = step
    return int(np.cumsum(steps, dtype=np.int64).max(initial=0))


def query_nesting(query: str) -> int:
    """Return how deep the brackets of a SPARQL query nest, by its bytes or by its tokens, whichever is more.

    >>> query_nesting("ASK { ?a ?b [ ?c (1) ] FILTER (?a < 3) }")
    3
    """
    depth = deepest = 0
    for token in query_tokens(query):
        if token in _OPENING or token == "<<":
            depth += 1
            deepest = max(deepest, depth)
        elif token in _CLOSING or token == ">>":
            depth = max(0, depth - 1)
    return max(deepest, nesting(query.encode("utf-8", "replace")))


@lru_cache(maxsize=2)
def query_tokens(query: str) -> tuple[str, ...]:
    """Return the tokens of a SPARQL query by its grammar, comments among them.

    The time is linear in the length, whatever the text is; therefore a prefix has at most 61 characters here.

    >>> query_tokens('ASK { ex:a-b <p#> "#" } # end')
    ('ASK', '{', 'ex:a-b', '<p#>', '"#"', '}', '# end')
    """
    return tuple(_TOKENS.findall(query))


def asks_another_endpoint(query: str) -> bool:
    """Tell whether a SPARQL query has, or can be parsed to have, a SERVICE clause.

    The word is harmless in strings, IRIs, comments, variables and after the colon of a prefixed name. Everywhere else
    it counts as the clause, even inside a longer word: a parser may read ``trueSERVICE`` as two words. Where ``<`` can
    be the comparison or begin an IRI, so that it is open what is a string, the answer is True too.

    >>> asks_another_endpoint("SELECT * { SERVICE <http://a> { } }")
    True
    >>> asks_another_endpoint('ASK { ?service ?p "SERVICE" }')
    False
    """
    if _SERVICE.search(query) is None:
        return False
    brackets: list[str] = []
    before = ""
    for token in query_tokens(query):
        first = token[0]
        if token in _OPENING:
            brackets.append(token)
        elif token in _CLOSING:
            del brackets[-1:]
        elif first == "<" and len(token) > 2:
            in_parenthesis = bool(brackets) and brackets[-1] == "("
            if in_parenthesis and _is_operand(before) and not _PLAIN_ADDRESS.fullmatch(token):
                return True
        elif token in _STRAY_QUOTES or (first not in _MAY_CONTAIN_THE_WORD and _CLAUSE.search(token)):
            return True
        if first != "#":
            before = token
    return False


def _is_operand(token: str) -> bool:
    return token not in _OPENING and (
        token in _CLOSING or token[:1] in "?$\"'<@" or token[:1].isalnum() or ":" in token
    )
