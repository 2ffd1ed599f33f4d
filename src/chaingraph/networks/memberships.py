"""Who is a member with whom: the networks of memberships in consortia."""

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

_BELOW = "memberships of a programme or of one of several consortia"
_HELD = "SELECT ?row ?member ?event { ?row a cg:Membership ; cg:organization ?member ; cg:consortium ?event }"
_BARE = "SELECT ?member ?event { ?row a cg:Membership ; cg:organization ?member ; cg:consortium ?event }"
_EVERY = "SELECT (COUNT(*) AS ?n) { ?row a cg:Membership }"


def memberships(things: Things, selection: Selection, *, bare: bool) -> tuple[pl.DataFrame, int, int]:
    """Return the memberships of a consortium that a selection looks at.

    Args:
        things: The graph's things.
        selection: What is looked at.
        bare: Only who is a member of what, where the selection needs no more: neither which row says so nor its role,
            which cost more to read than everything else.

    Returns:
        A frame with columns member and event, and row and role unless bare; how many of its rows have no date, where a
        period is asked for; and how many memberships name no consortium of their own.
    """
    bare = bare and selection.roles is None and selection.period is None
    query = _BARE if bare else _HELD
    things.read_ahead("Organization", "Consortium", queries=(query, _EVERY))
    found = things.answer(query)
    outside = max(0, int(things.answer(_EVERY)["n"].item()) - found.height)
    found = found.join(things.members("Consortium").rename({"s": "event"}), on="event", how="semi")
    if bare:
        return found, 0, outside
    found = found.sort("row", "member", "event")
    chosen, undated = selection.during(things, selection.rows(things, found, "role"), "since", "until")
    return chosen, undated, outside


def affiliation(kg: KnowledgeGraph, *, quotes: bool = False, **filters: Unpack[Filters]) -> nx.Graph[str]:
    """Tie each organization to each consortium that it is a member of.

    A two-mode network (Breiger 1974, Social Forces 53: 181-190). Every role ties. ``bipartite`` is 0 on organizations
    and 1 on consortia; a tie has ``memberships``, how many the organization has in the consortium, ``role``, and
    ``since`` and ``until`` where every membership states them (the earliest and the latest). Left out: memberships of a
    programme and those that name one of several consortia.

    Args:
        kg: The graph.
        quotes: Put the words that state them on nodes and ties.
        filters: See :class:`chaingraph.networks.Selection`.
    """
    selection, things = Selection(**filters), Things(kg)
    rows, undated, outside = memberships(things, selection, bare=False)
    pairs = (
        dated(things, rows, "since", "until")
        .group_by("member", "event")
        .agg(
            pl.len().cast(pl.Int64).alias("memberships"),
            pl.col("role").drop_nulls().unique().sort().str.join("; ").alias("role"),
            pl.col("row").alias("rows"),
            *PERIOD,
        )
    )
    pairs = pairs.with_columns(pl.when(pl.col("role") != "").then("role"), *STATED)
    network = two_mode(
        things,
        ("Organization", "Consortium"),
        pairs,
        "memberships",
        Words("memberOf", "member of", "成员"),
        selection=selection,
        stated=evidence(kg) if quotes else None,
    )
    name = ("affiliation", "成员关系网络")
    finish(
        network, things, name, weight="memberships", selection=selection, undated=undated, left_out={_BELOW: outside}
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
        quotes: Put the words that state an organization and its memberships on its node, and those of the shared
            memberships on the ties, with ``since`` and ``until`` where they are known.
        filters: See :class:`chaingraph.networks.Selection`; ``minimum`` is a number of shared consortia.
    """
    selection, things = Selection(**filters), Things(kg)
    rows, undated, outside = memberships(things, selection, bare=not quotes)
    network, weights, behind = one_mode(
        things,
        rows,
        "consortia",
        newman=newman,
        selection=selection,
        stated=evidence(kg) if quotes else None,
    )
    if quotes:
        date_shared(network, things, rows, "since", "until", "row")
    finish(
        network,
        things,
        ("co-membership", "共同成员网络"),
        weight="newman" if newman else "consortia",
        selection=selection,
        undated=undated,
        left_out={_BELOW: outside},
        matrices=weights,
        behind=behind,
    )
    return network
