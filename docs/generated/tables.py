"""The page of the tables: the columns of each, what a cell may hold, and what a row says in the graph."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import RDF

from chaingraph.tables.contract import contract
from chaingraph.vocabulary import short_name
from generated.markdown_text import code, escaped, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from chaingraph.tables.contract import Column, Table

_HEAD = """# Tables

This page is made from `ontology/tables.json`. A table is a CSV file, a Parquet file or a sheet of a workbook. Only the
tables that a data set has need be there, and of each only the columns that are known. A heading may be the name of the
column or any of its titles; `*` marks what must be filled. A reference holds an id, or the exact name or alias of
exactly one row. “In the graph” is the property that a cell becomes; the site explains each on its page Ontology."""
_VARIABLE = re.compile(r"\{(\w+)\}")
_DATATYPES = {
    "string": "text",
    "decimal": "a number",
    "integer": "a whole number",
    "anyURI": "an address",
    "language": "a language tag",
}


def page() -> str:
    """Return the page as Markdown."""
    return "\n\n".join([_HEAD, *(_table(each) for each in contract().values())]) + "\n"


def overview() -> str:
    """Return one table of all tables and their columns, for a page of how to do things."""
    return _overview(("Table", "Sheet", "Columns"), ", ", lambda column: column.name)


def overview_in_chinese() -> str:
    """Return one table of all tables and the Chinese titles of their columns, for a Chinese page."""
    return _overview(("表", "工作表", "各列"), "、", lambda column: column.title_zh)


def _overview(headings: tuple[str, str, str], comma: str, name_of: Callable[[Column], str]) -> str:
    rows = [
        (
            f"[{each.name}](../reference/tables.md#{each.name})",
            escaped(each.title_zh),
            comma.join(escaped(name_of(column) + _star(each, column)) for column in each.cells),
        )
        for each in contract().values()
    ]
    return table(headings, rows)


def _star(entry: Table, column: Column) -> str:
    """Return the mark of a column that must be filled; rows that have names need no ids."""
    needs_none = entry.label is not None and column.name == entry.identifier
    return "*" if column.required and not needs_none else ""


def _table(entry: Table) -> str:
    virtual = [column for column in entry.columns if column.virtual]
    classes = [code(short_name(c.value_url or "")) + _condition(c) for c in virtual if c.property_url == str(RDF.type)]
    short_forms = [_short_form(column) for column in virtual if column.property_url != str(RDF.type)]
    facts = [f"Sheet: {escaped(', '.join(entry.titles))}.", f"A row is a {', '.join(classes)}."]
    if short_forms:
        facts.append(f"In short: {'; '.join(short_forms)}.")
    facts.append(f"Key: {', '.join(map(code, entry.primary_key))}.")
    if entry.at_least_one_of:
        facts.append(f"At least one of {', '.join(map(code, entry.at_least_one_of))} must be filled.")
    rows = [
        (
            code(column.name + _star(entry, column)),
            escaped(", ".join(column.titles)),
            _content(column),
            code(short_name(column.property_url)) if column.property_url else "",
        )
        for column in entry.cells
    ]
    columns = table(("Column", "Titles", "What it holds", "In the graph"), rows)
    return "\n\n".join([f"## {entry.name}", "\n".join(facts), columns])


def _condition(column: Column) -> str:
    words = " and ".join(f"{code(name)} is {code(value)}" for name, value in column.when.items())
    return f" where {words}" if words else ""


def _short_form(column: Column) -> str:
    """Return what a virtual column says of a row: the property, and the columns that it ties."""
    start, end = (_VARIABLE.findall(url or "")[0] for url in (column.about_url, column.value_url))
    return f"{code(short_name(column.property_url or ''))} from {code(start)} to {code(end)}{_condition(column)}"


def _content(column: Column) -> str:
    if column.reference is not None:
        words = f"a row of [{column.reference}](#{column.reference})"
    elif column.reference_table is not None:
        words = f"a row of the table that {code(column.reference_table)} names"
    elif column.codes is not None:
        words = f"one of [{column.codes}](codes.md#{column.codes})"
    elif column.is_date:
        words = "a year, a month or a day"
    else:
        words = _DATATYPES.get(column.datatype, column.datatype)
    if column.minimum is not None and column.maximum is not None:
        words += f" from {column.minimum:g} to {column.maximum:g}"
    elif column.minimum is not None:
        words += f", at least {column.minimum:g}"
    if column.pattern is not None and column.datatype == "string":
        words += f" that matches {code(column.pattern)}"
    return words + (f"; several split by {code(column.separator)}" if column.separator else "")
