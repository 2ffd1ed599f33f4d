"""Centrality: who holds a network together, every measure in one table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.errors import NetworkError
from chaingraph.metrics.network import _betweenness as paths
from chaingraph.metrics.network import _ego as ego
from chaingraph.metrics.network._matrices import matrices
from chaingraph.metrics.network.registry import (
    COUNTS,
    MEASURES,
    NOT_TWO_MODE,
    applicable,
    keeps_directions,
    known_measure,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chaingraph.metrics.network._matrices import Matrices

    Values = NDArray[np.float64]

__all__ = ["MEASURES", "SAMPLE", "centrality", "group_codes"]

SAMPLE = 256
"""How many sources a sampled betweenness starts from."""


@dataclass
class _Notes:
    undefined: dict[str, str] = field(default_factory=dict)
    sampled: dict[str, dict[str, float]] = field(default_factory=dict)


def centrality(
    network: nx.Graph[Any],
    *,
    measures: Sequence[str] | None = None,
    weight: str | None = "own",
    distance: str | None = None,
    directed: bool | None = None,
    exact: bool | None = None,
    group: str | None = None,
    nodes: Collection[Any] | None = None,
    seed: int = 0,
    report: Callable[[str], None] | None = None,
) -> pd.DataFrame:
    """Return one row a node, one column a measure, most central first.

    Parallel ties count as one, self-loops not at all. Degree, core, clustering, betweenness and what comes of distances
    are unweighted unless ``distance`` is given; strength, eigenvector, PageRank, Katz, constraint and effective size
    weigh the ties. What each measure is, its range and its reference stand at the function of its name in
    the modules ``_distances``, ``_betweenness``, ``_walks``, ``_ego`` and ``two_mode``.

    Args:
        network: Any networkx graph.
        measures: Names out of ``UNDIRECTED``, ``TWO_MODE`` or ``DIRECTED``; all that apply, if None (of a two-mode
            network not those of triangles, which it cannot have).
        weight: The edge attribute that weighs a tie. ``own`` is what the projection counts
            (``network.graph["weight"]``), None weighs all ties alike.
        distance: The edge attribute that is the length of a tie, or ``inverse``: one over its weight. None: each tie
            is one step.
        directed: Whether directions count. None: as the network is, unless it says itself that they are a matter of
            words (``network.graph["direction"] == "ignored"``).
        exact: Betweenness of every source (True), of a sample of them (False), or of a sample only where all would
            take more than about two minutes (None). Sampled values come with a column ``betweenness_error``, their
            standard error by bootstrap over the sources.
        group: A node attribute: adds the brokerage roles between its groups, ``brokerage_coordinator`` and so on
            (:func:`chaingraph.metrics.network._ego.brokerage`).
        nodes: Only the rows of these nodes, measured in the whole network.
        seed: Seed of the sample and of the bootstrap.
        report: Called with a line on how far the work is, once it takes more than about two seconds.

    Returns:
        A frame indexed by node with a column ``label`` and the measures. ``attrs["undefined"]`` gives the reason
        where a value is NaN, ``attrs["weight"]`` and ``attrs["distance"]`` what weighs the ties, ``attrs["sampled"]``
        by measure from how many sources of how many, and the largest error.

    Raises:
        NetworkError: The network is empty, a measure is unknown or of another kind of network, a node or attribute is
            not there, or a weight is missing or negative.

    >>> centrality(nx.star_graph(3), measures=["degree", "closeness"]).to_dict("list")
    {'label': ['0', '1', '2', '3'], 'degree': [3, 1, 1, 1], 'closeness': [1.0, 0.6, 0.6, 0.6]}
    """
    if len(network) == 0:
        message = "the network has no nodes, so there is nothing to measure; choose another projection or source"
        raise NetworkError(message)
    directions = keeps_directions(network) if directed is None else directed and network.is_directed()
    attribute = network.graph.get("weight") if weight == "own" else weight
    held = matrices(network, weight=attribute, distance=distance, directions=directions, report=report)
    known = applicable(held)
    chosen = list(known) if measures is None else list(dict.fromkeys(measures))
    if measures is None and held.modes is not None:
        chosen = [name for name in known if name not in NOT_TWO_MODE]
    chosen_rows = None if nodes is None else _positions(network, nodes)
    columns: dict[str, Any] = {"label": [str(data.get("label", node)) for node, data in network.nodes(data=True)]}
    notes = _Notes()
    for name in chosen:
        measure = known_measure(name, known)
        if report is not None:
            report(name.replace("_", " "))
        if name == "betweenness" and _is_sampled(held, exact):
            columns |= _sampled(held, seed, notes)
            continue
        columns[name] = measure.values(held)
        if measure.undefined and np.isnan(columns[name]).any():
            notes.undefined[name] = measure.undefined
    if group is not None:
        columns |= {f"brokerage_{role}": values for role, values in _brokerage(network, held, group).items()}
    frame = pd.DataFrame(columns, index=pd.Index(list(network), name="node", tupleize_cols=False))
    frame = frame.astype({name: "int64" for name in chosen if name in COUNTS})
    order = [name for name in ("betweenness", "two_mode_betweenness", "degree", "in_degree") if name in columns]
    if chosen_rows is not None:
        frame = frame.iloc[chosen_rows]
    frame = frame.sort_values(order, ascending=False, kind="stable") if order else frame
    frame.attrs = {"undefined": notes.undefined, "weight": attribute, "distance": distance, "sampled": notes.sampled}
    return frame


def _positions(network: nx.Graph[Any], nodes: Collection[Any]) -> list[int]:
    place = {node: position for position, node in enumerate(network)}
    for node in nodes:
        if node not in place:
            message = (
                f"the network has no node '{node}'; list(network) gives the nodes, and a filter may have left it out"
            )
            raise NetworkError(message)
    return [place[node] for node in dict.fromkeys(nodes)]


def _is_sampled(held: Matrices, exact: bool | None) -> bool:
    if exact is None:
        return held.lengths is None and held.size > SAMPLE and paths.work(held.plain) > paths.EXACT_WORK
    if not exact and held.lengths is not None:
        message = "betweenness over lengths is not sampled; leave out exact=False, or the distance"
        raise NetworkError(message)
    return not exact and held.size > SAMPLE


def _sampled(held: Matrices, seed: int, notes: _Notes) -> dict[str, Values]:
    values, error = paths.sampled_betweenness(
        held.plain, sources=SAMPLE, seed=seed, directed=held.directed, report=held.report
    )
    notes.sampled["betweenness"] = {"sources": SAMPLE, "of": held.size, "largest_error": float(error.max())}
    return {"betweenness": values, "betweenness_error": error}


def _brokerage(network: nx.Graph[Any], held: Matrices, group: str) -> dict[str, Values]:
    codes, names = group_codes(network, group)
    if len(names) < 2:
        message = (
            f"all nodes have the same '{group}', so that nobody can broker between groups; choose another attribute"
        )
        raise NetworkError(message)
    return ego.brokerage(held.plain, codes, directed=held.directed)


def group_codes(network: nx.Graph[Any], attribute: str) -> tuple[NDArray[np.int64], list[str]]:
    """Return the group of each node as a number, -1 where it has none, and the groups' names, sorted.

    Raises:
        NetworkError: No node has the attribute.
    """
    held = [data.get(attribute) for _, data in network.nodes(data=True)]
    names = sorted({str(value) for value in held if value is not None})
    if not names:
        known = sorted({str(key) for _, data in network.nodes(data=True) for key in data} - {"quotes"})
        message = f"no node has the attribute '{attribute}'; there are: {', '.join(known) or 'none'}"
        raise NetworkError(message)
    number = {name: position for position, name in enumerate(names)}
    return np.array([-1 if value is None else number[str(value)] for value in held], dtype=np.int64), names
