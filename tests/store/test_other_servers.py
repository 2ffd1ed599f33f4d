"""Servers as they are: they cut answers, are busy, redirect, break off or answer with something else."""

from __future__ import annotations

import gzip
import json
import logging
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import sleep
from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.errors import ChaingraphError, QueryError, UnreadableError, UsageError
from chaingraph.sparql.rewriting import selection
from chaingraph.store import KnowledgeGraph
from chaingraph.store.remote import RemoteBackend
from chaingraph.store.transport import Limits
from tests.cli.shell import run
from tests.store.servers import DRIPS, JSON, Answer, dripping, scripted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


SECRET = "s3cret-of-ann"


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
            lambda *_: (200, {"Content-Encoding": "gzip"}, gzip.compress(b" " * 10_001)),
            "answers with more than 10,000 bytes; ask for less",
        ),
        (
            lambda *_: (200, {"Content-Encoding": "gzip, gzip"}, gzip.compress(gzip.compress(b"{}"))),
            "answers in the coding gzip, gzip, expected gzip or none",
        ),
        (lambda *_: (200, {"Content-Encoding": "br"}, b"x"), "answers in the coding br, expected gzip or none"),
        (
            lambda *_: (200, {"Content-Encoding": "gzip"}, gzip.compress(b"{}" * 99)[:-9]),
            "broke off its answer, or does not speak HTTP; try again",
        ),
        (
            counting(3_000_000, lambda text: rows(selection(text).offset)),
            "cuts answers after 1 rows, so 3,000,000 would take too many requests; ask for less",
        ),
        (lambda *_: (302, {"Location": "http://127.0.0.1:99999/"}, b""), "sends on to what is no address"),
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

    with (
        scripted(late) as server,
        pytest.raises(UnreadableError, match=r"(did not answer within|took more than) 0.2 seconds"),
    ):
        server.graph(Limits(deadline=0.2)).select_text(ONE)


@pytest.mark.parametrize("case", DRIPS)
def test_a_server_that_drips_is_left_at_the_deadline(case: str) -> None:
    """Each read is in time, but the whole is not: without a deadline for all of it this would never end."""
    with dripping(*DRIPS[case]) as address, pytest.raises(UnreadableError) as refused:
        KnowledgeGraph(RemoteBackend(address, Limits(deadline=1, size=2**20, tries=1))).select_text(ONE)
    assert str(refused.value) == f"{address}: took more than 1 seconds; ask for less, or try later"


def test_pages_that_come_slowly_have_a_deadline_for_all_of_them() -> None:
    limits = Limits(deadline=60, size=10_000, tries=1, answer_deadline=0.2)

    def late(text: str) -> Answer:
        sleep(0.05)
        return rows(selection(text).offset)

    with scripted(counting(1500, late)) as server, pytest.raises(UnreadableError) as refused:
        server.graph(limits).select_text(ONE)
    assert str(refused.value) == f"{server.address}: took more than 0.2 seconds for one answer; ask for less"


TERMS: dict[str, dict[str, object]] = {
    "an IRI with spaces": {"s": {"type": "uri", "value": "no iri"}},
    "a text as subject": {"s": {"type": "literal", "value": "a"}},
    "a blank node as property": {"p": {"type": "bnode", "value": "x"}},
    "no language": {"o": {"type": "literal", "value": "x", "xml:lang": "no tag!"}},
    "no datatype": {"o": {"type": "literal", "value": "x", "datatype": "no iri"}},
    "a language and a datatype": {"o": {"type": "literal", "value": "x", "xml:lang": "en", "datatype": "a:b"}},
    "no label": {"s": {"type": "bnode", "value": "a b> <x"}},
    "half a character": {"o": {"type": "literal", "value": "\ud800"}},
    "a column that was not asked for": {"x": {"type": "uri", "value": "a:b"}},
    "nothing": {"o": {}},
    "a list": {"o": []},
    "a number": {"o": {"type": "literal", "value": 5}},
}


@pytest.mark.parametrize("case", [*TERMS, "a row without a subject"])
@pytest.mark.parametrize("command", ["build", "query"])
def test_a_server_that_makes_up_terms_is_one_line(tmp_path: Path, command: str, case: str) -> None:
    """Whichever command reads it: status 2 and a reason, or an answer where the standard allows the term."""
    row: dict[str, object] = {name: {"type": "uri", "value": f"http://e.org/{name}"} for name in "spo"}
    row |= TERMS.get(case, {})
    if case not in TERMS:
        del row["s"]
    content = json.dumps({"head": {"vars": ["s", "p", "o"]}, "results": {"bindings": [row]}}).encode()
    arguments = ["-o", str(tmp_path / "o.nt")] if command == "build" else ["SELECT ?s ?p ?o { ?s ?p ?o }"]
    with scripted(counting(1, lambda _: (200, {}, content))) as server:
        answer = run(command, server.address, *arguments)
    assert answer.returncode == 2 or (answer.returncode == 0 and command == "query")
    assert "Traceback" not in answer.stderr
    if answer.returncode == 2:
        assert answer.stderr.count("\n") == 1


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
