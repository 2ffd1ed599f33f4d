"""``csv-metadata.json``: the tables and how their cells become triples, for readers of CSV on the Web.

Source: W3C, Metadata Vocabulary for Tabular Data (2015).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chaingraph.resources import ontology_file
from chaingraph.tables.metadata import one_text
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.tables.metadata import Description
    from chaingraph.tables.packages import PackageTable

_CG = PREFIXES["cg"]
_URLS = ("aboutUrl", "valueUrl")


def csvw_metadata(description: Description, tables: Mapping[str, PackageTable]) -> dict[str, Any]:
    """Return the metadata of the files of a data set.

    They are the contract of all tables, limited to the columns that are there, with the IRIs of this data set. Triples
    that the contract makes for some rows only, by a condition or where a cell is filled, are left out, because CSVW has
    no words for that: so every triple that a reader makes is one of the graph.
    """
    document = json.loads(ontology_file("tables.json").read_text(encoding="utf-8"))
    entries = {entry["url"].removesuffix(".csv"): entry for entry in document["tables"]}
    return {
        "@context": document["@context"],
        "dc:title": one_text(description.title) or description.name,
        **({"dc:license": description.licence} if description.licence else {}),
        "tables": [_table(one, entries[name], description, tables) for name, one in tables.items()],
    }


def _table(
    one: PackageTable, entry: Mapping[str, Any], description: Description, tables: Mapping[str, PackageTable]
) -> dict[str, Any]:
    columns = {column["name"]: column for column in entry["tableSchema"]["columns"]}
    names = list(one.frame.columns)
    full = {cells.name for cells in one.frame if not cells.has_nulls()}
    schema: dict[str, Any] = {"columns": [_cells(columns[name], description) for name in names]}
    if one.has_ids:
        schema["aboutUrl"] = f"{description.base}{entry['tableSchema']['aboutUrl']}"
        schema["primaryKey"] = one.table.identifier
        schema["columns"] += [
            _absolute(column, description)
            for column in columns.values()
            if column.get("virtual") and f"{_CG}when" not in column and _needs(column) <= full
        ]
    keys = [
        key
        for key in entry["tableSchema"].get("foreignKeys", ())
        if key["columnReference"] in names and key["reference"]["resource"].removesuffix(".csv") in tables
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {"url": one.file_name, "dc:title": entry["dc:title"], "tableSchema": schema}


def _cells(column: Mapping[str, Any], description: Description) -> dict[str, Any]:
    """Return a column whose heading is its name, with its titles for people as a note."""
    titles = [{"@value": words[0], "@language": tag} for tag, words in column.get("titles", {}).items()]
    entry = _absolute(column, description) | {"titles": column["name"], "dc:title": titles}
    if column.get(f"{_CG}textLanguage") == "dataset" and description.language is not None:
        entry["lang"] = description.language
    return entry


def _absolute(column: Mapping[str, Any], description: Description) -> dict[str, Any]:
    """Return a column with the IRIs of the data set, without what CSVW does not know."""
    entry = {name: value for name, value in column.items() if not name.startswith(_CG)}
    for name in _URLS:
        if name in entry and "://" not in entry[name]:
            entry[name] = f"{description.base}{entry[name]}"
    return entry


def _needs(column: Mapping[str, Any]) -> set[str]:
    """Return the columns that the IRIs of a virtual column are made of."""
    texts = "".join(column.get(name, "") for name in _URLS)
    return {part.partition("}")[0] for part in texts.split("{")[1:]}
