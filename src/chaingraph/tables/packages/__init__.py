"""A data set as open data: its tables as CSV, described for Frictionless, CSVW and RO-Crate in files beside them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from chaingraph.tables import contract
from chaingraph.tables.csv_files import csv_text
from chaingraph.tables.metadata import CSVW, FILE_NAME, FRICTIONLESS, RO_CRATE, entries
from chaingraph.tables.packages.csvw import csvw_metadata
from chaingraph.tables.packages.frictionless import data_package
from chaingraph.tables.packages.ro_crate import research_object
from chaingraph.tables.raw import ROW

if TYPE_CHECKING:
    from chaingraph.tables import DataSet
    from chaingraph.tables.contract import Table

_YEAR_MONTH_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class PackageTable:
    """A table of a package: its contract, its cells as texts, and its file.

    ``has_ids`` tells whether every row has an id of its own.
    """

    table: Table
    frame: pl.DataFrame
    content: bytes
    has_ids: bool

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"{self.table.name}.csv"


def package_files(data: DataSet) -> dict[str, bytes]:
    """Return the files of a data set by name: one CSV per table, its description, and three files of metadata.

    The tables are as they were read, before decisions on who is who are applied: reading the folder gives the same
    graph. Columns without a value are left out. Rows that stand for a relation get the id by which the graph names
    them.
    """
    tables = {name: _package_table(data, name) for name, frame in data.rows.items() if not frame.is_empty()}
    described = data.description
    day = published(data)
    documents = {
        FILE_NAME: entries(described),
        FRICTIONLESS: data_package(described, tables, day),
        CSVW: csvw_metadata(described, tables),
        RO_CRATE: research_object(described, tables, day),
    }
    return {one.file_name: one.content for one in tables.values()} | {
        name: _document(document) for name, document in documents.items()
    }


def published(data: DataSet) -> str | None:
    """Return the latest day on which a source was retrieved or published, None where no source has a day."""
    sources = data.rows.get("sources")
    if sources is None:
        return None
    days = [text for name in ("retrieved", "published") for text in sources[name].drop_nulls()]
    return max(filter(_YEAR_MONTH_DAY.fullmatch, days), default=None)


def _package_table(data: DataSet, name: str) -> PackageTable:
    table = contract()[name]
    frame = data.rows[name]
    key = table.identifier
    if table.primary_key != (key,):
        # Rows that a decision makes one would have one id; they are named anew when the folder is read.
        ids = data.tables[name][key]
        frame = frame.with_columns(pl.when(~ids.is_duplicated()).then(ids).alias(key))
    texts = frame.select(
        pl.col(column.name).list.join(column.separator or ";")
        if frame.schema[column.name] == pl.List(pl.String)
        else pl.col(column.name)
        for column in table.cells
        if column.name in frame.columns and column.name != ROW
    )
    filled = texts.select(one.name for one in texts if one.null_count() < texts.height)
    has_ids = key in filled.columns and not filled[key].has_nulls() and not filled[key].is_duplicated().any()
    return PackageTable(table, filled, csv_text(filled).encode(), has_ids)


def _document(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
