"""What the rows of a SELECT query can be, told by its tokens: which variables every row binds, and to what.

What the tokens leave open is expected of no row, so that no true answer is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from chaingraph.sparql.tokens import CLOSING, OPENING, query_nesting, query_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Kinds = frozenset[str]
"""Kinds of terms, by their names in SPARQL's JSON; ``count`` is a whole number from 0."""

_IRI: Kinds = frozenset({"uri"})
_NODE: Kinds = frozenset({"uri", "bnode"})
COUNT: Kinds = frozenset({"count"})
TERM: Kinds = frozenset({"uri", "bnode", "literal"})
_ENDS_OF_TRIPLES = frozenset(
    {".", "}", "{", "FILTER", "OPTIONAL", "UNION", "MINUS", "GRAPH", "BIND", "VALUES", "SERVICE", ""}
)
_PLAIN_PATH = frozenset("/|+")
_DEEPEST = 100
"""How deep the brackets may nest that are read here."""
_TRUTHS = frozenset({"TRUE", "FALSE"})


@dataclass
class Expectation:
    """What rows bind: ``certain`` in each row, and the ``kinds`` of terms that a variable can have where it is bound.

    A variable without an entry in ``kinds`` is never bound.
    """

    certain: set[str] = field(default_factory=set)
    kinds: dict[str, Kinds] = field(default_factory=dict)

    def bind(self, variable: str, kinds: Kinds) -> None:
        """Add a variable that each row binds."""
        self.join(Expectation({variable}, {variable: kinds}))

    def join(self, other: Expectation, *, optional: bool = False) -> None:
        """Add what each row binds as well, or may bind."""
        for variable, kinds in other.kinds.items():
            own = self.kinds.get(variable)
            if own is None:
                self.kinds[variable] = kinds
            elif variable not in self.certain:
                is_certain = variable in other.certain and not optional
                self.kinds[variable] = kinds if is_certain else own | kinds
            elif variable in other.certain and not optional:
                self.kinds[variable] = own & kinds
        if not optional:
            self.certain |= other.certain

    def unite(self, other: Expectation) -> None:
        """Add rows that may be these instead."""
        self.certain &= other.certain
        for variable, kinds in other.kinds.items():
            self.kinds[variable] = self.kinds.get(variable, frozenset()) | kinds


class _UnclearError(Exception):
    """The tokens are none of those that are read here."""


@lru_cache(maxsize=512)
def expected_rows(query: str) -> Expectation | None:
    """Return what the rows of a SELECT query can be, or None where its tokens leave that open.

    >>> pattern = "{ ?s a ?c OPTIONAL { ?s rdfs:label ?l } }"
    >>> expected = expected_rows(f"SELECT ?s ?l (COUNT(*) AS ?n) {pattern} GROUP BY ?s ?l")
    >>> sorted(expected.certain), sorted(expected.kinds["s"]), sorted(expected.kinds["n"])
    (['n', 's'], ['bnode', 'uri'], ['count'])
    """
    if query_nesting(query) > _DEEPEST:
        return None
    reader = _Reader([token for token in query_tokens(query) if token[0] != "#"])
    try:
        reader.skip_prologue()
        return reader.selection()
    except _UnclearError:
        return None


def _is_name(token: str) -> bool:
    """Tell whether a token is an IRI, in full or with a prefix."""
    return (token[0] == "<" and token[-1] == ">") or (token[0] not in "\"'<" and ":" in token)


class _Reader:
    """Reads the tokens of a query from left to right."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._place = 0

    @property
    def _next(self) -> str:
        """The next token, keywords in capitals; empty at the end."""
        token = self._tokens[self._place] if self._place < len(self._tokens) else ""
        return token.upper() if token.isalpha() and token != "a" else token

    def _take(self, *expected: str) -> str:
        token = self._next
        if not token or (expected and token not in expected):
            raise _UnclearError
        self._place += 1
        return token

    def skip_prologue(self) -> None:
        """Pass over the declarations of prefixes and of a base."""
        while self._next in {"PREFIX", "BASE"}:
            self._place += 3 if self._next == "PREFIX" else 2

    def selection(self) -> Expectation:
        """Read a SELECT query to the end of its clauses, and return what it selects."""
        self._take("SELECT")
        if self._next in {"DISTINCT", "REDUCED"}:
            self._take()
        names: list[str] = []
        expressions: dict[str, list[str]] = {}
        while self._next not in {"WHERE", "{", "FROM"}:
            if self._next == "(":
                *expression, _, variable = self._brackets()
                expressions[variable[1:]] = expression
            else:
                names.append(self._take()[1:])
        while self._next != "{":
            self._take()
        rows = self._group()
        self._clauses_after(rows)
        if names == [""]:
            names = list(rows.kinds)
        selected = Expectation(
            {name for name in names if name in rows.certain}, {name: rows.kinds.get(name, TERM) for name in names}
        )
        for name, expression in expressions.items():
            if expression[0].upper() == "COUNT" and expression.index(")") == len(expression) - 1:
                selected.bind(name, COUNT)
            else:
                selected.kinds[name] = TERM
        return selected

    def _clauses_after(self, rows: Expectation) -> None:
        """Read what follows the pattern of a query, up to its end; VALUES bind variables there too."""
        while self._next not in {"", "}"}:
            if self._next == "VALUES":
                rows.join(self._values())
            elif self._next in OPENING:
                self._brackets()
            else:
                self._take()

    def _brackets(self) -> list[str]:
        """Pass over brackets with all that is in them, and return that."""
        start, depth = self._place + 1, 0
        while True:
            token = self._take()
            depth += (token in OPENING) - (token in CLOSING)
            if depth == 0:
                return list(self._tokens[start : self._place - 1])

    def _group(self) -> Expectation:
        """Read a group in braces, and return what its rows can be."""
        self._take("{")
        if self._next == "SELECT":
            rows = self.selection()
            self._take("}")
            return rows
        rows = Expectation()
        while self._next != "}":
            read = self._PARTS.get(self._next)
            if read is not None:
                read(self, rows)
            elif self._next == ".":
                self._take()
            else:
                self._triples(rows)
        self._take("}")
        return rows

    def _alternatives(self, rows: Expectation) -> None:
        alternatives = self._group()
        while self._next == "UNION":
            self._take()
            alternatives.unite(self._group())
        rows.join(alternatives)

    def _optional(self, rows: Expectation) -> None:
        self._take()
        rows.join(self._group(), optional=True)

    def _minus(self, _: Expectation) -> None:
        self._take()
        self._brackets()

    def _filter(self, _: Expectation) -> None:
        """Pass over a filter: words up to its brackets, and these."""
        self._take()
        while self._next not in OPENING:
            self._take()
        self._brackets()

    def _bind(self, rows: Expectation) -> None:
        self._take()
        *_, variable = self._brackets()
        rows.join(Expectation(set(), {variable[1:]: TERM}))

    def _graph(self, rows: Expectation) -> None:
        """Read a group of one graph; its name is open where a SELECT within does not have it, as in Oxigraph."""
        self._take()
        name = self._take()
        start = self._place
        group = self._group()
        if name[0] in "?$":
            has_selection = any(token.upper() == "SELECT" for token in self._tokens[start : self._place])
            rows.join(Expectation({name[1:]}, {name[1:]: _IRI}), optional=has_selection)
        rows.join(group)

    def _inline_values(self, rows: Expectation) -> None:
        rows.join(self._values())

    def _values(self) -> Expectation:
        self._take()
        names = self._brackets() if self._next == "(" else [self._take()]
        is_certain = "UNDEF" not in (token.upper() for token in self._brackets())
        kinds = {name[1:]: TERM for name in names}
        return Expectation(set(kinds) if is_certain else set(), kinds)

    _PARTS: ClassVar[dict[str, Callable[[_Reader, Expectation], None]]] = {
        "{": _alternatives,
        "OPTIONAL": _optional,
        "MINUS": _minus,
        "FILTER": _filter,
        "BIND": _bind,
        "GRAPH": _graph,
        "VALUES": _inline_values,
    }

    def _triples(self, rows: Expectation) -> None:
        """Read the triples of one subject."""
        is_node = self._next in {"[", "("}
        subject = self._term(rows)
        if not is_node or self._next not in _ENDS_OF_TRIPLES:
            self._properties(rows, subject)

    def _properties(self, rows: Expectation, subject: str) -> None:
        """Read pairs of a property and objects, up to what cannot be in them."""
        while True:
            self._property(rows, subject)
            while self._next == ";":
                self._take()
            if self._next in _ENDS_OF_TRIPLES or self._next == "]":
                return
            if self._tokens[self._place - 1] != ";":
                raise _UnclearError

    def _property(self, rows: Expectation, subject: str) -> None:
        if self._next[:1] in {"?", "$"}:
            rows.bind(self._take()[1:], _IRI)
            is_forward = True
        else:
            is_forward = _PLAIN_PATH.issuperset(self._path())
        if subject[0] in "?$":
            rows.bind(subject[1:], _NODE if is_forward else TERM)
        while True:
            value = self._term(rows)
            if value[0] in "?$":
                rows.bind(value[1:], TERM)
            if self._next != ",":
                return
            self._take()

    def _path(self) -> set[str]:
        """Pass over a property path, and return the signs in it."""
        signs: set[str] = set()
        while True:
            while self._next in {"^", "!"}:
                signs.add(self._take())
            if self._next == "(":
                signs |= {"(", *self._brackets()}
            elif not _is_name(self._next) and self._next != "a":
                raise _UnclearError
            else:
                self._take()
            while self._next in {"*", "+", "?"}:
                signs.add(self._take())
            if self._next not in {"/", "|"}:
                return signs
            signs.add(self._take())

    def _term(self, rows: Expectation) -> str:
        """Read a term, and return its first token; what is in brackets binds variables of its own."""
        first = self._take()
        if first in OPENING:
            self._node(rows, first)
        elif first in {"+", "-"}:
            self._take()
        elif first[0] in "\"'":
            if self._next == "^^":
                self._take()
                self._take()
            elif self._next[:1] == "@":
                self._take()
        elif not (first[0] in "?$" or first[0].isdigit() or first in _TRUTHS or _is_name(first)):
            raise _UnclearError
        return first

    def _node(self, rows: Expectation, opening: str) -> None:
        """Read the rest of a blank node with its properties, or of a list."""
        if opening == "[" and self._next != "]":
            self._properties(rows, opening)
        while opening == "(" and self._next != ")":
            value = self._term(rows)
            if value[0] in "?$":
                rows.bind(value[1:], TERM)
        self._take("]" if opening == "[" else ")")
