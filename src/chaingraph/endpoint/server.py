"""The web server around the application: uvicorn, its listening socket, and timeouts for slow clients."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, ClassVar

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from chaingraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

    from chaingraph.endpoint.limits import Limits

_KEEP_ALIVE_SECONDS = 5


class _TimeoutProtocol(H11Protocol):
    """uvicorn's connection with two timeouts that it lacks: for the head of a request, and for a client that stalls."""

    client_timeout: ClassVar[float]
    _head_timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_head_timer()

    def data_received(self, data: bytes) -> None:
        if self._head_timer is None and (self.cycle is None or self.cycle.response_complete):
            self._start_head_timer()
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._cancel(self._head_timer)
            self._head_timer = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_timer = self._write_timer or self.loop.call_later(self.client_timeout, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._cancel(self._write_timer)
        self._write_timer = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel(self._head_timer)
        self._cancel(self._write_timer)
        super().connection_lost(exc)

    def _start_head_timer(self) -> None:
        self._head_timer = self.loop.call_later(self.client_timeout, self._refuse_slow_head)

    def _refuse_slow_head(self) -> None:
        self._head_timer = None
        if self.transport.is_closing() or (self.cycle is not None and not self.cycle.response_complete):
            return
        self.transport.write(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        self.transport.close()

    @staticmethod
    def _cancel(timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()


def protocol_with_timeout(seconds: float) -> type[H11Protocol]:
    """Return the class of a connection that waits so many seconds for a client that neither sends nor reads."""

    class ConnectionProtocol(_TimeoutProtocol):
        client_timeout = seconds

    return ConnectionProtocol


def uvicorn_server(application: Starlette) -> uvicorn.Server:
    """Return a server for the application; it is given its listening socket when it is run."""
    limits: Limits = application.state.limits
    config = uvicorn.Config(
        application,
        http=protocol_with_timeout(limits.client_timeout),
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=limits.connections,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=3 * limits.request_bytes + 2**14,
    )
    return uvicorn.Server(config)


def listening_socket(host: str, port: int, *, strict: bool) -> socket.socket:
    """Return a socket that listens on a host and port, or on a free port where that one is in use.

    Args:
        host: A name or address of this machine.
        port: The preferred port; 0 takes any.
        strict: Refuse a port that is in use.

    Raises:
        UsageError: The host is none of this machine's, or the port is in use or not allowed.
    """
    try:
        family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        message = f"cannot listen on the host '{host}': {error.strerror or error}; name one of this machine's"
        raise UsageError(message) from error
    try:
        return _listen(family, kind, number, address)
    except OSError as error:
        if strict:
            message = f"cannot listen on {host}, port {port}: {error.strerror or error}; name another --port"
            raise UsageError(message) from error
    return _listen(family, kind, number, (address[0], 0, *address[2:]))


def _listen(family: int, kind: int, number: int, address: tuple[str | int | bytes, ...]) -> socket.socket:
    sock = socket.socket(family, kind, number)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(2048)
    except OSError:
        sock.close()
        raise
    return sock


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
        await uvicorn_server(application).serve(sockets=[sock])
    finally:
        await engine.stop()
