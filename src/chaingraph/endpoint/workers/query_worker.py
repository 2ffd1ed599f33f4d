"""The child process that answers queries: parsing, evaluation and serialisation, in its one thread, within its limits.

It imports as little as it can, because one is started whenever one was killed. It talks over two pipes in frames: four
bytes of length, then that many bytes.
"""

from __future__ import annotations

import errno
import gzip
import json
import math
import os
import platform
import signal
import struct
import sys
from contextlib import suppress
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, BinaryIO, TypedDict, cast

import pyoxigraph as ox

from chaingraph.endpoint.workers.truncation import SHAPES, EnoughError, Writer

if sys.platform != "win32":
    import ctypes
    import resource

if TYPE_CHECKING:
    from collections.abc import Iterable

HEAD = struct.Struct(">I")
_PIECE = 2**16
_SMALLEST_COMPRESSED = 500
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_REFUSED_CALLS = {"x86_64": (0xC000003E, (41, 59, 322, 425)), "aarch64": (0xC00000B7, (198, 221, 281, 425))}
"""By machine: the number that the kernel knows it by, and those of socket, execve, execveat and io_uring_setup."""
_ROWS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
_TRIPLES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


class Request(TypedDict):
    """What the parent sends: the query, the media type for each kind of answer (None: none is acceptable), limits."""

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


class Reply(TypedDict):
    """What the child sends before the bytes: how it went (status 200), or the status and reason of a refusal."""

    status: int
    reason: str
    kind: str
    media_type: str
    count: int
    truncated: bool
    encoding: str
    length: int
    peak: int


class _RefusedError(Exception):
    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


def answered(store: ox.Store, request: Request) -> tuple[Reply, bytes]:
    """Return how a query went and the bytes of its answer, none where it was refused."""
    reply = Reply(
        status=200, reason="", kind="", media_type="", count=0, truncated=False, encoding="", length=0, peak=0
    )
    try:
        content = _serialized(store, request, reply)
    except _RefusedError as error:
        reply["status"], reply["reason"] = error.status, str(error)
        return reply, b""
    except SyntaxError as error:
        reply["status"], reply["reason"] = 400, f"the query cannot be read: {error}"
        return reply, b""
    except MemoryError:
        reply["status"], reply["reason"] = 500, "the query needs more memory than one query may have"
        return reply, b""
    except (ValueError, OSError, RuntimeError) as error:
        reply["status"], reply["reason"] = 400, f"the query cannot be answered: {error}"
        return reply, b""
    if request["compress"] and len(content) >= _SMALLEST_COMPRESSED:
        content = gzip.compress(content, compresslevel=5, mtime=0)
        reply["encoding"] = "gzip"
    reply["length"] = len(content)
    return reply, content


def _serialized(store: ox.Store, request: Request, reply: Reply) -> bytes:
    named = request["named_graphs"]
    default = request["default_graphs"]
    found = store.query(
        request["text"],
        base_iri=request["base"],
        prefixes=request["prefixes"],
        default_graph=None if default is None else [ox.NamedNode(graph) for graph in default],
        named_graphs=None if named is None else [ox.NamedNode(graph) for graph in named],
    )
    if isinstance(found, ox.QueryTriples):
        reply["kind"] = "triples"
        reply["media_type"] = _acceptable(request["triples_as"], "triples", _TRIPLES)
        return _serialized_triples(found, request, reply)
    reply["kind"] = "boolean" if isinstance(found, ox.QueryBoolean) else "rows"
    reply["media_type"] = media_type = _acceptable(request["rows_as"], "rows or a truth value", _ROWS)
    if isinstance(found, ox.QueryBoolean):
        content = found.serialize(format=_ROWS[media_type])
        assert content is not None
        reply["count"] = 1
        return content
    writer = Writer(SHAPES[media_type], request["rows"], request["size"])
    with suppress(EnoughError):
        found.serialize(cast("IO[bytes]", writer), _ROWS[media_type])
    content, reply["count"], reply["truncated"] = writer.finished()
    if reply["truncated"] and not reply["count"]:
        raise _RefusedError(413, f"a single row of the answer is larger than {request['size']:,} bytes")
    return content


def _serialized_triples(found: ox.QueryTriples, request: Request, reply: Reply) -> bytes:
    """Cut at the limits; the parts of a graph in Turtle cannot be cut later, so a size is guessed from N-Triples."""
    kept: dict[ox.Triple, None] = {}
    size = 0
    for triple in found:
        if triple in kept:
            continue
        size += len(str(triple))
        if len(kept) >= request["rows"] or size > request["size"]:
            reply["truncated"] = True
            break
        kept[triple] = None
    if reply["truncated"] and not kept:
        raise _RefusedError(413, f"a single triple of the answer is larger than {request['size']:,} bytes")
    reply["count"] = len(kept)
    return graph_document(kept, reply["media_type"], request["prefixes"])


def graph_document(triples: Iterable[ox.Triple], media_type: str, prefixes: dict[str, str]) -> bytes:
    """Return triples as a document, its prefixes in order: the serialiser's own order changes from run to run."""
    used = None if media_type == "application/n-triples" else prefixes
    content = ox.serialize(triples, format=_TRIPLES[media_type], prefixes=used)
    assert content is not None
    if media_type != "text/turtle":
        return content
    lines = content.split(b"\n")
    heads = sum(1 for _ in _prefix_lines(lines))
    return b"\n".join(sorted(lines[:heads]) + lines[heads:])


def _prefix_lines(lines: list[bytes]) -> Iterable[bytes]:
    for line in lines:
        if not line.startswith((b"@prefix ", b"@base ")):
            return
        yield line


def _acceptable(media_type: str | None, kind: str, known: dict[str, Any]) -> str:
    if media_type is None:
        raise _RefusedError(406, f"the answer is {kind}; it can be had as {', '.join(known)}")
    return media_type


def limit(memory: int, parent: int) -> None:
    """Bind this process: so much address space, no file to write, no network, no life after its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        return
    _allow(resource.RLIMIT_AS, memory, for_good=True)
    _allow(resource.RLIMIT_CORE, 0, for_good=True)
    _allow(resource.RLIMIT_FSIZE, 0, for_good=True)
    if sys.platform == "linux":
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _shut_network(system)
    if os.getppid() != parent:
        sys.exit(1)


def _shut_network(system: ctypes.CDLL) -> None:
    """Have the kernel refuse every new socket and program from here on: a wall behind the refusal of SERVICE.

    Where the machine or the kernel does not know how, nothing changes. Source: Linux, seccomp(2) and its headers.
    """
    machine = platform.machine()
    if machine not in _REFUSED_CALLS:
        return
    architecture, calls = _REFUSED_CALLS[machine]
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    steps = [(load, 0, 0, 4), (equal, 0, len(calls) + 3, architecture), (load, 0, 0, 0)]
    steps += [(equal, len(calls) - number + 1, 0, call) for number, call in enumerate(calls)]
    steps += [(at_least, 1, 0, 0x40000000), (give, 0, 0, 0x7FFF0000), (give, 0, 0, 0x00050000 | errno.EACCES)]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(steps), ctypes.addressof(held))
    system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    system.prctl(_PR_SET_SECCOMP, 2, ctypes.create_string_buffer(program, len(program)), 0, 0)


def _allow(what: int, most: int, *, for_good: bool) -> None:
    """Set a limit of this process, but not above what it was given: a limit once lowered for good cannot be raised."""
    given = resource.getrlimit(what)[1]
    most = most if given == resource.RLIM_INFINITY else min(most, given)
    resource.setrlimit(what, (most, most if for_good else given))


def _limit_processor(seconds: float) -> None:
    """Let the next query have so much processor time on top of what this process has used."""
    if sys.platform != "win32":
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _allow(resource.RLIMIT_CPU, math.ceil(used + seconds) + 1, for_good=False)


def _peak() -> int:
    if sys.platform == "win32":
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _frame(stream: BinaryIO) -> bytes | None:
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    return stream.read(HEAD.unpack(head)[0])


def _send(stream: BinaryIO, value: object, content: bytes = b"") -> None:
    head = json.dumps(value).encode()
    stream.write(HEAD.pack(len(head)) + head)
    for start in range(0, len(content), _PIECE):
        stream.write(content[start : start + _PIECE])
    stream.flush()


def main(path: str, memory: int, parent: int) -> None:
    """Open the store and answer what comes in on standard input, until that ends."""
    limit(memory, parent)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        store = ox.Store.read_only(path)
    except (OSError, RuntimeError, ValueError) as error:
        _send(answers, {"error": str(error)})
        return
    graphs = [graph.value for graph in islice(store.named_graphs(), 10_000) if isinstance(graph, ox.NamedNode)]
    _send(answers, {"graphs": graphs, "size": len(store)})
    while (frame := _frame(sys.stdin.buffer)) is not None:
        request: Request = json.loads(frame)
        _limit_processor(request["deadline"])
        reply, content = answered(store, request)
        reply["peak"] = _peak()
        _send(answers, reply, content)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
