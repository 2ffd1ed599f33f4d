"""``chaingraph measure complexity``: which regions and industries are complex."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.measure.crosstab_options import Counts, check_index, index_frame
from chaingraph.cli.options import Sources
from chaingraph.cli.output import OrderedOutput, say, say_equal
from chaingraph.messages import tr

if TYPE_CHECKING:
    import pandas as pd

BY_ROW = ("diversity", "eci", "kci", "complexity_outlook")
BY_COLUMN = ("ubiquity", "pci")
TABLES = ("rca", "proximity")
INDICES = (*BY_ROW, *BY_COLUMN, *TABLES)


def complexity(
    source: Sources,
    index: Annotated[
        str | None,
        option(
            Panel.MEASURE,
            "An index by its name, instead of those of the rows: " + ", ".join(INDICES) + ".",
            metavar="NAME",
            autocompletion=lambda incomplete: [name for name in INDICES if name.startswith(incomplete)],
        ),
    ] = None,
    *,
    counts: Counts,
    output: OrderedOutput,
) -> None:
    """Measure which regions and industries are complex: one row per region.

    An industry is present in a region where its location quotient is at least 1.
    """
    if index is not None:
        check_index(index, INDICES)
    table = counts.crosstab(source.open())
    frame = counts.large_enough(_frame(table, index), counts.value or table.attrs["count"])
    say(tr("an industry is present in a region where its location quotient is at least 1"))
    say_equal(frame, list(frame.select_dtypes("number").columns.drop("count")), "rows", instead=counts.others(table))
    output.write(frame, empty=tr("no cell counts anything"))


def _frame(table: pd.DataFrame, index: str | None) -> pd.DataFrame:
    """Return an index of complexity of a crosstab; without a name, those of its rows."""
    import pandas as pd

    from chaingraph import metrics

    presence = metrics.rca(table, threshold=1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", metrics.SmallSampleWarning)
        if index is None:
            names = ("diversity", "eci", "complexity_outlook")
            parts = [getattr(metrics, name)(presence).rename(name) for name in names]
            parts.insert(0, table.sum(axis=1).rename("count"))
            indexed = pd.concat(parts, axis=1).sort_values("eci", ascending=False, kind="stable")
            frame: pd.DataFrame = indexed.rename_axis(table.index.name).reset_index()
        else:
            frame = index_frame(table, index, getattr(metrics, index)(table if index == "rca" else presence))
    for warning in dict.fromkeys(str(each.message) for each in caught):
        say(tr("warning: {warning}", warning=warning))
    return frame
