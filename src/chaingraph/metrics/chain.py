"""Where a chain can break: the chokepoints of its products and stages, and what stops if some drop out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.metrics.cascade import systemic_risk, trade
from chaingraph.metrics.dropout import without
from chaingraph.metrics.flows import final, flow, goods, kinds_closed, stopped, supplier_names, supplies
from chaingraph.metrics.ordering import cycles, downstreamness, named_cycles, upstreamness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.metrics.flows import Flags, Goods, Holders, Supplies

__all__ = ["chokepoints", "cycles", "downstreamness", "systemic_risk", "trade", "upstreamness", "without"]

_RANKED = {
    "suppliers": True,
    "hhi_low": False,
    "hhi_high": False,
    "largest_share_low": False,
    "largest_share_high": False,
    "largest_region_share_low": False,
    "largest_region_share_high": False,
    "substitutes": True,
    "final_products": False,
    "dominates": False,
    "stops": False,
}
"""The indicators that are ranked, and whether the least is the most critical."""
_WHOLE = ("suppliers", "substitutes", "final_products", "dominates", "stops")


def chokepoints(supply: nx.Graph[Any], chain: nx.Graph[Any] | None = None) -> pd.DataFrame:
    """Return one row a product and a stage: how few hold it, and how much needs it, each indicator with its rank.

    The bounds hold for every way to divide what the known shares leave among the suppliers without one: least is equal
    parts, most is all to one. If every listed supplier has a share, the rest belongs to others: least is many small
    ones, most is one. The Herfindahl-Hirschman index is the sum of squared shares, 0 to 1 (Herfindahl 1950; Hirschman
    1964, Am. Econ. Rev. 54: 761). ``dominates`` counts the final products that every way from a raw product passes
    through this one (Lengauer and Tarjan 1979, ACM TOPLAS 1: 121-141); ``stops`` those that stop if this one drops out,
    all inputs being needed and kinds standing in for each other, as in :func:`without`. Ranks count from 1, the most
    critical, among products and among stages; ties share the better rank. There is no sum of them.

    Args:
        supply: The projection ``supply``: organizations and products, ties ``supplies`` with ``share``.
        chain: The projection ``chain``; without it nothing is known of uses and substitutes.

    Returns:
        A frame indexed by node with ``label``, ``type``, ``suppliers``, ``sole_supplier``, ``known_share``, bounds
        ``hhi_*`` and ``largest_share_*``, ``largest_supplier`` (of the largest known share, or the only one),
        ``largest_region`` and its share's bounds, ``substitutes`` (kinds of it and other kinds of the same product),
        ``final_products`` (that need it by any way), ``dominates``, ``stops`` and a column ``rank_*`` each. Missing: of
        a product without a supplier, and shares of a stage. ``attrs`` names products ``without_suppliers`` and
        ``restated`` with differing shares, ``cycles``, and how many organizations have ``no_region``.

    Raises:
        NetworkError: A share is not from 0 to 1, a product's exceed 100 %, or a product is its own input.

    >>> network = nx.MultiDiGraph()
    >>> network.add_nodes_from(["a", "b"], type="Organization")
    >>> network.add_node("p", type="Product")
    >>> _ = network.add_edge("a", "p", relation="supplies", share=0.6)
    >>> _ = network.add_edge("b", "p", relation="supplies")
    >>> round(float(chokepoints(network).at["p", "hhi_low"]), 2)
    0.52
    """
    held = supplies(supply)
    products = goods(chain, held.nodes)
    columns: dict[str, list[Any]] = {name: [] for name in ("label", "type", *_HELD)}
    for node in products.products:
        _append(columns, node, products.nodes[node], "Product", _concentration(held, held.holders.get(node)))
    for stage, members in products.stages.items():
        names = {s for i in members for s in supplier_names(held, products.products[i])}
        row = dict.fromkeys(_HELD, None) | {"suppliers": len(names) or None, "sole_supplier": len(names) == 1}
        _append(columns, stage, products.nodes[stage], "Stage", row)
    reach = _uses(products, held)
    index = pd.Index([*products.products, *products.stages], name="node")
    frame = pd.DataFrame(columns | reach, index=index)
    frame = frame.astype(dict.fromkeys(_WHOLE, "Int64") | {name: "float64" for name in _HELD if "hhi" in name})
    frame = frame.astype({name: "float64" for name in _HELD if "share" in name} | {"sole_supplier": "bool"})
    for name, least in _RANKED.items():
        ranks = frame.groupby("type")[name].rank(method="min", ascending=least)
        frame[f"rank_{name}"] = ranks.astype("Int64")
    frame.attrs = {
        "without_suppliers": [node for node in products.products if not supplier_names(held, node)],
        "restated": held.restated,
        "cycles": named_cycles(products),
        "no_region": sum(held.nodes[o].get("region") is None for o in held.organizations),
    }
    return frame.sort_values(["type", "suppliers", "hhi_high"], ascending=[True, True, False], kind="stable")


_HELD = (
    "suppliers",
    "sole_supplier",
    "known_share",
    "hhi_low",
    "hhi_high",
    "largest_share_low",
    "largest_share_high",
    "largest_supplier",
    "largest_region",
    "largest_region_share_low",
    "largest_region_share_high",
)


def _append(
    columns: Mapping[str, list[Any]], node: str, data: Mapping[str, Any], kind: str, row: Mapping[str, Any]
) -> None:
    for name, value in {"label": str(data.get("label", node)), "type": kind, **row}.items():
        columns[name].append(value)


def _concentration(held: Supplies, holders: Holders | None) -> dict[str, Any]:
    if holders is None or not holders.suppliers:
        return dict.fromkeys(_HELD, None) | {"sole_supplier": False}
    known, rest, number = holders.known, holders.rest, len(holders.open)
    squares, most = math.fsum(share**2 for share in known.values()), max(known.values(), default=0.0)
    sole = holders.suppliers[0] if len(holders.suppliers) == 1 else None
    return {
        "suppliers": len(holders.suppliers),
        "sole_supplier": sole is not None,
        "known_share": math.fsum(known.values()),
        "hhi_low": squares + (rest**2 / number if number else 0.0),
        "hhi_high": squares + rest**2,
        "largest_share_low": max(most, rest / number if number else 0.0),
        "largest_share_high": max(most, rest),
        "largest_supplier": sole or (max(sorted(known), key=lambda name: known[name]) if known else None),
    } | _regions(held, holders)


def _regions(held: Supplies, holders: Holders) -> dict[str, Any]:
    """Bound the share of the largest region; a supplier of no known region may be in any, or alone in its own."""
    place = {name: held.nodes[name].get("region") for name in holders.suppliers}
    known: dict[str, float] = {str(region): 0.0 for region in place.values() if region is not None}
    elsewhere = 0.0
    for name, share in holders.known.items():
        if place[name] is None:
            elsewhere += share
        else:
            known[str(place[name])] += share
    if not known:
        return {"largest_region": None, "largest_region_share_low": None, "largest_region_share_high": None}
    # The rest can go to the regions of the open suppliers; to any region if one of them, or all, are of none.
    anywhere = not holders.open or any(place[name] is None for name in holders.open)
    reached = set(known) if anywhere else {str(place[name]) for name in holders.open}
    low = max(known.values())
    if holders.open and not anywhere:
        low = max(low, _level([known[region] for region in reached], holders.rest))
    high = max(share + (holders.rest if region in reached else 0.0) for region, share in known.items()) + elsewhere
    named = max(sorted(known), key=lambda region: known[region]) if low > 0 and max(known.values()) > 0 else None
    if len(known) == 1 and None not in place.values():
        named = next(iter(known))
    return {
        "largest_region": named,
        "largest_region_share_low": low,
        "largest_region_share_high": min(1.0, high),
    }


def _level(bases: Sequence[float], amount: float) -> float:
    """Return the least that the greatest can be once an amount is spread over the bases, filled from below."""
    ordered = sorted(bases)
    for count in range(1, len(ordered) + 1):
        level = (amount + math.fsum(ordered[:count])) / count
        if count == len(ordered) or level <= ordered[count]:
            return max(level, ordered[-1])
    return amount


def _uses(products: Goods, held: Supplies) -> dict[str, list[int | None]]:
    graph, ends, size = flow(products), final(products), len(products.products)
    closed = kinds_closed(products)
    upper: dict[int, set[int]] = {}
    for kind, product in products.kinds:
        upper.setdefault(kind, set()).add(product)
    lower: dict[int, set[int]] = {}
    for kind, product in products.kinds:
        lower.setdefault(product, set()).add(kind)
    reached = [{end for end in nx.descendants(graph, node) if ends[end]} for node in range(size)]
    substitutes = [
        len((lower.get(node, set()).union(*(lower[above] for above in upper.get(node, set())))) - {node})
        for node in range(size)
    ]
    scenarios = [[node] for node in range(size)] + list(products.stages.values())
    removed = np.zeros((size, len(scenarios)), dtype=bool)
    for column, members in enumerate(scenarios):
        removed[members, column] = True
    supplied = np.array([bool(supplier_names(held, node)) for node in products.products], dtype=bool)
    gone, _ = stopped(products, removed, np.zeros_like(removed), supplied, closed)
    stops = (gone & ends[:, None] & ~removed).sum(axis=0)
    stage_reach = [len(set().union(*(reached[i] for i in members))) for members in products.stages.values()]
    missing: list[None] = [None] * len(products.stages)
    return {
        "substitutes": [*substitutes, *missing],
        "final_products": [*map(len, reached), *stage_reach],
        "dominates": [*_dominated(graph, ends), *missing],
        "stops": [int(value) for value in stops],
    }


def _dominated(graph: nx.DiGraph[int], ends: Flags) -> list[int]:
    """Count for each product the final ones that it dominates, from a root before all raw products."""
    size = graph.number_of_nodes()
    rooted = graph.copy()
    condensed = nx.condensation(graph)
    # A cycle that nothing enters has no raw product: its members are all taken for raw.
    sources = [
        member for node, degree in condensed.in_degree() if degree == 0 for member in condensed.nodes[node]["members"]
    ]
    rooted.add_edges_from((size, source) for source in sources)
    above = nx.immediate_dominators(rooted, size)
    counts = [0] * size
    for end in np.flatnonzero(ends).tolist():
        node = above.get(end, size)
        while node is not None and node != size:
            counts[node] += 1
            node = above.get(node)
    return counts
