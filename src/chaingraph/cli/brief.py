"""``chaingraph brief``: a few pages for those who decide."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.completion import things
from chaingraph.cli.options import Sources
from chaingraph.cli.output import progress, quantity, say
from chaingraph.errors import UsageError
from chaingraph.languages import Language
from chaingraph.messages import tr

_SUFFIXES = (".html", ".docx")


def brief(
    source: Sources,
    output: Annotated[
        Path, option(Panel.OUTPUT, "The .html or .docx file to write.", "--output", "-o", metavar="FILE")
    ],
    chain: Annotated[
        str | None,
        option(
            Panel.PAGE,
            "Only this chain and what belongs to it: its IRI or its exact name.",
            metavar="CHAIN",
            autocompletion=things("cg:Chain"),
        ),
    ] = None,
    language: Annotated[Language | None, option(Panel.PAGE, "The language; else that of the graph.")] = None,
    title: Annotated[
        str | None, option(Panel.PAGE, "The heading; else of the chain or the data set.", metavar="TEXT")
    ] = None,
    since: Annotated[
        str | None, option(Panel.PAGE, "An older SOURCE; a chapter then says what changed.", metavar="OLD")
    ] = None,
) -> None:
    """Write a brief: key figures in words, the chain map, four lists, the network, coverage, and numbered sources.

    Each figure says whether it is known by name, reported or unknown, and since when it holds.
    """
    from chaingraph.briefing import brief as brief_of

    if output.suffix not in _SUFFIXES:
        message = tr(
            "cannot write {output}: expected a name that ends in {suffixes}",
            output=output,
            suffixes=tr(" or ").join(_SUFFIXES),
        )
        raise UsageError(message)
    graph = source.open()
    older = None if since is None else source.graph([since])
    with progress(tr("writing")):
        document = brief_of(graph, chain, language=language, title=title, since=older)
        document.save(output)
    model = document.model
    rows = sum(len(table.rows) for table in model.lists)
    figures, lists = quantity(len(model.figures), "key figures"), quantity(rows, "rows")
    say(
        tr(
            "{figures}, {lists} in four lists, {sources} → {output}; open it in {program}",
            figures=figures,
            lists=lists,
            sources=quantity(len(model.notes), "sources"),
            output=output,
            program=tr("a browser") if output.suffix == ".html" else tr("Word or WPS"),
        )
    )
