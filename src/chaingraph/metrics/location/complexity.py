"""Complexity: how rare and how many are the industries of a region, from who has what.

``presence`` is a matrix of 0 and 1, regions (rows) by industries (columns), as ``rca(counts, threshold=1)`` makes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from chaingraph.errors import MeasureError
from chaingraph.messages import tr
from chaingraph.metrics.location._spectrum import SAME, connected_presence, spectrum
from chaingraph.metrics.location.relatedness import proximity, relatedness_density

if TYPE_CHECKING:
    import pandas as pd

    from chaingraph.metrics.location._counts import Counts, Values


def eci(presence: Counts) -> pd.Series[float]:
    """Return each region's economic complexity index, with mean 0 and standard deviation 1 (divided by n).

    Hidalgo and Hausmann (2009, PNAS 106: 10570-10575), as the eigenvector of the second largest eigenvalue (Hausmann
    et al. 2014, The Atlas of Economic Complexity). The sign is the one that correlates positively with diversity;
    equals py-ecomplexity. EconGeo may give the opposite sign and another scale.

    Args:
        presence: 0 or 1, at least 3 regions by as many industries.

    Raises:
        MeasureError: The index does not exist: presence falls into separate parts, all regions have the same
            industries (rank 1), the second eigenvalue is tied, or no sign goes with diversity.

    >>> import warnings
    >>> nested = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]])
    >>> with warnings.catch_warnings(action="ignore"):
    ...     eci(nested).round(3).tolist()
    [1.342, 0.447, -0.447, -1.342]
    """
    second = spectrum(presence, "eci")
    return second.table.by_row((second.regions - second.regions.mean()) / second.regions.std())


def pci(presence: Counts) -> pd.Series[float]:
    """Return each industry's product complexity index, on the scale of ``eci``: a region has the mean of its own.

    Scaled by the mean and standard deviation over the regions, as in py-ecomplexity and the Atlas of Economic
    Complexity (Hausmann et al. 2014), hence not itself of mean 0 and deviation 1.

    Raises:
        MeasureError: As for ``eci``.
    """
    second = spectrum(presence, "pci")
    return second.table.by_column((second.industries - second.regions.mean()) / second.regions.std())


def kci(presence: Counts, steps: int = 20) -> pd.Series[float]:
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
        message = tr("there are no {steps} steps; take an even number such as 20", steps=steps)
        raise MeasureError(message, measure="kci")
    table = connected_presence(presence, "kci", stacklevel=3)
    matrix, diversity, ubiquity = sp.csr_array(table.values), table.values.sum(axis=1), table.values.sum(axis=0)
    regions, industries = diversity, ubiquity
    for step in range(1, steps + 1):
        regions, industries = matrix @ industries / diversity, matrix.T @ regions / ubiquity
        if step > 2:
            regions, industries = _from_0_to_100(regions), _from_0_to_100(industries)
    return table.by_row(regions)


def _from_0_to_100(values: Values) -> Values:
    reach = values.max() - values.min()
    if reach <= SAME * max(1.0, float(np.abs(values).max())):
        message = tr("the reflections are the same everywhere, so that they order nothing; take fewer steps")
        raise MeasureError(message, measure="kci")
    return np.asarray((values - values.min()) / reach * 100, dtype=np.float64)


def complexity_outlook(presence: Counts, phi: Counts | None = None, *, standardised: bool = True) -> pd.Series[float]:
    """Return how much complexity each region could reach: the complexity of what it lacks, weighted by density.

    Hausmann et al. (2014, The Atlas of Economic Complexity). The complexity here is the eigenvector itself, whose mean
    over what all regions have is 0, in units of the standard deviation of ``eci``; ``pci`` is the same shifted.
    Standardised, the result has mean 0 and standard deviation 1 (divided by n) and equals py-ecomplexity.

    Args:
        presence: 0 or 1, regions by industries.
        phi: Proximity of the industries; ``proximity(presence)`` if None.
        standardised: False for the plain sum.

    Raises:
        MeasureError: As for ``eci``, or standardised where all regions have the same outlook.
    """
    second = spectrum(presence, "complexity_outlook")
    density = relatedness_density(presence, proximity(presence) if phi is None else phi).to_numpy()
    values = (density * (1 - second.table.values)) @ (second.industries / second.regions.std())
    if standardised:
        if values.std() <= SAME:
            message = tr("all rows have the same outlook, so that it cannot be standardised; take standardised=False")
            raise MeasureError(message, measure="complexity_outlook")
        values = (values - values.mean()) / values.std()
    return second.table.by_row(values)
