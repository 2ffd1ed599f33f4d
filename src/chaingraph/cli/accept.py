"""``chaingraph accept``: decided candidates become a data set with quotes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.output import progress, quantity, say


def accept(
    candidates: Annotated[Path, typer.Argument(metavar="FILE", help="The workbook that read has written.")],
    output: Annotated[
        Path, option(Panel.OUTPUT, "The data set to write or to add to.", "--output", "-o", metavar="FOLDER")
    ],
    everything: Annotated[bool, option(Panel.INPUT, "Accept every row that has no decision.", "--all")] = False,
) -> None:
    """Write accepted rows as a data set: tables, quotes, texts, decisions.

    Rejected rows are remembered and not proposed again; rows without a decision wait.
    """
    from chaingraph.extraction import accept as accept_candidates

    with progress(f"writing {output}"):
        result = accept_candidates(candidates, output, everything=everything)
    accepted = ", ".join(quantity(count, table) for table, count in result.accepted.items())
    say(f"{accepted or 'no row accepted'} → {output}")
    for table, count in result.created.items():
        say(f"note: made {quantity(count, table)} that accepted rows refer to")
    if result.rejected:
        say(f"{quantity(result.rejected, 'rows')} rejected, and not proposed again for this data set")
    if result.undecided:
        say(f"{quantity(result.undecided, 'rows are undecided')}: decide them in {candidates}, or give --all")
