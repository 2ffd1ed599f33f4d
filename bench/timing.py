"""How long work takes, and how much memory a process has used at most."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def durations(work: Callable[[], object], runs: int, *, longest: float = float("inf")) -> list[float]:
    """Return the seconds of each run; after one that takes more than ``longest`` there is no other."""
    seconds: list[float] = []
    while len(seconds) < runs and max(seconds, default=0) <= longest:
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def peak_mib() -> float:
    """Return the most memory that this process has used, in MiB.

    Linux counts in the usual figure what the process was before it became this program, so its own is read there.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 / (1024 if sys.platform == "darwin" else 1)
