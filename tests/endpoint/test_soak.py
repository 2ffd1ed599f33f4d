"""A server under load does not grow: some ten thousand queries in continuous integration, fewer elsewhere."""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.servers import GIVE_UP, SHORT, ServerProcess, end_server, eventually, kill, memory, start_server

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads what processes use from /proc")

QUERIES = 20_000 if os.environ.get("CI") == "true" else 2_000
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
STOPS = 12
NEVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def load(server: ServerProcess, queries: int, each: Callable[[int], None] = lambda _: None) -> Counter[int]:
    """Ask so many queries with four clients, and return how often each status came.

    Args:
        server: The server.
        queries: How many.
        each: Called with the number of each query when it has its answer.
    """
    numbers = count(1)
    statuses: Counter[int] = Counter()

    def ask(_: int) -> None:
        with httpx.Client(base_url=server.client.base_url, timeout=GIVE_UP) as client:
            while (number := next(numbers)) <= queries:
                text = LOAD[number % len(LOAD)].format(number=number)
                statuses[client.post("/sparql", data={"query": text}).status_code] += 1
                each(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(4)))
    return statuses


def test_neither_the_server_nor_its_children_grow_under_load(store: Path) -> None:
    server = start_server(store, workers=2)
    try:
        eventually(lambda: len(server.children) == 2)
        load(server, QUERIES // 3)
        children = server.children
        before, before_children = server.memory, sum(map(memory, children))
        statuses = load(server, 2 * QUERIES // 3)
        assert set(statuses) == {200, 400}
        # A child that was replaced would be young and small, and hide the growth of the one before it.
        assert server.children == children
        assert server.memory - before < 10 * MEGABYTE
        assert sum(map(memory, children)) - before_children < 10 * MEGABYTE
    finally:
        end_server(server)


def open_files(server: ServerProcess) -> int:
    """Return how many files, pipes and sockets the server holds open while it has both its children and nobody asks."""
    eventually(lambda: len(server.children) == 2 and server.answers())
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def test_children_that_are_stopped_one_after_the_other_leave_nothing_behind(store: Path) -> None:
    server = start_server(store, deadline=SHORT, workers=2)
    try:
        for _ in range(3):
            assert server.client.post("/sparql", data={"query": NEVER}).status_code in STOPPED
        files = open_files(server)
        before = server.memory
        for _ in range(STOPS):
            assert server.client.post("/sparql", data={"query": NEVER}).status_code in STOPPED
        # A child that left something behind would leave one file at least, STOPS in all. The count itself moves by a
        # few: a connection that was just closed is let go a moment later, and a child that has just begun has not
        # opened all its pipes when it is counted.
        eventually(lambda: open_files(server) < files + STOPS)
        # A child that was stopped may have been counted above while it was still ending.
        eventually(lambda: len(server.children) == 2)
        assert server.memory - before < 5 * MEGABYTE
    finally:
        end_server(server)


def test_children_that_are_killed_under_load_are_replaced_and_only_their_own_queries_are_lost(store: Path) -> None:
    server = start_server(store, workers=2)
    killed = 0
    lock = threading.Lock()

    def kill_children_at_times(number: int) -> None:
        nonlocal killed
        if number % 50 == 0:
            for child in server.children:
                with lock:
                    killed += kill(child)

    try:
        statuses = load(server, 300, kill_children_at_times)
        assert killed >= 2
        assert {200, 400} <= set(statuses) <= {200, 400, 500}
        assert statuses[500] <= killed
        eventually(lambda: len(server.children) == 2 and server.answers())
    finally:
        end_server(server)
