"""Chokepoints: the products and stages that few supply and much depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.arrays import ArrayNetwork
from chaingraph.metrics._ranks import with_rank_bounds
from chaingraph.metrics.supply_chain import _supplies
from chaingraph.metrics.supply_chain._supplier_concentration import COLUMNS, concentration
from chaingraph.metrics.supply_chain._supplies import (
    final_products,
    product_graph,
    read_chain,
    read_supply,
    row_text,
    rows_by,
)
from chaingraph.metrics.supply_chain.upstreamness import product_cycles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.metrics.supply_chain._supplies import Flags, ProductChain, SupplyNetwork

_RANKED = {
    "suppliers": True,
    "hhi": False,
    "largest_share": False,
    "largest_region_share": False,
    "substitutes": True,
    "final_products": False,
    "dominates": False,
    "stops": False,
}
"""The indicators that are ranked, and whether the least is the most critical."""
_WHOLE_NUMBERS = ("suppliers", "substitutes", "final_products", "dominates", "stops")
_SHARES = ("known_share", *(name for name in COLUMNS if name.endswith(("_low", "_high"))))


def chokepoints(supply: nx.Graph[Any] | ArrayNetwork, chain: nx.Graph[Any] | None = None) -> pd.DataFrame:
    """Return one row per product and stage: how few supply it, and how much needs it, each indicator with its rank.

    Suppliers by name need not be all, unless their shares add up to all: bounds hold for every way to divide what the
    known shares leave among those without a share and others that nobody names. ``hhi`` is the sum of squared shares, 0
    to 1 (Herfindahl 1950; Hirschman 1964, Am. Econ. Rev. 54: 761). The known shares are too few to say whether a
    product is highly concentrated if its bounds lie on both sides of 0.18 (``undecided``; US Merger Guidelines 2023),
    and who is the largest if they leave more than that one has (``largest_undecided``). ``dominates`` counts the final
    products that every way from a raw product to them passes through this one (Lengauer and Tarjan 1979, ACM TOPLAS 1:
    121-141); ``stops`` those that stop if it drops out, as in ``disruption``.

    Args:
        supply: The projection ``supply``, with ``region`` at the level of interest.
        chain: The projection ``chain``; without it nothing is known of uses and substitutes.

    Returns:
        A frame indexed by node: ``label``, ``type``, ``suppliers`` (by name), ``sole_supplier``, ``known_share``,
        ``hhi_*``, ``undecided``, ``largest_share_*``, ``largest_supplier`` (by known share), ``largest_undecided``,
        ``largest_region`` and its share, ``substitutes`` (kinds of it, and of what it is a kind of), ``final_products``
        (that need it by any way), ``dominates``, ``stops``, ``rows`` (the supplies that say so), and for each number
        the first and the last place that the row can have among products or stages, 1 the most critical
        (``rank_suppliers_low``, ``rank_suppliers_high``, ``rank_hhi_low``, ...). Missing: where nobody supplies, shares
        of a stage, and ranks by a number that is the same for all. ``attrs``: ``without_suppliers``, ``conflicts``
        (products of which a supplier has several shares), ``cycles``, ``no_region``.

    Raises:
        NetworkError: A share is not from 0 to 1, a product's exceed 100 %, or a product is its own input.

    >>> network = nx.MultiDiGraph()
    >>> network.add_nodes_from(["a", "b"], type="Organization")
    >>> network.add_node("p", type="Product")
    >>> _ = network.add_edge("a", "p", relation="supplies", share=0.6)
    >>> _ = network.add_edge("b", "p", relation="supplies")
    >>> chokepoints(network).loc["p", ["hhi_low", "hhi_high"]].astype(float).round(2).tolist()
    [0.36, 0.52]
    """
    network = read_supply(supply)
    product_chain = read_chain(chain, network.nodes)
    columns = _supply_columns(network, product_chain) | _use_columns(network, product_chain)
    frame = _with_ranks(pd.DataFrame(columns).set_index("node"))
    frame.attrs = {
        "without_suppliers": [node for node in product_chain.products if not network.supplier_names(node)],
        "conflicts": network.conflicts,
        "cycles": product_cycles(product_chain),
        "no_region": sum(network.nodes[name].get("region") is None for name in network.organizations),
    }
    return frame.sort_values(["type", "suppliers", "hhi_high"], ascending=[True, True, False], kind="stable")


def _supply_columns(network: SupplyNetwork, chain: ProductChain) -> dict[str, list[Any]]:
    """Return by whom each product and stage is supplied, one list per column: products first, then stages."""
    by_product = rows_by(network.rows, "product")
    rows = [
        {"node": node, "type": "Product", "rows": row_text([by_product.get(node, ())])}
        | concentration(network, network.suppliers.get(node))
        for node in chain.products
    ]
    for stage, members in chain.stages.items():
        nodes = [chain.products[member] for member in members]
        names = {supplier for node in nodes for supplier in network.supplier_names(node)}
        row = dict.fromkeys(COLUMNS, None) | {
            "suppliers": len(names) or None,
            "sole_supplier": False if len(names) > 1 else None,
        }
        rows.append(
            row | {"node": stage, "type": "Stage", "rows": row_text(by_product.get(node, ()) for node in nodes)}
        )
    labels = [str(chain.nodes[row["node"]].get("label", row["node"])) for row in rows]
    columns = {name: [row[name] for row in rows] for name in ("node", "type", *COLUMNS)}
    return columns | {"label": labels, "rows": [row["rows"] for row in rows]}


def _with_ranks(frame: pd.DataFrame) -> pd.DataFrame:
    uses = ["substitutes", "final_products", "dominates", "stops"]
    frame = frame[["label", "type", *COLUMNS, *uses, "rows"]]
    frame = frame.astype(dict.fromkeys(_WHOLE_NUMBERS, "Int64") | dict.fromkeys(_SHARES, "float64"))
    frame = frame.astype({"sole_supplier": "boolean", "undecided": "boolean", "largest_undecided": "boolean"})
    return with_rank_bounds(frame, _RANKED, by="type")


def _use_columns(network: SupplyNetwork, chain: ProductChain) -> dict[str, list[int | None]]:
    """Return what depends on each product and stage, in the order of ``_supply_columns``."""
    graph, final = product_graph(chain), final_products(chain)
    reached = [{end for end in nx.descendants(graph, node) if final[end]} for node in range(len(chain.products))]
    by_stage = [len(set().union(*(reached[member] for member in members))) for members in chain.stages.values()]
    missing: list[None] = [None] * len(chain.stages)
    return {
        "substitutes": [*_substitutes(chain), *missing],
        "final_products": [*map(len, reached), *by_stage],
        "dominates": [*_dominated(graph, final), *missing],
        "stops": _stops(network, chain, final),
    }


def _substitutes(chain: ProductChain) -> Iterator[int]:
    """Count what can replace each product: kinds of it, and other kinds of what it is a kind of."""
    broader: dict[int, set[int]] = {}
    narrower: dict[int, set[int]] = {}
    for kind, product in chain.kinds:
        broader.setdefault(kind, set()).add(product)
        narrower.setdefault(product, set()).add(kind)
    for node in range(len(chain.products)):
        siblings = (narrower[product] for product in broader.get(node, set()))
        yield len(narrower.get(node, set()).union(*siblings) - {node})


def _stops(network: SupplyNetwork, chain: ProductChain, final: Flags) -> list[int | None]:
    """Count the final products that stop if a product, or all products of a stage, drop out."""
    scenarios = [[node] for node in range(len(chain.products))] + list(chain.stages.values())
    removed = np.zeros((len(chain.products), len(scenarios)), dtype=bool)
    for column, members in enumerate(scenarios):
        removed[members, column] = True
    supplied = np.array([bool(network.supplier_names(node)) for node in chain.products], dtype=bool)
    served_by = _supplies.substitutes(chain)
    stopped = _supplies.stopped_products(chain, removed, np.zeros_like(removed), supplied, served_by)
    return [int(value) for value in (stopped & final[:, None] & ~removed).sum(axis=0)]


def _dominated(graph: nx.DiGraph[int], final: Flags) -> list[int]:
    """Count for each product the final ones that it dominates, from a root before all raw products."""
    root = graph.number_of_nodes()
    with_root = graph.copy()
    condensation = nx.condensation(graph)
    # A cycle that nothing enters has no raw product: its members are all taken for raw.
    raw = [
        member
        for node, degree in condensation.in_degree()
        if degree == 0
        for member in condensation.nodes[node]["members"]
    ]
    with_root.add_edges_from((root, product) for product in raw)
    dominator = nx.immediate_dominators(with_root, root)
    counts = [0] * root
    # The dominators of a product are the nodes on its way up the tree of immediate dominators.
    for end in np.flatnonzero(final).tolist():
        node = dominator.get(end, root)
        while node is not None and node != root:
            counts[node] += 1
            node = dominator.get(node)
    return counts
