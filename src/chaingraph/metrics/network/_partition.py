"""Kernels of communities: the search for a division of a matrix, and how its nodes are placed in the division.

The search is networkit's, made to repeat: in one thread, with weights whose sums are exact, visiting the nodes in an
order that a seed decides. Invariant: every community is connected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from chaingraph.arrays import Matrix
from chaingraph.errors import NetworkError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Labels = NDArray[np.int64]
    Values = NDArray[np.float64]

_ITERATIONS = 10
_TOTAL = 2.0**50


def partition(matrix: Matrix, *, method: str = "leiden", resolution: float = 1.0, seed: int = 0) -> Labels:
    """Return the community of each node, the largest first, of a symmetric matrix of weights.

    >>> partition(sp.csr_array([[0.0, 1, 0], [1, 0, 0], [0, 0, 0]])).tolist()
    [0, 0, 1]
    """
    size = matrix.shape[0]
    labels = np.arange(size)
    nodes = np.flatnonzero(np.diff(matrix.indptr))
    if len(nodes):
        order = np.random.default_rng(seed).permutation(nodes)
        labels[order] = size + _by_networkit(sp.csr_array(matrix[order][:, order]), method, resolution)
    connected = connected_components(_within(matrix, labels), directed=False)[1]
    return by_size(connected)


def modularity(matrix: Matrix, labels: NDArray[np.integer], resolution: float = 1.0) -> float:
    """Return the share of the ties' weight that lies within communities, less what chance would put there.

    Args:
        matrix: Symmetric; the entries weigh the ties.
        labels: The community of each node, at least 0.
        resolution: What the chance part is multiplied by.

    Raises:
        NetworkError: There is not one label per node, or one is below 0.

    >>> modularity(sp.csr_array([[0.0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]), np.array([0, 0, 1, 1]))
    0.5
    """
    _check_labels(matrix, labels)
    total = float(matrix.data.sum())
    if total == 0:
        return float("nan")
    inside = float(_within(matrix, labels).data.sum())
    share = np.bincount(labels, _strength(matrix)) / total
    return inside / total - resolution * float(share @ share)


def participation_coefficient(matrix: Matrix, labels: NDArray[np.integer]) -> Values:
    """Return one less the sum over the communities of (weight of the ties to it / weight of all ties)^2.

    Raises:
        NetworkError: There is not one label per node, or one is below 0.
    """
    _check_labels(matrix, labels)
    shares = _to_communities(matrix, labels)
    strength = _strength(matrix)
    squares = np.bincount(_rows(shares), shares.data**2, minlength=len(strength))
    result: Values = np.full(len(strength), np.nan)
    np.divide(squares, strength**2, out=result, where=strength > 0)
    # A node of one community has 1 - 1 exactly only if its weights add up exactly.
    return np.where(np.diff(shares.indptr) == 1, 0.0, 1 - result)


def within_module_z(matrix: Matrix, labels: NDArray[np.integer]) -> Values:
    """Return how many standard deviations a node's strength within its community is above the community's mean.

    Raises:
        NetworkError: There is not one label per node, or one is below 0.
    """
    _check_labels(matrix, labels)
    inside = _strength(_within(matrix, labels))
    members = np.maximum(np.bincount(labels), 1)
    difference = inside - (np.bincount(labels, inside) / members)[labels]
    deviation = np.sqrt(np.bincount(labels, difference**2) / members)[labels]
    result: Values = np.full(len(inside), np.nan)
    # Equal strengths summed in another order differ in their last digits.
    np.divide(difference, deviation, out=result, where=deviation > 1e-9 * np.maximum(inside, 1e-300))
    return result


def _by_networkit(matrix: Matrix, method: str, resolution: float) -> Labels:
    """Divide a network without isolates, visiting its nodes in their order; no random number is drawn."""
    from chaingraph.metrics.network._networkit import networkit

    nk = networkit()
    row = _rows(matrix)
    upper = np.flatnonzero(row < matrix.indices)
    weights = _exact(matrix.data[upper])
    ends = row[upper].astype(np.uint64), matrix.indices[upper].astype(np.uint64)
    threads = nk.getMaxNumberOfThreads()
    nk.setNumberOfThreads(1)
    try:
        graph = nk.GraphFromCoo((weights, ends), n=matrix.shape[0], weighted=True)
        if method == "leiden":
            search = nk.community.ParallelLeiden(graph, randomize=False, iterations=_ITERATIONS, gamma=resolution)
        else:
            search = nk.community.PLM(graph, refine=False, gamma=resolution, par="none")
        communities = search.run().getPartition().getVector()
    finally:
        nk.setNumberOfThreads(threads)
    return np.unique(np.array(communities, dtype=np.int64), return_inverse=True)[1].astype(np.int64)


def _exact(weights: Values) -> Values:
    """Return weights whose sums are exact in any order: whole numbers that add up to less than 2**53.

    With weights over 12 orders of magnitude, networkit 11.3's Leiden moved nodes to and fro for ever in the 414th
    random network tried; with such whole numbers it ended in all of 39,000.
    """
    total = float(weights.sum())
    if total <= _TOTAL and (weights == np.rint(weights)).all():
        return weights
    return np.maximum(np.rint(weights / total * _TOTAL), 1.0)


def by_size(labels: NDArray[np.integer]) -> Labels:
    """Return the same division numbered by falling size, parts of one size by their first node.

    >>> by_size(np.array([7, 3, 3])).tolist()
    [1, 0, 0]
    """
    _, first, number, size = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(size), dtype=np.int64)
    rank[np.lexsort((first, -size))] = np.arange(len(size))
    return rank[number]


def _within(matrix: Matrix, labels: NDArray[np.integer]) -> Matrix:
    row = _rows(matrix)
    inside = labels[row] == labels[matrix.indices]
    start = np.concatenate([[0], np.cumsum(np.bincount(row[inside], minlength=matrix.shape[0]))])
    return sp.csr_array((matrix.data[inside], matrix.indices[inside], start), shape=matrix.shape)


def _to_communities(matrix: Matrix, labels: NDArray[np.integer]) -> Matrix:
    ends = np.arange(len(labels)), labels
    member = sp.csr_array((np.ones(len(labels)), ends), shape=(len(labels), int(labels.max(initial=-1)) + 1))
    return sp.csr_array(matrix @ member)


def _rows(matrix: Matrix) -> NDArray[np.int64]:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def _strength(matrix: Matrix) -> Values:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def _check_labels(matrix: Matrix, labels: NDArray[np.integer]) -> None:
    if len(labels) != matrix.shape[0]:
        message = tr(
            "there are {count} labels for {shape} nodes; give one per node, in the nodes' order",
            count=len(labels),
            shape=matrix.shape[0],
        )
        raise NetworkError(message)
    if len(labels) and labels.min() < 0:
        message = tr(
            "a community is {labels}, expected whole numbers of at least 0; number the communities", labels=labels.min()
        )
        raise NetworkError(message)
