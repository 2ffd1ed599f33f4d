"""Networks and tables of a built store with and without the answers beside it, and as arrays: processor seconds.

Give it what a store is built of, such as the data set of a large programme: ``python bench/answers.py SOURCE``. Both
stores are built anew; each network is made by a process of its own. Writes bench/results/answers.md.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pyoxigraph as ox

import chaingraph as cg
from chaingraph.networks import PROJECTIONS
from chaingraph.store import KnowledgeGraph

RESULTS = Path(__file__).resolve().parent / "results"
_NETWORKS = ("co_membership", "affiliation", "co_participation", "participation")
_TABLE = "crosstab of regions and industries"


def measure(store: str, what: str, form: str) -> None:
    """Print the processor seconds of one network in a form, or one table, of a store that is open."""
    kg = cg.open(store)
    start = time.process_time()
    if what == _TABLE:
        cg.crosstab(kg, "region", "industry")
    elif form == "networkx":
        PROJECTIONS[what].function(kg)
    else:
        network = PROJECTIONS[what].arrays(kg)
        if form == "with attributes":
            network.attribute("label")
    sys.stdout.write(str(time.process_time() - start))


def seconds(store: Path, what: str, form: str = "networkx") -> float:
    """Return what `measure` prints in a process of its own."""
    command = [sys.executable, __file__, "--store", str(store), what, form]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main(source: str) -> None:
    """Build both stores, and print and write the table."""
    with TemporaryDirectory() as folder:
        plain, answered = Path(folder) / "plain.kg", Path(folder) / "answers.kg"
        builds = []
        for store, answers in ((plain, False), (answered, True)):
            start = time.process_time()
            triples = len(KnowledgeGraph.build(source, store, answers=answers))
            builds.append(time.process_time() - start)
        lines = [
            f"A store of {triples:,} triples: built in {builds[0]:.0f} processor seconds,"
            f" with answers in {builds[1]:.0f}.",
            "",
            "A network is a networkx graph; as arrays, it is measured without and with the attributes of its nodes.",
            "",
            "| what | without, s | with, s | times | as arrays, s | times | and attributes, s | times |",
            "|---|---:|---:|---:|---:|---:|---:|---:|",
        ]
        for what in (*_NETWORKS, _TABLE):
            without, with_answers = seconds(plain, what), seconds(answered, what)
            cells = [without, with_answers, without / with_answers]
            if what != _TABLE:
                arrays = [seconds(answered, what, form) for form in ("arrays", "with attributes")]
                cells += [number for value in arrays for number in (value, without / value)]
            lines.append(f"| {what} | {' | '.join(f'{number:.2f}' for number in cells)} |" + " |" * (7 - len(cells)))
    (RESULTS / "answers.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    versions = {"polars": pl.__version__, "pyoxigraph": ox.__version__}
    facts = {"python": platform.python_version(), "versions": versions, "cores": os.cpu_count()}
    (RESULTS / "answers.json").write_text(json.dumps({"facts": facts}, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--store"]:
        measure(*sys.argv[2:5])
    elif len(sys.argv) == 2:
        main(sys.argv[1])
    else:
        sys.exit("name what a store is built of, as in: python bench/answers.py horizon.kg")
