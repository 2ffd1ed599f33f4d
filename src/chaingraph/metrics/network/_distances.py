"""Distances: how far each node is from all others, exactly; the one place that searches a network breadth-first.

Sixty-four searches share the bits of one word. Kept are not the distances but their sums, so that a network of 30,000
nodes needs no table of 900 million numbers.
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
from chaingraph.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Tick = Callable[[int], None]
Values = NDArray[np.float64]
Integers = NDArray[np.int64]
Words = NDArray[np.uint64]

_WIDTH, _STATE_BYTES, _GATHER_BYTES, _TABLE_BYTES, _NEAR = 16, 2**24, 2**20, 2**24, 16
_FIRST_REPORT, _NEXT_REPORT = 2.0, 0.3


class Distances(NamedTuple):
    """What each node sees outwards, one entry a node; distances count ties."""

    reached: NDArray[np.int64]  # how many other nodes it reaches
    total: NDArray[np.int64]  # the sum of the distances to them
    inverse: NDArray[np.float64]  # the sum of 1 / distance
    greatest: NDArray[np.int64]  # the largest of the distances, 0 where it reaches none


class WeightedDistances(NamedTuple):
    """What each node sees outwards, as ``Distances`` has it, but in the unit of the ties' lengths."""

    reached: NDArray[np.int64]
    total: NDArray[np.float64]
    inverse: NDArray[np.float64]
    greatest: NDArray[np.float64]


def distances(
    matrix: Matrix, *, incidence: Matrix | None = None, report: Callable[[str], None] | None = None
) -> Distances:
    """Return for each node how many others it reaches, how far they are in sum, and how far the farthest is.

    Exact and unweighted. Directed ties are followed from row to column; transpose the matrix to look inwards.
    Breadth-first searches run 64 to a word (Then et al. 2014, PVLDB 8: 449-460), and nodes tied to each other and to
    the same others are searched as one. Where paths grow so long that the words stay nearly empty, scipy's search
    takes over. Memory: a few copies of the input, about 300 bytes a node, and at most about 150 MB.

    Args:
        matrix: Shape (n, n), nonzero where there is a tie, no diagonal.
        incidence: The memberships that ``matrix`` was projected from, shape (n, consortia), nonzero = member. The
            answer is the same and comes sooner; of ``matrix`` only the number of nodes is then read.
        report: Called with a line of progress, a few times a second once two seconds have passed.

    Raises:
        NetworkError: The matrix is not square, or the incidence has another number of rows.

    >>> distances(sp.csr_array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])).total.tolist()
    [3, 2, 3]
    """
    size = _size(matrix)
    if incidence is not None and incidence.shape[0] != size:
        message = f"the incidence has {incidence.shape[0]} rows and the network {size} nodes; give one row a node"
        raise NetworkError(message)
    member, hops = _hops_of_ties(matrix) if incidence is None else _hops_of_memberships(incidence)
    member, hops, component = _ordered(member, hops)
    multiplicity = np.bincount(member)
    tally, tick = _Tally(len(multiplicity)), _ticker(report, size)
    width = max(1, min(_WIDTH, _STATE_BYTES // (8 * max(1, *(hop.shape[0] for hop in hops)))))
    for nodes, sources in _blocks(multiplicity, 64 * width):
        counted = _spread(hops, component, sources, tally, nodes)
        if counted is None:
            tick(len(sources) * nodes)
        else:
            _walk(_turned(hops), sources, tally, tick, nodes, len(hops), counted)
    # The members of a class are tied to each other.
    tally.add(np.arange(len(multiplicity)), multiplicity - 1, 1)
    reached, total, greatest = (part.astype(np.int64)[member] for part in (tally.reached, tally.total, tally.greatest))
    return Distances(reached, total, tally.inverse()[member], greatest)


def weighted_distances(matrix: Matrix, *, report: Callable[[str], None] | None = None) -> WeightedDistances:
    """Return the sums of ``distances`` for ties that have lengths: an entry of the matrix is a length, not a strength.

    Dijkstra's search (1959, Numer. Math. 1: 269-271) from every node; directed ties are followed from row to column.
    Memory: at most about 100 MB beside the input.

    Raises:
        NetworkError: The matrix is not square, or a length is not a finite number above 0.

    >>> weighted_distances(sp.csr_array([[0, 2.0, 0], [2.0, 0, 3.0], [0, 3.0, 0]])).total.tolist()
    [7.0, 5.0, 8.0]
    """
    size = _size(matrix)
    wrong = matrix.data[~((matrix.data > 0) & np.isfinite(matrix.data))]
    if len(wrong):
        message = f"a tie has the length {wrong[0]}, expected a finite number above 0; turn strengths into lengths"
        raise NetworkError(message)
    tally = _Tally(size)
    _walk(matrix.T.tocsr().astype(np.float64), np.arange(size), tally, _ticker(report, size))
    return WeightedDistances(tally.reached.astype(np.int64), tally.total, tally.inverse(), tally.greatest)


def closeness(found: Distances | WeightedDistances) -> Values:
    """Return closeness as Wasserman and Faust (1994, p. 200) correct it for disconnected networks.

    A node that reaches r others at summed distance d has (r / d) * (r / (n - 1)), in [0, 1] unless lengths are below
    1; one that reaches none has 0.

    >>> closeness(distances(sp.csr_array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]))).round(4).tolist()
    [0.6667, 1.0, 0.6667]
    """
    reached = found.reached.astype(np.float64)
    near = np.divide(reached, found.total, out=np.zeros(len(reached)), where=reached > 0)
    return np.asarray(near * reached / max(len(reached) - 1, 1), dtype=np.float64)


def harmonic(found: Distances | WeightedDistances) -> Values:
    """Return the mean of 1 / distance to all others, in [0, 1] unless lengths are below 1; unreached others count 0.

    Harmonic centrality (Boldi and Vigna 2014, Internet Math. 10: 222-262), divided by n - 1; a single node has 0.

    >>> harmonic(distances(sp.csr_array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]))).tolist()
    [0.75, 1.0, 0.75]
    """
    return found.inverse / max(len(found.inverse) - 1, 1)


def eccentricity(found: Distances | WeightedDistances) -> Values:
    """Return each node's largest distance to a node that it reaches; NaN where it reaches none (Harary 1969, p. 35).

    >>> eccentricity(distances(sp.csr_array([[0, 1, 0], [1, 0, 0], [0, 0, 0]]))).tolist()
    [1.0, 1.0, nan]
    """
    return np.where(found.reached > 0, found.greatest, np.nan).astype(np.float64)


def diameter(found: Distances | WeightedDistances) -> float:
    """Return the largest distance between two nodes one of which reaches the other; NaN without ties.

    >>> diameter(distances(sp.csr_array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])))
    2.0
    """
    return float(found.greatest.max()) if found.reached.any() else float("nan")


def mean_distance(found: Distances | WeightedDistances) -> float:
    """Return the mean distance over the ordered pairs of which the first reaches the second; NaN without ties.

    >>> mean_distance(distances(sp.csr_array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]))) == (4 * 1 + 2 * 2) / 6
    True
    """
    return float(found.total.sum() / found.reached.sum()) if found.reached.any() else float("nan")


class _Tally:
    """Running sums over distances; the near ones are counted apart, so that like nodes get the like sum of 1 / d."""

    def __init__(self, size: int) -> None:
        self.reached, self.total, self.greatest, self._far = (np.zeros(size) for _ in range(4))
        self._near: list[Values] = []

    def add(self, rows: Integers, count: Integers, level: int) -> None:
        """Count so many nodes at one distance from each of the rows."""
        self.reached[rows] += count
        self.total[rows] += count * level
        self.greatest[rows] = np.maximum(self.greatest[rows], np.where(count > 0, level, 0))
        if level > _NEAR:
            self._far[rows] += count / level
            return
        while len(self._near) < level:
            self._near.append(np.zeros(len(self.reached)))
        self._near[level - 1][rows] += count

    def add_table(self, distance: Values, nodes: int, beyond: int) -> None:
        """Count the columns' distances to rows that stand for so many nodes each, without those up to ``beyond``."""
        counts = np.isfinite(distance) & (distance > beyond)
        self.reached += nodes * counts.sum(axis=0)
        self._far += nodes * np.divide(1.0, distance, out=np.zeros_like(distance), where=counts).sum(axis=0)
        distance[~counts] = 0
        self.total += nodes * distance.sum(axis=0)
        self.greatest = np.maximum(self.greatest, distance.max(axis=0, initial=0))

    def inverse(self) -> Values:
        return self._far + sum(count / level for level, count in enumerate(self._near, 1))


def _ticker(report: Callable[[str], None] | None, nodes: int) -> Tick:
    """Return a function that takes how many more nodes are done and says so once there is something to wait for."""
    done, due = 0, time.monotonic() + _FIRST_REPORT

    def tick(more: int) -> None:
        nonlocal done, due
        done += more
        if report is not None and time.monotonic() >= due:
            report(f"distances: {100 * done // nodes} %")
            due = time.monotonic() + _NEXT_REPORT

    return tick


def _size(matrix: Matrix) -> int:
    rows, columns = matrix.shape
    if rows != columns:
        message = f"the matrix has {rows} rows and {columns} columns; give one row and one column a node"
        raise NetworkError(message)
    return int(rows)


def _hops_of_ties(matrix: Matrix) -> tuple[Integers, list[Matrix]]:
    """Return each node's class and the ties of the classes: nodes of one closed neighbourhood are one class."""
    closed = _pattern(matrix + sp.eye_array(matrix.shape[0], format="csr"))
    turned = closed.T.tocsr()
    if not (np.array_equal(closed.indptr, turned.indptr) and np.array_equal(closed.indices, turned.indices)):
        return np.arange(matrix.shape[0]), [closed]
    member, first = _classes(closed)
    return member, [closed[first][:, first]]


def _hops_of_memberships(incidence: Matrix) -> tuple[Integers, list[Matrix]]:
    """Return each node's class and the way of news, to consortia and back: nodes of the same memberships are one."""
    nodes = _pattern(incidence)
    member, first = _classes(nodes)
    consortia = _pattern(nodes[first].T.tocsr())
    # A consortium of one class carries no news, and of two alike one is enough.
    consortia = consortia[np.diff(consortia.indptr) > 1]
    consortia = consortia[_classes(consortia)[1]]
    return member, [consortia, consortia.T.tocsr()]


def _ordered(member: Integers, hops: list[Matrix]) -> tuple[Integers, list[Matrix], Integers]:
    """Return classes, hops and each class's component, with classes that are close to each other side by side."""
    graph, classes = _turned(hops), hops[-1].shape[0]
    # scipy's ordering fails on a network without nodes.
    order = reverse_cuthill_mckee(graph).astype(np.int64) if classes else np.arange(0)
    order = order[order < classes]
    component = connected_components(graph, directed=False)[1][order].astype(np.int64)
    hops = [*hops[:-1], hops[-1][order]]
    hops[0] = hops[0][:, order]
    return np.argsort(order)[member], [_pattern(hop) for hop in hops], component


def _turned(hops: list[Matrix]) -> Matrix:
    """Return the searched network with its arrows turned round; of a two-mode one the classes come first."""
    turned = hops[0].T if len(hops) == 1 else sp.block_array([[None, hops[1]], [hops[0], None]])
    result: Matrix = turned.tocsr().astype(np.float64)
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
    member = np.empty(pattern.shape[0], dtype=np.int64)
    for row, (start, stop) in enumerate(pairwise(pattern.indptr)):
        member[row] = numbers.setdefault(pattern.indices[start:stop].tobytes() or row, len(numbers))
    return member, np.unique(member, return_index=True)[1].astype(np.int64)


def _blocks(multiplicity: Integers, most: int) -> Iterator[tuple[int, Integers]]:
    """Split the classes by the powers of two in their numbers of nodes, so that counting searches counts nodes."""
    for power in range(int(multiplicity.max(initial=0)).bit_length()):
        chosen = np.flatnonzero(multiplicity >> power & 1)
        for start in range(0, len(chosen), most):
            yield 2**power, chosen[start : start + most]


def _spread(hops: list[Matrix], component: Integers, sources: Integers, tally: _Tally, nodes: int) -> int | None:
    """Count a block of searches level by level; return None, or the last level counted if it is no use to go on.

    A search is a bit. A row of the last hop lists where a class's news come from: what it has heard of, it reaches.
    """
    words, classes = -(-len(sources) // 64), len(component)
    word, bit = np.divmod(np.arange(len(sources)), 64)
    states = [np.zeros((hop.shape[0], words), np.uint64) for hop in hops]
    states[-1][sources, word] = np.uint64(1) << bit.astype(np.uint64)
    found = np.bincount(sources, minlength=classes)
    # A class is done when it has found all of its component.
    limit = np.bincount(component[sources], minlength=classes)[component]
    changed = found > 0
    # In words moved: scipy's search takes about four a class or tie and source; a level costs some overhead.
    budget, spent, level = 256 * words * (classes + sum(hop.nnz for hop in hops)) + 2**20, 0, 0
    while changed.any():
        if spent > budget * max(1 / 8, found.sum() / limit.sum()):
            return level
        level += 1
        unfinished, rows, news = found < limit, np.arange(classes), states[-1]
        for hop, state in zip(hops, states, strict=True):
            changed = (hop @ changed) & (unfinished if hop is hops[-1] else hop @ unfinished)
            rows = np.flatnonzero(changed)
            state[rows] = _pull(hop, rows, news)
            news = state
            spent += words * int(np.diff(hop.indptr)[rows].sum()) + 10_000
        gained = np.bitwise_count(news[rows]).sum(axis=1, dtype=np.int64) - found[rows]
        tally.add(rows, gained * nodes, level)
        found[rows] += gained
        changed[rows] = gained > 0
    return None


def _pull(hop: Matrix, rows: Integers, state: Words) -> Words:
    """Return for each of the rows, none of them empty, the union of what its columns know."""
    result = np.empty((len(rows), state.shape[1]), np.uint64)
    starts = hop.indptr[rows].astype(np.int64)
    ends = np.cumsum(hop.indptr[rows + 1] - starts)
    step, first, done = _GATHER_BYTES // (8 * state.shape[1]), 0, 0
    while first < len(rows):
        last = max(first + 1, int(np.searchsorted(ends, done + step, side="right")))
        lengths = np.diff(ends[first:last], prepend=done)
        offsets = ends[first:last] - lengths - done
        columns = hop.indices[np.arange(lengths.sum()) + np.repeat(starts[first:last] - offsets, lengths)]
        np.bitwise_or.reduceat(state.take(columns, axis=0), offsets, axis=0, out=result[first:last])
        first, done = last, int(ends[last - 1])
    return result


def _walk(
    graph: Matrix, sources: Integers, tally: _Tally, tick: Tick, nodes: int = 1, steps: int = 0, beyond: int = 0
) -> None:
    """Count searches one by one, each for so many nodes; a tie is so many ``steps``, or has a length if that is 0."""
    batch = max(1, _TABLE_BYTES // (8 * max(1, graph.shape[0])))
    for start in range(0, len(sources), batch):
        table = dijkstra(graph, indices=sources[start : start + batch], unweighted=steps > 0)
        tally.add_table(table[:, : len(tally.reached)] / max(steps, 1), nodes, beyond)
        tick(len(table) * nodes)
