"""From a network to the model of its page, step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx

from chaingraph import layout as layouts
from chaingraph.errors import NetworkError
from chaingraph.languages import HAN, LANGUAGES, Language, check_language, in_both
from chaingraph.webpage.attributes import (
    attribute_names,
    attribute_uses,
    clean_text,
)
from chaingraph.webpage.community_network import community_network
from chaingraph.webpage.document import Page
from chaingraph.webpage.drawing import drawn, is_large
from chaingraph.webpage.legend import legend_of, shows_communities
from chaingraph.webpage.model import Drawing, Overview, PageModel, Step, Tie
from chaingraph.webpage.node_rows import datasets_of, nodes_of
from chaingraph.webpage.overview import MOST_NODES, OVERVIEW_FROM, overview
from chaingraph.webpage.shared_values import SharedRecords
from chaingraph.webpage.sizes import radii_of, sizes, unknown_attribute
from chaingraph.webpage.summary import Reading, community_introduction, introduction, labelled_first
from chaingraph.webpage.ties import ties_of
from chaingraph.webpage.views import circles_of, line_of, views_of
from chaingraph.webpage.words import Text, page_words, words


@dataclass(frozen=True)
class View:
    """How a network is shown: the options of `chaingraph.page`."""

    language: Language
    title: str | Mapping[str, str] | None
    colour: str
    size: str | Mapping[Hashable, float]
    group: str | None
    layout: str
    seed: int
    isolates: bool = False
    steps: tuple[Step, ...] = ()
    chain_map: Page | None = None


def page_language(network: nx.Graph[Any], language: str | None) -> Language:
    """Return the language that a page starts in: the one given, else that of the graph.

    The graph's is its attribute ``language`` (English, if that is neither Chinese nor English), else the one that more
    nodes have a name in, English where as many have; a graph without names is in Chinese. A ``label`` alone is Chinese
    if it has a Chinese character.

    Raises:
        UnknownLanguageError: The language given is neither zh nor en.

    >>> graph = nx.Graph()
    >>> graph.add_node("a", label_en="Alpha")
    >>> page_language(graph, None), page_language(graph, "zh")
    ('en', 'zh')
    """
    if language is not None:
        check_language(language)
        return "en" if language == "en" else "zh"
    tag = str(network.graph.get("language") or "").lower()
    if tag:
        return "zh" if tag.startswith("zh") else "en"
    counts: Counter[str] = Counter()
    for _, attributes in network.nodes(data=True):
        names = [one for one in LANGUAGES if attributes.get(f"label_{one}")]
        if not names and attributes.get("label"):
            names = ["zh" if HAN.search(str(attributes["label"])) else "en"]
        counts.update(names)
    return "en" if counts["en"] and counts["en"] >= counts["zh"] else "zh"


def page_layout(network: nx.Graph[Any], layout: str | None, group: str | None) -> str:
    """Return the layout of a page: the one given, else two modes for memberships, and communities for all others.

    A large network, which opens with its communities, and one with groups of its own are laid out by these.

    >>> graph = nx.Graph()
    >>> graph.add_nodes_from([("a", {"bipartite": 0}), ("c", {"bipartite": 1})])
    >>> graph.add_edge("a", "c")
    >>> page_layout(graph, None, None), page_layout(graph, "map", None), page_layout(nx.Graph(), None, None)
    ('two-mode', 'map', 'communities')
    """
    if layout is not None:
        return layout
    modes = nx.get_node_attributes(network, "bipartite")
    is_small = group is None and len(network) <= OVERVIEW_FROM
    has_both = is_small and any(modes.get(one) != modes.get(other) for one, other in network.edges())
    return "two-mode" if has_both else "communities"


def page_model(network: nx.Graph[Any], view: View) -> PageModel:
    """Return the model of a network's page; of a network too large for one, that of its communities.

    Raises:
        NetworkError: There is no layout or attribute of that name; the message lists those that there are.
    """
    nodes = sorted(network, key=str)
    groups = _groups(network, nodes, view.group)
    if len(nodes) > MOST_NODES:
        return _community_model(network, nodes, view, groups)
    values = sizes(network, view.size)
    radii = radii_of(values)
    arrangement = layouts.arrangement(network, layout=view.layout, seed=view.seed, groups=groups, radii=radii)
    return _model(network, nodes, view, values, arrangement)


def _community_model(
    network: nx.Graph[Any],
    nodes: Sequence[Hashable],
    view: View,
    groups: Mapping[Hashable, Hashable] | None,
) -> PageModel:
    circles = layouts.community_circles(network, seed=view.seed, groups=groups)
    communities, places = community_network(network, nodes, circles, view.colour)
    community_view = replace(view, size="nodes", group=None, layout="communities")
    model = _model(communities, sorted(communities), community_view, sizes(communities, "nodes"), places)
    text = community_introduction(network, len(communities))
    views = replace(model.views, encoding=words()["condensed_encoding"])
    return replace(model, introduction=text, views=views)


def _model(
    network: nx.Graph[Any],
    nodes: Sequence[Hashable],
    view: View,
    values: Mapping[Hashable, float],
    arrangement: layouts.Arrangement,
) -> PageModel:
    radii = radii_of(values)
    legend = legend_of(network, nodes, view.colour, _communities(network, view, radii, arrangement))
    shared = SharedRecords()
    page_nodes = nodes_of(network, nodes, legend, None if isinstance(view.size, str) else values, shared)
    ties, relations, weights = ties_of(network, nodes, shared)
    communities = overview(network, nodes, arrangement) if view.layout == "communities" else None
    drawing = _drawing(network, nodes, arrangement, radii, ties, weights, communities)
    drawing = replace(drawing, isolates=view.isolates)
    reading = _reading(view, arrangement, drawing)
    return PageModel(
        language=view.language,
        title=_title(network, view.title),
        introduction=introduction(network, reading),
        datasets=datasets_of(network),
        nodes=page_nodes,
        ties=ties,
        relations=relations,
        attributes=tuple(shared.attributes.values),
        quotes=tuple(shared.quotes.values),
        legend=legend.legend,
        drawing=drawing,
        overview=communities,
        directed=network.is_directed(),
        undirected_paths=network.graph.get("direction") == "ignored",
        words=page_words(),
        attribute_names=attribute_names(),
        attribute_uses=attribute_uses(),
        views=views_of(network, nodes, reading, radii, view.seed),
        steps=view.steps,
        chain_map=_on_chain_map(nodes, view.chain_map),
    )


def _on_chain_map(nodes: Sequence[Hashable], chain_map: Page | None) -> tuple[int, ...] | None:
    """The positions of the nodes that the chain map has; None where the page has no chain map."""
    if chain_map is None:
        return None
    return tuple(index for index, node in enumerate(nodes) if clean_text(node) in chain_map.identifiers)


def _groups(network: nx.Graph[Any], nodes: list[Hashable], group: str | None) -> dict[Hashable, Hashable] | None:
    """The value of the attribute of each node; raises NetworkError where no node has one."""
    if group is None:
        return None
    groups = {node: network.nodes[node].get(group) or None for node in nodes}
    if nodes and not any(groups.values()):
        raise NetworkError(unknown_attribute(network, "group", group))
    return groups


def _communities(
    network: nx.Graph[Any], view: View, radii: Mapping[Hashable, float], arrangement: layouts.Arrangement
) -> layouts.Arrangement | None:
    """The arrangement by communities where colours show these, whatever the layout is."""
    if not shows_communities(network, view.colour):
        return None
    if view.layout == "communities" and not view.group:
        return arrangement
    return layouts.arrangement(network, seed=view.seed, radii=radii)


def _drawing(
    network: nx.Graph[Any],
    nodes: Sequence[Hashable],
    arrangement: layouts.Arrangement,
    radii: Mapping[Hashable, float],
    ties: Sequence[Tie],
    weights: Sequence[int],
    communities: Overview | None,
) -> Drawing:
    places = [arrangement.positions[node] for node in nodes]
    drawn_nodes, drawn_ties, options = drawn(
        places, [radii[node] for node in nodes], ties, weights, directed=network.is_directed()
    )
    position = {node: index for index, node in enumerate(nodes)}
    return Drawing(
        nodes=drawn_nodes,
        edges=drawn_ties,
        options=options,
        labelled=tuple(position[node] for node in labelled_first(network)),
        circles=() if communities else circles_of(arrangement),
        lines=tuple(line_of(line) for line in arrangement.lines),
        swappable=arrangement.swappable,
        economical=is_large(len(nodes), len(ties)),
    )


def _reading(view: View, arrangement: layouts.Arrangement, drawing: Drawing) -> Reading:
    by_community = view.layout == "communities" and not view.group
    return Reading(
        colour=None if view.colour == "type" else view.colour,
        size=view.size if isinstance(view.size, str) else "value",
        group=view.group,
        layout=view.layout,
        circles=bool(drawing.circles),
        communities=[count for *_, count in arrangement.circles] if by_community else [],
        left_out=arrangement.left_out,
        isolates=view.isolates or len(drawing.nodes) > OVERVIEW_FROM,
    )


def _title(network: nx.Graph[Any], title: str | Mapping[str, str] | None) -> Text:
    """The title that was given, else those of the data set, if there is one, and of the network."""
    if title is not None:
        texts = dict.fromkeys(LANGUAGES, title) if isinstance(title, str) else title
        return {language: clean_text(text) for language, text in in_both(texts).items()}
    name = in_both({"zh": network.graph.get("name_zh"), "en": network.graph.get("name")})
    datasets = datasets_of(network)
    own = datasets[0].title if len(datasets) == 1 else dict.fromkeys(LANGUAGES, "")
    parts = {language: [text for text in (own[language], name[language]) if text] for language in LANGUAGES}
    return {
        language: " · ".join(clean_text(text) for text in parts[language]) or words()["page"][language]["name"]
        for language in LANGUAGES
    }
