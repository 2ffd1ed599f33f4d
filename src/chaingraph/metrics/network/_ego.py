"""Kernels of the measures of a node's own neighbourhood: clustering, structural holes, cores and brokerage.

All that need triangles list them once and add each triangle up at its corners or ties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from chaingraph.arrays import Matrix
from chaingraph.errors import NetworkError
from chaingraph.messages import tr
from chaingraph.metrics.network._triangles import mutual, ranked_ties, triangles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chaingraph.metrics.network._triangles import Positions, Values

ROLES = ("coordinator", "itinerant", "gatekeeper", "representative", "liaison")
"""The roles of a broker after Gould and Fernandez (1989), in the order of the columns of a table."""


def clustering(matrix: Matrix) -> Values:
    """Return for each node the share in [0, 1] of the pairs of its neighbours that are tied to each other.

    Unweighted; a directed matrix counts as undirected. A node of fewer than two neighbours has 0, as in networkx,
    although it has no pair to close. Watts and Strogatz (1998, Nature 393: 440-442). An affiliation closes the pairs
    of its own members: compare a projection with a random one of the same memberships, not with 0.

    Raises:
        NetworkError: The matrix is not a network's.

    >>> clustering(sp.csr_array([[0, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]])).round(4).tolist()
    [0.3333, 1.0, 1.0, 0.0]
    """
    closed, pairs = _closed_and_all_pairs(matrix)
    return np.divide(closed, pairs, out=np.zeros_like(closed), where=pairs > 0)


def transitivity(matrix: Matrix) -> float:
    """Return the share in [0, 1] of the pairs of neighbours, over all nodes, that are tied to each other.

    Unweighted; a directed matrix counts as undirected. 0, as in networkx, if no node has two neighbours. Newman,
    Watts and Strogatz (2002, PNAS 99: 2566-2572).

    Raises:
        NetworkError: The matrix is not a network's.

    >>> transitivity(sp.csr_array([[0, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]]))
    0.6
    """
    closed, pairs = _closed_and_all_pairs(matrix)
    return float(closed.sum() / pairs.sum()) if pairs.any() else 0.0


def _closed_and_all_pairs(matrix: Matrix) -> tuple[Values, Values]:
    network = mutual(matrix)
    listed = ranked_ties(network)
    closed, at_tie = np.zeros(listed.nodes), np.zeros(len(listed.first))
    for ab, ac, _ in triangles(listed):
        # Those of one tie ab stand together, in one block: their number counts for both of its ends.
        starts = np.flatnonzero(np.diff(ab, prepend=-1))
        at_tie[ab[starts]] = np.diff(starts, append=len(ab))
        closed += np.bincount(listed.second[ac], minlength=listed.nodes)
    closed += listed.node_sums(at_tie)
    neighbours = np.diff(network.indptr).astype(np.float64)
    return closed, neighbours * (neighbours - 1) / 2


def constraint(matrix: Matrix) -> Values:
    """Return Burt's constraint: how far a node's ties lead, directly or over a third, to the same few contacts.

    The sum over the contacts j of (p_ij + sum over q of p_iq p_qj)^2, where p_ij is the share of the tie in all of
    node i, (a_ij + a_ji) / sum over q of (a_iq + a_qi). Above 0; low means many separate contacts, and it can pass 1
    in small neighbourhoods. Weighted by the entries; give a matrix of ones for unweighted. NaN for an isolate.
    Burt (1992, Structural Holes, Harvard University Press, ch. 2).

    Raises:
        NetworkError: The matrix is not a network's, or an entry is not above 0.

    >>> constraint(sp.csr_array([[0, 1, 1], [1, 0, 0], [1, 0, 0]])).tolist()
    [0.5, 1.0, 1.0]
    """
    listed = ranked_ties(mutual(matrix))
    weight = listed.weight
    strength = listed.node_sums(weight)
    # s_i p_iq p_qj = a_iq a_qj / s_q is the same seen from i and from j, so one number per tie is enough.
    indirect = np.zeros(len(weight))
    for ab, ac, bc in triangles(listed):
        corners = ((bc, ab, ac, listed.first[ab]), (ac, ab, bc, listed.second[ab]), (ab, ac, bc, listed.second[ac]))
        for opposite, first, second, third in corners:
            np.add.at(indirect, opposite, weight[first] * weight[second] / strength[third])
    return _per_contact(listed.node_sums((weight + indirect) ** 2), strength**2)


def effective_size(matrix: Matrix) -> Values:
    """Return Burt's effective size: the number of a node's contacts less what they are redundant with each other.

    The sum over the contacts j of 1 - sum over q of p_iq m_jq, where p_iq is the share of the tie in all of node i and
    m_jq its share in the strongest tie of j, both mutual. Weighted by the entries; of a matrix of ones it is
    Borgatti's n - 2t / n, of n contacts with t ties among them. At least 1 then, at most n. NaN for an isolate.
    Burt (1992, Structural Holes, ch. 2); Borgatti (1997, Connections 20(1): 35-38).

    Raises:
        NetworkError: The matrix is not a network's, or an entry is not above 0.

    >>> effective_size(sp.csr_array([[0, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]])).round(4).tolist()
    [2.3333, 1.0, 1.0, 1.0]
    """
    network = mutual(matrix)
    listed = ranked_ties(network)
    strength = listed.node_sums(listed.weight)
    strongest = np.zeros(listed.nodes)
    np.maximum.at(strongest, listed.first, listed.weight)
    np.maximum.at(strongest, listed.second, listed.weight)
    redundant = np.zeros(listed.nodes)
    for ab, ac, bc in triangles(listed):
        a, b, c = listed.first[ab], listed.second[ab], listed.second[ac]
        w_ab, w_ac, w_bc = listed.weight[ab], listed.weight[ac], listed.weight[bc]
        redundant += np.bincount(a, w_bc * (w_ac / strongest[b] + w_ab / strongest[c]), listed.nodes)
        redundant += np.bincount(b, w_ac * (w_bc / strongest[a] + w_ab / strongest[c]), listed.nodes)
        redundant += np.bincount(c, w_ab * (w_bc / strongest[a] + w_ac / strongest[b]), listed.nodes)
    contacts = np.diff(network.indptr).astype(np.float64)
    return contacts - _per_contact(redundant, strength)


def efficiency(matrix: Matrix) -> Values:
    """Return the effective size as a share of the number of contacts, at most 1; NaN for an isolate.

    Burt (1992, Structural Holes, ch. 2).

    Raises:
        NetworkError: The matrix is not a network's, or an entry is not above 0.

    >>> efficiency(sp.csr_array([[0, 1, 1], [1, 0, 0], [1, 0, 0]])).tolist()
    [1.0, 1.0, 1.0]
    """
    return _per_contact(effective_size(matrix), np.diff(mutual(matrix).indptr).astype(np.float64))


def _per_contact(value: Values, scale: Values) -> Values:
    result: Values = np.full(len(value), np.nan)
    np.divide(value, scale, out=result, where=scale > 0)
    return result


def core_number(matrix: Matrix) -> Values:
    """Return for each node the largest k for which it lies in a k-core: whole numbers, 0 for an isolate.

    In a k-core each node has k neighbours that lie in it too. Unweighted; a directed matrix counts as undirected.
    Seidman (1983, Social Networks 5: 269-287), by peeling (Batagelj and Zaversnik 2003, arXiv cs/0310049) a whole
    layer at a time.

    Raises:
        NetworkError: The matrix is not a network's.

    >>> core_number(sp.csr_array([[0, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]])).tolist()
    [2.0, 2.0, 2.0, 1.0]
    """
    network = mutual(matrix)
    start = network.indptr.astype(np.int64)
    degree = np.diff(start)
    remaining = np.ones(len(degree), dtype=np.bool_)
    result = np.zeros(len(degree))
    # Invariant: ``degree`` counts the remaining neighbours of the remaining nodes, but never less than the level.
    while remaining.any():
        level = degree[remaining].min()
        layer = np.flatnonzero(remaining & (degree == level))
        while len(layer):
            result[layer] = level
            remaining[layer] = False
            count = start[layer + 1] - start[layer]
            entries = np.arange(count.sum()) + np.repeat(start[layer] - np.cumsum(count) + count, count)
            neighbours = network.indices[entries]
            touched, removed = np.unique(neighbours[remaining[neighbours]], return_counts=True)
            degree[touched] = np.maximum(degree[touched] - removed, level)
            layer = touched[degree[touched] == level]
    return result


def brokerage(matrix: Matrix, groups: NDArray[np.integer], *, directed: bool = False) -> dict[str, Values]:
    """Count the pairs that each node brokers between, by role: pairs of its neighbours that have no tie of their own.

    Directed, a pair is ordered: i -> j -> k without i -> k (a tie k -> i does not matter). The broker j is coordinator
    if all three are of one group, itinerant (consultant) if only i and k are of one, gatekeeper if only j and k are,
    representative if only i and j are, liaison if all three differ. Undirected, a pair is unordered and counts once;
    gatekeeper and representative are then the same pairs read from either end, so both hold the same number and
    ``total`` counts them once. A node whose group is unknown is left out, as a broker and as one of a pair: it has 0.
    Unweighted. Gould and Fernandez (1989, Sociological Methodology 19: 89-126).

    Args:
        matrix: Row = source, column = target.
        groups: The group of each node as a whole number, below 0 where it is unknown.
        directed: Whether ties go one way. If not, a tie either way is one.

    Returns:
        The counts by the names in ``ROLES``, and ``total``; raw, since they grow with the square of the degree.

    Raises:
        NetworkError: The matrix is not a network's, or there is not one group per node.

    >>> path = sp.csr_array([[0, 1, 0], [0, 0, 1], [0, 0, 0]])
    >>> counts = brokerage(path, np.array([0, 1, 1]), directed=True)
    >>> {role: count.tolist() for role, count in counts.items() if count.any()}
    {'gatekeeper': [0.0, 1.0, 0.0], 'total': [0.0, 1.0, 0.0]}
    """
    codes = np.asarray(groups)
    if codes.shape != (matrix.shape[0],) or codes.dtype.kind not in "iu":
        message = tr(
            "one whole number per node must name its group: expected {nodes}, got shape {shape}",
            nodes=matrix.shape[0],
            shape=codes.shape,
        )
        raise NetworkError(message)
    grouped = np.flatnonzero(codes >= 0)
    both = mutual(matrix)
    between = sp.csr_array((matrix if directed else both)[grouped][:, grouped])
    arcs = sp.csr_array((np.ones(between.nnz), between.indices, between.indptr), shape=between.shape)
    _, group = np.unique(codes[grouped], return_inverse=True)
    counts = np.zeros((len(ROLES), matrix.shape[0]))
    counts[:, grouped] = _all_pairs(arcs, group) - _closed_pairs(arcs, group, directed=directed)
    if not directed:
        # Both orders of a pair were counted: as gatekeeper and representative once each, in the other roles twice.
        counts[[0, 1, 4]] /= 2
    result = dict(zip(ROLES, counts, strict=True))
    result["total"] = counts.sum(axis=0) if directed else counts.sum(axis=0) - result["representative"]
    return result


def _all_pairs(arcs: Matrix, group: Positions) -> Values:
    """Count the ordered pairs i -> j -> k with i other than k, one row per role, one column per broker j."""
    size = len(group)
    member = sp.csr_array((np.ones(size), (np.arange(size), group)), shape=(size, int(group.max(initial=-1)) + 1))
    sources, targets = sp.csr_array(arcs.T @ member), sp.csr_array(arcs @ member)
    returned = sp.csr_array(arcs * arcs.T)
    own_returned = np.asarray((returned @ member).multiply(member).sum(axis=1), dtype=np.float64)
    other_returned = np.asarray(returned.sum(axis=1), dtype=np.float64) - own_returned
    own_in = np.asarray(sources.multiply(member).sum(axis=1), dtype=np.float64)
    own_out = np.asarray(targets.multiply(member).sum(axis=1), dtype=np.float64)
    other_in = np.asarray(sources.sum(axis=1), dtype=np.float64) - own_in
    other_out = np.asarray(targets.sum(axis=1), dtype=np.float64) - own_out
    same_group = np.asarray(sources.multiply(targets).sum(axis=1), dtype=np.float64) - own_in * own_out
    return np.stack(
        [
            own_in * own_out - own_returned,
            same_group - other_returned,
            other_in * own_out,
            own_in * other_out,
            other_in * other_out - same_group,
        ]
    )


def _closed_pairs(arcs: Matrix, group: Positions, *, directed: bool) -> Values:
    """Count the ordered pairs i -> j -> k that i -> k closes, one row per role, one column per broker j."""
    # An entry is 1 for a tie along the row, plus 2 for one against it: the directions of each tie of a triangle.
    listed = ranked_ties(sp.csr_array(arcs + 2 * arcs.T))
    direction = listed.weight.astype(np.int8)
    along, against = (direction & 1).astype(np.bool_), (direction & 2).astype(np.bool_)
    closed = np.zeros(len(ROLES) * listed.nodes)
    for ab, ac, bc in triangles(listed):
        corners = (listed.first[ab], listed.second[ab], listed.second[ac])
        arc = {(0, 1): along[ab], (1, 0): against[ab], (0, 2): along[ac], (2, 0): against[ac]}
        arc |= {(1, 2): along[bc], (2, 1): against[bc]}
        for i, j, k in _ORDERS if directed else _ORDERS[:3]:
            exists = arc[i, j] & arc[j, k] & arc[i, k] if directed else slice(None)
            source, broker, target = (corners[corner][exists] for corner in (i, j, k))
            role = _role(group[source], group[broker], group[target])
            closed += np.bincount(role * listed.nodes + broker, minlength=len(closed))
    by_role = closed.reshape(len(ROLES), listed.nodes)
    # The other order of an undirected pair swaps gatekeeper and representative.
    return by_role if directed else by_role + by_role[[0, 1, 3, 2, 4]]


_ORDERS = ((0, 1, 2), (1, 0, 2), (0, 2, 1), (2, 1, 0), (2, 0, 1), (1, 2, 0))
"""The corners of a triangle as source, broker and target; the last three reverse the first."""

_ROLE = np.array([4, 3, 2, 4, 1, 4, 4, 0])
"""The position in ``ROLES`` by equal groups: i and j count 1, j and k 2, i and k 4; two of these imply the third."""


def _role(source: Positions, broker: Positions, target: Positions) -> Positions:
    equal: Positions = (source == broker) + 2 * (broker == target) + 4 * (source == target)
    return _ROLE[equal]
