"""Communities: groups of nodes with more ties among them than chance would give, and the roles of nodes in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.arrays import ArrayNetwork, Matrix, adjacency, node_labels
from chaingraph.errors import NetworkError, did_you_mean
from chaingraph.messages import lazy_tr, tr
from chaingraph.metrics.network import _partition
from chaingraph.metrics.network._matrices import OWN, check_numbers, weight_attribute, without_zero_ties
from chaingraph.metrics.network.centrality import node_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHODS = ("leiden", "louvain")
_UNDEFINED = {
    "participation_coefficient": lazy_tr("an isolate has no ties to spread"),
    "within_module_z": lazy_tr("all of the community have the same strength within it"),
}


def communities(
    network: nx.Graph[Any] | ArrayNetwork,
    *,
    method: Literal["leiden", "louvain"] = "leiden",
    weight: str | None = OWN,
    resolution: float = 1.0,
    seed: int = 0,
) -> pd.Series[int]:
    """Return each node's community as a number, 0 for the largest one.

    Leiden (Traag, Waltman and van Eck 2019, Sci. Rep. 9: 5233) or Louvain (Blondel et al. 2008, J. Stat. Mech. P10008),
    by networkit in one thread. Both look for a division of high modularity and find a good one, not the best: nearly
    as good ones can look different, so compare a few seeds before reading much into a border. Directed ties count as
    undirected. A community that falls apart without its other members is split, which Louvain needs and which raises
    modularity; so every community is connected, and an isolate is one of its own. Weights are rounded to about 15
    digits of their sum, because networkit may never return where sums of weights are inexact.

    Args:
        network: Any networkx graph. Of a two-mode network the modularity is not that of Barber (2007), as chance is
            here allowed to tie a mode with itself.
        method: ``leiden`` or ``louvain``.
        weight: The edge attribute that weighs a tie. ``own`` is what the projection counts
            (``network.graph["weight"]``), None weighs all ties alike. A tie of weight 0 is none.
        resolution: Above 1 makes more and smaller communities, below 1 fewer and larger ones
            (Reichardt and Bornholdt 2006, PRE 74: 016110).
        seed: Decides the order in which nodes are visited. The same seed gives the same communities, in any process.
            networkit's own seed and number of threads are left as they were.

    Returns:
        A series indexed by node. Communities are numbered by size, those of one size by their first node.
        ``attrs`` has ``method``, ``seed``, ``resolution``, ``weight`` and ``modularity`` (NaN without ties).

    Raises:
        NetworkError: The network is empty, the method is unknown, the resolution is not a number of at
            least 0, or a weight is missing or negative.

    >>> two_triangles = nx.Graph([(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3)])
    >>> communities(two_triangles).to_dict()
    {0: 0, 1: 0, 2: 0, 3: 1, 4: 1, 5: 1}
    """
    if method not in METHODS:
        message = tr(
            "there is no method '{method}' for communities; there are {methods}",
            method=method,
            methods=" and ".join(METHODS),
        )
        raise NetworkError(message + did_you_mean(method, METHODS))
    if not 0 <= resolution < float("inf"):
        message = tr(
            "the resolution is {resolution}, expected a number of at least 0, such as 1", resolution=resolution
        )
        raise NetworkError(message)
    matrix, attribute = _weights(network, weight)
    labels = _partition.partition(matrix, method=method, resolution=resolution, seed=seed)
    result = pd.Series(labels, index=node_index(network), name="community", dtype="int64")
    result.attrs = {"method": method, "seed": seed, "resolution": resolution, "weight": attribute}
    result.attrs["modularity"] = _partition.modularity(matrix, labels, resolution)
    return result


def modularity(
    network: nx.Graph[Any] | ArrayNetwork, labels: pd.Series[int], *, weight: str | None = OWN, resolution: float = 1.0
) -> float:
    """Return the share of the ties' weight that lies within communities, less what chance would put there.

    Newman (2006, PNAS 103: 8577-8582); at most 1, at least -1/2 for a resolution of 1, NaN without ties. By chance
    each node has the strength that it has. Values of different networks do not compare: sparse ones reach more by
    chance.

    Args:
        network: Any networkx graph; directed ties count as undirected.
        labels: A community for each node, as ``communities`` returns it.
        weight: As for ``communities``.
        resolution: What the chance part is multiplied by.

    Raises:
        NetworkError: The network is empty, a node has no community, or a weight is missing or negative.

    >>> modularity(nx.Graph([(0, 1), (2, 3)]), pd.Series([0, 0, 1, 1]))
    0.5
    """
    matrix, _ = _weights(network, weight)
    return _partition.modularity(matrix, _codes(network, labels), resolution)


def participation_coefficient(
    network: nx.Graph[Any] | ArrayNetwork, labels: pd.Series[int], *, weight: str | None = OWN
) -> pd.Series[float]:
    """Return in [0, 1) how evenly each node's ties spread over communities: 0 if all go to one, NaN for an isolate.

    One less the sum over the communities of (weight of the ties to it / weight of all ties)^2. Guimera and Amaral
    (2005, Nature 433: 895-900). Arguments and errors are those of ``modularity``.

    >>> participation_coefficient(nx.star_graph(2), pd.Series([0, 0, 1])).to_dict()
    {0: 0.5, 1: 0.0, 2: 0.0}
    """
    return community_table(network, labels, weight=weight)["participation_coefficient"]


def within_module_z(
    network: nx.Graph[Any] | ArrayNetwork, labels: pd.Series[int], *, weight: str | None = OWN
) -> pd.Series[float]:
    """Return how many standard deviations a node's strength within its community is above the community's mean.

    Guimera and Amaral (2005, Nature 433: 895-900), with the deviation of the population. NaN where all of a community
    have the same strength within it, so that nobody stands out and the deviation is 0; this includes isolates and
    communities of one or two. Arguments and errors are those of ``modularity``.

    >>> within_module_z(nx.star_graph(3), pd.Series([0, 0, 0, 0])).round(4).to_dict()
    {0: 1.7321, 1: -0.5774, 2: -0.5774, 3: -0.5774}
    """
    return community_table(network, labels, weight=weight)["within_module_z"]


def community_table(
    network: nx.Graph[Any] | ArrayNetwork, labels: pd.Series[int], *, weight: str | None = OWN
) -> pd.DataFrame:
    """Return one row per node: its label, community, and its role in it; in the order of the network.

    Args:
        network: Any networkx graph; directed ties count as undirected.
        labels: A community for each node, as ``communities`` returns it.
        weight: As for ``communities``.

    Returns:
        A frame indexed by node with ``label``, ``community``, ``participation_coefficient`` and ``within_module_z``.
        ``attrs["undefined"]`` gives the reason where a value is NaN.

    Raises:
        NetworkError: The network is empty, a node has no community, or a weight is missing or negative.

    >>> path = nx.path_graph(3)
    >>> community_table(path, communities(path)).to_dict("list")["community"]
    [0, 0, 0]
    """
    matrix, _ = _weights(network, weight)
    codes = _codes(network, labels)
    columns = {
        "label": node_labels(network),
        "community": codes,
        "participation_coefficient": _partition.participation_coefficient(matrix, codes),
        "within_module_z": _partition.within_module_z(matrix, codes),
    }
    frame = pd.DataFrame(columns, index=node_index(network))
    frame.attrs = {"undefined": {name: str(reason) for name, reason in _UNDEFINED.items() if frame[name].isna().any()}}
    return frame


def _codes(network: nx.Graph[Any] | ArrayNetwork, labels: pd.Series[int]) -> NDArray[np.int64]:
    """Return the community of each node, in the order of the network."""
    index = node_index(network)
    missing = index.difference(labels.index, sort=False)
    if len(missing):
        message = tr(
            "the node '{missing}' has no community; give labels for this network, as communities() does",
            missing=missing[0],
        )
        raise NetworkError(message)
    return np.asarray(labels.loc[index], dtype=np.int64)


def _weights(network: nx.Graph[Any] | ArrayNetwork, weight: str | None) -> tuple[Matrix, str | None]:
    if len(network) == 0:
        message = tr("the network has no nodes, so it has no communities; choose another projection or source")
        raise NetworkError(message)
    attribute = weight_attribute(network, weight)
    check_numbers(network, attribute)
    return adjacency(without_zero_ties(network, attribute), attribute), attribute
