"""Networks of regions and of industries: ties of organizations, added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import networkx as nx
import numpy as np
import polars as pl
import scipy.sparse as sp

from chaingraph.arrays import off_diagonal
from chaingraph.networks._projection import add_nodes, add_ties, finish, incidence_matrix
from chaingraph.queries.evidence import evidence
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.hierarchy import at_level
from chaingraph.queries.memberships import memberships
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.arrays import Matrix
    from chaingraph.store import KnowledgeGraph

_WITHOUT_REGION = "memberships of organizations without a region at that level"
_WITHOUT_INDUSTRY = "organizations without an industry, of their own or of a consortium"


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
            on. None: as in the tables.
        quotes: Name on the regions the quotes that state them.
        filters: See :class:`chaingraph.queries.filters.Selection`; ``minimum`` is a number of pairs.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    rows, undated, _ = memberships(reader, selection, pairs_only=True)
    rows = rows.join(selection.organizations(reader).rename({"s": "member"}), on="member", how="semi")
    rows = rows.unique(["member", "event"])
    located = rows.join(_regions_of_members(reader, level), on="member")
    members, events, places = (located[name].unique().sort().to_list() for name in ("member", "event", "place"))
    home = incidence_matrix(located.select("member", pl.col("place").alias("event")), members, places)
    counts = sp.csr_array(home.T @ incidence_matrix(located.select("member", "event"), members, events))
    records = evidence(kg) if quotes else None
    network: nx.Graph[str] = nx.Graph()
    add_nodes(network, reader, "Region", only=places, evidence=records)
    _add_sizes(network, places, home)
    weights = _ties_between(counts, selection.minimum)
    add_ties(network, weights, frozenset(weights))
    _add_ties_within(network, counts, selection.minimum)
    finish(
        network,
        reader,
        "inter_region",
        selection=selection,
        evidence=records,
        undated=undated,
        left_out={_WITHOUT_REGION: rows.height - located.height},
        matrices=list(weights.items()),
    )
    return network


def _regions_of_members(reader: NodeReader, level: int | None) -> pl.DataFrame:
    """Return the region at a level of each organization that has one, of several the first: columns member, place."""
    regions = reader.pairs("cg:region").rename({"s": "member", "o": "region"})
    places = regions.join(at_level(reader, "Region", level), left_on="region", right_on="s").select("member", "place")
    return places.unique().sort("member", "place").unique("member", keep="first", maintain_order=True)


def _add_sizes(network: nx.Graph[str], iris: Sequence[str], incidence: Matrix) -> None:
    """Put on each region or industry how many organizations it has, from organizations by regions or industries."""
    sizes = np.asarray(incidence.sum(axis=0)).ravel().astype(int).tolist()
    for iri, size in zip(iris, sizes, strict=True):
        network.nodes[short_name(iri)]["organizations"] = size


def _ties_between(counts: Matrix, minimum: float) -> dict[str, Matrix]:
    """Return what two regions share, from how many members each (row) has in each consortium (column)."""
    is_there = sp.csr_array((np.ones(counts.nnz), counts.indices, counts.indptr), shape=counts.shape)
    pairs, consortia = off_diagonal(counts @ counts.T), off_diagonal(is_there @ is_there.T)
    is_small = pairs.data < minimum
    for matrix in (pairs, consortia):
        matrix.data[is_small] = 0
        matrix.eliminate_zeros()
    return {"pairs": pairs, "consortia": consortia}


def _add_ties_within(network: nx.Graph[str], counts: Matrix, minimum: float) -> None:
    """Tie each region to itself for the pairs of its own organizations."""
    pairs_within = np.asarray((counts * (counts - (counts > 0))).sum(axis=1)).ravel() / 2
    consortia_within = np.asarray((counts > 1).sum(axis=1)).ravel()
    for place, pairs, consortia in zip(
        list(network), pairs_within.astype(int).tolist(), consortia_within.tolist(), strict=True
    ):
        if pairs and pairs >= minimum:
            network.add_edge(place, place, pairs=pairs, consortia=consortia)


def inter_industry(kg: KnowledgeGraph, *, quotes: bool = False, **filters: Unpack[Filters]) -> nx.Graph[str]:
    """Tie two industries for each organization that is in both.

    The co-occurrence that relatedness starts from (Hidalgo et al. 2007, Science 317: 482-487). A node is an industry
    with ``organizations``, how many are in it; the edge attribute ``organizations`` counts those in both. An
    organization is in an industry if that is stated of it or of a consortium that it is a member of, in any role. Left
    out and counted: organizations without any.

    Args:
        kg: The graph.
        quotes: Name on the industries the quotes that state them.
        filters: See :class:`chaingraph.queries.filters.Selection`; ``minimum`` is a number of organizations.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    rows, undated, _ = memberships(reader, selection, pairs_only=True)
    organizations = selection.organizations(reader).rename({"s": "member"})
    industries = reader.pairs("cg:industry").join(reader.instances("Industry").rename({"s": "o"}), on="o", how="semi")
    own = industries.select(pl.col("s").alias("member"), pl.col("o").alias("event"))
    of_consortia = rows.join(industries, left_on="event", right_on="s").select("member", pl.col("o").alias("event"))
    pairs = pl.concat([own, of_consortia]).unique().join(organizations, on="member", how="semi")
    members, iris = (pairs[column].unique().sort().to_list() for column in ("member", "event"))
    incidence = incidence_matrix(pairs, members, iris)
    shared = off_diagonal(sp.csr_array(incidence.T @ incidence))
    shared.data[shared.data < selection.minimum] = 0
    shared.eliminate_zeros()
    records = evidence(kg) if quotes else None
    network: nx.Graph[str] = nx.Graph()
    add_nodes(network, reader, "Industry", only=iris, evidence=records)
    _add_sizes(network, iris, incidence)
    add_ties(network, {"organizations": shared}, frozenset({"organizations"}))
    finish(
        network,
        reader,
        "inter_industry",
        selection=selection,
        evidence=records,
        undated=undated,
        left_out={_WITHOUT_INDUSTRY: organizations.height - len(members)},
        matrices=[("organizations", shared)],
    )
    return network
