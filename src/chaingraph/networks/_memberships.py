"""Who is a member with whom: the networks of memberships in consortia."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack, overload

import polars as pl

from chaingraph.networks._projection import describe, in_form, one_mode, two_mode
from chaingraph.networks._shared_quotes import quoted_network, refuse_quotes_in_arrays
from chaingraph.networks._tie_dates import LITERALS, PERIOD, with_dates
from chaingraph.queries.evidence import evidence
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.memberships import memberships
from chaingraph.queries.nodes import SEPARATOR, NodeReader

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.arrays import Affiliation
    from chaingraph.networks._projection import Form
    from chaingraph.store import KnowledgeGraph

_WITHOUT_CONSORTIUM = "memberships of a programme or of one of several consortia"


@overload
def affiliation(
    kg: KnowledgeGraph, *, form: Literal["arrays"], quotes: bool = ..., **filters: Unpack[Filters]
) -> Affiliation: ...


@overload
def affiliation(
    kg: KnowledgeGraph, *, form: Literal["networkx"] = ..., quotes: bool = ..., **filters: Unpack[Filters]
) -> nx.Graph[str]: ...


def affiliation(
    kg: KnowledgeGraph, *, form: Form = "networkx", quotes: bool = False, **filters: Unpack[Filters]
) -> nx.Graph[str] | Affiliation:
    """Tie each organization to each consortium that it is a member of.

    A two-mode network (Breiger 1974, Social Forces 53: 181-190). Every role ties. ``bipartite`` is 0 on organizations
    and 1 on consortia; a tie has ``memberships``, how many the organization has in the consortium, ``role``, and
    ``since`` and ``until`` where every membership has them (the earliest and the latest). Left out: memberships of a
    programme and those that name one of several consortia.

    Args:
        kg: The graph.
        form: ``networkx`` for a frozen graph, ``arrays`` for an :class:`chaingraph.arrays.Affiliation`.
        quotes: Name on nodes and ties the quotes that state them.
        filters: See :class:`chaingraph.queries.filters.Selection`.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    rows, undated, outside = memberships(reader, selection, pairs_only=False, attributes=form != "arrays")
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
    describe(
        network,
        reader,
        "affiliation",
        selection=selection,
        evidence=records,
        undated=undated,
        left_out={_WITHOUT_CONSORTIUM: outside},
    )
    return in_form(network, form)


@overload
def co_membership(
    kg: KnowledgeGraph, *, form: Literal["arrays"], newman: bool = ..., quotes: bool = ..., **filters: Unpack[Filters]
) -> Affiliation: ...


@overload
def co_membership(
    kg: KnowledgeGraph,
    *,
    form: Literal["networkx"] = ...,
    newman: bool = ...,
    quotes: bool = ...,
    **filters: Unpack[Filters],
) -> nx.Graph[str]: ...


def co_membership(
    kg: KnowledgeGraph,
    *,
    form: Form = "networkx",
    newman: bool = False,
    quotes: bool = False,
    **filters: Unpack[Filters],
) -> nx.Graph[str] | Affiliation:
    """Tie two organizations for each consortium that they share.

    A node is an organization; the edge attribute ``consortia`` counts what the two share. With ``newman=True`` there is
    also ``newman``: each consortium of k members adds 1/(k - 1), so that a large one does not drown the small (Newman
    2001, PRE 64 016132). Every role ties. Left out: memberships of a programme and those that name one of several
    consortia, since neither says who works with whom.

    Args:
        kg: The graph.
        form: ``networkx`` for a frozen graph, ``arrays`` for an :class:`chaingraph.arrays.Affiliation`, whose ties and
            attributes are computed when they are first needed.
        newman: Weigh each consortium by its size as well.
        quotes: Name on each node the quotes that state the organization and its memberships, and on each tie those of
            the shared memberships, with ``since`` and ``until`` where they are known; not in arrays, which store no
            ties.
        filters: See :class:`chaingraph.queries.filters.Selection`; ``minimum`` is a number of shared consortia.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    refuse_quotes_in_arrays(form, quotes=quotes)
    rows, undated, outside = memberships(reader, selection, pairs_only=not quotes, attributes=form != "arrays")
    network = one_mode(reader, rows, "consortia", newman=newman, selection=selection)
    describe(
        network,
        reader,
        "co_membership",
        selection=selection,
        weight="newman" if newman else None,
        undated=undated,
        left_out={_WITHOUT_CONSORTIUM: outside},
    )
    if quotes:
        return quoted_network(network, reader, rows, "since", "until", "row")
    return in_form(network, form)
