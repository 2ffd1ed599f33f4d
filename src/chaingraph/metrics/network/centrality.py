"""Centrality: who holds a network together, every measure in one table or one series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.arrays import ArrayNetwork, attribute_codes, node_items, node_labels
from chaingraph.errors import NetworkError
from chaingraph.messages import tr
from chaingraph.metrics.network import _betweenness, _ego
from chaingraph.metrics.network._matrices import Matrices, keeps_directions, network_matrices, weight_attribute
from chaingraph.metrics.network.registry import MEASURES, find_measure, matrices_kind, measure_names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    Values = NDArray[np.float64]

SAMPLE = 256
"""How many sources a sampled betweenness starts from."""


@dataclass(frozen=True)
class _Sampling:
    """How betweenness is computed: of all sources, or of a sample of them."""

    exact: bool | None
    seed: int

    def applies(self, matrices: Matrices) -> bool:
        """Tell whether betweenness of these matrices is sampled."""
        small = matrices.size <= SAMPLE
        if self.exact is None:
            return (
                not small
                and matrices.lengths is None
                and _betweenness.work(matrices.ties, directed=False) > _betweenness.EXACT_WORK
            )
        if not self.exact and matrices.lengths is not None:
            message = tr("betweenness over lengths is not sampled; leave out exact=False, or the distance")
            raise NetworkError(message)
        return not self.exact and not small

    def betweenness(self, matrices: Matrices) -> tuple[Values, Values, dict[str, float]]:
        """Return the estimate, its standard error, and what it rests on."""
        values, error = _betweenness.sampled_betweenness(
            matrices.ties, sources=SAMPLE, seed=self.seed, directed=matrices.directed, report=matrices.report
        )
        return values, error, {"sources": SAMPLE, "of": matrices.size, "largest_error": float(error.max())}


def centrality(
    network: nx.Graph[Any] | ArrayNetwork,
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
    """Return one row per node, one column per measure, most central first.

    Parallel ties count as one, self-loops not at all. Each measure is what the function of its name returns
    (``betweenness`` and so on), which states its range and reference; together they are
    computed faster than one by one, since they share matrices and distances.

    Args:
        network: Any networkx graph.
        measures: Names of measures; all that are defined on a network of its kind, if None.
        weight: The edge attribute that weighs a tie. ``own`` is what the projection counts
            (``network.graph["weight"]``), None weighs all ties alike.
        distance: The edge attribute that is the length of a tie, or ``inverse``: one over its weight. None: each tie
            is one step.
        directed: Whether directions count. None: as the network is, unless it says itself that they are a matter of
            words (``network.graph["direction"] == "ignored"``).
        exact: Betweenness of every source (True), of a sample of them (False), or of a sample only where all would
            take more than about two minutes (None). Sampled values come with a column ``betweenness_error``, their
            standard error by bootstrap over the sources.
        group: A node attribute: adds the columns of ``brokerage`` between its groups,
            ``brokerage_coordinator`` and so on.
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
    matrices, attribute = _matrices_of(network, weight, distance, directed, report)
    names = measure_names(matrices_kind(matrices)) if measures is None else list(dict.fromkeys(measures))
    rows = None if nodes is None else _positions(network, nodes)
    columns, undefined, sampled = _columns(matrices, names, _Sampling(exact, seed))
    labels = node_labels(network)
    if group is not None:
        roles = brokerage_counts(matrices, network, group)
        columns |= {f"brokerage_{role}": counts for role, counts in roles.items()}
    frame = pd.DataFrame({"label": labels} | columns, index=node_index(network))
    frame = frame.astype({name: "int64" for name in names if MEASURES[name].whole_number})
    if rows is not None:
        frame = frame.iloc[rows]
    order = [name for name in ("betweenness", "two_mode_betweenness", "degree", "in_degree") if name in columns]
    frame = frame.sort_values(order, ascending=False, kind="stable") if order else frame
    frame.attrs = {"undefined": undefined, "weight": attribute, "distance": distance, "sampled": sampled}
    return frame


def node_series(
    network: nx.Graph[Any] | ArrayNetwork,
    name: str,
    *,
    weight: str | None = None,
    distance: str | None = None,
    directed: bool | None = None,
    exact: bool | None = True,
    seed: int = 0,
    report: Callable[[str], None] | None = None,
    **parameters: float | None,
) -> pd.Series[Any]:
    """Return one measure as a series, in the order of the network; the arguments are those of ``centrality``.

    ``parameters`` are those of the measure itself, such as the damping of PageRank.
    """
    matrices, attribute = _matrices_of(network, weight, distance, directed, report)
    columns, undefined, sampled = _columns(matrices, [name], _Sampling(exact, seed), **parameters)
    dtype = "int64" if MEASURES[name].whole_number else "float64"
    series = pd.Series(columns[name], index=node_index(network), name=name, dtype=dtype)
    series.attrs = {"undefined": undefined, "sampled": sampled, "weight": attribute, "distance": distance}
    return series


def centrality_notes(
    frame: pd.DataFrame, *, missing: str = "elsewhere left empty", exact: str = "exact=True computes it from all"
) -> list[str]:
    """Return what is to be said of a table of centralities, one line each: what is undefined, weighted, sampled.

    Args:
        frame: A table of ``centrality``.
        missing: What happens to a node without a value, where the table is used.
        exact: How to have all sources instead of a sample, there; left out if empty.

    >>> centrality_notes(centrality(nx.empty_graph(1), measures=["constraint"]), missing="left empty")
    ['constraint: an isolate has no ties; left empty']
    """
    notes = [f"{name}: {reason}; {missing}" for name, reason in frame.attrs["undefined"].items()]
    weighted = [name for name in frame.columns if name in MEASURES and MEASURES[name].weighted]
    if frame.attrs["weight"] is not None and weighted:
        notes.append(
            tr("{weighted} weigh ties by '{weight}'", weighted=", ".join(weighted), weight=frame.attrs["weight"])
        )
    for name, sample in frame.attrs["sampled"].items():
        line = (
            f"{name}: sampled from {sample['sources']:,} of {sample['of']:,} sources, standard error at most"
            f" {sample['largest_error']:.2g}"
        )
        notes.append(f"{line}; {exact}" if exact else line)
    return notes


def brokerage_counts(matrices: Matrices, network: nx.Graph[Any] | ArrayNetwork, group: str) -> dict[str, Values]:
    """Return how often each node brokers between the groups of a node attribute, by role.

    Raises:
        NetworkError: No node has the attribute, or all have the same.
    """
    codes, names = attribute_codes(network, group)
    if not names:
        others = sorted({str(key) for _, data in node_items(network) for key in data} - {"quotes"})
        message = tr(
            "no node has the attribute '{group}'; there are: {others}", group=group, others=", ".join(others) or "none"
        )
        raise NetworkError(message)
    if len(names) < 2:
        message = tr(
            "all nodes have the same '{group}', so that nobody can broker between groups; choose another attribute",
            group=group,
        )
        raise NetworkError(message)
    return _ego.brokerage(matrices.ties, codes, directed=matrices.directed)


def node_index(network: nx.Graph[Any] | ArrayNetwork) -> pd.Index[Any]:
    """Return the nodes of a network as an index."""
    index: pd.Index[Any] = pd.Index(list(network), name="node", tupleize_cols=False)
    return index


def _matrices_of(
    network: nx.Graph[Any] | ArrayNetwork,
    weight: str | None,
    distance: str | None,
    directed: bool | None,
    report: Callable[[str], None] | None,
) -> tuple[Matrices, str | None]:
    """Return the matrices of a network that has nodes, and the edge attribute that weighs its ties."""
    if len(network) == 0:
        message = tr("the network has no nodes, so there is nothing to measure; choose another projection or source")
        raise NetworkError(message)
    attribute = weight_attribute(network, weight)
    directions = keeps_directions(network, directed)
    matrices = network_matrices(network, weight=attribute, distance=distance, directions=directions, report=report)
    return matrices, attribute


def _columns(
    matrices: Matrices, names: Sequence[str], sampling: _Sampling, **parameters: float | None
) -> tuple[dict[str, Values], dict[str, str], dict[str, dict[str, float]]]:
    """Return the values of each measure, the reasons where some are NaN, and what sampled ones rest on."""
    columns: dict[str, Values] = {}
    undefined: dict[str, str] = {}
    sampled: dict[str, dict[str, float]] = {}
    kind = matrices_kind(matrices)
    for name in names:
        measure = find_measure(name, kind)
        if matrices.report is not None:
            matrices.report(name.replace("_", " "))
        if name == "betweenness" and sampling.applies(matrices):
            columns[name], columns[f"{name}_error"], sampled[name] = sampling.betweenness(matrices)
            continue
        columns[name] = measure.values(matrices, **parameters)
        if measure.undefined and np.isnan(columns[name]).any():
            undefined[name] = str(measure.undefined)
    return columns, undefined, sampled


def _positions(network: nx.Graph[Any] | ArrayNetwork, nodes: Collection[Any]) -> list[int]:
    positions = {node: position for position, node in enumerate(network)}
    for node in nodes:
        if node not in positions:
            message = tr(
                "the network has no node '{node}'; list(network) gives the nodes, and a filter may have left it out",
                node=node,
            )
            raise NetworkError(message)
    return [positions[node] for node in dict.fromkeys(nodes)]
