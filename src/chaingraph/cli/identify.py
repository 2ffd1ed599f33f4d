"""``chaingraph identify``: proposals of who is who for a person to decide, and what was decided back into a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from chaingraph.cli.options import CREATED, Create, Encoding, Source, opened
from chaingraph.cli.output import progress, quantity, say
from chaingraph.errors import UnreadableError, UsageError
from chaingraph.export.files import write_text
from chaingraph.export.tables import write_table


def identify(
    source: Source,
    output: Annotated[Path, typer.Option("--output", "-o", help="The .csv file to write.")],
    decisions: Annotated[
        Path | None,
        typer.Option(help="Proposals with 'decision' filled in: write the table identities.csv instead."),
    ] = None,
    language: Annotated[Literal["en", "zh"], typer.Option(help="The language of the reasons.")] = "zh",
    encoding: Encoding = None,
    create: Create = False,
) -> None:
    """Propose which organizations may be one.

    Writes pairs with score and reason for a person to decide: fill 'decision' with same, different or not-stated, then
    run it again with --decisions to have the table identities.csv, which the next build applies. Nothing is merged
    without a decision, and a decision that is taken out of the table is undone.
    """
    if output.suffix != ".csv":
        message = f"cannot write {output}: expected a name that ends in .csv"
        raise UsageError(message)
    if decisions is None:
        _propose(source, output, language, encoding, create)
    else:
        _take_in(Path(source), decisions, output, encoding, create)


def _propose(source: str, output: Path, language: str, encoding: str | None, create: bool) -> None:
    from chaingraph.identity.candidates import RANKS, candidates

    graph = opened(source, encoding, create)
    with progress("comparing names"):
        found = candidates(graph, language=language)
    write_table(found, output)
    counts, left_out = found["by"].value_counts(), found.attrs["left_out"]
    parts = ", ".join(f"{counts.get(by, 0):,} by {by}" for by in RANKS)
    over = quantity(found.attrs["organizations"], "organizations")
    say(f"{quantity(len(found), 'proposals')} over {over} ({parts}) → {output}")
    say(
        f"left out: {left_out['decided']:,} decided as different,"
        f" {left_out['opposed']:,} by name whose numbers (USCC, VAT, ROR) differ; nothing was merged"
    )


def _take_in(source: Path, decisions: Path, output: Path, encoding: str | None, create: bool) -> None:
    from chaingraph.identity.decisions import identities
    from chaingraph.tables import read

    if source.is_file() and source.suffix.lower() not in {".xlsx", ".xlsm"}:
        raise UnreadableError(source, "has no tables; decisions belong to a data set folder or a workbook")
    table = identities(decisions, read(source, encoding=encoding, create=CREATED if create else None))
    write_text(output, table.write_csv(line_terminator="\n"))
    same = int((table["decision"] == "same").sum())
    made = quantity(table.height, "decisions")
    say(f"{made}, {same:,} of them same → {output}; it is the table 'identities' of {source}")
