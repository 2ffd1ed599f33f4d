"""Frictionless data packages as data set folders: resources that are named like tables, or sheets as kept.

A resource is a table by its name, and a field a column by its name or title, in English or Chinese, as files and
headings are. Where no resource is named so, all of them together are read as a roster.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from chaingraph.errors import Problem, TableProblemsError, UnreadableError
from chaingraph.importers.data_packages.cells import Rows, rows_of
from chaingraph.importers.data_packages.package import Package, Resource
from chaingraph.importers.data_set_folder import check_folder, write_folder
from chaingraph.importers.records import Collected, Imported, Register
from chaingraph.messages import tr
from chaingraph.rosters.opening import description, roster_of
from chaingraph.tables import contract, read
from chaingraph.tables.contract import heading_key
from chaingraph.tables.csv_files import csv_text
from chaingraph.tables.metadata import FILE_NAME, default_description

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.tables.contract import Table

REGISTER = Register(
    "data-package",
    {"en": "Data package", "zh": "数据包"},
    "https://datapackage.org/",
    "as the package states",
    "as the package states",
    {
        "no-table": ("a resource that is named like no table", "名称不是任何表的资源"),
        "unreadable": ("a resource that cannot be read", "无法读取的资源"),
        "repeated": ("a second resource of one table", "同一张表的第二个资源"),
        "no-column": ("a field that is no column of its table", "不是该表列的字段"),
        "cells": ("a row with too many or too few cells", "单元格数目不符的行"),
        "value": ("a cell that does not have the form of its field", "不符合字段格式的单元格"),
    },
)
_ORIGIN = "source"


def import_data_package(path: Path, folder: Path, *, name: str | None = None) -> Imported:
    """Write a data package as a data set folder, and return the numbers of rows with the faults.

    Rows of a package that has no sources of its own lead to the package: to the resource and the row in it.

    Args:
        path: A folder or zip with ``datapackage.json``, or that file.
        folder: What to write; new, empty or a data set.
        name: The data set's name; else the package's, or that of the folder.

    Raises:
        UnreadableError: The package cannot be read, or holds nothing that is a table or a roster.
        TableProblemsError: Its tables hold mistakes; all of them are listed, and nothing is written.
        UsageError: The folder cannot be written.
    """
    check_folder(folder)
    package = Package(path)
    collected = Collected()
    tables = _tables(package, collected)
    entries = _description(package, name or folder.resolve().name, name)
    if tables:
        frames = _with_origin(tables, package, entries)
    else:
        frames, entries = _roster(package, collected, path, name)
    try:
        read({**frames, "dataset": entries})
    except TableProblemsError as error:
        unread = [Problem(one, None, None, None, why) for kind, _, one, why in collected.faults if kind == "unreadable"]
        raise TableProblemsError([*unread, *error.problems]) from error
    write_folder(folder, frames, entries)
    faults = pl.DataFrame(collected.faults, schema=Imported.FAULT, orient="row")
    return Imported({table: frame.height for table, frame in frames.items()}, faults)


def _tables(package: Package, collected: Collected) -> dict[str, pl.DataFrame]:
    """Return the resources that are named like tables."""
    by_name = {heading_key(title): table for table in contract().values() for title in (table.name, *table.titles)}
    frames: dict[str, pl.DataFrame] = {}
    for resource in package.resources:
        table = next((by_name[key] for key in map(heading_key, _names(resource)) if key in by_name), None)
        if table is None:
            collected.fault("no-table", None, resource.name, resource.entry.get("path", "data"))
        elif table.name in frames:
            collected.fault("repeated", None, resource.name, table.name)
        else:
            rows = _rows(package, resource, collected)
            if rows is not None:
                frames[table.name] = _frame(rows, table, resource, collected)
    return frames


def _names(resource: Resource) -> list[str]:
    paths = resource.entry.get("path")
    stems = [Path(one).stem for one in ([paths] if isinstance(paths, str) else paths or ()) if isinstance(one, str)]
    return [resource.name, str(resource.entry.get("title") or ""), *stems[:1]]


def _rows(package: Package, resource: Resource, collected: Collected) -> Rows | None:
    """Return the rows of a resource, None, with the fault, where it cannot be read."""
    if resource.fault is not None:
        collected.fault("unreadable", None, resource.name, resource.fault)
        return None
    try:
        rows = rows_of(package, resource)
    except UnreadableError as error:
        collected.fault("unreadable", None, resource.name, error.reason)
        return None
    for kind, row, value in rows.faults:
        collected.fault(kind, row, resource.name, value)
    return rows


def _frame(rows: Rows, table: Table, resource: Resource, collected: Collected) -> pl.DataFrame:
    by_title = table.by_title()
    places: dict[str, int] = {}
    for place, (name, title) in enumerate(zip(rows.names, rows.titles, strict=True)):
        column = by_title.get(heading_key(name)) or by_title.get(heading_key(title))
        if column is None or column.name in places:
            collected.fault("no-column", None, resource.name, name or title)
        else:
            places[column.name] = place
    columns = {column: [row[place] for row in rows.cells] for column, place in places.items()}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _with_origin(
    frames: Mapping[str, pl.DataFrame], package: Package, entries: Mapping[str, Any]
) -> dict[str, pl.DataFrame]:
    """Let the rows lead to the package, unless it has sources of its own."""
    if "sources" in frames:
        return dict(frames)
    origin = {
        "id": REGISTER.name,
        "title": str(package.descriptor.get("title") or entries["name"]),
        "url": _address(package.descriptor.get("homepage")),
        "licence": entries.get("licence"),
    }
    sources = pl.DataFrame([origin], schema=dict.fromkeys(origin, pl.String))
    tables: dict[str, pl.DataFrame] = {"sources": sources}
    for name, frame in frames.items():
        if {_ORIGIN, "record"} <= {column.name for column in contract()[name].cells} and _ORIGIN not in frame.columns:
            record = [f"{name}, row {number}" for number in range(2, frame.height + 2)]
            origins = pl.lit(origin["id"], pl.String).alias(_ORIGIN)
            frame = frame.with_columns(origins, pl.Series("record", record, dtype=pl.String))
        tables[name] = frame
    return tables


def _roster(
    package: Package, collected: Collected, path: Path, name: str | None
) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """Return the resources, none of which is a table by its name, as one roster.

    Raises:
        UnreadableError: No row of headings fits anything.
    """
    kinds = [kind for kind, *_ in collected.faults]
    if "no-table" not in kinds:
        raise UnreadableError(path, tr("holds no resource that can be read: {reason}", reason=collected.faults[0][3]))
    collected.faults.clear()
    with tempfile.TemporaryDirectory() as temporary:
        files = []
        for number, resource in enumerate(package.resources, 1):
            rows = _rows(package, resource, collected)
            if rows is not None and rows.cells:
                headings = [title or name for name, title in zip(rows.names, rows.titles, strict=True)]
                columns = [
                    pl.Series(str(place), cells, pl.String) for place, cells in enumerate(zip(*rows.cells, strict=True))
                ]
                frame = pl.DataFrame(columns)
                top = pl.DataFrame({str(place): [heading] for place, heading in enumerate(headings)})
                file = Path(temporary) / f"{number:03d}.csv"
                file.write_bytes(csv_text(pl.concat([top, frame])).partition("\n")[2].encode())
                files.append(file)
        if not files:
            raise UnreadableError(path, tr("holds no resource with a row that can be read"))
        roster = roster_of(*files)
        title = package.descriptor.get("title") or package.descriptor.get("name")
        entries = description(roster, path) | ({"title": str(title)} if title else {})
    return dict(roster.frames), entries | ({"name": name} if name else {})


def _description(package: Package, name: str, new_name: str | None) -> dict[str, Any]:
    """Return what ``dataset.json`` holds: that of the package, or what its descriptor says."""
    own = package.content(FILE_NAME)
    if own is not None:
        try:
            entries = json.loads(own.decode("utf-8-sig"))
        except ValueError as error:
            raise UnreadableError(FILE_NAME, tr("is no JSON in UTF-8: {error}", error=error)) from error
        if isinstance(entries, dict):
            return entries | ({"name": new_name} if new_name else {})
    descriptor = package.descriptor
    own_name = new_name or _words(descriptor.get("name")) or name
    contributors = [one.get("title") for one in _objects(descriptor.get("contributors"))]
    licences = [
        _words(one.get("title")) or _words(one.get("name")) or _words(one.get("path"))
        for one in _objects(descriptor.get("licenses"))
    ]
    sources = [
        {"title": _words(one.get("title")), "url": _address(one.get("path"))}
        for one in _objects(descriptor.get("sources"))
    ]
    attribution = ", ".join(filter(None, [_words(descriptor.get("title")), *map(_words, contributors)]))
    entries = {
        "name": own_name,
        "title": _words(descriptor.get("title")),
        "description": _words(descriptor.get("description")),
        "base": default_description(own_name).base,
        "licence": "; ".join(filter(None, licences)),
        "attribution": attribution,
        "sources": [{name: text for name, text in one.items() if text} for one in sources],
    }
    return {key: value for key, value in entries.items() if value}


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _words(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _address(value: object) -> str | None:
    text = _words(value)
    return text if text and text.startswith(("http://", "https://")) and " " not in text else None
