"""Who is a member with whom: the networks of memberships in consortia."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import polars as pl

from chaingraph.networks._projection import finish, one_mode, two_mode
from chaingraph.networks._tie_dates import LITERALS, PERIOD, date_shared, with_dates
from chaingraph.queries.evidence import evidence
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.memberships import memberships
from chaingraph.queries.nodes import SEPARATOR, NodeReader

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.store import KnowledgeGraph

_WITHOUT_CONSORTIUM = "memberships of a programme or of one of several consortia"


def affiliation(kg: KnowledgeGraph, *, quotes: bool = False, **filters: Unpack[Filters]) -> nx.Graph[str]:
    """Tie each organization to each consortium that it is a member of.

    A two-mode network (Breiger 1974, Social Forces 53: 181-190). Every role ties. ``bipartite`` is 0 on organizations
    and 1 on consortia; a tie has ``memberships``, how many the organization has in the consortium, ``role``, and
    ``since`` and ``until`` where every membership has them (the earliest and the latest). Left out: memberships of a
    programme and those that name one of several consortia.

    Args:
        kg: The graph.
        quotes: Name on nodes and ties the quotes that state them.
        filters: See :class:`chaingraph.queries.filters.Selection`.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    rows, undated, outside = memberships(reader, selection, pairs_only=False)
    pairs = (
        with_dates(reader, rows, "since", "until")
        .group_by("member", "event")
        .agg(
            pl.len().cast(pl.Int64).alias("memberships"),
            pl.col("role").drop_nulls().unique().sort().str.join(SEPARATOR).alias("role"),
            pl.col("row").alias("rows"),
            *PERIOD,
        )
    )
    pairs = pairs.with_columns(pl.when(pl.col("role") != "").then("role"), *LITERALS)
    records = evidence(kg) if quotes else None
    network = two_mode(reader, "affiliation", "Consortium", "memberOf", pairs, selection=selection, evidence=records)
    finish(
        network,
        reader,
        "affiliation",
        selection=selection,
        evidence=records,
        undated=undated,
        left_out={_WITHOUT_CONSORTIUM: outside},
    )
    return network


def co_membership(
    kg: KnowledgeGraph, *, newman: bool = False, quotes: bool = False, **filters: Unpack[Filters]
) -> nx.Graph[str]:
    """Tie two organizations for each consortium that they share.

    A node is an organization; the edge attribute ``consortia`` counts what the two share. With ``newman=True`` there is
    also ``newman``: each consortium of k members adds 1/(k - 1), so that a large one does not drown the small (Newman
    2001, PRE 64 016132). Every role ties. Left out: memberships of a programme and those that name one of several
    consortia, since neither says who works with whom.

    Args:
        kg: The graph.
        newman: Weigh each consortium by its size as well.
        quotes: Name on each node the quotes that state the organization and its memberships, and on each tie those of
            the shared memberships, with ``since`` and ``until`` where they are known.
        filters: See :class:`chaingraph.queries.filters.Selection`; ``minimum`` is a number of shared consortia.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    rows, undated, outside = memberships(reader, selection, pairs_only=not quotes)
    records = evidence(kg) if quotes else None
    network, weights, incidence = one_mode(
        reader, rows, "consortia", newman=newman, selection=selection, evidence=records
    )
    if quotes:
        date_shared(network, reader, rows, "since", "until", "row")
    finish(
        network,
        reader,
        "co_membership",
        selection=selection,
        evidence=records,
        weight="newman" if newman else None,
        undated=undated,
        left_out={_WITHOUT_CONSORTIUM: outside},
        matrices=weights,
        incidence=incidence,
    )
    return network
