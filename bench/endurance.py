"""A long load: clients whose answers are known, and attackers beside them; no answer may be wrong, slow or the last.

    python bench/endurance.py --seconds 600

Writes results/endurance.json: the answers and how long they took, those that were wrong, what the attackers were
answered, and the memory of the server and of its largest child, minute by minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from load import Connection, Load, request

from chaingraph.store import KnowledgeGraph
from servers import Server, chaingraph_server

HERE = Path(__file__).resolve().parent
QUERIES = [
    "ASK { ?o a cg:Organization }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?class (COUNT(*) AS ?n) { ?s a ?class } GROUP BY ?class ORDER BY ?class",
    "SELECT ?c ?name { ?c a cg:Consortium ; rdfs:label ?name } ORDER BY ?c ?name",
    "SELECT ?o ?c { ?o cg:memberOf ?c } ORDER BY ?o ?c",
    "SELECT ?r (COUNT(?o) AS ?n) { ?o a cg:Organization ; cg:region ?r } GROUP BY ?r ORDER BY ?r",
    "SELECT ?o ?q { ?m a cg:Membership ; cg:organization ?o ; cg:evidence/cg:exact ?q } ORDER BY ?o ?q LIMIT 100",
]
JOIN = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
DOUBLED = " ".join(f"BIND(CONCAT(?a{n}, ?a{n}) AS ?a{n + 1})" for n in range(15))
ATTACKS = {
    "escapes without end": ("/sparql", "ASK {'" + "\\'" * 32_000),
    "a page of 9,000 columns": ("/page", "SELECT " + " ".join(f"?v{n}" for n in range(9000)) + " { ?s ?p ?o }"),
    "a page of a text that doubles": ("/page", f"SELECT ?a15 {{ BIND('{'&' * 500}' AS ?a0) {DOUBLED} }}"),
    "a file of a product": ("/sparql.csv", f"SELECT * {{ {JOIN} }}"),
    "a product": ("/sparql", f"SELECT (COUNT(*) AS ?n) {{ {JOIN} }}"),
    "growing bases": ("/sparql", "".join(f"BASE <{'a/' * 60}>" for _ in range(450)) + "ASK {}"),
    "signs": ("/sparql", "ASK { FILTER(" + "!" * 60_000 + "?a) }"),
    "another endpoint": ("/sparql", "ASK { SERVICE <http://localhost:9/> { ?a ?b ?c } }"),
    "memory": ("/sparql", f"SELECT (STRLEN(?a15) AS ?n) {{ BIND('{'x' * 50_000}' AS ?a0) {DOUBLED} }}"),
}
CROWD = 100


@dataclass
class Record:
    """What happened: the load, answers that were wrong, the attackers' statuses, and memory over time."""

    load: Load = field(default_factory=Load)
    wrong: Counter[str] = field(default_factory=Counter)
    attacks: dict[str, Counter[str]] = field(default_factory=dict)
    memory: list[tuple[float, float, float]] = field(default_factory=list)


def attack(path: str, query: str) -> bytes:
    """Return the bytes of a POST of a query; of a page, as a browser asks for it."""
    accept = "text/html" if path == "/page" else "*/*"
    return (
        f"POST {path.replace('/page', '/sparql')} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n"
        f"Content-Type: application/sparql-query\r\nContent-Length: {len(query.encode())}\r\n\r\n{query}"
    ).encode()


async def client(url: str, end: float, expected: dict[str, bytes], record: Record, draw: random.Random) -> None:
    """Ask one query after the other, and compare each answer with the right one."""
    connection = await Connection.to(url)
    while time.perf_counter() < end:
        query = draw.choice(QUERIES)
        start = time.perf_counter()
        try:
            status, body = await connection.ask(request(query))
        except OSError as error:
            record.load.statuses[type(error).__name__] += 1
            connection = await Connection.to(url)
            continue
        record.load.seconds.append(time.perf_counter() - start)
        record.load.statuses[str(status)] += 1
        if status == 200 and body != expected[query]:
            record.wrong[query] += 1
    connection.close()


async def attacker(url: str, end: float, record: Record, draw: random.Random) -> None:
    """Send one attack after the other, each over a connection of its own; leave amid every fourth."""
    while time.perf_counter() < end:
        name = draw.choice(list(ATTACKS))
        answers = record.attacks.setdefault(name, Counter())
        try:
            connection = await Connection.to(url)
            async with asyncio.timeout(1 if draw.random() < 0.25 else 30):
                status, _ = await connection.ask(attack(*ATTACKS[name]))
            answers[str(status)] += 1
        except TimeoutError:
            answers["left"] += 1
        except OSError as error:
            answers[type(error).__name__] += 1
        connection.close()


async def crowd(url: str, end: float) -> None:
    """Keep connections open that send a part of a head and no more, and renew those that are closed."""
    place = urlsplit(url)
    while time.perf_counter() < end:
        writers = []
        for _ in range(CROWD):
            with suppress(OSError):
                _, writer = await asyncio.open_connection(place.hostname, place.port)
                writer.write(b"GET / HT")
                writers.append(writer)
        await asyncio.sleep(5)
        for writer in writers:
            writer.close()


async def watch(server: Server, end: float, record: Record) -> None:
    """Write down the memory of the server and of its largest child, every few seconds."""
    begin = time.perf_counter()
    while time.perf_counter() < end:
        record.memory.append((time.perf_counter() - begin, *server.memory()))
        await asyncio.sleep(5)


async def run(server: Server, clients: int, attackers: int, seconds: float) -> Record:
    """Return what happened under the load."""
    record = Record()
    connection = await Connection.to(server.url)
    expected = {query: (await connection.ask(request(query)))[1] for query in QUERIES}
    connection.close()
    begin, used = time.perf_counter(), time.process_time()
    end = begin + seconds
    await asyncio.gather(
        *(client(server.url, end, expected, record, random.Random(number)) for number in range(clients)),
        *(attacker(server.url, end, record, random.Random(-1 - number)) for number in range(attackers)),
        crowd(server.url, end),
        watch(server, end, record),
    )
    record.load.wall, record.load.client = time.perf_counter() - begin, time.process_time() - used
    return record


def summary(record: Record) -> dict[str, object]:
    """Return the numbers for the results file."""
    tenth = max(1, len(record.memory) // 10)
    server = [own for _, own, _ in record.memory]
    return record.load.summary() | {
        "wrong": sum(record.wrong.values()),
        "attacks": {name: dict(sorted(answers.items())) for name, answers in sorted(record.attacks.items())},
        "server_mb_at_first": max(server[1 : 1 + tenth], default=0.0),
        "server_mb_at_last": max(server[-tenth:], default=0.0),
        "memory": [[round(value, 1) for value in row] for row in record.memory],
    }


def main() -> None:
    """Run the load, write the numbers, and fail where an answer was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--attackers", type=int, default=2)
    parser.add_argument("--output", type=Path, default=HERE / "results" / "endurance.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "jiangsu.kg"
        KnowledgeGraph.build([HERE.parent / "graph" / "jiangsu-2022"], store)
        with chaingraph_server(store) as server:
            record = asyncio.run(run(server, options.clients, options.attackers, options.seconds))
    numbers = summary(record)
    options.output.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    del numbers["memory"]
    sys.stdout.write(json.dumps(numbers, indent=1) + "\n")
    sys.exit(bool(record.wrong))


if __name__ == "__main__":
    main()
