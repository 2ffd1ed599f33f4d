"""What lies around one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.errors import UsageError, excerpt
from chaingraph.messages import tr
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    import networkx as nx

_TOO_WIDE = ("Region", "Industry")
"""Classes that end a path: through a region or an industry everything within it would be reached."""


def neighbourhood(network: nx.MultiDiGraph[str], centre: str, steps: int) -> nx.MultiDiGraph[str]:
    """Return the nodes within so many steps of a thing and the ties between them, whichever way these point.

    Regions and industries are reached but not passed through, unless the thing is one.

    Args:
        network: The whole graph.
        centre: The thing, by its IRI or short name.
        steps: How far.

    Raises:
        UsageError: The network has no such thing.
    """
    node = short_name(centre)
    if node not in network:
        message = tr(
            "no thing of the graph is '{centre}'; expected the IRI or short name of one", centre=excerpt(centre, 200)
        )
        raise UsageError(message)
    reached = border = {node}
    for _ in range(steps):
        passable = [one for one in border if one == node or network.nodes[one].get("type") not in _TOO_WIDE]
        adjacent = {other for one in passable for other in (*network.successors(one), *network.predecessors(one))}
        border = adjacent - reached
        reached = reached | border
    part: nx.MultiDiGraph[str] = network.subgraph(reached).copy()
    attributes = network.nodes[node]
    part.graph["name"] = f"around {attributes.get('label_en', attributes['label'])}"
    part.graph["name_zh"] = f"{attributes.get('label_zh', attributes['label'])}的周围"
    return part
