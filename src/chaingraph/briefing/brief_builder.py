"""From a graph to a brief."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from chaingraph.briefing.brief_facts import facts_of, name_list
from chaingraph.briefing.brief_figures import key_figures, regions_of
from chaingraph.briefing.brief_lists import coverage_table, four_lists
from chaingraph.briefing.brief_model import Brief, ChainPicture, Lane, StageCell
from chaingraph.briefing.brief_sources import Sources, period
from chaingraph.briefing.chains import SEGMENTS
from chaingraph.briefing.network_picture import network_picture
from chaingraph.briefing.words import brief_text, words
from chaingraph.differences import diff
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import short_name
from chaingraph.webpage.node_rows import datasets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.briefing.brief_facts import Facts
    from chaingraph.briefing.chains import Chain, Stage
    from chaingraph.languages import Language
    from chaingraph.store import KnowledgeGraph

COLUMNS = 4
"""How many cells the picture of a chain is wide."""
_MOST_HOLDERS = 8
_CLASSES = ("Consortium", "Organization", "Platform", "Project", "Stage")
"""The classes whose changes are told."""


def brief_of(
    kg: KnowledgeGraph,
    chain: str | None,
    *,
    language: Language | None,
    title: str | None,
    since: KnowledgeGraph | None,
) -> Brief:
    """Return the brief; arguments and errors are those of :func:`chaingraph.brief`."""
    facts = facts_of(kg, chain, language)
    sources = Sources(facts.language)
    figures = key_figures(facts, sources)
    lists = four_lists(facts, sources)
    coverage = coverage_table(facts, sources)
    members = _membership_network(facts)
    credit = [dataset.attribution[facts.language] for dataset in datasets_of(facts.network)]
    return Brief(
        language=facts.language,
        title=title or _title(facts, chain),
        subtitles=_subtitles(facts),
        figures=figures,
        chains=tuple(_chain_picture(facts, one) for one in facts.chains),
        no_chain="" if facts.chains else brief_text(facts.language, "no_map"),
        lists=lists,
        network=network_picture(members, lambda node: _mark(facts, node), facts.name),
        network_sentence=_network_sentence(facts, members),
        coverage=coverage,
        changes=() if since is None else _changes(facts, since, kg),
        notes=sources.list(),
        credits=tuple(text for text in credit if text),
    )


def _title(facts: Facts, chain: str | None) -> str:
    if chain is not None:
        iri = facts.chains[0].iri
        return brief_text(facts.language, "title", name=facts.name(short_name(str(iri))))
    return brief_text(facts.language, "title_all")


def _subtitles(facts: Facts) -> tuple[str, ...]:
    """Return the titles of the data sets, and from how many sources of which years they are."""
    titles = [dataset.title[facts.language] for dataset in datasets_of(facts.network)]
    return (*(title for title in titles if title), _extent(facts))


def _extent(facts: Facts) -> str:
    quotes = facts.all_quotes
    count = len({(quote.title, quote.url) for quote in quotes})
    first, last = period(quotes)
    if not count:
        return brief_text(facts.language, "subtitle_none")
    if not last:
        return brief_text(facts.language, "subtitle_undated", count=count)
    key = "subtitle_one_day" if first == last else "subtitle"
    return brief_text(facts.language, key, count=count, first=first, last=last)


def _chain_picture(facts: Facts, chain: Chain) -> ChainPicture:
    text = words()["brief"][facts.language]
    name = facts.name(short_name(chain.iri)) if chain.iri is not None else text["map_no_chain"]
    caption = brief_text(facts.language, "map_caption", name=name)
    lanes = {segment: [stage for stage in chain.stages if stage.segment == segment] for segment in SEGMENTS}
    widths = _widths([len(stages) for stages in lanes.values()])
    before: dict[str, list[str]] = {link.target: [] for link in chain.links}
    for link in chain.links:
        before[link.target].append(facts.name(short_name(link.source)))
    return ChainPicture(
        caption,
        tuple(
            Lane(text[f"lane_{segment}"], width, tuple(_cell(facts, stage, before) for stage in stages))
            for (segment, stages), width in zip(lanes.items(), widths, strict=True)
            if stages
        ),
    )


def _widths(counts: Sequence[int]) -> list[int]:
    """Return how many cells each lane is wide: one each, and what is left to the one that is highest for its width.

    >>> _widths([1, 2, 1, 0]), _widths([0, 0, 0, 12])
    ([1, 2, 1, 0], [0, 0, 0, 4])
    """
    widths = [int(count > 0) for count in counts]
    for _ in range(COLUMNS - sum(widths)):
        pairs = zip(counts, widths, strict=True)
        heights = [count / width if 0 < width < count else 0.0 for count, width in pairs]
        if max(heights) > 1:
            widths[heights.index(max(heights))] += 1
    return widths


def _cell(facts: Facts, stage: Stage, before: dict[str, list[str]]) -> StageCell:
    language = facts.language
    nodes = [short_name(holder.iri) for holder in stage.holders if holder.is_known]
    leading = [node for node in nodes if facts.network.nodes[node].get("leading") is True]
    holder_names = [brief_text(language, "is_leading", name=facts.name(node)) for node in leading]
    holder_names += [facts.name(node) for node in nodes if node not in leading]
    regions = [brief_text(language, "only_reported", name=name) for name in regions_of(facts, stage)]
    holders = [*holder_names, *regions]
    more = brief_text(language, "more", count=len(holders)) if len(holders) > _MOST_HOLDERS else ""
    comma = brief_text(language, "comma")
    order = brief_text(language, "before", names=comma.join(before[stage.iri])) if before.get(stage.iri) else ""
    status = "" if holders else brief_text(language, f"status_{stage.status}")
    return StageCell(facts.name(short_name(stage.iri)), order, tuple(holders[:_MOST_HOLDERS]), more, status)


def _membership_network(facts: Facts) -> nx.Graph[str]:
    """Return consortia with those who lead them or are their members."""
    network: nx.Graph[str] = nx.Graph()
    consortia = set(facts.of_class("Consortium"))
    for source, target, tie in facts.network.edges(data=True):
        if tie["relation"] in {"leads", "memberOf"} and target in consortia:
            network.add_edge(source, target)
    return network


def _mark(facts: Facts, node: str) -> str:
    attributes = facts.network.nodes[node]
    if attributes["type"] == "Consortium":
        return "consortium"
    if attributes.get("leading") is True:
        return "leading"
    return "member" if attributes.get("kind") == "enterprise" else "other"


def _network_sentence(facts: Facts, network: nx.Graph[str]) -> str:
    if not network:
        return brief_text(facts.language, "network_empty")
    parts = [len(part) for part in nx.connected_components(network)]
    key = "network_one" if len(parts) == 1 else "network_parts"
    consortia = sum(facts.network.nodes[node]["type"] == "Consortium" for node in network)
    return brief_text(
        facts.language,
        "network_sentence",
        consortia=consortia,
        members=len(network) - consortia,
        parts=brief_text(facts.language, key, count=len(parts), largest=max(parts)),
    )


def _changes(facts: Facts, old: KnowledgeGraph, new: KnowledgeGraph) -> tuple[str, ...]:
    """Return what was added, removed and changed since another graph, a sentence per class."""
    frame = diff(old, new).frame
    older = {short_name(iri): name for iri, name in NodeReader(old).names(facts.language).iter_rows()}
    sentences = []
    for class_name in _CLASSES:
        what = words()["brief"][facts.language][f"class_{class_name}"]
        for change in ("added", "removed", "changed"):
            rows = frame[(frame["class"] == class_name) & (frame["change"] == change)].drop_duplicates("id")
            if not rows.empty:
                texts = [facts.name(node) if node in facts.network else older[node] for node in rows["id"]]
                names = name_list(facts.language, texts, "and_more")
                count = len(rows)
                sentences.append(brief_text(facts.language, f"change_{change}", what=what, count=count, names=names))
    return tuple(sentences) or (brief_text(facts.language, "changes_none"),)
