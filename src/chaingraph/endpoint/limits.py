"""The limits of the endpoint and their defaults."""

from __future__ import annotations

from dataclasses import dataclass

from chaingraph.errors import UsageError
from chaingraph.messages import tr
from chaingraph.sparql.limits import QueryLimits

MIN_MEMORY = 512 * 2**20
"""Below this the store itself cannot be opened: RocksDB reserves about 400 MB of addresses."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query, one request and the whole endpoint may use.

    Args:
        deadline: Seconds of wall time and of processor time for one query; at the end its process is killed.
        memory: Bytes of address space of one child process.
        rows: Rows, or triples, of one answer; a longer answer is truncated, and says so.
        answer_bytes: Bytes of one answer before compression; truncated in the same way, after the last whole row.
        workers: Child processes, and so queries that run at once.
        queue: Queries that may wait for a child; one more is refused with 503.
        hosts: Names under which the endpoint is reached, in addition to localhost and plain addresses.
        origins: Web origins whose pages may read the answers; ``*`` allows all.
        client_timeout: Seconds for a client to send the head or the body of a request, or to read more of an answer.
        request_bytes: Bytes of a query, and of a request's body.
        batch_bytes: Bytes of the body of a request to the reconciliation service, which has a whole batch of names.
        depth: How deep the brackets of a query may nest.
        patterns: Triple patterns of a query.
        operators: Operators and brackets of a query.
        connections: Connections at once; one more is refused with 503.

    Raises:
        UsageError: A limit is out of range.
    """

    deadline: float = 10.0
    memory: int = 2 * 2**30
    rows: int = 100_000
    answer_bytes: int = 64 * 2**20
    workers: int = 4
    queue: int = 256
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    client_timeout: float = 10.0
    request_bytes: int = 64 * 2**10
    batch_bytes: int = 2 * 2**20
    depth: int = 100
    patterns: int = 200
    operators: int = 1_000
    connections: int = 500

    @property
    def of_queries(self) -> QueryLimits:
        """How large a query may be."""
        return QueryLimits(self.request_bytes, self.depth, self.patterns, self.operators)

    def __post_init__(self) -> None:
        """Refuse limits under which nothing can be answered."""
        for name in (
            "deadline",
            "client_timeout",
            "rows",
            "answer_bytes",
            "workers",
            "queue",
            "request_bytes",
            "batch_bytes",
            "connections",
        ):
            if getattr(self, name) <= 0:
                message = tr(
                    "the limit '{name}' is {value}, expected a number above 0", name=name, value=getattr(self, name)
                )
                raise UsageError(message)
        _ = self.of_queries
        if self.memory < MIN_MEMORY:
            message = tr(
                "the limit 'memory' is {memory} MB, expected at least {min_memory} MB: a store cannot be "
                "opened with less",
                memory=self.memory // 2**20,
                min_memory=MIN_MEMORY // 2**20,
            )
            raise UsageError(message)
