"""``chaingraph chain completeness``: which stages of a chain are held, and by whom."""

from __future__ import annotations

from chaingraph.cli.chain.supply import NO_CHAIN, for_reading, say_count
from chaingraph.cli.options import At, Sources
from chaingraph.cli.output import OrderedOutput, quantity, say
from chaingraph.errors import UsageError
from chaingraph.messages import lazy_tr, tr

_SHORT = (
    *("chain_label", "consortium_label", "label", "status", "organizations", "held_by", "platforms"),
    *("platform_level", "projects", "project_level", "because"),
)
"""The columns that a terminal has room for."""
_STATES = {"planned": lazy_tr("planned"), "absent": lazy_tr("absent"), "unknown": lazy_tr("unknown")}


def completeness(source: Sources, at: At = None, *, output: OrderedOutput) -> None:
    """Measure which stages of each chain are held, and by whom: one row per chain, consortium and stage."""
    import pandas as pd

    from chaingraph import indicators

    frame = indicators.completeness(source.open(), at=at)
    for row in indicators.completeness_summary(frame).to_dict("records"):
        who = tr("anyone known") if pd.isna(row["consortium_label"]) else row["consortium_label"]
        counts = [
            tr("{held} of {parts} held", held=row["held"], parts=quantity(row["of"], f"{row['part']}s")),
            *(f"{row[name]} {state}" for name, state in _STATES.items() if row[name]),
        ]
        say(f"{row['chain_label']}: {who}: {', '.join(counts)}")
    say_count(frame.attrs["outside"], "products are on no chain and are left out")
    if at is not None:
        say_count(frame.attrs["undated"], "rows have no date and are kept")
    if frame.empty:
        raise UsageError(NO_CHAIN)
    output.write(for_reading(frame, output, _SHORT), empty=NO_CHAIN)
