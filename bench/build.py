"""Building all of Horizon Europe beside bulk_load of the ready file, an rdflib loop, maplib and morph-kgc, in one run.

Each job runs in a process of its own, the jobs in turn, round after round; the least time of the rounds counts, because
what else the machine does only adds. Peak memory is that of the whole process. The ready file is the graph that
chaingraph makes, as N-Triples: bulk_load and maplib begin with it, and the rdflib loop with its terms as texts.
chaingraph optimizes a store on disk, which makes its queries twice as fast; so the floor is given with and without.
morph-kgc begins with the tables, and leaves a part of the graph out (see mapping.py): compare triples a second.
maplib and morph-kgc may be in environments of their own (``--maplib PYTHON``, ``--morph-kgc PYTHON``); what is not
installed is left out and said to be.
Prints a Markdown table and writes it, with all numbers, to bench/results/build.md and build.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from timing import peak_mib

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
COPIES = 10
FLOORS = {"memory": "bulk_load, memory", "disk": "bulk_load, disk"}
JOBS = (
    "bulk_load, memory",
    "chaingraph, memory",
    "bulk_load, disk",
    "bulk_load and optimize, disk",
    "chaingraph, disk",
    "maplib, memory",
    "morph-kgc, lines in memory",
    "rdflib loop, memory",
    "chaingraph, from the zip to disk",
    "chaingraph, ten times, disk",
    "open the store",
    "open the store of ten times",
)
ONCE = ("morph-kgc, lines in memory", "rdflib loop, memory", "chaingraph, ten times, disk")
"""Jobs that are long: one round is enough."""


def job(name: str, folder: Path) -> dict[str, Any]:
    """Do a job once; what is not measured happens before the clock starts."""
    ready, output = folder / "whole.nt", folder / f"{os.getpid()}.kg"
    if name.startswith("bulk_load"):
        import pyoxigraph as ox

        store = ox.Store() if name.endswith("memory") else ox.Store(str(output))

        def work() -> object:
            with ready.open("rb") as file:
                store.bulk_load(file, ox.RdfFormat.N_TRIPLES, lenient=True)
            if "optimize" in name:
                store.optimize()
            return None

    elif name.startswith("rdflib"):
        work = _rdflib(ready)
    elif name.startswith("maplib"):
        from maplib import Model

        model = Model()

        def work() -> object:
            return model.read(str(ready), format="ntriples")

    elif name.startswith("morph"):
        import morph_kgc

        def work() -> object:
            return morph_kgc.materialize_set(str(folder / "morph" / "config.ini"))

    else:
        work = _ours(name, folder, output)
    start, used = time.perf_counter(), time.process_time()
    result = work()
    facts = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - used, "peak_mib": round(peak_mib())}
    return facts | {"triples": len(result) if hasattr(result, "__len__") else None}


def _ours(name: str, folder: Path, output: Path) -> Callable[[], object]:
    from chaingraph.importers.cordis import import_cordis
    from chaingraph.store import KnowledgeGraph

    def from_zip() -> object:
        import horizon

        data_set = folder / f"{os.getpid()}-imported"
        import_cordis(horizon.SNAPSHOT, data_set, name="whole")
        return KnowledgeGraph.build([data_set], output)

    def open_and_ask(store: Path) -> object:
        return KnowledgeGraph.open(store).query("ASK { ?s a cg:Organization }")

    calls: dict[str, Callable[[], object]] = {
        "chaingraph, memory": lambda: KnowledgeGraph.open(folder / "whole"),
        "chaingraph, disk": lambda: KnowledgeGraph.build([folder / "whole"], output),
        "chaingraph, from the zip to disk": from_zip,
        "chaingraph, ten times, disk": lambda: KnowledgeGraph.build([folder / "ten"], folder / "ten.kg"),
        "open the store": lambda: open_and_ask(folder / "whole.kg"),
        "open the store of ten times": lambda: open_and_ask(folder / "ten.kg"),
    }
    return calls[name]


def _rdflib(ready: Path) -> Callable[[], object]:
    import pyoxigraph as ox
    import rdflib

    rows = []
    for quad in ox.parse(path=str(ready), format=ox.RdfFormat.N_TRIPLES):
        value = quad.object
        kind = None if isinstance(value, ox.NamedNode) else (value.language, value.datatype.value)
        rows.append((quad.subject.value, quad.predicate.value, value.value, kind))

    def work() -> rdflib.Graph:
        graph = rdflib.Graph()
        for subject, predicate, value, kind in rows:
            term: rdflib.URIRef | rdflib.Literal
            if kind is None:
                term = rdflib.URIRef(value)
            elif kind[0] is not None:
                term = rdflib.Literal(value, lang=kind[0])
            else:
                term = rdflib.Literal(value, datatype=rdflib.URIRef(kind[1]))
            graph.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), term))
        return graph

    return work


def prepare(folder: Path) -> dict[str, Any]:
    """Write the data set, ten times of it, the ready file and a store; say how large they are."""
    import horizon
    import mapping

    from chaingraph.importers.cordis import import_cordis
    from chaingraph.store import KnowledgeGraph
    from chaingraph.store.cells_to_triples import n_triples
    from chaingraph.tables import read

    real = horizon.SNAPSHOT.is_file()
    if real:
        import_cordis(horizon.SNAPSHOT, folder / "whole", name="whole")
    else:
        horizon.write(horizon.tables("whole"), folder / "whole")
    _copies(folder / "whole", folder / "ten")
    mapping.write(folder / "whole", folder / "morph")
    with (folder / "whole.nt").open("wb") as file:
        for piece in n_triples(read(folder / "whole")):
            file.write(piece.encode())
    triples = len(KnowledgeGraph.build([folder / "whole"], folder / "whole.kg"))
    size = (folder / "whole.nt").stat().st_size
    return {"real": real, "triples": triples, "ready_file_mib": round(size / 2**20), "copies": COPIES}


def _copies(whole: Path, ten: Path) -> None:
    """Write a data set of the same shape and ten times the size: every thing stands in it ten times, under ten ids."""
    import polars as pl

    from chaingraph.tables import contract

    ten.mkdir()
    for path in whole.glob("*.csv"):
        frame, table = pl.read_csv(path, infer_schema=False), contract()[path.stem]
        own = {column.name for column in table.cells if column.is_reference or column.name == table.identifier}
        own |= {"value"} if table.name == "claims" else set()
        parts = [
            frame.with_columns(pl.col(name).str.replace_all("(;|$)", f"x{copy}$1") for name in own & set(frame.columns))
            for copy in range(COPIES)
        ]
        pl.concat(parts).write_csv(ten / path.name)
    if (whole / "dataset.json").exists():
        shutil.copy(whole / "dataset.json", ten)


def measurement(name: str, folder: Path, python: str) -> dict[str, Any] | None:
    """Run a job once in a fresh process of a Python; None if it fails."""
    command = [python, str(Path(__file__).resolve()), "--job", name, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    for output in folder.glob("[0-9]*"):
        shutil.rmtree(output)
    if done.returncode:
        print(f"{name}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def table(rows: list[dict[str, Any]], triples: int) -> str:
    """Return the results as Markdown: one row per job, times the floor of its kind."""
    best = {row["job"]: row for row in rows}
    lines = [
        "| job | seconds | CPU seconds | times bulk_load | triples a second | peak MiB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        floor = best.get(FLOORS.get(row["job"].rsplit(" ", 1)[1], ""))
        compared = floor is not None and "ten times" not in row["job"]
        ratio = f"{row['seconds'] / floor['seconds']:.2f}" if floor is not None and compared else ""
        count = row["triples"] or triples
        rate = "" if row["job"].startswith("open") else f"{count / row['seconds']:,.0f}"
        cells = (row["job"], f"{row['seconds']:.3g}", f"{row['cpu']:.3g}", ratio, rate, f"{row['peak_mib']:,}")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--maplib", default=sys.executable, metavar="PYTHON", help="the Python that has maplib")
    parser.add_argument("--morph-kgc", default=sys.executable, metavar="PYTHON", help="the Python that has morph-kgc")
    parser.add_argument("--only", action="append", choices=JOBS, help="only these jobs")
    parser.add_argument("--job", choices=JOBS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        print(json.dumps(job(options.job, options.folder)))
        return
    pythons = {"maplib": options.maplib, "morph-kgc": options.morph_kgc}
    jobs = [name for name in JOBS if not options.only or name in options.only]
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in jobs}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        facts = prepare(folder)
        for number in range(options.runs):
            for name in jobs:
                if number == 0 or (name not in ONCE and results[name]):
                    python = pythons.get(name.split(",")[0], sys.executable)
                    result = measurement(name, folder, python)
                    results[name] += [result] if result else []
                    print(f"round {number + 1}: {name}: {result}", file=sys.stderr)
    rows = [
        {"job": name, **min(runs, key=lambda run: run["seconds"]), "all": [run["seconds"] for run in runs]}
        for name, runs in results.items()
        if runs
    ]
    facts |= {"python": platform.python_version(), "cores": os.cpu_count(), "runs": options.runs}
    facts["versions"] = {name: version(name) for name in ("polars", "pyoxigraph", "rdflib")}
    facts["left_out"] = [name for name, runs in results.items() if not runs]
    print(table(rows, facts["triples"]))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "build.json").write_text(json.dumps({"facts": facts, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "build.md").write_text(table(rows, facts["triples"]), encoding="utf-8")


if __name__ == "__main__":
    main()
