"""Filling a store from sources: the only place that loads tables, documents, stores and endpoints into one graph."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from chaingraph.errors import UnreadableError, UsageError
from chaingraph.resources import rule_files
from chaingraph.store.local import STORE_SUFFIX, is_store, opened_store
from chaingraph.store.ntriples import documents
from chaingraph.store.rdf_files import EXPECTED, load
from chaingraph.store.remote import Remote
from chaingraph.store.transport import is_address
from chaingraph.tables import DataSet, read
from chaingraph.tables.files import TABLE_SUFFIXES
from chaingraph.tables.metadata import FILE_NAME, undescribed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

_DOCUMENT = 2**25
"""Oxigraph holds in memory what one call of ``bulk_load`` brings, so that one call brings so many bytes at most."""
_LOADERS = 2
_WORKBOOKS = {".xlsx", ".xlsm"}


class Building:
    """A store that is being filled, with what was assumed meanwhile and how many things were made of mere names."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.notes: tuple[str, ...] = ()
        self.created: dict[str, int] = {}

    def fill(
        self, sources: Sequence[str | Path], encoding: str | None, create: bool, report: Callable[[str], None] | None
    ) -> None:
        """Load all sources, and derive what the rules of the ontology say of them together.

        Args:
            sources: What :meth:`chaingraph.store.KnowledgeGraph.open` takes; an endpoint is copied.
            encoding: How CSV files are encoded, where it is not UTF-8.
            create: Make an organization of each name that no row of the organizations has.
            report: Called with a line on each step.

        Raises:
            UsageError: There is no source.
            UnreadableError: A source cannot be read at all.
            TableProblemsError: Tables hold mistakes; all of them are listed.
        """
        if not sources:
            message = f"there is nothing to open; {EXPECTED}"
            raise UsageError(message)
        bases: dict[str, Path] = {}
        for source in sources:
            if is_address(source):
                self._copy(Remote(str(source)), report)
                continue
            for path in data_sets(source):
                self._load(path, bases, encoding, create, report)
        for rule in rule_files():
            derived = self.store.query(rule.read_text(encoding="utf-8"))
            assert isinstance(derived, ox.QueryTriples)
            self.store.extend(ox.Quad(*triple) for triple in list(derived))

    def _copy(self, endpoint: Remote, report: Callable[[str], None] | None) -> None:
        if report is not None:
            report(f"reading {endpoint.name}")
        self.store.bulk_extend(ox.Quad(*triple) for triple in endpoint.triples())

    def _load(
        self,
        path: Path,
        bases: dict[str, Path],
        encoding: str | None,
        create: bool,
        report: Callable[[str], None] | None,
    ) -> None:
        if report is not None:
            report(f"reading {path}")
        if path.suffix == STORE_SUFFIX and path.exists() and not is_store(path):
            reason = "is no built store, or a damaged one: its file CURRENT is missing; build it again"
            raise UnreadableError(path, reason)
        if path.is_dir() and not is_store(path):
            found = read(path, encoding=encoding, create="organizations" if create else None)
            self._load_tables(found, path, bases, report)
        elif path.suffix.lower() in _WORKBOOKS:
            self._load_tables(read(path, create="organizations" if create else None), path, bases, report)
        elif is_store(path):
            self.store.extend(opened_store(path))
        else:
            load(self.store, path)

    def _load_tables(
        self, data_set: DataSet, path: Path, bases: dict[str, Path], report: Callable[[str], None] | None
    ) -> None:
        if report is not None:
            report(f"{path}: {sum(frame.height for frame in data_set.tables.values()):,} rows")
        description = data_set.description
        other = bases.setdefault(description.base, path)
        if other != path and description.base == undescribed(description.name).base:
            self.notes += (f"{other} and {path} have the same name, so rows of equal id are one thing",)
        loaded = 0
        for count in self._bulk_loaded(documents(data_set, _DOCUMENT)):
            loaded += count
            if report is not None:
                report(f"{path}: {loaded:,} triples")
        self.notes += data_set.notes
        for table, count in data_set.created.items():
            self.created[table] = self.created.get(table, 0) + count

    def _bulk_loaded(self, texts: Iterator[bytes]) -> Iterator[int]:
        """Load N-Triples documents, and yield the number of lines of each that is loaded.

        Two are loaded at once, while the next is written: one alone leaves a processor half idle.
        """

        def load_one(document: bytes) -> int:
            self.store.bulk_load(document, ox.RdfFormat.N_TRIPLES, lenient=True)
            return document.count(b"\n")

        with ThreadPoolExecutor(max_workers=_LOADERS) as pool:
            going: deque[Future[int]] = deque()
            for document in texts:
                if len(going) == _LOADERS:
                    yield going.popleft().result()
                going.append(pool.submit(load_one, document))
            for one in going:
                yield one.result()


def data_sets(source: str | Path) -> list[Path]:
    """Return the data sets of a folder that holds described data sets and is none itself; else the path alone."""
    path = Path(source)
    if path.parts[:1] in {("http:",), ("https:",)}:
        message = f"{path}: the address of an endpoint is given as text, not as a Path, which changes it"
        raise UsageError(message)
    if (
        not path.is_dir()
        or path.suffix == STORE_SUFFIX
        or any(child.suffix in TABLE_SUFFIXES for child in path.iterdir())
    ):
        return [path]
    return [child for child in sorted(path.iterdir()) if (child / FILE_NAME).is_file()] or [path]
