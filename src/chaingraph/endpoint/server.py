"""The web server around the application: uvicorn, its listening socket, and timeouts for slow clients."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from typing import TYPE_CHECKING, Any, ClassVar

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from chaingraph.errors import UsageError, excerpt
from chaingraph.messages import tr

if sys.platform == "linux":
    import fcntl
    import termios

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

    from chaingraph.endpoint.limits import Limits

_LOG = logging.getLogger("chaingraph.endpoint")
_DESCRIPTORS = 8192
_KEEP_ALIVE_SECONDS = 5
_MOST_STALLS = 10
_BACKLOG = 128
_PAUSE_OF_LOG = 60.0


class _TimeoutProtocol(H11Protocol):
    """uvicorn's connection with what it lacks: timeouts for slow heads and for readers that stall, and room for others.

    A connection is idle while no request of it is answered. Where there are as many connections as there may be, the
    one that is idle longest is closed for a new one: a crowd that only connects keeps nobody out.
    """

    client_timeout: ClassVar[float]
    idle: ClassVar[dict[_TimeoutProtocol, None]]
    _head_timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_head_timer()
        self.idle[self] = None
        if self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency:
            oldest = next(iter(self.idle))
            if oldest is not self:
                del self.idle[oldest]
                oldest.transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._head_timer is None and (self.cycle is None or self.cycle.response_complete):
            self._start_head_timer()
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._cancel(self._head_timer)
            self._head_timer = None
            self.idle.pop(self, None)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
            self.idle[self] = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader(self._unread_bytes(), 0)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._cancel(self._write_timer)
        self._write_timer = None

    def _watch_reader(self, size: int, stalls: int) -> None:
        """Close the connection of a client that reads nothing for long; one that reads slowly is served."""
        if stalls == _MOST_STALLS:
            self.transport.abort()
            return

        def look_again() -> None:
            remaining = self._unread_bytes()
            self._watch_reader(remaining, stalls + 1 if remaining >= size else 0)

        self._cancel(self._write_timer)
        self._write_timer = self.loop.call_later(self.client_timeout / _MOST_STALLS, look_again)

    def _unread_bytes(self) -> int:
        """Return the bytes that the client has not taken, in our buffer and, on Linux, in the kernel's.

        The kernel's may be megabytes, and takes more of ours only when a third of it is empty.
        """
        size = self.transport.get_write_buffer_size()
        if sys.platform == "linux":
            queue = bytearray(4)
            fcntl.ioctl(self.transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, queue)
            size += int.from_bytes(queue, sys.byteorder)
        return size

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel(self._head_timer)
        self._cancel(self._write_timer)
        self.idle.pop(self, None)
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
        idle: ClassVar[dict[_TimeoutProtocol, None]] = {}

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
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=limits.connections,
        backlog=_BACKLOG,
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
        message = tr(
            "cannot listen on the host '{host}': {strerror}; name one of this machine's",
            host=host,
            strerror=error.strerror or error,
        )
        raise UsageError(message) from error
    try:
        return _listen(family, kind, number, address)
    except OSError as error:
        if strict:
            message = tr(
                "cannot listen on {host}, port {port}: {strerror}; name another --port",
                host=host,
                port=port,
                strerror=error.strerror or error,
            )
            raise UsageError(message) from error
    return _listen(family, kind, number, (address[0], 0, *address[2:]))


def _listen(family: int, kind: int, number: int, address: tuple[str | int | bytes, ...]) -> socket.socket:
    sock = socket.socket(family, kind, number)
    try:
        if sys.platform == "win32":
            # SO_REUSEADDR would let two servers listen on one port there.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(2048)
    except OSError:
        sock.close()
        raise
    return sock


class _OneLineLog:
    """Logs what goes wrong in the event loop as one line, and the same again only after a minute.

    When descriptors run out, asyncio reports each attempt to accept a connection, thousands a second.
    """

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Log the message and the error of a context."""
        error = context.get("exception")
        text = f"{context.get('message', 'an error')}: {error}" if error else str(context.get("message", "an error"))
        if loop.time() - self._last.get(text, -_PAUSE_OF_LOG) < _PAUSE_OF_LOG:
            return
        if len(self._last) > 100:
            self._last.clear()
        self._last[text] = loop.time()
        _LOG.warning("%s", excerpt(text, 300))


def _raise_descriptor_limit() -> None:
    """Let this process open as many files as it may: each connection is one, and each large answer."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    goal = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < goal:
        resource.setrlimit(resource.RLIMIT_NOFILE, (goal, hard))


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
    asyncio.get_running_loop().set_exception_handler(_OneLineLog())
    _raise_descriptor_limit()
    await engine.start()
    try:
        announce()
        await uvicorn_server(application).serve(sockets=[sock])
    finally:
        await engine.stop()
