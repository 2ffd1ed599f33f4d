"""One connection to an endpoint, with a deadline for all of a response, and the bytes of one compressed once."""

from __future__ import annotations

import socket
import time
import zlib
from contextlib import contextmanager, suppress
from threading import Event, Timer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx


class Connection:
    """An HTTP client for one request at a time, which ends a request at its deadline however slowly bytes come.

    The timeouts of httpx are for one read each: a server that sends a byte a second, in the head or the body, is never
    late. So a timer shuts the socket down at the deadline; ``overdue`` then says that it did. ``answered`` says that
    the head of the last response has come.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        import httpx

        self._client = httpx.Client(**options)
        self.answered = False
        self._overdue = Event()
        self._sockets: list[socket.socket] = []

    @property
    def overdue(self) -> bool:
        """Whether the deadline of the last request has passed before it was complete."""
        return self._overdue.is_set()

    @contextmanager
    def stream(self, address: str, query: str, accept: str, end: float) -> Iterator[httpx.Response]:
        """Send a query, and return the response, whose body is still to be read.

        Args:
            address: Where to.
            query: The query.
            accept: The header Accept.
            end: The deadline, as ``time.monotonic`` counts.
        """
        self._overdue.clear()
        self.answered = False
        timer = Timer(max(0.0, end - time.monotonic()), self._end)
        timer.daemon = True
        timer.start()
        try:
            with self._client.stream(
                "POST",
                address,
                data={"query": query},
                headers={"Accept": accept},
                extensions={"trace": self._remember_socket},
            ) as response:
                self.answered = True
                yield response
        finally:
            timer.cancel()

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _remember_socket(self, _: str, details: Mapping[str, Any]) -> None:
        stream = details.get("return_value")
        if stream is not None and hasattr(stream, "get_extra_info"):
            self._sockets = [*self._sockets[-3:], stream.get_extra_info("socket")]

    def _end(self) -> None:
        self._overdue.set()
        for one in self._sockets:
            with suppress(OSError):
                # Not the method of a TLS socket, which would take it from under the thread that reads it.
                socket.socket.shutdown(one, socket.SHUT_RDWR)


class Decoder:
    """Decompresses the body of a response, never to more bytes than it is asked for.

    Args:
        coding: The header Content-Encoding: gzip once, or nothing.

    Raises:
        ValueError: It is another coding, or several: gzip in gzip makes 10 GB of 17 KB.
    """

    def __init__(self, coding: str) -> None:
        name = coding.strip().lower()
        if name not in {"", "identity", "gzip", "x-gzip"}:
            raise ValueError(coding)
        self._gzip = zlib.decompressobj(31) if "gzip" in name else None

    def decode(self, piece: bytes, most: int) -> bytes:
        """Return the bytes that a piece holds, at most so many.

        Raises:
            zlib.error: They are not compressed as the coding says.
        """
        if self._gzip is None:
            return piece
        return self._gzip.decompress(piece, max(1, most))

    @property
    def complete(self) -> bool:
        """Whether nothing of the body is missing, as far as the coding says."""
        return self._gzip is None or self._gzip.eof
