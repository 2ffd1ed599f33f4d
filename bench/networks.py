"""Projections and centrality beside networkx, networkit, rustworkx and igraph, on Horizon Europe, in one run.

Each pair of a task and a library runs in a process of its own, which builds that library's graph before the clock
starts; its peak memory is that of the whole process. Prints a Markdown table and writes it, with all numbers, to
bench/results/networks.md and networks.json. A library that is not installed is left out and said to be.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

sys.path.insert(0, str(Path(__file__).resolve().parent))
import horizon
from timing import peak_mib

RESULTS = Path(__file__).resolve().parent / "results"
PEERS = ("networkx", "networkit", "rustworkx", "igraph")
NETWORKX_SOURCES = 64
"""networkx's betweenness runs from so many sources only, and its time is extrapolated to all."""

MADE: list[Any] = []
"""What a task made: kept until the clock has stopped, so that taking it apart is not measured."""

Values = np.ndarray[Any, np.dtype[np.float64]]
Job = Callable[[], tuple[Values | None, float]]
"""Does the work once; returns the values to compare, and by what its time is multiplied."""


def matrices(folder: Path, subset: str) -> tuple[Any, Any]:
    """Return the incidence and the co-membership counts of a subset."""
    incidence = sp.csr_array(sp.load_npz(folder / f"{subset}.npz"))
    from chaingraph.arrays import off_diagonal

    return incidence, off_diagonal(incidence @ incidence.T)


def graph_of(library: str, adjacency: Any) -> Any:  # noqa: ANN401 - each library's own graph
    """Return the unweighted graph of a library."""
    upper = sp.triu(adjacency, k=1, format="coo")
    pairs = np.column_stack([upper.row, upper.col])
    size = adjacency.shape[0]
    if library == "networkx":
        import networkx as nx

        graph = nx.empty_graph(size)
        graph.add_edges_from(pairs.tolist())
        return graph
    if library == "networkit":
        import networkit as nk

        return nk.GraphFromCoo((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), n=size, weighted=False)
    if library == "rustworkx":
        import rustworkx as rx

        graph = rx.PyGraph(multigraph=False)
        graph.add_nodes_from(range(size))
        graph.add_edges_from_no_data([tuple(pair) for pair in pairs.tolist()])
        return graph
    import igraph

    return igraph.Graph(n=size, edges=pairs.tolist())


def jobs(task: str, library: str, folder: Path, subset: str) -> Job:
    """Return the work of a task by a library, everything that is not measured being done."""
    if library == "chaingraph":
        return ours(task, folder, subset)
    incidence, adjacency = matrices(folder, subset)
    if task in ("projection from arrays", "projection from a store"):
        import networkx as nx

        two_mode = nx.bipartite.from_biadjacency_matrix(incidence)
        rows = range(incidence.shape[0])

        def project() -> tuple[None, float]:
            MADE.append(nx.bipartite.weighted_projected_graph(two_mode, rows))
            return None, 1.0

        return project
    graph = graph_of(library, adjacency)
    size = adjacency.shape[0]
    return {
        "networkx": _networkx,
        "networkit": _networkit,
        "rustworkx": _rustworkx,
        "igraph": _igraph,
    }[library](task, graph, size)


def _dict_values(values: dict[int, float], size: int) -> Values:
    return np.array([values[node] for node in range(size)])


def _networkx(task: str, graph: Any, size: int) -> Job:  # noqa: ANN401
    import networkx as nx

    def betweenness() -> tuple[None, float]:
        nx.betweenness_centrality(graph, k=NETWORKX_SOURCES, seed=0)
        return None, size / NETWORKX_SOURCES

    calls: dict[str, Job] = {
        "betweenness, exact": betweenness,
        # networkx stops at size * tol: the same precision as ours.
        "pagerank": lambda: (_dict_values(nx.pagerank(graph, tol=1e-12 / size, max_iter=500), size), 1.0),
        "eigenvector": lambda: (_dict_values(nx.eigenvector_centrality(graph, tol=1e-10, max_iter=2000), size), 1.0),
        "core number": lambda: (_dict_values(nx.core_number(graph), size), 1.0),
        "clustering": lambda: (_dict_values(nx.clustering(graph), size), 1.0),
    }
    return calls[task]


def _networkit(task: str, graph: Any, size: int) -> Job:  # noqa: ANN401
    import networkit as nk

    def run(algorithm: Any) -> Values:  # noqa: ANN401
        return np.array(algorithm.run().scores())

    calls: dict[str, Job] = {
        "betweenness, exact": lambda: (run(nk.centrality.Betweenness(graph, normalized=True)), 1.0),
        "harmonic and closeness": lambda: (
            run(nk.centrality.HarmonicCloseness(graph, normalized=False)) / (size - 1),
            1.0,
        ),
        "pagerank": lambda: (run(nk.centrality.PageRank(graph, tol=1e-12)), 1.0),
        "eigenvector": lambda: (run(nk.centrality.EigenvectorCentrality(graph, tol=1e-12)), 1.0),
        "core number": lambda: (run(nk.centrality.CoreDecomposition(graph)), 1.0),
        "clustering": lambda: (run(nk.centrality.LocalClusteringCoefficient(graph)), 1.0),
    }
    return calls[task]


def _rustworkx(task: str, graph: Any, size: int) -> Job:  # noqa: ANN401
    import rustworkx as rx

    calls: dict[str, Job] = {
        "betweenness, exact": lambda: (_dict_values(dict(rx.betweenness_centrality(graph)), size), 1.0),
        "eigenvector": lambda: (
            _dict_values(dict(rx.eigenvector_centrality(graph, tol=1e-10, max_iter=2000)), size),
            1.0,
        ),
        "core number": lambda: (_dict_values(dict(rx.core_number(graph)), size), 1.0),
    }
    return calls[task]


def _igraph(task: str, graph: Any, size: int) -> Job:  # noqa: ANN401
    scale = 2 / ((size - 1) * (size - 2))
    calls: dict[str, Job] = {
        "betweenness, exact": lambda: (np.array(graph.betweenness()) * scale, 1.0),
        "harmonic and closeness": lambda: (np.array(graph.harmonic_centrality()), 1.0),
        "pagerank": lambda: (np.array(graph.pagerank()), 1.0),
        "eigenvector": lambda: (np.array(graph.eigenvector_centrality()), 1.0),
        "core number": lambda: (np.array(graph.coreness(), dtype=float), 1.0),
        "clustering": lambda: (np.array(graph.transitivity_local_undirected(mode="zero")), 1.0),
    }
    return calls[task]


def ours(task: str, folder: Path, subset: str) -> Job:
    """Return the work of a task by chaingraph."""
    import chaingraph as cg

    if task == "projection from arrays":
        return _our_projection(folder, subset)
    kg = cg.open(folder / f"{subset}.kg")
    if task == "projection from a store":

        def draw() -> tuple[None, float]:
            MADE.append(cg.co_membership(kg))
            return None, 1.0

        return draw
    network = cg.co_membership(kg)
    from chaingraph.metrics import measure_names

    names = {
        "betweenness, exact": ["betweenness"],
        "harmonic and closeness": ["harmonic", "closeness"],
        "pagerank": ["pagerank"],
        "eigenvector": ["eigenvector"],
        "core number": ["core_number"],
        "clustering": ["clustering"],
        "the table but betweenness": [name for name in measure_names("undirected") if name != "betweenness"],
        "the table, betweenness sampled": measure_names("undirected"),
    }[task]
    # The order of the matrix files is that of the IRIs' last parts, as text.
    nodes = sorted(network, key=lambda node: node.rsplit("/", 1)[1])
    weight = None if task in ("pagerank", "eigenvector") else "own"
    exact = task != "the table, betweenness sampled"

    def measure() -> tuple[Values, float]:
        frame = cg.centrality(network, measures=names, weight=weight, exact=exact)
        return frame.loc[nodes, names[0]].to_numpy(dtype=float), 1.0

    return measure


def _our_projection(folder: Path, subset: str) -> Job:
    import networkx as nx

    from chaingraph.arrays import off_diagonal
    from chaingraph.networks._projection import add_ties

    incidence, _ = matrices(folder, subset)
    names = [f"id:o/{number}" for number in range(incidence.shape[0])]

    def project() -> tuple[None, float]:
        network: nx.Graph[str] = nx.Graph()
        network.add_nodes_from(names)
        add_ties(network, {"consortia": off_diagonal(incidence @ incidence.T)}, frozenset({"consortia"}))
        MADE.append(network)
        return None, 1.0

    return project


def _child(task: str, library: str, folder: str, subset: str, runs: int, pipe: Any) -> None:  # noqa: ANN401
    work = jobs(task, library, Path(folder), subset)
    before = peak_mib()
    seconds, values, factor = [], None, 1.0
    for _ in range(runs):
        MADE.clear()
        start = time.perf_counter()
        values, factor = work()
        seconds.append(time.perf_counter() - start)
        if seconds[-1] > 10:
            break
    peak = peak_mib()
    pipe.send((float(np.median(seconds)) * factor, peak, peak - before, values))
    pipe.close()


def measurement(task: str, library: str, folder: Path, subset: str, runs: int) -> dict[str, Any]:
    """Run a task by a library in a fresh process: seconds, peak MiB, MiB above what preparing took, values."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(task, library, str(folder), subset, runs, there))
    process.start()
    there.close()
    try:
        seconds, peak, more, values = here.recv()
    except EOFError:
        process.join()
        return {"task": task, "library": library, "subset": subset, "seconds": None, "values": None}
    process.join()
    return {
        "task": task,
        "library": library,
        "subset": subset,
        "seconds": seconds,
        "peak_mib": round(peak),
        "more_mib": round(more),
        "values": values,
    }


PLAN = {
    "industrial": (
        ("projection from arrays", ("networkx",)),
        ("projection from a store", ("networkx",)),
        ("harmonic and closeness", ("networkit", "igraph")),
        ("pagerank", PEERS[:2] + PEERS[3:]),
        ("eigenvector", PEERS),
        ("core number", PEERS),
        ("clustering", ("networkx", "networkit", "igraph")),
        ("betweenness, exact", PEERS),
        ("the table but betweenness", ()),
    ),
    "whole": (
        ("projection from a store", ("networkx",)),
        ("harmonic and closeness", ()),
        ("the table but betweenness", ()),
        ("the table, betweenness sampled", ()),
        ("betweenness, exact", ()),
    ),
}


def has(library: str) -> bool:
    """Tell whether a library is installed."""
    try:
        version(library)
    except PackageNotFoundError:
        return False
    return True


def difference(mine: Values | None, other: Values | None, task: str) -> float | None:
    """Return the greatest difference of two libraries' values, each scaled to a largest value of 1."""
    if mine is None or other is None or len(mine) == 0 or len(mine) != len(other):
        return None
    both = ~np.isnan(mine) & ~np.isnan(other)
    scale = (np.nanmax(np.abs(mine)), np.nanmax(np.abs(other))) if task in ("eigenvector", "pagerank") else (1.0, 1.0)
    return float(np.abs(mine[both] / scale[0] - other[both] / scale[1]).max())


def table(rows: list[dict[str, Any]]) -> str:
    """Return the results as Markdown: one row per task and library, ratios against chaingraph."""
    lines = [
        "| subset | task | library | seconds | times chaingraph | peak MiB | greatest difference |",
        "|---|---|---|---:|---:|---:|---:|",
    ]
    for row in rows:
        seconds = "failed" if row["seconds"] is None else f"{row['seconds']:.3g}"
        ratio = "" if row.get("ratio") is None else f"{row['ratio']:.3g}"
        gap = "" if row.get("difference") is None else f"{row['difference']:.1g}"
        cells = (row["subset"], row["task"], row["library"], seconds, ratio, row.get("peak_mib", ""), gap)
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subset", choices=horizon.SUBSETS, action="append")
    parser.add_argument("--task", action="append", help="only these tasks, in place of their rows")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    import chaingraph as cg

    rows: list[dict[str, Any]] = []
    facts: dict[str, Any] = {"python": platform.python_version(), "cores": os.cpu_count(), "data": {}}
    facts["versions"] = {name: version(name) for name in ("numpy", "scipy", *PEERS) if has(name)}
    facts["absent"] = [name for name in PEERS if not has(name)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for subset in options.subset or horizon.SUBSETS:
            snapshot = horizon.tables(subset)
            incidence = horizon.incidence(snapshot)
            sp.save_npz(folder / f"{subset}.npz", incidence)
            horizon.write(snapshot, folder / subset)
            cg.build([folder / subset], folder / f"{subset}.kg")
            facts["data"][subset] = {"real": snapshot.real, "shape": incidence.shape, "memberships": incidence.nnz}
            for task, peers in PLAN[subset]:
                if options.task and task not in options.task:
                    continue
                mine = measurement(task, "chaingraph", folder, subset, options.runs)
                rows.append(mine)
                for library in filter(has, peers):
                    row = measurement(task, library, folder, subset, options.runs)
                    row["ratio"] = row["seconds"] and row["seconds"] / mine["seconds"]
                    row["difference"] = difference(mine["values"], row["values"], task)
                    rows.append(row)
                    print(f"{subset}: {task}: {library} {row['seconds']} against {mine['seconds']}", file=sys.stderr)
    for row in rows:
        row.pop("values")
    print(table(rows))
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / "networks.json"
    if options.task and file.exists():
        # A task that was measured again takes the place of its rows; a row is compared within its own run only.
        previous = json.loads(file.read_text(encoding="utf-8"))
        fresh = {(row["subset"], row["task"]) for row in rows}
        old = [row for row in previous["rows"] if (row["subset"], row["task"]) not in fresh]
        order = [(subset, task) for subset in horizon.SUBSETS for task, _ in PLAN[subset]]
        merged = sorted(old + rows, key=lambda row: order.index((row["subset"], row["task"])))
        rows, facts["data"] = merged, previous["facts"]["data"] | facts["data"]
    file.write_text(json.dumps({"facts": facts, "rows": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (RESULTS / "networks.md").write_text(table(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
