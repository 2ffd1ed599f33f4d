"""The tokens of a SPARQL query, read once from left to right, and what they tell before any parser sees the text.

Every limit on queries is counted in these tokens, in the command as in the endpoint: :mod:`chaingraph.sparql.limits`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

OPENING: Final = frozenset("([{")
CLOSING: Final = frozenset(")]}")
_PAIRS = {")": "(", "]": "[", "}": "{", ">>": "<<"}
_STRING = {"'": re.compile(r"[^'\\\n\r]*"), '"': re.compile(r'[^"\\\n\r]*')}
_LONG_STRING = {"'": re.compile(r"[^'\\]*"), '"': re.compile(r'[^"\\]*')}
_ADDRESS = re.compile(r'[^<>"{}|^`\\\x00-\x20]*')
_LINE = re.compile(r"[^\n\r]*")
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"\w*")
_PREFIX = re.compile(r"[\w.-]*")
_LOCAL = re.compile(r"[\w:.-]*")
_TAG = re.compile(r"[a-zA-Z0-9-]*")
_DIGITS = re.compile(r"[0-9]*")
_DECIMAL = frozenset("0123456789")
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
_LOCAL_ESCAPES = frozenset("_~.!$&'()*+,;=/?#@%-")
_PAIRED_SIGNS = frozenset(("^^", "&&", "||", "!=", "<=", ">=", "<<", ">>"))
_TRUTHS = ("true.", "false.")

_SERVICE = re.compile("service", re.IGNORECASE)
_CLAUSE = re.compile(r"^[^:]*service|\.service", re.IGNORECASE)
_STRAY = frozenset("\"'\\")
_MAY_CONTAIN_THE_WORD = frozenset("\"'<#?$")
_PLAIN_ADDRESS = re.compile(r"<[^'#()\[\]\\]*>")


class Lexer:
    """A text that is read once; ``steps`` counts the characters that were looked at, some of them twice.

    Each of the patterns above repeats one class of characters and matches always, so that a match looks at the
    characters that it takes and one more.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.steps = 0
        self._without_colon = 0

    def tokens(self) -> Iterator[tuple[int, str]]:
        """Yield each token with its position; after the quote of a string without end, all the rest is one token."""
        position, length = self._run(_SPACE, 0), len(self.text)
        while position < length:
            end = self._string_end(position) if self.text[position] in _STRING else self._end(position)
            if end is None:
                yield position, self.text[position]
                position, end = position + 1, length
            if position < end:
                yield position, self.text[position:end]
            position = self._run(_SPACE, end)

    def _run(self, pattern: re.Pattern[str], start: int) -> int:
        match = pattern.match(self.text, start)
        assert match is not None
        self.steps += match.end() - start + 1
        return match.end()

    def _end(self, start: int) -> int:
        text = self.text
        first = text[start]
        if first == "#":
            return self._run(_LINE, start)
        if first == "<":
            end = self._address_end(start + 1)
            if end is not None:
                return end
        elif first in "?$":
            return self._run(_WORD, start + 1)
        elif first == "@":
            return self._run(_TAG, start + 1)
        elif first in ":_" or first.isalnum():
            return self._name_end(start)
        elif first == "." and text[start + 1 : start + 2] in _DECIMAL:
            return self._number_end(start)
        return start + (2 if text[start : start + 2] in _PAIRED_SIGNS else 1)

    def _string_end(self, start: int) -> int | None:
        """Return the end of a string, or None where it has none."""
        quote = self.text[start]
        is_long = self.text.startswith(quote * 3, start)
        pattern, closing = (_LONG_STRING[quote], quote * 3) if is_long else (_STRING[quote], quote)
        end = self._run(pattern, start + len(closing))
        while end < len(self.text):
            if self.text[end] == "\\":
                end += 2
            elif self.text.startswith(closing, end):
                return end + len(closing)
            elif is_long:
                end += 1
            else:
                return None
            end = self._run(pattern, end)
        return None

    def _address_end(self, start: int) -> int | None:
        """Return the end of an IRI, or None where the sign before it begins none."""
        text, end = self.text, self._run(_ADDRESS, start)
        while text[end : end + 1] == "\\" and text[end + 1 : end + 2] in {"u", "U"}:
            end = self._run(_ADDRESS, end + 2)
        return end + 1 if text[end : end + 1] == ">" else None

    def _name_end(self, start: int) -> int:
        """Return the end of a name with a prefix, of a number, or of a word."""
        text = self.text
        if text[start] in _DECIMAL:
            return self._number_end(start)
        # Texts such as a.a.a.a are looked at once for a colon, not once from each point on.
        if start >= self._without_colon and not text.startswith(_TRUTHS, start):
            end = self._run(_PREFIX, start)
            if text[end : end + 1] == ":":
                return self._local_end(end + 1)
            self._without_colon = end
        return self._run(_WORD, start)

    def _local_end(self, start: int) -> int:
        text, end = self.text, start
        if text[start : start + 1] in {"-", "."}:
            return start
        while True:
            end = self._run(_LOCAL, end)
            sign, escaped = text[end : end + 1], text[end + 1 : end + 3]
            if sign == "\\" and escaped[:1] in _LOCAL_ESCAPES and escaped:
                end += 2
            elif sign == "%" and len(escaped) == 2 and _HEXADECIMAL.issuperset(escaped):
                end += 3
            else:
                break
        while text[end - 1] == "." and end > start and text[end - 2] != "\\":
            end -= 1
            self.steps += 1
        return end

    def _number_end(self, start: int) -> int:
        text, end = self.text, self._run(_DIGITS, start)
        if text[end : end + 1] == ".":
            fraction = self._run(_DIGITS, end + 1)
            has_exponent = self._exponent_end(fraction) > fraction
            end = fraction if fraction > end + 1 or has_exponent else end
        return self._exponent_end(end)

    def _exponent_end(self, start: int) -> int:
        text = self.text
        if text[start : start + 1] not in {"e", "E"}:
            return start
        digits = start + (2 if text[start + 1 : start + 2] in {"+", "-"} else 1)
        end = self._run(_DIGITS, digits)
        return end if end > digits else start


@lru_cache(maxsize=2)
def tokens_with_positions(query: str) -> tuple[tuple[int, str], ...]:
    """Return the tokens of a SPARQL query with their positions, comments among them."""
    return tuple(Lexer(query).tokens())


def query_tokens(query: str) -> tuple[str, ...]:
    """Return the tokens of a SPARQL query by its grammar, comments among them.

    The time is linear in the length, whatever the text is.

    >>> query_tokens('ASK { ex:a-b <p#> "#" } # end')
    ('ASK', '{', 'ex:a-b', '<p#>', '"#"', '}', '# end')
    """
    return tuple(token for _, token in tokens_with_positions(query))


def with_columns(query: str, names: Sequence[str]) -> str:
    """Return a ``SELECT *`` query with its columns listed, in the order in which the query first names them.

    Other queries are returned as they are. Oxigraph sorts the columns of ``*`` by name.

    Args:
        query: A query that has been parsed.
        names: Its columns, in any order.

    >>> with_columns("SELECT DISTINCT * { ?b ?p ?a }", ["a", "b", "p"])
    'SELECT DISTINCT ?b ?p ?a { ?b ?p ?a }'
    """
    tokens = [(start, token) for start, token in tokens_with_positions(query) if token[0] != "#"]
    words = [token.upper() for _, token in tokens]
    select = words.index("SELECT") if "SELECT" in words else len(words)
    star = select + 2 if words[select + 1 : select + 2] in (["DISTINCT"], ["REDUCED"]) else select + 1
    if words[star : star + 1] != ["*"] or not names:
        return query
    places = {token[1:]: place for place, (_, token) in reversed(list(enumerate(tokens))) if token[0] in "?$"}
    columns = sorted(names, key=lambda name: (places.get(name, len(tokens)), name))
    start = tokens[star][0]
    return query[:start] + " ".join(f"?{name}" for name in columns) + query[start + 1 :]


def query_nesting(query: str) -> int:
    """Return how deep the brackets of a SPARQL query nest; where that is open, the number of all its opening brackets.

    It is open where a parser may read other tokens than these (see :func:`asks_another_endpoint`).

    >>> query_nesting("ASK { ?a ?b [ ?c (1) ] FILTER (?a < 3) }")
    3
    >>> query_nesting("ASK { ?a ?b '((((' } # }}}")
    1
    """
    tokens = query_tokens(query)
    if any(_ambiguous(tokens)):
        return sum(map(query.count, ("(", "[", "{", "<<")))
    brackets: list[str] = []
    deepest = 0
    for token in tokens:
        if token in OPENING or token == "<<":
            brackets.append(token)
            deepest = max(deepest, len(brackets))
        elif brackets and _PAIRS.get(token) == brackets[-1]:
            brackets.pop()
    return deepest


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
    tokens = query_tokens(query)
    return any(_ambiguous(tokens)) or any(
        token[0] not in _MAY_CONTAIN_THE_WORD and _CLAUSE.search(token) for token in tokens
    )


def _ambiguous(tokens: Sequence[str]) -> Iterator[str]:
    """Yield the tokens after which a parser may read others than these.

    These are a quote or a backslash alone, and an address with brackets, quotes or the sign of a comment where ``<``
    can also compare: after an operand, within parentheses. In the rows of VALUES nothing is compared.
    """
    brackets: list[str] = []
    before = ""
    for token in without_values(tokens):
        first = token[0]
        if token in OPENING:
            brackets.append(token)
        elif token in CLOSING:
            del brackets[-1:]
        elif token in _STRAY or (brackets and brackets[-1] == "(" and _is_operand(before) and _hides(token)):
            yield token
        if first != "#":
            before = token


def _hides(token: str) -> bool:
    """Tell whether a token is an address with what would be brackets, quotes or a comment if it were none."""
    return token[0] == "<" and len(token) > 2 and _PLAIN_ADDRESS.fullmatch(token) is None


def without_values(tokens: Sequence[str]) -> Iterator[str]:
    """Yield the tokens without the blocks of VALUES, which hold no brace of their own.

    >>> list(without_values(query_tokens("ASK { VALUES (?a) { (1) } ?a ?b 2 }")))
    ['ASK', '{', '?a', '?b', '2', '}']
    """
    in_values = False
    for token in tokens:
        in_values = in_values or token.upper() == "VALUES"
        if not in_values:
            yield token
        in_values = in_values and token != "}"


def _is_operand(token: str) -> bool:
    return token not in OPENING and (token in CLOSING or token[:1] in "?$\"'<@" or token[:1].isalnum() or ":" in token)
