"""``chaingraph measure consortia``: what gathers in each consortium."""

from __future__ import annotations

from chaingraph.cli.options import Level, Sources
from chaingraph.cli.output import OrderedOutput, quantity, say
from chaingraph.messages import tr


def consortia(source: Sources, level: Level = None, *, output: OrderedOutput) -> None:
    """Measure what gathers in each consortium: one row per consortium.

    Only what is known by name counts; what is reported of a programme as a whole is said beside it.
    """
    from chaingraph import indicators

    table = indicators.consortia(source.open(), level=level)
    for row in table.reported.to_dict("records"):
        by_consortium = tr(
            "known of the {counts} by consortium: {known_by_consortium}",
            counts=row["counts"],
            known_by_consortium=row["known_by_consortium"] or "nothing",
        )
        say(
            tr(
                "{scope_label}: {quantity} over {divisor} is {ratio:.2f} each, reported of the "
                "programme as a whole; {by_consortium}",
                scope_label=row["scope_label"],
                quantity=quantity(row["total"], row["counts"]),
                divisor=quantity(row["over"], row["per"]),
                ratio=row["ratio"],
                by_consortium=by_consortium,
            )
        )
    output.write(
        table.frame.reset_index(),
        empty=tr("the graph has no consortium; the table 'consortia' (创新联合体) holds them"),
    )
