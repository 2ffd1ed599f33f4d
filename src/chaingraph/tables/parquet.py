"""Tables in Parquet files, read in a child process: polars panics or aborts over files that state what is not so."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem, UnreadableError, excerpt
from chaingraph.isolation import limits_for, output
from chaingraph.messages import tr
from chaingraph.tables.raw import MOST_COLUMNS
from chaingraph.tables.typed_frames import NoTextError, column_text, sheet_of_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from chaingraph.tables.raw import RawTables, Sheet

_READER = "chaingraph.tables.parquet:write_texts"
_MEMORY_PER_BYTE = 40
_LENGTH = struct.Struct(">I")


def parquet_sheet(path: Path, raw: RawTables) -> Sheet | None:
    """Return the table of a Parquet file, or None and a problem for each column that has no text.

    Raises:
        UnreadableError: The file is no Parquet file, is damaged, or asks for more memory or time than its size allows.
    """
    limits = limits_for(path.stat().st_size, memory_per_byte=_MEMORY_PER_BYTE)
    content = output(path, _READER, str(path), limits=limits)
    (length,) = _LENGTH.unpack(content[: _LENGTH.size])
    end = _LENGTH.size + length
    header = json.loads(content[_LENGTH.size : end])
    if header["without text"]:
        for name, kind in header["without text"]:
            reason = tr("holds {kind}, expected text, numbers, dates or lists of them", kind=kind)
            raw.problems.append(Problem(path.name, None, name, None, reason))
        return None
    frame = pl.read_ipc(io.BytesIO(content[end:]))
    return sheet_of_texts(path.name, header["headings"], frame, header["numbers"])


def write_texts(write: Callable[[bytes], object], file: str) -> None:
    """Write the texts of a Parquet file: a header in JSON, and a frame in the format of Arrow.

    Args:
        write: Takes the bytes.
        file: The path of the file.

    Raises:
        UnreadableError: It is no Parquet file, or has too many columns.
    """
    path = Path(file)
    try:
        frame = pl.read_parquet(io.BytesIO(path.read_bytes()))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        reason = tr(
            "is no Parquet file that can be read ({error}); write it again, or as CSV", error=excerpt(str(error), 150)
        )
        raise UnreadableError(path, reason) from error
    if frame.width > MOST_COLUMNS:
        raise UnreadableError(
            path,
            tr(
                "has {width:,} columns, expected at most {most_columns:,}", width=frame.width, most_columns=MOST_COLUMNS
            ),
        )
    texts: list[pl.Series] = []
    without_text: list[tuple[str, str]] = []
    for index, name in enumerate(frame.columns):
        try:
            texts.append(column_text(path.name, frame[name]).alias(str(index)))
        except NoTextError as error:
            without_text.append((name, str(error)))
    numbers = [index for index, dtype in enumerate(frame.dtypes) if dtype.is_float()]
    header = {"headings": frame.columns, "numbers": numbers, "without text": without_text}
    text = json.dumps(header).encode()
    stream = io.BytesIO()
    pl.DataFrame(texts).write_ipc(stream, compression="uncompressed")
    write(_LENGTH.pack(len(text)) + text)
    write(stream.getvalue())
