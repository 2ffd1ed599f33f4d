"""Who takes part in what, as one sparse matrix: a two-mode network, or the one-mode network that it projects to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import networkx as nx
import numpy as np
import polars as pl
import scipy.sparse as sp

from chaingraph.arrays.coding import coded_columns
from chaingraph.arrays.graphs import attach_adjacency, attach_incidence
from chaingraph.arrays.matrices import adjacency_dicts, newman_weights, off_diagonal
from chaingraph.arrays.network import ArrayNetwork, attribute_dicts, garbage_collection_off
from chaingraph.errors import NetworkError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from chaingraph.arrays.matrices import Matrix
    from chaingraph.arrays.network import Ends

NEWMAN = "newman"
"""The weight of a tie in which an event of k members counts 1/(k - 1)."""


@dataclass(frozen=True, eq=False)
class Affiliation(ArrayNetwork):
    """Members, events, and who takes part in what; ``mode`` says which network of them it stands for.

    As a two-mode network its nodes are the members and then the events, and each membership is a tie. As a one-mode
    network its nodes are the members, of which two are tied for the events that they share; these ties are computed
    when a measure first needs them, and many measures never do (:mod:`chaingraph.metrics.network.projection`).

    Args:
        incidence: The memberships, shape (members, events), 1 for a member of an event; int32 positions and uint8
            ones are enough, 5 bytes a membership.
        members: The name of each row.
        events: The name of each column.
        node_attributes: One row per node, null where a node lacks an attribute; or what returns it, called once.
        mode: ``one`` or ``two``.
        count: In a one-mode network, the name of the weight that counts the events that two members share.
        newman: In a one-mode network, whether its ties have the weight ``newman`` as well (Newman 2001, PRE 64 016132).
        minimum: In a one-mode network, the fewest events that two must share to be tied.
        tie_attributes: In a two-mode network, one row per membership, in the order of the matrix's entries.
        graph: Attributes of the network: ``name``, ``weight`` and others.

    >>> pairs = pl.DataFrame({"member": ["b", "a", "b"], "event": ["x", "x", "y"]})
    >>> network = Affiliation.from_frame(pairs)
    >>> list(network), network.adjacency("shared").toarray().tolist()
    (['a', 'b'], [[0.0, 1.0], [1.0, 0.0]])
    """

    incidence: Matrix
    members: pl.Series
    events: pl.Series
    node_attributes: pl.DataFrame | Callable[[], pl.DataFrame] = field(default_factory=pl.DataFrame)
    mode: Literal["one", "two"] = "one"
    count: str = "shared"
    newman: bool = False
    minimum: float = 0
    tie_attributes: pl.DataFrame = field(default_factory=pl.DataFrame)
    graph: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_parquet(
        cls, path: str | Path, *, member: str = "member", event: str = "event", mode: Literal["one", "two"] = "one"
    ) -> Affiliation:
        """Return the memberships of a Parquet file, or of all files that a pattern with ``*`` fits.

        Names are read as text or whole numbers and sorted; a row without one of both is left out, and a membership
        counts once however many rows say so. No row becomes a Python object: 100 million rows of 12.5 million members
        fit into 5 GB with their names.

        Args:
            path: The file; one row per membership.
            member: The column of the members.
            event: The column of the events.
            mode: Which network it stands for.

        Raises:
            NetworkError: The file cannot be read or lacks a column, or a member and an event of a two-mode network have
                one name.
        """
        return cls.from_frame(pl.scan_parquet(path), member=member, event=event, mode=mode)

    @classmethod
    def from_frame(
        cls,
        frame: pl.DataFrame | pl.LazyFrame,
        *,
        member: str = "member",
        event: str = "event",
        mode: Literal["one", "two"] = "one",
    ) -> Affiliation:
        """Return the memberships of a frame, one row per membership; as ``from_parquet``."""
        (members, rows), (events, columns) = coded_columns(frame.lazy(), member, event)
        if mode == "two":
            _refuse_shared_names(members, events)
        matrix = sp.coo_array(
            (np.ones(len(rows), dtype=np.uint8), (rows, columns)), shape=(len(members), len(events))
        ).tocsr()
        del rows, columns
        matrix.sum_duplicates()
        matrix.data[:] = 1
        graph = {"weight": "shared"} if mode == "one" else {}
        return cls(sp.csr_array(matrix), members, events, mode=mode, graph=graph)

    def to_frame(self) -> pl.DataFrame:
        """Return one row per membership, columns member and event; members without any are not in it."""
        rows = np.repeat(np.arange(self.incidence.shape[0]), np.diff(self.incidence.indptr))
        return pl.DataFrame({"member": self.members.gather(rows), "event": self.events.gather(self.incidence.indices)})

    @property
    def names(self) -> pl.Series:
        """The names of the nodes: the members, and in a two-mode network the events after them."""
        return self.members if self.mode == "one" else self._both

    @cached_property
    def _both(self) -> pl.Series:
        return pl.concat([self.members, self.events])

    @cached_property
    def by_event(self) -> Matrix:
        """The memberships as events by members."""
        return sp.csr_array(self.incidence.T)

    def is_directed(self) -> bool:
        """Return False: a membership has no direction."""
        return False

    def ends(self) -> Ends:
        """Return the two ends of each tie as positions of nodes, the first before the second."""
        matrix = self.incidence if self.mode == "two" else self.adjacency()
        first = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        if self.mode == "two":
            return first, matrix.indices.astype(np.int64) + len(self.members)
        upper = first < matrix.indices
        return first[upper], matrix.indices[upper].astype(np.int64)

    def number_of_edges(self) -> int:
        """Return the number of ties."""
        return int(self.incidence.nnz if self.mode == "two" else self._shared[0].nnz // 2)

    def tie_values(self, attribute: str) -> list[Any]:
        """Return the value of an attribute for each tie in the order of ``ends``, None where a tie lacks it."""
        if self.mode == "two":
            if attribute in self.tie_attributes.columns:
                return self.tie_attributes[attribute].to_list()
            return [None] * self.incidence.nnz
        if attribute not in self._weights:
            return [None] * (self.adjacency().nnz // 2)
        matrix = self.adjacency(attribute)
        upper = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)) < matrix.indices
        values: list[Any] = matrix.data[upper].astype(np.int64 if attribute == self.count else np.float64).tolist()
        return values

    def tie_items(self) -> Iterator[tuple[Any, Any, dict[str, Any]]]:
        """Return the names of the two ends of each tie, in the order of ``ends``, with its attributes."""
        names, (first, second) = self.names.to_list(), (end.tolist() for end in self.ends())
        frame = self.tie_attributes
        if self.mode == "one":
            frame = pl.DataFrame({name: self.tie_values(name) for name in self._weights})
        attributes = attribute_dicts(frame, len(first))
        return ((names[one], names[other], data) for one, other, data in zip(first, second, attributes, strict=True))

    def has_exact_weights(self, weight: str | None) -> bool:
        """Tell whether each tie surely has a number above 0 as this weight: the counts of a one-mode network."""
        return self.mode == "one" and weight in self._weights

    def memberships(self) -> Matrix | None:
        """Return the memberships as float64 ones, None of a two-mode network, or where ``minimum`` took ties away."""
        return None if self.mode == "two" or self._is_partial else self._ones

    def without_ties(self, drop: NDArray[np.bool_]) -> Affiliation:
        """Return a two-mode network without some of its memberships, True for each that goes.

        Raises:
            NetworkError: It is a one-mode network, whose ties are not memberships.
        """
        if self.mode == "one":
            message = tr(
                "the ties of a projection cannot be dropped one by one; filter it by minimum, or to_networkx()"
            )
            raise NetworkError(message)
        keep = ~drop
        rows, columns = self.ends()
        matrix = sp.csr_array(
            (self.incidence.data[keep], (rows[keep], columns[keep] - len(self.members))), shape=self.incidence.shape
        )
        return replace(self, incidence=matrix, tie_attributes=self.tie_attributes.filter(pl.Series(keep)))

    def to_networkx(self) -> nx.Graph[Any]:
        """Return the network as a frozen networkx graph, with its matrices attached; 366 bytes or more a tie."""
        network: nx.Graph[Any] = nx.Graph()
        names = self.names.to_list()
        network.add_nodes_from(zip(names, attribute_dicts(self.attributes, len(names)), strict=True))
        network.graph.update(self.graph)
        if self.mode == "two":
            network.add_edges_from(self.tie_items())
            nx.freeze(network)
            return network
        weights = {name: self.adjacency(name) for name in self._weights}
        with garbage_collection_off():
            # The structure is documented (node -> neighbour -> attributes); the stubs do not have its name.
            network._adj.update(adjacency_dicts(names, weights, frozenset({self.count})))  # type: ignore[attr-defined]
        nx.freeze(network)
        for name, matrix in weights.items():
            attach_adjacency(network, name, matrix)
        if not self._is_partial:
            attach_incidence(network, self._ones)
        return network

    def _adjacency(self, weight: str | None) -> Matrix:
        if self.mode == "two":
            return super()._adjacency(weight)
        if weight == self.count:
            return self._shared[0]
        if weight == NEWMAN and self.newman:
            return newman_weights(self._ones, self._shared[0])
        pattern = self._shared[0]
        return sp.csr_array((np.ones(pattern.nnz), pattern.indices, pattern.indptr), shape=pattern.shape)

    @property
    def _weights(self) -> tuple[str, ...]:
        """The weights of the ties of a one-mode network."""
        return (self.count, NEWMAN) if self.newman else (self.count,)

    @property
    def _is_partial(self) -> bool:
        """Whether ``minimum`` took ties away, so that sharing an event does not mean a tie."""
        return self._shared[1]

    @cached_property
    def _ones(self) -> Matrix:
        """The memberships as float64, of which products do not overflow."""
        matrix = self.incidence
        return sp.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)

    @cached_property
    def _shared(self) -> tuple[Matrix, bool]:
        """The ties of the one-mode network with the events that two share, and whether some were too few."""
        shared = off_diagonal(self._ones @ self._ones.T)
        is_partial = bool((shared.data < self.minimum).any())
        if is_partial:
            shared.data[shared.data < self.minimum] = 0
            shared.eliminate_zeros()
        return shared, is_partial


def _refuse_shared_names(members: pl.Series, events: pl.Series) -> None:
    """Refuse a two-mode network in which a member and an event would be one node."""
    shared = members.filter(members.is_in(events.implode()))
    if len(shared):
        message = tr(
            "'{name}' is the name of a member and of an event, expected different ones; put a prefix before one",
            name=shared[0],
        )
        raise NetworkError(message)
