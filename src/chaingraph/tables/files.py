"""Reading a folder of CSV or Parquet files, or a workbook, into frames of text exactly as they stand."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem, TableProblemsError, UnreadableError, shown
from chaingraph.tables.contract import Table, folded
from chaingraph.tables.metadata import (
    FILE_NAME,
    Description,
    description_of_file,
    description_of_rows,
    undescribed,
)
from chaingraph.tables.workbooks import beside, sheets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ROW = "\x00row"
"""The frame column that counts as a spreadsheet does; no heading can hold a NUL."""
TABLE_SUFFIXES = {".csv", ".tsv", ".parquet"}
_NEAR_TABLES = {".xlsx", ".xls", ".xlsm", ".ods", ".txt", ".json"}
_TITLE_ROWS = 10
_NO_SHEET = (
    "holds no sheet named like a table, such as 'memberships' or '成员'; rename its sheets, or begin with:"
    " chaingraph template -o FILE.xlsx"
)
_NO_ROW = "holds headings but no row yet; fill at least two sheets: consortia (创新联合体) and members (成员)"
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
    if not source.exists():
        raise UnreadableError(source, "does not exist; expected a data set folder or a workbook (.xlsx)")
    return _from_folder(source, tables, encoding) if source.is_dir() else _from_workbook(source, tables)


def _from_folder(source: Path, tables: Mapping[str, Table], encoding: str | None) -> Folder:
    name = source.resolve().name
    described = source / FILE_NAME
    folder = Folder(undescribed(name))
    try:
        if described.exists() or described.is_symlink():
            folder.description = description_of_file(described, name)
    except TableProblemsError as error:
        folder.problems += error.problems
    entries = sorted(source.iterdir())
    files = [path for path in entries if path.suffix.lower() in TABLE_SUFFIXES]
    if not files:
        raise UnreadableError(
            source, "holds no table (.csv, .tsv or .parquet); a data set is a folder of them, or a workbook"
        )
    for path in entries:
        if path.suffix.lower() in _NEAR_TABLES and path.name != FILE_NAME:
            folder.notes.append(f"{path.name} is no table (.csv, .tsv, .parquet) and was left out")
    for path in files:
        table = folder.take(path.stem, path.name, tables)
        if table is not None:
            if not path.is_file():
                raise UnreadableError(path, "is no file that can be read; expected one table as a file of that name")
            is_parquet = path.suffix.lower() == ".parquet"
            folder.put(table, _parquet(path, folder) if is_parquet else _csv(path, encoding, table, folder))
    return folder


def _from_workbook(source: Path, tables: Mapping[str, Table]) -> Folder:
    folder = Folder(undescribed(source.stem))
    for title, cells, faults in sheets(source):
        place = f"{source.name}, sheet {title}"
        is_empty = not faults and not any(cell and cell.strip(_SPACE) for row in cells for cell in row)
        if is_empty or beside().is_for_people(title):
            continue
        is_description = beside().is_description(title)
        table = None if is_description else folder.take(title, place, tables)
        if table is not None or is_description:
            for row, column, fault in faults:
                reason = "which a formula gave in place of a value; mend the formula or empty the cell"
                folder.problems.append(Problem(place, row, f"column {column}", fault, reason))
        if is_description:
            try:
                folder.description = description_of_rows(beside().description_rows(cells), source.stem, place)
            except TableProblemsError as error:
                folder.problems += error.problems
        elif table is not None:
            width = max((len(row) for row in cells), default=1)
            schema = {str(number): pl.String for number in range(width)}
            folder.put(table, _with_headings(place, pl.DataFrame(cells, schema=schema, orient="row"), table, folder))
    if not folder.sheets and not folder.problems:
        raise UnreadableError(source, _NO_SHEET)
    if not folder.problems and all(sheet.frame.is_empty() for sheet in folder.sheets.values()):
        raise UnreadableError(source, _NO_ROW)
    return folder


def _parquet(path: Path, folder: Folder) -> Sheet | None:
    try:
        frame = pl.read_parquet(io.BytesIO(path.read_bytes()))
    except pl.exceptions.PolarsError as error:
        reason = f"is no Parquet file that can be read ({str(error).splitlines()[0]}); write it again, or as CSV"
        raise UnreadableError(path, reason) from error
    return sheet_of_frame(path.name, frame, folder)


def sheet_of_frame(place: str, frame: pl.DataFrame, folder: Folder) -> Sheet | None:
    """Return a typed frame as a sheet of text, or None and a problem for each column that has no text."""
    texts = []
    for index, name in enumerate(frame.columns):
        try:
            texts.append(_as_text(frame[name]).alias(str(index)))
        except pl.exceptions.PolarsError:
            reason = f"holds {frame[name].dtype}, expected text, numbers, dates or lists of them"
            folder.problems.append(Problem(place, None, name, None, reason))
    if len(texts) < frame.width:
        return None
    rows = pl.int_range(2, frame.height + 2, eager=True, dtype=pl.UInt32).alias(ROW)
    return Sheet(place, frame.columns, tidy(pl.DataFrame([*texts, rows])))


def _as_text(series: pl.Series) -> pl.Series:
    if isinstance(series.dtype, pl.List) and not (series.dtype.inner or pl.Null()).is_nested():
        return series.cast(pl.List(pl.String)).list.join(";")
    if series.dtype.is_nested() or series.dtype == pl.Duration:
        message = f"{series.dtype} has no text"
        raise pl.exceptions.InvalidOperationError(message)
    if series.dtype.is_float():
        return series.cast(pl.String).str.replace(r"\.0$", "")
    return series.cast(pl.String)


def _csv(path: Path, encoding: str | None, table: Table, folder: Folder) -> Sheet | None:
    text = _decoded(path, encoding, folder).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip(_SPACE):
        folder.problems.append(Problem(path.name, None, None, None, "the file is empty; expected a line of headings"))
        return None
    separator = _separator(text)
    if '"' in text and re.search(rf'[^\s"{separator}]"[^\s"{separator}]', text):
        broken = _quote_problem(path.name, text, separator)
        if broken is not None:
            folder.problems.append(broken)
            return None
    width = _width(text, separator, table)
    names = separator.join(str(number) for number in range(width))
    try:
        frame = pl.read_csv(io.BytesIO(f"{names}\n{text}".encode()), infer_schema=False, separator=separator)
    except pl.exceptions.PolarsError as error:
        folder.problems.append(_broken_row(path.name, text, separator, width, str(error)))
        return None
    return _with_headings(path.name, frame, table, folder)


def _decoded(path: Path, encoding: str | None, folder: Folder) -> str:
    content = path.read_bytes()
    if encoding is None and content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    if encoding is not None:
        try:
            text = content.decode(encoding).removeprefix("\ufeff")
        except LookupError as error:
            reason = f"there is no encoding '{encoding}'; try gb18030, big5, utf-16 or cp1252"
            raise UnreadableError(path, reason) from error
        except UnicodeDecodeError as error:
            reason = f"is not {encoding}: byte {error.start + 1} cannot be read; name its encoding with --encoding"
            raise UnreadableError(path, reason) from error
        except UnicodeError as error:
            raise UnreadableError(path, f"cannot be read as {encoding}; name its encoding with --encoding") from error
        return text
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        guess = _as_chinese(content)
        if guess is None:
            reason = "is neither UTF-8 nor clearly Chinese; name its encoding with --encoding (such as cp1252)"
            raise UnreadableError(path, reason) from None
        folder.notes.append(f"{path.name} is not UTF-8 and was read as GB18030; --encoding overrides the guess")
        return guess
    if "\x00" in text:
        raise UnreadableError(path, "holds NUL characters; if it is UTF-16, say --encoding utf-16-le (or utf-16-be)")
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
    top = "\n".join(text.lstrip(_SPACE).split("\n", _TITLE_ROWS)[:_TITLE_ROWS])
    counts = Counter(character for character in re.sub(r'"[^"]*"', "", top) if character in ",;\t")
    heading = Counter(character for character in re.sub(r'"[^"]*"', "", top.split("\n", 1)[0]) if character in ",;\t")
    return (heading or counts).most_common(1)[0][0] if counts else ","


def _width(text: str, separator: str, table: Table) -> int:
    """Return how many cells the headings have: titles that stand above them may have fewer."""
    lines = text.split("\n", _TITLE_ROWS)[:_TITLE_ROWS]
    rows = [row for row in csv.reader(lines, delimiter=separator) if row]
    return len(rows[_headings_at(rows, table)]) if rows else 1


def _headings_at(rows: Sequence[Sequence[str | None]], table: Table) -> int:
    """Return which of the first rows holds the most known titles, the first if none does."""
    known = table.by_title()
    scores = [sum(cell is not None and folded(cell) in known for cell in row) for row in rows]
    return scores.index(max(scores))


def _quote_problem(place: str, text: str, separator: str) -> Problem | None:
    """Find the row of a broken quote, which polars does not tell."""
    csv.field_size_limit(2**27)
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    row = 0
    try:
        for _ in reader:
            row += 1
    except csv.Error as error:
        reason = f'a quotation mark is broken ({error}); write " inside a quoted cell twice, and close every one'
        return Problem(place, row + 1, None, None, reason)
    return None


def _broken_row(place: str, text: str, separator: str, width: int, error: str) -> Problem:
    broken = _quote_problem(place, text, separator)
    if broken is not None:
        return broken
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
        if len(row) > width:
            reason = f"has {len(row)} cells, expected {width}; quote a cell that holds '{separator}'"
            return Problem(place, number, None, None, reason)
        quoted = next((cell for cell in row if '"' in cell), None)
        if quoted is not None:
            reason = "a quotation mark stands in a cell that is not quoted; quote the cell, and write the mark twice"
            return Problem(place, number, None, None, reason)
    return Problem(place, None, None, None, f"cannot be read ({error.splitlines()[0]})")


def _with_headings(place: str, frame: pl.DataFrame, table: Table, folder: Folder) -> Sheet | None:
    """Find the row of headings (titles often stand above it), and drop rows and columns that hold nothing."""
    rows = tidy(frame.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias(ROW)))
    if rows.is_empty():
        folder.problems.append(Problem(place, None, None, None, "is empty; expected a row of headings"))
        return None
    top = [[cell for cell in row[:-1] if cell is not None] for row in rows.head(_TITLE_ROWS).iter_rows()]
    at = _headings_at(top, table)
    if at:
        words = ", ".join(f"'{shown(cell)}'" for row in top[:at] for cell in row)
        folder.notes.append(f"{place}: the headings stand in row {rows[ROW][at]}; left out what is above them: {words}")
    headings = rows.row(at)[:-1]
    body = rows.slice(at + 1)
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


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Strip the cells, make empty ones null, and drop the rows without any cell."""
    cells = pl.exclude(ROW)
    stripped = frame.with_columns(cells.str.strip_chars(_SPACE).replace("", None))
    return stripped.filter(pl.any_horizontal(cells.is_not_null())) if frame.width > 1 else stripped.clear()
