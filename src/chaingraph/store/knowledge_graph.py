"""``KnowledgeGraph``: opening, building, querying and exporting a graph, in memory, on disk or behind an endpoint."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from chaingraph.errors import QueryError
from chaingraph.export.files import replacement
from chaingraph.messages import tr
from chaingraph.sparql.blank_nodes import signatures
from chaingraph.sparql.frames import form_of, frame_of_solutions, graph_of_triples
from chaingraph.sparql.limits import QueryLimits, refuse_large, refuse_service
from chaingraph.sparql.questions import answer
from chaingraph.sparql.unknown_terms import undeclared_prefix
from chaingraph.store.answers import FEWEST_TRIPLES, FOLDER, write_answers
from chaingraph.store.builder import StoreBuilder
from chaingraph.store.joining import Joined, joined_triples
from chaingraph.store.local import LocalBackend
from chaingraph.store.rdf_files import format_of, serialize, write_document
from chaingraph.store.remote import RemoteBackend
from chaingraph.store.source import Kind, sources_of
from chaingraph.store.versions import STORE_SUFFIX, store_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    import polars as pl
    import rdflib

    from chaingraph.store.source import SourceLike

_OF_BLANK_NODES = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER (ISBLANK(?s) || ISBLANK(?o)) }"


class Backend(Protocol):
    """What answers a graph's queries: a store of our own, or an endpoint."""

    @property
    def max_parallel(self) -> int | None:
        """How many queries it takes side by side."""
        ...

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]:
        """Return the answer to a query of any form."""
        ...

    def rows(self, text: str) -> pl.DataFrame:
        """Return the rows of a SELECT query as text."""
        ...

    def triples(self) -> list[ox.Triple]:
        """Return every triple."""
        ...

    def dump(self, path: Path) -> None:
        """Write every triple to an N-Triples file, in no order."""
        ...

    def rdf(self) -> rdflib.Graph:
        """Return the graph as an rdflib.Graph, if it can be one."""
        ...

    def __len__(self) -> int:
        """Return the number of triples."""
        ...


class KnowledgeGraph:
    """One RDF graph, in memory, on disk or behind an endpoint.

    :func:`KnowledgeGraph.open` returns one. ``notes`` are the assumptions of the reading (an encoding, a sheet that was
    left out) as sentences; ``created`` counts by table the rows that were made from names alone; ``summary`` has, by
    language, the lines on what rosters were read as; ``joined`` tells which organizations stand as their parents, where
    :func:`chaingraph.roll_up` made the graph. ``query_limits`` may be replaced, for queries that are larger than usual.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        notes: Sequence[str] = (),
        created: dict[str, int] | None = None,
        summary: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._backend = backend
        self.notes = tuple(notes)
        self.created = created or {}
        self.summary = summary or {}
        self.joined: Joined | None = None
        self.query_limits = QueryLimits()

    @classmethod
    def open(
        cls,
        *sources: SourceLike,
        encoding: str | None = None,
        create: bool = False,
        columns: Mapping[str, str] | None = None,
        report: Callable[[str], None] | None = None,
    ) -> KnowledgeGraph:
        """Return the graph of one or several sources.

        Args:
            sources: Data set folders (or a folder of them), workbooks and rosters as kept (.xlsx, .xls, .ods, .csv,
                .tsv), RDF files (.ttl, .nt, .jsonld, .rdf), built stores (.kg), addresses of SPARQL 1.1 endpoints
                (https://host/sparql), or pandas or polars frames by table name: ``{"organizations": frame}``. A built
                store or an endpoint on its own is opened read-only where it lies; everything else is built in memory,
                and what an endpoint has is copied for that. An endpoint is sent CHAINGRAPH_USER and
                CHAINGRAPH_PASSWORD, or CHAINGRAPH_TOKEN, of the environment. Frames are read like a folder of tables;
                the key ``dataset`` may hold what ``dataset.json`` would.
            encoding: How CSV files are encoded, where it is not UTF-8.
            create: Make an organization of each name that no row of the organizations has, in tables of the contract.
            columns: What columns of rosters mean, by heading: ``{"负责单位": "lead"}``; ``-`` leaves one out.
            report: Called with a line on each step.

        Raises:
            UsageError: There is no source, or something that cannot be one.
            UnreadableError: A source cannot be read at all.
            TableProblemsError: Tables hold mistakes; all of them are listed.
        """
        several = sources_of(sources)
        if len(several) == 1 and several[0].kind is Kind.ENDPOINT:
            return cls(RemoteBackend(str(several[0].origin)))
        if len(several) == 1 and several[0].kind is Kind.STORE:
            return cls(LocalBackend.open(several[0].path))
        builder = StoreBuilder(ox.Store(), encoding=encoding, create=create, columns=columns, report=report)
        builder.fill(several)
        return cls(LocalBackend(builder.store), notes=builder.notes, created=builder.created, summary=builder.summary)

    @classmethod
    def build(
        cls,
        sources: SourceLike | Sequence[SourceLike],
        output: str | Path,
        *,
        encoding: str | None = None,
        create: bool = False,
        columns: Mapping[str, str] | None = None,
        report: Callable[[str], None] | None = None,
        answers: bool = True,
    ) -> KnowledgeGraph:
        """Build the graph of a source or several, write it to ``output``, and return it.

        ``output`` ends in .kg (a store on disk) or in the suffix of an RDF format. If the build fails, what was at
        ``output`` before is still there; if not, it is replaced in one step, and who has it open keeps what it was. A
        large store has beside it what networks and tables ask of it, unless ``answers`` is False: they are several
        times as fast, the build takes longer. For the other arguments and the errors see :meth:`open`.

        Raises:
            UsageError: Also where another process builds the same store.
        """
        several = sources_of(sources)
        target = Path(output)
        if target.suffix != STORE_SUFFIX:
            format_of(target)
            graph = cls.open(
                *(source.origin for source in several), encoding=encoding, create=create, columns=columns, report=report
            )
            # An endpoint that does not count its triples is refused before anything is written.
            len(graph)
            graph.export(target)
            return graph
        with store_writer(target) as writer:
            builder = StoreBuilder(
                ox.Store(str(writer.folder)), encoding=encoding, create=create, columns=columns, report=report
            )
            builder.fill(several)
            builder.store.optimize()
            if answers and len(builder.store) >= FEWEST_TRIPLES:
                backend = LocalBackend(builder.store)
                write_answers(writer.folder / FOLDER, backend.rows, backend.write_triples)
                del backend
            notes, created, summary = builder.notes, builder.created, builder.summary
            del builder
            version = writer.publish()
        backend = LocalBackend(version.database(), version)
        return cls(backend, notes=notes, created=created, summary=summary)

    def with_parents(self, parents: Mapping[str, str]) -> KnowledgeGraph:
        """Return a graph in which parents stand for the organizations that are part of them.

        Args:
            parents: What stands for each organization that is joined, by IRI; none stands for itself.
        """
        backend, joined = self._backend, Joined(0, 0, 0, 0)
        if parents:
            triples, joined = joined_triples(self._backend.triples(), parents)
            builder = StoreBuilder(ox.Store())
            builder.store.bulk_extend(ox.Quad(*triple) for triple in triples)
            builder.derive()
            backend = LocalBackend(builder.store)
        graph = KnowledgeGraph(backend, notes=self.notes, created=self.created, summary=self.summary)
        graph.joined = joined
        return graph

    def query(self, text: str, *, short: bool = True) -> pd.DataFrame | bool | rdflib.Graph:
        """Return the answer to a SPARQL query.

        The prefixes cg, code, id, rdf, rdfs, owl, xsd, skos, dcterms and dcat need not be declared. A SERVICE clause is
        refused: no other endpoint is asked.

        Args:
            text: A SPARQL 1.1 query.
            short: Abbreviate IRIs by the known prefixes (``code:role-lead``) in SELECT answers.

        Returns:
            For SELECT a frame with one column per variable, typed as the values are (Int64, Float64, boolean, dates,
            text), missing where unbound; for ASK a truth value; for CONSTRUCT and DESCRIBE an rdflib.Graph.

        Raises:
            QueryError: The text is no SPARQL query (the message has the position), is larger than ``query_limits``, or
                cannot be answered.
        """
        with self._answering(text):
            answer = self._backend.query(text)
            if isinstance(answer, ox.QueryBoolean):
                return bool(answer)
            if isinstance(answer, ox.QuerySolutions):
                return frame_of_solutions(answer, short=short)
            return graph_of_triples(answer)

    def select(self, text: str) -> pd.DataFrame:
        """Return the answer to a SELECT query as :meth:`query` does; any other form of query is refused."""
        with self._answering(text):
            answer = self._backend.query(text) if form_of(text).kind == "rows" else None
            if isinstance(answer, ox.QuerySolutions):
                return frame_of_solutions(answer, short=True)
        message = tr("expected a SELECT query")
        raise QueryError(message)

    def ask(self, name: str, **parameters: object) -> pd.DataFrame:
        """Return the answer to a competency question.

        Args:
            name: The question's name, such as ``who-leads``; :func:`chaingraph.questions` lists them.
            parameters: The values of its parameters, by name. A thing is given by its IRI, its short IRI or a name that
                it alone has; a code by its notation or label; a date as a day. They are bound as terms and never become
                part of the query's text.

        Returns:
            One row per answer; labels, quotes and records of registers in columns of their own.

        Raises:
            UnknownTermError: There is no such question, parameter or code.
            UnknownThingError: Nothing in the graph has the IRI or name that is given.
            AmbiguousNameError: Several things have the name that is given.
            UsageError: A required parameter is missing, or a value does not fit.

        Example:
            >>> import chaingraph as cg
            >>> from chaingraph.resources import sample
            >>> kg = cg.open(sample("jiangsu-2022"))
            >>> kg.ask("who-leads", consortium="江苏省新型显示产业技术创新联合体")["organization_zh"].tolist()
            ['苏大维格']
        """
        return answer(self, name, **parameters)

    def construct_turtle(self, text: str) -> str | None:
        """Return the answer to a CONSTRUCT or DESCRIBE query in Turtle, literals unchanged; None for other queries."""
        with self._answering(text):
            if form_of(text).kind != "triples":
                return None
            triples = self._backend.query(text)
            assert not isinstance(triples, ox.QuerySolutions | ox.QueryBoolean)
            return serialize(list(triples), ox.RdfFormat.TURTLE).decode()

    def select_text(self, text: str) -> pl.DataFrame:
        """Return the rows of a SELECT query as text, null where unbound: the fast way to many rows.

        IRIs are in full, literals without datatype and language.
        """
        with self._answering(text):
            return self._backend.rows(text)

    def select_many(self, texts: Sequence[str]) -> list[pl.DataFrame]:
        """Return the rows of several SELECT queries as :meth:`select_text` does, answered side by side."""
        if len(texts) < 2:
            return list(map(self.select_text, texts))
        with ThreadPoolExecutor(max_workers=self._backend.max_parallel) as pool:
            return list(pool.map(self.select_text, texts))

    def dump(self, path: Path) -> None:
        """Write the graph to an N-Triples file as it lies: fast, in no order. `export` writes a file to keep."""
        self._backend.dump(path)

    @property
    def rdf(self) -> rdflib.Graph:
        """The same graph as an rdflib.Graph over the same store, without a copy.

        Raises:
            UsageError: The graph is behind an endpoint; query it, or build a copy and open that.
        """
        return self._backend.rdf()

    def __len__(self) -> int:
        """Return the number of triples."""
        return len(self._backend)

    def data_sets(self) -> list[dict[str, str]]:
        """Return the description of each data set in the graph, with the keys that it has.

        The keys are ``d`` (the IRI), ``name``, ``title_en``, ``title_zh``, ``licence``, ``attribution`` and
        ``attribution_zh``.
        """
        rows = self.select_text(
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

    def signatures(self) -> dict[str, str]:
        """Return for each blank node, as ``_:label``, a text that depends on what is said around it, not on its label.

        The labels are those of :meth:`select_text`; those of an endpoint change from answer to answer.
        """
        with self._answering(_OF_BLANK_NODES):
            triples = self._backend.query(_OF_BLANK_NODES)
            assert not isinstance(triples, ox.QuerySolutions | ox.QueryBoolean)
            return {f"_:{node.value}": text for node, text in signatures(list(triples)).items()}

    def export(self, path: str | Path) -> None:
        """Write the graph to a file; its suffix (.ttl, .nt, .jsonld, .rdf) chooses the format.

        The same graph gives the same bytes: triples are sorted, and neither time nor machine is written.

        Raises:
            UsageError: The suffix is none of these, or the file cannot be written.
        """
        target = Path(path)
        file_format = format_of(target)
        with replacement(target) as temporary:
            write_document(self._backend.dump, file_format, temporary)

    @contextmanager
    def _answering(self, text: str) -> Iterator[None]:
        """Refuse what a query must not contain, and turn what goes wrong while it is answered into one error."""
        refuse_service(text)
        refuse_large(text, self.query_limits)
        try:
            yield
        except SyntaxError as error:
            message = tr("the query cannot be read: {error}", error=undeclared_prefix(text) or error)
            raise QueryError(message) from error
        except (ValueError, OSError, RuntimeError) as error:
            if isinstance(error, QueryError):
                raise
            message = tr("the query cannot be answered: {error}", error=error)
            raise QueryError(message) from error


open = KnowledgeGraph.open
build = KnowledgeGraph.build
