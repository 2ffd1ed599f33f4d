"""Core number and clustering from the arrays of a network, beside networkit and igraph: with and without their graph.

Give it a built store; the network is its co-membership, unweighted. networkit and igraph need a graph of their own,
which is made of the arrays first; bench/networks.py measures them with their graph ready, which is what a program that
keeps one has. Seconds are of the processor, the least of three runs, networkit with one thread and its faster way for
clustering (turbo). Writes bench/results/core_and_clustering.md and core_and_clustering.json.
Run: python bench/core_and_clustering.py STORE.kg
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import igraph
import networkit as nk
import numpy as np
import scipy.sparse as sp

import chaingraph as cg
from chaingraph.arrays import adjacency
from chaingraph.metrics.network._ego import clustering, core_number

RESULTS = Path(__file__).resolve().parent / "results"
RUNS = 3


def least(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of the processor of the fastest of several runs, and the result."""
    seconds = []
    for _ in range(RUNS):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    return min(seconds), result


def main() -> int:
    """Measure, print and write; values that differ end with 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path, help="a built store")
    options = parser.parse_args()
    matrix = sp.csr_array(adjacency(cg.co_membership(cg.open(options.store))))
    matrix.data[:] = 1.0
    size, upper = matrix.shape[0], sp.triu(matrix, k=1, format="coo")
    nk.setNumberOfThreads(1)
    networkit_seconds, networkit_graph = least(lambda: nk.GraphFromCoo((upper.row, upper.col), n=size, directed=False))
    pairs = np.column_stack([upper.row, upper.col])
    igraph_seconds, igraph_graph = least(lambda: igraph.Graph(n=size, edges=pairs))
    jobs: dict[str, dict[str, Callable[[], Any]]] = {
        "core number": {
            "chaingraph": lambda: core_number(matrix),
            "networkit": lambda: nk.centrality.CoreDecomposition(networkit_graph).run().scores(),
            "igraph": igraph_graph.coreness,
        },
        "clustering": {
            "chaingraph": lambda: clustering(matrix),
            "networkit": lambda: nk.centrality.LocalClusteringCoefficient(networkit_graph, True).run().scores(),
            "igraph": lambda: igraph_graph.transitivity_local_undirected(mode="zero"),
        },
    }
    making = {"chaingraph": 0.0, "networkit": networkit_seconds, "igraph": igraph_seconds}
    rows, lines = [], ["| measure | library | graph of its own, s | measure, s | both, s | greatest difference |"]
    lines.append("|---|---|---:|---:|---:|---:|")
    for measure, works in jobs.items():
        expected = np.asarray(works["chaingraph"]())
        for library, work in works.items():
            seconds, values = least(work)
            difference = float(np.abs(np.asarray(values) - expected).max())
            graph = making[library]
            rows.append(
                {"measure": measure, "library": library, "graph": graph, "seconds": seconds}
                | {"difference": difference}
            )
            made = f"{graph:.3f}" if graph else ""
            lines.append(
                f"| {measure} | {library} | {made} | {seconds:.3f} | {graph + seconds:.3f} | {difference:.0e} |"
            )
    facts = {"python": platform.python_version(), "cores": os.cpu_count()}
    facts |= {"versions": {name: version(name) for name in ("numpy", "scipy", "networkit", "igraph")}}
    facts |= {"nodes": size, "ties": len(upper.row)}
    print("\n".join(lines))
    (RESULTS / "core_and_clustering.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    record = json.dumps({"facts": facts, "rows": rows}, indent=1)
    (RESULTS / "core_and_clustering.json").write_text(record + "\n", encoding="utf-8")
    return int(any(row["difference"] > 1e-12 for row in rows))


if __name__ == "__main__":
    sys.exit(main())
