"""What ``page`` draws and says: the only place that turns its options into a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph.cli.measure.network_measures import with_stability
from chaingraph.cli.options import projected
from chaingraph.cli.output import progress, quantity, say
from chaingraph.errors import UnknownTermError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import networkx as nx

    from chaingraph.cli.options import Projection
    from chaingraph.queries.filters import Filters
    from chaingraph.store import KnowledgeGraph

FILTERS = "--region, --kind, --role, --at, --minimum or --no-isolates"
"""What makes a network smaller, as it is proposed where a page cannot hold all."""


def checked_name(output: Path) -> None:
    """Refuse a name that no browser would open as a page, before anything is read."""
    if output.suffix != ".html":
        message = f"cannot write {output}: expected a name that ends in .html"
        raise UsageError(message)


def write_page(
    graph: KnowledgeGraph,
    projection: Projection,
    chosen: Filters,
    output: Path,
    *,
    title: str | None,
    language: str,
    colour: str,
    size: str,
    group: str | None,
    layout: str,
    stability: bool | None,
) -> None:
    """Draw a projection, write its page, and say what is on it and what is not."""
    from chaingraph.webpage import page

    with progress("drawing") as report:
        network = projected(graph, projection, chosen, quotes=True)
        shown, words = with_stability(network, stability, report)
        sized, notes = with_measure(shown, size, report)
        report("drawing")
        made = page(sized, title=title, language=language, colour=colour, size=size, group=group, layout=layout)
        made.save(output)
    extents = f"{quantity(network.number_of_nodes(), 'nodes')}, {quantity(network.number_of_edges(), 'ties')}"
    say(f"{extents} → {output}; open it in a browser")
    for line in (extent(len(network)), words, *notes):
        if line:
            say(line)


def with_measure(network: nx.Graph[Any], size: str, report: Callable[[str], None]) -> tuple[nx.Graph[Any], list[str]]:
    """Return the network with the measure that ``size`` names on its nodes, and what there is to say of its values.

    A network comes back as it is if its nodes have that attribute, or if the page does not measure anything.

    Raises:
        UnknownTermError: Neither an attribute of the nodes nor a measure has that name.
        NetworkError: The measure is not defined on a network of this kind.
    """
    from chaingraph.metrics.network.centrality import centrality
    from chaingraph.metrics.network.registry import DIRECTED, TWO_MODE, UNDIRECTED
    from chaingraph.webpage.overview import MOST_NODES

    held = {str(name) for _, attributes in network.nodes(data=True) for name in attributes}
    if size == "degree" or size in held or not 0 < len(network) <= MOST_NODES:
        return network, []
    measures = {*UNDIRECTED, *TWO_MODE, *DIRECTED}
    if size not in measures:
        raise UnknownTermError(size, sorted(measures | held))
    frame = centrality(network, measures=[size], report=report)
    shown: nx.Graph[Any] = network.copy()
    for node, value in frame[size].items():
        if value == value:
            shown.nodes[node][size] = value
    notes = [f"{size}: {reason}; such a node is drawn small" for reason in frame.attrs["undefined"].values()]
    notes += [
        f"{size}: sampled from {sample['sources']:,} of {sample['of']:,} sources"
        for sample in frame.attrs["sampled"].values()
    ]
    return shown, notes


def extent(nodes: int) -> str:
    """Say what of so many nodes the page shows, empty where it shows all.

    >>> extent(500)
    ''
    """
    from chaingraph.webpage.overview import MOST_NODES, OVERVIEW_FROM

    if nodes > MOST_NODES:
        return (
            f"{nodes:,} nodes are more than one page can carry ({MOST_NODES:,}): it shows their communities only, sized"
            f" by number of nodes. To see the nodes, filter with {FILTERS},"
            " or ask the whole graph with chaingraph serve"
        )
    if nodes > OVERVIEW_FROM:
        return f"{nodes:,} nodes: the page opens with their communities, where it has some; a click opens one"
    return ""
