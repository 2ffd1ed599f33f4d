"""A graph behind an endpoint is the same graph: the same frames, networks, measures and pages, or a refusal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from typer.testing import CliRunner, Result

import chaingraph as cg
from chaingraph import networks
from chaingraph.cli.main import app
from chaingraph.errors import ChaingraphError, UsageError
from chaingraph.indicators import scorecard
from chaingraph.sparql.questions import questions
from chaingraph.store import KnowledgeGraph
from tests.cli.shell import run
from tests.servers import ServerProcess, end_server, start_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


ROOT = Path(__file__).resolve().parents[2]
NETWORKS = ("affiliation", "participation", "co_participation", "hosting", "supply", "chain", "inter_region", "whole")


SAMPLES = [("jiangsu-2022", 900), ("china-consortia", 100_000)]
"""Data sets, and the rows after which their endpoints cut an answer, as public ones do."""


@dataclass(frozen=True)
class Both:
    """The same graph in a store of our own and behind an endpoint."""

    own: KnowledgeGraph
    remote: KnowledgeGraph
    address: str
    store: Path


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda p: str(p[0]))
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Two samples; the endpoint of the first cuts the longer of its answers."""
    name, rows = request.param
    store = tmp_path_factory.mktemp("remote") / f"{name}.kg"
    own = KnowledgeGraph.build([ROOT / "graph" / name], store)
    server: ServerProcess = start_server(store, rows=rows, workers=2)
    address = f"http://127.0.0.1:{server.port}/sparql"
    yield Both(own, cg.open(address), address, store)
    end_server(server)


def outcome(ask: Callable[[], Any]) -> Any:  # noqa: ANN401
    try:
        return ask()
    except ChaingraphError as error:
        return f"{type(error).__name__}: {error}"


def assert_same(of: Callable[[KnowledgeGraph], Any], both: Both, what: str) -> None:
    expected, found = outcome(lambda: of(both.own)), outcome(lambda: of(both.remote))
    if isinstance(expected, pd.DataFrame):
        assert isinstance(found, pd.DataFrame), f"{what}: {found}"
        assert_frame_equal(found, expected, obj=what)
    else:
        assert found == expected, what


def test_every_competency_question_has_the_same_answer(both: Both) -> None:
    for asked in questions():
        assert_same(lambda kg: kg.ask(asked.name, **asked.arguments), both, asked.name)  # noqa: B023


def test_every_network_and_its_centrality_are_the_same(both: Both) -> None:
    for name in NETWORKS:

        def drawn(kg: KnowledgeGraph) -> str:
            return json.dumps(nx.node_link_data(getattr(networks, name)(kg, quotes=True), edges="edges"))  # noqa: B023

        assert_same(drawn, both, name)
    assert_same(lambda kg: cg.centrality(cg.co_membership(kg), measures=["degree", "betweenness"]), both, "centrality")


def test_what_is_known_and_what_is_wrong_is_the_same(both: Both) -> None:
    assert_same(cg.coverage, both, "coverage")
    assert_same(lambda kg: cg.coverage(kg, at="2022"), both, "coverage at a time")
    assert_same(lambda kg: cg.check(kg).frame, both, "check")
    for part in ("frame", "basis", "reported"):
        assert_same(lambda kg: getattr(scorecard(kg), part), both, f"scorecard, {part}")  # noqa: B023
    assert_same(lambda kg: cg.crosstab(kg, "region", "industry"), both, "crosstab")


def test_a_page_has_the_same_bytes(both: Both, tmp_path: Path) -> None:
    for name, kg in (("own", both.own), ("remote", both.remote)):
        cg.page(cg.affiliation(kg, quotes=True)).save(tmp_path / f"{name}.html")
    assert (tmp_path / "own.html").read_bytes() == (tmp_path / "remote.html").read_bytes()


def test_every_form_of_query_has_the_same_answer(both: Both, tmp_path: Path) -> None:
    assert len(both.remote) == len(both.own)
    assert both.remote.data_sets() == both.own.data_sets()
    for text in (
        "ASK { ?s a cg:Consortium }",
        "ASK { ?s a cg:Nothing }",
        "SELECT ?b ?n ?f ?d ?e ?o { VALUES (?b ?n ?f ?d ?e) { (true 1 1.50 '2022-03-01'^^xsd:date '')"
        " (false UNDEF 2e0 UNDEF 'a,\"b\"\\n') } OPTIONAL { ?o cg:nothing ?b } }",
        "SELECT * { ?o cg:memberOf ?c } ORDER BY DESC(?o) ?c LIMIT 7 OFFSET 3",
        "SELECT ?c (COUNT(DISTINCT ?o) AS ?n) { ?o cg:memberOf ?c } GROUP BY ?c HAVING (?n > 1) ORDER BY DESC(?n) ?c",
        "# with ' and {\nPREFIX x: <https://w3id.org/chaingraph/ontology#>\nSELECT ?c { ?c a x:Consortium } # end",
    ):
        assert_same(lambda kg: kg.query(text), both, text)  # noqa: B023
        assert_same(lambda kg: kg.query(text, short=False), both, text)  # noqa: B023
    for text in (
        "CONSTRUCT { ?o cg:x ?l } WHERE { ?o cg:memberOf ?c ; rdfs:label ?l }",
        "CONSTRUCT WHERE { ?s cg:leads ?c }",
        "CONSTRUCT { [] cg:x ?l } WHERE { ?o cg:leads ?c ; rdfs:label ?l }",
        "CONSTRUCT { <#a> cg:x [ cg:y ?b ] } { SELECT ?b { BIND(BNODE() AS ?b) } }",
        "DESCRIBE ?c { ?c a cg:Chain }",
    ):
        assert_same(lambda kg: kg.construct_turtle(text), both, text)  # noqa: B023
    for name, kg in (("own", both.own), ("remote", both.remote)):
        kg.export(tmp_path / f"{name}.ttl")
    assert (tmp_path / "own.ttl").read_bytes() == (tmp_path / "remote.ttl").read_bytes()


def test_rows_as_text_are_the_same(both: Both) -> None:
    for text in (
        "SELECT ?s ?x ?y { VALUES (?s ?x ?y) { (1 '' 'a'@zh) (2 UNDEF cg:x) (3 '01'^^xsd:integer '1'^^xsd:boolean) } }",
        "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o",
    ):
        assert both.remote.select_text(text).sort("s").equals(both.own.select_text(text).sort("s"))


def test_what_is_refused_of_a_store_is_refused_of_an_endpoint(both: Both) -> None:
    for text in ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SELECT ?c {", "{" * 200):
        assert_same(lambda kg: kg.query(text), both, text)  # noqa: B023
        assert isinstance(outcome(lambda: both.remote.query(text)), str)  # noqa: B023
    assert_same(lambda kg: kg.select("ASK {}"), both, "select")
    with pytest.raises(UsageError, match=r"an rdflib.Graph over an endpoint .*; use query, or build a copy"):
        _ = both.remote.rdf


def test_an_endpoint_is_copied_when_it_is_built_or_opened_with_others(both: Both, tmp_path: Path) -> None:
    copy = KnowledgeGraph.build([both.address, both.store], tmp_path / "copy.kg")
    copy.export(tmp_path / "copy.nt")
    both.own.export(tmp_path / "own.nt")
    assert cg.diff(both.address, both.store).frame.empty
    assert (tmp_path / "copy.nt").read_bytes() == (tmp_path / "own.nt").read_bytes()
    with pytest.raises(UsageError, match="is given as text, not as a Path"):
        cg.open(Path(both.address))


def said(*arguments: str | Path) -> Result:
    """Run the command within this process, which is quicker than a shell would be."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("both", SAMPLES[:1], ids=["jiangsu-2022"], indirect=True)
def test_the_command_takes_an_address_wherever_it_takes_a_source(both: Both, tmp_path: Path) -> None:
    for arguments in (
        ("query", "SOURCE", "SELECT ?c ?n { ?c a cg:Consortium ; rdfs:label ?n } ORDER BY ?c ?n", "--format", "csv"),
        ("query", "SOURCE", "CONSTRUCT WHERE { ?s cg:leads ?c }"),
        ("measure", "coverage", "SOURCE", "--format", "json"),
    ):
        ours, theirs = (
            said(*(source if argument == "SOURCE" else argument for argument in arguments))
            for source in (both.store, both.address)
        )
        assert (theirs.exit_code, theirs.stdout, theirs.stderr) == (0, ours.stdout, ours.stderr)
    for name, source in (("own", both.store), ("remote", both.address)):
        assert said("network", source, "hosting", "-o", tmp_path / f"{name}.graphml").exit_code == 0
        assert said("page", source, "--network", "supply", "-o", tmp_path / f"{name}.html").exit_code == 0
    for suffix in (".graphml", ".html"):
        assert (tmp_path / f"own{suffix}").read_bytes() == (tmp_path / f"remote{suffix}").read_bytes()
    assert said("diff", both.store, both.address).stderr == "0 differences: the two state the same\n"
    served = run("serve", both.address)
    assert (served.returncode, served.stderr.count("it is served already")) == (2, 1)
