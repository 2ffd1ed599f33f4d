"""Which stages and inputs of a chain are held, by whom, with what base; the only place that tells gaps from silence."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import pandas as pd
import polars as pl

from chaingraph.queries.filters import Selection
from chaingraph.queries.memberships import memberships
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import code_list, short_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chaingraph.store import KnowledgeGraph

    Sets = Mapping[str, set[str]]

_ROLES = """SELECT ?row ?node ?holder ?class { ?row a cg:StageRole ; cg:stage ?node ;
  cg:organization|cg:consortium|cg:platform|cg:region ?holder . ?holder a ?class
  FILTER (?class IN (cg:Organization, cg:Consortium, cg:Platform, cg:Region)) }"""
_SUPPLIES = "SELECT ?row ?node ?holder { ?row a cg:Supply ; cg:product ?node ; cg:supplier ?holder }"
_PARTICIPATIONS = "SELECT ?s ?o { ?row a cg:Participation ; cg:project ?s ; cg:organization ?o }"
_CLAIMS = """SELECT ?row ?subject ?value ?status { ?row a cg:Claim ; cg:subject ?subject ; cg:property ?property ;
  cg:claimedValue ?value ; cg:claimStatus/skos:notation ?status
  FILTER (?property IN ("stage", "product") && ?status IN ("denied", "planned")) }"""
_COLUMNS = (
    *("chain", "chain_label", "consortium", "consortium_label", "named_by", "part", "node", "label", "segment"),
    *("status", "organizations", "held_by", "platforms", "platform_level", "projects", "project_level"),
    *("because", "rows"),
)
SEGMENTS = tuple(code.notation for code in code_list("segment").codes)
"""From upstream to downstream; what is unstated comes last."""
_LABELS = {"chain": "chain_label", "consortium": "consortium_label", "node": "label"}
_STATUS = {"denied": "absent", "planned": "planned"}


def completeness(kg: KnowledgeGraph, *, at: str | None = None) -> pd.DataFrame:
    """Return for each chain, and each consortium on it, who holds each stage and input, and what is a gap.

    A stage is held by whom a stage role names, or who supplies a product at it; a product by who supplies it. The
    products of a chain are those at its stages, and all that is an input or a kind of these. A chain has one block of
    rows for everyone the graph knows (``consortium`` missing), and one a consortium that is on it: it names the chain
    (``named_by`` is chain), itself or its platform holds a stage (stage), or a member holds something (member).

    Nothing that nobody states is taken for absent. ``status`` is ``held``; ``absent`` or ``planned`` if a claim of the
    consortium or the chain, with the property ``stage`` or ``product`` and the status denied or planned, says so; else
    ``unknown``, and ``because`` says how much is known. All but the held are gaps.

    Args:
        kg: The graph.
        at: Only memberships, supplies, platforms and projects that can have held at this date. Rows without a date
            are kept, and counted in ``attrs["undated"]``.

    Returns:
        A frame, one row a chain, consortium and part: ``chain``, ``consortium`` (short names, with labels beside),
        ``named_by``, ``part`` (stage or product), ``node``, ``label``, ``segment``, ``status``, ``organizations`` (how
        many hold it; of a consortium, members), ``held_by`` (all names, the consortium's own and its platforms' among
        them; regions only for everyone), ``platforms`` (that hold it, or are hosted by an organization that does) and
        ``projects`` (with such an organization) with the highest ``*_level`` of each, ``because`` and ``rows``, the
        roles, supplies and claims that say so. Stages come in their order, upstream first where none is stated, then
        products. ``attrs["outside"]`` counts the products that are on no chain.
    """
    facts = _facts(kg, Selection(at=at))
    rows: list[dict[str, Any]] = []
    for chain, parts in facts.parts.items():
        named = _consortia(facts, chain)
        for consortium in (None, *sorted(named)):
            beside = {"consortium": consortium, "named_by": named.get(consortium or "")}
            rows += [beside | _row(facts, chain, consortium, node) for node in parts]
    for row in rows:
        for name in ("chain", "consortium", "node"):
            row[name], row[_LABELS[name]] = _named(facts, row[name])
    frame = pd.DataFrame(rows, columns=list(_COLUMNS), dtype=object)
    frame = frame.astype(dict.fromkeys(("organizations", "platforms", "projects"), "Int64"))
    frame.attrs |= {"undated": facts.undated, "outside": facts.outside}
    return frame


def summary(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row a chain and consortium of :func:`completeness`: how many stages and products have each status.

    Returns:
        A frame with ``chain_label``, ``consortium_label`` (missing for everyone), ``part``, ``held``, ``planned``,
        ``absent``, ``unknown`` and ``of``, all parts.
    """
    keys = ["chain_label", "consortium_label", "part"]
    counted = frame.groupby(keys, dropna=False, sort=False)["status"].value_counts().unstack(fill_value=0)
    counted = counted.reindex(columns=["held", "planned", "absent", "unknown"], fill_value=0)
    return counted.assign(of=counted.sum(axis=1)).reset_index().rename_axis(columns=None)


class _Role(NamedTuple):
    """That someone holds a stage or supplies a product, and the row that says so."""

    holder: str
    holder_class: str
    row: str


class _Facts(NamedTuple):
    """What the graph says of chains, by IRI; ``parts`` and ``stages`` are in the order of the chain."""

    parts: dict[str, list[str]]
    stages: set[str]
    roles: Mapping[str, list[_Role]]
    members: Sets
    on_chain: Sets
    platforms_inside: Sets
    platforms: Sets
    projects: Sets
    level: dict[str, str]
    claims: dict[tuple[str, str], tuple[str, str]]
    names: dict[str, str]
    segments: dict[str, str]
    outside: int
    undated: int


def _named(facts: _Facts, iri: str | None) -> tuple[str | None, str | None]:
    return (None, None) if iri is None else (short_name(iri), facts.names.get(iri, short_name(iri)))


def _row(facts: _Facts, chain: str, consortium: str | None, node: str) -> dict[str, Any]:
    roles = [role for role in facts.roles.get(node, ()) if _counts(facts, role, consortium)]
    organizations = {role.holder for role in roles if role.holder_class == "Organization"}
    claim = facts.claims.get((consortium or chain, node))
    platforms = {role.holder for role in roles if role.holder_class == "Platform"}.union(
        *(facts.platforms.get(one, set()) for one in organizations)
    )
    projects = set().union(*(facts.projects.get(one, set()) for one in organizations))
    rows = {role.row for role in roles} | ({claim[1]} if claim else set())
    return {
        "chain": chain,
        "part": "stage" if node in facts.stages else "product",
        "node": node,
        "segment": facts.segments.get(node),
        "status": "held" if roles else _STATUS[claim[0]] if claim else "unknown",
        "organizations": len(organizations),
        "held_by": "; ".join(sorted({str(_named(facts, role.holder)[1]) for role in roles})),
        "platforms": len(platforms),
        "platform_level": _highest(facts, platforms),
        "projects": len(projects),
        "project_level": _highest(facts, projects),
        "because": "" if roles else _because(facts, consortium, claim),
        "rows": "; ".join(sorted(short_name(row) for row in rows)),
    }


def _counts(facts: _Facts, role: _Role, consortium: str | None) -> bool:
    """Tell whether a role counts for a consortium, or for everyone."""
    if consortium is None:
        return True
    if role.holder_class == "Organization":
        return role.holder in facts.members.get(consortium, ())
    if role.holder_class == "Platform":
        return role.holder in facts.platforms_inside.get(consortium, ())
    return role.holder == consortium


def _highest(facts: _Facts, things: Collection[str]) -> str | None:
    ranks = {code.notation: code.rank or 0 for code in code_list("level").codes}
    known = sorted(facts.level[thing] for thing in things if thing in facts.level)
    return max(known, key=lambda level: ranks.get(level, 0), default=None)


def _because(facts: _Facts, consortium: str | None, claim: tuple[str, str] | None) -> str:
    if claim is not None:
        return f"a claim says so, with the status {claim[0]}"
    if consortium is None:
        return "no row says who holds it"
    members = facts.members.get(consortium, set())
    placed = {role.holder for roles in facts.roles.values() for role in roles} & members
    return f"no row says so; of {len(members)} members known by name, {len(placed)} hold or supply anything"


def _consortia(facts: _Facts, chain: str) -> dict[str, str]:
    """Return the consortia that are on a chain, and what puts them there, the most direct reason."""
    roles = [role for node in facts.parts[chain] for role in facts.roles.get(node, ())]
    holders = {role.holder for role in roles}
    found = {one: "member" for one, members in facts.members.items() if not members.isdisjoint(holders)}
    found |= {one: "stage" for one, inside in facts.platforms_inside.items() if not inside.isdisjoint(holders)}
    found |= {role.holder: "stage" for role in roles if role.holder_class == "Consortium"}
    return found | dict.fromkeys(facts.on_chain.get(chain, ()), "chain")


def _facts(kg: KnowledgeGraph, selection: Selection) -> _Facts:
    reader = NodeReader(kg)
    held, undated, _ = memberships(reader, selection, pairs_only=True)
    supplies, open_supplies = selection.in_period(reader, reader.select(_SUPPLIES), "since", "until")
    platforms, open_platforms = selection.in_period(reader, reader.instances("Platform"), "since", "until", key="s")
    projects, open_projects = selection.in_period(reader, reader.instances("Project"), "start", "end", key="s")
    standing = pl.concat([platforms, projects])
    segments = dict(reader.codes("cg:segment").iter_rows())
    parts, stages = _parts(reader, segments)
    hosts = reader.pairs("cg:hostedBy").join(platforms, on="s", how="semi")
    taking_part = reader.select(_PARTICIPATIONS).join(projects, on="s", how="semi")
    label = pl.coalesce("label_en", "label", "label_zh")
    return _Facts(
        parts=parts,
        stages=stages,
        roles=_roles(reader, supplies, set(standing["s"])),
        members=_sets(held.select("event", "member")),
        on_chain=_sets(
            reader.pairs("cg:chain").join(reader.instances("Consortium"), on="s", how="semi").select("o", "s")
        ),
        platforms_inside=_sets(reader.pairs("cg:consortium").join(platforms, on="s", how="semi").select("o", "s")),
        platforms=_sets(hosts.select("o", "s")),
        projects=_sets(taking_part.select("o", "s")),
        level=dict(reader.codes("cg:level").join(standing, on="s", how="semi").iter_rows()),
        claims=_claims(reader),
        names=dict(reader.labels().select("s", label).iter_rows()),
        segments=segments,
        outside=reader.instances("Product").height - len(set().union(*parts.values()) - stages),
        undated=undated + open_supplies + open_platforms + open_projects,
    )


def _sets(pairs: pl.DataFrame) -> Sets:
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in pairs.iter_rows():
        found[key].add(value)
    return found


def _parts(reader: NodeReader, segments: Mapping[str, str]) -> tuple[dict[str, list[str]], set[str]]:
    """Return the stages of each chain in their order, and its products after them; and which of them are stages."""
    chains, stages = set(reader.instances("Chain")["s"]), reader.instances("Stage")["s"].to_list()
    followed: nx.DiGraph[str] = nx.DiGraph()
    followed.add_nodes_from(stages)
    followed.add_edges_from((before, after) for after, before in reader.pairs("cg:follows").sort("s", "o").iter_rows())
    place = {node: number for number, node in enumerate(_in_order(followed, segments))}
    at_stage = reader.pairs("cg:chain").filter(pl.col("s").is_in(stages))
    found: dict[str, list[str]] = {chain: [] for chain in sorted(chains)}
    for stage, chain in sorted(at_stage.iter_rows(), key=lambda pair: place[pair[0]]):
        if chain in found and stage not in found[chain]:
            found[chain].append(stage)
    products = reader.instances("Product")
    goes_into: nx.DiGraph[str] = nx.DiGraph()
    goes_into.add_nodes_from(products["s"])
    for name in ("cg:inputOf", "cg:broader"):
        goes_into.add_edges_from(reader.pairs(name).join(products, on="s", how="semi").iter_rows())
    placed = _sets(reader.pairs("cg:stage").join(products, on="s", how="semi").select("o", "s"))
    for parts in found.values():
        at = set().union(*(placed.get(stage, set()) for stage in parts))
        parts += sorted(at.union(*(nx.ancestors(goes_into, product) for product in at)))
    return found, set(stages)


def _in_order(followed: nx.DiGraph[str], segments: Mapping[str, str]) -> list[str]:
    """Return the stages, each after those that it follows, else upstream first; a circle stands together."""
    circles = nx.condensation(followed)
    key = {
        stage: (SEGMENTS.index(s) if (s := segments.get(stage)) in SEGMENTS else len(SEGMENTS), stage)
        for stage in followed
    }
    first = {node: min(key[stage] for stage in circles.nodes[node]["members"]) for node in circles}
    order = nx.lexicographical_topological_sort(circles, key=lambda node: first[node])
    return [stage for node in order for stage in sorted(circles.nodes[node]["members"])]


def _roles(reader: NodeReader, supplies: pl.DataFrame, standing: set[str]) -> Mapping[str, list[_Role]]:
    """Return who holds each stage or product; a platform only if it can have stood, and a supplier holds the stage."""
    found: dict[str, list[_Role]] = defaultdict(list)
    for row, node, holder, class_iri in reader.select(_ROLES).iter_rows():
        holder_class = class_iri.rsplit("#", 1)[-1]
        if holder_class != "Platform" or holder in standing:
            found[node].append(_Role(holder, holder_class, row))
    stages = _sets(reader.pairs("cg:stage"))
    for row, product, supplier in supplies.select("row", "node", "holder").iter_rows():
        for node in (product, *stages.get(product, ())):
            found[node].append(_Role(supplier, "Organization", row))
    return found


def _claims(reader: NodeReader) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the claims of consortia and chains about stages and products: status and row by subject and node."""
    named: dict[str, set[str]] = defaultdict(set)
    labels = reader.pairs("rdfs:label")
    for class_name in ("Stage", "Product"):
        members = reader.instances(class_name)
        for node in members["s"]:
            named[node.rsplit("/", 1)[-1]].add(node)
        for node, text in labels.join(members, on="s", how="semi").iter_rows():
            named[text].add(node)
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for row, subject, value, status in reader.select(_CLAIMS).sort("row").iter_rows():
        for node in named.get(value, ()):
            found[subject, node] = (status, row)
    return found
