"""Frames -> an Excel workbook (.xlsx)."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING

from chaingraph.errors import UsageError, excerpt
from chaingraph.export.cells import cell_text, plain
from chaingraph.messages import lazy_tr, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_CREATED = datetime(2000, 1, 1)
"""The day that a workbook says it was made, so that the same tables give the same bytes."""

_MOST_ROWS, _MOST_COLUMNS, _LONGEST_CELL, _LONGEST_TITLE = 1_048_576, 16_384, 32_767, 31
_EXACT = 2**53
"""The greatest whole number that Excel holds to the last digit; greater ones are written as texts."""

_NARROWEST, _WIDEST = 8, 60
_NO_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def excel_bytes(frames: Mapping[str, pd.DataFrame]) -> bytes:
    """Return frames as a workbook: one sheet per frame, a frozen heading, columns as wide as their cells.

    A text is a cell of the type text and never a formula. The index is left out.

    Args:
        frames: By the name of the sheet; signs that no name of a sheet may have become spaces, and long names are cut.

    Raises:
        UsageError: There is no frame, or one is larger than a sheet, or a text is longer than a cell holds.
    """
    import xlsxwriter

    if not frames:
        message = tr("there is no table to write; name at least one")
        raise UsageError(message)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": _CREATED, "author": "chaingraph"})
    heading = book.add_format({"bold": True, "bottom": 1})
    for title, (name, frame) in zip(_titles(frames), frames.items(), strict=True):
        _check_size(name, frame)
        _write(book.add_worksheet(title), frame, heading)
    book.close()
    return content.getvalue()


def _check_size(name: str, frame: pd.DataFrame) -> None:
    sizes = (
        (len(frame) + 1, _MOST_ROWS, lazy_tr("the table '{}' has {:,} rows, and a sheet of Excel holds {:,}")),
        (frame.shape[1], _MOST_COLUMNS, lazy_tr("the table '{}' has {:,} columns, and a sheet of Excel holds {:,}")),
    )
    for count, most, message in sizes:
        if count > most:
            raise UsageError(message.format(excerpt(name), count, most) + tr("; write .csv or .parquet"))


def _titles(names: Iterable[str]) -> list[str]:
    """Return names that Excel accepts for sheets: each once, whatever its case, and none of those it reserves."""
    titles: list[str] = []
    for name in names:
        stem = _NO_TITLE.sub(" ", name).strip(" '") or "Sheet"
        title, number = stem[:_LONGEST_TITLE], 1
        while title.casefold() in {"history", *(other.casefold() for other in titles)}:
            number += 1
            title = f"{stem[: _LONGEST_TITLE - len(str(number)) - 1]} {number}"
        titles.append(title)
    return titles


def _write(sheet: Worksheet, frame: pd.DataFrame, heading: Format) -> None:
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(frame.columns):
        values = [plain(value) for value in frame.iloc[:, column]]
        sheet.write_string(0, column, cell_text(name), heading)
        for row, value in enumerate(values, start=1):
            if isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif isinstance(value, int | float) and abs(value) <= _EXACT:
                sheet.write_number(row, column, value)
            elif value is not None:
                sheet.write_string(row, column, _short_enough(cell_text(value), row, name))
        widths = map(_width, map(cell_text, (name, *values)))
        sheet.set_column(column, column, min(max(_NARROWEST, *widths) + 1, _WIDEST))


def _short_enough(text: str, row: int, column: object) -> str:
    if len(text) > _LONGEST_CELL:
        message = tr(
            "row {row}: '{column}' has {count:,} characters, and a cell of Excel holds {most:,}; "
            "write .csv, .json or .parquet",
            row=row + 1,
            column=excerpt(str(column)),
            count=len(text),
            most=_LONGEST_CELL,
        )
        raise UsageError(message)
    return text


def _width(text: str) -> int:
    """Return how many signs wide a cell's longest line is; a Chinese character is two."""
    return max(sum(2 if sign >= "\u1100" else 1 for sign in line) for line in text.split("\n"))
