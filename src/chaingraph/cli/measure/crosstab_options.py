"""The options that count a graph by two attributes, and counting it by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from chaingraph.cli.command import Panel, option
from chaingraph.cli.output import quantity, say
from chaingraph.cli.roll_up import of_parents
from chaingraph.errors import UsageError
from chaingraph.languages import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from chaingraph.store import KnowledgeGraph


@dataclass(frozen=True)
class ColumnCounts:
    """What is counted by region and another attribute."""

    columns: Annotated[
        str,
        option(Panel.COUNTS, "The attribute of the columns: region, industry, chain, stage, kind ...", metavar="NAME"),
    ] = "industry"
    count: Annotated[
        str, option(Panel.COUNTS, "What is counted: organizations, memberships, projects ...", metavar="NAME")
    ] = "organizations"
    value: Annotated[
        str | None, option(Panel.COUNTS, "An amount to add up instead: contribution, budget or amount.", metavar="NAME")
    ] = None
    level: Annotated[
        int | None, option(Panel.COUNTS, "The level of the regions: 0 is the highest.", metavar="N", min=0)
    ] = None
    industry_level: Annotated[
        int | None, option(Panel.COUNTS, "The level of the industries: 0 is the highest.", metavar="N", min=0)
    ] = None
    split: Annotated[
        str, option(Panel.COUNTS, "What is in several cells: full in each, or fractional.", metavar="NAME")
    ] = "full"
    roll_up: Annotated[
        str | None,
        option(
            Panel.COUNTS,
            "Parents stand for their units and subsidiaries, as of a date (2022) or whatever the date (any).",
            metavar="DATE|any",
        ),
    ] = None
    language: Annotated[
        Language | None, option(Panel.COUNTS, "The language of names; that of the graph if not given.")
    ] = None

    def table(self, graph: KnowledgeGraph, rows: str = "region") -> pd.DataFrame:
        """Return the crosstab, and say what it counts and what could not be placed."""
        from chaingraph.indicators import crosstab

        levels = {"region": self.level, "industry": self.industry_level}
        for name, level in levels.items():
            if level is not None and name not in (rows, self.columns):
                option_name = "--level" if name == "region" else "--industry-level"
                message = f"{option_name} does not apply: the rows are by {rows} and the columns by {self.columns}"
                raise UsageError(message)
        table = crosstab(
            of_parents(graph, self.roll_up),
            rows,
            self.columns,
            count=self.count,
            value=self.value,
            level={name: level for name, level in levels.items() if level is not None},
            split=self.split,
            language=self.language,
        )
        self._say_counts(table, rows)
        return table

    def _say_counts(self, table: pd.DataFrame, rows: str) -> None:
        notes = table.attrs
        what = notes["count"] if notes["value"] is None else f"{notes['count']} with their {notes['value']}"
        missing = ", ".join(f"{name}: {number:,}" for name, number in notes["unplaced"].items())
        say(f"{notes['placed']:,} of {notes['things']:,} {what} are in a cell; without {missing}")
        if notes["several"]:
            way = "each counts in all of them" if self.split == "full" else "each is shared out among them"
            say(f"{quantity(notes['several'], 'are in several cells')}: {way} (--split {self.split})")
        if table.empty:
            message = (
                f"no {notes['count']} have both {rows} and {self.columns}, so that there is nothing to measure; choose"
                " others"
            )
            raise UsageError(message)


@dataclass(frozen=True)
class Counts(ColumnCounts):
    """What is counted by two attributes."""

    rows: Annotated[
        str,
        option(Panel.COUNTS, "The attribute of the rows: region, industry, cluster, chain, kind ...", metavar="NAME"),
    ] = "region"

    def crosstab(self, graph: KnowledgeGraph) -> pd.DataFrame:
        """Return the crosstab, and say what it counts and what could not be placed."""
        return self.table(graph, self.rows)

    def others(self, table: pd.DataFrame) -> str:
        """Say what would differ where an index is the same for all."""
        sizes = f"{quantity(len(table), 'rows')} ({self.rows}) and {quantity(len(table.columns), 'columns')}"
        return f"the table has {sizes} ({self.columns}); other --rows or --columns may differ"


def check_index(index: str, names: Sequence[str]) -> None:
    """Refuse an index that is none of those of a command.

    Raises:
        UsageError: With those that there are.
    """
    if index not in names:
        message = f"there is no index '{index}' here; there are {', '.join(names)}"
        raise UsageError(message)


def index_frame(table: pd.DataFrame, index: str, result: Any) -> pd.DataFrame:  # noqa: ANN401 - a frame or a series
    """Return an index of a crosstab with its names in the first column, a series with the largest number first."""
    axis = table.index.name if result.index.equals(table.index) else table.columns.name
    if result.ndim == 1:
        result = result.rename(index).sort_values(ascending=False, kind="stable")
    else:
        result = result.copy()
        result.columns = [str(name) for name in result.columns]
    frame: pd.DataFrame = result.rename_axis(axis).reset_index()
    return frame
