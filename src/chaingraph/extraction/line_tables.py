"""Tables of which a text has one cell per line, as they come out of a page or a PDF when it is copied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chaingraph.extraction.documents import Cell
from chaingraph.rosters.folding import fold
from chaingraph.rosters.meanings import left_out_titles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.extraction.documents import Document, Row

_MOST_COLUMNS = 12
_LEAST_ROWS = 3
_LONGEST = 80
_LONGEST_HEADING = 20


@dataclass(frozen=True)
class _Line:
    text: str
    start: int
    end: int


def with_line_tables(document: Document) -> Document:
    r"""Return a document with its tables of one cell per line among its tables.

    Such a table begins with a heading for numbers, 序号 or No., and its rows with 1, 2, 3 ..., as many lines apart as
    it has headings. A row that has fewer lines, because a cell is empty, ends it.

    >>> from chaingraph.extraction.documents import Document
    >>> text = "序号\n单位\n结果\n1\n甲厂\n优秀\n2\n乙厂\n良好\n3\n丙厂\n合格\n特此公告。"
    >>> table = with_line_tables(Document("a.txt", text)).tables[0]
    >>> [[cell.text for cell in row] for row in table][-1], text[table[1][1].start : table[1][1].end]
    (['3', '丙厂', '合格'], '甲厂')
    """
    lines = _lines(document)
    tables: list[tuple[Row, ...]] = []
    at = 0
    while at < len(lines):
        if lines[at].text.strip(".、．") == "1" and (table := _table(lines, at)):
            tables.append(table)
            at += len(table) * len(table[0]) - len(table[0])
        at += 1
    if not tables:
        return document
    places = sorted([*document.tables, *tables], key=lambda rows: min(cell.start for cell in rows[0]))
    return replace(document, tables=tuple(places))


def _lines(document: Document) -> list[_Line]:
    """Return the lines outside of tables that say something."""
    inside = document.table_spans
    lines, start, span = [], 0, 0
    for text in document.text.split("\n"):
        while span < len(inside) and inside[span][1] <= start:
            span += 1
        is_inside = span < len(inside) and inside[span][0] <= start
        left = len(text) - len(text.lstrip())
        if text.strip() and not is_inside:
            lines.append(_Line(text.strip(), start + left, start + left + len(text.strip())))
        start += len(text) + 1
    return lines


def _table(lines: Sequence[_Line], first: int) -> tuple[Row, ...] | None:
    """Return the table whose first row begins at a line, with the headings that stand before it."""
    numbers = left_out_titles()
    for width in range(2, min(_MOST_COLUMNS, first) + 1):
        heading = lines[first - width : first]
        if numbers.get(fold(heading[0].text)) != "number" or any(len(line.text) > _LONGEST_HEADING for line in heading):
            continue
        rows = [heading]
        while _is_row(lines, first + (len(rows) - 1) * width, width, len(rows)):
            begin = first + (len(rows) - 1) * width
            rows.append(lines[begin : begin + width])
        if len(rows) > _LEAST_ROWS:
            return tuple(tuple(Cell(line.text, line.start, line.end) for line in row) for row in rows)
    return None


def _is_row(lines: Sequence[_Line], begin: int, width: int, number: int) -> bool:
    row = lines[begin : begin + width]
    return (
        len(row) == width
        and row[0].text.strip(".、．") == str(number)
        and all(len(line.text) <= _LONGEST and line.text[-1] not in "。！？" for line in row)
        and not any(line.text.strip(".、．") == str(number + 1) for line in row[1:])
    )
