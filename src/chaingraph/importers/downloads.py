"""Downloads of other people's CSV files: a folder or a zip, which is read without unpacking.

A download is not trusted: sizes are bounded before anything is inflated, a path that leads out of the zip refuses the
whole, and a member is never written to disk.
"""

from __future__ import annotations

import csv
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.archives import FAULTY, LARGEST_DOWNLOAD, fault_of
from chaingraph.errors import UnreadableError, excerpt
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ROW = "row"
"""The column that counts records as a spreadsheet does: the headings are row 1."""
LONGEST_RECORD = 100_000
"""The most characters of a record; one with more has a quotation mark that is not closed."""
_BLOCK = 50_000
_LONGEST_HEADINGS = 2**16
_SEPARATORS = (",", ";", "\t", "|")
_CONTROLS = bytes(32 if (code < 32 and code not in b"\t\n") or code == 127 else code for code in range(256))


@dataclass(frozen=True)
class Layout:
    """How to recognize a file of a download: the pattern of its name, the spellings of its columns, those required."""

    file: str
    columns: Mapping[str, Sequence[str]]
    required: frozenset[str]
    optional: bool = False


@dataclass(frozen=True)
class Download:
    """The files of a download as frames of text by the names of their layouts, and when a zip was packed.

    A frame has every column of its layout, null where the file has none, and ``row``. ``broken`` has of each file the
    ``row`` of every record whose quotation marks or number of cells are wrong, and as ``value`` what is wrong and how
    it begins; they are left out. ``date`` is the latest day of the members of a zip; a folder has none, because the
    dates of its files are those of this machine.
    """

    frames: Mapping[str, pl.DataFrame]
    broken: Mapping[str, pl.DataFrame]
    date: str | None


def download(path: Path, layouts: Mapping[str, Layout]) -> Download:
    """Return the files that the layouts name, each cell a text as it stands.

    Raises:
        UnreadableError: There is no such folder or zip; a file is missing, too large, broken or without a column that
            it must have; the zip is damaged, inflates too far, or holds a path that climbs out.
    """
    try:
        if path.is_dir():
            return _of_folder(path, layouts)
        if path.is_file():
            return _of_zip(path, layouts)
    except OSError as error:
        raise UnreadableError(path, tr("cannot be read: {strerror}", strerror=error.strerror or error)) from error
    raise UnreadableError(path, tr("does not exist; expected the download as a zip, or the folder of its CSV files"))


def _of_folder(path: Path, layouts: Mapping[str, Layout]) -> Download:
    names = sorted(child.name for child in path.iterdir() if child.is_file())
    files = _file_names(path, names, layouts)
    size = sum((path / name).stat().st_size for name in files.values())
    if size > LARGEST_DOWNLOAD:
        reason = tr(
            "holds {size:,.0f} MiB, expected at most {largest_download:,} MiB",
            size=size / 2**20,
            largest_download=LARGEST_DOWNLOAD // 2**20,
        )
        raise UnreadableError(path, reason)
    read = {key: _frames(f"{path / name}", (path / name).read_bytes(), layouts[key]) for key, name in files.items()}
    return _download(layouts, read, None)


def _of_zip(path: Path, layouts: Mapping[str, Layout]) -> Download:
    try:
        with zipfile.ZipFile(path) as archive:
            members = {member.filename: member for member in archive.infolist() if not member.is_dir()}
            fault = fault_of(archive.infolist(), LARGEST_DOWNLOAD)
            if fault is not None:
                raise UnreadableError(
                    path, tr("{fault}; fetch it again, or give the folder of its CSV files", fault=fault)
                )
            files = _file_names(path, members, layouts)
            read = {
                key: _frames(f"{path}, {excerpt(name)}", archive.read(members[name]), layouts[key])
                for key, name in files.items()
            }
    except FAULTY as error:
        reason = tr(
            "is no zip that can be read ({error}); fetch it again, or give the folder of its CSV files", error=error
        )
        raise UnreadableError(path, reason) from error
    year, month, day = max(members[name].date_time[:3] for name in files.values())
    return _download(layouts, read, f"{year:04d}-{month:02d}-{day:02d}")


def _file_names(path: Path, names: Iterable[str], layouts: Mapping[str, Layout]) -> dict[str, str]:
    """Return the name of the file of each layout, in whatever folder of the download."""
    all_names = list(names)
    files = {}
    for key, layout in layouts.items():
        fitting = [name for name in all_names if re.fullmatch(layout.file, PurePosixPath(name).name, re.IGNORECASE)]
        if len(fitting) > 1:
            both = " and ".join(excerpt(name) for name in fitting[:2])
            raise UnreadableError(
                path, tr("holds several files of one kind ({both}); give one download at a time", both=both)
            )
        if fitting:
            files[key] = fitting[0]
        elif not layout.optional:
            there = ", ".join(excerpt(name) for name in all_names[:8]) or "nothing"
            raise UnreadableError(
                path, tr("holds no file {key}.csv, only {files}; expected the download as CSV", key=key, files=there)
            )
    return files


def _download(
    layouts: Mapping[str, Layout], read: Mapping[str, tuple[pl.DataFrame, pl.DataFrame]], date: str | None
) -> Download:
    """Return a download; of a file that it does not have, the frame is empty."""
    empty = {
        key: pl.DataFrame(schema={ROW: pl.UInt32, **dict.fromkeys(layout.columns, pl.String)})
        for key, layout in layouts.items()
    }
    frames = empty | {key: frame for key, (frame, _) in read.items()}
    return Download(frames, {key: broken for key, (_, broken) in read.items()}, date)


def _frames(place: str, content: bytes, layout: Layout) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read one file, and return its records and those that are broken; the separator gives the most headings."""
    content = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    encoded = content.translate(_CONTROLS).lstrip(b"\n ")
    line = encoded[: _LONGEST_HEADINGS + 1].split(b"\n", 1)[0]
    if not line.strip():
        raise UnreadableError(place, tr("is empty; expected a line of headings"))
    if len(line) > _LONGEST_HEADINGS:
        raise UnreadableError(
            place,
            tr(
                "has a first line of more than {longest_headings:,} bytes; expected headings",
                longest_headings=_LONGEST_HEADINGS,
            ),
        )
    try:
        separator, headings = _headings(line.decode())
        text = encoded.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError(place, tr("is not UTF-8: byte {start} cannot be read", start=error.start + 1)) from error
    places = _columns(place, separator, headings, layout)
    records, broken = _records(text, separator, len(headings), places)
    if records.is_empty() and not broken.is_empty():
        row, value = broken.row(0)
        raise UnreadableError(
            place, tr("row {row}: {value}; no record can be read; fetch the download again", row=row, value=value)
        )
    return records.select(
        ROW, *(pl.col(name) if name in places else pl.lit(None, pl.String).alias(name) for name in layout.columns)
    ), broken


def _headings(line: str) -> tuple[str, list[str]]:
    rows = {separator: next(csv.reader([line], delimiter=separator), []) for separator in _SEPARATORS}
    separator = max(rows, key=lambda candidate: len(rows[candidate]))
    return separator, [heading.strip() for heading in rows[separator]]


def _columns(place: str, separator: str, headings: list[str], layout: Layout) -> dict[str, int]:
    """Return the position of each column of the layout that the file has."""
    positions = {heading.casefold(): index for index, heading in reversed(list(enumerate(headings)))}
    places = {}
    for name, spellings in layout.columns.items():
        spelling = next((s for s in spellings if s.casefold() in positions), None)
        if spelling is not None:
            places[name] = positions[spelling.casefold()]
        elif name in layout.required:
            there = ", ".join(excerpt(heading) for heading in headings[:30])
            reason = tr(
                "has no column '{spellings}'; its headings, separated by '{separator}', are: {files}",
                spellings=spellings[0],
                separator=separator,
                files=there,
            )
            raise UnreadableError(place, reason)
    return places


def _records(text: str, separator: str, width: int, places: Mapping[str, int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the records below the headings with the columns that are asked for, and the broken ones.

    The records are those that the csv module reads, strictly. Where it refuses one, or reads one longer than a record
    is, the line that it began on is left out, so that a quotation mark that is not closed takes no other line along.
    """
    csv.field_size_limit(LARGEST_DOWNLOAD)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    blocks: list[pl.DataFrame] = []
    rows: list[list[str | None]] = []
    broken: list[tuple[int, str]] = []
    number, positions = 0, list(places.values())
    while True:
        start = lines.start_record()
        try:
            cells = next(reader, None)
        except (csv.Error, _LongRecordError) as error:
            number += 1
            broken.append((number, f"{error}: {excerpt(lines.restart_after(start))}"))
            reader = csv.reader(lines, delimiter=separator, strict=True)
            continue
        if cells is None:
            break
        number += bool(cells)
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            broken.append(
                (
                    number,
                    tr(
                        "has {count} cells, expected {width}: {cells}",
                        count=len(cells),
                        width=width,
                        cells=excerpt(separator.join(cells)),
                    ),
                )
            )
        elif cells and number > 1:
            cells += [""] * (width - len(cells))
            rows.append([str(number), *(cells[place] for place in positions)])
        if len(rows) == _BLOCK:
            blocks.append(_block(rows, places))
            rows = []
    schema = {ROW: pl.UInt32, "value": pl.String}
    return pl.concat([*blocks, _block(rows, places)]), pl.DataFrame(broken, schema=schema, orient="row")


def _block(rows: list[list[str | None]], places: Mapping[str, int]) -> pl.DataFrame:
    schema = {ROW: pl.String, **dict.fromkeys(places, pl.String)}
    cells = pl.exclude(ROW).str.strip_chars().replace("", None)
    return pl.DataFrame(rows, schema=schema, orient="row").select(pl.col(ROW).cast(pl.UInt32), cells)


class _LongRecordError(Exception):
    """A record has more text than any has."""


class _Lines:
    """The lines of a text for the csv module, which can be begun again from the line after one."""

    def __init__(self, text: str) -> None:
        self._lines = text.removesuffix("\n").split("\n")
        self._next = 0
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._next == len(self._lines):
            raise StopIteration
        line = self._lines[self._next]
        self._size += len(line)
        if self._size > LONGEST_RECORD:
            message = tr("holds more than {longest_record:,} characters", longest_record=LONGEST_RECORD)
            raise _LongRecordError(message)
        self._next += 1
        return f"{line}\n"

    def start_record(self) -> int:
        """Return the place of the line on which the next record begins."""
        self._size = 0
        return self._next

    def restart_after(self, start: int) -> str:
        """Go to the line after one, and return that one."""
        self._next = start + 1
        return self._lines[start]
