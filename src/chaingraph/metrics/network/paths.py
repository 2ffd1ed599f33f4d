"""Measures of shortest paths: how much passes a node, and how far it is from the others.

All count steps, unless ties have lengths: ``distance`` names the edge attribute that is the length of a tie, or is
``"inverse"`` for one over its weight. Each takes any networkx graph; parallel ties count as one, self-loops not at all.
To have several, ``centrality`` is faster, since it computes the distances once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

from chaingraph.arrays import ArrayNetwork, adjacency, directed_adjacency, incidence
from chaingraph.metrics.network import _distances
from chaingraph.metrics.network._matrices import INVERSE, OWN, keeps_directions
from chaingraph.metrics.network.centrality import node_series

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from chaingraph.metrics.network._distances import Distances


def betweenness(
    network: nx.Graph[Any] | ArrayNetwork,
    *,
    distance: str | None = None,
    weight: str | None = OWN,
    directed: bool | None = None,
    exact: bool | None = None,
    seed: int = 0,
    report: Callable[[str], None] | None = None,
) -> pd.Series[float]:
    """Return betweenness in [0, 1]: the mean share of the shortest paths between two others that pass the node.

    Freeman (1977, Sociometry 40: 35-41), normalised by the (n - 1)(n - 2) ordered pairs; with fewer than three nodes
    all are 0. Computed by the recursion of Brandes (2001, J. Math. Sociol. 25: 163-177).

    Args:
        network: Any networkx graph.
        distance: The edge attribute that is the length of a tie, ``"inverse"`` of its weight, or None for steps.
            Lengths are compared as fractions, so that 1/3 + 1/3 + 1/3 is as long as 1/2 + 1/2.
        weight: The edge attribute for ``"inverse"``; ``"own"`` is what the projection counts.
        directed: Whether directions count; None: as the network is.
        exact: Of every source (True), of a sample of 256 (False; Brandes and Pich 2007, Int. J. Bifurc. Chaos 17:
            2303-2318), or of a sample only where all would take more than about two minutes (None).
        seed: Seed of the sample.
        report: Called with a line of progress once it takes more than about two seconds.

    Returns:
        A series in the order of the nodes. ``attrs["sampled"]`` says from how many sources, and the largest standard
        error, where the values are estimates.

    Raises:
        NetworkError: The network is empty, or a length is missing or not above 0.

    >>> betweenness(nx.star_graph(3)).to_dict()
    {0: 1.0, 1: 0.0, 2: 0.0, 3: 0.0}
    """
    return node_series(
        network,
        "betweenness",
        weight=_weight(weight, distance),
        distance=distance,
        directed=directed,
        exact=exact,
        seed=seed,
        report=report,
    )


def closeness(
    network: nx.Graph[Any] | ArrayNetwork,
    *,
    distance: str | None = None,
    weight: str | None = OWN,
    directed: bool | None = None,
) -> pd.Series[float]:
    """Return closeness in [0, 1]: how near a node is to those that it reaches, and how many these are.

    A node that reaches r others at summed distance d has (r / d) * (r / (n - 1)), as Wasserman and Faust (1994, p. 200)
    correct it for disconnected networks; one that reaches none has 0. With lengths below 1 it can pass 1.

    Args:
        network: Any undirected network; for a directed one take ``in_closeness`` or ``out_closeness``.
        distance: The edge attribute that is the length of a tie, ``"inverse"`` of its weight, or None for steps.
        weight: The edge attribute for ``"inverse"``; ``"own"`` is what the projection counts.
        directed: False ignores directions.

    Raises:
        NetworkError: The network is empty or directed, or a length is missing or not above 0.

    >>> closeness(nx.path_graph(3)).round(4).to_dict()
    {0: 0.6667, 1: 1.0, 2: 0.6667}
    """
    return _by_distance(network, "closeness", distance, weight, directed)


def in_closeness(
    network: nx.Graph[Any] | ArrayNetwork, *, distance: str | None = None, weight: str | None = OWN
) -> pd.Series[float]:
    """Return ``closeness`` of a directed network by the distances to the node, as networkx does.

    >>> in_closeness(nx.DiGraph([(0, 1)])).to_dict()
    {0: 0.0, 1: 1.0}
    """
    return _by_distance(network, "in_closeness", distance, weight, directed=True)


def out_closeness(
    network: nx.Graph[Any] | ArrayNetwork, *, distance: str | None = None, weight: str | None = OWN
) -> pd.Series[float]:
    """Return ``closeness`` of a directed network by the distances from the node.

    >>> out_closeness(nx.DiGraph([(0, 1)])).to_dict()
    {0: 1.0, 1: 0.0}
    """
    return _by_distance(network, "out_closeness", distance, weight, directed=True)


def harmonic(
    network: nx.Graph[Any] | ArrayNetwork,
    *,
    distance: str | None = None,
    weight: str | None = OWN,
    directed: bool | None = None,
) -> pd.Series[float]:
    """Return harmonic centrality in [0, 1]: the mean of 1 / distance to all others, 0 for those it does not reach.

    Boldi and Vigna (2014, Internet Math. 10: 222-262), divided by n - 1; a single node has 0. With lengths below 1 it
    can pass 1. Arguments and errors are those of ``closeness``.

    >>> harmonic(nx.path_graph(3)).to_dict()
    {0: 0.75, 1: 1.0, 2: 0.75}
    """
    return _by_distance(network, "harmonic", distance, weight, directed)


def in_harmonic(
    network: nx.Graph[Any] | ArrayNetwork, *, distance: str | None = None, weight: str | None = OWN
) -> pd.Series[float]:
    """Return ``harmonic`` centrality of a directed network by the distances to the node.

    >>> in_harmonic(nx.DiGraph([(0, 1)])).to_dict()
    {0: 0.0, 1: 1.0}
    """
    return _by_distance(network, "in_harmonic", distance, weight, directed=True)


def out_harmonic(
    network: nx.Graph[Any] | ArrayNetwork, *, distance: str | None = None, weight: str | None = OWN
) -> pd.Series[float]:
    """Return ``harmonic`` centrality of a directed network by the distances from the node.

    >>> out_harmonic(nx.DiGraph([(0, 1)])).to_dict()
    {0: 1.0, 1: 0.0}
    """
    return _by_distance(network, "out_harmonic", distance, weight, directed=True)


def eccentricity(
    network: nx.Graph[Any] | ArrayNetwork,
    *,
    distance: str | None = None,
    weight: str | None = OWN,
    directed: bool | None = None,
) -> pd.Series[float]:
    """Return each node's largest distance to a node that it reaches; NaN where it reaches none.

    Harary (1969, Graph Theory, p. 35). Arguments and errors are those of ``closeness``.

    >>> eccentricity(nx.path_graph(3)).to_dict()
    {0: 2.0, 1: 1.0, 2: 2.0}
    """
    return _by_distance(network, "eccentricity", distance, weight, directed)


def in_eccentricity(
    network: nx.Graph[Any] | ArrayNetwork, *, distance: str | None = None, weight: str | None = OWN
) -> pd.Series[float]:
    """Return the ``eccentricity`` of a directed network by the distances to the node.

    >>> in_eccentricity(nx.DiGraph([(0, 1)])).to_dict()
    {0: nan, 1: 1.0}
    """
    return _by_distance(network, "in_eccentricity", distance, weight, directed=True)


def out_eccentricity(
    network: nx.Graph[Any] | ArrayNetwork, *, distance: str | None = None, weight: str | None = OWN
) -> pd.Series[float]:
    """Return the ``eccentricity`` of a directed network by the distances from the node.

    >>> out_eccentricity(nx.DiGraph([(0, 1)])).to_dict()
    {0: 1.0, 1: nan}
    """
    return _by_distance(network, "out_eccentricity", distance, weight, directed=True)


def diameter(network: nx.Graph[Any] | ArrayNetwork, *, directed: bool | None = None) -> float:
    """Return the largest distance between two nodes one of which reaches the other; NaN without ties.

    A step each tie; of a disconnected network that of its widest component. ``directed`` as in ``betweenness``.

    >>> diameter(nx.path_graph(4))
    3.0
    """
    return _distances.diameter(_steps(network, directed))


def mean_distance(network: nx.Graph[Any] | ArrayNetwork, *, directed: bool | None = None) -> float:
    """Return the mean distance over the ordered pairs of which the first reaches the second; NaN without ties.

    A step each tie. ``directed`` as in ``betweenness``.

    >>> mean_distance(nx.star_graph(2)) == (4 * 1 + 2 * 2) / 6
    True
    """
    return _distances.mean_distance(_steps(network, directed))


def _weight(weight: str | None, distance: str | None) -> str | None:
    """Return the weight if it decides the lengths, else None, so that it need not be there."""
    return weight if distance == INVERSE else None


def _by_distance(
    network: nx.Graph[Any] | ArrayNetwork, name: str, distance: str | None, weight: str | None, directed: bool | None
) -> pd.Series[float]:
    return node_series(network, name, weight=_weight(weight, distance), distance=distance, directed=directed)


def _steps(network: nx.Graph[Any] | ArrayNetwork, directed: bool | None) -> Distances:
    if keeps_directions(network, directed):
        return _distances.distances(directed_adjacency(network))
    return _distances.distances(adjacency(network), incidence=incidence(network))
