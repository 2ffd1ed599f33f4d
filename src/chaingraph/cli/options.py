"""What several commands share: the options that name a source, and opening it with the words for a person."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from chaingraph.cli.output import Format, progress, quantity, say
from chaingraph.errors import UsageError

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.queries.filters import Filters
    from chaingraph.store import KnowledgeGraph

Source = Annotated[
    str,
    typer.Argument(
        help="A data set folder, workbook (.xlsx), RDF file (.ttl .nt .jsonld .rdf), built store (.kg) or SPARQL"
        " endpoint (https://...)."
    ),
]
Encoding = Annotated[str | None, typer.Option(help="How the CSV files are encoded, if not in UTF-8.")]
Roles = Annotated[list[str] | None, typer.Option("--role", help="Only memberships in this role; several may stand.")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only organizations of this kind; several may stand.")]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", help="Only organizations in this region or within it; several may stand."),
]
At = Annotated[str | None, typer.Option("--at", metavar="DATE", help="Only what can have held then: 2022 or 2022-10.")]
Between = Annotated[
    tuple[str, str] | None, typer.Option("--between", metavar="FROM TO", help="Only what can have held in that period.")
]
Minimum = Annotated[float | None, typer.Option("--minimum", help="Only ties that count at least this.")]
Isolates = Annotated[bool, typer.Option("--isolates/--no-isolates", help="Keep nodes without a tie.")]
Create = Annotated[bool, typer.Option("--create", help="Make an organization of each name that no row has.")]
Form = Annotated[Format, typer.Option("--format", help="How the table comes out.")]

CREATED = "organizations"
"""The table to which --create adds rows."""


class Projection(StrEnum):
    """The networks that can be drawn from a graph."""

    affiliation = "affiliation"
    co_membership = "co_membership"
    participation = "participation"
    co_participation = "co_participation"
    hosting = "hosting"
    supply = "supply"
    chain = "chain"
    inter_region = "inter_region"
    inter_industry = "inter_industry"
    whole = "whole"


def question_names(incomplete: str) -> list[str]:
    """Return the names of the questions that begin so, for a shell to complete."""
    from chaingraph.sparql.questions import questions

    return [question.name for question in questions() if question.name.startswith(incomplete)]


def opened(source: str, encoding: str | None, create: bool) -> KnowledgeGraph:
    """Open a source, with progress, and say what was assumed."""
    from chaingraph.store import KnowledgeGraph

    with progress(f"opening {named(source)}") as report:
        graph = KnowledgeGraph.open(source, encoding=encoding, create=create, report=report)
    say_notes(graph)
    return graph


def named(source: str) -> str:
    """Return a source as it may be shown: of an address only the scheme, the host and the path."""
    from chaingraph.store.source import is_address, name_of

    return name_of(source) if is_address(source) else source


def say_notes(graph: KnowledgeGraph) -> None:
    """Say what was assumed while a graph was read."""
    for note in graph.notes:
        say(f"note: {note}")
    for table, count in graph.created.items():
        say(f"note: made {quantity(count, table)} of names that no row has")


def filters(
    roles: list[str] | None,
    kinds: list[str] | None,
    regions: list[str] | None,
    at: str | None,
    between: tuple[str, str] | None,
    minimum: float | None,
    isolates: bool,
) -> Filters:
    """Collect the filters of a projection that were given."""
    found: Filters = {"at": at, "between": between, "isolates": isolates}
    found["roles"], found["kinds"], found["regions"] = roles or None, kinds or None, regions or None
    if minimum is not None:
        found["minimum"] = minimum
    return found


def projected(
    graph: KnowledgeGraph,
    projection: Projection,
    chosen: Filters | None = None,
    *,
    quotes: bool = False,
    level: int | None = None,
) -> nx.Graph[str]:
    """Draw a projection of a graph by its name, and say what it leaves out."""
    from chaingraph import networks
    from chaingraph.provenance import left_out

    at_level = {} if level is None else {"level": level}
    made: nx.Graph[str] = getattr(networks, projection.value)(graph, quotes=quotes, **at_level, **(chosen or {}))
    for reason, count in left_out(made).items():
        say(f"note: {projection.value} leaves out {count:,}: {reason}")
    if made.graph.get("undated"):
        say(f"note: {quantity(made.graph['undated'], 'rows have no date and are kept')}")
    return made


def parameters(pairs: list[str]) -> dict[str, str]:
    """Read NAME=VALUE pairs.

    Raises:
        UsageError: A pair has no equals sign, or a name stands twice.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name in found:
            message = f"expected -p NAME=VALUE, each name once, and got '{pair}'"
            raise UsageError(message)
        found[name] = value
    return found
