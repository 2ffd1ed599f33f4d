"""PDF: the lines of each page and its ruled tables; a cell's lines are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph.errors import UnreadableError
from chaingraph.extraction.formats.builder import DOCUMENT, TextBuilder
from chaingraph.messages import tr
from chaingraph.rosters.folding import has_han

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_PAGES = 1000


def write_pdf(write: Callable[[bytes], None], path: str, _encoding: str | None) -> None:
    """Write a PDF as a document in JSON."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    builder = TextBuilder()
    try:
        with pdfplumber.open(path) as pdf:
            if len(pdf.pages) > _MOST_PAGES:
                reason = tr(
                    "has {count:,} pages; split it into parts of at most {most_pages:,}",
                    count=len(pdf.pages),
                    most_pages=_MOST_PAGES,
                )
                raise UnreadableError(DOCUMENT, reason)
            _write_pages(builder, pdf.pages)
    except (
        PdfminerException,
        PDFException,
        PDFPasswordIncorrect,
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
    ) as error:
        reason = tr("is no PDF that can be read, or is locked; print it as a PDF again")
        raise UnreadableError(DOCUMENT, reason) from error
    if builder.length <= 2 * len(builder.pages):
        reason = tr("has no text, only pictures of pages: recognise its characters (OCR) first, and read that file")
        raise UnreadableError(DOCUMENT, reason)
    write(builder.message())


def _write_pages(builder: TextBuilder, pages: list[Any]) -> None:
    """Write pages in their order; a table that goes on at the top of a page goes on in the text."""
    last: list[list[Any]] | None = None
    for page in pages:
        builder.pages.append(builder.length)
        for kind, content in _blocks(page):
            if kind == "table":
                goes_on = last is not None and len(content[0]) == len(last[0])
                _add_table(builder, content, joined=goes_on)
                last = content
            else:
                builder.line(content)
                # A line at the foot of a page, such as its number, does not end a table.
                last = last if len(content.strip()) < 12 and not has_han(content) else None
        page.close()


def _add_table(builder: TextBuilder, rows: list[list[Any]], *, joined: bool) -> None:
    builder.table(rows, str)
    if joined and len(builder.tables) > 1:
        rest = builder.tables.pop()
        builder.tables[-1] += rest


class _Cell:
    """A cell of a page: an object of its own for each place that it fills."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


def _blocks(page: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - a page of pdfplumber
    """Yield the lines and tables of a page from top to bottom."""
    tables = [(table, rows) for table in page.find_tables() if len(rows := _rows(table)) > 1 and len(rows[0]) > 1]
    boxes = [table.bbox for table, _ in tables]

    def is_outside(thing: dict[str, Any]) -> bool:
        across, down = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
        return not any(x0 <= across <= x1 and top <= down <= bottom for x0, top, x1, bottom in boxes)

    outside = page.filter(lambda thing: thing.get("object_type") != "char" or is_outside(thing))
    blocks = [(line["top"], "line", line["text"]) for line in outside.extract_text_lines(return_chars=False)]
    blocks += [(table.bbox[1], "table", rows) for table, rows in tables]
    for _, kind, content in sorted(blocks, key=lambda block: block[0]):
        yield kind, content


def _rows(table: Any) -> list[list[_Cell]]:  # noqa: ANN401 - a table of pdfplumber
    """Return the cells of a table; a place that a merged cell covers holds the cell above or before it."""
    rows: list[list[_Cell]] = []
    for texts in table.extract():
        row: list[_Cell] = []
        for column, text in enumerate(texts):
            if text is not None:
                row.append(_Cell(_joined(text)))
            elif rows and column < len(rows[-1]):
                row.append(rows[-1][column])
            else:
                row.append(row[-1] if row else _Cell(""))
        rows.append(row)
    return rows


def _joined(text: str) -> str:
    """Join the lines of a cell that wraps; lines that number a list stay lines."""
    joined = ""
    for line in (line.strip() for line in text.split("\n")):
        if (
            joined
            and line
            and not (has_han(joined[-1]) or has_han(line[0]) or joined[-1] in "、，；（" or joined[-1] == "-")
        ):
            joined += " "
        joined += line
    return joined
