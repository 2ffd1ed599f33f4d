"""The arrays behind a network: kept beside it, because arrays among a graph's own attributes break its export.

A projection knows its matrix before it becomes a networkx graph. It is remembered here for as long as the graph
lives; the graph is frozen, so that the two cannot part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import networkx as nx
import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Hashable

Matrix = sp.csr_array[Any, tuple[int, int]]
"""A sparse matrix of ties or memberships."""

_MATRICES: WeakKeyDictionary[nx.Graph[Any], dict[str | None, Matrix]] = WeakKeyDictionary()


def remember(network: nx.Graph[Any], weight: str | None, matrix: Matrix) -> None:
    """Keep the symmetric matrix of a frozen network's ties, rows in the order of its nodes."""
    _MATRICES.setdefault(network, {})[weight] = matrix


def adjacency(network: nx.Graph[Any], weight: str | None = None) -> Matrix:
    """Return the symmetric matrix of a network's ties, shape (nodes, nodes), rows in the order of its nodes.

    Directed ties count as undirected, parallel ties as one (weights summed), self-loops are left out.

    Args:
        network: Any networkx graph.
        weight: The edge attribute that fills the matrix; 1 a tie if None, or where an edge lacks it.

    >>> adjacency(nx.path_graph(3)).toarray().tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    known = _MATRICES.get(network, {})
    if weight in known:
        return known[weight]
    if None in known and weight is None:
        return known[None]
    index: dict[Hashable, int] = {node: position for position, node in enumerate(network)}
    size = len(index)
    ties = [
        (index[u], index[v], 1.0 if weight is None else float(data.get(weight, 1)))
        for u, v, data in network.edges(data=True)
        if u != v
    ]
    if not ties:
        return sp.csr_array((size, size), dtype=np.float64)
    rows, columns, values = (np.array(part) for part in zip(*ties, strict=True))
    half = sp.coo_array((values, (np.minimum(rows, columns), np.maximum(rows, columns))), shape=(size, size)).tocsr()
    half.sum_duplicates()
    if weight is None:
        half.data[:] = 1.0
    return sp.csr_array(half + half.T)
