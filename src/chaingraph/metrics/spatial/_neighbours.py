"""Coordinates and weights of regions, read and checked for the measures of space: degrees in, kilometres out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, filterwarnings

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from chaingraph.errors import MeasureError, UsageError, install_line
from chaingraph.messages import tr
from chaingraph.metrics.spatial.distance import great_circle

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from chaingraph.arrays import Matrix

Values = NDArray[np.float64]
Numbers = pd.Series | Mapping[Any, float] | NDArray[Any] | list[float]
"""One number per region: by name, or in the order of the coordinates or weights."""

_ALIKE = 1e-12
_DECIMALS = 6
"""Distances in kilometres are compared to so many decimals, a millimetre, so that equally far regions are equal."""


def extra(module: str) -> Any:  # noqa: ANN401
    """Return a module of the extra ``spatial``.

    Raises:
        UsageError: It is not installed.
    """
    try:
        with catch_warnings():
            # In a notebook, tqdm, which esda imports where it is there, warns that no widget can draw its bars.
            filterwarnings("ignore", message="IProgress not found")
            return import_module(module)
    except ImportError as error:
        message = tr(
            "this needs {package}; install it by {line}", package=module.partition(".")[0], line=install_line("spatial")
        )
        raise UsageError(message) from error


def region_coordinates(coordinates: pd.DataFrame, regions: pd.Index[Any], measure: str) -> tuple[Values, Values]:
    """Return latitude and longitude of the regions, in their order.

    Raises:
        MeasureError: A region is not there or is there twice, or a degree is missing or out of range.
    """
    for name, most in (("latitude", 90), ("longitude", 180)):
        if name not in coordinates:
            reason = tr(
                "the coordinates have no column '{name}'; give latitude and longitude in degrees, by region", name=name
            )
            raise MeasureError(reason, measure=measure)
        if not coordinates.index.is_unique:
            twice = coordinates.index[coordinates.index.duplicated()][0]
            reason = tr("the region has two rows of coordinates; give one")
            raise MeasureError(reason, measure=measure, place=f"row '{twice}'")
        degrees = coordinates[name].reindex(regions).to_numpy(dtype=np.float64)
        wrong = np.flatnonzero(~(np.abs(degrees) <= most))
        if len(wrong):
            value = degrees[wrong[0]]
            what = (
                tr("is missing")
                if np.isnan(value)
                else tr("is {value:g}, beyond {most} degrees", value=value, most=most)
            )
            more = tr(" ({count} such regions)", count=len(wrong)) if len(wrong) > 1 else ""
            reason = tr("the {name} {what}{more}; correct it, or leave the region out", name=name, what=what, more=more)
            raise MeasureError(reason, measure=measure, place=f"row '{regions[wrong[0]]}'")
    columns = coordinates.loc[regions, ["latitude", "longitude"]].to_numpy(dtype=np.float64)
    return columns[:, 0], columns[:, 1]


def values_and_weights(
    values: Numbers,
    coordinates: pd.DataFrame | None,
    neighbourhood: tuple[int | None, float | None, Any],
    measure: str,
) -> tuple[pd.Series[float], Matrix, pd.Index[Any]]:
    """Return the checked values by region, the weights of their neighbours, which sum to 1 per region, and all regions.

    An island, which has no neighbour and is none's, is in neither the values nor the weights: likeness to neighbours
    is nothing that it could have.

    Args:
        values: One number per region.
        coordinates: By region, for nearest neighbours or a band.
        neighbourhood: The number of nearest neighbours, the band in kilometres and the ready weights; one not None.
        measure: Its name, for messages.

    Raises:
        MeasureError: The values, coordinates or weights do not carry the measure.
        UsageError: Not exactly one of them is there, or the coordinates that it needs are not given.
    """
    nearest, band, weights = neighbourhood
    if sum(choice is not None for choice in neighbourhood) != 1:
        message = tr(
            "{measure}: give exactly one of neighbours=, band= and weights=, which say what neighbours are",
            measure=measure,
        )
        raise UsageError(message)
    if weights is not None:
        by_region = _by_region(weights)
        series = _values(values, pd.Index(list(by_region)), measure)
        matrix = _from_weights(by_region, series.index, measure)
    elif coordinates is not None:
        series = _values(values, coordinates.index, measure)
        degrees = region_coordinates(coordinates, series.index, measure)
        matrix = _from_coordinates(*degrees, nearest, band, measure)
    else:
        message = tr(
            "{measure}: neighbours= and band= need coordinates with latitude and longitude by region", measure=measure
        )
        raise UsageError(message)
    if matrix.nnz == 0:
        reason = tr("no region has a neighbour; widen the band, or take nearest neighbours")
        raise MeasureError(reason, measure=measure)
    inside = (np.diff(matrix.indptr) > 0) | (np.bincount(matrix.indices, minlength=len(series)) > 0)
    regions = series.index
    series, matrix = series[inside], sp.csr_array(matrix[inside][:, inside])
    _check_spread(series, measure, "regions" if inside.all() else tr("regions that have neighbours"))
    total = matrix.sum(axis=1)
    matrix = sp.csr_array(sp.diags_array(np.divide(1, total, out=np.zeros(len(total)), where=total > 0)) @ matrix)
    mutual = matrix + matrix.T
    if mutual.nnz == len(total) * (len(total) - 1) and np.ptp(mutual.data) < _ALIKE:
        reason = tr(
            "every region is a neighbour of every other alike, so that the index is the same for all "
            "values; take fewer neighbours or a narrower band"
        )
        raise MeasureError(reason, measure=measure)
    return series, matrix, regions


def _values(values: Numbers, order: pd.Index[Any], measure: str) -> pd.Series[float]:
    if isinstance(values, pd.Series):
        series = values.astype(np.float64)
    elif isinstance(values, Mapping):
        series = pd.Series(values, dtype=np.float64)
    else:
        plain = np.asarray(values, dtype=np.float64)
        if plain.shape != (len(order),):
            reason = tr(
                "{shape} values stand against {count} regions; give one each, or a Series by name",
                shape=plain.shape,
                count=len(order),
            )
            raise MeasureError(reason, measure=measure)
        series = pd.Series(plain, index=order)
    if not series.index.is_unique:
        reason = tr("the region stands twice; give one value each")
        raise MeasureError(reason, measure=measure, place=f"row '{series.index[series.index.duplicated()][0]}'")
    numbers = series.to_numpy()
    if not np.isfinite(numbers).all():
        wrong = np.flatnonzero(~np.isfinite(numbers))[0]
        reason = tr("the value is {numbers}; fill it, or leave the region out", numbers=numbers[wrong])
        raise MeasureError(reason, measure=measure, place=f"row '{series.index[wrong]}'")
    _check_spread(series, measure, "regions")
    return series


def _check_spread(series: pd.Series[float], measure: str, what: str) -> None:
    """Refuse values that are too few or all the same."""
    if len(series) < 4:
        reason = tr(
            "there are {count} {what}, at least 4 are needed for an expectation and a spread",
            count=len(series),
            what=what,
        )
        raise MeasureError(reason, measure=measure)
    if np.ptp(series.to_numpy()) == 0:
        reason = tr(
            "all {what} have the value {value:g}, so that likeness says nothing; choose another value",
            what=what,
            value=series.iloc[0],
        )
        raise MeasureError(reason, measure=measure)


def _by_region(weights: Any) -> dict[Hashable, dict[Hashable, float]]:  # noqa: ANN401
    """Read a libpysal W or Graph, or a mapping of each region to its neighbours."""
    if isinstance(weights, Mapping):
        return {region: dict.fromkeys(others, 1.0) for region, others in weights.items()}
    ready = weights.to_W() if hasattr(weights, "to_W") else weights
    return {region: dict(zip(ready.neighbors[region], ready.weights[region], strict=True)) for region in ready.id_order}


def _from_weights(by_region: dict[Hashable, dict[Hashable, float]], regions: pd.Index[Any], measure: str) -> Matrix:
    mentioned: Iterable[Hashable] = {name: None for others in by_region.values() for name in others}
    names = pd.Index(list(by_region))
    unmatched = [*regions.difference(names, sort=False), *names.difference(regions, sort=False)]
    unmatched += [name for name in mentioned if name not in by_region]
    if unmatched:
        reason = tr("the region stands in only one of values and weights; give both the same regions")
        raise MeasureError(reason, measure=measure, place=f"row '{unmatched[0]}'")
    for region, others in by_region.items():
        if region in others or not all(0 <= weight < np.inf for weight in others.values()):
            reason = tr("a weight is negative or infinite, or the region is its own neighbour; correct the weights")
            raise MeasureError(reason, measure=measure, place=f"row '{region}'")
    position = {region: index for index, region in enumerate(regions)}
    rows = [position[region] for region, others in by_region.items() for _ in others]
    columns = [position[other] for others in by_region.values() for other in others]
    values = [weight for others in by_region.values() for weight in others.values()]
    return _matrix(rows, columns, values, len(regions))


def _from_coordinates(
    latitude: Values, longitude: Values, nearest: int | None, band: float | None, measure: str
) -> Matrix:
    size = len(latitude)
    if nearest is not None and not 1 <= nearest < size:
        reason = tr(
            "{nearest} nearest neighbours of {size} regions do not exist; take 1 to {most}",
            nearest=nearest,
            size=size,
            most=size - 1,
        )
        raise MeasureError(reason, measure=measure)
    rows, columns = [], []
    for region in range(size):
        distance = np.round(great_circle(latitude[region], longitude[region], latitude, longitude), _DECIMALS)
        distance[region] = np.inf
        others = np.argsort(distance, kind="stable")[:nearest] if band is None else np.flatnonzero(distance <= band)
        rows.append(np.full(len(others), region))
        columns.append(others)
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
