"""Kernels of random networks: ties or memberships exchange their ends, so that every node keeps its degree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from chaingraph.arrays import Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Positions = NDArray[np.int64]

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

    >>> ring = sp.csr_array([[0.0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]])
    >>> np.diff(rewired(ring, np.random.default_rng(0)).indptr).tolist()
    [2, 2, 2, 2]
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
    first: Positions, second: Positions, size: int, rng: np.random.Generator, *, modes: bool
) -> tuple[Positions, Positions]:
    """Exchange the ends of ties; with ``modes`` a first end stays a first end."""
    first, second = first.copy(), second.copy()
    half = len(first) // 2
    # A pair of ties has three ways to join its ends, two of them between modes; it stays as it is with one of them.
    rounds = _ROUNDS * 4 // 3 if modes else _ROUNDS
    for _ in range(rounds if half else 0):
        order = rng.permutation(len(first))
        one, other, odd = order[:half], order[half : 2 * half], order[2 * half :]
        choice = rng.integers(2 if modes else 3, size=half)
        move = np.flatnonzero(choice)
        stay = np.concatenate([one[choice == 0], other[choice == 0], odd])
        one, other, crossed = one[move], other[move], choice[move] == 2
        a, b, c, d = first[one], second[one], first[other], second[other]
        e, f = np.where(crossed, c, d), np.where(crossed, b, c)
        g = np.where(crossed, d, b)
        # The new ties are a - e and f - g: a - d and c - b, or a - c and b - d.
        ties = np.stack([_codes(a, b, size), _codes(c, d, size), _codes(a, e, size), _codes(f, g, size)])
        shared = _occur_twice(ties, _codes(first[stay], second[stay], size), rng)
        free = (a != e) & (f != g) & ~shared.any(axis=0)
        second[one[free]] = e[free]
        first[other[free]], second[other[free]] = f[free], g[free]
    return first, second


def _codes(first: Positions, second: Positions, size: int) -> NDArray[np.uint64]:
    return (np.minimum(first, second) * size + np.maximum(first, second)).astype(np.uint64)


def _occur_twice(ties: NDArray[np.uint64], others: NDArray[np.uint64], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Tell which ties occur twice; a few that do not may be counted too, the same ones in both directions of a move.

    32 bits of a hash are sorted, which is several times faster than the codes themselves. The hash changes from round
    to round, so that no exchange is excluded for good.
    """
    odd = rng.integers(2**63, dtype=np.uint64) * np.ones(1, np.uint64) * np.uint64(2) + np.uint64(1)
    hashed = ((ties * odd) >> np.uint64(32)).astype(np.uint32)
    every = np.sort(np.concatenate([hashed.ravel(), ((others * odd) >> np.uint64(32)).astype(np.uint32)]))
    twice = every[1:][every[1:] == every[:-1]]
    bits = min(_MOST_BITS, (64 * len(every)).bit_length())
    flags = np.zeros(2**bits, dtype=np.bool_)
    flags[twice >> np.uint32(32 - bits)] = True
    return np.take(flags, hashed >> np.uint32(32 - bits))
