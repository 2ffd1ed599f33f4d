"""``chaingraph measure coverage``: what is known by name of what is reported."""

from __future__ import annotations

from chaingraph.cli.options import At, RollUp, Sources
from chaingraph.cli.output import OrderedOutput, quantity, say
from chaingraph.cli.roll_up import of_parents
from chaingraph.messages import tr


def coverage(source: Sources, at: At = None, roll_up: RollUp = None, *, output: OrderedOutput) -> None:
    """Measure what is known by name of what is reported: one row per reported count."""
    from chaingraph import indicators

    frame = indicators.coverage(of_parents(source.open(), roll_up), at=at)
    for name, count in frame.attrs["undated"].items():
        if count:
            what = "counts" if name == "reported" else tr("rows of {name}", name=name)
            say(quantity(count, f"{what} have no date and are kept"))
    earlier = "" if at is None else tr(" of {at} or before", at=at)
    output.write(
        frame, empty=tr("no counts are reported{earlier}; the table 'reported' (报告数) holds them", earlier=earlier)
    )
