"""``KnowledgeGraph``: opening, building, querying and exporting a graph; the only place that knows Oxigraph."""

from __future__ import annotations

import contextlib
import io
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyoxigraph as ox

from chaingraph.answers import frame_of_solutions, graph_of_triples
from chaingraph.documents import EXPECTED, format_of, load, serialized
from chaingraph.errors import QueryError, UnreadableError, UsageError
from chaingraph.guards import asks_another_endpoint, query_nesting
from chaingraph.output import replacement
from chaingraph.questions import answer
from chaingraph.resources import rule_files
from chaingraph.tables import DataSet, read
from chaingraph.tables.description import FILE_NAME, undescribed
from chaingraph.tables.files import TABLE_SUFFIXES
from chaingraph.triples import documents
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    import pandas as pd
    import rdflib

STORE_SUFFIX = ".kg"
_DEEPEST_QUERY = 100
_DOCUMENT = 2**25
"""Oxigraph holds in memory what one call of ``bulk_load`` brings, so that one call brings so many bytes at most."""
_LOADERS = 2
_WORKBOOKS = {".xlsx", ".xlsm"}


class KnowledgeGraph:
    """One RDF graph, in memory or on disk, with what was noted while it was read.

    Make one with :func:`KnowledgeGraph.open`. ``notes`` says what was assumed (an encoding, a sheet left out) and
    ``created`` how many things were made from mere names.
    """

    def __init__(self, store: ox.Store, *, notes: Sequence[str] = (), created: dict[str, int] | None = None) -> None:
        self._store = store
        self.notes = tuple(notes)
        self.created = created or {}

    @classmethod
    def open(
        cls,
        *sources: str | Path,
        encoding: str | None = None,
        create: bool = False,
        report: Callable[[str], None] | None = None,
    ) -> KnowledgeGraph:
        """Return the graph of one or several sources.

        Args:
            sources: Data set folders (or a folder of them), workbooks (.xlsx), RDF files (.ttl, .nt, .jsonld, .rdf) or
                built stores (.kg). A built store on its own is opened read-only where it lies; everything else is built
                in memory.
            encoding: How CSV files are encoded, where it is not UTF-8.
            create: Make an organization of each name that no row of the organizations has.
            report: Called with a line on each step.

        Raises:
            UnreadableError: A source cannot be read at all.
            TableProblemsError: Tables hold mistakes; all of them are listed.
        """
        paths = [path for source in sources for path in _data_sets(Path(source))]
        if not paths:
            message = f"there is nothing to open; {EXPECTED}"
            raise UsageError(message)
        if len(paths) == 1 and _is_store(paths[0]):
            return cls(_opened_store(paths[0]))
        graph = cls(ox.Store())
        graph._fill(paths, encoding, create, report)
        return graph

    @classmethod
    def build(
        cls,
        sources: Sequence[str | Path],
        output: str | Path,
        *,
        encoding: str | None = None,
        create: bool = False,
        report: Callable[[str], None] | None = None,
    ) -> KnowledgeGraph:
        """Build the graph of the sources, put it at ``output``, and return it.

        ``output`` ends in .kg (a store on disk) or in the suffix of an RDF format. If the build fails, what stood
        there before stands there still.
        """
        target = Path(output)
        if target.suffix != STORE_SUFFIX:
            format_of(target)
            graph = cls.open(*sources, encoding=encoding, create=create, report=report)
            graph.export(target)
            return graph
        if target.exists() and not _is_store(target):
            message = f"{target} exists and is no built store; name another output"
            raise UsageError(message)
        with replacement(target, folder=True) as made:
            graph = cls(ox.Store(str(made)))
            graph._fill([path for source in sources for path in _data_sets(Path(source))], encoding, create, report)
            graph._store.optimize()
            notes, created = graph.notes, graph.created
            del graph
        return cls(_opened_store(target), notes=notes, created=created)

    def _fill(
        self, paths: Sequence[Path], encoding: str | None, create: bool, report: Callable[[str], None] | None
    ) -> None:
        bases: dict[str, Path] = {}
        for path in paths:
            if report is not None:
                report(f"reading {path}")
            if path.suffix == STORE_SUFFIX and path.exists() and not _is_store(path):
                raise UnreadableError(path, "is no built store, or a damaged one: its file CURRENT is missing")
            if path.is_dir() and not _is_store(path):
                found = read(path, encoding=encoding, create="organizations" if create else None)
                self._load_tables(found, path, bases, report)
            elif path.suffix.lower() in _WORKBOOKS:
                self._load_tables(read(path, create="organizations" if create else None), path, bases, report)
            elif _is_store(path):
                self._store.extend(_opened_store(path))
            else:
                load(self._store, path)
        for rule in rule_files():
            derived = self._store.query(rule.read_text(encoding="utf-8"))
            assert isinstance(derived, ox.QueryTriples)
            self._store.extend(ox.Quad(*triple) for triple in list(derived))

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
            self._store.bulk_load(document, ox.RdfFormat.N_TRIPLES, lenient=True)
            return document.count(b"\n")

        with ThreadPoolExecutor(max_workers=_LOADERS) as pool:
            going: deque[Future[int]] = deque()
            for document in texts:
                if len(going) == _LOADERS:
                    yield going.popleft().result()
                going.append(pool.submit(load_one, document))
            for one in going:
                yield one.result()

    def query(self, text: str, *, short: bool = True) -> pd.DataFrame | bool | rdflib.Graph:
        """Return the answer to a SPARQL query.

        The prefixes cg, code, id, rdf, rdfs, owl, xsd, skos, dcterms and dcat need not be written. A SERVICE clause is
        refused: nothing is asked of the network.

        Args:
            text: A SPARQL 1.1 query.
            short: Abbreviate IRIs by the known prefixes (``code:role-lead``) in SELECT answers.

        Returns:
            For SELECT a frame, one column a variable, typed as the values are (Int64, Float64, boolean, dates, text)
            with missing values for unbound ones; for ASK a truth value; for CONSTRUCT and DESCRIBE a graph.

        Raises:
            QueryError: The text is no SPARQL query, with the place of the mistake, or it cannot be answered.
        """
        with _answering(text):
            answer = self._store.query(text, prefixes=dict(PREFIXES))
            if isinstance(answer, ox.QueryBoolean):
                return bool(answer)
            if isinstance(answer, ox.QuerySolutions):
                return frame_of_solutions(answer, short=short)
            return graph_of_triples(answer)

    def select(self, text: str) -> pd.DataFrame:
        """Return the answer to a SELECT query as :meth:`query` does; any other form of query is refused."""
        with _answering(text):
            answer = self._store.query(text, prefixes=dict(PREFIXES))
            if isinstance(answer, ox.QuerySolutions):
                return frame_of_solutions(answer, short=True)
        message = "expected a SELECT query"
        raise QueryError(message)

    def answer(self, name: str, **parameters: object) -> pd.DataFrame:
        """Return the answer to a competency question; see :func:`chaingraph.questions.answer`.

        Args:
            name: The question's name, such as ``who-leads``; :func:`chaingraph.questions.questions` lists them.
            parameters: What it is asked about, by name: an IRI, in full or short, or the name of exactly one thing; a
                text; a number; a date. They are bound as terms and never become part of the query's text.
        """
        return answer(self, name, **parameters)

    def turtle(self, text: str) -> str | None:
        """Return the answer to a CONSTRUCT or DESCRIBE query in Turtle, literals as they stand, else None."""
        with _answering(text):
            answer = self._store.query(text, prefixes=dict(PREFIXES))
            if isinstance(answer, ox.QueryTriples):
                return serialized(list(answer), ox.RdfFormat.TURTLE).decode()
        return None

    def flat(self, text: str) -> pl.DataFrame:
        """Return the rows of a SELECT query as text, null where unbound: the fast way to many rows.

        IRIs stand as they are, literals without datatype and language.
        """
        with _answering(text):
            answer = self._store.query(text, prefixes=dict(PREFIXES))
            assert isinstance(answer, ox.QuerySolutions)
            content = answer.serialize(format=ox.QueryResultsFormat.CSV)
        assert content is not None
        return pl.read_csv(io.BytesIO(content), infer_schema=False)

    def flats(self, texts: Sequence[str]) -> list[pl.DataFrame]:
        """Return the rows of several SELECT queries as :meth:`flat` does, answered side by side."""
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            return list(pool.map(self.flat, texts))

    @property
    def rdf(self) -> rdflib.Graph:
        """The same graph as an rdflib.Graph over the same store, without a copy."""
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

    def data_sets(self) -> list[dict[str, str]]:
        """Return what the data sets in the graph say of themselves: title_en, title_zh, licence, attribution."""
        rows = self.flat(
            "SELECT ?d ?name (SAMPLE(?en) AS ?title_en) (SAMPLE(?zh) AS ?title_zh) (SAMPLE(?l) AS ?licence)"
            " (SAMPLE(?a) AS ?attribution) (SAMPLE(?az) AS ?attribution_zh) {"
            " ?d a dcat:Dataset ; dcterms:identifier ?name"
            " OPTIONAL { ?d dcterms:title ?en FILTER (LANG(?en) != 'zh') }"
            " OPTIONAL { ?d dcterms:title ?zh FILTER (LANG(?zh) = 'zh') }"
            " OPTIONAL { ?d dcterms:license ?l }"
            " OPTIONAL { ?d cg:attribution ?a FILTER (LANG(?a) != 'zh') }"
            " OPTIONAL { ?d cg:attribution ?az FILTER (LANG(?az) = 'zh') }"
            "} GROUP BY ?d ?name ORDER BY ?name"
        )
        return [{key: value for key, value in row.items() if value} for row in rows.iter_rows(named=True)]

    def export(self, path: str | Path) -> None:
        """Write the graph to a file; its suffix (.ttl, .nt, .jsonld, .rdf) chooses the format.

        The same graph gives the same bytes: triples are sorted, and nothing of the time or the machine is written.

        Raises:
            UsageError: The suffix is none of these, or the file cannot be written.
        """
        target = Path(path)
        file_format = format_of(target)
        triples = [quad.triple for quad in self._store.quads_for_pattern(None, None, None, ox.DefaultGraph())]
        content = serialized(triples, file_format)
        with replacement(target) as made:
            made.write_bytes(content)


@contextmanager
def _answering(text: str) -> Iterator[None]:
    """Refuse what a query must not ask, and turn what goes wrong while it is answered into one error."""
    if asks_another_endpoint(text):
        message = "the query has a SERVICE clause, which is refused: nothing is asked of the network"
        raise QueryError(message)
    if query_nesting(text) > _DEEPEST_QUERY:
        message = f"the query nests brackets more than {_DEEPEST_QUERY} deep"
        raise QueryError(message)
    try:
        yield
    except SyntaxError as error:
        message = f"the query cannot be read: {error}"
        raise QueryError(message) from error
    except (ValueError, OSError, RuntimeError) as error:
        if isinstance(error, QueryError):
            raise
        message = f"the query cannot be answered: {error}"
        raise QueryError(message) from error


def _data_sets(path: Path) -> list[Path]:
    """Return the data sets of a folder that holds described data sets and is none itself; else the path alone."""
    if (
        not path.is_dir()
        or path.suffix == STORE_SUFFIX
        or any(child.suffix in TABLE_SUFFIXES for child in path.iterdir())
    ):
        return [path]
    return [child for child in sorted(path.iterdir()) if (child / FILE_NAME).is_file()] or [path]


def _is_store(path: Path) -> bool:
    return path.suffix == STORE_SUFFIX and (path / "CURRENT").is_file()


def _opened_store(path: Path) -> ox.Store:
    try:
        return ox.Store.read_only(str(path))
    except (OSError, RuntimeError) as error:
        raise UnreadableError(path, f"is no store that can be opened: {error}") from error
