"""Crosstabs of a graph, or of tables of any size by an engine."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl

from chaingraph.errors import UsageError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chaingraph.engines._connection import Engine
    from chaingraph.store import KnowledgeGraph

SPLITS = ("full", "fractional")


def crosstab(
    source: KnowledgeGraph | str | Path,
    rows: str,
    columns: str,
    *,
    engine: str | Engine | None = None,
    **options: Any,  # noqa: ANN401 - those of either function
) -> pd.DataFrame:
    """Return how many things there are by two of their attributes, of a graph or by an engine.

    Args:
        source: A graph. With an engine what :func:`chaingraph.engines.table_crosstab` takes: a folder or file of
            Parquet, a built store or a table.
        rows: The attribute of the rows.
        columns: The attribute of the columns.
        engine: None for a graph; else the address of an engine, see :func:`chaingraph.engines.connect`, or an engine.
        options: Those of :func:`chaingraph.indicators.crosstab`, or with an engine those of
            :func:`chaingraph.engines.table_crosstab`.

    Raises:
        UsageError: A path without an engine, or a graph with one.
    """
    from chaingraph.indicators import crosstab as graph_crosstab

    if engine is None:
        if isinstance(source, str | Path):
            message = tr("expected a graph, or engine= with the address of an engine, such as engine='duckdb'")
            raise UsageError(message)
        return graph_crosstab(source, rows, columns, **options)
    if not isinstance(source, str | Path):
        message = tr("an engine counts tables; leave out engine, or name a store or a folder of Parquet files")
        raise UsageError(message)
    return table_crosstab(source, rows, columns, engine=engine, **options)


def table_crosstab(
    source: str | Path,
    rows: str,
    columns: str,
    *,
    engine: str | Engine,
    count: str = "organizations",
    split: str = "full",
    roll_up: str | None = None,
) -> pd.DataFrame:
    """Return how many things there are by two of their attributes, counted by an engine.

    Indices, quotients and relatedness are taken from the frame, as from that of :func:`chaingraph.indicators.crosstab`.
    Where an attribute comes from is as there: the industry of an organization without one is that of its consortia,
    else of its projects.

    Args:
        source: A built store; a folder with the tables of the contract in Parquet; or a Parquet file, a folder of its
            parts or a table that the engine has, with the two attributes as columns and a row per thing.
        rows: The attribute of the rows. Of tables of the contract: region, kind, industry or consortium.
        columns: The attribute of the columns.
        engine: The address of an engine, see :func:`chaingraph.engines.connect`, or the engine itself.
        count: What is counted: organizations, memberships or participations; of a store whatever it has.
        split: What a thing with several rows or columns adds to each of its cells: 1 (``full``), or 1 over the number
            of its cells (``fractional``).
        roll_up: Parents stand for their parts, as of a date, or ``any`` for whatever the date; of a store only.

    Returns:
        A frame of numbers, rows and columns by name in their order. ``attrs`` has ``engine``, ``count``, ``value``
        (None), ``split``, ``things`` (how many there are), ``placed`` (how many are in a cell), ``unplaced`` (how many
        lack each attribute), ``several`` (how many are in more than one cell) and ``iris``: the id behind each row and
        column.

    Raises:
        UsageError: An attribute, a count or the source does not exist, or the engine does not answer.
        UnreadableError: A table or column is missing.
    """
    from chaingraph.engines._sides import keep_sides
    from chaingraph.engines._sources import connection

    if split not in SPLITS:
        message = tr("split is '{split}', expected full or fractional", split=split)
        raise UsageError(message)
    _refuse_equal(rows, columns)
    with connection(engine) as connected, keep_sides(connected, source, (rows, columns), count, roll_up) as sides:
        cells, things = sides.cells(), sides.things()
        names = {name: sides.names(name) for name in (rows, columns)}
        unplaced = {name: things - sides.placed(name) for name in (rows, columns)}
    frame, iris = _pivot(cells, names, fractional=split == "fractional")
    by_cells = cells.group_by("k").agg(pl.col("n").sum()).with_columns((pl.col("n") // pl.col("k")).alias("things"))
    frame.attrs = {
        **{"count": count, "value": None, "split": split, "things": things, "placed": int(by_cells["things"].sum())},
        **{"unplaced": unplaced, "several": int(by_cells.filter(pl.col("k") > 1)["things"].sum()), "iris": iris},
        **{"engine": connected.name},
    }
    return frame


def co_occurrence(
    source: str | Path,
    rows: str,
    columns: str,
    *,
    engine: str | Engine,
    count: str = "organizations",
    roll_up: str | None = None,
) -> pd.DataFrame:
    """Return for each two values of an attribute how many values of another have both, with a diagonal of 0.

    As :func:`chaingraph.metrics.co_occurrence` of the crosstab of the two, which is not made: of consortia by industry,
    say, where there are millions of consortia. Quotients of it: :func:`chaingraph.metrics.relatedness`.

    Args:
        source: As for :func:`chaingraph.engines.table_crosstab`.
        rows: The attribute whose values have both.
        columns: The attribute whose values are the rows and columns of the result.
        engine: The address of an engine, see :func:`chaingraph.engines.connect`, or the engine itself.
        count: What has the two attributes: organizations, memberships or participations; of a store whatever it has.
        roll_up: Parents stand for their parts, as of a date, or ``any`` for whatever the date; of a store only.

    Returns:
        A symmetric frame; ``attrs`` has ``engine``, ``count`` and ``iris``, the id behind each row.

    Raises:
        UsageError: An attribute, a count or the source does not exist, or the engine does not answer.
        UnreadableError: A table or column is missing.
    """
    from chaingraph.engines._sides import keep_sides
    from chaingraph.engines._sources import connection

    _refuse_equal(rows, columns)
    with connection(engine) as connected, keep_sides(connected, source, (rows, columns), count, roll_up) as sides:
        pairs, names = sides.co_occurrences(), sides.names(columns)
    pairs = pairs.filter(pl.col("row_id") != pl.col("column_id")).with_columns(pl.lit(1).alias("k"))
    values = sorted(names, key=lambda value: (names[value], value))
    matrix = _matrix(pairs, values, values, fractional=True)
    labels = _labels(names)
    index = pd.Index([labels[value] for value in values], name=columns, dtype=object)
    frame = pd.DataFrame(matrix, index=index, columns=index)
    frame.attrs = {"engine": connected.name, "count": count, "iris": {columns: {labels[key]: key for key in values}}}
    return frame


def _refuse_equal(rows: str, columns: str) -> None:
    if rows == columns:
        message = tr("rows and columns are both '{rows}'; name two attributes", rows=rows)
        raise UsageError(message)


def _pivot(
    cells: pl.DataFrame, names: dict[str, dict[str, str]], *, fractional: bool
) -> tuple[pd.DataFrame, dict[str, dict[str, str]]]:
    """Return the cells as a frame with names on both sides, in their order, and the id behind each name."""
    used = {name: set(cells[column]) for name, column in zip(names, ("row_id", "column_id"), strict=True)}
    order = {name: sorted(used[name], key=lambda value: (names[name].get(value, value), value)) for name in names}
    labels = {name: _labels({value: names[name].get(value, value) for value in order[name]}) for name in names}
    values = _matrix(cells, *order.values(), fractional=fractional)
    index, columns = (
        pd.Index([labels[name][value] for value in order[name]], name=name, dtype=object) for name in names
    )
    frame = pd.DataFrame(values, index=index, columns=columns)
    iris = {name: {labels[name][value]: value for value in order[name]} for name in names}
    return frame if fractional else frame.astype("int64"), iris


def _matrix(cells: pl.DataFrame, rows: list[str], columns: list[str], *, fractional: bool) -> NDArray[np.float64]:
    positions = [{value: place for place, value in enumerate(side)} for side in (rows, columns)]
    matrix = np.zeros((len(rows), len(columns)))
    for row, column, parts, number in cells.select("row_id", "column_id", "k", "n").iter_rows():
        matrix[positions[0][row], positions[1][column]] += number / parts if fractional else number
    return matrix


def _labels(names: dict[str, str]) -> dict[str, str]:
    """Return what each value is called; where two are called alike, with their ids."""
    frequency = Counter(names.values())
    return {value: name if frequency[name] == 1 else f"{name} ({value})" for value, name in names.items()}
