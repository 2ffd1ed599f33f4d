"""Reading tables by the contract: the only place where what people write in cells becomes typed frames.

The table and column names are all in ``ontology/tables.json``; nothing here knows one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem, TableProblemsError, UnreadableError, UsageError
from chaingraph.tables.cells import matched, typed
from chaingraph.tables.contract import Table, contract
from chaingraph.tables.files import ROW, Folder, folder_of
from chaingraph.tables.frames import folder_of_frames
from chaingraph.tables.problems import told
from chaingraph.tables.references import Index, identifier, resolved

if TYPE_CHECKING:
    from pathlib import Path

    from chaingraph.tables.frames import Frames
    from chaingraph.tables.metadata import Description

__all__ = ["MERGED", "DataSet", "contract", "read"]

MERGED = "\x00merged"
"""The frame column that marks rows which an identity has joined to another's node."""


@dataclass(frozen=True)
class DataSet:
    """A data set as typed frames.

    ``tables`` maps table names to frames whose cells are canonical texts, or lists of them; references hold ids, and
    every row has its id. ``notes`` says what was assumed, ``created`` how many rows of which table were made from
    names.
    """

    description: Description
    tables: Mapping[str, pl.DataFrame]
    notes: tuple[str, ...] = ()
    created: Mapping[str, int] = field(default_factory=dict)


def read(source: Path | Frames, *, encoding: str | None = None, create: str | None = None) -> DataSet:
    """Read a folder of CSV or Parquet files, a workbook, or frames as a data set.

    Args:
        source: The folder or workbook, or pandas or polars frames by table name. Files, sheets and frames are named
            like the tables, in English or Chinese. The rows of a frame count as if its headings were row 1.
        encoding: How the CSV files are encoded; UTF-8, or GB18030 if that is clear, where nothing is stated.
        create: A table of named things; a name that no row of it has gets a row.

    Raises:
        UnreadableError: The source cannot be read at all.
        TableProblemsError: The tables hold mistakes; all of them are listed.
    """
    tables = contract()
    if create is not None and (create not in tables or tables[create].label is None):
        named = ", ".join(name for name, table in tables.items() if table.label is not None)
        message = f"there is no table of named things called '{create}'; expected one of {named}"
        raise UsageError(message)
    folder = _folder(source, tables, encoding)
    frames = {
        name: typed(
            matched(folder.sheets[name], table, folder.problems),
            table,
            folder.sheets[name].place,
            folder.problems,
            folder.notes,
        )
        for name, table in tables.items()
        if name in folder.sheets
    }
    frames = {name: _with_ids(frame, tables[name]) for name, frame in frames.items()}
    _find_repeated_ids(frames, folder)
    indices = {
        name: Index(table, name in frames, broken=name in folder.broken, create=name == create)
        for name, table in tables.items()
    }
    for name, frame in frames.items():
        indices[name].add(frame)
    frames = {name: _resolved(frame, tables[name], indices, folder) for name, frame in frames.items()}
    for name, frame in frames.items():
        _find_empty_choices(frame, tables[name], folder)
        _find_repeated_keys(frame, tables[name], folder)
        _find_opposed_decisions(frame, tables[name], folder)
    if folder.problems:
        raise TableProblemsError(told(folder, tables))
    created = _created(frames, indices, create, tables)
    frames = _merged(frames, tables)
    frames = {name: _with_key_ids(frame, tables[name]) for name, frame in frames.items()}
    return DataSet(folder.description, frames, tuple(folder.notes), created)


def _folder(source: Path | Frames, tables: Mapping[str, Table], encoding: str | None) -> Folder:
    if isinstance(source, Mapping):
        return folder_of_frames(source, tables)
    try:
        return folder_of(source, tables, encoding)
    except OSError as error:
        raise UnreadableError(
            source, f"cannot be read: {error.strerror or error}; make sure that you may read it"
        ) from error


def _place(name: str, folder: Folder) -> str:
    return folder.sheets[name].place if name in folder.sheets else name


def _with_ids(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Name the rows of a table of things whose sheet has no column of ids after their names."""
    if (
        table.label is None
        or not table.column(table.identifier).required
        or frame[table.identifier].null_count() < frame.height
    ):
        return frame
    ids = [None if name is None else identifier(name) for name in frame[table.label]]
    return frame.with_columns(pl.Series(table.identifier, ids, dtype=pl.String))


def _resolved(frame: pl.DataFrame, table: Table, indices: Mapping[str, Index], folder: Folder) -> pl.DataFrame:
    place = _place(table.name, folder)
    for column in table.cells:
        if column.is_reference:
            frame = resolved(frame, column, indices, place, folder.problems)
            if column.each:
                frame = frame.explode(column.name)
    return frame


def _find_empty_choices(frame: pl.DataFrame, table: Table, folder: Folder) -> None:
    if not table.at_least_one_of:
        return
    chosen = pl.any_horizontal(pl.col(name).is_not_null() for name in table.at_least_one_of)
    place = _place(table.name, folder)
    unread = {problem.row for problem in folder.problems if problem.place == place}
    for row in frame.filter(~chosen)[ROW]:
        if row not in unread:
            expected = f"expected a value in at least one of {', '.join(table.at_least_one_of)}"
            folder.problems.append(Problem(place, row, None, None, expected))


def _find_opposed_decisions(frame: pl.DataFrame, table: Table, folder: Folder) -> None:
    """Find rows that decide one and the same pair in two ways, whichever of the two stands first."""
    if table.merge is None:
        return
    merge = table.merge
    first: dict[tuple[str, frozenset[str]], tuple[int, bool]] = {}
    for row in frame.drop_nulls([merge.table, merge.keep, merge.drop]).iter_rows(named=True):
        pair = (row[merge.table], frozenset((row[merge.keep], row[merge.drop])))
        joins = all(row[column] == value for column, value in merge.when.items())
        other, other_joins = first.setdefault(pair, (row[ROW], joins))
        if joins != other_joins:
            reason = f"decides otherwise than row {other} on the same two rows; keep one of the decisions"
            folder.problems.append(Problem(_place(table.name, folder), row[ROW], None, None, reason))


def _find_repeated_ids(frames: Mapping[str, pl.DataFrame], folder: Folder) -> None:
    for name, frame in frames.items():
        table = contract()[name]
        stated = frame.drop_nulls(table.identifier)
        _tell_repeats(stated, [table.identifier], stated[table.identifier], _place(name, folder), folder)


def _find_repeated_keys(frame: pl.DataFrame, table: Table, folder: Folder) -> None:
    if table.primary_key == (table.identifier,):
        return
    # A cell that could not be read is empty here, so that rows which differ in it would look alike.
    place = _place(table.name, folder)
    unread = pl.Series([problem.row for problem in folder.problems if problem.place == place], dtype=pl.UInt32)
    unnamed = frame.filter(pl.col(table.identifier).is_null() & ~pl.col(ROW).is_in(unread.drop_nulls().to_list()))
    keys = _key_texts(unnamed, table)
    _tell_repeats(unnamed, list(table.primary_key), keys, _place(table.name, folder), folder)
    repeated = frame.filter(pl.col(table.identifier).is_not_null() & pl.col(table.identifier).is_duplicated())
    for row, value in repeated.unique(ROW, maintain_order=True).select(ROW, table.identifier).iter_rows():
        if repeated.filter(pl.col(ROW) == row).height > 1:
            reason = "but the row names several things, each a row of its own; leave the id empty"
            folder.problems.append(Problem(_place(table.name, folder), row, table.identifier, value, reason))


def _tell_repeats(frame: pl.DataFrame, columns: list[str], keys: pl.Series, place: str, folder: Folder) -> None:
    if not keys.is_duplicated().any():
        return
    first: dict[str, int] = {}
    for row, key in zip(frame[ROW], keys, strict=True):
        if key in first and first[key] != row:
            same = f"repeats row {first[key]}: both have the same {', '.join(columns)}"
            reason = f"{same}; put all quotes of one thing in one row"
            folder.problems.append(Problem(place, row, None, None, reason))
        first.setdefault(key, row)


def _key_texts(frame: pl.DataFrame, table: Table) -> pl.Series:
    parts = []
    for name in table.primary_key:
        cells = frame[name]
        parts.append(cells.list.join(";") if cells.dtype == pl.List(pl.String) else cells)
    if not parts or frame.is_empty():
        return pl.Series("key", [], dtype=pl.String)
    return (
        pl.DataFrame([part.fill_null("") for part in parts])
        .select(pl.concat_str(pl.all(), separator="\x1f"))
        .to_series()
    )


def _with_key_ids(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Name rows that state no id after their key."""
    if table.primary_key == (table.identifier,) or frame[table.identifier].null_count() == 0:
        return frame
    keys = _key_texts(frame, table)
    ids = [stated or identifier(key) for stated, key in zip(frame[table.identifier], keys, strict=True)]
    return frame.with_columns(pl.Series(table.identifier, ids, dtype=pl.String))


def _created(
    frames: dict[str, pl.DataFrame], indices: Mapping[str, Index], create: str | None, tables: Mapping[str, Table]
) -> dict[str, int]:
    """Add the rows that names were given, and count them."""
    if create is None or not indices[create].created:
        return {}
    rows = indices[create].created_rows()
    if create not in frames:
        schema = {c.name: pl.List(pl.String) if c.is_list else pl.String for c in tables[create].cells}
        frames[create] = pl.DataFrame(schema={**schema, ROW: pl.UInt32})
    frames[create] = pl.concat([frames[create], rows], how="diagonal")
    return {create: rows.height}


def _merged(frames: dict[str, pl.DataFrame], tables: Mapping[str, Table]) -> dict[str, pl.DataFrame]:
    """Apply the decisions that two rows are one: references and rows of the one go to the other's id."""
    decided: dict[str, list[tuple[str, str]]] = {}
    for name, frame in frames.items():
        merge = tables[name].merge
        if merge is not None:
            same = frame.filter(pl.all_horizontal(pl.col(column) == value for column, value in merge.when.items()))
            for table, keep, drop in same.select(merge.table, merge.keep, merge.drop).iter_rows():
                decided.setdefault(table, []).append((keep, drop))
    renamed = {table: _settled(pairs) for table, pairs in decided.items()}
    return {name: _renamed(frame, tables[name], renamed) for name, frame in frames.items()} if renamed else frames


def _settled(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return the id that each dropped one goes to; the order of the decisions does not matter.

    Rows that any chain of decisions joins are one. It keeps the id that none of them drops, the first by name if there
    are several or, in a circle, none.

    >>> _settled([("a", "c"), ("b", "c"), ("x", "y"), ("y", "x")])
    {'b': 'a', 'c': 'a', 'y': 'x'}
    """
    group: dict[str, set[str]] = {}
    for keep, drop in pairs:
        joined = group.get(keep, {keep}) | group.get(drop, {drop})
        group |= dict.fromkeys(joined, joined)
    dropped = {drop for keep, drop in pairs if keep != drop}
    kept = {key: min(members - dropped or members) for key, members in group.items()}
    return {key: kept[key] for key in sorted(group) if kept[key] != key}


def _renamed(frame: pl.DataFrame, table: Table, renamed: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    for column in table.cells:
        if column.reference is not None and column.reference in renamed:
            names = renamed[column.reference]
            cells = frame[column.name]
            if cells.dtype == pl.List(pl.String):
                frame = frame.with_columns(
                    pl.col(column.name).list.eval(pl.element().replace(names)).list.unique(maintain_order=True)
                )
            else:
                frame = frame.with_columns(pl.col(column.name).replace(names))
    if table.merge is None and any(column.reference_table for column in table.cells):
        frame = _renamed_dynamic(frame, table, renamed)
    if table.name in renamed:
        key = pl.col(table.identifier)
        frame = frame.with_columns(key.is_in(list(renamed[table.name])).alias(MERGED), key.replace(renamed[table.name]))
    return frame


def _renamed_dynamic(frame: pl.DataFrame, table: Table, renamed: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    for column in table.cells:
        if column.reference_table:
            tables = frame[column.reference_table]
            keys = [renamed.get(name, {}).get(key, key) for name, key in zip(tables, frame[column.name], strict=True)]
            frame = frame.with_columns(pl.Series(column.name, keys, dtype=pl.String))
    return frame
