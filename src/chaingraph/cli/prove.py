"""``chaingraph prove``: every index beside the number of its reference implementation."""

from __future__ import annotations

import typer

from chaingraph.cli.output import Output, progress, say
from chaingraph.messages import tr


def prove(output: Output) -> None:
    """Set every index beside a reference implementation.

    One row per number, with that of the reference and its source.

    A number that is not equal to the digits that its source prints ends with status 1.
    """
    from chaingraph.metrics._proofs import proofs

    with progress(tr("computing")):
        frame = proofs()
    output.write(frame, empty=tr("there is nothing to prove"))
    for reason in frame.attrs["left_out"]:
        say(tr("left out: {reason}", reason=reason))
    equal = int(frame["equal"].sum())
    say(tr("{equal} of {count} numbers equal their source to the digits that it prints", equal=equal, count=len(frame)))
    if equal < len(frame):
        raise typer.Exit(1)
