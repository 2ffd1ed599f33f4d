"""Null models: what a network would be if only its degrees held, and the measures that need one to be compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import networkx as nx
import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from chaingraph.arrays import Matrix, adjacency, incidence, off_diagonal
from chaingraph.errors import NetworkError
from chaingraph.metrics.network._distances import distances, mean_distance
from chaingraph.metrics.network._ego import clustering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Places = NDArray[np.int64]

_ROUNDS = 30
_MOST_BITS = 22


def rewired(matrix: Matrix, rng: np.random.Generator) -> Matrix:
    """Return a random network of the same degrees: no tie doubled, no node tied to itself, weights all 1.

    Ties exchange ends, about ten times each, of which what would double a tie is refused; all networks of these degrees
    are equally likely in the limit (Fosdick et al. 2018, SIAM Review 60: 315-355). Half of the ties is paired with the
    other half at once: a pair may move if none of the ties that it has or would have belongs to another pair too.
    That can be said of the way back as well, so that the chain is symmetric.

    Args:
        matrix: Symmetric, nonzero where there is a tie, no diagonal.
        rng: The source of randomness.

    >>> cube = adjacency(nx.hypercube_graph(3))
    >>> np.diff(rewired(cube, np.random.default_rng(0)).indptr).tolist()
    [3, 3, 3, 3, 3, 3, 3, 3]
    """
    size = matrix.shape[0]
    row = np.repeat(np.arange(size), np.diff(matrix.indptr))
    upper = np.flatnonzero(row < matrix.indices)
    first, second = _exchanged(row[upper], matrix.indices[upper].astype(np.int64), size, rng, modes=False)
    ends = np.concatenate([first, second]), np.concatenate([second, first])
    result = sp.csr_array((np.ones(2 * len(first)), ends), shape=matrix.shape)
    result.sort_indices()
    return result


def rewired_memberships(incidence: Matrix, rng: np.random.Generator) -> Matrix:
    """Return random memberships, each row and each column with as many as before, none doubled; all entries 1.

    As ``rewired``. What is projected from them has the cliques that memberships make in any case (Newman, Strogatz and
    Watts 2001, PRE 64: 026118), which a network of the same degrees has not.

    >>> rewired_memberships(sp.csr_array([[1.0, 1], [1, 0]]), np.random.default_rng(0)).toarray().tolist()
    [[1.0, 1.0], [1.0, 0.0]]
    """
    rows, columns = incidence.shape
    row = np.repeat(np.arange(rows), np.diff(incidence.indptr))
    first, second = _exchanged(row, incidence.indices.astype(np.int64) + rows, rows + columns, rng, modes=True)
    result = sp.csr_array((np.ones(len(first)), (first, second - rows)), shape=incidence.shape)
    result.sort_indices()
    return result


def _exchanged(
    first: Places, second: Places, size: int, rng: np.random.Generator, *, modes: bool
) -> tuple[Places, Places]:
    """Exchange the ends of ties; with ``modes`` a first end stays a first end."""
    first, second = first.copy(), second.copy()
    half = len(first) // 2
    # A pair of ties has three ways to join its ends, two of them between modes; it stays as it is with one of them.
    rounds = _ROUNDS * 4 // 3 if modes else _ROUNDS
    for _ in range(rounds if half else 0):
        order = rng.permutation(len(first))
        one, other, odd = order[:half], order[half : 2 * half], order[2 * half :]
        way = rng.integers(2 if modes else 3, size=half)
        move = np.flatnonzero(way)
        stay = np.concatenate([one[way == 0], other[way == 0], odd])
        one, other, crossed = one[move], other[move], way[move] == 2
        a, b, c, d = first[one], second[one], first[other], second[other]
        e, f = np.where(crossed, c, d), np.where(crossed, b, c)
        g = np.where(crossed, d, b)
        # The new ties are a - e and f - g: a - d and c - b, or a - c and b - d.
        ties = np.stack([_name(a, b, size), _name(c, d, size), _name(a, e, size), _name(f, g, size)])
        shared = _shared(ties, _name(first[stay], second[stay], size), rng)
        free = (a != e) & (f != g) & ~shared.any(axis=0)
        second[one[free]] = e[free]
        first[other[free]], second[other[free]] = f[free], g[free]
    return first, second


def _name(first: Places, second: Places, size: int) -> NDArray[np.uint64]:
    return (np.minimum(first, second) * size + np.maximum(first, second)).astype(np.uint64)


def _shared(ties: NDArray[np.uint64], others: NDArray[np.uint64], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Tell which ties occur twice; a few may be said to that do not, others in each round and the same on the way back.

    32 bits of a hash are sorted, which is several times faster than the names themselves.
    """
    odd = rng.integers(2**63, dtype=np.uint64) * np.ones(1, np.uint64) * np.uint64(2) + np.uint64(1)
    hashed = ((ties * odd) >> np.uint64(32)).astype(np.uint32)
    every = np.sort(np.concatenate([hashed.ravel(), ((others * odd) >> np.uint64(32)).astype(np.uint32)]))
    twice = every[1:][every[1:] == every[:-1]]
    bits = min(_MOST_BITS, (64 * len(every)).bit_length())
    flags = np.zeros(2**bits, dtype=np.bool_)
    flags[twice >> np.uint32(32 - bits)] = True
    return np.take(flags, hashed >> np.uint32(32 - bits))


def rich_club(matrix: Matrix, *, normalised: bool = True, draws: int = 10, seed: int = 0) -> pd.DataFrame:
    """Return for each degree how dense the ties are among the nodes of more than that degree.

    Zhou and Mondragon (2004, IEEE Commun. Lett. 8: 180-182). Nodes of high degree are tied to each other by chance
    already, so what counts is the ratio to random networks of the same degrees (Colizza et al. 2006, Nat. Phys. 2:
    110-115): above 1 is a rich club.

    Args:
        matrix: Symmetric, nonzero where there is a tie, no diagonal.
        normalised: Compare with random networks.
        draws: How many random networks.
        seed: Seed of the random networks.

    Returns:
        A frame indexed by ``degree``, up to the last that two nodes exceed: ``nodes`` of more than that degree,
        ``ties`` among them, ``coefficient`` in [0, 1]; with ``normalised`` also ``expected``, the mean over the draws,
        and ``ratio``, NaN where no random network has such a tie.

    Raises:
        NetworkError: The network is empty, or there are no draws.

    >>> rich_club(adjacency(nx.star_graph(3)), normalised=False).to_dict("list")
    {'nodes': [4], 'ties': [3], 'coefficient': [0.5]}
    """
    if matrix.shape[0] == 0:
        message = "the network has no nodes, so it has no rich club; choose another projection or source"
        raise NetworkError(message)
    _check_draws(draws)
    nodes, ties = _beyond(matrix)
    pairs = nodes * (nodes - 1) / 2
    frame = pd.DataFrame({"nodes": nodes, "ties": ties, "coefficient": ties / pairs})
    frame.index.name = "degree"
    if normalised:
        rng = np.random.default_rng(seed)
        expected = np.zeros(len(pairs))
        for _ in range(draws):
            expected += _beyond(rewired(matrix, rng))[1] / pairs / draws
        ratio: NDArray[np.float64] = np.full(len(pairs), np.nan)
        np.divide(ties / pairs, expected, out=ratio, where=expected > 0)
        frame["expected"], frame["ratio"] = expected, ratio
        frame.attrs = {"draws": draws, "seed": seed}
    return frame


def _beyond(matrix: Matrix) -> tuple[Places, Places]:
    """Count for each degree the nodes of more than it and the ties among them."""
    degree = np.diff(matrix.indptr).astype(np.int64)
    lower = np.minimum(np.repeat(degree, degree), degree[matrix.indices])
    many = int(degree.max()) + 1
    nodes = len(degree) - np.cumsum(np.bincount(degree, minlength=many))
    ties = (matrix.nnz - np.cumsum(np.bincount(lower, minlength=many))) // 2
    return nodes[nodes > 1], ties[nodes > 1]


def small_world(
    network: nx.Graph[Any], *, null: Literal["ties", "memberships"] = "ties", draws: int = 10, seed: int = 0
) -> dict[str, float]:
    """Return how clustered and how wide the largest component is, against random networks of the same degrees.

    ``sigma`` is (clustering / random clustering) / (mean distance / random mean distance), clearly above 1 in a small
    world (Humphries and Gurney 2008, PLoS ONE 3: e0002051). It grows with the network, so compare like with like. A
    projection is clustered because its memberships are cliques: ``null="memberships"`` deals the memberships anew
    instead of the ties and leaves what is more than that (Uzzi and Spiro 2005, Am. J. Sociol. 111: 447-504).
    Unweighted; directed ties count as undirected.

    Args:
        network: Any networkx graph.
        null: Rewire the ``ties``, or the ``memberships`` that the network is the projection of.
        draws: How many random networks.
        seed: Seed of the random networks.

    Returns:
        ``nodes`` and ``ties`` of the largest component, ``share`` of all nodes in it, ``clustering`` (the mean of the
        nodes'), ``mean_distance``, ``random_clustering`` and ``random_mean_distance`` (means over the draws, distances
        between nodes that reach each other), ``sigma``, ``draws`` and ``seed``. NaN is what has no ties, and
        ``sigma`` where no random network has a triangle.

    Raises:
        NetworkError: The network is empty, there are no draws, or it is not known to be a projection.

    >>> small_world(nx.complete_graph(4), draws=2)["sigma"]
    1.0
    """
    if len(network) == 0:
        message = "the network has no nodes, so it is no small world; choose another projection or source"
        raise NetworkError(message)
    _check_draws(draws)
    whole = adjacency(network)
    component = connected_components(whole, directed=False)[1]
    inside = np.flatnonzero(component == np.bincount(component).argmax())
    matrix = sp.csr_array(whole[inside][:, inside])
    behind = None
    if null == "memberships":
        known = incidence(network)
        if known is None:
            message = "the network is not known to be the projection of memberships; use null='ties', or project it"
            raise NetworkError(message)
        behind = sp.csr_array(known[inside])
    closed, distance = float(clustering(matrix).mean()), mean_distance(distances(matrix, incidence=behind))
    drawn = np.array(list(_random_worlds(matrix, behind, draws, np.random.default_rng(seed))))
    random_closed, random_distance = drawn.mean(axis=0).tolist()
    defined = random_closed > 0 and distance > 0
    return {
        "nodes": len(inside),
        "ties": matrix.nnz // 2,
        "share": len(inside) / len(network),
        "clustering": closed,
        "mean_distance": distance,
        "random_clustering": random_closed,
        "random_mean_distance": random_distance,
        "sigma": closed / random_closed / (distance / random_distance) if defined else float("nan"),
        "draws": draws,
        "seed": seed,
    }


def _random_worlds(
    matrix: Matrix, behind: Matrix | None, draws: int, rng: np.random.Generator
) -> Iterator[tuple[float, float]]:
    """Yield the clustering and the mean distance of each random network."""
    for _ in range(draws):
        dealt = None
        if behind is None:
            drawn = rewired(matrix, rng)
        else:
            dealt = rewired_memberships(behind, rng)
            drawn = off_diagonal(sp.csr_array(dealt @ dealt.T))
        yield float(clustering(drawn).mean()), mean_distance(distances(drawn, incidence=dealt))


def _check_draws(draws: int) -> None:
    if draws < 1:
        message = f"there are {draws} draws, expected at least 1 random network to compare with"
        raise NetworkError(message)
