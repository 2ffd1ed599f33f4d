"""What every page says of the store (its data sets, their attribution, its counts): asked once a state of the store."""

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
class Facts:
    """The data sets of a store, and how many things of each class it holds (classes without any are left out)."""

    tag: str
    datasets: tuple[Dataset, ...]
    counts: Mapping[str, int]
    size: int


async def facts_of(request: Request) -> Facts:
    """Return what the store is, as it stands now.

    Raises:
        Refused: The store cannot be asked.
    """
    state = request.app.state
    held: Facts | None = getattr(state, "facts", None)
    if held is None or held.tag != state.engine.tag:
        tag = state.engine.tag
        held = Facts(tag, await _datasets(request), await _counts(request), state.engine.size)
        state.facts = held
    return held


async def _datasets(request: Request) -> tuple[Dataset, ...]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    answer = await ask_rows(request, _DATASETS)
    for row in sorted(answer.rows, key=lambda one: (one["set"]["value"], one["value"]["value"])):
        part = _PARTS[row["property"]["value"].rpartition("/")[2].rpartition("#")[2]]
        held = found.setdefault(row["set"]["value"], {name: {} for name in _PARTS.values()})
        language = row.get("language", {}).get("value", "").partition("-")[0]
        for one in (language,) if language in LANGUAGES else LANGUAGES:
            held[part].setdefault(one, row["value"]["value"])
    return tuple(Dataset(iri, **{name: in_both(texts) for name, texts in held.items()}) for iri, held in found.items())


async def _counts(request: Request) -> dict[str, int]:
    answer = await ask_rows(request, _COUNTS.format(" ".join(f"cg:{name}" for name in TABLES)))
    found = {row["class"]["value"].removeprefix(PREFIXES["cg"]): int(row["count"]["value"]) for row in answer.rows}
    return {name: found[name] for name in TABLES if found.get(name)}


def sources_of(facts: Facts) -> list[dict[str, object]]:
    """Return the data sets as JSON holds them: title, licence and attribution in both languages."""
    return [
        {
            "iri": one.iri,
            "title": dict(one.title),
            "licence": dict(one.licence),
            "attribution": dict(one.attribution),
        }
        for one in facts.datasets
    ]
