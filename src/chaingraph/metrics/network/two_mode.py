"""Measures of a two-mode network: each mode on its own scale, nothing projected.

A two-mode network has ``bipartite`` 0 or 1 on every node and ties only between the two, as ``affiliation``,
``participation`` and ``hosting`` have. Borgatti and Everett (1997, Social Networks 19: 243-269).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

from chaingraph.arrays import ArrayNetwork, two_mode
from chaingraph.errors import NetworkError
from chaingraph.metrics.network import _two_mode
from chaingraph.metrics.network.centrality import node_series
from chaingraph.metrics.network.registry import NOT_TWO_MODE

if TYPE_CHECKING:
    import pandas as pd

    from chaingraph.arrays import Matrix


def two_mode_degree(network: nx.Graph[Any] | ArrayNetwork) -> pd.Series[float]:
    """Return the share in [0, 1] of the other mode that each node is tied to. Unweighted.

    Raises:
        NetworkError: The network is empty, or no two-mode network.

    >>> two_mode_degree(nx.complete_bipartite_graph(1, 2)).to_dict()
    {0: 1.0, 1: 1.0, 2: 1.0}
    """
    return node_series(network, "two_mode_degree")


def two_mode_closeness(network: nx.Graph[Any] | ArrayNetwork) -> pd.Series[float]:
    """Return closeness in [0, 1]: the least possible sum of distances to all others, over the actual one.

    In a network of n nodes of one's own mode and m of the other that least sum is m + 2(n - 1). In a disconnected one
    both sums are those of the node's component, and the value counts times the share of all others that it reaches, as
    in ``closeness``; a node that reaches none has 0. networkx takes the least sum of the whole network, which gives
    more than 1.

    Raises:
        NetworkError: The network is empty, or no two-mode network.

    >>> two_mode_closeness(nx.complete_bipartite_graph(1, 2)).to_dict()
    {0: 1.0, 1: 1.0, 2: 1.0}
    """
    return node_series(network, "two_mode_closeness")


def two_mode_betweenness(network: nx.Graph[Any] | ArrayNetwork) -> pd.Series[float]:
    """Return betweenness in [0, 1]: what passes the node, over the most that can pass a node of its mode.

    Formula of the maximum: Borgatti and Halgin (2011, Sage Handbook of Social Network Analysis, ch. 28).

    Raises:
        NetworkError: The network is empty, or no two-mode network.

    >>> two_mode_betweenness(nx.complete_bipartite_graph(1, 2)).to_dict()
    {0: 1.0, 1: 0.0, 2: 0.0}
    """
    return node_series(network, "two_mode_betweenness")


def two_mode_eigenvector(network: nx.Graph[Any] | ArrayNetwork) -> pd.Series[float]:
    """Return the leading singular vectors of the largest component, each of length 1; NaN outside of it.

    A node scores by the nodes of the other mode that it is tied to. This is the eigenvector of the two-mode network,
    each mode divided by its greatest possible length, sqrt(1/2). Unweighted. Of components of equal size the first
    counts; without ties all are NaN. Bonacich (1991, Social Networks 13: 155-168).

    Raises:
        NetworkError: The network is empty, no two-mode network, or the search for the vectors does not end.

    >>> two_mode_eigenvector(nx.complete_bipartite_graph(1, 2)).round(4).to_dict()
    {0: 1.0, 1: 0.7071, 2: 0.7071}
    """
    return node_series(network, "two_mode_eigenvector")


def two_mode_density(network: nx.Graph[Any] | ArrayNetwork) -> float:
    """Return the share in [0, 1] of the possible memberships that exist.

    Raises:
        NetworkError: The network is no two-mode network.

    >>> two_mode_density(nx.complete_bipartite_graph(2, 3))
    1.0
    """
    return _two_mode.two_mode_density(_incidence(network, "two_mode_density"))


def robins_alexander_clustering(network: nx.Graph[Any] | ArrayNetwork) -> float:
    """Return the share in [0, 1] of the paths of three memberships that a fourth closes to a cycle; 0 without paths.

    High where the same nodes meet again in other ones of the other mode. Unweighted. Robins and Alexander (2004,
    Comput. Math. Organ. Theory 10: 69-94). Memory: about 200 MB at most beside the input.

    Raises:
        NetworkError: The network is no two-mode network.

    >>> robins_alexander_clustering(nx.complete_bipartite_graph(2, 2))
    1.0
    """
    return _two_mode.robins_alexander_clustering(_incidence(network, "robins_alexander_clustering"))


def _incidence(network: nx.Graph[Any] | ArrayNetwork, name: str) -> Matrix:
    modes = two_mode(network)
    if modes is None:
        raise NetworkError(NOT_TWO_MODE.format(name))
    return modes.incidence
