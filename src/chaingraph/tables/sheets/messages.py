"""How a child process hands over the sheets of a workbook: each a header in JSON, and columns in Arrow's format."""

from __future__ import annotations

import io
import json
import struct
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import UnreadableError
from chaingraph.tables.sheets.grid import Area, Grid, Visibility

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LENGTHS = struct.Struct(">IQ")
_VALUES, _KINDS, _DISPLAYED = "value ", "kind ", "display "


def message_of_sheet(visibility: Visibility, grid: Grid) -> bytes:
    """Return a sheet as bytes."""
    about = {
        "title": grid.title,
        "visibility": visibility.value,
        "merged": grid.merged,
        "hidden_rows": grid.hidden_rows,
        "hidden_columns": grid.hidden_columns,
        "struck": grid.struck,
        "covered": grid.covered,
        "computed": grid.computed,
        "formulas_stale": grid.formulas_stale,
    }
    columns = [
        cells.alias(of + cells.name)
        for of, frame in ((_VALUES, grid.values), (_KINDS, grid.kinds), (_DISPLAYED, grid.displayed))
        for cells in frame
    ]
    stream = io.BytesIO()
    pl.DataFrame(columns).write_ipc(stream, compression="lz4")
    return _message(about, stream.getvalue())


def message_of_failure(title: str, visibility: Visibility, error: UnreadableError) -> bytes:
    """Return as bytes what is wrong with a sheet that cannot be read."""
    return _message(
        {"title": title, "visibility": visibility.value, "source": error.source, "reason": error.reason}, b""
    )


def _message(about: Mapping[str, object], columns: bytes) -> bytes:
    header = json.dumps(about).encode()
    return _LENGTHS.pack(len(header), len(columns)) + header + columns


def sheet_messages(content: bytes) -> Iterator[tuple[str, Visibility, bytes | UnreadableError]]:
    """Yield of each sheet its title, its visibility, and what `grid_of_message` takes, or why it cannot be read."""
    start = 0
    while start < len(content):
        lengths = _LENGTHS.unpack_from(content, start)
        end = start + _LENGTHS.size + sum(lengths)
        about = json.loads(content[start + _LENGTHS.size : start + _LENGTHS.size + lengths[0]])
        failure = UnreadableError(about["source"], about["reason"]) if "reason" in about else None
        yield about["title"], Visibility(about["visibility"]), failure or content[start:end]
        start = end


def grid_of_message(content: bytes) -> Grid:
    """Return the cells of a sheet."""
    length, _ = _LENGTHS.unpack_from(content)
    about = json.loads(content[_LENGTHS.size : _LENGTHS.size + length])
    frame = pl.read_ipc(io.BytesIO(content[_LENGTHS.size + length :]))
    values, kinds, displayed = (
        frame.select(pl.col(name).alias(name.removeprefix(of)) for name in frame.columns if name.startswith(of))
        for of in (_VALUES, _KINDS, _DISPLAYED)
    )
    return Grid(
        about["title"],
        values,
        kinds,
        merged=tuple(Area(*ends) for ends in about["merged"]),
        hidden_rows=tuple(about["hidden_rows"]),
        hidden_columns=tuple(about["hidden_columns"]),
        struck=tuple((row, column) for row, column in about["struck"]),
        covered=tuple((row, column) for row, column in about["covered"]),
        computed=about["computed"],
        formulas_stale=about["formulas_stale"],
        displayed=displayed,
    )
