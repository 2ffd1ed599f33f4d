"""Kernels of the measures of a two-mode network: of the rows and the columns of a membership matrix, not projected.

An incidence is a ``Matrix`` of shape (rows, columns), nonzero where a row is a member of a column. A pair of arrays
gives the rows' values, then the columns'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

from chaingraph.arrays import Matrix
from chaingraph.errors import NetworkError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

DENSE = 64
"""Up to this size a whole decomposition is as fast as an iteration."""
BLOCK = 2**22
"""How many pairs of rows a block of ``robins_alexander_clustering`` has at most."""
_TOLERANCE = 1e-12


def two_mode_ties(incidence: Matrix) -> Matrix:
    """Return the symmetric matrix of the two-mode network, its rows first, then its columns.

    >>> two_mode_ties(sp.csr_array([[1.0, 1.0]])).toarray().tolist()
    [[0.0, 1.0, 1.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    rows, columns = incidence.shape
    entries = incidence.tocoo()
    row, column = entries.row.astype(np.int64), entries.col.astype(np.int64) + rows
    ends = (np.concatenate([row, column]), np.concatenate([column, row]))
    weight = np.concatenate([entries.data, entries.data]).astype(np.float64)
    joined = sp.csr_array((weight, ends), shape=(rows + columns, rows + columns))
    joined.sort_indices()
    return joined


def two_mode_density(incidence: Matrix) -> float:
    """Return the share in [0, 1] of the possible memberships that exist; NaN if a mode is empty.

    Borgatti and Everett (1997, Social Networks 19: 243-269).

    >>> two_mode_density(sp.csr_array([[1.0, 1], [1, 0]]))
    0.75
    """
    rows, columns = incidence.shape
    return incidence.nnz / (rows * columns) if rows and columns else float("nan")


def two_mode_degree(incidence: Matrix) -> tuple[Values, Values]:
    """Return the share in [0, 1] of the other mode that each node is tied to; NaN if the other mode is empty.

    Unweighted. Borgatti and Everett (1997, Social Networks 19: 243-269).

    >>> [share.tolist() for share in two_mode_degree(sp.csr_array([[1.0, 1], [1, 0]]))]
    [[1.0, 0.5], [1.0, 0.5]]
    """
    rows, columns = incidence.shape
    of_rows, of_columns = _degrees(incidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.divide(of_rows, columns), np.divide(of_columns, rows)


def _degrees(incidence: Matrix) -> tuple[Values, Values]:
    of_columns = np.bincount(incidence.indices, minlength=incidence.shape[1])
    return np.diff(incidence.indptr).astype(np.float64), of_columns.astype(np.float64)


def two_mode_closeness(incidence: Matrix, total: Values) -> tuple[Values, Values]:
    """Return closeness in [0, 1]: the least possible sum of distances to all others, over the actual one.

    In a network of n nodes of one's own mode and m of the other that least sum is m + 2(n - 1). In a disconnected one
    both sums are those of the node's component, and the value counts times the share of all others that it reaches, as
    in ``closeness``; a node that reaches none has 0. Borgatti and Everett (1997, Social Networks 19: 243-269). networkx
    takes the least sum of the whole network, which gives more than 1.

    Args:
        incidence: Unweighted.
        total: The sum of the distances of each node of ``two_mode_ties`` to the others that it reaches.

    Raises:
        NetworkError: There is not one sum per row and column.

    >>> closeness = two_mode_closeness(sp.csr_array([[1.0, 1, 0], [0, 0, 1]]), np.array([2, 1, 3, 3, 1]))
    >>> [value.round(4).tolist() for value in closeness]
    [[0.5, 0.25], [0.5, 0.5, 0.25]]
    """
    rows, columns = incidence.shape
    if len(total) != rows + columns:
        message = tr(
            "expected the sums of {rows} rows and {columns} columns, got {totals}",
            rows=rows,
            columns=columns,
            totals=len(total),
        )
        raise NetworkError(message)
    count, component = connected_components(two_mode_ties(incidence), directed=False)
    of_rows = np.bincount(component[:rows], minlength=count)[component]
    of_columns = np.bincount(component[rows:], minlength=count)[component]
    own, other = (
        np.concatenate([one[:rows], two[rows:]]) for one, two in ((of_rows, of_columns), (of_columns, of_rows))
    )
    share = (own + other - 1) / max(len(total) - 1, 1)
    value = np.divide((other + 2 * (own - 1)) * share, total, out=np.zeros(len(total)), where=np.asarray(total) > 0)
    return value[:rows], value[rows:]


def two_mode_betweenness_maximum(rows: int, columns: int) -> tuple[float, float]:
    """Return the largest betweenness a row and a column can have: divide the raw value, each pair once, by it.

    The raw value sums, over the unordered pairs of other nodes of either mode, the share of shortest paths that pass.
    A maximum of 0 belongs to a mode of which no node can lie between others. Borgatti and Everett (1997, Social
    Networks 19: 243-269); formula of Borgatti and Halgin (2011, Sage Handbook of Social Network Analysis, ch. 28).

    Raises:
        NetworkError: A mode is empty.

    >>> two_mode_betweenness_maximum(1, 3)
    (3.0, 0.0)
    """
    if rows < 1 or columns < 1:
        message = tr(
            "a two-mode network needs both modes, got {rows} rows and {columns} columns; choose another source",
            rows=rows,
            columns=columns,
        )
        raise NetworkError(message)
    return _betweenness_maximum(rows, columns), _betweenness_maximum(columns, rows)


def _betweenness_maximum(own: int, other: int) -> float:
    s, t = divmod(own - 1, other)
    return (other**2 * (s + 1) ** 2 + other * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)) / 2


def two_mode_eigenvector(incidence: Matrix, *, dense_up_to: int = DENSE) -> tuple[Values, Values]:
    """Return the leading singular vectors of the largest component, each of length 1; NaN outside of it.

    A row scores by the columns it belongs to, a column by its rows. This is the eigenvector of the two-mode network,
    each mode divided by its greatest possible length, sqrt(1/2). Weighted by the entries. Of components of equal size
    the first counts; without ties all are NaN. Bonacich (1991, Social Networks 13: 155-168); Borgatti and Everett
    (1997, Social Networks 19: 243-269).

    Raises:
        NetworkError: An entry is not a finite number above 0, or the search for the vectors does not end.

    >>> [vector.round(4).tolist() for vector in two_mode_eigenvector(sp.csr_array([[1.0, 1, 0], [0, 0, 1]]))]
    [[1.0, nan], [0.7071, 0.7071, nan]]
    """
    if not (np.isfinite(incidence.data) & (incidence.data > 0)).all():
        message = tr("a membership weighs 0, less, or no finite number; leave it out, or weigh all memberships alike")
        raise NetworkError(message)
    rows, columns = incidence.shape
    of_rows, of_columns = np.full(rows, np.nan), np.full(columns, np.nan)
    if incidence.nnz == 0:
        return of_rows, of_columns
    _, component = connected_components(two_mode_ties(incidence), directed=False)
    inside = component == np.bincount(component).argmax()
    in_rows, in_columns = np.flatnonzero(inside[:rows]), np.flatnonzero(inside[rows:])
    block = incidence[in_rows][:, in_columns].astype(np.float64)
    if len(in_rows) <= len(in_columns):
        of_rows[in_rows], of_columns[in_columns] = _leading(block, dense_up_to)
    else:
        of_columns[in_columns], of_rows[in_rows] = _leading(sp.csr_array(block.T), dense_up_to)
    return of_rows, of_columns


def _leading(block: Matrix, dense_up_to: int) -> tuple[Values, Values]:
    """Return the leading singular vectors of a connected block that has no more rows than columns."""
    size = block.shape[0]
    transpose = sp.csr_array(block.T)
    if size <= dense_up_to:
        eigenvalues, vectors = np.linalg.eigh((block @ transpose).toarray())
    else:
        square = LinearOperator((size, size), matvec=lambda vector: block @ (transpose @ vector), dtype=np.float64)
        try:
            eigenvalues, vectors = eigsh(square, k=1, which="LA", v0=np.ones(size), tol=_TOLERANCE)
        except ArpackNoConvergence as error:
            message = tr(
                "the search for the leading vectors does not end, as in very long chains; use the degree instead"
            )
            raise NetworkError(message) from error
    # Two equal groups far apart have values too close to distinguish: as from a walk that starts anywhere, both count.
    leading = vectors[:, eigenvalues >= eigenvalues[-1] * (1 - _TOLERANCE)]
    left = np.abs(leading @ leading.sum(axis=0))
    right = transpose @ left
    return left / np.linalg.norm(left), right / np.linalg.norm(right)


def robins_alexander_clustering(incidence: Matrix, *, block: int = BLOCK) -> float:
    """Return the share in [0, 1] of the paths of three memberships that a fourth closes to a cycle; 0 without paths.

    High where the same rows meet again in other columns. Unweighted. Robins and Alexander (2004, Comput. Math. Organ.
    Theory 10: 69-94). Memory: about 200 MB at most beside the input, since the rows are paired in blocks.

    >>> robins_alexander_clustering(sp.csr_array([[1.0, 1, 0], [1, 1, 1]]))
    0.6666666666666666
    """
    of_rows, of_columns = _degrees(incidence)
    ends = np.repeat(of_rows, np.diff(incidence.indptr))
    paths = float(((ends - 1) * (of_columns[incidence.indices] - 1)).sum())
    if paths == 0:
        return 0.0
    # Pairs of the mode that has fewer of them: a column of k members makes k * k.
    narrow = incidence if (of_columns**2).sum() <= (of_rows**2).sum() else sp.csr_array(incidence.T)
    member = sp.csr_array((np.ones(narrow.nnz), narrow.indices, narrow.indptr), shape=narrow.shape)
    transpose = sp.csr_array(member.T)
    pairs = np.concatenate([[0], np.cumsum(member @ np.diff(transpose.indptr))])
    cycles, begin = 0.0, 0
    while begin < member.shape[0]:
        end = max(begin + 1, int(np.searchsorted(pairs, pairs[begin] + block, side="right")) - 1)
        shared = (member[begin:end] @ transpose).data
        cycles += float((shared * (shared - 1)).sum())
        begin = end
    degree = np.diff(member.indptr).astype(np.float64)
    cycles -= float((degree * (degree - 1)).sum())
    # Each cycle was counted from both ends of its pair and in both orders of what they share: 4 C4 = sum over i != k.
    return cycles / paths
