"""Measures of walks of every length: who is tied to those who are well tied. All weigh the ties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

from chaingraph.arrays import ArrayNetwork
from chaingraph.metrics.network._matrices import OWN
from chaingraph.metrics.network.centrality import node_series

if TYPE_CHECKING:
    import pandas as pd


def eigenvector(
    network: nx.Graph[Any] | ArrayNetwork, *, weight: str | None = OWN, directed: bool | None = None
) -> pd.Series[float]:
    """Return eigenvector centrality: the leading eigenvector of the largest component, of length 1; NaN outside of it.

    Of components of equal size the first counts. A network without ties has no such vector: all NaN. Bonacich (1972,
    J. Math. Sociol. 2: 113-120).

    Args:
        network: Any undirected network.
        weight: The edge attribute that weighs a tie; ``"own"`` is what the projection counts, None weighs all alike.
        directed: False ignores directions.

    Raises:
        NetworkError: The network is empty or directed, a weight is missing or negative, or the search does not end.

    >>> eigenvector(nx.star_graph(2)).round(4).to_dict()
    {0: 0.7071, 1: 0.5, 2: 0.5}
    """
    return node_series(network, "eigenvector", weight=weight, directed=directed)


def pagerank(
    network: nx.Graph[Any] | ArrayNetwork,
    *,
    damping: float = 0.85,
    weight: str | None = OWN,
    directed: bool | None = None,
) -> pd.Series[float]:
    """Return PageRank: how often a walker visits a node who follows ties, in proportion to their weight, or jumps.

    Above 0, in sum 1. With the probability ``damping`` the walker follows a tie, else jumps to any node; from a node
    that no tie leaves the walker always jumps. NaN at an isolate, which is met by jumps only; the others have the
    values of the network without isolates. Brin and Page (1998, Computer Networks 30: 107-117).

    Args:
        network: Any networkx graph.
        damping: The probability to follow a tie.
        weight: The edge attribute that weighs a tie; ``"own"`` is what the projection counts, None weighs all alike.
        directed: Whether directions count; None: as the network is.

    Raises:
        NetworkError: The network is empty, the damping is not in [0, 1), or a weight is missing or negative.

    >>> pagerank(nx.DiGraph([(0, 1)])).round(4).to_dict()
    {0: 0.3509, 1: 0.6491}
    """
    return node_series(network, "pagerank", weight=weight, directed=directed, damping=damping)


def katz(
    network: nx.Graph[Any] | ArrayNetwork,
    *,
    alpha: float | None = None,
    weight: str | None = OWN,
    directed: bool | None = None,
) -> pd.Series[float]:
    """Return Katz centrality, of length 1: the walks that end at a node, a walk of k ties for alpha to the power k.

    NaN at an isolate, at which no walk ends. Katz (1953, Psychometrika 18: 39-43).

    Args:
        network: Any networkx graph; of a directed one, what reaches the node counts.
        alpha: At least 0 and below 1 / the largest eigenvalue. If None, 0.9 / the largest eigenvalue, or where no walk
            returns, 0.9 / the largest incoming strength.
        weight: The edge attribute that weighs a tie; ``"own"`` is what the projection counts, None weighs all alike.
        directed: Whether directions count; None: as the network is.

    Raises:
        NetworkError: The network is empty, alpha is too large or below 0, or a weight is missing or negative.

    >>> values = katz(nx.star_graph(2), alpha=0.5)
    >>> (values / values.min()).round(4).to_dict()
    {0: 1.3333, 1: 1.0, 2: 1.0}
    """
    return node_series(network, "katz", weight=weight, directed=directed, alpha=alpha)
