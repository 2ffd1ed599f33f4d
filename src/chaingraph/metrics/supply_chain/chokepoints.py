"""Where a chain can break: the chokepoints of its products and stages. All measures of a chain can be had from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.metrics.supply_chain.disruption import losses, without
from chaingraph.metrics.supply_chain.supplier_concentration import COLUMNS, concentration
from chaingraph.metrics.supply_chain.supplies import (
    final,
    flow,
    goods,
    kinds_closed,
    rows_named,
    stopped,
    supplier_names,
    supplies,
)
from chaingraph.metrics.supply_chain.systemic_risk import systemic_risk, trade
from chaingraph.metrics.supply_chain.upstreamness import cycles, downstreamness, named_cycles, upstreamness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.metrics.supply_chain.supplies import Flags, Goods, Supplies

__all__ = [
    "chokepoints",
    "cycles",
    "downstreamness",
    "losses",
    "systemic_risk",
    "trade",
    "upstreamness",
    "without",
]

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
_PARTS = ("known_share", *(name for name in COLUMNS if name.endswith(("_low", "_high"))))


def chokepoints(supply: nx.Graph[Any], chain: nx.Graph[Any] | None = None) -> pd.DataFrame:
    """Return one row a product and a stage: how few hold it, and how much needs it, each indicator with its rank.

    Bounds hold for every way to divide what the known shares leave among the suppliers without one; if each listed one
    has a share, the rest belongs to others. ``hhi`` is the sum of squared shares, 0 to 1 (Herfindahl 1950; Hirschman
    1964, Am. Econ. Rev. 54: 761). The known shares are too few to say whether a product is highly concentrated if its
    bounds lie on both sides of 0.18 (``undecided``; US Merger Guidelines 2023), and who is the largest if they leave
    more than that one has (``largest_undecided``). ``dominates`` counts the final products that every way from a raw
    product to them passes through this one (Lengauer and Tarjan 1979, ACM TOPLAS 1: 121-141); ``stops`` those that stop
    if it drops out, as in :func:`without`. Ranks count from 1, the most critical, among products and among stages.

    Args:
        supply: The projection ``supply``, with ``region`` at the level that is asked about.
        chain: The projection ``chain``; without it nothing is known of uses and substitutes.

    Returns:
        A frame indexed by node: ``label``, ``type``, ``suppliers``, ``sole_supplier``, ``known_share``, ``hhi_*``,
        ``undecided``, ``largest_share_*``, ``largest_supplier`` (by known share), ``largest_undecided``,
        ``largest_region`` and its share, ``substitutes`` (kinds of it, and of what it is a kind of), ``final_products``
        (that need it by any way), ``dominates``, ``stops``, ``rows`` (the supplies behind it) and ranks. Missing: where
        nobody supplies, and shares of a stage. ``attrs``: ``without_suppliers``, ``restated`` (differing shares),
        ``cycles``, ``no_region``.

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
    frame = _ranked(pd.DataFrame(_rows(held, products) | _uses(products, held)).set_index("node"))
    frame.attrs.update(_notes(held, products))
    return frame.sort_values(["type", "suppliers", "hhi_high"], ascending=[True, True, False], kind="stable")


def _rows(held: Supplies, products: Goods) -> dict[str, list[Any]]:
    """Return what is held by whom, a column a list: products first, then stages."""
    rows = [
        {"node": node, "type": "Product", "rows": rows_named(held.rows, [node])}
        | concentration(held, held.holders.get(node))
        for node in products.products
    ]
    for stage, members in products.stages.items():
        nodes = [products.products[member] for member in members]
        names = {supplier for node in nodes for supplier in supplier_names(held, node)}
        row = dict.fromkeys(COLUMNS, None) | {"suppliers": len(names) or None, "sole_supplier": len(names) == 1}
        rows.append(row | {"node": stage, "type": "Stage", "rows": rows_named(held.rows, nodes)})
    labels = [str(products.nodes[row["node"]].get("label", row["node"])) for row in rows]
    columns = {name: [row[name] for row in rows] for name in ("node", "type", *COLUMNS)}
    return columns | {"label": labels, "rows": [row["rows"] for row in rows]}


def _ranked(frame: pd.DataFrame) -> pd.DataFrame:
    uses = ["substitutes", "final_products", "dominates", "stops"]
    frame = frame[["label", "type", *COLUMNS, *uses, "rows"]]
    frame = frame.astype(dict.fromkeys(_WHOLE, "Int64") | dict.fromkeys(_PARTS, "float64"))
    frame = frame.astype({"sole_supplier": "bool", "undecided": "boolean", "largest_undecided": "boolean"})
    for name, least in _RANKED.items():
        frame[f"rank_{name}"] = frame.groupby("type")[name].rank(method="min", ascending=least).astype("Int64")
    return frame


def _notes(held: Supplies, products: Goods) -> dict[str, Any]:
    return {
        "without_suppliers": [node for node in products.products if not supplier_names(held, node)],
        "restated": held.restated,
        "cycles": named_cycles(products),
        "no_region": sum(held.nodes[o].get("region") is None for o in held.organizations),
    }


def _uses(products: Goods, held: Supplies) -> dict[str, list[int | None]]:
    graph, ends = flow(products), final(products)
    reached = [{end for end in nx.descendants(graph, node) if ends[end]} for node in range(len(products.products))]
    stage_reach = [len(set().union(*(reached[i] for i in members))) for members in products.stages.values()]
    missing: list[None] = [None] * len(products.stages)
    return {
        "substitutes": [*_substitutes(products), *missing],
        "final_products": [*map(len, reached), *stage_reach],
        "dominates": [*_dominated(graph, ends), *missing],
        "stops": _stops(products, held, ends),
    }


def _substitutes(products: Goods) -> Iterator[int]:
    """Count what can stand in for each product: kinds of it, and other kinds of what it is a kind of."""
    upper: dict[int, set[int]] = {}
    lower: dict[int, set[int]] = {}
    for kind, product in products.kinds:
        upper.setdefault(kind, set()).add(product)
        lower.setdefault(product, set()).add(kind)
    for node in range(len(products.products)):
        yield len(lower.get(node, set()).union(*(lower[above] for above in upper.get(node, set()))) - {node})


def _stops(products: Goods, held: Supplies, ends: Flags) -> list[int | None]:
    """Count the final products that stop if a product, or all products of a stage, drop out."""
    scenarios = [[node] for node in range(len(products.products))] + list(products.stages.values())
    removed = np.zeros((len(products.products), len(scenarios)), dtype=bool)
    for column, members in enumerate(scenarios):
        removed[members, column] = True
    supplied = np.array([bool(supplier_names(held, node)) for node in products.products], dtype=bool)
    gone, _ = stopped(products, removed, np.zeros_like(removed), supplied, kinds_closed(products))
    return [int(value) for value in (gone & ends[:, None] & ~removed).sum(axis=0)]


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
