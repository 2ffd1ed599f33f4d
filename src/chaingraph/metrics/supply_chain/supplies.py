"""What the networks of supplies and of the chain say, as tables and matrices: the one place that reads their ties."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from chaingraph.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Flags = NDArray[np.bool_]

TOLERANCE = 1e-6
"""By how much the shares of a product may exceed 100 %, for rounding."""


class Holders(NamedTuple):
    """Who supplies a product: the known shares, and the suppliers that have the rest between them.

    ``rest`` is what the known shares leave. It belongs to the open suppliers, or, if there are none, to others that the
    network does not name.
    """

    known: dict[str, float]
    open: tuple[str, ...]
    rest: float

    @property
    def suppliers(self) -> list[str]:
        """The suppliers by name, sorted."""
        return sorted([*self.known, *self.open])


class Supplies(NamedTuple):
    """The rows of a supply network, who holds each product, and where organizations are."""

    rows: pd.DataFrame
    holders: dict[str, Holders]
    nodes: dict[str, dict[str, Any]]
    restated: list[str]

    @property
    def organizations(self) -> list[str]:
        """The organizations by name, in the order of the network."""
        return [node for node, data in self.nodes.items() if data.get("type") == "Organization"]


class Goods(NamedTuple):
    """What flows between products, in arrays over ``products``.

    ``inputs`` holds (input, user) and ``kinds`` (kind, the product that it can serve as), both numbered.
    """

    products: list[str]
    number: dict[str, int]
    nodes: dict[str, dict[str, Any]]
    inputs: list[tuple[int, int]]
    kinds: list[tuple[int, int]]
    shares: dict[tuple[int, int], float]
    stages: dict[str, list[int]]


def supplies(network: nx.Graph[Any]) -> Supplies:
    """Read a supply network, and refuse shares that cannot be.

    A share is the supplier's part of the product's provision, so several rows of one supplier state it anew: the
    largest counts, and the products where they differ are named.

    Raises:
        NetworkError: A supplier is no organization, a share is not from 0 to 1, or a product's exceed 100 %.
    """
    nodes = {str(node): dict(data) for node, data in network.nodes(data=True)}
    customers: dict[str, list[str]] = {}
    found: list[tuple[str, str, str, float]] = []
    for u, v, data in network.edges(data=True):
        row = str(data.get("supply", f"{u} -> {v}"))
        if data.get("relation") == "suppliesTo":
            customers.setdefault(row, []).append(str(v))
        elif data.get("relation") == "supplies":
            if nodes[str(u)].get("type") != "Organization":
                message = f"row '{row}': the supplier '{u}' is no organization; name who supplies '{v}'"
                raise NetworkError(message)
            found.append((row, str(u), str(v), _share(row, str(v), data.get("share"))))
    if not found and any(data.get("type") != "Product" for data in nodes.values()):
        message = "the network has no ties 'supplies'; measure the projection `supply`"
        raise NetworkError(message)
    nobody: list[str | None] = [None]
    spread = [
        (row, supplier, product, customer, share)
        for row, supplier, product, share in sorted(found, key=lambda one: one[:3])
        for customer in (sorted(customers.get(row, [])) or nobody)
    ]
    frame = pd.DataFrame(spread, columns=["supply", "supplier", "product", "customer", "share"])
    holders, restated = _holders(frame)
    holders |= {p: Holders({}, (), 1.0) for p, d in nodes.items() if d.get("type") == "Product" and p not in holders}
    return Supplies(frame, holders, nodes, restated)


def supplier_names(held: Supplies, product: str) -> list[str]:
    """Return who supplies a product, sorted; nobody if the network does not say."""
    found = held.holders.get(product)
    return [] if found is None else found.suppliers


def rows_named(rows: pd.DataFrame, products: Collection[str], suppliers: Collection[str] | None = None) -> str:
    """Return the supplies of some products, or those by some suppliers, as one text that a cell can hold."""
    chosen = rows[rows["product"].isin(list(products))]
    if suppliers is not None:
        chosen = chosen[chosen["supplier"].isin(list(suppliers))]
    return "; ".join(sorted(set(chosen["supply"])))


def places(data: Mapping[str, Any]) -> set[str]:
    """Return the regions that a node lies in: those of ``region``, and all of ``regions``, which these lie within."""
    own, above = ([] if data.get(name) is None else [str(data[name])] for name in ("region", "regions"))
    return {*own, *(part for text in (*own, *above) for part in text.split("; "))}


def _share(row: str, product: str, value: object) -> float:
    if value is None:
        return math.nan
    share = float(value) if isinstance(value, (int, float)) else math.nan
    if not 0 <= share <= 1:
        message = f"row '{row}': the share of '{product}' is {value}, expected a number from 0 to 1; correct the row"
        raise NetworkError(message)
    return share


def _holders(frame: pd.DataFrame) -> tuple[dict[str, Holders], list[str]]:
    stated: dict[str, dict[str, list[float]]] = {}
    rows: dict[str, list[str]] = {}
    for row, supplier, product, share in zip(
        frame["supply"], frame["supplier"], frame["product"], frame["share"], strict=True
    ):
        held = stated.setdefault(product, {}).setdefault(supplier, [])
        if not math.isnan(share):
            held.append(float(share))
            rows.setdefault(product, []).append(row)
    result, restated = {}, []
    for product in sorted(stated):
        known = {supplier: max(shares) for supplier, shares in sorted(stated[product].items()) if shares}
        if any(len(set(shares)) > 1 for shares in stated[product].values()):
            restated.append(product)
        total = math.fsum(known.values())
        if total > 1 + TOLERANCE:
            named = ", ".join(f"'{row}'" for row in dict.fromkeys(rows[product]))
            message = f"the shares of '{product}' add up to {total:.4g}, expected at most 1; correct the rows {named}"
            raise NetworkError(message)
        unknown = tuple(sorted(supplier for supplier, shares in stated[product].items() if not shares))
        result[product] = Holders(known, unknown, max(0.0, 1 - total) if total < 1 - TOLERANCE else 0.0)
    return result, restated


def goods(chain: nx.Graph[Any] | None, more: Mapping[str, dict[str, Any]] | None = None) -> Goods:
    """Read what flows between the products of a chain; ``more`` are products known from elsewhere.

    Raises:
        NetworkError: A product is its own input or its own kind, or a share is not from 0 to 1.
    """
    nodes: dict[str, dict[str, Any]] = {}
    if chain is not None:
        nodes |= {str(node): dict(data) for node, data in chain.nodes(data=True)}
    for node, data in (more or {}).items():
        if data.get("type") == "Product":
            nodes.setdefault(node, dict(data))
    products = [node for node, data in nodes.items() if data.get("type", "Product") == "Product"]
    number = {node: place for place, node in enumerate(products)}
    ties: dict[str, set[tuple[int, int]]] = {"inputOf": set(), "broader": set()}
    shares: dict[tuple[int, int], float] = {}
    stages: dict[str, list[int]] = {node: [] for node, data in nodes.items() if data.get("type") == "Stage"}
    for u, v, data in chain.edges(data=True) if chain is not None else ():
        relation, ends = str(data.get("relation")), (str(u), str(v))
        if relation == "stage" and ends[0] in number:
            stages.setdefault(ends[1], []).append(number[ends[0]])
        if relation not in ties:
            continue
        if u == v:
            what = "input" if relation == "inputOf" else "kind"
            message = f"the product '{u}' is its own {what}; correct its row in products"
            raise NetworkError(message)
        pair = (number[ends[0]], number[ends[1]])
        ties[relation].add(pair)
        if data.get("share") is not None:
            shares[pair] = _share(f"{u} -> {v}", ends[0], data["share"])
    return Goods(products, number, nodes, sorted(ties["inputOf"]), sorted(ties["broader"]), shares, stages)


def flow(held: Goods) -> nx.DiGraph[int]:
    """Return the directed graph of products: an input to its user, a kind to the product that it can serve as."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(held.products)))
    graph.add_edges_from([*held.inputs, *held.kinds])
    return graph


def final(held: Goods) -> Flags:
    """Tell which products go into no other one and are no kind of another: what a chain is for.

    Of a cycle that nothing leaves, each product is final. A product that is neither made of any, nor goes into any, nor
    is or has a kind, stands in no chain and is not final.
    """
    size = len(held.products)
    needs = pattern([*held.inputs, *held.kinds], size)
    component = connected_components(needs, directed=True, connection="strong")[1]
    leaves, enters = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    for tail, head in [*held.inputs, *held.kinds]:
        enters[head] = True
        if component[tail] != component[head]:
            leaves[component[tail]] = True
    return enters & ~leaves[component]


def pattern(pairs: Collection[tuple[int, int]], size: int) -> sp.csr_array[Any, tuple[int, int]]:
    """Return the matrix with 1 at (head, tail) of each pair: what each product needs, or can be had as."""
    tails = np.array([tail for tail, _ in pairs], dtype=np.int64)
    heads = np.array([head for _, head in pairs], dtype=np.int64)
    return sp.csr_array(sp.coo_array((np.ones(len(pairs)), (heads, tails)), shape=(size, size)))


def kinds_closed(held: Goods) -> sp.csr_array[Any, tuple[int, int]]:
    """Return which products can serve as each, itself and kinds of kinds among them, 1 at (product, kind)."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(held.products)))
    graph.add_edges_from((product, kind) for kind, product in held.kinds)
    pairs = {(kind, product) for product in graph for kind in nx.descendants(graph, product)}
    return pattern(sorted(pairs | {(p, p) for p in graph}), len(held.products))


def stopped(
    held: Goods, removed: Flags, without_supplier: Flags, supplied: Flags, closed: sp.csr_array[Any, tuple[int, int]]
) -> tuple[Flags, Flags]:
    """Tell which products stop, and which cannot be made themselves but may be replaced by a kind, a scenario a column.

    A product is made itself if it is not removed, a supplier is left (or none was ever stated and it has no kinds), and
    none of its inputs has stopped. It stops if neither itself nor any kind of it, or kind of a kind, is made. The
    answer is the greatest one: a cycle of inputs runs until something outside stops it.

    Args:
        held: The products.
        removed: Products by scenarios: those that drop out.
        without_supplier: Products by scenarios: those that had suppliers and have none left.
        supplied: The products that have a supplier, all present.
        closed: What can serve as what, of :func:`kinds_closed`.
    """
    size = len(held.products)
    has_kinds = np.zeros(size, dtype=bool)
    has_kinds[[product for _, product in held.kinds]] = True
    needs = pattern(held.inputs, size)
    hollow = removed | without_supplier | (has_kinds & ~supplied)[:, None]
    gone = np.zeros_like(removed)
    while True:
        own = ~hollow & ((needs @ gone.astype(np.float64)) == 0)
        # A removed product takes no kind in its place, and serves as none.
        now = removed | ((closed @ (own & ~removed).astype(np.float64)) == 0)
        if (now == gone).all():
            return gone, ~own
        gone = now
