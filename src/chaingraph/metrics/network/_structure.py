"""Kernels of the structure of a network: components, cut points and bridges, core and periphery, assortativity."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse.csgraph import connected_components

from chaingraph.arrays import Matrix
from chaingraph.metrics.network._partition import by_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Positions = NDArray[np.int64]


def component_labels(matrix: Matrix) -> Positions:
    """Return the component of each node as a number, 0 for the largest; a directed matrix counts as undirected."""
    return by_size(connected_components(matrix, directed=False)[1])


def cut_points_and_bridges(matrix: Matrix) -> tuple[Positions, Positions]:
    """Return the nodes and the ties without which their component falls apart, as positions, sorted.

    Hopcroft and Tarjan (1973, Commun. ACM 16: 372-378), by networkit, in time linear in the ties. A bridge is a row
    with the lower position first.

    Args:
        matrix: Symmetric, nonzero where there is a tie, no diagonal.
    """
    from chaingraph.metrics.network._networkit import networkit

    if matrix.nnz == 0:
        return np.zeros(0, dtype=np.int64), np.zeros((0, 2), dtype=np.int64)
    nk = networkit()
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    upper = np.flatnonzero(row < matrix.indices)
    ends = row[upper].astype(np.uint64), matrix.indices[upper].astype(np.uint64)
    # The graph needs a name: networkit's search does not keep it alive.
    graph = nk.GraphFromCoo(ends, n=matrix.shape[0])
    blocks = nk.components.BiconnectedComponents(graph).run().getComponents()
    # A node of several blocks holds them together; a block of two nodes is a bridge.
    members = np.array([node for block in blocks for node in block], dtype=np.int64)
    bridges = sorted(sorted(block) for block in blocks if len(block) == 2)
    return np.flatnonzero(np.bincount(members) > 1), np.array(bridges, dtype=np.int64).reshape(-1, 2)


class Core(NamedTuple):
    """The best division into core and periphery: its members, its correlation, and three densities."""

    members: NDArray[np.bool_]
    correlation: float
    core_density: float
    between_density: float
    periphery_density: float


def best_core(matrix: Matrix) -> Core:
    """Return the core of highest correlation among those of the k nodes of highest degree, k from 2 to n - 2.

    With the ties and pairs within the core and within the periphery known for every k at once, Pearson's correlation
    between being tied and being of the core is a formula of four counts. Nodes of one degree are taken by the degrees
    of their neighbours, then in their order. NaN and no members where no such core can be correlated.

    Args:
        matrix: Symmetric, nonzero where there is a tie, no diagonal.
    """
    size = matrix.shape[0]
    order, degree, inside = _by_degree(matrix)
    core = np.arange(1, size + 1)
    touching = np.cumsum(degree)
    outside = matrix.nnz // 2 - touching + inside
    core_pairs, periphery_pairs = core * (core - 1) / 2, (size - core) * (size - core - 1) / 2
    pairs, ties = core_pairs + periphery_pairs, inside + outside
    spread = ties * (pairs - ties) * core_pairs * periphery_pairs
    correlation: Values = np.full(size, np.nan)
    covered = pairs * inside - ties * core_pairs
    np.divide(covered, np.sqrt(np.maximum(spread, 0)), out=correlation, where=spread > 0)
    members = np.zeros(size, dtype=np.bool_)
    if np.isnan(correlation).all():
        return Core(members, *(float("nan"),) * 4)
    best = int(np.nanargmax(correlation))
    members[order[: best + 1]] = True
    between = (touching[best] - 2 * inside[best]) / (core[best] * (size - core[best]))
    densities = inside[best] / core_pairs[best], between, outside[best] / periphery_pairs[best]
    return Core(members, float(correlation[best]), *(float(density) for density in densities))


def _by_degree(matrix: Matrix) -> tuple[Positions, Positions, Positions]:
    """Return the nodes by falling degree, their degrees, and how many ties there are among each and those before it."""
    degree = np.diff(matrix.indptr).astype(np.int64)
    row = np.repeat(np.arange(len(degree)), degree)
    of_neighbours = np.bincount(row, degree[matrix.indices], minlength=len(degree))
    order = np.lexsort((-of_neighbours, -degree))
    rank = np.empty(len(degree), dtype=np.int64)
    rank[order] = np.arange(len(degree))
    later = np.maximum(rank[row], rank[matrix.indices])
    return order, degree[order], np.cumsum(np.bincount(later, minlength=len(degree))) // 2


def degree_assortativity(matrix: Matrix) -> float:
    """Return the correlation of the degrees at the two ends of the ties; out-degree with in-degree if directed."""
    source, target = _ends(matrix)
    degree = np.diff(matrix.indptr).astype(np.float64)
    return _correlation(degree[source], np.bincount(target, minlength=len(degree)).astype(np.float64)[target])


def number_assortativity(matrix: Matrix, values: Values) -> float:
    """Return the correlation of a number at the two ends of the ties; a tie of which an end is NaN is left out."""
    source, target = _ends(matrix)
    return _correlation(values[source], values[target])


def group_assortativity(matrix: Matrix, codes: Positions) -> float:
    """Return (share of ties within groups - share by chance) / (1 - share by chance); a code below 0 is no group."""
    source, target = (codes[end] for end in _ends(matrix))
    both = (source >= 0) & (target >= 0)
    source, target = source[both], target[both]
    if len(source) == 0:
        return float("nan")
    groups = int(max(source.max(), target.max())) + 1
    # Whole numbers, so that one group is exactly one group.
    leaving, arriving = np.bincount(source, minlength=groups), np.bincount(target, minlength=groups)
    ties, chance = len(source), int(leaving @ arriving)
    if chance == ties**2:
        return float("nan")
    return (int((source == target).sum()) * ties - chance) / (ties**2 - chance)


def _ends(matrix: Matrix) -> tuple[Positions, Positions]:
    source = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return source, matrix.indices.astype(np.int64)


def _correlation(source: Values, target: Values) -> float:
    """Return Pearson's correlation of two lists; NaN where one does not vary."""
    both = ~(np.isnan(source) | np.isnan(target))
    source, target = source[both], target[both]
    if len(source) == 0 or np.ptp(source) == 0 or np.ptp(target) == 0:
        return float("nan")
    source, target = source - source.mean(), target - target.mean()
    return float(source @ target / np.sqrt((source @ source) * (target @ target)))
