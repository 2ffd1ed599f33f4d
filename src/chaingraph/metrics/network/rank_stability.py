"""Robustness: how far a ranking would stand if the roster behind it were a little different."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from chaingraph.arrays import Matrix, TwoMode, newman_weights, off_diagonal
from chaingraph.errors import NetworkError
from chaingraph.metrics.network._betweenness import EXACT_WORK, work
from chaingraph.metrics.network._matrices import Matrices, matrices
from chaingraph.metrics.network.registry import WEIGHTED, applicable, keeps_directions, known_measure

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

LONGEST = 2e12
"""The work of all draws together (:func:`._betweenness.work`) above which betweenness is refused."""


def rank_stability(
    network: nx.Graph[Any],
    measure: str = "betweenness",
    *,
    drop: float = 0.1,
    draws: int = 200,
    top: int = 10,
    seed: int = 0,
    weight: str | None = "own",
    report: Callable[[str], None] | None = None,
) -> pd.DataFrame:
    """Return for each node its rank by a measure, and where the rank lies if a share of the memberships were unknown.

    Rosters are known in part only, so that a rank is worth what it survives. In each draw a share of the memberships is
    dropped at random without replacement, the network is projected anew and measured; in a network that is no
    projection its ties are dropped (Costenbader and Valente 2003, Social Networks 25: 283-307; Borgatti, Carley and
    Krackhardt 2006, Social Networks 28: 124-136). A node without a value ranks last. Equal values share the best rank.

    Args:
        network: Any networkx graph.
        measure: A measure of :func:`chaingraph.metrics.network.centrality.centrality`.
        drop: The share of the memberships (or ties) dropped, above 0 and below 1.
        draws: How many times.
        top: The number of places of which ``in_top`` speaks.
        seed: Seed of the draws.
        weight: As in :func:`~chaingraph.metrics.network.centrality.centrality`.
        report: Called with a line on how many draws are done.

    Returns:
        A frame in the order of the ranks, indexed by node: ``label``, the measure, ``rank``, ``rank_low`` and
        ``rank_high`` (the bounds that hold 95 % of the draws), ``in_top`` (the share of the draws in which the node is
        among the first ``top``). ``attrs`` has measure, drop, draws, top, seed and ``dropped``: what was dropped.

    Raises:
        NetworkError: The network is empty or has no ties, the measure does not exist for it, ``drop`` or ``draws`` are
            out of range, or betweenness of that many draws would take more than about half an hour.
    """
    _check(network, drop, draws, top)
    attribute = network.graph.get("weight") if weight == "own" else weight
    held = matrices(network, weight=attribute, directions=keeps_directions(network))
    chosen = known_measure(measure, applicable(held))
    if measure.endswith("betweenness") and work(held.plain) * draws > LONGEST:
        minutes = work(held.plain) * draws / EXACT_WORK * 2
        message = (
            f"{draws} draws of betweenness of this network would take about {minutes:.0f} minutes;"
            " take fewer draws, or harmonic or degree"
        )
        raise NetworkError(message)
    if held.plain.nnz == 0:
        message = "the network has no ties, so that none can be dropped; choose another projection or source"
        raise NetworkError(message)
    values = chosen.values(held)
    rng = np.random.default_rng(seed)
    ranks = np.empty((draws, held.size), dtype=np.int64)
    for draw in range(draws):
        ranks[draw] = _ranks(chosen.values(_dropped(held, attribute, drop, rng, needs_weight=measure in WEIGHTED)))
        if report is not None:
            report(f"rank stability: draw {draw + 1} of {draws}")
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="inverted_cdf")
    frame = pd.DataFrame(
        {
            "label": [str(data.get("label", node)) for node, data in network.nodes(data=True)],
            measure: values,
            "rank": _ranks(values),
            "rank_low": low.astype(np.int64),
            "rank_high": high.astype(np.int64),
            "in_top": (ranks <= top).mean(axis=0),
        },
        index=pd.Index(list(network), name="node", tupleize_cols=False),
    ).sort_values("rank", kind="stable")
    what = "ties" if held.behind is None and held.modes is None else "memberships"
    frame.attrs = {"measure": measure, "drop": drop, "draws": draws, "top": top, "seed": seed, "dropped": what}
    return frame


def with_ranks(network: nx.Graph[Any], stability: pd.DataFrame) -> nx.Graph[Any]:
    """Return an editable copy of a network whose nodes carry their value, rank and the bounds of the rank as text.

    The attributes are named after the measure: ``betweenness``, ``betweenness_rank``, ``betweenness_rank_interval``
    (``"2-5"``). The table may be of another network of the same nodes, such as the members' in a network of all
    things; nodes that it does not have stay as they are.

    Args:
        network: The network to show.
        stability: A table of :func:`rank_stability`.
    """
    measure = str(stability.attrs["measure"])
    shown: nx.Graph[Any] = network.copy()
    columns = (stability.index, stability[measure], stability["rank"], stability["rank_low"], stability["rank_high"])
    for node, value, rank, low, high in zip(*(column.tolist() for column in columns), strict=True):
        if node in shown and value == value:
            data = shown.nodes[node]
            data[measure], data[f"{measure}_rank"] = value, rank
            data[f"{measure}_rank_interval"] = f"{low}\N{EN DASH}{high}"
    return shown


def _check(network: nx.Graph[Any], drop: float, draws: int, top: int) -> None:
    if len(network) == 0:
        message = "the network has no nodes, so there is nothing to rank; choose another projection or source"
        raise NetworkError(message)
    for name, value, fine, expected in (
        ("drop", drop, 0 < drop < 1, "a share above 0 and below 1"),
        ("draws", draws, draws >= 1, "a number of at least 1"),
        ("top", top, top >= 1, "a number of at least 1"),
    ):
        if not fine:
            message = f"{name} is {value}, expected {expected}"
            raise NetworkError(message)


def _ranks(values: Values) -> NDArray[np.int64]:
    """Return the rank of each value, 1 for the largest; equal ones share the best; NaN comes last.

    Values are compared to ten digits, since the same number comes out a little different in another order of sums.
    """
    known = np.where(np.isnan(values), -np.inf, values)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where((known != 0) & np.isfinite(known), 10.0 ** np.floor(np.log10(np.abs(known))), 1.0)
    rounded = np.where(np.isfinite(known), np.round(known / size, 9) * size, known)
    _, inverse, counts = np.unique(-rounded, return_inverse=True, return_counts=True)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]]) + 1
    return np.asarray(first[inverse], dtype=np.int64)


def _dropped(
    held: Matrices, attribute: str | None, drop: float, rng: np.random.Generator, *, needs_weight: bool
) -> Matrices:
    """Return the matrices of the network without a share of its memberships or ties."""
    if held.behind is not None:
        behind = _thinned(held.behind, drop, rng)
        shared = off_diagonal(behind @ behind.T)
        plain = sp.csr_array((np.ones(shared.nnz), shared.indices, shared.indptr), shape=shared.shape)
        weighted = plain
        if needs_weight and attribute is not None:
            weighted = newman_weights(behind, shared) if attribute == "newman" else shared
        return replace(held, plain=plain, weighted=weighted, behind=behind, report=None)
    ties = held.weighted if needs_weight else held.plain
    if not held.directed:
        ties = sp.csr_array(sp.triu(ties, format="csr"))
    thin = _thinned(ties, drop, rng)
    whole = thin if held.directed else sp.csr_array(thin + thin.T)
    whole.sort_indices()
    plain = sp.csr_array((np.ones(whole.nnz), whole.indices, whole.indptr), shape=whole.shape)
    modes = held.modes
    if modes is not None:
        modes = TwoMode(sp.csr_array(plain[modes.rows][:, modes.columns]), modes.rows, modes.columns)
    return replace(held, plain=plain, weighted=whole, modes=modes, report=None)


def _thinned(matrix: Matrix, drop: float, rng: np.random.Generator) -> Matrix:
    kept = matrix.copy()
    gone = rng.choice(kept.nnz, size=max(1, round(drop * kept.nnz)), replace=False)
    kept.data[gone] = 0
    kept.eliminate_zeros()
    return kept
