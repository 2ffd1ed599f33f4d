"""Lengths as whole numbers, so that two paths of the same length have the same sum, in whatever order it is added up.

Added up as they are, 1/3 + 1/3 + 1/3 and 1/2 + 1/2 differ by rounding, and one of two equally long paths is lost.
"""

from __future__ import annotations

import heapq
import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components, dijkstra

from chaingraph.errors import NetworkError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chaingraph.arrays import Matrix

    Values = NDArray[np.float64]

EXACT_FLOAT = 2**52
"""Up to twice this size a float holds every whole number; half of it is left for the rounding of the bound itself."""
MOST_STEPS = 2e8
"""The nodes times the ties above which a search in numbers of any size is refused: some minutes."""
_SIMPLE = 10**6
_ROUNDING = 1e-14


def whole_lengths(lengths: Values) -> list[int]:
    """Return the smallest whole numbers in the proportion of some lengths.

    A length within rounding of a fraction of a denominator up to a million is that fraction, and any other the decimal
    number that it prints as.

    >>> whole_lengths(np.array([1 / 3, 0.5, 0.1, 0.1 + 0.2]))
    [10, 15, 3, 9]
    """
    distinct, position = np.unique(lengths, return_inverse=True)
    fractions = [_fraction(length) for length in distinct.tolist()]
    scale = math.lcm(*(fraction.denominator for fraction in fractions))
    whole = [int(fraction * scale) for fraction in fractions]
    divisor = math.gcd(*whole)
    return [whole[place] // divisor for place in position.tolist()]


def _fraction(length: float) -> Fraction:
    simple = Fraction(length).limit_denominator(_SIMPLE)
    return simple if abs(float(simple) - length) <= _ROUNDING * length else Fraction(repr(length))


def fit_floats(matrix: Matrix, whole: list[int], *, directed: bool) -> bool:
    """Tell whether floats hold all sums that a search for the shortest paths over these whole lengths can come to.

    A path has fewer ties than there are nodes. Without directions, no shortest path is longer than twice the farthest
    way from one node of its component, and a search tries one tie more.
    """
    longest, size = max(whole, default=0), matrix.shape[0]
    if longest * size < EXACT_FLOAT:
        return True
    if directed or longest >= EXACT_FLOAT:
        return False
    _, component = connected_components(matrix, directed=False)
    scaled = sp.csr_array((np.array(whole, dtype=np.float64), matrix.indices, matrix.indptr), shape=matrix.shape)
    farthest = dijkstra(scaled, directed=False, indices=np.unique(component, return_index=True)[1])
    return bool(2 * farthest[np.isfinite(farthest)].max(initial=0.0) + longest < EXACT_FLOAT)


def dependencies_over_lengths(matrix: Matrix, whole: list[int], *, directed: bool) -> Values:
    """Return the dependencies on each node, summed over all ordered pairs, in whole numbers of any size.

    The search of Brandes (2001, J. Math. Sociol. 25: 163-177).

    Args:
        matrix: The ties, row to column.
        whole: The length of each entry.
        directed: Whether a tie leads from row to column only; else the matrix is symmetric.

    Raises:
        NetworkError: It would take more than some minutes.
    """
    size = matrix.shape[0]
    if size * len(whole) > MOST_STEPS:
        message = tr(
            "the lengths of the {count:,} ties have no common measure that numbers of 16 digits can "
            "count, and comparing them exactly would take too long for a network of this size; round "
            "the weights or lengths to fewer digits, or leave out the distance",
            count=len(whole) if directed else len(whole) // 2,
        )
        raise NetworkError(message)
    ties: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    entries = matrix.tocoo()
    for row, column, length in zip(entries.row.tolist(), entries.col.tolist(), whole, strict=True):
        ties[row].append((column, length))
    total = np.zeros(size)
    for source in range(size):
        _add_dependencies(ties, source, total)
    return total


def _add_dependencies(ties: list[list[tuple[int, int]]], source: int, total: Values) -> None:
    """Add to the total what the shortest paths from one source pass."""
    distance = {source: 0}
    paths = dict.fromkeys(range(len(ties)), 0.0) | {source: 1.0}
    before: dict[int, list[int]] = {source: []}
    queue, order, visited = [(0, source)], [], set()
    while queue:
        length, node = heapq.heappop(queue)
        if node in visited:
            continue
        visited.add(node)
        order.append(node)
        paths[node] += sum(paths[previous] for previous in before[node])
        for neighbour, step in ties[node]:
            further = length + step
            if neighbour not in distance or further < distance[neighbour]:
                distance[neighbour], before[neighbour] = further, [node]
                heapq.heappush(queue, (further, neighbour))
            elif further == distance[neighbour]:
                before[neighbour].append(node)
    dependency = dict.fromkeys(order, 0.0)
    for node in reversed(order):
        for previous in before[node]:
            dependency[previous] += paths[previous] / paths[node] * (1 + dependency[node])
        if node != source:
            total[node] += dependency[node]
