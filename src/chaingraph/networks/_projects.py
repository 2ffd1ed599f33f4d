"""Who works on what: the networks of projects and of innovation platforms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack, overload

import polars as pl

from chaingraph.networks._projection import describe, in_form, one_mode, two_mode
from chaingraph.networks._registry import PROJECTIONS
from chaingraph.networks._shared_quotes import quoted_network, refuse_quotes_in_arrays
from chaingraph.networks._tie_dates import LITERALS, PERIOD, with_dates
from chaingraph.queries.evidence import evidence
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.memberships import participations
from chaingraph.queries.nodes import SEPARATOR, NodeReader

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.arrays import Affiliation
    from chaingraph.networks._projection import Form
    from chaingraph.store import KnowledgeGraph

_SEVERAL_CURRENCIES = "sums of contributions in several currencies"


@overload
def participation(
    kg: KnowledgeGraph, *, form: Literal["arrays"], quotes: bool = ..., **filters: Unpack[Filters]
) -> Affiliation: ...


@overload
def participation(
    kg: KnowledgeGraph, *, form: Literal["networkx"] = ..., quotes: bool = ..., **filters: Unpack[Filters]
) -> nx.Graph[str]: ...


def participation(
    kg: KnowledgeGraph, *, form: Form = "networkx", quotes: bool = False, **filters: Unpack[Filters]
) -> nx.Graph[str] | Affiliation:
    """Tie each organization to each project that it takes part in.

    A two-mode network (Breiger 1974, Social Forces 53: 181-190). Every role ties. ``bipartite`` is 0 on organizations
    and 1 on projects; a tie has ``participations`` (how many rows say so), ``role``, and ``contribution`` with its
    ``currency`` where it is known. Contributions in several currencies to one project are not added up: they are left
    out and counted in ``network.graph["left_out"]``. The period of a tie, ``since`` and ``until``, is the project's.

    Args:
        kg: The graph.
        form: As of :func:`affiliation`.
        quotes: Name on nodes and ties the quotes that state them.
        filters: See :class:`chaingraph.queries.filters.Selection`.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    rows, undated = participations(reader, selection)
    pairs = _with_contributions(reader, rows)
    several = int(pairs["several"].sum())
    pairs = pairs.drop("several").with_columns(pl.when(pl.col("role") != "").then("role"), *LITERALS)
    records = evidence(kg) if quotes else None
    network = two_mode(
        reader, "participation", "Project", "participatesIn", pairs, selection=selection, evidence=records
    )
    describe(
        network,
        reader,
        "participation",
        selection=selection,
        evidence=records,
        undated=undated,
        left_out={_SEVERAL_CURRENCIES: several},
    )
    return in_form(network, form)


def _with_contributions(reader: NodeReader, rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row per organization and project, with the sum of what it contributes if that is in one currency."""
    amounts = reader.pairs("cg:contribution").select(
        pl.col("s").alias("row"), pl.col("o").cast(pl.Float64, strict=False).alias("contribution")
    )
    currencies = reader.pairs("cg:currency").select(pl.col("s").alias("row"), pl.col("o").alias("currency"))
    for column in (amounts, currencies):
        rows = rows.join(column.unique("row", keep="first", maintain_order=True), on="row", how="left")
    several = pl.col("currency").drop_nulls().n_unique() > 1
    has_amount = pl.col("contribution").count() > 0
    return (
        with_dates(reader, rows, "start", "end", key="event")
        .group_by("member", "event")
        .agg(
            pl.len().cast(pl.Int64).alias("participations"),
            pl.col("role").drop_nulls().unique().sort().str.join(SEPARATOR).alias("role"),
            pl.when(~several & has_amount).then(pl.col("contribution").sum()).alias("contribution"),
            pl.when(~several).then(pl.col("currency").drop_nulls().min()).alias("currency"),
            several.alias("several"),
            pl.col("row").sort().alias("rows"),
            *PERIOD,
        )
    )


@overload
def co_participation(
    kg: KnowledgeGraph, *, form: Literal["arrays"], newman: bool = ..., quotes: bool = ..., **filters: Unpack[Filters]
) -> Affiliation: ...


@overload
def co_participation(
    kg: KnowledgeGraph,
    *,
    form: Literal["networkx"] = ...,
    newman: bool = ...,
    quotes: bool = ...,
    **filters: Unpack[Filters],
) -> nx.Graph[str]: ...


def co_participation(
    kg: KnowledgeGraph,
    *,
    form: Form = "networkx",
    newman: bool = False,
    quotes: bool = False,
    **filters: Unpack[Filters],
) -> nx.Graph[str] | Affiliation:
    """Tie two organizations for each project that both take part in.

    A node is an organization; the edge attribute ``projects`` counts what the two share. With ``newman=True`` there is
    also ``newman``, in which a project of k participants adds 1/(k - 1) (Newman 2001, PRE 64 016132). Every role ties.
    The period of a tie is the project's. Left out: contributions; :func:`participation` has them.

    Args:
        kg: The graph.
        form: As of :func:`co_membership`.
        newman: Weigh each project by its size as well.
        quotes: Name on each node the quotes that state the organization and its participations, and on each tie those
            of the shared ones, with ``since`` and ``until`` where they are known; not in arrays, which store no ties.
        filters: See :class:`chaingraph.queries.filters.Selection`; ``minimum`` is a number of shared projects.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    refuse_quotes_in_arrays(form, quotes=quotes)
    rows, undated = participations(reader, selection)
    network = one_mode(reader, rows, "projects", newman=newman, selection=selection)
    describe(
        network,
        reader,
        "co_participation",
        selection=selection,
        weight="newman" if newman else None,
        undated=undated,
    )
    if quotes:
        return quoted_network(network, reader, rows, "start", "end", "event")
    return in_form(network, form)


@overload
def hosting(
    kg: KnowledgeGraph, *, form: Literal["arrays"], quotes: bool = ..., **filters: Unpack[Filters]
) -> Affiliation: ...


@overload
def hosting(
    kg: KnowledgeGraph, *, form: Literal["networkx"] = ..., quotes: bool = ..., **filters: Unpack[Filters]
) -> nx.Graph[str]: ...


def hosting(
    kg: KnowledgeGraph, *, form: Form = "networkx", quotes: bool = False, **filters: Unpack[Filters]
) -> nx.Graph[str] | Affiliation:
    """Tie each organization to each innovation platform that it hosts.

    A two-mode network: ``bipartite`` is 0 on organizations and 1 on platforms; a tie has ``hosts``, always 1. The
    period of a tie, ``since`` and ``until``, is the platform's. Left out: the consortium that a platform belongs to. A
    host has no role, so the filter ``roles`` is refused.

    Args:
        kg: The graph.
        form: As of :func:`affiliation`.
        quotes: Name on nodes the quotes that state them; a tie has its platform's.
        filters: See :class:`chaingraph.queries.filters.Selection`.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    selection.refuse_all_but(PROJECTIONS["hosting"].options, "hosting")
    rows = reader.pairs("cg:hostedBy").select(
        pl.col("s").alias("row"), pl.col("o").alias("member"), pl.col("s").alias("event")
    )
    rows, undated = selection.in_period(reader, rows, "since", "until")
    by_host = with_dates(reader, rows, "since", "until").group_by("member", "event")
    pairs = by_host.agg(pl.lit(1, pl.Int64).alias("hosts"), pl.col("row").alias("rows"), *PERIOD)
    pairs = pairs.with_columns(LITERALS)
    records = evidence(kg) if quotes else None
    network = two_mode(reader, "hosting", "Platform", "hosts", pairs, selection=selection, evidence=records)
    describe(network, reader, "hosting", selection=selection, evidence=records, undated=undated)
    return in_form(network, form)
