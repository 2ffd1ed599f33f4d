"""A writer of small stores that may be killed at a step of it."""

from __future__ import annotations

import os
import signal
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from chaingraph.store import versions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STEPS = ("lock_file", "_remove_unused", "_sync", "_replace", "remove_unless_locked")


def write(path: Path, count: int, step: Callable[[str], None] = lambda _: None) -> None:
    """Write a store of so many triples; each is a step named ``triple``."""
    with versions.store_writer(path) as writer:
        store = ox.Store(str(writer.folder))
        for number in range(count):
            step("triple")
            name = ox.NamedNode(f"http://example.org/{number}")
            store.add(ox.Quad(name, name, name))
        store.optimize()
        del store
        writer.publish()


def stop_at(point: str) -> Callable[[str], None]:
    """Have this process killed at a point, such as ``_sync 5``: before the fifth call of that function.

    Returns:
        The function for the steps of :func:`write`.
    """
    calls: Counter[str] = Counter()

    def count(name: str) -> None:
        calls[name] += 1
        if point == f"{name} {calls[name]}":
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(name: str) -> None:
        function = getattr(versions, name)

        def call(*arguments: object, **named: object) -> object:
            count(name)
            return function(*arguments, **named)

        setattr(versions, name, call)

    for name in STEPS:
        counted(name)
    return count
