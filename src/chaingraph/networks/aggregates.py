"""Ties added up: networks whose nodes are regions or industries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import networkx as nx
import numpy as np
import polars as pl
import scipy.sparse as sp

from chaingraph.arrays import off_diagonal
from chaingraph.networks._projection import add_things, add_ties, finish, incidence_matrix
from chaingraph.networks.memberships import memberships
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.hierarchy import standing
from chaingraph.queries.nodes import Things, evidence
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from chaingraph.arrays import Matrix
    from chaingraph.store import KnowledgeGraph

_UNPLACED = "memberships of organizations without a region at that level"
_UNSORTED = "organizations without an industry, of their own or of a consortium"


def inter_region(
    kg: KnowledgeGraph, *, level: int | None = None, quotes: bool = False, **filters: Unpack[Filters]
) -> nx.Graph[str]:
    """Tie two regions for each pair of their organizations in one consortium.

    A node is a region with ``organizations``, how many of its members are in a consortium at all. The edge attribute
    ``pairs`` counts pairs of organizations, each for each consortium that it shares, and ``consortia`` the consortia
    with members in both regions; a region's tie to itself counts what lies inside (Maggioni, Nosvelli and Uberti 2007,
    Pap. Reg. Sci. 86: 471-493). Left out and counted: organizations without a region at that level, and what
    :func:`co_membership` leaves out. Every role ties.

    Args:
        kg: The graph.
        level: The level of the hierarchy: 0 for regions that lie within no other, 1 for those directly in them, and so
            on. None: as the organizations state it.
        quotes: Put the words that state them on the regions.
        filters: See :class:`chaingraph.networks.Selection`; ``minimum`` is a number of pairs.
    """
    selection, things = Selection(**filters), Things(kg)
    rows, undated, _ = memberships(things, selection, bare=True)
    rows = rows.join(selection.organizations(things).rename({"s": "member"}), on="member", how="semi")
    placed = things.pairs("cg:region").rename({"s": "member", "o": "region"})
    placed = (
        placed.join(standing(things, "Region", level), left_on="region", right_on="s")
        .select("member", "place")
        .unique()
    )
    placed = placed.sort("member", "place").unique("member", keep="first", maintain_order=True)
    known = rows.unique(["member", "event"]).join(placed, on="member")
    unplaced = rows.unique(["member", "event"]).height - known.height
    places = known["place"].unique().sort().to_list()
    members = known["member"].unique().sort().to_list()
    home = incidence_matrix(known.select("member", pl.col("place").alias("event")), members, places)
    events = known["event"].unique().sort().to_list()
    held = sp.csr_array(home.T @ incidence_matrix(known.select("member", "event"), members, events))
    network: nx.Graph[str] = nx.Graph()
    add_things(network, things, "Region", only=places, stated=evidence(kg) if quotes else None)
    for place, count in zip(places, np.asarray(home.sum(axis=0)).ravel().astype(int).tolist(), strict=True):
        network.nodes[short_name(place)]["organizations"] = count
    weights = _between(held, selection.minimum)
    add_ties(network, weights, frozenset(weights))
    _add_inside(network, held, selection.minimum)
    finish(
        network,
        things,
        ("inter-region", "区域间网络"),
        weight="pairs",
        selection=selection,
        undated=undated,
        left_out={_UNPLACED: unplaced},
        matrices=list(weights.items()),
    )
    return network


def _between(held: Matrix, minimum: float) -> dict[str, Matrix]:
    """Return what two regions share, from how many members each (row) has in each consortium (column)."""
    some = sp.csr_array((np.ones(held.nnz), held.indices, held.indptr), shape=held.shape)
    pairs, consortia = off_diagonal(held @ held.T), off_diagonal(some @ some.T)
    few = pairs.data < minimum
    for matrix in (pairs, consortia):
        matrix.data[few] = 0
        matrix.eliminate_zeros()
    return {"pairs": pairs, "consortia": consortia}


def _add_inside(network: nx.Graph[str], held: Matrix, minimum: float) -> None:
    inside = np.asarray((held * (held - (held > 0))).sum(axis=1)).ravel() / 2
    consortia = np.asarray((held > 1).sum(axis=1)).ravel()
    for place, pairs, count in zip(list(network), inside.astype(int).tolist(), consortia.tolist(), strict=True):
        if pairs and pairs >= minimum:
            network.add_edge(place, place, pairs=pairs, consortia=count)


def inter_industry(kg: KnowledgeGraph, *, quotes: bool = False, **filters: Unpack[Filters]) -> nx.Graph[str]:
    """Tie two industries for each organization that is in both.

    The co-occurrence that relatedness starts from (Hidalgo et al. 2007, Science 317: 482-487). A node is an industry
    with ``organizations``, how many are in it; the edge attribute ``organizations`` counts those in both. An
    organization is in an industry if that is stated of it or of a consortium that it is a member of, in any role. Left
    out and counted: organizations without any.

    Args:
        kg: The graph.
        quotes: Put the words that state them on the industries.
        filters: See :class:`chaingraph.networks.Selection`; ``minimum`` is a number of organizations.
    """
    selection, things = Selection(**filters), Things(kg)
    rows, undated, _ = memberships(things, selection, bare=True)
    chosen = selection.organizations(things).rename({"s": "member"})
    industries = things.pairs("cg:industry").rename({"s": "thing", "o": "event"})
    industries = industries.join(things.members("Industry").rename({"s": "event"}), on="event", how="semi")
    own = industries.select(pl.col("thing").alias("member"), "event")
    through = (
        rows.select("member", pl.col("event").alias("thing")).join(industries, on="thing").select("member", "event")
    )
    known = pl.concat([own, through]).unique().join(chosen, on="member", how="semi")
    members, names = (known[column].unique().sort().to_list() for column in ("member", "event"))
    matrix = incidence_matrix(known, members, names)
    shared = off_diagonal(sp.csr_array(matrix.T @ matrix))
    shared.data[shared.data < selection.minimum] = 0
    shared.eliminate_zeros()
    network: nx.Graph[str] = nx.Graph()
    add_things(network, things, "Industry", only=names, stated=evidence(kg) if quotes else None)
    for name, count in zip(names, np.asarray(matrix.sum(axis=0)).ravel().astype(int).tolist(), strict=True):
        network.nodes[short_name(name)]["organizations"] = count
    add_ties(network, {"organizations": shared}, frozenset({"organizations"}))
    finish(
        network,
        things,
        ("inter-industry", "产业间网络"),
        weight="organizations",
        selection=selection,
        undated=undated,
        left_out={_UNSORTED: chosen.height - len(members)},
        matrices=[("organizations", shared)],
    )
    return network
