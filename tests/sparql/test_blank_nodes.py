"""Labels of blank nodes: the same for equal graphs, and in bounded time for the worst of them."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.sparql.blank_nodes import labelled, signatures, takes_long
from chaingraph.store import KnowledgeGraph
from tests.cli.shell import run, run_process

if TYPE_CHECKING:
    from pathlib import Path

P, Q = ox.NamedNode("urn:p"), ox.NamedNode("urn:q")
Edges = list[tuple[int, int]]


def graph(edges: Edges, label: str = "b") -> list[ox.Triple]:
    return [ox.Triple(ox.BlankNode(f"{label}{one}"), P, ox.BlankNode(f"{label}{other}")) for one, other in edges]


def clique(size: int) -> Edges:
    return [(one, other) for one in range(size) for other in range(size) if one != other]


def ring(size: int) -> Edges:
    return [(one, (one + 1) % size) for one in range(size)]


WORST = {
    "a clique of 9": clique(9),
    "a clique of 30": clique(30),
    "a ring of 300": ring(300),
    "a ring of 5000": ring(5000),
    "a cube of 10 dimensions": [(one, one ^ (1 << bit)) for one in range(1024) for bit in range(10)],
    "two sides of 12": [(one, 12 + other) for one in range(12) for other in range(12)],
    "a grid on a torus": [
        (10 * x + y, 10 * other_x + other_y)
        for x, y in itertools.product(range(10), range(10))
        for other_x, other_y in [((x + 1) % 10, y), (x, (y + 1) % 10)]
    ],
    "100 cliques of 5": [(10 * number + one, 10 * number + other) for number in range(100) for one, other in clique(5)],
    "100 rings of 50": [(100 * number + one, 100 * number + other) for number in range(100) for one, other in ring(50)],
}


@pytest.mark.parametrize("case", WORST)
def test_a_graph_of_nodes_that_look_alike_is_labelled_without_trying_every_order(case: str) -> None:
    """RDFC-1.0 would take longer than anybody waits; every node keeps a label of its own, the same every time."""
    triples = graph(WORST[case])
    assert takes_long(triples)
    result = labelled(triples)
    assert len(set(map(str, result))) == len(triples)
    assert sorted(map(str, labelled(triples[::-1]))) == sorted(map(str, result))


@pytest.mark.parametrize("case", ["a clique of 9", "a ring of 300"])
def test_such_a_graph_is_built_in_bounded_processor_time(tmp_path: Path, case: str) -> None:
    source, output = tmp_path / "in.nt", tmp_path / "out.ttl"
    source.write_text("".join(f"{triple} .\n" for triple in graph(WORST[case])), encoding="utf-8")
    answer = run_process("build", source, "-o", output)
    assert (answer.returncode, len(KnowledgeGraph.open(output))) == (0, len(WORST[case])), answer.stderr


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from("pq"), st.integers(0, 12)), max_size=25),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), max_size=12),
    st.integers(),
)
def test_equal_graphs_have_equal_signatures_whatever_their_labels_and_order(
    edges: list[tuple[int, str, int]], values: list[tuple[int, int]], seed: int
) -> None:
    """And equal labels, unless nodes that look alike make RDFC-1.0 take long."""

    def triples(names: list[str]) -> list[ox.Triple]:
        nodes = [ox.BlankNode(name) for name in names]
        found = [ox.Triple(nodes[one], ox.NamedNode(f"urn:{name}"), nodes[other]) for one, name, other in edges]
        return found + [ox.Triple(nodes[one], Q, ox.Literal(str(value))) for one, value in values]

    order = random.Random(seed)
    names = [f"n{number}" for number in range(13)]
    other_names = order.sample([f"m{number}" for number in range(13)], 13)
    one, other = triples(names), triples(other_names)
    order.shuffle(other)
    pairs = dict(zip(names, other_names, strict=True))
    texts, other_texts = signatures(one), signatures(other)
    assert {pairs[node.value]: text for node, text in texts.items()} == {
        node.value: text for node, text in other_texts.items()
    }
    if not takes_long(one):
        assert sorted(map(str, labelled(one))) == sorted(map(str, labelled(other)))


def test_blank_nodes_inside_triples_about_triples_count() -> None:
    a, b, c = (ox.BlankNode(name) for name in "abc")
    about = [ox.Triple(c, P, ox.Triple(a, P, b)), ox.Triple(a, Q, ox.Literal("1"))]
    assert set(signatures(about)) == {a, b, c}
    assert len(set(signatures(about).values())) == 3


PEOPLE = """
@prefix cg: <https://w3id.org/chaingraph/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
[] a cg:Organization ; rdfs:label "甲公司" .
[] a cg:Organization ; rdfs:label "乙公司" .
[] a cg:Membership ; cg:organization [ a cg:Organization ; rdfs:label "丙公司" ] ;
   cg:consortium [ a cg:Consortium ; rdfs:label "联合体" ] .
[] a cg:Membership ; cg:organization [ a cg:Organization ; rdfs:label "丁公司" ] ;
   cg:consortium [ a cg:Consortium ; rdfs:label "联合体" ] .
"""


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".jsonld", ".rdf", ".kg"])
def test_one_graph_in_two_formats_has_no_difference(tmp_path: Path, suffix: str) -> None:
    source, other = tmp_path / "one.ttl", tmp_path / f"other{suffix}"
    source.write_text(PEOPLE, encoding="utf-8")
    KnowledgeGraph.build([source], other)
    answer = run("diff", source, other)
    assert (answer.returncode, "0 differences: the two state the same" in answer.stderr) == (0, True), answer.stderr
    source.write_text(PEOPLE.replace("丁公司", "戊公司"), encoding="utf-8")
    answer = run("diff", source, other, "--format", "csv")
    assert answer.stdout.count("丁公司") >= 1
    assert "甲公司" not in answer.stdout
