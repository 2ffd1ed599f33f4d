"""Breadth-first searches of a network, 64 to a word, and scipy's search where paths are long.

Idea: 64 searches share the bits of one word (Then et al. 2014, PVLDB 8: 449-460). A level takes for each node the union
of its neighbours' words; the new bits of a node are the searches that reach it at this distance. Only sums over the
distances are stored, so that a network of 30,000 nodes needs no table of 900 million numbers. The ties are those of
classes of nodes with equal neighbourhoods, or lead over the memberships, which are fewer than the ties. Invariant:
whichever way is taken, all sums are the same whole numbers.
"""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components, dijkstra, reverse_cuthill_mckee

from chaingraph.arrays import Matrix
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Tick = Callable[[int], None]
Values = NDArray[np.float64]
Integers = NDArray[np.int64]
Words = NDArray[np.uint64]

_EXACT_LEVELS = 16
"""Distances up to this are counted apart, so that nodes with equal distances have exactly equal sums of 1 / d."""


class Tuning(NamedTuple):
    """What decides time and memory, never the result.

    ``words`` is how many words of searches run side by side; their states, the words gathered at once and the tables
    of scipy's search have at most so many bytes. ``effort`` scales how long the searches by words go on where paths
    are long; with 0 scipy's search does everything. Progress is first reported after ``patience`` seconds, then every
    ``interval``.
    """

    words: int = 16
    state_bytes: int = 2**24
    gather_bytes: int = 2**20
    table_bytes: int = 2**24
    effort: float = 1.0
    patience: float = 2.0
    interval: float = 0.3


TUNING = Tuning()


class Sums:
    """Running sums over distances; up to ``_EXACT_LEVELS`` the nodes are counted by distance."""

    def __init__(self, size: int) -> None:
        self.reached, self.total, self.greatest, self._inverse = (np.zeros(size) for _ in range(4))
        self._by_level: list[Values] = []

    def add(self, rows: Integers, count: Integers, level: int) -> None:
        """Count so many nodes at one distance from each of the rows."""
        self.reached[rows] += count
        self.total[rows] += count * level
        self.greatest[rows] = np.maximum(self.greatest[rows], np.where(count > 0, level, 0))
        if level > _EXACT_LEVELS:
            self._inverse[rows] += count / level
            return
        while len(self._by_level) < level:
            self._by_level.append(np.zeros(len(self.reached)))
        self._by_level[level - 1][rows] += count

    def add_table(self, distance: Values, nodes: int, beyond: int) -> None:
        """Count the columns' distances to rows that stand for so many nodes each, without those up to ``beyond``."""
        counts = np.isfinite(distance) & (distance > beyond)
        self.reached += nodes * counts.sum(axis=0)
        self._inverse += nodes * np.divide(1.0, distance, out=np.zeros_like(distance), where=counts).sum(axis=0)
        distance[~counts] = 0
        self.total += nodes * distance.sum(axis=0)
        self.greatest = np.maximum(self.greatest, distance.max(axis=0, initial=0))

    def inverse(self) -> Values:
        """Return the sums of 1 / distance."""
        return self._inverse + sum(count / level for level, count in enumerate(self._by_level, 1))


def ticker(report: Callable[[str], None] | None, nodes: int, tuning: Tuning) -> Tick:
    """Return a function that takes how many more nodes are done, and reports once there is something to wait for."""
    done, due = 0, time.monotonic() + tuning.patience

    def tick(more: int) -> None:
        nonlocal done, due
        done += more
        if report is not None and time.monotonic() >= due:
            report(tr("distances: {percent} %", percent=100 * done // nodes))
            due = time.monotonic() + tuning.interval

    return tick


def hops_of_ties(matrix: Matrix) -> tuple[Integers, list[Matrix]]:
    """Return each node's class and the ties of the classes: nodes of one closed neighbourhood are one class."""
    closed = _pattern(matrix + sp.eye_array(matrix.shape[0], format="csr"))
    transpose = closed.T.tocsr()
    if not (np.array_equal(closed.indptr, transpose.indptr) and np.array_equal(closed.indices, transpose.indices)):
        return np.arange(matrix.shape[0]), [closed]
    class_of, first = _classes(closed)
    return class_of, [closed[first][:, first]]


def hops_of_memberships(incidence: Matrix) -> tuple[Integers, list[Matrix]]:
    """Return each node's class and the two steps to consortia and back: nodes of the same memberships are one class."""
    nodes = _pattern(incidence)
    class_of, first = _classes(nodes)
    consortia = _pattern(nodes[first].T.tocsr())
    # A consortium of one class leads nowhere, and of two with the same members one is enough.
    consortia = consortia[np.diff(consortia.indptr) > 1]
    consortia = consortia[_classes(consortia)[1]]
    return class_of, [consortia, consortia.T.tocsr()]


def ordered_classes(class_of: Integers, hops: list[Matrix]) -> tuple[Integers, list[Matrix], Integers]:
    """Return classes, hops and each class's component, with close classes at close positions, for the cache."""
    graph, classes = reversed_network(hops), hops[-1].shape[0]
    # scipy's ordering fails on a network without nodes.
    order = reverse_cuthill_mckee(graph).astype(np.int64) if classes else np.arange(0)
    order = order[order < classes]
    component = connected_components(graph, directed=False)[1][order].astype(np.int64)
    hops = [*hops[:-1], hops[-1][order]]
    hops[0] = hops[0][:, order]
    return np.argsort(order)[class_of], [_pattern(hop) for hop in hops], component


def reversed_network(hops: list[Matrix]) -> Matrix:
    """Return the network of the hops with its directions reversed; of a two-mode one the classes come first."""
    backwards = hops[0].T if len(hops) == 1 else sp.block_array([[None, hops[1]], [hops[0], None]])
    result: Matrix = backwards.tocsr().astype(np.float64)
    return result


def _pattern(matrix: Matrix) -> Matrix:
    """Return where a matrix has entries, as booleans in sorted rows: their product with a vector is a disjunction."""
    result: Matrix = matrix.astype(np.bool_)
    result.eliminate_zeros()
    result.sort_indices()
    return result


def _classes(pattern: Matrix) -> tuple[Integers, Integers]:
    """Return each row's class and each class's first row, rows of the same columns being one; empty rows stay alone."""
    numbers: dict[bytes | int, int] = {}
    class_of = np.empty(pattern.shape[0], dtype=np.int64)
    for row, (start, stop) in enumerate(pairwise(pattern.indptr)):
        class_of[row] = numbers.setdefault(pattern.indices[start:stop].tobytes() or row, len(numbers))
    return class_of, np.unique(class_of, return_index=True)[1].astype(np.int64)


def blocks(multiplicity: Integers, most: int) -> Iterator[tuple[int, Integers]]:
    """Split the classes by the powers of two in their numbers of nodes, so that counting searches counts nodes."""
    for power in range(int(multiplicity.max(initial=0)).bit_length()):
        classes = np.flatnonzero(multiplicity >> power & 1)
        for start in range(0, len(classes), most):
            yield 2**power, classes[start : start + most]


def search_by_words(
    hops: list[Matrix], component: Integers, sources: Integers, sums: Sums, nodes: int, tuning: Tuning
) -> int | None:
    """Search from a block of sources level by level; return None, or the last level summed if paths are too long.

    A search is a bit. The row of a hop lists the columns whose bits it takes over: a class is reached by the searches
    that have reached one of its columns.
    """
    words, classes = -(-len(sources) // 64), len(component)
    word, bit = np.divmod(np.arange(len(sources)), 64)
    states = [np.zeros((hop.shape[0], words), np.uint64) for hop in hops]
    states[-1][sources, word] = np.uint64(1) << bit.astype(np.uint64)
    reached = np.bincount(sources, minlength=classes)
    # A class is done when all sources of its component have reached it.
    limit = np.bincount(component[sources], minlength=classes)[component]
    changed = reached > 0
    # In words moved: scipy's search takes about four per class or tie and source; a level costs some overhead.
    budget = tuning.effort * (256 * words * (classes + sum(hop.nnz for hop in hops)) + 2**20)
    spent, level = 0, 0
    while changed.any():
        if spent >= budget * max(1 / 8, reached.sum() / limit.sum()):
            return level
        level += 1
        unfinished, rows, state_before = reached < limit, np.arange(classes), states[-1]
        for hop, state in zip(hops, states, strict=True):
            changed = (hop @ changed) & (unfinished if hop is hops[-1] else hop @ unfinished)
            rows = np.flatnonzero(changed)
            state[rows] = _unions(hop, rows, state_before, tuning.gather_bytes)
            state_before = state
            spent += words * int(np.diff(hop.indptr)[rows].sum()) + 10_000
        gained = np.bitwise_count(state_before[rows]).sum(axis=1, dtype=np.int64) - reached[rows]
        sums.add(rows, gained * nodes, level)
        reached[rows] += gained
        changed[rows] = gained > 0
    return None


def _unions(hop: Matrix, rows: Integers, state: Words, gather_bytes: int) -> Words:
    """Return for each of the rows, none of them empty, the union of its columns' words."""
    result = np.empty((len(rows), state.shape[1]), np.uint64)
    starts = hop.indptr[rows].astype(np.int64)
    ends = np.cumsum(hop.indptr[rows + 1] - starts)
    step, first, done = gather_bytes // (8 * state.shape[1]), 0, 0
    while first < len(rows):
        last = max(first + 1, int(np.searchsorted(ends, done + step, side="right")))
        lengths = np.diff(ends[first:last], prepend=done)
        offsets = ends[first:last] - lengths - done
        columns = hop.indices[np.arange(lengths.sum()) + np.repeat(starts[first:last] - offsets, lengths)]
        np.bitwise_or.reduceat(state.take(columns, axis=0), offsets, axis=0, out=result[first:last])
        first, done = last, int(ends[last - 1])
    return result


def search_by_scipy(
    graph: Matrix,
    sources: Integers,
    sums: Sums,
    tick: Tick,
    tuning: Tuning,
    nodes: int = 1,
    steps: int = 0,
    beyond: int = 0,
) -> None:
    """Search from the sources one by one, each for so many nodes; distances up to ``beyond`` are in the sums already.

    A distance is so many ``steps`` of the graph (two, where it leads over memberships), or a length if that is 0.
    """
    batch = max(1, tuning.table_bytes // (8 * max(1, graph.shape[0])))
    for start in range(0, len(sources), batch):
        table = dijkstra(graph, indices=sources[start : start + batch], unweighted=steps > 0)
        sums.add_table(table[:, : len(sums.reached)] / max(steps, 1), nodes, beyond)
        tick(len(table) * nodes)
