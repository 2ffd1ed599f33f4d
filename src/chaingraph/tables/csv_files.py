"""Tables in CSV files: every file that is accepted has the rows that Python's csv module reads in it, none changed."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem, UnreadableError
from chaingraph.export.formulas import FORMULA, spreadsheet_text, without_apostrophe
from chaingraph.messages import tr
from chaingraph.tables.raw import MOST_COLUMNS, SPACE, TITLE_ROWS, Sheet, row_of_headings, with_headings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from chaingraph.tables.contract import Table
    from chaingraph.tables.raw import RawTables

LARGEST = 2**31
"""The most bytes of a file."""
_LONGEST_CELL = 2**30
_BLOCK = 50_000
_NO_CHARACTERS = {"unicode_escape", "raw_unicode_escape", "punycode", "idna", "undefined"}
"""Codecs of Python that decode a notation of programs or of networks, not a character set."""


def csv_sheet(path: Path, encoding: str | None, table: Table, raw: RawTables) -> Sheet | None:
    """Return the table of a CSV file, its cells as they stand; None, with the problems, where that is not sure.

    Raises:
        UnreadableError: The file is too large, or not in the encoding, or there is no such encoding.
    """
    text = text_of(path, encoding, raw.notes).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip(SPACE):
        raw.problems.append(Problem(path.name, None, None, None, tr("the file is empty; expected a line of headings")))
        return None
    separator = separator_of(text)
    width = _width(text, separator, table)
    if width > MOST_COLUMNS:
        reason = tr(
            "has {width:,} columns, expected at most {most_columns:,}, as in a spreadsheet",
            width=width,
            most_columns=MOST_COLUMNS,
        )
        raw.problems.append(Problem(path.name, None, None, None, reason))
        return None
    frame = None if '"' in text else _frame_without_quotes(text, separator, width)
    if frame is None:
        frame = _frame(path.name, text, separator, width, raw)
    sheet = None if frame is None else with_headings(path.name, _without_apostrophes(frame), table, raw)
    return None if sheet is None else sheet[0]


def csv_text(frame: pl.DataFrame) -> str:
    """Return a table of texts as CSV that `csv_sheet` reads back, and of which no spreadsheet computes a cell."""
    formulas = [pl.col(name).str.starts_with(sign) for name in frame.columns for sign in FORMULA]
    if formulas and frame.select(pl.any_horizontal(formulas).any()).item():
        frame = pl.DataFrame([_mapped(cells, FORMULA, spreadsheet_text) for cells in frame])
    return frame.write_csv(line_terminator="\n")


def _without_apostrophes(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the cells without the apostrophe that marks a text which begins like a formula."""
    return pl.DataFrame([_mapped(cells, ("'",), without_apostrophe) for cells in frame])


def _mapped(cells: pl.Series, starts: tuple[str, ...], convert: Callable[[str], str]) -> pl.Series:
    """Return texts of which those that begin so are converted."""
    at = cells.to_frame().select(pl.any_horizontal(pl.col(cells.name).str.starts_with(sign) for sign in starts))
    places = at.to_series().fill_null(value=False).arg_true()
    return cells.scatter(places, [convert(text) for text in cells.gather(places)]) if len(places) else cells


def rows_of(text: str, separator: str, *, strict: bool = True) -> Iterator[list[str]]:
    """Yield the rows of a text with LF at its line ends.

    Raises:
        csv.Error: A quoted cell is not closed, or goes on after its closing mark.
    """
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(io.StringIO(text), delimiter=separator, strict=strict)


def _frame_without_quotes(text: str, separator: str, width: int) -> pl.DataFrame | None:
    """Return the rows of a text in which nothing is quoted; None where a row has more cells than headings."""
    header = separator.join(str(number) for number in range(width))
    try:
        return pl.read_csv(
            io.BytesIO(f"{header}\n{text}".encode()), infer_schema=False, separator=separator, quote_char=None
        )
    except pl.exceptions.PolarsError:
        return None


def _frame(place: str, text: str, separator: str, width: int, raw: RawTables) -> pl.DataFrame | None:
    """Return the rows of a text; None, with a problem per row, where a row is not what it seems."""
    problems: list[Problem] = []
    blocks: list[pl.DataFrame] = []
    spaced = re.search(rf'(^|{re.escape(separator)})[^\S\n]+"', text, re.MULTILINE) is not None
    reader = rows_of(text, separator)
    number = 0
    try:
        while block := list(islice(reader, _BLOCK)):
            for row in block:
                number += 1
                if len(row) != width or spaced or any("\n" in cell for cell in row):
                    _check_row(place, number, row, separator, width, spaced=spaced, problems=problems, raw=raw)
                    row[:] = (row + [""] * width)[:width]
            columns = zip(*block, strict=True)
            blocks.append(pl.DataFrame([pl.Series(str(n), cells, pl.String) for n, cells in enumerate(columns)]))
    except csv.Error as error:
        reason = tr(
            'a quotation mark is broken ({error}); write " inside a quoted cell twice, and close every one', error=error
        )
        problems.append(Problem(place, rows_before_error(text, separator) + 1, None, None, reason))
    raw.problems += problems
    return None if problems else pl.concat(blocks)


def rows_before_error(text: str, separator: str) -> int:
    """Return the number of rows before the first one whose quotation marks are broken."""
    rows = rows_of(text, separator)
    count = 0
    with suppress(csv.Error):
        for _ in rows:
            count += 1
    return count


def _check_row(
    place: str,
    number: int,
    row: list[str],
    separator: str,
    width: int,
    *,
    spaced: bool,
    problems: list[Problem],
    raw: RawTables,
) -> None:
    """Find what makes it doubtful that a row is what its writer meant."""
    if any(cell.strip(SPACE) for cell in row[width:]):
        reason = tr(
            "has {count} cells, expected {width}; quote a cell that holds '{separator}'",
            count=len(row),
            width=width,
            separator=separator,
        )
        problems.append(Problem(place, number, None, None, reason))
    elif spaced and any(cell.lstrip().startswith('"') and cell[0] != '"' for cell in row if cell.strip()):
        reason = tr("a quotation mark stands behind a space, where it quotes nothing; remove the space")
        problems.append(Problem(place, number, None, None, reason))
    elif any(_holds_rows(row, place_of_cell, separator, width) for place_of_cell in range(len(row))):
        lines = max(cell.count("\n") for cell in row) + 1
        raw.notes.append(
            tr(
                "{place}: row {number} has a quoted cell of {lines} lines that look like rows; if they "
                "are, a quotation mark is missing or too many",
                place=place,
                number=number,
                lines=lines,
            )
        )


def _holds_rows(row: list[str], at: int, separator: str, width: int) -> bool:
    """Tell whether the lines of a quoted cell would each be a row of so many cells if nothing were quoted."""
    first, *others = row[at].split("\n")
    if not others or width < 3 or len(row) != width:
        return False
    *middle, last = (line.count(separator) + 1 for line in others)
    return first.count(separator) + 1 + at == width and last + width - at - 1 == width and set(middle) <= {width}


def text_of(path: Path, encoding: str | None, notes: list[str]) -> str:
    """Return the text of a file: without an encoding UTF-8, or GB18030 where that is clear, with a note.

    Raises:
        UnreadableError: The file is too large, or not in the encoding, or there is no such encoding.
    """
    size = path.stat().st_size
    if size > LARGEST:
        reason = tr(
            "has {size:,.0f} MiB, expected at most {largest:,} MiB; write it as Parquet",
            size=size / 2**20,
            largest=LARGEST // 2**20,
        )
        raise UnreadableError(path, reason)
    content = path.read_bytes()
    if encoding is None and content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    if encoding is not None:
        return _decoded(path, content, encoding)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        guess = _as_chinese(content)
        if guess is None:
            reason = tr("is neither UTF-8 nor clearly Chinese; name its encoding with --encoding (such as cp1252)")
            raise UnreadableError(path, reason) from None
        notes.append(tr("{name} is not UTF-8 and was read as GB18030; --encoding overrides the guess", name=path.name))
        return guess
    if "\x00" in text:
        raise UnreadableError(
            path, tr("holds NUL characters; if it is UTF-16, say --encoding utf-16-le (or utf-16-be)")
        )
    return text


def _decoded(path: Path, content: bytes, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name.replace("-", "_")
        text = None if name in _NO_CHARACTERS else content.decode(encoding)
    except UnicodeDecodeError as error:
        reason = tr(
            "is not {encoding}: byte {start} cannot be read; name its encoding with --encoding",
            encoding=encoding,
            start=error.start + 1,
        )
        raise UnreadableError(path, reason) from error
    except UnicodeError as error:
        raise UnreadableError(
            path, tr("cannot be read as {encoding}; name its encoding with --encoding", encoding=encoding)
        ) from error
    except (LookupError, ValueError):
        text = None
    if text is None:
        raise UnreadableError(
            path, tr("there is no encoding '{encoding}'; try gb18030, big5, utf-16 or cp1252", encoding=encoding)
        )
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UnreadableError(
            path, tr("is not {encoding}: it holds halves of characters; name its encoding", encoding=encoding)
        )
    return text.removeprefix("\ufeff")


def _as_chinese(content: bytes) -> str | None:
    """Decode GB18030 if the text is everyday Chinese: Western accents can be decoded too, but to rare characters."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    foreign = [character for character in text if not character.isascii()]
    everyday = sum(len(character.encode("gb2312", "ignore")) > 0 for character in foreign)
    return text if everyday >= 0.8 * len(foreign) else None


def separator_of(text: str) -> str:
    """Return what stands between the cells of a text: a comma, a semicolon or a tab, as in its first lines."""
    top = "\n".join(text.lstrip(SPACE).split("\n", TITLE_ROWS)[:TITLE_ROWS])
    counts = Counter(character for character in re.sub(r'"[^"]*"', "", top) if character in ",;\t")
    heading = Counter(character for character in re.sub(r'"[^"]*"', "", top.split("\n", 1)[0]) if character in ",;\t")
    return (heading or counts).most_common(1)[0][0] if counts else ","


def _width(text: str, separator: str, table: Table) -> int:
    """Return the number of cells of the headings: rows of titles above them may have fewer."""
    lines: Iterable[str] = text.split("\n", TITLE_ROWS)[:TITLE_ROWS]
    rows = [row for row in rows_of("\n".join(lines), separator, strict=False) if row]
    return len(rows[row_of_headings(rows, table)]) if rows else 1
