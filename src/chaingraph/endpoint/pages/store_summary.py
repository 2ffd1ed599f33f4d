"""What every page says of the store: its data sets, their attribution, its counts; queried once per state of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.endpoint.pages.page_queries import ask_rows
from chaingraph.endpoint.pages.terms import TABLES
from chaingraph.languages import LANGUAGES, in_both
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

_DATASETS = """SELECT ?set ?property ?value (LANG(?value) AS ?language) {
  ?set a dcat:Dataset ; ?property ?value
  FILTER (?property IN (dcterms:title, dcterms:description, dcterms:license, cg:attribution)) }"""
_COUNTS = "SELECT ?class (COUNT(?thing) AS ?count) {{ VALUES ?class {{ {} }} ?thing a ?class }} GROUP BY ?class"
_PARTS = {"title": "title", "description": "description", "license": "licence", "attribution": "attribution"}


@dataclass(frozen=True)
class Dataset:
    """A data set: what it says of itself, each part by language (zh, en)."""

    iri: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    licence: Mapping[str, str]
    attribution: Mapping[str, str]


@dataclass(frozen=True)
class StoreSummary:
    """The data sets of a store, the number of things of each class (without zeros), and the number of triples."""

    tag: str
    datasets: tuple[Dataset, ...]
    counts: Mapping[str, int]
    size: int


async def store_summary(request: Request) -> StoreSummary:
    """Return the summary of the store in its present state.

    Raises:
        RefusedError: The engine refuses the queries.
    """
    state = request.app.state
    summary: StoreSummary | None = getattr(state, "store_summary", None)
    if summary is None or summary.tag != state.engine.tag:
        tag = state.engine.tag
        summary = StoreSummary(tag, await _datasets(request), await _counts(request), state.engine.size)
        state.store_summary = summary
    return summary


async def _datasets(request: Request) -> tuple[Dataset, ...]:
    datasets: dict[str, dict[str, dict[str, str]]] = {}
    answer = await ask_rows(request, _DATASETS)
    for row in sorted(answer.rows, key=lambda one: (one["set"]["value"], one["value"]["value"])):
        part = _PARTS[row["property"]["value"].rpartition("/")[2].rpartition("#")[2]]
        parts = datasets.setdefault(row["set"]["value"], {name: {} for name in _PARTS.values()})
        language = row.get("language", {}).get("value", "").partition("-")[0]
        for one in (language,) if language in LANGUAGES else LANGUAGES:
            parts[part].setdefault(one, row["value"]["value"])
    return tuple(
        Dataset(iri, **{name: in_both(texts) for name, texts in parts.items()}) for iri, parts in datasets.items()
    )


async def _counts(request: Request) -> dict[str, int]:
    answer = await ask_rows(request, _COUNTS.format(" ".join(f"cg:{name}" for name in TABLES)))
    counts = {row["class"]["value"].removeprefix(PREFIXES["cg"]): int(row["count"]["value"]) for row in answer.rows}
    return {name: counts[name] for name in TABLES if counts.get(name)}


def dataset_records(summary: StoreSummary) -> list[dict[str, object]]:
    """Return the data sets for JSON: title, licence and attribution in both languages."""
    return [
        {
            "iri": one.iri,
            "title": dict(one.title),
            "licence": dict(one.licence),
            "attribution": dict(one.attribution),
        }
        for one in summary.datasets
    ]
