"""What each row of a table is on its own: its id, its key, and the choice of columns that it fills."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem
from chaingraph.messages import tr
from chaingraph.tables.raw import ROW
from chaingraph.tables.references import identifier

if TYPE_CHECKING:
    from chaingraph.tables.contract import Table
    from chaingraph.tables.raw import RawTables


def place_of(name: str, raw: RawTables) -> str:
    """Return the file or sheet of a table, as messages name it."""
    return raw.sheets[name].place if name in raw.sheets else name


def with_ids(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Give the rows of a table of things without a column of ids an id made from their names."""
    if (
        table.label is None
        or not table.column(table.identifier).required
        or frame[table.identifier].null_count() < frame.height
    ):
        return frame
    ids = [None if name is None else identifier(name) for name in frame[table.label]]
    return frame.with_columns(pl.Series(table.identifier, ids, dtype=pl.String))


def find_empty_choices(frame: pl.DataFrame, table: Table, raw: RawTables) -> None:
    """Add a problem for each row that fills none of the columns of which at least one must be."""
    if not table.at_least_one_of:
        return
    is_filled = pl.any_horizontal(pl.col(name).is_not_null() for name in table.at_least_one_of)
    place = place_of(table.name, raw)
    rows_with_problems = {problem.row for problem in raw.problems if problem.place == place}
    for row in frame.filter(~is_filled)[ROW]:
        if row not in rows_with_problems:
            expected = tr(
                "expected a value in at least one of {at_least_one_of}",
                at_least_one_of=", ".join(table.at_least_one_of),
            )
            raw.problems.append(Problem(place, row, None, None, expected))


def find_several_things(frame: pl.DataFrame, table: Table, raw: RawTables) -> None:
    """Add a problem for each row with an id of its own that names several things."""
    repeated = frame.filter(pl.col(table.identifier).is_not_null() & pl.col(table.identifier).is_duplicated())
    for row, value in repeated.unique(ROW, maintain_order=True).select(ROW, table.identifier).iter_rows():
        if repeated.filter(pl.col(ROW) == row).height > 1:
            reason = tr("but the row names several things, each a row of its own; leave the id empty")
            raw.problems.append(Problem(place_of(table.name, raw), row, table.identifier, value, reason))


def key_texts(frame: pl.DataFrame, table: Table) -> pl.Series:
    """Return the text of each row's key; a further column adds its name and value where it is filled."""
    parts = []
    for name in table.primary_key:
        cells = frame[name]
        parts.append(cells.list.join(";") if cells.dtype == pl.List(pl.String) else cells)
    if not parts or frame.is_empty():
        return pl.Series("key", [], dtype=pl.String)
    further = [
        pl.concat_str(pl.lit(f"\x1f{name}="), pl.col(name)).fill_null("").alias(f"\x00{name}")
        for name in table.further_key
    ]
    keys = pl.DataFrame([part.fill_null("") for part in parts]).select(pl.concat_str(pl.all(), separator="\x1f"))
    return frame.select(keys.to_series().alias("key"), *further).select(pl.concat_str(pl.all())).to_series()


def with_key_ids(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Give rows without an id one made from their key."""
    if table.primary_key == (table.identifier,) or frame[table.identifier].null_count() == 0:
        return frame
    keys = key_texts(frame, table)
    own_ids = frame[table.identifier].to_list()
    ids = [own or identifier(key) for own, key in zip(own_ids, keys.to_list(), strict=True)]
    return frame.with_columns(pl.Series(table.identifier, ids, dtype=pl.String))
