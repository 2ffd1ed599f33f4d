"""``chaingraph measure crosstab``: how many there are by two attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.measure.crosstab_options import ColumnCounts
from chaingraph.cli.measure.engine_options import EngineAddress, engine_source, say_engine
from chaingraph.cli.options import Sources
from chaingraph.cli.output import Output, progress
from chaingraph.messages import tr

if TYPE_CHECKING:
    import pandas as pd


def crosstab(
    source: Sources,
    rows: Annotated[
        str,
        option(Panel.COUNTS, "The attribute of the rows: region, industry, cluster, chain, kind ...", metavar="NAME"),
    ] = "region",
    engine: EngineAddress = None,
    *,
    counts: ColumnCounts,
    output: Output,
) -> None:
    """Count things by two of their attributes: one row per value of the first, one column per value of the second."""
    if engine is None:
        table = counts.table(source.open(), rows)
    else:
        table = _by_engine(source, engine, rows, counts)
        say_engine(table)
        counts.say_counts(table, rows)
    frame = table.rename_axis(columns=None).reset_index()
    output.write(frame, empty=tr("no cell counts anything"), as_named=True)


def _by_engine(source: Sources, engine: str, rows: str, counts: ColumnCounts) -> pd.DataFrame:
    from chaingraph.engines import table_crosstab

    others = {"--value": counts.value, "--level": counts.level or None, "--language": counts.language}
    path = engine_source(source, others)
    with progress(tr("counting")):
        return table_crosstab(
            path,
            rows,
            counts.columns,
            engine=engine,
            count=counts.count,
            split=counts.split,
            roll_up=counts.roll_up,
        )
