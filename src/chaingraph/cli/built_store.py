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

_PREFIX = "chaingraph-serve-"


def built_store(source: Sources, stack: ExitStack) -> Path:
    """Return a built store: the source itself, or one that is built from all and removed at the end.

    What a process that is killed leaves is removed by the next that needs such a store.

    Args:
        source: The sources.
        stack: What is left at the end.

    Raises:
        UsageError: A source is an endpoint.
    """
    from chaingraph.store.versions import STORE_SUFFIX, is_store, remove_unused_stores

    source.check(source.sources)
    path = Path(source.sources[0])
    # Who serves a built store needs nothing of what builds one, which takes a second to load.
    if len(source.sources) == 1 and is_store(path):
        return path
    from chaingraph.store import KnowledgeGraph

    for name in source.sources:
        if "://" in name:
            message = tr(
                "cannot serve {names}: it is served already; name a data set, an RDF file or a built store",
                names=source_names([name]),
            )
            raise UsageError(message)
    remove_unused_stores(Path(tempfile.gettempdir()), _PREFIX)
    store = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=_PREFIX, suffix=STORE_SUFFIX)))
    with progress(tr("building {sources}", sources=source_names(source.sources))) as report:
        graph = KnowledgeGraph.build(
            source.sources,
            store,
            encoding=source.encoding,
            create=source.create,
            columns=source.columns,
            report=report,
            answers=False,
        )
    say_notes(graph)
    # As long as the graph is open, no other process takes the store for one that nobody uses.
    stack.callback(lambda _: None, graph)
    return store
