"""``chaingraph diff``: what two graphs do not share, printed, reported and drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from chaingraph.cli.options import Form, named
from chaingraph.cli.output import Format, print_frame, progress, quantity, say
from chaingraph.errors import UsageError
from chaingraph.export.files import write_text


def diff(
    old: Annotated[str, typer.Argument(help="A data set folder, workbook, RDF file, built store or endpoint.")],
    new: Annotated[str, typer.Argument(help="Another; the two share things by an equal base.")],
    page: Annotated[Path | None, typer.Option(help="Draw the change as an offline page: an .html file.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a report in Markdown: an .md file.")] = None,
    language: Annotated[
        Literal["en", "zh"], typer.Option(help="The language of the report, and that the page opens in.")
    ] = "zh",
    form: Form = Format.table,
) -> None:
    """Tell what changed from OLD to NEW.

    Prints the counts by class; with --format csv or json every thing and relation that was added or removed, and every
    property that changed with its old and new value. Differences do not change the exit status.
    """
    for path, suffix in ((page, ".html"), (report, ".md")):
        if path is not None and path.suffix != suffix:
            message = f"cannot write {path}: expected a name that ends in {suffix}"
            raise UsageError(message)
    from chaingraph.differences import diff as compared

    with progress(f"comparing {named(old)} and {named(new)}") as told:
        found = compared(old, new, report=told)
    for note in found.notes:
        say(f"note: {note}")
    if report is not None:
        write_text(report, found.markdown(language))
        say(f"report → {report}")
    if page is not None:
        from chaingraph.provenance import left_out
        from chaingraph.webpage import page as made

        with progress("drawing"):
            drawn = found.network()
            made(drawn, colour="change" if drawn else "type", language=language).save(page)
        for reason, count in left_out(drawn).items():
            say(f"note: the page leaves out {count:,} {reason}")
        size = f"{quantity(drawn.number_of_nodes(), 'nodes')}, {quantity(drawn.number_of_edges(), 'ties')}"
        say(f"{size} → {page}; open it in a browser")
    print_frame(found.counts if form is Format.table else found.frame, form)
    say(quantity(len(found.frame), "differences") + ("; --format csv lists all" if form is Format.table else ""))
