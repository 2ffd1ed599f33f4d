"""Moran's I: whether neighbouring regions have like values, for the whole and for each region (extra ``spatial``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from chaingraph.errors import UsageError
from chaingraph.messages import tr
from chaingraph.metrics.spatial._neighbours import extra, values_and_weights

if TYPE_CHECKING:
    from chaingraph.arrays import Matrix
    from chaingraph.metrics.spatial._neighbours import Numbers, Values

_QUADRANTS = {1: "high-high", 2: "low-high", 3: "low-low", 4: "high-low"}
_ROUNDING = 1e-12
_BLOCK = 2**22


def morans_i(
    values: Numbers,
    coordinates: pd.DataFrame | None = None,
    *,
    neighbours: int | None = None,
    band: float | None = None,
    weights: Any = None,  # noqa: ANN401
    permutations: int = 999,
    seed: int = 0,
) -> pd.Series[float]:
    """Return Moran's I: whether neighbouring regions have like values, with two kinds of p-value.

    Moran (1950, Biometrika 37: 17-23) with weights that sum to 1 per region, by esda. Islands, regions that have no
    neighbour and are none's, are left out. Above ``expected``, -1 / (n - 1), neighbours are alike, below it they
    differ. ``z_norm`` and ``p_norm`` are two-sided under normality (Cliff and Ord
    1981). ``p_permutation`` is two-sided too: (M + 1) / (R + 1), M the permutations of R that lie at least as far from
    ``expected``. esda reports the smaller of the two sides instead, about half of it.

    Args:
        values: One number per region: a Series or mapping by name, or an array in the order of ``coordinates``.
        coordinates: Columns ``latitude`` and ``longitude``, by region; more regions than values are no harm.
        neighbours: As neighbours count this many nearest regions, by great circle; of equally far ones the first.
        band: Or all regions within this many kilometres.
        weights: Or a ready libpysal W or Graph, or a mapping of each region to its neighbours.
        permutations: How many; 0 leaves ``p_permutation`` NaN.
        seed: For the permutations.

    Returns:
        A Series: I, expected, z_norm, p_norm, p_permutation, n (the regions that it is of). ``attrs["islands"]`` names
        those left out.

    Raises:
        MeasureError: The values, without those of islands, are all the same or fewer than 4, or one is missing; a
            region has no coordinates; or there are no neighbours.
        UsageError: Not exactly one of neighbours, band and weights, or the extra is not installed.
    """
    series, matrix, regions = values_and_weights(values, coordinates, (neighbours, band, weights), "morans_i")
    numbers = np.asarray(series, dtype=np.float64)
    moran = extra("esda").Moran(numbers, _as_w(matrix), permutations=0)
    result = pd.Series({"I": moran.I, "expected": moran.EI, "z_norm": moran.z_norm, "p_norm": moran.p_norm})
    result["p_permutation"] = _p_global(numbers, matrix, float(moran.EI), permutations, seed)
    result["n"] = len(series)
    result.attrs = {"islands": _islands(series, regions), "permutations": permutations, "seed": seed}
    return result.astype(float)


def local_morans_i(
    values: Numbers,
    coordinates: pd.DataFrame | None = None,
    *,
    neighbours: int | None = None,
    band: float | None = None,
    weights: Any = None,  # noqa: ANN401
    permutations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Return one row per region: its part in Moran's I, whether it and its neighbours are high or low together.

    Anselin (1995, Geographical Analysis 27: 93-115), by esda. The p-value keeps the region's own value and permutes
    the others: (M + 1) / (R + 1) for M draws of R at least as far from their expectation, two-sided. ``p_adjusted`` is
    the same after Benjamini and Hochberg (1995) over the regions. A region without neighbours has NaN, and if it is
    none's neighbour either, it counts for nothing.

    Args:
        values: As for ``morans_i``, like the other arguments.
        coordinates: See there.
        neighbours: See there.
        band: See there.
        weights: See there.
        permutations: At least 1.
        seed: For the permutations.

    Returns:
        By region: I, quadrant (high-high, low-high, low-low, high-low: the region, then its neighbours),
        p_permutation, p_adjusted.

    Raises:
        MeasureError: As for ``morans_i``.
        UsageError: As for ``morans_i``, or no permutations.
    """
    if permutations < 1:
        message = tr(
            "there are {permutations} permutations, and a local p-value needs at least 1; 999 are usual",
            permutations=permutations,
        )
        raise UsageError(message)
    series, matrix, regions = values_and_weights(values, coordinates, (neighbours, band, weights), "local_morans_i")
    numbers = np.asarray(series, dtype=np.float64)
    moran = extra("esda").Moran_Local(numbers, _as_w(matrix), permutations=0)
    # Asymmetric weights can give a region no neighbour though it is one itself.
    island = np.diff(matrix.indptr) == 0
    p = _p_local(numbers, matrix, permutations, seed)
    frame = pd.DataFrame({"I": np.where(island, np.nan, moran.Is)}, index=series.index)
    quadrants = (None if is_island else _QUADRANTS[int(q)] for is_island, q in zip(island, moran.q, strict=True))
    frame["quadrant"] = list(quadrants)
    frame["p_permutation"] = p
    frame["p_adjusted"] = np.nan
    frame.loc[~island, "p_adjusted"] = false_discovery_control(p[~island])
    frame = frame.reindex(regions)
    frame.attrs = {"islands": _islands(series, regions), "permutations": permutations, "seed": seed}
    return frame


def _islands(series: pd.Series[float], regions: pd.Index[Any]) -> list[str]:
    """Return the names of the regions that are left out."""
    return [str(name) for name in regions.difference(series.index, sort=False)]


def _as_w(matrix: Matrix) -> Any:  # noqa: ANN401
    """Return the weights as an object of libpysal."""
    rows = [slice(*matrix.indptr[row : row + 2]) for row in range(matrix.shape[0])]
    neighbours = {row: matrix.indices[part].tolist() for row, part in enumerate(rows)}
    weights = {row: matrix.data[part].tolist() for row, part in enumerate(rows)}
    order = list(range(len(rows)))
    return extra("libpysal.weights").W(neighbours, weights, id_order=order, silence_warnings=True)


def _p_global(values: Values, matrix: Matrix, expected: float, permutations: int, seed: int) -> float:
    """Return the two-sided p-value by permutation; esda's own draws from numpy's global generator."""
    if permutations < 1:
        return float("nan")
    generator = np.random.default_rng(seed)
    centred = values - values.mean()
    scale = len(values) / matrix.sum() / (centred @ centred)
    observed = abs(scale * (centred @ (matrix @ centred)) - expected)
    farther, block = 0, max(1, _BLOCK // len(values))
    for start in range(0, permutations, block):
        count = min(block, permutations - start)
        permuted = np.column_stack([generator.permutation(centred) for _ in range(count)])
        deviation = np.abs(scale * (permuted * (matrix @ permuted)).sum(axis=0) - expected)
        farther += int((deviation >= observed - _ROUNDING).sum())
    return (farther + 1) / (permutations + 1)


def _p_local(values: Values, matrix: Matrix, permutations: int, seed: int) -> Values:
    """Return each region's p-value when the others' values are permuted; the same draws serve all regions."""
    generator = np.random.default_rng(seed)
    size = len(values)
    scaled = (values - values.mean()) / values.std()
    most = int(np.diff(matrix.indptr).max())
    choices = np.array([generator.choice(size - 1, most, replace=False) for _ in range(permutations)])
    result = np.full(size, np.nan)
    for region in range(size):
        part = slice(*matrix.indptr[region : region + 2])
        weights = matrix.data[part]
        if len(weights) == 0:
            continue
        # Positions among the other regions: those from the region itself on are one further in the list of all.
        others = choices[:, : len(weights)]
        mean = -scaled[region] / (size - 1)
        deviation = np.abs(scaled[region] * (scaled[others + (others >= region)] @ weights - mean))
        observed = abs(scaled[region] * (scaled[matrix.indices[part]] @ weights - mean))
        result[region] = ((deviation >= observed - _ROUNDING).sum() + 1) / (permutations + 1)
    return result
