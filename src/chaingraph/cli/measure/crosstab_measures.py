"""What ``measure`` prints of counts of things by things: agglomeration and complexity."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from chaingraph.cli.output import quantity, say
from chaingraph.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from chaingraph.store import KnowledgeGraph

BY_ROW = (
    "herfindahl",
    "shannon",
    "hachman",
    "krugman_specialisation",
    "specialisation_coefficient",
    "weighted_average_location_quotient",
)
"""The indices of a region: how it is specialised."""
BY_COLUMN = ("locational_gini", "dissimilarity")
"""The indices of an industry: how it is concentrated."""
TABLES = ("location_quotient", "krugman_pairwise")
SIZES = ("ellison_glaeser", "maurel_sedillot")
"""Indices that need the size of every plant, which no table of the contract holds."""
CONCENTRATION = "concentration_test"
COMPLEXITY_BY_ROW = ("diversity", "eci", "kci", "complexity_outlook")
COMPLEXITY_BY_COLUMN = ("ubiquity", "pci")
COMPLEXITY_TABLES = ("rca", "proximity")


def counted(
    graph: KnowledgeGraph,
    rows: str,
    columns: str,
    *,
    count: str,
    value: str | None,
    level: int | None,
    industry_level: int | None,
    split: str,
    language: str,
) -> pd.DataFrame:
    """Return the crosstab, and say what it counts and what could not be placed."""
    from chaingraph.indicators.crosstab import crosstab

    levels = {name: number for name, number in (("region", level), ("industry", industry_level)) if number is not None}
    table = crosstab(graph, rows, columns, count=count, value=value, level=levels, split=split, language=language)
    held = table.attrs
    what = held["count"] if held["value"] is None else f"{held['count']} with their {held['value']}"
    say(f"{held['placed']:,} of {held['things']:,} {what} are in a cell; without {missing(held['unplaced'])}")
    if held["several"]:
        way = "each counts in all of them" if split == "full" else "each is shared out among them"
        say(f"{quantity(held['several'], 'are in several cells')}: {way} (--split {split})")
    if table.empty:
        message = (
            f"no {held['count']} have both {rows} and {columns}, so that there is nothing to measure; choose others"
        )
        raise UsageError(message)
    return table


def missing(unplaced: dict[str, int]) -> str:
    """Say how many lack each attribute."""
    return ", ".join(f"{name}: {number:,}" for name, number in unplaced.items())


def agglomeration_frame(table: pd.DataFrame, index: str | None) -> pd.DataFrame:
    """Return an index of a crosstab; without a name, each cell with its count and its share, size, specialisation."""
    from chaingraph import metrics

    if index is None:
        return _cells(table)
    if index in SIZES:
        message = (
            f"{index} needs the size of every plant, and the tables hold none; give a frame with region, industry and"
            f" size to chaingraph.metrics.{index}"
        )
        raise UsageError(message)
    known = (*BY_ROW, *BY_COLUMN, *TABLES, CONCENTRATION)
    _check(index, known)
    if index == CONCENTRATION:
        return _concentration(table)
    result = getattr(metrics, index)(table)
    return _named(table, index, result)


def complexity_frame(table: pd.DataFrame, index: str | None) -> pd.DataFrame:
    """Return an index of complexity of a crosstab; without a name, those of its rows."""
    from chaingraph import metrics

    presence = metrics.rca(table, threshold=1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", metrics.SmallSampleWarning)
        if index is None:
            parts = [getattr(metrics, name)(presence).rename(name) for name in ("diversity", "eci")]
            outlook = metrics.complexity_outlook(presence).rename("complexity_outlook")
            import pandas as pd

            frame = pd.concat([*parts, outlook], axis=1).sort_values("eci", ascending=False, kind="stable")
            found: pd.DataFrame = frame.rename_axis(table.index.name).reset_index()
        else:
            _check(index, (*COMPLEXITY_BY_ROW, *COMPLEXITY_BY_COLUMN, *COMPLEXITY_TABLES))
            found = _named(table, index, getattr(metrics, index)(table if index == "rca" else presence))
    for warning in {str(one.message): one for one in caught}:
        say(f"warning: {warning}")
    say("an industry is present in a region where its location quotient is at least 1")
    return found


def draw(table: pd.DataFrame, path: Path, what: str) -> None:
    """Draw the location quotients as a heat map."""
    from chaingraph.export.heatmap import heatmap, save
    from chaingraph.metrics import location_quotient

    save(heatmap(location_quotient(table), title=what, totals=table), path)
    say(f"location quotients → {path}")


def _check(index: str, known: tuple[str, ...]) -> None:
    if index not in known:
        message = f"there is no index '{index}' here; there are {', '.join(known)}"
        raise UsageError(message)


def _named(table: pd.DataFrame, index: str, result: Any) -> pd.DataFrame:  # noqa: ANN401 - a frame or a series
    """Return the result as a table with the names in its first column, largest first where it is one number a name."""
    if result.ndim == 1:
        axis = table.index.name if result.index.equals(table.index) else table.columns.name
        series = result.rename(index).sort_values(ascending=False, kind="stable")
        listed: pd.DataFrame = series.rename_axis(axis).reset_index()
        return listed
    frame = result.copy()
    frame.columns = [str(name) for name in frame.columns]
    first = table.index.name if result.index.equals(table.index) else table.columns.name
    named: pd.DataFrame = frame.rename_axis(first).reset_index()
    return named


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    from chaingraph.metrics import cluster_index

    row, column = str(table.index.name), str(table.columns.name)
    cells = cluster_index(table)
    cells.index.names = [row, column]
    cells.insert(0, "count", table.to_numpy().ravel())
    held = cells[cells["count"] > 0]
    return held.sort_values(["size", "specialisation"], ascending=False, kind="stable").reset_index()


def _concentration(table: pd.DataFrame) -> pd.DataFrame:
    from chaingraph.metrics import concentration_test

    whole = table.to_numpy()
    if (whole != whole.round()).any():
        message = "the test of concentration needs whole counts; leave out --value and --split fractional"
        raise UsageError(message)
    counts = whole.astype(int)
    row, column = counts.nonzero()
    times = counts[row, column]
    regions, industries = table.index.to_numpy()[row].repeat(times), table.columns.to_numpy()[column].repeat(times)
    found = concentration_test(list(regions), list(industries))
    if table.attrs["several"]:
        say("what is in several cells has a label in each, as if they were independent")
    say("p: chance of as many under a random permutation of industries; q: the same after Benjamini-Hochberg")
    frame = found.rename(columns={"region": str(table.index.name), "industry": str(table.columns.name)})
    return frame.sort_values(["q", "p"], kind="stable").reset_index(drop=True)
