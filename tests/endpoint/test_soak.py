"""A server under load for a while does not grow: a minute in continuous integration, a few seconds elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from signal import SIGKILL

import httpx
import pytest

from tests.endpoint.conftest import DEADLINE, SLACK, ServerProcess, end_server, start_server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads what processes use from /proc")

SECONDS = 60 if os.environ.get("CI") == "true" else 5
MEGABYTE = 2**20
LOAD = [
    "SELECT ?o ?n {{ ?o a cg:Organization ; rdfs:label ?n }} OFFSET {number}",
    "SELECT ?p ?v {{ ?o a cg:Consortium ; ?p ?v }} LIMIT {number}",
    "ASK {{ ?o rdfs:label 'number {number}' }}",
    "CONSTRUCT {{ ?o cg:memberOf ?c }} WHERE {{ ?o cg:memberOf ?c }} LIMIT {number}",
    "SELECT nothing that can be read {number}",
    "ASK {{ SERVICE <http://127.0.0.1:{number}/> {{ ?a ?b ?c }} }}",
]
"""Each query is another one, so that whatever keeps texts or answers is seen to grow; two of them are refused."""
STOPPED = {503, 504}
NEVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def load(server: ServerProcess, seconds: float) -> Counter[int]:
    """Ask for so many seconds with four clients, and return how often each status came."""
    end = time.monotonic() + seconds
    numbers = count(1)
    statuses: Counter[int] = Counter()

    def client(_: int) -> None:
        with httpx.Client(base_url=server.client.base_url, timeout=DEADLINE + SLACK) as client:
            while time.monotonic() < end:
                number = next(numbers)
                text = LOAD[number % len(LOAD)].format(number=number)
                statuses[client.post("/sparql", data={"query": text}).status_code] += 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(client, range(4)))
    return statuses


def memory(number: int) -> int:
    """Return the bytes of a process that are in memory."""
    status = Path(f"/proc/{number}/status").read_text(encoding="ascii")
    return 1024 * int(status.partition("VmRSS:")[2].split()[0])


def test_neither_the_server_nor_its_children_grow_under_load(store: Path) -> None:
    server = start_server(store, deadline=DEADLINE, workers=2)
    try:
        load(server, SECONDS / 3)
        children = server.children
        before, before_children = server.memory, sum(map(memory, children))
        statuses = load(server, 2 * SECONDS / 3)
        assert set(statuses) == {200, 400}
        # A child that was replaced would be young and small, and hide the growth of the one before it.
        assert server.children == children
        assert server.memory - before < 10 * MEGABYTE
        assert sum(map(memory, children)) - before_children < 10 * MEGABYTE
    finally:
        end_server(server)


def open_files(server: ServerProcess) -> int:
    """Return how many files, pipes and sockets the server holds open while it has both its children and nobody asks."""
    for _ in range(200):
        if len(server.children) == 2 and server.answers():
            break
        time.sleep(0.05)
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def comes_back_to(server: ServerProcess, files: int) -> bool:
    """Tell whether no more files are open soon: a connection that was just closed is let go a moment later."""
    for _ in range(50):
        if open_files(server) <= files:
            return True
        time.sleep(0.1)
    return False


def test_children_that_are_stopped_one_after_the_other_leave_nothing_behind(store: Path) -> None:
    server = start_server(store, deadline=0.2, workers=2)
    try:
        for _ in range(3):
            assert server.client.post("/sparql", data={"query": NEVER}).status_code in STOPPED
        before, files = server.memory, open_files(server)
        for _ in range(8):
            assert server.client.post("/sparql", data={"query": NEVER}).status_code in STOPPED
        assert comes_back_to(server, files)
        assert len(server.children) == 2
        assert server.memory - before < 5 * MEGABYTE
    finally:
        end_server(server)


def test_children_that_are_killed_under_load_are_replaced_and_only_their_own_queries_are_lost(store: Path) -> None:
    server = start_server(store, deadline=DEADLINE, workers=2)
    try:
        with ThreadPoolExecutor(1) as pool:
            loading = pool.submit(load, server, 3.0)
            killed = 0
            while not loading.done():
                for child in server.children:
                    with suppress(ProcessLookupError):
                        os.kill(child, SIGKILL)
                        killed += 1
                time.sleep(0.5)
            statuses = loading.result()
        assert killed >= 2
        assert {200, 400} <= set(statuses) <= {200, 400, 500, 503, 504}
        assert statuses[500] <= killed
        open_files(server)
        assert len(server.children) == 2
        assert server.answers()
    finally:
        end_server(server)
