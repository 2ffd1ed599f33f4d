"""Structure: what can be said of a network as a whole, and networks side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.arrays import ArrayNetwork, Matrix, adjacency, incidence, node_labels, two_mode
from chaingraph.errors import NetworkError
from chaingraph.messages import lazy_tr, tr
from chaingraph.metrics.network import _betweenness, _distances, _ego, _structure
from chaingraph.metrics.network._matrices import OWN, without_zero_ties
from chaingraph.metrics.network.centrality import node_index
from chaingraph.metrics.network.communities import communities

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_TIES = 10
"""The ties below which a summary gives no correlation over ties or pairs: three ties always make a perfect core."""
MOST_WORK = 1e9
"""The work in multiplications up to which betweenness is part of a summary: about a second."""
_UNDEFINED = {
    "density": lazy_tr("one node has no pairs"),
    "degree_centralisation": lazy_tr("fewer than three nodes cannot differ in it"),
    "betweenness_centralisation": lazy_tr("fewer than three nodes cannot differ in it"),
    "mean_distance": lazy_tr("there are no ties"),
    "diameter": lazy_tr("there are no ties"),
    "degree_assortativity": lazy_tr("all ends of ties have the same degree, or there are no ties"),
    "modularity": lazy_tr("there are no ties"),
    "core_size": lazy_tr("no core can be told from a periphery"),
    "core_correlation": lazy_tr("no core can be told from a periphery"),
}
_TOO_LONG = lazy_tr("left out, as it takes more than about a second here; centrality() gives betweenness")
_ONE_MODE = (
    *("degree_centralisation", "betweenness_centralisation", "clustering", "transitivity"),
    *("modularity", "core_size", "core_correlation"),
)
_TWO_MODE_REASON = lazy_tr(
    "its scale is that of ties within a mode, which a two-mode network has none of; project it first"
)
_ORDER = (
    *("nodes", "ties", "density", "components", "largest_component", "isolates", "mean_degree"),
    *("degree_centralisation", "betweenness_centralisation", "mean_distance", "diameter", "clustering"),
    *("transitivity", "degree_assortativity", "communities", "modularity", "core_size", "core_correlation"),
    *("articulation_points", "bridges"),
)
"""The measures of a structure, in the order of the table."""


def components(network: nx.Graph[Any] | ArrayNetwork) -> pd.Series[int]:
    """Return the component of each node as a number, 0 for the largest; those of one size by their first node.

    Directed ties count as undirected.

    >>> components(nx.Graph([(0, 1), (2, 3), (3, 4)])).to_dict()
    {0: 1, 1: 1, 2: 0, 3: 0, 4: 0}
    """
    labels = _structure.component_labels(adjacency(network))
    return pd.Series(labels, index=node_index(network), name="component", dtype="int64")


def articulation_points(network: nx.Graph[Any] | ArrayNetwork) -> pd.Series[bool]:
    """Tell of each node whether its component falls apart without it.

    Hopcroft and Tarjan (1973, Commun. ACM 16: 372-378). Directed ties count as undirected.

    >>> points = articulation_points(nx.path_graph(4))
    >>> points[points].index.tolist()
    [1, 2]
    """
    points, _ = _structure.cut_points_and_bridges(adjacency(network))
    values = np.zeros(len(network), dtype=np.bool_)
    values[points] = True
    return pd.Series(values, index=node_index(network), name="articulation_point")


def bridges(network: nx.Graph[Any] | ArrayNetwork) -> pd.DataFrame:
    """Return one row per bridge: a tie without which its component falls apart.

    As ``articulation_points``.

    Returns:
        A frame with ``source``, ``target``, ``source_label`` and ``target_label``, in the order of the nodes.

    >>> bridges(nx.Graph([(0, 1), (1, 2), (2, 0), (2, 3)]))[["source", "target"]].to_dict("list")
    {'source': [2], 'target': [3]}
    """
    _, pairs = _structure.cut_points_and_bridges(adjacency(network))
    nodes = list(network)
    labels = node_labels(network)
    return pd.DataFrame(
        {
            "source": [nodes[first] for first, _ in pairs.tolist()],
            "target": [nodes[second] for _, second in pairs.tolist()],
            "source_label": [labels[first] for first, _ in pairs.tolist()],
            "target_label": [labels[second] for _, second in pairs.tolist()],
        }
    )


@dataclass(frozen=True)
class CorePeriphery:
    """A division into a core and a periphery, and how well it fits; a density is a share in [0, 1] of the pairs.

    ``core`` tells of each node whether it is of the core; ``correlation`` is that with the ideal pattern, in [-1, 1],
    NaN where there is no core.
    """

    core: pd.Series[bool]
    correlation: float
    core_density: float
    between_density: float
    periphery_density: float


def core_periphery(network: nx.Graph[Any] | ArrayNetwork) -> CorePeriphery:
    """Return the core whose members are tied to each other, outside of which nobody is tied; as far as there is one.

    The discrete model of Borgatti and Everett (2000, Social Networks 21: 375-395): maximised is Pearson's correlation,
    over the pairs of nodes that are both of the core or both of the periphery, between being tied and being of the
    core. Ties between core and periphery are not judged, as in their pattern with missing blocks. Looked at are the
    cores of the k nodes of highest degree, k from 2 to n - 2 and none other. Lip (2011, arXiv 1102.5511) proved that
    such a core has the fewest wrong pairs of all; the highest correlation of all it had in 121 of 150 random networks
    of 7 and 8 nodes, and was 0.012 short of it on average, 0.18 at worst. Nodes of one degree are taken by the degrees
    of their neighbours, then in their order, so that a core may end among equals. Unweighted, directed ties count as
    undirected; a network of which no such core can be correlated (without ties, complete, below four nodes) has none.

    >>> division = core_periphery(nx.Graph([(0, 1), (1, 2), (2, 0), (0, 3), (1, 4), (2, 5)]))
    >>> division.core[division.core].index.tolist(), division.correlation
    ([0, 1, 2], 1.0)
    """
    core = _structure.best_core(adjacency(network))
    members = pd.Series(core.members, index=node_index(network), name="core")
    return CorePeriphery(members, core.correlation, core.core_density, core.between_density, core.periphery_density)


def structure(
    network: nx.Graph[Any] | ArrayNetwork, *, weight: str | None = OWN, seed: int = 0, most_work: float = MOST_WORK
) -> pd.Series[Any]:
    """Return what is usually said of a network as a whole, one number per measure.

    Directed ties count as undirected, parallel ones as one, self-loops not at all; all is unweighted but the
    communities. ``density`` of a two-mode network is ties / (nodes of one mode * nodes of the other).
    ``largest_component`` is its share of the nodes. Centralisation (Freeman 1979, Social Networks 1: 215-239) is 1 for
    a star and 0 where all are alike. Distances are between nodes that reach each other. ``clustering`` is the mean of
    the nodes', with 0 for fewer than two neighbours. ``communities`` and ``modularity`` are those of Leiden. Core and
    assortativity are correlations, which fewer than ten ties are too few for.

    Args:
        network: Any networkx graph.
        weight: The edge attribute that weighs a tie for the communities, as in ``communities``; a tie of weight 0 is
            none.
        seed: Seed of the communities.
        most_work: Betweenness centralisation is left out if it takes more multiplications.

    Returns:
        A series indexed by measure. ``attrs["undefined"]`` gives the reason where a value is NaN,
        ``attrs["holds_for"]`` the part of a disconnected network that a value speaks of, ``attrs["weight"]`` and
        ``attrs["seed"]`` what the communities rest on.

    Raises:
        NetworkError: The network is empty, or a weight is missing or negative.

    >>> structure(nx.star_graph(3))[["nodes", "ties", "density", "degree_centralisation", "bridges"]].to_list()
    [4, 3, 0.5, 1.0, 3]
    """
    if len(network) == 0:
        message = tr("the network has no nodes, so there is nothing to describe; choose another projection or source")
        raise NetworkError(message)
    labels = communities(network, weight=weight, seed=seed)
    network = without_zero_ties(network, labels.attrs["weight"])
    matrix, modes, undefined = adjacency(network), two_mode(network), dict(_UNDEFINED)
    values = _extent(matrix) | {"communities": int(labels.max()) + 1, "modularity": labels.attrs["modularity"]}
    sums = _distances.distances(matrix, incidence=incidence(network))
    values |= {"mean_distance": _distances.mean_distance(sums), "diameter": _distances.diameter(sums)}
    points, weak_ties = _structure.cut_points_and_bridges(matrix)
    values |= {"articulation_points": len(points), "bridges": len(weak_ties)}
    values["degree_assortativity"] = _structure.degree_assortativity(matrix)
    if 0 < values["ties"] < LEAST_TIES:
        reason = tr("a network of fewer than {ties} ties is too small to tell", ties=LEAST_TIES)
        undefined |= dict.fromkeys(("degree_assortativity", "core_correlation", "core_size"), reason)
        values["degree_assortativity"] = float("nan")
    if modes is None:
        values |= _one_mode(matrix, undefined, most_work)
    else:
        rows, columns = modes.incidence.shape
        values["density"] = matrix.nnz / 2 / (rows * columns) if rows * columns else float("nan")
        undefined |= {"density": tr("one of the modes is empty")} | dict.fromkeys(_ONE_MODE, _TWO_MODE_REASON)
        values |= dict.fromkeys(_ONE_MODE, float("nan"))
    result = pd.Series({name: values[name] for name in _ORDER}, dtype=object, name="value")
    result.index.name = "measure"
    missing = {name: str(undefined[name]) for name in _ORDER if np.isnan(values[name])}
    result.attrs = {"undefined": missing, "weight": labels.attrs["weight"], "seed": seed}
    result.attrs["holds_for"] = _parts(values, int(sums.reached.sum()))
    return result


def _parts(values: Mapping[str, float], reached: int) -> dict[str, str]:
    """Return the part of a disconnected network that its distances are of: the ordered pairs that reach each other."""
    pairs = int(values["nodes"] * (values["nodes"] - 1))
    if reached in (0, pairs):
        return {}
    part = tr(
        "the {reached:.2%} of the pairs that reach each other, within {components:,} components",
        reached=reached / pairs,
        components=int(values["components"]),
    )
    return {"mean_distance": part, "diameter": part}


def _extent(matrix: Matrix) -> dict[str, float]:
    size, degree = matrix.shape[0], np.diff(matrix.indptr)
    labels = _structure.component_labels(matrix)
    return {
        "nodes": size,
        "ties": matrix.nnz // 2,
        "density": matrix.nnz / (size * (size - 1)) if size > 1 else float("nan"),
        "components": int(labels.max()) + 1,
        "largest_component": int((labels == 0).sum()) / size,
        "isolates": int((degree == 0).sum()),
        "mean_degree": matrix.nnz / size,
    }


def _one_mode(matrix: Matrix, undefined: dict[str, str], most_work: float) -> dict[str, float]:
    """Return what a two-mode network cannot have, and add to the reasons what is left out."""
    size, degree = matrix.shape[0], np.diff(matrix.indptr).astype(np.float64)
    pairs, closed, core = degree * (degree - 1) / 2, _ego.clustering(matrix), _structure.best_core(matrix)
    values = {
        "degree_centralisation": float("nan"),
        "betweenness_centralisation": float("nan"),
        "clustering": float(closed.mean()),
        "transitivity": float(closed @ pairs / pairs.sum()) if pairs.any() else 0.0,
        "core_size": int(core.members.sum()),
        "core_correlation": core.correlation,
    }
    if matrix.nnz // 2 < LEAST_TIES or np.isnan(core.correlation):
        values |= dict.fromkeys(("core_size", "core_correlation"), float("nan"))
    if size > 2:
        values["degree_centralisation"] = float((degree.max() - degree).sum()) / ((size - 1) * (size - 2))
        if _betweenness.work(matrix) <= most_work:
            between = _betweenness.betweenness(matrix)
            values["betweenness_centralisation"] = float((between.max() - between).sum()) / (size - 1)
        else:
            undefined["betweenness_centralisation"] = _TOO_LONG
    return values


def structure_table(
    networks: Mapping[str, nx.Graph[Any] | ArrayNetwork], *, weight: str | None = OWN, seed: int = 0
) -> pd.DataFrame:
    """Return one row per network, one column per measure of ``structure``.

    Size alone moves most of them: compare networks of like size, or against random ones of the same degrees
    (``rewired_network``).

    Returns:
        A frame indexed by the names. ``attrs["undefined"]`` and ``attrs["holds_for"]`` give by name what ``structure``
        gives.

    Raises:
        NetworkError: There are no networks, or one of them is as ``structure`` refuses it.

    >>> structure_table({"star": nx.star_graph(3), "ring": nx.cycle_graph(4)})["ties"].to_dict()
    {'star': 3, 'ring': 4}
    """
    if not networks:
        message = tr("there are no networks to compare; give a mapping of names to networks")
        raise NetworkError(message)
    rows = {name: structure(network, weight=weight, seed=seed) for name, network in networks.items()}
    frame = pd.DataFrame([row.to_dict() for row in rows.values()], index=pd.Index(list(rows), name="network"))
    by_name = {note: {name: row.attrs[note] for name, row in rows.items()} for note in ("undefined", "holds_for")}
    frame.attrs = by_name | {"seed": seed}
    return frame
