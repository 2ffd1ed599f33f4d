"""Our endpoint over a store in memory that updates change; only tests let the endpoint write.

Half of the protocol suite is about updates, and each test has data of its own. The application, its protocol layer and
its guard are the real ones; a query is carried out by the very function that the child process of the real pool runs.
"""

from __future__ import annotations

import asyncio
import re
import sys

import pyoxigraph as ox

from chaingraph.endpoint.app import app
from chaingraph.endpoint.engine import Answer, Kind, Operation, RefusedError
from chaingraph.endpoint.limits import Limits
from chaingraph.endpoint.server import listening_socket, serve_on
from chaingraph.endpoint.workers.query_pool import query_request
from chaingraph.endpoint.workers.query_worker import answer_query
from chaingraph.sparql.tokens import query_tokens
from chaingraph.store.versions import StoreVersion


class Mutable:
    """An engine whose store lies in memory and can be changed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._store = ox.Store()
        self._changes = 0

    @property
    def graphs(self) -> frozenset[str]:
        return frozenset(graph.value for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode))

    @property
    def tag(self) -> str:
        return str(self._changes)

    @property
    def version(self) -> StoreVersion:
        raise RefusedError(503, "the store is not on disk")

    async def refresh(self) -> None:
        """There is but one version."""

    @property
    def size(self) -> int:
        return len(self._store)

    async def start(self) -> None:
        """The store is there already."""

    async def stop(self) -> None:
        """The store goes with the process."""

    async def ask(self, operation: Operation, *, rows: int | None = None, size: int | None = None) -> Answer:
        request = query_request(operation, self._limits, rows, size)
        reply, content = answer_query(self._store, request, self.graphs)
        if reply["status"] != 200:
            raise RefusedError(reply["status"], reply["reason"])
        kinds: dict[str, Kind] = {"rows": "rows", "boolean": "boolean", "triples": "triples"}
        answer = Answer(
            reply["media_type"], kinds[reply["kind"]], reply["count"], reply["truncated"], self.tag, reply["encoding"]
        )
        answer.add(content)
        return answer

    async def update(self, operation: Operation) -> None:
        try:
            self._store.update(with_dataset(operation), base_iri=operation.base)
        except (SyntaxError, ValueError) as error:
            raise RefusedError(400, f"the update cannot be carried out: {error}") from error
        self._changes += 1


def with_dataset(operation: Operation) -> str:
    """Return the text of an update with the data set of the request written into it: Oxigraph takes it nowhere else.

    >>> with_dataset(Operation("DELETE { ?a ?b ?c } WHERE { ?a ?b ?c }", default_graphs=("http://a",), update=True))
    'DELETE { ?a ?b ?c } USING <http://a> WHERE { ?a ?b ?c }'
    """
    using = [f"USING <{graph}>" for graph in operation.default_graphs]
    using += [f"USING NAMED <{graph}>" for graph in operation.named_graphs]
    if not using:
        return operation.text
    words = {token.upper() for token in query_tokens(operation.text)}
    if words & {"USING", "WITH"}:
        raise RefusedError(400, "the data set stands in the request and in the update, expected one of them")
    return re.sub(r"\bWHERE\b", f"{' '.join(using)} WHERE", operation.text)


def main() -> None:
    """Serve on a free port of the loopback address, whose number is the first line printed, until told to stop."""
    limits = Limits()
    application = app("in-memory.kg", limits, engine=Mutable(limits))
    with listening_socket("127.0.0.1", 0, strict=False) as sock:
        port = sock.getsockname()[1]
        asyncio.run(serve_on(sock, application, lambda: _say(port)))


def _say(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
