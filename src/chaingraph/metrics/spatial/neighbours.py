"""Neighbourhood: how far regions are apart, and which are neighbours.

The only place that reads coordinates and weights. Coordinates are degrees, distances kilometres.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from chaingraph.arrays import adjacency
from chaingraph.errors import MeasureError, UsageError

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    import networkx as nx

    from chaingraph.arrays import Matrix

Values = NDArray[np.float64]
Degrees = float | NDArray[Any]
Numbers = pd.Series | Mapping[Any, float] | NDArray[Any] | list[float]
"""One number a region: by name, or in the order of the coordinates or weights."""

EARTH = 6371.0088
"""Mean radius of the Earth in kilometres (IUGG)."""
_ALIKE = 1e-12
_SAME_KM = 6
"""Distances are compared to so many decimals, a millimetre, so that equally far regions tie."""


def extra(module: str) -> Any:  # noqa: ANN401
    """Return a module of the extra ``spatial``.

    Raises:
        UsageError: It is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        message = f"this needs {module.partition('.')[0]}; install it by pip install 'chaingraph[spatial]'"
        raise UsageError(message) from error


def great_circle(lat1: Degrees, lon1: Degrees, lat2: Degrees, lon2: Degrees) -> Any:  # noqa: ANN401
    """Return the great-circle distance in kilometres, on a sphere of radius 6371.0088 km, by the haversine formula.

    Numbers or arrays of any shapes that go together; up to about 0.5 % off the ellipsoid. NaN where a degree is.
    Sinnott (1984, Sky and Telescope 68: 159).

    >>> float(great_circle(0, 0, 0, 180).round(3)), great_circle(0, 0, np.array([0, 90]), 90).round(1).tolist()
    (20015.114, [10007.6, 10007.6])
    """
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    rise = np.sin((phi2 - phi1) / 2) ** 2
    turn = np.sin((np.radians(lon2) - np.radians(lon1)) / 2) ** 2
    return 2 * EARTH * np.arcsin(np.sqrt(np.clip(rise + np.cos(phi1) * np.cos(phi2) * turn, 0, 1)))


def located(coordinates: pd.DataFrame, regions: pd.Index[Any], measure: str) -> tuple[Values, Values]:
    """Return latitude and longitude of the regions, in their order.

    Raises:
        MeasureError: A region is not there or stands twice, or a degree is missing or out of range.
    """
    for name, most in (("latitude", 90), ("longitude", 180)):
        if name not in coordinates:
            reason = f"the coordinates have no column '{name}'; give latitude and longitude in degrees, by region"
            raise MeasureError(reason, measure=measure)
        if not coordinates.index.is_unique:
            twice = coordinates.index[coordinates.index.duplicated()][0]
            reason = "the region has two rows of coordinates; give one"
            raise MeasureError(reason, measure=measure, place=f"row '{twice}'")
        degrees = coordinates[name].reindex(regions).to_numpy(dtype=np.float64)
        wrong = np.flatnonzero(~(np.abs(degrees) <= most))
        if len(wrong):
            value = degrees[wrong[0]]
            what = "is missing" if np.isnan(value) else f"is {value:g}, beyond {most} degrees"
            more = f" ({len(wrong)} such regions)" if len(wrong) > 1 else ""
            reason = f"the {name} {what}{more}; correct it, or leave the region out"
            raise MeasureError(reason, measure=measure, place=f"row '{regions[wrong[0]]}'")
    found = coordinates.loc[regions, ["latitude", "longitude"]].to_numpy(dtype=np.float64)
    return found[:, 0], found[:, 1]


def regions_and_ties(
    values: Numbers,
    coordinates: pd.DataFrame | None,
    chosen: tuple[int | None, float | None, Any],
    measure: str,
) -> tuple[pd.Series[float], Matrix]:
    """Return the checked values by region and the weights of their neighbours, which sum to 1 a region.

    Args:
        values: One number a region.
        coordinates: By region, for nearest neighbours or a band.
        chosen: The number of nearest neighbours, the band in kilometres and the ready weights; one of them not None.
        measure: Its name, for messages.

    Raises:
        MeasureError: The values, coordinates or weights do not carry the measure.
        UsageError: Not exactly one is chosen, or the coordinates that it needs are not given.
    """
    nearest, band, weights = chosen
    if sum(choice is not None for choice in chosen) != 1:
        message = f"{measure}: give exactly one of neighbours=, band= and weights=, which say what neighbours are"
        raise UsageError(message)
    given = None if weights is None else _given(weights)
    if given is not None:
        series = _checked(values, pd.Index(list(given)), measure)
        ties = _ready(given, series.index, measure)
    elif coordinates is not None:
        series = _checked(values, coordinates.index, measure)
        ties = _near(*located(coordinates, series.index, measure), nearest, band, measure)
    else:
        message = f"{measure}: neighbours= and band= need coordinates with latitude and longitude by region"
        raise UsageError(message)
    if ties.nnz == 0:
        reason = "no region has a neighbour; widen the band, or take nearest neighbours"
        raise MeasureError(reason, measure=measure)
    total = ties.sum(axis=1)
    ties = sp.csr_array(sp.diags_array(np.divide(1, total, out=np.zeros(len(total)), where=total > 0)) @ ties)
    mutual = ties + ties.T
    if mutual.nnz == len(total) * (len(total) - 1) and np.ptp(mutual.data) < _ALIKE:
        reason = (
            "every region is a neighbour of every other alike, so that the index is the same for all values; take "
            "fewer neighbours or a narrower band"
        )
        raise MeasureError(reason, measure=measure)
    return series, ties


def ties_of(network: nx.Graph[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the two ends of each tie of a network, as positions of its nodes; directions do not count."""
    rows, columns = adjacency(network).nonzero()
    return rows[rows < columns].astype(np.int64), columns[rows < columns].astype(np.int64)


def _checked(values: Numbers, order: pd.Index[Any], measure: str) -> pd.Series[float]:
    if isinstance(values, pd.Series):
        series = values.astype(np.float64)
    elif isinstance(values, Mapping):
        series = pd.Series(values, dtype=np.float64)
    else:
        plain = np.asarray(values, dtype=np.float64)
        if plain.shape != (len(order),):
            reason = f"{plain.shape} values stand against {len(order)} regions; give one each, or a Series by name"
            raise MeasureError(reason, measure=measure)
        series = pd.Series(plain, index=order)
    if not series.index.is_unique:
        reason = "the region stands twice; give one value each"
        raise MeasureError(reason, measure=measure, place=f"row '{series.index[series.index.duplicated()][0]}'")
    numbers = series.to_numpy()
    if not np.isfinite(numbers).all():
        wrong = np.flatnonzero(~np.isfinite(numbers))[0]
        reason = f"the value is {numbers[wrong]}; fill it, or leave the region out"
        raise MeasureError(reason, measure=measure, place=f"row '{series.index[wrong]}'")
    if len(series) < 4:
        reason = f"there are {len(series)} regions, at least 4 are needed for an expectation and a spread"
        raise MeasureError(reason, measure=measure)
    if np.ptp(numbers) == 0:
        reason = f"all regions have the value {numbers[0]:g}, so that likeness says nothing; choose another value"
        raise MeasureError(reason, measure=measure)
    return series


def _given(weights: Any) -> dict[Hashable, dict[Hashable, float]]:  # noqa: ANN401
    """Read a libpysal W or Graph, or a mapping of each region to its neighbours."""
    if isinstance(weights, Mapping):
        return {region: dict.fromkeys(others, 1.0) for region, others in weights.items()}
    ready = weights.to_W() if hasattr(weights, "to_W") else weights
    return {region: dict(zip(ready.neighbors[region], ready.weights[region], strict=True)) for region in ready.id_order}


def _ready(given: dict[Hashable, dict[Hashable, float]], regions: pd.Index[Any], measure: str) -> Matrix:
    mentioned: Iterable[Hashable] = {name: None for others in given.values() for name in others}
    known = pd.Index(list(given))
    unmatched = [*regions.difference(known, sort=False), *known.difference(regions, sort=False)]
    unmatched += [name for name in mentioned if name not in given]
    if unmatched:
        reason = "the region stands in only one of values and weights; give both the same regions"
        raise MeasureError(reason, measure=measure, place=f"row '{unmatched[0]}'")
    for region, others in given.items():
        if region in others or not all(0 <= weight < np.inf for weight in others.values()):
            reason = "a weight is negative or infinite, or the region is its own neighbour; correct the weights"
            raise MeasureError(reason, measure=measure, place=f"row '{region}'")
    position = {region: index for index, region in enumerate(regions)}
    rows = [position[region] for region, others in given.items() for _ in others]
    columns = [position[other] for others in given.values() for other in others]
    values = [weight for others in given.values() for weight in others.values()]
    return _matrix(rows, columns, values, len(regions))


def _near(latitude: Values, longitude: Values, nearest: int | None, band: float | None, measure: str) -> Matrix:
    size = len(latitude)
    if nearest is not None and not 1 <= nearest < size:
        reason = f"{nearest} nearest neighbours of {size} regions do not exist; take 1 to {size - 1}"
        raise MeasureError(reason, measure=measure)
    rows, columns = [], []
    for region in range(size):
        distance = np.round(great_circle(latitude[region], longitude[region], latitude, longitude), _SAME_KM)
        distance[region] = np.inf
        near = np.argsort(distance, kind="stable")[:nearest] if band is None else np.flatnonzero(distance <= band)
        rows.append(np.full(len(near), region))
        columns.append(near)
    return _matrix(np.concatenate(rows), np.concatenate(columns), np.ones(sum(map(len, rows))), size)


def _matrix(
    rows: Sequence[int] | NDArray[Any],
    columns: Sequence[int] | NDArray[Any],
    values: Sequence[float] | Values,
    size: int,
) -> Matrix:
    matrix = sp.csr_array(
        sp.coo_array(
            (np.asarray(values, dtype=np.float64), (np.asarray(rows, int), np.asarray(columns, int))), (size, size)
        )
    )
    matrix.eliminate_zeros()
    return matrix
