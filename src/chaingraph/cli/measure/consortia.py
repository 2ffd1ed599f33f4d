"""``chaingraph measure consortia``: what gathers in each consortium."""

from __future__ import annotations

from chaingraph.cli.options import Level, Sources
from chaingraph.cli.output import OrderedOutput, quantity, say


def consortia(source: Sources, level: Level = None, *, output: OrderedOutput) -> None:
    """Measure what gathers in each consortium: one row per consortium.

    Only what is known by name counts; what is reported of a programme as a whole is said beside it.
    """
    from chaingraph import indicators

    table = indicators.consortia(source.open(), level=level)
    for row in table.reported.to_dict("records"):
        by_consortium = f"known of the {row['counts']} by consortium: {row['known_by_consortium'] or 'nothing'}"
        say(
            f"{row['scope_label']}: {quantity(row['total'], row['counts'])} over {quantity(row['over'], row['per'])} is"
            f" {row['ratio']:.2f} each, reported of the programme as a whole; {by_consortium}"
        )
    output.write(
        table.frame.reset_index(), empty="the graph has no consortium; the table 'consortia' (创新联合体) holds them"
    )
