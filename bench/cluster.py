"""Spark on a cluster of processes: five measures on two workers, one of which is killed in the middle of PageRank.

Needs the whole of Spark and Java, and takes about ten minutes: ``make cluster`` makes an environment for it and runs
this. A made-up affiliation table is measured by the engine of chaingraph three times: by a local cluster of two
workers, by a master with two workers on this machine's loopback, and by such a master of which a worker and what it
runs end by SIGKILL once PageRank is in its fourth round. Each time the values are compared with those of the arrays;
a difference of more than 1e-9 of the largest value of a measure, or no worker lost where one was killed, is an error.
Everything that was started ends with the script.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from affiliations import write_affiliations
from engine_processes import has_whole_spark, spark_cluster, started_job
from processor_use import ProcessorUse, descendants
from scale import MEASURES, largest_difference, measure_arrays, measure_engine, spark_settings

if TYPE_CHECKING:
    from engine_processes import Cluster

    from chaingraph.engines import Engine

RESULTS = Path(__file__).resolve().parent / "results"
_ROWS = 20_000
_FATAL_ROUND = 4
_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Java that compiles little: the statements are many, and their rows few."""
_LARGEST_DIFFERENCE = 1e-9
_LONGEST = 1800
RUNS = ("local-cluster[2,1,1024]", "a master, two workers", "a master, two workers, one killed in PageRank")


class AnnouncingEngine:
    """An engine that prints the name of each table before it is computed."""

    def __init__(self, engine: Engine) -> None:
        self.name = engine.name
        self._engine = engine
        self.parquet, self.ask, self.quoted, self.map = engine.parquet, engine.ask, engine.quoted, engine.map
        self.write_lines, self.close = engine.write_lines, engine.close

    def keep(self, table: str, sql: str) -> None:
        """Compute the rows of a statement, once, as a table."""
        sys.stdout.write(f"keep {table}\n")
        sys.stdout.flush()
        self._engine.keep(table, sql)


def job(address: str, table: Path, output: Path) -> None:
    """Measure a table by an engine, in this process."""
    from chaingraph.engines import connect

    measure_engine(AnnouncingEngine(connect(address, folder=str(output))), table, output, list(MEASURES))


def run(name: str, table: Path, reference: Path, output: Path) -> dict[str, Any]:
    """Return what came of one run."""
    with ExitStack() as stack:
        cluster = None if name == RUNS[0] else stack.enter_context(spark_cluster(output, workers=2, memory="1g"))
        address = RUNS[0] if cluster is None else cluster.address
        arguments = [address, str(table), str(output)]
        process = stack.enter_context(started_job(__file__, arguments, output / "job.log", spark_settings("1g", _JAVA)))
        use = ProcessorUse(process.pid, *(cluster.pids if cluster else ()))
        use.start()
        killed = _follow(process, cluster if name == RUNS[2] else None)
        status = process.wait(timeout=_LONGEST)
        use.stop()
        if status:
            sys.exit(f"{name}: ended with {status}: {(output / 'job.log').read_text(errors='replace')[-3000:]}")
        lost = 0 if cluster is None else (output / "master.log").read_text(errors="replace").count("Removing worker")
        difference = largest_difference(output, reference, list(MEASURES))
        return {"run": name, "seconds": use.seconds, "killed": killed, "lost": lost, "difference": difference}


def _follow(process: subprocess.Popen[str], cluster: Cluster | None) -> int:
    """Read what a run prints until it ends; kill a worker of the cluster, if any, in PageRank. Return how many died."""
    rounds = killed = 0
    assert process.stdout is not None
    for line in process.stdout:
        rounds += line == "keep chaingraph_walk\n"
        if cluster is not None and rounds == _FATAL_ROUND and not killed:
            pid = cluster.workers[0].pid
            for victim in (pid, *descendants(pid)):
                os.kill(victim, signal.SIGKILL)
                killed += 1
    return killed


def main() -> None:
    """Run all three, and print and write the table."""
    if not has_whole_spark():
        sys.exit(
            "needs the whole of Spark and Java: install pyspark in an environment of its own, or run: make cluster"
        )
    with TemporaryDirectory() as folder:
        table, reference = Path(folder) / "affiliations", Path(folder) / "arrays"
        write_affiliations(table, _ROWS)
        reference.mkdir()
        measure_arrays(table, reference, list(MEASURES))
        results = []
        for number, name in enumerate(RUNS):
            output = Path(folder) / str(number)
            output.mkdir()
            results.append(run(name, table, reference, output))
            sys.stdout.write(f"{json.dumps(results[-1])}\n")
    lines = [
        f"A made-up affiliation table of {_ROWS:,} rows; {', '.join(MEASURES)}. The difference is the largest between a"
        " value and that of the arrays, over the largest value of the measure.",
        "",
        "| run | processor seconds | processes killed | workers that the master lost | difference |",
        "|---|---:|---:|---:|---:|",
    ]
    for one in results:
        cells = (f"{one['seconds']:.0f}", one["killed"], one["lost"], f"{one['difference']:.0e}")
        lines.append(f"| {one['run']} | {' | '.join(map(str, cells))} |")
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    wrong = [one["run"] for one in results if not one["difference"] <= _LARGEST_DIFFERENCE]
    if wrong or not (results[2]["killed"] and results[2]["lost"]):
        sys.exit(f"other values, or no worker lost: {wrong}")
    (RESULTS / "cluster.md").write_text(text, encoding="utf-8")
    versions = {name: version(name) for name in ("pyspark", "numpy", "scipy")}
    facts = {"python": platform.python_version(), "versions": versions, "cores": os.cpu_count()}
    content = {"facts": facts, "runs": results}
    (RESULTS / "cluster.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        job(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
        # A driver of Spark may leave threads behind; nothing is left to do.
        sys.stdout.flush()
        os._exit(0)
    main()
