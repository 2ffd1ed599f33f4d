"""What the measures of one network are computed from: its matrices and distances, each made once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from chaingraph.arrays import Matrix, TwoMode, adjacency, directed_adjacency, has_adjacency, incidence, two_mode
from chaingraph.errors import NetworkError
from chaingraph.metrics.network._betweenness import betweenness
from chaingraph.metrics.network._distances import Distances, WeightedDistances, distances, weighted_distances

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

INVERSE = "inverse"
"""The name of the length of a tie that is one over its weight."""


@dataclass(frozen=True)
class Matrices:
    """The matrices behind a table of measures.

    ``plain`` has 1 a tie, ``weighted`` its weight, ``lengths`` its length or None if each counts as one step; all are
    symmetric unless ``directed``. ``behind`` are the memberships that the ties are the projection of, ``modes`` the
    matrix of a two-mode network, each None if there is none.
    """

    plain: Matrix
    weighted: Matrix
    lengths: Matrix | None = None
    behind: Matrix | None = None
    modes: TwoMode | None = None
    directed: bool = False
    report: Callable[[str], None] | None = None

    @property
    def size(self) -> int:
        """The number of nodes."""
        return int(self.plain.shape[0])

    @cached_property
    def outward(self) -> Distances | WeightedDistances:
        """The distances from each node to the others."""
        return self._distances(backwards=False)

    @cached_property
    def inward(self) -> Distances | WeightedDistances:
        """The distances to each node from the others."""
        return self._distances(backwards=True) if self.directed else self.outward

    @cached_property
    def between(self) -> Values:
        """The exact betweenness of each node, each tie one step."""
        return betweenness(self.plain, directed=self.directed, report=self.report)

    def _distances(self, *, backwards: bool) -> Distances | WeightedDistances:
        if self.lengths is not None:
            return weighted_distances(_turned(self.lengths) if backwards else self.lengths, report=self.report)
        matrix = _turned(self.plain) if backwards else self.plain
        return distances(matrix, incidence=self.behind, report=self.report)


def matrices(
    network: nx.Graph[Any],
    *,
    weight: str | None,
    distance: str | None = None,
    directions: bool = False,
    report: Callable[[str], None] | None = None,
) -> Matrices:
    """Return the matrices of a network, its numbers checked.

    Args:
        network: Any networkx graph.
        weight: The edge attribute that weighs a tie, or None.
        distance: The edge attribute that is a tie's length, ``inverse`` for one over its weight, or None.
        directions: Keep the directions of the ties.
        report: Called with a line on how far the work is.

    Raises:
        NetworkError: A weight is missing or negative, a length is not positive.
    """
    read = directed_adjacency if directions else adjacency
    check_numbers(network, weight)
    lengths = None
    if distance == INVERSE:
        if weight is None:
            message = "distance='inverse' needs a weight; name an edge attribute as weight"
            raise NetworkError(message)
        check_numbers(network, weight, positive=True)
        lengths = read(network, weight).copy()
        lengths.data = 1 / lengths.data
    elif distance is not None:
        check_numbers(network, distance, positive=True)
        lengths = _shortest(network, distance, directions=directions)
    return Matrices(
        plain=read(network),
        weighted=_without_zeros(read(network, weight)),
        lengths=lengths,
        behind=None if directions else incidence(network),
        modes=two_mode(network),
        directed=directions,
        report=report,
    )


def check_numbers(network: nx.Graph[Any], attribute: str | None, *, positive: bool = False) -> None:
    """Refuse an edge attribute that a tie lacks, or that is no number of at least 0 (above 0, if ``positive``)."""
    if attribute is None or has_adjacency(network, attribute):
        return
    for u, v, data in network.edges(data=True):
        value = data.get(attribute)
        if value is None:
            message = f"the tie {u} - {v} has no '{attribute}'; name an edge attribute that every tie has, or None"
            raise NetworkError(message)
        if isinstance(value, str) or not 0 <= value < float("inf") or (positive and value == 0):
            bound = "above 0" if positive else "of at least 0"
            message = f"the tie {u} - {v} has {attribute}={value}, expected a number {bound}"
            raise NetworkError(message)


def _shortest(network: nx.Graph[Any], distance: str, *, directions: bool) -> Matrix:
    """Return the lengths of the ties; of parallel ones the shortest counts, as on a way."""
    index = {node: position for position, node in enumerate(network)}
    found: dict[tuple[int, int], float] = {}
    for u, v, data in network.edges(data=True):
        for pair in {(index[u], index[v])} | (set() if directions else {(index[v], index[u])}):
            if u != v:
                found[pair] = min(float(data[distance]), found.get(pair, float("inf")))
    size = len(network)
    if not found:
        return sp.csr_array((size, size), dtype=np.float64)
    rows, columns = zip(*found, strict=True)
    matrix = sp.csr_array((np.array(list(found.values())), (np.array(rows), np.array(columns))), shape=(size, size))
    matrix.sort_indices()
    return matrix


def _without_zeros(matrix: Matrix) -> Matrix:
    if (matrix.data != 0).all():
        return matrix
    kept = matrix.copy()
    kept.eliminate_zeros()
    return kept


def _turned(matrix: Matrix) -> Matrix:
    turned = sp.csr_array(matrix.T)
    turned.sort_indices()
    return turned
