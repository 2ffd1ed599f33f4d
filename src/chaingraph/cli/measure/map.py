"""``chaingraph measure map``: counts or an index by province or country, as a grid of tiles on one offline page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.measure.agglomeration import BY_ROW
from chaingraph.cli.options import Sources
from chaingraph.cli.output import progress, quantity, say
from chaingraph.errors import UsageError
from chaingraph.languages import Language
from chaingraph.messages import enumeration, tr


def map(
    source: Sources,
    output: Annotated[Path, option(Panel.OUTPUT, "The .html file to write.", "--output", "-o", metavar="FILE")],
    count: Annotated[
        str, option(Panel.COUNTS, "What is counted: organizations, memberships, projects ...", metavar="NAME")
    ] = "organizations",
    index: Annotated[
        str | None,
        option(Panel.MEASURE, "An index instead of the number: " + ", ".join(BY_ROW) + ".", metavar="NAME"),
    ] = None,
    columns: Annotated[
        str | None,
        option(Panel.COUNTS, "What the index divides by: industry (if not given), kind, chain ...", metavar="NAME"),
    ] = None,
    area: Annotated[
        str | None,
        option(Panel.PAGE, "The tiles: china or europe; else those that have more of what is counted.", metavar="NAME"),
    ] = None,
    language: Annotated[
        Language | None, option(Panel.PAGE, "The language the page opens in; else that of the graph.")
    ] = None,
    title: Annotated[str | None, option(Panel.PAGE, "The heading; else what is counted.", metavar="TEXT")] = None,
) -> None:
    """Write a map of tiles as one offline HTML page: a tile per province of China or country with NUTS regions.

    The colour shows a number or an index. Regions have their tiles by the gazetteer; a hatched tile is unknown.
    """
    from chaingraph.briefing.tile_map import tile_map
    from chaingraph.indicators import tile_values
    from chaingraph.queries.nodes import NodeReader

    if output.suffix != ".html":
        message = tr("cannot write {output}: expected a name that ends in .html", output=output)
        raise UsageError(message)
    if columns is not None and index is None:
        message = tr("--columns says what an index divides by; give --index too")
        raise UsageError(message)
    graph = source.open()
    with progress(tr("drawing")):
        values = tile_values(graph, count, index=index, columns=columns or "industry", area=area)
        tile_map(values, title=title, language=language or NodeReader(graph).language()).save(output)
    say(
        tr(
            "{tiles} with a number, of {placed:,} of {things} → {output}; open it in a browser",
            tiles=quantity(int(values.notna().sum()), "tiles"),
            placed=values.attrs["placed"],
            things=quantity(values.attrs["things"], count),
            output=output,
        )
    )
    if values.attrs["without_tile"]:
        names = enumeration(f"{name}: {number:,}" for name, number in values.attrs["without_tile"].items())
        say(tr("regions without a tile: {names}", names=names))
