"""Who is upstream of whom: the cycles of a chain, and how far each product is from its two ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import spsolve

from chaingraph.metrics.supply_chain.supplies import goods, supplies

if TYPE_CHECKING:
    from chaingraph.metrics.supply_chain.supplies import Goods, Values

FLOWS = ("inputOf", "broader", "precedes", "supplies", "suppliesTo")
"""The ties along which something flows; a product's tie to its stage is none."""
SEGMENTS = ("upstream", "midstream", "downstream")


def cycles(network: nx.Graph[Any]) -> pd.DataFrame:
    """Return one row a cycle of what flows: the nodes that all lead to each other, the largest first.

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
    graph.add_edges_from((u, v) for u, v, d in network.edges(data=True) if d.get("relation", FLOWS[0]) in FLOWS)
    found = [
        sorted(component, key=str)
        for component in nx.strongly_connected_components(graph)
        if len(component) > 1 or any(graph.has_edge(node, node) for node in component)
    ]
    found.sort(key=lambda nodes: (-len(nodes), [str(node) for node in nodes]))
    labels = [[str(network.nodes[node].get("label", node)) for node in nodes] for nodes in found]
    return pd.DataFrame({"size": [len(nodes) for nodes in found], "nodes": found, "labels": labels})


def named_cycles(held: Goods) -> list[list[str]]:
    """Return the cycles among products, each a list of nodes, the largest first."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from((held.products[u], held.products[v]) for u, v in [*held.inputs, *held.kinds])
    return [list(nodes) for nodes in cycles(graph)["nodes"]]


def upstreamness(chain: nx.Graph[Any], supply: nx.Graph[Any] | None = None) -> pd.DataFrame:
    """Return how many steps each product, and each organization's products, are from final use, 1 or more.

    U = 1 + the mean of U over what the product is an input of (Antras and Chor 2013, Econometrica 81: 2127-2204;
    Antras, Chor, Fally and Hillberry 2012, Am. Econ. Rev. 102: 412-416). 1 is a final product. Uses weigh alike, unless
    ties ``inputOf`` have a ``share`` of the product's output: those without one share what is left, or else it goes to
    final use. A kind stands where the product does that it can serve as, without a step. A cycle is one product: its
    members have the same value. An organization has the mean over the products that it supplies.

    Args:
        chain: The projection ``chain``.
        supply: The projection ``supply``, for the rows of organizations.

    Returns:
        A frame indexed by node with ``label``, ``type``, ``upstreamness``, ``products`` (over which the mean is),
        ``segment`` (as stated: the organization's, or that of the stages of the products; missing if there are several)
        and ``disagrees``, the most upstream first. It disagrees if the value is nearer to the median of another segment
        than to that of its own, medians over the same type; missing without a segment, or if there is only one.
        ``attrs``: ``cycles``, ``condensed`` (whether there were any), ``supplies_nothing`` (organizations left out),
        ``rule``.

    Raises:
        NetworkError: A product is its own input, or a share is impossible.

    >>> chain = nx.MultiDiGraph()
    >>> _ = chain.add_edges_from([("sand", "glass"), ("glass", "panel")], relation="inputOf")
    >>> upstreamness(chain)["upstreamness"].to_dict()
    {'sand': 3.0, 'glass': 2.0, 'panel': 1.0}
    """
    return _ordered(chain, supply, "upstreamness")


def downstreamness(chain: nx.Graph[Any], supply: nx.Graph[Any] | None = None) -> pd.DataFrame:
    """Return how many steps each product, and each organization's products, are from raw products, 1 or more.

    D = 1 + the mean of D over the product's inputs (Fally 2012, "Production Staging", counts its stages so); 1 is a
    product without inputs. Inputs weigh alike, because a ``share`` is one of the input's output. All else is as in
    :func:`upstreamness`; a product stands where its kinds do, which count like inputs without a step.

    >>> chain = nx.MultiDiGraph()
    >>> _ = chain.add_edges_from([("sand", "glass"), ("glass", "panel")], relation="inputOf")
    >>> downstreamness(chain)["downstreamness"].to_dict()
    {'panel': 3.0, 'glass': 2.0, 'sand': 1.0}
    """
    return _ordered(chain, supply, "downstreamness")


def _ordered(chain: nx.Graph[Any], supply: nx.Graph[Any] | None, name: str) -> pd.DataFrame:
    held = None if supply is None else supplies(supply)
    products = goods(chain, None if held is None else held.nodes)
    values = _distance(products, upwards=name == "upstreamness")
    stages: list[set[str]] = [set() for _ in products.products]
    for stage, members in products.stages.items():
        for member in members:
            stages[member] |= _stated(products.nodes[stage].get("segment"))
    rows: list[tuple[str, str, str, float, int, set[str]]] = [
        (node, str(products.nodes[node].get("label", node)), "Product", float(value), 1, segments)
        for node, value, segments in zip(products.products, values, stages, strict=True)
    ]
    silent = []
    for node in [] if held is None else held.organizations:
        assert held is not None
        supplied = sorted({products.number[p] for p in held.rows.loc[held.rows["supplier"] == node, "product"]})
        if not supplied:
            silent.append(node)
            continue
        mean = math.fsum(values[supplied]) / len(supplied)
        segments = _stated(held.nodes[node].get("segment")) or set().union(*(stages[i] for i in supplied))
        rows.append((node, str(held.nodes[node].get("label", node)), "Organization", mean, len(supplied), segments))
    frame = pd.DataFrame(
        {
            "label": [row[1] for row in rows],
            "type": [row[2] for row in rows],
            name: [row[3] for row in rows],
            "products": [row[4] for row in rows],
            "segment": [next(iter(row[5])) if len(row[5]) == 1 else None for row in rows],
        },
        index=pd.Index([row[0] for row in rows], name="node"),
    )
    frame["disagrees"] = _disagreement(frame, name)
    found = cycles(chain)
    frame.attrs = {
        "cycles": [list(nodes) for nodes in found["nodes"]],
        "condensed": len(found) > 0,
        "supplies_nothing": silent,
        "rule": "disagrees: nearer to the median of another segment than to that of its own, among its type",
    }
    return frame.sort_values(["type", name], ascending=[False, False], kind="stable")


def _stated(segment: object) -> set[str]:
    parts = segment if isinstance(segment, (list, tuple, set)) else [] if segment is None else str(segment).split(";")
    return {str(part).strip() for part in parts if str(part).strip()}


def _disagreement(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    result = pd.Series(pd.NA, index=frame.index, dtype="boolean")
    for kind in sorted(set(frame["type"])):
        known = frame[(frame["type"] == kind) & frame["segment"].notna()]
        medians = known.groupby("segment")[name].median()
        if len(medians) < 2:
            continue
        away = np.abs(known[name].to_numpy()[:, None] - medians.to_numpy()[None, :])
        own = away[np.arange(len(known)), medians.index.get_indexer(known["segment"])]
        result.loc[known.index] = away.min(axis=1) < own - 1e-12
    return result


def _weights(held: Goods, *, upwards: bool) -> sp.csr_array[Any, tuple[int, int]]:
    """Return the weights product by next product; a row adds up to 1, or to less if the rest goes to final use."""
    size = len(held.products)
    ways: list[list[tuple[int, float | None]]] = [[] for _ in range(size)]
    for tail, head in held.inputs:
        share = held.shares.get((tail, head)) if upwards else None
        ways[tail if upwards else head].append((head if upwards else tail, share))
    for tail, head in held.kinds:
        ways[tail if upwards else head].append((head if upwards else tail, None))
    rows, columns, weights = [], [], []
    for node, found in enumerate(ways):
        known = math.fsum(share for _, share in found if share is not None)
        unknown = sum(share is None for _, share in found)
        rows += [node] * len(found)
        columns += [other for other, _ in found]
        # Shares beyond 100 % are scaled down: a product's uses cannot be more than all of it.
        rest = max(0.0, 1 - known)
        weights += [(rest / unknown if share is None else share) / max(1.0, known) for _, share in found]
    ends = (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))
    return sp.csr_array(sp.coo_array((np.array(weights, dtype=np.float64), ends), shape=(size, size)))


def _distance(held: Goods, *, upwards: bool) -> Values:
    size = len(held.products)
    if size == 0:
        return np.zeros(0)
    weights = _weights(held, upwards=upwards)
    count, component = connected_components(weights, directed=True, connection="strong")
    kinds = {(tail, head) if upwards else (head, tail) for tail, head in held.kinds}
    flat = weights.tocoo()
    rows, columns = flat.coords
    step = np.array(
        [(u, v) not in kinds for u, v in zip(rows.tolist(), columns.tolist(), strict=True)], dtype=np.float64
    )
    kept = component[rows] != component[columns]
    rows, columns, step, value = component[rows][kept], component[columns][kept], step[kept], flat.data[kept]
    leaving = np.bincount(component, weights=np.asarray(weights.sum(axis=1)).ravel(), minlength=count)
    inside = leaving - np.bincount(rows, weights=value, minlength=count)
    members = np.bincount(component, minlength=count)
    # Of a cycle only what leaves it counts: the ways out, and final use, add up to 1.
    scale = 1 / np.where(members - inside > 1e-12, members - inside, 1.0)
    value = value * scale[rows]
    matrix = sp.csc_array(sp.coo_array((value, (rows, columns)), shape=(count, count)))
    # U = 1 + sum w U; along a kind the 1 is taken off again, so that it stands where the product does.
    right = 1.0 - np.bincount(rows, weights=value * (1 - step), minlength=count)
    solved = spsolve(sp.csc_array(sp.eye_array(count) - matrix), right)
    return np.asarray(solved, dtype=np.float64).ravel()[component]
