"""The table of the things of one class: who leads, how many are known and reported, where, and of which chain."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from chaingraph.endpoint.engine import RefusedError
from chaingraph.endpoint.pages.cells import cell_of, column_words
from chaingraph.endpoint.pages.page_queries import ask_rows, names_of, values_clauses
from chaingraph.endpoint.pages.terms import words
from chaingraph.languages import text_in
from chaingraph.sparql.questions import question
from chaingraph.vocabulary import code_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from starlette.requests import Request

    from chaingraph.endpoint.pages.cells import Cell
    from chaingraph.endpoint.pages.page_queries import Names, Row, Term

_VALUES = """SELECT ?thing (MIN(?value) AS ?first) (COUNT(DISTINCT ?value) AS ?count) {{
  VALUES ?thing {{ {things} }} {pattern} }} GROUP BY ?thing"""
_ANY_SCOPE = "VALUES ?scope { UNDEF }"
_TOO_MUCH = {500, 504}
"""Statuses of a query that takes too long or too much memory: the table then does without its columns."""


@dataclass(frozen=True)
class ClassColumn:
    """A column of the table of a class.

    ``pattern`` leads from ``?thing`` to ``?value``. ``number`` shows how many values there are, instead of the first.
    ``counts`` names what sources count, so that the column sets the number known against the number reported.
    ``needed`` says that a thing without a value lacks something that is worth a word.
    """

    name: str
    pattern: str
    number: bool = False
    counts: str = ""
    needed: bool = False


@dataclass(frozen=True)
class ReportedNumber:
    """The largest number that a source reports for a thing, with its qualifier, and how many are known by name."""

    reported: int
    qualifier: str
    known: int


@dataclass(frozen=True)
class ClassValue:
    """What a column has for a thing: the first of its values, how many there are, and what is reported of them."""

    first: Term | None = None
    count: int = 0
    reported: ReportedNumber | None = None


@dataclass(frozen=True)
class ClassTable:
    """The columns of some things of a class, their values by thing and column, and the names of the values."""

    columns: tuple[ClassColumn, ...]
    values: dict[tuple[str, str], ClassValue]
    names: Names

    def value(self, iri: str, column: ClassColumn) -> ClassValue:
        """Return what a column has for a thing."""
        return self.values.get((iri, column.name), ClassValue())


@cache
def class_columns() -> dict[str, tuple[ClassColumn, ...]]:
    """Return the columns of the table of each class."""
    text = files("chaingraph.endpoint.pages").joinpath("class_tables.json").read_text(encoding="utf-8")
    return {name: tuple(ClassColumn(**one) for one in columns) for name, columns in json.loads(text).items()}


async def class_table(request: Request, class_name: str, iris: Sequence[str]) -> ClassTable | None:
    """Return the table of some things of a class; None where the graph is too large for it to be made in time.

    Raises:
        RefusedError: The client has disconnected, or no query can be answered now.
    """
    columns = class_columns()[class_name]
    try:
        parts = await asyncio.gather(*(_values(request, column, iris) for column in columns))
        reported = await reported_numbers(request, iris) if any(column.counts for column in columns) else {}
    except RefusedError as error:
        if error.status not in _TOO_MUCH:
            raise
        return None
    values = {}
    for column, part in zip(columns, parts, strict=True):
        for iri in iris:
            value = part.get(iri, ClassValue())
            values[iri, column.name] = ClassValue(value.first, value.count, reported.get((iri, column.counts)))
    firsts = [value.first["value"] for value in values.values() if value.first and value.first["type"] == "uri"]
    return ClassTable(columns, values, await names_of(request, firsts))


async def _values(request: Request, column: ClassColumn, iris: Iterable[str]) -> dict[str, ClassValue]:
    rows: list[Row] = []
    for things in values_clauses(iris):
        rows += (await ask_rows(request, _VALUES.format(things=things, pattern=column.pattern))).rows
    return {row["thing"]["value"]: ClassValue(row.get("first"), int(row["count"]["value"])) for row in rows}


async def reported_numbers(
    request: Request, iris: Iterable[str] | None = None
) -> dict[tuple[str, str], ReportedNumber]:
    """Return the largest number that is reported for each thing and for each of what sources count there.

    Args:
        request: The request that they are for.
        iris: The things; all if None.

    Raises:
        RefusedError: The engine refuses the query.
    """
    text = question("reported-and-known").text
    largest: dict[tuple[str, str], ReportedNumber] = {}
    for things in ["UNDEF"] if iris is None else values_clauses(iris):
        scoped = text.replace(_ANY_SCOPE, f"VALUES ?scope {{ {things} }}")
        for row in (await ask_rows(request, scoped)).rows:
            key = (row["scope"]["value"], row["counts"]["value"])
            qualifier = row["qualifier"]["value"] if "qualifier" in row else ""
            number = ReportedNumber(int(row["reported"]["value"]), qualifier, int(row["known"]["value"]))
            if key not in largest or number.reported > largest[key].reported:
                largest[key] = number
    return largest


def column_titles(table: ClassTable, language: str) -> list[str]:
    """Return the titles of the columns, in a language."""
    texts = words(language)
    titles = [column_words(column.name, language) for column in table.columns]
    return [
        texts["known_and_reported"].format(what=texts[f"counts_{column.counts}"]) if column.counts else title
        for column, title in zip(table.columns, titles, strict=True)
    ]


def table_line(table: ClassTable, iri: str, language: str, link: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return the cells of a thing for the page: ``cell`` (of its first value), ``more``, and what is reported."""
    return [_page_cell(column, table.value(iri, column), table.names, language, link) for column in table.columns]


def _page_cell(
    column: ClassColumn, value: ClassValue, names: Names, language: str, link: Callable[[str], str]
) -> dict[str, Any]:
    is_number = column.number or bool(column.counts)
    cell: Cell | None = None if is_number or value.first is None else cell_of(value.first, names, language, link)
    return {
        "cell": cell,
        "more": 0 if is_number or not value.count else value.count - 1,
        "count": known_number(value) if is_number else None,
        "reported": reported_text(value.reported, language) if value.reported else "",
        "counts": bool(column.counts),
        "missing": column.needed and not value.count,
    }


def known_number(value: ClassValue) -> int:
    """Return how many are known by name: of the kind that is reported, if any is, else all."""
    return value.reported.known if value.reported else value.count


def reported_text(number: ReportedNumber, language: str) -> str:
    """Return a reported number with its qualifier.

    >>> reported_text(ReportedNumber(136, "more-than", 3), "en"), reported_text(ReportedNumber(5, "", 3), "zh")
    ('more than 136', '5')
    """
    codes = {code.notation: code for code in code_list("qualifier").codes}
    code = None if number.qualifier in {"", "exactly", "unstated"} else codes.get(number.qualifier)
    label = "" if code is None else code.label_zh if language == "zh" else code.label_en
    return f"{label} {number.reported:,}".strip()


def plain_values(table: ClassTable, iri: str) -> dict[str, Any]:
    """Return the values of a thing for JSON and CSV: a name or a number, how many more, and what is reported."""
    record: dict[str, Any] = {}
    for column in table.columns:
        value = table.value(iri, column)
        if column.number or column.counts:
            record[column.name] = known_number(value)
        else:
            text = value.first["value"] if value.first else None
            record[column.name] = text_in(table.names.get(text or "", {}), "zh") or text
            record[f"{column.name}_count"] = value.count
        if column.counts:
            record[f"{column.name}_reported"] = value.reported.reported if value.reported else None
            record[f"{column.name}_qualifier"] = value.reported.qualifier if value.reported else None
    return record
