"""What the measures of one network are computed from: its matrices and distances, each computed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import scipy.sparse as sp

from chaingraph.arrays import (
    ArrayNetwork,
    Matrix,
    TwoMode,
    adjacency,
    directed_adjacency,
    has_adjacency,
    incidence,
    tie_items,
    two_mode,
)
from chaingraph.errors import NetworkError, did_you_mean
from chaingraph.messages import tr
from chaingraph.metrics.network._betweenness import betweenness
from chaingraph.metrics.network._distances import Distances, WeightedDistances, distances, weighted_distances

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Values = NDArray[np.float64]

OWN = "own"
"""The name of the weight that the network itself gives: what its projection counts (``network.graph["weight"]``)."""
INVERSE = "inverse"
"""The name of the length of a tie that is one over its weight."""


@dataclass(frozen=True)
class Matrices:
    """The matrices of a network, of which all of its measures are computed.

    ``ties`` has 1 per tie, ``weights`` its weight, ``lengths`` its length or None if each counts as one step; all are
    symmetric unless ``directed``. ``memberships`` are those that the ties are the projection of, ``two_mode`` is the
    matrix of a two-mode network, each None if there is none.
    """

    ties: Matrix
    weights: Matrix
    lengths: Matrix | None = None
    memberships: Matrix | None = None
    two_mode: TwoMode | None = None
    directed: bool = False
    report: Callable[[str], None] | None = None

    @property
    def size(self) -> int:
        """The number of nodes."""
        return int(self.ties.shape[0])

    @cached_property
    def distances_from(self) -> Distances | WeightedDistances:
        """The distances from each node to the others."""
        return self._distances(backwards=False)

    @cached_property
    def distances_to(self) -> Distances | WeightedDistances:
        """The distances to each node from the others."""
        return self._distances(backwards=True) if self.directed else self.distances_from

    @cached_property
    def betweenness(self) -> Values:
        """The exact betweenness of each node, each tie one step."""
        return betweenness(self.ties, directed=self.directed, report=self.report)

    def _distances(self, *, backwards: bool) -> Distances | WeightedDistances:
        if self.lengths is not None:
            return weighted_distances(_transpose(self.lengths) if backwards else self.lengths, report=self.report)
        matrix = _transpose(self.ties) if backwards else self.ties
        return distances(matrix, incidence=self.memberships, report=self.report)


def weight_attribute(network: nx.Graph[Any] | ArrayNetwork, weight: str | None) -> str | None:
    """Return the edge attribute that weighs a tie: the network's own for ``"own"``, None if all ties weigh alike."""
    attribute: str | None = network.graph.get("weight") if weight == OWN else weight
    return attribute


def keeps_directions(network: nx.Graph[Any] | ArrayNetwork, directed: bool | None = None) -> bool:
    """Tell whether the directions of a network's ties count.

    They count in a directed network, unless it says itself that they are a matter of words (``network.graph
    ["direction"] == "ignored"``); ``directed`` overrules it.
    """
    if directed is not None:
        return directed and network.is_directed()
    return network.is_directed() and network.graph.get("direction") != "ignored"


def network_matrices(
    network: nx.Graph[Any] | ArrayNetwork,
    *,
    weight: str | None,
    distance: str | None = None,
    directions: bool = False,
    report: Callable[[str], None] | None = None,
) -> Matrices:
    """Return the matrices of a network, its numbers checked.

    Args:
        network: Any networkx graph.
        weight: The edge attribute that weighs a tie, or None. A tie of weight 0 is none.
        distance: The edge attribute that is a tie's length, ``inverse`` for one over its weight, or None.
        directions: Whether the directions of the ties count.
        report: Called with a line on how far the work is.

    Raises:
        NetworkError: A weight is missing or negative, a length is not positive.
    """
    read = directed_adjacency if directions else adjacency
    check_numbers(network, weight)
    network = without_zero_ties(network, weight)
    lengths = None
    if distance == INVERSE:
        if weight is None:
            message = tr("distance='inverse' needs a weight; name an edge attribute as weight")
            raise NetworkError(message)
        check_numbers(network, weight, positive=True)
        lengths = read(network, weight).copy()
        lengths.data = 1 / lengths.data
    elif distance is not None:
        check_numbers(network, distance, positive=True)
        lengths = _shortest_lengths(network, distance, directions=directions)
    return Matrices(
        ties=read(network),
        weights=read(network, weight),
        lengths=lengths,
        memberships=None if directions else incidence(network),
        two_mode=two_mode(network),
        directed=directions,
        report=report,
    )


def check_numbers(network: nx.Graph[Any] | ArrayNetwork, attribute: str | None, *, positive: bool = False) -> None:
    """Refuse an edge attribute that a tie lacks, or that is no number of at least 0 (above 0, if ``positive``)."""
    if attribute is None or has_adjacency(network, attribute):
        return
    for u, v, data in tie_items(network):
        value = data.get(attribute)
        if value is None:
            message = tr(
                "the tie {u} - {v} has no '{attribute}'; name an edge attribute that every tie has, or None",
                u=u,
                v=v,
                attribute=attribute,
            )
            raise NetworkError(message + did_you_mean(attribute, map(str, data)))
        if isinstance(value, str) or not 0 <= value < float("inf") or (positive and value == 0):
            bound = "above 0" if positive else tr("of at least 0")
            message = tr(
                "the tie {u} - {v} has {attribute}={value}, expected a number {bound}",
                u=u,
                v=v,
                attribute=attribute,
                value=value,
                bound=bound,
            )
            raise NetworkError(message)


def without_zero_ties(network: nx.Graph[Any] | ArrayNetwork, attribute: str | None) -> nx.Graph[Any] | ArrayNetwork:
    """Return a network without its ties of weight 0, which are none; the network itself if it has no such tie."""
    if attribute is None or (has_adjacency(network, attribute) and adjacency(network, attribute).data.all()):
        return network
    if isinstance(network, ArrayNetwork):
        drop = np.array([value == 0 for value in network.tie_values(attribute)], dtype=np.bool_)
        return network.without_ties(drop) if drop.any() else network
    edges = network.edges(keys=True, data=True) if isinstance(network, nx.MultiGraph) else network.edges(data=True)
    zero: list[Any] = [tuple(tie) for *tie, data in edges if data.get(attribute) == 0]
    if not zero:
        return network
    copy = network.copy()
    copy.remove_edges_from(zero)
    return copy


def _shortest_lengths(network: nx.Graph[Any] | ArrayNetwork, distance: str, *, directions: bool) -> Matrix:
    """Return the lengths of the ties; of parallel ones the shortest counts, as on a path."""
    index = {node: position for position, node in enumerate(network)}
    shortest: dict[tuple[int, int], float] = {}
    for u, v, data in tie_items(network):
        for pair in {(index[u], index[v])} | (set() if directions else {(index[v], index[u])}):
            if u != v:
                shortest[pair] = min(float(data[distance]), shortest.get(pair, float("inf")))
    size = len(network)
    if not shortest:
        return sp.csr_array((size, size), dtype=np.float64)
    rows, columns = zip(*shortest, strict=True)
    lengths = np.array(list(shortest.values()))
    matrix = sp.csr_array((lengths, (np.array(rows), np.array(columns))), shape=(size, size))
    matrix.sort_indices()
    return matrix


def _transpose(matrix: Matrix) -> Matrix:
    transpose = sp.csr_array(matrix.T)
    transpose.sort_indices()
    return transpose
