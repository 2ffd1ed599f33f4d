"""The key figures of the first page: what is known by name, what is only reported, and what nobody states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.endpoint.engine import RefusedError
from chaingraph.endpoint.pages.class_table import ReportedNumber, reported_numbers, reported_text
from chaingraph.endpoint.pages.page_queries import ask_rows, names_of
from chaingraph.endpoint.pages.rendering import address
from chaingraph.endpoint.pages.store_summary import store_summary
from chaingraph.endpoint.pages.terms import words
from chaingraph.languages import text_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.requests import Request

    from chaingraph.endpoint.pages.page_queries import Names

_COUNTS = """SELECT * {
  { SELECT (COUNT(DISTINCT ?leader) AS ?leaders) { ?leader cg:leads ?led } }
  { SELECT (COUNT(DISTINCT ?led) AS ?led) { ?leader cg:leads ?led } }
  { SELECT (COUNT(DISTINCT ?stage) AS ?stages) { ?holder cg:holds ?stage FILTER NOT EXISTS { ?holder a cg:Region } } }
  { SELECT (COUNT(*) AS ?several) { SELECT ?member (COUNT(DISTINCT ?joined) AS ?n) { ?member cg:memberOf ?joined }
    GROUP BY ?member HAVING (COUNT(DISTINCT ?joined) > 1) } }
}"""
_COUNTED = ("consortia", "organizations", "platforms", "projects")


@dataclass(frozen=True)
class KeyFigure:
    """A sentence, what it rests on (known, reported or unknown), and the page where more of it stands."""

    text: str
    basis: str
    href: str


@dataclass(frozen=True)
class _Figures:
    """The numbers behind the sentences in one state of the store; ``scope`` is that of which sources count most."""

    tag: str
    counts: Mapping[str, int]
    scope: str
    reported: Mapping[str, ReportedNumber]
    names: Names


async def key_figures(request: Request, language: str) -> list[KeyFigure]:
    """Return the key figures in a language; none where the graph is too large for them to be counted in time."""
    figures = await _figures(request)
    if figures is None:
        return []
    classes = (await store_summary(request)).counts
    return [*_of_sources(request, figures, language), *_of_names(request, figures, classes, language)]


async def _figures(request: Request) -> _Figures | None:
    """Return the numbers, counted once per state of the store; None where they cannot be counted in time."""
    state = request.app.state
    if getattr(state, "key_figures_tag", None) != state.engine.tag:
        tag = state.engine.tag
        try:
            state.key_figures = await _counted(request, tag)
        except RefusedError as error:
            if error.status not in {500, 504}:
                raise
            state.key_figures = None
        state.key_figures_tag = tag
    figures: _Figures | None = state.key_figures
    return figures


async def _counted(request: Request, tag: str) -> _Figures:
    (row,) = (await ask_rows(request, _COUNTS)).rows
    counts = {name: int(term["value"]) for name, term in row.items()}
    scopes: dict[str, dict[str, ReportedNumber]] = {}
    for (scope, counted), number in (await reported_numbers(request)).items():
        if counted in _COUNTED:
            scopes.setdefault(scope, {})[counted] = number
    if not scopes:
        return _Figures(tag, counts, "", {}, {})
    most = max(scopes, key=lambda one: (len(scopes[one]), max(n.reported for n in scopes[one].values()), one))
    return _Figures(tag, counts, most, scopes[most], await names_of(request, [most]))


def _of_sources(request: Request, figures: _Figures, language: str) -> Iterator[KeyFigure]:
    if not figures.scope:
        return
    texts = words(language)
    name = text_in(figures.names.get(figures.scope, {}), language) or figures.scope
    href = address(request, "/question/reported-and-known", scope=figures.scope)
    parts = [
        texts["figure_reported_part"].format(
            what=texts[f"counts_{counted}"], reported=reported_text(number, language), known=f"{number.known:,}"
        )
        for counted in _COUNTED
        if (number := figures.reported.get(counted))
    ]
    yield KeyFigure(texts["figure_reported"].format(scope=name, parts=texts["comma"].join(parts)), "reported", href)


def _of_names(request: Request, figures: _Figures, classes: Mapping[str, int], language: str) -> Iterator[KeyFigure]:
    texts = words(language)

    def figure(name: str, basis: str, path: str, **numbers: int) -> KeyFigure:
        values = {key: f"{number:,}" for key, number in numbers.items()}
        return KeyFigure(texts[f"figure_{name}"].format(**values), basis, path)

    consortia, stages = classes.get("Consortium", 0), classes.get("Stage", 0)
    counts = figures.counts
    if consortia:
        question = address(request, "/question/leading-enterprises")
        yield figure("leaders", "known", question, leaders=counts["leaders"], led=counts["led"])
        listed = address(request, "/search", **{"class": "Consortium"})
        if consortia > counts["led"]:
            yield figure("no_lead", "unknown", listed, count=consortia - counts["led"], total=consortia)
        several = address(request, "/question/in-two-or-more-consortia")
        yield figure("several", "known", several, count=counts["several"])
    if stages:
        chain_map = address(request, "/chain-map")
        yield figure("stages", "known", chain_map, count=counts["stages"], total=stages)
        if stages > counts["stages"]:
            yield figure("no_holder", "unknown", chain_map, count=stages - counts["stages"])
