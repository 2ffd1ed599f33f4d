"""What a graph says of its chains: their stages and products, and who holds or supplies them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import polars as pl

from chaingraph.queries.memberships import memberships
from chaingraph.vocabulary import code_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chaingraph.queries.filters import Selection
    from chaingraph.queries.nodes import NodeReader

    Sets = Mapping[str, set[str]]

_ROLES = """SELECT ?row ?node ?holder ?class { ?row a cg:StageRole ; cg:stage ?node ;
  cg:organization|cg:consortium|cg:platform|cg:region ?holder . ?holder a ?class
  FILTER (?class IN (cg:Organization, cg:Consortium, cg:Platform, cg:Region)) }"""
_SUPPLIES = "SELECT ?row ?node ?holder { ?row a cg:Supply ; cg:product ?node ; cg:supplier ?holder }"
_PARTICIPATIONS = "SELECT ?s ?o { ?row a cg:Participation ; cg:project ?s ; cg:organization ?o }"
_CLAIMS = """SELECT ?row ?subject ?value ?status { ?row a cg:Claim ; cg:subject ?subject ; cg:property ?property ;
  cg:claimedValue ?value ; cg:claimStatus/skos:notation ?status
  FILTER (?property IN ("stage", "product") && ?status IN ("denied", "planned")) }"""
_SEGMENTS = tuple(code.notation for code in code_list("segment").codes)
"""From upstream to downstream; what is unstated comes last."""


class Role(NamedTuple):
    """That someone holds a stage or supplies a product, and the row that says so."""

    holder: str
    holder_class: str
    row: str


class Claim(NamedTuple):
    """That a stage or product is denied or planned, and the row that says so."""

    status: str
    row: str


class StageLink(NamedTuple):
    """That what one stage makes goes on to another, and the node that says so.

    ``kind`` is ``follows`` where the later stage says it, ``inputOf`` where a product at the earlier one is an input of
    a product at the later one.
    """

    source: str
    target: str
    kind: str
    row: str


class ChainFacts(NamedTuple):
    """What the graph says of chains, by IRI.

    Args:
        parts: The stages and products of each chain, in its order.
        stages_outside: The stages that are on no chain, in their order.
        links: What goes from one stage to another.
        stages: Which of them are stages.
        roles: Who holds or supplies each part.
        members: The members of each consortium.
        on_chain: The consortia that name each chain.
        platforms_of_consortia: The platforms of each consortium.
        platforms: The platforms that each organization hosts.
        projects: The projects that each organization takes part in.
        levels: The levels of platforms and projects.
        claims: What is claimed of a part, by subject and part.
        names: What things are called.
        segments: The segments of stages.
        outside: How many products are on no chain.
        undated: How many rows have no date, where there is a period.
    """

    parts: dict[str, list[str]]
    stages_outside: list[str]
    links: list[StageLink]
    stages: set[str]
    roles: Mapping[str, list[Role]]
    members: Sets
    on_chain: Sets
    platforms_of_consortia: Sets
    platforms: Sets
    projects: Sets
    levels: dict[str, str]
    claims: dict[tuple[str, str], Claim]
    names: dict[str, str]
    segments: dict[str, str]
    outside: int
    undated: int


def chain_facts(reader: NodeReader, selection: Selection, language: str | None) -> ChainFacts:
    """Return what a graph says of its chains.

    Args:
        reader: The graph's nodes.
        selection: The date.
        language: The language of the names, that of the graph if None.
    """
    members, undated, _ = memberships(reader, selection, pairs_only=True)
    supplies, undated_supplies = selection.in_period(reader, reader.select(_SUPPLIES), "since", "until")
    platforms, undated_platforms = selection.in_period(reader, reader.instances("Platform"), "since", "until", key="s")
    projects, undated_projects = selection.in_period(reader, reader.instances("Project"), "start", "end", key="s")
    both = pl.concat([platforms, projects])
    segments = dict(reader.codes("cg:segment").iter_rows())
    order = _stages_in_order(reader, segments)
    parts = _parts(reader, order)
    on_chains = set().union(*parts.values())
    hosts = reader.pairs("cg:hostedBy").join(platforms, on="s", how="semi")
    participations = reader.select(_PARTICIPATIONS).join(projects, on="s", how="semi")
    consortia = reader.pairs("cg:chain").join(reader.instances("Consortium"), on="s", how="semi")
    return ChainFacts(
        parts=parts,
        stages_outside=[stage for stage in order if stage not in on_chains],
        links=_links(reader, set(order)),
        stages=set(order),
        roles=_roles(reader, supplies, set(platforms["s"])),
        members=_sets(members.select("event", "member")),
        on_chain=_sets(consortia.select("o", "s")),
        platforms_of_consortia=_sets(
            reader.pairs("cg:consortium").join(platforms, on="s", how="semi").select("o", "s")
        ),
        platforms=_sets(hosts.select("o", "s")),
        projects=_sets(participations.select("o", "s")),
        levels=dict(reader.codes("cg:level").join(both, on="s", how="semi").iter_rows()),
        claims=_claims(reader),
        names=dict(reader.names(language).iter_rows()),
        segments=segments,
        outside=reader.instances("Product").height - len(on_chains - set(order)),
        undated=undated + undated_supplies + undated_platforms + undated_projects,
    )


def _sets(pairs: pl.DataFrame) -> Sets:
    """Return the values of the second column by those of the first."""
    sets: dict[str, set[str]] = defaultdict(set)
    for key, value in pairs.iter_rows():
        sets[key].add(value)
    return sets


def _stages_in_order(reader: NodeReader, segments: Mapping[str, str]) -> list[str]:
    """Return all stages, each after those that it follows, else upstream first."""
    stages = reader.instances("Stage")["s"].to_list()
    follows: nx.DiGraph[str] = nx.DiGraph()
    follows.add_nodes_from(stages)
    follows.add_edges_from((before, after) for after, before in reader.pairs("cg:follows").sort("s", "o").iter_rows())
    known = set(stages)
    return [stage for stage in _in_order(follows, segments) if stage in known]


def _links(reader: NodeReader, stages: set[str]) -> list[StageLink]:
    """Return what goes from one stage to another, sorted."""
    links = {
        StageLink(before, after, "follows", after)
        for after, before in reader.pairs("cg:follows").iter_rows()
        if {before, after} <= stages
    }
    stages_of = _sets(reader.pairs("cg:stage"))
    for product, into in reader.pairs("cg:inputOf").iter_rows():
        for source in stages_of.get(product, set()) & stages:
            for target in stages_of.get(into, set()) & stages:
                links.add(StageLink(source, target, "inputOf", product))
    return sorted(link for link in links if link.source != link.target)


def _parts(reader: NodeReader, stages: list[str]) -> dict[str, list[str]]:
    """Return the stages of each chain in their order, and its products after them."""
    position = {stage: number for number, stage in enumerate(stages)}
    of_stages = reader.pairs("cg:chain").filter(pl.col("s").is_in(stages))
    parts: dict[str, list[str]] = {chain: [] for chain in sorted(reader.instances("Chain")["s"])}
    for stage, chain in sorted(of_stages.iter_rows(), key=lambda pair: position[pair[0]]):
        if chain in parts and stage not in parts[chain]:
            parts[chain].append(stage)
    products = reader.instances("Product")
    inputs: nx.DiGraph[str] = nx.DiGraph()
    inputs.add_nodes_from(products["s"])
    for name in ("cg:inputOf", "cg:broader"):
        inputs.add_edges_from(reader.pairs(name).join(products, on="s", how="semi").iter_rows())
    products_at = _sets(reader.pairs("cg:stage").join(products, on="s", how="semi").select("o", "s"))
    for chain_parts in parts.values():
        direct = set().union(*(products_at.get(stage, set()) for stage in chain_parts))
        chain_parts += sorted(direct.union(*(nx.ancestors(inputs, product) for product in direct)))
    return parts


def _in_order(follows: nx.DiGraph[str], segments: Mapping[str, str]) -> Iterable[str]:
    """Return the stages, each after those that it follows, else upstream first; a circle stands together."""
    circles = nx.condensation(follows)
    key = {
        stage: (_SEGMENTS.index(s) if (s := segments.get(stage)) in _SEGMENTS else len(_SEGMENTS), stage)
        for stage in follows
    }
    first = {node: min(key[stage] for stage in circles.nodes[node]["members"]) for node in circles}
    order = nx.lexicographical_topological_sort(circles, key=lambda node: first[node])
    return [stage for node in order for stage in sorted(circles.nodes[node]["members"])]


def _roles(reader: NodeReader, supplies: pl.DataFrame, platforms: set[str]) -> Mapping[str, list[Role]]:
    """Return who holds each stage or product; a supplier of a product holds its stages.

    Args:
        reader: The graph's nodes.
        supplies: The supplies: row, node, holder.
        platforms: The platforms that can have been in force; others hold nothing.
    """
    roles: dict[str, list[Role]] = defaultdict(list)
    for row, node, holder, class_iri in reader.select(_ROLES).drop_nulls().iter_rows():
        holder_class = class_iri.rsplit("#", 1)[-1]
        if holder_class != "Platform" or holder in platforms:
            roles[node].append(Role(holder, holder_class, row))
    stages = _sets(reader.pairs("cg:stage"))
    for row, product, supplier in supplies.select("row", "node", "holder").iter_rows():
        for node in (product, *stages.get(product, ())):
            roles[node].append(Role(supplier, "Organization", row))
    return roles


def _claims(reader: NodeReader) -> dict[tuple[str, str], Claim]:
    """Return the claims of consortia and chains about stages and products, by subject and node."""
    nodes: dict[str, set[str]] = defaultdict(set)
    labels = reader.pairs("rdfs:label")
    for class_name in ("Stage", "Product"):
        instances = reader.instances(class_name)
        for node in instances["s"]:
            nodes[node.rsplit("/", 1)[-1]].add(node)
        for node, text in labels.join(instances, on="s", how="semi").iter_rows():
            nodes[text].add(node)
    claims: dict[tuple[str, str], Claim] = {}
    for row, subject, value, status in reader.select(_CLAIMS).sort("row").iter_rows():
        for node in nodes.get(value, ()):
            claims[subject, node] = Claim(status, row)
    return claims
