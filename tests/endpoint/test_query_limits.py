"""What is refused by its text, where answers are cut, and what a child process cannot do."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from chaingraph.endpoint.engine import Operation, RefusedError
from chaingraph.endpoint.limits import Limits
from chaingraph.endpoint.query_limits import QueryRefusedError, check_query
from chaingraph.endpoint.workers.query_pool import QueryPool, query_request
from chaingraph.endpoint.workers.query_worker import QueryRequest, answer_query
from chaingraph.endpoint.workers.truncation import ROW_SYNTAX
from chaingraph.errors import UnreadableError, UsageError
from chaingraph.sparql.limits import deadline_message
from chaingraph.sparql.tokens import asks_another_endpoint, query_nesting
from chaingraph.store import KnowledgeGraph
from chaingraph.store.versions import open_version
from tests.servers import GIVE_UP, LONG

if TYPE_CHECKING:
    from pathlib import Path

    from tests.endpoint.conftest import Sink

AWKWARD = ['},{"', "a\r\nb", '"', "</result>", "x\ny", "\\", "{}", '},{}"']
NEVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
"""A query that no machine ends in this life."""

HIDDEN = [
    r"ASK { ?s <http://a\u0062'> ?o . SERVICE <URL> {} ?s <http://a\u0062'> ?o }",
    r"ASK { ?s <http://a\u0062#> ?o . SERVICE <URL> {} }",
    "ASK { ?s ?p ?o #\rSERVICE <URL> {}\n }",
    r"PREFIX e: <http://e/> ASK { ?s ?p e:\# . SERVICE <URL> {} }",
    r"PREFIX e: <http://e/> ASK { ?s ?p e:\'a . SERVICE <URL> {} ?s ?p e:\'b }",
    "ASK { ?s ?p 1SERVICE <URL> {} }",
    "ASK { ?s ?p trueSERVICE <URL> {} }",
    "ASK { FILTER(?a<?b&&?c='x>') SERVICE <URL> {} FILTER('a'='b') }",
    "ASK {FILTER(?a<?b)SERVICE#>\n<URL>{}}",
    "PREFIX x: <http://e/> ASK {FILTER(?a<x:y#z>'''\n) SERVICE <URL> {} #'''\n}",
    "PREFIX S: <URL> ASK { SERVICES:x {} }",
    "PREFIX e: <http://e/> ASK { ?s a e:.SERVICE <URL> {} }",
    "ASK { service silent <URL> {} }",
    "SELECT * { { SELECT * { SERVICE ?x {} } } VALUES ?x { <URL> } }",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_a_service_clause_is_seen_wherever_a_parser_may_see_one(text: str) -> None:
    assert asks_another_endpoint(text.replace("URL", "http://a/"))


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?service ?p 'SERVICE' , \"service\" , '''a'SERVICE''' } # SERVICE",
        "PREFIX sd: <http://a/service#> ASK {?x a sd:Service ; sd:service $SERVICE FILTER (?x = <http://a/#service>)}",
        "ASK { VALUES (?a ?b) { (<http://a/service> <http://b>) } FILTER (?a < 3 && ?b > 4) }",
    ],
)
def test_the_word_service_may_stand_where_it_is_no_clause(text: str) -> None:
    assert not asks_another_endpoint(text)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process give up its network")
def test_a_query_that_got_past_the_guard_would_reach_nobody_from_a_child(sink: Sink) -> None:
    program = (
        "import os, sys; from chaingraph.isolation.sandbox import enter_sandbox; import pyoxigraph as ox\n"
        "if sys.argv[2] == 'limited': enter_sandbox(2**30, os.getppid())\n"
        "try: print(bool(ox.Store().query(f'ASK {{ SERVICE <{sys.argv[1]}> {{}} }}')))\n"
        "except OSError as error: print(error)\n"
    )

    def run(how: str) -> str:
        command = [sys.executable, "-c", program, sink.url, how]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "Permission denied" in run("limited")
    assert sink.visitors == []
    assert "Permission denied" not in run("free")
    assert len(sink.visitors) > 0


@pytest.mark.parametrize(
    "before", [r"<http://a\u0062#>", r"e:\#", "# a comment\r", r"'\''", '"""a"b"""', r"<http://a\u0062'>"]
)
def test_brackets_are_counted_after_what_only_looks_like_a_comment_or_a_string(before: str) -> None:
    assert query_nesting(f"ASK {{ ?a ?b {before} [[[ ]]] }}") == 4


def refusal(
    text: str, *, graphs: frozenset[str] = frozenset(), base: str | None = None, default_graphs: tuple[str, ...] = ()
) -> str:
    """Return the status and the reason for which a query is refused, or nothing."""
    try:
        check_query(query_request(Operation(text, base=base, default_graphs=default_graphs), Limits()), graphs)
    except QueryRefusedError as error:
        return f"{error.status} {error}"
    return ""


@pytest.mark.parametrize(
    "word", ["INSERT DATA {}", "load <http://a>", "CLEAR ALL", "WITH <http://a> DELETE {} WHERE {}"]
)
def test_an_update_sent_as_a_query_is_refused_by_its_name(word: str) -> None:
    text = f"PREFIX load: <http://a> BASE <http://b> # DROP\n{word}"
    assert refusal(text) == (
        f"400 this endpoint is read-only: {word.split()[0].upper()} is refused, and nothing is loaded or changed"
    )


@pytest.mark.parametrize(
    ("text", "graph"),
    [
        ("ASK FROM <file:///etc/passwd> {}", "file:///etc/passwd"),
        ("PREFIX g: <http://a/> SELECT * FROM NAMED g:b {}", "http://a/b"),
        ("BASE <http://a/> ASK from <b> {}", "http://a/b"),
        (r"ASK FROM <fi\u006ce:///etc/passwd> {}", r"fi\u006ce:///etc/passwd"),
    ],
)
def test_a_graph_that_the_store_does_not_hold_is_refused(text: str, graph: str) -> None:
    assert refusal(text) == (
        f"400 the graph {graph} is not in this store, and nothing is fetched: "
        "leave FROM and the graph parameters out, all is in the default graph"
    )


def test_a_graph_that_the_store_holds_may_be_named() -> None:
    graphs = frozenset({"http://a/b"})
    assert refusal("PREFIX g: <http://a/> ASK FROM g:b { ?from g:FROM 'FROM' }", graphs=graphs) == ""
    assert refusal("ASK FROM <b> {}", graphs=graphs, base="http://a/sparql") == ""
    assert refusal("ASK {}", graphs=graphs, default_graphs=("http://a/c",)) == (
        "400 the graph http://a/c is not in this store, and nothing is fetched"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ASK { " + "{" * 101 + "}" * 101 + " }", "400 the query nests brackets, or repeats signs, more than 100 deep"),
        ("ASK { ?a ?b " + "[ ?c " * 101 + "]" * 101 + " }", "400 the query nests"),
        ("ASK { FILTER(" + "!" * 60 + "?a) }", "400 the query nests"),
        ("ASK { ?s <http://a\\u0062#> " + "(" * 101 + ")" * 101 + " }", "400 the query nests"),
        ("ASK {" + "?a ?b ?c ." * 201 + "}", "400 the query has about 201 triple patterns, expected at most 200"),
        ("ASK {" + "?a ?b ?c FILTER(1) " * 201 + "}", "400 the query has about 202 triple patterns"),
        ("ASK { ?a ?b (" + "1 " * 150 + ") }", "400 the query has about 299 triple patterns"),
        ("ASK { ?a <a>" + "/<a>" * 300 + " ?c }", "400 the query has about 301 triple patterns"),
        ("ASK {} #" + "x" * 65536, "413 the query has 65,544 bytes, expected at most 65,536"),
        ("ASK { ?s ?p '\ud800' }", "400 the query holds a null character or half of a character pair"),
        ("ASK { ?s ?p '\0' }", "400 the query holds a null character"),
    ],
)
def test_a_query_that_is_too_long_too_deep_or_too_wide_is_refused(text: str, reason: str) -> None:
    assert refusal(text).startswith(reason)


def test_long_lists_of_values_are_no_patterns() -> None:
    many = " ".join(f"<http://a/{number}>" for number in range(1000))
    pairs = " ".join("(1.5 'a.b;c')" for _ in range(1000))
    assert refusal(f"SELECT * {{ VALUES ?x {{ {many} }} VALUES (?y ?z) {{ {pairs} }} ?x a.b:c ?y }}") == ""
    assert refusal(f"SELECT * {{ ?x ?y ?z FILTER (?x IN ({many.replace(' ', ', ')})) }}") == ""


def request(text: str, rows_as: str, *, rows: int = 10**6, size: int = 10**9) -> QueryRequest:
    return QueryRequest(
        text=text,
        rows_as=rows_as,
        triples_as="application/n-triples",
        default_graphs=None,
        named_graphs=None,
        base=None,
        prefixes={},
        rows=rows,
        size=size,
        deadline=1,
        compress=False,
        spreadsheet=False,
        limits={},
    )


@pytest.fixture
def awkward() -> ox.Store:
    store = ox.Store()
    for number in range(400):
        subject = ox.NamedNode(f"http://a/{number:03}")
        store.add(ox.Quad(subject, ox.NamedNode("http://p"), ox.Literal(AWKWARD[number % len(AWKWARD)])))
    return store


QUERIES = [
    "SELECT ?s ?o { ?s <http://p> ?o } ORDER BY ?s",
    "SELECT ?o ?none { ?s <http://p> ?o OPTIONAL { ?o ?s ?none } } ORDER BY ?s",
    "SELECT ?none { ?s <http://p> ?o OPTIONAL { ?o ?s ?none } }",
    "SELECT ?s ?o { ?s <http://p> ?o FILTER (STR(?s) < 'http://a/003') } ORDER BY ?s",
    "SELECT ?s { ?s <http://q> ?o }",
]


@pytest.mark.parametrize("media_type", ROW_SYNTAX)
@pytest.mark.parametrize("text", QUERIES)
def test_an_answer_cut_after_some_rows_is_the_answer_to_the_query_with_that_limit(
    awkward: ox.Store, media_type: str, text: str
) -> None:
    whole, content = answer_query(awkward, request(text, media_type), ())
    rows = whole["count"]
    assert not whole["truncated"]
    for limit in (1, 2, 3, 7, 8, 199, rows):
        expected = answer_query(awkward, request(f"{text} LIMIT {limit}", media_type), ())[1]
        reply, cut = answer_query(awkward, request(text, media_type, rows=limit), ())
        assert (cut, reply["count"], reply["truncated"]) == (expected, min(rows, limit), limit < rows)
    assert rows == len(list(awkward.query(text)))  # type: ignore[arg-type]
    assert answer_query(awkward, request(text, media_type, rows=rows + 1), ()) == (whole, content)


@pytest.mark.parametrize("media_type", ROW_SYNTAX)
def test_an_answer_cut_after_some_bytes_ends_with_a_whole_row(awkward: ox.Store, media_type: str) -> None:
    whole = answer_query(awkward, request(QUERIES[0], media_type), ())[1]
    reply, cut = answer_query(awkward, request(QUERIES[0], media_type, size=len(whole) // 2), ())
    assert reply["truncated"]
    assert 190 < reply["count"] < 210
    assert cut == answer_query(awkward, request(f"{QUERIES[0]} LIMIT {reply['count']}", media_type), ())[1]


@pytest.mark.parametrize("media_type", ROW_SYNTAX)
def test_a_single_row_that_is_too_large_is_refused(media_type: str) -> None:
    text = f"SELECT ?x {{ VALUES ?x {{ '{'y' * 20000}' }} }}"
    reply, content = answer_query(ox.Store(), request(text, media_type, size=5000), ())
    assert (reply["status"], reply["reason"], content) == (
        413,
        "a single row of the answer is larger than 5,000 bytes",
        b"",
    )


def test_a_graph_is_cut_after_its_triples_and_holds_none_twice(awkward: ox.Store) -> None:
    text = "CONSTRUCT { <http://s> <http://p> ?o } { ?s <http://p> ?o }"
    reply, content = answer_query(awkward, request(text, "text/csv"), ())
    assert (reply["count"], reply["truncated"], len(content.splitlines())) == (len(AWKWARD), False, len(AWKWARD))
    reply, content = answer_query(awkward, request(text, "text/csv", rows=3), ())
    assert (reply["count"], reply["truncated"], len(content.splitlines())) == (3, True, 3)


def ask(store: Path, limits: Limits, *texts: str) -> list[str]:
    """Return the bytes, or the status and reason, of each query, one after the other, from a pool of its own.

    While no process is free (503), a query is asked again.
    """

    async def answer(pool: QueryPool, text: str) -> str:
        while True:
            try:
                with await pool.ask(Operation(text, accept="text/csv")) as answer:
                    return answer.content().decode()
            except RefusedError as error:
                if error.status != 503:
                    return f"{error.status} {error.reason}"

    async def run() -> list[str]:
        pool = QueryPool(store, limits)
        await pool.start()
        try:
            async with asyncio.timeout(GIVE_UP):
                return [await answer(pool, text) for text in texts]
        finally:
            await pool.stop()

    return asyncio.run(run())


def test_a_query_that_overruns_is_stopped_at_the_deadline(store: Path) -> None:
    stopped = f"504 {deadline_message(1)}"
    assert "1 seconds and was stopped; start from one thing, take one step at a time" in stopped
    assert ask(store, Limits(deadline=1, workers=2), NEVER, NEVER, NEVER) == [stopped, stopped, stopped]


def test_a_query_that_is_cancelled_is_stopped_and_the_next_is_answered(store: Path) -> None:
    async def run() -> str:
        pool = QueryPool(store, Limits(deadline=LONG, workers=1))
        await pool.start()
        try:
            query = asyncio.create_task(pool.ask(Operation(NEVER)))
            await asyncio.sleep(0)
            query.cancel()
            async with asyncio.timeout(GIVE_UP):
                with await pool.ask(Operation("SELECT (1 AS ?n) {}", accept="text/csv")) as answer:
                    return answer.content().decode()
        finally:
            await pool.stop()

    assert asyncio.run(run()) == "n\r\n1\r\n"


def test_a_query_that_needs_too_much_memory_takes_down_only_its_own_process(store: Path) -> None:
    bomb = "SELECT (STRLEN(?z) AS ?n) { BIND('x' AS ?a0) "
    bomb += " ".join(f"BIND(CONCAT(?a{n}, ?a{n}) AS ?a{n + 1})" for n in range(34)) + " BIND(?a34 AS ?z) }"
    answers = ask(store, Limits(deadline=LONG, workers=1, memory=2**29), bomb, "ASK {}")
    assert answers == [
        "500 the query brought its process down: it needs more than 0.5 GB of memory, or nests too deep",
        "true",
    ]


def test_one_query_more_than_may_wait_is_refused_at_once(store: Path) -> None:
    async def run() -> list[tuple[int, str | None]]:
        pool = QueryPool(store, Limits(deadline=0.5, workers=1, queue=2))
        await pool.start()
        answers = await asyncio.gather(*(pool.ask(Operation(NEVER)) for _ in range(5)), return_exceptions=True)
        await pool.stop()
        assert all(isinstance(answer, RefusedError) for answer in answers)
        return sorted((e.status, e.headers.get("Retry-After")) for e in answers if isinstance(e, RefusedError))

    statuses = asyncio.run(run())
    assert statuses[:2] == [(503, "1"), (503, "1")]
    assert (504, None) in statuses


def test_a_store_that_was_built_anew_has_another_tag_and_an_unchanged_one_has_not(store: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.kg"
    KnowledgeGraph.build([store], other)
    assert open_version(store).tag == open_version(store).tag
    assert open_version(other).tag != open_version(store).tag


def test_a_folder_that_is_no_store_is_refused_before_anything_is_served(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("MANIFEST-000001\n")
    with pytest.raises(UnreadableError, match="is no store that can be opened"):
        ask(tmp_path, Limits(workers=1))


def test_limits_under_which_nothing_could_be_answered_are_refused() -> None:
    with pytest.raises(UsageError, match="the limit 'rows' is 0, expected a number above 0"):
        Limits(rows=0)
    with pytest.raises(UsageError, match="expected at least 512 MB"):
        Limits(memory=1)


def test_updates_cannot_be_carried_out_by_the_pool(store: Path) -> None:
    with pytest.raises(RefusedError, match="read-only"):
        asyncio.run(QueryPool(store, Limits()).update(Operation("CLEAR ALL", update=True)))
