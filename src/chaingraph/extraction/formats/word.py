"""Word documents (.docx): paragraphs and tables in their order."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

from chaingraph.archives import FAULTY, LARGEST_DOCUMENT, fault_of
from chaingraph.errors import UnreadableError
from chaingraph.extraction.formats.builder import DOCUMENT, TextBuilder
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable


def write_word(write: Callable[[bytes], None], path: str, _encoding: str | None) -> None:
    """Write a Word document as a document in JSON."""
    _check(path)
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table
    from lxml.etree import XMLSyntaxError

    try:
        body = Document(path)
        blocks = list(body.iter_inner_content())
    except (PackageNotFoundError, XMLSyntaxError, KeyError, *FAULTY) as error:
        reason = tr("is no Word document that can be read; open it in Word or LibreOffice and save it as .docx again")
        raise UnreadableError(DOCUMENT, reason) from error
    builder = TextBuilder()
    for block in blocks:
        if isinstance(block, Table):
            _write_table(builder, block)
        else:
            builder.line(block.text)
    write(builder.message())


def _check(path: str) -> None:
    """Refuse a package whose parts grow beyond what a document holds.

    Raises:
        UnreadableError: It is no package, or it grows too large.
    """
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
    except (*FAULTY, OSError) as error:
        reason = tr(
            "is no Word document (.docx); if it is an older .doc, open it in Word or LibreOffice and save it as .docx"
        )
        raise UnreadableError(DOCUMENT, reason) from error
    fault = fault_of(members, LARGEST_DOCUMENT)
    if fault is not None:
        raise UnreadableError(DOCUMENT, tr("{fault}; save its text again", fault=fault))


def _write_table(builder: TextBuilder, table: Any) -> None:  # noqa: ANN401 - a table of python-docx
    rows = []
    by_element: dict[Any, Any] = {}
    for row in table.rows:
        rows.append([by_element.setdefault(cell._tc, cell) for cell in row.cells])
    if len(rows) > 1 and any(len(set(map(id, row))) > 1 for row in rows):
        builder.table(rows, lambda cell: _cell_text(cell))
        return
    for row in rows:
        for cell in dict.fromkeys(row):
            for line in _cell_text(cell).split("\n"):
                builder.line(line)


def _cell_text(cell: Any) -> str:  # noqa: ANN401 - a cell of python-docx
    return "\n".join(line.strip() for line in cell.text.split("\n") if line.strip())
