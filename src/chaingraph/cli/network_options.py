"""The options that choose a network and filter it, and drawing it by them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from chaingraph.cli.command import Panel, option
from chaingraph.cli.output import progress, quantity, say
from chaingraph.cli.roll_up import of_parents
from chaingraph.errors import ChaingraphError, UnknownTermError
from chaingraph.networks import PROJECTIONS

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.queries.filters import Filters
    from chaingraph.store import KnowledgeGraph


NAMES = ", ".join(PROJECTIONS)
DEFAULT = next(iter(PROJECTIONS))
"""The network that is meant where none is named."""


def network_names(incomplete: str) -> list[str]:
    """Return the names of networks that complete what is typed."""
    return [name for name in PROJECTIONS if name.startswith(incomplete)]


NetworkOption = Annotated[
    str,
    option(Panel.NETWORK, f"Which network: {NAMES}.", "--network", metavar="NAME", autocompletion=network_names),
]


@dataclass(frozen=True)
class SupplyFilters:
    """The filters that the network of supplies takes."""

    kind: Annotated[
        list[str] | None,
        option(Panel.NETWORK, "Only organizations of this kind; several may stand.", metavar="KIND"),
    ] = None
    region: Annotated[
        list[str] | None,
        option(Panel.NETWORK, "Only organizations in this region or within it; several may stand.", metavar="REGION"),
    ] = None
    at: Annotated[
        str | None,
        option(
            Panel.NETWORK,
            "Only what can have held then: 2022, 2022-10, or a period 2019/2022.",
            metavar="DATE|FROM/TO",
        ),
    ] = None
    minimum: Annotated[
        float | None,
        option(Panel.NETWORK, "Only ties that count at least this.", metavar="NUMBER"),
    ] = None
    isolates: Annotated[
        bool,
        option(Panel.NETWORK, "Keep nodes without a tie.", "--isolates/--no-isolates"),
    ] = True

    roll_up: Annotated[
        str | None,
        option(
            Panel.NETWORK,
            "Parents stand for their units and subsidiaries, as of a date (2022) or whatever the date (any).",
            metavar="DATE|any",
        ),
    ] = None

    def filters(self) -> Filters:
        """Return the filters as a projection takes them."""
        filters: Filters = {
            "kinds": self.kind or None,
            "regions": self.region or None,
            "isolates": self.isolates,
        }
        first, is_period, last = (self.at or "").partition("/")
        if is_period:
            filters["between"] = (first, last)
        else:
            filters["at"] = self.at
        if self.minimum is not None:
            filters["minimum"] = self.minimum
        return filters


@dataclass(frozen=True)
class NetworkFilters(SupplyFilters):
    """The filters of all networks."""

    role: Annotated[
        list[str] | None,
        option(Panel.NETWORK, "Only memberships in this role; several may stand.", metavar="ROLE"),
    ] = None

    def filters(self) -> Filters:
        """Return the filters as a projection takes them."""
        return {"roles": self.role or None, **super().filters()}


@dataclass(frozen=True)
class NetworkChoice(NetworkFilters):
    """The network that a measure is taken on, and its filters."""

    network: NetworkOption = DEFAULT

    def __post_init__(self) -> None:
        """Refuse a network that there is not before anything is read."""
        check_network(self.network)

    def network_of(self, graph: KnowledgeGraph) -> nx.Graph[Any]:
        """Draw the network, and say what it leaves out, or that it has no ties."""
        with progress("drawing the network"):
            graph = of_parents(graph, self.roll_up)
            network = projection(graph, self.network, self.filters())
        say_if_no_ties(graph, self.network, network)
        return network


def check_network(name: str) -> None:
    """Refuse a network that there is not.

    Raises:
        UnknownTermError: With the nearest names.
    """
    if name not in PROJECTIONS:
        raise UnknownTermError(name, list(PROJECTIONS))


def projection(
    graph: KnowledgeGraph,
    name: str,
    filters: Filters | None = None,
    *,
    quotes: bool = False,
    level: int | None = None,
) -> nx.Graph[str]:
    """Draw a network of a graph by its name, and say what it leaves out."""
    from chaingraph.provenance import left_out

    at_level = {} if level is None else {"level": level}
    network = PROJECTIONS[name].function(graph, quotes=quotes, **at_level, **(filters or {}))
    for reason, count in left_out(network).items():
        say(f"note: {name} leaves out {count:,}: {reason}")
    if network.graph.get("undated"):
        say(f"note: {quantity(network.graph['undated'], 'rows have no date and are kept')}")
    return network


def say_if_no_ties(graph: KnowledgeGraph, name: str, network: nx.Graph[Any]) -> None:
    """Say that a network has no ties, and which networks of the graph have some, without any filter."""
    if network.number_of_edges():
        return
    counts = {}
    for other, entry in PROJECTIONS.items():
        # What one network refuses, such as regions within each other in a circle, is no reason to name no other.
        with suppress(ChaingraphError):
            counts[other] = entry.function(graph).number_of_edges()
    texts = [f"{other} ({count:,})" for other, count in counts.items() if count]
    others = f"networks with ties, unfiltered: {', '.join(texts)}" if texts else "no network of this graph has any"
    say(f"{name}: {quantity(len(network), 'nodes')}, no ties; {others}")
