"""``chaingraph diff``: what two graphs do not share, printed, reported and drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.options import refuse, source_names
from chaingraph.cli.output import Output, progress, quantity, say, say_note
from chaingraph.errors import UsageError
from chaingraph.export.files import write_text
from chaingraph.languages import Language
from chaingraph.messages import enumeration, tr

if TYPE_CHECKING:
    from chaingraph.differences import Difference


def diff(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A data set folder, workbook, RDF file, built store or endpoint.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another; the two share things by an equal base.")],
    page: Annotated[
        Path | None, option(Panel.PAGE, "Draw the change as an offline page: an .html file.", metavar="FILE")
    ] = None,
    report: Annotated[
        Path | None, option(Panel.PAGE, "Write a report in Markdown: an .md file.", metavar="FILE")
    ] = None,
    language: Annotated[
        Language | None,
        option(Panel.PAGE, "The language of the report and of the page; that of NEW if not given."),
    ] = None,
    *,
    output: Output,
) -> None:
    """Tell what changed from OLD to NEW.

    Prints the counts by class; with --format csv or json, or in a file, every thing and relation that was added or
    removed, and every property that changed with its old and new value. Differences do not change the exit status.
    """
    for path, suffix in ((page, ".html"), (report, ".md")):
        if path is not None and path.suffix != suffix:
            message = tr("cannot write {path}: expected a name that ends in {suffix}", path=path, suffix=suffix)
            raise UsageError(message)
    if page is None and report is None:
        refuse({"--language": language}, tr("neither --page nor --report is written"))
    from chaingraph.differences import diff as difference_of

    with progress(tr("comparing {old} and {new}", old=source_names([old]), new=source_names([new]))) as tell:
        difference = difference_of(old, new, report=tell)
    for note in difference.notes:
        say_note(note)
    if report is not None:
        write_text(report, difference.markdown(language))
        say(tr("report → {report}", report=report))
    if page is not None:
        _draw(difference, page, language)
    frame = difference.counts if output.on_screen else difference.frame
    output.write(frame, empty=tr("0 differences: the two state the same"), sheets={"counts": difference.counts})
    if len(frame):
        rows = quantity(len(difference.frame), "differences")
        say(rows + (tr("; --format csv lists all") if output.on_screen else ""))


def _draw(difference: Difference, path: Path, language: Language | None) -> None:
    """Draw what changed as a page, and say what is on it and what is not."""
    from chaingraph.provenance import left_out
    from chaingraph.webpage import page

    with progress(tr("drawing")):
        network = difference.network()
        page(network, colour="change" if network else "type", language=language).save(path)
    for reason, count in left_out(network).items():
        say(tr("note: the page leaves out {count:,} {reason}", count=count, reason=reason))
    size = enumeration([quantity(network.number_of_nodes(), "nodes"), quantity(network.number_of_edges(), "ties")])
    say(tr("{size} → {path}; open it in a browser", size=size, path=path))
