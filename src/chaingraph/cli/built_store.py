"""A built store of the sources of a command that answers for a long time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.cli.options import say_notes, source_names
from chaingraph.cli.output import progress
from chaingraph.errors import UsageError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from contextlib import ExitStack

    from chaingraph.cli.options import Sources


def built_store(source: Sources, stack: ExitStack) -> Path:
    """Return a built store: the source itself, or one that is built from all and removed at the end.

    Args:
        source: The sources.
        stack: What is left at the end.

    Raises:
        UsageError: A source is an endpoint.
    """
    from chaingraph.store import STORE_SUFFIX, KnowledgeGraph

    source.check(source.sources)
    path = Path(source.sources[0])
    if len(source.sources) == 1 and path.suffix == STORE_SUFFIX and (path / "CURRENT").is_file():
        return path
    for name in source.sources:
        if "://" in name:
            message = tr(
                "cannot serve {names}: it is served already; name a data set, an RDF file or a built store",
                names=source_names([name]),
            )
            raise UsageError(message)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaingraph-")))
    with progress(f"building {source_names(source.sources)}") as report:
        graph = KnowledgeGraph.build(
            source.sources,
            folder / "store.kg",
            encoding=source.encoding,
            create=source.create,
            columns=source.columns,
            report=report,
        )
    say_notes(graph)
    return folder / "store.kg"
