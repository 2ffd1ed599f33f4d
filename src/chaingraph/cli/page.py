"""``chaingraph page``: a network as one offline page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from chaingraph.cli.command import Panel, option
from chaingraph.cli.first_steps import brief_suffix
from chaingraph.cli.measure.stability import page_rank_words
from chaingraph.cli.network_options import NetworkChoice, network_held, projection, say_if_no_ties
from chaingraph.cli.options import Sources
from chaingraph.cli.output import progress, quantity, say
from chaingraph.cli.roll_up import of_parents
from chaingraph.errors import NetworkError, UsageError, did_you_mean
from chaingraph.languages import Language
from chaingraph.messages import enumeration, lazy_tr, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import networkx as nx

    from chaingraph.store import KnowledgeGraph
    from chaingraph.webpage import Page
    from chaingraph.webpage.model import Step

FILTERS = lazy_tr("--only region=..., kind=... or role=..., --at, --minimum or --no-isolates")
"""What makes a network smaller, as it is proposed where a page cannot hold all."""
_MOST_REGIONS = 12
"""So many regions without a place are named."""
_MOST_STATEMENTS = 300_000
"""The size of a graph up to which a page has its chain map."""
_MOST_RANKS = 3_000
"""The number of nodes up to which a page has their ranks without being asked."""
_LARGE, _DRAWS, _FEWEST_DRAWS = 1_000, 100, 40
"""Of a network of more nodes the ranks of a page come from the fewest draws of which 2.5 % at either end are one."""


LayoutOption = Annotated[
    str | None,
    option(
        Panel.PAGE,
        "How nodes are laid out: communities, chain, map or two-mode, or an attribute, whose values stand together;"
        " else two-mode where it has two modes.",
        metavar="NAME",
    ),
]
StabilityOption = Annotated[
    bool | None,
    option(
        Panel.PAGE,
        "Put ranks by betweenness, with how sure they are, on the nodes; else only where that takes seconds.",
        "--stability/--no-stability",
    ),
]
SizeOption = Annotated[
    str,
    option(
        Panel.PAGE, "What areas show: degree, a measure such as betweenness, or a number of the nodes.", metavar="NAME"
    ),
]
StepsOption = Annotated[
    Path | None,
    option(
        Panel.PAGE,
        "Views with a title and a text that the page shows in turn: a file steps.json, which every page saves too.",
        metavar="FILE",
    ),
]


def page(
    source: Sources,
    output: Annotated[Path, option(Panel.OUTPUT, "The .html file to write.", "--output", "-o", metavar="FILE")],
    language: Annotated[
        Language | None, option(Panel.PAGE, "The language the page opens in; else that of the graph.")
    ] = None,
    title: Annotated[str | None, option(Panel.PAGE, "The heading; else the data sets' titles.", metavar="TEXT")] = None,
    colour: Annotated[
        str,
        option(
            Panel.PAGE,
            "What colours show: type, community, kind, region, or any attribute of the nodes.",
            metavar="NAME",
        ),
    ] = "type",
    size: SizeOption = "degree",
    layout: LayoutOption = None,
    stability: StabilityOption = None,
    steps: StepsOption = None,
    *,
    choice: NetworkChoice,
) -> None:
    """Write a network as one offline HTML page.

    A click on a node shows its ties and the words that state them.
    """
    from chaingraph.indicators import with_reported
    from chaingraph.webpage import page as page_of
    from chaingraph.webpage.overview import MOST_NODES
    from chaingraph.webpage.sizes import with_size
    from chaingraph.webpage.steps import steps_of

    if output.suffix != ".html":
        message = tr("cannot write {output}: expected a name that ends in .html", output=output)
        raise UsageError(message)
    story = steps_of(steps) if steps else ()
    opened = source.open()
    name = choice.network or network_held(opened)
    graph = of_parents(opened, choice.roll_up)
    with progress(tr("drawing")) as report:
        filters = choice.filters()
        network = projection(graph, name, filters, quotes=True, most_with_quotes=MOST_NODES, level=choice.level)
        if len(network) <= MOST_NODES:
            network = with_reported(network, graph)
        ranked, words = with_stability(network, stability, report)
        sized, notes = with_size(ranked, size, report)
        report(tr("drawing"))
        group = group_of(sized, layout)
        page_of(
            sized,
            title=title,
            language=language,
            colour=colour,
            size=size,
            layout=layout if group is None else None,
            group=group,
            isolates=choice.isolates is True,
            steps=story,
            chain_map=chain_map_for(graph, len(network), language),
        ).save(output)
    say_if_no_ties(graph, name, network)
    extents = enumeration([quantity(network.number_of_nodes(), "nodes"), quantity(network.number_of_edges(), "ties")])
    say(f"{extents} → {output}{tr('; open it in a browser') if network.number_of_edges() else ''}")
    places = regions_without_place(graph) if layout == "map" else ""
    for line in (extent(len(network)), words, *notes, *absences(story, network), places):
        if line:
            say(line)
    if opened.summary:
        command = source.command("brief", output, brief_suffix())
        say(tr("next, a few pages of text on the same: {command}", command=command))


def regions_without_place(graph: KnowledgeGraph) -> str:
    """Say how many regions of a graph have neither coordinates nor a name of the gazetteer; empty where all have."""
    from chaingraph.queries.nodes import NodeReader
    from chaingraph.queries.places import region_places

    reader = NodeReader(graph)
    regions = reader.instances("Region")
    without = regions.join(region_places(reader), on="s", how="anti")
    if without.is_empty():
        return ""
    names = without.join(reader.names(), on="s", how="left")["name"].drop_nulls().sort().to_list()
    listed = ", ".join(names[:_MOST_REGIONS]) + (", ..." if len(names) > _MOST_REGIONS else "")
    return tr(
        "{without} of {regions} regions have no place: no coordinates, and no name or code that the gazetteer has "
        "once: {names}",
        without=len(without),
        regions=len(regions),
        names=listed,
    )


def group_of(network: nx.Graph[Any], layout: str | None) -> str | None:
    """Return the attribute that ``--layout`` names; None where it names a layout, or nothing.

    Raises:
        NetworkError: It is neither; the message lists both.
    """
    from chaingraph.layout import LAYOUTS

    if layout is None or layout in LAYOUTS:
        return None
    names = sorted({str(name) for _, attributes in network.nodes(data=True) for name in attributes} - {"quotes"})
    if layout in names:
        return layout
    raise NetworkError(
        tr(
            "there is no layout {layout!r}; choose one of: {layouts}; or an attribute whose values stand together: "
            "{names}",
            layout=layout,
            layouts=", ".join(sorted(LAYOUTS)),
            names=", ".join(names),
        )
        + did_you_mean(layout, [*LAYOUTS, *names])
    )


def chain_map_for(graph: KnowledgeGraph, nodes: int, language: Language | None) -> Page | None:
    """Return the chain map that a page of so many nodes has as another view.

    None of a graph without stages, of a page that does not draw all its nodes, and of a graph so large that reading all
    of it would take longer than drawing the network.
    """
    from chaingraph.briefing import chain_map
    from chaingraph.webpage.overview import OVERVIEW_FROM

    if nodes > OVERVIEW_FROM or not graph.query("ASK { ?stage a cg:Stage }") or len(graph) > _MOST_STATEMENTS:
        return None
    return chain_map(graph, language=language)


def absences(story: Sequence[Step], network: nx.Graph[Any]) -> list[str]:
    """Say of each step that shows nodes which are not in the network which these are."""
    from chaingraph.webpage.steps import missing_nodes

    return [
        tr("step {number} shows what the network does not have: {nodes}", number=number, nodes=", ".join(nodes))
        for number, step in enumerate(story, start=1)
        if (nodes := missing_nodes(step, network))
    ]


def with_stability(
    network: nx.Graph[Any], ranks: bool | None, report: Callable[[str], None]
) -> tuple[nx.Graph[Any], str]:
    """Return a network with the ranks of its nodes by betweenness, and how they were made or why there are none.

    Args:
        network: The network.
        ranks: Whether the nodes have them; None: where they take seconds and compare like with like, which excludes
            directed networks of all kinds of nodes.
        report: Called with a line on each step.
    """
    from chaingraph.metrics import rank_stability, with_ranks

    left_out = ranks is None and (network.is_directed() or len(network) > _MOST_RANKS)
    if ranks is False or left_out or network.number_of_edges() == 0:
        return network, ""
    try:
        draws = _DRAWS if len(network) <= _LARGE else _FEWEST_DRAWS
        stability = rank_stability(network, draws=draws, report=report)
    except NetworkError as error:
        if ranks:
            raise
        return network, tr("no ranks on the nodes: {error}", error=error)
    return with_ranks(network, stability), page_rank_words(stability)


def extent(nodes: int) -> str:
    """Say what of so many nodes the page shows, empty where it shows all.

    >>> extent(500)
    ''
    """
    from chaingraph.webpage.overview import MOST_NODES, OVERVIEW_FROM

    if nodes > MOST_NODES:
        return tr(
            "{nodes:,} nodes are more than one page can carry ({most_nodes:,}): it shows their "
            "communities only, sized by number of nodes. To see the nodes, filter with {filters}, or "
            "ask the whole graph with chaingraph serve",
            nodes=nodes,
            most_nodes=MOST_NODES,
            filters=FILTERS,
        )
    if nodes > OVERVIEW_FROM:
        return tr(
            "{nodes:,} nodes: the page opens with their communities, where it has some; a click opens one", nodes=nodes
        )
    return ""
