"""The web server around the application: the only place that knows uvicorn and opens a port."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from chaingraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.applications import Starlette

    from chaingraph.endpoint.limits import Settings

_IDLE = 5


class _Impatient(H11Protocol):
    """uvicorn's connection with two clocks that it lacks: for the head of a request, and for a client that is stuck."""

    patience: ClassVar[float]
    _clock: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        if self._clock is None and (self.cycle is None or self.cycle.response_complete):
            self._await_head()
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop(self._clock)
            self._clock = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taking = self._taking or self.loop.call_later(self.patience, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop(self._taking)
        self._taking = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop(self._clock)
        self._stop(self._taking)
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._clock = self.loop.call_later(self.patience, self._give_up)

    def _give_up(self) -> None:
        self._clock = None
        if self.transport.is_closing() or (self.cycle is not None and not self.cycle.response_complete):
            return
        self.transport.write(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        self.transport.close()

    @staticmethod
    def _stop(clock: asyncio.TimerHandle | None) -> None:
        if clock is not None:
            clock.cancel()


def protocol_with_patience(seconds: float) -> type[H11Protocol]:
    """Return the kind of connection that waits so many seconds for a client that neither speaks nor listens."""

    class Patient(_Impatient):
        patience = seconds

    return Patient


def server_of(application: Starlette, settings: Settings) -> uvicorn.Server:
    """Return a server for the application; it takes its listening socket when it is run."""
    config = uvicorn.Config(
        application,
        http=protocol_with_patience(settings.patience),
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=settings.connections,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=3 * settings.text + 2**14,
    )
    return uvicorn.Server(config)


def listening(host: str, port: int, *, strict: bool) -> socket.socket:
    """Return a socket that listens on a host and port, or a free port where that one is taken.

    Args:
        host: A name or address of this machine.
        port: The port that is wanted; 0 takes any.
        strict: Refuse a port that is taken, because it was asked for.

    Raises:
        UsageError: The host is none of this machine's, or the port is taken or not allowed.
    """
    try:
        family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        message = f"cannot listen on the host '{host}': {error.strerror or error}; name one of this machine's"
        raise UsageError(message) from error
    try:
        return _bound(family, kind, number, address)
    except OSError as error:
        if strict:
            message = f"cannot listen on {host}, port {port}: {error.strerror or error}; name another --port"
            raise UsageError(message) from error
    return _bound(family, kind, number, (address[0], 0, *address[2:]))


def _bound(family: int, kind: int, number: int, address: tuple[str | int | bytes, ...]) -> socket.socket:
    made = socket.socket(family, kind, number)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(2048)
    except OSError:
        made.close()
        raise
    return made


async def serve_on(sock: socket.socket, application: Starlette, announce: Callable[[], None]) -> None:
    """Serve until the process is told to stop.

    Args:
        sock: A listening socket.
        application: The application, with its engine and its limits.
        announce: Called when queries can be answered.

    Raises:
        UnreadableError: The store cannot be opened.
    """
    engine = application.state.engine
    await engine.start()
    try:
        announce()
        await server_of(application, application.state.settings).serve(sockets=[sock])
    finally:
        await engine.stop()


@contextmanager
def running(application: Starlette) -> Iterator[str]:
    """Serve in a thread of this process, on a free port of the loopback address, and yield the address."""
    sock = listening("127.0.0.1", 0, strict=False)
    server = server_of(application, application.state.settings)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[sock])), name="endpoint")
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                message = "the server could not be started; try again"
                raise UsageError(message)
            time.sleep(0.01)
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        sock.close()
