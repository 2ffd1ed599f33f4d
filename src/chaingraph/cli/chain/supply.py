"""What the commands of a chain share: its two networks, and the words beside a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph.cli.network_options import SupplyFilters, projection
from chaingraph.cli.output import quantity, say
from chaingraph.cli.roll_up import of_parents
from chaingraph.errors import UsageError
from chaingraph.messages import lazy_tr, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx
    import pandas as pd

    from chaingraph.cli.output import Output
    from chaingraph.store import KnowledgeGraph

SUPPLIES_TELL = lazy_tr("the tables 'supplies' and 'products', with its column input_of, would tell them apart")
NO_SUPPLIES = lazy_tr(
    "no supply is known, or none is left by the filters; fill the table 'supplies' (供应), or filter less"
)
NO_CHAIN = lazy_tr(
    "the graph states no stages, products or supplies, so that there is no chain to measure; fill those tables"
)


def supply_and_chain(
    graph: KnowledgeGraph, filters: SupplyFilters, level: int | None = None
) -> tuple[nx.Graph[Any], nx.Graph[Any]]:
    """Return the network of supplies by its filters, and that of products and stages.

    Raises:
        UsageError: There is no chain, or organizations are known and no supplies.
    """
    graph = of_parents(graph, filters.roll_up)
    supply, chain = _supply(graph, filters, level), projection(graph, "chain", {"isolates": True})
    if not len(chain) and (supply is None or not supply.number_of_edges()):
        raise UsageError(NO_CHAIN)
    if supply is None:
        raise UsageError(NO_SUPPLIES)
    return supply, chain


def chain_with_supply(graph: KnowledgeGraph, filters: SupplyFilters) -> tuple[nx.Graph[Any] | None, nx.Graph[Any]]:
    """Return the network of supplies, None if there are none, and that of products and stages.

    Raises:
        UsageError: There are neither supplies nor products nor stages.
    """
    graph = of_parents(graph, filters.roll_up)
    supply, chain = _supply(graph, filters, None), projection(graph, "chain", {"isolates": True})
    if not len(chain) and (supply is None or not supply.number_of_edges()):
        raise UsageError(NO_CHAIN)
    if supply is None:
        say(tr("no supply is known, or none is left by the filters: there are rows of products only"))
    return supply, chain


def _supply(graph: KnowledgeGraph, filters: SupplyFilters, level: int | None) -> nx.Graph[Any] | None:
    """Return the network of supplies; None if there are organizations in it and none supplies anything."""
    network = projection(graph, "supply", filters.filters(), level=level)
    organizations = any(data.get("type") != "Product" for _, data in network.nodes(data=True))
    return None if organizations and not network.number_of_edges() else network


def for_reading(frame: pd.DataFrame, output: Output, columns: Sequence[str]) -> pd.DataFrame:
    """Return the columns that a terminal has room for; for a file or a pipe all of them."""
    if not output.on_screen:
        return frame
    say(tr("--format csv has all columns, with the rows that say so"))
    return frame[[name for name in columns if name in frame.columns]]


def say_count(number: int, words: str) -> None:
    """Say how many there are, if there are any."""
    if number:
        say(quantity(number, words))


def say_cycles(number: int) -> None:
    """Say how many cycles count as one product each, if there are any."""
    say_count(number, "cycles count as one product each; chaingraph chain cycles names them")
