"""SPARQL queries for an endpoint that is not ours: the only place that rewrites a query before it is sent.

A query gets the prefixes that only we know, and two of its expressions are spelt in the way that endpoints older than
the last word of SPARQL 1.1 understand as well. A selection can be counted, and taken page by page.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from chaingraph.errors import QueryError
from chaingraph.sparql.tokens import query_tokens
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_LANGUAGE_STRING = f"<{PREFIXES['rdf']}langString>"


@dataclass(frozen=True)
class Selection:
    """The parts of a SELECT query, in their order.

    ``prologue`` declares every prefix that is used, ``head`` is what stands before the data set, ``dataset`` its FROM
    clauses, ``pattern`` the rest up to the order, ``order`` the sort conditions; ``values`` tells that a VALUES clause
    ends the query.
    """

    prologue: str
    head: str
    dataset: str
    pattern: str
    order: str
    limit: int | None
    offset: int
    values: bool

    @property
    def whole(self) -> str:
        """The query as it was written, without prologue and data set."""
        limit = "" if self.limit is None else f" LIMIT {self.limit}"
        offset = f" OFFSET {self.offset}" if self.offset else ""
        return f"{self.head}\n{self.pattern}\n{self.order}\n{limit}{offset}"

    def count(self, *, distinct: bool = False) -> str:
        """Return a query for the number of rows, or of different rows, as ``?n``."""
        inner = f"SELECT DISTINCT * {{ {{ {self.whole} }} }}" if distinct else self.whole
        return f"{self.prologue}SELECT (COUNT(*) AS ?n) {self.dataset}\n{{ {{ {inner} }} }}"

    def page(self, names: Sequence[str], start: int, size: int, *, nested: bool = False) -> str:
        """Return a query for at most ``size`` rows from ``start`` on, in an order that all variables settle.

        With ``nested`` the order is made inside: some endpoints sort only so many rows where a limit stands beside it.

        Raises:
            QueryError: The query ends in a VALUES clause, so that it has no place for a limit.
        """
        if self.values:
            message = "the endpoint cut the answer, and a query that ends in VALUES cannot be taken page by page"
            raise QueryError(message)
        if self.limit is not None:
            size = min(size, self.limit - start)
        variables = " ".join(f"?{name}" for name in names)
        settled = _settled(self.order)
        more = " ".join(f"?{name}" for name in names if name not in settled)
        ordered = f"{self.pattern}\n{self.order or 'ORDER BY'} {more}"
        limits = f"LIMIT {size} OFFSET {self.offset + start}"
        if nested:
            return f"{self.prologue}SELECT {variables} {self.dataset}\n{{ {{ {self.head}\n{ordered}\n}} }}\n{limits}"
        return f"{self.prologue}{self.head}\n{self.dataset}\n{ordered}\n{limits}"


def phrased(query: str) -> str:
    r"""Return a query with the known prefixes that it does not declare, and spelt for older endpoints.

    >>> phrased("ASK { ?s cg:kind ?k }")
    'PREFIX cg: <https://w3id.org/chaingraph/ontology#>\nASK { ?s cg:kind ?k }'
    """
    prologue, body = _split(_respelt(query))
    return prologue + body


def selection(query: str) -> Selection:
    """Return the parts of a SELECT query.

    >>> found = selection("SELECT ?s FROM <a:g> { ?s ?p ?o } ORDER BY ?s LIMIT 5")
    >>> found.dataset, found.pattern.strip(), found.order.strip(), found.limit
    ('FROM <a:g>', '{ ?s ?p ?o }', 'ORDER BY ?s', 5)
    """
    prologue, body = _split(_respelt(query))
    cuts = _cuts(body)
    where = cuts["WHERE"]
    dataset = min(cuts.get("FROM", where), where)
    end = min([cuts[word] for word in ("LIMIT", "OFFSET", "VALUES") if word in cuts] or [len(body)])
    order = min(cuts.get("ORDER", end), end)
    numbers = {
        word: int(next(token for _, token in _placed(body[cuts[word] + len(word) :]) if token.isdigit()))
        for word in ("LIMIT", "OFFSET")
        if word in cuts
    }
    values = "VALUES" in cuts
    return Selection(
        prologue=prologue,
        head=body[:dataset],
        dataset=body[dataset:where].strip(),
        pattern=body[where : len(body) if values else order],
        order="" if values else body[order:end],
        limit=None if values else numbers.get("LIMIT"),
        offset=0 if values else numbers.get("OFFSET", 0),
        values=values,
    )


def construction(query: str) -> tuple[str, str]:
    """Return the template of a CONSTRUCT query and the SELECT query for what fills it.

    >>> construction("CONSTRUCT { ?s a ?c } WHERE { ?s ?p ?c } LIMIT 2")
    ('{ ?s a ?c }', 'SELECT * WHERE { ?s ?p ?c } LIMIT 2')
    """
    prologue, body = _split(query, own=True)
    placed = [(start, token) for start, token in _placed(body) if token[0] != "#"]
    opening = next(index for index, (_, token) in enumerate(placed) if token == "{")
    depth, closing = 0, opening
    for index in range(opening, len(placed)):
        depth += (placed[index][1] == "{") - (placed[index][1] == "}")
        if depth == 0:
            closing = index
            break
    template = body[placed[opening][0] : placed[closing][0] + 1]
    rest = body[placed[closing][0] + 1 :] if opening == 1 else body[placed[1][0] :]
    return template, f"{prologue}SELECT *{'' if rest[:1].isspace() else ' '}{rest}"


def prologue_of(query: str) -> str:
    """Return the declarations that a query opens with, and those of the known prefixes that it uses."""
    return _split(query)[0]


def _placed(query: str) -> Iterator[tuple[int, str]]:
    """Yield the tokens of a query, each with where it begins: between tokens there is only space."""
    position = 0
    for token in query_tokens(query):
        position = query.index(token, position)
        yield position, token
        position += len(token)


def _split(query: str, *, own: bool = False) -> tuple[str, str]:
    """Cut a query after its declarations, and with ``own`` False add those of the known prefixes that it uses."""
    placed = [(start, token) for start, token in _placed(query) if token[0] != "#"]
    declared: set[str] = set()
    index = 0
    while index + 1 < len(placed) and placed[index][1].upper() in {"PREFIX", "BASE"}:
        if placed[index][1].upper() == "PREFIX":
            declared.add(placed[index + 1][1].removesuffix(":"))
            index += 1
        index += 2
    start = placed[index][0] if index < len(placed) else len(query)
    used = {token.partition(":")[0] for _, token in placed[index:] if token[0] not in "<\"'" and ":" in token}
    missing = () if own else [name for name in PREFIXES if name in used - declared]
    known = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in missing)
    ends_in_comment = bool(query_tokens(query)) and query_tokens(query)[-1].startswith("#")
    return known + query[:start], query[start:].rstrip() + ("\n" if ends_in_comment else "")


def _cuts(body: str) -> dict[str, int]:
    """Return where the clauses of a SELECT query begin that stand outside all brackets."""
    found: dict[str, int] = {}
    depth = 0
    for start, token in _placed(body):
        word = token.upper()
        if token in _OPENING:
            if depth == 0 and token == "{":
                found.setdefault("WHERE", start)
            depth += 1
        elif token in _CLOSING:
            depth -= 1
        elif depth == 0 and word in {"FROM", "WHERE", "ORDER", "LIMIT", "OFFSET", "VALUES"}:
            found.setdefault(word, start)
    return found


def _settled(order: str) -> set[str]:
    """Return the variables that sort conditions compare as they are; some endpoints lose rows if one stands twice."""
    words = [token for _, token in _placed(order) if token[0] != "#"]
    found = set()
    depth = 0
    for index, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        alone = depth == 1 and words[index - 2].upper() in {"ASC", "DESC"} and words[index + 1] == ")"
        if word[0] in "?$" and (depth == 0 or alone):
            found.add(word[1:])
    return found


def _respelt(query: str) -> str:
    r"""Spell ``?v NOT IN (...)`` and ``DATATYPE(?v)`` in words that mean the same and that other endpoints know too.

    SPARQL 1.1 defines the first by ``!=`` and ``&&`` (section 17.4.1.10), and some endpoints overflow on it. SPARQL 1.0
    knew no datatype of a text with a language, and endpoints of that age give none.

    >>> _respelt("ASK { ?s ?p ?o FILTER (?o NOT IN (1, 'a'@en)) }")
    "ASK { ?s ?p ?o FILTER ((?o != 1 && ?o != 'a'@en)) }"
    """
    placed = [(start, token) for start, token in _placed(query) if token[0] != "#"]
    words = [token.upper() for _, token in placed]
    changes: list[tuple[int, int, str]] = []
    for index, word in enumerate(words):
        start, variable = placed[index]
        if word == "DATATYPE" and words[index + 1 : index + 4 : 2] == ["(", ")"]:
            variable, end = placed[index + 2][1], placed[index + 3][0] + 1
            said = f'IF(LANG({variable}) != "", {_LANGUAGE_STRING}, DATATYPE({variable}))'
            changes.append((start, end, said))
        named = word[0] in "?$" and words[index + 1 : index + 4] == ["NOT", "IN", "("]
        if named and words[index - 1] in {"(", "&&", "||"} and ")" in words[index:]:
            closing = words.index(")", index)
            commas = [position for position in range(index + 4, closing) if words[position] == ","]
            edges = [placed[position][0] for position in (index + 3, *commas, closing)]
            values = [query[left + 1 : right].strip() for left, right in pairwise(edges)]
            if "(" not in words[index + 4 : closing] and all(values):
                said = " && ".join(f"{variable} != {value}" for value in values)
                changes.append((start, edges[-1] + 1, f"({said})"))
    for start, end, text in reversed(changes):
        query = query[:start] + text + query[end:]
    return query
