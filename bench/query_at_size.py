"""What analysts ask of a large graph: Oxigraph on disk beside Virtuoso and maplib, in one run, each with a deadline.

Asks the SELECT queries of bench/query.py, and the slowest of them once more in a text of single steps. A query counts
from its text to its answer as SPARQL JSON, in seconds of the processor (of Virtuoso those of its server), the least of
three runs, of one where it takes longer than ten seconds; one that uses more seconds than the deadline is stopped, and
the table says so. Answers must be equal: the same rows, as often; an engine without an answer, or with another, is
named in the table. Virtuoso is left out where virtuoso-t and isql-vt are not installed, and maplib, which needs an
environment of its own, where no Python is named. Prints a Markdown table and writes it, with all numbers, to
bench/results/query_at_size.md and query_at_size.json.
Run: python bench/query_at_size.py STORE.kg [--maplib PYTHON] [--deadline SECONDS]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from virtuoso_settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
RUNS, LONG = 3, 10.0
STEPS = """SELECT (COUNT(DISTINCT ?other) AS ?n) {
  { SELECT ?d (MIN(?a) AS ?a1) (MAX(?a) AS ?a2) {
      { SELECT ?a (MIN(?c) AS ?c1) (MAX(?c) AS ?c2) { ?o cg:leads ?c . ?a cg:memberOf ?c } GROUP BY ?a }
      ?a cg:memberOf ?d FILTER (?c1 != ?d || ?c2 != ?d) } GROUP BY ?d }
  ?other cg:memberOf ?d FILTER (?a1 != ?other || ?a2 != ?other) }"""


class Worker(NamedTuple):
    """An engine in a worker: what answers a query as JSON, the seconds it has used, and how it says that it cannot."""

    ask: Callable[[str], bytes]
    clock: Callable[[], float]
    failures: tuple[type[Exception], ...]


def _oxigraph(store: str) -> Worker:
    import pyoxigraph as ox

    from chaingraph.store.local import LocalBackend

    database = LocalBackend.open(Path(store)).store

    def ask(text: str) -> bytes:
        answer = database.query(text)
        assert isinstance(answer, ox.QuerySolutions)
        return answer.serialize(format=ox.QueryResultsFormat.JSON) or b""

    return Worker(ask, time.process_time, (SyntaxError, OSError))


def _maplib(file: str) -> Worker:
    from maplib import MaplibException, Model

    model = Model()
    model.read(file, format="ntriples")
    return Worker(lambda text: model.query(text, return_json=True).encode(), time.process_time, (MaplibException,))


def _virtuoso(address: str) -> Worker:
    number, _, address = address.partition(" ")

    def ask(text: str) -> bytes:
        body = urllib.parse.urlencode({"query": text, "format": "application/sparql-results+json"}).encode()
        with urllib.request.urlopen(address, body) as response:
            return bytes(response.read())

    return Worker(ask, lambda: processor_seconds(int(number)), (OSError,))


def processor_seconds(number: int) -> float:
    """Return the seconds of the processor that a process has used."""
    words = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


ENGINES = {"oxigraph": _oxigraph, "virtuoso": _virtuoso, "maplib": _maplib}


def work(engine: str, source: str) -> None:
    """Answer queries that come as lines of JSON, each with the seconds of the processor and the answer."""
    ask, clock, failures = ENGINES[engine](source)
    sys.stdout.write(json.dumps({"clock": clock()}) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        least = float("inf")
        try:
            for _ in range(RUNS):
                start = clock()
                content = ask(json.loads(line))
                least = min(least, clock() - start)
                if least > LONG:
                    break
            result = {"seconds": least, "answer": json.loads(content)}
        except (*failures, ValueError) as error:
            result = {"error": f"{type(error).__name__}: {error}"[:200]}
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


def _rows(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of an answer, sorted; numbers to nine digits whatever their type, texts with their language."""

    def value(term: dict[str, str] | None) -> Any:  # noqa: ANN401 - what both engines mean by a term
        if term is None:
            return ""
        if "integer" in term.get("datatype", "").lower() or term.get("datatype", "").endswith(("Int", "decimal")):
            return f"{float(term['value']):.9g}"
        return term["value"] + "@" + term.get("xml:lang", "").lower()

    names = sorted(answer["head"]["vars"])
    return sorted(tuple(value(row.get(name)) for name in names) for row in answer["results"]["bindings"])


@contextmanager
def _worker(python: str, engine: str, source: str) -> Iterator[subprocess.Popen[str]]:
    command = [python, str(Path(__file__).resolve()), "--worker", engine, source]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


def _answer(process: subprocess.Popen[str], text: str, number: int, deadline: float) -> dict[str, Any] | None:
    """Return what a worker answers; nothing where process ``number`` uses more seconds for it than the deadline."""
    assert process.stdin is not None
    assert process.stdout is not None
    end = processor_seconds(number) + deadline
    process.stdin.write(json.dumps(text) + "\n")
    process.stdin.flush()
    while not select.select([process.stdout], [], [], 0.2)[0]:
        if processor_seconds(number) > end:
            return None
    result: dict[str, Any] = json.loads(process.stdout.readline())
    return None if result.get("seconds", 0) > deadline else result


class Virtuoso:
    """A server of Virtuoso in a folder, loaded with a file once; it can be started again after a runaway query."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = [_free_port(), _free_port()]
        text = settings(folder, *self._ports, rows=100_000_000, buffers=170_000)
        (folder / "virtuoso.ini").write_text(text, encoding="ascii")
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            ["virtuoso-t", "-f", "-c", "virtuoso.ini"],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self._ports[1]), timeout=1).close()
            except OSError:
                time.sleep(0.2)
            else:
                break
        return process

    def load(self, file: Path) -> None:
        """Load a file of N-Triples."""
        call = (
            f"log_enable(2, 1);DB.DBA.TTLP(file_to_string_output('{file}'), '', 'https://graph.example/');checkpoint;"
        )
        command = ["isql-vt", f"127.0.0.1:{self._ports[0]}", "dba", "dba", f"EXEC={call}"]
        subprocess.run(command, check=True, capture_output=True)

    @property
    def source(self) -> str:
        """The number of the process and the address that it answers at."""
        graph = urllib.parse.quote("https://graph.example/", safe="")
        return f"{self.process.pid} http://127.0.0.1:{self._ports[1]}/sparql?default-graph-uri={graph}"

    def start_again(self) -> None:
        """End the process, whatever it is at, and start another."""
        self.stop()
        self.process = self._start()

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def measurements(
    python: str, engine: str, source: str | Virtuoso, queries: dict[str, str], deadline: float
) -> dict[str, dict[str, Any] | None]:
    """Return what an engine answers to each query; a new process follows each that was stopped."""
    answers: dict[str, dict[str, Any] | None] = {}
    waiting = dict(queries)
    while waiting:
        address = source if isinstance(source, str) else source.source
        with _worker(python, engine, address) as process:
            number = process.pid if isinstance(source, str) else source.process.pid
            while waiting:
                name = next(iter(waiting))
                answers[name] = _answer(process, waiting.pop(name), number, deadline)
                shown = answers[name] and (answers[name] or {}).get("seconds", (answers[name] or {}).get("error"))
                print(engine, name, shown, file=sys.stderr)
                if answers[name] is None:
                    break
        if isinstance(source, Virtuoso) and waiting:
            source.start_again()
    return answers


def _cell(answer: dict[str, Any] | None, expected: list[tuple[Any, ...]] | None, deadline: float) -> str:
    if answer is None:
        return f"not in {deadline:g}"
    if "error" in answer:
        return "refused"
    different = expected is not None and _rows(answer["answer"]) != expected
    return f"{answer['seconds']:.3f}" + (", OTHER ROWS" if different else "")


def _record(answer: dict[str, Any] | None, expected: list[tuple[Any, ...]] | None) -> dict[str, Any] | None:
    """Return what is kept of an answer: the seconds or the error, and a row that only it has or lacks."""
    if answer is None or "error" in answer:
        return answer
    rows, others = set(_rows(answer["answer"])), set(expected or ())
    examples = {"only here": sorted(rows - others)[:1], "not here": sorted(others - rows)[:1]}
    return {"seconds": answer["seconds"]} | {name: some for name, some in examples.items() if some}


def main() -> int:
    """Measure, print and write; answers that differ stand in the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", nargs="?", type=Path, help="a built store")
    parser.add_argument("--maplib", metavar="PYTHON", help="the Python of an environment with maplib")
    parser.add_argument("--deadline", type=float, default=60.0, help="seconds of the processor for one query")
    parser.add_argument("--worker", nargs=2, metavar=("ENGINE", "SOURCE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work(*options.worker)
        return 0
    if options.store is None:
        parser.error("name a built store")
    from importlib.metadata import version

    from query import QUERIES

    import chaingraph as cg
    from chaingraph.sparql.rewriting import prologue_of

    queries = {name: text for name, text in QUERIES.items() if text.startswith("SELECT")}
    queries["neighbours of neighbours, step by step"] = STEPS
    queries = {name: prologue_of(text) + text for name, text in queries.items()}
    kg = cg.open(options.store)
    answers: dict[str, dict[str, dict[str, Any] | None]] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ready = Path(folder) / "graph.nt"
        kg.export(ready)
        jobs: dict[str, tuple[str, str | Virtuoso]] = {"oxigraph": (sys.executable, str(options.store))}
        if shutil.which("virtuoso-t") and shutil.which("isql-vt"):
            server = Virtuoso(Path(folder))
            stack.callback(server.stop)
            server.load(ready)
            jobs["virtuoso"] = (sys.executable, server)
        if options.maplib:
            jobs["maplib"] = (options.maplib, str(ready))
        for engine, (python, source) in jobs.items():
            answers[engine] = measurements(python, engine, source, queries, options.deadline)
    lines = ["| query | rows | " + " | ".join(f"{engine}, s" for engine in answers) + " |"]
    lines.append("|---|---:|" + "---:|" * len(answers))
    expected: dict[str, list[tuple[Any, ...]] | None] = {}
    for name in queries:
        several = [answer for each in answers.values() if (answer := each[name]) is not None and "answer" in answer]
        expected[name] = _rows(several[0]["answer"]) if several else None
        count = f"{len(expected[name] or ()):,}" if several else ""
        cells = [_cell(each[name], expected[name], options.deadline) for each in answers.values()]
        lines.append(f"| {name} | {count} | " + " | ".join(cells) + " |")
    facts = {
        "triples": len(kg),
        "deadline": options.deadline,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "versions": {"pyoxigraph": version("pyoxigraph")} | _versions(options.maplib),
    }
    rows = {
        engine: {name: _record(answer, expected[name]) for name, answer in each.items()}
        for engine, each in answers.items()
    }
    print("\n".join(lines))
    (RESULTS / "query_at_size.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    record = json.dumps({"facts": facts, "rows": rows}, indent=1)
    (RESULTS / "query_at_size.json").write_text(record + "\n", encoding="utf-8")
    return 0


def _versions(maplib: str | None) -> dict[str, str]:
    versions = {}
    if shutil.which("virtuoso-t"):
        said = subprocess.run(["virtuoso-t", "-?"], capture_output=True, text=True, check=False)
        words = (said.stdout + said.stderr).split()
        versions["Virtuoso"] = words[words.index("Version") + 1] if "Version" in words else "unknown"
    if maplib:
        code = "from importlib.metadata import version; print(version('maplib'))"
        versions["maplib"] = subprocess.run(
            [maplib, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
    return versions


if __name__ == "__main__":
    sys.exit(main())
