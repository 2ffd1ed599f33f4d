"""Networks of regions and of industries: ties of organizations, added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack, overload

import numpy as np
import polars as pl
import scipy.sparse as sp

from chaingraph.arrays import off_diagonal
from chaingraph.networks._projection import describe, in_form, incidence_matrix, node_frame, ties, upper_ties
from chaingraph.queries.evidence import evidence
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.hierarchy import at_level
from chaingraph.queries.memberships import memberships
from chaingraph.queries.nodes import NodeReader

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.arrays import Matrix, Ties
    from chaingraph.networks._projection import Form
    from chaingraph.store import KnowledgeGraph

_WITHOUT_REGION = "memberships of organizations without a region at that level"
_WITHOUT_INDUSTRY = "organizations without an industry, of their own or of a consortium"


@overload
def inter_region(
    kg: KnowledgeGraph,
    *,
    form: Literal["arrays"],
    level: int | None = ...,
    quotes: bool = ...,
    **filters: Unpack[Filters],
) -> Ties: ...


@overload
def inter_region(
    kg: KnowledgeGraph,
    *,
    form: Literal["networkx"] = ...,
    level: int | None = ...,
    quotes: bool = ...,
    **filters: Unpack[Filters],
) -> nx.Graph[str]: ...


def inter_region(
    kg: KnowledgeGraph,
    *,
    form: Form = "networkx",
    level: int | None = None,
    quotes: bool = False,
    **filters: Unpack[Filters],
) -> nx.Graph[str] | Ties:
    """Tie two regions for each pair of their organizations in one consortium.

    A node is a region with ``organizations``, how many of its members are in a consortium at all. The edge attribute
    ``pairs`` counts pairs of organizations, each for each consortium that it shares, and ``consortia`` the consortia
    with members in both regions; a region's tie to itself counts what lies inside (Maggioni, Nosvelli and Uberti 2007,
    Pap. Reg. Sci. 86: 471-493). Left out and counted: organizations without a region at that level, and what
    :func:`co_membership` leaves out. Every role ties.

    Args:
        kg: The graph.
        form: ``networkx`` for a frozen graph, ``arrays`` for :class:`chaingraph.arrays.Ties`.
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
    missing = rows.height - located.height
    members, events, places = (located[name].unique().sort() for name in ("member", "event", "place"))
    home = _counts(located.select("member", pl.col("place").alias("event")), members, places)
    counts = sp.csr_array(home.T @ _counts(located.select("member", "event"), members, events))
    records = evidence(kg) if quotes else None
    nodes = _with_sizes(node_frame(reader, "Region", only=places, evidence=records), places, home)
    weights = _ties_between(counts, selection.minimum)
    rows = pl.concat([upper_ties(weights, places), _ties_within(places, counts, selection.minimum)])
    network = ties(nodes, rows, selection=selection, directed=False, weights=tuple(weights))
    describe(
        network,
        reader,
        "inter_region",
        selection=selection,
        evidence=records,
        undated=undated,
        left_out={_WITHOUT_REGION: missing},
    )
    return in_form(network, form)


def _counts(rows: pl.DataFrame, members: pl.Series, events: pl.Series) -> Matrix:
    """Return an incidence matrix whose products do not overflow."""
    return sp.csr_array(incidence_matrix(rows, members, events).astype(np.float64))


def _regions_of_members(reader: NodeReader, level: int | None) -> pl.DataFrame:
    """Return the region at a level of each organization that has one, of several the first: columns member, place."""
    regions = reader.pairs("cg:region").rename({"s": "member", "o": "region"})
    places = regions.join(at_level(reader, "Region", level), left_on="region", right_on="s").select("member", "place")
    return places.unique().sort("member", "place").unique("member", keep="first", maintain_order=True)


def _with_sizes(nodes: pl.DataFrame, iris: pl.Series, incidence: Matrix) -> pl.DataFrame:
    """Return regions or industries with how many organizations each has; ``incidence`` has these in its columns."""
    sizes = np.asarray(incidence.sum(axis=0)).ravel().astype(np.int64)
    return nodes.join(pl.DataFrame({"s": iris, "organizations": sizes}), on="s", maintain_order="left")


def _ties_between(counts: Matrix, minimum: float) -> dict[str, Matrix]:
    """Return what two regions share, from how many members each (row) has in each consortium (column)."""
    is_there = sp.csr_array((np.ones(counts.nnz), counts.indices, counts.indptr), shape=counts.shape)
    pairs, consortia = off_diagonal(counts @ counts.T), off_diagonal(is_there @ is_there.T)
    is_small = pairs.data < minimum
    for matrix in (pairs, consortia):
        matrix.data[is_small] = 0
        matrix.eliminate_zeros()
    return {"pairs": pairs, "consortia": consortia}


def _ties_within(places: pl.Series, counts: Matrix, minimum: float) -> pl.DataFrame:
    """Return the ties of regions to themselves for the pairs of their own organizations."""
    pairs = np.asarray((counts * (counts - (counts > 0))).sum(axis=1)).ravel() / 2
    consortia = np.asarray((counts > 1).sum(axis=1)).ravel()
    columns = {"pairs": pairs.astype(np.int64), "consortia": consortia.astype(np.int64)}
    rows = pl.DataFrame({"source": places, "target": places} | columns)
    return rows.filter((pl.col("pairs") > 0) & (pl.col("pairs") >= minimum))


@overload
def inter_industry(
    kg: KnowledgeGraph, *, form: Literal["arrays"], quotes: bool = ..., **filters: Unpack[Filters]
) -> Ties: ...


@overload
def inter_industry(
    kg: KnowledgeGraph, *, form: Literal["networkx"] = ..., quotes: bool = ..., **filters: Unpack[Filters]
) -> nx.Graph[str]: ...


def inter_industry(
    kg: KnowledgeGraph, *, form: Form = "networkx", quotes: bool = False, **filters: Unpack[Filters]
) -> nx.Graph[str] | Ties:
    """Tie two industries for each organization that is in both.

    The co-occurrence that relatedness starts from (Hidalgo et al. 2007, Science 317: 482-487). A node is an industry
    with ``organizations``, how many are in it; the edge attribute ``organizations`` counts those in both. An
    organization is in an industry if that is stated of it or of a consortium that it is a member of, in any role. Left
    out and counted: organizations without any.

    Args:
        kg: The graph.
        form: As of :func:`inter_region`.
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
    members, iris = (pairs[column].unique().sort() for column in ("member", "event"))
    incidence = _counts(pairs, members, iris)
    shared = off_diagonal(sp.csr_array(incidence.T @ incidence))
    shared.data[shared.data < selection.minimum] = 0
    shared.eliminate_zeros()
    records = evidence(kg) if quotes else None
    nodes = _with_sizes(node_frame(reader, "Industry", only=iris, evidence=records), iris, incidence)
    weights = {"organizations": shared}
    network = ties(nodes, upper_ties(weights, iris), selection=selection, directed=False, weights=tuple(weights))
    describe(
        network,
        reader,
        "inter_industry",
        selection=selection,
        evidence=records,
        undated=undated,
        left_out={_WITHOUT_INDUSTRY: organizations.height - len(members)},
    )
    return in_form(network, form)
