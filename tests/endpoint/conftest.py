"""A built store, real servers over it in processes of their own, and somebody who listens whether they fetch."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from chaingraph.store import KnowledgeGraph

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 1.0
SLACK = 10.0
"""How long a client waits beyond the deadline before it calls the server dead: this machine may be busy."""

_SERVER = """
import asyncio, json, sys
from chaingraph.endpoint.app import app
from chaingraph.endpoint.server import listening, serve_on
from chaingraph.endpoint.settings import Settings

application = app(sys.argv[1], Settings(**json.loads(sys.argv[2])))
with listening("127.0.0.1", 0, strict=False) as sock:
    asyncio.run(serve_on(sock, application, lambda: print(sock.getsockname()[1], flush=True)))
"""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store built from the smallest real data set."""
    path = tmp_path_factory.mktemp("endpoint") / "jiangsu.kg"
    KnowledgeGraph.build([ROOT / "graph" / "jiangsu-2022"], path)
    return path


@dataclass
class ServerProcess:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    port: int
    client: httpx.Client

    @property
    def memory(self) -> int:
        """Bytes of it that are in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return 1024 * int(status.partition("VmRSS:")[2].split()[0])

    @property
    def children(self) -> set[int]:
        """The processes that it has started and that live."""
        found = set()
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == self.process.pid and fields[0] != "Z":
                found.add(int(path.parent.name))
        return found

    def answers(self) -> bool:
        """Tell whether it answers the simplest of queries."""
        response = self.client.get("/sparql", params={"query": "ASK {}"})
        return response.status_code == 200 and response.json() == {"head": {}, "boolean": True}


def start_server(store: Path, **settings: object) -> ServerProcess:
    """Start a server process, and wait until it answers."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(store), json.dumps(settings)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )
    assert process.stdout is not None
    port = int(process.stdout.readline())
    client = httpx.Client(
        base_url=f"http://127.0.0.1:{port}", timeout=DEADLINE + SLACK, headers={"Accept-Encoding": "identity"}
    )
    return ServerProcess(process, port, client)


def end_server(server: ServerProcess, how: signal.Signals = signal.SIGTERM) -> None:
    """End a server process and wait until it is gone."""
    server.client.close()
    server.process.send_signal(how)
    server.process.wait()
    assert server.process.stdout is not None
    server.process.stdout.close()


@pytest.fixture(scope="session")
def server(store: Path) -> Iterator[ServerProcess]:
    """A server with limits low enough to be met in a test, that knows a name of its own and a friendly site."""
    made = start_server(store, deadline=5, rows=500, workers=2, hosts=["kg.example.org"], origins=["https://a.example"])
    yield made
    end_server(made)


@pytest.fixture
def client(server: ServerProcess) -> httpx.Client:
    """A client of that server."""
    return server.client


@pytest.fixture(scope="module")
def victim(store: Path) -> Iterator[ServerProcess]:
    """A server in a process of its own, with little patience."""
    server = start_server(store, deadline=DEADLINE, rows=1000, workers=2, memory=2**30, patience=2 * DEADLINE)
    yield server
    end_server(server)


@dataclass
class Sink:
    """A listener on the loopback address that counts who comes."""

    url: str
    visitors: list[object] = field(default_factory=list)


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    """Something that a query could be made to fetch from."""
    listener = socket.create_server(("127.0.0.1", 0))
    made = Sink(f"http://127.0.0.1:{listener.getsockname()[1]}/")

    def watch() -> None:
        while True:
            try:
                visitor, where = listener.accept()
            except OSError:
                return
            made.visitors.append(where)
            visitor.close()

    thread = threading.Thread(target=watch)
    thread.start()
    yield made
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()
