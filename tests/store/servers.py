"""Servers of other people, played on loopback: one that answers as a function says, and some that only drip."""

from __future__ import annotations

import socket
import threading
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from chaingraph.store import KnowledgeGraph
from chaingraph.store.remote import RemoteBackend
from chaingraph.store.transport import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUICK = Limits(deadline=2, size=10_000, tries=3, pause=0.01, longest_pause=2)
JSON = "application/sparql-results+json"

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Script:
    """A server that says what it is told to, and remembers what it was asked."""

    answer: Callable[[str, int], Answer]
    asked: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"

    def graph(self, limits: Limits = QUICK) -> KnowledgeGraph:
        return KnowledgeGraph(RemoteBackend(self.address, limits))


@contextmanager
def scripted(answer: Callable[[str, int], Answer]) -> Iterator[Script]:
    """Run a server on loopback whose ``answer`` is made of a query and of how many came before."""
    script = Script(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            text = parse_qs(body)["query"][0]
            script.asked.append((self.path, dict(self.headers.items()), text))
            status, headers, content = script.answer(text, len(script.asked) - 1)
            self.send_response(status)
            for name, value in {
                "Content-Type": JSON,
                "Content-Length": str(len(content)),
                "Connection": "close",
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    script.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def dripping(head: bytes, drop: bytes) -> Iterator[str]:
    """Run a server that answers each request with a head, and then a drop again and again, without end."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def drip(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(head)
            while not stop.wait(0.02):
                connection.sendall(drop)

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=drip, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    finally:
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
_GZIP = zlib.compressobj(wbits=31)
DRIPS = {
    "a head": (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
    "heads that only announce one": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body": (OK + b"\r\n", b" "),
    "chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "empty blocks": (
        OK + b"Content-Encoding: gzip\r\n\r\n" + _GZIP.compress(b"") + _GZIP.flush(zlib.Z_SYNC_FLUSH),
        b"\0\0\0\xff\xff",
    ),
}
