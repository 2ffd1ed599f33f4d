"""What the server's own process does while somebody asks hostile queries: a bounded number of steps at a time.

Counted are calls of functions in the thread of the event loop between two turns of it, never seconds. A query is read
by child processes only; pages are prepared in a thread of their own, from answers that are bounded before.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from chaingraph.endpoint.app import app
from chaingraph.endpoint.limits import Limits
from tests.servers import LONG

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

    from starlette.applications import Starlette
    from starlette.types import Message

MOST_CALLS = 20_000
"""Calls between two turns of the event loop; a page of the smallest data set takes some thousands."""
MOST_CALLS_OF_A_WAIT = 2 * MOST_CALLS
"""Calls from the request of an ordinary client to its answer, with those for an attack that goes on meanwhile."""
KIB64 = 2**16
QUERY = {"Content-Type": "application/sparql-query"}
PAGE = {"Accept": "text/html", "Accept-Encoding": "gzip"}
QUERIES = {
    "escapes without end": "ASK {'" + "\\'" * 32_000,
    "names without a colon": "ASK {" + "a." * 32_000,
    "signs": "ASK { FILTER(" + "!" * 60_000 + "?a) }",
    "words": "ASK {" + "a " * 32_000,
    "single signs": "ASK {" + "%" * 65_000,
    "quotes": "ASK {" + "'" * 65_000,
    "growing bases": "".join(f"BASE <{'a/' * 60}>" for _ in range(450)) + "ASK {}",
    "bases up": "".join(f"BASE <{'../' * 40}a>" for _ in range(450)) + "ASK {}",
    "prefixes": "".join(f"PREFIX a{number}:<a:b>" for number in range(3500)) + "ASK FROM a1:b {}",
    "graphs": "SELECT * " + "FROM <a>" * 8000 + "{}",
    "many columns": "SELECT " + " ".join(f"?v{number}" for number in range(9000)) + " { ?s ?p ?o }",
    "many columns with values": "SELECT "
    + " ".join(f"('{number}' AS ?v{number})" for number in range(450))
    + " { ?s ?p ?o }",
    "a text that grows": "SELECT ?a15 { BIND('"
    + "&" * 200
    + "' AS ?a0) "
    + " ".join(f"BIND(CONCAT(?a{number}, ?a{number}) AS ?a{number + 1})" for number in range(15))
    + " }",
    "many long texts": "SELECT ?a10 ?s ?p ?o { BIND('"
    + '<&\\"' * 40
    + "' AS ?a0) "
    + " ".join(f"BIND(CONCAT(?a{number}, ?a{number}) AS ?a{number + 1})" for number in range(10))
    + " ?s ?p ?o }",
    "many IRIs": "SELECT ?a ?b ?c ?d ?e ?f { ?a ?b ?c . ?d ?e ?f }",
    "many triples": "CONSTRUCT { ?a ?b ?c . ?d ?e ?f } { ?a ?b ?c . ?d ?e ?f }",
    "deep triples": "SELECT ?t60 { BIND(1 AS ?t0) "
    + " ".join(f"BIND(TRIPLE(<a:b>, <a:b>, ?t{number}) AS ?t{number + 1})" for number in range(60))
    + " }",
}
"""Each is at most as long as a query may be, and would take long to read, or to render."""
ADDRESSES = {
    "many parameters": "/sparql?" + "a&" * 60_000,
    "many ranges": "/",
    "a long path": "/thing/" + "a/" * 60_000,
    "a long name": "/search?q=" + "a" * 150_000,
    "many classes": "/search?q=a&" + "&".join(f"class=cg:Region{number}" for number in range(90)),
    "many regions": "/network?projection=affiliation&" + "&".join(f"region={number}" for number in range(90)),
}
RANGES = {name: ",".join(f"a/b{number};q=0.5" for number in range(8000)) for name in ("Accept", "Accept-Language")}


class Calls:
    """Counts the calls of functions in this thread, and resets the count at each turn of the event loop."""

    def __init__(self) -> None:
        self.most = 0
        self.all = 0
        self._count = 0
        self.modules: Counter[str] = Counter()

    def __enter__(self) -> Calls:
        sys.setprofile(self._count_call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _count_call(self, frame: FrameType, event: str, _: object) -> None:
        if event not in {"call", "c_call"}:
            return
        if event == "call":
            self.modules[frame.f_globals.get("__name__", "")] += 1
            if frame.f_code is asyncio.Handle._run.__code__:
                self._count = 0
        self._count += 1
        self.all += 1
        self.most = max(self.most, self._count)


@dataclass(frozen=True)
class Sent:
    """A request as the web server hands it on."""

    target: str
    headers: dict[str, str]
    body: bytes = b""


async def respond(application: Starlette, sent: Sent) -> tuple[int, bytes]:
    """Return the status and the body of the response to a request."""
    path, _, query = sent.target.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST" if sent.body else "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (name.lower().encode(), value.encode()) for name, value in {"Host": "localhost", **sent.headers}.items()
        ],
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
    }
    requests: list[Message] = [{"type": "http.request", "body": sent.body, "more_body": False}]
    sent_back: list[Message] = []

    async def receive() -> Message:
        if not requests:
            await asyncio.Event().wait()
        return requests.pop()

    async def send(message: Message) -> None:
        sent_back.append(message)

    await application(scope, receive, send)
    return sent_back[0]["status"], b"".join(message["body"] for message in sent_back[1:])


def watched(store: Path, *several: Sent) -> tuple[Calls, list[int]]:
    """Send requests to an application of this process, and return the calls that it took and the statuses."""

    async def run() -> tuple[Calls, list[int]]:
        application = app(store, Limits(workers=1, deadline=LONG, rows=1000, answer_bytes=2**21))
        async with application.router.lifespan_context(application):
            await respond(application, Sent("/", PAGE))
            await respond(application, Sent("/sparql?query=ASK{}", PAGE))
            with Calls() as calls:
                statuses = [(await respond(application, sent))[0] for sent in several]
        return calls, statuses

    return asyncio.run(run())


READERS = ("chaingraph.sparql.tokens", "chaingraph.endpoint.query_limits", "csv")
RENDERERS = ("chaingraph.endpoint.pages.cells", "jinja2.runtime", "chaingraph.export.tables")


@pytest.fixture(params=QUERIES)
def query(request: pytest.FixtureRequest) -> str:
    """A hostile query, not longer than a query may be."""
    text = QUERIES[request.param]
    assert len(text.encode()) <= KIB64
    return text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of child processes")
def test_the_event_loop_reads_no_query_and_renders_no_page(store: Path, query: str) -> None:
    """As a page, as a file for spreadsheets, by the protocol, and as a network."""
    calls, statuses = watched(
        store,
        *(
            Sent(path, QUERY | headers, query.encode())
            for path, headers in [("/sparql", PAGE), ("/sparql.csv", {"Accept-Encoding": "gzip"}), ("/sparql", {})]
        ),
    )
    assert set(statuses) <= {200, 400, 406, 413, 500}
    assert calls.most < MOST_CALLS
    assert {name: calls.modules[name] for name in (*READERS, *RENDERERS)} == dict.fromkeys((*READERS, *RENDERERS), 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of child processes")
@pytest.mark.parametrize("case", ADDRESSES)
def test_a_hostile_address_takes_few_steps(store: Path, case: str) -> None:
    calls, statuses = watched(store, Sent(ADDRESSES[case], RANGES if case == "many ranges" else PAGE))
    assert set(statuses) <= {200, 400, 404, 406, 414}
    assert calls.most < MOST_CALLS


NEVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ORDINARY = Sent("/sparql?query=SELECT (COUNT(*) AS ?n) { ?c a cg:Consortium }".replace(" ", "%20"), {})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of child processes")
def test_ordinary_clients_are_answered_during_every_attack_after_a_bounded_number_of_steps(store: Path) -> None:
    """An attacker that sends its next request as soon as the one before is answered, and a client that asks 4 times."""
    attacks = {
        "a query that never ends": Sent("/sparql", QUERY, NEVER.encode()),
        "a page that never ends": Sent("/sparql", QUERY | PAGE, NEVER.encode()),
        **{f"{case}, as a page": Sent("/sparql", QUERY | PAGE, text.encode()) for case, text in QUERIES.items()},
        **{f"{case}, as a file": Sent("/sparql.csv", QUERY, text.encode()) for case, text in QUERIES.items()},
        **{case: Sent(target, RANGES if case == "many ranges" else PAGE) for case, target in ADDRESSES.items()},
    }

    async def run() -> tuple[dict[str, int], dict[str, bool]]:
        steps: dict[str, int] = {}
        during: dict[str, bool] = {}
        application = app(store, Limits(workers=2, deadline=LONG, rows=1000, answer_bytes=2**21))
        async with application.router.lifespan_context(application):
            right = await respond(application, ORDINARY)
            await respond(application, Sent("/", PAGE))
            for case, sent in attacks.items():
                attack = asyncio.create_task(respond(application, sent))
                await asyncio.sleep(0)
                with Calls() as calls:
                    for _ in range(4):
                        if attack.done():
                            attack = asyncio.create_task(respond(application, sent))
                        before = calls.all
                        assert await respond(application, ORDINARY) == right, case
                        steps[case] = max(steps.get(case, 0), calls.all - before)
                during[case] = not attack.done()
                attack.cancel()
                await asyncio.gather(attack, return_exceptions=True)
        return steps, during

    steps, during = asyncio.run(run())
    assert {case: count for case, count in steps.items() if count >= MOST_CALLS_OF_A_WAIT} == {}
    assert during["a query that never ends"]
    assert during["a page that never ends"]


def test_a_page_shows_a_bounded_part_of_a_wide_and_of_a_long_answer(store: Path) -> None:
    """100 columns, 10,000 cells and 1 MB: what is beyond stands in the files, and the page says so."""

    async def pages() -> list[str]:
        application = app(store, Limits(workers=1, deadline=LONG))
        async with application.router.lifespan_context(application):
            headers = QUERY | {"Accept": "text/html", "Accept-Language": "en"}
            cases = ("many columns", "many columns with values", "many long texts", "a text that grows")
            return [
                (await respond(application, Sent("/sparql", headers, QUERIES[case].encode())))[1].decode()
                for case in cases
            ]

    wide, filled, long, single = asyncio.run(pages())
    assert "Only the first 100 columns are shown, and 8,900 more are not; a file holds all." in wide
    assert wide.count("<th ") == filled.count("<th ") == 100
    assert wide.count("<td") == 10_000
    assert 0 < filled.count("<td") <= 10_000
    assert "Only the first 100 are shown" in wide
    assert 1 <= long.count("<tr>") - 1 < 10
    assert len(long) < 2**22
    assert "a single row of the answer is larger than 1,048,576 bytes" in single
