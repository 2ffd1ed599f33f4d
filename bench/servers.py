"""The servers that bench/endpoint.py measures, and the memory that they use."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Server:
    """A server process and its address."""

    url: str
    number: int

    def memory(self) -> tuple[float, float]:
        """Return the MB in memory of the process, and those of its largest child."""
        sizes = {self.number: _status(self.number)[1]}
        for path in Path("/proc").glob("[0-9]*"):
            parent, size = _status(int(path.name))
            if parent == self.number:
                sizes[int(path.name)] = size
        own = sizes.pop(self.number)
        return own, max(sizes.values(), default=0.0)


def _status(number: int) -> tuple[int, float]:
    """Return the parent of a process and its MB in memory; zeros for one that has ended."""
    try:
        lines = Path(f"/proc/{number}/status").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0.0
    facts = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(facts["PPid"]), int(facts.get("VmRSS", "0 kB").split()[0]) / 1024


@contextmanager
def _server(*command: str | Path) -> Iterator[tuple[str, int]]:
    """Run a server and yield the first line that it prints, and its number; end it afterwards."""
    with subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.terminate()


@contextmanager
def chaingraph_server(store: Path, *options: str) -> Iterator[Server]:
    """Serve a store as a person would."""
    command = "from chaingraph.cli.main import main; main()"
    with _server(sys.executable, "-c", command, "serve", store, "--port", "0", *options) as (url, number):
        yield Server(url, number)


@contextmanager
def rdflib_endpoint_server(python: str, file: Path) -> Iterator[Server]:
    """Serve an N-Triples file by rdflib-endpoint."""
    with _server(python, HERE / "rival.py", file) as (port, number):
        yield Server(f"http://127.0.0.1:{port}/", number)
