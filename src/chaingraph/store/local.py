"""A graph in an Oxigraph store of our own, in memory or on disk."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, BinaryIO

import pyoxigraph as ox

from chaingraph.sparql.text_frames import text_frame
from chaingraph.sparql.tokens import with_columns
from chaingraph.store.versions import open_version
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl
    import rdflib

    from chaingraph.store.versions import StoreVersion


class LocalBackend:
    """A graph in a store of our own.

    Args:
        store: The store.
        version: What it is a version of, where it is on disk: it stays there as long as this object.
    """

    def __init__(self, store: ox.Store, version: StoreVersion | None = None) -> None:
        self.store = store
        self.version = version

    @classmethod
    def open(cls, path: Path) -> LocalBackend:
        """Return the present version of a built store, opened read-only where it lies.

        Raises:
            UnreadableError: It cannot be opened.
        """
        version = open_version(path)
        return cls(version.database(), version)

    @property
    def max_parallel(self) -> int | None:
        """How many queries are answered side by side: as many as there are processors."""
        return os.cpu_count()

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Return the answer to a query of any form; ``SELECT *`` has its columns in the order of the query."""
        answer = self.store.query(text, prefixes=dict(PREFIXES))
        if isinstance(answer, ox.QuerySolutions):
            listed = with_columns(text, [variable.value for variable in answer.variables])
            return answer if listed == text else self.store.query(listed, prefixes=dict(PREFIXES))
        return answer

    def rows(self, text: str) -> pl.DataFrame:
        """Return the rows of a SELECT query as text, null where unbound or empty."""
        if self.version is not None and (rows := self.version.answers.rows(text)) is not None:
            return rows
        answer = self.query(text)
        assert isinstance(answer, ox.QuerySolutions)
        return text_frame(answer)

    def triples(self) -> list[ox.Triple]:
        """Return every triple of the graph."""
        return [quad.triple for quad in self.store.quads_for_pattern(None, None, None, ox.DefaultGraph())]

    def triples_of_all_graphs(self) -> Iterator[ox.Triple]:
        """Yield every triple, in whatever graph it is."""
        for quad in self.store:
            yield quad.triple

    def dump(self, path: Path) -> None:
        """Write every triple to an N-Triples file, in no order."""
        if self.version is None or not self.version.answers.dump(path):
            self.write_triples(path)

    def write_triples(self, output: Path | BinaryIO) -> None:
        """Write every triple as N-Triples from the store itself."""
        self.store.dump(output, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())

    def rdf(self) -> rdflib.Graph:
        """Return the graph as an rdflib.Graph over the same store, without a copy."""
        import rdflib
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

        from chaingraph.store.rdflib_plugin import ChaingraphStore

        store = ChaingraphStore(store=self.store)
        store.version = self.version
        graph = rdflib.Graph(store=store, identifier=DATASET_DEFAULT_GRAPH_ID)
        with contextlib.suppress(ValueError, OSError):
            for prefix, namespace in PREFIXES.items():
                graph.bind(prefix, namespace)
        return graph

    def __len__(self) -> int:
        """Return the number of triples."""
        return len(self.store)
