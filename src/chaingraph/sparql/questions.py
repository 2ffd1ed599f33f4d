"""Competency questions: the only place that reads ``ontology/questions/`` and binds a question's parameters.

A question is a SPARQL file whose header says, in English and Chinese, what it asks and which parameters it takes. A
parameter is a variable that the query names in ``VALUES ?name { ... }``; :func:`answer` writes a serialised term
between those braces, or removes the clause where no value is given. A value never becomes query text in any other way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from chaingraph.errors import UnknownTermError, UsageError, excerpt
from chaingraph.messages import tr
from chaingraph.resources import ontology_file
from chaingraph.sparql.lookup import literal, thing_iri
from chaingraph.vocabulary import PREFIXES, code_list, full_iri

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from chaingraph.sparql.lookup import Queryable

_PARAMETER = re.compile(r"parameter (\w+) \((iri|text|number|date)((?: \S+)*?), (required|optional|default (.+))\)")
_VALUES = re.compile(r"VALUES \?(\w+) \{ [^{}]* \}")
_JOINED = re.compile(r'SEPARATOR="([^"]*)"\) AS \?(\w+)')
_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question.

    ``kind`` is iri, text, number or date; ``of`` are the classes or the code list of an iri, as short IRIs. ``default``
    is the value where none is given, ``example`` a value that makes sense.
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
    """A competency question: its sentence in both languages, its parameters, and the query that answers it.

    ``samples`` and ``arguments`` are the sample data sets and the parameters' values of the rows in ``NAME.csv``.
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
    ['amounts-of-a-consortium', 'chain-of-stages', 'code-list']
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
    by_name = {question.name: question for question in questions()}
    if name not in by_name:
        raise UnknownTermError(name, list(by_name))
    return by_name[name]


def answer(kg: Queryable, name: str, /, **parameters: object) -> pd.DataFrame:
    """Answer a competency question by its name.

    Args:
        kg: The graph to ask.
        name: The question, such as ``who-leads``.
        **parameters: Its parameters. A thing is given by its IRI, its short IRI (``id:cn/organizations/...``) or a
            name that it alone has; a code by its notation or its label in either language; a date as a day.

    Returns:
        A frame as ``kg.select`` returns it, in an order that does not change; what no source states is missing.
        Columns that end in ``_zh`` and ``_en`` are labels, ``quote`` and ``record`` the evidence of the row.

    Raises:
        UnknownTermError: There is no such question, parameter or code.
        UnknownThingError: Nothing in the graph has the IRI or name that is given.
        AmbiguousNameError: Several things have the name that is given.
        UsageError: A required parameter is missing, or a value does not fit.
    """
    from pandas.api.types import is_string_dtype

    text, separators = _with_plain_separators(query_text(kg, question(name), parameters))
    frame = kg.select(text)
    for column, separator in separators.items():
        parts = frame[column].str.split(_SEPARATOR)
        texts = parts.map(lambda values, separator=separator: separator.join(sorted(values)), na_action="ignore")
        frame[column] = texts.astype(frame[column].dtype)
    for column in frame.columns:
        if is_string_dtype(frame[column]):
            frame[column] = frame[column].mask(frame[column] == "")
    return frame


def _with_plain_separators(text: str) -> tuple[str, dict[str, str]]:
    """Return a query whose joined columns have a control character as separator, and their real separators by column.

    SPARQL leaves open in which order GROUP_CONCAT joins, and not every store takes a separator beyond ASCII.
    """
    head, brace, rest = text.partition("\n{")
    separators = {column: separator for separator, column in _JOINED.findall(head)}
    return _JOINED.sub(r'SEPARATOR="\\u001F") AS ?\2', head) + brace + rest, separators


def query_text(kg: Queryable, question: Question, arguments: Mapping[str, object]) -> str:
    """Return the query of a question with its parameters bound to terms."""
    names = [parameter.name for parameter in question.parameters]
    for name in arguments:
        if not names:
            message = tr("{question} takes no parameters; leave them out", question=question.name)
            raise UsageError(message)
        if name not in names:
            raise UnknownTermError(name, names)
    terms: dict[str, str | None] = {}
    for parameter in question.parameters:
        value = arguments.get(parameter.name)
        if value is None:
            value = parameter.default
        if value is None and parameter.required:
            message = tr(
                "{question} needs '{parameter}' ({english}), for example {parameter}={example}",
                question=question.name,
                parameter=parameter.name,
                english=parameter.english,
                example=parameter.example,
            )
            raise UsageError(message)
        terms[parameter.name] = None if value is None else _term(kg, parameter, value)
    return with_terms(question.text, terms)


def with_terms(text: str, terms: Mapping[str, str | None]) -> str:
    """Return a query with its parameters bound to terms, all in one pass: no term is searched for another parameter.

    >>> with_terms("VALUES ?a {  } VALUES ?b {  }", {"a": '"VALUES ?b {  }"', "b": None})
    'VALUES ?a { "VALUES ?b {  }" } '
    """

    def clause(match: re.Match[str]) -> str:
        name = match[1]
        if name not in terms:
            return match[0]
        return "" if terms[name] is None else f"VALUES ?{name} {{ {terms[name]} }}"

    return _VALUES.sub(clause, text)


def _term(kg: Queryable, parameter: Parameter, value: object) -> str:
    if parameter.kind == "iri" and parameter.of and parameter.of[0].startswith("code:"):
        return f"<{_code(parameter.of[0].removeprefix('code:'), str(value).strip())}>"
    if parameter.kind == "iri":
        iri = thing_iri(kg, str(value), argument=parameter.name, classes=parameter.of, example=parameter.example)
        return f"<{iri}>"
    if parameter.kind == "number":
        return _number(parameter, value)
    if parameter.kind == "date":
        return _day(parameter, value)
    return literal(str(value))


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
    return UsageError(
        tr(
            "'{question}' is '{value}', expected {expected} such as {example}",
            question=parameter.name,
            value=excerpt(str(value)),
            expected=expected,
            example=parameter.example,
        )
    )


def _code(list_name: str, value: str) -> str:
    codes = code_list(list_name)
    notation = codes.spellings.get(value.casefold())
    if notation is not None:
        return f"{codes.iri}-{notation}"
    iri = full_iri(value)
    if iri in {code.iri for code in codes.codes}:
        return iri
    raise UnknownTermError(excerpt(value), [code.notation for code in codes.codes])


def _read(path: Path) -> Question:
    """Read a question from its file.

    Raises:
        UsageError: A line of the header is neither a parameter nor ``key: value``.
    """
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
                message = tr("{question}: the header line '{line}' is not understood", question=path.name, line=line)
                raise UsageError(message)
            section[key] = value
    read_parameters = tuple(
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
    return Question(path.stem, header["en"], header["zh"], read_parameters, text, samples, MappingProxyType(arguments))
