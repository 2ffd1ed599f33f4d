"""Reading tables by the contract: the only place where the cells of a sheet become typed frames.

The names of tables and columns are in ``ontology/tables.json``; no code here has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem, TableProblemsError, UnreadableError, UsageError
from chaingraph.messages import tr
from chaingraph.tables.cells import match_headings, type_cells
from chaingraph.tables.contract import Table, contract
from chaingraph.tables.files import raw_tables
from chaingraph.tables.problems import problems_by_file
from chaingraph.tables.raw import ROW, RawTables
from chaingraph.tables.references import Index, resolve_references
from chaingraph.tables.rows import (
    find_empty_choices,
    find_several_things,
    key_texts,
    place_of,
    with_ids,
    with_key_ids,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chaingraph.tables.frames import Frames
    from chaingraph.tables.metadata import Description

__all__ = ["MERGED", "DataSet", "contract", "read"]

MERGED = "\x00merged"
"""The frame column that marks rows which an identity has joined to another's node."""


@dataclass(frozen=True)
class DataSet:
    """A data set as typed frames.

    ``tables`` maps table names to frames whose cells are canonical texts, or lists of them; references are ids, and
    every row has its id. ``rows`` are the same before rows that a decision joins got one id. ``notes`` are the
    assumptions of the reading, ``created`` the number of rows by table that were made from names, ``summary`` the
    lines, by language, on what a roster was read as.
    """

    description: Description
    tables: Mapping[str, pl.DataFrame]
    notes: tuple[str, ...] = ()
    created: Mapping[str, int] = field(default_factory=dict)
    summary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, pl.DataFrame] = field(default_factory=dict)


def read(source: Path | Frames, *, encoding: str | None = None, create: str | None = None) -> DataSet:
    """Read a folder of CSV or Parquet files, a workbook, or frames as a data set.

    Args:
        source: The folder or workbook, or pandas or polars frames by table name. Files, sheets and frames are named
            like the tables, in English or Chinese. The rows of a frame count as if its headings were row 1.
        encoding: The encoding of the CSV files; if None, UTF-8, or GB18030 where that is clear.
        create: A table of named things, in which each name that no row has gets a row.

    Raises:
        UnreadableError: The source cannot be read at all.
        TableProblemsError: The tables hold mistakes; all of them are listed.
    """
    tables = contract()
    if create is not None and (create not in tables or tables[create].label is None):
        tables_of_things = ", ".join(name for name, table in tables.items() if table.label is not None)
        message = tr(
            "there is no table of named things called '{create}'; expected one of {tables_of_things}",
            create=create,
            tables_of_things=tables_of_things,
        )
        raise UsageError(message)
    raw = _raw_tables(source, tables, encoding)
    frames = {
        name: type_cells(
            match_headings(raw.sheets[name], table, raw.problems),
            table,
            raw.sheets[name].place,
            raw.problems,
            raw.notes,
        )
        for name, table in tables.items()
        if name in raw.sheets
    }
    frames = {name: with_ids(frame, tables[name]) for name, frame in frames.items()}
    _find_repeated_ids(frames, raw)
    indices = {name: Index(table, name in frames, unreadable=name in raw.unreadable) for name, table in tables.items()}
    for name, frame in frames.items():
        indices[name].add(frame)
    if create is not None:
        indices[create].create_rows(_references_to(create, frames, tables))
    frames = {name: _with_resolved_references(frame, tables[name], indices, raw) for name, frame in frames.items()}
    for name, frame in frames.items():
        find_empty_choices(frame, tables[name], raw)
        _find_repeated_keys(frame, tables[name], raw)
        _find_opposed_decisions(frame, tables[name], raw)
    if raw.problems:
        raise TableProblemsError(problems_by_file(raw, tables))
    created = _add_created_rows(frames, indices, create, tables)
    merged = _merge(frames, tables)
    merged = {name: with_key_ids(frame, tables[name]) for name, frame in merged.items()}
    return DataSet(raw.description, merged, tuple(raw.notes), created, rows=frames)


def _raw_tables(source: Path | Frames, tables: Mapping[str, Table], encoding: str | None) -> RawTables:
    if isinstance(source, Mapping):
        # It imports pandas, which the child processes that read files have no use for, and wait for.
        from chaingraph.tables.frames import raw_tables_of_frames

        return raw_tables_of_frames(source, tables)
    try:
        return raw_tables(source, tables, encoding)
    except OSError as error:
        raise UnreadableError(
            source,
            tr(
                "cannot be read: {strerror}; make sure that you may read it, and that no other program has it open",
                strerror=error.strerror or error,
            ),
        ) from error


def _with_resolved_references(
    frame: pl.DataFrame, table: Table, indices: Mapping[str, Index], raw: RawTables
) -> pl.DataFrame:
    place = place_of(table.name, raw)
    for column in table.cells:
        if column.is_reference:
            frame = resolve_references(frame, column, indices, place, raw.problems)
            if column.each:
                frame = frame.explode(column.name)
    return frame


def _references_to(
    target: str, frames: Mapping[str, pl.DataFrame], tables: Mapping[str, Table]
) -> Iterator[tuple[str, bool]]:
    """Yield each cell that refers to a table, with whether it may hold several names.

    A decision that two rows are one names rows that are there, and makes none.
    """
    for name, frame in frames.items():
        for column in tables[name].cells if tables[name].merge is None else ():
            rows = frame
            if column.reference_table is not None:
                rows = frame.filter(pl.col(column.reference_table) == target)
            elif column.reference != target:
                continue
            for text in rows[column.name].drop_nulls():
                yield text, column.separator is not None


def _find_opposed_decisions(frame: pl.DataFrame, table: Table, raw: RawTables) -> None:
    """Find rows that decide the same pair in two ways, in either order of the pair."""
    if table.merge is None:
        return
    merge = table.merge
    first: dict[tuple[str, frozenset[str]], tuple[int, bool]] = {}
    for row in frame.drop_nulls([merge.table, merge.keep, merge.drop]).iter_rows(named=True):
        pair = (row[merge.table], frozenset((row[merge.keep], row[merge.drop])))
        joins = all(row[column] == value for column, value in merge.when.items())
        first_row, first_joins = first.setdefault(pair, (row[ROW], joins))
        if joins != first_joins:
            reason = tr(
                "decides otherwise than row {first_row} on the same two rows; keep one of the decisions",
                first_row=first_row,
            )
            raw.problems.append(Problem(place_of(table.name, raw), row[ROW], None, None, reason))


def _find_repeated_ids(frames: Mapping[str, pl.DataFrame], raw: RawTables) -> None:
    for name, frame in frames.items():
        table = contract()[name]
        with_id = frame.drop_nulls(table.identifier)
        _add_repeats(with_id, [table.identifier], with_id[table.identifier], place_of(name, raw), raw)


def _find_repeated_keys(frame: pl.DataFrame, table: Table, raw: RawTables) -> None:
    if table.primary_key == (table.identifier,):
        return
    # A cell that could not be read is empty here, so that rows that differ in it alone would look alike.
    place = place_of(table.name, raw)
    rows_with_problems = pl.Series([problem.row for problem in raw.problems if problem.place == place], dtype=pl.UInt32)
    unnamed = frame.filter(
        pl.col(table.identifier).is_null() & ~pl.col(ROW).is_in(rows_with_problems.drop_nulls().to_list())
    )
    keys = key_texts(unnamed, table)
    columns = [*table.primary_key, *table.further_key]
    _add_repeats(unnamed, columns, keys, place_of(table.name, raw), raw)
    find_several_things(frame, table, raw)


def _add_repeats(frame: pl.DataFrame, columns: list[str], keys: pl.Series, place: str, raw: RawTables) -> None:
    if not keys.is_duplicated().any():
        return
    first: dict[str, int] = {}
    for row, key in zip(frame[ROW], keys, strict=True):
        if key in first and first[key] != row:
            repetition = tr(
                "repeats row {first}: both have the same {columns}", first=first[key], columns=", ".join(columns)
            )
            reason = tr("{repetition}; put all quotes of one thing in one row", repetition=repetition)
            raw.problems.append(Problem(place, row, None, None, reason))
        first.setdefault(key, row)


def _add_created_rows(
    frames: dict[str, pl.DataFrame], indices: Mapping[str, Index], create: str | None, tables: Mapping[str, Table]
) -> dict[str, int]:
    """Add the rows that were made from names, and count them."""
    if create is None or not indices[create].created:
        return {}
    rows = indices[create].created_rows()
    if create not in frames:
        schema = {c.name: pl.List(pl.String) if c.is_list else pl.String for c in tables[create].cells}
        frames[create] = pl.DataFrame(schema={**schema, ROW: pl.UInt32})
    frames[create] = pl.concat([frames[create], rows], how="diagonal")
    return {create: rows.height}


def _merge(frames: dict[str, pl.DataFrame], tables: Mapping[str, Table]) -> dict[str, pl.DataFrame]:
    """Apply the decisions that two rows are one: rows and references of the one get the id of the other."""
    pairs_by_table: dict[str, list[tuple[str, str]]] = {}
    for name, frame in frames.items():
        merge = tables[name].merge
        if merge is not None:
            duplicates = frame.filter(
                pl.all_horizontal(pl.col(column) == value for column, value in merge.when.items())
            )
            for table, keep, drop in duplicates.select(merge.table, merge.keep, merge.drop).iter_rows():
                pairs_by_table.setdefault(table, []).append((keep, drop))
    new_ids = {table: _final_ids(pairs) for table, pairs in pairs_by_table.items()}
    return {name: _with_new_ids(frame, tables[name], new_ids) for name, frame in frames.items()} if new_ids else frames


def _final_ids(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return the final id of each id that is replaced; the order of the decisions does not matter.

    Rows that any chain of decisions joins are one. Its id is the one that no decision drops, the first by name where
    there are several or, in a circle, none.

    >>> _final_ids([("a", "c"), ("b", "c"), ("x", "y"), ("y", "x")])
    {'b': 'a', 'c': 'a', 'y': 'x'}
    """
    group: dict[str, set[str]] = {}
    for keep, drop in pairs:
        union = group.get(keep, {keep}) | group.get(drop, {drop})
        group |= dict.fromkeys(union, union)
    dropped = {drop for keep, drop in pairs if keep != drop}
    representatives = {key: min(members - dropped or members) for key, members in group.items()}
    return {key: representatives[key] for key in sorted(group) if representatives[key] != key}


def _with_new_ids(frame: pl.DataFrame, table: Table, new_ids: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    for column in table.cells:
        if column.reference is not None and column.reference in new_ids:
            names = new_ids[column.reference]
            cells = frame[column.name]
            if cells.dtype == pl.List(pl.String):
                frame = frame.with_columns(
                    pl.col(column.name).list.eval(pl.element().replace(names)).list.unique(maintain_order=True)
                )
            else:
                frame = frame.with_columns(pl.col(column.name).replace(names))
    if table.merge is None and any(column.reference_table for column in table.cells):
        frame = _with_new_ids_by_table(frame, table, new_ids)
    if table.name in new_ids:
        key = pl.col(table.identifier)
        frame = frame.with_columns(key.is_in(list(new_ids[table.name])).alias(MERGED), key.replace(new_ids[table.name]))
    return frame


def _with_new_ids_by_table(frame: pl.DataFrame, table: Table, new_ids: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    for column in table.cells:
        if column.reference_table:
            tables = frame[column.reference_table]
            keys = [new_ids.get(name, {}).get(key, key) for name, key in zip(tables, frame[column.name], strict=True)]
            frame = frame.with_columns(pl.Series(column.name, keys, dtype=pl.String))
    return frame
