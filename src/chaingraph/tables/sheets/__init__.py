"""Workbooks of offices as grids of cells: the only place that opens one, whatever program wrote it.

A workbook comes from a stranger. It is read in a child process with limits of memory and processor time, and all about
it is bounded there: the bytes that it unpacks to, the area of a sheet (by its cells, not by what it states), the
texts, the merged ranges.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chaingraph.errors import UnreadableError
from chaingraph.isolation import limits_for, output
from chaingraph.messages import tr
from chaingraph.tables.sheets.grid import Grid, Kind, Visibility, address, letters
from chaingraph.tables.sheets.messages import grid_of_message, sheet_messages

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SIMILAR_SUFFIXES", "SUFFIXES", "Grid", "Kind", "Sheet", "Visibility", "address", "letters", "sheets_of"]

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
"""The endings of the names of files that are read as workbooks."""
SIMILAR_SUFFIXES = frozenset({".et", ".xlsb", ".numbers", ".xlt", ".xltx", ".fods"})
"""The endings of workbooks that their program must first save as one of `SUFFIXES`."""
_READER = "chaingraph.tables.sheets.books:write_sheets"
_MEMORY_PER_BYTE = 40


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook before its cells are taken."""

    title: str
    visibility: Visibility
    content: bytes | UnreadableError = field(repr=False)

    def grid(self) -> Grid:
        """Return the cells.

        Raises:
            UnreadableError: The sheet is damaged, or larger than a sheet may be.
        """
        if isinstance(self.content, UnreadableError):
            raise self.content
        return grid_of_message(self.content)


def sheets_of(path: Path) -> list[Sheet]:
    """Return the worksheets of a workbook, in its order.

    Raises:
        UnreadableError: The file is no workbook, is damaged or under a password, or unpacks to more than is allowed.
    """
    suffix = path.suffix.lower()
    if suffix in SIMILAR_SUFFIXES:
        raise UnreadableError(
            path,
            tr("is a workbook of another kind ({suffix}); open it in its program, save it as .xlsx", suffix=suffix),
        )
    if not path.is_file():
        raise UnreadableError(path, tr("is no file that can be read; expected a workbook (.xlsx)"))
    limits = limits_for(path.stat().st_size, memory_per_byte=_MEMORY_PER_BYTE)
    content = output(path, _READER, str(path), limits=limits)
    return [Sheet(*message) for message in sheet_messages(content)]
