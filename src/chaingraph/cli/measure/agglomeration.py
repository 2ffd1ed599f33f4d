"""``chaingraph measure agglomeration``: what gathers where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.measure.crosstab_options import Counts, check_index, index_frame
from chaingraph.cli.options import Sources
from chaingraph.cli.output import OrderedOutput, say, say_equal
from chaingraph.errors import UsageError
from chaingraph.messages import tr

if TYPE_CHECKING:
    import pandas as pd

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
CONCENTRATION = "concentration_test"
INDICES = (*BY_ROW, *BY_COLUMN, *TABLES, CONCENTRATION)
_DRAWS = 999
NEED_SIZES = ("ellison_glaeser", "maurel_sedillot")
"""Indices that need the size of every plant, which no table of the contract holds."""


def agglomeration(
    source: Sources,
    index: Annotated[
        str | None,
        option(
            Panel.MEASURE,
            "An index by its name, instead of share, size and specialisation of each cell: " + ", ".join(INDICES) + ".",
            metavar="NAME",
            autocompletion=lambda incomplete: [name for name in INDICES if name.startswith(incomplete)],
        ),
    ] = None,
    plot: Annotated[
        Path | None,
        option(Panel.OUTPUT, "Draw the location quotients as a heat map: a .png or .svg file.", metavar="FILE"),
    ] = None,
    *,
    counts: Counts,
    output: OrderedOutput,
) -> None:
    """Measure what gathers where, by two attributes of what is counted."""
    if index in NEED_SIZES:
        message = tr(
            "{index} needs the size of every plant, and the tables hold none; give a frame with "
            "region, industry and size to chaingraph.metrics.{index}",
            index=index,
        )
        raise UsageError(message)
    if index is not None:
        check_index(index, INDICES)
    table = counts.crosstab(source.open())
    if plot is not None:
        _draw(table, plot, f"{counts.value or counts.count}: {counts.rows} x {counts.columns}")
    what = counts.value or table.attrs["count"]
    frame = counts.large_enough(_frame(table, index), what)
    say_equal(frame, _ordered_by(frame, index), "rows", instead=counts.others(table))
    output.write(frame, empty=tr("no cell counts anything"))


def _ordered_by(frame: pd.DataFrame, index: str | None) -> list[str]:
    """Return the columns by which a table of agglomeration is read."""
    if index is None:
        return ["specialisation", "size"]
    if index == CONCENTRATION:
        return ["q"]
    return [index] if index in frame.columns else list(frame.select_dtypes("number").columns.drop("count"))


def _draw(table: pd.DataFrame, path: Path, title: str) -> None:
    """Draw the location quotients as a heat map."""
    from chaingraph.export.heatmap import heatmap, save
    from chaingraph.metrics import location_quotient

    save(heatmap(location_quotient(table), title=title, totals=table), path)
    say(tr("location quotients → {path}", path=path))


def _frame(table: pd.DataFrame, index: str | None) -> pd.DataFrame:
    """Return an index of a crosstab; without a name, each cell with its count and its share, size, specialisation."""
    from chaingraph import metrics

    if index is None:
        return _cells(table)
    if index == CONCENTRATION:
        return _concentration(table)
    return index_frame(table, index, getattr(metrics, index)(table))


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    from chaingraph.metrics import cluster_index, location_quotient_interval

    cells = cluster_index(table)
    cells.index.names = [str(table.index.name), str(table.columns.name)]
    cells.insert(0, "count", table.to_numpy().ravel())
    if (table.to_numpy() % 1 == 0).all() and table.attrs["value"] is None:
        interval = location_quotient_interval(table, draws=_DRAWS)
        cells["specialisation_low"] = interval.lower.to_numpy().ravel()
        cells["specialisation_high"] = interval.upper.to_numpy().ravel()
        say(
            tr(
                "specialisation_low to specialisation_high: 95 % of {draws} draws of as many things with replacement",
                draws=_DRAWS,
            )
        )
    else:
        say(tr("specialisation has an interval of whole counts only; leave out --value and --split fractional for it"))
    cells = cells[cells["count"] > 0]
    return cells.sort_values(["specialisation", "count"], ascending=False, kind="stable").reset_index()


def _concentration(table: pd.DataFrame) -> pd.DataFrame:
    from chaingraph.metrics import concentration_test

    numbers = table.to_numpy()
    if (numbers != numbers.round()).any():
        message = tr("the test of concentration needs whole counts; leave out --value and --split fractional")
        raise UsageError(message)
    counts = numbers.astype(int)
    row, column = counts.nonzero()
    times = counts[row, column]
    regions, industries = table.index.to_numpy()[row].repeat(times), table.columns.to_numpy()[column].repeat(times)
    tests = concentration_test(list(regions), list(industries))
    if table.attrs["several"]:
        say(tr("what is in several cells has a label in each, as if they were independent"))
    say(tr("p: chance of as many under a random permutation of industries; q: the same after Benjamini-Hochberg"))
    frame = tests.rename(columns={"region": str(table.index.name), "industry": str(table.columns.name)})
    frame = frame.rename(columns={"observed": "count"})
    return frame.sort_values(["q", "p"], kind="stable").reset_index(drop=True)
