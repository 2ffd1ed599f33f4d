"""What stands before every route: the Host check, the size of a request, headers of every answer, compression."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse

from chaingraph.endpoint.protocol import compresses, prefers_page
from chaingraph.errors import shown

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HostDoor:
    """Refuse requests for a host that is not ours, so that no foreign page can come in under a name of its own.

    A page of another site can point its own name at this address (DNS rebinding), but not a plain address, nor
    ``localhost``.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = {"localhost"} | {host.lower().rstrip(".") for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 421."""
        if scope["type"] == "http" and not self._ours(scope):
            host = shown(Headers(scope=scope).get("host", ""))
            words = f"this endpoint does not answer for the host '{host}'; it can be named with --allow-host\n"
            await PlainTextResponse(words, status_code=421)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _ours(self, scope: Scope) -> bool:
        headers = [value for key, value in scope["headers"] if key == b"host"]
        host = host_of(headers[0].decode("latin-1")) if len(headers) == 1 else ""
        return host in self._hosts or is_address(host)


def host_of(header: str) -> str:
    """Return the host of a Host header without its port, empty where it is none.

    >>> host_of("LocalHost:8000"), host_of("[::1]:80"), host_of("a b"), host_of("x:80:90")
    ('localhost', '::1', '', '')
    """
    host, colon, port = header.lower(), "", ""
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":")
        if rest and not rest.startswith(":"):
            return ""
    else:
        host, colon, port = host.partition(":")
    if (colon and not port) or (port and not (port.isascii() and port.isdigit())):
        return ""
    fit = all(c.isascii() and (c.isalnum() or c in "-._:") for c in host)
    return host.rstrip(".") if fit else ""


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


class SizeDoor:
    """Refuse a request whose address or announced body is too long.

    Every answer gets the headers that keep a browser from guessing at it or framing it.
    """

    def __init__(self, app: ASGIApp, body: int) -> None:
        self._app = app
        self._body = body

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
        if len(scope["query_string"]) + len(scope["raw_path"]) > 3 * self._body:
            return PlainTextResponse("the address is too long; send the query by POST\n", 414, closing)
        length = Headers(scope=scope).get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return PlainTextResponse("the Content-Length is no number\n", 400, closing)
        if len(length) > 18 or int(length) > self._body:
            return PlainTextResponse(f"the body has more than {self._body:,} bytes\n", 413, closing)
        return None


class ZipDoor:
    """Compress pages; the answers of the protocol come compressed from the children, or are wanted as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._zipping = GZipMiddleware(app, minimum_size=1000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        data = scope.get("path", "").rstrip("/") == "/sparql" and not prefers_page(headers.get("accept", ""))
        await (self._app if data or not compresses(headers.get("accept-encoding", "")) else self._zipping)(
            scope, receive, send
        )
