"""Chains as they are shown: who is known to hold each stage, in which order stages come, and what leads to what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from chaingraph.queries.chains import ChainFacts, Role, StageLink

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEGMENTS = ("upstream", "midstream", "downstream", "unstated")
"""The columns of a chain map, from left to right."""
HOLDER_CLASSES = ("Consortium", "Organization", "Platform", "Region")
"""What can hold a stage, in the order in which holders are listed."""
REPORTED_CLASSES = ("Region",)
"""A region holds a stage by what is done there: that it is done is reported, who does it is not known by name."""
_STATUS = {"denied": "absent", "planned": "planned"}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a stage, and the rows that say so: roles, and supplies of a product at the stage."""

    iri: str
    class_name: str
    rows: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        """Whether the holder itself is named, and not only the region that it is in."""
        return self.class_name not in REPORTED_CLASSES


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a chain.

    Args:
        iri: The stage.
        segment: One of ``SEGMENTS``.
        layer: How many links lead to it, one after the other, within its chain.
        holders: Who holds it, sorted by class and IRI.
        status: ``held``; ``absent`` or ``planned`` where a claim says so; else ``unknown``.
        claims: The rows of claims that say so.
    """

    iri: str
    segment: str
    layer: int
    holders: tuple[Holder, ...]
    status: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain with its stages in their order; without an IRI, the stages that are on no chain."""

    iri: str | None
    stages: tuple[Stage, ...]
    links: tuple[StageLink, ...]


def chains_of(facts: ChainFacts, chain: str | None = None) -> tuple[Chain, ...]:
    """Return the chains of a graph, those with most stages first, then the stages that are on no chain, if any.

    Args:
        facts: What the graph says of its chains.
        chain: The IRI of the only chain that is wanted; all if None.
    """
    if chain is not None:
        return (_chain(facts, chain, [part for part in facts.parts[chain] if part in facts.stages]),)
    stages = {iri: [part for part in parts if part in facts.stages] for iri, parts in facts.parts.items()}
    order = sorted((iri for iri in stages if stages[iri]), key=lambda iri: (-len(stages[iri]), iri))
    chains = [_chain(facts, iri, stages[iri]) for iri in order]
    if facts.stages_outside:
        chains.append(_chain(facts, None, facts.stages_outside))
    return tuple(chains)


def _chain(facts: ChainFacts, iri: str | None, stages: Sequence[str]) -> Chain:
    links = tuple(link for link in facts.links if link.source in stages and link.target in stages)
    layers = _layers(stages, links)
    return Chain(iri, tuple(_stage(facts, iri, stage, layers[stage]) for stage in stages), links)


def _layers(stages: Iterable[str], links: Iterable[StageLink]) -> dict[str, int]:
    """Return the length of the longest way that leads to each stage; stages of a circle share a layer."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(stages)
    graph.add_edges_from((link.source, link.target) for link in links)
    circles = nx.condensation(graph)
    layer_of: dict[int, int] = {}
    for node in nx.topological_sort(circles):
        layer_of[node] = max((layer_of[before] + 1 for before in circles.predecessors(node)), default=0)
    return {stage: layer_of[node] for node in circles for stage in circles.nodes[node]["members"]}


def _stage(facts: ChainFacts, chain: str | None, stage: str, layer: int) -> Stage:
    rows: dict[tuple[str, str], set[str]] = {}
    for role in facts.roles.get(stage, ()):
        rows.setdefault(_key(role), set()).add(role.row)
    order = sorted(rows, key=lambda key: (HOLDER_CLASSES.index(key[1]), key[0]))
    claim = facts.claims.get((chain, stage)) if chain is not None else None
    segment = facts.segments.get(stage, "unstated")
    return Stage(
        stage,
        segment if segment in SEGMENTS else "unstated",
        layer,
        tuple(Holder(iri, class_name, tuple(sorted(rows[iri, class_name]))) for iri, class_name in order),
        "held" if rows else _STATUS[claim.status] if claim else "unknown",
        (claim.row,) if claim else (),
    )


def _key(role: Role) -> tuple[str, str]:
    return role.holder, role.holder_class
