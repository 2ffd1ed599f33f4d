"""The first page: search, the number of things of each class, and the questions that the graph answers."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.responses import Response

from chaingraph.endpoint.pages.key_figures import key_figures
from chaingraph.endpoint.pages.rendering import (
    CSV,
    JSON,
    address,
    csv_response,
    language_of,
    page_route,
    render_page,
    requested_format,
)
from chaingraph.endpoint.pages.search import SEARCH_CLASSES
from chaingraph.endpoint.pages.store_summary import dataset_records, store_summary
from chaingraph.endpoint.pages.terms import THINGS, class_words, hue, words
from chaingraph.export.tables import json_document
from chaingraph.sparql.questions import questions

if TYPE_CHECKING:
    from typing import Any

    from starlette.requests import Request

    from chaingraph.sparql.questions import Question


async def home(request: Request) -> Response:
    """Answer with the first page."""
    requested = requested_format(request, request.url.path.removeprefix("/"))
    summary = await store_summary(request)
    if requested.media_type == JSON:
        record = {
            "statements": summary.size,
            "counts": dict(summary.counts),
            "datasets": dataset_records(summary),
            "questions": [question_record(one) for one in questions()],
        }
        return Response(json_document(record), media_type=JSON)
    if requested.media_type == CSV:
        rows = [{"class": name, "count": count} for name, count in summary.counts.items()]
        return csv_response(["class", "count"], rows)
    language = language_of(request)
    counts = [
        {
            "name": name,
            "words": class_words(name)[language]["one" if count == 1 else "many"],
            "count": count,
            "hue": hue(name),
            "thing": name in THINGS,
            "href": address(request, "/search", **{"class": name}) if name in SEARCH_CLASSES else None,
        }
        for name, count in summary.counts.items()
    ]
    return await render_page(
        request,
        "home.html",
        home=True,
        counts=counts,
        groups=question_groups(language),
        figures=await key_figures(request, language),
        picture=address(request, "/picture.svg", lang=language) if summary.counts.get("Membership") else "",
        files={name: address(request, f"/index{name}") for name in (".json", ".csv")},
        alternates={JSON: "/index.json", CSV: "/index.csv"},
    )


def question_groups(language: str) -> list[dict[str, Any]]:
    """Return the questions in groups, each with its words; those of no group come last."""
    titles = {one.name: one.chinese if language == "zh" else one.english for one in questions()}
    text = files("chaingraph.endpoint.pages").joinpath("question_groups.json").read_text(encoding="utf-8")
    groups = [
        {
            "title": group[language],
            "questions": [(name, titles.pop(name)) for name in group["questions"] if name in titles],
        }
        for group in json.loads(text)
    ]
    return [*groups, {"title": words(language)["other_questions"], "questions": list(titles.items())}]


def question_record(one: Question) -> dict[str, Any]:
    """Return a question for JSON."""
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
