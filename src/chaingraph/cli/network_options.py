"""The options that choose a network and filter it, and drawing it by them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from chaingraph.cli.command import Panel, option
from chaingraph.cli.completion import filters
from chaingraph.cli.options import limits_by
from chaingraph.cli.output import progress, quantity, say, say_note
from chaingraph.cli.roll_up import of_parents
from chaingraph.errors import ChaingraphError, UnknownTermError, UsageError
from chaingraph.languages import text_in, words
from chaingraph.messages import enumeration, tr, user_language
from chaingraph.networks import PROJECTIONS

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.arrays import ArrayNetwork
    from chaingraph.queries.filters import Filters
    from chaingraph.store import KnowledgeGraph


NAMES = ", ".join(PROJECTIONS)
DEFAULT = next(iter(PROJECTIONS))
"""The network that is meant where none is named and nothing else is known of the data."""
_HELD = (
    ("affiliation", "ASK { ?m a cg:Membership ; cg:consortium ?c ; cg:organization ?o }"),
    ("hosting", "ASK { ?platform cg:hostedBy ?o }"),
    ("participation", "ASK { ?p a cg:Participation ; cg:project ?project ; cg:organization ?o }"),
    ("supply", "ASK { ?s a cg:Supply ; cg:supplier ?o ; cg:customer ?other }"),
    ("chain", "ASK { ?s cg:follows ?other }"),
)
"""What a roster may hold that ties its things, and the network that shows it."""
_SHARED = (
    "ASK { ?m a cg:Membership ; cg:consortium ?c ; cg:organization ?o ."
    " ?n a cg:Membership ; cg:consortium ?c ; cg:organization ?p FILTER(?o != ?p) }"
)
"""Whether any consortium has two members: without, the usual network has no ties."""
_FIRST = 10


def network_names(incomplete: str) -> list[str]:
    """Return the names of networks that complete what is typed."""
    return [name for name in PROJECTIONS if name.startswith(incomplete)]


NetworkOption = Annotated[
    str | None,
    option(
        Panel.NETWORK,
        f"Which network: {NAMES}; else what a roster holds, or {DEFAULT}.",
        "--network",
        metavar="NAME",
        autocompletion=network_names,
    ),
]


@dataclass(frozen=True)
class SupplyFilters:
    """The filters that the network of supplies takes."""

    only: Annotated[
        list[str] | None,
        option(
            Panel.NETWORK,
            "Only organizations of a kind or within a region: kind=enterprise, region=Zhejiang; several may stand.",
            metavar="NAME=VALUE",
            autocompletion=filters("kind", "region"),
        ),
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
        bool | None,
        option(
            Panel.NETWORK,
            "Keep nodes without a tie, which a page then draws, or leave them out; else they are kept, on a page as one"
            " number.",
            "--isolates/--no-isolates",
        ),
    ] = None

    roll_up: Annotated[
        str | None,
        option(
            Panel.NETWORK,
            "Parents stand for their units and subsidiaries, as of a date (2022) or whatever the date (any).",
            metavar="DATE|any",
        ),
    ] = None

    @property
    def _limits(self) -> tuple[str, ...]:
        """What ``--only`` takes."""
        return ("kind", "region")

    def filters(self) -> Filters:
        """Return the filters as a projection takes them."""
        limits = limits_by(self.only, self._limits)
        filters: Filters = {
            "kinds": limits.get("kinds"),
            "regions": limits.get("regions"),
            "isolates": self.isolates is not False,
        }
        if "role" in self._limits:
            filters["roles"] = limits.get("roles")
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

    only: Annotated[
        list[str] | None,
        option(
            Panel.NETWORK,
            "Only organizations of a kind or within a region, or memberships in a role: kind=enterprise,"
            " region=Zhejiang, role=lead; several may stand.",
            metavar="NAME=VALUE",
            autocompletion=filters("kind", "region", "role"),
        ),
    ] = None
    level: Annotated[
        int | None,
        option(
            Panel.NETWORK, "The level of the regions of inter_region and supply: 0 is the highest.", metavar="N", min=0
        ),
    ] = None

    @property
    def _limits(self) -> tuple[str, ...]:
        return ("kind", "region", "role")


@dataclass(frozen=True)
class NetworkChoice(NetworkFilters):
    """The network that a measure is taken on, and its filters."""

    network: NetworkOption = None

    def __post_init__(self) -> None:
        """Refuse a network that there is not before anything is read."""
        check_network(self.network)

    def network_of(self, graph: KnowledgeGraph) -> ArrayNetwork:
        """Return the network as arrays, and say what it leaves out, or that it has no ties."""
        name = self.network or network_held(graph)
        with progress(tr("drawing the network")):
            graph = of_parents(graph, self.roll_up)
            network = array_projection(graph, name, self.filters(), level=self.level)
        say_if_no_ties(graph, name, network)
        return network


def network_held(graph: KnowledgeGraph) -> str:
    """Return the name of the network that shows what a graph holds, and say which if it is not the usual one."""
    name = next((name for name, text in _HELD if graph.query(text)), None)
    if name is None or (name == "affiliation" and not graph.summary and graph.query(_SHARED)):
        return DEFAULT
    holder = tr("roster holds") if graph.summary else tr("data hold")
    title = _with_title(name)
    say(tr("network: {name}, which shows what the {holder}; --network names another", name=title, holder=holder))
    return name


def _with_title(name: str) -> str:
    """Return the name of a network; for a Chinese reader what it is called, and in brackets the name."""
    if user_language() == "en":
        return name
    return f"{words('chaingraph.networks')['networks'][name]['label']['zh']}（{name}）"


def check_network(name: str | None) -> None:
    """Refuse a network that there is not.

    Raises:
        UnknownTermError: With the nearest names.
    """
    if name is not None and name not in PROJECTIONS:
        raise UnknownTermError(name, list(PROJECTIONS))


def projection(
    graph: KnowledgeGraph,
    name: str,
    filters: Filters | None = None,
    *,
    quotes: bool = False,
    most_with_quotes: int | None = None,
    level: int | None = None,
) -> nx.Graph[str]:
    """Draw a network of a graph by its name, and say what it leaves out.

    Args:
        graph: The graph.
        name: The network.
        filters: Its filters.
        quotes: Whether nodes and ties name the quotes that state them.
        most_with_quotes: A network of more nodes has none even so.
        level: The level of its regions.
    """
    draw = partial(PROJECTIONS[name].function, graph, **_options(name, filters, level))
    # A node has a class and a name at least: a graph of fewer triples has no more nodes.
    may_be_large = most_with_quotes is not None and len(graph) > 2 * most_with_quotes
    network = draw(quotes=quotes and not may_be_large)
    if quotes and may_be_large and len(network) <= (most_with_quotes or 0):
        network = draw(quotes=True)
    _say_what_is_left_out(name, network)
    return network


def array_projection(
    graph: KnowledgeGraph, name: str, filters: Filters | None = None, *, level: int | None = None
) -> ArrayNetwork:
    """Return a network of a graph as arrays, for measures, and say what it leaves out; as ``projection``."""
    network = PROJECTIONS[name].arrays(graph, **_options(name, filters, level))
    _say_what_is_left_out(name, network)
    return network


def _options(name: str, filters: Filters | None, level: int | None) -> dict[str, Any]:
    """Return the options of a projection, and refuse a level where nodes have no regions."""
    if level is not None and "level" not in PROJECTIONS[name].options:
        message = tr(
            "--level does not apply to the network {name}: its nodes are no regions, and have none at a level",
            name=name,
        )
        raise UsageError(message)
    return {**({} if level is None else {"level": level}), **(filters or {})}


def _say_what_is_left_out(name: str, network: nx.Graph[Any] | ArrayNetwork) -> None:
    from chaingraph.provenance import left_out

    reasons = words("chaingraph.webpage")["omitted"]
    for reason, count in left_out(network).items():
        text = text_in(reasons.get(reason, {}), user_language()) or reason
        say(tr("note: {name} leaves out {count:,}: {reason}", name=name, count=count, reason=text))
    if network.graph.get("undated"):
        say_note(quantity(network.graph["undated"], "rows have no date and are kept"))


def say_if_no_ties(graph: KnowledgeGraph, name: str, network: nx.Graph[Any] | ArrayNetwork) -> None:
    """Say that a network has no ties, and which networks of the graph have some, without any filter."""
    import networkx as nx

    # Whether there is one: to count those of a network with parallel ties takes half a second at real size.
    if not nx.is_empty(network) if isinstance(network, nx.Graph) else network.number_of_edges():
        return
    counts = {}
    for other, entry in PROJECTIONS.items():
        # What one network refuses, such as regions within each other in a circle, is no reason to name no other.
        with suppress(ChaingraphError):
            counts[other] = entry.arrays(graph).number_of_edges()
    texts = [f"{other} ({count:,})" for other, count in counts.items() if count]
    others = (
        tr("networks with ties, unfiltered: {texts}", texts=enumeration(texts))
        if texts
        else tr("no network of this graph has any")
    )
    say(tr("{name}: {nodes}, no ties; {others}", name=name, nodes=quantity(len(network), "nodes"), others=others))
    if not any(counts[other] for other in counts if other != "whole"):
        _say_what_there_is(graph)


def _say_what_there_is(graph: KnowledgeGraph) -> None:
    """Say how many organizations a graph without ties has by region, and the command that shows where they are."""
    rows = graph.select_text(
        "SELECT ?name (COUNT(DISTINCT ?o) AS ?n) { ?o a cg:Organization ; cg:region ?r . ?r rdfs:label ?name }"
        " GROUP BY ?name ORDER BY DESC(?n) ?name"
    )
    if rows.height:
        first = enumeration(f"{name} {int(n):,}" for name, n in rows.head(_FIRST).iter_rows())
        more = ", ..." if rows.height > _FIRST else ""
        say(
            tr(
                "organizations stand in {regions}: {first}{more}; no ties are stated",
                regions=quantity(rows.height, "regions"),
                first=first,
                more=more,
            )
        )
        if graph.query("ASK { ?o a cg:Organization ; cg:region ?r ; cg:industry ?i }"):
            say(tr("chaingraph measure agglomeration SOURCE shows what the regions specialise in"))
        else:
            say(
                tr("with a column of industries, chaingraph measure agglomeration shows what the regions specialise in")
            )
