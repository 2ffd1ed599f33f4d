"""Measures as attributes of nodes, so that a page or an export shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

from chaingraph.arrays import ArrayNetwork, as_networkx
from chaingraph.errors import UnknownTermError
from chaingraph.metrics._ranks import rank_text
from chaingraph.metrics.network.centrality import centrality, centrality_notes
from chaingraph.metrics.network.registry import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def with_measure(
    network: nx.Graph[Any] | ArrayNetwork,
    name: str,
    *,
    missing: str = "such a node has no value",
    report: Callable[[str], None] | None = None,
) -> tuple[nx.Graph[Any], list[str]]:
    """Return a network whose nodes carry a measure, and what there is to say of its values.

    The network comes back as it is if it is empty, or if its nodes carry an attribute of that name already; else it is
    an editable copy. A node at which the measure is undefined gets no attribute.

    Args:
        network: Any networkx graph.
        name: A measure of ``centrality``, or an attribute of the nodes.
        missing: What happens to a node without a value, for the note that says so.
        report: Called with a line on how far the work is.

    Raises:
        UnknownTermError: Neither an attribute of the nodes nor a measure has that name.
        NetworkError: The measure is not defined on a network of this kind.

    >>> network, notes = with_measure(nx.star_graph(2), "betweenness")
    >>> dict(network.nodes(data="betweenness")), notes
    ({0: 1.0, 1: 0.0, 2: 0.0}, [])
    """
    network = as_networkx(network)
    attributes = {str(attribute) for _, data in network.nodes(data=True) for attribute in data}
    if name in attributes or len(network) == 0:
        return network, []
    if name not in MEASURES:
        raise UnknownTermError(name, sorted({*MEASURES, *attributes}))
    frame = centrality(network, measures=[name], report=report)
    copy: nx.Graph[Any] = network.copy()
    for node, value in frame[name].items():
        if value == value:
            copy.nodes[node][name] = value
    frame.attrs["weight"] = None
    return copy, centrality_notes(frame, missing=missing, exact="")


def with_ranks(network: nx.Graph[Any] | ArrayNetwork, stability: pd.DataFrame) -> nx.Graph[Any]:
    """Return an editable copy of a network whose nodes carry their value, rank and the bounds of the rank as text.

    The attributes are named after the measure: ``betweenness``, ``betweenness_rank`` (a text such as ``"15–184"``
    where several share it), ``betweenness_rank_interval`` (``"2–5"``). The table may be of another network of the same
    nodes, such as the members' in a network of all things; nodes that it does not have stay as they are.

    Args:
        network: Any networkx graph.
        stability: A table of ``rank_stability``.
    """
    measure = str(stability.attrs["measure"])
    copy: nx.Graph[Any] = as_networkx(network).copy()
    ranked = stability[stability["rank"].notna()]
    columns = (ranked[name] for name in (measure, "rank", "rank_size", "rank_low", "rank_high"))
    for node, value, rank, size, low, high in zip(ranked.index, *(column.tolist() for column in columns), strict=True):
        if node in copy:
            data = copy.nodes[node]
            data[measure] = value
            data[f"{measure}_rank"] = rank if size == 1 else rank_text(rank, rank + size - 1)
            data[f"{measure}_rank_interval"] = f"{low}\N{EN DASH}{high}"
    return copy
