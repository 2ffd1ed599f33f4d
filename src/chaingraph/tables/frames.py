"""Frames as tables: the cells of pandas and polars frames as text, as if each frame were a file of its table's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl

from chaingraph.errors import Problem, TableProblemsError, UnreadableError
from chaingraph.messages import tr
from chaingraph.tables.contract import Table, contract, heading_key
from chaingraph.tables.metadata import default_description, description
from chaingraph.tables.raw import MOST_COLUMNS, ROW, RawTables, Sheet, tidy
from chaingraph.tables.sheets import Kind
from chaingraph.tables.sheets.cell_values import number_value
from chaingraph.tables.typed_frames import sheet_of_frame
from chaingraph.tables.workbooks import reserved_sheets

if TYPE_CHECKING:
    from collections.abc import Sequence

Frame = pd.DataFrame | pl.DataFrame
Frames = Mapping[str, Frame | Mapping[str, object]]
"""Frames by table name, with the description of the data set if need be."""

_NAME = "frames"
"""The name of a data set of frames that has no description."""


class _NotTextError(TypeError):
    """A value that no cell of a table can hold."""


def raw_tables_of_frames(frames: Frames, tables: Mapping[str, Table]) -> RawTables:
    """Return frames by table name as a folder; the key ``dataset`` may hold the description, as in ``dataset.json``.

    Raises:
        UnreadableError: No frame is one of the contract's tables, or something is no frame.
    """
    raw = RawTables(default_description(_NAME))
    for title, frame in ((str(title), frame) for title, frame in frames.items()):
        place = f"frame {title}"
        if reserved_sheets().is_description(title):
            if not isinstance(frame, Mapping):
                reason = tr(
                    "is of type {name}, expected a mapping with what dataset.json would have", name=type(frame).__name__
                )
                raise UnreadableError(place, reason)
            try:
                raw.description = description({str(key): frame[key] for key in frame}, _NAME, place)
            except TableProblemsError as error:
                raw.problems += error.problems
            continue
        if not isinstance(frame, Frame):
            raise UnreadableError(
                place, tr("is of type {name}, expected a pandas or polars DataFrame", name=type(frame).__name__)
            )
        table = raw.table_for(title, place, tables)
        if table is not None:
            raw.add(table, _sheet(place, frame, raw))
    if not raw.sheets and not raw.problems:
        reason = tr("hold no table; expected a frame by the name of its table: {tables}", tables=", ".join(tables))
        raise UnreadableError(_NAME, reason)
    return raw


def likely_table(frame: Frame) -> str:
    """Return the name of the table that has the most of a frame's columns.

    >>> likely_table(pl.DataFrame({"成员单位": [], "联合体": [], "角色": []}))
    'memberships'
    """
    headings = {heading_key(str(name)) for name in frame.columns}
    return max(contract().values(), key=lambda table: len(headings & table.by_title().keys())).name


def _sheet(place: str, frame: Frame, raw: RawTables) -> Sheet | None:
    if isinstance(frame, pl.DataFrame):
        return sheet_of_frame(place, frame, raw)
    if frame.shape[1] > MOST_COLUMNS:
        reason = tr(
            "has {shape:,} columns, expected at most {most_columns:,}, as in a spreadsheet",
            shape=frame.shape[1],
            most_columns=MOST_COLUMNS,
        )
        raw.problems.append(Problem(place, None, None, None, reason))
        return None
    columns = _columns(frame)
    cells: dict[str, list[str | None]] = {}
    kinds: dict[int, pl.Series] = {}
    problems: list[Problem] = []
    for number, (heading, values) in enumerate(columns):
        texts: list[str | None] = []
        for row, value in enumerate(values, start=2):
            try:
                texts.append(_text(value))
            except _NotTextError as error:
                texts.append(None)
                text = value if isinstance(value, str) else tr("a value of type {name}", name=type(value).__name__)
                problems.append(Problem(place, row, heading, text, str(error)))
        cells[str(number)] = texts
        is_number = [isinstance(value, float | np.floating) for value in values]
        if any(is_number):
            kinds[number] = pl.Series(
                [int(Kind.NUMBER if number_ else Kind.TEXT) for number_ in is_number], dtype=pl.UInt8
            )
    raw.problems += problems
    if problems:
        return None
    rows = pl.int_range(2, len(frame) + 2, eager=True, dtype=pl.UInt32).alias(ROW)
    frame_of_text = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)).with_columns(rows)
    tidied = tidy(frame_of_text)
    kinds = {number: of_column.gather(tidied[ROW] - 2) for number, of_column in kinds.items()}
    return Sheet(place, [heading for heading, _ in columns], tidied, kinds)


def _columns(frame: pd.DataFrame) -> list[tuple[str, Sequence[object]]]:
    """Return each heading with its values; an index that has a name is a column too."""
    levels = [(name, frame.index.get_level_values(level)) for level, name in enumerate(frame.index.names)]
    index = [(str(name), values.tolist()) for name, values in levels if name is not None]
    return index + [(str(name), frame.iloc[:, number].tolist()) for number, name in enumerate(frame.columns)]


def _text(value: object) -> str | None:
    """Return a cell as a table would hold it: numbers in full, dates as days, lists joined, missing values as None."""
    if isinstance(value, str):
        if not value.isascii() and any(0xD800 <= ord(character) <= 0xDFFF for character in value):
            message = tr("expected whole characters, and got half of one")
            raise _NotTextError(message)
        return value
    if isinstance(value, list | tuple | np.ndarray) and not any(
        isinstance(v, list | tuple | np.ndarray) for v in value
    ):
        return ";".join(text for text in map(_text, value) if text)
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float | np.floating | Decimal) and value != value:
        return None
    if isinstance(value, bool | np.bool_):
        return str(value).lower()
    if isinstance(value, float | np.floating):
        return number_value(str(value)) or str(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, int | np.integer | Decimal | date | pd.Period):
        return str(value)
    message = tr("expected text, a number, a date or a list of them")
    raise _NotTextError(message)
