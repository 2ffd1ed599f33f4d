"""The triangles of a network: three nodes tied to each other, each triangle once, in blocks of bounded memory.

Idea: a tie points from its end of fewer neighbours to that of more, so that few ties leave any node, and the pairs of
neighbours of a hub need not all be looked at (Chiba and Nishizeki 1985, SIAM J. Comput. 14: 210-223). Invariant: each
triangle has one corner of lowest rank, and is listed there only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from chaingraph.arrays import Matrix
from chaingraph.errors import NetworkError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Positions = NDArray[np.int64]
    Values = NDArray[np.float64]


def mutual(matrix: Matrix) -> Matrix:
    """Return the symmetric matrix of the mutual weights a_ij + a_ji, so twice the matrix if it was symmetric.

    Raises:
        NetworkError: The matrix is not square, has a diagonal, or an entry that is not a finite number above 0.

    >>> mutual(sp.csr_array([[0.0, 2.0], [1.0, 0.0]])).toarray().tolist()
    [[0.0, 3.0], [3.0, 0.0]]
    """
    if matrix.shape[0] != matrix.shape[1]:
        message = tr(
            "the matrix of a network has a row and a column per node, this one has {shape}; project it first",
            shape=matrix.shape,
        )
        raise NetworkError(message)
    if not (np.isfinite(matrix.data) & (matrix.data > 0)).all():
        message = tr("a tie weighs 0, less, or no finite number; leave such ties out, or weigh all ties alike")
        raise NetworkError(message)
    if matrix.diagonal().any():
        message = tr("a node is tied to itself; leave such ties out, as adjacency() does")
        raise NetworkError(message)
    weight = matrix.astype(np.float64)
    both = sp.csr_array(weight + weight.T)
    both.sort_indices()
    return both


@dataclass(frozen=True)
class Ties:
    """The ties of an undirected network, each once, sorted by the rank of their ends; see ``ranked_ties``."""

    nodes: int
    first: Positions
    """The node of lower rank, a position in the matrix; a rank orders nodes by their number of neighbours."""
    second: Positions
    """The node of higher rank."""
    weight: Values
    """The matrix entry in row ``first``, column ``second``."""
    tail: Positions
    """The rank of ``first``."""
    head: Positions
    """The rank of ``second``."""
    start: Positions
    """The ties from rank r are those from ``start[r]`` to ``start[r + 1]``."""

    def node_sums(self, per_tie: Values) -> Values:
        """Sum a value of each tie at both of its ends."""
        sums = np.bincount(self.first, per_tie, self.nodes) + np.bincount(self.second, per_tie, self.nodes)
        return sums.astype(np.float64)


def ranked_ties(matrix: Matrix) -> Ties:
    """Return the ties of a symmetric matrix, each once.

    >>> path = ranked_ties(sp.csr_array([[0.0, 1, 0], [1, 0, 5], [0, 5, 0]]))
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


def triangles(
    ties: Ties, *, pairs: int = 2**17, cells: int = 2**21, least_rows: int = 16
) -> Iterator[tuple[Positions, Positions, Positions]]:
    """Yield every triangle once, in blocks, as the positions of its three ties.

    Of the corners a, b and c in the order of their rank these are the ties ab, ac and bc; so ``first[ab]``,
    ``second[ab]`` and ``second[ac]`` are the corners. The work grows with the pairs of ties that leave one node, not
    with the squares of the degrees. Memory: some 30 MB beside a few numbers per tie, or, from 130,000 nodes on, 64
    bytes per node.

    Args:
        ties: Of ``ranked_ties``.
        pairs: How many pairs of ties a block looks up.
        cells: How many cells the lookup table of a block has.
        least_rows: The table has at least so many rows, whatever ``cells`` says.

    >>> square = sp.csr_array([[0.0, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 1], [1, 0, 1, 0]])
    >>> all_ties = ranked_ties(square)
    >>> [(all_ties.first[ab].tolist(), all_ties.second[ac].tolist()) for ab, ac, bc in triangles(all_ties)]
    [([1, 3], [2, 2])]
    """
    # The pairs to look up: for a tie ab each later tie ac from a. Sorted by b, a block needs the ties from few b only,
    # and a dense table of these has the position of the tie bc, -1 where there is none.
    leaving = np.diff(ties.start)
    shape = (ties.nodes, ties.nodes)
    middle = sp.csr_array((np.arange(len(ties.head)), ties.head, ties.start), shape=shape).tocsc().data
    later = ties.start[ties.tail[middle] + 1] - middle - 1
    useful = np.flatnonzero((later > 0) & (leaving[ties.head[middle]] > 0))
    middle, later = middle[useful], later[useful]
    corner = ties.head[middle]
    total = np.concatenate([[0], np.cumsum(later)])
    rows = min(max(cells // max(ties.nodes, 1), least_rows), ties.nodes)
    # 32 bits halve the table, which then fits a cache; positions beyond them need more memory than machines have.
    table = np.full(rows * ties.nodes, -1, dtype=np.int32 if len(ties.head) < 2**31 else np.int64)
    begin = 0
    while begin < len(middle):
        lowest = corner[begin]
        by_pairs = np.searchsorted(total, total[begin] + pairs, side="right") - 1
        end = max(begin + 1, int(min(by_pairs, np.searchsorted(corner, lowest + rows))))
        own = np.arange(ties.start[lowest], ties.start[corner[end - 1] + 1])
        filled = (ties.tail[own] - lowest) * ties.nodes + ties.head[own]
        table[filled] = own
        count = later[begin:end]
        ab = np.repeat(middle[begin:end], count)
        ac = np.arange(total[begin], total[end]) + np.repeat(middle[begin:end] + 1 - total[begin:end], count)
        bc = table[ties.head[ac] + np.repeat((corner[begin:end] - lowest) * ties.nodes, count)]
        table[filled] = -1
        closed = np.flatnonzero(bc >= 0)
        if len(closed):
            yield ab[closed], ac[closed], bc[closed].astype(np.int64)
        begin = end
