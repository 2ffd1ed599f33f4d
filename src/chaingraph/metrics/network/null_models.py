"""Null models: what a network would be if only its degrees were given, and the measures that are compared with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import networkx as nx
import numpy as np
import pandas as pd
import scipy.sparse as sp

from chaingraph.arrays import ArrayNetwork, Matrix, adjacency, incidence, node_items, off_diagonal, two_mode
from chaingraph.errors import NetworkError
from chaingraph.messages import tr
from chaingraph.metrics.network._distances import distances, mean_distance
from chaingraph.metrics.network._ego import clustering
from chaingraph.metrics.network._rewiring import rewired, rewired_memberships
from chaingraph.metrics.network._structure import component_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Positions = NDArray[np.int64]


def rewired_network(network: nx.Graph[Any] | ArrayNetwork, *, seed: int = 0) -> nx.Graph[Any]:
    """Return a random network in which every node has as many ties as before.

    All networks of these degrees without double ties and self-loops are equally likely in the limit (Fosdick et al.
    2018, SIAM Review 60: 315-355); of a two-mode network those with ties between the modes only. A projection loses
    the cliques of its memberships: rewire the two-mode network and project it to compare with those.

    Args:
        network: Any networkx graph; directed ties count as undirected.
        seed: Of the random generator.

    Returns:
        A new undirected network with the same nodes and their attributes; ties have no attributes.

    >>> dict(rewired_network(nx.cycle_graph(4)).degree())
    {0: 2, 1: 2, 2: 2, 3: 2}
    """
    rng = np.random.default_rng(seed)
    modes = two_mode(network)
    if modes is None:
        first, second = (end.tolist() for end in sp.triu(rewired(adjacency(network), rng)).nonzero())
    else:
        rows, columns = rewired_memberships(modes.incidence, rng).nonzero()
        first, second = modes.rows[rows].tolist(), modes.columns[columns].tolist()
    nodes = list(network)
    copy: nx.Graph[Any] = nx.Graph()
    copy.add_nodes_from(node_items(network))
    copy.add_edges_from((nodes[u], nodes[v]) for u, v in zip(first, second, strict=True))
    return copy


def rich_club(
    network: nx.Graph[Any] | ArrayNetwork, *, normalised: bool = True, draws: int = 10, seed: int = 0
) -> pd.DataFrame:
    """Return one row per degree: how dense the ties are among the nodes of more than that degree.

    Zhou and Mondragon (2004, IEEE Commun. Lett. 8: 180-182). Nodes of high degree are tied to each other by chance
    already, so what counts is the ratio to random networks of the same degrees (Colizza et al. 2006, Nat. Phys. 2:
    110-115): above 1 is a rich club.

    Args:
        network: Any networkx graph; directed ties count as undirected.
        normalised: Compare with random networks.
        draws: How many random networks.
        seed: Seed of the random networks.

    Returns:
        A frame indexed by ``degree``, up to the last that two nodes exceed: ``nodes`` of more than that degree,
        ``ties`` among them, ``coefficient`` in [0, 1]; with ``normalised`` also ``expected``, the mean over the draws,
        and ``ratio``, NaN where no random network has such a tie.

    Raises:
        NetworkError: The network is empty, or there are no draws.

    >>> rich_club(nx.star_graph(3), normalised=False).to_dict("list")
    {'nodes': [4], 'ties': [3], 'coefficient': [0.5]}
    """
    if len(network) == 0:
        message = tr("the network has no nodes, so it has no rich club; choose another projection or source")
        raise NetworkError(message)
    _check_draws(draws)
    matrix = adjacency(network)
    nodes, ties = _club_sizes(matrix)
    pairs = nodes * (nodes - 1) / 2
    frame = pd.DataFrame({"nodes": nodes, "ties": ties, "coefficient": ties / pairs})
    frame.index.name = "degree"
    if normalised:
        rng = np.random.default_rng(seed)
        expected = np.zeros(len(pairs))
        for _ in range(draws):
            expected += _club_sizes(rewired(matrix, rng))[1] / pairs / draws
        ratio: NDArray[np.float64] = np.full(len(pairs), np.nan)
        np.divide(ties / pairs, expected, out=ratio, where=expected > 0)
        frame["expected"], frame["ratio"] = expected, ratio
        frame.attrs = {"draws": draws, "seed": seed}
    return frame


def _club_sizes(matrix: Matrix) -> tuple[Positions, Positions]:
    """Count for each degree the nodes of more than it and the ties among them."""
    degree = np.diff(matrix.indptr).astype(np.int64)
    lower = np.minimum(np.repeat(degree, degree), degree[matrix.indices])
    many = int(degree.max()) + 1
    nodes = len(degree) - np.cumsum(np.bincount(degree, minlength=many))
    ties = (matrix.nnz - np.cumsum(np.bincount(lower, minlength=many))) // 2
    return nodes[nodes > 1], ties[nodes > 1]


def small_world(
    network: nx.Graph[Any] | ArrayNetwork,
    *,
    null: Literal["ties", "memberships"] = "ties",
    draws: int = 10,
    seed: int = 0,
) -> pd.Series[float]:
    """Return how clustered and how wide the largest component is, against random networks of the same degrees.

    ``sigma`` is (clustering / random clustering) / (mean distance / random mean distance), clearly above 1 in a small
    world (Humphries and Gurney 2008, PLoS ONE 3: e0002051). It grows with the network, so compare like with like. A
    projection is clustered because its memberships are cliques: ``null="memberships"`` deals the memberships anew
    instead of the ties and leaves what goes beyond that (Uzzi and Spiro 2005, Am. J. Sociol. 111: 447-504).
    Unweighted; directed ties count as undirected.

    Args:
        network: Any networkx graph.
        null: Rewire the ``ties``, or the ``memberships`` that the network is the projection of.
        draws: How many random networks.
        seed: Seed of the random networks.

    Returns:
        A series: ``nodes`` and ``ties`` of the largest component, ``share`` of all nodes in it, ``clustering`` (the
        mean of the nodes'), ``mean_distance``, ``random_clustering`` and ``random_mean_distance`` (means over the
        draws, distances between nodes that reach each other) and ``sigma``. NaN is what has no ties, and ``sigma``
        where no random network has a triangle. ``attrs``: ``null``, ``draws`` and ``seed``.

    Raises:
        NetworkError: The network is empty, there are no draws, or it is not known to be a projection.

    >>> float(small_world(nx.complete_graph(4), draws=2)["sigma"])
    1.0
    """
    if len(network) == 0:
        message = tr("the network has no nodes, so it is no small world; choose another projection or source")
        raise NetworkError(message)
    _check_draws(draws)
    whole = adjacency(network)
    inside = np.flatnonzero(component_labels(whole) == 0)
    matrix = sp.csr_array(whole[inside][:, inside])
    memberships = None
    if null == "memberships":
        every = incidence(network)
        if every is None:
            message = tr("the network is not known to be the projection of memberships; use null='ties', or project it")
            raise NetworkError(message)
        memberships = sp.csr_array(every[inside])
    closed, distance = float(clustering(matrix).mean()), mean_distance(distances(matrix, incidence=memberships))
    random = np.array(list(_random_worlds(matrix, memberships, draws, np.random.default_rng(seed))))
    random_closed, random_distance = random.mean(axis=0).tolist()
    defined = random_closed > 0 and distance > 0
    values = {
        "nodes": len(inside),
        "ties": matrix.nnz // 2,
        "share": len(inside) / len(network),
        "clustering": closed,
        "mean_distance": distance,
        "random_clustering": random_closed,
        "random_mean_distance": random_distance,
        "sigma": closed / random_closed / (distance / random_distance) if defined else float("nan"),
    }
    result = pd.Series(values, dtype=float, name="small_world")
    result.attrs = {"null": null, "draws": draws, "seed": seed}
    return result


def _random_worlds(
    matrix: Matrix, memberships: Matrix | None, draws: int, rng: np.random.Generator
) -> Iterator[tuple[float, float]]:
    """Yield the clustering and the mean distance of each random network."""
    for _ in range(draws):
        shuffled = None
        if memberships is None:
            random = rewired(matrix, rng)
        else:
            shuffled = rewired_memberships(memberships, rng)
            random = off_diagonal(sp.csr_array(shuffled @ shuffled.T))
        yield float(clustering(random).mean()), mean_distance(distances(random, incidence=shuffled))


def _check_draws(draws: int) -> None:
    if draws < 1:
        message = tr("there are {draws} draws, expected at least 1 random network to compare with", draws=draws)
        raise NetworkError(message)
