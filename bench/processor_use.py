"""What processes use together: processor seconds and memory, with all that they have started, read from /proc."""

from __future__ import annotations

import os
import threading
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_EVERY = 0.25
_PARENT, _USER, _SYSTEM, _RESIDENT = 1, 11, 12, 21
"""Where a process's parent, its ticks and its pages in memory stand among what follows its name (proc(5))."""


def statistics() -> dict[int, list[str]]:
    """Return what /proc says of each process in its stat, from the state on, by number."""
    processes = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # A name in brackets may have spaces; what follows it has none.
            processes[int(folder.name)] = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
    return processes


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    return sorted(_family(statistics(), {pid}) - {pid})


def _family(processes: dict[int, list[str]], roots: set[int]) -> set[int]:
    members = set(roots)
    while more := {number for number, fields in processes.items() if int(fields[_PARENT]) in members} - members:
        members |= more
    return members


class ProcessorUse(threading.Thread):
    """A thread that follows processes: ``seconds`` so far, and ``peak_gb``, the most memory that all had at one time.

    A process that ended counts with what it had used when it was last looked at.
    """

    def __init__(self, *roots: int) -> None:
        super().__init__(daemon=True)
        self._roots = set(roots)
        self._ticks: dict[int, int] = {}
        self._first: dict[int, int] = {}
        self._end = threading.Event()
        self.peak_gb = 0.0
        self._look()

    @property
    def seconds(self) -> float:
        """The processor seconds since this began to look."""
        self._look()
        return sum(ticks - self._first[pid] for pid, ticks in self._ticks.items()) / _TICKS

    def run(self) -> None:
        """Look until `stop` is called."""
        while not self._end.wait(_EVERY):
            self._look()

    def stop(self) -> None:
        """Look no more."""
        self._end.set()
        self.join()

    def _look(self) -> None:
        processes = statistics()
        members = _family(processes, self._roots) & processes.keys()
        memory = 0
        for pid in members:
            fields = processes[pid]
            ticks = int(fields[_USER]) + int(fields[_SYSTEM])
            # What was there before counts from now on; what was started since counts whole.
            self._first.setdefault(pid, ticks if pid in self._roots else 0)
            self._ticks[pid] = max(self._ticks.get(pid, 0), ticks)
            memory += int(fields[_RESIDENT])
        self.peak_gb = max(self.peak_gb, memory * _PAGE / 1e9)
