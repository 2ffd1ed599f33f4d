"""Completeness: which stages and inputs of a chain are held, by whom and with what base, and which are gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from chaingraph.indicators._levels import highest_level
from chaingraph.messages import tr
from chaingraph.queries.chains import ChainFacts, Claim, Role, chain_facts
from chaingraph.queries.filters import Selection
from chaingraph.queries.nodes import SEPARATOR, NodeReader
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from chaingraph.store import KnowledgeGraph

_COLUMNS = (
    *("chain", "chain_label", "consortium", "consortium_label", "named_by", "part", "node", "label", "segment"),
    *("status", "organizations", "held_by", "platforms", "platform_level", "projects", "project_level"),
    *("because", "rows"),
)
_LABELS = {"chain": "chain_label", "consortium": "consortium_label", "node": "label"}
_STATUS = {"denied": "absent", "planned": "planned"}


def completeness(kg: KnowledgeGraph, *, at: str | None = None, language: str | None = None) -> pd.DataFrame:
    """Return for each chain, and each consortium on it, who holds each stage and input, and what is a gap.

    A stage is held by whom a stage role names, or who supplies a product at it; a product by who supplies it. The
    products of a chain are those at its stages, and all that is an input or a kind of these. A chain has one block of
    rows for everyone the graph knows (``consortium`` missing), and one per consortium that is on it: it names the chain
    (``named_by`` is chain), itself or its platform holds a stage (stage), or a member holds something (member).

    Nothing that nobody states is taken for absent. ``status`` is ``held``; ``absent`` or ``planned`` if a claim of the
    consortium or the chain, with the property ``stage`` or ``product`` and the status denied or planned, says so; else
    ``unknown``, and ``because`` says how much is known. All but the held are gaps.

    Args:
        kg: The graph.
        at: Only memberships, supplies, platforms and projects that can have been in force at this date. Rows without a
            date are kept, and counted in ``attrs["undated"]``.
        language: The language of the labels, en or zh, that of the graph if None; the other stands in for it.

    Returns:
        A frame, one row per chain, consortium and part: ``chain``, ``consortium`` (short names, with labels beside),
        ``named_by``, ``part`` (stage or product), ``node``, ``label``, ``segment``, ``status``, ``organizations`` (how
        many hold it; of a consortium, members), ``held_by`` (all names, the consortium's own and its platforms' among
        them; regions only for everyone), ``platforms`` (that hold it, or are hosted by an organization that does) and
        ``projects`` (with such an organization) with the highest ``*_level`` of each, ``because`` and ``rows``, the
        roles, supplies and claims that say so. Stages come in their order, upstream first where none is stated, then
        products. ``attrs["outside"]`` counts the products that are on no chain.

    Raises:
        UsageError: ``at`` is no date, or there is no such language.
    """
    facts = chain_facts(NodeReader(kg), Selection(at=at), language)
    rows: list[dict[str, Any]] = []
    for chain, parts in facts.parts.items():
        named_by = _consortia(facts, chain)
        for consortium in (None, *sorted(named_by)):
            cells = {"consortium": consortium, "named_by": named_by.get(consortium or "")}
            rows += [cells | _row(facts, chain, consortium, node) for node in parts]
    for row in rows:
        for name, label in _LABELS.items():
            row[label], row[name] = _label(facts, row[name]), None if row[name] is None else short_name(row[name])
    frame = pd.DataFrame(rows, columns=list(_COLUMNS), dtype=object)
    frame = frame.astype(dict.fromkeys(("organizations", "platforms", "projects"), "Int64"))
    frame.attrs |= {"undated": facts.undated, "outside": facts.outside}
    return frame


def completeness_summary(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row per chain and consortium of :func:`completeness`: how many stages and products have each status.

    Returns:
        A frame with ``chain_label``, ``consortium_label`` (missing for everyone), ``part``, ``held``, ``planned``,
        ``absent``, ``unknown`` and ``of``, all parts.
    """
    keys = ["chain_label", "consortium_label", "part"]
    counts = frame.groupby(keys, dropna=False, sort=False)["status"].value_counts().unstack(fill_value=0)
    counts = counts.reindex(columns=["held", "planned", "absent", "unknown"], fill_value=0)
    return counts.assign(of=counts.sum(axis=1)).reset_index().rename_axis(columns=None)


def _label(facts: ChainFacts, iri: str | None) -> str | None:
    return None if iri is None else facts.names.get(iri, short_name(iri))


def _row(facts: ChainFacts, chain: str, consortium: str | None, node: str) -> dict[str, Any]:
    """Return the cells of a stage or product, for one consortium or for everyone."""
    roles = [role for role in facts.roles.get(node, ()) if _applies(facts, role, consortium)]
    organizations = {role.holder for role in roles if role.holder_class == "Organization"}
    claim = facts.claims.get((consortium or chain, node))
    platforms = {role.holder for role in roles if role.holder_class == "Platform"}.union(
        *(facts.platforms.get(organization, set()) for organization in organizations)
    )
    projects = set().union(*(facts.projects.get(organization, set()) for organization in organizations))
    rows = {role.row for role in roles} | ({claim.row} if claim else set())
    return {
        "chain": chain,
        "part": "stage" if node in facts.stages else "product",
        "node": node,
        "segment": facts.segments.get(node),
        "status": "held" if roles else _STATUS[claim.status] if claim else "unknown",
        "organizations": len(organizations),
        "held_by": SEPARATOR.join(sorted({str(_label(facts, role.holder)) for role in roles})),
        "platforms": len(platforms),
        "platform_level": _highest_level(facts, platforms),
        "projects": len(projects),
        "project_level": _highest_level(facts, projects),
        "because": "" if roles else _reason(facts, consortium, claim),
        "rows": SEPARATOR.join(sorted(short_name(row) for row in rows)),
    }


def _applies(facts: ChainFacts, role: Role, consortium: str | None) -> bool:
    """Tell whether a role counts for a consortium, or for everyone."""
    if consortium is None:
        return True
    if role.holder_class == "Organization":
        return role.holder in facts.members.get(consortium, ())
    if role.holder_class == "Platform":
        return role.holder in facts.platforms_of_consortia.get(consortium, ())
    return role.holder == consortium


def _highest_level(facts: ChainFacts, things: Collection[str]) -> str | None:
    return highest_level(facts.levels[thing] for thing in things if thing in facts.levels)


def _reason(facts: ChainFacts, consortium: str | None, claim: Claim | None) -> str:
    """Return why nobody is said to hold a stage or product."""
    if claim is not None:
        return tr("a claim says so, with the status {status}", status=claim.status)
    if consortium is None:
        return tr("no row says who holds it")
    members = facts.members.get(consortium, set())
    holders = {role.holder for roles in facts.roles.values() for role in roles} & members
    return tr(
        "no row says so; of {members} members known by name, {holders} hold or supply anything",
        members=len(members),
        holders=len(holders),
    )


def _consortia(facts: ChainFacts, chain: str) -> dict[str, str]:
    """Return the consortia that are on a chain, and what puts them there, the most direct reason."""
    roles = [role for node in facts.parts[chain] for role in facts.roles.get(node, ())]
    holders = {role.holder for role in roles}
    reasons = {one: "member" for one, members in facts.members.items() if not members.isdisjoint(holders)}
    reasons |= {
        one: "stage" for one, platforms in facts.platforms_of_consortia.items() if not platforms.isdisjoint(holders)
    }
    reasons |= {role.holder: "stage" for role in roles if role.holder_class == "Consortium"}
    return reasons | dict.fromkeys(facts.on_chain.get(chain, ()), "chain")
