"""The measures by name, and which kind of network each is defined on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np

from chaingraph.arrays import Matrix
from chaingraph.errors import NetworkError
from chaingraph.metrics.network import _betweenness as paths
from chaingraph.metrics.network import _distances as distances
from chaingraph.metrics.network import _ego as ego
from chaingraph.metrics.network import _walks as walks
from chaingraph.metrics.network import two_mode as modes
from chaingraph.metrics.network._matrices import Matrices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

ISOLATE = "an isolate has no ties"
REACHES_NONE = "a node that reaches no other has no distances"
LARGEST = "defined on the largest component only"


class Measure(NamedTuple):
    """A measure: how it is computed, and why it can be undefined at a node."""

    values: Callable[[Matrices], Values]
    undefined: str = ""


def degree(matrix: Matrix) -> Values:
    """Count each node's neighbours (Freeman 1979, Social Networks 1: 215-239), unnormalised.

    Args:
        matrix: Shape (n, n), nonzero where there is a tie; of directed ties those that go out.
    """
    return np.diff(matrix.indptr).astype(np.float64)


def strength(matrix: Matrix) -> Values:
    """Sum the weights of each node's ties, of directed ones those that go out (Barrat et al. 2004, PNAS 101: 3747)."""
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def _incoming(matrix: Matrix) -> Values:
    return np.asarray(matrix.sum(axis=0), dtype=np.float64).ravel()


def _betweenness(held: Matrices) -> Values:
    if held.lengths is not None:
        return paths.lengths_betweenness(held.lengths, directed=held.directed)
    return held.between


def _two_mode(held: Matrices, first: Values, second: Values) -> Values:
    assert held.modes is not None
    result = np.full(held.size, np.nan)
    result[held.modes.rows], result[held.modes.columns] = first, second
    return result


def _two_mode_closeness(held: Matrices) -> Values:
    assert held.modes is not None
    found = distances.distances(held.plain)
    order = np.concatenate([held.modes.rows, held.modes.columns])
    reached, total = found.reached[order].astype(np.float64), found.total[order].astype(np.float64)
    return _two_mode(held, *modes.two_mode_closeness(reached, total, rows=len(held.modes.rows)))


def _two_mode_betweenness(held: Matrices) -> Values:
    assert held.modes is not None
    pairs = max((held.size - 1) * (held.size - 2) / 2, 1)
    raw = held.between * pairs
    most = modes.two_mode_betweenness_maximum(len(held.modes.rows), len(held.modes.columns))
    sides = (raw[held.modes.rows], raw[held.modes.columns])
    return _two_mode(held, *(side / top if top > 0 else side * 0 for side, top in zip(sides, most, strict=True)))


def _on_modes(function: Callable[[Matrix], tuple[Values, Values]]) -> Callable[[Matrices], Values]:
    def values(held: Matrices) -> Values:
        assert held.modes is not None
        return _two_mode(held, *function(held.modes.incidence))

    return values


_BOTH = {
    "betweenness": Measure(_betweenness),
    "pagerank": Measure(lambda held: walks.pagerank(held.weighted, symmetric=not held.directed)),
    "katz": Measure(lambda held: walks.katz(held.weighted)[0]),
    "constraint": Measure(lambda held: ego.constraint(held.weighted), ISOLATE),
}
UNDIRECTED = {
    "degree": Measure(lambda held: degree(held.plain)),
    "strength": Measure(lambda held: strength(held.weighted)),
    "betweenness": _BOTH["betweenness"],
    "closeness": Measure(lambda held: distances.closeness(held.outward)),
    "harmonic": Measure(lambda held: distances.harmonic(held.outward)),
    "eccentricity": Measure(lambda held: distances.eccentricity(held.outward), REACHES_NONE),
    "eigenvector": Measure(lambda held: walks.eigenvector(held.weighted), LARGEST),
    "pagerank": _BOTH["pagerank"],
    "katz": _BOTH["katz"],
    "core_number": Measure(lambda held: ego.core(held.plain)),
    "clustering": Measure(lambda held: ego.clustering(held.plain)),
    "constraint": _BOTH["constraint"],
    "effective_size": Measure(lambda held: ego.effective_size(held.weighted), ISOLATE),
}
"""The measures of an undirected network, in the order of the table."""
TWO_MODE = {
    "two_mode_degree": Measure(_on_modes(modes.two_mode_degree), "the other mode is empty"),
    "two_mode_closeness": Measure(_two_mode_closeness, "a mode is empty"),
    "two_mode_betweenness": Measure(_two_mode_betweenness),
    "two_mode_eigenvector": Measure(_on_modes(modes.two_mode_eigenvector), LARGEST),
}
"""The measures of a two-mode network as Borgatti and Everett (1997) normalise them."""
DIRECTED = {
    "in_degree": Measure(lambda held: _incoming(held.plain)),
    "out_degree": Measure(lambda held: degree(held.plain)),
    "in_strength": Measure(lambda held: _incoming(held.weighted)),
    "out_strength": Measure(lambda held: strength(held.weighted)),
    "betweenness": _BOTH["betweenness"],
    "in_closeness": Measure(lambda held: distances.closeness(held.inward)),
    "out_closeness": Measure(lambda held: distances.closeness(held.outward)),
    "in_harmonic": Measure(lambda held: distances.harmonic(held.inward)),
    "out_harmonic": Measure(lambda held: distances.harmonic(held.outward)),
    "in_eccentricity": Measure(lambda held: distances.eccentricity(held.inward), REACHES_NONE),
    "out_eccentricity": Measure(lambda held: distances.eccentricity(held.outward), REACHES_NONE),
    "pagerank": _BOTH["pagerank"],
    "katz": _BOTH["katz"],
    "constraint": _BOTH["constraint"],
}
"""The measures of a directed network."""
MEASURES = tuple(UNDIRECTED)
"""The measures of the default table of an undirected one-mode network, in its order."""
WEIGHTED = frozenset(
    {"strength", "in_strength", "out_strength", "eigenvector", "pagerank", "katz", "constraint", "effective_size"}
)
"""The measures that weigh a tie."""
COUNTS = frozenset({"degree", "in_degree", "out_degree", "core_number"})
"""The measures that are whole numbers."""
NOT_TWO_MODE = ("clustering", "constraint", "effective_size")


def keeps_directions(network: nx.Graph[Any]) -> bool:
    """Tell whether the directions of a network's ties mean something to a measure."""
    return network.is_directed() and network.graph.get("direction") != "ignored"


def applicable(held: Matrices) -> dict[str, Measure]:
    """Return the measures that a network of its kind can have, in the order of the table."""
    if held.directed:
        return DIRECTED
    return UNDIRECTED | TWO_MODE if held.modes is not None else UNDIRECTED


def known_measure(name: str, known: dict[str, Measure]) -> Measure:
    """Return the measure of that name, or say of what kind of network it is, and what to ask for instead."""
    if name in known:
        return known[name]
    if name in TWO_MODE:
        message = (
            f"'{name}' is a measure of two-mode networks (every node with bipartite 0 or 1, and no ties inside a"
            " mode); measure affiliation, participation or hosting"
        )
    elif name in UNDIRECTED:
        ways = [way for way in DIRECTED if way.endswith(f"_{name}")]
        instead = f"ask for {' or '.join(ways)}, or " if ways else ""
        message = f"'{name}' is not defined on directed ties; {instead}pass directed=False"
    elif name in DIRECTED:
        message = f"'{name}' is a measure of directed networks; ask for {name.partition('_')[2]}"
    else:
        message = f"there is no measure '{name}'; there are {', '.join(known)}"
    raise NetworkError(message)
