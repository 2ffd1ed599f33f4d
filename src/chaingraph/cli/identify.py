"""``chaingraph identify``: proposals of who is who for a person to decide, and what was decided back into a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.options import TABLE_OF_NAMES, Sources, refuse
from chaingraph.cli.output import progress, quantity, say
from chaingraph.errors import UnreadableError, UsageError
from chaingraph.export.files import write_text
from chaingraph.languages import Language
from chaingraph.messages import enumeration, tr


def identify(
    source: Sources,
    output: Annotated[Path, option(Panel.OUTPUT, "The .csv file to write.", "--output", "-o", metavar="FILE")],
    decisions: Annotated[
        Path | None,
        option(
            Panel.INPUT, "Proposals with 'decision' filled in: write the table identities.csv instead.", metavar="FILE"
        ),
    ] = None,
    language: Annotated[
        Language | None, option(Panel.OUTPUT, "The language of the reasons; that of the data if not given.")
    ] = None,
) -> None:
    """Propose which organizations may be one.

    Writes pairs with score and reason for a person to decide: fill 'decision' with same, different or not-stated, then
    run it again with --decisions to have the table identities.csv, which the next build applies. Nothing is merged
    without a decision, and a decision that is taken out of the table is undone.
    """
    if output.suffix != ".csv":
        message = tr("cannot write {output}: expected a name that ends in .csv", output=output)
        raise UsageError(message)
    if decisions is None:
        _propose(source, output, language)
    else:
        refuse({"--language": language}, tr("decisions are written as they are"))
        _write_decisions(source, decisions, output)


def _propose(source: Sources, output: Path, language: Language | None) -> None:
    from chaingraph.export.tables import write_table
    from chaingraph.identity.candidates import RANKS, candidates

    graph = source.open()
    with progress(tr("comparing names")):
        proposals = candidates(graph, language=language)
    write_table(proposals, output)
    counts = proposals["by"].value_counts()
    parts = enumeration(f"{counts.get(by, 0):,} by {by}" for by in RANKS)
    over = quantity(proposals.attrs["organizations"], "organizations")
    say(
        tr(
            "{proposals} over {over} ({parts}) → {output}",
            proposals=quantity(len(proposals), "proposals"),
            over=over,
            parts=parts,
            output=output,
        )
    )
    say(
        tr(
            "left out: {decided:,} decided as different, {conflicting:,} by name whose numbers "
            "(USCC, VAT, ROR) differ; nothing was merged",
            decided=proposals.attrs["decided"],
            conflicting=proposals.attrs["conflicting"],
        )
    )


def _write_decisions(source: Sources, decisions: Path, output: Path) -> None:
    from chaingraph.identity.decisions import identities
    from chaingraph.store.source import sources_of
    from chaingraph.tables.csv_files import csv_text

    if len(source.sources) > 1:
        message = tr("--decisions writes the table of one data set; name one source")
        raise UsageError(message)
    one = sources_of(source.sources)[0]
    if not one.has_tables:
        raise UnreadableError(one, tr("has no tables; decisions belong to a roster, a workbook or a data set folder"))
    path = one.path
    tables = one.tables(
        encoding=source.encoding, create=TABLE_OF_NAMES if source.create else None, columns=source.columns
    )
    table = identities(decisions, tables)
    write_text(output, csv_text(table))
    same = int((table["decision"] == "same").sum())
    rows = quantity(table.height, "decisions")
    say(
        tr(
            "{rows}, {same:,} of them same → {output}; it is the table 'identities' of {path}",
            rows=rows,
            same=same,
            output=output,
            path=path,
        )
    )
