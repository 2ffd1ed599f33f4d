"""The whole graph as one network: every thing a node, every relation a tie."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Unpack

import networkx as nx
import polars as pl

from chaingraph.networks._projection import add_nodes, finish, quoted, relation
from chaingraph.networks._registry import PROJECTIONS
from chaingraph.networks._tie_dates import periods
from chaingraph.queries.evidence import evidence
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.node_classes import CLASSES
from chaingraph.queries.nodes import NodeReader
from chaingraph.queries.ties import DATES, DIRECT, MEMBERSHIPS, RELATION_NODES, Tie
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chaingraph.queries.evidence import Evidence
    from chaingraph.queries.nodes import Attributes
    from chaingraph.store import KnowledgeGraph


def whole(kg: KnowledgeGraph, *, quotes: bool = False, **filters: Unpack[Filters]) -> nx.MultiDiGraph[str]:
    """Return every thing of the graph as a node, and every relation between two things as a directed tie.

    Nodes are organizations, consortia, programmes, platforms, projects, regions, industries, chains, stages, products,
    clusters and events. A tie has ``relation`` (and ``relation_en``, ``relation_zh`` in words); relation nodes such as
    memberships become ties, with their ``role``, and with ``since`` and ``until``, their own or their project's or
    platform's. A membership that names one of several consortia becomes a tie ``oneOf`` to each. Which way a tie points
    is a matter of words, so that measures take it as undirected (``network.graph["direction"]``). Left out: titles and
    evaluations, amounts, reported counts, claims, identities, sources and quotes.

    Args:
        kg: The graph.
        quotes: Name on nodes and ties the quotes that state them.
        filters: See :class:`chaingraph.queries.filters.Selection`. Roles are those of memberships; the period applies
            to memberships, participations, supplies, the hierarchy, sites and cooperation. The ties are not counted, so
            ``minimum`` is refused.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    selection.refuse_all_but(PROJECTIONS["whole"].options, "whole")
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(direction="ignored")
    records = evidence(kg) if quotes else None
    iris: set[str] = set()
    for class_name in CLASSES:
        only = selection.organizations(reader)["s"].to_list() if class_name == "Organization" else None
        iris.update(add_nodes(network, reader, class_name, only=only, evidence=records))
    of_rows, undated_rows = _of_relation_nodes(reader, selection)
    of_memberships, undated_memberships = _of_memberships(reader, selection)
    ties = chain(_direct(reader), of_rows, of_memberships)
    network.add_edges_from(_edges(ties, {iri: short_name(iri) for iri in iris}, periods(reader), records))
    finish(
        network,
        reader,
        "whole",
        selection=selection,
        evidence=records,
        undated=undated_rows + undated_memberships,
    )
    return network


def _edges(
    ties: Iterable[Tie],
    names: Mapping[str, str],
    dates: Mapping[str, Mapping[str, str]],
    records: Evidence | None,
) -> Iterator[tuple[str, str, Attributes]]:
    """Yield the ties whose ends are both nodes, with their attributes; ``names`` are those of the nodes by IRI."""
    texts: dict[tuple[str, str], Attributes] = {}
    for tie in ties:
        if tie.source in names and tie.target in names:
            key = tie.relation, tie.words
            if key not in texts:
                texts[key] = relation("whole", tie.relation, tie.words)
            role: Attributes = {"role": tie.role} if tie.role else {}
            attributes = {**texts[key], **role, **dates.get(tie.dates_of, {}), **quoted(records, tie.row)}
            yield names[tie.source], names[tie.target], attributes


def _direct(reader: NodeReader) -> Iterator[Tie]:
    for name in DIRECT:
        for source, target in reader.pairs(f"cg:{name}").sort("s", "o").iter_rows():
            yield Tie(source, target, name, name, dates_of=source if name == "hostedBy" else "")


def _of_relation_nodes(reader: NodeReader, selection: Selection) -> tuple[list[Tie], int]:
    """Return the ties of relation nodes other than memberships, and how many of the nodes have no date."""
    ties: list[Tie] = []
    undated = 0
    for class_name, start, end, name in RELATION_NODES:
        query = f"SELECT ?row ?s ?o {{ ?row a cg:{class_name} ; cg:{start} ?s ; cg:{end} ?o }}"
        rows = reader.select(query).sort("row", "s", "o")
        has_dates = "o" if class_name == "Participation" else "row"
        if class_name in DATES:
            rows, count = selection.in_period(reader, rows, *DATES[class_name], key=has_dates)
            undated += count
        for row in rows.iter_rows(named=True):
            ties.append(Tie(row["s"], row["o"], name, name, row=row["row"], dates_of=row[has_dates]))
    return ties, undated


def _of_memberships(reader: NodeReader, selection: Selection) -> tuple[list[Tie], int]:
    """Return the ties of memberships, and how many of them have no date."""
    ties: list[Tie] = []
    undated = 0
    for end in ("consortium", "programme", "oneOf"):
        query = f"SELECT ?row ?s ?o {{ ?row a cg:Membership ; cg:organization ?s ; cg:{end} ?o }}"
        rows = selection.with_roles(reader, reader.select(query).sort("row", "o"), "role")
        rows, count = selection.in_period(reader, rows, "since", "until")
        undated += count
        for row, source, target, role in rows.select("row", "s", "o", pl.col("role").fill_null("")).iter_rows():
            ties.append(Tie(source, target, *MEMBERSHIPS[end, role == "lead"], row=row, role=role, dates_of=row))
    return ties, undated
