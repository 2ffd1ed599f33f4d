"""Workbooks of offices as grids of cells: the only place that opens one, whatever program wrote it.

A workbook comes from a stranger, so that everything about it is bounded: the bytes that it unpacks to, the area of a
sheet (by its cells, not by what it states), the texts, the merged ranges, the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chaingraph.errors import UnreadableError
from chaingraph.tables.sheets.archive import WRONG, Archive
from chaingraph.tables.sheets.grid import Grid, Kind, Visibility, address, letters
from chaingraph.tables.sheets.xlsx import ExcelBook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["SUFFIXES", "Grid", "Kind", "Sheet", "Visibility", "address", "letters", "sheets_of"]

SUFFIXES = frozenset({".xlsx", ".xlsm"})
"""The endings of the names of files that are read as workbooks."""
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


class _Book(Protocol):
    @property
    def visibilities(self) -> Mapping[str, Visibility]: ...

    def grid(self, title: str) -> Grid: ...


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook before its cells are read."""

    title: str
    visibility: Visibility
    book: _Book

    def grid(self) -> Grid:
        """Return the cells.

        Raises:
            UnreadableError: The sheet is damaged, or larger than a sheet may be.
        """
        return self.book.grid(self.title)


def sheets_of(path: Path) -> list[Sheet]:
    """Return the worksheets of a workbook, in its order.

    Raises:
        UnreadableError: The file is no workbook, is damaged or under a password, or unpacks to more than is allowed.
    """
    if not path.is_file():
        raise UnreadableError(path, "is no file that can be read; expected a workbook (.xlsx)")
    book = _book(path)
    return [Sheet(title, visibility, book) for title, visibility in book.visibilities.items()]


def _book(path: Path) -> _Book:
    with path.open("rb") as stream:
        start = stream.read(len(_OLE))
    if start == _OLE:
        raise UnreadableError(path, "is under a password, or an old workbook; save it as .xlsx without a password")
    if not start.startswith(b"PK"):
        raise UnreadableError(path, WRONG)
    return ExcelBook(Archive(path))
