"""A data set folder of CSV files whose rows are added to, and written back whole."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chaingraph.errors import UsageError
from chaingraph.export.tables import csv_rows
from chaingraph.messages import tr
from chaingraph.tables import contract
from chaingraph.tables.metadata import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

_EVIDENCE = ("quote", "source", "record")
"""The columns that say where a row stands, not what it says."""
_KEPT = (".csv", ".json", ".txt", ".md", ".toml")


@dataclass
class DataSetFolder:
    """The rows of a data set by table, as texts by column.

    ``folder`` is where it was read from; files in it that are no tables stay as they are.
    """

    folder: Path
    _rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    _columns: dict[str, list[str]] = field(default_factory=dict)
    _names: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> DataSetFolder:
        """Return the data set of a folder; an empty one where the folder is new.

        Raises:
            UsageError: The folder holds other tables than CSV files, or a table whose columns have other names.
        """
        data_set = cls(folder)
        if not folder.exists():
            return data_set
        if not folder.is_dir():
            message = tr("{folder} is no folder; name the folder of a data set, or a new one", folder=folder)
            raise UsageError(message)
        strangers = [
            path.name for path in sorted(folder.iterdir()) if path.is_file() and path.suffix.lower() not in _KEPT
        ]
        if strangers:
            message = tr(
                "{folder} holds {strangers}; accept adds to a data set of CSV files, or to a new folder",
                folder=folder,
                strangers=strangers[0],
            )
            raise UsageError(message)
        for table in contract():
            path = folder / f"{table}.csv"
            if path.is_file():
                data_set._read(table, path)
        return data_set

    def _read(self, table: str, path: Path) -> None:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
        names = {column.name for column in contract()[table].cells}
        headings = rows[0] if rows else []
        unknown = [heading for heading in headings if heading not in names]
        if unknown:
            message = tr(
                "{path}: the column '{unknown}' has no name of the contract; expected names such as 'name'",
                path=path,
                unknown=unknown[0],
            )
            raise UsageError(message)
        self._columns[table] = headings
        for cells in rows[1:]:
            if any(cells):
                self.add(table, {name: cell for name, cell in zip(headings, cells, strict=False) if cell})

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return the rows of a table."""
        return self._rows.setdefault(table, [])

    def counts(self) -> dict[str, int]:
        """Return the number of rows by table."""
        return {table: len(rows) for table, rows in self._rows.items() if rows}

    def add(self, table: str, row: dict[str, str]) -> None:
        """Add a row; columns that the contract does not have are left out."""
        names = [column.name for column in contract()[table].cells]
        cells = {name: row[name] for name in names if row.get(name)}
        self.rows(table).append(cells)
        index = self._names.setdefault(table, {})
        for text in (cells.get("id"), cells.get("name"), *cells.get("alias", "").split(";")):
            if text and text.strip():
                index.setdefault(text.strip(), cells)

    def row_by_name(self, table: str, name: str) -> dict[str, str] | None:
        """Return the row of a table that has a name, an alias or an id; None where there is none."""
        return self._names.get(table, {}).get(name)

    def merge(self, table: str, row: dict[str, str], quote: str) -> None:
        """Add a row of a relation, or the quote to the row that says the same."""
        left_out = (*_EVIDENCE, "id", *(["name"] if contract()[table].primary_key == ("id",) else []))
        names = [column.name for column in contract()[table].cells if column.name not in left_out]
        for old in self.rows(table):
            if all(self._same(table, name, old.get(name, ""), row.get(name, "")) for name in names):
                quotes = [*old.get("quote", "").split(";"), quote]
                old["quote"] = ";".join(dict.fromkeys(filter(None, quotes)))
                return
        self.add(table, {**row, "quote": quote})

    def _same(self, table: str, column: str, one: str, other: str) -> bool:
        """Tell whether two cells say the same; a reference is an id or a name."""
        if one == other:
            return True
        reference = contract()[table].column(column).reference
        if reference is None or not one or not other:
            return False
        left, right = self.row_by_name(reference, one), self.row_by_name(reference, other)
        return left is not None and left is right

    def write(self, folder: Path) -> None:
        """Write the data set to another folder, with all files of the first that are no tables."""
        if self.folder.is_dir():
            shutil.copytree(self.folder, folder)
        else:
            folder.mkdir()
        for table, rows in self._rows.items():
            if not rows:
                continue
            used = {name for row in rows for name in row}
            names = [column.name for column in contract()[table].cells if column.name in used]
            lines = ([row.get(name, "") for name in names] for row in rows)
            (folder / f"{table}.csv").write_text(csv_rows(names, lines, spreadsheet=False), encoding="utf-8")
        if not (folder / FILE_NAME).exists():
            self._write_description(folder)

    def _write_description(self, folder: Path) -> None:
        sources = [
            {name: row[key] for name, key in (("title", "title"), ("url", "url")) if row.get(key)}
            for row in self.rows("sources")
        ]
        languages = {row.get("language", "") for row in self.rows("sources")}
        description = {
            "name": self.folder.resolve().name,
            "language": "en" if languages == {"en"} else "zh",
            "sources": sources,
        }
        (folder / FILE_NAME).write_text(json.dumps(description, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
