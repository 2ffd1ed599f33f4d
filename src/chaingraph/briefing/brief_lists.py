"""The four lists of a brief: leading enterprises, holders of stages, gaps, platforms and projects; and coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from chaingraph.briefing.brief_figures import named_holders, regions_of, reported_text
from chaingraph.briefing.brief_model import BriefTable, Row
from chaingraph.briefing.words import brief_text, words
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chaingraph.briefing.brief_facts import Facts
    from chaingraph.briefing.brief_sources import Sources
    from chaingraph.briefing.chains import Stage

MOST_ROWS = 300
"""Of longer lists the first rows are printed, and the sentence says how many there are."""
_LEVELS = ("national", "provincial", "municipal", "other")


def four_lists(facts: Facts, sources: Sources) -> tuple[BriefTable, ...]:
    """Return the four lists, each with a sentence; one that is empty says what is not known."""
    return (
        _leading(facts, sources),
        _stages(facts, sources),
        _gaps(facts, sources),
        _platforms_and_projects(facts, sources),
    )


def _table(
    facts: Facts, name: str, rows: Sequence[Row], columns: Sequence[tuple[str, int]], sentence: str
) -> BriefTable:
    """Return a list of columns, each with its width; without rows, only the sentence that there is none."""
    text = words()["brief"][facts.language]
    if not rows:
        return BriefTable(text[name], sentence)
    rest = len(rows) - MOST_ROWS
    more = brief_text(facts.language, "rows_more", count=rest) if rest > 0 else ""
    headings = tuple(text[f"column_{column}"] for column, _ in columns)
    widths = tuple(width for _, width in columns)
    return BriefTable(text[name], sentence + more, headings, tuple(rows[:MOST_ROWS]), widths)


def _leading(facts: Facts, sources: Sources) -> BriefTable:
    leaders = [node for node in facts.of_class("Organization") if facts.network.nodes[node].get("leading") is True]
    has_titles = any(facts.titles.get(node) for node in leaders)
    comma, none = brief_text(facts.language, "comma"), brief_text(facts.language, "no_title")
    rows = [
        Row(
            (
                facts.name(node),
                facts.text(node, "region") or brief_text(facts.language, "not_stated"),
                _led(facts, node),
                facts.names(facts.targets(node, "holds")) or brief_text(facts.language, "not_stated"),
                *([comma.join(facts.titles.get(node, ())) or none] if has_titles else []),
            ),
            sources.notes(facts.tie_quotes(node, "leads", "oneOf", "programme")),
        )
        for node in leaders
    ]
    key = "list_leading_sentence" if rows else "list_leading_empty"
    sentence = brief_text(facts.language, key, count=len(rows))
    columns = (("name", 3), ("region", 2), ("leads", 5), ("stages", 3), *([("titles", 3)] if has_titles else []))
    return _table(facts, "list_leading", rows, columns, sentence)


def _led(facts: Facts, node: str) -> str:
    """Return what an organization leads: consortia, one of several, or consortia of a programme."""
    leads, one_of = facts.targets(node, "leads"), facts.targets(node, "oneOf")
    if not leads and one_of:
        names = brief_text(facts.language, "or").join(facts.name(each) for each in one_of)
        return brief_text(facts.language, "one_of", names=names)
    return facts.names(leads or facts.targets(node, "programme")) or brief_text(facts.language, "not_stated")


def _each_stage(facts: Facts) -> Iterator[tuple[str, str, Stage]]:
    """Yield each stage with the name of its chain and its own."""
    for chain in facts.chains:
        name = "" if chain.iri is None else facts.name(short_name(chain.iri))
        for stage in chain.stages:
            yield name or brief_text(facts.language, "no_title"), facts.name(short_name(stage.iri)), stage


def _stages(facts: Facts, sources: Sources) -> BriefTable:
    comma, none = brief_text(facts.language, "comma"), brief_text(facts.language, "no_title")
    rows = []
    for chain, name, stage in _each_stage(facts):
        if stage.holders:
            holders, regions = comma.join(named_holders(facts, stage)), comma.join(regions_of(facts, stage))
            notes = sources.notes(facts.tie_quotes(short_name(stage.iri), "holds"))
            rows.append(Row((chain, name, holders or none, regions or none), notes))
    key = "list_stages_sentence" if rows else "list_stages_empty"
    sentence = brief_text(facts.language, key, count=len(rows))
    return _table(facts, "list_stages", rows, (("chain", 3), ("stage", 3), ("holders", 6), ("regions", 2)), sentence)


def _gaps(facts: Facts, sources: Sources) -> BriefTable:
    rows = []
    for chain, name, stage in _each_stage(facts):
        holders, regions = named_holders(facts, stage), regions_of(facts, stage)
        comma = brief_text(facts.language, "comma")
        if len(holders) == 1:
            state = brief_text(facts.language, "state_single", names=holders[0])
        elif holders:
            continue
        elif regions:
            state = brief_text(facts.language, "state_regional", names=comma.join(regions))
        else:
            state = brief_text(facts.language, f"state_{stage.status}")
        rows.append(Row((chain, name, state), sources.notes(facts.tie_quotes(short_name(stage.iri), "holds"))))
    has_stages = any(chain.stages for chain in facts.chains)
    key = "list_gaps_sentence" if rows else "list_gaps_empty" if has_stages else "list_gaps_no_stage"
    sentence = brief_text(facts.language, key, count=len(rows))
    return _table(facts, "list_gaps", rows, (("chain", 3), ("stage", 3), ("state", 7)), sentence)


def _platforms_and_projects(facts: Facts, sources: Sources) -> BriefTable:
    platforms, projects = facts.of_class("Platform"), facts.of_class("Project")
    nodes = sorted([*platforms, *projects], key=lambda node: _level_order(facts, node))
    kinds = {node: brief_text(facts.language, "platform") for node in platforms} | {
        node: brief_text(facts.language, "project") for node in projects
    }
    rows = [
        Row(
            (
                facts.text(node, "level") or brief_text(facts.language, "level_none"),
                kinds[node],
                facts.name(node),
                facts.names([*facts.targets(node, "hostedBy"), *facts.origins(node, "participatesIn")])
                or brief_text(facts.language, "not_stated"),
            ),
            sources.notes(facts.quotes(node)),
        )
        for node in nodes
    ]
    key = "list_holdings_sentence" if rows else "list_holdings_empty"
    sentence = brief_text(facts.language, key, platforms=len(platforms), projects=len(projects))
    return _table(facts, "list_holdings", rows, (("level", 2), ("kind", 1), ("name", 5), ("by", 5)), sentence)


def _level_order(facts: Facts, node: str) -> tuple[int, str]:
    level = facts.network.nodes[node].get("level")
    rank = _LEVELS.index(level) if level in _LEVELS else len(_LEVELS)
    return rank, str(facts.network.nodes[node]["type"])


def coverage_table(facts: Facts, sources: Sources) -> BriefTable:
    """Return the numbers that sources report, each against what is known by name."""
    counts = facts.counts
    if facts.scope is not None:
        counts = counts[counts["scope"].isin(list(facts.scope))]
    comparable = counts[counts["known"].notna()]
    rows = []
    for row in comparable.to_dict("records"):
        quote = facts.quote_of_words.get(str(row["quote"]))
        share = "" if pd.isna(row["share"]) else f"{float(row['share']):.0%}"
        date = "" if pd.isna(row["as_of"]) else str(row["as_of"])
        cells = (
            str(row["scope_label"]),
            brief_text(facts.language, f"counts_{row['counts']}"),
            reported_text(facts, row),
            f"{int(row['known']):,}",
            share,
            date or (quote.published if quote else "") or brief_text(facts.language, "undated"),
        )
        rows.append(Row(cells, sources.notes([quote] if quote else [])))
    complete = int((comparable["standing"] == "all").sum())
    rest = len(counts) - len(comparable)
    sentence = brief_text(facts.language, "coverage_sentence", count=len(rows), complete=complete) if rows else ""
    sentence += brief_text(facts.language, "coverage_open", count=rest) if rest else ""
    columns = (("scope", 6), ("what", 2), ("reported", 2), ("known", 2), ("share", 2), ("as_of", 3))
    sentence = sentence or brief_text(facts.language, "coverage_empty")
    return _table(facts, "coverage_caption", rows, columns, sentence)
