"""From a graph to the model of its chain map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import networkx as nx

from chaingraph.briefing.chains import HOLDER_CLASSES, Chain, Holder, chains_of
from chaingraph.briefing.map_model import Arrow, Box, Card, MapChain, MapModel
from chaingraph.briefing.map_model import Holder as MapHolder
from chaingraph.briefing.short_names import short_names
from chaingraph.briefing.words import quantity, sentence, words
from chaingraph.errors import UnknownThingError, UsageError, excerpt
from chaingraph.indicators import with_reported
from chaingraph.languages import LANGUAGES, check_language, in_both
from chaingraph.messages import tr
from chaingraph.networks import whole
from chaingraph.queries.chains import chain_facts
from chaingraph.queries.evidence import evidence
from chaingraph.queries.filters import Selection
from chaingraph.queries.nodes import NodeReader
from chaingraph.sparql.lookup import thing_iri
from chaingraph.vocabulary import short_name
from chaingraph.webpage.attributes import attribute_names, attribute_texts, attribute_uses, clean_text, quotes_of
from chaingraph.webpage.legend import legend_of
from chaingraph.webpage.node_rows import datasets_of, nodes_of
from chaingraph.webpage.shared_values import SharedRecords
from chaingraph.webpage.ties import ties_of
from chaingraph.webpage.words import words_with_shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chaingraph.languages import Language
    from chaingraph.queries.chains import ChainFacts
    from chaingraph.queries.evidence import Evidence
    from chaingraph.store import KnowledgeGraph
    from chaingraph.webpage.model import Node, Tie
    from chaingraph.webpage.words import Text

CARD_ROOM = 14.5
"""How many ems of a name fit on the narrowest card."""
_NO_CHAIN = "no_chain"


@dataclass(frozen=True)
class _Context:
    """What the parts of the map are made of: the network of all things, and the positions of its nodes on the page."""

    network: nx.MultiDiGraph[str]
    position: Mapping[str, int]
    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    shared: SharedRecords
    evidence: Evidence

    @cached_property
    def _ties_between(self) -> dict[tuple[int, int], list[int]]:
        between: dict[tuple[int, int], list[int]] = {}
        for number, tie in enumerate(self.ties):
            between.setdefault((tie.source, tie.target), []).append(number)
        return between

    @cached_property
    def _products_at(self) -> dict[int, list[int]]:
        products: dict[int, list[int]] = {}
        for source, target, attributes in self.network.edges(data=True):
            if attributes["relation"] == "stage":
                products.setdefault(self.position[target], []).append(self.position[source])
        return products

    def ties_of_card(self, holder: str, stage: int) -> tuple[int, ...]:
        """Return the ties that put a holder at a stage: its role there, and its supplies of products at the stage."""
        node = self.position[holder]
        targets = [stage, *self._products_at.get(stage, ())]
        return tuple(number for target in targets for number in self._ties_between.get((node, target), ()))

    def quotes(self, iris: Iterable[str]) -> tuple[int, ...]:
        """Return the positions of the quotes that state some nodes of the graph."""
        keys = [key for iri in iris for key in self.evidence.keys.get(iri, ())]
        records = [record for key in dict.fromkeys(keys) for record in self.evidence.records[key]]
        return self.shared.quotes.positions(quotes_of(self.network, {"quotes": records}))


def map_model(
    kg: KnowledgeGraph,
    chain: str | None = None,
    *,
    language: Language | None = None,
    title: str | Mapping[str, str] | None = None,
    network_page: str = "",
) -> MapModel:
    """Return the model of the chain map; arguments and errors are those of :func:`chaingraph.chain_map`."""
    if language is not None:
        check_language(language)
    if urlsplit(network_page).scheme not in {"", "http", "https"}:
        message = tr(
            "'network_page' is '{network_page}', expected a file beside the map or an https address",
            network_page=excerpt(network_page),
        )
        raise UsageError(message)
    reader = NodeReader(kg)
    facts = chain_facts(reader, Selection(), language)
    chains = chains_of(facts, None if chain is None else chain_iri(kg, chain, facts))
    everything = with_reported(whole(kg, quotes=True), kg)
    part = _part_around(everything, chains)
    order = sorted(part)
    shared = SharedRecords()
    legend = legend_of(part, order, "type", None)
    nodes = nodes_of(part, order, legend, None, shared)
    ties, relations, _ = ties_of(part, order, shared)
    context = _Context(part, {node: number for number, node in enumerate(order)}, nodes, ties, shared, evidence(kg))
    iris = sorted({holder.iri for one in chains for stage in one.stages for holder in stage.holders})
    holders = _holders(context, iris)
    place = {iri: number for number, iri in enumerate(iris)}
    map_chains = tuple(_map_chain(context, one, place) for one in chains)
    kinds = {holder.kind for holder in holders}
    return MapModel(
        language=reader.language() if language is None else language,
        title=_title(map_chains) if title is None else _in_both(title),
        introduction=introduction(chains),
        datasets=datasets_of(part),
        nodes=nodes,
        ties=ties,
        relations=relations,
        attributes=tuple(shared.attributes.values),
        quotes=tuple(shared.quotes.values),
        legend=legend.legend,
        directed=True,
        words=words_with_shared(words()["page"]),
        attribute_names=attribute_names(),
        attribute_uses=attribute_uses(),
        chains=map_chains,
        holders=holders,
        kinds={kind: text for kind, text in words()["kinds"].items() if kind in kinds},
        network_page=network_page,
    )


def chain_iri(kg: KnowledgeGraph, chain: str, facts: ChainFacts) -> str:
    """Return the IRI of a chain that is given by its IRI, short IRI or name.

    Raises:
        UnknownThingError: There is no such chain.
        AmbiguousNameError: Several things have this name.
    """
    example = "id:cn/chains/ji-cheng-dian-lu-chan-ye-lian"
    iri = thing_iri(kg, chain, argument="chain", classes=["cg:Chain"], example=example)
    if iri not in facts.parts:
        names = ", ".join(facts.names.get(one, short_name(one)) for one in sorted(facts.parts)[:5])
        message = tr(
            "'chain' is '{chain}', which is no chain; chains are, for example, {names}",
            chain=excerpt(chain),
            names=names,
        )
        raise UnknownThingError(message, chain)
    return iri


def _in_both(title: str | Mapping[str, str]) -> Text:
    texts = dict.fromkeys(LANGUAGES, title) if isinstance(title, str) else title
    return {language: clean_text(text) for language, text in in_both(texts).items()}


def _part_around(network: nx.MultiDiGraph[str], chains: Sequence[Chain]) -> nx.MultiDiGraph[str]:
    """Return what the map shows and everything that is tied to it, without the ties among the latter."""
    on_map = {short_name(holder.iri) for chain in chains for stage in chain.stages for holder in stage.holders}
    on_map |= {short_name(stage.iri) for chain in chains for stage in chain.stages}
    on_map |= {short_name(chain.iri) for chain in chains if chain.iri is not None}
    on_map &= set(network)
    part: nx.MultiDiGraph[str] = nx.MultiDiGraph(**network.graph)
    part.add_nodes_from((node, network.nodes[node]) for node in on_map)
    for source, target, attributes in network.edges(data=True):
        if source in on_map or target in on_map:
            part.add_nodes_from((node, network.nodes[node]) for node in (source, target))
            part.add_edges_from([(source, target, attributes)])
    return part


def _holders(context: _Context, iris: Sequence[str]) -> tuple[MapHolder, ...]:
    """Return the holders in the order of their IRIs."""
    names = {short_name(iri): context.nodes[context.position[short_name(iri)]].name for iri in iris}
    shorter = {one: short_names((name[one] for name in names.values()), CARD_ROOM) for one in LANGUAGES}
    return tuple(_holder(context, node, {one: shorter[one][names[node][one]] for one in LANGUAGES}) for node in names)


def _holder(context: _Context, node: str, short: Text) -> MapHolder:
    attributes = context.network.nodes[node]
    class_name = str(attributes["type"])
    # Of a region it is its own name, so that the filter of a region shows the region as well.
    region = attribute_texts(attributes, "label" if class_name == "Region" else "region")
    kind = attribute_texts(attributes, "kind")
    code = attributes.get("kind")
    fixed = words()["kinds"][class_name]
    has_kind = any(kind.values()) and code != "unstated" and class_name in {"Organization", "Consortium"}
    level = attribute_texts(attributes, "level") if attributes.get("level") not in (None, "unstated") else {}
    # Of a leading enterprise its kind is clear.
    own = kind if has_kind else fixed
    first = words()["kinds"]["leading"] if attributes.get("leading") is True else own
    parts = [first, level, {} if class_name == "Region" else region]
    return MapHolder(
        node=context.position[node],
        short=short,
        line={one: " · ".join(part[one] for part in parts if part.get(one)) for one in LANGUAGES},
        kind=str(code) if class_name == "Organization" and code in words()["kinds"] else class_name,
        region=region,
        consortia=_consortia(context, node),
        is_known=class_name != "Region",
    )


def _consortia(context: _Context, node: str) -> tuple[int, ...]:
    """Return the consortia that a node is, leads, is a member of, or belongs to as a platform."""
    ties = context.network.out_edges(node, data=True)
    consortia = {target for _, target, tie in ties if tie["relation"] in {"leads", "memberOf", "consortium"}}
    if context.network.nodes[node]["type"] == "Consortium":
        consortia.add(node)
    return tuple(sorted(context.position[one] for one in consortia))


def _map_chain(context: _Context, chain: Chain, place: Mapping[str, int]) -> MapChain:
    boxes = []
    for stage in chain.stages:
        node = context.position[short_name(stage.iri)]
        holders = sorted(stage.holders, key=lambda holder: _rank(context, holder))
        cards = [Card(place[holder.iri], context.ties_of_card(short_name(holder.iri), node)) for holder in holders]
        boxes.append(Box(node, stage.segment, stage.layer, stage.status, tuple(cards), context.quotes(stage.claims)))
    number = {stage.iri: position for position, stage in enumerate(chain.stages)}
    arrows = [
        Arrow(number[link.source], number[link.target], link.kind, context.quotes([link.row])) for link in chain.links
    ]
    if chain.iri is None:
        name = {one: words()["introduction"][one][_NO_CHAIN] for one in LANGUAGES}
        return MapChain(name, tuple(boxes), tuple(arrows))
    node = context.position[short_name(chain.iri)]
    return MapChain(context.nodes[node].name, tuple(boxes), tuple(arrows), node)


def _rank(context: _Context, holder: Holder) -> tuple[int, bool, str]:
    """Return what holders of a stage are sorted by: the class, leading enterprises first, the name."""
    node = context.nodes[context.position[short_name(holder.iri)]]
    return HOLDER_CLASSES.index(holder.class_name), not node.leading, node.name["zh"]


def _title(chains: Sequence[MapChain]) -> Text:
    on_chains = [chain for chain in chains if chain.node is not None]
    if not on_chains:
        return {one: words()["introduction"][one]["title"] for one in LANGUAGES}
    key = "title_of_one" if len(on_chains) == 1 else "title_of_several"
    return {
        one: sentence(key, one, name=on_chains[0].name[one], count=len(on_chains), rest=len(on_chains) - 1)
        for one in LANGUAGES
    }


def introduction(chains: Sequence[Chain]) -> Text:
    """Return how many stages there are, and of how many it is known who holds them, in both languages."""
    stages = [stage for chain in chains for stage in chain.stages]
    if not stages:
        return {one: words()["introduction"][one]["empty"] for one in LANGUAGES}
    holders = {holder for stage in stages for holder in {(each.iri, each.class_name) for each in stage.holders}}
    by_class = [sum(name == class_name for _, name in holders) for class_name in HOLDER_CLASSES]
    number_with_holders = sum(any(holder.is_known for holder in stage.holders) for stage in stages)
    regional = sum(bool(stage.holders) for stage in stages) - number_with_holders
    on_chains = sum(chain.iri is not None for chain in chains)
    return {
        one: sentence(
            "counts", one, chains=quantity("chain", one, on_chains), stages=quantity("stage", one, len(stages))
        )
        + sentence("named", one, count=number_with_holders, holders=_holder_list(by_class, one))
        + (sentence("regional", one, count=regional) if regional else "")
        + (
            sentence("unknown", one, count=len(stages) - number_with_holders - regional)
            if len(stages) > number_with_holders + regional
            else ""
        )
        + words()["introduction"][one]["click"]
        for one in LANGUAGES
    }


def _holder_list(by_class: Sequence[int], language: str) -> str:
    texts = [
        quantity(class_name, language, count)
        for class_name, count in zip(HOLDER_CLASSES, by_class, strict=True)
        if count and class_name != "Region"
    ]
    return words()["introduction"][language]["comma"].join(texts)
