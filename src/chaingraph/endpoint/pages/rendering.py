"""The frame of every page: language, words, links, policy, caching, and errors in words; the only place for them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import jinja2
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from chaingraph import __version__
from chaingraph.endpoint.pages import assets
from chaingraph.endpoint.pages.cells import cell_of, formatted, thing_path
from chaingraph.endpoint.pages.store_summary import Facts, facts_of
from chaingraph.endpoint.pages.terms import words
from chaingraph.endpoint.protocol import not_modified, preferred, qualities
from chaingraph.endpoint.workers.engine import Refused
from chaingraph.errors import UnknownLanguageError
from chaingraph.languages import LANGUAGES, check_language, other

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HTML, JSON, CSV = "text/html", "application/json", "text/csv"
FORMATS = {HTML: ("application/xhtml+xml",), JSON: ("text/json",), CSV: ()}
"""Media types of a page, the page itself first, each with other names that clients use for it."""

SUFFIXES = {".json": JSON, ".csv": CSV}
_VARYING = "Accept, Accept-Language"


def language_of(request: Request) -> str:
    """Return the language of a page, zh or en: as the address says (``lang``), else as the browser prefers."""
    chosen = request.query_params.get("lang", "")
    if chosen in LANGUAGES:
        return chosen
    wanted = qualities(request.headers.get("accept-language", ""))
    if not wanted:
        return LANGUAGES[0]
    weights = {
        language: max((value for name, value in wanted.items() if name.partition("-")[0] == language), default=0.0)
        for language in LANGUAGES
    }
    return "zh" if weights["zh"] > 0 and weights["zh"] >= weights["en"] else "en"


def address(request: Request, path: str, /, **parameters: object) -> str:
    """Return a link to a page of ours: the path, which is escaped, its parameters, and the language if it was chosen.

    Args:
        request: The request for the page that the link stands on.
        path: Such as ``/thing/cn/organizations/x``, unescaped.
        **parameters: None and the empty text leave one out.
    """
    pairs = [(name, str(value)) for name, value in parameters.items() if value is not None and value != ""]
    chosen = request.query_params.get("lang", "")
    if chosen in LANGUAGES and "lang" not in parameters:
        pairs.append(("lang", chosen))
    return quote(path, safe="/") + (f"?{urlencode(pairs)}" if pairs else "")


def other_language(request: Request) -> str:
    """Return the address of the same page in the other language."""
    language = other(language_of(request))
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{quote(request.url.path, safe='/%')}?{urlencode([*pairs, ('lang', language)])}"


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("chaingraph.endpoint.pages", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["number"] = formatted
    made.globals["asset"] = assets.address
    return made


async def rendered(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: object
) -> Response:
    """Return a page made from a template of ours, which extends ``base.html``.

    A template has ``language``, ``words`` (of that language), ``href(path, **parameters)``, ``asset(name)``,
    ``facts`` (the data sets with their attribution, the counts by class), ``cell(term, names)``, ``home`` (False:
    the header shows the search box) and ``other_language``; beside them what is given as ``values``.

    Args:
        request: The request for it.
        template: A file in ``templates/``.
        status: The HTTP status.
        headers: More headers, or others than the frame's.
        **values: What the template uses.
    """
    language = language_of(request)

    def href(path: str, /, **parameters: object) -> str:
        return address(request, path, **parameters)

    def link(iri: str) -> str:
        path, parameters = thing_path(iri)
        return href(path, **parameters)

    frame: dict[str, Any] = {
        "language": language,
        "words": words(language),
        "href": href,
        "link": link,
        "cell": lambda term, names=None: cell_of(term, names or {}, language, link),
        "other_language": other_language(request),
        "facts": values.pop("facts", None) or await facts_of(request),
        "home": False,
        "alternates": {},
        "truncated": None,
        "asked": "",
        "chosen": request.query_params.get("lang", "") if request.query_params.get("lang", "") in LANGUAGES else "",
    }
    text = _templates().get_template(template).render(frame | values)
    held = {"Content-Security-Policy": POLICY, "Content-Language": language} | dict(headers or {})
    return Response(text, status, held, media_type=HTML)


@dataclass(frozen=True)
class Wanted:
    """What a request for a page asks for: the media type, and the last part of its path without a suffix."""

    media_type: str
    name: str


def wanted_of(
    request: Request,
    name: str = "",
    formats: Mapping[str, tuple[str, ...]] = FORMATS,
    suffixes: Mapping[str, str] = SUFFIXES,
) -> Wanted:
    """Return in which form a page is wanted: by the suffix of its name, else by the Accept header.

    Raises:
        Refused: With 406 where it cannot be had in a form that is accepted.
    """
    for suffix, media_type in suffixes.items():
        if name.endswith(suffix) and name != suffix:
            return Wanted(media_type, name.removesuffix(suffix))
    chosen = preferred(request.headers.get("accept", ""), dict(formats))
    if chosen is None:
        raise Refused(406, f"this page can be had as {', '.join(formats)}")
    return Wanted(chosen, name)


def page_route(
    path: str, handler: Callable[[Request], Awaitable[Response]], methods: tuple[str, ...] = ("GET",)
) -> Route:
    """Return the route of a page: cached by what the store holds, its errors said in words.

    A GET gets an ETag of the store, the version, the limits, the address, and the headers that choose language and
    form; whoever holds the same is answered 304, before any query runs.
    """

    async def served(request: Request) -> Response:
        tag = tag_of(request)
        if request.method != "POST" and not_modified(request.headers, tag):
            return Response(status_code=304, headers={"ETag": tag, "Vary": _VARYING, "Cache-Control": "no-cache"})
        try:
            _check_language(request)
            response = await handler(request)
        except Refused as error:
            return await refusal(request, error)
        if response.status_code == 200:
            if request.method != "POST":
                response.headers.setdefault("ETag", tag)
            response.headers.setdefault("Cache-Control", "no-cache")
        response.headers.setdefault("Vary", _VARYING)
        return response

    return Route(path, served, methods=list(methods), name=path)


def _check_language(request: Request) -> None:
    try:
        check_language(request.query_params.get("lang") or LANGUAGES[0])
    except UnknownLanguageError as error:
        raise Refused(400, f"the parameter 'lang' is unknown: {error}") from error


def tag_of(request: Request) -> str:
    """Return the weak ETag of a page."""
    state = request.app.state
    headers = [request.headers.get(name, "") for name in ("accept", "accept-language")]
    parts = [state.engine.tag, __version__, assets.tag(), repr(state.settings), request.url.path, request.url.query]
    return f'W/"{hashlib.blake2b(repr([*parts, *headers]).encode(), digest_size=12).hexdigest()}"'


async def refusal(request: Request, error: Refused) -> Response:
    """Return an error as a page in words, or as JSON where the request asks for data."""
    suffix = next((one for one in SUFFIXES if request.url.path.endswith(one)), None)
    chosen = SUFFIXES[suffix] if suffix else preferred(request.headers.get("accept", ""), dict(FORMATS))
    if chosen != HTML:
        data = json.dumps({"status": error.status, "error": error.reason}, ensure_ascii=False) + "\n"
        return Response(data, error.status, error.headers, media_type=JSON)
    title = f"error_{error.status}" if f"error_{error.status}" in words("en") else "error"
    said: dict[str, Any] = {"status": error.status, "headers": error.headers, "title": title, "reason": error.reason}
    try:
        return await rendered(request, "error.html", **said)
    except Refused:
        return await rendered(request, "error.html", **said, facts=Facts("", (), {}, 0))


async def nowhere(request: Request) -> Response:
    """Lead from an address that ends in a slash to the one without, and refuse every other that is none of ours.

    Raises:
        Refused: With 404.
    """
    path = request.path_params["path"]
    if path.strip("/") and path.endswith("/"):
        # One slash at the start, or the address would be that of another host.
        return RedirectResponse(address(request, f"/{path.strip('/')}", **dict(request.query_params)), 307)
    raise Refused(404, "there is no such page")
