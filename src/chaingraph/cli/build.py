"""``chaingraph build``: sources become one RDF file or one store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.options import Sources, refuse, say_notes
from chaingraph.cli.output import progress, quantity, say, say_note
from chaingraph.errors import UsageError
from chaingraph.messages import tr


def build(
    source: Sources,
    output: Annotated[
        Path,
        option(
            Panel.OUTPUT,
            "A file (.ttl .nt .jsonld .rdf) or a store (.kg); with --engine, a folder.",
            "--output",
            "-o",
            metavar="FILE",
        ),
    ],
    engine: Annotated[
        str | None,
        option(
            Panel.OUTPUT,
            "Tables in Parquet become parts in N-Triples by an engine: duckdb, sc://HOST:PORT, spark://HOST:PORT.",
            metavar="ADDRESS",
        ),
    ] = None,
) -> None:
    """Build a graph: from tables or RDF to a file or store.

    Several sources make one graph. What an endpoint holds is copied. An engine builds what is too large for one
    process: the parts have the lines of one .nt file, for the bulk loader of a server.
    """
    from chaingraph.store import KnowledgeGraph

    if engine is not None:
        _build_parts(source, output, engine)
        return
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


def _build_parts(source: Sources, output: Path, engine: str) -> None:
    from chaingraph.engines import build_parts

    refuse(
        {"--encoding": source.encoding, "--create": source.create or None, "--column": source.column},
        tr("--engine reads tables of the contract in Parquet, whose references are ids"),
    )
    if len(source.sources) > 1:
        message = tr("--engine builds one folder of tables in Parquet at a time")
        raise UsageError(message)
    with progress(tr("building")) as report:
        parts = build_parts(source.sources[0], output, engine=engine, report=report)
    for note in parts.notes:
        say_note(note)
    say(f"{quantity(parts.triples, 'triples')} → {output}")
