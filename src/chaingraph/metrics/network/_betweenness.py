"""Kernels of betweenness: exact, sampled, and over lengths.

Exact betweenness of networks of consortia is cheap for four reasons: twins are one row, what lies inside of no shortest
path is only a source and a target, cliques are not stored tie by tie (all three: ``_graph_reduction``), and many
sources run side by side, in threads. Where paths are long, so that blocks have many nearly empty levels, networkit's
search from each node is faster and is taken. Invariant: the result does not depend on blocks or threads, bit for bit.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components, dijkstra

from chaingraph.arrays import Matrix
from chaingraph.errors import NetworkError
from chaingraph.messages import tr
from chaingraph.metrics.network._graph_reduction import ReducedNetwork, Sweep, Twins, reduced_network, twins
from chaingraph.metrics.network._whole_lengths import dependencies_over_lengths, fit_floats, whole_lengths

if TYPE_CHECKING:
    from collections.abc import Callable

    from chaingraph.metrics.network._graph_reduction import Positions, Values

    Report = Callable[[str], None]

EXACT_WORK = 1.5e11
"""The ``work`` that takes about two minutes on two cores: 2.7e10, the whole of Horizon Europe, took 18 s."""

THREADS = 4
"""The most threads that run side by side."""
PATIENCE = 2.0
"""Seconds between two reports of progress, and before the first."""
_WIDTH = 256
_CELLS = 2**20
_PACK = 256  # components are joined up to so many nodes, since a sweep has a fixed cost
# What a level of a block, a row of a level and a tie in networkit's search cost, where a multiplication costs 1.
_COST_LEVEL, _COST_ROW, _COST_VISIT = 300_000.0, 6.0, 40.0
_SMALL_WORK = 2e9  # below it networkit is not even imported, and threads cost more than they save


@dataclass(frozen=True)
class _Part:
    """Some components of a network and their reduction; ``depth`` is nearly the longest distance."""

    nodes: Positions
    ties: Matrix
    classes: Twins
    reduced: ReducedNetwork
    depth: int

    @property
    def width(self) -> int:
        """How many sources run side by side: few enough that a block's arrays stay small."""
        return max(1, min(_WIDTH, _CELLS // len(self.reduced.sizes)))

    @property
    def sweep_work(self) -> float:
        """The cost of the sweeps: products, passes over the rows at each level, and the fixed cost of a level."""
        size = len(self.reduced.sizes)
        entries = self.reduced.rest.by_rows.nnz + 2 * self.reduced.meet.by_rows.nnz
        blocks = -(-size // self.width)
        return size * (3.0 * entries + _COST_ROW * self.depth * size) + blocks * self.depth * _COST_LEVEL

    @property
    def search_work(self) -> float:
        """The cost of a search from each node, which is less where paths are long."""
        return _COST_VISIT * len(self.nodes) * (self.ties.nnz + len(self.nodes))

    @property
    def has_long_paths(self) -> bool:
        """Whether paths are so long that sweeps cost more than searches."""
        return self.sweep_work > _SMALL_WORK and self.search_work < self.sweep_work

    @property
    def work(self) -> float:
        """The cost of the faster of the two."""
        return self.search_work if self.has_long_paths else self.sweep_work


def betweenness(
    matrix: Matrix,
    *,
    directed: bool = False,
    report: Report | None = None,
    threads: int = THREADS,
    patience: float = PATIENCE,
) -> Values:
    """Return exact betweenness in [0, 1]: the mean share of shortest paths between two others that pass a node.

    Freeman (1977, Sociometry 40: 35-41), normalised by the (n - 1)(n - 2) ordered pairs; with fewer than three nodes
    all are 0. Unweighted: an entry is a tie, whatever its value. Computed by the recursion of Brandes (2001, J. Math.
    Sociol. 25: 163-177) on the classes of twins. Where paths are long (a chain), networkit computes it, in one thread
    so that it repeats. Memory: less than 500 MB beyond some copies of the matrix, however long the paths.

    Args:
        matrix: Shape (n, n), no diagonal; symmetric unless directed.
        directed: Rows are sources of the ties, columns their targets.
        report: Called with a line of progress, once more than ``patience`` seconds have passed.
        threads: The most threads.
        patience: Seconds between two reports.

    Raises:
        NetworkError: The matrix is not square.

    >>> star = sp.csr_array([[0.0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]])
    >>> betweenness(star).tolist()
    [1.0, 0.0, 0.0, 0.0]
    """
    size = _size(matrix)
    result, parts = np.zeros(size), _parts(matrix, directed=directed)
    progress = _Progress(sum(len(part.reduced.sizes) for part in parts), report, patience)
    for part in parts:
        if part.has_long_paths:
            result[part.nodes] = dependencies_by_search(part.ties, directed=directed)
            progress.done(len(part.reduced.sizes))
        else:
            sums = _dependencies_by_sweeps(part, part.classes.sizes[:, None], progress, threads)
            result[part.nodes] = sums[part.classes.label, 0]
    return _normalised(result)


def sampled_betweenness(
    matrix: Matrix,
    *,
    sources: int,
    seed: int,
    directed: bool = False,
    draws: int = 200,
    report: Report | None = None,
    threads: int = THREADS,
) -> tuple[Values, Values]:
    """Return betweenness estimated from the paths of some sources only, and the estimate's standard error.

    The sources are drawn uniformly without replacement (Brandes and Pich 2007, Int. J. Bifurc. Chaos 17: 2303-2318);
    the estimate is unbiased, and exact from all nodes. The standard error comes from a bootstrap of the sources
    (Efron 1979, Ann. Stat. 7: 1-26) with the corrections for few sources and for a finite network. It is 0 where no
    sampled path passes, which does not say that none does. Memory: that of ``betweenness`` and n * draws * 48 bytes.

    Args:
        matrix: Shape (n, n), no diagonal; symmetric unless directed.
        sources: How many nodes to start from, at least 2; all of them if there are fewer.
        seed: Of the draw and of the bootstrap.
        directed: Rows are sources of the ties, columns their targets.
        draws: How many times the bootstrap draws, at least 2.
        report: Called with a line of progress, once more than two seconds have passed.
        threads: The most threads.

    Raises:
        NetworkError: The matrix is not square, or there are fewer than two sources or draws.

    >>> cycle = sp.csr_array([[0.0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]])
    >>> [part.round(4).tolist() for part in sampled_betweenness(cycle, sources=4, seed=1)]
    [[0.1667, 0.1667, 0.1667, 0.1667], [0.0, 0.0, 0.0, 0.0]]
    """
    size = _size(matrix)
    if min(sources, draws) < 2:
        message = tr(
            "sources={sources}, draws={draws}: give at least 2 of both, or take the exact betweenness",
            sources=sources,
            draws=draws,
        )
        raise NetworkError(message)
    count = min(sources, size)
    if count < 2:
        return np.zeros(size), np.zeros(size)
    random = np.random.default_rng(seed)
    sample = random.choice(size, count, replace=False)
    weights = np.zeros((size, 1 + draws))
    weights[sample, 0] = 1
    weights[sample, 1:] = random.multinomial(count, np.full(count, 1 / count), size=draws).T
    progress = _Progress(count, report, PATIENCE)
    estimates = np.zeros((size, 1 + draws))
    for part in _parts(matrix, directed=directed):
        by_class = np.zeros((len(part.classes.sizes), 1 + draws))
        np.add.at(by_class, part.classes.label, weights[part.nodes])
        if by_class.any():
            sums = _dependencies_by_sweeps(part, by_class, progress, threads)
            estimates[part.nodes] = sums[part.classes.label]
    scale = size / count
    error = estimates[:, 1:].std(axis=1, ddof=1) * scale * np.sqrt(count / (count - 1) * (1 - count / size))
    return _normalised(estimates[:, 0] * scale), _normalised(error)


def lengths_betweenness(matrix: Matrix, *, directed: bool = False) -> Values:
    """Return betweenness in [0, 1] over the paths of the smallest summed length, an entry being a tie's length.

    Freeman (1977), normalised by the (n - 1)(n - 2) ordered pairs; with fewer than three nodes all are 0. Lengths are
    compared as whole numbers, so that paths of 1/3 + 1/3 + 1/3 and of 1/2 + 1/2 are equally long: by networkit, in one
    thread so that it repeats, where floats hold all sums exactly, else in numbers of any size, which takes longer.

    Args:
        matrix: Shape (n, n), no diagonal, entries are lengths; symmetric unless directed.
        directed: Rows are sources of the ties, columns their targets.

    Raises:
        NetworkError: The matrix is not square, a length is not above 0 or not finite, or exact sums would take too
            long.

    >>> triangle = sp.csr_array([[0.0, 1, 3], [1, 0, 1], [3, 1, 0]])
    >>> lengths_betweenness(triangle).tolist()
    [0.0, 1.0, 0.0]
    """
    size = _size(matrix)
    invalid = matrix.data[~((matrix.data > 0) & np.isfinite(matrix.data))]
    if len(invalid):
        message = tr(
            "a tie has the length {length}, expected a finite number above 0; mend it or take no lengths",
            length=invalid[0],
        )
        raise NetworkError(message)
    if size == 0 or matrix.nnz == 0:
        return np.zeros(size)
    whole = whole_lengths(matrix.data)
    if not fit_floats(matrix, whole, directed=directed):
        return _normalised(dependencies_over_lengths(matrix, whole, directed=directed))
    scaled = sp.csr_array((np.array(whole, dtype=np.float64), matrix.indices, matrix.indptr), shape=matrix.shape)
    return _normalised(dependencies_by_search(scaled, directed=directed, lengths=True))


def work(matrix: Matrix, *, directed: bool = False) -> float:
    """Return the cost of the exact betweenness, in multiplications: about classes times the ties between them.

    Above ``EXACT_WORK`` it takes more than about two minutes on two cores, and a sample will do.

    >>> work(sp.csr_array((5, 5)))
    0.0
    """
    _size(matrix)
    return float(sum(part.work for part in _parts(matrix, directed=directed)))


def _size(matrix: Matrix) -> int:
    rows, columns = matrix.shape
    if rows != columns:
        message = tr(
            "the matrix has {rows} rows and {columns} columns; give the square one of a network's ties",
            rows=rows,
            columns=columns,
        )
        raise NetworkError(message)
    return rows


def _normalised(total: Values) -> Values:
    pairs = (len(total) - 1.0) * (len(total) - 2.0)
    return total / pairs if len(total) > 2 else np.zeros(len(total))


def _parts(matrix: Matrix, *, directed: bool) -> list[_Part]:
    """Return the components of more than one node, small ones joined."""
    ties: Matrix = sp.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    _, component = connected_components(ties, directed=directed, connection="weak")
    sizes = np.bincount(component)
    order = np.argsort(component, kind="stable")
    order = order[sizes[component[order]] > 1]
    packs: list[Positions] = []
    for nodes in np.split(order, np.flatnonzero(np.diff(component[order])) + 1):
        if packs and len(packs[-1]) + len(nodes) <= _PACK:
            packs[-1] = np.concatenate([packs[-1], nodes])
        elif len(nodes):
            packs.append(nodes)
    return [_part(nodes, sp.csr_array(ties[nodes][:, nodes]), directed=directed) for nodes in packs]


def _part(nodes: Positions, ties: Matrix, *, directed: bool) -> _Part:
    ties.sort_indices()
    classes = twins(ties, directed=directed)
    reduced = reduced_network(sp.csr_array(ties[classes.first][:, classes.first]), classes.sizes, directed=directed)
    start, depth = 0, 0
    # The farthest node from any is an end of a long path: the second search gives nearly the longest distance.
    for _ in range(2):
        distance = dijkstra(reduced.ties, directed=False, unweighted=True, indices=[start])[0]
        distance[np.isinf(distance)] = 0
        start, depth = int(distance.argmax()), int(distance.max())
    return _Part(nodes, ties, classes, reduced, depth)


def _dependencies_by_sweeps(part: _Part, weights: Values, progress: _Progress, threads: int) -> Values:
    """Return the dependencies of each class' node on the sources, a class counting as often as its weight says."""
    reduced, order = part.reduced, part.reduced.order
    by_row = weights[order]
    sources = np.flatnonzero(by_row[:, 0] > 0)
    blocks = [sources[start : start + part.width] for start in range(0, len(sources), part.width)]

    def run(block: Positions) -> Values:
        return Sweep(reduced, block).dependencies(by_row[block])

    total = _between_twins(part, by_row)
    # Added in the order of the blocks, whichever ends first, so that the sum repeats to the last bit.
    workers = min(threads, os.cpu_count() or 1) if part.sweep_work > _SMALL_WORK else 1
    with ThreadPoolExecutor(workers) as executor:
        for block, values in zip(blocks, executor.map(run, blocks) if workers > 1 else map(run, blocks), strict=True):
            total += values
            progress.done(len(block))
    result = np.empty_like(total)
    result[order] = total
    return result


def _between_twins(part: _Part, weights: Values) -> Values:
    """Return the dependencies on a class' node of the paths between twins without a tie: they share all neighbours."""
    reduced = part.reduced
    mutual = sp.csr_array(reduced.ties.multiply(reduced.ties.T))
    paths = mutual @ reduced.sizes
    false_twins = part.classes.independent[reduced.order] & (reduced.sizes > 1) & (paths > 0)
    share = np.divide(reduced.sizes - 1, paths, out=np.zeros(len(paths)), where=false_twins)
    return np.asarray(mutual @ (weights * share[:, None]))


def dependencies_by_search(ties: Matrix, *, directed: bool, lengths: bool = False) -> Values:
    """Return the dependencies on each node, summed over all ordered pairs, by networkit's search from every node."""
    from chaingraph.metrics.network._networkit import networkit

    nk = networkit()
    entries = sp.coo_array(ties if directed else sp.triu(ties))
    ends = (entries.row.astype(np.uint64), entries.col.astype(np.uint64))
    graph = nk.GraphFromCoo((entries.data, ends), n=ties.shape[0], weighted=lengths, directed=directed)
    threads = nk.getMaxNumberOfThreads()
    nk.setNumberOfThreads(1)
    try:
        scores = nk.centrality.Betweenness(graph, normalized=False).run().scores()
    finally:
        nk.setNumberOfThreads(threads)
    return np.array(scores, dtype=np.float64)


class _Progress:
    """Reports the share of the sources that are done, each time that patience runs out."""

    def __init__(self, total: float, report: Report | None, patience: float) -> None:
        self._total, self._report, self._patience, self._sum = total, report, patience, 0.0
        self._last = time.monotonic()

    def done(self, more: float) -> None:
        """Add to the sources that are done."""
        self._sum += more
        if self._report is not None and time.monotonic() - self._last > self._patience:
            self._last = time.monotonic()
            self._report(tr("betweenness: {percent:.0f} %", percent=100 * self._sum / self._total))
