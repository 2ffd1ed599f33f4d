"""The key figures of a brief in sentences, each with what it rests on and since when it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from chaingraph.briefing.brief_model import KeyFigure
from chaingraph.briefing.brief_sources import latest
from chaingraph.briefing.words import brief_text, quantity
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from chaingraph.briefing.brief_facts import Facts
    from chaingraph.briefing.brief_sources import Sources
    from chaingraph.briefing.chains import Stage


def key_figures(facts: Facts, sources: Sources) -> tuple[KeyFigure, ...]:
    """Return the key figures: consortia, what sources count, organizations, stages, platforms and projects, ties."""
    return (
        *_consortia(facts, sources),
        *_reported(facts, sources),
        *_organizations(facts),
        *_stages(facts),
        *_platforms_and_projects(facts),
        *_members_of_several(facts),
    )


def named_holders(facts: Facts, stage: Stage) -> list[str]:
    """Return the names of those who are known by name to hold a stage."""
    return [facts.name(short_name(holder.iri)) for holder in stage.holders if holder.is_known]


def regions_of(facts: Facts, stage: Stage) -> list[str]:
    """Return the names of the regions in which a stage is reported to be held."""
    return [facts.name(short_name(holder.iri)) for holder in stage.holders if not holder.is_known]


def _kinds(facts: Facts, nodes: list[str], attribute: str, without: str) -> str:
    texts = facts.kinds(nodes, attribute)
    none = brief_text(facts.language, without)
    return brief_text(facts.language, "comma").join(
        brief_text(facts.language, "of_kind", kind=text or none, count=count) for text, count in texts
    )


def _consortia(facts: Facts, sources: Sources) -> Iterator[KeyFigure]:
    consortia = facts.of_class("Consortium")
    if not consortia:
        yield KeyFigure(brief_text(facts.language, "figure_no_consortia"), "unknown")
        return
    kinds = _kinds(facts, consortia, "kind", "kind_none")
    text = brief_text(facts.language, "figure_consortia", count=len(consortia), kinds=kinds)
    yield KeyFigure(text, "known", latest(facts.quotes(*consortia)))
    leaderless = [node for node in consortia if not facts.origins(node, "leads")]
    if leaderless:
        names = facts.names(leaderless, "and_more")
        text = brief_text(facts.language, "figure_no_lead", count=len(leaderless), names=names)
        yield KeyFigure(text, "unknown", "", sources.notes(facts.quotes(*leaderless[:1])))


def _reported(facts: Facts, sources: Sources) -> Iterator[KeyFigure]:
    """Yield what sources count of the scope of which they count most: of consortia, organizations and so on."""
    rows = facts.counts[facts.counts["known"].notna() & (facts.counts["scope"] != "")]
    if facts.scope is not None:
        rows = rows[rows["scope"].isin(list(facts.scope))]
    if rows.empty:
        return
    groups = {str(scope): part for scope, part in rows.groupby("scope_label", sort=True)}
    scope = max(groups, key=lambda one: (groups[one]["counts"].nunique(), groups[one]["reported"].max(), one))
    part = groups[scope].sort_values(["counts", "reported"], ascending=[True, False]).drop_duplicates("counts")
    counts = brief_text(facts.language, "comma").join(
        brief_text(
            facts.language,
            "reported_count",
            what=brief_text(facts.language, f"counts_{row['counts']}"),
            reported=reported_text(facts, row),
            known=int(row["known"]),
        )
        for row in part.to_dict("records")
    )
    quotes = [facts.quote_of_words[words] for words in part["quote"] if words in facts.quote_of_words]
    since = max([latest(quotes), *(str(date) for date in part["as_of"] if pd.notna(date))])
    text = brief_text(facts.language, "figure_reported", scope=scope, counts=counts)
    yield KeyFigure(text, "reported", since, sources.notes(quotes))


def reported_text(facts: Facts, row: Mapping[Hashable, Any]) -> str:
    """Return the number that a source reports, with its qualifier, such as ``more than 20``."""
    qualifier = "" if pd.isna(row["qualifier"]) else str(row["qualifier"])
    return brief_text(facts.language, f"qualifier_{qualifier}", count=int(row["reported"]))


def _organizations(facts: Facts) -> Iterator[KeyFigure]:
    organizations = facts.of_class("Organization")
    leading = sum(facts.network.nodes[node].get("leading") is True for node in organizations)
    if organizations:
        kinds = _kinds(facts, organizations, "kind", "kind_none")
        text = brief_text(
            facts.language, "figure_organizations", count=len(organizations), kinds=kinds, leading=leading
        )
        yield KeyFigure(text, "known", latest(facts.quotes(*organizations)))


def _stages(facts: Facts) -> Iterator[KeyFigure]:
    stages = {stage.iri: stage for chain in facts.chains for stage in chain.stages}
    if not stages:
        yield KeyFigure(brief_text(facts.language, "figure_no_stages"), "unknown")
        return
    quotes = [quote for iri in stages for quote in facts.tie_quotes(short_name(iri), "holds")]
    single = [short_name(iri) for iri, stage in stages.items() if len(named_holders(facts, stage)) == 1]
    gaps = [short_name(iri) for iri, stage in stages.items() if not stage.holders]
    number_with_holders = sum(bool(named_holders(facts, stage)) for stage in stages.values())
    chains = quantity("chain", facts.language, sum(chain.iri is not None for chain in facts.chains))
    counts = {
        "named": number_with_holders,
        "regional": len(stages) - number_with_holders - len(gaps),
        "unknown": len(gaps),
    }
    parts = [brief_text(facts.language, f"stages_{name}", count=count) for name, count in counts.items() if count]
    separator = brief_text(facts.language, "note_separator")
    outside = sum(len(chain.stages) for chain in facts.chains if chain.iri is None)
    key = "figure_stages_outside" if outside and outside < len(stages) else "figure_stages"
    numbers = {"count": len(stages), "inside": len(stages) - outside, "outside": outside}
    text = brief_text(facts.language, key, chains=chains, parts=separator.join(parts), **numbers)
    yield KeyFigure(text, "known", latest(quotes))
    for key, nodes, basis in (("figure_single", single, "known"), ("figure_gaps", gaps, "unknown")):
        if nodes:
            text = brief_text(facts.language, key, count=len(nodes), names=facts.names(nodes, "and_more"))
            yield KeyFigure(text, basis, latest(quotes) if basis == "known" else "")


def _platforms_and_projects(facts: Facts) -> Iterator[KeyFigure]:
    platforms, projects = facts.of_class("Platform"), facts.of_class("Project")
    if platforms or projects:
        text = brief_text(
            facts.language,
            "figure_holdings",
            platforms=len(platforms),
            projects=len(projects),
            platform_levels=_kinds(facts, platforms, "level", "level_none") or "0",
            project_levels=_kinds(facts, projects, "level", "level_none") or "0",
        )
        yield KeyFigure(text, "known", latest(facts.quotes(*platforms, *projects)))


def _members_of_several(facts: Facts) -> Iterator[KeyFigure]:
    """Yield how many organizations are in several consortia, and which are in most; a tie is said to be one."""
    consortia = set(facts.of_class("Consortium"))
    counts = {
        node: len(consortia.intersection(facts.targets(node, "leads", "memberOf")))
        for node in facts.of_class("Organization")
    }
    several = [node for node, count in counts.items() if count > 1]
    if not any(counts.values()):
        return
    if not several:
        yield KeyFigure(brief_text(facts.language, "figure_none_several"), "known")
        return
    most = max(counts.values())
    first = [node for node in several if counts[node] == most]
    key = "figure_several" if len(first) == 1 else "figure_several_tie"
    text = brief_text(
        facts.language, key, count=len(several), most=most, tie=len(first), names=facts.names(first, "and_more")
    )
    yield KeyFigure(text, "known", latest(facts.tie_quotes(first[0], "leads", "memberOf")))
