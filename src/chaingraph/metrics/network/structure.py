"""Structure: what can be said of a network as a whole, and networks side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse.csgraph import connected_components

from chaingraph.arrays import Matrix, adjacency, incidence, two_mode
from chaingraph.errors import NetworkError
from chaingraph.metrics.network._betweenness import betweenness, work
from chaingraph.metrics.network._distances import diameter, distances, mean_distance
from chaingraph.metrics.network._ego import clustering
from chaingraph.metrics.network.communities import by_size, communities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Places = NDArray[np.int64]

_SHORT_WORK = 1e9
_UNDEFINED = {
    "density": "one node has no pairs",
    "degree_centralisation": "fewer than three nodes cannot differ in it",
    "betweenness_centralisation": "fewer than three nodes cannot differ in it",
    "mean_distance": "there are no ties",
    "diameter": "there are no ties",
    "degree_assortativity": "all ends of ties have the same degree, or there are no ties",
    "modularity": "there are no ties",
    "core_correlation": "no core can be told from a periphery",
}
_TOO_LONG = "left out, as it takes more than about a second here; centrality() gives betweenness"
_ONE_MODE = (
    *("degree_centralisation", "betweenness_centralisation", "clustering", "transitivity"),
    *("modularity", "core_size", "core_correlation"),
)
_TWO_MODE_REASON = "its scale is that of ties within a mode, which a two-mode network has none of; project it first"


def components(matrix: Matrix) -> Places:
    """Return the component of each node as a number, 0 for the largest; those of one size by their first node.

    A directed matrix counts as undirected.

    >>> components(adjacency(nx.Graph([(0, 1), (2, 3), (3, 4)]))).tolist()
    [1, 1, 0, 0, 0]
    """
    return by_size(connected_components(matrix, directed=False)[1])


def articulation_points(matrix: Matrix) -> Places:
    """Return the positions of the nodes without which their component falls apart, sorted.

    Hopcroft and Tarjan (1973, Commun. ACM 16: 372-378), by networkit, in time linear in the ties.

    Args:
        matrix: Symmetric, nonzero where there is a tie, no diagonal.

    >>> articulation_points(adjacency(nx.path_graph(4))).tolist()
    [1, 2]
    """
    return weak_points(matrix)[0]


def bridges(matrix: Matrix) -> Places:
    """Return the ties without which their component falls apart: the positions of their ends, shape (bridges, 2).

    As ``articulation_points``; a row has the lower position first, and the rows are sorted.

    >>> bridges(adjacency(nx.Graph([(0, 1), (1, 2), (2, 0), (2, 3)]))).tolist()
    [[2, 3]]
    """
    return weak_points(matrix)[1]


def weak_points(matrix: Matrix) -> tuple[Places, Places]:
    """Return ``articulation_points`` and ``bridges`` for the price of one.

    >>> [found.tolist() for found in weak_points(adjacency(nx.path_graph(3)))]
    [[1], [[0, 1], [1, 2]]]
    """
    import networkit as nk

    if matrix.nnz == 0:
        return np.zeros(0, dtype=np.int64), np.zeros((0, 2), dtype=np.int64)
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    upper = np.flatnonzero(row < matrix.indices)
    ends = row[upper].astype(np.uint64), matrix.indices[upper].astype(np.uint64)
    # The graph needs a name: networkit's search does not keep it alive.
    graph = nk.GraphFromCoo(ends, n=matrix.shape[0])
    blocks = nk.components.BiconnectedComponents(graph).run().getComponents()
    # A node of several blocks holds them together; a block of two nodes is a bridge.
    members = np.array([node for block in blocks for node in block], dtype=np.int64)
    found = sorted(sorted(block) for block in blocks if len(block) == 2)
    return np.flatnonzero(np.bincount(members) > 1), np.array(found, dtype=np.int64).reshape(-1, 2)


class CorePeriphery(NamedTuple):
    """A division into a core and a periphery, and how well it fits; a density is a share in [0, 1] of the pairs."""

    core: NDArray[np.bool_]
    """Which nodes are of the core, in the order of the matrix."""
    correlation: float
    """With the ideal pattern, in [-1, 1]; NaN where there is no pattern to find."""
    core_density: float
    between_density: float
    periphery_density: float


def core_periphery(matrix: Matrix) -> CorePeriphery:
    """Return the core whose members are tied to each other, outside of which nobody is tied; as far as there is one.

    The discrete model of Borgatti and Everett (2000, Social Networks 21: 375-395): maximised is Pearson's correlation,
    over the pairs of nodes that are both of the core or both of the periphery, between being tied and being of the
    core. Ties between core and periphery are not judged, as in their pattern with missing blocks. Looked at are the
    cores of the k nodes of highest degree, k from 2 to n - 2 and none other. Lip (2011, arXiv 1102.5511) proved that
    such a core has the fewest wrong pairs of all; the highest correlation of all it had in 121 of 150 random networks
    of 7 and 8 nodes, and was 0.012 short of it on average, 0.18 at worst. Nodes of one degree are taken by the degrees
    of their neighbours, then in their order, so that a core may end among equals. Unweighted; a network of which no
    such core can be correlated (without ties, complete, below four nodes) has an empty core.

    Args:
        matrix: Symmetric, nonzero where there is a tie, no diagonal.

    >>> found = core_periphery(adjacency(nx.Graph([(0, 1), (1, 2), (2, 0), (0, 3), (1, 4), (2, 5)])))
    >>> np.flatnonzero(found.core).tolist(), found.correlation
    ([0, 1, 2], 1.0)
    """
    size = matrix.shape[0]
    order, degree, inside = _by_degree(matrix)
    core = np.arange(1, size + 1)
    tied = np.cumsum(degree)
    outside = matrix.nnz // 2 - tied + inside
    core_pairs, periphery_pairs = core * (core - 1) / 2, (size - core) * (size - core - 1) / 2
    pairs, ties = core_pairs + periphery_pairs, inside + outside
    spread = ties * (pairs - ties) * core_pairs * periphery_pairs
    correlation: Values = np.full(size, np.nan)
    covered = pairs * inside - ties * core_pairs
    np.divide(covered, np.sqrt(np.maximum(spread, 0)), out=correlation, where=spread > 0)
    members = np.zeros(size, dtype=np.bool_)
    if np.isnan(correlation).all():
        return CorePeriphery(members, *(float("nan"),) * 4)
    best = int(np.nanargmax(correlation))
    members[order[: best + 1]] = True
    between = (tied[best] - 2 * inside[best]) / (core[best] * (size - core[best]))
    densities = inside[best] / core_pairs[best], between, outside[best] / periphery_pairs[best]
    return CorePeriphery(members, float(correlation[best]), *(float(density) for density in densities))


def _by_degree(matrix: Matrix) -> tuple[Places, Places, Places]:
    """Return the nodes by falling degree, their degrees, and how many ties there are among each and those before it."""
    degree = np.diff(matrix.indptr).astype(np.int64)
    row = np.repeat(np.arange(len(degree)), degree)
    of_neighbours = np.bincount(row, degree[matrix.indices], minlength=len(degree))
    order = np.lexsort((-of_neighbours, -degree))
    rank = np.empty(len(degree), dtype=np.int64)
    rank[order] = np.arange(len(degree))
    later = np.maximum(rank[row], rank[matrix.indices])
    return order, degree[order], np.cumsum(np.bincount(later, minlength=len(degree))) // 2


def assortativity(matrix: Matrix, *, codes: NDArray[np.integer] | None = None, values: Values | None = None) -> float:
    """Return in [-1, 1] how much like is tied to like: by group, by number, or by degree if neither is given.

    Newman (2003, PRE 67: 026126): by group (share of ties within groups - share by chance) / (1 - share by chance), by
    number Pearson's correlation over the ends of the ties. Unweighted. Of a directed matrix it is source with target,
    out-degree with in-degree. A tie of which an end is unknown is left out. NaN without ties, and where all ends are of
    one group or number, so that there is nothing to compare.

    Args:
        matrix: Shape (n, n), nonzero where there is a tie, no diagonal.
        codes: The group of each node as a number, below 0 where unknown.
        values: A number of each node, NaN where unknown.

    Raises:
        NetworkError: Both are given, or not one of them a node.

    >>> assortativity(adjacency(nx.Graph([(0, 1), (2, 3)])), codes=np.array([0, 0, 1, 1]))
    1.0
    >>> round(assortativity(adjacency(nx.star_graph(3))), 4)
    -1.0
    """
    if codes is not None and values is not None:
        message = "groups and numbers are both given; give codes or values"
        raise NetworkError(message)
    given = codes if codes is not None else values
    if given is not None and len(given) != matrix.shape[0]:
        message = f"there are {len(given)} values for {matrix.shape[0]} nodes; give one a node, in the nodes' order"
        raise NetworkError(message)
    source, target = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices
    if codes is not None:
        return _by_group(codes[source].astype(np.int64), codes[target].astype(np.int64))
    if values is not None:
        return _by_number(values[source], values[target])
    degree = np.diff(matrix.indptr).astype(np.float64)
    return _by_number(degree[source], np.bincount(target, minlength=len(degree)).astype(np.float64)[target])


def _by_group(source: Places, target: Places) -> float:
    known = (source >= 0) & (target >= 0)
    source, target = source[known], target[known]
    if len(source) == 0:
        return float("nan")
    many = int(max(source.max(), target.max())) + 1
    # Whole numbers, so that one group is exactly one group.
    leaving, arriving = np.bincount(source, minlength=many), np.bincount(target, minlength=many)
    ties, chance = len(source), int(leaving @ arriving)
    if chance == ties**2:
        return float("nan")
    return (int((source == target).sum()) * ties - chance) / (ties**2 - chance)


def _by_number(source: Values, target: Values) -> float:
    known = ~(np.isnan(source) | np.isnan(target))
    source, target = source[known], target[known]
    if len(source) == 0 or np.ptp(source) == 0 or np.ptp(target) == 0:
        return float("nan")
    source, target = source - source.mean(), target - target.mean()
    return float(source @ target / np.sqrt((source @ source) * (target @ target)))


def describe(network: nx.Graph[Any], *, weight: str | None = "own", seed: int = 0) -> pd.Series[Any]:
    """Return what is usually said of a network as a whole, one number a measure.

    Directed ties count as undirected, parallel ones as one, self-loops not at all; all is unweighted but the
    communities. ``density`` of a two-mode network is ties / (nodes of one mode * nodes of the other).
    ``largest_component`` is its share of the nodes. Centralisation (Freeman 1979, Social Networks 1: 215-239) is 1 for
    a star and 0 where all are alike. Distances are between nodes that reach each other. ``clustering`` is the mean of
    the nodes', with 0 for fewer than two neighbours. ``communities`` and ``modularity`` are those of Leiden.

    Args:
        network: Any networkx graph.
        weight: The edge attribute that weighs a tie for the communities, as in ``communities``.
        seed: Seed of the communities.

    Returns:
        A series indexed by measure. ``attrs["undefined"]`` gives the reason where a value is NaN, ``attrs["weight"]``
        and ``attrs["seed"]`` what the communities rest on.

    Raises:
        NetworkError: The network is empty, or a weight is missing or negative.

    >>> describe(nx.star_graph(3))[["nodes", "ties", "density", "degree_centralisation", "bridges"]].to_list()
    [4, 3, 0.5, 1.0, 3]
    """
    if len(network) == 0:
        message = "the network has no nodes, so there is nothing to describe; choose another projection or source"
        raise NetworkError(message)
    matrix, modes, undefined = adjacency(network), two_mode(network), dict(_UNDEFINED)
    found = communities(network, weight=weight, seed=seed)
    values = _extent(matrix) | {"communities": int(found.max()) + 1, "modularity": found.attrs["modularity"]}
    apart = distances(matrix, incidence=incidence(network))
    values |= {"mean_distance": mean_distance(apart), "diameter": diameter(apart)}
    cut, weak = weak_points(matrix)
    values |= {"articulation_points": len(cut), "bridges": len(weak), "degree_assortativity": assortativity(matrix)}
    if modes is None:
        values |= _one_mode(matrix, undefined)
    else:
        rows, columns = modes.incidence.shape
        values["density"] = matrix.nnz / 2 / (rows * columns) if rows * columns else float("nan")
        undefined |= {"density": "one of the modes is empty"} | dict.fromkeys(_ONE_MODE, _TWO_MODE_REASON)
        values |= dict.fromkeys(_ONE_MODE, float("nan"))
    result = pd.Series({name: values[name] for name in _ORDER}, dtype=object, name="value")
    result.index.name = "measure"
    missing = {name: undefined[name] for name in _ORDER if np.isnan(values[name])}
    result.attrs = {"undefined": missing, "weight": found.attrs["weight"], "seed": seed}
    return result


_ORDER = (
    *("nodes", "ties", "density", "components", "largest_component", "isolates", "mean_degree"),
    *("degree_centralisation", "betweenness_centralisation", "mean_distance", "diameter", "clustering"),
    *("transitivity", "degree_assortativity", "communities", "modularity", "core_size", "core_correlation"),
    *("articulation_points", "bridges"),
)


def _extent(matrix: Matrix) -> dict[str, float]:
    size, degree, parts = matrix.shape[0], np.diff(matrix.indptr), components(matrix)
    return {
        "nodes": size,
        "ties": matrix.nnz // 2,
        "density": matrix.nnz / (size * (size - 1)) if size > 1 else float("nan"),
        "components": int(parts.max()) + 1,
        "largest_component": int((parts == 0).sum()) / size,
        "isolates": int((degree == 0).sum()),
        "mean_degree": matrix.nnz / size,
    }


def _one_mode(matrix: Matrix, undefined: dict[str, str]) -> dict[str, float]:
    size, degree = matrix.shape[0], np.diff(matrix.indptr).astype(np.float64)
    pairs, closed, core = degree * (degree - 1) / 2, clustering(matrix), core_periphery(matrix)
    values = {
        "degree_centralisation": float("nan"),
        "betweenness_centralisation": float("nan"),
        "clustering": float(closed.mean()),
        "transitivity": float(closed @ pairs / pairs.sum()) if pairs.any() else 0.0,
        "core_size": int(core.core.sum()),
        "core_correlation": core.correlation,
    }
    if size > 2:
        values["degree_centralisation"] = float((degree.max() - degree).sum()) / ((size - 1) * (size - 2))
        if work(matrix) <= _SHORT_WORK:
            between = betweenness(matrix)
            values["betweenness_centralisation"] = float((between.max() - between).sum()) / (size - 1)
        else:
            undefined["betweenness_centralisation"] = _TOO_LONG
    return values


def compare(networks: Mapping[str, nx.Graph[Any]], *, weight: str | None = "own", seed: int = 0) -> pd.DataFrame:
    """Return one row a network, one column a measure of ``describe``.

    Size alone moves most of them: compare networks of like size, or against random ones (``null_models``).

    Returns:
        A frame indexed by the names. ``attrs["undefined"]`` gives by name what ``describe`` gives.

    Raises:
        NetworkError: There are no networks, or one of them is as ``describe`` refuses it.

    >>> compare({"star": nx.star_graph(3), "ring": nx.cycle_graph(4)})["ties"].to_dict()
    {'star': 3, 'ring': 4}
    """
    if not networks:
        message = "there are no networks to compare; give a mapping of names to networks"
        raise NetworkError(message)
    rows = {name: describe(network, weight=weight, seed=seed) for name, network in networks.items()}
    frame = pd.DataFrame([row.to_dict() for row in rows.values()], index=pd.Index(list(rows), name="network"))
    frame.attrs = {"undefined": {name: row.attrs["undefined"] for name, row in rows.items()}, "seed": seed}
    return frame
