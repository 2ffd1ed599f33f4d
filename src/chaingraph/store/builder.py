"""Filling a store from sources: the only place that loads tables, RDF files, stores and endpoints into one graph."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from chaingraph.messages import tr
from chaingraph.resources import rule_files
from chaingraph.sparql.rdf_documents import relabelled
from chaingraph.store.cells_to_triples import documents
from chaingraph.store.local import LocalBackend
from chaingraph.store.rdf_files import n_triples
from chaingraph.store.remote import RemoteBackend
from chaingraph.store.source import Kind
from chaingraph.tables.metadata import default_description

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from chaingraph.store.source import Source

_DOCUMENT = 2**25
"""Oxigraph keeps in memory what one call of ``bulk_load`` brings, so that one call brings so many bytes at most."""
_LOADERS = 2
_QUADS = 200_000
"""As many triples one call of ``bulk_extend`` brings."""


class StoreBuilder:
    """A store that is filled from sources, with what was assumed and how many rows were made from names alone.

    Args:
        store: The store to fill.
        encoding: How CSV files are encoded, where it is not UTF-8.
        create: Make an organization of each name that no row of the organizations has.
        columns: What columns of rosters mean, by heading.
        report: Called with a line on each step.
    """

    def __init__(
        self,
        store: ox.Store,
        *,
        encoding: str | None = None,
        create: bool = False,
        columns: Mapping[str, str] | None = None,
        report: Callable[[str], None] | None = None,
    ) -> None:
        self.store = store
        self.notes: tuple[str, ...] = ()
        self.created: dict[str, int] = {}
        self.summary: dict[str, tuple[str, ...]] = {}
        self._columns = columns
        self._encoding = encoding
        self._create = "organizations" if create else None
        self._report = report or (lambda _: None)
        self._bases: dict[str, Source] = {}

    def fill(self, sources: Sequence[Source]) -> None:
        """Load all sources, and derive what the rules of the ontology say of them together; an endpoint is copied.

        Raises:
            UnreadableError: A source cannot be read at all.
            TableProblemsError: Tables hold mistakes; all of them are listed.
        """
        for number, source in enumerate(sources, start=1):
            self._report(tr("reading {source}", source=source))
            label = f"d{number}n"
            if source.has_tables:
                self._load_tables(source)
            elif source.kind is Kind.ENDPOINT:
                self._extend(RemoteBackend(str(source.origin)).triples(), label)
            elif source.kind is Kind.STORE:
                self._extend(LocalBackend.open(source.path).triples_of_all_graphs(), label)
            else:
                for _ in self._bulk_load(_documents(n_triples(source.path, label), _DOCUMENT)):
                    pass
        self.derive()

    def derive(self) -> None:
        """Add what the rules of the ontology derive from the store."""
        for rule in rule_files():
            triples = self.store.query(rule.read_text(encoding="utf-8"))
            assert isinstance(triples, ox.QueryTriples)
            self.store.extend(ox.Quad(*triple) for triple in list(triples))

    def _extend(self, triples: Iterable[ox.Triple], label: str) -> None:
        """Add triples of another graph, whose blank nodes get labels of their own."""
        quads = (ox.Quad(*triple) for triple in relabelled(triples, label))
        while batch := list(islice(quads, _QUADS)):
            self.store.bulk_extend(batch)

    def _load_tables(self, source: Source) -> None:
        data_set = source.tables(encoding=self._encoding, create=self._create, columns=self._columns)
        self._report(
            tr("{source}: {count:,} rows", source=source, count=sum(frame.height for frame in data_set.tables.values()))
        )
        description = data_set.description
        first = self._bases.setdefault(description.base, source)
        if first.name != source.name and description.base == default_description(description.name).base:
            self.notes += (
                tr(
                    "{first} and {source} have the same name, so rows of equal id are one thing",
                    first=first,
                    source=source,
                ),
            )
        triples = 0
        for count in self._bulk_load(documents(data_set, _DOCUMENT)):
            triples += count
            self._report(tr("{source}: {triples:,} triples", source=source, triples=triples))
        self.notes += data_set.notes
        for language, lines in data_set.summary.items():
            self.summary[language] = self.summary.get(language, ()) + lines
        for table, count in data_set.created.items():
            self.created[table] = self.created.get(table, 0) + count

    def _bulk_load(self, texts: Iterator[bytes]) -> Iterator[int]:
        """Load N-Triples documents, and yield the number of lines of each.

        Two are loaded at once, while the next is written: one alone leaves a processor half idle.
        """

        def load_one(document: bytes) -> int:
            self.store.bulk_load(document, ox.RdfFormat.N_TRIPLES, lenient=True)
            return document.count(b"\n")

        with ThreadPoolExecutor(max_workers=_LOADERS) as pool:
            loads: deque[Future[int]] = deque()
            for document in texts:
                if len(loads) == _LOADERS:
                    yield loads.popleft().result()
                loads.append(pool.submit(load_one, document))
            for future in loads:
                yield future.result()


def _documents(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield the pieces of a document in N-Triples as documents of about ``size`` bytes, each whole in itself."""
    parts: list[bytes] = []
    length = 0
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if length + end >= size and end:
            yield b"".join([*parts, piece[:end]])
            parts, length = [piece[end:]], len(piece) - end
        else:
            parts.append(piece)
            length += len(piece)
    yield b"".join(parts)
