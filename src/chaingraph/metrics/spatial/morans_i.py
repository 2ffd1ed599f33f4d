"""Space: whether regions resemble their neighbours, and how far ties reach.

The one room for everything about space: distances are worked out in ``neighbours``, the gravity model in ``gravity``.
It and the two indices of Moran need the extra ``spatial``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from chaingraph.errors import MeasureError, UsageError
from chaingraph.metrics.spatial.gravity import gravity
from chaingraph.metrics.spatial.neighbours import Numbers, Values, extra, great_circle, regions_and_ties, ties_of

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    from chaingraph.arrays import Matrix

__all__ = ["collaboration_distance", "gravity", "great_circle", "local_morans_i", "morans_i", "share_inside"]

_QUADRANTS = {1: "high-high", 2: "low-high", 3: "low-low", 4: "high-low"}
_ROUNDING = 1e-12
_MOST_CELLS = 2**22


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

    Moran (1950, Biometrika 37: 17-23) with weights that sum to 1 a region, by esda. Above ``expected``, -1 / (n - 1),
    neighbours are alike, below it they differ. ``z_norm`` and ``p_norm`` are two-sided under normality (Cliff and Ord
    1981). ``p_permutation`` is two-sided too: (M + 1) / (R + 1), M the permutations of R that lie at least as far from
    ``expected``. esda reports the smaller of the two sides instead, about half of it.

    Args:
        values: One number a region: a Series or mapping by name, or an array in the order of ``coordinates``.
        coordinates: Columns ``latitude`` and ``longitude``, by region; more regions than values are no harm.
        neighbours: As neighbours count this many nearest regions, by great circle; of equally far ones the first.
        band: Or all regions within this many kilometres.
        weights: Or a ready libpysal W or Graph, or a mapping of each region to its neighbours.
        permutations: How many; 0 leaves ``p_permutation`` NaN.
        seed: For the permutations.

    Returns:
        A Series: I, expected, z_norm, p_norm, p_permutation. ``attrs`` names the neighbourless under ``islands``.

    Raises:
        MeasureError: The values are all the same, fewer than 4, or missing; a region has no coordinates; or there are
            no neighbours.
        UsageError: Not exactly one of neighbours, band and weights, or the extra is not installed.
    """
    series, ties = regions_and_ties(values, coordinates, (neighbours, band, weights), "morans_i")
    numbers = np.asarray(series, dtype=np.float64)
    found = extra("esda").Moran(numbers, _as_w(ties), permutations=0)
    result = pd.Series({"I": found.I, "expected": found.EI, "z_norm": found.z_norm, "p_norm": found.p_norm})
    result["p_permutation"] = _p_global(numbers, ties, float(found.EI), permutations, seed)
    result.attrs = {
        "islands": list(series.index[np.diff(ties.indptr) == 0]),
        "permutations": permutations,
        "seed": seed,
    }
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
    """Return each region's part in Moran's I: whether it and its neighbours are high or low together.

    Anselin (1995, Geographical Analysis 27: 93-115), by esda. The p-value keeps the region's own value and permutes
    the others: (M + 1) / (R + 1) for M draws of R at least as far from their expectation, two-sided. ``p_adjusted`` is
    the same after Benjamini and Hochberg (1995) over the regions. A region without neighbours has NaN.

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
        message = f"there are {permutations} permutations, and a local p-value needs at least 1; 999 are usual"
        raise UsageError(message)
    series, ties = regions_and_ties(values, coordinates, (neighbours, band, weights), "local_morans_i")
    numbers = np.asarray(series, dtype=np.float64)
    found = extra("esda").Moran_Local(numbers, _as_w(ties), permutations=0)
    island = np.diff(ties.indptr) == 0
    p = _p_local(numbers, ties, permutations, seed)
    frame = pd.DataFrame({"I": np.where(island, np.nan, found.Is)}, index=series.index)
    frame["quadrant"] = [None if alone else _QUADRANTS[int(q)] for alone, q in zip(island, found.q, strict=True)]
    frame["p_permutation"] = p
    frame["p_adjusted"] = np.nan
    frame.loc[~island, "p_adjusted"] = false_discovery_control(p[~island])
    frame.attrs = {"islands": list(series.index[island]), "permutations": permutations, "seed": seed}
    return frame


def collaboration_distance(network: nx.Graph[Any], *, region: str = "region") -> pd.Series[float]:
    """Return how far the ties of a network reach, and how many could not be measured.

    The distance is the great circle between the two ends' attributes ``latitude`` and ``longitude``; where things have
    their region's, ties inside a region have 0. Each tie counts once, whatever its weight or direction.

    Args:
        network: Any networkx graph.
        region: The node attribute that names the region.

    Returns:
        mean_km and median_km; ties; unplaced, of which an end has no coordinates; share_inside, of the ties whose
        two ends name a region; and no_region, the other ones.

    Raises:
        MeasureError: No tie has coordinates at both ends.

    >>> import networkx as nx
    >>> network = nx.Graph([("a", "b"), ("b", "c")])
    >>> nx.set_node_attributes(network, {"a": 0.0, "b": 90.0}, "latitude")
    >>> nx.set_node_attributes(network, 0.0, "longitude")
    >>> collaboration_distance(network).round(1).to_dict()["mean_km"]
    10007.6
    """
    first, second = ties_of(network)
    found = [(data.get("latitude"), data.get("longitude")) for _, data in network.nodes(data=True)]
    places = np.array(found, dtype=np.float64).reshape(-1, 2)
    known: NDArray[np.bool_] = np.asarray(np.isfinite(places).all(axis=1))
    both = known[first] & known[second]
    if not both.any():
        reason = f"none of {len(first)} ties has latitude and longitude at both ends; give the regions coordinates"
        raise MeasureError(reason, measure="collaboration_distance")
    distance = great_circle(*places[first[both]].T, *places[second[both]].T)
    codes = _codes(network, region)
    named = (codes[first] >= 0) & (codes[second] >= 0)
    inside = codes[first[named]] == codes[second[named]]
    return pd.Series(
        {
            "mean_km": distance.mean(),
            "median_km": np.median(distance),
            "ties": len(first),
            "unplaced": len(first) - both.sum(),
            "share_inside": inside.mean() if len(inside) else np.nan,
            "no_region": len(first) - named.sum(),
        },
        dtype=float,
    )


def share_inside(
    network: nx.Graph[Any], attribute: str = "region", *, draws: int = 999, seed: int = 0
) -> pd.Series[float]:
    """Return the share of ties whose two ends have the same region, against chance.

    Chance permutes the labels over the nodes that have one and keeps the ties. Its mean is exact, the chance that two
    of these nodes drawn without replacement share a label; spread and p-value are simulated. ``p_greater`` is
    one-sided: (M + 1) / (R + 1), M the draws of R with at least as many ties inside. Several labels joined in
    one text are a label of their own.

    Args:
        network: Any networkx graph; weights and directions do not count.
        attribute: The node attribute to compare.
        draws: How many permutations.
        seed: For them.

    Returns:
        share; expected; ratio, NaN where none is expected; deviation of the drawn shares; p_greater; ties that count;
        unplaced ones, of which an end has no label.

    Raises:
        MeasureError: No tie has labels at both ends, or all have the same.

    >>> import networkx as nx
    >>> network = nx.Graph([("a", "b"), ("c", "d")])
    >>> nx.set_node_attributes(network, {"a": "x", "b": "x", "c": "y", "d": "y"}, "region")
    >>> share_inside(network).to_dict()["share"]
    1.0
    """
    codes, (first, second) = _codes(network, attribute), ties_of(network)
    total, both = len(first), (codes[first] >= 0) & (codes[second] >= 0)
    if not both.any():
        reason = f"none of {total} ties has '{attribute}' at both ends; name an attribute that the nodes have"
        raise MeasureError(reason, measure="share_inside")
    labels = codes[codes >= 0]
    sizes = np.bincount(labels).astype(np.float64)
    if len(sizes) == 1:
        reason = f"all nodes have the same '{attribute}', so that every tie is inside; nothing is left to chance"
        raise MeasureError(reason, measure="share_inside")
    position = np.cumsum(codes >= 0) - 1
    first, second = position[first[both]], position[second[both]]
    share = _share(labels, first, second)
    expected = float((sizes * (sizes - 1)).sum() / (len(labels) * (len(labels) - 1)))
    generator = np.random.default_rng(seed)
    drawn = np.array([_share(generator.permutation(labels), first, second) for _ in range(draws)])
    result = pd.Series({"share": share, "expected": expected, "ratio": share / expected if expected else np.nan})
    result["deviation"], result["p_greater"] = drawn.std() if draws else np.nan, _p_greater(drawn, share)
    result["ties"], result["unplaced"] = len(first), total - len(first)
    result.attrs = {"draws": draws, "seed": seed}
    return result


def _share(labels: NDArray[Any], first: NDArray[Any], second: NDArray[Any]) -> float:
    return float((labels[first] == labels[second]).mean())


def _p_greater(drawn: Values, share: float) -> float:
    return float(((drawn >= share - _ROUNDING).sum() + 1) / (len(drawn) + 1)) if len(drawn) else float("nan")


def _as_w(ties: Matrix) -> Any:  # noqa: ANN401
    """Return the weights as libpysal has them."""
    rows = [slice(*ties.indptr[row : row + 2]) for row in range(ties.shape[0])]
    neighbours = {row: ties.indices[part].tolist() for row, part in enumerate(rows)}
    weights = {row: ties.data[part].tolist() for row, part in enumerate(rows)}
    order = list(range(len(rows)))
    return extra("libpysal.weights").W(neighbours, weights, id_order=order, silence_warnings=True)


def _p_global(values: Values, ties: Matrix, expected: float, permutations: int, seed: int) -> float:
    """Return the two-sided p-value of permutations of our own: esda's draw from a generator that all code shares."""
    if permutations < 1:
        return float("nan")
    generator = np.random.default_rng(seed)
    centred = values - values.mean()
    scale = len(values) / ties.sum() / (centred @ centred)
    observed = abs(scale * (centred @ (ties @ centred)) - expected)
    farther, block = 0, max(1, _MOST_CELLS // len(values))
    for start in range(0, permutations, block):
        count = min(block, permutations - start)
        mixed = np.column_stack([generator.permutation(centred) for _ in range(count)])
        drawn = np.abs(scale * (mixed * (ties @ mixed)).sum(axis=0) - expected)
        farther += int((drawn >= observed - _ROUNDING).sum())
    return (farther + 1) / (permutations + 1)


def _p_local(values: Values, ties: Matrix, permutations: int, seed: int) -> Values:
    """Return each region's p-value when the others' values are permuted; the same draws serve all regions."""
    generator = np.random.default_rng(seed)
    size = len(values)
    scaled = (values - values.mean()) / values.std()
    most = int(np.diff(ties.indptr).max())
    picks = np.array([generator.choice(size - 1, most, replace=False) for _ in range(permutations)])
    result = np.full(size, np.nan)
    for region in range(size):
        part = slice(*ties.indptr[region : region + 2])
        weights = ties.data[part]
        if len(weights) == 0:
            continue
        others = picks[:, : len(weights)]
        mean = -scaled[region] / (size - 1)
        drawn = np.abs(scaled[region] * (scaled[others + (others >= region)] @ weights - mean))
        observed = abs(scaled[region] * (scaled[ties.indices[part]] @ weights - mean))
        result[region] = ((drawn >= observed - _ROUNDING).sum() + 1) / (permutations + 1)
    return result


def _codes(network: nx.Graph[Any], attribute: str) -> NDArray[np.int64]:
    """Return a number for each node's label, -1 for none."""
    labels = pd.Series([data.get(attribute) for _, data in network.nodes(data=True)], dtype=object)
    return np.asarray(pd.factorize(labels)[0], dtype=np.int64)
