"""What flows where: the directed networks of supplies and of the chain's products and stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import networkx as nx
import polars as pl

from chaingraph.networks._projection import Words, add_things, finish
from chaingraph.networks._tie_dates import periods
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.hierarchy import paths, standing
from chaingraph.queries.nodes import Things, evidence
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.queries.nodes import Attribute, Evidence
    from chaingraph.store import KnowledgeGraph

_SUPPLIES = "SELECT ?row ?member ?product { ?row cg:supplier ?member ; cg:product ?product }"
_UNKNOWN_CUSTOMER = "customers of supplies that do not state them"

_FLOWS = {
    "cg:inputOf": (Words("inputOf", "input of", "投入于"), False),
    "cg:broader": (Words("broader", "is a kind of", "属于"), False),
    "cg:follows": (Words("precedes", "precedes", "下一环节为"), True),
    "cg:stage": (Words("stage", "at the stage", "所处环节"), False),
}
"""Properties of products and stages, and whether what flows runs against them."""


def supply(
    kg: KnowledgeGraph, *, quotes: bool = False, level: int | None = None, **filters: Unpack[Filters]
) -> nx.MultiDiGraph[str]:
    """Tie each supplier to what it supplies, and that to each customer, in the direction of the goods.

    A directed multigraph of organizations and products, as supply-chain networks are mapped (Borgatti and Li 2009,
    J. Supply Chain Manag. 45(2): 5-22). Each supply is a tie ``supplies`` to the product, with ``share`` (of the
    product's supply, 0 to 1) and ``since`` and ``until`` where they are stated, and, where the customer is, a tie
    ``suppliesTo`` from the product to it; ``supply`` names the row on both, so that they can be joined. Left out:
    organizations and products without supplies only if ``isolates=False``; a supply has no role, so the filter
    ``roles`` is refused. Where the region of an organization lies within others, ``regions`` names it and all of them,
    the highest first.

    Args:
        kg: The graph.
        quotes: Put the words that state them on nodes and ties.
        level: Let ``region`` be the one at this level, 0 the highest (often the country), for measures by region; an
            organization whose region stands above that level has none. None: as stated.
        filters: See :class:`chaingraph.networks.Selection`; ``kinds`` and ``regions`` hold for both ends of a supply,
            ``minimum`` is a share.
    """
    selection, things = Selection(**filters), Things(kg)
    selection.refuse_roles("supply")
    stated = evidence(kg) if quotes else None
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    chosen = selection.organizations(things)["s"].to_list()
    organizations = set(add_things(network, things, "Organization", only=chosen, stated=stated))
    products = set(add_things(network, things, "Product", stated=stated))
    _place(network, things, level)
    rows, undated = selection.during(things, kg.select_text(_SUPPLIES), "since", "until")
    for name in ("customer", "share"):
        held = things.pairs(f"cg:{name}").select(pl.col("s").alias("row"), pl.col("o").alias(name))
        rows = rows.join(held, on="row", how="left")
    rows = rows.filter(pl.col("member").is_in(organizations) & pl.col("product").is_in(products))
    open_ended = rows["customer"].null_count()
    rows = rows.sort("row", "member", "product", "customer")
    _add_supplies(network, rows, organizations, stated, selection.minimum, periods(things))
    finish(
        network,
        things,
        ("supply", "供应网络"),
        selection=selection,
        undated=undated,
        left_out={_UNKNOWN_CUSTOMER: open_ended},
    )
    return network


def _add_supplies(
    network: nx.MultiDiGraph[str],
    rows: pl.DataFrame,
    organizations: set[str],
    stated: Evidence | None,
    minimum: float,
    dates: Mapping[str, dict[str, str]],
) -> None:
    """Add the ties of each supply: to its product, and from that to its customer where it is chosen."""
    for row, member, product, customer, text in rows.iter_rows():
        share = None if text is None else float(text)
        if share is not None and share < minimum:
            continue
        data: dict[str, Attribute] = {"supply": short_name(row)}
        data |= {} if share is None else {"share": share}
        data |= dates.get(row, {})
        data |= {} if stated is None else {"quotes": stated[row]}
        words = Words("supplies", "supplies", "供应").attributes()
        network.add_edge(short_name(member), short_name(product), key=short_name(row), **data, **words)
        if customer in organizations:
            words = Words("suppliesTo", "supplied to", "供应给").attributes()
            network.add_edge(short_name(product), short_name(customer), key=short_name(row), **data, **words)


def _place(network: nx.MultiDiGraph[str], things: Things, level: int | None) -> None:
    """Write on each organization the regions that its own lies within, and let one at a level stand for it."""
    ways = paths(things, "Region")
    named = things.attributes("Region")
    chosen = dict(standing(things, "Region", level).iter_rows())
    stated: dict[str, list[str]] = {}
    for organization, region in things.pairs("cg:region").unique().sort("s", "o").iter_rows():
        if region in ways and short_name(organization) in network:
            stated.setdefault(short_name(organization), []).append(region)
    for node, regions in stated.items():
        data = network.nodes[node]
        around = dict.fromkeys(str(named[place]["label"]) for region in regions for place in reversed(ways[region]))
        if any(len(ways[region]) > 1 for region in regions):
            data["regions"] = "; ".join(around)
        if level is not None:
            there = sorted({chosen[region] for region in regions if region in chosen})
            for name, source in (("region", "label"), ("region_zh", "label_zh")):
                texts = dict.fromkeys(str(named[place][source]) for place in there if source in named[place])
                data.pop(name, None)
                data |= {name: "; ".join(texts)} if texts else {}


def chain(kg: KnowledgeGraph, *, quotes: bool = False, **filters: Unpack[Filters]) -> nx.MultiDiGraph[str]:
    """Tie products and stages in the direction from upstream to downstream, as the graph states them.

    A directed multigraph: a product to what it is an ``inputOf`` and to the ``broader`` product that it is a kind of, a
    stage to the one that it ``precedes``, a product to the ``stage`` that it is at. Cycles stay; whoever needs an
    order works on the condensation (:func:`networkx.condensation`). Left out: who holds or supplies them, which
    :func:`supply` and :func:`whole` have. The ties know no role, date, kind or region, so those filters are refused.

    Args:
        kg: The graph.
        quotes: Put the words that state them on the nodes; a tie is stated where its first product or stage is.
        filters: Of :class:`chaingraph.networks.Selection`, ``isolates``.
    """
    selection, things = Selection(**filters), Things(kg)
    selection.refuse_all_but_isolates("chain")
    stated = evidence(kg) if quotes else None
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    known = set(add_things(network, things, "Stage", stated=stated))
    known |= set(add_things(network, things, "Product", stated=stated))
    for name, (words, backwards) in _FLOWS.items():
        pairs = things.pairs(name).filter(pl.col("s").is_in(known) & pl.col("o").is_in(known)).unique().sort("s", "o")
        for subject, other in pairs.iter_rows():
            ends = (other, subject) if backwards else (subject, other)
            network.add_edge(short_name(ends[0]), short_name(ends[1]), key=words.relation, **words.attributes())
    finish(network, things, ("chain", "产业链网络"), selection=selection)
    return network
