"""A built store, real servers over it in processes of their own, and somebody who listens whether they fetch."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chaingraph.store import KnowledgeGraph
from tests.endpoint.hostility import hostile_store
from tests.servers import SHORT, ServerProcess, end_server, start_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store built from the smallest real data set."""
    path = tmp_path_factory.mktemp("endpoint") / "jiangsu.kg"
    KnowledgeGraph.build([ROOT / "graph" / "jiangsu-2022"], path)
    return path


@pytest.fixture(scope="session")
def server(store: Path) -> Iterator[ServerProcess]:
    """A server whose answers are short, that knows a name of its own and a friendly site."""
    process = start_server(store, rows=500, workers=2, hosts=["kg.example.org"], origins=["https://a.example"])
    yield process
    end_server(process)


@pytest.fixture
def client(server: ServerProcess) -> httpx.Client:
    """A client of that server."""
    return server.client


@pytest.fixture(scope="module")
def impatient(store: Path) -> Iterator[ServerProcess]:
    """A server that stops every query, and every client that stalls, after a short time."""
    process = start_server(store, deadline=SHORT, client_timeout=2 * SHORT, rows=1000, workers=2, memory=2**30)
    yield process
    end_server(process)


@pytest.fixture(scope="module")
def patient(store: Path) -> Iterator[ServerProcess]:
    """The same server without a deadline that a test could meet."""
    process = start_server(store, rows=1000, workers=2, memory=2**30)
    yield process
    end_server(process)


@dataclass
class Sink:
    """A listener on the loopback address that counts who comes."""

    url: str
    visitors: list[object] = field(default_factory=list)


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    """Something that a query could be made to fetch from."""
    listener = socket.create_server(("127.0.0.1", 0))
    sink = Sink(f"http://127.0.0.1:{listener.getsockname()[1]}/")

    def watch() -> None:
        while True:
            try:
                visitor, where = listener.accept()
            except OSError:
                return
            sink.visitors.append(where)
            visitor.close()

    thread = threading.Thread(target=watch)
    thread.start()
    yield sink
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


@pytest.fixture(scope="session")
def hostile_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server over a graph whose words try to be markup, scripts, addresses and formulas."""
    process = start_server(hostile_store(tmp_path_factory.mktemp("hostile")), workers=2)
    yield process
    end_server(process)


@pytest.fixture
def hostile(hostile_server: ServerProcess) -> httpx.Client:
    """A client of that server."""
    return hostile_server.client
