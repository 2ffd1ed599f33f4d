"""A graph behind an endpoint is the same graph: the same frames, networks, measures and pages, or a refusal."""

from __future__ import annotations

import json
import logging
import threading
from base64 import b64encode
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import networkx as nx
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from typer.testing import CliRunner, Result

import chaingraph as cg
from chaingraph import networks
from chaingraph.cli.main import app
from chaingraph.errors import ChaingraphError, QueryError, UnreadableError, UsageError
from chaingraph.indicators import scorecard
from chaingraph.sparql.questions import questions
from chaingraph.sparql.rewriting import construction, portable_query, selection
from chaingraph.store import KnowledgeGraph
from chaingraph.store.remote import RemoteBackend
from chaingraph.store.transport import Limits
from tests.cli.shell import run
from tests.servers import ServerProcess, end_server, start_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


ROOT = Path(__file__).resolve().parents[2]
QUICK = Limits(deadline=2, size=10_000, tries=3, pause=0.01, longest_pause=2)
NETWORKS = ("affiliation", "participation", "co_participation", "hosting", "supply", "chain", "inter_region", "whole")
JSON = "application/sparql-results+json"
SECRET = "s3cret-of-ann"


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
    server: ServerProcess = start_server(store, rows=rows, workers=2, deadline=30)
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


Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Script:
    """A server that says what it is told to, and remembers what it was asked."""

    answer: Callable[[str, int], Answer]
    asked: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"

    def graph(self, limits: Limits = QUICK) -> KnowledgeGraph:
        return KnowledgeGraph(RemoteBackend(self.address, limits))


@contextmanager
def scripted(answer: Callable[[str, int], Answer]) -> Iterator[Script]:
    """Run a server on loopback whose ``answer`` is made of a query and of how many came before."""
    script = Script(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            text = parse_qs(body)["query"][0]
            script.asked.append((self.path, dict(self.headers.items()), text))
            status, headers, content = script.answer(text, len(script.asked) - 1)
            self.send_response(status)
            for name, value in {
                "Content-Type": JSON,
                "Content-Length": str(len(content)),
                "Connection": "close",
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    script.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def rows(*values: int, name: str = "x", **headers: str) -> Answer:
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    terms = [{name: {"type": "typed-literal", "datatype": integer, "value": str(value)}} for value in values]
    return 200, headers, json.dumps({"head": {"vars": [name]}, "results": {"bindings": terms}}).encode()


ONE = "SELECT ?x { ?s cg:value ?x }"


def counting(total: int, answer: Callable[[str], Answer]) -> Callable[[str, int], Answer]:
    return lambda text, _: rows(total, name="n") if "COUNT(*)" in text else answer(text)


def paged(values: range, size: int, **headers: str) -> Callable[[str], Answer]:
    """Answer as a server that cuts after ``size`` rows and knows LIMIT and OFFSET."""

    def answer(text: str) -> Answer:
        parts = selection(text)
        end = None if parts.limit is None else parts.offset + parts.limit
        return rows(*values[parts.offset : end][:size], **headers)

    return answer


def test_a_cut_answer_is_taken_page_by_page_until_it_is_whole() -> None:
    with scripted(counting(7, paged(range(7), 3))) as server:
        assert server.graph().select_text(ONE)["x"].to_list() == [str(value) for value in range(7)]
        assert server.graph().select(ONE)["x"].tolist() == list(range(7))
    asked = [" ".join(text.split()) for _, _, text in server.asked]
    prefix = "PREFIX cg: <https://w3id.org/chaingraph/ontology#>"
    assert asked[: len(asked) // 2] == [
        f"{prefix} {ONE}",
        f"{prefix} SELECT (COUNT(*) AS ?n) {{ {{ {ONE} }} }}",
        f"{prefix} {ONE} ORDER BY ?x LIMIT 3 OFFSET 0",
        f"{prefix} {ONE} ORDER BY ?x LIMIT 3 OFFSET 3",
        f"{prefix} {ONE} ORDER BY ?x LIMIT 1 OFFSET 6",
    ]


def test_an_answer_smaller_than_one_that_was_whole_is_not_counted() -> None:
    with scripted(counting(5, lambda text: rows(*range(2 if "LIMIT 2" in text else 5)))) as server:
        graph = server.graph()
        assert [graph.select_text(text).height for text in (ONE, f"{ONE} LIMIT 2")] == [5, 2]
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (counting(5, lambda _: rows(1, 2)), "gives pages with 2 different rows of 5, so the answer would not be whole"),
        (
            counting(5, lambda text: rows() if "OFFSET" in text else rows(1, 2)),
            "counts 5 rows and gives 0 of them, so the answer would not be whole",
        ),
        (
            counting(1, lambda _: rows(1, 2)),
            "counts 1 rows and answers with 2; the data may have changed: try again",
        ),
        (
            counting(3, lambda _: rows(**{"X-Truncated": "after 0 rows"})),
            "counts 3 rows and answers with 0; the data may have changed: try again",
        ),
        (lambda *_: rows(1, 2), "does not count its rows, so that nobody knows whether an answer is whole"),
        (
            lambda *_: (200, {}, rows(*range(9))[2][:-9]),
            "answers with JSON that breaks off or cannot be read; try again",
        ),
        (lambda *_: (200, {}, b"[" * 5000), "answers with JSON that nests deeper than rows do"),
        (lambda *_: (200, {}, b'{"results": []}'), "answers with JSON that holds no rows as SPARQL 1.1 has them"),
        (
            lambda *_: (200, {"Content-Type": "text/html; charset=utf-8"}, b"<html><script>alert(1)</script>"),
            f"answers with text/html, expected {JSON}; check that it is the address of a SPARQL endpoint",
        ),
        (
            lambda *_: (200, {"Content-Type": "application/sparql-results+xml"}, b"<!DOCTYPE x><sparql/>"),
            f"answers with application/sparql-results+xml, expected {JSON}; check that it is the address of a SPARQL"
            " endpoint",
        ),
        (lambda *_: (200, {}, b" " * 10_001), "answers with more than 10,000 bytes; ask for less"),
        (lambda *_: (200, {"Content-Length": "99"}, b"{"), "broke off its answer, or does not speak HTTP; try again"),
        (
            lambda *_: (200, {"Content-Encoding": "gzip"}, b"no gzip"),
            "answers with bytes that cannot be decompressed",
        ),
        (
            lambda *_: (404, {"Content-Type": "text/html"}, b"<html><h1>Not here</h1>"),
            "answers with status 404; check that it is the address of a SPARQL endpoint",
        ),
        (
            lambda *_: (502, {}, b"bad\x1b[31m gateway\nmore"),
            r"answers with status 502: bad\x1b[31m gateway; check that it"
            " is the address of a SPARQL endpoint",
        ),
        (
            lambda *_: (401, {}, b""),
            "wants other credentials: CHAINGRAPH_USER and CHAINGRAPH_PASSWORD, or CHAINGRAPH_TOKEN (status 401)",
        ),
        (
            lambda *_: (302, {"Location": "http://localhost:9/sparql"}, b""),
            "sends on to another place (http://localhost:9), which is not followed; if you trust it, open it",
        ),
        (
            lambda *_: (307, {"Location": "/again"}, b""),
            "answers with status 307; check that it is the address of a SPARQL endpoint",
        ),
        (lambda *_: (503, {}, b""), "is too busy (status 503) after 3 tries; try later"),
        (
            lambda *_: (429, {"Retry-After": "3600"}, b""),
            "is too busy (status 429) after 1 tries, and asks to be left alone for 3600 seconds; try later",
        ),
    ],
)
def test_a_faulty_server_is_refused_in_one_line(answer: Callable[[str, int], Answer], reason: str) -> None:
    with scripted(answer) as server, pytest.raises(UnreadableError) as refused:
        server.graph().select_text(ONE)
    assert str(refused.value) == f"{server.address}: {reason}"


def test_a_slow_server_is_not_waited_for() -> None:
    def late(*_: object) -> Answer:
        sleep(1)
        return rows(1)

    with scripted(late) as server, pytest.raises(UnreadableError, match=r"did not answer within 0.2 seconds"):
        server.graph(Limits(deadline=0.2)).select_text(ONE)


def test_a_busy_server_is_asked_again_when_it_says() -> None:
    soon = format_datetime(datetime.now(UTC) - timedelta(seconds=5), usegmt=True)
    busy = [(503, {"Retry-After": "0"}, b""), (429, {"Retry-After": soon}, b"")]
    with scripted(lambda _, before: busy[before] if before < 2 else rows()) as server:
        assert server.graph().select_text(ONE).height == 0
    assert len(server.asked) == 3


def test_a_refused_query_is_told_with_the_first_line_of_the_reason() -> None:
    answer = (400, {"Content-Type": "text/plain"}, b"no such graph\nmore")
    with scripted(lambda *_: answer) as server, pytest.raises(QueryError) as refused:
        server.graph().query("ASK {}")
    assert str(refused.value) == f"{server.address} refuses the query (status 400): no such graph"


def test_a_redirection_within_the_same_place_is_followed_with_the_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINGRAPH_TOKEN", SECRET)
    with scripted(lambda _, before: rows() if before else (307, {"Location": "/sparql/?a=1"}, b"")) as server:
        server.graph().select_text(ONE)
    assert [(path, headers["Authorization"]) for path, headers, _ in server.asked] == [
        ("/sparql", f"Bearer {SECRET}"),
        ("/sparql/?a=1", f"Bearer {SECRET}"),
    ]


def test_parameters_of_the_protocol_stay_in_the_address() -> None:
    with scripted(lambda *_: rows()) as server:
        KnowledgeGraph(RemoteBackend(f"{server.address}?default-graph-uri=https%3A%2F%2Fa.example%2Fg")).select_text(
            ONE
        )
    assert server.asked[0][0] == "/sparql?default-graph-uri=https%3A%2F%2Fa.example%2Fg"


@pytest.mark.parametrize("status", [200, 302, 400, 401, 404, 503])
def test_credentials_never_show(status: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    pair = b64encode(f"ann:{SECRET}".encode()).decode()
    words = f"Basic {pair} {SECRET}".encode()
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("CHAINGRAPH_USER", "ann")
    monkeypatch.setenv("CHAINGRAPH_PASSWORD", SECRET)
    faulty = {"Content-Type": f"text/{SECRET}", "Location": f"http://{SECRET}.example/{pair}"}
    with scripted(lambda *_: (status, faulty, words)) as server:
        graph = server.graph(Limits(tries=1))
        with pytest.raises(ChaingraphError) as refused:
            graph.query("ASK {}")
        command = run("query", server.address, "ASK {}") if status == 400 else None
    assert server.asked[0][1]["Authorization"] == f"Basic {pair}"
    assert command is None or command.returncode == 2
    # What the server sends back stands in the log of the HTTP library if that is asked for everything.
    log = [line for line in caplog.text.split("\n") if "receive_response_headers.complete" not in line]
    seen = [str(refused.value), repr(refused.value), repr(graph), repr(graph._backend), repr(command), *log]
    for secret in (SECRET, pair):
        assert [text for text in seen if secret in text] == []


@pytest.mark.parametrize(
    ("address", "environment", "reason"),
    [
        (f"https://ann:{SECRET}@kg.example.org/sparql", {}, "an address must not hold a user and password"),
        ("http://kg.example.org/sparql", {"TOKEN": SECRET}, "is not sent over plain http; open the https address"),
        ("https://kg.example.org/sparql", {"USER": "ann"}, "set CHAINGRAPH_USER and CHAINGRAPH_PASSWORD together"),
        ("https://kg.example.org/", {"TOKEN": f"{SECRET}\nX: y"}, "CHAINGRAPH_TOKEN holds what no token has"),
        ("https://", {}, "is no address of an endpoint such as https://example.org/sparql"),
        ("http://[::1/sparql", {}, "is no address of an endpoint such as"),
        ("https://kg.example.org:99999/", {}, "is no address of an endpoint such as"),
        ("https://kg.example.org/a b", {}, "is no address of an endpoint such as"),
        ("https://kg.example.org/#part", {}, "is no address of an endpoint such as"),
    ],
)
def test_an_address_that_cannot_be_asked_safely_is_refused(
    address: str, environment: dict[str, str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(f"CHAINGRAPH_{name}", value)
    with pytest.raises(UsageError) as refused:
        cg.open(address)
    assert reason in str(refused.value)
    assert SECRET not in str(refused.value)


def test_the_command_does_not_show_a_password_in_an_address() -> None:
    for command in ("query", "diff"):
        said = run(command, f"http://ann:{SECRET}@127.0.0.1:9/sparql?key={SECRET}", "ASK {}")
        assert (said.returncode, said.stdout, said.stderr.count("\n"), SECRET in said.stderr) == (2, "", 1, False)


@pytest.mark.parametrize(
    ("answer", "truth"),
    [(b'{"head": {}, "boolean": true}', True), (rows(0)[2], False), (rows()[2], False), (rows(1)[2], True)],
)
def test_a_truth_value_is_read_in_the_forms_that_servers_write(answer: bytes, truth: bool) -> None:
    with scripted(lambda *_: (200, {}, answer)) as server:
        assert server.graph().query("ASK {}") is truth


def test_numbers_and_truth_values_are_written_as_by_a_store_of_our_own() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    given = [("1", "boolean"), ("0", "boolean"), ("1000.0", "double"), ("01", "integer"), ("1.50", "decimal")]
    terms = [{"x": {"type": "literal", "value": value, "datatype": xsd + kind}} for value, kind in given]
    body = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": terms}}).encode()
    with scripted(counting(5, lambda _: (200, {}, body))) as server:
        assert server.graph().select_text("SELECT ?x { ?s ?p ?x }")["x"].to_list() == [
            "true",
            "false",
            "1000",
            "1",
            "1.5",
        ]


def test_blank_nodes_that_would_not_last_from_page_to_page_are_refused() -> None:
    body = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "bnode", "value": "b"}}]}}'
    with scripted(counting(1, lambda _: (200, {}, body))) as server:
        assert server.graph().select_text(ONE)["x"].to_list() == ["_:b"]
    lasting = pytest.raises(UnreadableError, match="blank nodes do not last from page to page")
    with scripted(counting(2, lambda _: (200, {}, body))) as server, lasting:
        server.graph().select_text(ONE)


def test_a_query_is_rewritten_only_where_that_means_the_same() -> None:
    assert portable_query("SELECT ?d { ?s ?p ?o BIND (DATATYPE(?o) AS ?d) }") == (
        'SELECT ?d { ?s ?p ?o BIND (IF(LANG(?o) != "", <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>,'
        " DATATYPE(?o)) AS ?d) }"
    )
    for same in (
        'SELECT ?s { ?s ?p "DATATYPE(?o) ?o NOT IN (1)" } # ?o NOT IN (2)\n',
        "SELECT ?s { ?s ?p ?o FILTER (1 + ?o NOT IN (1, 2)) }",
        "SELECT ?s { ?s ?p ?o FILTER (?o NOT IN (STR(?s), 2)) }",
    ):
        assert portable_query(same) == same
    page = selection("SELECT ?s { ?s ?p ?o } ORDER BY DESC(?o) STRLEN(?s) LIMIT 9").page(["s", "o"], 5, 10)
    assert " ".join(page.split()) == "SELECT ?s { ?s ?p ?o } ORDER BY DESC(?o) STRLEN(?s) ?s LIMIT 4 OFFSET 5"
    with pytest.raises(QueryError, match="ends in VALUES cannot be taken page by page"):
        selection("SELECT ?s { ?s ?p ?o } VALUES ?o { 1 }").page(["s"], 0, 1)
    found = construction("CONSTRUCT FROM <a:g> WHERE { ?s ?p ?o }")
    assert found == ("{ ?s ?p ?o }", "SELECT * FROM <a:g> WHERE { ?s ?p ?o }")
