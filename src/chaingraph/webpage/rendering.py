"""The page of a network: its files, and the function that draws it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import networkx as nx

from chaingraph.webpage.builder import View, page_language, page_layout, page_model
from chaingraph.webpage.document import Assets, Page, document
from chaingraph.webpage.drawing import vis_network_script
from chaingraph.webpage.steps import Steps, steps_of

SCRIPTS = (
    "visibility.js",
    "map.js",
    "labels.js",
    "camera.js",
    "expansion.js",
    "panel.js",
    "filters.js",
    "legend.js",
    "focus.js",
    "path.js",
    "table.js",
    "picture.js",
    "exports.js",
    "overview.js",
    "discs.js",
    "colours.js",
    "arrangement.js",
    "view_panel.js",
    "chain_view.js",
    "story.js",
    "story_editor.js",
    "page.js",
)
"""The scripts of the page of a network in the order in which they run, after the shared ones."""
EXPORTS = ("png", "svg", "nodes", "ties", "json", "print")


def page(
    network: nx.Graph[Any],
    *,
    title: str | Mapping[str, str] | None = None,
    language: str | None = None,
    colour: str = "type",
    size: str | Mapping[Hashable, float] = "degree",
    group: str | None = None,
    layout: str | None = None,
    seed: int = 0,
    isolates: bool = False,
    steps: Steps = (),
    chain_map: Page | None = None,
) -> Page:
    """Draw the network on one page that works offline, in Chinese and English.

    The page reads of a node: ``label``, ``label_zh``, ``label_en``, ``type`` (a class of the ontology), ``kind``,
    ``region``, ``industry``, ``dataset``, ``leading``, ``quotes``; of a tie: ``relation`` (``_zh``, ``_en``),
    ``quotes``, and its first whole number as width; of the graph: ``name``, ``name_zh``, ``language``, ``datasets``.
    All may be missing, and any other scalar is shown as it is. The network is not changed.

    Args:
        network: Any networkx graph, directed or not, parallel edges or not.
        title: The heading, one text or a mapping of ``zh`` and ``en``; else the data set's title and the projection.
        language: The language that the page starts in, zh or en; else that of the graph: its attribute ``language``, or
            the one that more nodes have names in.
        colour: The node attribute that colours show.
        size: The numeric node attribute that areas show, ``degree``, or a number for each node.
        group: The node attribute that puts nodes into one circle, instead of communities.
        layout: The name of a layout in `chaingraph.layout`; else two-mode for a network of two modes, and communities.
        seed: Seed of the layout: the same network and seed give the same bytes.
        isolates: Whether nodes without a tie are drawn from the start; else one chip has their number, and draws them.
        steps: Views with a title and a text that the reader walks through in turn: a file of steps, which the page
            saves too, or a list of mappings with ``title``, ``text`` and ``view`` (see `chaingraph.webpage.steps`).
        chain_map: The chain map of the same graph (:func:`chaingraph.chain_map`), as another view of the page: a card
            leads to the same thing in the network, and back.

    Raises:
        NetworkError: For a layout or attribute that does not exist; the message lists those that do.
        UnknownLanguageError: The language is neither zh nor en.
        UnreadableError: The steps are not in their form.

    Example:
        >>> page(nx.Graph([("a", "b")])).html[:15]
        '<!DOCTYPE html>'
    """
    arrangement = page_layout(network, layout, group)
    start = page_language(network, language)
    view = View(start, title, colour, size, group, arrangement, seed, isolates, steps_of(steps), chain_map)
    assets = Assets("chaingraph.webpage", "network.html.j2", "network.css", SCRIPTS, EXPORTS, vis_network_script())
    return document(page_model(network, view), assets, inset=chain_map)
