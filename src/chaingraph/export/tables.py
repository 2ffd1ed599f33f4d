"""Frames -> CSV, Excel, JSON and Parquet, chosen by the ending of the file; `cells` says what a cell becomes."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from chaingraph.errors import UsageError, excerpt
from chaingraph.export.cells import cell_text, plain
from chaingraph.export.excel import excel_bytes
from chaingraph.export.files import write_bytes
from chaingraph.export.formulas import spreadsheet_text
from chaingraph.export.geojson import table_geojson
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    import polars as pl


def csv_rows(columns: Iterable[object], rows: Iterable[Iterable[object]], *, spreadsheet: bool = True) -> str:
    r"""Return rows as CSV in which no text becomes a formula; for other programs than spreadsheets, texts as they are.

    >>> csv_rows(["name", "n"], [["=1+1", -1], ["-2", None]])
    "name,n\n'=1+1,-1\n-2,\n"
    """
    return _csv(columns, rows, "utf-8", spreadsheet=spreadsheet).decode()


def _csv(columns: Iterable[object], rows: Iterable[Iterable[object]], encoding: str, *, spreadsheet: bool) -> bytes:
    """Return rows as CSV in bytes: a text in the making has four bytes for each character."""
    content = io.BytesIO()
    text = io.TextIOWrapper(content, encoding=encoding, newline="")
    writer = csv.writer(text, lineterminator="\n")
    for row in chain([columns], rows):
        texts = map(cell_text, row)
        writer.writerow(map(spreadsheet_text, texts) if spreadsheet else texts)
    text.flush()
    return content.getvalue()


def csv_text(frame: pd.DataFrame) -> str:
    """Return a frame as CSV in which no text becomes a formula; the index is left out.

    >>> import pandas as pd
    >>> print(csv_text(pd.DataFrame({"name": ["=1+1", "a"], "n": [-1, 2]})), end="")
    name,n
    '=1+1,-1
    a,2
    """
    return csv_rows(frame.columns, frame.itertuples(index=False, name=None))


def csv_document(frame: pd.DataFrame) -> bytes:
    """Return a frame as `csv_text` has it, in bytes for spreadsheets as `csv_bytes` makes them."""
    return _csv(frame.columns, frame.itertuples(index=False, name=None), "utf-8-sig", spreadsheet=True)


def csv_bytes(text: str) -> bytes:
    """Return CSV as a file that spreadsheets open: UTF-8 with a byte order mark, by which Excel knows it."""
    return text.encode("utf-8-sig")


def json_text(frame: pd.DataFrame) -> str:
    r"""Return a frame as a JSON list of objects, null where a value is missing.

    >>> import pandas as pd
    >>> json_text(pd.DataFrame({"名": ["甲"], "n": [None]}))
    '[\n  {"名": "甲", "n": null}\n]\n'

    Raises:
        UsageError: Two columns have the same name.
    """
    names = _column_names(frame)
    rows = [dict(zip(names, map(plain, row), strict=True)) for row in frame.itertuples(index=False, name=None)]
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n" if rows else "[]\n"


def json_document(value: object) -> str:
    """Return a value as JSON with its characters as they are, ending in a line break."""
    return json.dumps(plain(value), ensure_ascii=False, indent=1) + "\n"


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Return a frame as Parquet; a column of several kinds of values becomes text.

    Raises:
        UsageError: Two columns have the same name.
    """
    import polars as pl

    columns = [_parquet_column(name, frame.iloc[:, place]) for place, name in enumerate(_column_names(frame))]
    content = io.BytesIO()
    pl.DataFrame(columns).write_parquet(content)
    return content.getvalue()


def _parquet_column(name: str, column: pd.Series[Any]) -> pl.Series:
    import pandas as pd
    import polars as pl

    values = [None if plain(value) is None else value for value in column.astype(object)]
    kinds = {type(value) for value in values} - {type(None)}
    if kinds <= {int, float}:
        return pl.Series(name, values, dtype=pl.Int64 if kinds == {int} else pl.Float64)
    if len(kinds) == 1 and kinds <= {bool, date, datetime, pd.Timestamp}:
        return pl.Series(name, values)
    return pl.Series(name, [None if value is None else cell_text(value) for value in values], dtype=pl.String)


def _column_names(frame: pd.DataFrame) -> list[str]:
    names = [cell_text(name) for name in frame.columns]
    for name in names:
        if names.count(name) > 1:
            message = tr("two columns are called '{name}'; rename one, or write .csv or .xlsx", name=excerpt(name))
            raise UsageError(message)
    return names


_CONTENTS: dict[str, Callable[[str, pd.DataFrame], bytes]] = {
    ".csv": lambda _, frame: csv_document(frame),
    ".geojson": lambda _, frame: table_geojson(frame),
    ".json": lambda _, frame: json_text(frame).encode(),
    ".parquet": lambda _, frame: parquet_bytes(frame),
    ".xlsx": lambda name, frame: excel_bytes({name: frame}),
}
SUFFIXES: Final = tuple(_CONTENTS)
"""The endings of the files that a table is written to."""


def check_suffix(path: Path, suffixes: Sequence[str] = SUFFIXES) -> str:
    """Return the ending of a file, in small letters; call it before anything that takes long.

    Raises:
        UsageError: It is none of the endings.
    """
    suffix = path.suffix.lower()
    if suffix not in suffixes:
        names = f"{', '.join(suffixes[:-1])} or {suffixes[-1]}" if len(suffixes) > 1 else suffixes[0]
        message = tr("cannot write {path}: expected a name that ends in {names}", path=path, names=names)
        raise UsageError(message)
    return suffix


def write_table(frame: pd.DataFrame, path: Path, *, name: str | None = None) -> None:
    """Write a frame to a file, whole or not at all; the index is left out.

    Args:
        frame: The table.
        path: A file that ends in .csv, .geojson (of a table with coordinates), .json, .parquet or .xlsx.
        name: The name of the sheet in Excel; that of the file if None.

    Raises:
        UsageError: The ending is another, the file cannot be written, or its form cannot hold the table.
    """
    suffix = check_suffix(path)
    write_bytes(path, _CONTENTS[suffix](name or path.stem, frame))


def write_tables(frames: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write frames to an Excel workbook, one sheet per frame, whole or not at all.

    Raises:
        UsageError: The file does not end in .xlsx or cannot be written, or a sheet cannot hold its table.
    """
    check_suffix(path, (".xlsx",))
    write_bytes(path, excel_bytes(frames))
