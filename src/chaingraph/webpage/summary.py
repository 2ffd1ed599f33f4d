"""What the page says at its start: the only place that finds who and what to name first, from the network alone."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import Any

import networkx as nx

from chaingraph.webpage import attributes as records

NAMED = 10
"""How many of the best connected are labelled before all others."""
TOLD = 3
"""How many of a part the sentence names."""
_PART = 0.1
"""Share of the nodes from which on a part that nothing ties to the largest one has names of its own."""
_LONGEST = 30
_FEWEST_COMMUNITIES = 5


def best_connected(network: nx.Graph[Any], among: Collection[Hashable] | None = None) -> list[Hashable]:
    """Return the ten organizations with most ties, of a network without classes the ten nodes; most ties first.

    Parallel ties count each. Who has no tie is not named; of equals the first by identifier. ``among`` are the nodes
    that can be named.

    >>> best_connected(nx.Graph([("a", "b"), ("b", "c")]))
    ['b', 'a', 'c']
    """
    nodes = network if among is None else among
    named = [node for node in nodes if network.nodes[node].get("type") == "Organization"] or list(nodes)
    degrees = dict(network.degree(named))
    ranked = sorted((node for node in named if degrees[node]), key=lambda node: (-degrees[node], str(node)))
    return ranked[:NAMED]


def other_parts(network: nx.Graph[Any]) -> list[set[Hashable]]:
    """Return the components beside the largest that hold at least a tenth of the nodes, largest first."""
    undirected = network.to_undirected(as_view=True)
    found = sorted(nx.connected_components(undirected), key=lambda part: (-len(part), min(map(str, part))))
    return [part for part in found[1:] if len(part) >= max(TOLD, _PART * len(network))]


def labelled_first(network: nx.Graph[Any]) -> list[Hashable]:
    """Return the ten best-connected and the three best-connected of each other part, without repetition."""
    others = [node for part in other_parts(network) for node in best_connected(network, part)[:TOLD]]
    return list(dict.fromkeys(best_connected(network) + others))


def sentences(network: nx.Graph[Any], sizes: Sequence[int], language: str) -> str:
    """Return who is best connected and how much the three largest communities hold; empty where nothing is tied.

    ``sizes`` has the number of nodes of each community, none if circles show something else.

    >>> sentences(nx.Graph([("a", "b"), ("b", "c")]), [3], "en")
    ' Best connected: b (2 ties), a (1 tie), c (1 tie).'
    """
    words = records.words()["sentences"][language]
    first = best_connected(network)[:TOLD]
    if not first:
        return ""
    said = words["best"].format(names=_told(network, first, language))
    for part in other_parts(network):
        names = [node for node in best_connected(network, part)[:TOLD] if node not in first]
        if names:
            said += words["apart"].format(nodes=f"{len(part):,}", names=_told(network, names, language))
    said += words["stop"]
    if len(sizes) >= _FEWEST_COMMUNITIES:
        share = sum(sorted(sizes)[-TOLD:]) / len(network)
        said += words["largest"].format(count=len(sizes), share=f"{share:.0%}".rstrip("%"))
    return str(said)


def _told(network: nx.Graph[Any], nodes: Sequence[Hashable], language: str) -> str:
    words = records.words()["sentences"][language]
    told = []
    for node in nodes:
        name = records.names(node, network.nodes[node])[language == "en"]
        short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        ties = network.degree(node)
        told.append(words["connected"].format(name=short, ties=f"{ties:,}", unit=words["tie" if ties == 1 else "ties"]))
    return str(words["listed"].join(told))
