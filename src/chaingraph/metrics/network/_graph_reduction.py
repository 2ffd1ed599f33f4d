"""Twins and cliques: the only place that makes a network small and counts the shortest paths in what is left.

Members of the same consortia are twins, so they need only one row. A member of one consortium alone has a clique for
neighbourhood: no shortest path between others passes it, and its neighbours' ties among themselves need not be stored.
"""

from __future__ import annotations

from dataclasses import dataclass
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
_MANY = 0.8


@dataclass(frozen=True)
class Twins:
    """The classes of nodes that no shortest path tells apart.

    ``label`` gives each node's class, ``many`` each class' number of nodes, ``apart`` whether its nodes lack a tie
    among themselves (classes of one node too), ``first`` a node that stands for it.
    """

    label: Positions
    many: Values
    apart: NDArray[np.bool_]
    first: Positions


def twins(ties: Matrix, *, directed: bool = False) -> Twins:
    """Return the classes of nodes with the same neighbours, tied to each other (true twins) or not (false twins).

    With ``directed`` both the successors and the predecessors are the same, and twins without a tie are only joined
    where the way from one to the other has two steps or is none. The indices of the ties must be sorted.

    >>> star = sp.csr_array([[0.0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]])
    >>> twins(star).label.tolist(), twins(star).apart.tolist()
    ([0, 1, 1, 1], [True, True])
    """
    size = ties.shape[0]
    loops: Matrix = sp.csr_array(sp.eye_array(size, format="csr"))
    ways = [ties, sp.csr_array(ties.T).sorted_indices()] if directed else [ties]
    apart = _same_rows(ways)
    if directed:
        both = np.diff(ways[0].multiply(ways[1]).tocsr().indptr) > 0
        ends = (np.diff(ways[0].indptr) == 0) | (np.diff(ways[1].indptr) == 0)
        apart = np.where(both | ends, apart, np.arange(size))
    close = _same_rows([sp.csr_array(way + loops).sorted_indices() for way in ways])
    # No node has twins of both kinds, so that one of the two always is the node itself or the first of its kind.
    first, label, many = np.unique(np.minimum(apart, close), return_inverse=True, return_counts=True)
    tied = np.bincount(label, weights=close != np.arange(size), minlength=len(first)) > 0
    return Twins(label.astype(np.int64), many.astype(np.float64), ~tied, first.astype(np.int64))


def _same_rows(matrices: list[Matrix]) -> Positions:
    """Return for each row the first row with the same entries in every matrix."""
    known: dict[tuple[bytes, ...], int] = {}
    result = np.empty(matrices[0].shape[0], dtype=np.int64)
    for row in range(len(result)):
        key = tuple(m.indices[m.indptr[row] : m.indptr[row + 1]].tobytes() for m in matrices)
        result[row] = known.setdefault(key, row)
    return result


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
    # Each neighbour of such a node has at least its degree: that leaves few to be looked at closely.
    maybe = np.flatnonzero((degree > 0) & (least >= degree))
    for start in range(0, len(maybe), _CHUNK):
        some = maybe[start : start + _CHUNK]
        near = ties[some]
        closed = np.asarray((near @ ties).multiply(near).sum(axis=1)).ravel()
        result[some] = closed == degree[some] * (degree[some] - 1.0)
    earlier = result[ties.indices] & (ties.indices < rows)
    result[rows[earlier & result[rows]]] = False
    return result


@dataclass(frozen=True)
class Operator:
    """A matrix and its transpose, both by rows, so that few rows or few columns of it can be used."""

    forth: Matrix
    back: Matrix

    @classmethod
    def of(cls, matrix: Matrix) -> Operator:
        """Return the operator of a matrix, with indices as narrow as they may be: products read them all."""
        pair = sp.csr_array(matrix), sp.csr_array(matrix.T)
        for one in pair:
            one.sort_indices()
            if max(one.nnz, *one.shape) < np.iinfo(np.int32).max:
                one.indices, one.indptr = one.indices.astype(np.int32), one.indptr.astype(np.int32)
        return cls(*pair)

    def times(self, dense: Values, active: Positions | None, rows: Rows) -> Values:
        """Return some rows of the product with a dense block that is zero outside of its active rows."""
        # Read either the rows asked for or the columns that meet an active row, whichever are fewer.
        by_rows = self.forth.nnz if isinstance(rows, slice) else int(np.diff(self.forth.indptr)[rows].sum())
        by_columns = self.back.nnz if active is None else int(np.diff(self.back.indptr)[active].sum())
        if active is None or by_rows <= by_columns:
            matrix = self.forth if isinstance(rows, slice) else self.forth[rows]
            return np.asarray(matrix @ dense)
        return np.asarray(self.back[active].T @ dense[active])[rows]


@dataclass(frozen=True)
class Fold:
    """A network of classes, written as cliques and a rest, the rows that lie inside of no shortest path last.

    With m the classes' sizes, ``plain`` is diag(m) times the ties among the first ``inner`` rows, ``outer`` diag(m)
    times their ties with the other rows, ``meet`` the other rows' ties with them. The neighbourhoods of the first
    ``cliques`` of the others are cliques that make up most of ``plain``: but for its diagonal, plain = cover
    meet[:cliques] + rest. ``rest_on`` and ``plain_on`` are diag(m) times the transposed ties, the way that paths run;
    without direction they are the same. ``order`` gives the class of each row, ``ties`` all ties in that order.
    """

    order: Positions
    inner: int
    cliques: int
    many: Values
    ties: Matrix
    plain_on: Operator
    rest_on: Operator
    rest: Operator
    outer: Operator
    meet: Operator
    cover: Operator


def fold(ties: Matrix, many: Values, *, directed: bool = False) -> Fold:
    """Return the network with its ends last and its cliques folded; nothing of either kind is sought if directed.

    The ties are those of the classes, all entries 1, and ``many`` tells how many nodes each class has.
    """
    size = ties.shape[0]
    ends = np.zeros(size, dtype=bool) if directed else simplicial(ties)
    degree = np.diff(ties.indptr)
    order = np.lexsort((np.where(ends, -degree, 0), ends))
    inner = size - int(ends.sum())
    cliques = int((degree[ends] >= _SMALLEST_CLIQUE).sum())
    moved: Matrix = sp.csr_array(ties[order][:, order])
    moved.sort_indices()
    core = sp.csr_array(moved[:inner, :inner])
    meet = sp.csr_array(moved[inner:, :inner])
    cover = sp.csr_array(meet[:cliques].T)
    met = sp.csr_array(cover @ meet[:cliques])
    rest = sp.csr_array(core - (met - sp.diags_array(met.diagonal(), format="csr")))
    rest.eliminate_zeros()
    if rest.nnz + 2 * cover.nnz > core.nnz:
        cliques, rest, cover = 0, core, sp.csr_array((inner, 0))
    sizes = many[order]
    scale = sp.diags_array(sizes[:inner], format="csr")
    plain, left, outer, covering = (Operator.of(scale @ part) for part in (core, rest, meet.T, cover))
    onward = Operator.of(scale @ core.T) if directed else plain
    on = (onward, onward if directed else left)
    return Fold(order, inner, cliques, sizes, moved, *on, left, outer, Operator.of(meet), covering)


class Sweep:
    """Brandes' recursion for a block of sources: forward the numbers of paths, backward the dependencies.

    A level is a product of the sparse ties with the dense block, cut down to the rows that a path may still enter.
    ``depth`` holds 0 for what is not reached, 1 for the source, 2 for its neighbours. ``paths`` counts the shortest
    paths to a row's nodes together, so that the classes' sizes stand in the matrices alone.
    """

    def __init__(self, small: Fold, sources: Positions) -> None:
        """Stand at the sources, with their neighbours reached."""
        size, width = len(small.many), len(sources)
        self._small, self._width = small, width
        self._folded = small.cliques > 0
        self._bound = float(np.asarray(small.cover.forth.sum(axis=1)).max(initial=1.0))
        near = small.ties[sources]
        rows, columns = near.indices, np.repeat(np.arange(width), np.diff(near.indptr))
        self._depth: NDArray[np.uint8] | NDArray[np.int32] = np.zeros((size, width), dtype=np.uint8)
        self._paths = np.zeros((size, width))
        self._depth[sources, np.arange(width)] = 1
        self._depth[rows, columns] = 2
        self._paths[rows, columns] = small.many[rows]
        self._levels = [self._halves(np.unique(rows).astype(np.int64))]
        self._forward()

    def _halves(self, rows: Positions) -> tuple[Positions, Positions]:
        cut = int(np.searchsorted(rows, self._small.inner))
        return rows[:cut], rows[cut:]

    def _forward(self) -> None:
        inner, size = self._small.inner, len(self._small.many)
        active = self._levels[0][0]
        front = np.zeros((inner, self._width))
        front[active] = self._paths[active]
        while len(unseen := self._unseen(active)):
            level = len(self._levels) + 2
            if level == np.iinfo(np.uint8).max:
                self._depth = self._depth.astype(np.int32)
            within, ends = self._halves(unseen)
            opens, outers = _mostly(within, 0, inner), _mostly(ends, inner, size)
            found, at_ends = self._entered(front, active, opens, ends if isinstance(outers, np.ndarray) else None)
            front[active] = 0
            active, ends = self._settle(opens, found, level), self._settle(outers, at_ends, level)
            front[opens] = found
            if not len(active) and not len(ends):
                break
            self._levels.append((active, ends))

    def _unseen(self, active: Positions) -> Positions:
        """Return the rows that some source has not reached and that a tie with an active row may reach."""
        size = len(self._small.many)
        near: Positions = np.arange(size) if len(active) * 8 > size else np.unique(self._small.ties[active].indices)
        return np.asarray(near[self._depth[near].min(axis=1) == 0], dtype=np.int64)

    def _entered(self, front: Values, active: Positions, opens: Rows, ends: Positions | None) -> tuple[Values, Values]:
        """Return the numbers of paths that arrive at the open inner rows and at the outer ones (all, if None)."""
        small, inner = self._small, self._small.inner
        seen = small.meet.times(front, active, slice(None))
        # Folded sums hold what is taken off again: they are exact only while they are whole numbers.
        if self._folded and seen.max(initial=0.0) * self._bound >= _INTEGERS:
            self._folded = False
        if self._folded:
            found = small.cover.times(seen[: small.cliques], None, opens)
            found += small.rest_on.times(front, active, opens)
        else:
            found = small.plain_on.times(front, active, opens)
        rows = slice(None) if ends is None else ends - inner
        return found, seen[rows] * small.many[inner:][rows, None]

    def _settle(self, rows: Rows, found: Values, level: int) -> Positions:
        """Keep of what arrives only what is new, and return the rows that hold any."""
        depth = self._depth[rows]
        found *= depth == 0
        self._paths[rows] += found
        fresh = found != 0
        depth += np.multiply(fresh, level, dtype=depth.dtype)
        self._depth[rows] = depth
        return np.asarray(np.arange(len(self._small.many))[rows][fresh.any(axis=1)], dtype=np.int64)

    def dependencies(self, weights: Values) -> Values:
        """Return what a node of each row contributes to the paths from the sources, shape (rows, columns of weights).

        The weights say how often each source counts, shape (sources, any). It can be asked once.
        """
        small, inner = self._small, self._small.inner
        squares = np.square(small.many)[:, None]
        result = np.zeros((len(squares), weights.shape[1]))
        self._paths[self._depth < 2] = 1
        part = squares / self._paths
        load = np.zeros_like(part)
        rows, ends = self._levels.pop()
        level = len(self._levels) + 2
        load[rows] = part[rows] * (self._depth[rows] == level)
        while level > 2:
            load[ends] = part[ends] * (self._depth[ends] == level)
            nearer, nearer_ends = self._levels.pop()
            level -= 1
            opens = _mostly(nearer, 0, inner)
            if small.cliques:
                at_cliques = load[inner : inner + small.cliques]
                at_cliques += small.meet.times(load[:inner], rows, slice(None))[: small.cliques]
            through = small.outer.times(load[inner:], None, opens)
            through += small.rest.times(load[:inner], rows, opens)
            load[rows] = 0
            load[inner:] = 0
            here = self._depth[opens] == level
            through *= here
            load[opens] = part[opens] * here + through
            through *= self._paths[opens]
            result[opens] += through @ weights
            rows, ends = nearer, nearer_ends
        return result / squares


def _mostly(rows: Positions, start: int, stop: int) -> Rows:
    """Return a slice if it holds little more than the rows, since it spares the copy."""
    return slice(start, stop) if len(rows) > _MANY * (stop - start) else rows
