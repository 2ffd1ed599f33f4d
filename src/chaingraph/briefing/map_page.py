"""The chain map: who holds which stage of an industrial chain, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.briefing.map_builder import map_model
from chaingraph.webpage.document import Assets, Page, document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.briefing.map_model import MapModel
    from chaingraph.languages import Language
    from chaingraph.store import KnowledgeGraph

SCRIPTS = (
    "holders.js",
    "layout.js",
    "routes.js",
    "view.js",
    "filters.js",
    "host.js",
    "panel.js",
    "paint.js",
    "exports.js",
    "map.js",
)
"""The scripts of the chain map in the order in which they run, after the shared ones."""
EXPORTS = ("png", "svg", "csv", "json", "print")


def chain_map(
    kg: KnowledgeGraph,
    chain: str | None = None,
    *,
    language: Language | None = None,
    title: str | Mapping[str, str] | None = None,
    network_page: str = "",
) -> Page:
    """Draw who holds which stage of an industrial chain, on one page that works offline, in Chinese and English.

    The map has the columns upstream, midstream, downstream and not stated, a box per stage in their order, and in it a
    card per organization, consortium, platform or region that holds the stage, by a role or by supplying a product at
    it. Arrows show what follows what, and what is an input of what. A holder that is named is known; where only a
    region is named, the stage is reported there. Nothing is added to what the graph states: of a stage without a card
    nobody is known to hold it.

    Args:
        kg: The graph.
        chain: Only this chain: its IRI, short IRI or a name that it alone has; all chains if None.
        language: The language that the page opens in, zh or en; that of the graph if None.
        title: The heading, one text or a mapping of ``zh`` and ``en``; the names of the chains if None.
        network_page: The address of a page of the network (:func:`chaingraph.page`) of the same graph, such as
            ``network.html`` in the same folder; the panel then leads to the same thing there.

    Raises:
        UnknownThingError: No chain in the graph has this IRI or name.
        AmbiguousNameError: Several chains have this name; they are listed.
        UnknownLanguageError: The language is neither zh nor en.
        UsageError: ``network_page`` is neither a name nor an address of the web.

    Example:
        >>> import chaingraph as cg
        >>> from chaingraph.resources import sample
        >>> cg.chain_map(cg.open(sample("jiangsu-2022")), "集成电路产业链").html[:15]
        '<!DOCTYPE html>'
    """
    return page_of_map(map_model(kg, chain, language=language, title=title, network_page=network_page))


def page_of_map(model: MapModel) -> Page:
    """Return the page that shows the model of a chain map."""
    assets = Assets("chaingraph.briefing", "chain_map.html.j2", "chain_map.css", SCRIPTS, EXPORTS)
    positions = {holder.node for holder in model.holders} | {
        node for chain in model.chains for node in (chain.node, *(box.node for box in chain.boxes)) if node is not None
    }
    return document(model, assets, frozenset(model.nodes[position].id for position in positions))
