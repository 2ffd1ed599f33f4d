"""OpenDocument workbooks (.ods): ISO/IEC 26300-3, in one pass over the XML, linear in its bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import UnreadableError
from chaingraph.messages import tr
from chaingraph.tables.sheets.cell_values import NUMBER, number_value
from chaingraph.tables.sheets.grid import (
    CELLS,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Area,
    Grid,
    Kind,
    Visibility,
    address,
    grid_of,
)

if TYPE_CHECKING:
    from chaingraph.tables.sheets.archive import Archive

CONTENT = "content.xml"
"""The part by which an archive is known to be such a workbook."""
_MANIFEST = "META-INF/manifest.xml"
_MOST_SHEETS = 1_000
_NUMBERS = frozenset({"float", "percentage", "currency"})
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,][0-9]*)?)?")
_TIME = re.compile(r"PT([01]?[0-9]|2[0-3])H([0-9]{1,2})M([0-9]{1,2})(?:[.,][0-9]*)?S")
_ERROR = re.compile(r"#(?:N/A|DIV/0!|[A-Z]+[!?])|Err:[0-9]{3}")
_DIGITS_OFF = re.compile(r"[^0-9]")


@dataclass
class _Table:
    """A sheet as it is read: its cells as `CELLS`, and what is said of its rows and columns."""

    title: str
    visibility: Visibility
    cells: list[tuple[int, int, int, str, int]] = field(default_factory=list)
    displayed: dict[int, dict[int, str | None]] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck: list[tuple[int, int]] = field(default_factory=list)
    computed: int = 0
    row: int = 0
    column: int = 0
    width: int = 0
    failure: str | None = None


@dataclass
class _Cell:
    """A cell as it is read: how often it stands, its attributes, and its text by paragraphs."""

    attributes: dict[str, str]
    repeats: int
    text: list[str] = field(default_factory=list)
    paragraphs: int = 0
    is_struck: bool = False


class OpenDocumentBook:
    """An .ods workbook: its sheets by title, each made a grid when it is asked for.

    Raises:
        UnreadableError: It is no workbook, is damaged, or under a password.
    """

    def __init__(self, archive: Archive) -> None:
        self._name = archive.path.name
        if _MANIFEST in archive and b"encryption-data" in archive.read(_MANIFEST, 2**20):
            raise UnreadableError(archive.path, tr("is under a password; save it without one"))
        handler = _ContentHandler()
        archive.parse(CONTENT, handler)
        if not handler.is_workbook:
            raise UnreadableError(
                archive.path, tr("is no workbook, but another OpenDocument file; save the table as .ods")
            )
        titles = {table.title for table in handler.tables}
        if len(titles) < len(handler.tables) or len(titles) > _MOST_SHEETS:
            reason = tr(
                "has two sheets of one name, or more than {most_sheets:,}; mend it, and save it again",
                most_sheets=_MOST_SHEETS,
            )
            raise UnreadableError(archive.path, reason)
        self._tables = {table.title: table for table in handler.tables}
        self.visibilities = {table.title: table.visibility for table in handler.tables}

    def grid(self, title: str) -> Grid:
        """Return the cells of a sheet."""
        table = self._tables.pop(title)
        where = tr("{file}, sheet {title}", file=self._name, title=title)
        if table.failure is not None:
            raise UnreadableError(where, table.failure)
        grid = grid_of(
            where,
            title,
            pl.DataFrame(table.cells, schema=CELLS, orient="row"),
            merged=table.merged,
            hidden_rows=table.hidden_rows,
            hidden_columns=table.hidden_columns,
            struck=table.struck,
            computed=table.computed,
        )
        return replace(grid, displayed=pl.DataFrame(_displayed(grid, table)))


def _displayed(grid: Grid, table: _Table) -> list[pl.Series]:
    """Return what the cells of some columns show; in all rows of a merged range that is what the first one shows."""
    columns = []
    for column, texts in sorted(table.displayed.items()):
        for area in grid.merged:
            if area.column == column and area.row in texts:
                last = min(area.last_row, grid.values.height - 1)
                texts |= dict.fromkeys(range(area.row + 1, last + 1), texts[area.row])
        columns.append(grid.values.to_series(column).scatter(list(texts), list(texts.values())))
    return columns


class _ContentHandler:
    """Takes the styles and the sheets of a workbook's content."""

    def __init__(self) -> None:
        self.tables: list[_Table] = []
        self.is_workbook = False
        self._style = ""
        self._hidden_tables: set[str] = set()
        self._struck_styles: set[str] = set()
        self._table: _Table | None = None
        self._row: list[tuple[int, _Cell]] = []
        self._row_repeats = 1
        self._cell: _Cell | None = None
        self._depth = 0
        self._skips_from = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        if self._cell is not None:
            self._inside_cell(self._cell, name, _local(attributes))
        elif name in {"table-cell", "covered-table-cell"}:
            self._cell = _Cell(cell := _local(attributes), _count(cell, "number-columns-repeated"))
            self._cell.is_struck = cell.get("style-name") in self._struck_styles
        elif self._table is not None:
            self._about_table(self._table, name, _local(attributes))
        elif name == "table":
            about = _local(attributes)
            is_hidden = about.get("style-name") in self._hidden_tables
            visibility = Visibility.HIDDEN if is_hidden else Visibility.VISIBLE
            self._table = _Table(about.get("name", ""), visibility)
        elif name == "spreadsheet":
            self.is_workbook = True
        else:
            self._about_style(name, _local(attributes))

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if self._cell is not None and self._depth:
            self._skips_from = 0 if self._depth == self._skips_from else self._skips_from
            self._depth -= 1
        elif self._cell is not None and self._table is not None:
            if self._cell.text or self._cell.attributes.keys() & {"value-type", "formula"}:
                self._row.append((self._table.column, self._cell))
            self._table.column += self._cell.repeats
            self._cell = None
        elif name == "table-row" and self._table is not None:
            _add_row(self._table, self._row, self._row_repeats)
            self._row = []
        elif name == "table" and self._table is not None:
            self.tables.append(self._table)
            self._table = None

    def text(self, text: str) -> None:
        """Take a piece of text: of a cell it is what stands in its paragraphs."""
        if self._cell is not None and self._depth and not self._skips_from:
            self._cell.text.append(text)

    def _inside_cell(self, cell: _Cell, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._skips_from:
            return
        if self._depth == 1 and name != "p":
            self._skips_from = 1
        elif self._depth == 1:
            cell.text.append("\n" if cell.paragraphs else "")
            cell.paragraphs += 1
        elif name in {"annotation", "note", "ruby-text"}:
            self._skips_from = self._depth
        elif name == "s":
            cell.text.append(" " * min(_count(attributes, "c"), 100))
        elif name in {"tab", "line-break"}:
            cell.text.append("\t" if name == "tab" else "\n")
        cell.is_struck |= attributes.get("style-name") in self._struck_styles

    def _about_table(self, table: _Table, name: str, attributes: dict[str, str]) -> None:
        is_hidden = attributes.get("visibility") in {"collapse", "filter"}
        if name == "table-row":
            self._row_repeats = _count(attributes, "number-rows-repeated")
            table.column = 0
            if is_hidden:
                table.hidden_rows.update(range(table.row, min(table.row + self._row_repeats, MOST_ROWS)))
        elif name == "table-column":
            repeats = _count(attributes, "number-columns-repeated")
            if is_hidden:
                table.hidden_columns.update(range(table.width, min(table.width + repeats, MOST_COLUMNS)))
            table.width += repeats

    def _about_style(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style":
            self._style = attributes.get("name", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            self._hidden_tables.add(self._style)
        elif name == "text-properties":
            lines = {attributes.get("text-line-through-style"), attributes.get("text-line-through-type")}
            if lines - {None, "none"}:
                self._struck_styles.add(self._style)


def _local(attributes: dict[str, str]) -> dict[str, str]:
    """Return attributes by their names without a prefix, but for the extensions of LibreOffice."""
    return {name if name.startswith("calcext:") else name.rpartition(":")[2]: text for name, text in attributes.items()}


def _count(attributes: dict[str, str], name: str) -> int:
    """Return how often something stands there; a number that is none, or larger than a sheet, is the most."""
    text = attributes.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else MOST_ROWS


def _add_row(table: _Table, cells: list[tuple[int, _Cell]], repeats: int) -> None:
    """Add the cells of a row that stands there so often."""
    first, table.row = table.row, table.row + repeats
    if table.failure is not None:
        return
    for column, cell in cells:
        kind, value = _value(cell)
        if value == "":
            continue
        last_row, last_column = first + repeats - 1, column + cell.repeats - 1
        if last_row >= MOST_ROWS or last_column >= MOST_COLUMNS:
            table.failure = tr("holds a cell outside the rows and columns of a sheet; save it again")
            return
        if len(table.cells) + repeats * cell.repeats > MOST_CELLS:
            table.failure = tr(
                "repeats a cell down to {last_row}, which makes more than the {most_cells:,} cells that "
                "a sheet may have; delete what stands below and beside the table, and save it again",
                last_row=address(last_row, last_column),
                most_cells=MOST_CELLS,
            )
            return
        places = [(row, at) for row in range(first, last_row + 1) for at in range(column, last_column + 1)]
        table.cells += [(row, at, int(kind), value, 0) for row, at in places]
        table.computed += len(places) * ("formula" in cell.attributes)
        if cell.is_struck:
            table.struck += places
        down, right = (_count(cell.attributes, f"number-{of}-spanned") for of in ("rows", "columns"))
        if down > 1 or right > 1:
            table.merged.append(
                Area(first, column, min(first + down, MOST_ROWS) - 1, min(column + right, MOST_COLUMNS) - 1)
            )
        if kind is Kind.NUMBER and (shown := _whole_number_shown("".join(cell.text), value)) != value:
            for row, at in places:
                table.displayed.setdefault(at, {})[row] = shown


def _value(cell: _Cell) -> tuple[Kind, str]:
    """Return the kind and the value of a cell; the value of an empty one is an empty text."""
    about, text = cell.attributes, "".join(cell.text)
    type_ = about.get("value-type", "")
    if about.get("calcext:value-type") == "error" or ("formula" in about and _ERROR.fullmatch(text)):
        return Kind.ERROR, text or "#N/A"
    if type_ in _NUMBERS:
        raw = about.get("value", "")
        value = number_value(raw) if NUMBER.fullmatch(raw) else None
        return (Kind.UNREADABLE, raw or "?") if value is None else (Kind.NUMBER, value)
    if type_ == "date":
        raw = about.get("date-value", "")
        match = _DATE.fullmatch(raw)
        if match is None:
            return Kind.UNREADABLE, raw or "?"
        return Kind.DATE, match[1] if match[2] in {None, "00:00:00"} else f"{match[1]} {match[2]}"
    if type_ == "time":
        time = _TIME.fullmatch(about.get("time-value", ""))
        return (
            (Kind.TEXT, text) if time is None else (Kind.DATE, ":".join(f"{int(part):02d}" for part in time.groups()))
        )
    if type_ == "boolean":
        return Kind.BOOLEAN, "TRUE" if about.get("boolean-value") == "true" else "FALSE"
    if not type_ and "formula" in about:
        return Kind.FORMULA, "f"
    return Kind.TEXT, about.get("string-value", text)


def _whole_number_shown(text: str, value: str) -> str | None:
    """Return what a cell shows of a number; None where it does not show all digits of it.

    >>> [_whole_number_shown(*pair) for pair in (("010100", "10100"), ("60%", "0.6"), ("2", "1.6"))]
    ['010100', '60%', None]
    """
    digits, all_digits = (_DIGITS_OFF.sub("", number).strip("0") for number in (text, value))
    return text.strip() if digits == all_digits and text.strip() else None
