"""Search: the only place that finds things by their names and aliases, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from chaingraph import languages
from chaingraph.endpoint.pages.cells import as_csv, as_json, thing_path
from chaingraph.endpoint.pages.page_queries import ask_rows, listings, names_of
from chaingraph.endpoint.pages.rendering import CSV, JSON, address, language_of, page_route, rendered, wanted_of
from chaingraph.endpoint.pages.store_summary import facts_of, sources_of
from chaingraph.endpoint.pages.terms import THINGS, class_words, hue
from chaingraph.endpoint.workers.engine import Refused
from chaingraph.errors import UsageError, shown
from chaingraph.languages import text_in
from chaingraph.sparql.lookup import literal
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from starlette.requests import Request

SEARCHED = (*THINGS, "ReportedCount", "Source")
"""Classes of what can be found."""

LONGEST = 200
"""Characters of what is searched for, or given as a parameter."""

AT_ONCE = 50
"""Things on a page of results."""

RANKED = 5000
"""Names that are ranked; where more hold the text, the rest is left out, and the page says so."""

LAST_PAGE = RANKED // AT_ONCE
_MATCHES = """SELECT ?thing ?class ?rank ?length {{
  {{ {{ SELECT ?thing ?name {{ VALUES ?name {{ {exact} }} ?thing rdfs:label|skos:altLabel ?name }} }}
    UNION {{ SELECT ?thing ?name {{ {classes} ?thing rdfs:label|skos:altLabel ?name
      FILTER ({contains}) }} LIMIT {limit} }} }}
  OPTIONAL {{ ?thing a ?class FILTER (?class IN ({listed})) }}
  BIND (LCASE(STR(?name)) AS ?text)
  BIND (IF(?text = {whole}, 0, IF(STRSTARTS(?text, {whole}), 1, 2)) AS ?rank) BIND (STRLEN(?text) AS ?length) }}"""
_BROWSED = """SELECT ?thing (MIN(?c) AS ?class) (MIN(LCASE(STR(?name))) AS ?first) {{
  VALUES ?c {{ {classes} }} ?thing a ?c . OPTIONAL {{ ?thing rdfs:label ?name }}
}} GROUP BY ?thing ORDER BY ?first ?thing LIMIT {limit} OFFSET {offset}"""
_UNSORTED = """SELECT ?thing (?c AS ?class) {{ VALUES ?c {{ {classes} }} ?thing a ?c }} LIMIT {limit} OFFSET {offset}"""
_ALIASES = "SELECT ?s ?o {{ VALUES ?s {{ {} }} ?s skos:altLabel ?o }} ORDER BY ?s ?o"


@dataclass(frozen=True)
class Search:
    """What is searched for: a text (empty: everything of the classes), classes (none: all), and a page of results."""

    text: str
    classes: tuple[str, ...]
    page: int


@dataclass(frozen=True)
class Found:
    """A thing that was found, with what it is called; ``aliases`` are those that hold the text."""

    iri: str
    class_name: str
    names: dict[str, str]
    aliases: tuple[str, ...]


def search_of(request: Request) -> Search:
    """Return what a request searches for.

    Raises:
        Refused: With 400, where a parameter is not understood.
    """
    text = request.query_params.get("q", "").strip()
    if len(text) > LONGEST:
        raise Refused(400, f"'q' has {len(text):,} characters, expected at most {LONGEST}")
    chosen = tuple(dict.fromkeys(name.removeprefix("cg:") for name in request.query_params.getlist("class") if name))
    for name in chosen:
        if name not in SEARCHED:
            raise Refused(400, f"'class' is '{shown(name)}', expected one of {', '.join(SEARCHED)}")
    return Search(text, chosen, page_of(request))


def page_of(request: Request) -> int:
    """Return which page of a list is wanted, from 1.

    Raises:
        Refused: With 400, where it is no such number.
    """
    text = request.query_params.get("page", "") or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= LAST_PAGE):
        raise Refused(400, f"'page' is '{shown(text)}', expected a number from 1 to {LAST_PAGE}")
    return int(text)


def matches_query(asked: Search) -> str:
    """Return the query for the names that hold every word of a text, in any order, and whether they begin with it.

    Raises:
        Refused: With 400, where the text is none.
    """
    text = asked.text.lower()
    try:
        whole, written, *words = [literal(part) for part in (text, asked.text, *text.split())]
    except UsageError as error:
        raise Refused(400, str(error)) from error
    return _MATCHES.format(
        exact=" ".join(f"{written}{tag}" for tag in ("", "@zh", "@en")),
        classes=f"?thing a cg:{asked.classes[0]} ." if len(asked.classes) == 1 else "",
        contains=" && ".join(f"CONTAINS(LCASE(STR(?name)), {word})" for word in words),
        listed=", ".join(f"cg:{name}" for name in asked.classes or SEARCHED),
        whole=whole,
        limit=RANKED,
    )


async def _matching(request: Request, asked: Search) -> tuple[list[tuple[str, str]], bool, bool]:
    """The things of a page of a search with their classes, whether there are more, and whether some are left out.

    Things come before reported counts and sources; then exact names, names that begin with the text, and the rest,
    shorter before longer.
    """
    rows = (await ask_rows(request, matches_query(asked))).rows
    best: dict[tuple[str, str], tuple[bool, int, int]] = {}
    for row in rows:
        if "class" in row:
            name = row["class"]["value"].removeprefix(PREFIXES["cg"])
            key = (row["thing"]["value"], name)
            place = (name not in THINGS, int(row["rank"]["value"]), int(row["length"]["value"]))
            best[key] = min(place, best.get(key, place))
    ranked = sorted(best, key=lambda key: (best[key], key))
    start = AT_ONCE * (asked.page - 1)
    return ranked[start : start + AT_ONCE], len(ranked) > start + AT_ONCE, len(rows) >= RANKED


async def _browsed(request: Request, asked: Search) -> tuple[list[tuple[str, str]], bool, bool]:
    """The same where nothing is searched for: all things, by their names, or as the store has them if too many."""
    chosen = asked.classes or SEARCHED
    counts = (await facts_of(request)).counts
    many = sum(counts.get(name, 0) for name in chosen) > RANKED
    text = (_UNSORTED if many else _BROWSED).format(
        classes=" ".join(f"cg:{name}" for name in chosen), limit=AT_ONCE + 1, offset=AT_ONCE * (asked.page - 1)
    )
    rows = (await ask_rows(request, text)).rows
    found = [(row["thing"]["value"], row["class"]["value"].removeprefix(PREFIXES["cg"])) for row in rows]
    last = asked.page == LAST_PAGE
    return found[:AT_ONCE], len(found) > AT_ONCE and not last, len(found) > AT_ONCE and last


async def found_things(request: Request, asked: Search) -> tuple[list[Found], bool, bool]:
    """Return the things of one page of a search, whether there are more, and whether some are left out altogether.

    Raises:
        Refused: The search is none, or takes too long.
    """
    words = asked.text.lower().split()
    keys, more, cut = await (_matching if words else _browsed)(request, asked)
    iris = [iri for iri, _ in keys]
    names = await names_of(request, iris)
    aliases: dict[str, list[str]] = {}
    for listed in listings(iris) if words else ():
        for row in (await ask_rows(request, _ALIASES.format(listed))).rows:
            if all(word in row["o"]["value"].lower() for word in words):
                aliases.setdefault(row["s"]["value"], []).append(row["o"]["value"])
    found = [Found(iri, name, names.get(iri, {}), tuple(aliases.get(iri, []))) for iri, name in keys]
    return found, more, cut


async def search(request: Request) -> Response:
    """Answer with the things that are called so."""
    wanted = wanted_of(request, request.url.path.rpartition("/")[2])
    asked = search_of(request)
    things, more, cut = await found_things(request, asked)
    if wanted.media_type == JSON:
        held = {
            "q": asked.text,
            "classes": list(asked.classes),
            "page": asked.page,
            "more": more,
            "truncated": cut,
            "things": [_plain(request, one) for one in things],
            "datasets": sources_of(await facts_of(request)),
        }
        return Response(as_json(held), media_type=JSON)
    if wanted.media_type == CSV:
        columns = ["iri", "class", "name", "name_zh", "name_en"]
        return Response(
            as_csv(columns, [_plain(request, one) for one in things]), media_type=CSV, headers=_cut(more or cut)
        )
    language = language_of(request)
    return await rendered(
        request,
        "search.html",
        asked=asked.text,
        classes=asked.classes,
        page=asked.page,
        more=more,
        cut=cut,
        things=[_shown(request, one, language) for one in things],
        choices=_choices(asked, (await facts_of(request)).counts, language),
        files={name: address(request, f"/search{name}", **_parameters(asked)) for name in (".json", ".csv")},
        parameters=_parameters(asked),
    )


def _cut(more: bool) -> dict[str, str]:
    return {"X-Truncated": f"after {AT_ONCE} rows"} if more else {}


def _parameters(asked: Search) -> dict[str, Any]:
    return {"q": asked.text, "class": asked.classes[0] if len(asked.classes) == 1 else ""}


def _choices(asked: Search, counts: Mapping[str, int], language: str) -> list[tuple[str, str, bool]]:
    listed = [name for name in SEARCHED if name in counts]
    return [(name, class_words(name)[language]["many"], asked.classes == (name,)) for name in listed]


def _plain(request: Request, one: Found) -> dict[str, Any]:
    path, parameters = thing_path(one.iri)
    return {
        "iri": one.iri,
        "class": one.class_name,
        "name": text_in(one.names, "zh"),
        "name_zh": one.names.get("zh"),
        "name_en": one.names.get("en"),
        "aliases": list(one.aliases),
        "page": address(request, path, **parameters),
    }


def _shown(request: Request, one: Found, language: str) -> dict[str, Any]:
    path, parameters = thing_path(one.iri)
    name = text_in(one.names, language) or one.iri
    other = one.names.get(languages.other(language), "")
    return {
        "name": name,
        "also": "" if other == name else other,
        "aliases": one.aliases,
        "href": address(request, path, **parameters),
        "kind": class_words(one.class_name)[language]["one"],
        "hue": hue(one.class_name),
    }


routes = [page_route(path, search) for path in ("/search", "/search.json", "/search.csv")]
