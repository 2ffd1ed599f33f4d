"""What the manifests of the suites list, and where the suites are."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import rdflib
from rdflib import RDF, RDFS, Namespace
from rdflib.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

ROOT = Path(__file__).resolve().parents[2]
BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
"""Where the W3C keeps the suites: the base of all relative addresses in them."""
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")


def suites_folder() -> Path:
    """Return the folder of the SPARQL 1.1 suites: in CHAINGRAPH_W3C, or in ../shared/w3c beside the repository."""
    return Path(os.environ.get("CHAINGRAPH_W3C") or ROOT.parent / "shared" / "w3c").resolve() / "sparql11"


@dataclass(frozen=True)
class Exchange:
    """One request of a protocol test, and what must come back."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: frozenset[str]
    boolean: bool | None
    form: str | None


@dataclass(frozen=True)
class Case:
    """One test: ``graphs`` holds the named graphs, each with its file; files are None where a kind of test has none."""

    suite: str
    name: str
    kind: str
    query: Path | None = None
    data: tuple[Path, ...] = ()
    graphs: tuple[tuple[str, Path], ...] = ()
    result: Path | None = None
    exchanges: tuple[Exchange, ...] = field(default=(), repr=False)

    @property
    def key(self) -> tuple[str, str]:
        """What names the test among those of all suites."""
        return self.suite, self.name


def address_of(file: Path) -> str:
    """Return the address that a file of the suites has at the W3C."""
    return BASE + file.relative_to(suites_folder()).as_posix()


@cache
def cases(suite: str) -> tuple[Case, ...]:
    """Return the tests of a suite in the order of its manifest."""
    manifest = suites_folder() / suite / "manifest.ttl"
    graph = rdflib.Graph().parse(manifest, format="turtle", publicID=address_of(manifest))
    (entries,) = graph.objects(None, MF.entries)
    return tuple(_case(suite, graph, test) for test in Collection(graph, entries))


def _case(suite: str, graph: rdflib.Graph, test: Node) -> Case:
    kind = str(graph.value(test, RDF.type)).rpartition("#")[2]
    action = graph.value(test, MF.action)
    query = action if isinstance(action, rdflib.URIRef) else graph.value(action, QT.query)
    graphs = [(str(name), name) for name in graph.objects(action, QT.graphData)]
    graphs += [
        (str(graph.value(data, RDFS.label)), file)
        for data in graph.objects(test, UT.graphData)
        for file in graph.objects(data, UT.graph)
    ]
    result = graph.value(test, MF.result)
    return Case(
        suite=suite,
        name=str(test).rpartition("#")[2],
        kind=kind,
        query=None if query is None else _file(query),
        data=tuple(sorted(_file(file) for file in graph.objects(action, QT.data))),
        graphs=tuple(sorted((name, _file(file)) for name, file in graphs)),
        result=None if not isinstance(result, rdflib.URIRef) else _file(result),
        exchanges=tuple(_exchanges(graph, action)),
    )


def _file(address: Node) -> Path:
    return suites_folder() / str(address).removeprefix(BASE)


def _exchanges(graph: rdflib.Graph, action: Node | None) -> Iterator[Exchange]:
    requests = graph.value(action, HT.requests)
    if requests is None:
        return
    for request in Collection(graph, requests):
        response, body, headers = (graph.value(request, term) for term in (HT.resp, HT.body, HT.headers))
        boolean, form = (graph.value(response, term) for term in (MF.expectedBoolean, MF.expectedFormat))
        yield Exchange(
            method=str(graph.value(request, HT.methodName)),
            path=str(graph.value(request, HT.absolutePath)),
            headers=tuple(
                (str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue)))
                for header in (Collection(graph, headers) if headers is not None else ())
            ),
            body=None
            if body is None
            else str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding))),
            statuses=frozenset(str(status)[-3:-2] for status in graph.objects(response, MF.expectedStatus)),
            boolean=None if boolean is None else str(boolean) == "true",
            form=None if form is None else str(form),
        )
