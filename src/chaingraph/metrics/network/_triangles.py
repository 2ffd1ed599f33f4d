"""The only place where triangles are listed: three nodes tied to each other, each once, in blocks of bounded memory.

A tie points from its end of fewer neighbours to that of more, so that no node has many ties that leave it, and a
hub's pairs of neighbours need not be gone through (Chiba and Nishizeki 1985, SIAM J. Comput. 14: 210-223).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from chaingraph.arrays import Matrix
from chaingraph.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Places = NDArray[np.int64]
    Values = NDArray[np.float64]

_PAIRS = 2**17
_CELLS = 2**21
_ROWS = 16


def mutual(matrix: Matrix) -> Matrix:
    """Return the symmetric matrix of the mutual weights a_ij + a_ji, so twice the matrix if it was symmetric.

    Raises:
        NetworkError: The matrix is not square, has a diagonal, or an entry that is not a finite number above 0.

    >>> mutual(sp.csr_array([[0.0, 2.0], [1.0, 0.0]])).toarray().tolist()
    [[0.0, 3.0], [3.0, 0.0]]
    """
    if matrix.shape[0] != matrix.shape[1]:
        message = (
            f"the matrix of a network has a row and a column a node, this one has {matrix.shape}; project it first"
        )
        raise NetworkError(message)
    if not (np.isfinite(matrix.data) & (matrix.data > 0)).all():
        message = "a tie weighs 0, less, or no finite number; leave such ties out, or weigh all ties alike"
        raise NetworkError(message)
    if matrix.diagonal().any():
        message = "a node is tied to itself; leave such ties out, as adjacency() does"
        raise NetworkError(message)
    weight = matrix.astype(np.float64)
    both = sp.csr_array(weight + weight.T)
    both.sort_indices()
    return both


@dataclass(frozen=True)
class Ties:
    """The ties of an undirected network, each once, sorted by the rank of their ends; ``ties`` makes them."""

    nodes: int
    first: Places
    """The node of lower rank, a position in the matrix; a rank orders nodes by their number of neighbours."""
    second: Places
    """The node of higher rank."""
    weight: Values
    """The matrix entry in row ``first``, column ``second``."""
    tail: Places
    """The rank of ``first``."""
    head: Places
    """The rank of ``second``."""
    start: Places
    """Where the ties from each rank start: ``start[r]`` to ``start[r + 1]``."""

    def node_sums(self, per_tie: Values) -> Values:
        """Sum a value of each tie at both of its ends."""
        sums = np.bincount(self.first, per_tie, self.nodes) + np.bincount(self.second, per_tie, self.nodes)
        return sums.astype(np.float64)


def ties(matrix: Matrix) -> Ties:
    """Return the ties of a symmetric matrix, each once.

    >>> path = ties(sp.csr_array([[0.0, 1, 0], [1, 0, 5], [0, 5, 0]]))
    >>> path.first.tolist(), path.second.tolist(), path.weight.tolist()
    ([0, 2], [1, 1], [1.0, 5.0])
    """
    size = matrix.shape[0]
    neighbours = np.diff(matrix.indptr).astype(np.int64)
    order = np.argsort(neighbours, kind="stable")
    rank = np.empty(size, dtype=np.int64)
    rank[order] = np.arange(size)
    row, column = np.repeat(rank, neighbours), rank[matrix.indices]
    once = np.flatnonzero(row < column)
    ranked = sp.csr_array((matrix.data[once].astype(np.float64), (row[once], column[once])), shape=matrix.shape)
    ranked.sort_indices()
    start, head = ranked.indptr.astype(np.int64), ranked.indices.astype(np.int64)
    tail = np.repeat(np.arange(size), np.diff(start))
    return Ties(size, order[tail], order[head], ranked.data, tail, head, start)


def triangles(listed: Ties) -> Iterator[tuple[Places, Places, Places]]:
    """Yield every triangle once, in blocks, as the places of its three ties in ``listed``.

    Of the corners a, b and c in the order of their rank these are the ties ab, ac and bc; so ``first[ab]``,
    ``second[ab]`` and ``second[ac]`` are the corners. The work grows with the pairs of ties that leave one node, not
    with the squares of the degrees. Memory: some 30 MB beside a few numbers a tie, or, from 130,000 nodes on, 64 bytes
    a node.

    >>> square = sp.csr_array([[0.0, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 1], [1, 0, 1, 0]])
    >>> all_ties = ties(square)
    >>> [(all_ties.first[ab].tolist(), all_ties.second[ac].tolist()) for ab, ac, bc in triangles(all_ties)]
    [([1, 3], [2, 2])]
    """
    # The pairs to look up: for a tie ab each later tie ac from a. Sorted by b, a block needs the ties from few b only,
    # and a dense table of these tells where the tie bc stands.
    leaving = np.diff(listed.start)
    shape = (listed.nodes, listed.nodes)
    middle = sp.csr_array((np.arange(len(listed.head)), listed.head, listed.start), shape=shape).tocsc().data
    later = listed.start[listed.tail[middle] + 1] - middle - 1
    useful = np.flatnonzero((later > 0) & (leaving[listed.head[middle]] > 0))
    middle, later = middle[useful], later[useful]
    corner = listed.head[middle]
    total = np.concatenate([[0], np.cumsum(later)])
    rows = min(max(_CELLS // max(listed.nodes, 1), _ROWS), listed.nodes)
    # Half the size is soon in the cache; places go beyond 32 bits only in networks beyond any memory of today.
    table = np.full(rows * listed.nodes, -1, dtype=np.int32 if len(listed.head) < 2**31 else np.int64)
    begin = 0
    while begin < len(middle):
        lowest = corner[begin]
        by_pairs = np.searchsorted(total, total[begin] + _PAIRS, side="right") - 1
        end = max(begin + 1, int(min(by_pairs, np.searchsorted(corner, lowest + rows))))
        own = np.arange(listed.start[lowest], listed.start[corner[end - 1] + 1])
        cells = (listed.tail[own] - lowest) * listed.nodes + listed.head[own]
        table[cells] = own
        count = later[begin:end]
        ab = np.repeat(middle[begin:end], count)
        ac = np.arange(total[begin], total[end]) + np.repeat(middle[begin:end] + 1 - total[begin:end], count)
        bc = table[listed.head[ac] + np.repeat((corner[begin:end] - lowest) * listed.nodes, count)]
        table[cells] = -1
        closed = np.flatnonzero(bc >= 0)
        if len(closed):
            yield ab[closed], ac[closed], bc[closed].astype(np.int64)
        begin = end
