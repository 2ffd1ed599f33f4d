"""The endpoint under load, beside rdflib-endpoint over the same triples, in one run.

Lookups of a random thing (its labels; all that is said of it) by clients that ask again as soon as they have their
answer: both servers take turns, the results are medians, and a sample of answers must be equal. A mixed load at a
steady rate, one query in ten hostile, with a deadline of one second: how long the others wait. Two hundred connections
at once. With ``--soak`` a long load: how the memory of the server and of its child processes grows. rdflib-endpoint
runs where ``--rdflib-endpoint`` names the Python of an environment that has it; it takes no part in the mixed load,
since nothing in it ends a hostile query. The data are the samples, and all of Horizon Europe where its snapshot is
beside the repository.
Prints Markdown tables, and writes bench/results/endpoint.md and endpoint.json; a target that is missed ends with 1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from chaingraph.resources import sample
from chaingraph.store import KnowledgeGraph

sys.path.insert(0, str(Path(__file__).resolve().parent))
import horizon
from load import Connection, Load, burst, closed_loop, open_loop, request
from query import QUERIES, SAMPLES

from servers import Server, chaingraph_server, rdflib_endpoint_server

RESULTS = Path(__file__).resolve().parent / "results"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
LOOKUPS = {"labels": f"SELECT ?n {{ THING <{LABEL}> ?n }}", "all that is said": "SELECT ?p ?o { THING ?p ?o }"}
CLIENTS, SECONDS, ROUNDS = 8, 5.0, 3
RATE, SHARE, MIXED_SECONDS = 5.0, 10, 60.0
AT_ONCE = 200
ORDINARY = ("lookup", "join", "path", "text", "evidence", "dates")
JOIN = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
HOSTILE = [
    f"SELECT (COUNT(*) AS ?n) {{ {JOIN} }}",
    f"SELECT * {{ {JOIN} }} ORDER BY ?c ?f ?i",
    f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {JOIN} }}",
    "SELECT (COUNT(*) AS ?n) { ?a (!<x>|^!<x>)* ?b . ?c (!<x>)* ?d }",
    f"ASK {{ {JOIN} FILTER(REGEX(CONCAT(?c, ?f, ?i), '(.*)*(.*)*$x')) }}",
]
TARGETS = {"rate": 300.0, "p99": 0.100, "times": 10.0, "mixed p99": 1.0, "growth": 5.0}
"""Lookups a second, seconds, times rdflib-endpoint's rate, seconds, MB a minute."""


def lookups_of(file: Path) -> dict[str, list[bytes]]:
    """Return for each kind of lookup 2,000 requests about random things of an N-Triples file, always the same."""
    with file.open(encoding="utf-8") as lines:
        labelled = {line.split(" ", 1)[0] for line in lines if f" <{LABEL}> " in line}
    things = random.Random(1).choices(sorted(labelled), k=2_000)
    return {kind: [request(text.replace("THING", thing)) for thing in things] for kind, text in LOOKUPS.items()}


async def _answers(url: str, requests: list[bytes]) -> list[list[str]]:
    """Return the rows of some answers, in an order and a spelling that both servers share."""
    connection = await Connection.to(url)
    answers = []
    for content in requests:
        status, body = await connection.ask(content)
        assert status == 200, body
        answers.append(sorted(json.dumps(row, sort_keys=True) for row in json.loads(body)["results"]["bindings"]))
    connection.close()
    return answers


def lookup_rows(name: str, store: Path, file: Path, python: str | None) -> list[dict[str, Any]]:
    """Return a row for each kind of lookup and server: answers a second and their seconds, the median of the rounds."""
    rows = []
    chance = random.Random(2)
    with ExitStack() as stack:
        servers = {"chaingraph": stack.enter_context(chaingraph_server(store))}
        if python:
            servers["rdflib-endpoint"] = stack.enter_context(rdflib_endpoint_server(python, file))
        for kind, requests in lookups_of(file).items():
            samples = [asyncio.run(_answers(server.url, requests[:100])) for server in servers.values()]
            summaries: dict[str, list[dict[str, Any]]] = {server: [] for server in servers}
            for _ in range(ROUNDS):
                for name_of_server, server in servers.items():
                    load = asyncio.run(closed_loop(server.url, CLIENTS, SECONDS, partial(chance.choice, requests)))
                    summaries[name_of_server].append(load.summary())
            for server, rounds in summaries.items():
                row: dict[str, Any] = {"data": name, "kind": kind, "server": server}
                row |= {key: statistics.median(one[key] for one in rounds) for key in ("rate", "median", "p99")}
                rows.append(row | {"equal": all(sample == samples[0] for sample in samples), "rounds": rounds})
                print(row, file=sys.stderr)
    return rows


def mixed_load(store: Path, seconds: float) -> dict[str, Any]:
    """Return what ordinary queries meet while one in ten is hostile, at a deadline of one second."""
    chance = random.Random(3)
    requests = [
        ("hostile", request(HOSTILE[number // SHARE % len(HOSTILE)]))
        if number % SHARE == SHARE - 1
        else ("ordinary", request(QUERIES[chance.choice(ORDINARY)]))
        for number in range(round(RATE * seconds))
    ]
    with chaingraph_server(store, "--deadline", "1") as server:
        asyncio.run(closed_loop(server.url, CLIENTS, 1.0, lambda: requests[0][1]))
        loads = asyncio.run(open_loop(server.url, RATE, requests))
    return {name: load.summary() for name, load in loads.items()}


def connection_burst(store: Path, file: Path, python: str | None) -> dict[str, Any]:
    """Return what comes back from each server on two hundred connections at once, the fullest of the rounds."""
    content = lookups_of(file)["labels"][0]
    summaries = {}
    with ExitStack() as stack:
        servers = {"chaingraph": stack.enter_context(chaingraph_server(store))}
        if python:
            servers["rdflib-endpoint"] = stack.enter_context(rdflib_endpoint_server(python, file))
        for name, server in servers.items():
            asyncio.run(closed_loop(server.url, CLIENTS, 1.0, lambda: content))
            load = Load()
            for _ in range(ROUNDS):
                once = asyncio.run(burst(server.url, AT_ONCE, content))
                load.seconds += once.seconds
                load.statuses += once.statuses
                load.wall, load.client = load.wall + once.wall, load.client + once.client
            summaries[name] = load.summary()
    return summaries


def soak(store: Path, file: Path, seconds: float) -> dict[str, Any]:
    """Return how the memory of the server and of its largest child grow under load: MB, and MB a minute.

    The first third of the time is left out: by then all that is loaded once is there.
    """
    requests = [*lookups_of(file)["labels"][:500], *(request(QUERIES[name]) for name in ORDINARY for _ in range(20))]
    chance = random.Random(4)
    samples: list[tuple[float, float, float]] = []

    async def sample_memory(server: Server) -> Load:
        start = time.perf_counter()
        loading = asyncio.create_task(closed_loop(server.url, 4, seconds, lambda: chance.choice(requests)))
        while not loading.done():
            samples.append((time.perf_counter() - start, *server.memory()))
            await asyncio.wait({loading}, timeout=max(0.5, seconds / 600))
        return await loading

    with chaingraph_server(store) as server:
        load = asyncio.run(sample_memory(server))
    steady = np.array([one for one in samples if one[0] >= seconds / 3])
    slopes = [float(np.polyfit(steady[:, 0] / 60, steady[:, column], 1)[0]) for column in (1, 2)]
    facts = {"seconds": seconds, "server_mb": float(steady[-1, 1]), "child_mb": float(steady[-1, 2])}
    facts |= {"server_mb_a_minute": slopes[0], "child_mb_a_minute": slopes[1]}
    return {**facts, **load.summary()}


def missed_targets(results: dict[str, Any]) -> list[str]:
    """Return the targets that are missed, a line each."""
    lines = []
    rates = {(row["data"], row["kind"], row["server"]): row for row in results["lookups"]}
    for (data, kind, server), row in rates.items():
        if server != "chaingraph":
            continue
        if not row["equal"]:
            lines.append(f"{kind}, {data}: the servers' answers differ")
        if row["rate"] < TARGETS["rate"] or row["p99"] > TARGETS["p99"]:
            lines.append(f"{kind}, {data}: {row['rate']:.0f} lookups a second with p99 {row['p99'] * 1000:.0f} ms")
        other = rates.get((data, kind, "rdflib-endpoint"))
        if other and row["rate"] < TARGETS["times"] * other["rate"]:
            times = f"{row['rate'] / other['rate']:.1f} times as fast as rdflib-endpoint"
            lines.append(f"{kind}, {data}: {times}, expected {TARGETS['times']:g}")
    ordinary = results["mixed"]["ordinary"]
    if ordinary["p99"] > TARGETS["mixed p99"] or set(ordinary["statuses"]) != {"200"}:
        lines.append(f"mixed load: {_statuses(ordinary)}, p99 {ordinary['p99']:.2f} s")
    if set(results["crowd"]["chaingraph"]["statuses"]) - {"200", "503"}:
        lines.append(f"connections at once: {_statuses(results['crowd']['chaingraph'])}")
    growth = [results["soak"][key] for key in ("server_mb_a_minute", "child_mb_a_minute")] if results["soak"] else [0.0]
    if max(growth) > TARGETS["growth"]:
        lines.append(f"soak: grows by {max(growth):.1f} MB a minute")
    return lines


def _statuses(summary: dict[str, Any]) -> str:
    return ", ".join(f"{count:,} x {status}" for status, count in summary["statuses"].items())


def tables(results: dict[str, Any]) -> list[str]:
    """Return the results as lines of Markdown."""
    lines = ["| lookups | over | triples | server | a second | median, ms | p99, ms | times faster | equal |"]
    lines.append("|---|---|---:|---|---:|---:|---:|---:|---|")
    rates = {(row["data"], row["kind"]): row["rate"] for row in results["lookups"] if row["server"] == "chaingraph"}
    for row in results["lookups"]:
        times = "" if row["server"] == "chaingraph" else f"{rates[row['data'], row['kind']] / row['rate']:.1f}"
        lines.append(
            f"| {row['kind']} | {row['data']} | {row['triples']:,} | {row['server']} | {row['rate']:,.0f}"
            f" | {row['median'] * 1000:.1f} | {row['p99'] * 1000:.1f} | {times} | {'yes' if row['equal'] else 'NO'} |"
        )
    lines += ["", "| load | server | answers | median, ms | p99, ms |", "|---|---|---|---:|---:|"]
    loads = [(f"{RATE:g} a second, {name}", "chaingraph", summary) for name, summary in results["mixed"].items()]
    loads += [(f"{AT_ONCE} connections at once", name, summary) for name, summary in results["crowd"].items()]
    for name, server, summary in loads:
        times = f"{summary['median'] * 1000:.1f} | {summary['p99'] * 1000:.1f}"
        lines.append(f"| {name} | {server} | {_statuses(summary)} | {times} |")
    if growth := results["soak"]:
        lines += ["", "| soak, s | answers | server, MB | MB a minute | child, MB | MB a minute |"]
        lines.append("|---:|---|---:|---:|---:|---:|")
        cells = [f"{growth['seconds']:.0f}", _statuses(growth)]
        for process in ("server", "child"):
            cells += [f"{growth[f'{process}_mb']:.1f}", f"{growth[f'{process}_mb_a_minute']:+.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def data_sets(folder: Path) -> list[tuple[str, Path, Path, int]]:
    """Build the data and return for each set its name, its store, its N-Triples and how many triples it has."""
    sources = {"samples": [sample(name) for name in SAMPLES]}
    if horizon.SNAPSHOT.is_file():
        horizon.write(horizon.tables("whole"), folder / "horizon")
        sources["all of Horizon Europe"] = [folder / "horizon"]
    sets = []
    for number, (name, folders) in enumerate(sources.items()):
        store, file = folder / f"{number}.kg", folder / f"{number}.nt"
        built = KnowledgeGraph.build(folders, store)
        built.export(file)
        sets.append((name, store, file, len(built)))
    return sets


def main() -> int:
    """Measure, print and write; a target that is missed ends with 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rdflib-endpoint", metavar="PYTHON", help="of an environment that has rdflib-endpoint")
    parser.add_argument("--soak", type=float, default=0.0, metavar="SECONDS", help="of a long load; 0 leaves it out")
    options = parser.parse_args()
    python = options.rdflib_endpoint
    with tempfile.TemporaryDirectory() as name:
        sets = data_sets(Path(name))
        results: dict[str, Any] = {"lookups": []}
        for data, store, file, triples in sets:
            results["lookups"] += [row | {"triples": triples} for row in lookup_rows(data, store, file, python)]
        _, store, file, _ = sets[0]
        results["mixed"] = mixed_load(store, MIXED_SECONDS)
        results["crowd"] = connection_burst(store, file, python)
        results["soak"] = soak(store, file, options.soak) if options.soak else None
    missed = missed_targets(results)
    lines = tables(results)
    if not python:
        lines += ["", "rdflib-endpoint was not measured: no environment that has it was named by --rdflib-endpoint."]
    lines += ["", *(f"Missed: {line}" for line in missed)] if missed else []
    packages = ("pyoxigraph", "starlette", "uvicorn")
    facts: dict[str, Any] = {"python": platform.python_version(), "cores": os.cpu_count()}
    facts |= {"versions": {package: version(package) for package in packages}, "clients": CLIENTS, "missed": missed}
    print("\n".join(lines))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "endpoint.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (RESULTS / "endpoint.json").write_text(json.dumps({"facts": facts, **results}, indent=1) + "\n", encoding="utf-8")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
