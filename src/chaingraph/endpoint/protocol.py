"""The SPARQL 1.1 Protocol over HTTP: the operation that a request asks for, and the format that its client prefers.

Source: W3C, SPARQL 1.1 Protocol, Recommendation of 21 March 2013, sections 2.1 and 2.2.
"""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect

from chaingraph.endpoint.engine import Operation, RefusedError
from chaingraph.errors import excerpt
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.datastructures import Headers
    from starlette.requests import Request

    from chaingraph.endpoint.limits import Limits

ROW_TYPES = {
    "application/sparql-results+json": ("application/json", "text/json"),
    "application/sparql-results+xml": ("application/xml", "text/xml"),
    "text/csv": (),
    "text/tab-separated-values": (),
}
TRIPLE_TYPES = {
    "text/turtle": ("application/x-turtle",),
    "application/n-triples": ("text/plain",),
    "application/rdf+xml": ("application/xml", "text/xml"),
    "application/ld+json": ("application/json",),
}
"""Media types by which an answer can be had, best first, each with other names that clients use for it."""

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_QUERY_PARAMETERS = {"query", "default-graph-uri", "named-graph-uri"}
MAX_PARAMETERS = 100
_MAX_RANGES = 100
_QUALITY = re.compile(r"(?:1(?:\.0{0,3})?|0(?:\.[0-9]{0,3})?)")
_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")


@lru_cache(maxsize=32)
def qualities(header: str) -> Mapping[str, float]:
    """Return the first 100 media ranges of an Accept header with their q values; one that cannot be read counts as 1.

    A client sends the same header with every request, and each is looked at several times.

    >>> qualities("text/csv;q=0.5, */*;q=0")
    {'text/csv': 0.5, '*/*': 0.0}
    """
    ranges: dict[str, float] = {}
    for part in header.split(",", _MAX_RANGES)[:_MAX_RANGES]:
        name, *parameters = (piece.strip() for piece in part.split(";", _MAX_RANGES))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                quality = float(value.strip()) if _QUALITY.fullmatch(value.strip()) else 1.0
        if name:
            ranges[name.lower()] = max(quality, ranges.get(name.lower(), 0.0))
    return ranges


def preferred_type(header: str, types: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the media type that an Accept header prefers, the first of equals, or None if it accepts none.

    Args:
        header: The header; an empty one accepts all.
        types: The media types to choose from, each with other names that clients use for it.

    >>> preferred_type("text/html, application/json;q=0.2, */*;q=0.1", ROW_TYPES)
    'application/sparql-results+json'
    >>> preferred_type("text/*;q=0.5", ROW_TYPES)
    'text/csv'
    >>> preferred_type("image/png", ROW_TYPES) is None
    True
    """
    return _preferred_type(header, tuple(types.items()))


@lru_cache(maxsize=32)
def _preferred_type(header: str, types: tuple[tuple[str, tuple[str, ...]], ...]) -> str | None:
    if not header.strip():
        return types[0][0]
    ranges = qualities(header)
    best, preferred = 0.0, None
    for media_type, aliases in types:
        exact = [ranges[name] for name in (media_type, *aliases) if name in ranges]
        quality = max(exact or [ranges.get(f"{media_type.partition('/')[0]}/*", ranges.get("*/*", 0.0))])
        if quality > best:
            best, preferred = quality, media_type
    return preferred


@lru_cache(maxsize=32)
def prefers_page(header: str) -> bool:
    """Tell whether an Accept header asks for a page before any format of data, as a browser's does.

    >>> prefers_page("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), prefers_page("*/*")
    (True, False)
    """
    ranges = qualities(header)
    page = max(ranges.get("text/html", 0.0), ranges.get("application/xhtml+xml", 0.0))
    data = [
        ranges.get(name, 0.0) for types in (ROW_TYPES, TRIPLE_TYPES) for key in types for name in (key, *types[key])
    ]
    return page > 0 and page >= max(data)


def accepts_gzip(header: str) -> bool:
    """Tell whether an Accept-Encoding header accepts gzip.

    >>> accepts_gzip("br, gzip;q=0.5"), accepts_gzip("gzip;q=0, *"), accepts_gzip("")
    (True, False, False)
    """
    codings = qualities(header)
    return codings.get("gzip", codings.get("*", 0.0)) > 0


def not_modified(headers: Headers, etag: str) -> bool:
    """Tell whether the client of a request has the version that an ETag (with its quotes) names."""
    versions = {name.strip().removeprefix("W/") for name in headers.get("if-none-match", "").split(",")}
    return "*" in versions or etag.removeprefix("W/") in versions


async def read_operation(request: Request, limits: Limits) -> Operation | None:
    """Return the operation that a request asks for, or None for a GET that asks for none.

    Args:
        request: A GET with the query in its address, or a POST with a form, a query or an update in its body.
        limits: The limits of its body.

    Raises:
        RefusedError: With status 400, 408, 413 or 415 and the reason.
    """
    pairs = _pairs(request.scope["query_string"])
    headers = request.headers
    if request.method in {"GET", "HEAD"}:
        if any(key == "update" for key, _ in pairs):
            raise RefusedError(400, tr("an update must be sent by POST; and this endpoint is read-only"))
        if not any(key in _QUERY_PARAMETERS for key, _ in pairs):
            return None
        return _operation(request, "query", pairs, None)
    media_type, charset = _content_type(headers.get("content-type", ""))
    body = await read_body(request, limits.request_bytes, limits.client_timeout)
    if media_type == FORM:
        pairs += _pairs(body)
        return _operation(request, "update" if any(key == "update" for key, _ in pairs) else "query", pairs, None)
    if media_type not in {QUERY, UPDATE}:
        actual = f"'{excerpt(media_type)}'" if media_type else "none"
        raise RefusedError(
            415,
            tr(
                "the body's Content-Type is {actual}, expected {form}, {query} or {update}",
                actual=actual,
                form=FORM,
                query=QUERY,
                update=UPDATE,
            ),
        )
    if charset not in {"", "utf-8", "utf8"}:
        raise RefusedError(415, tr("the body is said to be in '{charset}', expected UTF-8", charset=excerpt(charset)))
    return _operation(request, "update" if media_type == UPDATE else "query", pairs, _decode(body))


async def read_body(request: Request, max_bytes: int, seconds: float) -> bytes:
    """Return the body of a request.

    Args:
        request: The request.
        max_bytes: The most bytes that it may have.
        seconds: In how many seconds it must arrive.

    Raises:
        RefusedError: It is larger than allowed, or slower.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > max_bytes:
                    reason = tr("the body has more than {max_bytes:,} bytes", max_bytes=max_bytes)
                    raise RefusedError(413, reason, {"Connection": "close"})
    except ClientDisconnect:
        raise RefusedError(499, tr("the client has disconnected")) from None
    except TimeoutError:
        raise RefusedError(408, tr("the body did not arrive in time"), {"Connection": "close"}) from None
    return bytes(body)


def _operation(request: Request, kind: str, pairs: Sequence[tuple[str, str]], body: str | None) -> Operation:
    texts = [value for key, value in pairs if key == kind]
    if body is not None:
        texts.append(body)
    other = "update" if kind == "query" else "query"
    if any(key == other for key, _ in pairs):
        raise RefusedError(400, tr("the request holds a query and an update, expected one of them"))
    if len(texts) != 1:
        raise RefusedError(
            400, tr("the request holds {count} parameters '{kind}', expected one", count=len(texts), kind=kind)
        )
    using = "using-" if kind == "update" else ""
    return Operation(
        text=texts[0],
        accept=request.headers.get("accept", ""),
        default_graphs=_graphs(pairs, f"{using}graph-uri" if using else "default-graph-uri"),
        named_graphs=_graphs(pairs, f"{using}named-graph-uri"),
        base=str(request.url).partition("?")[0],
        encoding=request.headers.get("accept-encoding", ""),
        update=kind == "update",
    )


def _graphs(pairs: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    graphs = tuple(value for key, value in pairs if key == name)
    for graph in graphs:
        if _ABSOLUTE_IRI.fullmatch(graph) is None:
            raise RefusedError(
                400,
                tr("the parameter '{name}' holds '{graph}', expected an absolute IRI", name=name, graph=excerpt(graph)),
            )
    return graphs


def _content_type(header: str) -> tuple[str, str]:
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    values = [part.partition("=")[2].strip(' "') for part in parameters if part.startswith("charset")]
    return media_type, values[0] if values else ""


def _pairs(content: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            content.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except UnicodeDecodeError as error:
        raise RefusedError(400, tr("the request's parameters are not percent-encoded UTF-8")) from error
    except ValueError as error:
        raise RefusedError(
            400, tr("the request has more than {max_parameters} parameters", max_parameters=MAX_PARAMETERS)
        ) from error


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(
            400, tr("the body is not in UTF-8: byte {start} cannot be read", start=error.start + 1)
        ) from error
