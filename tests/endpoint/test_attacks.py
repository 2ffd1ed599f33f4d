"""What somebody may send who wants to bring the server down, or make it fetch, read or write.

Each case says which answers are right: a refusal, or the end at the deadline. After each the server answers the
simplest query, and after all of them it is hardly larger than before. What runs for ever is sent to a server with a
short deadline, everything else to one without a deadline that it could meet, however slow the machine is.
"""

from __future__ import annotations

import hashlib
import os
import select
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from signal import SIGKILL
from typing import TYPE_CHECKING

import httpx
import pytest

from chaingraph.store import KnowledgeGraph
from tests.servers import GIVE_UP, alive, end_server, eventually, kill, start_server, wait_until_busy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.endpoint.conftest import Sink
    from tests.servers import ServerProcess

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads what processes use from /proc")

GROWTH = 50 * 2**20
JOIN = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
STOPPED = {500, 504}
QUERIES: dict[str, tuple[str, set[int]]] = {
    **{
        f"nested {opening}": (f"ASK {{ {before}{opening * 20_000} 1 {closing * 20_000} }}", {400, 413})
        for before, opening, closing in [
            ("", "{", "}"),
            ("FILTER ", "(", ")"),
            ("?a ?b ", "[ ?c ", "]"),
            ("?a ?b ", "(", ")"),
            ("?a ?b ", "<<(", ")>>"),
            ("FILTER ", "!(", ")"),
        ]
    },
    "nested brackets never closed": ("ASK { " + "{" * 60_000, {400}),
    "nested brackets behind an address with a hash": (r"ASK { ?a <http://a\u0062#> " + "{" * 20_000, {400}),
    "nested optionals": ("ASK { " + "OPTIONAL { ?a ?b ?c " * 99 + "}" * 99 + " }", {200, 400, *STOPPED}),
    "signs without end": ("ASK { FILTER(" + "!" * 60_000 + "?a) }", {400}),
    "a sum of 30,000 numbers": ("SELECT (" + "1+" * 30_000 + "1 AS ?a) {}", {200, 400, *STOPPED}),
    "a chain of 10,000 conditions": ("ASK { FILTER(" + "?a||" * 10_000 + "?a) }", {200, 400, *STOPPED}),
    "a join of 5,000 patterns": ("ASK { " + "?a ?b ?c . " * 5_000 + "}", {400}),
    "a union of 1,000 patterns": ("ASK { " + " UNION ".join(["{ ?a ?b ?c }"] * 1_000) + " }", {400}),
    "a path of 3,000 steps": ("ASK { ?a " + "/".join(["<a>"] * 3_000) + " ?b }", {400}),
    "a collection of 10,000 terms": ("ASK { ?a ?b (" + "1 " * 10_000 + ") }", {400}),
    "a product": (f"SELECT (COUNT(*) AS ?n) {{ {JOIN} }}", {504}),
    "a product in order": (f"SELECT * {{ {JOIN} }} ORDER BY ?a ?e ?i", STOPPED),
    "a product without repetition": (f"SELECT DISTINCT * {{ {JOIN} }}", {200, 504}),
    "a product that is counted without repetition": (f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {JOIN} }}", STOPPED),
    "a product in groups": (f"SELECT ?a ?e ?i (COUNT(*) AS ?n) {{ {JOIN} }} GROUP BY ?a ?e ?i", STOPPED),
    "a product in one text": (f"SELECT (GROUP_CONCAT(?c) AS ?n) {{ {JOIN} }}", STOPPED),
    "a product of a chain": (
        f"SELECT (COUNT(*) AS ?n) {{ {' . '.join(f'?a{n} ?b{n} ?c{n}' for n in range(190))} }}",
        STOPPED,
    ),
    "a graph of a product": (f"CONSTRUCT {{ ?a ?e ?l }} {{ {JOIN} FILTER (?a = ?l) }}", STOPPED),
    "a description of a product": (f"DESCRIBE ?a {{ {JOIN} FILTER (?a = ?l) }}", STOPPED),
    "paths from all to all": (
        "SELECT (COUNT(*) AS ?n) { ?a (!<x>|^!<x>)* ?b . ?c (!<x>)* ?d . ?e (!<x>)+ ?f }",
        STOPPED,
    ),
    "paths in paths": ("SELECT (COUNT(*) AS ?n) { ?a ((((!<x>)*)*)*)* ?b . ?b ((((!<x>)*)*)*)* ?c }", {200, *STOPPED}),
    "a text doubled 40 times": (
        "SELECT ?a40 { BIND('x' AS ?a0) "
        + " ".join(f"BIND(CONCAT(?a{n},?a{n}) AS ?a{n + 1})" for n in range(40))
        + " }",
        STOPPED,
    ),
    "a text replaced by itself": (
        "SELECT ?e { BIND('"
        + "a" * 9000
        + "' AS ?a) BIND(REPLACE(?a, 'a', ?a) AS ?b) BIND(REPLACE(?b, 'a', ?a) AS ?e) }",
        STOPPED,
    ),
    "a pattern of patterns": (
        "ASK { FILTER(REGEX('" + "a" * 9000 + "', '" + "(" * 90 + "a" + "{9}){9}" * 45 + "')) }",
        {200, 400},
    ),
    "a pattern that goes back": (f"ASK {{ {JOIN} FILTER(REGEX(CONCAT(?c, ?f, ?i), '(.*)*(.*)*$x')) }}", {504}),
    "a literal of 60,000 letters in a product": (f"SELECT ('{'x' * 60_000}' AS ?x) {{ {JOIN} }}", {200, 504}),
    "a number of 60,000 digits": ("SELECT (1" + "0" * 60_000 + " * 2 AS ?a) {}", {200, 400}),
    "a query of 65,537 bytes": ("ASK {} #" + "x" * 65_529, {413}),
    "half a pair": ("ASK { ?a ?b '\\ud800' }", {400}),
    "a null character": ("ASK { ?a ?b '\0' }", {400}),
    "a product of values": (
        "SELECT * { " + " ".join(f"VALUES ?v{n} {{ 1 2 3 4 5 6 7 8 9 }}" for n in range(12)) + " } ORDER BY ?v1",
        STOPPED,
    ),
    "a graph from a file": ("ASK FROM <file:///etc/passwd> {}", {400}),
    "a named graph from a file": ("ASK FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?a ?b ?c } }", {400}),
}
FETCHING = [
    "ASK { SERVICE <URL> { ?a ?b ?c } }",
    "ASK { SERVICE SILENT <URL> { ?a ?b ?c } }",
    "SELECT * { VALUES ?x { <URL> } SERVICE ?x { ?a ?b ?c } }",
    r"ASK { ?s <http://a\u0062#> ?o . SERVICE <URL> {} }",
    "ASK { FILTER(?a<?b&&?c='x>') SERVICE <URL> {} FILTER('a'='b') }",
    "LOAD <URL>",
    "LOAD <URL> INTO GRAPH <http://g>",
    "ASK FROM <URL> { ?a ?b ?c }",
    "ASK FROM NAMED <URL> { GRAPH ?g { ?a ?b ?c } }",
    "CREATE GRAPH <URL>",
]


@pytest.fixture(scope="module", autouse=True)
def hardly_grown(impatient: ServerProcess, patient: ServerProcess) -> Iterator[None]:
    """After all attacks the server processes are hardly larger than before."""
    servers = (impatient, patient)
    for server in servers:
        for _ in range(20):
            eventually(server.answers)
    before = [server.memory for server in servers]
    yield
    assert [server.memory - memory < GROWTH for server, memory in zip(servers, before, strict=True)] == [True, True]


@pytest.mark.parametrize("case", QUERIES)
def test_a_hostile_query_is_refused_or_stopped_and_the_next_is_answered(
    impatient: ServerProcess, patient: ServerProcess, case: str
) -> None:
    text, expected = QUERIES[case]
    server = impatient if 504 in expected else patient
    response = server.ask(text)
    assert response.status_code in expected, response.text[:300]
    assert response.status_code == 200 or response.text.count("\n") == 1
    if response.status_code == 200 and "bindings" in response.text:
        cut = len(response.json()["results"]["bindings"]) == 1000
        assert ("x-truncated" in response.headers) == cut
    eventually(server.answers)


@pytest.mark.parametrize("text", FETCHING)
def test_nobody_is_fetched_from(patient: ServerProcess, sink: Sink, text: str) -> None:
    client = patient.client
    query = text.replace("URL", sink.url)
    assert patient.ask(query).status_code == 400
    assert client.post("/sparql", data={"update": query}).status_code == 400
    for name in ("default-graph-uri", "named-graph-uri"):
        assert client.get("/sparql", params={"query": "ASK {}", name: sink.url}).status_code == 400
    assert client.post("/sparql", data={"update": "CLEAR ALL", "using-graph-uri": sink.url}).status_code == 400
    assert sink.visitors == []


def raw(server: ServerProcess, *chunks: bytes, pause: float = 0.0) -> bytes:
    """Return all that the server answers to these bytes, until it closes the connection."""
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=GIVE_UP) as connection:
        with suppress(ConnectionResetError, BrokenPipeError):
            for chunk in chunks:
                connection.sendall(chunk)
                if select.select([connection], [], [], pause)[0]:
                    break
        with suppress(ConnectionResetError):
            while chunk := connection.recv(65536):
                answer += chunk
    return answer


HEAD = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
REQUESTS: dict[str, tuple[list[bytes], bytes]] = {
    "a head that never ends": ([b"GET /sparql HTTP/1.1\r\nHost: loc"], b" 408 "),
    "a head in small pieces": ([b"GET / HTTP/1.1\r\n"] + [b"X: y\r\n"] * 30, b" 408 "),
    "a head of a megabyte": ([b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 2**20], b" 400 "),
    "a body that never comes": ([HEAD + b"Content-Length: 6\r\n\r\nASK"], b" 408 "),
    "a body in small pieces": ([HEAD + b"Content-Length: 60\r\n\r\n"] + [b"A"] * 30, b" 408 "),
    "a body announced as a gigabyte": ([HEAD + b"Content-Length: 1073741824\r\n\r\n"], b" 413 "),
    "a body without end": (
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\n"] + [b"8000\r\n" + b"x" * 0x8000 + b"\r\n"] * 4,
        b" 413 ",
    ),
    "a body of two lengths": ([HEAD + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {}"], b" 400 "),
    "a length below nothing": ([HEAD + b"Content-Length: -1\r\n\r\n"], b" 400 "),
    "no host": ([b"GET /sparql?query=ASK{} HTTP/1.1\r\nConnection: close\r\n\r\n"], b" 400 "),
    "two hosts": (
        [b"GET /sparql?query=ASK{} HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n"],
        b" 4",
    ),
    "no protocol": ([b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"\0" * 99], b" 400 "),
    "a way out of the folder": (
        [b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"],
        b" 404 ",
    ),
    "bad UTF-8 in the address": (
        [b"GET /sparql?query=%ff%fe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"],
        b" 400 ",
    ),
}


@pytest.mark.parametrize("case", REQUESTS)
def test_a_hostile_request_is_refused_and_the_next_is_answered(
    impatient: ServerProcess, patient: ServerProcess, case: str
) -> None:
    chunks, expected = REQUESTS[case]
    server = impatient if expected == b" 408 " else patient
    answer = raw(server, *chunks, pause=0.2 if len(chunks) > 5 else 0)
    assert answer.startswith(b"HTTP/1.1")
    assert expected in answer.partition(b"\r\n")[0]
    assert b"root:" not in answer
    eventually(server.answers)


def test_a_query_whose_client_disconnects_is_stopped(store: Path) -> None:
    server = start_server(store, workers=2)
    try:
        eventually(lambda: len(server.children) == 2 and server.answers())
        before = server.children
        text = f"SELECT (COUNT(*) AS ?n) {{ {JOIN} }}".encode()
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(HEAD + f"Content-Length: {len(text)}\r\n\r\n".encode() + text)
            wait_until_busy(before)
            assert server.children == before
        eventually(lambda: len(server.children) == 2 and len(server.children & before) == 1)
        eventually(server.answers)
    finally:
        end_server(server)


def test_a_process_that_ends_while_nobody_asks_is_replaced(store: Path) -> None:
    server = start_server(store, workers=2)
    try:
        eventually(lambda: len(server.children) == 2 and server.answers())
        before = server.children
        for child in before:
            kill(child)
        eventually(lambda: len(server.children - before) == 2)
        assert server.answers()
    finally:
        end_server(server)


def test_clients_that_do_not_read_their_answers_keep_nobody_from_theirs(patient: ServerProcess) -> None:
    text = b"SELECT * { ?a ?b ?c . ?d ?e ?f }"
    stalled = [socket.create_connection(("127.0.0.1", patient.port)) for _ in range(30)]
    for connection in stalled:
        connection.sendall(HEAD + f"Content-Length: {len(text)}\r\n\r\n".encode() + text)
    assert patient.answers()
    for connection in stalled:
        connection.close()


def test_two_hundred_connections_at_once_get_an_answer_or_a_503(patient: ServerProcess) -> None:
    idle = [socket.create_connection(("127.0.0.1", patient.port)) for _ in range(200)]

    def status(_: int) -> int:
        return patient.client.get("/sparql", params={"query": "ASK { ?a ?b ?c }"}).status_code

    with ThreadPoolExecutor(50) as pool:
        statuses = set(pool.map(status, range(200)))
    assert 200 in statuses
    assert statuses <= {200, 503}
    for connection in idle:
        connection.close()
    assert patient.answers()


def digest(store: Path) -> str:
    return hashlib.sha256(
        b"".join(path.name.encode() + path.read_bytes() for path in sorted(store.rglob("*")) if path.is_file())
    ).hexdigest()


def test_neither_killed_workers_nor_a_killed_server_harm_the_store(store: Path) -> None:
    before = digest(store)
    server = start_server(store, workers=2)
    try:
        for _ in range(3):
            eventually(lambda: len(server.children) == 2)
            for child in server.children:
                kill(child)
            assert server.ask("ASK { ?a ?b ?c }").status_code in {200, 500}
        eventually(lambda: len(server.children) == 2 and server.answers())
        children = server.children
        with ThreadPoolExecutor(4) as pool:
            answers = [pool.submit(server.ask, f"SELECT (COUNT(*) AS ?n) {{ {JOIN} }}") for _ in range(4)]
            wait_until_busy(children, 2)
            os.kill(server.process.pid, SIGKILL)
            assert all(isinstance(answer.exception(), httpx.TransportError) for answer in answers)
        eventually(lambda: not any(map(alive, children)))
    finally:
        end_server(server, SIGKILL)
    assert digest(store) == before
    assert len(KnowledgeGraph.open(store)) > 7000
    again = start_server(store, workers=1)
    assert again.answers()
    end_server(again)
    assert again.process.returncode in {0, -15}
