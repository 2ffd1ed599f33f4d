"""The ties around a thing are those of the whole network, though only its neighbours are read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chaingraph import networks
from chaingraph.assistant import surroundings
from chaingraph.assistant.facts import facts
from chaingraph.assistant.surroundings import Surroundings
from chaingraph.identity.thing_index import ThingIndex
from chaingraph.store import KnowledgeGraph
from chaingraph.vocabulary import full_iri

if TYPE_CHECKING:
    import networkx as nx

GRAPH = Path(__file__).resolve().parents[2] / "graph"
ATTRIBUTES = ("relation_en", "role", "since", "until")


@pytest.fixture(scope="module", params=["jiangsu-2022", "china-consortia"])
def kg(request: pytest.FixtureRequest) -> KnowledgeGraph:
    """One of the data sets that are kept here."""
    return KnowledgeGraph.open(GRAPH / request.param)


@pytest.fixture(scope="module")
def whole(kg: KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """Its whole network."""
    return networks.whole(kg)


def ties_by_rows(kg: KnowledgeGraph, index: ThingIndex, node: str, steps: int) -> Counter[tuple[Any, ...]]:
    rows = Surroundings(kg, full_iri(node), steps).rows(index, "en")[:]
    return Counter(
        (row["from"]["id"], row["to"]["id"], row["relation"], *(row.get(name) or None for name in ATTRIBUTES[1:]))
        for row in rows
    )


def ties_of_network(whole: nx.MultiDiGraph[str], nodes: set[str]) -> Counter[tuple[Any, ...]]:
    return Counter(
        (start, end, *(tie.get(name) for name in ATTRIBUTES))
        for start, end, tie in whole.edges(data=True)
        if start in nodes or end in nodes
    )


def test_the_ties_of_every_thing_are_those_of_the_whole_network(
    kg: KnowledgeGraph, whole: nx.MultiDiGraph[str]
) -> None:
    index = ThingIndex(kg)
    for node in list(whole)[::5]:
        assert ties_by_rows(kg, index, node, 1) == ties_of_network(whole, {node}), node


def test_two_steps_follow_what_the_thing_leads_to_but_no_region(
    kg: KnowledgeGraph, whole: nx.MultiDiGraph[str]
) -> None:
    index = ThingIndex(kg)
    for node in list(whole)[::40]:
        adjacent = {*whole.successors(node), *whole.predecessors(node)}
        followed = {one for one in adjacent if whole.nodes[one]["type"] not in ("Region", "Industry")} | {node}
        if len(followed) <= surroundings.MAX_FOLLOWED:
            assert ties_by_rows(kg, index, node, 2) == ties_of_network(whole, followed), node


def test_where_too_many_things_lie_around_it_is_said_how_many_were_not_followed(tmp_path: Path) -> None:
    rows = [
        *(f"<https://a.example/o{n:03}> a cg:Organization ; cg:region <https://a.example/r> ." for n in range(300)),
        "<https://a.example/r> a cg:Region ; cg:within <https://a.example/s> . <https://a.example/s> a cg:Region .",
        "<https://a.example/o000> cg:industry <https://a.example/i> . <https://a.example/i> a cg:Industry .",
    ]
    text = "@prefix cg: <https://w3id.org/chaingraph/ontology#> .\n" + "\n".join(rows)
    (tmp_path / "x.ttl").write_text(text, encoding="utf-8")
    around = Surroundings(KnowledgeGraph.open(tmp_path / "x.ttl"), "https://a.example/r", 2)
    assert (around.things, len(around.ties), around.left_out) == (303, 302, 300 - surroundings.MAX_FOLLOWED)


def test_the_facts_from_one_place_to_another_are_those_of_the_whole_list(kg: KnowledgeGraph) -> None:
    index = ThingIndex(kg)
    iri = kg.select_text("SELECT ?c (COUNT(*) AS ?n) { ?c a cg:Consortium . ?s ?p ?c } GROUP BY ?c ORDER BY DESC(?n)")[
        "c"
    ][0]
    rows = facts(kg, index, iri, "zh")
    assert len(rows) > 8
    assert [*rows[:3], *rows[3:7], *rows[7:]] == list(rows[:])
    assert rows[7] == rows[:][7]
