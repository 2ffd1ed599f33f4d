"""Measures of a node's own neighbourhood: its ties, how closed they are, how they constrain it, and its brokerage.

Each takes any networkx graph; parallel ties count as one, self-loops not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd

from chaingraph.arrays import ArrayNetwork, adjacency
from chaingraph.errors import NetworkError
from chaingraph.messages import tr
from chaingraph.metrics.network import _ego
from chaingraph.metrics.network._matrices import OWN, keeps_directions, network_matrices, weight_attribute
from chaingraph.metrics.network.centrality import brokerage_counts, node_index, node_series

if TYPE_CHECKING:
    from chaingraph.metrics.network._matrices import Matrices


def degree(network: nx.Graph[Any] | ArrayNetwork, *, directed: bool | None = None) -> pd.Series[int]:
    """Return the number of each node's neighbours.

    Freeman (1979, Social Networks 1: 215-239), unnormalised.

    Args:
        network: Any undirected network; for a directed one take ``in_degree`` or ``out_degree``.
        directed: False ignores directions.

    Raises:
        NetworkError: The network is empty or directed.

    >>> degree(nx.star_graph(3)).to_dict()
    {0: 3, 1: 1, 2: 1, 3: 1}
    """
    return node_series(network, "degree", directed=directed)


def in_degree(network: nx.Graph[Any] | ArrayNetwork) -> pd.Series[int]:
    """Return from how many nodes a tie leads to each node of a directed network.

    >>> in_degree(nx.DiGraph([(0, 1), (2, 1)])).to_dict()
    {0: 0, 1: 2, 2: 0}
    """
    return node_series(network, "in_degree", directed=True)


def out_degree(network: nx.Graph[Any] | ArrayNetwork) -> pd.Series[int]:
    """Return to how many nodes a tie leads from each node of a directed network.

    >>> out_degree(nx.DiGraph([(0, 1), (2, 1)])).to_dict()
    {0: 1, 1: 0, 2: 1}
    """
    return node_series(network, "out_degree", directed=True)


def strength(
    network: nx.Graph[Any] | ArrayNetwork, *, weight: str | None = OWN, directed: bool | None = None
) -> pd.Series[float]:
    """Return the sum of the weights of each node's ties.

    Barrat et al. (2004, PNAS 101: 3747-3752).

    Args:
        network: Any undirected network; for a directed one take ``in_strength`` or ``out_strength``.
        weight: The edge attribute that weighs a tie; ``"own"`` is what the projection counts, None weighs all alike.
        directed: False ignores directions.

    Raises:
        NetworkError: The network is empty or directed, or a weight is missing or negative.

    >>> strength(nx.Graph([("a", "b", {"projects": 2})]), weight="projects").to_dict()
    {'a': 2.0, 'b': 2.0}
    """
    return node_series(network, "strength", weight=weight, directed=directed)


def in_strength(network: nx.Graph[Any] | ArrayNetwork, *, weight: str | None = OWN) -> pd.Series[float]:
    """Return the sum of the weights of the ties that lead to each node of a directed network.

    >>> in_strength(nx.DiGraph([("a", "b", {"projects": 2})]), weight="projects").to_dict()
    {'a': 0.0, 'b': 2.0}
    """
    return node_series(network, "in_strength", weight=weight, directed=True)


def out_strength(network: nx.Graph[Any] | ArrayNetwork, *, weight: str | None = OWN) -> pd.Series[float]:
    """Return the sum of the weights of the ties that lead from each node of a directed network.

    >>> out_strength(nx.DiGraph([("a", "b", {"projects": 2})]), weight="projects").to_dict()
    {'a': 2.0, 'b': 0.0}
    """
    return node_series(network, "out_strength", weight=weight, directed=True)


def core_number(network: nx.Graph[Any] | ArrayNetwork, *, directed: bool | None = None) -> pd.Series[int]:
    """Return for each node the largest k for which it lies in a k-core; 0 for an isolate.

    In a k-core each node has k neighbours that lie in it too. Unweighted. Seidman (1983, Social Networks 5: 269-287).

    Args:
        network: Any undirected network.
        directed: False ignores directions.

    Raises:
        NetworkError: The network is empty or directed.

    >>> core_number(nx.Graph([(0, 1), (1, 2), (2, 0), (2, 3)])).to_dict()
    {0: 2, 1: 2, 2: 2, 3: 1}
    """
    return node_series(network, "core_number", directed=directed)


def clustering(network: nx.Graph[Any] | ArrayNetwork, *, directed: bool | None = None) -> pd.Series[float]:
    """Return for each node the share in [0, 1] of the pairs of its neighbours that are tied to each other.

    Unweighted. A node of fewer than two neighbours has 0, as in networkx, although it has no pair to close. Watts and
    Strogatz (1998, Nature 393: 440-442). A projection is clustered because its memberships are cliques: compare it
    with a random one of the same memberships (``small_world``), not with 0.

    Args:
        network: Any undirected network.
        directed: False ignores directions.

    Raises:
        NetworkError: The network is empty or directed.

    >>> clustering(nx.Graph([(0, 1), (1, 2), (2, 0), (2, 3)])).round(4).to_dict()
    {0: 1.0, 1: 1.0, 2: 0.3333, 3: 0.0}
    """
    return node_series(network, "clustering", directed=directed)


def transitivity(network: nx.Graph[Any] | ArrayNetwork) -> float:
    """Return the share in [0, 1] of the pairs of neighbours, over all nodes, that are tied to each other.

    Unweighted; directed ties count as undirected. 0, as in networkx, if no node has two neighbours. Newman, Watts and
    Strogatz (2002, PNAS 99: 2566-2572).

    >>> transitivity(nx.Graph([(0, 1), (1, 2), (2, 0), (2, 3)]))
    0.6
    """
    return _ego.transitivity(adjacency(network))


def constraint(
    network: nx.Graph[Any] | ArrayNetwork, *, weight: str | None = OWN, directed: bool | None = None
) -> pd.Series[float]:
    """Return Burt's constraint: how far a node's ties lead, directly or over a third, to the same few contacts.

    The sum over the contacts j of (p_ij + sum over q of p_iq p_qj)^2, where p_ij is the share of the tie in all of
    node i, (a_ij + a_ji) / sum over q of (a_iq + a_qi). Above 0; low means many separate contacts, and it can pass 1
    in small neighbourhoods. NaN for an isolate. Burt (1992, Structural Holes, Harvard University Press, ch. 2).

    Args:
        network: Any networkx graph; of a directed one both directions count.
        weight: The edge attribute that weighs a tie; ``"own"`` is what the projection counts, None weighs all alike.
        directed: Whether directions count; None: as the network is.

    Raises:
        NetworkError: The network is empty, or a weight is missing or negative.

    >>> constraint(nx.star_graph(2)).to_dict()
    {0: 0.5, 1: 1.0, 2: 1.0}
    """
    return node_series(network, "constraint", weight=weight, directed=directed)


def effective_size(
    network: nx.Graph[Any] | ArrayNetwork, *, weight: str | None = OWN, directed: bool | None = None
) -> pd.Series[float]:
    """Return Burt's effective size: the number of a node's contacts less what they are redundant with each other.

    The sum over the contacts j of 1 - sum over q of p_iq m_jq, where p_iq is the share of the tie in all of node i and
    m_jq its share in the strongest tie of j, both mutual. With equal weights it is Borgatti's n - 2t / n, of n contacts
    with t ties among them: at least 1, at most n. NaN for an isolate. Burt (1992, Structural Holes, ch. 2); Borgatti
    (1997, Connections 20(1): 35-38). Arguments and errors are those of ``constraint``, for undirected networks.

    >>> effective_size(nx.Graph([(0, 1), (1, 2), (2, 0), (2, 3)])).round(4).to_dict()
    {0: 1.0, 1: 1.0, 2: 2.3333, 3: 1.0}
    """
    return node_series(network, "effective_size", weight=weight, directed=directed)


def efficiency(network: nx.Graph[Any] | ArrayNetwork, *, weight: str | None = OWN) -> pd.Series[float]:
    """Return the effective size as a share of the number of contacts, at most 1; NaN for an isolate.

    Burt (1992, Structural Holes, ch. 2). Directed ties count as undirected; ``weight`` as for ``constraint``.

    >>> efficiency(nx.star_graph(2)).to_dict()
    {0: 1.0, 1: 1.0, 2: 1.0}
    """
    matrices = _matrices(network, weight, directions=False)
    return pd.Series(_ego.efficiency(matrices.weights), index=node_index(network), name="efficiency")


def brokerage(network: nx.Graph[Any] | ArrayNetwork, group: str, *, directed: bool | None = None) -> pd.DataFrame:
    """Return one row per node: the pairs of its neighbours without a tie of their own that it brokers, by role.

    Directed, a pair is ordered: i -> j -> k without i -> k (a tie k -> i does not matter). The broker j is coordinator
    if all three are of one group, itinerant (consultant) if only i and k are of one, gatekeeper if only j and k are,
    representative if only i and j are, liaison if all three differ. Undirected, a pair is unordered and counts once;
    gatekeeper and representative are then the same pairs read from either end, so both have the same number and
    ``total`` counts them once. A node without a group is left out, as a broker and as one of a pair: it has 0.
    Unweighted. Gould and Fernandez (1989, Sociological Methodology 19: 89-126).

    Args:
        network: Any networkx graph.
        group: The node attribute that names the group, such as ``region``.
        directed: Whether directions count; None: as the network is.

    Returns:
        A frame indexed by node with the columns coordinator, itinerant, gatekeeper, representative, liaison and total:
        raw counts, which grow with the square of the degree.

    Raises:
        NetworkError: The network is empty, no node has the attribute, or all have the same.

    >>> path = nx.DiGraph([("a", "b"), ("b", "c")])
    >>> nx.set_node_attributes(path, {"a": "Wuxi", "b": "Suzhou", "c": "Suzhou"}, "region")
    >>> brokerage(path, "region")["gatekeeper"].to_dict()
    {'a': 0, 'b': 1, 'c': 0}
    """
    matrices = _matrices(network, None, directions=keeps_directions(network, directed))
    return pd.DataFrame(brokerage_counts(matrices, network, group), index=node_index(network)).astype("int64")


def _matrices(network: nx.Graph[Any] | ArrayNetwork, weight: str | None, *, directions: bool) -> Matrices:
    if len(network) == 0:
        message = tr("the network has no nodes, so there is nothing to measure; choose another projection or source")
        raise NetworkError(message)
    return network_matrices(network, weight=weight_attribute(network, weight), directions=directions)
