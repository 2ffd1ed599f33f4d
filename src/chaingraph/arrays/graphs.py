"""Sparse matrices of networks: of arrays, made from a networkx graph, or attached to it by the projection that made it.

A projection has its matrices before it becomes a networkx graph: that of its ties, and that of the memberships that
they come from. They are attached for as long as the graph lives, in a dictionary of weak references: among the graph's
own attributes they would break its export. The graph is frozen, so that matrix and graph stay equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import networkx as nx
import numpy as np
import scipy.sparse as sp

from chaingraph.arrays.matrices import Matrix, TwoMode
from chaingraph.arrays.network import ArrayNetwork, Network, attribute_dicts, symmetric_matrix

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from numpy.typing import NDArray

_ADJACENCIES: WeakKeyDictionary[nx.Graph[Any], dict[str | None, Matrix]] = WeakKeyDictionary()
_INCIDENCES: WeakKeyDictionary[nx.Graph[Any], Matrix] = WeakKeyDictionary()


def attach_adjacency(network: nx.Graph[Any], weight: str | None, matrix: Matrix) -> None:
    """Attach the symmetric matrix of a frozen network's ties, rows in the order of its nodes."""
    _ADJACENCIES.setdefault(network, {})[weight] = matrix


def attach_incidence(network: nx.Graph[Any], matrix: Matrix) -> None:
    """Attach the memberships that a one-mode network is the projection of, nodes by events, 1 for a membership."""
    _INCIDENCES[network] = matrix


def incidence(network: Network) -> Matrix | None:
    """Return the memberships that a one-mode network is the whole projection of, or None if it is no projection.

    The shape is (nodes, events). Two nodes are tied exactly if they have an event in common.
    """
    return network.memberships() if isinstance(network, ArrayNetwork) else _INCIDENCES.get(network)


def has_adjacency(network: Network, weight: str | None) -> bool:
    """Tell whether a network has the matrix of its ties from its projection, so that its numbers need no check."""
    if isinstance(network, ArrayNetwork):
        return network.has_exact_weights(weight)
    return weight in _ADJACENCIES.get(network, {})


def adjacency(network: Network, weight: str | None = None) -> Matrix:
    """Return the symmetric matrix of a network's ties, shape (nodes, nodes), rows in the order of its nodes.

    Directed ties count as undirected, parallel ties as one (weights summed), self-loops are left out.

    Args:
        network: Any network.
        weight: The edge attribute that fills the matrix; 1 per tie if None, or where an edge lacks it.

    >>> adjacency(nx.path_graph(3)).toarray().tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    if isinstance(network, ArrayNetwork):
        return network.adjacency(weight)
    attached = _ADJACENCIES.get(network, {})
    if weight in attached:
        return attached[weight]
    if weight is None and attached:
        pattern = next(iter(attached.values()))
        return sp.csr_array((np.ones(pattern.nnz), pattern.indices, pattern.indptr), shape=pattern.shape)
    return symmetric_matrix(len(network), *_edges(network, weight), binary=weight is None)


def directed_adjacency(network: Network, weight: str | None = None) -> Matrix:
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


def two_mode(network: Network) -> TwoMode | None:
    """Return the matrix of a two-mode network, or None if it is none.

    A two-mode network has ``bipartite`` 0 or 1 on every node, nodes of both, and ties only between the two, as in
    networkx.

    >>> two_mode(nx.path_graph(3)) is None
    True
    """
    attributes = node_values(network, "bipartite")
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


def tie_ends(network: Network) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the two ends of each tie as positions of the network's nodes; directions do not count.

    >>> [ends.tolist() for ends in tie_ends(nx.path_graph(3))]
    [[0, 1], [1, 2]]
    """
    rows, columns = adjacency(network).nonzero()
    return rows[rows < columns].astype(np.int64), columns[rows < columns].astype(np.int64)


def node_values(network: Network, attribute: str) -> list[Any]:
    """Return the value of a node attribute for each node in order, None where it has none.

    >>> node_values(nx.path_graph(2), "region")
    [None, None]
    """
    if isinstance(network, ArrayNetwork):
        return network.attribute(attribute)
    return [data.get(attribute) for _, data in network.nodes(data=True)]


def node_items(network: Network) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Return each node with its attributes, in order.

    >>> list(node_items(nx.path_graph(1)))
    [(0, {})]
    """
    if isinstance(network, ArrayNetwork):
        return zip(network, attribute_dicts(network.attributes, len(network)), strict=True)
    return iter(network.nodes(data=True))


def tie_items(network: Network) -> Iterator[tuple[Any, Any, Mapping[str, Any]]]:
    """Return the two ends of each tie with its attributes.

    >>> list(tie_items(nx.path_graph(2)))
    [(0, 1, {})]
    """
    return network.tie_items() if isinstance(network, ArrayNetwork) else iter(network.edges(data=True))


def tie_counts(network: Network) -> dict[Any, int]:
    """Return how many ends of ties each node has; a parallel tie counts, and a tie to itself twice.

    >>> tie_counts(nx.path_graph(3))
    {0: 1, 1: 2, 2: 1}
    """
    if not isinstance(network, ArrayNetwork):
        return dict(network.degree())
    counts = np.bincount(np.concatenate(network.ends()), minlength=len(network))
    return dict(zip(network, counts.tolist(), strict=True))


def as_networkx(network: Network) -> nx.Graph[Any]:
    """Return a network in networkx: itself, or made of its arrays.

    >>> network = nx.path_graph(2)
    >>> as_networkx(network) is network
    True
    """
    return network.to_networkx() if isinstance(network, ArrayNetwork) else network


def node_labels(network: Network) -> list[str]:
    """Return what each node is called: its attribute ``label``, else its name.

    >>> node_labels(nx.path_graph(2))
    ['0', '1']
    """
    if isinstance(network, ArrayNetwork):
        labels = network.attribute("label")
        return [str(name if label is None else label) for name, label in zip(network, labels, strict=True)]
    return [str(data.get("label", node)) for node, data in network.nodes(data=True)]


def attribute_codes(network: Network, attribute: str) -> tuple[NDArray[np.int64], list[str]]:
    """Return the value of a node attribute as a number for each node, -1 where it has none, and the values, sorted.

    >>> attribute_codes(nx.Graph(), "region")
    (array([], dtype=int64), [])
    """
    values = node_values(network, attribute)
    texts = [None if value is None or value != value else str(value) for value in values]
    names = sorted({text for text in texts if text is not None})
    position = {name: place for place, name in enumerate(names)}
    return np.array([-1 if text is None else position[text] for text in texts], dtype=np.int64), names


def _edges(network: Network, weight: str | None) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    if isinstance(network, ArrayNetwork):
        return network.weighted_ends(weight)
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
