"""The limits of the endpoint and their defaults; the only place for them."""

from __future__ import annotations

from dataclasses import dataclass

from chaingraph.errors import UsageError

LEAST_MEMORY = 512 * 2**20
"""Below this the store itself cannot be opened: RocksDB reserves about 400 MB of addresses."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one query, one request and the whole endpoint may use.

    Args:
        deadline: Seconds of wall time and of processor time for one query; at the end its process is killed.
        memory: Bytes of address space of one child process.
        rows: Rows, or triples, of one answer; what is more is cut, and the answer says so.
        size: Bytes of one answer before compression; cut in the same way, after the last whole row.
        workers: Child processes, and so queries that run at once.
        queue: Queries that may wait for a child; one more is refused with 503.
        hosts: Names under which the endpoint is reached, beside localhost and plain addresses.
        origins: Web origins whose pages may read the answers; ``*`` allows all.
        patience: Seconds in which the head or body of a request must have arrived, and a piece of an answer be taken.
        text: Bytes of a query, and of a request's body.
        depth: How deep the brackets of a query may nest.
        patterns: Triple patterns of a query.
        connections: Connections at once; one more is refused with 503.

    Raises:
        UsageError: A limit is out of range.
    """

    deadline: float = 10.0
    memory: int = 2 * 2**30
    rows: int = 100_000
    size: int = 64 * 2**20
    workers: int = 4
    queue: int = 256
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    patience: float = 10.0
    text: int = 64 * 2**10
    depth: int = 100
    patterns: int = 200
    connections: int = 500

    def __post_init__(self) -> None:
        """Refuse limits under which nothing can be answered."""
        for name in ("deadline", "patience", "rows", "size", "workers", "queue", "text", "connections"):
            if getattr(self, name) <= 0:
                message = f"the limit '{name}' is {getattr(self, name)}, expected a number above 0"
                raise UsageError(message)
        if self.memory < LEAST_MEMORY:
            message = (
                f"the limit 'memory' is {self.memory // 2**20} MB, expected at least {LEAST_MEMORY // 2**20} MB: "
                "a store cannot be opened with less"
            )
            raise UsageError(message)
