"""A client for measuring servers: raw HTTP/1.1 over connections that stay open.

It is lean because it shares the processors with the server: every result says what share of them the client used.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def request(query: str, path: str = "/sparql") -> bytes:
    """Return the bytes of a GET that asks a query, for rows in JSON."""
    return (
        f"GET {path}?query={quote(query, safe='')} HTTP/1.1\r\nHost: localhost\r\n"
        "Accept: application/sparql-results+json\r\n\r\n"
    ).encode()


class Connection(asyncio.Protocol):
    """A connection that stays open and carries one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @classmethod
    async def to(cls, url: str) -> Connection:
        """Return a connection to the server of a URL."""
        place = urlsplit(url)
        _, connection = await asyncio.get_running_loop().create_connection(cls, place.hostname, place.port)
        return connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Hand over the answer when it is whole."""
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or self._answer is None or self._answer.done():
            return
        head = bytes(self._received[:end]).lower()
        _, has_length, rest = head.partition(b"\r\ncontent-length:")
        if not has_length:
            self._answer.set_exception(ConnectionError("an answer without its length"))
            return
        end_of_body = end + 4 + int(rest.partition(b"\r\n")[0])
        if len(self._received) >= end_of_body:
            body = bytes(self._received[end + 4 : end_of_body])
            del self._received[:end_of_body]
            self._answer.set_result((int(head[9:12]), body))

    def connection_lost(self, error: Exception | None) -> None:
        """Tell who waits."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionError("the server closed the connection"))

    async def ask(self, content: bytes) -> tuple[int, bytes]:
        """Send a request and return the status and body of its answer.

        Raises:
            OSError: The connection broke.
        """
        assert self._transport is not None
        if self._transport.is_closing():
            raise ConnectionError("the server closed the connection")  # noqa: EM101, TRY003
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(content)
        return await self._answer

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.abort()


@dataclass
class Load:
    """The outcome of a load: the seconds of each answer, the number of each status or error, and the client's own use.

    ``wall`` and ``client`` are seconds: of the load, and of processor time of this process.
    """

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    wall: float = 0.0
    client: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall

    def percentile(self, part: float) -> float:
        """Return the seconds within which such a part of the answers came; the largest for few of them.

        >>> Load(seconds=[0.1, 0.2, 0.3, 0.4]).percentile(0.5)
        0.2
        """
        ordered = sorted(self.seconds)
        return ordered[max(0, -(-len(ordered) * int(part * 1000) // 1000) - 1)]

    def summary(self) -> dict[str, object]:
        """Return the numbers for the results file."""
        return {
            "answers": len(self.seconds),
            "rate": self.rate,
            "median": statistics.median(self.seconds),
            "p99": self.percentile(0.99),
            "worst": max(self.seconds),
            "statuses": dict(sorted(self.statuses.items())),
            "client_processor_share": self.client / self.wall,
        }


async def _timed(connection: Connection, content: bytes, load: Load) -> None:
    start = time.perf_counter()
    try:
        status, _ = await connection.ask(content)
    except OSError as error:
        load.statuses[type(error).__name__] += 1
        return
    load.seconds.append(time.perf_counter() - start)
    load.statuses[str(status)] += 1


async def closed_loop(url: str, clients: int, seconds: float, draw: Callable[[], bytes]) -> Load:
    """Load a server with so many clients, each of which asks again as soon as it has its answer."""
    load = Load()
    connections = [await Connection.to(url) for _ in range(clients)]
    end = time.perf_counter() + seconds

    async def client(connection: Connection) -> None:
        while time.perf_counter() < end:
            await _timed(connection, draw(), load)

    start, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*map(client, connections))
    load.wall, load.client = time.perf_counter() - start, time.process_time() - used
    for connection in connections:
        connection.close()
    return load


async def open_loop(url: str, rate: float, requests: Iterable[tuple[str, bytes]]) -> dict[str, Load]:
    """Send requests at a steady rate, each over a connection of its own, whether or not the last is answered.

    Args:
        url: The server.
        rate: Requests a second.
        requests: Each with the name of the load that it is counted in.
    """
    loads: dict[str, Load] = {}
    running = []
    start, used = time.perf_counter(), time.process_time()

    async def one(content: bytes, load: Load) -> None:
        connection = await Connection.to(url)
        await _timed(connection, content, load)
        connection.close()

    for number, (name, content) in enumerate(requests):
        await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
        running.append(asyncio.create_task(one(content, loads.setdefault(name, Load()))))
    await asyncio.gather(*running)
    for load in loads.values():
        load.wall, load.client = time.perf_counter() - start, time.process_time() - used
    return loads


async def burst(url: str, connections: int, content: bytes) -> Load:
    """Open so many connections at once, send the same request over each, and wait for all answers."""
    load = Load()
    start, used = time.perf_counter(), time.process_time()

    async def one() -> None:
        try:
            connection = await Connection.to(url)
        except OSError as error:
            load.statuses[type(error).__name__] += 1
            return
        await _timed(connection, content, load)
        connection.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    load.wall, load.client = time.perf_counter() - start, time.process_time() - used
    return load
