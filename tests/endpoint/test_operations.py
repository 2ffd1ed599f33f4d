"""A server in trouble: slow readers, crowds that only connect, no descriptors, no room, clients that leave."""

from __future__ import annotations

import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.servers import GIVE_UP, end_server, eventually, start_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import ServerProcess

if sys.platform != "win32":
    import resource

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sets limits of another process")

LARGE = f"SELECT ('{'x' * 10_000}' AS ?x) {{ ?a ?b ?c }} LIMIT 400"
"""A query whose answer is 4 MB."""
HEAD = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"


@pytest.fixture
def server(store: Path, tmp_path: Path) -> Iterator[ServerProcess]:
    """A server with room for 40 connections, whose log is a file."""
    process = start_server(store, log=tmp_path / "log", workers=1, connections=40, client_timeout=4.0)
    yield process
    end_server(process)


def connect(server: ServerProcess, *, buffer: int | None = None) -> socket.socket:
    connection = socket.socket()
    connection.settimeout(GIVE_UP)
    if buffer is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.connect(("127.0.0.1", server.port))
    return connection


def ask(connection: socket.socket, text: str) -> None:
    connection.sendall(HEAD + f"Connection: close\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text.encode())


def test_a_steady_slow_reader_gets_the_whole_answer(server: ServerProcess) -> None:
    """It reads for longer than a client may stall, but reads something all the time."""
    with connect(server, buffer=8192) as connection:
        ask(connection, LARGE)
        length = 0
        begin = time.monotonic()
        while piece := connection.recv(2**14):
            length += len(piece)
            if time.monotonic() - begin < 12:
                time.sleep(0.05)
    assert length > 4_000_000


def test_a_reader_that_stalls_is_cut_off(server: ServerProcess) -> None:
    with connect(server, buffer=8192) as connection:
        ask(connection, LARGE)
        connection.recv(1)

        def is_closed() -> bool:
            return f"127.0.0.1:{connection.getsockname()[1]}" not in peers(server)

        eventually(is_closed)
        length = 0
        with suppress(ConnectionResetError):
            while piece := connection.recv(2**16):
                length += len(piece)
    assert length < 4_000_000


def peers(server: ServerProcess) -> set[str]:
    """Return the addresses of the clients of a server's established connections."""
    found = set()
    with open("/proc/net/tcp", encoding="ascii") as table:  # noqa: PTH123 - no path of ours
        for line in table.readlines()[1:]:
            _, local, remote, state, *_ = line.split()
            if state == "01" and int(local.rpartition(":")[2], 16) == server.port:
                found.add(f"127.0.0.1:{int(remote.rpartition(':')[2], 16)}")
    return found


def test_a_crowd_that_only_connects_keeps_nobody_out(server: ServerProcess) -> None:
    """Ten times as many connections as there may be, each renewed when it is closed: every other client is answered."""
    crowd = [connect(server) for _ in range(400)]
    try:
        for _ in range(20):
            with connect(server) as connection:
                ask(connection, "ASK {}")
                assert b" 200 " in connection.recv(100)
            crowd.append(connect(server))
    finally:
        for connection in crowd:
            connection.close()


def test_running_out_of_descriptors_writes_few_lines_and_the_server_recovers(
    server: ServerProcess, tmp_path: Path
) -> None:
    assert server.answers()
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (30, 30))
    crowd = []
    for _ in range(100):
        crowd.append(connect(server))
        time.sleep(0.01)
    for connection in crowd:
        connection.close()
    eventually(server.answers)
    assert (tmp_path / "log").read_text().count("\n") < 20


def test_no_room_for_an_answer_is_a_503_with_the_reason(server: ServerProcess, tmp_path: Path) -> None:
    assert server.answers()
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (2**16, 2**16))
    response = server.client.post(
        "/sparql", content=LARGE.encode(), headers={"Content-Type": "application/sparql-query"}
    )
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert response.text == "the server has no room for the answer (File too large); ask for less, or try later\n"
    eventually(server.answers)
    assert (tmp_path / "log").read_text() == ""


def test_clients_that_leave_write_at_most_one_line_each(server: ServerProcess, tmp_path: Path) -> None:
    def leave(number: int) -> None:
        with connect(server, buffer=8192) as connection:
            if number % 3 == 0:
                connection.sendall(HEAD + b"Content-Length: 60\r\n\r\nASK")
            elif number % 3 == 1:
                ask(connection, LARGE)
                connection.recv(1)
            else:
                ask(connection, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(leave, range(30)))
    eventually(server.answers)
    log = (tmp_path / "log").read_text()
    assert "Traceback" not in log
    assert log.count("\n") <= 30
