"""``chaingraph chain map``: who holds which stage of a chain, as one offline page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.completion import things
from chaingraph.cli.options import Sources
from chaingraph.cli.output import progress, quantity, say
from chaingraph.errors import UsageError
from chaingraph.languages import Language
from chaingraph.messages import enumeration, lazy_tr, tr

_NO_STAGE = lazy_tr(
    "the graph states no stage of a chain, so that there is no map to draw; fill the tables 'stages' and 'stage_roles'"
)


def map(
    source: Sources,
    output: Annotated[Path, option(Panel.OUTPUT, "The .html file to write.", "--output", "-o", metavar="FILE")],
    chain: Annotated[
        str | None,
        option(
            Panel.PAGE,
            "Only this chain: its IRI or its exact name; else all.",
            metavar="CHAIN",
            autocompletion=things("cg:Chain"),
        ),
    ] = None,
    language: Annotated[
        Language | None, option(Panel.PAGE, "The language the page opens in; else that of the graph.")
    ] = None,
    title: Annotated[str | None, option(Panel.PAGE, "The heading; else the chains' names.", metavar="TEXT")] = None,
    network_page: Annotated[
        str,
        option(
            Panel.PAGE,
            "A page of the network of the same graph, such as network.html; the map leads to the same thing there.",
            metavar="ADDRESS",
        ),
    ] = "",
) -> None:
    """Write the chain map as one offline HTML page: stages in their order, and who holds each.

    A click on a card shows its ties and the words that put it there.
    """
    from chaingraph.briefing.map_builder import map_model
    from chaingraph.briefing.map_page import page_of_map

    if output.suffix != ".html":
        message = tr("cannot write {output}: expected a name that ends in .html", output=output)
        raise UsageError(message)
    graph = source.open()
    # Of a large graph without any, to read all that a map shows would take a minute.
    if not graph.query("ASK { ?stage a cg:Stage }"):
        raise UsageError(_NO_STAGE)
    with progress(tr("drawing")):
        model = map_model(graph, chain, language=language, title=title, network_page=network_page)
        if not model.chains:
            raise UsageError(_NO_STAGE)
        page_of_map(model).save(output)
    stages = sum(len(each.boxes) for each in model.chains)
    extents = enumeration([quantity(stages, "stages"), quantity(len(model.holders), "holders")])
    say(tr("{extents} → {output}; open it in a browser", extents=extents, output=output))
