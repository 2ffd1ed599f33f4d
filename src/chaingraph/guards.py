"""Limits on text from outside, applied before any parser sees it: how deep it nests, and what a query may ask for."""

from __future__ import annotations

import re

import numpy as np

_STRINGS = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*"""'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    rb'|"(?:[^"\\\n]|\\.)*"'
    rb"|'(?:[^'\\\n]|\\.)*'"
    rb'|<[^<>"{}|^`\\\s]*>'
    rb"|#[^\n]*",
    re.DOTALL,
)
_SERVICE = re.compile(rb"(?<![?$:\w])SERVICE(?![:\w])", re.IGNORECASE)


def nesting(content: bytes) -> int:
    """Return how deep brackets nest, not counting those inside strings, addresses and comments where that matters.

    >>> nesting(b'[ a ( b ) ]'), nesting(b'"((((" .')
    (2, 0)
    """
    if _depth(content) == 0:
        return 0
    return _depth(_STRINGS.sub(b" ", content))


def _depth(content: bytes) -> int:
    symbols = np.frombuffer(content, dtype=np.uint8)
    steps = np.zeros(len(symbols), dtype=np.int8)
    steps[np.isin(symbols, np.frombuffer(b"([{", dtype=np.uint8))] = 1
    steps[np.isin(symbols, np.frombuffer(b")]}", dtype=np.uint8))] = -1
    for pair, step in ((b"<<", 1), (b">>", -1)):
        twins = np.flatnonzero((symbols[:-1] == pair[0]) & (symbols[1:] == pair[0]))
        steps[twins] = step
    return int(np.cumsum(steps, dtype=np.int64).max(initial=0))


def asks_another_endpoint(query: str) -> bool:
    """Tell whether a SPARQL query has a SERVICE clause: the word outside strings, addresses, comments and names.

    >>> asks_another_endpoint("SELECT * { SERVICE <http://a> { } }")
    True
    >>> asks_another_endpoint('ASK { ?service ?p "SERVICE" }')
    False
    """
    return _SERVICE.search(_STRINGS.sub(b" ", query.encode("utf-8", "replace"))) is not None
