"""Rows as a template shows them: the cells of a data set as a person would write them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import UnreadableError
from chaingraph.messages import tr
from chaingraph.resources import SAMPLES, sample
from chaingraph.tables import contract, read
from chaingraph.tables.cells import match_headings, type_cells
from chaingraph.tables.files import raw_tables
from chaingraph.tables.metadata import Description, description_of_rows
from chaingraph.tables.raw import ROW
from chaingraph.tables.template.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chaingraph.tables.contract import Column, Table
    from chaingraph.tables.raw import Sheet

Row = dict[str, str | None]
_NAMES = re.compile(r"[a-z]+(\|[a-z]+)+")
_SEVERAL = re.compile(r"[;；、\n]")


@dataclass(frozen=True)
class DataSetTexts:
    """The texts of a data set: every cell by table and column, nothing merged and nothing derived."""

    description: Description | None = None
    rows: Mapping[str, list[Row]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_texts(source: Path, *, encoding: str | None = None) -> DataSetTexts:
    """Return the texts of a folder of tables or a workbook, which must be free of mistakes.

    Raises:
        UnreadableError: The source cannot be read at all, or its description does not fit a sheet.
        TableProblemsError: The tables hold mistakes; all of them are listed.
    """
    data_set = read(source, encoding=encoding)
    folder = raw_tables(source, contract(), encoding)
    rows = {name: _rows(sheet, contract()[name]) for name, sheet in sorted(folder.sheets.items())}
    description = data_set.description
    pairs = list(description_rows(description))
    if description_of_rows(pairs, description.name, "") != description:
        raise UnreadableError(
            source, tr("describes itself in a way that a sheet cannot hold; simplify its dataset.json")
        )
    return DataSetTexts(description, rows, data_set.notes)


def _rows(sheet: Sheet, table: Table) -> list[Row]:
    frame = type_cells(match_headings(sheet, table, []), table, sheet.place, [], [])
    lists = [pl.col(column.name).list.join(";") for column in table.cells if column.is_list and not column.is_reference]
    return frame.with_columns(lists).drop(ROW).to_dicts()


def description_rows(description: Description) -> Iterator[tuple[str, str]]:
    """Yield the description of a data set as pairs of a dotted key and a text.

    >>> from chaingraph.tables.metadata import default_description
    >>> list(description_rows(default_description("roster")))
    [('name', 'roster'), ('base', 'https://w3id.org/chaingraph/id/roster/')]
    """
    yield "name", description.name
    for key, texts in (("title", description.title), ("description", description.description)):
        yield from ((f"{key}.{language}" if language else key, text) for language, text in texts.items())
    if description.language is not None:
        yield "language", description.language
    yield "base", description.base
    if description.licence is not None:
        yield "licence", description.licence
    yield from (
        (f"attribution.{language}" if language else "attribution", text)
        for language, text in description.attribution.items()
    )
    for place, source in enumerate(description.sources, start=1):
        yield from ((f"sources.{place}.{key}", text) for key, text in source.items())


def cell(text: str, column: Column, language: str) -> str:
    """Return a typed cell's text as a person would write it: its code or truth value in a language.

    >>> role = contract()["memberships"].column("role")
    >>> cell("third-party", role, "zh"), cell("third-party", role, "en")
    ('第三方', 'third party')
    """
    if column.codes is not None:
        return dict(zip(choices(column, None), choices(column, language), strict=True))[text]
    booleans: dict[str, dict[str, str]] = words()["booleans"]
    return booleans[text][language] if column.datatype == "boolean" else text


def choices(column: Column, language: str | None) -> list[str]:
    """Return what a cell of the column may hold, where that is a short list: the codes, in a language or as notations.

    >>> choices(contract()["organizations"].column("small"), "zh")
    ['是', '否']
    """
    if column.codes is not None:
        codes = column.code_list().codes
        labels = {
            None: [c.notation for c in codes],
            "zh": [c.label_zh for c in codes],
            "en": [c.label_en for c in codes],
        }
        return labels[language]
    if column.datatype == "boolean":
        return [label[language or "en"] for label in words()["booleans"].values()]
    return (column.pattern or "").split("|") if column.pattern and _NAMES.fullmatch(column.pattern) else []


def examples(language: str) -> dict[str, Row]:
    """Return one real row of each table, of the first sample data set, with names where the tables hold ids."""
    tables = _sample()
    names = {
        name: {row[table.identifier]: row[table.label] for row in tables.get(name, [])}
        for name, table in contract().items()
        if table.label is not None
    }
    rows_by_table: dict[str, Row] = {}
    for name, table in contract().items():
        rows = tables.get(name, [])
        if rows:
            # Rows about the same organization and consortium go together; else the row with most cells.
            best = max(rows, key=lambda row: (len(set(words()["example"]) & set(row.values())), _cell_count(row)))
            rows_by_table[name] = {
                column.name: _cell_with_names(best, column, names, language)
                for column in table.cells
                if not (column.name == table.identifier and table.label is not None)
            }
    return rows_by_table


@cache
def _sample() -> Mapping[str, list[Row]]:
    return read_texts(sample(SAMPLES[0])).rows


def _cell_count(row: Row) -> int:
    return sum(text is not None for text in row.values())


def _cell_with_names(
    row: Row, column: Column, names: Mapping[str, Mapping[str | None, str | None]], language: str
) -> str | None:
    """Return a cell with the names of what it refers to."""
    text = row[column.name]
    if text is None or not column.is_reference:
        return None if text is None else cell(text, column, language)
    table = column.reference or row[column.reference_table or ""] or ""
    parts = _SEVERAL.split(text) if column.separator else [text]
    return ";".join(names.get(table, {}).get(part.strip()) or part for part in parts)


def order(table: Table) -> list[Column]:
    """Return a table's columns in the order of a sheet: an id that may stay empty is last.

    >>> [column.name for column in order(contract()["quotes"])][0]
    'id'
    >>> [column.name for column in order(contract()["consortia"])][0]
    'name'
    """
    return sorted(table.cells, key=lambda column: column.name == table.identifier and not needed(column, table))


def needed(column: Column, table: Table) -> bool:
    """Tell whether each row must fill the column; rows that have a name need no id."""
    return column.required and not (column.name == table.identifier and table.label is not None)
