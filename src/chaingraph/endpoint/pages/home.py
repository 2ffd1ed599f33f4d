"""The first page: search, what the graph holds, and the questions that it answers."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.responses import Response

from chaingraph.endpoint.pages.cells import as_csv, as_json
from chaingraph.endpoint.pages.rendering import CSV, JSON, address, language_of, page_route, rendered, wanted_of
from chaingraph.endpoint.pages.search import SEARCHED
from chaingraph.endpoint.pages.store_summary import facts_of, sources_of
from chaingraph.endpoint.pages.terms import THINGS, class_words, hue, words
from chaingraph.sparql.questions import questions

if TYPE_CHECKING:
    from typing import Any

    from starlette.requests import Request

    from chaingraph.sparql.questions import Question


async def home(request: Request) -> Response:
    """Answer with the first page."""
    wanted = wanted_of(request, request.url.path.removeprefix("/"))
    facts = await facts_of(request)
    if wanted.media_type == JSON:
        held = {
            "statements": facts.size,
            "counts": dict(facts.counts),
            "datasets": sources_of(facts),
            "questions": [described(one) for one in questions()],
        }
        return Response(as_json(held), media_type=JSON)
    if wanted.media_type == CSV:
        rows = [{"class": name, "count": count} for name, count in facts.counts.items()]
        return Response(as_csv(["class", "count"], rows), media_type=CSV)
    language = language_of(request)
    counts = [
        {
            "name": name,
            "words": class_words(name)[language]["one" if count == 1 else "many"],
            "count": count,
            "hue": hue(name),
            "thing": name in THINGS,
            "href": address(request, "/search", **{"class": name}) if name in SEARCHED else None,
        }
        for name, count in facts.counts.items()
    ]
    return await rendered(
        request,
        "home.html",
        home=True,
        counts=counts,
        groups=grouped(language),
        files={name: address(request, f"/index{name}") for name in (".json", ".csv")},
        alternates={JSON: "/index.json", CSV: "/index.csv"},
    )


def grouped(language: str) -> list[dict[str, Any]]:
    """Return the questions by what they are about, each with its words; those of no group come last."""
    known = {one.name: one.chinese if language == "zh" else one.english for one in questions()}
    text = files("chaingraph.endpoint.pages").joinpath("question_groups.json").read_text(encoding="utf-8")
    found = [
        {
            "title": group[language],
            "questions": [(name, known.pop(name)) for name in group["questions"] if name in known],
        }
        for group in json.loads(text)
    ]
    return [*found, {"title": words(language)["other_questions"], "questions": list(known.items())}]


def described(one: Question) -> dict[str, Any]:
    """Return a question as JSON holds it."""
    return {
        "name": one.name,
        "zh": one.chinese,
        "en": one.english,
        "parameters": [
            {
                "name": parameter.name,
                "kind": parameter.kind,
                "of": list(parameter.of),
                "required": parameter.required,
                "default": parameter.default,
                "example": parameter.example,
                "zh": parameter.chinese,
                "en": parameter.english,
            }
            for parameter in one.parameters
        ],
        "page": f"/question/{one.name}",
    }


routes = [page_route(path, home) for path in ("/", "/index.json", "/index.csv")]
