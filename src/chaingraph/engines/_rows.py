"""Rows of Parquet tables as the measures take them: the columns that are asked for, as text, in a period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from chaingraph.engines._statements import statement
from chaingraph.errors import UnreadableError, excerpt
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.engines._connection import Engine

Period = tuple[str, str]
"""The first and the last day."""


@dataclass(frozen=True)
class Rows:
    """A table of an engine whose rows are read.

    Args:
        engine: Where it is.
        table: Its name there.
        name: Its name in messages.
        by_contract: Whether it follows the contract: its cells are text, several values split by a semicolon.
    """

    engine: Engine
    table: str
    name: str
    by_contract: bool

    @property
    def columns(self) -> dict[str, pa.DataType]:
        """The columns with their types."""
        schema = self.engine.ask(f"SELECT * FROM {self.table} LIMIT 0").schema
        return dict(zip(schema.names, schema.types, strict=True))

    def cell(self, *names: str) -> str:
        """Return the first of some columns that is there, as it stands in a statement; empty text counts as none.

        Raises:
            UnreadableError: None is there, or it holds lists.
        """
        columns = self.columns
        name = next((name for name in names if name in columns), None)
        if name is None:
            expected, others = tr(" or ").join(names), excerpt(", ".join(columns), 200)
            reason = tr("has no column {names}; it has {columns}", names=expected, columns=others)
            raise UnreadableError(self.name, reason)
        if pa.types.is_nested(columns[name]):
            reason = tr(
                "column {column} holds lists; write their values as text, with a semicolon between", column=name
            )
            raise UnreadableError(self.name, reason)
        cell = self.engine.quoted(name)
        if self.by_contract:
            return f"nullif(CAST({cell} AS STRING), '')"
        is_text = pa.types.is_string(columns[name]) or pa.types.is_large_string(columns[name])
        return f"nullif({cell}, '')" if is_text else cell

    def keep(self, cells: Mapping[str, str], needed: Sequence[str]) -> int:
        """Keep some cells of the rows as the table ``chaingraph_row``; return how many rows are left out.

        Args:
            cells: The names of the new columns, and the cells.
            needed: The columns without which a row is left out.
        """
        columns = ", ".join(f"{cell} AS {name}" for name, cell in cells.items())
        conditions = " AND ".join(f"{cells[name]} IS NOT NULL" for name in needed)
        self.engine.keep("chaingraph_row", f"SELECT {columns} FROM {self.table} WHERE {conditions}")
        return count(self.engine, self.table) - count(self.engine, "chaingraph_row")


def count(engine: Engine, table: str) -> int:
    """Return how many rows a table has."""
    number: int = engine.ask(statement("count", table=table)).column(0)[0].as_py()
    return number


def split_cells(engine: Engine, table: str, column: str, keys: str) -> None:
    """Give each of several values in a cell a row of its own.

    Args:
        engine: Where.
        table: The table, which is replaced.
        column: The column whose cells hold several values.
        keys: Its other columns, as they stand in a statement.
    """
    most: int = engine.ask(statement("most_parts", table=table, column=column)).column(0)[0].as_py() or 0
    if most:
        numbers = [(number,) for number in range(1, most + 2)]
        engine.keep(table, statement("parts", table=table, column=column, keys=keys, numbers=numbers))
        engine.keep(table, f"SELECT * FROM {table} WHERE {column} IS NOT NULL")


def keep_period(engine: Engine, period: Period, name: str) -> int:
    """Keep the rows of ``chaingraph_row`` that can have been in force in a period; return how many have no date.

    Raises:
        UnreadableError: A cell is no date.
    """
    for column in ("since", "until"):
        for (value,) in (row.values() for row in engine.ask(statement("bad_dates", column=column)).to_pylist()):
            reason = tr(
                "'{column}' holds '{value}', expected a year, month or day such as 2021-10",
                column=column,
                value=excerpt(value),
            )
            raise UnreadableError(name, reason)
    engine.keep("chaingraph_row", statement("in_period", first=period[0], last=period[1]))
    number: int = engine.ask(statement("undated")).column(0)[0].as_py()
    return number
