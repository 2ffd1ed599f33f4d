"""The options that count a graph by two attributes, and counting it by them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from chaingraph.cli.command import Panel, option
from chaingraph.cli.completion import filters
from chaingraph.cli.options import limits_by
from chaingraph.cli.output import quantity, say
from chaingraph.cli.roll_up import of_parents
from chaingraph.errors import UsageError, did_you_mean, excerpt
from chaingraph.languages import Language
from chaingraph.messages import enumeration, tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from chaingraph.store import KnowledgeGraph


_HIERARCHIES = ("region", "industry")
AT_LEAST = 5
"""What a row of an index counts at least, if nothing else is given and any row reaches it."""


@dataclass(frozen=True)
class ColumnCounts:
    """What is counted by region and another attribute."""

    columns: Annotated[
        str,
        option(
            Panel.COUNTS,
            "The attribute of the columns: region, industry, chain, stage, kind ..., or industry=FILE, a CSV table"
            " (from, to, relation) of codes in another classification.",
            metavar="NAME[=FILE]",
        ),
    ] = "industry"
    count: Annotated[
        str, option(Panel.COUNTS, "What is counted: organizations, memberships, projects ...", metavar="NAME")
    ] = "organizations"
    value: Annotated[
        str | None, option(Panel.COUNTS, "An amount to add up instead: contribution, budget or amount.", metavar="NAME")
    ] = None
    level: Annotated[
        list[str] | None,
        option(
            Panel.COUNTS,
            "The level of the regions, 0 being the highest, or industry=N that of the industries; both may stand.",
            metavar="[NAME=]N",
        ),
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

    @property
    def levels(self) -> dict[str, int]:
        """The levels that are asked for, by region and industry.

        Raises:
            UsageError: A text is no level, or there are two of one hierarchy.
        """
        levels: dict[str, int] = {}
        for text in self.level or ():
            name, _, number = text.rpartition("=")
            name = name or "region"
            if name not in _HIERARCHIES or name in levels or not (number.isascii() and number.isdigit()):
                message = tr(
                    "expected --level N (of the regions) or --level industry=N, each once, N from 0 on, and "
                    "got '{text}'",
                    text=excerpt(text),
                )
                raise UsageError(message)
            levels[name] = int(number)
        return levels

    def crosswalk(self, *attributes: str) -> tuple[list[str], Path | None]:
        """Return attributes by their names alone, and the crosswalk that stands behind one of them: industry=FILE.

        Raises:
            UsageError: A file stands behind another attribute.
        """
        names = [text.partition("=")[0] for text in attributes]
        files = {name: text.partition("=")[2] for name, text in zip(names, attributes, strict=True) if "=" in text}
        for name in files:
            if name != "industry":
                message = tr("a crosswalk stands behind industry alone, and not behind '{name}'", name=excerpt(name))
                raise UsageError(message)
        return names, Path(files["industry"]) if files else None

    def table(
        self,
        graph: KnowledgeGraph,
        rows: str = "region",
        kinds: Sequence[str] | None = None,
        regions: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Return the crosstab, and say what it counts and what could not be placed."""
        from chaingraph.indicators import crosstab

        levels = self.levels
        (rows, columns), crosswalk = self.crosswalk(rows, self.columns)
        for name in levels:
            if name not in (rows, columns):
                message = tr(
                    "--level {name}=... does not apply: the rows are by {rows} and the columns by {columns}",
                    name=name,
                    rows=rows,
                    columns=columns,
                )
                raise UsageError(message)
        table = crosstab(
            of_parents(graph, self.roll_up),
            rows,
            columns,
            count=self.count,
            value=self.value,
            level=levels,
            split=self.split,
            kinds=kinds,
            regions=regions,
            crosswalk=crosswalk,
            language=self.language,
        )
        self.say_counts(table, rows)
        _say_crosswalk(table.attrs.get("crosswalk"))
        self._say_levels(graph, table)
        return table

    def _say_levels(self, graph: KnowledgeGraph, table: pd.DataFrame) -> None:
        """Say if regions or industries of several levels stand beside each other."""
        from chaingraph.queries.hierarchy import paths
        from chaingraph.queries.nodes import NodeReader
        from chaingraph.vocabulary import short_name

        for name in _HIERARCHIES:
            if name in self.levels or name not in table.attrs["iris"]:
                continue
            depth = {short_name(iri): len(path) - 1 for iri, path in paths(NodeReader(graph), name.title()).items()}
            numbers = Counter(depth[iri] for iri in table.attrs["iris"][name].values() if iri in depth)
            if len(numbers) > 1:
                parts = enumeration(
                    tr("{number:,} at level {depth}", number=number, depth=depth)
                    for depth, number in sorted(numbers.items())
                )
                say(
                    tr(
                        "{name}: {parts} stand beside each other; --level {name}=N takes one level",
                        name=name,
                        parts=parts,
                    )
                )

    def say_counts(self, table: pd.DataFrame, rows: str) -> None:
        """Say how many things are in a cell, and how many are in several.

        Raises:
            UsageError: The table has no cell.
        """
        notes = table.attrs
        what = (
            notes["count"]
            if notes["value"] is None
            else tr("{count} with their {value}", count=notes["count"], value=notes["value"])
        )
        missing = enumeration(f"{name}: {number:,}" for name, number in notes["unplaced"].items())
        say(
            tr(
                "{placed:,} of {things:,} {what} are in a cell; without {missing}",
                placed=notes["placed"],
                things=notes["things"],
                what=what,
                missing=missing,
            )
        )
        if notes["several"]:
            way = tr("each counts in all of them") if self.split == "full" else tr("each is shared out among them")
            say(
                tr(
                    "{several}: {way} (--split {split})",
                    several=quantity(notes["several"], "are in several cells"),
                    way=way,
                    split=self.split,
                )
            )
        if table.empty:
            message = tr(
                "no {count} have both {rows} and {columns}, so that there is nothing to measure; choose others",
                count=notes["count"],
                rows=rows,
                columns=self.columns,
            )
            raise UsageError(message)


def _say_crosswalk(walked: Mapping[str, Any] | None) -> None:
    """Say what a crosswalk maps, what it does not, and what it counts in several classes or not exactly."""
    if walked is None:
        return
    say(
        tr(
            "crosswalk: {mapped} have a target; {inexact} of their targets are close, broad or narrow",
            mapped=quantity(walked["mapped"], "industries"),
            inexact=f"{walked['inexact']:,}",
        )
    )
    if walked["several"]:
        names = excerpt(enumeration(walked["several"]), 200)
        say(tr("crosswalk: with several targets, and in the cells of each: {names}", names=names))
    if walked["missing"]:
        names = excerpt(enumeration(walked["missing"]), 200)
        say(tr("crosswalk: without a target, and in no cell: {names}", names=names))


@dataclass(frozen=True)
class Counts(ColumnCounts):
    """What is counted by two attributes."""

    rows: Annotated[
        str,
        option(Panel.COUNTS, "The attribute of the rows: region, industry, cluster, chain, kind ...", metavar="NAME"),
    ] = "region"

    only: Annotated[
        list[str] | None,
        option(
            Panel.COUNTS,
            "Count organizations of a kind or within a region only: kind=enterprise, region=Zhejiang; several may"
            " stand.",
            metavar="NAME=VALUE",
            autocompletion=filters("kind", "region"),
        ),
    ] = None
    at_least: Annotated[
        int | None,
        option(
            Panel.COUNTS,
            f"Leave out what counts fewer, being too small to tell; {AT_LEAST} if not given and anything reaches it.",
            metavar="N",
            min=1,
        ),
    ] = None

    def crosstab(self, graph: KnowledgeGraph) -> pd.DataFrame:
        """Return the crosstab, and say what it counts and what could not be placed."""
        limits = limits_by(self.only, ("kind", "region"))
        return self.table(graph, self.rows, limits.get("kinds"), limits.get("regions"))

    def large_enough(self, frame: pd.DataFrame, what: str) -> pd.DataFrame:
        """Return the rows whose column ``count`` reaches the minimum, and say how many do not.

        Args:
            frame: A table with the column ``count``.
            what: What is counted, in the plural.
        """
        minimum = AT_LEAST if self.at_least is None else self.at_least
        large = frame[frame["count"] >= minimum]
        small = quantity(len(frame) - len(large), "rows")
        if self.at_least is None and large.empty and len(frame):
            say(
                tr(
                    "no row counts {minimum} {what}, so that all are too small to tell; none is left out",
                    minimum=minimum,
                    what=what,
                )
            )
            return frame
        say(
            tr(
                "{small} of fewer than {minimum} {what} are left out as too small to tell (--at-least {minimum})",
                small=small,
                minimum=minimum,
                what=what,
            )
        )
        return large

    def others(self, table: pd.DataFrame) -> str:
        """Say what would differ where an index is the same for all."""
        sizes = f"{quantity(len(table), 'rows')} ({self.rows}) and {quantity(len(table.columns), 'columns')}"
        return tr(
            "the table has {sizes} ({columns}); other --rows or --columns may differ", sizes=sizes, columns=self.columns
        )


def check_index(index: str, names: Sequence[str]) -> None:
    """Refuse an index that is none of those of a command.

    Raises:
        UsageError: With those that there are.
    """
    if index not in names:
        message = tr("there is no index '{index}' here; there are {names}", index=index, names=enumeration(names))
        raise UsageError(message + did_you_mean(index, names))


def index_frame(table: pd.DataFrame, index: str, result: Any) -> pd.DataFrame:  # noqa: ANN401 - a frame or a series
    """Return an index of a crosstab with its names and what each counts, a series with the largest number first."""
    by_row = result.index.equals(table.index)
    axis, totals = (table.index.name, table.sum(axis=1)) if by_row else (table.columns.name, table.sum(axis=0))
    if result.ndim == 1:
        result = result.rename(index).to_frame().sort_values(index, ascending=False, kind="stable")
    else:
        result = result.copy()
        result.columns = [str(name) for name in result.columns]
    result.insert(0, "count", totals.loc[result.index])
    frame: pd.DataFrame = result.rename_axis(axis).reset_index()
    return frame
