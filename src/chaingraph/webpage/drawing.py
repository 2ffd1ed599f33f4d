"""What vis-network draws, as a pyvis network has it; pyvis, which only this module imports, carries the script too."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files

from chaingraph.webpage.model import Curve, DrawnNode, DrawnTie, Tie

LARGE = 3_000
"""From this number of nodes or twice as many ties on, drawing is economical."""
MOST_ARROWS = 800
"""Of more ties none has an arrow head: thousands darken every hub. The ties of the node that is selected have them."""
WIDEST = 7.0
_BEND = 0.18
"""How much farther each of several parallel ties is bent than the one before."""


def is_large(nodes: int, ties: int) -> bool:
    """Tell whether a network of that size is drawn economically."""
    return nodes > LARGE or ties > 2 * LARGE


def drawn(
    places: Sequence[tuple[float, float]],
    radii: Sequence[float],
    ties: Sequence[Tie],
    weights: Sequence[int],
    *,
    directed: bool,
) -> tuple[tuple[DrawnNode, ...], tuple[DrawnTie, ...], Mapping[str, object]]:
    """Return the nodes, the ties and the options of vis-network, as they come out of a pyvis network.

    Args:
        places: x and y of each node.
        radii: The radius of each node.
        ties: The ties.
        weights: What each tie counts; its width grows with the logarithm.
        directed: Whether the ties have a direction.
    """
    # Importing pyvis imports IPython: that only those should pay who make a page.
    from pyvis.network import Network

    network = Network(directed=directed)
    # Its lists are filled directly: add_edge looks through all edges, and drops parallel ones.
    network.nodes = [
        DrawnNode(id=index, x=round(x, 1), y=round(y, 1), size=radius)
        for index, ((x, y), radius) in enumerate(zip(places, radii, strict=True))
    ]
    network.edges = _drawn_ties(ties, weights)
    network.options = _options(large=is_large(len(places), len(ties)), arrows=directed and len(ties) <= MOST_ARROWS)
    return tuple(network.nodes), tuple(network.edges), network.options


def _drawn_ties(ties: Sequence[Tie], weights: Sequence[int]) -> list[DrawnTie]:
    widths = _widths(weights)
    curves = _curves(ties)
    edges: list[DrawnTie] = []
    for index, tie in enumerate(ties):
        edge: DrawnTie = {"id": index, "from": tie.source, "to": tie.target}
        if weights[index] > 1:
            edge["width"] = widths[index]
        if index in curves:
            edge["smooth"] = curves[index]
        edges.append(edge)
    return edges


def _widths(weights: Sequence[int]) -> list[float]:
    """One for a weight of 1, and as much more for each doubling as lets the heaviest be no wider than the widest."""
    doublings = math.log2(max(weights, default=1))
    per_doubling = min(1.1, (WIDEST - 1) / max(1.0, doublings))
    return [round(1 + per_doubling * math.log2(weight), 2) for weight in weights]


def _curves(ties: Sequence[Tie]) -> dict[int, Curve]:
    """Parallel ties spread like a fan, so that each can be seen and clicked; by position of the tie."""
    pairs = Counter((min(tie.source, tie.target), max(tie.source, tie.target)) for tie in ties)
    before: Counter[tuple[int, int]] = Counter()
    curves: dict[int, Curve] = {}
    for index, tie in enumerate(ties):
        pair = (min(tie.source, tie.target), max(tie.source, tie.target))
        if pairs[pair] > 1 and tie.source != tie.target:
            bend = (before[pair] - (pairs[pair] - 1) / 2) * _BEND * (1 if tie.source < tie.target else -1)
            if bend:
                kind = "curvedCW" if bend > 0 else "curvedCCW"
                curves[index] = Curve(enabled=True, type=kind, roundness=round(abs(bend), 3))
        before[pair] += 1
    return curves


def _options(*, large: bool, arrows: bool) -> dict[str, object]:
    return {
        "autoResize": True,
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "nodes": {"shape": "custom", "chosen": False, "borderWidth": 0},
        "edges": {
            "smooth": False,
            "chosen": False,
            "width": 1,
            "selectionWidth": 0,
            "hoverWidth": 0,
            "arrows": {"to": {"enabled": arrows, "scaleFactor": 0.3}},
        },
        "interaction": {
            "hover": True,
            "hoverConnectedEdges": False,
            "selectConnectedEdges": False,
            "multiselect": False,
            "hideEdgesOnDrag": large,
            "hideEdgesOnZoom": large,
            "dragNodes": not large,
            "keyboard": {"enabled": False},
            "tooltipDelay": 100000,
            "zoomSpeed": 0.7,
        },
    }


def vis_network_script() -> str:
    """Return vis-network as pyvis carries it, in the newest version, without the address of its source map."""
    folders = [folder for folder in files("pyvis").joinpath("lib").iterdir() if folder.name.startswith("vis-")]
    newest = max(folders, key=lambda folder: [int(part) for part in folder.name.removeprefix("vis-").split(".")])
    source = newest.joinpath("vis-network.min.js").read_text(encoding="utf-8")
    return source.rsplit("//# sourceMappingURL=", 1)[0].rstrip() + "\n"
