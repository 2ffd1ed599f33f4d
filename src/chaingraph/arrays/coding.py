"""Names as numbers: the columns of a frame of pairs, each value as its position among the sorted names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chaingraph.errors import NetworkError, did_you_mean
from chaingraph.messages import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]


def coded_columns(frame: pl.LazyFrame, *columns: str) -> list[tuple[pl.Series, Codes]]:
    """Return the sorted names of each column as text, and for each row the position of its name, without rows of nulls.

    Columns are read one after the other, so that the names of one only are in memory beside the codes.

    Raises:
        NetworkError: The frame cannot be read, lacks a column, or has names that are neither text nor whole numbers.
    """
    try:
        schema = frame.collect_schema()
        for column in columns:
            if column not in schema:
                message = tr(
                    "there is no column '{column}'; there are {others}", column=column, others=", ".join(schema)
                )
                raise NetworkError(message + did_you_mean(column, schema))
        coded = [_coded(frame.select(column), schema[column]) for column in columns]
    except (pl.exceptions.PolarsError, OSError) as error:
        message = tr("the memberships cannot be read: {error}", error=str(error).partition("\n")[0])
        raise NetworkError(message) from error
    complete = np.logical_and.reduce([codes >= 0 for _, codes in coded])
    if complete.all():
        return coded
    return [_used(names, codes[complete]) for names, codes in coded]


def _coded(column: pl.LazyFrame, dtype: pl.DataType) -> tuple[pl.Series, Codes]:
    """Return the sorted names of a column and its codes, -1 for null."""
    name = column.collect_schema().names()[0]
    if dtype.is_integer():
        values = column.collect(engine="streaming").to_series()
        names = values.drop_nulls().unique().sort()
        positions = values.rank("dense").cast(pl.Int32) - 1
        return names.cast(pl.String), positions.fill_null(-1).to_numpy()
    if dtype not in (pl.String, pl.Categorical, pl.Enum):
        message = tr("the column '{name}' has {dtype}, expected text or whole numbers", name=name, dtype=str(dtype))
        raise NetworkError(message)
    # A categorical keeps each text once, however many rows have it; one of its own is forgotten with the column.
    own = pl.Categorical(pl.Categories.random())
    values = column.select(pl.col(name).cast(pl.String).cast(own)).collect(engine="streaming").to_series()
    distinct = values.drop_nulls().unique()
    texts = distinct.cast(pl.String)
    order = texts.arg_sort()
    physical = distinct.to_physical().gather(order).to_numpy()
    position = np.full(int(physical.max(initial=0)) + 1, -1, dtype=np.int32)
    position[physical] = np.arange(len(physical), dtype=np.int32)
    codes = np.empty(len(values), dtype=np.int32)
    start = 0
    for chunk in values.get_chunks():
        part = chunk.to_physical()
        codes[start : start + len(part)] = position[part.fill_null(0).to_numpy()] if len(physical) else -1
        if part.null_count():
            codes[start : start + len(part)][part.is_null().to_numpy()] = -1
        start += len(part)
    return texts.gather(order).alias(name), codes


def _used(names: pl.Series, codes: Codes) -> tuple[pl.Series, Codes]:
    """Return only the names that some row has, and the codes of the rows among them."""
    used = np.zeros(len(names), dtype=np.bool_)
    used[codes] = True
    position = np.cumsum(used, dtype=np.int32) - 1
    return names.filter(pl.Series(used)), position[codes].astype(np.int32)
