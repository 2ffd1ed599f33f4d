"""Ties of any kind as arrays: directed or not, parallel or not, with as many attributes as they have."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import polars as pl

from chaingraph.arrays.graphs import attach_adjacency
from chaingraph.arrays.network import ArrayNetwork, attribute_dicts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from chaingraph.arrays.network import Ends


@dataclass(frozen=True, eq=False)
class Ties(ArrayNetwork):
    """Nodes, and ties between them as a frame of positions.

    Args:
        nodes: The name of each node.
        sources: The position of the first end of each tie.
        targets: The position of the second.
        node_attributes: One row per node, null where a node lacks an attribute; or what returns it, called once.
        tie_attributes: One row per tie, null where a tie lacks an attribute.
        keys: In a multigraph of networkx, the key of each tie; None: its keys are numbers.
        directed: Whether ties lead from the first end to the second, and can be parallel.
        weights: The attributes that every tie has as a number of at least 0.
        graph: Attributes of the network: ``name``, ``weight`` and others.

    >>> ends = np.array([0]), np.array([1])
    >>> network = Ties(pl.Series(["a", "b"]), *ends, tie_attributes=pl.DataFrame({"pairs": [3]}))
    >>> list(network.to_networkx().edges(data=True)), network.adjacency("pairs").toarray().tolist()
    ([('a', 'b', {'pairs': 3})], [[0.0, 3.0], [3.0, 0.0]])
    """

    nodes: pl.Series
    sources: NDArray[np.int64]
    targets: NDArray[np.int64]
    node_attributes: pl.DataFrame | Callable[[], pl.DataFrame] = field(default_factory=pl.DataFrame)
    tie_attributes: pl.DataFrame = field(default_factory=pl.DataFrame)
    keys: pl.Series | None = None
    directed: bool = False
    weights: tuple[str, ...] = ()
    graph: dict[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> pl.Series:
        """The names of the nodes."""
        return self.nodes

    def is_directed(self) -> bool:
        """Tell whether the ties have a direction."""
        return self.directed

    def ends(self) -> Ends:
        """Return the two ends of each tie as positions of nodes, in the order in which networkx goes through them."""
        first, second = self.sources[self._order], self.targets[self._order]
        return (first, second) if self.directed else (np.minimum(first, second), np.maximum(first, second))

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        """The order of networkx: by the first end, then by when the second was first tied to it, then as given."""
        first, second = self.sources, self.targets
        if not self.directed:
            first, second = np.minimum(first, second), np.maximum(first, second)
        pair = first * max(len(self.nodes), 1) + second
        _, earliest, number = np.unique(pair, return_index=True, return_inverse=True)
        return np.lexsort((np.arange(len(pair)), earliest[number], first)).astype(np.int64)

    def number_of_edges(self) -> int:
        """Return the number of ties."""
        return len(self.sources)

    def tie_values(self, attribute: str) -> list[Any]:
        """Return the value of an attribute for each tie in the order of ``ends``, None where a tie lacks it."""
        if attribute not in self.tie_attributes.columns:
            return [None] * len(self.sources)
        return self.tie_attributes[attribute].gather(self._order).to_list()

    def tie_items(self) -> Iterator[tuple[Any, Any, dict[str, Any]]]:
        """Return the names of the two ends of each tie, in the order of ``ends``, with its attributes."""
        names, (first, second) = self.nodes.to_list(), self.ends()
        frame = self.tie_attributes[self._order] if self.tie_attributes.width else self.tie_attributes
        ties = zip(first.tolist(), second.tolist(), attribute_dicts(frame, len(first)), strict=True)
        return ((names[one], names[other], data) for one, other, data in ties)

    def has_exact_weights(self, weight: str | None) -> bool:
        """Tell whether each tie surely has a number of at least 0 as this weight."""
        return weight in self.weights

    def without_ties(self, drop: NDArray[np.bool_]) -> Ties:
        """Return the network without some of its ties: True for each that goes, in the order of ``ends``."""
        rows = np.sort(self._order[~drop])
        return replace(
            self,
            sources=self.sources[rows],
            targets=self.targets[rows],
            tie_attributes=self.tie_attributes[rows] if self.tie_attributes.width else self.tie_attributes,
            keys=None if self.keys is None else self.keys[rows],
        )

    def without_isolates(self) -> Ties:
        """Return the network without the nodes that no tie has, not even one to itself."""
        has_ties = np.zeros(len(self.nodes), dtype=np.bool_)
        has_ties[self.sources] = has_ties[self.targets] = True
        position = np.cumsum(has_ties) - 1
        return replace(
            self,
            nodes=self.nodes.filter(pl.Series(has_ties)),
            node_attributes=self.attributes.filter(pl.Series(has_ties)) if self.attributes.width else self.attributes,
            sources=position[self.sources],
            targets=position[self.targets],
        )

    def to_networkx(self) -> nx.Graph[Any]:
        """Return the network as a frozen networkx graph: a multigraph if it is directed."""
        names = self.nodes.to_list()
        nodes = zip(names, attribute_dicts(self.attributes, len(names)), strict=True)
        first, second = ([names[position] for position in end.tolist()] for end in (self.sources, self.targets))
        attributes = attribute_dicts(self.tie_attributes, len(first))
        network: nx.Graph[Any]
        if self.directed:
            directed: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
            directed.add_nodes_from(nodes)
            if self.keys is None:
                directed.add_edges_from(zip(first, second, attributes, strict=True))
            else:
                for one, other, key, data in zip(first, second, self.keys.to_list(), attributes, strict=True):
                    directed.add_edge(one, other, key=key, **data)
            network = directed
        else:
            network = nx.Graph()
            network.add_nodes_from(nodes)
            network.add_edges_from(zip(first, second, attributes, strict=True))
        network.graph.update(self.graph)
        nx.freeze(network)
        for name in self.weights:
            attach_adjacency(network, name, self.adjacency(name))
        return network
