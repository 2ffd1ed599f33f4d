"""Layer assignment: the layer of each unit of a chain, by its ties and segments."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

Pair = tuple[int, int]

_SAME_LAYER, _SEGMENT, _LEFT = 2.0, 5.0, 1e-3
"""Prices of a layer between two units that should be in one, of a layer outside the band, and of any layer."""


class Preferences(NamedTuple):
    """What layers should come near to: pairs in one layer, and the band (0, 1 or 2) of units with a segment."""

    same_layer: list[Pair]
    segments: dict[int, int]


def layer_assignment(
    count: int, ties: list[Pair], preferences: Preferences
) -> tuple[NDArray[np.int64], dict[int, tuple[int, int]]]:
    """Return the layer of each unit, and the first and last layer of each band that has units.

    Every tie leads at least one layer on. Under that condition the sum of the ties' lengths is least (Gansner et al.
    1993, IEEE TSE 19: 214-230), with a price on each unit outside its band and on each layer between what should be in
    one. It is a linear programme of differences, so its vertices are whole numbers.

    Args:
        count: The number of units.
        ties: Pairs (tail, head) without a cycle.
        preferences: What layers should come near to, besides.

    Example:
        >>> layer_assignment(4, [(0, 1), (1, 2), (0, 2)], Preferences([(3, 2)], {}))[0].tolist()
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

    for one, other in preferences.same_layer:
        later(one, other, 0, 2 * _SAME_LAYER)
        costs[one] -= _SAME_LAYER
        costs[other] -= _SAME_LAYER
    for unit, segment in sorted(preferences.segments.items()):
        if segment < 2:
            # At most the layer before the next band: the price is on how far the unit is beyond the edge of the band.
            edge = (second, third)[segment]
            later(edge, unit, 1, _SEGMENT)
            costs[edge] -= _SEGMENT
        if segment > 0:
            later(unit, (second, third)[segment - 1], 0, _SEGMENT)
            costs[unit] -= _SEGMENT
    values = _solution(costs, rows)[: count + 2]
    # Layers without a unit are dropped.
    numbers, layer = np.unique(values[:count], return_inverse=True)
    edges = np.searchsorted(numbers, values[count:])
    return layer.astype(np.int64), _bands(layer, edges, preferences.segments, len(numbers))


def _solution(costs: list[float], rows: list[tuple[int, int, int]]) -> NDArray[np.int64]:
    """The values, at least 0, of least cost with values[first] + ahead <= values[other] for each row."""
    first, other, ahead = np.array(rows, dtype=np.int64).T
    number = np.arange(len(rows))
    signs = np.concatenate([np.ones(len(rows)), -np.ones(len(rows))])
    matrix = sp.csr_array(
        (signs, (np.concatenate([number, number]), np.concatenate([first, other]))), shape=(len(rows), len(costs))
    )
    constraints: Any = matrix  # scipy takes sparse matrices here, its stubs do not know it
    solution = linprog(costs, A_ub=constraints, b_ub=-ahead, bounds=(0, None), method="highs-ds")
    return np.rint(np.asarray(solution.x, dtype=np.float64)).astype(np.int64)


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
