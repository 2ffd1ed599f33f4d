"""Networks as arrays: what they have in common, so that a measure takes one as it takes a networkx graph."""

from __future__ import annotations

import gc
from abc import ABC, abstractmethod
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import networkx as nx
import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl
    from numpy.typing import NDArray

    from chaingraph.arrays.matrices import Matrix

    Ends = tuple[NDArray[np.int64], NDArray[np.int64]]


class ArrayNetwork(ABC):
    """A network whose nodes are the rows of a frame and whose ties are arrays or computed from some.

    ``len(network)`` is the number of nodes, iteration gives their names in order. ``graph`` has what
    ``network.graph`` of the same network in networkx has.
    """

    node_attributes: pl.DataFrame | Callable[[], pl.DataFrame]
    graph: dict[str, Any]

    @cached_property
    def attributes(self) -> pl.DataFrame:
        """One row per node and one column per attribute, null where a node lacks it; read when it is first needed."""
        return self.node_attributes() if callable(self.node_attributes) else self.node_attributes

    @property
    @abstractmethod
    def names(self) -> pl.Series:
        """The name of each node, in order."""

    @abstractmethod
    def is_directed(self) -> bool:
        """Tell whether ties have a direction."""

    @abstractmethod
    def ends(self) -> Ends:
        """Return the two ends of each tie as positions of nodes, source and target if the ties have a direction."""

    @abstractmethod
    def tie_values(self, attribute: str) -> list[Any]:
        """Return the value of an attribute for each tie in the order of ``ends``, None where a tie lacks it."""

    @abstractmethod
    def tie_items(self) -> Iterator[tuple[Any, Any, dict[str, Any]]]:
        """Return the names of the two ends of each tie, in the order of ``ends``, with its attributes."""

    @abstractmethod
    def without_ties(self, drop: NDArray[np.bool_]) -> ArrayNetwork:
        """Return the network without some of its ties: True for each that goes, in the order of ``ends``."""

    @abstractmethod
    def to_networkx(self) -> nx.Graph[Any]:
        """Return the network as a frozen networkx graph, with its matrices attached."""

    @abstractmethod
    def number_of_edges(self) -> int:
        """Return the number of ties, as networkx calls it."""

    def has_exact_weights(self, weight: str | None) -> bool:
        """Tell whether each tie surely has a number of at least 0 as this weight, so that no check is needed."""
        return False

    def memberships(self) -> Matrix | None:
        """Return the memberships that a one-mode network is the whole projection of, None if it is no projection."""
        return None

    def attribute(self, name: str) -> list[Any]:
        """Return the value of an attribute for each node, None where it has none."""
        return self.attributes[name].to_list() if name in self.attributes.columns else [None] * len(self)

    def adjacency(self, weight: str | None = None) -> Matrix:
        """Return the symmetric matrix of the ties, float64, shape (nodes, nodes); computed once for each weight."""
        if weight not in self._adjacencies:
            self._adjacencies[weight] = self._adjacency(weight)
        return self._adjacencies[weight]

    def _adjacency(self, weight: str | None) -> Matrix:
        return symmetric_matrix(len(self), *self.weighted_ends(weight), binary=weight is None)

    def weighted_ends(self, weight: str | None) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return the ends of the ties between two nodes, and their weights: 1 if None, or where a tie lacks it."""
        first, second = self.ends()
        if weight is None:
            values = np.ones(len(first))
        else:
            values = np.array([1.0 if value is None else float(value) for value in self.tie_values(weight)])
        between = first != second
        return first[between], second[between], values.astype(np.float64)[between]

    @cached_property
    def _adjacencies(self) -> dict[str | None, Matrix]:
        return {}

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.names)

    def __iter__(self) -> Iterator[Any]:
        """Iterate over the names of the nodes, in order."""
        return iter(self.names.to_list())

    def __contains__(self, name: object) -> bool:
        """Tell whether a node has that name."""
        return name in self._positions

    @cached_property
    def _positions(self) -> dict[Any, int]:
        return {name: position for position, name in enumerate(self)}


Network: TypeAlias = "nx.Graph[Any] | ArrayNetwork"
"""A network in one of its two forms."""


def symmetric_matrix(
    size: int,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    values: NDArray[np.float64],
    *,
    binary: bool,
) -> Matrix:
    """Return the symmetric matrix of ties between different nodes; parallel ties are one, weights summed.

    Args:
        size: The number of nodes.
        rows: One end of each tie.
        columns: The other end.
        values: The weight of each tie.
        binary: 1 per tie, however many are parallel.
    """
    half = sp.coo_array((values, (np.minimum(rows, columns), np.maximum(rows, columns))), shape=(size, size)).tocsr()
    half.sum_duplicates()
    if binary:
        half.data[:] = 1.0
    symmetric = sp.csr_array(half + half.T)
    symmetric.sort_indices()
    return symmetric


def attribute_dicts(frame: pl.DataFrame, count: int) -> Iterator[dict[str, Any]]:
    """Return the attributes of each row of a frame as networkx has them: a dictionary without what is null.

    Args:
        frame: One row per node or tie; a frame without columns has no rows either.
        count: How many there are.
    """
    columns = frame.columns
    if not columns:
        return ({} for _ in range(count))
    values = [_values(column) for column in frame]
    return (
        {name: value for name, value in zip(columns, row, strict=True) if value is not None}
        for row in zip(*values, strict=True)
    )


def _values(column: pl.Series) -> list[Any]:
    """Return the values of a column, rows of the same text sharing one: a relation is that of half a million ties."""
    import polars as pl

    if column.dtype != pl.String:
        return column.to_list()
    distinct = column.unique()
    if 2 * len(distinct) > len(column):
        return column.to_list()
    codes = pl.DataFrame({"text": column}).join(
        pl.DataFrame({"text": distinct, "code": np.arange(len(distinct))}),
        on="text",
        nulls_equal=True,
        maintain_order="left",
    )
    texts = np.array([*distinct.to_list(), None], dtype=object)[:-1]
    values: list[Any] = texts[codes["code"].to_numpy()].tolist()
    return values


@contextmanager
def garbage_collection_off() -> Iterator[None]:
    """Keep Python from looking for garbage while hundreds of thousands of ties are made: a quarter of the time."""
    is_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_on:
            gc.enable()
