"""Who is upstream of whom: the cycles of a chain, and how far each product is from its two ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import spsolve

from chaingraph.arrays import ArrayNetwork, node_labels, tie_items
from chaingraph.messages import tr
from chaingraph.metrics.supply_chain._supplies import dependencies, read_chain, read_supply

if TYPE_CHECKING:
    from chaingraph.arrays import Matrix
    from chaingraph.metrics.supply_chain._shock_propagation import Positions
    from chaingraph.metrics.supply_chain._supplies import Flags, ProductChain, SupplyNetwork, Values

FLOWS = ("inputOf", "broader", "precedes", "supplies", "suppliesTo")
"""The ties along which something flows; a product's tie to its stage is none."""
SEGMENTS = ("upstream", "midstream", "downstream")


def cycles(network: nx.Graph[Any] | ArrayNetwork) -> pd.DataFrame:
    """Return one row per cycle of what flows: the nodes that all lead to each other, the largest first.

    A cycle is a strongly connected component of more than one node, or a node tied to itself (Tarjan 1972, SIAM J.
    Comput. 1: 146-160). Ties without a ``relation`` all count.

    Returns:
        A frame with ``size``, ``nodes`` and ``labels``, both lists in the order of the nodes' names; empty without
        cycles.

    >>> cycles(nx.DiGraph([("a", "b"), ("b", "a"), ("b", "c")]))["nodes"].tolist()
    [['a', 'b']]
    """
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_nodes_from(network)
    graph.add_edges_from((u, v) for u, v, d in tie_items(network) if d.get("relation", FLOWS[0]) in FLOWS)
    components = [
        sorted(component, key=str)
        for component in nx.strongly_connected_components(graph)
        if len(component) > 1 or any(graph.has_edge(node, node) for node in component)
    ]
    components.sort(key=lambda nodes: (-len(nodes), [str(node) for node in nodes]))
    label_of = dict(zip(network, node_labels(network), strict=True))
    labels = [[label_of[node] for node in nodes] for nodes in components]
    return pd.DataFrame({"size": [len(nodes) for nodes in components], "nodes": components, "labels": labels})


def product_cycles(chain: ProductChain) -> list[list[str]]:
    """Return the cycles among products, each a list of nodes, the largest first."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from((chain.products[u], chain.products[v]) for u, v in [*chain.inputs, *chain.kinds])
    return [list(nodes) for nodes in cycles(graph)["nodes"]]


def upstreamness(supply: nx.Graph[Any] | ArrayNetwork | None, chain: nx.Graph[Any] | ArrayNetwork) -> pd.DataFrame:
    """Return how many steps each product, and each organization's products, are from final use, 1 or more.

    U = 1 + the mean of U over what the product is an input of (Antras and Chor 2013, Econometrica 81: 2127-2204;
    Antras, Chor, Fally and Hillberry 2012, Am. Econ. Rev. 102: 412-416). 1 is a final product. Uses weigh alike, unless
    ties ``inputOf`` have a ``share`` of the product's output: those without one share what is left, or else it goes to
    final use. A kind has the place of the product that it can serve as, without a step. A cycle of stated shares is
    solved as it is, what a product takes of itself included; any other, and one that nothing leaves, is one product:
    its members have the same value. An organization has the mean over the products that it supplies. NaN: a product
    that has no way to an input of anything, and who supplies no other; nothing is stated of their place.

    Args:
        supply: The projection ``supply``, for the rows of organizations; None for products only.
        chain: The projection ``chain``.

    Returns:
        A frame indexed by node with ``label``, ``type``, ``upstreamness``, ``products`` (over which the mean is),
        ``segment`` (as the data state it: the organization's, or that of the stages of the products; missing if there
        are several) and ``disagrees``, the most upstream first. It disagrees if the value is nearer to the median of
        another segment than to that of its own, medians over the same type; missing without a segment, or if there is
        only one. ``attrs``: ``cycles``, ``condensed`` (how many are one product), ``supplies_nothing`` (organizations
        left out), ``rule``.

    Raises:
        NetworkError: A product is its own input, or a share is impossible.

    >>> chain = nx.MultiDiGraph()
    >>> _ = chain.add_edges_from([("sand", "glass"), ("glass", "panel")], relation="inputOf")
    >>> upstreamness(None, chain)["upstreamness"].to_dict()
    {'sand': 3.0, 'glass': 2.0, 'panel': 1.0}
    """
    return _order(supply, chain, "upstreamness")


def downstreamness(supply: nx.Graph[Any] | ArrayNetwork | None, chain: nx.Graph[Any] | ArrayNetwork) -> pd.DataFrame:
    """Return how many steps each product, and each organization's products, are from raw products, 1 or more.

    D = 1 + the mean of D over the product's inputs (Fally 2012, "Production Staging", counts its stages so); 1 is a
    product without inputs. Inputs weigh alike, because a ``share`` is one of the input's output. All else is as in
    ``upstreamness``; a product has the place of its kinds, which count like inputs without a step.

    >>> chain = nx.MultiDiGraph()
    >>> _ = chain.add_edges_from([("sand", "glass"), ("glass", "panel")], relation="inputOf")
    >>> downstreamness(None, chain)["downstreamness"].to_dict()
    {'panel': 3.0, 'glass': 2.0, 'sand': 1.0}
    """
    return _order(supply, chain, "downstreamness")


class _Row(NamedTuple):
    node: str
    label: str
    type: str
    value: float
    products: int
    segments: set[str]


def _order(supply: nx.Graph[Any] | ArrayNetwork | None, chain: nx.Graph[Any] | ArrayNetwork, name: str) -> pd.DataFrame:
    network = None if supply is None else read_supply(supply)
    product_chain = read_chain(chain, None if network is None else network.nodes)
    values, condensed = _steps(product_chain, upwards=name == "upstreamness")
    rows, supplies_nothing = _rows(network, product_chain, values)
    frame = pd.DataFrame(
        {
            "label": [row.label for row in rows],
            "type": [row.type for row in rows],
            name: [row.value for row in rows],
            "products": [row.products for row in rows],
            "segment": [next(iter(row.segments)) if len(row.segments) == 1 else None for row in rows],
        },
        index=pd.Index([row.node for row in rows], name="node"),
    )
    frame["disagrees"] = _disagreement(frame, name)
    components = cycles(chain)
    frame.attrs = {
        "cycles": [list(nodes) for nodes in components["nodes"]],
        "condensed": condensed,
        "supplies_nothing": supplies_nothing,
        "rule": tr("disagrees: nearer to the median of another segment than to that of its own, among its type"),
    }
    return frame.sort_values(["type", name], ascending=[False, False], kind="stable")


def _rows(network: SupplyNetwork | None, chain: ProductChain, values: Values) -> tuple[list[_Row], list[str]]:
    """Return the rows of products, then of organizations, and the organizations that supply nothing."""
    segments: list[set[str]] = [set() for _ in chain.products]
    for stage, members in chain.stages.items():
        for member in members:
            segments[member] |= _segments(chain.nodes[stage].get("segment"))
    is_known = (~np.isnan(values)).astype(int).tolist()
    rows = [
        _Row(node, chain.label(position), "Product", float(values[position]), is_known[position], segments[position])
        for position, node in enumerate(chain.products)
    ]
    supplies_nothing: list[str] = []
    if network is None:
        return rows, supplies_nothing
    products_of = network.rows.groupby("supplier")["product"].agg(set).to_dict()
    for node in network.organizations:
        data = network.nodes[node]
        supplied = sorted(chain.positions[product] for product in products_of.get(node, ()))
        if not supplied:
            supplies_nothing.append(node)
            continue
        known = values[supplied][~np.isnan(values[supplied])]
        mean = math.fsum(known) / len(known) if len(known) else math.nan
        own = _segments(data.get("segment")) or set().union(*(segments[position] for position in supplied))
        rows.append(_Row(node, str(data.get("label", node)), "Organization", mean, len(known), own))
    return rows, supplies_nothing


def _segments(value: object) -> set[str]:
    parts = value if isinstance(value, (list, tuple, set)) else [] if value is None else str(value).split(";")
    return {str(part).strip() for part in parts if str(part).strip()}


def _disagreement(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    result = pd.Series(pd.NA, index=frame.index, dtype="boolean")
    for kind in sorted(set(frame["type"])):
        rows = frame[(frame["type"] == kind) & frame["segment"].notna() & frame[name].notna()]
        medians = rows.groupby("segment")[name].median()
        if len(medians) < 2:
            continue
        distance = np.abs(rows[name].to_numpy()[:, None] - medians.to_numpy()[None, :])
        own = distance[np.arange(len(rows)), medians.index.get_indexer(rows["segment"])]
        result.loc[rows.index] = distance.min(axis=1) < own - 1e-12
    return result


def _weights(chain: ProductChain, *, upwards: bool) -> Matrix:
    """Return the weights product by next product; a row adds up to 1, or to less if the rest goes to final use."""
    size = len(chain.products)
    targets: list[list[tuple[int, float | None]]] = [[] for _ in range(size)]
    for tail, head in chain.inputs:
        share = chain.shares.get((tail, head)) if upwards else None
        targets[tail if upwards else head].append((head if upwards else tail, share))
    for tail, head in chain.kinds:
        targets[tail if upwards else head].append((head if upwards else tail, None))
    for node in range(size):
        if upwards and (node, node) in chain.shares:
            targets[node].append((node, chain.shares[node, node]))
    rows, columns, weights = [], [], []
    for node, pairs in enumerate(targets):
        total = math.fsum(share for _, share in pairs if share is not None)
        missing = sum(share is None for _, share in pairs)
        rows += [node] * len(pairs)
        columns += [target for target, _ in pairs]
        # Shares beyond 100 % are scaled down: a product's uses cannot be more than all of it.
        rest = max(0.0, 1 - total)
        weights += [(rest / missing if share is None else share) / max(1.0, total) for _, share in pairs]
    ends = (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))
    return sp.csr_array(sp.coo_array((np.array(weights, dtype=np.float64), ends), shape=(size, size)))


def _steps(chain: ProductChain, *, upwards: bool) -> tuple[Values, int]:
    """Return the number of steps of each product to its end of the chain, and how many cycles are one product.

    The values solve one sparse linear system over the products and the condensed cycles.
    """
    size = len(chain.products)
    if size == 0:
        return np.zeros(0), 0
    weights = _weights(chain, upwards=upwards)
    component, condensed = _condensation(chain, weights, upwards=upwards)
    count = int(component.max()) + 1
    kinds = {(tail, head) if upwards else (head, tail) for tail, head in chain.kinds}
    entries = weights.tocoo()
    rows, columns = entries.coords
    step = np.array([pair not in kinds for pair in zip(rows.tolist(), columns.tolist(), strict=True)], dtype=np.float64)
    members = np.bincount(component, minlength=count)
    between = (component[rows] != component[columns]) | (members[component[rows]] == 1)
    rows, columns = component[rows][between], component[columns][between]
    step, value = step[between], entries.data[between]
    leaving = np.bincount(component, weights=np.asarray(weights.sum(axis=1)).ravel(), minlength=count)
    inside = leaving - np.bincount(rows, weights=value, minlength=count)
    # Of a condensed cycle only what leaves it counts: the ways out, and final use, add up to 1.
    scale = 1 / np.where(members - inside > 1e-12, members - inside, 1.0)
    value = value * scale[rows]
    matrix = sp.csc_array(sp.coo_array((value, (rows, columns)), shape=(count, count)))
    # U = 1 + sum w U; along a kind the 1 is taken off again, so that a kind has the value of the product.
    right = 1.0 - np.bincount(rows, weights=value * (1 - step), minlength=count)
    solution = spsolve(sp.csc_array(sp.eye_array(count) - matrix), right)
    steps = np.asarray(solution, dtype=np.float64).ravel()[component]
    return np.where(_with_inputs(chain), steps, np.nan), condensed


def _condensation(chain: ProductChain, weights: Matrix, *, upwards: bool) -> tuple[Positions, int]:
    """Return the number of each product, one for all of a condensed cycle, and how many cycles are condensed.

    A cycle whose ties all have a stated share, part of which leaves it, has a solution of its own and stays.
    """
    count, component = connected_components(weights, directed=True, connection="strong")
    entries = weights.tocoo()
    rows, columns = entries.coords
    inner = component[rows] == component[columns]
    stated = np.array(
        [upwards and pair in chain.shares for pair in zip(rows.tolist(), columns.tolist(), strict=True)], dtype=bool
    )
    staying = np.bincount(rows[inner], weights=entries.data[inner], minlength=len(component))
    leaves = np.bincount(component, weights=staying < 1 - 1e-9, minlength=count) > 0
    without_share = np.bincount(component[rows[inner]], weights=~stated[inner], minlength=count) > 0
    sizes = np.bincount(component, minlength=count)
    is_one = (sizes > 1) & (without_share | ~leaves)
    numbers = np.where(is_one[component], component, count + np.arange(len(component)))
    return np.unique(numbers, return_inverse=True)[1].astype(np.int64), int(is_one.sum())


def _with_inputs(chain: ProductChain) -> Flags:
    """Tell which products hang together with an input of anything, directly or by others."""
    size = len(chain.products)
    ties = dependencies([*chain.inputs, *chain.kinds], size)
    component = connected_components(ties, directed=False)[1]
    return np.isin(component, component[[tail for tail, _ in chain.inputs]])
