"""Distances: how far each node is from all others, exactly, and the measures made of the sums of these distances."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chaingraph.arrays import Matrix
from chaingraph.errors import NetworkError
from chaingraph.messages import tr
from chaingraph.metrics.network._search import (
    TUNING,
    Sums,
    Tuning,
    blocks,
    hops_of_memberships,
    hops_of_ties,
    ordered_classes,
    reversed_network,
    search_by_scipy,
    search_by_words,
    ticker,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Values = NDArray[np.float64]


class Distances(NamedTuple):
    """Sums over the distances from each node to the nodes that it reaches; a distance counts ties.

    ``reached`` is their number, ``total`` the sum of the distances, ``inverse`` the sum of 1 / distance, ``greatest``
    the largest distance, 0 where it reaches none.
    """

    reached: NDArray[np.int64]
    total: NDArray[np.int64]
    inverse: NDArray[np.float64]
    greatest: NDArray[np.int64]


class WeightedDistances(NamedTuple):
    """The same sums as ``Distances``, in the unit of the ties' lengths."""

    reached: NDArray[np.int64]
    total: NDArray[np.float64]
    inverse: NDArray[np.float64]
    greatest: NDArray[np.float64]


def distances(
    matrix: Matrix,
    *,
    incidence: Matrix | None = None,
    report: Callable[[str], None] | None = None,
    tuning: Tuning = TUNING,
) -> Distances:
    """Return for each node how many others it reaches, how far they are in sum, and how far the farthest is.

    Exact and unweighted. Directed ties are followed from row to column; transpose the matrix to look inwards.
    Where paths grow so long that the words stay nearly empty, scipy's search takes over. Memory: a few copies of the
    input, about 300 bytes per node, and at most about 150 MB.

    Args:
        matrix: Shape (n, n), nonzero where there is a tie, no diagonal.
        incidence: The memberships that ``matrix`` was projected from, shape (n, consortia), nonzero = member. The
            result is the same and comes sooner; of ``matrix`` only the number of nodes is then read.
        report: Called with a line of progress, a few times a second once two seconds have passed.
        tuning: Time and memory.

    Raises:
        NetworkError: The matrix is not square, or the incidence has another number of rows.

    >>> from scipy.sparse import csr_array
    >>> distances(csr_array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])).total.tolist()
    [3, 2, 3]
    """
    size = _size(matrix)
    if incidence is not None and incidence.shape[0] != size:
        message = tr(
            "the incidence has {shape} rows and the network {size} nodes; give one row per node",
            shape=incidence.shape[0],
            size=size,
        )
        raise NetworkError(message)
    class_of, hops = hops_of_ties(matrix) if incidence is None else hops_of_memberships(incidence)
    class_of, hops, component = ordered_classes(class_of, hops)
    multiplicity = np.bincount(class_of)
    sums, tick = Sums(len(multiplicity)), ticker(report, size, tuning)
    words = max(1, min(tuning.words, tuning.state_bytes // (8 * max(1, *(hop.shape[0] for hop in hops)))))
    for nodes, sources in blocks(multiplicity, 64 * words):
        level = search_by_words(hops, component, sources, sums, nodes, tuning)
        if level is None:
            tick(len(sources) * nodes)
        else:
            search_by_scipy(reversed_network(hops), sources, sums, tick, tuning, nodes, len(hops), level)
    # The members of a class are tied to each other.
    sums.add(np.arange(len(multiplicity)), multiplicity - 1, 1)
    reached, total, greatest = (part.astype(np.int64)[class_of] for part in (sums.reached, sums.total, sums.greatest))
    return Distances(reached, total, sums.inverse()[class_of], greatest)


def weighted_distances(
    matrix: Matrix, *, report: Callable[[str], None] | None = None, tuning: Tuning = TUNING
) -> WeightedDistances:
    """Return the sums of ``distances`` for ties that have lengths: an entry of the matrix is a length, not a strength.

    Dijkstra's search (1959, Numer. Math. 1: 269-271) from every node; directed ties are followed from row to column.
    Memory: at most about 100 MB beside the input.

    Raises:
        NetworkError: The matrix is not square, or a length is not a finite number above 0.

    >>> from scipy.sparse import csr_array
    >>> weighted_distances(csr_array([[0, 2.0, 0], [2.0, 0, 3.0], [0, 3.0, 0]])).total.tolist()
    [7.0, 5.0, 8.0]
    """
    size = _size(matrix)
    wrong = matrix.data[~((matrix.data > 0) & np.isfinite(matrix.data))]
    if len(wrong):
        message = tr(
            "a tie has the length {length}, expected a finite number above 0; turn strengths into lengths",
            length=wrong[0],
        )
        raise NetworkError(message)
    sums = Sums(size)
    backwards = matrix.T.tocsr().astype(np.float64)
    search_by_scipy(backwards, np.arange(size), sums, ticker(report, size, tuning), tuning)
    return WeightedDistances(sums.reached.astype(np.int64), sums.total, sums.inverse(), sums.greatest)


def closeness(sums: Distances | WeightedDistances) -> Values:
    """Return (r / d) * (r / (n - 1)) for a node that reaches r others at summed distance d, 0 where it reaches none."""
    reached = sums.reached.astype(np.float64)
    per_step = np.divide(reached, sums.total, out=np.zeros(len(reached)), where=reached > 0)
    return np.asarray(per_step * reached / max(len(reached) - 1, 1), dtype=np.float64)


def harmonic(sums: Distances | WeightedDistances) -> Values:
    """Return the mean of 1 / distance to all others; unreached others count 0, a single node has 0."""
    return sums.inverse / max(len(sums.inverse) - 1, 1)


def eccentricity(sums: Distances | WeightedDistances) -> Values:
    """Return each node's largest distance to a node that it reaches; NaN where it reaches none."""
    return np.where(sums.reached > 0, sums.greatest, np.nan).astype(np.float64)


def diameter(sums: Distances | WeightedDistances) -> float:
    """Return the largest distance between two nodes one of which reaches the other; NaN without ties."""
    return float(sums.greatest.max()) if sums.reached.any() else float("nan")


def mean_distance(sums: Distances | WeightedDistances) -> float:
    """Return the mean distance over the ordered pairs of which the first reaches the second; NaN without ties."""
    return float(sums.total.sum() / sums.reached.sum()) if sums.reached.any() else float("nan")


def _size(matrix: Matrix) -> int:
    rows, columns = matrix.shape
    if rows != columns:
        message = tr(
            "the matrix has {rows} rows and {columns} columns; give one row and one column per node",
            rows=rows,
            columns=columns,
        )
        raise NetworkError(message)
    return int(rows)
