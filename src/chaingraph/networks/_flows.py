"""What flows where: the directed networks of supplies and of the chain's products and stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack, overload

import polars as pl

from chaingraph.networks._projection import (
    date_columns,
    describe,
    directed_in_form,
    node_frame,
    quotes_column,
    relation,
    short_names,
    ties,
    together,
)
from chaingraph.networks._registry import PROJECTIONS
from chaingraph.networks._tie_dates import periods
from chaingraph.queries.evidence import evidence
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.hierarchy import at_level, paths
from chaingraph.queries.nodes import SEPARATOR, NodeReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import networkx as nx

    from chaingraph.arrays import Ties
    from chaingraph.networks._projection import Form
    from chaingraph.queries.nodes import Attributes
    from chaingraph.store import KnowledgeGraph

_SUPPLIES = "SELECT ?row ?member ?product { ?row cg:supplier ?member ; cg:product ?product }"
_UNKNOWN_CUSTOMER = "customers of supplies that do not state them"

_FLOWS = {
    "cg:inputOf": ("inputOf", False),
    "cg:broader": ("broader", False),
    "cg:follows": ("precedes", True),
    "cg:stage": ("stage", False),
}
"""Properties of products and stages: the relation that each becomes, and whether it runs against the property."""


@overload
def supply(
    kg: KnowledgeGraph,
    *,
    form: Literal["arrays"],
    quotes: bool = ...,
    level: int | None = ...,
    **filters: Unpack[Filters],
) -> Ties: ...


@overload
def supply(
    kg: KnowledgeGraph,
    *,
    form: Literal["networkx"] = ...,
    quotes: bool = ...,
    level: int | None = ...,
    **filters: Unpack[Filters],
) -> nx.MultiDiGraph[str]: ...


def supply(
    kg: KnowledgeGraph,
    *,
    form: Form = "networkx",
    quotes: bool = False,
    level: int | None = None,
    **filters: Unpack[Filters],
) -> nx.MultiDiGraph[str] | Ties:
    """Tie each supplier to what it supplies, and that to each customer, in the direction of the goods.

    A directed multigraph of organizations and products, as supply-chain networks are mapped (Borgatti and Li 2009,
    J. Supply Chain Manag. 45(2): 5-22). Each supply is a tie ``supplies`` to the product, with ``share`` (of the
    product's supply, 0 to 1) and ``since`` and ``until`` where they are known, and, where the customer is, a tie
    ``suppliesTo`` from the product to it; ``supply`` names the row on both, so that they can be joined. Left out:
    organizations and products without supplies only if ``isolates=False``; a supply has no role, so the filter
    ``roles`` is refused. Where the region of an organization lies within others, ``regions`` names it and all of them,
    the highest first.

    Args:
        kg: The graph.
        form: ``networkx`` for a frozen graph, ``arrays`` for :class:`chaingraph.arrays.Ties`.
        quotes: Name on nodes and ties the quotes that state them.
        level: Let ``region`` be the one at this level, 0 the highest (often the country), for measures by region; an
            organization whose region stands above that level has none. None: as in the tables.
        filters: See :class:`chaingraph.queries.filters.Selection`; ``kinds`` and ``regions`` apply to both ends of a
            supply, ``minimum`` is a share.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    selection.refuse_all_but(PROJECTIONS["supply"].options, "supply")
    records = evidence(kg) if quotes else None
    organizations = selection.organizations(reader)["s"]
    members = _with_regions(node_frame(reader, "Organization", only=organizations, evidence=records), reader, level)
    products = node_frame(reader, "Product", evidence=records)
    rows, undated = _supplies(reader, selection, members, products)
    unknown = rows["customer"].null_count()
    rows = rows.filter(pl.col("share").is_null() | (pl.col("share") >= selection.minimum))
    rows = rows.with_columns(
        short_names(rows["row"]).alias("supply"),
        *date_columns(periods(reader), rows["row"]),
        *quotes_column(records, [(row,) for row in rows["row"].to_list()]),
    )
    columns = ["supply", "share", "since", "until", *(["quotes"] if quotes else [])]
    ends = (("member", "product", "supplies"), ("product", "customer", "suppliesTo"))
    halves = [
        rows.select(
            "number",
            pl.col(source).alias("source"),
            pl.col(target).alias("target"),
            pl.col("supply").alias("key"),
            *columns,
            *(pl.lit(text).alias(key) for key, text in relation("supply", name).items()),
        )
        for source, target, name in ends
    ]
    halves[1] = halves[1].join(members, left_on="target", right_on="s", how="semi", maintain_order="left")
    network = ties(
        together([members, products]),
        pl.concat(halves).sort("number", maintain_order=True).drop("number"),
        selection=selection,
    )
    describe(
        network,
        reader,
        "supply",
        selection=selection,
        evidence=records,
        undated=undated,
        left_out={_UNKNOWN_CUSTOMER: unknown},
    )
    return directed_in_form(network, form)


def _supplies(
    reader: NodeReader, selection: Selection, members: pl.DataFrame, products: pl.DataFrame
) -> tuple[pl.DataFrame, int]:
    """Return the supplies between nodes: number, row, member, product, customer, share; and how many have no date."""
    rows, undated = selection.in_period(reader, reader.select(_SUPPLIES), "since", "until")
    for name in ("customer", "share"):
        column = reader.pairs(f"cg:{name}").select(pl.col("s").alias("row"), pl.col("o").alias(name))
        rows = rows.join(column, on="row", how="left")
    number = pl.col("share").cast(pl.Float64, strict=False)
    rows = rows.with_columns(pl.when(number.is_finite()).then(number).alias("share"))
    rows = rows.join(members, left_on="member", right_on="s", how="semi")
    rows = rows.join(products, left_on="product", right_on="s", how="semi")
    return rows.sort("row", "member", "product", "customer").with_row_index("number"), undated


def _with_regions(organizations: pl.DataFrame, reader: NodeReader, level: int | None) -> pl.DataFrame:
    """Return organizations with the regions that their own lies within, and the one at a level in its place."""
    ways = paths(reader, "Region")
    names = reader.attributes("Region")
    pairs = (
        reader.pairs("cg:region").unique().sort("s", "o").join(organizations, on="s", how="semi", maintain_order="left")
    )
    regions_of: dict[str, list[str]] = {}
    for organization, region in pairs.iter_rows():
        if region in ways:
            regions_of.setdefault(organization, []).append(region)
    iris = organizations["s"].to_list()
    texts = [_way(names, ways, regions_of.get(iri, [])) for iri in iris]
    organizations = organizations.with_columns(pl.Series("regions", texts, dtype=pl.String))
    if level is None:
        return organizations
    places = dict(at_level(reader, "Region", level).iter_rows())
    for name, source in (("region", "label"), ("region_zh", "label_zh")):
        at = {
            iri: SEPARATOR.join(
                dict.fromkeys(_texts(names, sorted({places[r] for r in regions if r in places}), source))
            )
            for iri, regions in regions_of.items()
        }
        old = organizations[name].to_list()
        column = [at[iri] or None if iri in at else text for iri, text in zip(iris, old, strict=True)]
        organizations = organizations.drop(name).with_columns(pl.Series(name, column, dtype=pl.String))
    return organizations


def _way(names: Mapping[str, Attributes], ways: Mapping[str, Sequence[str]], regions: list[str]) -> str | None:
    """Return the regions that some lie within and themselves, the highest first; None where they lie within none."""
    if all(len(ways[region]) <= 1 for region in regions):
        return None
    labels = [str(names[place]["label"]) for region in regions for place in reversed(ways[region])]
    return SEPARATOR.join(dict.fromkeys(labels))


def _texts(names: Mapping[str, Attributes], iris: list[str], attribute: str) -> Iterator[str]:
    return (str(names[iri][attribute]) for iri in iris if attribute in names[iri])


@overload
def chain(kg: KnowledgeGraph, *, form: Literal["arrays"], quotes: bool = ..., **filters: Unpack[Filters]) -> Ties: ...


@overload
def chain(
    kg: KnowledgeGraph, *, form: Literal["networkx"] = ..., quotes: bool = ..., **filters: Unpack[Filters]
) -> nx.MultiDiGraph[str]: ...


def chain(
    kg: KnowledgeGraph, *, form: Form = "networkx", quotes: bool = False, **filters: Unpack[Filters]
) -> nx.MultiDiGraph[str] | Ties:
    """Tie products and stages in the direction from upstream to downstream, as the graph states them.

    A directed multigraph: a product to what it is an ``inputOf`` and to the ``broader`` product that it is a kind of, a
    stage to the one that it ``precedes``, a product to the ``stage`` that it is at. Cycles stay; whoever needs an
    order works on the condensation (:func:`networkx.condensation`). Left out: who holds or supplies them, which
    :func:`supply` and :func:`whole` have. The ties have no role, date, kind or region, so those filters are refused.

    Args:
        kg: The graph.
        form: As of :func:`supply`.
        quotes: Name on the nodes the quotes that state them; a tie is stated where its first product or stage is.
        filters: Of :class:`chaingraph.queries.filters.Selection`, ``isolates``.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    selection.refuse_all_but(PROJECTIONS["chain"].options, "chain")
    records = evidence(kg) if quotes else None
    nodes = together([node_frame(reader, name, evidence=records) for name in ("Stage", "Product")])
    rows = []
    for name, (relation_name, is_reversed) in _FLOWS.items():
        source, target = ("o", "s") if is_reversed else ("s", "o")
        pairs = reader.pairs(name).unique().sort("s", "o")
        rows.append(
            pairs.select(
                pl.col(source).alias("source"),
                pl.col(target).alias("target"),
                pl.lit(relation_name).alias("key"),
                *(pl.lit(text).alias(key) for key, text in relation("chain", relation_name).items()),
            )
        )
    network = ties(nodes, pl.concat(rows), selection=selection)
    describe(network, reader, "chain", selection=selection, evidence=records)
    return directed_in_form(network, form)
