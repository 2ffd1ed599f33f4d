"""Competency questions: the only place that reads ``ontology/questions/`` and binds a question's parameters.

A question is a SPARQL file whose header says, in English and Chinese, what it asks and which parameters it takes. A
parameter is a variable that the query names in ``VALUES ?name { ... }``; :func:`answer` puts a serialised term between
those braces, or takes the clause out where nothing is given. A value never becomes query text in any other way.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from chaingraph.errors import UnknownTermError, UsageError, shown
from chaingraph.resources import ontology_file
from chaingraph.vocabulary import PREFIXES, code_list, full_iri

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PARAMETER = re.compile(r"parameter (\w+) \((iri|text|number|date)((?: \S+)*?), (required|optional|default (.+))\)")
_VALUES = re.compile(r"VALUES \?(\w+) \{ [^{}]* \}")
_JOINED = re.compile(r'SEPARATOR="([^"]*)"\) AS \?(\w+)')
_BETWEEN = "\x1f"
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_KNOWN_SCHEMES = ("http://", "https://", "urn:")
_SHOWN_CANDIDATES = 5


class Queryable(Protocol):
    """What a question is put to: a knowledge graph, which itself stands on a floor above."""

    def select(self, text: str) -> pd.DataFrame:
        """Return the answer to a SELECT query."""
        ...


@dataclass(frozen=True)
class Parameter:
    """One thing that a question can be asked about.

    ``kind`` is iri, text, number or date; ``of`` are the classes or the code list that an iri is taken from, as short
    names. ``default`` is what holds where nothing is given, ``example`` a value that makes sense.
    """

    name: str
    kind: str
    of: tuple[str, ...]
    required: bool
    default: str | None
    english: str
    chinese: str
    example: str


@dataclass(frozen=True)
class Question:
    """A competency question: what it asks in both languages, its parameters, and the query that answers it.

    ``samples`` and ``arguments`` tell on which sample data sets, and with which values, the rows in the file beside the
    query were computed.
    """

    name: str
    english: str
    chinese: str
    parameters: tuple[Parameter, ...]
    text: str
    samples: tuple[str, ...]
    arguments: Mapping[str, str]


@cache
def questions() -> tuple[Question, ...]:
    """Return every question, in the order of their names.

    >>> [question.name for question in questions()][:3]
    ['chain-of-stages', 'code-list', 'contradictions']
    """
    folder = ontology_file("questions/who-leads.rq").parent
    return tuple(_read(path) for path in sorted(folder.glob("*.rq")))


def question(name: str) -> Question:
    """Return a question by its name.

    >>> question("who-leads").english
    'Who leads a consortium, and since when?'

    Raises:
        UnknownTermError: There is no such question.
    """
    for found in questions():
        if found.name == name:
            return found
    raise UnknownTermError(name, [found.name for found in questions()])


def answer(kg: Queryable, name: str, /, **parameters: object) -> pd.DataFrame:
    """Answer a competency question by its name.

    Args:
        kg: The graph to ask.
        name: The question, such as ``who-leads``.
        **parameters: Its parameters. A thing is given by its IRI, its short name (``id:cn/organizations/...``) or a
            name that exactly one thing has; a code by its notation or its label in either language; a date as a day.

    Returns:
        A frame as ``kg.select`` returns it, in an order that does not change; what is not stated is
        missing. Columns that end in ``_zh`` and ``_en`` hold labels, ``quote`` and ``record`` what a row rests on.

    Raises:
        UnknownTermError: There is no such question, parameter or code.
        UsageError: A required parameter is missing, or a value does not fit or is ambiguous.
    """
    text, separators = _with_plain_separators(bound(kg, question(name), parameters))
    frame = kg.select(text)
    for column, separator in separators.items():
        parts = frame[column].str.split(_BETWEEN)
        joined = parts.map(lambda held, between=separator: between.join(sorted(held)), na_action="ignore")
        frame[column] = joined.astype(frame[column].dtype)
    for column in frame.columns:
        if pd.api.types.is_string_dtype(frame[column]):
            frame[column] = frame[column].mask(frame[column] == "")
    return frame


def _with_plain_separators(text: str) -> tuple[str, dict[str, str]]:
    """Return a query whose joined columns are held apart by a control character, and what is to join them by column.

    SPARQL leaves open in which order GROUP_CONCAT joins, and not every store takes a separator beyond ASCII.
    """
    head, brace, rest = text.partition("\n{")
    separators = {column: separator for separator, column in _JOINED.findall(head)}
    return _JOINED.sub(r'SEPARATOR="\\u001F") AS ?\2', head) + brace + rest, separators


def bound(kg: Queryable, asked: Question, parameters: Mapping[str, object]) -> str:
    """Return the query of a question with its parameters put in as terms."""
    known = {parameter.name: parameter for parameter in asked.parameters}
    for given in parameters:
        if given not in known:
            if not known:
                message = f"{asked.name} takes no parameters; leave them out"
                raise UsageError(message)
            raise UnknownTermError(given, list(known))
    terms: dict[str, str | None] = {}
    for parameter in asked.parameters:
        value = parameters.get(parameter.name)
        if value is None:
            value = parameter.default
        if value is None and parameter.required:
            message = (
                f"{asked.name} needs '{parameter.name}' ({parameter.english}), for example "
                f"{parameter.name}={parameter.example}"
            )
            raise UsageError(message)
        terms[parameter.name] = None if value is None else _term(kg, parameter, value)
    return with_terms(asked.text, terms)


def with_terms(text: str, terms: Mapping[str, str | None]) -> str:
    """Return a query with its parameters' terms, all put in at once: a term is never searched for another parameter.

    >>> with_terms("VALUES ?a {  } VALUES ?b {  }", {"a": '"VALUES ?b {  }"', "b": None})
    'VALUES ?a { "VALUES ?b {  }" } '
    """

    def clause(found: re.Match[str]) -> str:
        name = found[1]
        if name not in terms:
            return found[0]
        return "" if terms[name] is None else f"VALUES ?{name} {{ {terms[name]} }}"

    return _VALUES.sub(clause, text)


def _term(kg: Queryable, parameter: Parameter, value: object) -> str:
    if parameter.kind == "iri":
        return f"<{_iri(kg, parameter, str(value).strip())}>"
    if parameter.kind == "number":
        return _number(parameter, value)
    if parameter.kind == "date":
        return _day(parameter, value)
    return literal(str(value))


def literal(value: str) -> str:
    r"""Return a text as a SPARQL string.

    >>> print(literal('a "b" \\ } UNION {'))
    "a \"b\" \\ } UNION {"
    """
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    if not value.isascii() and any(0xD800 <= ord(character) <= 0xDFFF for character in value):
        message = f"{json.dumps(value)} is no valid text: it holds half a character; write it whole"
        raise UsageError(message)
    return '"' + "".join(escapes.get(character, character) for character in value) + '"'


def _number(parameter: Parameter, value: object) -> str:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or abs(number.adjusted()) > 30:
        raise _misfit(parameter, value, "a number")
    return f'"{number:f}"^^<{PREFIXES["xsd"]}{"integer" if number == number.to_integral_value() else "decimal"}>'


def _day(parameter: Parameter, value: object) -> str:
    text = str(value).strip()
    if len(text) > 10 and text[10:] in {" 00:00:00", "T00:00:00"}:
        text = text[:10]
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise _misfit(parameter, value, "a day")
        day = date.fromisoformat(text)
    except ValueError:
        raise _misfit(parameter, value, "a day") from None
    return f'"{day.isoformat()}"^^<{PREFIXES["xsd"]}date>'


def _misfit(parameter: Parameter, value: object, expected: str) -> UsageError:
    return UsageError(f"'{parameter.name}' is '{shown(str(value))}', expected {expected} such as {parameter.example}")


def _iri(kg: Queryable, parameter: Parameter, value: str) -> str:
    if parameter.of and parameter.of[0].startswith("code:"):
        return _code(parameter.of[0].removeprefix("code:"), value)
    written = full_iri(value)
    if written != value or value.startswith(_KNOWN_SCHEMES):
        if not _IRI.fullmatch(written):
            raise _misfit(parameter, value, "an IRI, a short name or a name")
        if kg.select(f"SELECT ?p {{ {{ <{written}> ?p ?o }} UNION {{ ?s ?p <{written}> }} }} LIMIT 1").empty:
            reason = f"which is not in the graph; expected {_expected(parameter)}"
            message = f"'{parameter.name}' is '{shown(value, 200)}', {reason}"
            raise UsageError(message)
        return written
    return _named(kg, parameter, value)


def _code(list_name: str, value: str) -> str:
    codes = code_list(list_name)
    notation = codes.spellings.get(value.casefold())
    if notation is not None:
        return f"{codes.iri}-{notation}"
    written = full_iri(value)
    if written in {code.iri for code in codes.codes}:
        return written
    raise UnknownTermError(shown(value), [code.notation for code in codes.codes])


def _named(kg: Queryable, parameter: Parameter, value: str) -> str:
    """Return the IRI of the one thing with a name, of the parameter's classes if it has any."""
    classes = f"VALUES ?class {{ {' '.join(parameter.of)} }} ?thing a ?class ." if parameter.of else ""
    names = "?thing rdfs:label|skos:altLabel ?name ."
    things = kg.select(
        f"SELECT DISTINCT ?thing {{ {names} FILTER (STR(?name) = {literal(value)}) {classes} }} ORDER BY ?thing"
    )["thing"].tolist()
    if len(things) == 1:
        return full_iri(things[0])
    if things:
        candidates = ", ".join(things[:_SHOWN_CANDIDATES]) + (", ..." if len(things) > _SHOWN_CANDIDATES else "")
        reason = f"which {len(things)} things are called: {candidates}; give one of these"
        message = f"'{parameter.name}' is '{shown(value)}', {reason}"
        raise UsageError(message)
    everyone = kg.select(f"SELECT DISTINCT (STR(?name) AS ?text) {{ {names} {classes} }} ORDER BY ?text")[
        "text"
    ].tolist()
    near = get_close_matches(value, everyone, n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else f"expected {_expected(parameter)}"
    message = f"'{parameter.name}' is '{shown(value)}', which nothing of that kind in the graph is called; {hint}"
    raise UsageError(message)


def _expected(parameter: Parameter) -> str:
    what = " or ".join(name.removeprefix("cg:").lower() for name in parameter.of) or "thing"
    return f"the IRI, the short name or the exact name of a {what}, such as {parameter.example}"


def _read(path: Path) -> Question:
    """Read a question from its file; a header that is not as expected is an error that names the line."""
    text = path.read_text(encoding="utf-8")
    header: dict[str, str] = {}
    parameters: list[dict[str, str]] = []
    signatures: list[re.Match[str]] = []
    arguments: dict[str, str] = {}
    samples: tuple[str, ...] = ()
    section = header
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        words = line[1:].strip()
        if match := _PARAMETER.fullmatch(words):
            signatures.append(match)
            parameters.append({})
            section = parameters[-1]
        elif words.startswith("rows on "):
            samples = tuple(words.removeprefix("rows on ").split(", "))
            section = arguments
        elif words:
            key, colon, value = words.partition(": ")
            if not colon:
                message = f"{path.name}: the header line '{line}' is not understood"
                raise UsageError(message)
            section[key] = value
    read = tuple(
        Parameter(
            name=match[1],
            kind=match[2],
            of=tuple(match[3].split()),
            required=match[4] == "required",
            default=match[5],
            english=words["en"],
            chinese=words["zh"],
            example=words["example"],
        )
        for match, words in zip(signatures, parameters, strict=True)
    )
    return Question(path.stem, header["en"], header["zh"], read, text, samples, MappingProxyType(arguments))
