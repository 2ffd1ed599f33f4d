"""``chaingraph measure coverage``: what is known by name of what is reported."""

from __future__ import annotations

from chaingraph.cli.options import At, RollUp, Sources
from chaingraph.cli.output import OrderedOutput, quantity, say
from chaingraph.cli.roll_up import of_parents


def coverage(source: Sources, at: At = None, roll_up: RollUp = None, *, output: OrderedOutput) -> None:
    """Measure what is known by name of what is reported: one row per reported count."""
    from chaingraph import indicators

    frame = indicators.coverage(of_parents(source.open(), roll_up), at=at)
    for name, count in frame.attrs["undated"].items():
        if count:
            what = "counts" if name == "reported" else f"rows of {name}"
            say(quantity(count, f"{what} have no date and are kept"))
    earlier = "" if at is None else f" of {at} or before"
    output.write(frame, empty=f"no counts are reported{earlier}; the table 'reported' (报告数) holds them")
