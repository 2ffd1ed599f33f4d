"""The arrays behind a network: kept beside it, because arrays among a graph's own attributes break its export.

A projection knows its matrices before it becomes a networkx graph: those of its ties, and the memberships that they
come from. They are remembered here for as long as the graph lives; the graph is frozen, so that the two cannot part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import networkx as nx
import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from numpy.typing import NDArray

Matrix = sp.csr_array[Any, tuple[int, int]]
"""A sparse matrix of ties or memberships."""

_MATRICES: WeakKeyDictionary[nx.Graph[Any], dict[str | None, Matrix]] = WeakKeyDictionary()
_INCIDENCES: WeakKeyDictionary[nx.Graph[Any], Matrix] = WeakKeyDictionary()


class TwoMode(NamedTuple):
    """A two-mode network as a matrix of the first mode by the second, and where its nodes stand in the network."""

    incidence: Matrix
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]


def remember(network: nx.Graph[Any], weight: str | None, matrix: Matrix) -> None:
    """Keep the symmetric matrix of a frozen network's ties, rows in the order of its nodes."""
    _MATRICES.setdefault(network, {})[weight] = matrix


def remember_incidence(network: nx.Graph[Any], matrix: Matrix) -> None:
    """Keep what a one-mode network is the projection of: nodes by what they share, 1 where they take part in it."""
    _INCIDENCES[network] = matrix


def incidence(network: nx.Graph[Any]) -> Matrix | None:
    """Return what a one-mode network is the whole projection of, shape (nodes, events), or None if it is none.

    Two nodes are tied exactly if they have an event in common.
    """
    return _INCIDENCES.get(network)


def remembered(network: nx.Graph[Any], weight: str | None) -> bool:
    """Tell whether the matrix of a network's ties came with it, so that its numbers need no check."""
    return weight in _MATRICES.get(network, {})


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
    if weight is None and known:
        pattern = next(iter(known.values()))
        return sp.csr_array((np.ones(pattern.nnz), pattern.indices, pattern.indptr), shape=pattern.shape)
    size = len(network)
    rows, columns, values = _ends(network, weight)
    half = sp.coo_array((values, (np.minimum(rows, columns), np.maximum(rows, columns))), shape=(size, size)).tocsr()
    half.sum_duplicates()
    if weight is None:
        half.data[:] = 1.0
    whole = sp.csr_array(half + half.T)
    whole.sort_indices()
    return whole


def directed(network: nx.Graph[Any], weight: str | None = None) -> Matrix:
    """Return the matrix of a network's directed ties, source by target, rows in the order of its nodes.

    Parallel ties of one direction count as one (weights summed), self-loops are left out. An undirected tie is two.

    >>> directed(nx.DiGraph([(0, 1), (1, 2)])).toarray().tolist()
    [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    """
    if not network.is_directed():
        return adjacency(network, weight)
    size = len(network)
    rows, columns, values = _ends(network, weight)
    matrix = sp.coo_array((values, (rows, columns)), shape=(size, size)).tocsr()
    matrix.sum_duplicates()
    if weight is None:
        matrix.data[:] = 1.0
    return sp.csr_array(matrix)


def two_mode(network: nx.Graph[Any]) -> TwoMode | None:
    """Return the matrix of a two-mode network, or None if it is none.

    A two-mode network has ``bipartite`` 0 or 1 on every node, nodes of both, and ties only between the two, as in
    networkx.

    >>> two_mode(nx.path_graph(3)) is None
    True
    """
    mode = [data.get("bipartite") for _, data in network.nodes(data=True)]
    if not mode or not all(value in (0, 1) for value in mode):
        return None
    side = np.array(mode, dtype=np.int64)
    matrix = adjacency(network)
    if (np.repeat(side, np.diff(matrix.indptr)) == side[matrix.indices]).any():
        return None
    rows, columns = np.flatnonzero(side == 0), np.flatnonzero(side == 1)
    if len(rows) == 0 or len(columns) == 0:
        return None
    return TwoMode(sp.csr_array(matrix[rows][:, columns]), rows, columns)


def off_diagonal(matrix: Matrix) -> Matrix:
    """Return the matrix without its diagonal and without zeros, indices sorted."""
    result = sp.csr_array(matrix)
    result.sort_indices()
    row = np.repeat(np.arange(result.shape[0]), np.diff(result.indptr))
    kept = (row != result.indices) & (result.data != 0)
    starts = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=result.shape[0]))])
    return sp.csr_array((result.data[kept], result.indices[kept], starts), shape=result.shape)


def newman_weights(incidence: Matrix, pattern: Matrix) -> Matrix:
    """Return the ties of a projection in which an event of k nodes counts 1/(k - 1) (Newman 2001, PRE 64 016132).

    Args:
        incidence: Nodes by events, 1 where a node takes part.
        pattern: The ties that are wanted, out of those of the projection.
    """
    size = np.asarray(incidence.sum(axis=0)).ravel()
    scale = np.divide(1.0, size - 1, out=np.zeros_like(size), where=size > 1)
    weighed = off_diagonal((incidence * scale) @ incidence.T)
    if weighed.nnz == pattern.nnz:
        return weighed
    ones = sp.csr_array((np.ones(pattern.nnz), pattern.indices, pattern.indptr), shape=pattern.shape)
    kept = sp.csr_array(weighed * ones)
    kept.sort_indices()
    return kept


def linked(
    nodes: Sequence[str], weights: Mapping[str, Matrix], whole_numbers: frozenset[str] = frozenset()
) -> dict[str, dict[str, dict[str, float]]]:
    """Return the ties of symmetric matrices as networkx keeps them: node -> neighbour -> attributes.

    The matrices have the same pattern and sorted indices. Each tie's attributes are one dictionary, seen from both
    ends. Filled row by row, because one call a tie costs as much as everything else of a projection together.

    Args:
        nodes: The name of each row.
        weights: A matrix an edge attribute.
        whole_numbers: The attributes that are counts, and become integers.
    """
    pattern = next(iter(weights.values()))
    row = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    upper = np.flatnonzero(row < pattern.indices)
    values = [
        (matrix.data[upper].astype(np.int64) if name in whole_numbers else matrix.data[upper]).tolist()
        for name, matrix in weights.items()
    ]
    names = list(weights)
    if len(names) == 1:
        found = [{names[0]: value} for value in values[0]]
    else:
        found = [dict(zip(names, one, strict=True)) for one in zip(*values, strict=True)]
    # The entry (j, i) stands in a csr matrix in the order of i for each j: so do the upper entries sorted by column.
    data = np.empty(pattern.nnz, dtype=object)
    data[upper] = found
    order = np.argsort(pattern.indices[upper], kind="stable")
    data[np.flatnonzero(row > pattern.indices)] = data[upper[order]]
    labels = np.empty(len(nodes), dtype=object)
    labels[:] = nodes
    neighbours, ties, starts = labels[pattern.indices].tolist(), data.tolist(), pattern.indptr.tolist()
    return {
        node: dict(zip(neighbours[start:stop], ties[start:stop], strict=True))
        for node, start, stop in zip(nodes, starts[:-1], starts[1:], strict=True)
    }


def _ends(
    network: nx.Graph[Any], weight: str | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    index: dict[Hashable, int] = {node: position for position, node in enumerate(network)}
    ties = [
        (index[u], index[v], 1.0 if weight is None else float(data.get(weight, 1)))
        for u, v, data in network.edges(data=True)
        if u != v
    ]
    if not ties:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    rows, columns, values = zip(*ties, strict=True)
    return np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64), np.array(values, dtype=np.float64)
