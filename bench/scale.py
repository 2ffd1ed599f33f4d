"""Five measures of made-up affiliation tables of 1, 10 and 100 million rows: arrays, DuckDB, Sail and Spark.

Each engine measures each table in a process of its own: strength, components, PageRank, harmonic centrality from 256
sources, and the exact degree. Seconds are those of processors, of all processes of the engine together; memory is the
most that they had at one time. What is not installed, or not asked for, is left out, and the table says so. Results of
earlier runs stay in bench/results/scale.json until a run of the same engine and rows replaces them. ``--rows`` and
``--engines`` choose; ``--measures`` leaves some out, and ``--not-run REASON`` writes down why some engines and rows
were not run. Values are compared with those of the arrays at the same rows.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from contextlib import ExitStack
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from affiliations import write_affiliations
from engine_processes import has_whole_spark, sail_server, spark_cluster, started_job
from processor_use import ProcessorUse

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from chaingraph.engines import Engine

RESULTS = Path(__file__).resolve().parent / "results"
ENGINES = {
    "arrays": "arrays (numpy, scipy)",
    "duckdb": "DuckDB, 4 GB",
    "sail": "Sail",
    "spark": "Spark, local[2]",
    "workers": "Spark, two workers",
}
MEASURES = ("strength", "component", "pagerank", "harmonic", "degree")
_STAGES = ("load", *MEASURES)
_SOURCES = 256
_LONGEST = 3600
_PACKAGES = ("numpy", "scipy", "polars", "duckdb", "pysail", "pyspark", "pyspark-client")


def spark_settings(memory: str, java: str = "") -> dict[str, str]:
    """Return the environment of a driver of Spark on this machine's loopback.

    Args:
        memory: Of an executor.
        java: Options for the Java of the driver and of executors.
    """
    options = f"--driver-memory 4g --conf spark.executor.memory={memory} --conf spark.sql.shuffle.partitions=8"
    if java:
        options += f" --driver-java-options '{java}' --conf spark.executor.extraJavaOptions='{java}'"
    return {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_SUBMIT_ARGS": f"{options} pyspark-shell"}


def measure_arrays(table: Path, output: Path, measures: list[str]) -> None:
    """Print a line per stage as it ends, and write the values of each measure."""
    from chaingraph.arrays import Affiliation
    from chaingraph.metrics.network import projection

    affiliation = Affiliation.from_parquet(table / "*.parquet")
    _end_of("load")
    functions: dict[str, Callable[[Affiliation], NDArray[Any]]] = {
        "strength": projection.projection_strength,
        "component": projection.projection_components,
        "pagerank": projection.projection_pagerank,
        "harmonic": lambda network: projection.projection_distances(network, sources=_SOURCES).harmonic,
        "degree": projection.projection_degree,
    }
    for name in measures:
        values = functions[name](affiliation)
        _end_of(name)
        pl.DataFrame({"value": values}).write_parquet(output / f"{name}.parquet")


def measure_engine(engine: Engine, table: Path, output: Path, measures: list[str]) -> None:
    """Print a line per stage as it ends, and write the values of each measure."""
    from chaingraph.engines._measures import MEASURES as FUNCTIONS
    from chaingraph.engines._measures import Run
    from chaingraph.engines._tables import MEMBERSHIPS, keep_ties, read_tables

    try:
        _end_of("start")
        members = read_tables(engine, table, MEMBERSHIPS).members
        keep_ties(engine, newman=False)
        _end_of("load")
        run = Run(engine, members, _SOURCES, 0)
        for name in measures:
            FUNCTIONS[name](run)
            _end_of(name)
            rows = engine.ask(f"SELECT member, value FROM chaingraph_{name}")
            values = np.full(members, np.nan if name == "pagerank" else 0.0)
            values[rows["member"].to_numpy() - 1] = rows["value"].to_numpy()
            pl.DataFrame({"value": values}).write_parquet(output / f"{name}.parquet")
            _end_of("values")
    finally:
        engine.close()


def _end_of(stage: str) -> None:
    sys.stdout.write(f"stage {stage}\n")
    sys.stdout.flush()


def run_job(engine: str, table: Path, output: Path, measures: list[str]) -> dict[str, Any]:
    """Return the processor seconds of each stage, and the peak of memory, of a process of its own."""
    with ExitStack() as stack:
        address, roots = engine, []
        if engine == "duckdb":
            address = "duckdb:4GB"
        elif engine == "sail":
            address, pid = stack.enter_context(sail_server(output))
            roots = [pid]
        elif engine == "spark":
            address = "local[2]"
        elif engine == "workers":
            cluster = stack.enter_context(spark_cluster(output, workers=2, memory="3g"))
            address, roots = cluster.address, cluster.pids
        arguments = [address, str(table), str(output), *measures]
        job = stack.enter_context(started_job(__file__, arguments, output / "job.log", spark_settings("3g")))
        use = ProcessorUse(job.pid, *roots)
        use.start()
        stages: dict[str, float] = {}
        before = 0.0
        assert job.stdout is not None
        for line in job.stdout:
            if line.startswith("stage "):
                now = use.seconds
                stages[line.split()[1]], before = now - before, now
        status = job.wait(timeout=_LONGEST)
        use.stop()
        if status:
            sys.stderr.write((output / "job.log").read_text(errors="replace")[-3000:])
            stages["failed"] = status
        return {"stages": stages, "peak_gb": use.peak_gb}


def largest_difference(output: Path, reference: Path, measures: list[str]) -> float | None:
    """Return by how much values differ at most, over the largest value of their measure; None if there is no other."""
    largest = 0.0
    for name in measures:
        if not (reference / f"{name}.parquet").exists() or not (output / f"{name}.parquet").exists():
            return None
        ours, others = (
            pl.read_parquet(folder / f"{name}.parquet")["value"].to_numpy().astype(float)
            for folder in (reference, output)
        )
        if (np.isnan(ours) != np.isnan(others)).any():
            return float("inf")
        scale = max(float(np.nanmax(np.abs(ours))), np.finfo(float).tiny)
        largest = max(largest, float(np.nanmax(np.abs(ours - others))) / scale)
    return largest


def absence(engine: str) -> str | None:
    """Return why an engine cannot run here, if it cannot."""
    if engine == "duckdb" and find_spec("duckdb") is None:
        return "DuckDB is not installed"
    if engine == "sail" and (find_spec("pysail") is None or find_spec("py4j") is not None):
        return "Sail with pyspark-client is not installed"
    if engine in {"spark", "workers"} and not has_whole_spark():
        return "the whole of Spark, or Java, is not installed"
    return None


def table_of(jobs: dict[str, Any]) -> list[str]:
    """Return the lines of the table, engine by engine, with the growth from a tenth of the rows."""
    lines = [
        "Processor seconds of each measure; growth is the seconds of the columns that both have, over those of a tenth"
        " of the rows. The tables are made up. The difference is the largest of a value from that of the arrays, over"
        " the largest value of the measure.",
        "",
        f"| engine | rows | {' | '.join(_STAGES)} | all | growth | peak, GB | difference |",
        f"|---|{'---:|' * (len(_STAGES) + 5)}",
    ]
    for engine, title in ENGINES.items():
        for rows in (10**6, 10**7, 10**8):
            job = jobs.get(f"{engine} {rows}")
            if job is None:
                continue
            if "reason" in job:
                lines.append(f"| {title} | {rows:,} | {' | '.join([''] * (len(_STAGES) + 3))} | {job['reason']} |")
                continue
            stages = job["stages"]
            cells = [f"{stages[name]:.1f}" if name in stages else "" for name in _STAGES]
            smaller = jobs.get(f"{engine} {rows // 10}", {}).get("stages", {})
            common = [name for name in _STAGES if name in stages and name in smaller]
            growth = sum(stages[name] for name in common) / sum(smaller[name] for name in common) if common else None
            total = sum(stages[name] for name in _STAGES if name in stages)
            difference = job.get("difference")
            cells += [
                f"{total:.1f}",
                "" if growth is None else f"{growth:.1f}",
                f"{job['peak_gb']:.1f}",
                "stopped before the end"
                if "failed" in stages
                else ""
                if difference is None
                else f"{difference:.0e}"
                if difference
                else "0",
            ]
            lines.append(f"| {title} | {rows:,} | {' | '.join(cells)} |")
    return lines


def main(arguments: argparse.Namespace) -> None:
    """Run what was asked for, and write the table."""
    path = RESULTS / "scale.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"facts": {"versions": {}}, "jobs": {}}
    jobs, measures = known["jobs"], arguments.measures.split(",")
    sizes = [int(rows) for rows in arguments.rows.split(",")]
    if arguments.not_run:
        for rows in sizes:
            for engine in arguments.engines.split(","):
                jobs.setdefault(f"{engine} {rows}", {"reason": f"not run: {arguments.not_run}"})
        sizes = []
    for rows in sizes:
        with TemporaryDirectory(dir=arguments.folder) as folder:
            table = Path(arguments.folder or folder) / f"affiliations-{rows}"
            if not table.exists():
                write_affiliations(table, rows)
            reference = table.with_name(f"arrays-{rows}")
            for engine in arguments.engines.split(","):
                reason = absence(engine)
                if reason is not None:
                    jobs.setdefault(f"{engine} {rows}", {"reason": f"not run: {reason}"})
                    continue
                output = reference if engine == "arrays" else Path(folder) / engine
                output.mkdir(exist_ok=True)
                job = run_job(engine, table, output, measures)
                difference = None if engine == "arrays" else largest_difference(output, reference, measures)
                jobs[f"{engine} {rows}"] = job | ({} if difference is None else {"difference": difference})
                sys.stdout.write(f"{engine} {rows} {json.dumps(jobs[f'{engine} {rows}'])}\n")
    versions = known["facts"]["versions"]
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    facts = {"python": platform.python_version(), "versions": versions, "cores": os.cpu_count()}
    path.write_text(json.dumps({"facts": facts, "jobs": jobs}, indent=2) + "\n", encoding="utf-8")
    lines = table_of(jobs)
    path.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        address, table, output, *measures = sys.argv[2:]
        if address == "arrays":
            measure_arrays(Path(table), Path(output), measures)
        else:
            from chaingraph.engines import connect

            measure_engine(connect(address, folder=output), Path(table), Path(output), measures)
        # A driver of Spark may leave threads behind; nothing is left to do.
        sys.stdout.flush()
        os._exit(0)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="1000000,10000000")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--measures", default=",".join(MEASURES))
    parser.add_argument("--not-run", metavar="REASON")
    parser.add_argument("--folder", help="where the made-up tables stay; a temporary folder if none")
    main(parser.parse_args())
