"""Kernels of the measures by walks of every length: eigenvector, PageRank and Katz centrality.

Small matrices are decomposed as a whole, large ones by ARPACK or by iteration, each to 1e-12, so that ranks repeat.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import ArpackNoConvergence, cg, eigs, eigsh

from chaingraph.arrays import Matrix
from chaingraph.errors import NetworkError
from chaingraph.messages import lazy_tr, tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

DENSE = 64
"""Up to this size a whole decomposition is as fast as an iteration."""
_DISCOUNT = 0.9
_TOLERANCE = 1e-12
_MOST_STEPS = 200_000


def eigenvector(matrix: Matrix, *, dense_up_to: int = DENSE) -> Values:
    """Return the leading eigenvector of the largest component, of length 1; NaN outside of it, where it is undefined.

    Weighted by the entries. Of components of equal size the first counts. A network without ties has none: all NaN.
    Bonacich (1972, J. Math. Sociol. 2: 113-120).

    Args:
        matrix: Symmetric.
        dense_up_to: Up to this size all eigenvectors are computed at once.

    Raises:
        NetworkError: An entry is not a finite number above 0, or the search for the vector does not end.

    >>> eigenvector(sp.csr_array([[0.0, 1, 1], [1, 0, 0], [1, 0, 0]])).round(4).tolist()
    [0.7071, 0.5, 0.5]
    """
    _check(matrix)
    result = np.full(matrix.shape[0], np.nan)
    if matrix.nnz == 0:
        return result
    _, component = connected_components(matrix, directed=False)
    inside = np.flatnonzero(component == np.bincount(component).argmax())
    connected = len(inside) == len(result)
    result[inside] = _leading(matrix if connected else matrix[inside][:, inside], dense_up_to)[1]
    return result


def _leading(matrix: Matrix, dense_up_to: int) -> tuple[float, Values]:
    """Return the largest eigenvalue of a symmetric matrix of weights, and its vector of length 1."""
    size = matrix.shape[0]
    if size <= dense_up_to:
        eigenvalues, vectors = np.linalg.eigh(matrix.toarray())
    else:
        try:
            eigenvalues, vectors = eigsh(matrix.astype(np.float64), k=1, which="LA", v0=np.ones(size), tol=_TOLERANCE)
        except ArpackNoConvergence as error:
            raise NetworkError(_NO_END) from error
    # Two equal groups far apart have eigenvalues too close to distinguish: as from a walk that starts anywhere, both
    # count.
    leading = vectors[:, eigenvalues >= eigenvalues[-1] * (1 - _TOLERANCE)]
    vector = np.abs(leading @ leading.sum(axis=0))
    # Of equal groups far apart the sum can be 0: then only the eigenvalue means something.
    return float(eigenvalues[-1]), vector / (np.linalg.norm(vector) or 1.0)


_NO_END = lazy_tr("the search for the leading eigenvector does not end, as in very long chains; use pagerank instead")


def pagerank(matrix: Matrix, *, damping: float = 0.85, symmetric: bool = False) -> Values:
    """Return PageRank: how often a walker visits a node who follows ties, in proportion to their weight, or jumps.

    Above 0, in sum 1; to a precision of 1e-12 in sum. With probability ``damping`` the walker follows a tie from row
    to column, else jumps to any node; from a node that no tie leaves the walker always jumps. Brin and Page (1998,
    Computer Networks 30: 107-117).

    Args:
        matrix: The ties, row to column, weighted by the entries.
        damping: The probability to follow a tie.
        symmetric: The matrix is symmetric, as of an undirected network: the same result in a third of the time.

    Raises:
        NetworkError: The damping is not in [0, 1), or an entry is not a finite number above 0.

    >>> pagerank(sp.csr_array([[0.0, 1], [0, 0]])).round(4).tolist()
    [0.3509, 0.6491]
    """
    _check(matrix)
    check_damping(damping)
    size = matrix.shape[0]
    if size == 0:
        return np.zeros(0)
    out = np.asarray(matrix.sum(axis=1), dtype=np.float64)
    if symmetric:
        return symmetric_rank(matrix, out, damping)
    scale = np.divide(1.0, out, out=np.zeros(size), where=out > 0)
    transition = sp.csr_array(matrix.T * scale)
    dangling = np.flatnonzero(out == 0)
    rank = np.full(size, 1 / size)
    # A step shrinks the error by the damping at least; below 1e-15 rounding would prevent an end.
    enough = max(_TOLERANCE * (1 - damping), 1e-15)
    for _ in range(_MOST_STEPS):
        following = damping * (transition @ rank + rank[dangling].sum() / size) + (1 - damping) / size
        following /= following.sum()
        step = np.abs(following - rank).sum()
        rank = following
        if step <= enough:
            break
    return rank


def check_damping(damping: float) -> None:
    """Refuse a damping that is no probability below 1."""
    if not 0 <= damping < 1:
        message = tr("the damping is {damping}, expected at least 0 and below 1 (0.85 is usual)", damping=damping)
        raise NetworkError(message)


class Multiplier(Protocol):
    """What can be multiplied with a vector from the right: a matrix, or what stands for one."""

    def __matmul__(self, vector: Values) -> Values:
        """Return the product."""
        ...


def symmetric_rank(matrix: Matrix | Multiplier, out: Values, damping: float) -> Values:
    """Return PageRank of a symmetric matrix by Chebyshev's semi-iteration (Golub and Varga 1961, Numer. Math. 3: 147).

    A node receives its neighbours' rank over their strength and the same c as every other node from jumps, so that the
    rank is the fixed point for c = 1, scaled to sum 1. The walk on a symmetric matrix has real eigenvalues between
    -1 and 1, so that the next weight of the mean of two steps follows without any product of vectors, which would be
    spread over threads and wait for them.
    """
    scale = np.divide(damping, out, out=np.zeros(len(out)), where=out > 0)
    previous = np.zeros(len(out))
    rank = np.ones(len(out))
    weight = 1.0
    for step in range(_MOST_STEPS):
        following = matrix @ (scale * rank) + 1.0
        if step:
            weight = 1 / (1 - damping**2 / 2) if step == 1 else 1 / (1 - damping**2 * weight / 4)
            following = previous + weight * (following - previous)
        previous, rank = rank, following
        if np.abs(rank - previous).sum() <= max(_TOLERANCE * (1 - damping), 1e-15) * rank.sum():
            break
    return np.asarray(rank / rank.sum())


def katz(matrix: Matrix, *, alpha: float | None = None, dense_up_to: int = DENSE) -> tuple[Values, float]:
    """Return Katz centrality, of length 1, and alpha: the walks that end at a node, longer ones for less.

    x = alpha A' x + 1, so a node counts what reaches it over ties from row to column, a walk of k ties for alpha^k.
    Weighted by the entries. All values are equal if there are no ties. Katz (1953, Psychometrika 18: 39-43).

    Args:
        matrix: Symmetric, or directed: row = source, column = target.
        alpha: At least 0 and below 1 / the largest eigenvalue. If None, 0.9 / the largest eigenvalue. Where that is 0,
            because no walk returns to where it began, 0.9 / the largest sum of a column; without ties 0.
        dense_up_to: Up to this size all eigenvalues are computed at once.

    Raises:
        NetworkError: Alpha is too large or below 0, or an entry is not a finite number above 0.

    >>> value, alpha = katz(sp.csr_array([[0.0, 1, 1], [1, 0, 0], [1, 0, 0]]), alpha=0.5)
    >>> (value / value.min()).round(4).tolist(), alpha
    ([1.3333, 1.0, 1.0], 0.5)
    """
    _check(matrix)
    size = matrix.shape[0]
    inward = sp.csr_array(matrix.T.astype(np.float64))
    symmetric = not (inward - matrix).data.any()
    largest = _largest_eigenvalue(matrix, dense_up_to, symmetric=symmetric)
    if alpha is None:
        scale = largest or float(np.asarray(inward.sum(axis=1)).max(initial=0.0))
        alpha = _DISCOUNT / scale if scale else 0.0
    elif not 0 <= alpha * largest < 1 or not 0 <= alpha < math.inf:
        limit = (
            tr("below {limit}, 1 / the largest eigenvalue", limit=_rounded_down(1 / largest)) if largest else "finite"
        )
        message = tr(
            "alpha is {alpha}, expected at least 0 and {limit}; leave it out to have one chosen",
            alpha=alpha,
            limit=limit,
        )
        raise NetworkError(message)
    if size == 0:
        return np.zeros(0), alpha
    value = _by_gradients(inward, alpha) if symmetric else _by_steps(inward, alpha)
    return value / np.linalg.norm(value), alpha


def _rounded_down(value: float) -> str:
    """Return a limit to six digits, not above itself but by rounding: what is below the text is below the limit."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 5)
    text = f"{value:.6g}"
    return text if float(text) <= value * (1 + _TOLERANCE) else f"{value - unit:.6g}"


def _by_gradients(inward: Matrix, alpha: float) -> Values:
    system = sp.eye_array(inward.shape[0], format="csr") - alpha * inward
    value, unfinished = cg(system, np.ones(inward.shape[0]), rtol=_TOLERANCE, maxiter=_MOST_STEPS)
    if unfinished:
        raise NetworkError(_TOO_DISCOUNT.format(alpha))
    return np.asarray(value, dtype=np.float64)


def _by_steps(inward: Matrix, alpha: float) -> Values:
    """Add up walks tie by tie; relative to the sum, what a length adds never grows from one length to the next."""
    value = walks = np.ones(inward.shape[0])
    for _ in range(_MOST_STEPS):
        walks = alpha * (inward @ walks)
        value = value + walks
        if (walks <= 1e-15 * value).all():
            return value
    raise NetworkError(_TOO_DISCOUNT.format(alpha))


_TOO_DISCOUNT = lazy_tr("alpha {} is too near to 1 / the largest eigenvalue to reach a value; take a smaller one")


def _largest_eigenvalue(matrix: Matrix, dense_up_to: int, *, symmetric: bool) -> float:
    """Return the spectral radius of a matrix of weights, which is an eigenvalue (Perron and Frobenius)."""
    if matrix.nnz == 0:
        return 0.0
    if symmetric:
        return _leading(matrix, dense_up_to)[0]
    # Ties between strong components are on no closed walk. Without them no false eigenvalue can arise near 0.
    _, component = connected_components(matrix, directed=True, connection="strong")
    ties = matrix.tocoo()
    within = component[ties.row] == component[ties.col]
    if not within.any():
        return 0.0
    row, column = ties.row[within], ties.col[within]
    nodes, position = np.unique(row, return_inverse=True)
    closed = sp.csr_array((ties.data[within].astype(np.float64), (position, np.searchsorted(nodes, column))))
    if len(nodes) <= dense_up_to:
        return float(np.linalg.eigvals(closed.toarray()).real.max())
    try:
        eigenvalues = eigs(closed, k=1, which="LR", v0=np.ones(len(nodes)), return_eigenvectors=False)
    except ArpackNoConvergence as error:
        raise NetworkError(_NO_END) from error
    return float(np.asarray(eigenvalues).real.max())


def _check(matrix: Matrix) -> None:
    if matrix.shape[0] != matrix.shape[1]:
        message = tr(
            "the matrix of a network has a row and a column per node, this one has {shape}; project it first",
            shape=matrix.shape,
        )
        raise NetworkError(message)
    if not (np.isfinite(matrix.data) & (matrix.data > 0)).all():
        message = tr("a tie weighs 0, less, or no finite number; leave such ties out, or weigh all ties alike")
        raise NetworkError(message)
