"""What it takes to write a built store as a document: seconds of the processor, and the greatest memory of the process.

Run: python bench/export.py STORE.kg [FORMAT ...]; formats are ttl, nt, jsonld and rdf, each written by its own process.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from timing import peak_mib

from chaingraph.store import KnowledgeGraph


def measure(store: Path, suffix: str) -> None:
    """Write a store once, and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"document.{suffix}"
        graph = KnowledgeGraph.open(store)
        start = time.process_time()
        graph.export(target)
        seconds = time.process_time() - start
        megabytes = target.stat().st_size / 1e6
    print(f"{suffix}: {seconds:.1f} s of the processor, {peak_mib():.0f} MiB at most, {megabytes:.0f} MB written")


def main() -> None:
    """Measure each format in a process of its own, so that no memory counts twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path, help="a built store")
    parser.add_argument("formats", nargs="*", default=["ttl", "nt"], help="the formats")
    options = parser.parse_args()
    if len(options.formats) == 1:
        measure(options.store, options.formats[0])
        return
    for suffix in options.formats:
        subprocess.run([sys.executable, __file__, str(options.store), suffix], check=True)


if __name__ == "__main__":
    main()
