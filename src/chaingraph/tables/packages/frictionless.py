"""``datapackage.json``: the description of tables that the tools of Frictionless Data read.

Source: Open Knowledge Foundation, Tabular Data Package 1.0.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from chaingraph.tables.metadata import one_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.tables.contract import Column
    from chaingraph.tables.metadata import Description
    from chaingraph.tables.packages import PackageTable

_TYPES = {"decimal": "number", "integer": "integer", "boolean": "boolean"}
_LONGEST_NAME = 60


def data_package(description: Description, tables: Mapping[str, PackageTable], day: str | None) -> dict[str, Any]:
    """Return the descriptor of a package.

    Args:
        description: The description of the data set.
        tables: Its tables by name.
        day: When it was made, as year, month and day.
    """
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": slug(description.name) or "data-set",
        "id": description.iri,
        "title": one_text(description.title) or description.name,
        "description": one_text(description.description) or one_text(description.attribution),
        "created": None if day is None else f"{day}T00:00:00Z",
        "licenses": licences(description.licence),
        "sources": [{"title": one["title"], "path": one.get("url")} for one in description.sources if one.get("title")],
        "resources": [_resource(table, tables) for table in tables.values()],
    }
    package["sources"] = [_filled(one) for one in package["sources"]]
    return _filled(package)


def slug(text: str) -> str:
    """Return a text as a name that a package may have.

    >>> slug("Jiangsu 2022 (江苏)"), slug("江苏")
    ('jiangsu-2022', '')
    """
    return re.sub(r"[^a-z0-9._]+", "-", text.lower()).strip("-")[:_LONGEST_NAME]


def licences(licence: str | None) -> list[dict[str, str]]:
    """Return a licence as the descriptor has it: by its short name, or with its words as the title."""
    if licence is None:
        return []
    if re.fullmatch(r"[A-Za-z0-9._-]+", licence):
        return [{"name": licence}]
    return [{"name": slug(licence) or "as-stated", "title": licence}]


def _resource(one: PackageTable, tables: Mapping[str, PackageTable]) -> dict[str, Any]:
    columns = [one.table.column(name) for name in one.frame.columns]
    schema: dict[str, Any] = {"fields": [_field(column) for column in columns]}
    if one.has_ids:
        schema["primaryKey"] = one.table.identifier
    keys = [
        {
            "fields": column.name,
            "reference": {
                "resource": "" if column.reference == one.table.name else column.reference,
                "fields": tables[column.reference].table.identifier,
            },
        }
        for column in columns
        if column.reference is not None and column.reference in tables and not column.is_list
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "profile": "tabular-data-resource",
        "name": one.table.name,
        "title": one.table.title_zh,
        "path": one.file_name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(one.content),
        "hash": f"sha256:{hashlib.sha256(one.content).hexdigest()}",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "title": column.title_zh}
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.is_list:
        field |= {"type": "string", "description": f"several values, separated by {column.separator}"}
    else:
        field["type"] = _TYPES.get(column.datatype, "string")
        bounds = {"minimum": column.minimum, "maximum": column.maximum}
        constraints |= {name: value for name, value in bounds.items() if value is not None}
        if column.codes is not None:
            constraints["enum"] = sorted(one.notation for one in column.code_list().codes)
    if column.property_url is not None:
        field["rdfType"] = column.property_url
    return field | ({"constraints": constraints} if constraints else {})


def _filled(entries: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if value not in (None, "", [])}
