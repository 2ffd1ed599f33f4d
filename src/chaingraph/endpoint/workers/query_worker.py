"""The child process that answers queries: parsing, evaluation and serialisation, in its one thread, within its limits.

It imports as little as it can, because another is started whenever one was killed.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from contextlib import suppress
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, TypedDict, cast

import pyoxigraph as ox

from chaingraph.endpoint.query_limits import QueryRefusedError, check_query
from chaingraph.endpoint.workers.messages import read_message, write_reply
from chaingraph.endpoint.workers.truncation import ROW_SYNTAX, LimitReachedError, TruncatingWriter
from chaingraph.errors import UsageError
from chaingraph.export.formulas import spreadsheet_csv
from chaingraph.isolation.sandbox import enter_sandbox, limit_processor_time, peak_memory
from chaingraph.messages import tr
from chaingraph.sparql.csv_results import write_csv
from chaingraph.sparql.rdf_results import TRIPLE_FORMATS, rdf_document
from chaingraph.sparql.tokens import with_columns

if TYPE_CHECKING:
    from collections.abc import Collection

_MIN_COMPRESSED_BYTES = 500
_MAX_GRAPHS = 10_000
_ROW_FORMATS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}


class QueryRequest(TypedDict):
    """What the parent sends: the query, the media type for each kind of answer (None: none is acceptable), limits.

    ``rows`` and ``size`` (bytes) limit the answer, ``limits`` the query; with ``spreadsheet`` CSV has no formula.
    """

    text: str
    rows_as: str | None
    triples_as: str | None
    default_graphs: list[str] | None
    named_graphs: list[str] | None
    base: str | None
    prefixes: dict[str, str]
    rows: int
    size: int
    deadline: float
    compress: bool
    spreadsheet: bool
    limits: dict[str, int]


class QueryReply(TypedDict):
    """What the child sends before the bytes of an answer: status 200, or the status and reason of a refusal."""

    status: int
    reason: str
    kind: str
    media_type: str
    count: int
    truncated: bool
    encoding: str
    length: int
    peak_memory: int


def answer_query(store: ox.Store, request: QueryRequest, graphs: Collection[str]) -> tuple[QueryReply, bytes]:
    """Return the reply to a query and the bytes of its answer, none where it is refused.

    Args:
        store: The store.
        request: The query.
        graphs: The named graphs of the store.
    """
    reply = QueryReply(
        status=200, reason="", kind="", media_type="", count=0, truncated=False, encoding="", length=0, peak_memory=0
    )
    try:
        check_query(request, graphs)
        content = _serialize(store, request, reply)
    except QueryRefusedError as error:
        reply["status"], reply["reason"] = error.status, str(error)
        return reply, b""
    except SyntaxError as error:
        reply["status"], reply["reason"] = 400, tr("the query cannot be read: {error}", error=error)
        return reply, b""
    except MemoryError:
        reply["status"], reply["reason"] = 500, tr("the query needs more memory than one query may have")
        return reply, b""
    except (ValueError, OSError, RuntimeError) as error:
        reply["status"], reply["reason"] = 400, tr("the query cannot be answered: {error}", error=error)
        return reply, b""
    if request["compress"] and len(content) >= _MIN_COMPRESSED_BYTES:
        content = gzip.compress(content, compresslevel=5, mtime=0)
        reply["encoding"] = "gzip"
    reply["length"] = len(content)
    return reply, content


def _serialize(store: ox.Store, request: QueryRequest, reply: QueryReply) -> bytes:
    """Evaluate a query and return its answer as a document; the reply is filled in."""
    results = _results(store, request, request["text"])
    if isinstance(results, ox.QuerySolutions):
        listed = with_columns(request["text"], [variable.value for variable in results.variables])
        results = results if listed == request["text"] else _results(store, request, listed)
    if isinstance(results, ox.QueryTriples):
        reply["kind"] = "triples"
        reply["media_type"] = _acceptable(request["triples_as"], "triples", TRIPLE_FORMATS)
        return _serialize_triples(results, request, reply)
    reply["kind"] = "boolean" if isinstance(results, ox.QueryBoolean) else "rows"
    reply["media_type"] = media_type = _acceptable(request["rows_as"], tr("rows or a truth value"), _ROW_FORMATS)
    if isinstance(results, ox.QueryBoolean):
        content = results.serialize(format=_ROW_FORMATS[media_type])
        assert content is not None
        reply["count"] = 1
        return content
    writer = TruncatingWriter(ROW_SYNTAX[media_type], request["rows"], request["size"])
    with suppress(LimitReachedError):
        if media_type == "text/csv":
            write_csv(writer.write, results)
        else:
            results.serialize(cast("IO[bytes]", writer), _ROW_FORMATS[media_type])
    content, reply["count"], reply["truncated"] = writer.document()
    if reply["truncated"] and not reply["count"]:
        raise QueryRefusedError(
            413, tr("a single row of the answer is larger than {size:,} bytes", size=request["size"])
        )
    return spreadsheet_csv(content) if request["spreadsheet"] and media_type == "text/csv" else content


def _results(
    store: ox.Store, request: QueryRequest, text: str
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    default_graphs, named_graphs = request["default_graphs"], request["named_graphs"]
    return store.query(
        text,
        base_iri=request["base"],
        prefixes=request["prefixes"],
        default_graph=None if default_graphs is None else [ox.NamedNode(graph) for graph in default_graphs],
        named_graphs=None if named_graphs is None else [ox.NamedNode(graph) for graph in named_graphs],
    )


def _serialize_triples(results: ox.QueryTriples, request: QueryRequest, reply: QueryReply) -> bytes:
    """Return triples as a document, truncated by their size in N-Triples: a document in Turtle cannot be cut."""
    triples: dict[ox.Triple, None] = {}
    size = 0
    for triple in results:
        if triple in triples:
            continue
        size += len(str(triple))
        if len(triples) >= request["rows"] or size > request["size"]:
            reply["truncated"] = True
            break
        triples[triple] = None
    if reply["truncated"] and not triples:
        raise QueryRefusedError(
            413, tr("a single triple of the answer is larger than {size:,} bytes", size=request["size"])
        )
    reply["count"] = len(triples)
    try:
        return rdf_document(triples, reply["media_type"], request["prefixes"])
    except UsageError as error:
        raise QueryRefusedError(406, str(error)) from error


def _acceptable(media_type: str | None, kind: str, formats: dict[str, Any]) -> str:
    if media_type is None:
        raise QueryRefusedError(
            406, tr("the answer is {kind}; it can be had as {formats}", kind=kind, formats=", ".join(formats))
        )
    return media_type


def main(path: str, memory: int, parent: int) -> None:
    """Open the store and answer what comes in on standard input, until that ends."""
    enter_sandbox(memory, parent)
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        store = ox.Store.read_only(path)
    except (OSError, RuntimeError, ValueError) as error:
        write_reply(output, {"error": str(error)})
        return
    graphs = [graph.value for graph in islice(store.named_graphs(), _MAX_GRAPHS) if isinstance(graph, ox.NamedNode)]
    write_reply(output, {"graphs": graphs, "size": len(store)})
    names = frozenset(graphs)
    while (message := read_message(sys.stdin.buffer)) is not None:
        request: QueryRequest = json.loads(message)
        limit_processor_time(request["deadline"])
        reply, content = answer_query(store, request, names)
        reply["peak_memory"] = peak_memory()
        write_reply(output, reply, content)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
