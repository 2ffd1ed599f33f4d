"""Centrality: who holds a network together, one function a measure and one table for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components, shortest_path
from scipy.sparse.linalg import eigsh

from chaingraph.arrays import Matrix, adjacency
from chaingraph.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Values = NDArray[np.float64]

_BLOCK = 256
_MOST_BYTES = 2**29
_DAMPING = 0.85


def degree(matrix: Matrix) -> Values:
    """Count each node's neighbours (Freeman 1979, Social Networks 1: 215-239), unnormalised.

    Args:
        matrix: Symmetric, shape (n, n); nonzero where there is a tie.
    """
    return np.diff(matrix.indptr).astype(np.float64)


def strength(matrix: Matrix) -> Values:
    """Sum the weights of each node's ties (Barrat et al. 2004, PNAS 101: 3747-3752)."""
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def closeness(matrix: Matrix) -> Values:
    """Return closeness in [0, 1] as Wasserman and Faust (1994, p. 200) correct it for disconnected networks.

    A node that reaches r others at summed distance d has (r / d) * (r / (n - 1)); an isolate has 0. Distances count
    ties, unweighted.

    >>> closeness(adjacency(nx.path_graph(3))).round(4).tolist()
    [0.6667, 1.0, 0.6667]
    """
    size = matrix.shape[0]
    result = np.zeros(size)
    for start in range(0, size, _BLOCK):
        sources = np.arange(start, min(start + _BLOCK, size))
        distance = shortest_path(matrix, directed=False, unweighted=True, indices=sources)
        reached = np.isfinite(distance)
        others = reached.sum(axis=1) - 1
        total = np.where(reached, distance, 0).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            result[sources] = np.where(total > 0, others / total * others / max(size - 1, 1), 0.0)
    return result


def betweenness(matrix: Matrix) -> Values:
    """Return exact betweenness in [0, 1]: the mean share of shortest paths between two others that pass a node.

    Freeman (1977, Sociometry 40: 35-41), normalised by (n - 1)(n - 2) / 2; with fewer than three nodes all are 0.
    Computed by the recursion of Brandes (2001, J. Math. Sociol. 25: 163-177) for a block of sources at a time, level
    by level, as products of the sparse matrix and a dense block. Unweighted. Memory: about a gigabyte
    at most, since a block whose paths grow long is halved.

    >>> betweenness(adjacency(nx.star_graph(3))).tolist()
    [1.0, 0.0, 0.0, 0.0]
    """
    size = matrix.shape[0]
    total = np.zeros(size)
    ties = sp.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    for start in range(0, size, _BLOCK):
        total += _dependencies(ties, np.arange(start, min(start + _BLOCK, size)))
    pairs = (size - 1) * (size - 2)
    return total / pairs if pairs > 0 else total


def _dependencies(ties: Matrix, sources: NDArray[np.int64]) -> Values:
    """Sum what each node contributes to the shortest paths from a block of sources."""
    columns = np.arange(len(sources))
    paths = np.zeros((ties.shape[0], len(sources)))
    paths[sources, columns] = 1
    unseen = paths == 0
    frontier = paths
    levels = [frontier]
    while True:
        frontier = (ties @ frontier) * unseen
        if not frontier.any():
            break
        unseen &= frontier == 0
        levels.append(frontier)
        if len(sources) > 1 and len(levels) * frontier.nbytes > _MOST_BYTES:
            half = len(sources) // 2
            del levels, frontier, paths, unseen
            return _dependencies(ties, sources[:half]) + _dependencies(ties, sources[half:])
    dependency = np.zeros_like(paths)
    result = np.zeros(ties.shape[0])
    for nearer, farther in zip(levels[-2::-1], levels[:0:-1], strict=True):
        share = np.divide(1 + dependency, farther, out=np.zeros_like(farther), where=farther > 0)
        dependency = (ties @ share) * nearer
        if nearer is not levels[0]:
            result += dependency.sum(axis=1)
    return result


def eigenvector(matrix: Matrix) -> Values:
    """Return the leading eigenvector of the largest component, of length 1; NaN outside of it, where it is undefined.

    Bonacich (1972, J. Math. Sociol. 2: 113-120). Of components of equal size the first counts. A network without ties
    has none: all NaN.

    >>> eigenvector(adjacency(nx.star_graph(4))).round(4).tolist()
    [0.7071, 0.3536, 0.3536, 0.3536, 0.3536]
    """
    result = np.full(matrix.shape[0], np.nan)
    if matrix.nnz == 0:
        return result
    _, component = connected_components(matrix, directed=False)
    inside = np.flatnonzero(component == np.bincount(component).argmax())
    block = matrix[inside][:, inside].astype(np.float64)
    if len(inside) < 10:
        vector = np.linalg.eigh(block.toarray())[1][:, -1]
    else:
        vector = eigsh(block, k=1, which="LA", v0=np.ones(len(inside)), tol=1e-12)[1][:, 0]
    vector = np.abs(vector)
    result[inside] = vector / np.linalg.norm(vector)
    return result


def pagerank(matrix: Matrix) -> Values:
    """Return PageRank (Brin and Page 1998) with damping 0.85; the values sum to 1, isolates share their mass evenly.

    >>> pagerank(adjacency(nx.cycle_graph(4))).round(4).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    size = matrix.shape[0]
    if size == 0:
        return np.zeros(0)
    out = strength(matrix)
    scale = np.divide(1.0, out, out=np.zeros(size), where=out > 0)
    move = sp.csr_array(matrix.T * scale)
    dangling = out == 0
    rank = np.full(size, 1 / size)
    for _ in range(500):
        follow = move @ rank + rank[dangling].sum() / size
        moved = _DAMPING * follow + (1 - _DAMPING) / size
        if np.abs(moved - rank).sum() < 1e-12:
            break
        rank = moved
    return np.asarray(rank / rank.sum(), dtype=np.float64)


_UNWEIGHTED: dict[str, Callable[[Matrix], Values]] = {
    "degree": degree,
    "betweenness": betweenness,
    "closeness": closeness,
}
_WEIGHTED: dict[str, Callable[[Matrix], Values]] = {
    "strength": strength,
    "eigenvector": eigenvector,
    "pagerank": pagerank,
}
MEASURES = ("degree", "strength", "betweenness", "closeness", "eigenvector", "pagerank")
"""The measures of the default table, in its order."""


def centrality(
    network: nx.Graph[Any], *, measures: Sequence[str] = MEASURES, weight: str | None = "own"
) -> pd.DataFrame:
    """Return one row a node, one column a measure, most central first.

    The ties count as undirected and parallel ones as one. Degree, betweenness and closeness are unweighted; strength,
    eigenvector and PageRank are weighted.

    Args:
        network: Any networkx graph.
        measures: Names out of ``MEASURES``.
        weight: The edge attribute that weighs a tie. ``own`` is what the projection counts
            (``network.graph["weight"]``), None weighs all ties alike.

    Returns:
        A frame indexed by node with a column ``label`` and the measures. ``attrs["undefined"]`` gives the reason
        where a value is NaN, ``attrs["weight"]`` the weight.

    Raises:
        NetworkError: The network is empty, a measure is unknown, or a weight is missing or negative.

    >>> centrality(nx.star_graph(3), measures=["degree", "closeness"]).to_dict("list")
    {'label': ['0', '1', '2', '3'], 'degree': [3, 1, 1, 1], 'closeness': [1.0, 0.6, 0.6, 0.6]}
    """
    unknown = [measure for measure in measures if measure not in MEASURES]
    if unknown:
        message = f"there is no measure '{unknown[0]}'; there are {', '.join(MEASURES)}"
        raise NetworkError(message)
    if len(network) == 0:
        message = "the network has no nodes, so there is nothing to measure; choose another projection or source"
        raise NetworkError(message)
    attribute = network.graph.get("weight") if weight == "own" else weight
    _check_weights(network, attribute)
    plain, weighted = adjacency(network), adjacency(network, attribute)
    columns: dict[str, Any] = {"label": [str(data.get("label", node)) for node, data in network.nodes(data=True)]}
    for measure in measures:
        columns[measure] = _UNWEIGHTED[measure](plain) if measure in _UNWEIGHTED else _WEIGHTED[measure](weighted)
    frame = pd.DataFrame(columns, index=pd.Index(list(network), name="node"))
    if "degree" in columns:
        frame["degree"] = frame["degree"].astype("int64")
    undefined = {}
    if "eigenvector" in columns and frame["eigenvector"].isna().any():
        undefined["eigenvector"] = "defined on the largest component only"
    frame.attrs = {"undefined": undefined, "weight": attribute}
    order = [measure for measure in ("betweenness", "degree") if measure in columns]
    return frame.sort_values(order, ascending=False, kind="stable") if order else frame


def _check_weights(network: nx.Graph[Any], attribute: str | None) -> None:
    if attribute is None:
        return
    for u, v, data in network.edges(data=True):
        value = data.get(attribute)
        if value is None:
            message = f"the tie {u} - {v} has no '{attribute}'; name an edge attribute that every tie has, or None"
            raise NetworkError(message)
        if not value >= 0:
            message = f"the tie {u} - {v} has {attribute}={value}, expected a number of at least 0"
            raise NetworkError(message)
