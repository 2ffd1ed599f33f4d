"""The backbone of a dense network, by the disparity filter."""

from __future__ import annotations

import warnings
from typing import Any

import networkx as nx
import numpy as np
import scipy.sparse as sp

from chaingraph.arrays import Matrix, adjacency, attach_adjacency
from chaingraph.errors import NetworkError
from chaingraph.messages import tr


def backbone(network: nx.Graph[Any], *, alpha: float = 0.05, weight: str | None = "own") -> nx.Graph[Any]:
    """Return the ties that are heavier than chance would make them at one of their ends, with all nodes.

    The disparity filter (Serrano, Boguna and Vespignani 2009, PNAS 106: 6483-6488): a tie that holds the share p of a
    node's strength has, if that node spread its strength at random over its k ties, the probability
    (1 - p)^(k - 1) to hold as much; it stays if that is below ``alpha`` at either end. Each tie that stays has it as
    ``disparity``, the smaller of the two. A node of one tie says nothing about it, so that a tie between two such nodes
    goes. Isolates stay. The result is frozen; the network is not changed. If none of its ties stays, a warning says so.

    Args:
        network: An undirected network without parallel ties.
        alpha: The level of significance, above 0 and at most 1.
        weight: The edge attribute; ``own`` is the one that the projection counts.

    Raises:
        NetworkError: The network is directed or has parallel ties, no weight, or weights that are not positive.

    >>> star = nx.Graph()
    >>> star.add_weighted_edges_from([("hub", "a", 97), ("hub", "b", 1), ("hub", "c", 1), ("hub", "d", 1)])
    >>> list(backbone(star, weight="weight").edges)
    [('hub', 'a')]
    """
    if network.is_directed() or network.is_multigraph():
        message = tr(
            "the disparity filter needs an undirected network without parallel ties; choose a one-mode projection"
        )
        raise NetworkError(message)
    if not 0 < alpha <= 1:
        message = tr("alpha is {alpha}, expected a level of significance above 0 and at most 1", alpha=alpha)
        raise NetworkError(message)
    attribute = network.graph.get("weight") if weight == "own" else weight
    if attribute is None:
        message = tr("the disparity filter needs weighted ties; name an edge attribute as weight")
        raise NetworkError(message)
    for u, v, data in network.edges(data=True):
        value = data.get(attribute)
        if value is None or not 0 < value < float("inf"):
            message = tr(
                "the tie {u} - {v} has {attribute}={value}, expected a number above 0",
                u=u,
                v=v,
                attribute=attribute,
                value=value,
            )
            raise NetworkError(message)
    matrix = adjacency(network, attribute)
    chance = disparity(matrix)
    upper = sp.triu(chance, k=1, format="coo")
    below = upper.data < alpha
    if upper.nnz and not below.any():
        message = tr(
            "no tie is heavier than chance at alpha={alpha}, so that the backbone is empty; the "
            "least probability is {data:.3g}: take an alpha above it, or the network as it is",
            alpha=alpha,
            data=upper.data.min(),
        )
        warnings.warn(message, stacklevel=2)
    result = nx.create_empty_copy(network)
    nodes = list(network)
    ties = zip(upper.row[below].tolist(), upper.col[below].tolist(), upper.data[below].tolist(), strict=True)
    for u, v, value in ties:
        result.add_edge(nodes[u], nodes[v], **network.edges[nodes[u], nodes[v]], disparity=value)
    name, name_zh = network.graph.get("name"), network.graph.get("name_zh")
    result.graph |= {} if name is None else {"name": f"{name}, backbone"}
    result.graph |= {} if name_zh is None else {"name_zh": f"{name_zh}（骨干）"}
    frozen: nx.Graph[Any] = nx.freeze(result)
    attach_adjacency(frozen, attribute, _below(matrix, chance, alpha))
    return frozen


def disparity(matrix: Matrix) -> Matrix:
    """Return the probability of each tie under the null model, the smaller of its two ends'; same pattern.

    >>> disparity(adjacency(nx.star_graph(2))).toarray().tolist()
    [[0.0, 0.5, 0.5], [0.5, 0.0, 0.0], [0.5, 0.0, 0.0]]
    """
    strength = np.asarray(matrix.sum(axis=1)).ravel()
    degree = np.diff(matrix.indptr)
    share = matrix.data / np.repeat(strength, degree)
    chance = (1 - share) ** np.repeat(degree - 1, degree)
    chance[np.repeat(degree, degree) == 1] = 1.0
    one = sp.csr_array((chance, matrix.indices, matrix.indptr), shape=matrix.shape)
    other = sp.csr_array(one.T)
    other.sort_indices()
    return sp.csr_array((np.minimum(one.data, other.data), matrix.indices, matrix.indptr), shape=matrix.shape)


def _below(matrix: Matrix, chance: Matrix, alpha: float) -> Matrix:
    """Return the ties whose probability is below ``alpha``."""
    data = np.where(chance.data < alpha, matrix.data, 0.0)
    # A copy: eliminate_zeros works in place, and the network keeps its matrix.
    result = sp.csr_array((data, matrix.indices, matrix.indptr), matrix.shape, copy=True)
    result.eliminate_zeros()
    return result
