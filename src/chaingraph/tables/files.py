"""Reading a folder of CSV or Parquet files, or a workbook, into frames of text without changing a cell."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem, TableProblemsError, UnreadableError, excerpt
from chaingraph.tables.contract import Table, heading_key
from chaingraph.tables.metadata import (
    FILE_NAME,
    Description,
    default_description,
    description_of_file,
    description_of_rows,
)
from chaingraph.tables.workbooks import reserved_sheets, sheets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ROW = "\x00row"
"""The frame column of row numbers, which count as a spreadsheet does; no heading can have a NUL."""
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
    """One table before typing: headings in ``frame``'s order, every cell text or null."""

    place: str
    headings: list[str]
    frame: pl.DataFrame


@dataclass
class RawTables:
    """The tables of a source before typing: its description, sheets by table name, assumptions and problems.

    ``unreadable`` are the tables that are there but could not be read.
    """

    description: Description
    sheets: dict[str, Sheet] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)

    def table_for(self, title: str, place: str, tables: Mapping[str, Table]) -> Table | None:
        """Return the table of a file or sheet of this title, or note that it is none."""
        titles = {heading_key(name): table for table in tables.values() for name in (table.name, *table.titles)}
        table = titles.get(heading_key(title))
        if table is None:
            similar = get_close_matches(heading_key(title), titles, n=1, cutoff=0.8)
            if similar:
                self.problems.append(Problem(place, None, None, None, f"is no table; did you mean '{similar[0]}'?"))
            else:
                self.notes.append(f"{place} is no table of the contract and was left out")
        elif table.name in self.sheets:
            other_place = self.sheets[table.name].place
            self.problems.append(
                Problem(place, None, None, None, f"holds the table '{table.name}' as does {other_place}")
            )
            return None
        return table

    def add(self, table: Table, sheet: Sheet | None) -> None:
        """Add the sheet of a table, or note that it could not be read."""
        if sheet is None:
            self.unreadable.add(table.name)
        else:
            self.sheets[table.name] = sheet


def raw_tables(source: Path, tables: Mapping[str, Table], encoding: str | None = None) -> RawTables:
    """Read a folder or a workbook.

    Raises:
        UnreadableError: The source cannot be read at all.
    """
    if not source.exists():
        raise UnreadableError(source, "does not exist; expected a data set folder or a workbook (.xlsx)")
    return _from_folder(source, tables, encoding) if source.is_dir() else _from_workbook(source, tables)


def _from_folder(source: Path, tables: Mapping[str, Table], encoding: str | None) -> RawTables:
    name = source.resolve().name
    description_file = source / FILE_NAME
    raw = RawTables(default_description(name))
    try:
        if description_file.exists() or description_file.is_symlink():
            raw.description = description_of_file(description_file, name)
    except TableProblemsError as error:
        raw.problems += error.problems
    entries = sorted(source.iterdir())
    files = [path for path in entries if path.suffix.lower() in TABLE_SUFFIXES]
    if not files:
        raise UnreadableError(
            source, "holds no table (.csv, .tsv or .parquet); a data set is a folder of them, or a workbook"
        )
    for path in entries:
        if path.suffix.lower() in _NEAR_TABLES and path.name != FILE_NAME:
            raw.notes.append(f"{path.name} is no table (.csv, .tsv, .parquet) and was left out")
    for path in files:
        table = raw.table_for(path.stem, path.name, tables)
        if table is not None:
            if not path.is_file():
                raise UnreadableError(path, "is no file that can be read; expected one table as a file of that name")
            is_parquet = path.suffix.lower() == ".parquet"
            raw.add(table, _parquet(path, raw) if is_parquet else _csv(path, encoding, table, raw))
    return raw


def _from_workbook(source: Path, tables: Mapping[str, Table]) -> RawTables:
    raw = RawTables(default_description(source.stem))
    for title, cells, faults in sheets(source):
        place = f"{source.name}, sheet {title}"
        is_empty = not faults and not any(cell and cell.strip(_SPACE) for row in cells for cell in row)
        if is_empty or reserved_sheets().is_for_people(title):
            continue
        is_description = reserved_sheets().is_description(title)
        table = None if is_description else raw.table_for(title, place, tables)
        if table is not None or is_description:
            for row, column, fault in faults:
                reason = "which a formula gave in place of a value; mend the formula or empty the cell"
                raw.problems.append(Problem(place, row, f"column {column}", fault, reason))
        if is_description:
            try:
                raw.description = description_of_rows(reserved_sheets().description_rows(cells), source.stem, place)
            except TableProblemsError as error:
                raw.problems += error.problems
        elif table is not None:
            width = max((len(row) for row in cells), default=1)
            schema = {str(number): pl.String for number in range(width)}
            raw.add(table, _with_headings(place, pl.DataFrame(cells, schema=schema, orient="row"), table, raw))
    if not raw.sheets and not raw.problems:
        raise UnreadableError(source, _NO_SHEET)
    if not raw.problems and all(sheet.frame.is_empty() for sheet in raw.sheets.values()):
        raise UnreadableError(source, _NO_ROW)
    return raw


def _parquet(path: Path, raw: RawTables) -> Sheet | None:
    try:
        frame = pl.read_parquet(io.BytesIO(path.read_bytes()))
    except pl.exceptions.PolarsError as error:
        reason = f"is no Parquet file that can be read ({str(error).splitlines()[0]}); write it again, or as CSV"
        raise UnreadableError(path, reason) from error
    return sheet_of_frame(path.name, frame, raw)


def sheet_of_frame(place: str, frame: pl.DataFrame, raw: RawTables) -> Sheet | None:
    """Return a typed frame as a sheet of text, or None and a problem for each column that has no text."""
    texts = []
    for index, name in enumerate(frame.columns):
        try:
            texts.append(_as_text(frame[name]).alias(str(index)))
        except pl.exceptions.PolarsError:
            reason = f"holds {frame[name].dtype}, expected text, numbers, dates or lists of them"
            raw.problems.append(Problem(place, None, name, None, reason))
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


def _csv(path: Path, encoding: str | None, table: Table, raw: RawTables) -> Sheet | None:
    text = _text(path, encoding, raw).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip(_SPACE):
        raw.problems.append(Problem(path.name, None, None, None, "the file is empty; expected a line of headings"))
        return None
    separator = _separator(text)
    if '"' in text and re.search(rf'[^\s"{separator}]"[^\s"{separator}]', text):
        problem = _quote_problem(path.name, text, separator)
        if problem is not None:
            raw.problems.append(problem)
            return None
    width = _width(text, separator, table)
    header = separator.join(str(number) for number in range(width))
    try:
        frame = pl.read_csv(io.BytesIO(f"{header}\n{text}".encode()), infer_schema=False, separator=separator)
    except pl.exceptions.PolarsError as error:
        raw.problems.append(_malformed_row(path.name, text, separator, width, str(error)))
        return None
    return _with_headings(path.name, frame, table, raw)


def _text(path: Path, encoding: str | None, raw: RawTables) -> str:
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
        raw.notes.append(f"{path.name} is not UTF-8 and was read as GB18030; --encoding overrides the guess")
        return guess
    if "\x00" in text:
        raise UnreadableError(path, "holds NUL characters; if it is UTF-16, say --encoding utf-16-le (or utf-16-be)")
    return text


def _as_chinese(content: bytes) -> str | None:
    """Decode GB18030 if the text is everyday Chinese: Western accents can be decoded too, but to rare characters."""
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
    """Return the number of cells of the headings: rows of titles above them may have fewer."""
    lines = text.split("\n", _TITLE_ROWS)[:_TITLE_ROWS]
    rows = [row for row in csv.reader(lines, delimiter=separator) if row]
    return len(rows[_headings_at(rows, table)]) if rows else 1


def _headings_at(rows: Sequence[Sequence[str | None]], table: Table) -> int:
    """Return the index of the row with the most titles of columns, the first where none has any."""
    columns = table.by_title()
    scores = [sum(cell is not None and heading_key(cell) in columns for cell in row) for row in rows]
    return scores.index(max(scores))


def _quote_problem(place: str, text: str, separator: str) -> Problem | None:
    """Find the row of a broken quotation mark, which polars does not report."""
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


def _malformed_row(place: str, text: str, separator: str, width: int, error: str) -> Problem:
    problem = _quote_problem(place, text, separator)
    if problem is not None:
        return problem
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
        if len(row) > width:
            reason = f"has {len(row)} cells, expected {width}; quote a cell that holds '{separator}'"
            return Problem(place, number, None, None, reason)
        cell_with_quote = next((cell for cell in row if '"' in cell), None)
        if cell_with_quote is not None:
            reason = "a quotation mark stands in a cell that is not quoted; quote the cell, and write the mark twice"
            return Problem(place, number, None, None, reason)
    return Problem(place, None, None, None, f"cannot be read ({error.splitlines()[0]})")


def _with_headings(place: str, frame: pl.DataFrame, table: Table, raw: RawTables) -> Sheet | None:
    """Find the row of headings (there are often titles above it), and drop empty rows and columns."""
    rows = tidy(frame.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias(ROW)))
    if rows.is_empty():
        raw.problems.append(Problem(place, None, None, None, "is empty; expected a row of headings"))
        return None
    top = [[cell for cell in row[:-1] if cell is not None] for row in rows.head(_TITLE_ROWS).iter_rows()]
    at = _headings_at(top, table)
    if at:
        words = ", ".join(f"'{excerpt(cell)}'" for row in top[:at] for cell in row)
        raw.notes.append(f"{place}: the headings stand in row {rows[ROW][at]}; left out what is above them: {words}")
    heading_row = rows.row(at)[:-1]
    body = rows.slice(at + 1)
    columns: list[pl.Series] = []
    headings: list[str] = []
    for index, heading in enumerate(heading_row):
        cells = body.to_series(index)
        if heading is not None:
            columns.append(cells.alias(str(len(headings))))
            headings.append(heading)
        elif cells.null_count() < len(cells):
            first = body.filter(cells.is_not_null())
            reason = "but the column has no heading"
            raw.problems.append(Problem(place, first[ROW][0], f"column {index + 1}", first.to_series(index)[0], reason))
    return Sheet(place, headings, pl.DataFrame([*columns, body[ROW]]))


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Strip the cells, make empty ones null, and drop the rows without any cell."""
    cells = pl.exclude(ROW)
    stripped = frame.with_columns(cells.str.strip_chars(_SPACE).replace("", None))
    return stripped.filter(pl.any_horizontal(cells.is_not_null())) if frame.width > 1 else stripped.clear()
