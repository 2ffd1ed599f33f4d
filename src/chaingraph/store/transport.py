"""Requests to a SPARQL endpoint: the only place in the store that sends one, or knows a password or a token.

Requests go to the given host only, whatever it answers. No message, log or repr has anything of the credentials.
"""

from __future__ import annotations

import base64
import email.utils
import ipaddress
import os
import time
import weakref
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

from chaingraph.errors import QueryError, UnreadableError, UsageError, excerpt, install_line
from chaingraph.messages import tr
from chaingraph.store.connection import Connection, Decoder
from chaingraph.store.source import EXCERPT, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import httpx

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_BUSY = {429, 503}
_PARTIAL = ("X-Truncated", "X-SQL-State")
"""Headers by which servers say that an answer is not all: ours on rows, others' on a time that ran out."""


@dataclass(frozen=True)
class Limits:
    """Limits of one request.

    ``deadline`` is in seconds, ``size`` in bytes of the response, compressed or not. An answer that is taken page by
    page has at most ``pages`` pages and ``answer_deadline`` seconds. A busy server is asked ``tries`` times, with
    pauses that grow from ``pause`` to ``longest_pause`` seconds. At most ``redirects`` redirections are followed.
    """

    deadline: float = 120.0
    size: int = 2**28
    pages: int = 2000
    answer_deadline: float = 3600.0
    tries: int = 5
    pause: float = 0.5
    longest_pause: float = 30.0
    redirects: int = 5


@dataclass(frozen=True)
class Response:
    """A response: its media type, its bytes, and whether the server says that they are not all."""

    media_type: str
    content: bytes
    partial: bool


class Transport:
    """The connection to one endpoint.

    Args:
        address: ``http://`` or ``https://`` with a host; parameters of the protocol such as ``default-graph-uri`` stay.
        limits: The limits of one request.

    Raises:
        UsageError: The address or the credentials in the environment cannot be used; httpx is missing.
    """

    def __init__(self, address: str, limits: Limits) -> None:
        try:
            import httpx
        except ImportError as error:
            message = tr("an endpoint needs the extra remote: {line}", line=install_line("remote"))
            raise UsageError(message) from error
        self._limits = limits
        self._address = _valid_address(address)
        parts = urlsplit(self._address)
        self.name = name_of(address)
        is_local = _is_loopback(parts.hostname or "")
        self._secrets, authorization = _authorization()
        if authorization and parts.scheme == "http" and not is_local:
            message = tr(
                "{name}: a password or token is not sent over plain http; open the https address", name=self.name
            )
            raise UsageError(message)
        headers = {"User-Agent": "chaingraph", "Accept-Encoding": "gzip"}
        self._options: dict[str, Any] = {
            "headers": headers | ({"Authorization": authorization} if authorization else {}),
            "timeout": httpx.Timeout(min(30.0, limits.deadline)),
            "follow_redirects": False,
            "trust_env": not is_local,
        }
        self._connections: list[Connection] = []
        weakref.finalize(self, _close_all, self._connections)

    def __repr__(self) -> str:
        """Name the endpoint, and nothing else."""
        return f"Transport({self.name})"

    def post(self, query: str, accept: str) -> Response:
        """Return the response to a query, which is sent by POST.

        A busy server (429, 503) is asked again, after the time that it names or a growing pause.

        Raises:
            QueryError: The server refuses the query.
            UnreadableError: It cannot be reached, stays busy, is too slow, wants credentials, sends to another host,
                answers with something else, or with more than the limit.
        """
        address, redirects, tries = self._address, 0, 1
        end = time.monotonic() + self._limits.deadline
        while True:
            response = self._send(address, query, accept, end) or self._send(address, query, accept, end)
            if response is None:
                self._fail(tr("broke off before it answered; try again"))
            status = response.status_code
            if status in _REDIRECTS and redirects < self._limits.redirects:
                address, redirects = self._redirect_target(address, response), redirects + 1
                continue
            if status not in _BUSY:
                break
            wait = _wait(response.headers.get("Retry-After", ""), self._limits.pause * 2 ** (tries - 1))
            if tries == self._limits.tries or wait > self._limits.longest_pause:
                when = (
                    tr(", and asks to be left alone for {wait:.0f} seconds", wait=wait)
                    if wait > self._limits.longest_pause
                    else ""
                )
                self._fail(
                    tr(
                        "is too busy (status {status}) after {tries} tries{when}; try later",
                        status=status,
                        tries=tries,
                        when=when,
                    )
                )
            time.sleep(wait)
            tries, end = tries + 1, time.monotonic() + self._limits.deadline
        if status != 200:
            self._raise_for_status(status, response.content)
        return Response(
            response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            response.content,
            any(name in response.headers for name in _PARTIAL),
        )

    def _send(self, address: str, query: str, accept: str, end: float) -> httpx.Response | None:
        """Return a response, or None where the server has closed a connection that was idle too long for it."""
        import httpx

        connection = self._connections.pop() if self._connections else Connection(self._options)
        try:
            response = self._exchange(connection, address, query, accept, end)
        except (httpx.TransportError, httpx.InvalidURL, zlib.error) as error:
            connection.close()
            if connection.overdue:
                self._fail_late()
            if isinstance(error, httpx.RemoteProtocolError) and not connection.answered:
                return None
            self._fail(self._reason(error))
        self._connections.append(connection)
        return response

    def _exchange(self, connection: Connection, address: str, query: str, accept: str, end: float) -> httpx.Response:
        import httpx

        content = bytearray()
        with connection.stream(address, query, accept, end) as response:
            decoder = self._decoder(response.headers.get("Content-Encoding", ""))
            for piece in response.iter_raw():
                content += decoder.decode(piece, self._limits.size + 1 - len(content))
                if max(len(content), response.num_bytes_downloaded) > self._limits.size:
                    self._fail(tr("answers with more than {size:,} bytes; ask for less", size=self._limits.size))
                if connection.overdue:
                    break
        if connection.overdue:
            self._fail_late()
        if not decoder.complete:
            self._fail(tr("broke off its answer, or does not speak HTTP; try again"))
        headers = [(name, value) for name, value in response.headers.items() if name != "content-encoding"]
        return httpx.Response(response.status_code, headers=headers, content=bytes(content))

    def _reason(self, error: Exception) -> str:
        """Return what went wrong with a request, in words."""
        import httpx

        if isinstance(error, httpx.TimeoutException):
            return tr(
                "did not answer within {seconds:g} seconds; ask for less, or try later",
                seconds=min(30.0, self._limits.deadline),
            )
        if isinstance(error, zlib.error):
            return tr("answers with bytes that cannot be decompressed")
        if isinstance(error, httpx.RemoteProtocolError):
            return tr("broke off its answer, or does not speak HTTP; try again")
        return tr("cannot be reached ({reason}); check the address", reason=self.without_secrets(str(error)))

    def _decoder(self, coding: str) -> Decoder:
        try:
            return Decoder(coding)
        except ValueError:
            self._fail(
                tr(
                    "answers in the coding {coding}, expected gzip or none",
                    coding=self.without_secrets(coding),
                )
            )

    def _fail_late(self) -> NoReturn:
        self._fail(
            tr("took more than {deadline:g} seconds; ask for less, or try later", deadline=self._limits.deadline)
        )

    def _redirect_target(self, address: str, response: httpx.Response) -> str:
        """Return the target of a redirection, within the same origin only."""
        import httpx

        try:
            target = str(httpx.URL(address).join(response.headers.get("Location", "")))
            place = _origin(target)
        except (httpx.InvalidURL, ValueError):
            self._fail(tr("sends on to what is no address"))
        if place != _origin(address):
            origin = self.without_secrets("{}://{}:{}".format(*place))
            self._fail(
                tr(
                    "sends on to another place ({origin}), which is not followed; if you trust it, open it",
                    origin=origin,
                )
            )
        return target

    def _raise_for_status(self, status: int, content: bytes) -> NoReturn:
        text = content[:4096].decode("utf-8", "replace").strip()
        reason = "" if not text or text[0] == "<" else f": {self.without_secrets(text.splitlines()[0])}"
        if status in {401, 403}:
            message = tr("wants other credentials: CHAINGRAPH_USER and CHAINGRAPH_PASSWORD, or CHAINGRAPH_TOKEN")
            self._fail(f"{message} (status {status})")
        if status in {400, 413, 422, 500}:
            message = tr(
                "{name} refuses the query (status {status}){reason}", name=self.name, status=status, reason=reason
            )
            raise QueryError(message)
        self._fail(
            tr(
                "answers with status {status}{reason}; check that it is the address of a SPARQL endpoint",
                status=status,
                reason=reason,
            )
        )

    def _fail(self, reason: str) -> NoReturn:
        raise UnreadableError(self.name, reason) from None

    def without_secrets(self, text: str) -> str:
        """Return a server's text fit for a message: one short line, without the credentials if they are in it."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return excerpt(text, EXCERPT)


def _close_all(connections: Iterable[Connection]) -> None:
    for connection in connections:
        connection.close()


def _valid_address(address: str) -> str:
    """Return the address if requests can be sent to it; one with a password is refused by a message without it."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if "@" in parts.netloc:
        message = tr(
            "an address must not hold a user and password; set CHAINGRAPH_USER and "
            "CHAINGRAPH_PASSWORD, or CHAINGRAPH_TOKEN, in the environment"
        )
        raise UsageError(message)
    if not host or parts.fragment or not address.isprintable() or any(c.isspace() for c in address):
        message = tr("'{name}' is no address of an endpoint such as https://example.org/sparql", name=name_of(address))
        raise UsageError(message)
    return address


def _origin(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(scheme, 0)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _authorization() -> tuple[tuple[str, ...], str]:
    """Return the secrets of the environment, and the header made of them; empty where it has none."""
    user, password, token = (os.environ.get(f"CHAINGRAPH_{name}", "") for name in ("USER", "PASSWORD", "TOKEN"))
    if (token and (user or password)) or bool(user) != bool(password):
        message = tr("set CHAINGRAPH_USER and CHAINGRAPH_PASSWORD together, or CHAINGRAPH_TOKEN alone")
        raise UsageError(message)
    if token:
        if not (token.isascii() and token.isprintable()) or " " in token:
            message = tr("CHAINGRAPH_TOKEN holds what no token has: spaces, or characters outside ASCII")
            raise UsageError(message)
        return (token,), f"Bearer {token}"
    if not user:
        return (), ""
    pair = base64.b64encode(f"{user}:{password}".encode("utf-8", "surrogateescape")).decode("ascii")
    return (pair, password), f"Basic {pair}"


def _wait(header: str, pause: float) -> float:
    """Return the seconds of a Retry-After header, which is a number or a date, or else the pause."""
    if header.strip().isdecimal():
        return float(header.strip()[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, OverflowError):
        return pause
