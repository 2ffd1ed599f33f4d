"""Sparse matrices of networks: made from a networkx graph, or attached to it by the projection that made the graph.

A projection has its matrices before it becomes a networkx graph: that of its ties, and that of the memberships that
they come from. They are attached for as long as the graph lives, in a dictionary of weak references: among the graph's
own attributes they would break its export. The graph is frozen, so that matrix and graph stay equal.
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

_ADJACENCIES: WeakKeyDictionary[nx.Graph[Any], dict[str | None, Matrix]] = WeakKeyDictionary()
_INCIDENCES: WeakKeyDictionary[nx.Graph[Any], Matrix] = WeakKeyDictionary()


class TwoMode(NamedTuple):
    """A two-mode network as a matrix of the first mode by the second, and the positions of its nodes in the network."""

    incidence: Matrix
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]


def attach_adjacency(network: nx.Graph[Any], weight: str | None, matrix: Matrix) -> None:
    """Attach the symmetric matrix of a frozen network's ties, rows in the order of its nodes."""
    _ADJACENCIES.setdefault(network, {})[weight] = matrix


def attach_incidence(network: nx.Graph[Any], matrix: Matrix) -> None:
    """Attach the memberships that a one-mode network is the projection of, nodes by events, 1 for a membership."""
    _INCIDENCES[network] = matrix


def incidence(network: nx.Graph[Any]) -> Matrix | None:
    """Return the memberships that a one-mode network is the whole projection of, or None if it is no projection.

    The shape is (nodes, events). Two nodes are tied exactly if they have an event in common.
    """
    return _INCIDENCES.get(network)


def has_adjacency(network: nx.Graph[Any], weight: str | None) -> bool:
    """Tell whether the matrix of a network's ties is attached to it, so that its numbers need no check."""
    return weight in _ADJACENCIES.get(network, {})


def adjacency(network: nx.Graph[Any], weight: str | None = None) -> Matrix:
    """Return the symmetric matrix of a network's ties, shape (nodes, nodes), rows in the order of its nodes.

    Directed ties count as undirected, parallel ties as one (weights summed), self-loops are left out.

    Args:
        network: Any networkx graph.
        weight: The edge attribute that fills the matrix; 1 per tie if None, or where an edge lacks it.

    >>> adjacency(nx.path_graph(3)).toarray().tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    attached = _ADJACENCIES.get(network, {})
    if weight in attached:
        return attached[weight]
    if weight is None and attached:
        pattern = next(iter(attached.values()))
        return sp.csr_array((np.ones(pattern.nnz), pattern.indices, pattern.indptr), shape=pattern.shape)
    size = len(network)
    rows, columns, values = _edges(network, weight)
    half = sp.coo_array((values, (np.minimum(rows, columns), np.maximum(rows, columns))), shape=(size, size)).tocsr()
    half.sum_duplicates()
    if weight is None:
        half.data[:] = 1.0
    symmetric = sp.csr_array(half + half.T)
    symmetric.sort_indices()
    return symmetric


def directed_adjacency(network: nx.Graph[Any], weight: str | None = None) -> Matrix:
    """Return the matrix of a network's directed ties, source by target, rows in the order of its nodes.

    Parallel ties of one direction count as one (weights summed), self-loops are left out. An undirected tie is two.

    >>> directed_adjacency(nx.DiGraph([(0, 1), (1, 2)])).toarray().tolist()
    [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    """
    if not network.is_directed():
        return adjacency(network, weight)
    size = len(network)
    rows, columns, values = _edges(network, weight)
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
    attributes = [data.get("bipartite") for _, data in network.nodes(data=True)]
    if not attributes or not all(value in (0, 1) for value in attributes):
        return None
    mode = np.array(attributes, dtype=np.int64)
    matrix = adjacency(network)
    if (np.repeat(mode, np.diff(matrix.indptr)) == mode[matrix.indices]).any():
        return None
    rows, columns = np.flatnonzero(mode == 0), np.flatnonzero(mode == 1)
    if len(rows) == 0 or len(columns) == 0:
        return None
    return TwoMode(sp.csr_array(matrix[rows][:, columns]), rows, columns)


def tie_ends(network: nx.Graph[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the two ends of each tie as positions of the network's nodes; directions do not count.

    >>> [ends.tolist() for ends in tie_ends(nx.path_graph(3))]
    [[0, 1], [1, 2]]
    """
    rows, columns = adjacency(network).nonzero()
    return rows[rows < columns].astype(np.int64), columns[rows < columns].astype(np.int64)


def attribute_codes(network: nx.Graph[Any], attribute: str) -> tuple[NDArray[np.int64], list[str]]:
    """Return the value of a node attribute as a number for each node, -1 where it has none, and the values, sorted.

    >>> attribute_codes(nx.Graph(), "region")
    (array([], dtype=int64), [])
    """
    values = [data.get(attribute) for _, data in network.nodes(data=True)]
    texts = [None if value is None or value != value else str(value) for value in values]
    names = sorted({text for text in texts if text is not None})
    position = {name: place for place, name in enumerate(names)}
    return np.array([-1 if text is None else position[text] for text in texts], dtype=np.int64), names


def off_diagonal(matrix: Matrix) -> Matrix:
    """Return the matrix without its diagonal and without zeros, indices sorted."""
    result = sp.csr_array(matrix)
    result.sort_indices()
    row = np.repeat(np.arange(result.shape[0]), np.diff(result.indptr))
    entry = (row != result.indices) & (result.data != 0)
    starts = np.concatenate([[0], np.cumsum(np.bincount(row[entry], minlength=result.shape[0]))])
    return sp.csr_array((result.data[entry], result.indices[entry], starts), shape=result.shape)


def newman_weights(incidence: Matrix, pattern: Matrix) -> Matrix:
    """Return the ties of a projection in which an event of k nodes counts 1/(k - 1) (Newman 2001, PRE 64 016132).

    Args:
        incidence: Nodes by events, 1 where a node takes part.
        pattern: The ties of the projection that the result has.
    """
    size = np.asarray(incidence.sum(axis=0)).ravel()
    scale = np.divide(1.0, size - 1, out=np.zeros_like(size), where=size > 1)
    weights = off_diagonal((incidence * scale) @ incidence.T)
    if weights.nnz == pattern.nnz:
        return weights
    ones = sp.csr_array((np.ones(pattern.nnz), pattern.indices, pattern.indptr), shape=pattern.shape)
    selection = sp.csr_array(weights * ones)
    selection.sort_indices()
    return selection


def adjacency_dicts(
    nodes: Sequence[str], weights: Mapping[str, Matrix], whole_numbers: frozenset[str] = frozenset()
) -> dict[str, dict[str, dict[str, float]]]:
    """Return the ties of symmetric matrices as the dictionaries of networkx: node -> neighbour -> attributes.

    The matrices have the same pattern and sorted indices. Both ends of a tie share one dictionary of attributes.
    Filled row by row, because one call per tie costs as much as everything else of a projection together.

    Args:
        nodes: The name of each row.
        weights: One matrix per edge attribute.
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
        attributes = [{names[0]: value} for value in values[0]]
    else:
        attributes = [dict(zip(names, row_values, strict=True)) for row_values in zip(*values, strict=True)]
    # The lower entries (j, i) of a csr matrix are sorted by j, then i: so are the upper entries sorted by column.
    data = np.empty(pattern.nnz, dtype=object)
    data[upper] = attributes
    order = np.argsort(pattern.indices[upper], kind="stable")
    data[np.flatnonzero(row > pattern.indices)] = data[upper[order]]
    labels = np.empty(len(nodes), dtype=object)
    labels[:] = nodes
    neighbours, ties, starts = labels[pattern.indices].tolist(), data.tolist(), pattern.indptr.tolist()
    return {
        node: dict(zip(neighbours[start:stop], ties[start:stop], strict=True))
        for node, start, stop in zip(nodes, starts[:-1], starts[1:], strict=True)
    }


def _edges(
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
