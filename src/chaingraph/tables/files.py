"""Reading a folder of CSV or Parquet files, or a workbook, into frames of text exactly as they stand."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem, TableProblemsError, UnreadableError, shown
from chaingraph.tables.contract import Table, folded
from chaingraph.tables.description import (
    FILE_NAME,
    SHEET_NAME,
    Description,
    description_of_file,
    description_of_rows,
    undescribed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ROW = "\x00row"
"""The frame column that counts as a spreadsheet does; no heading can hold a NUL."""
_UNPACKED_LIMIT = 200 * 2**20
_RATIO_LIMIT = 100
_TITLE_ROWS = 10
_SPACE = " \t\r\n\u00a0\u3000\ufeff"


@dataclass
class Sheet:
    """One table as it stands: headings in ``frame``'s order, every cell text or null."""

    place: str
    headings: list[str]
    frame: pl.DataFrame


@dataclass
class Folder:
    """All that a source holds: its description, sheets by table name, what was assumed, and what is wrong.

    ``broken`` are the tables that are there but could not be read.
    """

    description: Description
    sheets: dict[str, Sheet] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def take(self, title: str, place: str, tables: Mapping[str, Table]) -> Table | None:
        """Return the table that a file or sheet of this title holds, or note that it holds none."""
        known = {folded(name): table for table in tables.values() for name in (table.name, *table.titles)}
        table = known.get(folded(title))
        if table is None:
            near = get_close_matches(folded(title), known, n=1, cutoff=0.8)
            if near:
                self.problems.append(Problem(place, None, None, None, f"is no table; did you mean '{near[0]}'?"))
            else:
                self.notes.append(f"{place} is no table of the contract and was left out")
        elif table.name in self.sheets:
            other = self.sheets[table.name].place
            self.problems.append(Problem(place, None, None, None, f"holds the table '{table.name}' as does {other}"))
            return None
        return table

    def put(self, table: Table, sheet: Sheet | None) -> None:
        """Keep a sheet, or remember that the table could not be read."""
        if sheet is None:
            self.broken.add(table.name)
        else:
            self.sheets[table.name] = sheet


def folder_of(source: Path, tables: Mapping[str, Table], encoding: str | None = None) -> Folder:
    """Read a folder or a workbook.

    Raises:
        UnreadableError: The source cannot be read at all.
    """
    return _from_folder(source, tables, encoding) if source.is_dir() else _from_workbook(source, tables)


def _from_folder(source: Path, tables: Mapping[str, Table], encoding: str | None) -> Folder:
    name = source.resolve().name
    described = source / FILE_NAME
    folder = Folder(undescribed(name))
    try:
        folder.description = description_of_file(described, name) if described.is_file() else folder.description
    except TableProblemsError as error:
        folder.problems += error.problems
    files = sorted(path for path in source.iterdir() if path.suffix.lower() in {".csv", ".tsv", ".parquet"})
    if not files:
        raise UnreadableError(
            source, "holds no table (.csv, .tsv or .parquet); a data set is a folder of them, or a workbook"
        )
    for path in files:
        table = folder.take(path.stem, path.name, tables)
        if table is None:
            continue
        is_parquet = path.suffix.lower() == ".parquet"
        sheet = _parquet(path) if is_parquet else _csv(path, encoding, table, folder)
        folder.put(table, sheet)
    return folder


def _from_workbook(source: Path, tables: Mapping[str, Table]) -> Folder:
    import fastexcel

    _refuse_bombs(source)
    try:
        workbook = fastexcel.read_excel(source)
    except fastexcel.FastExcelError as error:
        raise UnreadableError(
            source, "is no .xlsx workbook that can be read; save it as .xlsx again, or as CSV"
        ) from error
    folder = Folder(undescribed(source.stem))
    for title in workbook.sheet_names:
        place = f"{source.name}, sheet {title}"
        is_description = folded(title) == SHEET_NAME
        table = None if is_description else folder.take(title, place, tables)
        if table is None and not is_description:
            continue
        frame = workbook.load_sheet(title, header_row=None, skip_rows=0, dtypes="string").to_polars()
        if is_description:
            pairs = [(str(row[0]), str(row[1])) for row in frame.rows() if len(row) > 1 and row[0] and row[1]]
            rows = [(key, value) for key, value in pairs if folded(key) not in {"key", "键"}]
            try:
                folder.description = description_of_rows(rows, source.stem, place)
            except TableProblemsError as error:
                folder.problems += error.problems
        elif table is not None:
            folder.put(table, _with_headings(place, frame, table, folder))
    if not folder.sheets and not folder.problems:
        raise UnreadableError(source, "holds no sheet named like a table, such as 'memberships' or '成员'")
    return folder


def _refuse_bombs(source: Path) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableError(
            source, "is no .xlsx workbook that can be read; save it as .xlsx again, or as CSV"
        ) from error
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if unpacked > _UNPACKED_LIMIT or (unpacked > 2**20 and unpacked / packed > _RATIO_LIMIT):
        raise UnreadableError(
            source, f"unpacks to {unpacked / 2**20:.0f} MiB, more than a workbook may; save it as CSV"
        )


def _parquet(path: Path) -> Sheet:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableError(path, f"is no Parquet file that can be read ({str(error).splitlines()[0]})") from error
    texts = [_as_text(frame[name]).alias(str(index)) for index, name in enumerate(frame.columns)]
    rows = pl.int_range(2, frame.height + 2, eager=True, dtype=pl.UInt32).alias(ROW)
    return Sheet(path.name, frame.columns, _tidy(pl.DataFrame([*texts, rows])))


def _as_text(series: pl.Series) -> pl.Series:
    if isinstance(series.dtype, pl.List):
        return series.cast(pl.List(pl.String)).list.join(";")
    if series.dtype.is_float():
        return series.cast(pl.String).str.replace(r"\.0$", "")
    return series.cast(pl.String)


def _csv(path: Path, encoding: str | None, table: Table, folder: Folder) -> Sheet | None:
    text = _decoded(path, encoding, folder)
    if not text.strip(_SPACE):
        folder.problems.append(Problem(path.name, None, None, None, "the file is empty; expected a line of headings"))
        return None
    separator = _separator(text)
    try:
        frame = pl.read_csv(
            io.BytesIO(text.encode()), has_header=False, infer_schema=False, separator=separator, raise_if_empty=False
        )
    except pl.exceptions.PolarsError as error:
        folder.problems.append(_broken_row(path.name, text, separator, str(error)))
        return None
    if '"' in text:
        misplaced = re.search(rf'[^\s"{separator}]"[^\s"{separator}]', text)
        if misplaced and (broken := _quote_problem(path.name, text, separator)):
            folder.problems.append(broken)
            return None
    return _with_headings(path.name, frame, table, folder)


def _decoded(path: Path, encoding: str | None, folder: Folder) -> str:
    content = path.read_bytes()
    if encoding is not None:
        try:
            return content.decode(encoding).removeprefix("\ufeff")
        except LookupError as error:
            raise UnreadableError(
                path, f"there is no encoding '{encoding}'; try gb18030, big5, utf-16 or cp1252"
            ) from error
        except UnicodeDecodeError as error:
            raise UnreadableError(path, f"is not {encoding}: byte {error.start + 1} cannot be read") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _as_chinese(content)
    if text is None:
        raise UnreadableError(
            path, "is neither UTF-8 nor clearly Chinese; name its encoding with --encoding (such as cp1252)"
        )
    folder.notes.append(f"{path.name} is not UTF-8 and was read as GB18030; --encoding overrides the guess")
    return text


def _as_chinese(content: bytes) -> str | None:
    """Decode GB18030 if what comes out is everyday Chinese: Western accents also decode, but to rare characters."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    foreign = [character for character in text if not character.isascii()]
    everyday = sum(len(character.encode("gb2312", "ignore")) > 0 for character in foreign)
    return text if everyday >= 0.8 * len(foreign) else None


def _separator(text: str) -> str:
    heading = re.sub(r'"[^"]*"', "", text.lstrip(_SPACE).split("\n", 1)[0])
    counts = Counter(character for character in heading if character in ",;\t")
    return counts.most_common(1)[0][0] if counts else ","


def _quote_problem(place: str, text: str, separator: str) -> Problem | None:
    """Find the row of a broken quote, which polars does not tell."""
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    row = 0
    csv.field_size_limit(2**27)
    try:
        for _ in reader:
            row += 1
    except csv.Error as error:
        reason = f'a quotation mark is broken ({error}); write " inside a quoted cell twice, and close every one'
        return Problem(place, row + 1, None, None, reason)
    return None


def _broken_row(place: str, text: str, separator: str, error: str) -> Problem:
    broken = _quote_problem(place, text, separator)
    if broken is not None:
        return broken
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    width = len(next(rows))
    for number, row in enumerate(rows, start=2):
        if len(row) > width:
            reason = f"has {len(row)} cells, expected {width}; quote a cell that holds '{separator}'"
            return Problem(place, number, None, None, reason)
    return Problem(place, None, None, None, f"cannot be read ({error.splitlines()[0]})")


def _with_headings(place: str, frame: pl.DataFrame, table: Table, folder: Folder) -> Sheet | None:
    """Find the row of headings (titles often stand above it), and drop rows and columns that hold nothing."""
    tidy = _tidy(frame.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias(ROW)))
    if tidy.is_empty():
        folder.problems.append(Problem(place, None, None, None, "is empty; expected a row of headings"))
        return None
    known = table.by_title()
    top = [[cell for cell in row[:-1] if cell is not None] for row in tidy.head(_TITLE_ROWS).iter_rows()]
    scores = [sum(folded(cell) in known for cell in row) for row in top]
    at = scores.index(max(scores))
    if at:
        words = ", ".join(f"'{shown(cell)}'" for row in top[:at] for cell in row)
        folder.notes.append(f"{place}: the headings stand in row {tidy[ROW][at]}; left out what is above them: {words}")
    headings = tidy.row(at)[:-1]
    body = tidy.slice(at + 1)
    kept: list[pl.Series] = []
    names: list[str] = []
    for index, heading in enumerate(headings):
        cells = body.to_series(index)
        if heading is not None:
            kept.append(cells.alias(str(len(names))))
            names.append(heading)
        elif cells.null_count() < len(cells):
            first = body.filter(cells.is_not_null())
            reason = "but the column has no heading"
            folder.problems.append(
                Problem(place, first[ROW][0], f"column {index + 1}", first.to_series(index)[0], reason)
            )
    return Sheet(place, names, pl.DataFrame([*kept, body[ROW]]))


def _tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Strip the cells, make empty ones null, and drop the rows without any cell."""
    cells = pl.exclude(ROW)
    stripped = frame.with_columns(cells.str.strip_chars(_SPACE).replace("", None))
    return stripped.filter(pl.any_horizontal(cells.is_not_null())) if frame.width > 1 else stripped.clear()
