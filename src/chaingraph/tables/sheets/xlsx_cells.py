"""One pass over the XML of a sheet of an .xlsx workbook, linear in its bytes: every cell, and all about its look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

import polars as pl

from chaingraph.errors import UnreadableError, excerpt
from chaingraph.messages import tr
from chaingraph.tables.sheets.archive import LocalNames
from chaingraph.tables.sheets.cell_values import NUMBER, number_value
from chaingraph.tables.sheets.grid import CELLS, MOST_COLUMNS, MOST_ROWS, Area, Kind, area, place
from chaingraph.tables.sheets.number_formats import date_text
from chaingraph.tables.sheets.xlsx_styles import TextHandler, is_on, unescaped

if TYPE_CHECKING:
    from collections.abc import Callable

    from chaingraph.tables.sheets.archive import Archive

_PIECE = 100_000
_EXACT = r"^-?(?:0|[1-9][0-9]{0,14})$"
"""Whole numbers that every spreadsheet keeps as they are written."""
_ISO_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9:]{5,8})(?:\.[0-9]*)?Z?)?")
_SCHEMA = {"row": pl.UInt32, "column": pl.UInt16, "type": pl.UInt8, "style": pl.UInt16, "raw": pl.String}
TYPES = {name: number for number, name in enumerate(("n", "s", "str", "d", "b", "e", "f", "serial"))}
"""The types of cells: those of the file, a formula that has no value, and a number whose style makes it a date."""
_UNKNOWN = len(TYPES)
_TEXTS = frozenset({"str", "inlineStr"})
_USUAL = frozenset("cv")
"""The names that most elements have, without a prefix."""


class SheetPass:
    """One pass over a sheet: its cells in pieces, merged ranges, hidden rows and columns, formulas.

    ``start`` and ``end`` take few steps, as millions of calls go through them.
    """

    def __init__(self, archive: Archive, part: str, where: str) -> None:
        self.merged: list[Area] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.struck: list[tuple[int, int]] = []
        self.computed = 0
        self._where = where
        self._hides_by_default = False
        self._pieces: list[pl.DataFrame] = []
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._types: list[str] = []
        self._styles: list[str] = []
        self._raws: list[str] = []
        self._names = LocalNames()
        self._column_of: dict[str, int] = {}
        self._row, self._column = -1, -1
        self._row_digits, self._from_end = "", 0
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._value = ""
        self._has_formula = False
        self._inline: TextHandler | None = None
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        archive.run(part, parser, lambda: self._flush(_PIECE))
        self._flush(1)

    def cells(self) -> pl.DataFrame:
        """Return the cells with a value or a formula, each with its type, style and text as they stand in the file."""
        return pl.concat(self._pieces) if self._pieces else pl.DataFrame(schema=_SCHEMA)

    def _flush(self, fewest: int) -> None:
        """Turn the cells that wait into a frame, once they are so many."""
        if len(self._rows) < fewest:
            return
        if max(self._columns) >= MOST_COLUMNS or min(self._rows) < 0:
            raise UnreadableError(
                self._where, tr("holds a cell outside the rows and columns of a sheet; save it again")
            )
        piece = {
            "row": pl.Series(self._rows, dtype=pl.UInt32),
            "column": pl.Series(self._columns, dtype=pl.UInt16),
            "type": pl.Series([TYPES.get(type_, _UNKNOWN) for type_ in self._types], dtype=pl.UInt8),
            "style": pl.Series(self._styles, dtype=pl.String).cast(pl.UInt16, strict=False).fill_null(0),
            "raw": pl.Series(self._raws, dtype=pl.String),
        }
        self._pieces.append(pl.DataFrame(piece))
        for waiting in (self._rows, self._columns, self._types, self._styles, self._raws):
            waiting.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name not in _USUAL:
            name = self._names[name]
        if name == "v":
            self._text.clear()
        elif name == "c":
            self._cell, self._value, self._has_formula, self._inline = attributes, "", False, None
            self._column += 1
            if "r" in attributes:
                self._set_place(attributes["r"])
        elif self._cell is None:
            self._about_sheet(name, attributes)
        elif self._inline is not None:
            self._text.clear()
            self._inline.start(name, attributes)
        elif name == "f":
            self._has_formula = True
        elif name == "is":
            self._inline = TextHandler()

    def _end(self, name: str) -> None:
        if name not in _USUAL:
            name = self._names[name]
        if name == "v":
            self._value = self._text[0] if len(self._text) == 1 else "".join(self._text)
        elif name == "c" and self._cell is not None:
            type_, value = self._cell.get("t", "n"), self._value
            if self._has_formula or self._inline is not None or type_ in _TEXTS:
                type_, value = self._special(type_, value)
            if value:
                self._rows.append(self._row)
                self._columns.append(self._column)
                self._types.append(type_)
                self._styles.append(self._cell.get("s", "0"))
                self._raws.append(value)
            self._cell = None
        elif self._inline is not None and self._cell is not None:
            self._inline.text("".join(self._text))
            self._inline.end(name)

    def _special(self, type_: str, value: str) -> tuple[str, str]:
        """Return the type and the text of a cell that is not a plain value: a text of its own, or a formula's value."""
        if self._inline is not None:
            text, is_struck = self._inline.take()
            if text and is_struck:
                self.struck.append((self._row, self._column))
            return "str", text
        if self._has_formula and type_ not in _TEXTS and not value.strip():
            return "f", "f"
        self.computed += self._has_formula and bool(value)
        return ("str", unescaped(value)) if type_ in _TEXTS else (type_, value)

    def _set_row(self, row: int) -> None:
        self._row, self._column = row, -1
        self._row_digits = str(row + 1)
        self._from_end = -len(self._row_digits)

    def _set_place(self, reference: str) -> None:
        """Go to a cell; those of a column that was there before, in the row that is read, are the most."""
        column = self._column_of.get(reference[: self._from_end])
        if column is not None and reference.endswith(self._row_digits):
            self._column = column
            return
        at = place(reference)
        if at is None:
            raise UnreadableError(
                self._where,
                tr("holds a cell '{reference}', which no sheet has; save it again", reference=excerpt(reference)),
            )
        self._set_row(at[0])
        self._column = self._column_of[reference[: self._from_end]] = at[1]

    def _row_number(self, attributes: dict[str, str]) -> int:
        """Return the place of a row, and note whether it is hidden."""
        number = attributes.get("r", "").strip()
        if number and not (number.isascii() and number.isdigit() and len(number) < 9):
            raise UnreadableError(
                self._where, tr("holds a row '{number}', which no sheet has; save it again", number=number[:30])
            )
        row = int(number) - 1 if number else self._row + 1
        if not 0 <= row < MOST_ROWS:
            raise UnreadableError(self._where, tr("holds a row {row}, which no sheet has; save it again", row=row + 1))
        hides = self._hides_by_default and "ht" not in attributes
        if is_on(attributes, "hidden", default=hides) or _is_zero(attributes.get("ht")):
            self.hidden_rows.add(row)
        return row

    def _about_sheet(self, name: str, attributes: dict[str, str]) -> None:
        """Take an element outside the cells."""
        if name == "row":
            self._set_row(self._row_number(attributes))
        elif name == "mergeCell":
            merged = area(attributes.get("ref", ""))
            if merged is not None and merged[:2] != merged[2:]:
                self.merged.append(merged)
        elif name == "col" and (is_on(attributes, "hidden", default=False) or _is_zero(attributes.get("width"))):
            ends = [attributes.get(key, "") for key in ("min", "max")]
            if all(end.isascii() and end.isdigit() and len(end) < 9 for end in ends):
                first, last = (int(end) for end in ends)
                self.hidden_columns.update(range(max(first, 1) - 1, min(last, MOST_COLUMNS)))
        elif name == "sheetFormatPr":
            self._hides_by_default = is_on(attributes, "zeroHeight", default=False)


def _is_zero(length: str | None) -> bool:
    return length is not None and length.strip().strip("0.") == "" and length.strip() != ""


def typed_cells(cells: pl.DataFrame, texts: list[str], dates: frozenset[int], *, is_1904: bool) -> pl.DataFrame:
    """Return cells as they stand in a file as cells of a grid (`CELLS`): each with its kind and its value.

    Args:
        cells: The cells of a `SheetPass`, by `TYPES`.
        texts: The texts that cells share.
        dates: The styles in which a number is a date.
        is_1904: Dates count from 1904 on.
    """
    is_date = (pl.col("type") == TYPES["n"]) & pl.col("style").is_in(list(dates))
    cells = cells.with_columns(pl.when(is_date).then(TYPES["serial"]).otherwise("type").cast(pl.UInt8).alias("type"))
    names = list(TYPES)
    typed = [
        _typed(names[type_] if type_ < _UNKNOWN else "", cells.filter(type=type_), texts, is_1904=is_1904)
        for type_ in sorted(cells["type"].unique())
    ]
    return pl.concat(typed) if typed else pl.DataFrame(schema=CELLS)


def _typed(type_: str, cells: pl.DataFrame, texts: list[str], *, is_1904: bool) -> pl.DataFrame:
    """Return the cells of one type with their kind and value."""
    raw = cells["raw"]
    kind = {
        "n": Kind.NUMBER,
        "s": Kind.TEXT,
        "str": Kind.TEXT,
        "d": Kind.DATE,
        "serial": Kind.DATE,
        "b": Kind.BOOLEAN,
        "e": Kind.ERROR,
        "f": Kind.FORMULA,
    }.get(type_, Kind.UNREADABLE)
    if type_ == "s":
        number = raw.str.strip_chars().cast(pl.UInt32, strict=False)
        value = pl.Series(texts, dtype=pl.String).gather(number.set(number >= len(texts), None))
    elif type_ == "n":
        others = (~raw.str.contains(_EXACT)).arg_true()
        value = raw.clone().scatter(others, [number_value(text) for text in raw.gather(others)])
    elif type_ == "serial":
        value = _mapped(raw, lambda text: _date_of_number(text, is_1904=is_1904))
    elif type_ == "d":
        value = _mapped(raw, _date_of_iso)
    else:
        value = _mapped(raw, _boolean) if type_ == "b" else raw
    failed = value.is_null()
    typed = cells.select(
        "row",
        "column",
        pl.when(failed).then(int(Kind.UNREADABLE)).otherwise(int(kind)).cast(pl.UInt8).alias("kind"),
        pl.when(failed).then("raw").otherwise(value).alias("value"),
        "style",
    )
    return typed.filter(value.ne_missing("")) if type_ == "s" else typed


def _mapped(raw: pl.Series, convert: Callable[[str], str | None]) -> pl.Series:
    return raw.replace_strict({text: convert(text) for text in raw.unique()}, return_dtype=pl.String)


def _date_of_number(raw: str, *, is_1904: bool) -> str | None:
    text = raw.strip()
    return date_text(text, is_1904=is_1904) if NUMBER.fullmatch(text) else None


def _date_of_iso(raw: str) -> str | None:
    match = _ISO_DATE.fullmatch(raw.strip())
    if match is None:
        return None
    is_day = match[2] is None or match[2].strip("0:") == ""
    return match[1] if is_day else f"{match[1]} {match[2]}"


def _boolean(raw: str) -> str | None:
    return {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}.get(raw.strip().lower())
