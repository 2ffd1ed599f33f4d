"""Tests of queries: their data goes into the server's store, the query over HTTP, and the answer is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from chaingraph.endpoint.query_limits import graph_names
from chaingraph.sparql.tokens import query_tokens
from chaingraph.vocabulary import PREFIXES
from tests.conformance.manifest import Case, address_of
from tests.conformance.results import difference, read

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import httpx

ACCEPTED = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "application/sparql-results+json, text/turtle",
    "rdf": "application/sparql-results+json, text/turtle",
}
"""By the ending of the expected result's file: what the answer is asked for as."""
ENDINGS = {
    "application/sparql-results+xml": "srx",
    "application/sparql-results+json": "srj",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/turtle": "ttl",
}
_UNREADABLE = "the query cannot be read: "
_WITHOUT_ANSWER = "the query cannot be answered: "


def fill(client: httpx.Client, default: Iterable[Path], graphs: Iterable[tuple[str, Path | None]]) -> None:
    """Put files into the server's store in place of what was there; a named graph without a file is an empty one."""
    parts = ["DROP ALL", *(f"INSERT DATA {{ {_statements(file)} }}" for file in default)]
    for name, file in graphs:
        parts.append(f"CREATE SILENT GRAPH <{name}>")
        if file is not None:
            parts.append(f"INSERT DATA {{ GRAPH <{name}> {{ {_statements(file)} }} }}")
    headers = {"Content-Type": "application/sparql-update"}
    client.post("/sparql", content=" ;\n".join(parts).encode(), headers=headers).raise_for_status()


def _statements(file: Path) -> str:
    form = ox.RdfFormat.from_extension(file.suffix[1:])
    assert form is not None
    quads = ox.parse(file.read_bytes(), form, base_iri=address_of(file))
    content = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    assert content is not None
    return content.decode()


def _ask(client: httpx.Client, text: str, accept: str) -> httpx.Response:
    headers = {"Content-Type": "application/sparql-query", "Accept": accept}
    return client.post("/sparql", content=text.encode(), headers=headers)


def evaluation_fault(client: httpx.Client, case: Case) -> str:
    """Return in what the answer to a test's query differs from the expected one, or nothing."""
    assert case.query is not None
    assert case.result is not None
    # The base of a query is the endpoint's address unless its text names one; the suite means the query's file.
    base = address_of(case.query)
    text = f"BASE <{base}>\n{case.query.read_text(encoding='utf-8')}"
    files = {address_of(file): file for file in case.data} | dict(case.graphs)
    fill(client, case.data, [*case.graphs, *((graph, files.get(graph)) for graph in _graphs(text, base))])
    ending = case.result.suffix[1:]
    response = _ask(client, text, ACCEPTED[ending])
    if response.status_code != 200:
        return response.text.strip()
    actual = read(response.content, ENDINGS[response.headers["content-type"].partition(";")[0]], base)
    expected = read(case.result.read_bytes(), ending, address_of(case.result))
    return difference(expected, actual, ordered=is_ordered(text))


def positive_syntax_fault(client: httpx.Client, case: Case) -> str:
    """Return why a test's query, which is right, cannot be read, or nothing; it need not have an answer."""
    response = _ask_empty_store(client, case)
    read_well = response.status_code == 200 or response.text.startswith(_WITHOUT_ANSWER)
    return "" if read_well else response.text.strip()


def negative_syntax_fault(client: httpx.Client, case: Case) -> str:
    """Return what became of a test's query that is wrong, or nothing where it cannot be read."""
    response = _ask_empty_store(client, case)
    if response.status_code == 200:
        return "a wrong query is answered"
    return "" if response.text.startswith(_UNREADABLE) else response.text.strip()


def _ask_empty_store(client: httpx.Client, case: Case) -> httpx.Response:
    """Ask a query of a store that holds only the graphs that it names, empty: others would be refused as unknown."""
    assert case.query is not None
    text = case.query.read_text(encoding="utf-8")
    fill(client, (), ((graph, None) for graph in _graphs(text, str(client.base_url.join("/sparql")))))
    return _ask(client, text, "*/*")


def _graphs(text: str, base: str) -> list[str]:
    return list(graph_names([token for token in query_tokens(text) if token[0] != "#"], base, PREFIXES))


def is_ordered(text: str) -> bool:
    """Tell whether a query has an ORDER BY that is not of a query within it.

    >>> is_ordered("SELECT ?a { ?a ?b ?c } ORDER BY ?a"), is_ordered("SELECT ?a { { SELECT ?a {} ORDER BY ?a } }")
    (True, False)
    """
    depth = 0
    for token in query_tokens(text):
        depth += (token == "{") - (token == "}")
        if depth == 0 and token.upper() == "ORDER":
            return True
    return False
