"""Assortativity and homophily: whether like is tied to like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.arrays import ArrayNetwork, Matrix, adjacency, attribute_codes, directed_adjacency, node_items, tie_ends
from chaingraph.errors import MeasureError, NetworkError
from chaingraph.messages import tr
from chaingraph.metrics.network import _structure
from chaingraph.metrics.network._matrices import keeps_directions

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUNDING = 1e-12


def degree_assortativity(network: nx.Graph[Any] | ArrayNetwork, *, directed: bool | None = None) -> float:
    """Return in [-1, 1] how much nodes of many ties are tied to each other: the correlation of their degrees.

    Newman (2003, PRE 67: 026126): Pearson's correlation over the two ends of the ties. Unweighted; of directed ties it
    is the out-degree of the source with the in-degree of the target. NaN without ties, and where all ends have the same
    degree, so that there is nothing to compare.

    Args:
        network: Any networkx graph.
        directed: Whether directions count; None: as the network is.

    >>> round(degree_assortativity(nx.star_graph(3)), 4)
    -1.0
    """
    return _structure.degree_assortativity(_matrix(network, directed))


def attribute_assortativity(
    network: nx.Graph[Any] | ArrayNetwork, attribute: str, *, directed: bool | None = None
) -> float:
    """Return in [-1, 1] how much nodes of one group are tied to each other, by a node attribute such as ``region``.

    Newman (2003, PRE 67: 026126): (share of ties within groups - share by chance) / (1 - share by chance). Unweighted.
    A tie of which an end has no group is left out. NaN without ties, and where all ends are of one group.

    Args:
        network: Any networkx graph.
        attribute: The node attribute that names the group.
        directed: Whether directions count; None: as the network is.

    >>> network = nx.Graph([("a", "b"), ("c", "d")])
    >>> nx.set_node_attributes(network, {"a": "x", "b": "x", "c": "y", "d": "y"}, "region")
    >>> attribute_assortativity(network, "region")
    1.0
    """
    codes, _ = attribute_codes(network, attribute)
    return _structure.group_assortativity(_matrix(network, directed), codes)


def numeric_assortativity(
    network: nx.Graph[Any] | ArrayNetwork, attribute: str, *, directed: bool | None = None
) -> float:
    """Return in [-1, 1] how much nodes of like numbers are tied to each other, by a numeric node attribute.

    Newman (2003, PRE 67: 026126): Pearson's correlation over the two ends of the ties. Unweighted. A tie of which an
    end has no number is left out. NaN without ties, and where all ends have the same number.

    Args:
        network: Any networkx graph.
        attribute: The node attribute with the number.
        directed: Whether directions count; None: as the network is.

    Raises:
        NetworkError: A value is no number.

    >>> network = nx.Graph([("a", "b"), ("c", "d")])
    >>> nx.set_node_attributes(network, {"a": 1, "b": 1, "c": 5, "d": 5}, "latitude")
    >>> numeric_assortativity(network, "latitude")
    1.0
    """
    values = []
    for node, data in node_items(network):
        value = data.get(attribute, np.nan)
        if value is not None and not isinstance(value, (int, float, np.number)):
            message = tr(
                "the node '{node}' has {attribute}={value!r}, expected a number; take attribute_assortativity",
                node=node,
                attribute=attribute,
                value=value,
            )
            raise NetworkError(message)
        values.append(np.nan if value is None else float(value))
    return _structure.number_assortativity(_matrix(network, directed), np.array(values, dtype=np.float64))


def _matrix(network: nx.Graph[Any] | ArrayNetwork, directed: bool | None) -> Matrix:
    return directed_adjacency(network) if keeps_directions(network, directed) else adjacency(network)


def within_group_share(
    network: nx.Graph[Any] | ArrayNetwork, attribute: str = "region", *, draws: int = 999, seed: int = 0
) -> pd.Series[float]:
    """Return the share of ties whose two ends have the same region (or other attribute), against chance.

    Chance permutes the labels over the nodes that have one and leaves the ties as they are. Its mean is exact, the
    chance that two of these nodes drawn without replacement share a label; spread and p-value are simulated.
    ``p_greater`` is one-sided: (M + 1) / (R + 1), M the draws of R with at least as many ties within a group. Several
    labels joined in one text are a label of their own.

    Args:
        network: Any networkx graph; weights and directions do not count.
        attribute: The node attribute to compare.
        draws: How many permutations.
        seed: Of the permutations.

    Returns:
        A series: share; expected; ratio, NaN where none is expected; deviation of the shares by chance; p_greater;
        ties that count; no_group, the ties of which an end has no label. ``attrs``: ``draws``, ``seed``.

    Raises:
        MeasureError: No tie has labels at both ends, or all have the same.

    >>> network = nx.Graph([("a", "b"), ("c", "d")])
    >>> nx.set_node_attributes(network, {"a": "x", "b": "x", "c": "y", "d": "y"}, "region")
    >>> within_group_share(network).to_dict()["share"]
    1.0
    """
    (codes, _), (first, second) = attribute_codes(network, attribute), tie_ends(network)
    total, both = len(first), (codes[first] >= 0) & (codes[second] >= 0)
    if not both.any():
        reason = tr(
            "none of {total} ties has '{attribute}' at both ends; name an attribute that the nodes have",
            total=total,
            attribute=attribute,
        )
        raise MeasureError(reason, measure="within_group_share")
    labels = codes[codes >= 0]
    sizes = np.bincount(labels).astype(np.float64)
    if len(sizes) == 1:
        reason = tr(
            "all nodes have the same '{attribute}', so that every tie is inside; nothing is left to chance",
            attribute=attribute,
        )
        raise MeasureError(reason, measure="within_group_share")
    position = np.cumsum(codes >= 0) - 1
    first, second = position[first[both]], position[second[both]]
    share = _share(labels, first, second)
    expected = float((sizes * (sizes - 1)).sum() / (len(labels) * (len(labels) - 1)))
    generator = np.random.default_rng(seed)
    by_chance = np.array([_share(generator.permutation(labels), first, second) for _ in range(draws)])
    reached = int((by_chance >= share - _ROUNDING).sum())
    values = {
        "share": share,
        "expected": expected,
        "ratio": share / expected if expected else np.nan,
        "deviation": by_chance.std() if draws else np.nan,
        "p_greater": (reached + 1) / (draws + 1) if draws else np.nan,
        "ties": len(first),
        "no_group": total - len(first),
    }
    result = pd.Series(values, dtype=float, name="within_group_share")
    result.attrs = {"draws": draws, "seed": seed}
    return result


def _share(labels: NDArray[np.int64], first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    return float((labels[first] == labels[second]).mean())
