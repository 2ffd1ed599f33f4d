"""Records of other people's registers: JSON documents, JSON lines or CSV, plain or compressed, read one by one."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, ClassVar

import polars as pl

from chaingraph.archives import FAULTY, LARGEST_DOWNLOAD, fault_of
from chaingraph.errors import UnreadableError, excerpt
from chaingraph.importers.data_set_folder import check_folder, write_folder
from chaingraph.messages import tr
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

_LARGEST_LINE = 2**24
_MAX_FIELD = 2**20


@dataclass(frozen=True)
class Register:
    """Whose records they are: the name of the data set, its title by language, where it is from, and its licence."""

    name: str
    title: Mapping[str, str]
    url: str
    publisher: str
    licence: str
    fault_words: Mapping[str, tuple[str, str]]


@dataclass
class Collected:
    """The rows of tables while records are read, each id once, and the faults of records."""

    rows: dict[str, dict[str, dict[str, str | None]]] = field(default_factory=dict)
    faults: list[tuple[str, int | None, str, str]] = field(default_factory=list)

    def add(self, table: str, key: str, **cells: str | None) -> bool:
        """Add a row to a table, unless one of this key is there; return whether it was added."""
        rows = self.rows.setdefault(table, {})
        if key in rows:
            return False
        rows[key] = cells
        return True

    def fault(self, kind: str, row: int | None, record: str, value: object = "") -> None:
        """Record what is wrong with a record, or was left out of it."""
        self.faults.append((kind, row, record, excerpt(str(value), 200)))


@dataclass(frozen=True)
class Imported:
    """The result of an import: the number of rows by table, and the faults of the source, one row per fault."""

    FAULT: ClassVar[Mapping[str, type[pl.DataType]]] = {
        "kind": pl.String,
        "row": pl.UInt32,
        "record": pl.String,
        "value": pl.String,
    }
    """The columns of faults: the kind, the row of the file, the record, and the value that is at fault."""

    rows: Mapping[str, int]
    faults: pl.DataFrame


def import_register(
    path: Path,
    folder: Path,
    register: Register,
    collect: Callable[[Path, Collected], None],
    *,
    name: str | None = None,
) -> Imported:
    """Write the records of a register as a data set folder, and return the numbers of rows with the faults.

    Args:
        path: The download.
        folder: What to write; new, empty or a data set.
        register: Whose records they are.
        collect: Reads the records of the download into rows and faults.
        name: The data set's name; that of the folder if None.

    Raises:
        UnreadableError: The download cannot be read, or holds nothing of this kind.
        UsageError: The folder cannot be written.
    """
    check_folder(folder)
    collected = Collected()
    collect(path, collected)
    if not collected.rows.get("organizations"):
        raise UnreadableError(path, tr("holds no organization; expected a download of {en}", en=register.title["en"]))
    source = {
        "id": register.name,
        "title": register.title["en"],
        "url": register.url,
        "publisher": register.publisher,
        "licence": register.licence,
    }
    frames = {"sources": pl.DataFrame([source])}
    for table, rows in collected.rows.items():
        columns = dict.fromkeys(name for row in rows.values() for name in row)
        frames[table] = pl.DataFrame(list(rows.values()), schema=dict.fromkeys(columns, pl.String))
    description = {
        "name": name or folder.resolve().name,
        "title": dict(register.title),
        "language": "en",
        "base": f"{PREFIXES['id']}{register.name}/",
        "licence": register.licence,
        "attribution": {
            "en": f"{register.title['en']}, {register.publisher}",
            "zh": f"{register.title['zh']}，{register.publisher}",
        },
        "sources": [{"title": register.title["en"], "url": register.url, "licence": register.licence}],
    }
    write_folder(folder, frames, description)
    faults = pl.DataFrame(collected.faults, schema=Imported.FAULT, orient="row")
    return Imported({table: frame.height for table, frame in frames.items()}, faults)


def json_records(path: Path, collected: Collected) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of JSON lines, or of an array in one JSON document, each with its number from 1.

    The file may be compressed (.gz), or the only .json or .jsonl file in a .zip. A line that is no object is a fault.

    Raises:
        UnreadableError: It cannot be read, or is no JSON at all.
    """
    with _opened(path, (".json", ".jsonl", ".ndjson")) as stream:
        first = stream.read(1)
        while first.isspace():
            first = stream.read(1)
        if first == b"[":
            yield from _of_document(path, first + stream.read(LARGEST_DOWNLOAD), collected)
            return
        number = 0
        for line in _lines(path, first, stream):
            number += 1
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = None
            if isinstance(record, dict):
                yield number, record
            elif line.strip():
                collected.fault("no-object", number, "", line[:200].decode("utf-8", "replace"))
        if number and len(collected.faults) == number:
            raise UnreadableError(
                path, tr("no line of it is a JSON object; expected JSON lines or an array of objects")
            )


def _of_document(path: Path, content: bytes, collected: Collected) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        records = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(path, tr("is no JSON: {error}", error=excerpt(str(error)))) from error
    for number, record in enumerate(records, 1):
        if isinstance(record, dict):
            yield number, record
        else:
            collected.fault("no-object", number, "", record)


def _lines(path: Path, first: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    line = first + stream.readline(_LARGEST_LINE)
    while line:
        if len(line) >= _LARGEST_LINE:
            raise UnreadableError(
                path,
                tr(
                    "has a line of more than {largest_line:,} bytes; expected one record per line",
                    largest_line=_LARGEST_LINE,
                ),
            )
        yield line
        line = stream.readline(_LARGEST_LINE)


def csv_records(path: Path, required: Sequence[str], collected: Collected) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the records of a CSV file by the names of its columns in small letters, each with its row in the file.

    Raises:
        UnreadableError: It cannot be read, or lacks a required column.
    """
    csv.field_size_limit(_MAX_FIELD)
    with _opened(path, (".csv",)) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
        reader = csv.reader(text)
        try:
            names = [name.strip().lower() for name in next(reader, [])]
            missing = [name for name in required if name not in names]
            if missing:
                raise UnreadableError(
                    path,
                    tr(
                        "lacks the columns {missing}; it has {names}",
                        missing=", ".join(missing),
                        names=", ".join(names)[:300],
                    ),
                )
            for number, cells in enumerate(reader, 2):
                if len(cells) == len(names):
                    yield number, dict(zip(names, map(str.strip, cells), strict=True))
                elif cells:
                    collected.fault(
                        "cells",
                        number,
                        cells[0],
                        tr("{count} cells, expected {columns}", count=len(cells), columns=len(names)),
                    )
        except csv.Error as error:
            raise UnreadableError(path, tr("is no CSV that can be read: {error}", error=error)) from error


@contextmanager
def _opened(path: Path, endings: Sequence[str]) -> Iterator[IO[bytes]]:
    if path.exists() and not path.is_file():
        # A pipe or a device may never end, and a reader may wait for it for ever.
        raise UnreadableError(path, tr("is no ordinary file; expected the download, or the file in it"))
    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path) as stream:
                yield io.BufferedReader(stream)
        elif path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                fault = fault_of(archive.infolist(), LARGEST_DOWNLOAD)
                if fault is not None:
                    raise UnreadableError(path, tr("{fault}; fetch it again, or give the file in it", fault=fault))
                members = [one for one in archive.infolist() if one.filename.lower().endswith(tuple(endings))]
                # The dump of ROR has its old and its new schema side by side.
                newest = sorted(members, key=lambda one: ("v2" in one.filename, one.filename))
                if not newest:
                    raise UnreadableError(
                        path, tr("holds no file that ends in {endings}", endings=tr(" or ").join(endings))
                    )
                with archive.open(newest[-1]) as stream:
                    yield stream
        else:
            with path.open("rb") as stream:
                yield stream
    except (OSError, *FAULTY) as error:
        if isinstance(error, OSError) and error.strerror:
            raise UnreadableError(path, tr("cannot be read: {strerror}", strerror=error.strerror)) from error
        raise UnreadableError(path, tr("is damaged: {error}", error=error)) from error


def text(value: object) -> str | None:
    r"""Return a value of a record as the text of a cell, None where there is none; line breaks become spaces.

    >>> text("  a\n b "), text(""), text(3)
    ('a b', None, '3')
    """
    if value is None or isinstance(value, dict | list | bool):
        return None
    return " ".join(str(value).split()) or None


def aliases(names: Sequence[str | None], name: str) -> str | None:
    """Return other names than the name as one cell; a semicolon within one becomes a comma, because it separates.

    >>> aliases(["B", "A", "B", None, "C; D"], "A")
    'B;C, D'
    """
    others = dict.fromkeys(one.replace(";", ",") for one in names if one and one != name)
    return ";".join(others) or None


def website(value: object) -> str | None:
    """Return a web address that a cell takes, or None."""
    address = text(value)
    return address if address and address.lower().startswith(("http://", "https://")) and " " not in address else None
