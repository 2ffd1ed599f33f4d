"""Rank stability: how far a ranking would hold if the roster behind it were a little different."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from chaingraph.arrays import ArrayNetwork, Matrix, TwoMode, newman_weights, node_labels, off_diagonal
from chaingraph.errors import NetworkError
from chaingraph.messages import tr
from chaingraph.metrics._ranks import are_equal, rank_bounds
from chaingraph.metrics.network._betweenness import EXACT_WORK, work
from chaingraph.metrics.network._matrices import OWN, Matrices, keeps_directions, network_matrices, weight_attribute
from chaingraph.metrics.network.centrality import node_index
from chaingraph.metrics.network.registry import Measure, find_measure, matrices_kind, short_names

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx
    from numpy.typing import NDArray

    from chaingraph.metrics._ranks import Places

    Values = NDArray[np.float64]

MOST_WORK = 2e12
"""The work of all draws together, in multiplications, above which betweenness is refused: about half an hour."""


def rank_stability(
    network: nx.Graph[Any] | ArrayNetwork,
    measure: str = "betweenness",
    *,
    drop: float = 0.1,
    draws: int = 200,
    top: int = 10,
    seed: int = 0,
    weight: str | None = OWN,
    report: Callable[[str], None] | None = None,
    most_work: float = MOST_WORK,
) -> pd.DataFrame:
    """Return one row per node: its rank by a measure, and the bounds of the rank if some memberships were unknown.

    Rosters are known in part only, so that a rank is worth what it survives. In each draw a share of the memberships is
    dropped at random without replacement, the network is projected anew and measured; in a network that is no
    projection its ties are dropped (Costenbader and Valente 2003, Social Networks 25: 283-307; Borgatti, Carley and
    Krackhardt 2006, Social Networks 28: 124-136). Equal values share their places. A node without a value has no rank;
    where it has none in a draw, it is among the last there.

    Args:
        network: Any networkx graph.
        measure: A measure of ``centrality``.
        drop: The share of the memberships (or ties) dropped, above 0 and below 1.
        draws: How many times.
        top: The number of places of which ``in_top`` speaks.
        seed: Seed of the draws.
        weight: As in ``centrality``.
        report: Called with a line on how many draws are done.
        most_work: Betweenness is refused if all draws together take more multiplications.

    Returns:
        A frame in the order of the ranks, indexed by node: ``label``, the measure, ``rank`` (one more than the nodes
        ahead), ``rank_size`` (how many have that rank, which share the places from it on), ``rank_low`` and
        ``rank_high`` (the places within which 95 % of the draws lie, and those of the rank itself), ``in_top`` (the
        share of the draws in which all that share the node's places are among the first ``top``). ``attrs`` has
        measure, drop, draws, top, seed and ``dropped``: what was dropped.

    Raises:
        NetworkError: The network is empty or has no ties, the measure does not exist for it or is the same for all
            nodes, ``drop`` or ``draws`` are out of range, or betweenness of that many draws would take more than about
            half an hour.
    """
    _check(network, drop, draws, top)
    attribute = weight_attribute(network, weight)
    matrices = network_matrices(network, weight=attribute, directions=keeps_directions(network))
    ranked = find_measure(measure, matrices_kind(matrices))
    _check_work(matrices, measure, draws, most_work)
    if matrices.ties.nnz == 0:
        message = tr("the network has no ties, so that none can be dropped; choose another projection or source")
        raise NetworkError(message)
    values = ranked.values(matrices)
    _check_differences(values, measure, matrices)
    first, last = rank_bounds(values)
    best, worst = _places_in_draws(matrices, ranked, attribute, drop, draws, seed, report)
    places = {"rank": first, "rank_size": last - first + 1}
    places["rank_low"] = np.minimum(np.quantile(best, 0.025, axis=0, method="inverted_cdf").astype(np.int64), first)
    places["rank_high"] = np.maximum(np.quantile(worst, 0.975, axis=0, method="inverted_cdf").astype(np.int64), last)
    labels = node_labels(network)
    frame = pd.DataFrame({"label": labels, measure: values} | places, index=node_index(network))
    frame["in_top"] = (worst <= top).mean(axis=0)
    frame = frame.sort_values("rank", kind="stable").astype(dict.fromkeys(places, "Int64"))
    frame.loc[frame[measure].isna(), [*places, "in_top"]] = None
    dropped = "ties" if matrices.memberships is None and matrices.two_mode is None else "memberships"
    frame.attrs = {"measure": measure, "drop": drop, "draws": draws, "top": top, "seed": seed, "dropped": dropped}
    return frame


def _places_in_draws(
    matrices: Matrices,
    measure: Measure,
    attribute: str | None,
    drop: float,
    draws: int,
    seed: int,
    report: Callable[[str], None] | None,
) -> tuple[Places, Places]:
    """Return the first and the last of the places of each node in each draw, both of shape (draws, nodes)."""
    rng = np.random.default_rng(seed)
    places = np.empty((2, draws, matrices.size), dtype=np.int64)
    for draw in range(draws):
        reduced = _without_some(matrices, attribute, drop, rng, needs_weight=measure.weighted)
        places[:, draw] = rank_bounds(measure.values(reduced))
        if report is not None:
            report(tr("rank stability: draw {draw} of {draws}", draw=draw + 1, draws=draws))
    return places[0], places[1]


def _check_differences(values: Values, measure: str, matrices: Matrices) -> None:
    """Refuse a measure that is the same for all nodes, and name those that are not."""
    if not are_equal(values):
        return
    kind = matrices_kind(matrices)
    others = [name for name in short_names(kind) if name != measure and not name.endswith("betweenness")]
    different = [name for name in others if not are_equal(find_measure(name, kind).values(matrices))]
    known = values[~np.isnan(values)]
    same = (
        tr("{known:.6g} for all {count:,} nodes that have it", known=known[0], count=len(known))
        if len(known)
        else tr("undefined for all nodes")
    )
    instead = (
        tr("different: {names}", names=", ".join(different)) if different else tr("so are the other usual measures")
    )
    message = tr(
        "{measure} is {same}, so that it ranks none of them; {instead}", measure=measure, same=same, instead=instead
    )
    raise NetworkError(message)


def _check(network: nx.Graph[Any] | ArrayNetwork, drop: float, draws: int, top: int) -> None:
    if len(network) == 0:
        message = tr("the network has no nodes, so there is nothing to rank; choose another projection or source")
        raise NetworkError(message)
    for name, value, valid, expected in (
        ("drop", drop, 0 < drop < 1, tr("a share above 0 and below 1")),
        ("draws", draws, draws >= 1, tr("a number of at least 1")),
        ("top", top, top >= 1, tr("a number of at least 1")),
    ):
        if not valid:
            message = tr("{name} is {value}, expected {expected}", name=name, value=value, expected=expected)
            raise NetworkError(message)


def _check_work(matrices: Matrices, measure: str, draws: int, most_work: float) -> None:
    if measure.endswith("betweenness") and work(matrices.ties) * draws > most_work:
        minutes = work(matrices.ties) * draws / EXACT_WORK * 2
        message = tr(
            "{draws} draws of betweenness of this network would take about {minutes:.0f} minutes; "
            "take fewer draws, or harmonic or degree",
            draws=draws,
            minutes=minutes,
        )
        raise NetworkError(message)


def _without_some(
    matrices: Matrices, attribute: str | None, drop: float, rng: np.random.Generator, *, needs_weight: bool
) -> Matrices:
    """Return the matrices of the network without a share of its memberships or ties."""
    if matrices.memberships is not None:
        memberships = _thinned(matrices.memberships, drop, rng)
        shared = off_diagonal(memberships @ memberships.T)
        ties = sp.csr_array((np.ones(shared.nnz), shared.indices, shared.indptr), shape=shared.shape)
        weights = ties
        if needs_weight and attribute is not None:
            weights = newman_weights(memberships, shared) if attribute == "newman" else shared
        return replace(matrices, ties=ties, weights=weights, memberships=memberships, report=None)
    weights = matrices.weights if needs_weight else matrices.ties
    if not matrices.directed:
        weights = sp.csr_array(sp.triu(weights, format="csr"))
    weights = _thinned(weights, drop, rng)
    if not matrices.directed:
        weights = sp.csr_array(weights + weights.T)
    weights.sort_indices()
    ties = sp.csr_array((np.ones(weights.nnz), weights.indices, weights.indptr), shape=weights.shape)
    modes = matrices.two_mode
    if modes is not None:
        modes = TwoMode(sp.csr_array(ties[modes.rows][:, modes.columns]), modes.rows, modes.columns)
    return replace(matrices, ties=ties, weights=weights, two_mode=modes, report=None)


def _thinned(matrix: Matrix, drop: float, rng: np.random.Generator) -> Matrix:
    thin = matrix.copy()
    thin.data[rng.choice(thin.nnz, size=max(1, round(drop * thin.nnz)), replace=False)] = 0
    thin.eliminate_zeros()
    return thin
