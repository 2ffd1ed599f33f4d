"""What a source is, a built store or tables that the engine reads itself, and for how long an engine is connected."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.engines._tables import Counts, Hierarchy, read_tables, relation_of
from chaingraph.queries.filters import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.engines._connection import Engine
    from chaingraph.store import KnowledgeGraph

ANY_DATE = "any"
"""What stands for a date of the hierarchy where it is not to matter."""


@contextmanager
def connection(engine: str | Engine) -> Iterator[Engine]:
    """Yield an engine; one that is named by its address is closed afterwards."""
    from chaingraph.engines._connection import connect

    if not isinstance(engine, str):
        yield engine
        return
    connected = connect(engine)
    try:
        yield connected
    finally:
        connected.close()


def is_store(source: str | Path) -> bool:
    """Tell whether a source is a built store."""
    return (Path(source) / "store.json").is_file() or (Path(source) / "CURRENT").is_file()


def keep_source(
    engine: Engine,
    source: str | Path,
    network: str,
    *,
    at: str | None = None,
    between: tuple[str, str] | None = None,
    roll_up: str | None = None,
) -> Counts:
    """Keep the tables of a source that all measures are taken from; see ``read_tables``."""
    relation = relation_of(network)
    selection = Selection(at=at, between=between)
    if not is_store(source):
        period = None if roll_up in {None, ANY_DATE} else Selection(at=roll_up).period
        hierarchy = None if roll_up is None else Hierarchy(period)
        return read_tables(engine, source, relation, period=selection.period, hierarchy=hierarchy)
    from chaingraph.engines._stores import write_tables

    kg = graph_of(source, roll_up)
    with tempfile.TemporaryDirectory(prefix="chaingraph-engine-") as folder:
        left_out, undated = write_tables(kg, Path(folder), relation, selection)
        counts = read_tables(engine, folder, relation)
    joined = 0 if kg.joined is None else kg.joined.organizations
    return replace(counts, left_out=left_out, undated=undated, joined=joined)


def graph_of(source: str | Path, roll_up: str | None) -> KnowledgeGraph:
    """Open a store, and let parents stand for their parts."""
    from chaingraph.queries.roll_up import roll_up as graph_of_parents
    from chaingraph.store import KnowledgeGraph

    kg = KnowledgeGraph.open(source)
    return kg if roll_up is None else graph_of_parents(kg, at=None if roll_up == ANY_DATE else roll_up)
