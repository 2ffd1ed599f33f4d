"""Communities: groups of nodes with more ties among them than chance would give, and how nodes stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import networkx as nx
import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from chaingraph.arrays import Matrix, adjacency
from chaingraph.errors import NetworkError
from chaingraph.metrics.network._matrices import check_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Labels = NDArray[np.int64]
    Values = NDArray[np.float64]

METHODS = ("leiden", "louvain")
_ITERATIONS = 10
_TOTAL = 2.0**50
_UNDEFINED = {
    "participation_coefficient": "an isolate has no ties to spread",
    "within_module_z": "all of the community have the same strength within it",
}


def communities(
    network: nx.Graph[Any],
    *,
    method: Literal["leiden", "louvain"] = "leiden",
    weight: str | None = "own",
    resolution: float = 1.0,
    seed: int = 0,
) -> pd.Series[int]:
    """Return each node's community as a number, 0 for the largest one.

    Leiden (Traag, Waltman and van Eck 2019, Sci. Rep. 9: 5233) or Louvain (Blondel et al. 2008, J. Stat. Mech. P10008),
    by networkit in one thread. Both look for a division of high modularity and find a good one, not the best: nearly
    as good ones can look different, so compare a few seeds before reading much into a border. Directed ties count as
    undirected. A community that falls apart without its other members is split, which Louvain needs and which raises
    modularity; so every community is connected, and an isolate is one of its own. Weights are rounded to about 15
    digits of their sum, because networkit may never return where sums of weights are inexact.

    Args:
        network: Any networkx graph. Of a two-mode network the modularity is not that of Barber (2007), as chance is
            here allowed to tie a mode with itself.
        method: ``leiden`` or ``louvain``.
        weight: The edge attribute that weighs a tie. ``own`` is what the projection counts
            (``network.graph["weight"]``), None weighs all ties alike. A tie of weight 0 is none.
        resolution: Above 1 makes more and smaller communities, below 1 fewer and larger ones
            (Reichardt and Bornholdt 2006, PRE 74: 016110).
        seed: Decides the order in which nodes are visited. The same seed gives the same communities, in any process.
            networkit's own seed and number of threads are left as they were.

    Returns:
        A series indexed by node. Communities are numbered by size, those of one size by their first node.
        ``attrs`` has ``method``, ``seed``, ``resolution``, ``weight`` and ``modularity`` (NaN without ties).

    Raises:
        NetworkError: The network is empty, the method is unknown, the resolution is not a number of at
            least 0, or a weight is missing or negative.

    >>> two_triangles = nx.Graph([(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3)])
    >>> communities(two_triangles).to_dict()
    {0: 0, 1: 0, 2: 0, 3: 1, 4: 1, 5: 1}
    """
    if method not in METHODS:
        message = f"there is no method '{method}' for communities; there are {' and '.join(METHODS)}"
        raise NetworkError(message)
    if not 0 <= resolution < float("inf"):
        message = f"the resolution is {resolution}, expected a number of at least 0, such as 1"
        raise NetworkError(message)
    matrix, attribute = _weighted(network, weight)
    labels = division(matrix, method=method, resolution=resolution, seed=seed)
    index = pd.Index(list(network), name="node", tupleize_cols=False)
    result = pd.Series(labels, index=index, name="community", dtype="int64")
    result.attrs = {"method": method, "seed": seed, "resolution": resolution, "weight": attribute}
    result.attrs["modularity"] = modularity(matrix, labels, resolution)
    return result


def division(
    matrix: Matrix, *, method: Literal["leiden", "louvain"] = "leiden", resolution: float = 1.0, seed: int = 0
) -> Labels:
    """Return what ``communities`` returns, from a symmetric matrix of weights and without its checks.

    >>> division(sp.csr_array([[0.0, 1, 0], [1, 0, 0], [0, 0, 0]])).tolist()
    [0, 0, 1]
    """
    size = matrix.shape[0]
    found = np.arange(size)
    tied = np.flatnonzero(np.diff(matrix.indptr))
    if len(tied):
        order = np.random.default_rng(seed).permutation(tied)
        found[order] = size + _by_networkit(sp.csr_array(matrix[order][:, order]), method, resolution)
    connected = connected_components(_within(matrix, found), directed=False)[1]
    return by_size(connected)


def modularity(matrix: Matrix, labels: NDArray[np.integer], resolution: float = 1.0) -> float:
    """Return the share of the ties' weight that lies within communities, less what chance would put there.

    Newman (2006, PNAS 103: 8577-8582); at most 1, at least -1/2 for a resolution of 1, NaN without ties. In chance
    each node keeps its strength. Values of different networks do not compare: sparse ones reach more by chance.

    Args:
        matrix: Symmetric; the entries weigh the ties.
        labels: The community of each node, at least 0.
        resolution: What the chance part is multiplied by.

    Raises:
        NetworkError: There is not one label a node, or one is below 0.

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
    """Return in [0, 1) how evenly each node's ties spread over communities: 0 if all go to one, NaN for an isolate.

    One less the sum over the communities of (weight of the ties to it / weight of all ties)^2. Guimera and Amaral
    (2005, Nature 433: 895-900).

    Raises:
        NetworkError: There is not one label a node, or one is below 0.

    >>> participation_coefficient(sp.csr_array([[0.0, 1, 1], [1, 0, 0], [1, 0, 0]]), np.array([0, 0, 1])).tolist()
    [0.5, 0.0, 0.0]
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

    Guimera and Amaral (2005, Nature 433: 895-900), with the deviation of the population. NaN where all of a community
    have the same strength within it, so that nobody stands out and the deviation is 0; this includes isolates and
    communities of one or two.

    Raises:
        NetworkError: There is not one label a node, or one is below 0.

    >>> star = sp.csr_array([[0.0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]])
    >>> within_module_z(star, np.zeros(4, dtype=np.int64)).round(4).tolist()
    [1.7321, -0.5774, -0.5774, -0.5774]
    """
    _check_labels(matrix, labels)
    inside = _strength(_within(matrix, labels))
    members = np.maximum(np.bincount(labels), 1)
    off = inside - (np.bincount(labels, inside) / members)[labels]
    deviation = np.sqrt(np.bincount(labels, off**2) / members)[labels]
    result: Values = np.full(len(inside), np.nan)
    # Equal strengths summed in another order differ in their last digits.
    np.divide(off, deviation, out=result, where=deviation > 1e-9 * np.maximum(inside, 1e-300))
    return result


def community_table(network: nx.Graph[Any], labels: pd.Series[int], *, weight: str | None = "own") -> pd.DataFrame:
    """Return one row a node: its label, community, and how it stands in it; in the order of the network.

    Args:
        network: Any networkx graph; directed ties count as undirected.
        labels: A community for each node, as ``communities`` returns it.
        weight: As for ``communities``.

    Returns:
        A frame indexed by node; ``attrs["undefined"]`` gives the reason where a value is NaN.

    Raises:
        NetworkError: The network is empty, a node has no community, or a weight is missing or negative.

    >>> path = nx.path_graph(3)
    >>> community_table(path, communities(path)).to_dict("list")["community"]
    [0, 0, 0]
    """
    matrix, _ = _weighted(network, weight)
    index = pd.Index(list(network), name="node", tupleize_cols=False)
    missing = index.difference(labels.index, sort=False)
    if len(missing):
        message = f"the node '{missing[0]}' has no community; give labels for this network, as communities() does"
        raise NetworkError(message)
    own = labels.loc[index].to_numpy(dtype=np.int64)
    columns = {
        "label": [str(data.get("label", node)) for node, data in network.nodes(data=True)],
        "community": own,
        "participation_coefficient": participation_coefficient(matrix, own),
        "within_module_z": within_module_z(matrix, own),
    }
    frame = pd.DataFrame(columns, index=index)
    frame.attrs = {"undefined": {name: reason for name, reason in _UNDEFINED.items() if frame[name].isna().any()}}
    return frame


def _weighted(network: nx.Graph[Any], weight: str | None) -> tuple[Matrix, str | None]:
    if len(network) == 0:
        message = "the network has no nodes, so it has no communities; choose another projection or source"
        raise NetworkError(message)
    attribute = network.graph.get("weight") if weight == "own" else weight
    check_numbers(network, attribute)
    matrix = adjacency(network, attribute)
    if not matrix.data.all():
        matrix = matrix.copy()
        matrix.eliminate_zeros()
    return matrix, attribute


def _by_networkit(matrix: Matrix, method: str, resolution: float) -> Labels:
    """Divide a network without isolates, visiting its nodes in their order; no random number is drawn."""
    import networkit as nk

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
        found = search.run().getPartition().getVector()
    finally:
        nk.setNumberOfThreads(threads)
    return np.unique(np.array(found, dtype=np.int64), return_inverse=True)[1].astype(np.int64)


def _exact(weights: Values) -> Values:
    """Return weights whose sums are exact in any order: whole numbers that add up to less than 2**53.

    With weights over 12 orders of magnitude, networkit 11.3's Leiden moved nodes to and fro for ever in the 414th
    random network tried; with such whole numbers it came to an end in all of 39,000.
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
    kept = labels[row] == labels[matrix.indices]
    start = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=matrix.shape[0]))])
    return sp.csr_array((matrix.data[kept], matrix.indices[kept], start), shape=matrix.shape)


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
        message = f"there are {len(labels)} labels for {matrix.shape[0]} nodes; give one a node, in the nodes' order"
        raise NetworkError(message)
    if len(labels) and labels.min() < 0:
        message = f"a community is {labels.min()}, expected whole numbers of at least 0; number the communities"
        raise NetworkError(message)
