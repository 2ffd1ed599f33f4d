"""Tables before typing: the headings of a file, sheet or frame with its rows of text, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem, excerpt
from chaingraph.messages import tr
from chaingraph.tables.contract import heading_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.tables.contract import Table
    from chaingraph.tables.metadata import Description

ROW = "\x00row"
"""The frame column of row numbers, which count as a spreadsheet does; no heading can have a NUL."""
TITLE_ROWS = 10
"""The most rows in which the headings are looked for."""
MOST_COLUMNS = 2**14
"""The most columns that a table may have, which is what a spreadsheet has."""
DECISIONS = "decisions.csv"
"""What a person decided on the candidates of documents: a file of a data set, and no table."""
SPACE = " \t\r\n\u00a0\u3000\ufeff"


@dataclass
class Sheet:
    """One table before typing: headings in ``frame``'s order, every cell text or null.

    Args:
        kinds: The kinds of the cells (`chaingraph.tables.sheets.Kind`) of the columns, by their place, that do not
            hold texts alone.
        shown: What the cells of a column show, where that is not always their text.
    """

    place: str
    headings: list[str]
    frame: pl.DataFrame
    kinds: dict[int, pl.Series] = field(default_factory=dict)
    shown: dict[int, pl.Series] = field(default_factory=dict)


@dataclass
class RawTables:
    """The tables of a source before typing: its description, sheets by table name, assumptions and problems.

    ``unreadable`` are the tables that are there but could not be read.
    """

    description: Description
    sheets: dict[str, Sheet] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)

    def table_for(self, title: str, place: str, tables: Mapping[str, Table]) -> Table | None:
        """Return the table of a file or sheet of this title, or note that it is none."""
        if place == DECISIONS:
            return None
        titles = {heading_key(name): table for table in tables.values() for name in (table.name, *table.titles)}
        table = titles.get(heading_key(title))
        if table is None:
            similar = get_close_matches(heading_key(title), titles, n=1, cutoff=0.8)
            if similar:
                self.problems.append(
                    Problem(place, None, None, None, tr("is no table; did you mean '{similar}'?", similar=similar[0]))
                )
            else:
                self.notes.append(tr("{place} is no table of the contract and was left out", place=place))
        elif table.name in self.sheets:
            other_place = self.sheets[table.name].place
            self.problems.append(
                Problem(
                    place,
                    None,
                    None,
                    None,
                    tr("holds the table '{name}' as does {other_place}", name=table.name, other_place=other_place),
                )
            )
            return None
        return table

    def add(self, table: Table, sheet: Sheet | None) -> None:
        """Add the sheet of a table, or note that it could not be read."""
        if sheet is None:
            self.unreadable.add(table.name)
        else:
            self.sheets[table.name] = sheet


def row_of_headings(rows: Sequence[Sequence[str | None]], table: Table) -> int:
    """Return the index of the row with the most titles of columns, the first where none has any."""
    columns = table.by_title()
    scores = [sum(cell is not None and heading_key(cell) in columns for cell in row) for row in rows]
    return scores.index(max(scores))


def with_headings(place: str, frame: pl.DataFrame, table: Table, raw: RawTables) -> tuple[Sheet, list[int]] | None:
    """Find the row of headings (there are often titles above it), and drop empty rows and columns.

    Args:
        place: The file or sheet in messages.
        frame: The cells from the first row on, each a text or null.
        table: The table that they are.
        raw: Where problems and notes go.

    Returns:
        The sheet, and the place that each of its columns had in the frame; None where there is no row.
    """
    rows = tidy(frame.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias(ROW)))
    if rows.is_empty():
        raw.problems.append(Problem(place, None, None, None, tr("is empty; expected a row of headings")))
        return None
    if rows.width - 1 > MOST_COLUMNS:
        reason = tr(
            "has {width:,} columns, expected at most {most_columns:,}, as in a spreadsheet",
            width=rows.width - 1,
            most_columns=MOST_COLUMNS,
        )
        raw.problems.append(Problem(place, None, None, None, reason))
        return None
    top = [[cell for cell in row[:-1] if cell is not None] for row in rows.head(TITLE_ROWS).iter_rows()]
    at = row_of_headings(top, table)
    if at:
        words = ", ".join(f"'{excerpt(cell)}'" for row in top[:at] for cell in row)
        raw.notes.append(
            tr(
                "{place}: the headings stand in row {rows}; left out what is above them: {words}",
                place=place,
                rows=rows[ROW][at],
                words=excerpt(words, 1000),
            )
        )
    heading_row = rows.row(at)[:-1]
    body = rows.slice(at + 1)
    columns: list[pl.Series] = []
    places: list[int] = []
    for index, heading in enumerate(heading_row):
        cells = body.to_series(index)
        if heading is not None:
            columns.append(cells.alias(str(len(places))))
            places.append(index)
        elif cells.null_count() < len(cells):
            first = body.filter(cells.is_not_null())
            reason = tr("but the column has no heading")
            raw.problems.append(Problem(place, first[ROW][0], f"column {index + 1}", first.to_series(index)[0], reason))
    sheet = Sheet(place, [heading_row[index] for index in places], pl.DataFrame([*columns, body[ROW]]))
    return sheet, places


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Strip the cells, make empty ones null, and drop the rows without any cell."""
    cells = pl.exclude(ROW)
    stripped = frame.with_columns(cells.str.strip_chars(SPACE).replace("", None))
    return stripped.filter(pl.any_horizontal(cells.is_not_null())) if frame.width > 1 else stripped.clear()
