"""Assortativity and homophily: whether like is tied to like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.arrays import attribute_codes, tie_ends
from chaingraph.errors import MeasureError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUNDING = 1e-12


def within_group_share(
    network: nx.Graph[Any], attribute: str = "region", *, draws: int = 999, seed: int = 0
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
        reason = f"none of {total} ties has '{attribute}' at both ends; name an attribute that the nodes have"
        raise MeasureError(reason, measure="within_group_share")
    labels = codes[codes >= 0]
    sizes = np.bincount(labels).astype(np.float64)
    if len(sizes) == 1:
        reason = f"all nodes have the same '{attribute}', so that every tie is inside; nothing is left to chance"
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
