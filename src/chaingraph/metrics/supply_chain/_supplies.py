"""The networks ``supply`` and ``chain`` as tables and arrays: their ties are read and checked here only."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from chaingraph.arrays import ArrayNetwork, node_items, tie_items
from chaingraph.errors import NetworkError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from numpy.typing import NDArray

    from chaingraph.arrays import Matrix

    Values = NDArray[np.float64]
    Flags = NDArray[np.bool_]

TOLERANCE = 1e-6
"""By how much the shares of a product may exceed 100 %, for rounding."""


class Suppliers(NamedTuple):
    """The suppliers of one product: those with a share, and those that have the rest between them.

    ``rest`` is what the shares leave. It belongs to the suppliers without a share and to others that the network does
    not name: that these are all is known only if their shares are all there is.
    """

    shares: dict[str, float]
    without_share: tuple[str, ...]
    rest: float

    @property
    def names(self) -> list[str]:
        """All suppliers by name, sorted."""
        return sorted([*self.shares, *self.without_share])


class SupplyNetwork(NamedTuple):
    """A supply network: one row per supply (and customer), the suppliers of each product, and all nodes.

    ``conflicts`` are the products of which one supplier has rows with different shares.
    """

    rows: pd.DataFrame
    suppliers: dict[str, Suppliers]
    nodes: dict[str, dict[str, Any]]
    conflicts: list[str]

    @property
    def organizations(self) -> list[str]:
        """The organizations by name, in the order of the network."""
        return [node for node, data in self.nodes.items() if data.get("type") == "Organization"]

    def supplier_names(self, product: str) -> list[str]:
        """Return who supplies a product, sorted; empty if the network names nobody."""
        suppliers = self.suppliers.get(product)
        return [] if suppliers is None else suppliers.names


class ProductChain(NamedTuple):
    """What flows between products; a product's position is its place in ``products``.

    ``inputs`` has (input, user) and ``kinds`` (kind, the product that it can serve as), both as positions.
    ``shares`` has the part of an input's output that goes to a user, perhaps to itself, and ``stages`` the positions of
    a stage's products.
    """

    products: list[str]
    positions: dict[str, int]
    nodes: dict[str, dict[str, Any]]
    inputs: list[tuple[int, int]]
    kinds: list[tuple[int, int]]
    shares: dict[tuple[int, int], float]
    stages: dict[str, list[int]]

    def label(self, position: int) -> str:
        """Return the label of a product, its name if it has none."""
        name = self.products[position]
        return str(self.nodes[name].get("label", name))


def read_supply(network: nx.Graph[Any] | ArrayNetwork) -> SupplyNetwork:
    """Read a supply network, and refuse shares that cannot be.

    A share is the supplier's part of the product's provision, so several rows of one supplier repeat it: the largest
    counts, and the products where they differ are listed.

    Raises:
        NetworkError: A supplier is no organization, a share is not from 0 to 1, or a product's exceed 100 %.
    """
    nodes = {str(node): dict(data) for node, data in node_items(network)}
    customers: dict[str, list[str]] = {}
    supplies: list[tuple[str, str, str, float]] = []
    for u, v, data in tie_items(network):
        row = str(data.get("supply", f"{u} -> {v}"))
        if data.get("relation") == "suppliesTo":
            customers.setdefault(row, []).append(str(v))
        elif data.get("relation") == "supplies":
            if nodes[str(u)].get("type") != "Organization":
                message = tr(
                    "row '{row}': the supplier '{u}' is no organization; name who supplies '{v}'", row=row, u=u, v=v
                )
                raise NetworkError(message)
            supplies.append((row, str(u), str(v), _share(row, str(v), data.get("share"))))
    if not supplies and any(data.get("type") != "Product" for data in nodes.values()):
        message = tr("the network has no ties 'supplies'; measure the projection `supply`")
        raise NetworkError(message)
    nobody: list[str | None] = [None]
    by_customer = [
        (row, supplier, product, customer, share)
        for row, supplier, product, share in sorted(supplies, key=lambda supply: supply[:3])
        for customer in (sorted(customers.get(row, [])) or nobody)
    ]
    frame = pd.DataFrame(by_customer, columns=["supply", "supplier", "product", "customer", "share"])
    suppliers, conflicts = _suppliers(frame)
    products = (node for node, data in nodes.items() if data.get("type") == "Product")
    suppliers |= {product: Suppliers({}, (), 1.0) for product in products if product not in suppliers}
    return SupplyNetwork(frame, suppliers, nodes, conflicts)


def rows_by(rows: pd.DataFrame, *columns: str) -> dict[Any, set[str]]:
    """Return the supplies by supplier, by product, or by both: once for all, since each scan reads every row."""
    return rows.groupby(columns[0] if len(columns) == 1 else list(columns))["supply"].agg(set).to_dict()


def row_text(supplies: Iterable[Collection[str]]) -> str:
    """Return supplies as one text that fits a cell."""
    return "; ".join(sorted(set().union(*supplies)))


def node_regions(data: Mapping[str, Any]) -> set[str]:
    """Return the regions that a node lies in: those of ``region``, and all of ``regions``, which these lie within."""
    own, outer = ([] if data.get(name) is None else [str(data[name])] for name in ("region", "regions"))
    return {*own, *(part for text in (*own, *outer) for part in text.split("; "))}


def _share(row: str, product: str, value: object) -> float:
    if value is None:
        return math.nan
    share = float(value) if isinstance(value, (int, float)) else math.nan
    if not 0 <= share <= 1:
        message = tr(
            "row '{row}': the share of '{product}' is {value}, expected a number from 0 to 1; correct the row",
            row=row,
            product=product,
            value=value,
        )
        raise NetworkError(message)
    return share


def _suppliers(frame: pd.DataFrame) -> tuple[dict[str, Suppliers], list[str]]:
    by_product: dict[str, dict[str, list[float]]] = {}
    rows: dict[str, list[str]] = {}
    for row, supplier, product, share in zip(
        frame["supply"], frame["supplier"], frame["product"], frame["share"], strict=True
    ):
        shares = by_product.setdefault(product, {}).setdefault(supplier, [])
        if not math.isnan(share):
            shares.append(float(share))
            rows.setdefault(product, []).append(row)
    result, conflicts = {}, []
    for product in sorted(by_product):
        by_supplier = dict(sorted(by_product[product].items()))
        largest = {supplier: max(shares) for supplier, shares in by_supplier.items() if shares}
        if any(len(set(shares)) > 1 for shares in by_supplier.values()):
            conflicts.append(product)
        total = math.fsum(largest.values())
        if total > 1 + TOLERANCE:
            names = ", ".join(f"'{row}'" for row in dict.fromkeys(rows[product]))
            message = tr(
                "the shares of '{product}' add up to {total:.10g}, expected at most 1; correct the rows {names}",
                product=product,
                total=total,
                names=names,
            )
            raise NetworkError(message)
        without_share = tuple(supplier for supplier, shares in by_supplier.items() if not shares)
        result[product] = Suppliers(largest, without_share, max(0.0, 1 - total) if total < 1 - TOLERANCE else 0.0)
    return result, conflicts


def read_chain(
    chain: nx.Graph[Any] | ArrayNetwork | None, extra_nodes: Mapping[str, Mapping[str, Any]] | None = None
) -> ProductChain:
    """Read what flows between the products of a chain; products among ``extra_nodes`` belong to it too.

    Raises:
        NetworkError: A product is its own input or its own kind, or a share is not from 0 to 1.
    """
    nodes: dict[str, dict[str, Any]] = {}
    if chain is not None:
        nodes |= {str(node): dict(data) for node, data in node_items(chain)}
    for node, data in (extra_nodes or {}).items():
        if data.get("type") == "Product":
            nodes.setdefault(node, dict(data))
    products = [node for node, data in nodes.items() if data.get("type", "Product") == "Product"]
    positions = {node: position for position, node in enumerate(products)}
    ties: dict[str, set[tuple[int, int]]] = {"inputOf": set(), "broader": set()}
    shares: dict[tuple[int, int], float] = {}
    stages: dict[str, list[int]] = {node: [] for node, data in nodes.items() if data.get("type") == "Stage"}
    for u, v, data in tie_items(chain) if chain is not None else ():
        relation, ends = str(data.get("relation")), (str(u), str(v))
        if relation == "stage" and ends[0] in positions:
            stages.setdefault(ends[1], []).append(positions[ends[0]])
        if relation not in ties:
            continue
        if u == v and relation == "inputOf" and data.get("share") is not None:
            # What a product takes of itself is part of its output, and no tie to another product.
            shares[positions[ends[0]], positions[ends[0]]] = _share(f"{u} -> {v}", ends[0], data["share"])
            continue
        if u == v:
            what = "input" if relation == "inputOf" else "kind"
            message = tr("the product '{u}' is its own {what}; correct its row in products", u=u, what=what)
            raise NetworkError(message)
        pair = (positions[ends[0]], positions[ends[1]])
        ties[relation].add(pair)
        if data.get("share") is not None:
            shares[pair] = _share(f"{u} -> {v}", ends[0], data["share"])
    return ProductChain(products, positions, nodes, sorted(ties["inputOf"]), sorted(ties["broader"]), shares, stages)


def product_graph(chain: ProductChain) -> nx.DiGraph[int]:
    """Return the directed graph of positions: an input to its user, a kind to the product that it can serve as."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(chain.products)))
    graph.add_edges_from([*chain.inputs, *chain.kinds])
    return graph


def final_products(chain: ProductChain) -> Flags:
    """Tell which products go into no other one and are no kind of another: what a chain is for.

    Of a cycle that nothing leaves, each product is final. A product that is neither made of any, nor goes into any, nor
    is or has a kind, belongs to no chain and is not final.
    """
    size = len(chain.products)
    needs = dependencies([*chain.inputs, *chain.kinds], size)
    component = connected_components(needs, directed=True, connection="strong")[1]
    leaves, enters = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    for tail, head in [*chain.inputs, *chain.kinds]:
        enters[head] = True
        if component[tail] != component[head]:
            leaves[component[tail]] = True
    return enters & ~leaves[component]


def dependencies(pairs: Collection[tuple[int, int]], size: int) -> Matrix:
    """Return the matrix with 1 at (head, tail) of each pair: what each product needs, or can be replaced by."""
    tails = np.array([tail for tail, _ in pairs], dtype=np.int64)
    heads = np.array([head for _, head in pairs], dtype=np.int64)
    return sp.csr_array(sp.coo_array((np.ones(len(pairs)), (heads, tails)), shape=(size, size)))


def substitutes(chain: ProductChain) -> Matrix:
    """Return which products can serve as each, itself and kinds of kinds among them, 1 at (product, kind)."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(chain.products)))
    graph.add_edges_from((product, kind) for kind, product in chain.kinds)
    pairs = {(kind, product) for product in graph for kind in nx.descendants(graph, product)}
    return dependencies(sorted(pairs | {(p, p) for p in graph}), len(chain.products))


def stopped_products(
    chain: ProductChain, removed: Flags, without_supplier: Flags, supplied: Flags, served_by: Matrix
) -> Flags:
    """Tell which products stop in each scenario, shape (products, scenarios).

    A product is produced if it is not removed, a supplier is left (or the network names none and it has no kinds), and
    none of its inputs has stopped. It stops if neither it nor any kind of it, or kind of a kind, is produced. Of the
    several solutions this is the one with the fewest stops: a cycle of inputs runs until something outside stops it.

    Args:
        chain: The products.
        removed: Products by scenarios: those that drop out.
        without_supplier: Products by scenarios: those that had suppliers and have none left.
        supplied: The products that have a supplier before anything drops out.
        served_by: What can serve as what, of ``substitutes``.
    """
    size = len(chain.products)
    has_kinds = np.zeros(size, dtype=bool)
    has_kinds[[product for _, product in chain.kinds]] = True
    needs = dependencies(chain.inputs, size)
    unproducible = removed | without_supplier | (has_kinds & ~supplied)[:, None]
    stopped = np.zeros_like(removed)
    # From "nothing stops" on, the set can only grow, so that the loop ends at the smallest fixed point.
    while True:
        produced = ~unproducible & ((needs @ stopped.astype(np.float64)) == 0)
        # A removed product takes no kind in its place, and serves as none.
        after = removed | ((served_by @ (produced & ~removed).astype(np.float64)) == 0)
        if (after == stopped).all():
            return stopped
        stopped = after
