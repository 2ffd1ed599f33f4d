"""A graph in an Oxigraph store of our own, in memory or on disk."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import pyoxigraph as ox

from chaingraph.errors import UnreadableError
from chaingraph.messages import tr
from chaingraph.sparql.text_frames import text_frame
from chaingraph.sparql.tokens import with_columns
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl
    import rdflib

STORE_SUFFIX = ".kg"


class LocalBackend:
    """A graph in a store of our own."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @property
    def max_parallel(self) -> int | None:
        """How many queries are answered side by side: as many as there are processors."""
        return os.cpu_count()

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Return the answer to a query of any form; ``SELECT *`` has its columns in the order of the query."""
        answer = self._store.query(text, prefixes=dict(PREFIXES))
        if isinstance(answer, ox.QuerySolutions):
            listed = with_columns(text, [variable.value for variable in answer.variables])
            return answer if listed == text else self._store.query(listed, prefixes=dict(PREFIXES))
        return answer

    def rows(self, text: str) -> pl.DataFrame:
        """Return the rows of a SELECT query as text, null where unbound or empty."""
        answer = self.query(text)
        assert isinstance(answer, ox.QuerySolutions)
        return text_frame(answer)

    def triples(self) -> list[ox.Triple]:
        """Return every triple of the graph."""
        return [quad.triple for quad in self._store.quads_for_pattern(None, None, None, ox.DefaultGraph())]

    def dump(self, path: Path) -> None:
        """Write every triple to an N-Triples file, in no order."""
        self._store.dump(path, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())

    def rdf(self) -> rdflib.Graph:
        """Return the graph as an rdflib.Graph over the same store, without a copy."""
        import rdflib
        from oxrdflib import OxigraphStore
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

        graph = rdflib.Graph(store=OxigraphStore(store=self._store), identifier=DATASET_DEFAULT_GRAPH_ID)
        with contextlib.suppress(ValueError, OSError):
            for prefix, namespace in PREFIXES.items():
                graph.bind(prefix, namespace)
        return graph

    def __len__(self) -> int:
        """Return the number of triples."""
        return len(self._store)


def is_store(path: Path) -> bool:
    """Tell whether a path is a built store."""
    return path.suffix == STORE_SUFFIX and (path / "CURRENT").is_file()


def open_store(path: Path) -> ox.Store:
    """Return a built store, opened read-only where it lies.

    Raises:
        UnreadableError: It cannot be opened.
    """
    if not is_store(path):
        reason = tr("is no built store, or a damaged one: its file CURRENT is missing; build it again")
        raise UnreadableError(path, reason)
    try:
        return ox.Store.read_only(str(path))
    except (OSError, RuntimeError) as error:
        raise UnreadableError(
            path, tr("is no store that can be opened: {error}; build it again", error=error)
        ) from error
