"""``chaingraph check``: a graph against its shapes, its sources and itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.options import Sources
from chaingraph.cli.output import Output, progress, quantity, say
from chaingraph.errors import UnreadableError
from chaingraph.messages import enumeration, tr

_ROWS_ON_SCREEN = 50


def check(
    source: Sources,
    texts: Annotated[
        Path | None,
        option(Panel.CHECKS, "A folder with the archived words of the sources.", metavar="FOLDER"),
    ] = None,
    require_evidence: Annotated[
        bool, option(Panel.CHECKS, "Rows without a quote or a record are violations.", "--require-evidence")
    ] = False,
    strict: Annotated[bool, option(Panel.CHECKS, "Warnings end with status 1 as well.", "--strict")] = False,
    *,
    output: Output,
) -> None:
    """Check a graph against its shapes and sources.

    Violations (a broken shape, a quote that does not stand in its source) end with status 1. Warnings (contradictions,
    quotes whose text is not at hand) are listed and counted, and do so only with --strict.
    """
    from chaingraph.checks import check as report_on
    from chaingraph.checks.report import VIOLATION, WARNING

    if texts is not None and not texts.is_dir():
        raise UnreadableError(texts, tr("is no folder; --texts takes the folder with the archived texts"))
    graph = source.open()
    with progress(tr("checking")) as tell:
        report = report_on(graph, texts=texts, require_evidence=require_evidence, report=tell)
    frame = report.frame
    output.write(frame.head(_ROWS_ON_SCREEN) if output.on_screen else frame, empty=tr("nothing to report"))
    if output.on_screen and len(frame) > _ROWS_ON_SCREEN:
        say(tr("{count} more; --format csv lists all", count=len(frame) - _ROWS_ON_SCREEN))
    without = report.without_evidence
    bare = without[without["without"] > 0]
    counts = enumeration(
        tr("{without} of {rows} {name}", without=row["without"], rows=row["rows"], name=row["class"])
        for row in bare.to_dict("records")
    )
    say(tr("rows that lead to no quote and no record: {counts}", counts=counts or tr("none")))
    say(enumeration([quantity(report.count(VIOLATION), "violations"), quantity(report.count(WARNING), "warnings")]))
    if report.count(VIOLATION) or (strict and report.findings):
        raise typer.Exit(1)
