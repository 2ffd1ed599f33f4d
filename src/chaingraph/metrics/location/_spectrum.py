"""The second eigenvector of the walk from region to industry and back, on which all indices of complexity rest.

A random walk steps from a region to one of its industries, and from there to one of the regions that have it. The
leading eigenvector of that walk is constant; the second one orders the regions. It exists only if presence is
connected, and is unique only if its eigenvalue is simple. A symmetric matrix with the same eigenvalues, S Sᵀ with
S = presence / sqrt(row total * column total), is decomposed instead, on the shorter side.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import ArpackError, LinearOperator, eigsh

from chaingraph.errors import MeasureError
from chaingraph.messages import tr
from chaingraph.metrics.location.relatedness import first_names, read_presence

if TYPE_CHECKING:
    from chaingraph.arrays import Matrix
    from chaingraph.metrics.location._counts import Counts, Crosstab, Values

FEWEST = 3
"""The fewest rows, and the fewest columns, for which an index of complexity exists."""
FEW = 10
"""With fewer rows or columns than this an index comes with a ``SmallSampleWarning``."""
DENSE = 300
"""Up to this size all eigenvalues at once are as fast as a few."""
SAME = 1e-9
"""Eigenvalues that differ by less count as equal, and a correlation below it as none."""


class SmallSampleWarning(UserWarning):
    """There are so few regions or industries that one more or less may reverse the order."""


class Spectrum(NamedTuple):
    """The second eigenvector: ``regions`` are the means of ``industries``; positive correlates with diversity."""

    table: Crosstab
    regions: Values
    industries: Values


def connected_presence(presence: Counts, measure: str, *, stacklevel: int) -> Crosstab:
    """Return presence as a crosstab that is connected and not of rank 1; warn if it is small.

    Raises:
        MeasureError: It is too small, falls into parts, or all of its rows are the same.
    """
    table = read_presence(presence, measure, filled=True)
    count = min(table.values.shape)
    shape = " x ".join(str(size) for size in table.values.shape)
    if count < FEWEST:
        message = tr(
            "{shape} rows and columns are too few, at least {fewest} of each are needed; count finer",
            shape=shape,
            fewest=FEWEST,
        )
        raise MeasureError(message, measure=measure)
    _refuse_parts(table, measure)
    if (table.values == table.values[0]).all():
        message = tr("all rows have the same columns (rank 1), so that nothing orders them; raise the threshold")
        raise MeasureError(message, measure=measure)
    if count < FEW:
        message = tr(
            "{measure}: {shape} rows and columns are few; one more or less may turn the order around",
            measure=measure,
            shape=shape,
        )
        warnings.warn(message, SmallSampleWarning, stacklevel=stacklevel)
    return table


def _refuse_parts(table: Crosstab, measure: str) -> None:
    rows, columns = np.nonzero(table.values)
    size = sum(table.values.shape)
    ties = sp.coo_array((np.ones(len(rows)), (rows, columns + len(table.values))), shape=(size, size))
    parts, label = connected_components(ties, directed=False)
    if parts > 1:
        largest = np.bincount(label).argmax()
        small = label == np.flatnonzero(np.arange(parts) != largest)[0]
        rows, columns = (np.flatnonzero(side) for side in np.split(small, [len(table.values)]))
        message = tr(
            "presence falls into {parts} parts that share nothing, so that the second eigenvalue is "
            "1 and only tells the parts apart; measure each part alone",
            parts=parts,
        )
        place = tr(
            "row {rows}, column {columns}",
            rows=first_names(table.rows[rows]),
            columns=first_names(table.columns[columns]),
        )
        raise MeasureError(message, measure=measure, place=place)


def spectrum(presence: Counts, measure: str) -> Spectrum:
    """Return the second eigenvector of the walk from region to industry and back.

    Raises:
        MeasureError: There is none, or it is not unique, or its sign cannot be chosen.
    """
    table = connected_presence(presence, measure, stacklevel=4)
    total, spread = table.values.sum(axis=1), table.values.sum(axis=0)
    scaled = table.values / np.sqrt(np.outer(total, spread))
    tall = scaled.shape[0] > scaled.shape[1]
    first = np.sqrt((spread if tall else total) / total.sum())
    (second, third), vector = second_eigenvector(scaled.T if tall else scaled, first)
    if second - third < SAME:
        message = tr(
            "the second eigenvalue {second:.6g} stands twice, so that its eigenvector is arbitrary; "
            "the rows are too alike in pattern: leave one out, or count finer",
            second=second,
        )
        raise MeasureError(message, measure=measure)
    industries = vector / np.sqrt(spread) if tall else table.values.T @ (vector / np.sqrt(total)) / spread / second
    regions = table.values @ industries / total
    correlation = np.corrcoef(regions, total)[0, 1] if np.ptp(total) > 0 else 0.0
    if abs(correlation) < SAME:
        message = (
            tr("no sign goes with diversity: the index and diversity do not correlate")
            + ("" if np.ptp(total) > 0 else tr(", since every row has {total:g} columns", total=total[0]))
            + tr("; count finer, or change the threshold")
        )
        raise MeasureError(message, measure=measure)
    sign = np.sign(correlation)
    return Spectrum(table, sign * regions, sign * industries)


def second_eigenvector(
    scaled: Values, first: Values, *, dense_up_to: int = DENSE
) -> tuple[tuple[float, float], Values]:
    """Return the second and third eigenvalue of S Sᵀ and the second vector.

    Args:
        scaled: S, with no more rows than columns.
        first: The first vector, which is known.
        dense_up_to: Up to so many rows all eigenvalues are computed at once.
    """
    size = scaled.shape[0]
    if size > dense_up_to:
        try:
            return _by_lanczos(sp.csr_array(scaled), first)
        except ArpackError:  # it may not converge where the eigenvalues crowd; all at once always do
            pass
    eigenvalues, vectors = scipy.linalg.eigh(scaled @ scaled.T, subset_by_index=[size - 3, size - 1])
    return (float(eigenvalues[1]), float(eigenvalues[0])), vectors[:, 1]


def _by_lanczos(scaled: Matrix, first: Values) -> tuple[tuple[float, float], Values]:
    """Find the same by Lanczos, one after the other.

    Lanczos overlooks that an eigenvalue is double unless the vectors already known are projected out.
    """
    size = scaled.shape[0]
    vectors = first[:, None]
    values = []
    for _ in range(2):

        def remainder(x: Values, vectors: Values = vectors) -> Values:
            return np.asarray(scaled @ (scaled.T @ x) - vectors @ (vectors.T @ x), dtype=np.float64)

        start = np.cos(np.arange(size, dtype=np.float64))
        operator = LinearOperator((size, size), matvec=remainder, dtype=np.float64)
        eigenvalues, vector = eigsh(operator, k=1, which="LA", v0=start, tol=1e-12)
        values.append(float(eigenvalues[0]))
        vectors = np.column_stack([vectors, vector[:, 0]])
    return (values[0], values[1]), vectors[:, 1]
