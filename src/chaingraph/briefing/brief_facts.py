"""What a brief is made of: the network of all things by class and relation, its chains, and what sources count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chaingraph.briefing.chains import Chain, chains_of
from chaingraph.briefing.map_builder import chain_iri
from chaingraph.briefing.words import brief_text
from chaingraph.indicators import coverage
from chaingraph.networks import whole
from chaingraph.queries.chains import chain_facts
from chaingraph.queries.evidence import evidence
from chaingraph.queries.filters import Selection
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import short_name
from chaingraph.webpage.attributes import attribute_texts, node_name, quotes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx as nx
    import pandas as pd

    from chaingraph.languages import Language
    from chaingraph.store import KnowledgeGraph
    from chaingraph.webpage.model import Quote


_MOST_NAMES = {"and_others": 8, "and_more": 5}
"""How many names stand at most in a cell, where the others are counted, and in a sentence that has counted them."""


@dataclass(frozen=True)
class Facts:
    """A graph as a brief reads it, in one language.

    Args:
        network: Everything, with quotes.
        chains: The chains of the brief, with their stages and holders.
        counts: What sources count, against what is known by name.
        language: The language of names.
        scope: The nodes that belong to the only chain of the brief; None where all do.
        quote_of_words: A quote by its words.
        titles: The titles that each organization was given, such as 专精特新小巨人.
    """

    network: nx.MultiDiGraph[str]
    chains: tuple[Chain, ...]
    counts: pd.DataFrame
    language: Language
    scope: frozenset[str] | None
    quote_of_words: Mapping[str, Quote]
    titles: Mapping[str, list[str]]

    def name(self, node: str) -> str:
        """Return the name of a node."""
        return node_name(node, self.network.nodes[node])[self.language]

    def names(self, nodes: Iterable[str], rest: str = "and_others") -> str:
        """Return the names of some nodes as a list in words, the first few of them; ``rest`` as in `name_list`."""
        return name_list(self.language, [self.name(node) for node in nodes], rest)

    def text(self, node: str, attribute: str) -> str:
        """Return an attribute of a node in words, empty where it is not stated."""
        attributes = self.network.nodes[node]
        return "" if attributes.get(attribute) == "unstated" else attribute_texts(attributes, attribute)[self.language]

    def of_class(self, class_name: str) -> list[str]:
        """Return the nodes of a class, sorted by name."""
        return self.by_class.get(class_name, [])

    @cached_property
    def by_class(self) -> dict[str, list[str]]:
        """The nodes in scope by their class, sorted by name."""
        classes: dict[str, list[str]] = {}
        for node, attributes in self.network.nodes(data=True):
            if self.scope is None or node in self.scope:
                classes.setdefault(str(attributes["type"]), []).append(node)
        return {name: sorted(nodes, key=lambda node: (self.name(node), node)) for name, nodes in classes.items()}

    def targets(self, node: str, *relations: str) -> list[str]:
        """Return what a node leads to by some relations, sorted by name."""
        ties = self.network.out_edges(node, data=True)
        nodes = {target for _, target, tie in ties if tie["relation"] in relations}
        return sorted(nodes, key=lambda one: (self.name(one), one))

    def origins(self, node: str, *relations: str) -> list[str]:
        """Return what leads to a node by some relations, sorted by name."""
        ties = self.network.in_edges(node, data=True)
        nodes = {source for source, _, tie in ties if tie["relation"] in relations}
        return sorted(nodes, key=lambda one: (self.name(one), one))

    def quotes(self, *nodes: str) -> list[Quote]:
        """Return the quotes that state some nodes."""
        return [quote for node in nodes for quote in quotes_of(self.network, self.network.nodes[node])]

    def tie_quotes(self, node: str, *relations: str) -> list[Quote]:
        """Return the quotes that state the ties of a node by some relations, in either direction."""
        ties: list[dict[str, Any]] = [tie for *_, tie in self.network.out_edges(node, data=True)]
        ties += [tie for *_, tie in self.network.in_edges(node, data=True)]
        return [quote for tie in ties if tie["relation"] in relations for quote in quotes_of(self.network, tie)]

    @cached_property
    def all_quotes(self) -> list[Quote]:
        """Every quote that states a node or a tie."""
        network = self.network
        attributes = [*(each for _, each in network.nodes(data=True)), *(tie for *_, tie in network.edges(data=True))]
        return [quote for each in attributes for quote in quotes_of(network, each)]

    def kinds(self, nodes: Iterable[str], attribute: str = "kind") -> list[tuple[str, int]]:
        """Return how many nodes have each value of an attribute, the most frequent first, those without one last."""
        counts = Counter(self.text(node, attribute) for node in nodes)
        order = sorted(counts, key=lambda text: (not text, -counts[text], text))
        return [(text, counts[text]) for text in order]


def name_list(language: Language, names: Sequence[str], rest: str = "and_others") -> str:
    """Return names as a list in words, the first few of them.

    Args:
        language: The language.
        names: The names.
        rest: How it ends where there are more: ``and_others`` counts them, ``and_more`` does not.

    >>> name_list("en", ["a", "b"]), name_list("en", list("abcdef"), "and_more")
    ('a, b', 'a, b, c, d, e and others')
    """
    most = _MOST_NAMES[rest]
    text = brief_text(language, "comma").join(names[:most])
    return text if len(names) <= most else brief_text(language, rest, names=text, count=len(names))


def facts_of(kg: KnowledgeGraph, chain: str | None, language: Language | None) -> Facts:
    """Return what a brief is made of.

    Args:
        kg: The graph.
        chain: The IRI, short IRI or name of the only chain; all if None.
        language: The language of names; that of the graph if None.
    """
    reader = NodeReader(kg)
    page_language: Language = reader.language() if language is None else language
    facts = chain_facts(reader, Selection(), page_language)
    chains = chains_of(facts, None if chain is None else chain_iri(kg, chain, facts))
    network = whole(kg, quotes=True)
    scope = None if chain is None else _scope(network, chains)
    records = [record for several in evidence(kg).records.values() for record in several]
    quotes = quotes_of(network, {"quotes": records})
    by_words = {quote.exact: quote for quote in reversed(quotes) if quote.exact}
    return Facts(
        network,
        chains,
        coverage(kg, language=page_language),
        page_language,
        scope,
        by_words,
        _titles(reader, page_language),
    )


def _titles(reader: NodeReader, language: Language) -> dict[str, list[str]]:
    """Return the names of the titles of each organization, sorted; prizes and evaluations are none."""
    names = dict(reader.names(language).iter_rows())
    kinds = dict(reader.codes("cg:kind").iter_rows())
    recognitions = reader.pairs("cg:organization").join(reader.instances("Recognition"), on="s", how="semi")
    titles: dict[str, set[str]] = {}
    for recognition, organization in recognitions.iter_rows():
        if kinds.get(recognition) == "title":
            titles.setdefault(short_name(organization), set()).add(names[recognition])
    return {organization: sorted(texts) for organization, texts in titles.items()}


def _scope(network: nx.MultiDiGraph[str], chains: Iterable[Chain]) -> frozenset[str]:
    """Return what belongs to chains: holders of their stages, their consortia, and the members and platforms of these.

    Projects in which one of those takes part, and platforms that one hosts, belong to them too.
    """
    scope: set[str] = set()
    for chain in chains:
        stages = {short_name(stage.iri) for stage in chain.stages}
        for stage in stages:
            scope |= {source for source, _, tie in network.in_edges(stage, data=True) if tie["relation"] == "holds"}
        if chain.iri is not None:
            ties = network.in_edges(short_name(chain.iri), data=True)
            scope |= {source for source, _, tie in ties if network.nodes[source]["type"] == "Consortium"}
        scope |= stages
    relations = ({"leads", "memberOf"}, {"consortium", "hostedBy", "participatesIn"})
    for names in relations:
        for source, target, tie in network.edges(data=True):
            if tie["relation"] in names and tie["relation"] == "participatesIn" and source in scope:
                scope.add(target)
            elif tie["relation"] in names and tie["relation"] != "participatesIn" and target in scope:
                scope.add(source)
    return frozenset(scope)
