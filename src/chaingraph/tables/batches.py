"""Some rows of a table on their own: for tables of which no process reads the whole.

References are ids here, because the names of all rows of another table are beside no batch. What only all batches
together can tell (whether an id is there once, whether a reference leads to a row) stands in facts, which an engine
compares: see `chaingraph.engines`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from chaingraph.tables.cells import match_headings, type_cells
from chaingraph.tables.metadata import LANGUAGE_TAG, default_description
from chaingraph.tables.raw import ROW, RawTables
from chaingraph.tables.rows import find_empty_choices, find_several_things, key_texts, with_ids, with_key_ids
from chaingraph.tables.typed_frames import sheet_of_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.errors import Problem
    from chaingraph.tables.contract import Table

FACTS = dict.fromkeys(("fact", "table_name", "column_name", "cell", "detail"), pl.String)
"""The columns of a batch's facts. By fact, ``table_name``, ``column_name``, ``cell`` and ``detail`` are:

- problem: the table, the column, the cell, what was expected;
- identifier: the table, nothing, the id of a row, whether it is ``own`` or made from a ``name``;
- key: the table, its key columns, the text of the key of a row without an id;
- name: the table, nothing, a name or alias, the id of the row;
- reference: the table that is referred to, the column that refers, the id;
- whole: the same for a cell that was split into several ids;
- notation: the code list, nothing, the notation.
"""
_SEPARATORS = "[；、\n]"
_TAG = re.compile(f"(?<=[^@])@{LANGUAGE_TAG}$")


class Batch(NamedTuple):
    """Some rows of a table: ``rows`` in canonical text, each with its id, and the ``facts`` of `FACTS` about them."""

    rows: pl.DataFrame
    facts: pl.DataFrame


def typed_batch(frame: pl.DataFrame, table: Table) -> Batch:
    """Return rows of a typed file as the rows of a table, with what all batches together must tell."""
    raw = RawTables(default_description("batch"))
    sheet = sheet_of_frame(table.name, frame, raw)
    if sheet is None:
        return Batch(pl.DataFrame(), _problems(raw.problems, table))
    raw.sheets[table.name] = sheet
    cells = type_cells(match_headings(sheet, table, raw.problems), table, table.name, raw.problems, raw.notes)
    rows = with_ids(cells, table)
    facts = [*_ids(rows, cells, table), *_names(rows, table)]
    for column in table.cells:
        if column.is_reference:
            target = pl.lit(column.reference) if column.reference is not None else pl.col(str(column.reference_table))
            place = f"{table.name}.{column.name}"
            if column.separator is not None:
                several = pl.col(column.name).str.contains(f";|{_SEPARATORS}")
                facts.append(_facts("whole", rows.filter(several), target, place, pl.col(column.name)))
                rows = rows.with_columns(_ids_of_cell(column.name))
            if column.each:
                rows = rows.explode(column.name)
            flat = rows.explode(column.name) if column.is_list else rows
            facts.append(_facts("reference", flat, target, place, pl.col(column.name)))
        elif column.codes is not None:
            notations = rows.explode(column.name) if column.is_list else rows
            facts.append(_facts("notation", notations, pl.lit(column.codes), "", pl.col(column.name)))
    find_empty_choices(rows, table, raw)
    if table.primary_key != (table.identifier,):
        find_several_things(rows, table, raw)
        facts.append(_keys(rows, table))
    facts.append(_problems(raw.problems, table))
    return Batch(with_key_ids(rows, table), pl.concat(facts))


def _ids_of_cell(name: str) -> pl.Expr:
    """Return the ids that a separated cell names, each once; a cell of separators alone names none."""
    parts = pl.col(name).str.replace_all(_SEPARATORS, ";").str.split(";").list.eval(pl.element().str.strip_chars())
    ids = parts.list.eval(pl.element().filter(pl.element() != "")).list.unique(maintain_order=True)
    return pl.when(ids.list.len() > 0).then(ids).alias(name)


def _facts(
    fact: str, frame: pl.DataFrame, table: pl.Expr, column: str, cell: pl.Expr, detail: pl.Expr | None = None
) -> pl.DataFrame:
    """Return facts of one sort, each once; those of empty cells are left out."""
    columns = (pl.lit(fact), table, pl.lit(column), cell, pl.lit("") if detail is None else detail)
    expressions = [expression.cast(pl.String).alias(name) for name, expression in zip(FACTS, columns, strict=True)]
    facts = frame.select(pl.col(ROW), *expressions).drop_nulls().drop(ROW)
    return facts if fact in {"identifier", "key", "name"} else facts.unique()


def _ids(rows: pl.DataFrame, cells: pl.DataFrame, table: Table) -> Iterator[pl.DataFrame]:
    is_own = bool(cells[table.identifier].count())
    detail = pl.lit("own" if is_own else "name")
    yield _facts("identifier", rows, pl.lit(table.name), "", pl.col(table.identifier), detail)


def _keys(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    without_id = rows.filter(pl.col(table.identifier).is_null())
    frame = without_id.select(ROW).with_columns(key_texts(without_id, table).alias("key"))
    columns = ", ".join([*table.primary_key, *table.further_key])
    return _facts("key", frame, pl.lit(table.name), columns, pl.col("key"))


def _names(rows: pl.DataFrame, table: Table) -> Iterator[pl.DataFrame]:
    for column in table.cells:
        if column.names_the_row:
            names = rows.select(ROW, pl.col(table.identifier).alias("key"), pl.col(column.name).alias("name"))
            if column.is_list:
                names = names.explode("name")
                tagged = names["name"].drop_nulls().unique().to_list()
                without_tag = {name: _TAG.sub("", name) for name in tagged if "@" in name}
                names = names.with_columns(pl.col("name").replace(without_tag)) if without_tag else names
            yield _facts("name", names, pl.lit(table.name), "", pl.col("name"), pl.col("key"))


def _problems(problems: list[Problem], table: Table) -> pl.DataFrame:
    rows = [
        ("problem", table.name, problem.column or "", problem.value or "", str(problem.reason)) for problem in problems
    ]
    return pl.DataFrame(rows, schema=FACTS, orient="row").unique()
