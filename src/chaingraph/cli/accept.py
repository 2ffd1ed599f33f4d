"""``chaingraph accept``: decided candidates become a data set with quotes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.output import progress, quantity, say
from chaingraph.messages import enumeration, tr


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

    with progress(tr("writing {output}", output=output)):
        result = accept_candidates(candidates, output, everything=everything)
    accepted = enumeration(quantity(count, table) for table, count in result.accepted.items())
    say(f"{accepted or tr('no row accepted')} → {output}")
    for table, count in result.created.items():
        say(tr("note: made {quantity} that accepted rows refer to", quantity=quantity(count, table)))
    if result.rejected:
        say(tr("{rows} rejected, and not proposed again for this data set", rows=quantity(result.rejected, "rows")))
    if result.undecided:
        say(
            tr(
                "{rows}: decide them in {candidates}, or give --all",
                rows=quantity(result.undecided, "rows are undecided"),
                candidates=candidates,
            )
        )
