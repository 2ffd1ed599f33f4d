"""``chaingraph build``: sources become one RDF file or one store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.options import Sources, say_notes
from chaingraph.cli.output import progress, quantity, say
from chaingraph.messages import tr


def build(
    source: Sources,
    output: Annotated[
        Path,
        option(
            Panel.OUTPUT,
            "A file (.ttl .nt .jsonld .rdf) or a store (.kg).",
            "--output",
            "-o",
            metavar="FILE",
        ),
    ],
) -> None:
    """Build a graph: from tables or RDF to a file or store.

    Several sources make one graph. What an endpoint holds is copied.
    """
    from chaingraph.store import KnowledgeGraph

    source.check(source.sources)
    with progress(tr("building")) as report:
        graph = KnowledgeGraph.build(
            source.sources,
            output,
            encoding=source.encoding,
            create=source.create,
            columns=source.columns,
            report=report,
        )
    say_notes(graph)
    say(f"{quantity(len(graph), 'triples')} → {output}")
