"""Sums over memberships: products of the incidence matrix with vectors, and sums over sampled distances.

Idea: the ones of an incidence matrix need no memory if its products are taken block by block, each with the same vector
of ones. Invariant: whatever the block, a product is the same sum in the same order.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from chaingraph.metrics.network._search import Sums

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from chaingraph.arrays import Affiliation, Matrix

    Integers = NDArray[np.int64]
    Values = NDArray[np.float64]

_BLOCK = 2**20


class Products:
    """The products of an affiliation's incidence matrix, and of its transpose, with vectors."""

    def __init__(self, affiliation: Affiliation) -> None:
        self._by_member, self.by_event = affiliation.incidence, affiliation.by_event

    @cached_property
    def event_sizes(self) -> Integers:
        """The number of members of each event."""
        return np.diff(self.by_event.indptr).astype(np.int64)

    def of_events(self, vector: Values) -> Values:
        """Return for each member the sum of a value over its events."""
        return _product(self._by_member, vector)

    def of_members(self, vector: Values) -> Values:
        """Return for each event the sum of a value over its members."""
        return _product(self.by_event, vector)

    def hops(self) -> list[Matrix]:
        """Return the steps from members to events and back, as the search by words takes them."""
        return [_booleans(self.by_event), _booleans(self._by_member)]

    def components(self) -> NDArray[np.int32]:
        """Return for each member the position of the first member of its component.

        Idea: members take over the least position among those that they share an event with, and so does the member
        at whose position they are, so that long chains end in few rounds (Shiloach and Vishkin 1982, J. Algorithms 3:
        57-67). scipy's search takes three times the memory, since it copies the matrix with numbers of 8 bytes.
        """
        least = np.arange(self._by_member.shape[0], dtype=np.int32)
        while True:
            before = least.copy()
            near = np.minimum(_minima(self._by_member, _minima(self.by_event, least)), least)
            np.minimum.at(near, before, near.copy())
            while (near[near] < near).any():
                near = near[near]
            least = near
            if np.array_equal(before, least):
                return least


def _minima(matrix: Matrix, values: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return for each row the least of the values at its columns; the largest number of 32 bits in an empty row."""
    result = np.full(matrix.shape[0], np.iinfo(np.int32).max, dtype=np.int32)
    lengths = np.diff(matrix.indptr)
    for start, stop in blocks_of_rows(matrix.indptr[1:], _BLOCK):
        rows = start + np.flatnonzero(lengths[start:stop])
        if len(rows):
            first = matrix.indptr[start]
            columns = matrix.indices[first : matrix.indptr[stop]]
            result[rows] = np.minimum.reduceat(values[columns], matrix.indptr[rows] - first)
    return result


def _product(matrix: Matrix, vector: Values) -> Values:
    """Return the product of a matrix of ones with a vector, as if all of its entries were 1."""
    result = np.empty(matrix.shape[0])
    starts = matrix.indptr
    for start, stop in blocks_of_rows(starts[1:], _BLOCK):
        first, last = int(starts[start]), int(starts[stop])
        block = sp.csr_array(
            (np.ones(last - first), matrix.indices[first:last], starts[start : stop + 1] - starts[start]),
            shape=(stop - start, matrix.shape[1]),
        )
        result[start:stop] = block @ vector
    return result


def blocks_of_rows(ends: NDArray[np.number], most: int) -> Iterator[tuple[int, int]]:
    """Split rows into runs of at most so many entries, or of one row.

    Args:
        ends: For each row how many entries it and those before it have.
        most: How many entries a run may have.

    >>> list(blocks_of_rows(np.array([3, 4, 5, 20]), 5))
    [(0, 3), (3, 4)]
    """
    start = 0
    while start < len(ends):
        before = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + most, side="right")))
        yield start, stop
        start = stop


def _booleans(matrix: Matrix) -> Matrix:
    """Return a matrix of ones as booleans, its bytes shared where they are of one byte each."""
    ones = matrix.data.view(np.bool_) if matrix.data.itemsize == 1 else np.ones(matrix.nnz, dtype=np.bool_)
    return sp.csr_array((ones, matrix.indices, matrix.indptr), shape=matrix.shape)


class SampledSums(Sums):
    """Sums over the distances from sampled sources to each node, and over their squares."""

    def __init__(self, size: int) -> None:
        self._count = np.zeros(size, dtype=np.uint32)
        self._total, self._squares, self._inverses, self._inverse_squares = (np.zeros(size) for _ in range(4))

    def add(self, rows: Integers, count: Integers, level: int) -> None:
        """Count so many sources at one distance from each of the rows."""
        self._count[rows] += count.astype(np.uint32)
        self._total[rows] += count * level
        self._squares[rows] += count * level**2
        self._inverses[rows] += count / level
        self._inverse_squares[rows] += count / level**2

    def harmonic(self, sources: Integers) -> tuple[Values, Values]:
        """Return harmonic centrality and its standard error: the mean over the sources, without the node itself."""
        size = len(self._count)
        others = np.full(size, float(len(sources)))
        others[sources] -= 1
        others = np.maximum(others, 1)
        mean = self._inverses / others
        variance = np.maximum(self._inverse_squares / others - mean**2, 0) / np.maximum(others - 1, 1)
        return mean, np.sqrt(variance * (1 - others / max(size - 1, 1)))

    def closeness(self, sources: int, others: Integers) -> tuple[Values, Values]:
        """Return closeness and its standard error, from how many others each node reaches; NaN where no source does."""
        size, known = len(self._count), self._count > 0
        count = np.where(known, self._count, 1)
        mean = self._total / count
        values = np.full(size, np.nan)
        np.divide(others / max(size - 1, 1), mean, out=values, where=known)
        values[others == 0] = 0
        variance = np.maximum(self._squares / count - mean**2, 0) * count / np.maximum(count - 1, 1)
        error = np.sqrt(variance / count * np.maximum(1 - sources / max(size, 1), 0))
        relative = np.divide(error, mean, out=np.zeros(size), where=mean > 0)
        return values, values * relative
