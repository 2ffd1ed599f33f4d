"""Who works on what: the networks of projects and of innovation platforms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import polars as pl

from chaingraph.networks._projection import Words, finish, one_mode, two_mode
from chaingraph.networks._tie_dates import PERIOD, STATED, date_shared, dated
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.nodes import Things, evidence

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.store import KnowledgeGraph

_TAKES_PART = "SELECT ?row ?member ?event { ?row cg:project ?event ; cg:organization ?member }"
_SEVERAL = "sums of contributions in several currencies"


def participations(things: Things, selection: Selection) -> tuple[pl.DataFrame, int]:
    """Return the participations in projects that a selection looks at.

    Returns:
        A frame with columns row, member, event and role, and how many rows are of a project without any date, where a
        period is asked for.
    """
    found = things.kg.select_text(_TAKES_PART).join(
        things.members("Participation").rename({"s": "row"}), on="row", how="semi"
    )
    found = selection.rows(things, found.sort("row", "member", "event"), "participation-role")
    return selection.during(things, found, "start", "end", key="event")


def participation(kg: KnowledgeGraph, *, quotes: bool = False, **filters: Unpack[Filters]) -> nx.Graph[str]:
    """Tie each organization to each project that it takes part in.

    A two-mode network (Breiger 1974, Social Forces 53: 181-190). Every role ties. ``bipartite`` is 0 on organizations
    and 1 on projects; a tie has ``participations`` (how many rows say so), ``role``, and ``contribution`` with its
    ``currency`` where it is known. Contributions in several currencies to one project are not added up: they are left
    out and counted in ``network.graph["left_out"]``. The period of a tie, ``since`` and ``until``, is the project's.

    Args:
        kg: The graph.
        quotes: Put the words that state them on nodes and ties.
        filters: See :class:`chaingraph.networks.Selection`.
    """
    selection, things = Selection(**filters), Things(kg)
    rows, undated = participations(things, selection)
    amounts = things.pairs("cg:contribution").select(
        pl.col("s").alias("row"), pl.col("o").cast(pl.Float64, strict=False).alias("contribution")
    )
    currencies = things.pairs("cg:currency").select(pl.col("s").alias("row"), pl.col("o").alias("currency"))
    for extra in (amounts, currencies):
        rows = rows.join(extra.unique("row", keep="first", maintain_order=True), on="row", how="left")
    rows = dated(things, rows, "start", "end", key="event")
    several = pl.col("currency").drop_nulls().n_unique() > 1
    pairs = rows.group_by("member", "event").agg(
        pl.len().cast(pl.Int64).alias("participations"),
        pl.col("role").drop_nulls().unique().sort().str.join("; ").alias("role"),
        pl.when(~several & (pl.col("contribution").count() > 0))
        .then(pl.col("contribution").sum())
        .alias("contribution"),
        pl.when(~several).then(pl.col("currency").drop_nulls().min()).alias("currency"),
        several.alias("several"),
        pl.col("row").sort().alias("rows"),
        *PERIOD,
    )
    left_out = pairs["several"].sum()
    pairs = pairs.drop("several").with_columns(pl.when(pl.col("role") != "").then("role"), *STATED)
    network = two_mode(
        things,
        ("Organization", "Project"),
        pairs,
        "participations",
        Words("participatesIn", "participates in", "参与项目"),
        selection=selection,
        stated=evidence(kg) if quotes else None,
    )
    name = ("participation", "项目参与网络")
    finish(
        network,
        things,
        name,
        weight="participations",
        selection=selection,
        undated=undated,
        left_out={_SEVERAL: int(left_out)},
    )
    return network


def co_participation(
    kg: KnowledgeGraph, *, newman: bool = False, quotes: bool = False, **filters: Unpack[Filters]
) -> nx.Graph[str]:
    """Tie two organizations for each project that both take part in.

    A node is an organization; the edge attribute ``projects`` counts what the two share. With ``newman=True`` there is
    also ``newman``, in which a project of k participants adds 1/(k - 1) (Newman 2001, PRE 64 016132). Every role ties.
    The period of a tie is the project's. Left out: contributions; :func:`participation` has them.

    Args:
        kg: The graph.
        newman: Weigh each project by its size as well.
        quotes: Put the words that state an organization and its participations on its node, and those of the shared
            ones on the ties, with ``since`` and ``until`` where they are known.
        filters: See :class:`chaingraph.networks.Selection`; ``minimum`` is a number of shared projects.
    """
    selection, things = Selection(**filters), Things(kg)
    rows, undated = participations(things, selection)
    stated = evidence(kg) if quotes else None
    network, weights, behind = one_mode(things, rows, "projects", newman=newman, selection=selection, stated=stated)
    if quotes:
        date_shared(network, things, rows, "start", "end", "event")
    finish(
        network,
        things,
        ("co-participation", "项目合作网络"),
        weight="newman" if newman else "projects",
        selection=selection,
        undated=undated,
        matrices=weights,
        behind=behind,
    )
    return network


def hosting(kg: KnowledgeGraph, *, quotes: bool = False, **filters: Unpack[Filters]) -> nx.Graph[str]:
    """Tie each organization to each innovation platform that it hosts.

    A two-mode network: ``bipartite`` is 0 on organizations and 1 on platforms; a tie has ``hosts``, always 1. The
    period of a tie, ``since`` and ``until``, is the platform's. Left out: the consortium that a platform belongs to. A
    host has no role, so the filter ``roles`` is refused.

    Args:
        kg: The graph.
        quotes: Put the words that state them on nodes; a tie has its platform's.
        filters: See :class:`chaingraph.networks.Selection`.
    """
    selection, things = Selection(**filters), Things(kg)
    selection.refuse_roles("hosting")
    rows = things.pairs("cg:hostedBy").select(
        pl.col("s").alias("row"), pl.col("o").alias("member"), pl.col("s").alias("event")
    )
    rows, undated = selection.during(things, rows, "since", "until")
    by_host = dated(things, rows, "since", "until").group_by("member", "event")
    pairs = by_host.agg(pl.lit(1, pl.Int64).alias("hosts"), pl.col("row").alias("rows"), *PERIOD).with_columns(STATED)
    network = two_mode(
        things,
        ("Organization", "Platform"),
        pairs,
        "hosts",
        Words("hosts", "hosts", "承建"),
        selection=selection,
        stated=evidence(kg) if quotes else None,
    )
    finish(network, things, ("hosting", "平台依托网络"), weight="hosts", selection=selection, undated=undated)
    return network
