"""What several commands share: the options that name a source, and opening it with the words for a person."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chaingraph.cli.printing import Format, progress, say
from chaingraph.errors import UsageError

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.store import KnowledgeGraph

Source = Annotated[
    Path,
    typer.Argument(help="A data set folder, workbook (.xlsx), RDF file (.ttl .nt .jsonld .rdf) or built store (.kg)."),
]
Encoding = Annotated[str | None, typer.Option(help="How the CSV files are encoded, if not in UTF-8.")]
Create = Annotated[bool, typer.Option("--create", help="Make an organization of each name that no row has.")]
Form = Annotated[Format, typer.Option("--format", help="How the table comes out.")]


class Projection(StrEnum):
    """The networks that can be drawn from a graph."""

    affiliation = "affiliation"
    co_membership = "co_membership"
    whole = "whole"


def opened(source: Path, encoding: str | None, create: bool) -> KnowledgeGraph:
    """Open a source, with progress, and say what was assumed."""
    from chaingraph.store import KnowledgeGraph

    with progress(f"opening {source}") as report:
        graph = KnowledgeGraph.open(source, encoding=encoding, create=create, report=report)
    say_notes(graph)
    return graph


def say_notes(graph: KnowledgeGraph) -> None:
    """Say what was assumed while a graph was read."""
    for note in graph.notes:
        say(f"note: {note}")
    for table, count in graph.created.items():
        say(f"note: made {count:,} {table} of names that no row has")


def projected(graph: KnowledgeGraph, projection: Projection, *, quotes: bool = False) -> nx.Graph[str]:
    """Draw a projection of a graph by its name."""
    from chaingraph import networks

    made: nx.Graph[str] = getattr(networks, projection.value)(graph, quotes=quotes)
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
