"""Search: things by their names and aliases, in both languages, by Pinyin, and in either script of Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import Response

from chaingraph import languages
from chaingraph.endpoint.engine import RefusedError
from chaingraph.endpoint.pages.class_table import ClassTable, class_table, column_titles, plain_values, table_line
from chaingraph.endpoint.pages.page_queries import ask_rows, names_of, values_clauses
from chaingraph.endpoint.pages.rendering import (
    CSV,
    HTML,
    JSON,
    address,
    csv_response,
    language_of,
    page_route,
    render_page,
    requested_format,
    thing_address,
)
from chaingraph.endpoint.pages.spellings import spellings_of
from chaingraph.endpoint.pages.store_summary import dataset_records, store_summary
from chaingraph.endpoint.pages.terms import THINGS, class_words, hue, words
from chaingraph.endpoint.responses import TRUNCATED
from chaingraph.errors import UsageError, excerpt
from chaingraph.export.tables import json_document
from chaingraph.languages import text_in
from chaingraph.messages import tr
from chaingraph.sparql.lookup import literal
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from starlette.requests import Request

SEARCH_CLASSES = (*THINGS, "ReportedCount", "Source")
"""Classes of things that are searched."""

MAX_LENGTH = 200
"""The greatest number of characters of a search text, and of other parameters."""

PAGE_SIZE = 50
"""Things on a page of results."""

MAX_MATCHES = 5000
"""Names that are ranked; where more match, the rest is left out, and the page says so."""

_RECORD = ("iri", "class", "name", "name_zh", "name_en", "aliases", "page")
"""What every thing has in JSON; the columns of its class follow."""

LAST_PAGE = MAX_MATCHES // PAGE_SIZE
_MATCHES = """SELECT ?thing ?class ?rank ?length {{
  {{ {{ SELECT ?thing ?name {{ VALUES ?name {{ {exact} }} ?thing rdfs:label|skos:altLabel ?name }} }}
    UNION {{ SELECT ?thing ?name {{ {classes} ?thing rdfs:label|skos:altLabel ?name
      FILTER ({contains}) }} LIMIT {limit} }} }}
  OPTIONAL {{ ?thing a ?class FILTER (?class IN ({listed})) }}
  BIND (LCASE(STR(?name)) AS ?text)
  BIND (IF(?text = {whole}, 0, IF(STRSTARTS(?text, {whole}), 1, 2)) AS ?rank) BIND (STRLEN(?text) AS ?length) }}"""
_SORTED = """SELECT ?thing (MIN(?c) AS ?class) (MIN(LCASE(STR(?name))) AS ?first) {{
  VALUES ?c {{ {classes} }} ?thing a ?c . OPTIONAL {{ ?thing rdfs:label ?name }}
}} GROUP BY ?thing ORDER BY ?first ?thing LIMIT {limit} OFFSET {offset}"""
_UNSORTED = """SELECT ?thing (?c AS ?class) {{ VALUES ?c {{ {classes} }} ?thing a ?c }} LIMIT {limit} OFFSET {offset}"""
_ALIASES = "SELECT ?s ?o {{ VALUES ?s {{ {} }} ?s skos:altLabel ?o }} ORDER BY ?s ?o"


@dataclass(frozen=True)
class Search:
    """A text (empty: all things of the classes), classes (none: all), and the number of the page of results."""

    text: str
    classes: tuple[str, ...]
    page: int


@dataclass(frozen=True)
class Match:
    """A thing that matches a search, with its names; ``aliases`` are those that contain the text."""

    iri: str
    class_name: str
    names: dict[str, str]
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Keys:
    """The IRIs of the things on a page of results, each with its class.

    ``more`` says that another page follows, ``truncated`` that some things stand on no page; ``total`` counts what
    stands on some page.
    """

    things: list[tuple[str, str]]
    more: bool
    truncated: bool
    total: int


@dataclass(frozen=True)
class Results:
    """A page of results, as `Keys`; ``table`` has more of the things where all are of one class."""

    matches: list[Match]
    more: bool
    truncated: bool
    total: int
    table: ClassTable | None = None


def search_of(request: Request) -> Search:
    """Return the search that a request asks for.

    Raises:
        RefusedError: With 400, where a parameter is not understood.
    """
    text = request.query_params.get("q", "").strip()
    if len(text) > MAX_LENGTH:
        raise RefusedError(
            400,
            tr("'q' has {count:,} characters, expected at most {max_length}", count=len(text), max_length=MAX_LENGTH),
        )
    classes = tuple(dict.fromkeys(name.removeprefix("cg:") for name in request.query_params.getlist("class") if name))
    for name in classes:
        if name not in SEARCH_CLASSES:
            raise RefusedError(
                400,
                tr(
                    "'class' is '{name}', expected one of {search_classes}",
                    name=excerpt(name),
                    search_classes=", ".join(SEARCH_CLASSES),
                ),
            )
    return Search(text, classes, page_of(request))


def page_of(request: Request) -> int:
    """Return the number of the requested page of a list, from 1.

    Raises:
        RefusedError: With 400, where it is not such a number.
    """
    text = request.query_params.get("page", "") or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= LAST_PAGE):
        raise RefusedError(
            400,
            tr("'page' is '{text}', expected a number from 1 to {last_page}", text=excerpt(text), last_page=LAST_PAGE),
        )
    return int(text)


def matches_query(query: Search) -> str:
    """Return the query for the names that contain every word of a text, in any order, ranked by how they match.

    Raises:
        RefusedError: With 400, where the text is not valid Unicode.
    """
    text = query.text.lower()
    try:
        lower, exact, *words = [literal(part) for part in (text, query.text, *text.split())]
    except UsageError as error:
        raise RefusedError(400, str(error)) from error
    return _MATCHES.format(
        exact=" ".join(f"{exact}{tag}" for tag in ("", "@zh", "@en")),
        classes=f"?thing a cg:{query.classes[0]} ." if len(query.classes) == 1 else "",
        contains=" && ".join(f"CONTAINS(LCASE(STR(?name)), {word})" for word in words),
        listed=", ".join(f"cg:{name}" for name in query.classes or SEARCH_CLASSES),
        whole=lower,
        limit=MAX_MATCHES,
    )


async def _matches(request: Request, query: Search) -> Keys:
    """Return the things on a page of results of a search for a text.

    Things come before reported counts and sources; then exact names, names that begin with the text, and the rest,
    shorter before longer.
    """
    rows = (await ask_rows(request, matches_query(query))).rows
    spellings = await spellings_of(request, query.text, query.classes, MAX_MATCHES)
    best = {(iri, name): (name not in THINGS, rank, length) for iri, name, rank, length in spellings}
    for row in rows:
        if "class" in row:
            name = row["class"]["value"].removeprefix(PREFIXES["cg"])
            key = (row["thing"]["value"], name)
            rank = (name not in THINGS, int(row["rank"]["value"]), int(row["length"]["value"]))
            best[key] = min(rank, best.get(key, rank))
    ranked = sorted(best, key=lambda key: (best[key], key))
    start = PAGE_SIZE * (query.page - 1)
    end = start + PAGE_SIZE
    truncated = max(len(rows), len(spellings)) >= MAX_MATCHES
    return Keys(ranked[start:end], more=len(ranked) > end, truncated=truncated, total=len(ranked))


async def _all_things(request: Request, query: Search) -> Keys:
    """Return the things on a page of results without a text: by their names, or unsorted if there are too many."""
    classes = query.classes or SEARCH_CLASSES
    counts = (await store_summary(request)).counts
    total = sum(counts.get(name, 0) for name in classes)
    text = (_UNSORTED if total > MAX_MATCHES else _SORTED).format(
        classes=" ".join(f"cg:{name}" for name in classes), limit=PAGE_SIZE + 1, offset=PAGE_SIZE * (query.page - 1)
    )
    rows = (await ask_rows(request, text)).rows
    things = [(row["thing"]["value"], row["class"]["value"].removeprefix(PREFIXES["cg"])) for row in rows]
    beyond, last = len(things) > PAGE_SIZE, query.page == LAST_PAGE
    return Keys(things[:PAGE_SIZE], more=beyond and not last, truncated=beyond and last, total=total)


async def search_results(request: Request, query: Search, *, with_table: bool = False) -> Results:
    """Return one page of the results of a search.

    Args:
        request: The request that they are for.
        query: What is looked for.
        with_table: Whether things of one class have the columns of its table.

    Raises:
        RefusedError: The text is not valid Unicode, or the search takes too long.
    """
    words = query.text.lower().split()
    keys = await (_matches if words else _all_things)(request, query)
    iris = [iri for iri, _ in keys.things]
    names = await names_of(request, iris)
    aliases: dict[str, list[str]] = {}
    for iri_list in values_clauses(iris) if words else ():
        for row in (await ask_rows(request, _ALIASES.format(iri_list))).rows:
            if all(word in row["o"]["value"].lower() for word in words):
                aliases.setdefault(row["s"]["value"], []).append(row["o"]["value"])
    matches = [Match(iri, name, names.get(iri, {}), tuple(aliases.get(iri, []))) for iri, name in keys.things]
    table = await class_table(request, query.classes[0], iris) if with_table and len(query.classes) == 1 else None
    return Results(matches, keys.more, keys.truncated, keys.total, table)


async def search(request: Request) -> Response:
    """Answer with the things that match a search."""
    requested = requested_format(request, request.url.path.rpartition("/")[2])
    query = search_of(request)
    results = await search_results(request, query, with_table=requested.media_type == HTML or not query.text)
    if requested.media_type == JSON:
        record = {
            "q": query.text,
            "classes": list(query.classes),
            "page": query.page,
            "more": results.more,
            "truncated": results.truncated,
            "total": results.total,
            "things": [_record(request, one, results.table) for one in results.matches],
            "datasets": dataset_records(await store_summary(request)),
        }
        return Response(json_document(record), media_type=JSON)
    if requested.media_type == CSV:
        columns = ["iri", "class", "name", "name_zh", "name_en"]
        headers = (
            {TRUNCATED: tr("after {page_size} rows", page_size=PAGE_SIZE)} if results.more or results.truncated else {}
        )
        rows = [_record(request, one, results.table) for one in results.matches]
        table_columns = (name for row in rows for name in row if name not in _RECORD)
        return csv_response(list(dict.fromkeys([*columns, *table_columns])), rows, headers)
    language = language_of(request)
    return await render_page(
        request,
        "search.html",
        search_text=query.text,
        classes=query.classes,
        page=query.page,
        more=results.more,
        truncated=results.truncated,
        extent=_extent(query, results, language),
        titles=column_titles(results.table, language) if results.table else [],
        things=[_page_entry(request, one, language, results.table) for one in results.matches],
        choices=_choices(query, (await store_summary(request)).counts, language),
        files={name: address(request, f"/search{name}", **_parameters(query)) for name in (".json", ".csv")},
        parameters=_parameters(query),
    )


def _parameters(query: Search) -> dict[str, Any]:
    return {"q": query.text, "class": query.classes[0] if len(query.classes) == 1 else ""}


def _choices(query: Search, counts: Mapping[str, int], language: str) -> list[tuple[str, str, bool]]:
    names = [name for name in SEARCH_CLASSES if name in counts]
    return [(name, class_words(name)[language]["many"], query.classes == (name,)) for name in names]


def _extent(query: Search, results: Results, language: str) -> str:
    """Return how many things there are, and which of them stand on the page; empty where there are none."""
    first = PAGE_SIZE * (query.page - 1) + 1
    name = "list_extent_truncated" if results.truncated and query.text else "list_extent"
    numbers = {"total": results.total, "first": first, "last": first + len(results.matches) - 1}
    return (
        words(language)[name].format(**{key: f"{value:,}" for key, value in numbers.items()}) if results.matches else ""
    )


def _record(request: Request, one: Match, table: ClassTable | None = None) -> dict[str, Any]:
    return {
        "iri": one.iri,
        "class": one.class_name,
        "name": text_in(one.names, "zh"),
        "name_zh": one.names.get("zh"),
        "name_en": one.names.get("en"),
        "aliases": list(one.aliases),
        "page": thing_address(request, one.iri),
    } | (plain_values(table, one.iri) if table else {})


def _page_entry(request: Request, one: Match, language: str, table: ClassTable | None) -> dict[str, Any]:
    name = text_in(one.names, language) or one.iri
    other = one.names.get(languages.other(language), "")
    return {
        "name": name,
        "translation": "" if other == name else other,
        "aliases": one.aliases,
        "href": thing_address(request, one.iri),
        "kind": class_words(one.class_name)[language]["one"],
        "hue": hue(one.class_name),
        "line": table_line(table, one.iri, language, partial(thing_address, request)) if table else [],
    }


routes = [page_route(path, search) for path in ("/search", "/search.json", "/search.csv")]
