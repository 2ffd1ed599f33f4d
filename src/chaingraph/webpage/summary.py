"""The introduction of a page: what one sees, how to read it, and who is best connected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx

from chaingraph.languages import LANGUAGES
from chaingraph.provenance import left_out
from chaingraph.webpage.attributes import attribute_name, class_of, leaders, node_name
from chaingraph.webpage.legend import class_order, class_words
from chaingraph.webpage.node_rows import counts_of
from chaingraph.webpage.words import Text, page_words, words

MOST_LABELS = 10
"""How many of the best connected are labelled before all others."""
MOST_NAMES = 3
"""How many nodes of a component the introduction names."""
_LEAST_SHARE = 0.1
"""Share of the nodes from which on a component beside the largest one has names of its own."""
_LONGEST_NAME = 30
_ISOLATES = {"without_membership", "no_direction"}
"""The reasons for which a layout has no place for nodes that are without a tie."""
_FEWEST_COMMUNITIES = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What the introduction explains.

    ``colour``, ``size`` and ``group`` are the attributes that colours (None: the class), areas and circles show;
    ``circles`` tells whether circles are drawn. ``communities`` are the numbers of nodes of the communities, none if
    the layout has none; ``left_out`` counts, by reason, the nodes that the layout has no place for; ``isolates`` tells
    whether nodes without a tie are drawn.
    """

    colour: str | None
    size: str
    group: str | None
    layout: str
    circles: bool
    communities: Sequence[int]
    left_out: Mapping[str, int]
    isolates: bool = True


def best_connected(network: nx.Graph[Any], among: Collection[Hashable] | None = None) -> list[Hashable]:
    """Return the ten organizations with most ties, of a network without classes the ten nodes; most ties first.

    Parallel ties count each. A node without ties is left out; of equals the first by identifier comes first. ``among``
    are the nodes to choose from.

    >>> best_connected(nx.Graph([("a", "b"), ("b", "c")]))
    ['b', 'a', 'c']
    """
    candidates = candidates_of(network, among)
    degrees: dict[Hashable, int] = dict(network.degree(candidates))
    order = sorted((node for node in candidates if degrees[node]), key=lambda node: (-degrees[node], str(node)))
    return order[:MOST_LABELS]


def candidates_of(network: nx.Graph[Any], among: Collection[Hashable] | None = None) -> list[Any]:
    """Return the nodes that are compared by their ties: the organizations, or all where there are none."""
    nodes = network if among is None else among
    return [node for node in nodes if network.nodes[node].get("type") == "Organization"] or list(nodes)


def other_components(network: nx.Graph[Any]) -> list[set[Hashable]]:
    """Return the components beside the largest that have at least a tenth of the nodes, largest first."""
    undirected = network.to_undirected(as_view=True)
    components = sorted(nx.connected_components(undirected), key=lambda part: (-len(part), min(map(str, part))))
    return [part for part in components[1:] if len(part) >= max(MOST_NAMES, _LEAST_SHARE * len(network))]


def labelled_first(network: nx.Graph[Any]) -> list[Hashable]:
    """Return what is labelled before all others: the consortia and their leads with most ties, ten of each.

    After them the ten best-connected nodes, and the three best-connected of each other component; none twice.
    """
    attributes = network.nodes
    consortia = [node for node in network if attributes[node].get("type") == "Consortium"]
    leading = leaders(network)
    first = [node for group in (consortia, leading) if group for node in best_connected(network, group)]
    others = [node for part in other_components(network) for node in best_connected(network, part)[:MOST_NAMES]]
    return list(dict.fromkeys(first + best_connected(network) + others))


def introduction(network: nx.Graph[Any], reading: Reading) -> Text:
    """Return what the page says at its top, in both languages."""
    if not network:
        return {language: words()["sentences"][language]["empty"] for language in LANGUAGES}
    return {
        language: _counts(network, language)
        + encoding(network, reading, language)
        + layout_reading(network, reading, language)
        + ("" if reading.isolates else _folded(network, language))
        + best_and_largest(network, reading.communities, language)
        + reported_and_omitted(network, language)
        for language in LANGUAGES
    }


def reported_and_omitted(network: nx.Graph[Any], language: str) -> str:
    """Return of whom sources report how many, what the network left out, and what it has without a date.

    >>> graph = nx.Graph(undated=3)
    >>> graph.add_node("c", label="C", reported='[{"counts": "organizations", "reported": 20, "known": 2}]')
    >>> reported_and_omitted(graph, "en")
    ' Sources report 20 organizations of C; 2 are known by name. Drawn without a date: 3 rows.'
    """
    sentences = words()["sentences"][language]
    text = _reported(network, language)
    omitted = sorted((reason, count) for reason, count in left_out(network).items() if count)
    if omitted:
        reasons = words()["omitted"]
        names = {reason: reasons[reason][language] if reason in reasons else reason for reason, _ in omitted}
        parts = [
            sentences["omitted_part"].format(reason=names[reason], count=f"{count:,}") for reason, count in omitted
        ]
        text += sentences["omitted"].format(parts=sentences["comma"].join(parts))
    undated = network.graph.get("undated", 0)
    return text + (sentences["undated"].format(count=f"{undated:,}") if undated else "")


def _reported(network: nx.Graph[Any], language: str) -> str:
    """Return of whom sources report how many organizations, the largest numbers first, against those known by name."""
    sentences, own = words()["sentences"][language], page_words()[language]
    counts = [
        (one.reported, str(node), node, one)
        for node, attributes in network.nodes(data=True)
        for one in counts_of(attributes)
        if one.counts == "organizations" and one.known is not None
    ]
    parts = []
    for reported, _, node, one in sorted(counts, key=lambda count: (-count[0], count[1]))[:MOST_NAMES]:
        name = node_name(node, network.nodes[node])[language]
        number = str(own.get(f"qualifier_{one.qualifier}", "{count}")).format(count=f"{reported:,}")
        parts.append({"name": name, "reported": number, "known": f"{one.known:,}"})
    if len(counts) <= 1:
        return "".join(sentences["reported"].format(**part) for part in parts)
    names = sentences["listed"].join(sentences["reported_part"].format(**part) for part in parts)
    more = sentences["and_more"] if len(counts) > len(parts) else ""
    return str(sentences["reported_several"].format(count=f"{len(counts):,}", names=names + more))


def community_introduction(network: nx.Graph[Any], communities: int) -> Text:
    """Return what the page of a network says that shows its communities only."""
    counts = {"nodes": len(network), "ties": network.number_of_edges(), "communities": communities}
    texts = {name: f"{count:,}" for name, count in counts.items()}
    sentences, encodings = words()["sentences"], words()["condensed_encoding"]
    return {
        language: sentences[language]["condensed"].format(**texts) + encodings[language] + sentences[language]["end"]
        for language in LANGUAGES
    }


def _counts(network: nx.Graph[Any], language: str) -> str:
    """How many nodes of which class and how many ties there are."""
    sentences = words()["sentences"][language]
    counts = Counter(class_of(attributes) for _, attributes in network.nodes(data=True))
    parts = []
    for name in class_order(counts):
        entry = class_words(name)
        text = entry["zh"] if language == "zh" else entry["en"][counts[name] != 1]
        parts.append(sentences["class"].format(count=f"{counts[name]:,}", name=text))
    nodes = sentences["comma"].join(parts[:-1]) + (sentences["and"] if len(parts) > 1 else "") + parts[-1]
    ties = f"{network.number_of_edges():,}"
    if language == "en":
        ties += " " + sentences["tie" if network.number_of_edges() == 1 else "ties"]
    return str(sentences["counts"].format(nodes=nodes, ties=ties))


def encoding(network: nx.Graph[Any], reading: Reading, language: str) -> str:
    """Return what colour, shape and size show; the scripts of the page say the same of what the reader chooses.

    >>> encoding(nx.Graph([("a", "b")]), Reading(None, "degree", None, "communities", False, [], {}), "en")
    ' Area shows the number of ties'
    """
    sentences = words()["sentences"][language]
    several = len({class_of(attributes) for _, attributes in network.nodes(data=True)}) > 1
    colour, shape = "", ""
    if reading.colour:
        colour = sentences["by_attribute"].format(colour=attribute_name(reading.colour)[language])
    if several:
        shape = sentences["by_shape" if reading.colour else "by_class"]
    area = sentences["size"].format(size=attribute_name(reading.size)[language])
    area = area if colour or shape else _capitalized(area)
    return str(colour + shape + area)


def _places(network: nx.Graph[Any], language: str) -> str:
    """Where the places of the nodes on a map are from; empty where all have coordinates of their own."""
    sentences, comma = words()["places"][language], words()["sentences"][language]["comma"]
    counts = Counter(
        str(data.get("place") or "own")
        for _, data in network.nodes(data=True)
        if data.get("latitude") is not None and data.get("longitude") is not None
    )
    if set(counts) <= {"own"}:
        return ""
    parts = [
        sentences["part"].format(name=sentences.get(place, place), count=f"{count:,}")
        for place, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return str(sentences["all"].format(parts=comma.join(parts)))


def layout_reading(network: nx.Graph[Any], reading: Reading, language: str) -> str:
    """Return how to read the places of the nodes, and how many the layout has no place for."""
    sentences = words()["sentences"][language]
    if reading.layout != "communities":
        cycles = reading.layout == "chain" and reading.circles
        text = words()["layouts"][language][reading.layout] + (sentences["cycles"] if cycles else "")
    elif not reading.circles:
        text = sentences["end"]
    elif reading.group:
        text = sentences["groups"].format(group=attribute_name(reading.group)[language])
    else:
        text = sentences["communities"]
    reasons = words()["left_out"][language]
    counts = sorted(one for one in reading.left_out.items() if reading.isolates or one[0] not in _ISOLATES)
    text += "".join(reasons[reason].format(count=f"{count:,}") for reason, count in counts)
    return text + (_places(network, language) if reading.layout == "map" else "")


def _folded(network: nx.Graph[Any], language: str) -> str:
    """How many nodes without a tie are not drawn at first; empty if there are none, or nothing else."""
    count = sum(degree == 0 for _, degree in network.degree())
    text = words()["sentences"][language]["folded"].format(count=f"{count:,}")
    return text if 0 < count < len(network) else ""


def best_and_largest(network: nx.Graph[Any], sizes: Sequence[int], language: str) -> str:
    """Return who is best connected and how large the three largest communities are; empty for a network without ties.

    ``sizes`` has the number of nodes of each community, none if circles show something else.

    >>> best_and_largest(nx.Graph([("a", "b"), ("b", "c")]), [3], "en")
    ' Best connected: b (2 ties), a (1 tie), c (1 tie).'
    >>> best_and_largest(nx.cycle_graph(6), [], "en")
    ' Best connected, 6 share first place with 2 ties: 0, 1, 2 and others.'
    """
    sentences = words()["sentences"][language]
    first = best_connected(network)[:MOST_NAMES]
    if not first:
        return ""
    text = _first_places(network, first, language)
    for part in other_components(network):
        nodes = [node for node in best_connected(network, part)[:MOST_NAMES] if node not in first]
        if nodes:
            text += sentences["apart"].format(nodes=f"{len(part):,}", names=_names(network, nodes, language))
    text += sentences["stop"]
    if len(sizes) >= _FEWEST_COMMUNITIES:
        share = sum(sorted(sizes)[-MOST_NAMES:]) / len(network)
        text += sentences["largest"].format(count=len(sizes), share=f"{share:.0%}".rstrip("%"))
    return text


def _first_places(network: nx.Graph[Any], first: Sequence[Hashable], language: str) -> str:
    """Who is best connected, with how many share the first or the last place that is named."""
    sentences = words()["sentences"][language]
    degrees: dict[Hashable, int] = dict(network.degree(candidates_of(network)))
    top, last = degrees[first[0]], degrees[first[-1]]
    sharing = sum(degree == last for degree in degrees.values())
    unnamed = sharing - sum(degrees[node] == last for node in first)
    if top == last and unnamed:
        names = sentences["listed"].join(_short_name(network, node, language) for node in first)
        unit = sentences["tie" if top == 1 else "ties"]
        return str(sentences["best_shared"].format(count=f"{sharing:,}", ties=f"{top:,}", unit=unit, names=names))
    text = sentences["best"].format(names=_names(network, first, language))
    return text + (sentences["also"].format(count=f"{unnamed:,}") if unnamed else "")


def _short_name(network: nx.Graph[Any], node: Hashable, language: str) -> str:
    name = node_name(node, network.nodes[node])[language]
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _names(network: nx.Graph[Any], nodes: Sequence[Hashable], language: str) -> str:
    sentences = words()["sentences"][language]
    names = []
    for node in nodes:
        ties = network.degree(node)
        unit = sentences["tie" if ties == 1 else "ties"]
        name = _short_name(network, node, language)
        names.append(sentences["connected"].format(name=name, ties=f"{ties:,}", unit=unit))
    return sentences["listed"].join(names)


def _capitalized(clause: str) -> str:
    start = len(clause) - len(clause.lstrip())
    return clause[:start] + clause[start : start + 1].upper() + clause[start + 1 :]
