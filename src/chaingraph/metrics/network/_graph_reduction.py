"""A network made smaller without changing its shortest paths, and the recursion that counts them.

Three reductions. Nodes with equal neighbourhoods (twins, such as members of the same consortia) are one row with a
multiplicity. A node whose neighbourhood is a clique (a member of one consortium alone) lies inside of no shortest path:
it is a source and a target only. And a clique need not be stored tie by tie: with B the membership of nodes in cliques,
its ties are B Bᵀ without the diagonal, so that a product with them is two sparse products and a subtraction.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from chaingraph.arrays import Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Positions = NDArray[np.int64]
    Rows = slice | Positions

_SMALLEST_CLIQUE = 4  # the three ties of a triangle cost no more than its three memberships
_CHUNK = 512
_INTEGERS = 2.0**53  # up to here float64 holds every whole number
_MOST = 0.8  # a slice is taken instead of a list of rows that covers more of it


@dataclass(frozen=True)
class Twins:
    """The classes of nodes with equal neighbourhoods.

    ``label`` gives each node's class, ``sizes`` each class' number of nodes, ``independent`` whether its nodes lack a
    tie among themselves (classes of one node too), ``first`` the first node of each class.
    """

    label: Positions
    sizes: Values
    independent: NDArray[np.bool_]
    first: Positions


def twins(ties: Matrix, *, directed: bool = False) -> Twins:
    """Return the classes of nodes with the same neighbours, tied to each other (true twins) or not (false twins).

    With ``directed`` both the successors and the predecessors are the same, and twins without a tie are only joined
    where the way from one to the other has two steps or is none. The indices of the ties must be sorted.

    >>> star = sp.csr_array([[0.0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]])
    >>> twins(star).label.tolist(), twins(star).independent.tolist()
    ([0, 1, 1, 1], [True, True])
    """
    size = ties.shape[0]
    loops: Matrix = sp.csr_array(sp.eye_array(size, format="csr"))
    directions = [ties, sp.csr_array(ties.T).sorted_indices()] if directed else [ties]
    false_twin = _first_equal_row(directions)
    if directed:
        mutual = np.diff(directions[0].multiply(directions[1]).tocsr().indptr) > 0
        ends = (np.diff(directions[0].indptr) == 0) | (np.diff(directions[1].indptr) == 0)
        false_twin = np.where(mutual | ends, false_twin, np.arange(size))
    true_twin = _first_equal_row([sp.csr_array(matrix + loops).sorted_indices() for matrix in directions])
    # No node has twins of both kinds, so that one of the two always is the node itself or the first of its kind.
    first, label, sizes = np.unique(np.minimum(false_twin, true_twin), return_inverse=True, return_counts=True)
    has_ties = np.bincount(label, weights=true_twin != np.arange(size), minlength=len(first)) > 0
    return Twins(label.astype(np.int64), sizes.astype(np.float64), ~has_ties, first.astype(np.int64))


def _first_equal_row(matrices: list[Matrix]) -> Positions:
    """Return for each row the first row with the same entries in every matrix.

    Rows are sorted by the sums of random numbers of their columns (Zobrist 1970), then compared entry by entry.
    """
    size = matrices[0].shape[0]
    rows = np.arange(size, dtype=np.int64)
    for seed in count():
        numbers = np.random.default_rng(seed).integers(2**63, size=size, dtype=np.uint64)
        keys = [_row_sums(matrix, numbers) for matrix in matrices]
        order = np.lexsort(keys)
        starts = np.append(True, np.any([np.diff(key[order]) != 0 for key in keys], axis=0))[:size]
        first = np.empty(size, dtype=np.int64)
        first[order] = order[np.flatnonzero(starts)][np.cumsum(starts) - 1]
        others = np.flatnonzero(first != rows)
        if all(_have_equal_entries(matrix, others, first[others]) for matrix in matrices):
            return first
    raise AssertionError


def _row_sums(matrix: Matrix, numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the sum of the numbers of the columns of each row's entries, modulo 2**64."""
    sums = np.append(np.uint64(0), np.cumsum(numbers[matrix.indices], dtype=np.uint64))
    return sums[matrix.indptr[1:]] - sums[matrix.indptr[:-1]]


def _have_equal_entries(matrix: Matrix, rows: Positions, others: Positions) -> bool:
    """Tell whether each row has its entries in the same columns as the other row beside it."""
    return bool(
        np.array_equal(matrix.indptr[rows + 1] - matrix.indptr[rows], matrix.indptr[others + 1] - matrix.indptr[others])
    ) and bool(np.array_equal(matrix[rows].indices, matrix[others].indices))


def simplicial(ties: Matrix) -> NDArray[np.bool_]:
    """Return which nodes have a clique for neighbourhood, at most one of any that are tied to each other.

    Such a node lies inside of no shortest path (Sariyüce et al. 2013, SDM: 522-530, call it a side vertex).

    >>> simplicial(sp.csr_array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])).tolist()
    [True, False, True]
    """
    degree = np.diff(ties.indptr)
    rows = np.repeat(np.arange(len(degree)), degree)
    least = np.full(len(degree), np.iinfo(np.int64).max)
    np.minimum.at(least, rows, degree[ties.indices])
    result = np.zeros(len(degree), dtype=bool)
    # Each neighbour of such a node has at least its degree: that leaves few candidates.
    candidates = np.flatnonzero((degree > 0) & (least >= degree))
    for start in range(0, len(candidates), _CHUNK):
        chunk = candidates[start : start + _CHUNK]
        neighbours = ties[chunk]
        closed = np.asarray((neighbours @ ties).multiply(neighbours).sum(axis=1)).ravel()
        result[chunk] = closed == degree[chunk] * (degree[chunk] - 1.0)
    earlier = result[ties.indices] & (ties.indices < rows)
    result[rows[earlier & result[rows]]] = False
    return result


@dataclass(frozen=True)
class Operator:
    """A matrix and its transpose, both by rows, so that few rows or few columns of it can be used."""

    by_rows: Matrix
    by_columns: Matrix

    @classmethod
    def of(cls, matrix: Matrix) -> Operator:
        """Return the operator of a matrix, with indices as narrow as they may be: products read them all."""
        pair = sp.csr_array(matrix), sp.csr_array(matrix.T)
        for copy in pair:
            copy.sort_indices()
            if max(copy.nnz, *copy.shape) < np.iinfo(np.int32).max:
                copy.indices, copy.indptr = copy.indices.astype(np.int32), copy.indptr.astype(np.int32)
        return cls(*pair)

    def times(self, dense: Values, active: Positions | None, rows: Rows) -> Values:
        """Return some rows of the product with a dense block that is zero outside of its active rows."""
        # Read either the rows of the result or the columns of the active rows, whichever have fewer entries.
        row_entries = self.by_rows.nnz if isinstance(rows, slice) else int(np.diff(self.by_rows.indptr)[rows].sum())
        column_entries = self.by_columns.nnz if active is None else int(np.diff(self.by_columns.indptr)[active].sum())
        if active is None or row_entries <= column_entries:
            matrix = self.by_rows if isinstance(rows, slice) else self.by_rows[rows]
            return np.asarray(matrix @ dense)
        return np.asarray(self.by_columns[active].T @ dense[active])[rows]


@dataclass(frozen=True)
class ReducedNetwork:
    """A network of classes of twins, its cliques folded, the rows that lie inside of no shortest path last.

    With m the classes' sizes, ``core`` is diag(m) times the ties among the first ``inner`` rows, ``outer`` diag(m)
    times their ties with the other rows, ``meet`` the other rows' ties with them. The neighbourhoods of the first
    ``cliques`` of the others are cliques that make up most of ``core``: but for its diagonal, core = cover
    meet[:cliques] + rest. ``rest_onward`` and ``core_onward`` are diag(m) times the transposed ties, the direction in
    which paths run; without direction they are the same. ``order`` gives the class of each row, ``ties`` all ties in
    that order.
    """

    order: Positions
    inner: int
    cliques: int
    sizes: Values
    ties: Matrix
    core_onward: Operator
    rest_onward: Operator
    rest: Operator
    outer: Operator
    meet: Operator
    cover: Operator


def reduced_network(ties: Matrix, sizes: Values, *, directed: bool = False) -> ReducedNetwork:
    """Return the network with its ends last and its cliques folded; neither is looked for if it is directed.

    The ties are those of the classes, all entries 1, and ``sizes`` the numbers of nodes of the classes.
    """
    count = ties.shape[0]
    ends = np.zeros(count, dtype=bool) if directed else simplicial(ties)
    degree = np.diff(ties.indptr)
    order = np.lexsort((np.where(ends, -degree, 0), ends))
    inner = count - int(ends.sum())
    cliques = int((degree[ends] >= _SMALLEST_CLIQUE).sum())
    ordered: Matrix = sp.csr_array(ties[order][:, order])
    ordered.sort_indices()
    core = sp.csr_array(ordered[:inner, :inner])
    meet = sp.csr_array(ordered[inner:, :inner])
    cover = sp.csr_array(meet[:cliques].T)
    in_cliques = sp.csr_array(cover @ meet[:cliques])
    rest = sp.csr_array(core - (in_cliques - sp.diags_array(in_cliques.diagonal(), format="csr")))
    rest.eliminate_zeros()
    if rest.nnz + 2 * cover.nnz > core.nnz:
        cliques, rest, cover = 0, core, sp.csr_array((inner, 0))
    ordered_sizes = sizes[order]
    scale = sp.diags_array(ordered_sizes[:inner], format="csr")
    core_operator, rest_operator, outer, covering = (Operator.of(scale @ part) for part in (core, rest, meet.T, cover))
    onward = Operator.of(scale @ core.T) if directed else core_operator
    directions = (onward, onward if directed else rest_operator)
    return ReducedNetwork(
        order, inner, cliques, ordered_sizes, ordered, *directions, rest_operator, outer, Operator.of(meet), covering
    )


class Sweep:
    """Brandes' recursion for a block of sources: forward the numbers of paths, backward the dependencies.

    A level is a product of the sparse ties with the dense block, limited to the rows that a path may still enter.
    ``depth`` is 0 for what is not reached, 1 for the source, 2 for its neighbours. ``paths`` counts the shortest paths
    to all nodes of a row together, so that the classes' sizes are needed in the matrices only. Invariant: after the
    forward sweep ``levels`` has the rows that some source reaches at each depth, inner and outer ones apart.
    """

    def __init__(self, network: ReducedNetwork, sources: Positions) -> None:
        """Start at the sources, with their neighbours reached, and sweep forward."""
        size, width = len(network.sizes), len(sources)
        self._network, self._width = network, width
        self._folded = network.cliques > 0
        self._bound = float(np.asarray(network.cover.by_rows.sum(axis=1)).max(initial=1.0))
        neighbours = network.ties[sources]
        rows, columns = neighbours.indices, np.repeat(np.arange(width), np.diff(neighbours.indptr))
        self._depth: NDArray[np.uint8] | NDArray[np.int32] = np.zeros((size, width), dtype=np.uint8)
        self._paths = np.zeros((size, width))
        self._depth[sources, np.arange(width)] = 1
        self._depth[rows, columns] = 2
        self._paths[rows, columns] = network.sizes[rows]
        self._levels = [self._halves(np.unique(rows).astype(np.int64))]
        self._forward()

    def _halves(self, rows: Positions) -> tuple[Positions, Positions]:
        cut = int(np.searchsorted(rows, self._network.inner))
        return rows[:cut], rows[cut:]

    def _forward(self) -> None:
        inner, size = self._network.inner, len(self._network.sizes)
        active = self._levels[0][0]
        front = np.zeros((inner, self._width))
        front[active] = self._paths[active]
        while len(unseen := self._unseen(active)):
            level = len(self._levels) + 2
            if level == np.iinfo(np.uint8).max:
                self._depth = self._depth.astype(np.int32)
            inner_rows, outer_rows = self._halves(unseen)
            inner_part, outer_part = _as_slice(inner_rows, 0, inner), _as_slice(outer_rows, inner, size)
            outer_only = outer_rows if isinstance(outer_part, np.ndarray) else None
            inner_paths, outer_paths = self._arriving(front, active, inner_part, outer_only)
            front[active] = 0
            active, ends = self._reach(inner_part, inner_paths, level), self._reach(outer_part, outer_paths, level)
            front[inner_part] = inner_paths
            if not len(active) and not len(ends):
                break
            self._levels.append((active, ends))

    def _unseen(self, active: Positions) -> Positions:
        """Return the rows that some source has not reached and that a tie with an active row may reach."""
        size = len(self._network.sizes)
        rows: Positions = np.arange(size) if len(active) * 8 > size else np.unique(self._network.ties[active].indices)
        return np.asarray(rows[self._depth[rows].min(axis=1) == 0], dtype=np.int64)

    def _arriving(self, front: Values, active: Positions, rows: Rows, ends: Positions | None) -> tuple[Values, Values]:
        """Return the numbers of paths that arrive at the inner rows and at the outer ones (all, if None)."""
        network, inner = self._network, self._network.inner
        at_ends = network.meet.times(front, active, slice(None))
        # Folded sums include what is subtracted again: they are exact only while they are whole numbers.
        if self._folded and at_ends.max(initial=0.0) * self._bound >= _INTEGERS:
            self._folded = False
        if self._folded:
            paths = network.cover.times(at_ends[: network.cliques], None, rows)
            paths += network.rest_onward.times(front, active, rows)
        else:
            paths = network.core_onward.times(front, active, rows)
        outer = slice(None) if ends is None else ends - inner
        return paths, at_ends[outer] * network.sizes[inner:][outer, None]

    def _reach(self, rows: Rows, paths: Values, level: int) -> Positions:
        """Set to 0 the paths to what was reached before, store the others, and return the rows that have any."""
        depth = self._depth[rows]
        paths *= depth == 0
        self._paths[rows] += paths
        new = paths != 0
        depth += np.multiply(new, level, dtype=depth.dtype)
        self._depth[rows] = depth
        return np.asarray(np.arange(len(self._network.sizes))[rows][new.any(axis=1)], dtype=np.int64)

    def dependencies(self, weights: Values) -> Values:
        """Return what a node of each row contributes to the paths from the sources, shape (rows, columns of weights).

        The weights give how often each source counts, shape (sources, any). It can be called once.
        """
        network, inner = self._network, self._network.inner
        squares = np.square(network.sizes)[:, None]
        result = np.zeros((len(squares), weights.shape[1]))
        self._paths[self._depth < 2] = 1
        own = squares / self._paths
        load = np.zeros_like(own)
        rows, ends = self._levels.pop()
        level = len(self._levels) + 2
        load[rows] = own[rows] * (self._depth[rows] == level)
        while level > 2:
            load[ends] = own[ends] * (self._depth[ends] == level)
            nearer, nearer_ends = self._levels.pop()
            level -= 1
            part = _as_slice(nearer, 0, inner)
            if network.cliques:
                at_cliques = load[inner : inner + network.cliques]
                at_cliques += network.meet.times(load[:inner], rows, slice(None))[: network.cliques]
            through = network.outer.times(load[inner:], None, part)
            through += network.rest.times(load[:inner], rows, part)
            load[rows] = 0
            load[inner:] = 0
            at_level = self._depth[part] == level
            through *= at_level
            load[part] = own[part] * at_level + through
            through *= self._paths[part]
            result[part] += through @ weights
            rows, ends = nearer, nearer_ends
        return result / squares


def _as_slice(rows: Positions, start: int, stop: int) -> Rows:
    """Return a slice if the rows cover most of it, since a slice is not copied."""
    return slice(start, stop) if len(rows) > _MOST * (stop - start) else rows
