"""How long other people's tools wait: a thousand names to be matched, and the first answers of an assistant.

Two built stores: a small one, and a large one with as many organizations as Horizon Europe has. Both are measured from
outside, by real clients over HTTP and over standard input and output, with the processor seconds of the servers
beside the seconds that pass. A client that imports its libraries is not measured.

Prints a Markdown text and writes it to bench/results/neighbours.md. Run: ``python bench/neighbours.py LARGE.kg``.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
from mcp import Client, StdioServerParameters

from chaingraph.resources import sample
from chaingraph.store import KnowledgeGraph

RESULTS = Path(__file__).resolve().parent / "results"
NAMES, BATCH, SEED, RUNS = 1000, 100, 7, 2
TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(process: int) -> float:
    """Return the processor seconds of a process and of all that it started."""
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(status.parent.name)
        if number == process:
            total += (int(fields[11]) + int(fields[12])) / TICKS
        elif int(fields[1]) == process:
            total += processor_seconds(number)
    return total


def names(store: Path) -> tuple[list[str], int]:
    """Return names to match, as they stand, in capitals, and with a letter left out; and how many organizations."""
    kg = KnowledgeGraph.open(store)
    labels = kg.select_text("SELECT DISTINCT ?n { ?o a cg:Organization ; rdfs:label ?n } ORDER BY ?n")["n"].to_list()
    count = kg.select_text("SELECT (COUNT(?o) AS ?n) { ?o a cg:Organization }")["n"][0]
    draw = random.Random(SEED)
    sampled = [draw.choice(labels) for _ in range(NAMES)]
    changes = (str, str.upper, lambda text: text[: len(text) // 2] + text[len(text) // 2 + 1 :])
    return [changes[place % 3](text) for place, text in enumerate(sampled)], int(count)


def reconciliation(store: Path) -> list[str]:
    """Return the lines on matching a thousand names, in batches as OpenRefine sends them, one after another."""
    texts, count = names(store)
    command = [sys.executable, "-m", "chaingraph", "serve", str(store), "--port", "0"]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        address = f"{server.stdout.readline().strip()}reconcile"
        with httpx.Client(timeout=300) as client:
            start, used = time.perf_counter(), processor_seconds(server.pid)
            client.post(address, data={"queries": json.dumps({"q": {"query": texts[0]}})}).raise_for_status()
            first = time.perf_counter() - start
            used = processor_seconds(server.pid) - used
            lines.append(f"| the first name, the names of the store being indexed | {first:.2f} | {used:.2f} | |")
            for _ in range(RUNS):
                start, used, matched = time.perf_counter(), processor_seconds(server.pid), 0
                for place in range(0, NAMES, BATCH):
                    queries = {
                        str(number): {"query": text, "type": "Organization", "limit": 3}
                        for number, text in enumerate(texts[place : place + BATCH])
                    }
                    answer = client.post(address, data={"queries": json.dumps(queries)}).raise_for_status().json()
                    matched += sum(any(one["match"] for one in each["result"]) for each in answer.values())
                seconds = time.perf_counter() - start
                lines.append(
                    f"| {NAMES:,} names against {count:,} organizations | {seconds:.2f} |"
                    f" {processor_seconds(server.pid) - used:.2f} | {matched} matched for sure |"
                )
        server.terminate()
    print(*lines, sep="\n", file=sys.stderr)
    return lines


async def _first_answers(store: Path, thing: str) -> list[str]:
    """Return the lines on each tool's first and second answer, the tools one after another in one process."""
    calls: dict[str, dict[str, Any]] = {
        "about": {},
        "find": {"name": "university"},
        "facts": {"thing": thing},
        "why": {"thing": thing},
        "surroundings": {"thing": thing},
        "questions": {},
        "ask": {"question": "things-of-a-region", "parameters": {"region": _region(store)}},
        "coverage": {},
        "chain_gaps": {},
        "measure": {"network": "affiliation", "measures": ["degree"]},
    }
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "chaingraph", "assistant", str(store)], env=dict(os.environ)
    )
    start, used = time.perf_counter(), _of_servers()
    async with Client(parameters) as client:
        ready = time.perf_counter() - start
        lines = [f"| {store.stem} | start to initialized | {ready:.2f} | {_of_servers() - used:.2f} | | |"]
        for tool, arguments in calls.items():
            cells = []
            for _ in range(2):
                start, used = time.perf_counter(), _of_servers()
                result = await client.call_tool(tool, arguments)
                cells += [f"{time.perf_counter() - start:.3f}", f"{abs(_of_servers() - used):.2f}"]
            cells[-1] += ", later" if result.is_error else ""
            lines.append(f"| {store.stem} | {tool} | {' | '.join(cells)} |")
    return lines


def _region(store: Path) -> str:
    """Return a region with more things than most."""
    query = "SELECT ?r (COUNT(*) AS ?n) { ?o cg:region ?r } GROUP BY ?r ORDER BY DESC(?n) ?r LIMIT 1"
    return str(KnowledgeGraph.open(store).select_text(query)["r"][0])


def _best_connected(store: Path) -> str:
    """Return the organization with the most statements about it."""
    query = (
        "SELECT ?o (COUNT(*) AS ?n) { ?row cg:organization ?o . ?o a cg:Organization }"
        " GROUP BY ?o ORDER BY DESC(?n) ?o LIMIT 1"
    )
    return str(KnowledgeGraph.open(store).select_text(query)["o"][0])


def _of_servers() -> float:
    """Return the processor seconds of what this process has started."""
    return processor_seconds(os.getpid()) - time.process_time()


def assistant(store: Path) -> list[str]:
    """Return the lines on the first and second answers of the tools; the thing asked for is the best connected."""
    lines = asyncio.run(_first_answers(store, _best_connected(store)))
    print(*lines, sep="\n", file=sys.stderr)
    return lines


def main() -> int:
    """Print and write what was measured."""
    if len(sys.argv) != 2:
        print("expected the path of a large built store (.kg)", file=sys.stderr)
        return 2
    large = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "jiangsu-2022.kg"
        KnowledgeGraph.build([sample("jiangsu-2022")], small)
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        shared = os.getloadavg()[0] > (os.cpu_count() or 1)
        text = "\n".join(
            [
                f"Python {sys.version.split()[0]}, mcp {version('mcp')}, {os.cpu_count()} processor cores, load {load}",
                "",
                *(
                    ["Other work took most of the processors: their seconds tell more than those that passed.", ""]
                    * shared
                ),
                f"Reconciliation over HTTP, in batches of {BATCH}; a third of the names as they stand, a third in",
                "capitals, a third with a letter left out:",
                "",
                "| what | seconds | processor seconds of the server | |",
                "|---|---:|---:|---|",
                *reconciliation(large),
                "",
                "An assistant over standard input and output: the first and the second call of each tool, about the",
                "best connected organization. 'later' marks what was still being computed at the second call. Names",
                "that take more than 20 s to index are waited for by the first tool that needs them:",
                "",
                "| store | tool | first answer, s | of it processor, s | second answer, s | of it processor, s |",
                "|---|---|---:|---:|---:|---:|",
                *assistant(small),
                *assistant(large),
                "",
            ]
        )
    print(text)
    (RESULTS / "neighbours.md").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
