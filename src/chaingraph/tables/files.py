"""Reading a folder of CSV or Parquet files, or a workbook, into frames of text without changing a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.errors import TableProblemsError, UnreadableError
from chaingraph.messages import tr
from chaingraph.tables.csv_files import csv_sheet
from chaingraph.tables.metadata import (
    CSVW,
    FILE_NAME,
    FRICTIONLESS,
    RO_CRATE,
    default_description,
    description_of_file,
)
from chaingraph.tables.parquet import parquet_sheet
from chaingraph.tables.raw import RawTables
from chaingraph.tables.sheets import SIMILAR_SUFFIXES, SUFFIXES
from chaingraph.tables.workbook_tables import workbook_tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chaingraph.tables.contract import Table

TABLE_SUFFIXES = {".csv", ".tsv", ".parquet"}
_DESCRIPTIONS = {FILE_NAME, FRICTIONLESS, CSVW, RO_CRATE}
_NEAR_TABLES = SUFFIXES | SIMILAR_SUFFIXES | {".txt", ".json"}


def raw_tables(source: Path, tables: Mapping[str, Table], encoding: str | None = None) -> RawTables:
    """Read a folder or a workbook.

    Raises:
        UnreadableError: The source cannot be read at all.
    """
    if not source.exists():
        raise UnreadableError(source, tr("does not exist; expected a data set folder or a workbook (.xlsx)"))
    return _from_folder(source, tables, encoding) if source.is_dir() else workbook_tables(source, tables)


def described_folder(source: Path) -> RawTables:
    """Return a data set folder with its description and no table yet."""
    name = source.resolve().name
    description_file = source / FILE_NAME
    raw = RawTables(default_description(name))
    try:
        if description_file.exists() or description_file.is_symlink():
            raw.description = description_of_file(description_file, name)
    except TableProblemsError as error:
        raw.problems += error.problems
    return raw


def _from_folder(source: Path, tables: Mapping[str, Table], encoding: str | None) -> RawTables:
    raw = described_folder(source)
    entries = sorted(source.iterdir())
    files = [path for path in entries if path.suffix.lower() in TABLE_SUFFIXES]
    if not files:
        raise UnreadableError(
            source, tr("holds no table (.csv, .tsv or .parquet); a data set is a folder of them, or a workbook")
        )
    for path in entries:
        if path.suffix.lower() in _NEAR_TABLES and path.name not in _DESCRIPTIONS:
            raw.notes.append(tr("{name} is no table (.csv, .tsv, .parquet) and was left out", name=path.name))
    for path in files:
        table = raw.table_for(path.stem, path.name, tables)
        if table is not None:
            if not path.is_file():
                raise UnreadableError(
                    path, tr("is no file that can be read; expected one table as a file of that name")
                )
            is_parquet = path.suffix.lower() == ".parquet"
            raw.add(table, parquet_sheet(path, raw) if is_parquet else csv_sheet(path, encoding, table, raw))
    return raw
