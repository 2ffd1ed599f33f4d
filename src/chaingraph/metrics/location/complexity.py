"""Complexity: how rare and how many are the industries of a region, from who has what.

The names of :mod:`chaingraph.metrics.location.relatedness` can be imported from here too: one room for the whole of
relatedness and complexity. ``presence`` is a matrix of 0 and 1, regions (rows) by industries (columns), as
``rca(counts, threshold=1)`` makes it.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import ArpackError, LinearOperator, eigsh

from chaingraph.errors import MeasureError
from chaingraph.metrics.location.counts import Crosstab, Values
from chaingraph.metrics.location.relatedness import (
    co_occurrence,
    diversity,
    named,
    proximity,
    rca,
    read_presence,
    relatedness,
    relatedness_density,
    ubiquity,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from chaingraph.arrays import Matrix

__all__ = [
    "FEW",
    "FEWEST",
    "SmallSampleWarning",
    "co_occurrence",
    "complexity_outlook",
    "diversity",
    "eci",
    "kci",
    "pci",
    "proximity",
    "rca",
    "relatedness",
    "relatedness_density",
    "ubiquity",
]

FEWEST = 3
"""The fewest rows, and the fewest columns, for which an index of complexity is given at all."""
FEW = 10
"""With fewer rows or columns than this an index comes with a ``SmallSampleWarning``."""
_DENSE = 300
"""Up to this size all eigenvalues at once are as fast as a few."""
_SAME = 1e-9
"""Eigenvalues nearer than this count as equal, and a correlation below it as none."""


class SmallSampleWarning(UserWarning):
    """There are so few regions or industries that one of them more may turn the order around."""


class _Spectrum(NamedTuple):
    """The second eigenvector: ``regions`` are the means of ``industries``, and positive goes with diversity."""

    table: Crosstab
    regions: Values
    industries: Values


@overload
def eci(presence: pd.DataFrame) -> pd.Series[float]: ...
@overload
def eci(presence: NDArray[Any]) -> Values: ...
def eci(presence: pd.DataFrame | NDArray[Any]) -> pd.Series[float] | Values:
    """Return each region's economic complexity index, with mean 0 and standard deviation 1 (divided by n).

    Hidalgo and Hausmann (2009, PNAS 106: 10570-10575), as the eigenvector of the second largest eigenvalue (Hausmann
    et al. 2014, The Atlas of Economic Complexity). The sign is the one that correlates positively with diversity;
    equals py-ecomplexity. EconGeo may give the opposite sign and another scale.

    Args:
        presence: 0 or 1, at least ``FEWEST`` regions by as many industries.

    Raises:
        MeasureError: The index does not exist: presence falls into separate parts, all regions have the same
            industries (rank 1), the second eigenvalue is tied, or no sign goes with diversity.

    >>> import warnings
    >>> nested = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]])
    >>> with warnings.catch_warnings(action="ignore"):
    ...     eci(nested).round(3).tolist()
    [1.342, 0.447, -0.447, -1.342]
    """
    spectrum = _second_eigenvector(presence, "eci")
    values = (spectrum.regions - spectrum.regions.mean()) / spectrum.regions.std()
    return spectrum.table.by_row(values)


@overload
def pci(presence: pd.DataFrame) -> pd.Series[float]: ...
@overload
def pci(presence: NDArray[Any]) -> Values: ...
def pci(presence: pd.DataFrame | NDArray[Any]) -> pd.Series[float] | Values:
    """Return each industry's product complexity index, on the scale of ``eci``: a region has the mean of its own.

    Scaled by the mean and standard deviation over the regions, as in py-ecomplexity and the Atlas of Economic
    Complexity (Hausmann et al. 2014), hence not itself of mean 0 and deviation 1.

    Raises:
        MeasureError: As for ``eci``.
    """
    spectrum = _second_eigenvector(presence, "pci")
    values = (spectrum.industries - spectrum.regions.mean()) / spectrum.regions.std()
    return spectrum.table.by_column(values)


@overload
def kci(presence: pd.DataFrame, steps: int = 20) -> pd.Series[float]: ...
@overload
def kci(presence: NDArray[Any], steps: int = 20) -> Values: ...
def kci(presence: pd.DataFrame | NDArray[Any], steps: int = 20) -> pd.Series[float] | Values:
    """Return the knowledge complexity of regions by the method of reflections.

    Hidalgo and Hausmann (2009, PNAS 106: 10570-10575), Balland and Rigby (2017, Econ. Geogr. 93: 1-23): a region has
    the mean of its industries one step before, an industry the mean of its regions. As in EconGeo's ``morc``, steps
    0, 1 and 2 are in their own units: diversity, mean ubiquity of the region's industries, mean diversity of the
    regions that share them; above 2 the values run from 0 to 100. Even steps say how complex a region is; odd ones
    how common its industries are. With more steps the even ones tend to ``eci``, on another scale.

    Raises:
        MeasureError: As for ``eci``, except that sign and tie do not matter; or ``steps`` is below 0.

    >>> import warnings
    >>> nested = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]])
    >>> with warnings.catch_warnings(action="ignore"):
    ...     kci(nested, steps=1).tolist(), kci(nested, steps=4).round(2).tolist()
    ([2.5, 3.0, 3.5, 4.0], [100.0, 66.67, 33.33, 0.0])
    """
    if steps < 0:
        message = f"there are no {steps} steps; take an even number such as 20"
        raise MeasureError(message, measure="kci")
    table = _checked(presence, "kci", depth=3)
    held, total, spread = sp.csr_array(table.values), table.values.sum(axis=1), table.values.sum(axis=0)
    regions, industries = total, spread
    for step in range(1, steps + 1):
        regions, industries = held @ industries / total, held.T @ regions / spread
        if step > 2:
            regions, industries = _from_0_to_100(regions), _from_0_to_100(industries)
    return table.by_row(regions)


def _from_0_to_100(values: Values) -> Values:
    reach = values.max() - values.min()
    if reach <= _SAME * max(1.0, float(np.abs(values).max())):
        message = "the reflections are the same everywhere, so that they order nothing; take fewer steps"
        raise MeasureError(message, measure="kci")
    return np.asarray((values - values.min()) / reach * 100, dtype=np.float64)


@overload
def complexity_outlook(
    presence: pd.DataFrame, phi: pd.DataFrame | None = None, *, standardised: bool = True
) -> pd.Series[float]: ...
@overload
def complexity_outlook(
    presence: NDArray[Any], phi: NDArray[Any] | None = None, *, standardised: bool = True
) -> Values: ...
def complexity_outlook(presence: Any, phi: Any = None, *, standardised: bool = True) -> Any:
    """Return how much complexity lies near each region: the complexity of what it lacks, weighted by density.

    Hausmann et al. (2014, The Atlas of Economic Complexity). The complexity here is the eigenvector itself, whose mean
    over what all regions have is 0, in units of the standard deviation of ``eci``; ``pci`` is the same shifted.
    Standardised, the result has mean 0 and standard deviation 1 (divided by n) and equals py-ecomplexity.

    Args:
        presence: 0 or 1, regions by industries.
        phi: Nearness of the industries; ``proximity(presence)`` if None.
        standardised: False for the plain sum.

    Raises:
        MeasureError: As for ``eci``, or standardised where all regions have the same outlook.
    """
    spectrum = _second_eigenvector(presence, "complexity_outlook")
    held = spectrum.table.values
    density = np.asarray(relatedness_density(presence, proximity(presence) if phi is None else phi))
    values = (density * (1 - held)) @ (spectrum.industries / spectrum.regions.std())
    if standardised:
        if values.std() <= _SAME:
            message = "all rows have the same outlook, so that it cannot be standardised; take standardised=False"
            raise MeasureError(message, measure="complexity_outlook")
        values = (values - values.mean()) / values.std()
    return spectrum.table.by_row(values)


def _checked(presence: pd.DataFrame | NDArray[Any], measure: str, *, depth: int) -> Crosstab:
    """Return presence as a crosstab of which every part is tied to every other; warn if it is small."""
    table = read_presence(presence, measure, filled=True)
    count = min(table.values.shape)
    shape = " x ".join(str(part) for part in table.values.shape)
    if count < FEWEST:
        message = f"{shape} rows and columns are too few, at least {FEWEST} of each are needed; count finer"
        raise MeasureError(message, measure=measure)
    _refuse_parts(table, measure)
    if (table.values == table.values[0]).all():
        message = "all rows have the same columns (rank 1), so that nothing orders them; raise the threshold"
        raise MeasureError(message, measure=measure)
    if count < FEW:
        message = f"{measure}: {shape} rows and columns are few; one more or less may turn the order around"
        warnings.warn(message, SmallSampleWarning, stacklevel=depth)
    return table


def _refuse_parts(table: Crosstab, measure: str) -> None:
    rows, columns = np.nonzero(table.values)
    size = sum(table.values.shape)
    ties = sp.coo_array((np.ones(len(rows)), (rows, columns + len(table.values))), shape=(size, size))
    parts, label = connected_components(ties, directed=False)
    if parts > 1:
        large = np.bincount(label).argmax()
        small = label == np.flatnonzero(np.arange(parts) != large)[0]
        rows, columns = (np.flatnonzero(side) for side in np.split(small, [len(table.values)]))
        message = (
            f"presence falls into {parts} parts that share nothing, so that the second eigenvalue is 1 and only tells "
            "the parts apart; measure each part alone"
        )
        place = (
            f"row {named(rows if table.rows is None else table.rows[rows])}, "
            f"column {named(columns if table.columns is None else table.columns[columns])}"
        )
        raise MeasureError(message, measure=measure, place=place)


def _second_eigenvector(presence: pd.DataFrame | NDArray[Any], measure: str) -> _Spectrum:
    """Return the second eigenvector of the walk from region to industry and back, refused where it is not one."""
    table = _checked(presence, measure, depth=4)
    total, spread = table.values.sum(axis=1), table.values.sum(axis=0)
    scaled = table.values / np.sqrt(np.outer(total, spread))
    tall = scaled.shape[0] > scaled.shape[1]
    first = np.sqrt((spread if tall else total) / total.sum())
    (second, third), vector = _two_below(scaled.T if tall else scaled, first)
    if second - third < _SAME:
        message = (
            f"the second eigenvalue {second:.6g} stands twice, so that its eigenvector is arbitrary; the rows are too "
            "alike in pattern: leave one out, or count finer"
        )
        raise MeasureError(message, measure=measure)
    industries = vector / np.sqrt(spread) if tall else table.values.T @ (vector / np.sqrt(total)) / spread / second
    regions = table.values @ industries / total
    against = np.corrcoef(regions, total)[0, 1] if np.ptp(total) > 0 else 0.0
    if abs(against) < _SAME:
        message = (
            "no sign goes with diversity: the index and diversity do not correlate"
            + ("" if np.ptp(total) > 0 else f", since every row has {total[0]:g} columns")
            + "; count finer, or change the threshold"
        )
        raise MeasureError(message, measure=measure)
    sign = np.sign(against)
    return _Spectrum(table, sign * regions, sign * industries)


def _two_below(scaled: Values, first: Values) -> tuple[tuple[float, float], Values]:
    """Return the second and third eigenvalue of S Sᵀ, whose first vector is known, and the second vector."""
    size = scaled.shape[0]
    if size > _DENSE:
        try:
            return _two_by_lanczos(sp.csr_array(scaled), first)
        except ArpackError:  # it may not converge where the eigenvalues crowd; all at once always do
            pass
    eigenvalues, vectors = scipy.linalg.eigh(scaled @ scaled.T, subset_by_index=[size - 3, size - 1])
    return (float(eigenvalues[1]), float(eigenvalues[0])), vectors[:, 1]


def _two_by_lanczos(scaled: Matrix, first: Values) -> tuple[tuple[float, float], Values]:
    """Find the same one after the other: Lanczos overlooks that an eigenvalue stands twice unless one is taken out."""
    size = scaled.shape[0]
    known = first[:, None]
    found = []
    for _ in range(2):

        def rest(x: Values, known: Values = known) -> Values:
            return np.asarray(scaled @ (scaled.T @ x) - known @ (known.T @ x), dtype=np.float64)

        start = np.cos(np.arange(size, dtype=np.float64))
        operator = LinearOperator((size, size), matvec=rest, dtype=np.float64)
        eigenvalues, vectors = eigsh(operator, k=1, which="LA", v0=start, tol=1e-12)
        found.append(float(eigenvalues[0]))
        known = np.column_stack([known, vectors[:, 0]])
    return (found[0], found[1]), known[:, 1]
