"""Pages of the tables, code lists, terms and questions, made from the files in ``ontology/``."""

from __future__ import annotations

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

from chaingraph.resources import ontology_file
from chaingraph.sparql.questions import Question, questions
from chaingraph.tables.contract import Column, Table
from chaingraph.tables.contract import contract as tables
from chaingraph.vocabulary import PREFIXES, code_list
from generated.markdown_text import code, escaped, table

_TERMS = PREFIXES["cg"]
_KINDS = (
    ("Classes", OWL.Class),
    ("Properties between things", OWL.ObjectProperty),
    ("Properties with values", OWL.DatatypeProperty),
)
_TABLES_HEAD = """# Tables

This page is made from `ontology/tables.json`. A table is a CSV file, a Parquet file or a sheet of a workbook. Only the
tables that a data set has need be there, and of each only the columns that are known. A heading may be the name of the
column or any of its titles; `*` marks what must be filled. A reference holds an id, or the exact name or alias of
exactly one row. What each column says in the graph stands on the [page of the ontology](../reference.html#tables)."""
_CODES_HEAD = """# Code lists

This page is made from `ontology/codes.ttl`. A cell may hold the code or any of its labels. `unstated` is in every list:
nothing is demanded that a source may leave open."""
_TERMS_HEAD = """# Ontology

This page is made from `ontology/chaingraph.ttl`; each name leads to its definition, example and place in the tables on
the [full page of the ontology](../reference.html), which also has the diagram, the shapes and the links to other
vocabularies. The prefix `cg:` is `https://w3id.org/chaingraph/ontology#`. It is not registered yet: its addresses are
names and do not resolve."""
_QUESTIONS_HEAD = """# Questions

This page is made from `ontology/questions/`. Each question is a SPARQL query with a name. Ask it with `chaingraph query
SOURCE --named NAME -p PARAMETER=VALUE` or `kg.ask(NAME, PARAMETER=VALUE)`. A value is bound as a term; it never
becomes part of the query's text."""


def tables_page() -> str:
    """Return the page of the tables."""
    return "\n\n".join([_TABLES_HEAD, *(_table(each) for each in tables().values())]) + "\n"


def _table(held: Table) -> str:
    rows = [(code(c.name + ("*" if c.required else "")), escaped(", ".join(c.titles)), _holds(c)) for c in held.cells]
    parts = [f"## {held.name}", f"Sheet: {escaped(', '.join(held.titles))}."]
    if held.at_least_one_of:
        parts.append("At least one of " + ", ".join(map(code, held.at_least_one_of)) + " must be filled.")
    return "\n\n".join([*parts, table(("Column", "Titles", "What it holds"), rows)])


def _holds(column: Column) -> str:
    if column.reference is not None:
        words = f"a row of [{column.reference}](#{column.reference})"
    elif column.reference_table is not None:
        words = f"a row of the table that {code(column.reference_table)} names"
    elif column.codes is not None:
        words = f"one of [{column.codes}](codes.md#{column.codes})"
    elif column.is_date:
        words = "a year, a month or a day"
    else:
        words = {"string": "text", "decimal": "a number", "integer": "a whole number", "anyURI": "an address"}.get(
            column.datatype, column.datatype
        )
    if column.minimum is not None and column.maximum is not None:
        words += f" from {column.minimum:g} to {column.maximum:g}"
    return words + (f"; several split by {code(column.separator)}" if column.separator else "")


def codes_page() -> str:
    """Return the page of the code lists, each with its codes and their labels."""
    names = sorted({column.codes for held in tables().values() for column in held.cells if column.codes})
    return "\n\n".join([_CODES_HEAD, *(_code_list(name) for name in names)]) + "\n"


def _code_list(name: str) -> str:
    spellings: dict[str, list[str]] = {}
    for spelling, notation in code_list(name).spellings.items():
        spellings.setdefault(notation, []).append(spelling)
    rows = [
        (code(notation), escaped(", ".join(text for text in found if text != notation)))
        for notation, found in spellings.items()
    ]
    return f"## {name}\n\n" + table(("Code", "May be written"), rows)


def terms_page() -> str:
    """Return the page of the terms, in English and Chinese."""
    graph = Graph().parse(ontology_file("chaingraph.ttl"))
    parts = [_TERMS_HEAD]
    for title, kind in _KINDS:
        names = sorted(
            str(term).removeprefix(_TERMS) for term in graph.subjects(RDF.type, kind) if str(term).startswith(_TERMS)
        )
        rows = [
            (
                f"[{code(name)}](../reference.html#{name})",
                escaped(_text(graph, name, RDFS.label, "zh")),
                escaped(_text(graph, name, SKOS.definition, "en")),
            )
            for name in names
            if not name.endswith(("Earliest", "Latest"))
        ]
        parts.append(f"## {title}\n\n" + table(("Term", "中文", "Definition"), rows))
    return "\n\n".join(parts) + "\n"


def _text(graph: Graph, name: str, predicate: URIRef, language: str) -> str:
    found = [
        str(text)
        for text in graph.objects(URIRef(_TERMS + name), predicate)
        if isinstance(text, Literal) and text.language == language
    ]
    return min(found, default="")


def questions_page() -> str:
    """Return the page of the competency questions, each with its parameters and query."""
    return "\n\n".join([_QUESTIONS_HEAD, *(_question(each) for each in questions())]) + "\n"


def _question(asked: Question) -> str:
    parts = [f"## {asked.name}", f"{escaped(asked.english)}<br>{escaped(asked.chinese)}"]
    if asked.parameters:
        rows = [
            (
                code(p.name),
                f"{escaped(p.english)}<br>{escaped(p.chinese)}",
                "yes" if p.required else "no",
                code(p.example),
            )
            for p in asked.parameters
        ]
        parts.append(table(("Parameter", "What it is", "Required", "Example"), rows))
    parts.append(f"[The query](../reference.html#question-{asked.name})")
    return "\n\n".join(parts)
