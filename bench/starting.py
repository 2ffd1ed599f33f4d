"""What it takes to start: `chaingraph --help`, and the server of a built store up to its first page.

Prints seconds of the wall clock and of the processor, and the greatest memory of the process in MB; that of the server
is without its workers. Run: python bench/starting.py STORE.kg [-o FILE.json]; Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

COMMAND = [sys.executable, "-c", "from chaingraph.cli.main import main; main()"]


def of_help() -> dict[str, float]:
    """Measure `--help`."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*COMMAND, "--help"], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": time.perf_counter() - start, "cpu": cpu, "MB": after.ru_maxrss / 1000}


def of_first_page(store: Path) -> dict[str, float]:
    """Measure the server up to its first page."""
    start = time.perf_counter()
    with subprocess.Popen([*COMMAND, "serve", str(store), "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        with urllib.request.urlopen(process.stdout.readline().strip(), timeout=300) as answer:
            answer.read()
        wall = time.perf_counter() - start
        fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
        memory = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8"))
        process.terminate()
    assert memory is not None
    ticks = os.sysconf("SC_CLK_TCK")
    return {"wall": wall, "cpu": (int(fields[11]) + int(fields[12])) / ticks, "MB": int(memory[1]) / 1000}


def main() -> None:
    """Measure, print, and write the figures if a file is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path, help="a built store")
    parser.add_argument("-o", "--output", type=Path, help="where the figures are written as JSON")
    options = parser.parse_args()
    # The greatest memory of ended children is that of the first: --help is measured before the server.
    figures = {"--help": of_help(), "first page of serve": of_first_page(options.store)}
    for name, values in figures.items():
        print(f"{name}: " + ", ".join(f"{value:.2f} {unit}" for unit, value in values.items()))
    if options.output:
        options.output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
