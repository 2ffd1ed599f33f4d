"""What all pages share: language, links, templates, security policy, caching, errors in words, styles and scripts."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import jinja2
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from chaingraph import __version__
from chaingraph.endpoint.engine import RefusedError, of_one_version
from chaingraph.endpoint.pages.cells import format_number, thing_path
from chaingraph.endpoint.pages.page_queries import in_thread
from chaingraph.endpoint.pages.store_summary import StoreSummary, store_summary
from chaingraph.endpoint.pages.terms import words
from chaingraph.endpoint.protocol import not_modified, preferred_type, qualities
from chaingraph.errors import UnknownLanguageError
from chaingraph.export.tables import csv_bytes, csv_rows
from chaingraph.languages import LANGUAGES, check_language, other
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from starlette.requests import Request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HTML, JSON, CSV = "text/html", "application/json", "text/csv"
FORMATS = {HTML: ("application/xhtml+xml",), JSON: ("text/json",), CSV: ()}
"""Media types of a page, the page itself first, each with other names that clients use for it."""

SUFFIXES = {".json": JSON, ".csv": CSV}
_VARY = "Accept, Accept-Language"
_ASSET_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"


def language_of(request: Request) -> str:
    """Return the language of a page, zh or en: as the address says (``lang``), else as the browser prefers."""
    language = _lang_parameter(request)
    if language:
        return language
    ranges = qualities(request.headers.get("accept-language", ""))
    if not ranges:
        return LANGUAGES[0]
    weights = {
        language: max((value for name, value in ranges.items() if name.partition("-")[0] == language), default=0.0)
        for language in LANGUAGES
    }
    return "zh" if weights["zh"] > 0 and weights["zh"] >= weights["en"] else "en"


def _lang_parameter(request: Request) -> str:
    """Return the language that the address of a page names, empty where it names none."""
    language = request.query_params.get("lang", "")
    return language if language in LANGUAGES else ""


def address(request: Request, path: str, /, **parameters: object) -> str:
    """Return a link to a page of ours: the path, which is escaped, its parameters, and the request's ``lang``.

    Args:
        request: The request for the page that holds the link.
        path: Such as ``/thing/cn/organizations/x``, unescaped.
        **parameters: None and the empty text leave one out.
    """
    pairs = [(name, str(value)) for name, value in parameters.items() if value is not None and value != ""]
    if _lang_parameter(request) and "lang" not in parameters:
        pairs.append(("lang", _lang_parameter(request)))
    return quote(path, safe="/") + (f"?{urlencode(pairs)}" if pairs else "")


def thing_address(request: Request, iri: str) -> str:
    """Return a link to the page of a thing."""
    path, parameters = thing_path(iri)
    return address(request, path, **parameters)


def other_language(request: Request) -> str:
    """Return the address of the same page in the other language."""
    language = other(language_of(request))
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{quote(request.url.path, safe='/%')}?{urlencode([*pairs, ('lang', language)])}"


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("chaingraph.endpoint.pages", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = format_number
    environment.globals["asset"] = asset_address
    return environment


def _rendered(template: str, values: Mapping[str, Any]) -> str:
    return _templates().get_template(template).render(values)


async def render_page(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: object
) -> Response:
    """Return a page rendered from one of the templates, which all extend ``base.html``.

    A template has ``language``, ``words`` (of that language), ``href(path, **parameters)``, ``link(iri)``,
    ``asset(name)``, ``summary`` (of the store), ``home`` (False: the header shows the search box) and
    ``other_language``, and in addition the ``values``.

    Args:
        request: The request for it.
        template: A file in ``templates/``.
        status: The HTTP status.
        headers: Headers in addition to those of every page, or instead of them.
        **values: What the template uses.
    """
    language = language_of(request)
    context: dict[str, Any] = {
        "language": language,
        "words": words(language),
        "href": partial(address, request),
        "link": partial(thing_address, request),
        "other_language": other_language(request),
        "summary": values.pop("summary", None) or await store_summary(request),
        "home": False,
        "alternates": {},
        "search_text": "",
        "lang_parameter": _lang_parameter(request),
    }
    text = await in_thread(_rendered, template, context | values)
    page_headers = {"Content-Security-Policy": POLICY, "Content-Language": language} | dict(headers or {})
    return Response(text, status, page_headers, media_type=HTML)


@dataclass(frozen=True)
class RequestedFormat:
    """The media type that a request asks for, and the last part of its path without a suffix."""

    media_type: str
    name: str


def requested_format(
    request: Request,
    name: str = "",
    formats: Mapping[str, tuple[str, ...]] = FORMATS,
    suffixes: Mapping[str, str] = SUFFIXES,
) -> RequestedFormat:
    """Return the format that a request asks for: by the suffix of its name, else by the Accept header.

    Raises:
        RefusedError: With 406 where none of the formats is accepted.
    """
    for suffix, media_type in suffixes.items():
        if name.endswith(suffix) and name != suffix:
            return RequestedFormat(media_type, name.removesuffix(suffix))
    preferred = preferred_type(request.headers.get("accept", ""), formats)
    if preferred is None:
        raise RefusedError(406, tr("this page can be had as {formats}", formats=", ".join(formats)))
    return RequestedFormat(preferred, name)


def csv_response(
    columns: Sequence[str], rows: Iterable[Mapping[str, object]], headers: Mapping[str, str] | None = None
) -> Response:
    """Return rows as a CSV file for spreadsheets; what a row lacks is empty."""
    text = csv_rows(columns, ([row.get(name) for name in columns] for row in rows))
    return Response(csv_bytes(text), headers=headers, media_type=CSV)


def page_route(
    path: str, handler: Callable[[Request], Awaitable[Response]], methods: tuple[str, ...] = ("GET",)
) -> Route:
    """Return the route of a page, with caching and with errors in words.

    A GET gets an ETag of the store, the version, the limits, the address, and the headers that decide language and
    format; a client that has the same version is answered 304, before any query runs. All queries of a page
    are answered from one version of the store.
    """

    async def endpoint(request: Request) -> Response:
        try:
            return await of_one_version(request.app.state.engine, partial(respond, request))
        except RefusedError as error:
            return await error_response(request, error)

    async def respond(request: Request) -> Response:
        etag = _etag(request)
        if request.method != "POST" and not_modified(request.headers, etag):
            return Response(status_code=304, headers={"ETag": etag, "Vary": _VARY, "Cache-Control": "no-cache"})
        try:
            _check_language(request)
            response = await handler(request)
        except RefusedError as error:
            return await error_response(request, error)
        if response.status_code == 200:
            if request.method != "POST":
                response.headers.setdefault("ETag", etag)
            response.headers.setdefault("Cache-Control", "no-cache")
        response.headers.setdefault("Vary", _VARY)
        return response

    return Route(path, endpoint, methods=list(methods), name=path)


def _check_language(request: Request) -> None:
    try:
        check_language(request.query_params.get("lang") or LANGUAGES[0])
    except UnknownLanguageError as error:
        raise RefusedError(400, tr("the parameter 'lang' is unknown: {error}", error=error)) from error


def _etag(request: Request) -> str:
    state = request.app.state
    headers = [request.headers.get(name, "") for name in ("accept", "accept-language")]
    parts = [state.engine.tag, __version__, _assets_tag(), repr(state.limits), request.url.path, request.url.query]
    return f'W/"{hashlib.blake2b(repr([*parts, *headers]).encode(), digest_size=12).hexdigest()}"'


async def error_response(request: Request, error: RefusedError) -> Response:
    """Return an error as a page in words, or as JSON where the request asks for data."""
    suffix = next((one for one in SUFFIXES if request.url.path.endswith(one)), None)
    media_type = SUFFIXES[suffix] if suffix else preferred_type(request.headers.get("accept", ""), FORMATS)
    if media_type != HTML:
        data = json.dumps({"status": error.status, "error": error.reason}, ensure_ascii=False) + "\n"
        return Response(data, error.status, error.headers, media_type=JSON)
    title = f"error_{error.status}" if f"error_{error.status}" in words("en") else "error"
    page: dict[str, Any] = {"status": error.status, "headers": error.headers, "title": title, "reason": error.reason}
    try:
        return await render_page(request, "error.html", **page)
    except RefusedError:
        return await render_page(request, "error.html", **page, summary=StoreSummary("", (), {}, 0))


async def unknown_page(request: Request) -> Response:
    """Redirect from an address that ends in a slash to the one without, and refuse every other that is none of ours.

    Raises:
        RefusedError: With 404.
    """
    path = request.path_params["path"]
    if path.strip("/") and path.endswith("/"):
        # One slash at the start, or the address would be that of another host.
        return RedirectResponse(address(request, f"/{path.strip('/')}", **dict(request.query_params)), 307)
    raise RefusedError(404, tr("there is no such page"))


@cache
def _assets() -> Mapping[str, tuple[str, bytes]]:
    """Return each style, script and icon by its file name: its name in addresses, and its bytes."""
    assets = {}
    for file in sorted(files("chaingraph.endpoint.pages").iterdir(), key=lambda one: one.name):
        stem, _, suffix = file.name.rpartition(".")
        if suffix in _ASSET_TYPES:
            content = file.read_bytes()
            assets[file.name] = (f"{stem}.{hashlib.sha256(content).hexdigest()[:16]}.{suffix}", content)
    return assets


def asset_address(name: str) -> str:
    """Return the address of a style, script or icon by its file name; it changes with its bytes."""
    return f"/assets/{_assets()[name][0]}"


@cache
def _assets_tag() -> str:
    return hashlib.sha256(repr([name for name, _ in _assets().values()]).encode()).hexdigest()[:16]


async def asset(request: Request) -> Response:
    """Answer with a style, script or icon; clients may cache it for ever."""
    for name, content in _assets().values():
        if name == request.path_params["name"]:
            media_type = _ASSET_TYPES[name.rpartition(".")[2]]
            return Response(content, headers={"Cache-Control": _FOREVER}, media_type=media_type)
    return PlainTextResponse(tr("there is no such file\n"), 404)
