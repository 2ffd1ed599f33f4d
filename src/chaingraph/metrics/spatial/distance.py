"""Distance: how far regions are apart, and how far the ties of a network reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chaingraph.arrays import ArrayNetwork, attribute_codes, node_items, tie_ends
from chaingraph.errors import MeasureError
from chaingraph.messages import tr

if TYPE_CHECKING:
    import networkx as nx

Degrees = float | NDArray[Any]

EARTH = 6371.0088
"""Mean radius of the Earth in kilometres (IUGG)."""


def great_circle(lat1: Degrees, lon1: Degrees, lat2: Degrees, lon2: Degrees) -> Any:  # noqa: ANN401
    """Return the great-circle distance in kilometres, on a sphere of radius 6371.0088 km, by the haversine formula.

    Numbers or arrays of any shapes that numpy broadcasts; up to about 0.5 % off the ellipsoid. NaN where a degree is.
    Sinnott (1984, Sky and Telescope 68: 159).

    >>> float(great_circle(0, 0, 0, 180).round(3)), great_circle(0, 0, np.array([0, 90]), 90).round(1).tolist()
    (20015.114, [10007.6, 10007.6])
    """
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    rise = np.sin((phi2 - phi1) / 2) ** 2
    turn = np.sin((np.radians(lon2) - np.radians(lon1)) / 2) ** 2
    return 2 * EARTH * np.arcsin(np.sqrt(np.clip(rise + np.cos(phi1) * np.cos(phi2) * turn, 0, 1)))


def collaboration_distance(network: nx.Graph[Any] | ArrayNetwork, *, region: str = "region") -> pd.Series[float]:
    """Return how far the ties of a network reach, and how many could not be measured.

    The distance is the great circle between the two ends' attributes ``latitude`` and ``longitude``; where nodes have
    their region's, ties within a region have 0. Each tie counts once, whatever its weight or direction.

    Args:
        network: Any networkx graph.
        region: The node attribute that names the region.

    Returns:
        A series: mean_km and median_km; ties; no_coordinates, the ties of which an end has none; within_region, the
        share of ties within a region among those whose two ends name one; and no_region, the other ones.

    Raises:
        MeasureError: No tie has coordinates at both ends.

    >>> import networkx as nx
    >>> network = nx.Graph([("a", "b"), ("b", "c")])
    >>> nx.set_node_attributes(network, {"a": 0.0, "b": 90.0}, "latitude")
    >>> nx.set_node_attributes(network, 0.0, "longitude")
    >>> collaboration_distance(network).round(1).to_dict()["mean_km"]
    10007.6
    """
    first, second = tie_ends(network)
    values = [(data.get("latitude"), data.get("longitude")) for _, data in node_items(network)]
    degrees = np.array(values, dtype=np.float64).reshape(-1, 2)
    has_coordinates: NDArray[np.bool_] = np.asarray(np.isfinite(degrees).all(axis=1))
    both = has_coordinates[first] & has_coordinates[second]
    if not both.any():
        reason = tr(
            "none of {count} ties has latitude and longitude at both ends; give the regions coordinates",
            count=len(first),
        )
        raise MeasureError(reason, measure="collaboration_distance")
    distance = great_circle(*degrees[first[both]].T, *degrees[second[both]].T)
    regions, _ = attribute_codes(network, region)
    comparable = (regions[first] >= 0) & (regions[second] >= 0)
    within = regions[first[comparable]] == regions[second[comparable]]
    return pd.Series(
        {
            "mean_km": distance.mean(),
            "median_km": np.median(distance),
            "ties": len(first),
            "no_coordinates": len(first) - both.sum(),
            "within_region": within.mean() if len(within) else np.nan,
            "no_region": len(first) - comparable.sum(),
        },
        dtype=float,
        name="collaboration_distance",
    )
