"""Which layer each part of a chain stands in: the only place that weighs ties against segments."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

Pair = tuple[int, int]

_BESIDE, _SEGMENT, _LEFT = 2.0, 5.0, 1e-3


class Wishes(NamedTuple):
    """What a layering should come near to: what stands in one layer, and what in the first, second or third band."""

    beside: list[Pair]
    segments: dict[int, int]


def ranked(count: int, ties: list[Pair], wishes: Wishes) -> tuple[NDArray[np.int64], dict[int, tuple[int, int]]]:
    """Return the layer of each unit, and the first and last layer of each band that has units.

    Every tie leads at least one layer on. Under that condition the sum of the ties' lengths is least (Gansner et al.
    1993, IEEE TSE 19: 214-230), with a price on each unit outside its band and on each layer between what should stand
    in one. It is a linear programme of differences, so its vertices are whole numbers.

    Args:
        count: The number of units.
        ties: Pairs (tail, head) without a cycle.
        wishes: What is wished beside that.

    Example:
        >>> ranked(4, [(0, 1), (1, 2), (0, 2)], Wishes([(3, 2)], {}))[0].tolist()
        [0, 1, 2, 2]
    """
    second, third = count, count + 1
    costs = [_LEFT] * (count + 2)
    rows: list[tuple[int, int, int]] = [(second, third, 0)]
    for tail, head in ties:
        rows.append((tail, head, 1))
        costs[tail] -= 1
        costs[head] += 1

    def later(first: int, other: int, ahead: int, price: float) -> int:
        """A priced variable that is at least the first one and, so many layers ahead, the other."""
        costs.append(price)
        rows.extend([(first, len(costs) - 1, 0), (other, len(costs) - 1, ahead)])
        return len(costs) - 1

    for one, other in wishes.beside:
        later(one, other, 0, 2 * _BESIDE)
        costs[one] -= _BESIDE
        costs[other] -= _BESIDE
    for unit, segment in sorted(wishes.segments.items()):
        if segment < 2:
            # At most the layer before the next band: the price is on how far the band's edge is behind the unit.
            edge = (second, third)[segment]
            later(edge, unit, 1, _SEGMENT)
            costs[edge] -= _SEGMENT
        if segment > 0:
            later(unit, (second, third)[segment - 1], 0, _SEGMENT)
            costs[unit] -= _SEGMENT
    found = _solved(costs, rows)[: count + 2]
    layers = found[:count]
    kept, layer = np.unique(layers, return_inverse=True)
    edges = np.searchsorted(kept, found[count:])
    return layer.astype(np.int64), _bands(layer, edges, wishes.segments, len(kept))


def _solved(costs: list[float], rows: list[tuple[int, int, int]]) -> NDArray[np.int64]:
    """The values, at least 0, of least cost with values[first] + ahead <= values[other] for each row."""
    first, other, ahead = np.array(rows, dtype=np.int64).T
    number = np.arange(len(rows))
    signs = np.concatenate([np.ones(len(rows)), -np.ones(len(rows))])
    matrix = sp.csr_array(
        (signs, (np.concatenate([number, number]), np.concatenate([first, other]))), shape=(len(rows), len(costs))
    )
    needs: Any = matrix  # scipy takes sparse matrices here, its stubs do not know it
    found = linprog(costs, A_ub=needs, b_ub=-ahead, bounds=(0, None), method="highs-ds")
    return np.rint(np.asarray(found.x, dtype=np.float64)).astype(np.int64)


def _bands(
    layer: NDArray[np.int64], edges: NDArray[np.int64], segments: dict[int, int], layers: int
) -> dict[int, tuple[int, int]]:
    """The first and last layer of each band that has units."""
    limits = [0, *edges.tolist(), layers]
    return {
        segment: (limits[segment], limits[segment + 1] - 1)
        for segment in sorted(set(segments.values()))
        if limits[segment] < limits[segment + 1]
    }
