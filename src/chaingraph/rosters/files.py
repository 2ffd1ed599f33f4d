"""The files of rosters as sheets: workbooks, CSV and TSV files, and folders of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.errors import UnreadableError
from chaingraph.messages import tr
from chaingraph.rosters.sheet import Note, Place, Sheet
from chaingraph.tables import contract
from chaingraph.tables.csv_files import rows_before_error, rows_of, separator_of, text_of
from chaingraph.tables.sheets import SIMILAR_SUFFIXES, sheets_of
from chaingraph.tables.sheets import SUFFIXES as WORKBOOK_SUFFIXES
from chaingraph.tables.workbook_tables import has_rows, template_roster
from chaingraph.tables.workbooks import reserved_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from chaingraph.tables.sheets import Sheet as OfficeSheet

TEXT_SUFFIXES = frozenset({".csv", ".tsv"})
SUFFIXES = WORKBOOK_SUFFIXES | SIMILAR_SUFFIXES | TEXT_SUFFIXES
"""The endings of the names of files that can be rosters, those included that are to be saved in another form first."""


def sheets_of_file(path: Path, encoding: str | None = None) -> Iterator[Sheet]:
    """Yield the sheets of a file that have a cell, or those of the files of a folder.

    Raises:
        UnreadableError: The file cannot be read.
    """
    if path.is_dir():
        for child in sorted(path.iterdir()):
            if child.suffix.lower() in TEXT_SUFFIXES | WORKBOOK_SUFFIXES and child.is_file():
                yield from sheets_of_file(child, encoding)
    elif path.suffix.lower() in TEXT_SUFFIXES:
        yield _text_sheet(path, encoding)
    else:
        yield from sheets_of_workbook(path, sheets_of(path))


def sheets_of_workbook(path: Path, office_sheets: Iterable[OfficeSheet]) -> Iterator[Sheet]:
    """Yield the sheets of a workbook that have a cell, but for those that only explain it or describe the data set.

    Of a template whose first sheet, the roster, is filled, that sheet alone is yielded.

    Raises:
        UnreadableError: Both the roster of a template and other sheets of it are filled.
    """
    sheets = list(office_sheets)
    roster = template_roster(path, sheets, contract())
    if roster is not None:
        sheets = [roster] if has_rows(roster) else [sheet for sheet in sheets if sheet is not roster]
    for sheet in sheets:
        if not reserved_sheets().is_for_people(sheet.title) and not reserved_sheets().is_description(sheet.title):
            grid = sheet.grid()
            if not grid.is_empty:
                yield Sheet.of_grid(path.name, grid, sheet.visibility)


def _text_sheet(path: Path, encoding: str | None) -> Sheet:
    """Return the rows of a CSV file.

    Raises:
        UnreadableError: There is no such file, it is not in the encoding, or a quotation mark is broken.
    """
    import csv

    if not path.is_file():
        raise UnreadableError(
            path, tr("is no file that can be read; expected a roster (.xlsx, .xls, .ods, .csv, .tsv)")
        )
    notes: list[str] = []
    text = text_of(path, encoding, notes).replace("\r\n", "\n").replace("\r", "\n")
    separator = separator_of(text)
    try:
        rows = list(rows_of(text, separator))
    except csv.Error as error:
        row = rows_before_error(text, separator) + 1
        reason = tr(
            'row {row}: a quotation mark is broken ({error}); write " inside a quoted cell twice, and close each',
            row=row,
            error=error,
        )
        raise UnreadableError(path, reason) from error
    sheet = Sheet.of_rows(path.name, "", rows)
    place = Place(path.name)
    return Sheet(
        sheet.file, sheet.title, sheet.columns, notes=tuple(Note("encoding", place, {"text": n}) for n in notes)
    )
