"""The words of a template: taken from the ontology and from ``words.json``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from rdflib import RDF, RDFS, SKOS, Graph, URIRef

from chaingraph import languages
from chaingraph.resources import ontology_file
from chaingraph.tables import contract
from chaingraph.tables.workbooks import reserved_sheets
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.tables.contract import Column, Table


def words() -> Mapping[str, Any]:
    """Return the words of ``words.json``, most of them by language."""
    return languages.words("chaingraph.tables.template")


@cache
def _ontology() -> Graph:
    return Graph().parse(ontology_file("chaingraph.ttl"), format="turtle")


def _definition(iri: str, language: str) -> str | None:
    """Return a term's definition, with the labels of the terms that it mentions in place of their names."""
    text = _text(iri, SKOS.definition, language)
    return text and re.sub(r"cg:(\w+)", lambda term: _text(PREFIXES["cg"] + term[1], RDFS.label, language) or "", text)


def _text(iri: str, predicate: URIRef, language: str) -> str | None:
    texts = _ontology().objects(URIRef(iri), predicate)
    return next((str(text) for text in texts if getattr(text, "language", None) == language), None)


def sheet_title(table: Table, language: str) -> str:
    """Return the name of a table's sheet."""
    return table.title_zh if language == "zh" else table.titles[0]


def heading(column: Column, language: str) -> str:
    """Return the heading of a column."""
    return column.title_zh if language == "zh" else column.titles[0]


def table_definition(table: Table, language: str) -> str:
    """Return what a row of the table is, as the ontology defines it."""
    classes = [c.value_url for c in table.columns if c.virtual and c.property_url == str(RDF.type) and not c.when]
    return next(filter(None, (_definition(iri or "", language) for iri in classes)), "")


def column_definition(column: Column, table: Table, language: str) -> str:
    """Return what a column holds: in the template's own words where those are plainer, else as the ontology has it."""
    name = column.name
    if name == table.identifier and table.label is None and column.required:
        name = "id needed"
    own = words()["columns"].get(name)
    return own[language] if own else _definition(column.property_url or "", language) or ""


def form(column: Column, language: str) -> str:
    """Return how a cell of the column is written; empty where any text will do."""
    forms = words()["forms"]
    lines: list[str] = []
    if column.reference is not None:
        title = sheet_title(contract()[column.reference], language)
        lines.append(forms["reference"][language].format(sheet=title))
    elif column.codes is not None:
        lines.append(forms["codes"][language])
    elif column.is_date:
        lines.append(forms["date"][language])
    elif column.datatype in {"integer", "decimal"}:
        kind = forms[column.datatype][language]
        limits = "at least" if column.maximum is None else "range"
        bounds = {"minimum": column.minimum, "maximum": column.maximum}
        lines.append(kind if column.minimum is None else forms[limits][language].format(kind=kind, **bounds))
    elif column.datatype in forms:
        lines.append(forms[column.datatype][language])
    if column.separator is not None:
        lines.append(forms["several names" if column.is_reference else "several"][language])
    return "\n".join(lines)


def guide(language: str, *, with_roster: bool) -> list[tuple[str, str]]:
    """Return the lines of the sheet that explains, each with its style; of the roster only where there is one."""
    titles = {name: sheet_title(table, language) for name, table in contract().items()}
    titles |= {"examples": reserved_sheets().examples[language], "roster": reserved_sheets().roster[language]}
    first, *lines = words()["guide"][language]
    roster = words()["guide roster"][language] if with_roster else []
    return [(style, line.format_map(titles)) for style, line in (first, *roster, *lines)]
