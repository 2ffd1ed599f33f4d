"""The picture of consortia and their members on the first page: an SVG file that needs no other."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from chaingraph import languages, networks
from chaingraph.briefing.network_picture import network_picture
from chaingraph.webpage.attributes import node_name

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.store import KnowledgeGraph

MOST_NODES = 240
"""Nodes in the picture, more than which nobody could tell apart."""

_LINE = 22.0
_STYLE = (
    "svg{font-family:'Source Sans 3','Noto Sans','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif}"
    "@media(prefers-color-scheme:dark){g[font-size]{fill:#e8e4da}g[stroke='#c9c4b5']{stroke:#5a564c}"
    "g[stroke='#fff']{stroke:#22211d}.extent{fill:#b5ae9f}}"
)


def membership_picture(kg: KnowledgeGraph, language: str) -> bytes:
    """Return the picture as SVG: the consortia with most members known by name, as many as fit, and how many these are.

    Args:
        kg: The graph.
        language: The language of the names, zh or en.
    """
    network = networks.PROJECTIONS["affiliation"].function(kg)
    part, drawn, total = _largest(network)
    words = languages.words("chaingraph.endpoint.pages")[language]
    names = {node: node_name(node, attributes)[language] for node, attributes in part.nodes(data=True)}
    picture = network_picture(part, lambda node: _kind(part, node), names.__getitem__)
    text = words["picture_extent"].format(drawn=f"{drawn:,}", total=f"{total:,}")
    picture = replace(picture, height=picture.height + _LINE)
    svg = picture.svg(words["picture_alt"]).replace(
        "<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" width="{picture.width:g}" height="{picture.height:g}" ', 1
    )
    place = f'x="12" y="{picture.height - 8:g}" font-size="12" fill="#6b6558"'
    return svg.replace(
        "</svg>", f'<text class="extent" {place}>{escape(text)}</text><style>{_STYLE}</style></svg>'
    ).encode()


def _largest(network: nx.Graph[str]) -> tuple[nx.Graph[str], int, int]:
    """Return the part of the largest consortia that has few enough nodes, their number, and that of all consortia."""
    consortia = [node for node, attributes in network.nodes(data=True) if attributes.get("type") == "Consortium"]
    nodes: set[str] = set()
    drawn = 0
    for node in sorted(consortia, key=lambda one: (-network.degree(one), one)):
        more = {node, *network.neighbors(node)}
        if network.degree(node) == 0 or len(nodes | more) > MOST_NODES:
            continue
        nodes |= more
        drawn += 1
    return network.subgraph(nodes), drawn, len(consortia)


def _kind(network: nx.Graph[str], node: str) -> str:
    """Return what a node is, a key of the picture's colours."""
    attributes = network.nodes[node]
    if attributes.get("type") == "Consortium":
        return "consortium"
    return "leading" if attributes.get("leading") else "member"
