"""What every request passes before its route: the Host check, limits on its size, security headers, compression."""

from __future__ import annotations

import asyncio
import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse

from chaingraph.endpoint.protocol import MAX_PARAMETERS, accepts_gzip, prefers_page
from chaingraph.errors import excerpt
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PIECE = 2**16
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HostMiddleware:
    """Refuse requests for other hosts than ours, so that no page of another site can reach the endpoint by its name.

    A page of another site can point its own name at this address (DNS rebinding), but not a plain address, nor
    ``localhost``.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = {"localhost"} | {host.lower().rstrip(".") for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 421."""
        if scope["type"] == "http" and not self._is_ours(scope):
            host = excerpt(Headers(scope=scope).get("host", ""))
            text = tr(
                "this endpoint does not answer for the host '{host}'; it can be named with --allow-host\n", host=host
            )
            await PlainTextResponse(text, status_code=421)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        headers = [value for key, value in scope["headers"] if key == b"host"]
        host = host_of(headers[0].decode("latin-1")) if len(headers) == 1 else ""
        return host in self._hosts or is_address(host)


def host_of(header: str) -> str:
    """Return the host of a Host header without its port, in lower case; empty where it has none.

    >>> host_of("LocalHost:8000"), host_of("[::1]:80"), host_of("x:80:90"), host_of("me@localhost"), host_of("a/b")
    ('localhost', '::1', '', '', '')
    """
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port
    except ValueError:
        return ""
    # A user, a path or a query would not be part of the host, and has no place in this header.
    return (parts.hostname or "").rstrip(".") if parts.netloc == header and "@" not in header else ""


def is_address(host: str) -> bool:
    """Tell whether a host is a plain IPv4 or IPv6 address.

    >>> is_address("127.0.0.1"), is_address("127.0.0.1.example.org")
    (True, False)
    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class SizeLimitMiddleware:
    """Refuse a request whose address or announced body is too long.

    Every response gets the headers that keep a browser from guessing its type or framing it.
    """

    def __init__(self, app: ASGIApp, request_bytes: int, batch_bytes: int) -> None:
        self._app = app
        self._request_bytes = request_bytes
        self._batch_bytes = batch_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 400, 413 or 414."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await (self._refusal(scope) or self._app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        closing = {"Connection": "close"}
        if len(scope["query_string"]) + len(scope["raw_path"]) > 3 * self._request_bytes:
            return PlainTextResponse(tr("the address is too long; send the query by POST\n"), 414, closing)
        if scope["query_string"].count(b"&") >= MAX_PARAMETERS:
            return PlainTextResponse(
                tr("the request has more than {max_parameters} parameters\n", max_parameters=MAX_PARAMETERS),
                400,
                closing,
            )
        length = Headers(scope=scope).get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return PlainTextResponse(tr("the Content-Length is no number\n"), 400, closing)
        is_batch = scope["path"].startswith("/reconcile")
        max_bytes = self._batch_bytes if is_batch else self._request_bytes
        if len(length) > 18 or int(length) > max_bytes:
            return PlainTextResponse(
                tr("the body has more than {max_bytes:,} bytes\n", max_bytes=max_bytes), 413, closing
            )
        return None


class CompressionMiddleware:
    """Compress pages; answers of the protocol are compressed by the processes that make them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing_app = GZipMiddleware(self._in_pieces, minimum_size=1000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        is_data = scope.get("path", "").rstrip("/") == "/sparql" and not prefers_page(headers.get("accept", ""))
        compresses = not is_data and accepts_gzip(headers.get("accept-encoding", ""))
        await (self._compressing_app if compresses else self._app)(scope, receive, send)

    async def _in_pieces(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let large bodies be compressed piece by piece, with turns for other requests between the pieces."""

        async def send_pieces(message: Message) -> None:
            body = message.get("body", b"")
            for start in range(0, len(body) - _PIECE, _PIECE):
                await send({"type": message["type"], "body": body[start : start + _PIECE], "more_body": True})
                await asyncio.sleep(0)
            last = (len(body) - 1) // _PIECE * _PIECE if body else 0
            await send({**message, "body": body[last:]} if body else message)

        await self._app(scope, receive, send_pieces)
