"""Opening a workbook of any kind: what a child process does with a file from outside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chaingraph.errors import UnreadableError
from chaingraph.tables.sheets.archive import WRONG, Archive
from chaingraph.tables.sheets.messages import message_of_failure, message_of_sheet
from chaingraph.tables.sheets.ods import CONTENT, OpenDocumentBook
from chaingraph.tables.sheets.xls import OldBook
from chaingraph.tables.sheets.xlsx import ExcelBook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chaingraph.tables.sheets.grid import Grid, Visibility

_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")


class _Book(Protocol):
    @property
    def visibilities(self) -> Mapping[str, Visibility]: ...

    def grid(self, title: str) -> Grid: ...


def write_sheets(write: Callable[[bytes], object], file: str) -> None:
    """Write the sheets of a workbook, one after another; a sheet that cannot be read does not keep back the others.

    Args:
        write: Takes the bytes; see :mod:`chaingraph.tables.sheets.messages`.
        file: The path of the workbook.

    Raises:
        UnreadableError: The file is no workbook, is damaged or under a password, or unpacks to more than is allowed.
    """
    book = _book(Path(file))
    for title, visibility in book.visibilities.items():
        try:
            message = message_of_sheet(visibility, book.grid(title))
        except UnreadableError as error:
            message = message_of_failure(title, visibility, error)
        write(message)


def _book(path: Path) -> _Book:
    with path.open("rb") as stream:
        start = stream.read(len(_COMPOUND_FILE))
    if start == _COMPOUND_FILE:
        return OldBook(path)
    if not start.startswith(b"PK"):
        raise UnreadableError(path, WRONG)
    archive = Archive(path)
    return OpenDocumentBook(archive) if CONTENT in archive else ExcelBook(archive)
