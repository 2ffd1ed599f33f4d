"""What flows where: the directed networks of supplies and of the chain's products and stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import networkx as nx
import polars as pl

from chaingraph.networks._projection import add_nodes, finish, quoted, relation
from chaingraph.networks._registry import PROJECTIONS
from chaingraph.networks._tie_dates import periods
from chaingraph.queries.evidence import evidence
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.hierarchy import at_level, paths
from chaingraph.queries.nodes import SEPARATOR, NodeReader
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


def supply(
    kg: KnowledgeGraph, *, quotes: bool = False, level: int | None = None, **filters: Unpack[Filters]
) -> nx.MultiDiGraph[str]:
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
        quotes: Name on nodes and ties the quotes that state them.
        level: Let ``region`` be the one at this level, 0 the highest (often the country), for measures by region; an
            organization whose region stands above that level has none. None: as in the tables.
        filters: See :class:`chaingraph.queries.filters.Selection`; ``kinds`` and ``regions`` apply to both ends of a
            supply, ``minimum`` is a share.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    selection.refuse_all_but(PROJECTIONS["supply"].options, "supply")
    records = evidence(kg) if quotes else None
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    iris = selection.organizations(reader)["s"].to_list()
    organizations = set(add_nodes(network, reader, "Organization", only=iris, evidence=records))
    products = set(add_nodes(network, reader, "Product", evidence=records))
    _add_regions(network, reader, level)
    rows, undated = selection.in_period(reader, reader.select(_SUPPLIES), "since", "until")
    for name in ("customer", "share"):
        column = reader.pairs(f"cg:{name}").select(pl.col("s").alias("row"), pl.col("o").alias(name))
        rows = rows.join(column, on="row", how="left")
    number = pl.col("share").cast(pl.Float64, strict=False)
    rows = rows.with_columns(pl.when(number.is_finite()).then(number).alias("share"))
    rows = rows.filter(pl.col("member").is_in(organizations) & pl.col("product").is_in(products))
    unknown = rows["customer"].null_count()
    dates = periods(reader)
    for row, *ends, share in rows.sort("row", "member", "product", "customer").iter_rows():
        if share is None or share >= selection.minimum:
            attributes: Attributes = {"supply": short_name(row), **({} if share is None else {"share": share})}
            attributes |= {**dates.get(row, {}), **quoted(records, row)}
            _add_supply(network, ends, attributes, organizations)
    finish(
        network,
        reader,
        "supply",
        selection=selection,
        evidence=records,
        undated=undated,
        left_out={_UNKNOWN_CUSTOMER: unknown},
    )
    return network


def _add_supply(
    network: nx.MultiDiGraph[str], ends: list[str | None], attributes: Attributes, organizations: set[str]
) -> None:
    """Add the tie of a supply to its product, and from that to its customer if that is a node."""
    supplier, product, customer = ("" if end is None else short_name(end) for end in ends)
    key = str(attributes["supply"])
    network.add_edge(supplier, product, key=key, **attributes, **relation("supply", "supplies"))
    if ends[2] in organizations:
        network.add_edge(product, customer, key=key, **attributes, **relation("supply", "suppliesTo"))


def _add_regions(network: nx.MultiDiGraph[str], reader: NodeReader, level: int | None) -> None:
    """Put on each organization the regions that its own lies within, and let one at a level stand for it."""
    ways = paths(reader, "Region")
    names = reader.attributes("Region")
    regions_of: dict[str, list[str]] = {}
    for organization, region in reader.pairs("cg:region").unique().sort("s", "o").iter_rows():
        if region in ways and short_name(organization) in network:
            regions_of.setdefault(short_name(organization), []).append(region)
    for node, regions in regions_of.items():
        if any(len(ways[region]) > 1 for region in regions):
            labels = [str(names[place]["label"]) for region in regions for place in reversed(ways[region])]
            network.nodes[node]["regions"] = SEPARATOR.join(dict.fromkeys(labels))
    if level is not None:
        _replace_regions(network, regions_of, names, dict(at_level(reader, "Region", level).iter_rows()))


def _replace_regions(
    network: nx.MultiDiGraph[str],
    regions_of: Mapping[str, list[str]],
    names: Mapping[str, Attributes],
    places: Mapping[str, str],
) -> None:
    """Let ``region`` and ``region_zh`` of each organization name the regions that stand for its own."""
    for node, regions in regions_of.items():
        attributes = network.nodes[node]
        iris = sorted({places[region] for region in regions if region in places})
        for name, source in (("region", "label"), ("region_zh", "label_zh")):
            texts = dict.fromkeys(_texts(names, iris, source))
            attributes.pop(name, None)
            if texts:
                attributes[name] = SEPARATOR.join(texts)


def _texts(names: Mapping[str, Attributes], iris: list[str], attribute: str) -> Iterator[str]:
    return (str(names[iri][attribute]) for iri in iris if attribute in names[iri])


def chain(kg: KnowledgeGraph, *, quotes: bool = False, **filters: Unpack[Filters]) -> nx.MultiDiGraph[str]:
    """Tie products and stages in the direction from upstream to downstream, as the graph states them.

    A directed multigraph: a product to what it is an ``inputOf`` and to the ``broader`` product that it is a kind of, a
    stage to the one that it ``precedes``, a product to the ``stage`` that it is at. Cycles stay; whoever needs an
    order works on the condensation (:func:`networkx.condensation`). Left out: who holds or supplies them, which
    :func:`supply` and :func:`whole` have. The ties have no role, date, kind or region, so those filters are refused.

    Args:
        kg: The graph.
        quotes: Name on the nodes the quotes that state them; a tie is stated where its first product or stage is.
        filters: Of :class:`chaingraph.queries.filters.Selection`, ``isolates``.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    selection.refuse_all_but(PROJECTIONS["chain"].options, "chain")
    records = evidence(kg) if quotes else None
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    iris = set(add_nodes(network, reader, "Stage", evidence=records))
    iris |= set(add_nodes(network, reader, "Product", evidence=records))
    for name, (relation_name, is_reversed) in _FLOWS.items():
        pairs = reader.pairs(name).filter(pl.col("s").is_in(iris) & pl.col("o").is_in(iris)).unique().sort("s", "o")
        for subject, other in pairs.iter_rows():
            ends = (other, subject) if is_reversed else (subject, other)
            attributes = relation("chain", relation_name)
            network.add_edge(short_name(ends[0]), short_name(ends[1]), key=relation_name, **attributes)
    finish(network, reader, "chain", selection=selection, evidence=records)
    return network
