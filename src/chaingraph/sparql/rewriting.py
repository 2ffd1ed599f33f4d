"""SPARQL queries for other endpoints: rewriting them before they are sent.

A query gets the prefixes that it does not declare, and two of its expressions are replaced by equivalents that older
endpoints understand. A SELECT query can be turned into one that counts its rows, and into its pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from chaingraph.errors import QueryError
from chaingraph.messages import tr
from chaingraph.sparql.tokens import CLOSING, OPENING, query_tokens, tokens_with_positions
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        """The query without prologue and data set."""
        limit = "" if self.limit is None else f" LIMIT {self.limit}"
        offset = f" OFFSET {self.offset}" if self.offset else ""
        return f"{self.head}\n{self.pattern}\n{self.order}\n{limit}{offset}"

    def count(self, *, distinct: bool = False) -> str:
        """Return a query for the number of rows, or of different rows, as ``?n``."""
        inner = f"SELECT DISTINCT * {{ {{ {self.whole} }} }}" if distinct else self.whole
        return f"{self.prologue}SELECT (COUNT(*) AS ?n) {self.dataset}\n{{ {{ {inner} }} }}"

    def page(self, names: Sequence[str], start: int, size: int, *, nested: bool = False) -> str:
        """Return a query for at most ``size`` rows from ``start`` on, in an order of all variables.

        With ``nested`` the order is in a subquery: some endpoints sort only some rows where the same query has a limit.

        Raises:
            QueryError: The query ends in a VALUES clause, so that it has no place for a limit.
        """
        if self.values:
            message = tr("the endpoint cut the answer, and a query that ends in VALUES cannot be taken page by page")
            raise QueryError(message)
        if self.limit is not None:
            size = min(size, self.limit - start)
        variables = " ".join(f"?{name}" for name in names)
        sorted_variables = _sorted_variables(self.order)
        tie_breakers = " ".join(f"?{name}" for name in names if name not in sorted_variables)
        pattern = f"{self.pattern}\n{self.order or 'ORDER BY'} {tie_breakers}"
        limits = f"LIMIT {size} OFFSET {self.offset + start}"
        if nested:
            return f"{self.prologue}SELECT {variables} {self.dataset}\n{{ {{ {self.head}\n{pattern}\n}} }}\n{limits}"
        return f"{self.prologue}{self.head}\n{self.dataset}\n{pattern}\n{limits}"


def portable_query(query: str) -> str:
    r"""Return a query for older endpoints too, with the prefixes that it does not declare.

    >>> portable_query("ASK { ?s cg:kind ?k }")
    'PREFIX cg: <https://w3id.org/chaingraph/ontology#>\nASK { ?s cg:kind ?k }'
    """
    prologue, body = _split(_with_portable_expressions(query))
    return prologue + body


def selection(query: str) -> Selection:
    """Return the parts of a SELECT query.

    >>> found = selection("SELECT ?s FROM <a:g> { ?s ?p ?o } ORDER BY ?s LIMIT 5")
    >>> found.dataset, found.pattern.strip(), found.order.strip(), found.limit
    ('FROM <a:g>', '{ ?s ?p ?o }', 'ORDER BY ?s', 5)
    """
    prologue, body = _split(_with_portable_expressions(query))
    starts = _clause_starts(body)
    where = starts["WHERE"]
    dataset = min(starts.get("FROM", where), where)
    end = min([starts[word] for word in ("LIMIT", "OFFSET", "VALUES") if word in starts] or [len(body)])
    order = min(starts.get("ORDER", end), end)
    numbers = {
        word: int(
            next(token for _, token in tokens_with_positions(body[starts[word] + len(word) :]) if token.isdigit())
        )
        for word in ("LIMIT", "OFFSET")
        if word in starts
    }
    values = "VALUES" in starts
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
    prologue, body = _split(query, as_declared=True)
    positions = [(start, token) for start, token in tokens_with_positions(body) if token[0] != "#"]
    opening = next(index for index, (_, token) in enumerate(positions) if token == "{")
    depth, closing = 0, opening
    for index in range(opening, len(positions)):
        depth += (positions[index][1] == "{") - (positions[index][1] == "}")
        if depth == 0:
            closing = index
            break
    template = body[positions[opening][0] : positions[closing][0] + 1]
    rest = body[positions[closing][0] + 1 :] if opening == 1 else body[positions[1][0] :]
    return template, f"{prologue}SELECT *{'' if rest[:1].isspace() else ' '}{rest}"


def prologue_of(query: str) -> str:
    """Return the declarations of a query, and those of the known prefixes that it uses."""
    return _split(query)[0]


def _split(query: str, *, as_declared: bool = False) -> tuple[str, str]:
    """Cut a query after its declarations; those of other prefixes that it uses are added unless ``as_declared``."""
    positions = [(start, token) for start, token in tokens_with_positions(query) if token[0] != "#"]
    declared: set[str] = set()
    index = 0
    while index + 1 < len(positions) and positions[index][1].upper() in {"PREFIX", "BASE"}:
        if positions[index][1].upper() == "PREFIX":
            declared.add(positions[index + 1][1].removesuffix(":"))
            index += 1
        index += 2
    start = positions[index][0] if index < len(positions) else len(query)
    used = {token.partition(":")[0] for _, token in positions[index:] if token[0] not in "<\"'" and ":" in token}
    undeclared = () if as_declared else [name for name in PREFIXES if name in used - declared]
    declarations = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in undeclared)
    ends_in_comment = bool(query_tokens(query)) and query_tokens(query)[-1].startswith("#")
    return declarations + query[:start], query[start:].rstrip() + ("\n" if ends_in_comment else "")


def _clause_starts(body: str) -> dict[str, int]:
    """Return the positions of the clauses of a SELECT query that are outside all brackets."""
    starts: dict[str, int] = {}
    depth = 0
    for start, token in tokens_with_positions(body):
        word = token.upper()
        if token in OPENING:
            if depth == 0 and token == "{":
                starts.setdefault("WHERE", start)
            depth += 1
        elif token in CLOSING:
            depth -= 1
        elif depth == 0 and word in {"FROM", "WHERE", "ORDER", "LIMIT", "OFFSET", "VALUES"}:
            starts.setdefault(word, start)
    return starts


def _sorted_variables(order: str) -> set[str]:
    """Return the variables that sort conditions compare unchanged; some endpoints lose rows if one is repeated."""
    words = [token for _, token in tokens_with_positions(order) if token[0] != "#"]
    variables = set()
    depth = 0
    for index, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        is_plain = depth == 1 and words[index - 2].upper() in {"ASC", "DESC"} and words[index + 1] == ")"
        if word[0] in "?$" and (depth == 0 or is_plain):
            variables.add(word[1:])
    return variables


def _with_portable_expressions(query: str) -> str:
    r"""Replace ``?v NOT IN (...)`` and ``DATATYPE(?v)`` by equivalents that older endpoints know.

    SPARQL 1.1 defines the first by ``!=`` and ``&&`` (section 17.4.1.10), and some endpoints overflow on it. SPARQL 1.0
    knew no datatype of a text with a language, and endpoints of that age give none.

    >>> _with_portable_expressions("ASK { ?s ?p ?o FILTER (?o NOT IN (1, 'a'@en)) }")
    "ASK { ?s ?p ?o FILTER ((?o != 1 && ?o != 'a'@en)) }"
    """
    positions = [(start, token) for start, token in tokens_with_positions(query) if token[0] != "#"]
    words = [token.upper() for _, token in positions]
    changes: list[tuple[int, int, str]] = []
    for index, word in enumerate(words):
        start, variable = positions[index]
        if word == "DATATYPE" and words[index + 1 : index + 4 : 2] == ["(", ")"]:
            variable, end = positions[index + 2][1], positions[index + 3][0] + 1
            replacement = f'IF(LANG({variable}) != "", {_LANGUAGE_STRING}, DATATYPE({variable}))'
            changes.append((start, end, replacement))
        is_exclusion = word[0] in "?$" and words[index + 1 : index + 4] == ["NOT", "IN", "("]
        if is_exclusion and words[index - 1] in {"(", "&&", "||"} and ")" in words[index:]:
            closing = words.index(")", index)
            commas = [position for position in range(index + 4, closing) if words[position] == ","]
            edges = [positions[position][0] for position in (index + 3, *commas, closing)]
            values = [query[left + 1 : right].strip() for left, right in pairwise(edges)]
            if "(" not in words[index + 4 : closing] and all(values):
                replacement = " && ".join(f"{variable} != {value}" for value in values)
                changes.append((start, edges[-1] + 1, f"({replacement})"))
    for start, end, text in reversed(changes):
        query = query[:start] + text + query[end:]
    return query
