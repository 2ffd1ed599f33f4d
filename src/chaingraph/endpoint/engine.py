"""What answers an operation of the SPARQL protocol, as the rest of the endpoint sees it: no process, no Oxigraph."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from chaingraph.errors import ChaingraphError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Mapping
    from types import TracebackType

    from starlette.requests import Request

    from chaingraph.store.versions import StoreVersion

Result = TypeVar("Result")
Kind = Literal["rows", "boolean", "triples"]
DEFAULT_ACCEPT = "application/sparql-results+json, text/turtle;q=0.9"
_MAX_BYTES_IN_MEMORY = 2**18
_CHUNK = 2**16
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Operation:
    """One query, or update, with what the protocol says of it.

    ``accept`` and ``encoding`` are the client's headers Accept and Accept-Encoding; an empty ``encoding`` leaves the
    bytes uncompressed. With ``spreadsheet`` an answer in CSV is a file for spreadsheets. The graphs are those that the
    protocol names, in addition to those that the text names.
    """

    text: str
    accept: str = DEFAULT_ACCEPT
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str | None = None
    encoding: str = ""
    update: bool = False
    spreadsheet: bool = False


class RefusedError(ChaingraphError):
    """A request that is not carried out, with the HTTP status that says why, and the headers that go with it."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.reason = reason
        self.headers = dict(headers or {})
        super().__init__(reason)


@dataclass(slots=True)
class Answer:
    """An answer whose bytes lie in a temporary file; close it, or use it in a ``with`` block.

    ``count`` is the number of its rows or triples, ``truncated`` says that there are more, ``tag`` names the state of
    the store that it was read from, and ``encoding`` is ``gzip`` where the bytes are compressed.
    """

    media_type: str
    kind: Kind
    count: int
    truncated: bool
    tag: str
    encoding: str = ""
    length: int = 0
    on_close: Callable[[int], None] | None = None
    _file: tempfile.SpooledTemporaryFile[bytes] = field(
        default_factory=partial(tempfile.SpooledTemporaryFile, max_size=_MAX_BYTES_IN_MEMORY)
    )

    def add(self, chunk: bytes) -> None:
        """Append bytes.

        Raises:
            RefusedError: With 503, where the temporary file cannot hold them.
        """
        try:
            self._file.write(chunk)
            self._file.flush()
        except OSError as error:
            self._file.close()
            reason = tr(
                "the server has no room for the answer ({strerror}); ask for less, or try later",
                strerror=error.strerror or error,
            )
            raise RefusedError(503, reason, {"Retry-After": "30"}) from error
        self.length += len(chunk)

    def chunks(self) -> Iterator[bytes]:
        """Return the bytes in chunks of 64 KB."""
        self._file.seek(0)
        while chunk := self._file.read(_CHUNK):
            yield chunk

    def content(self) -> bytes:
        """Return all the bytes."""
        return b"".join(self.chunks())

    def close(self) -> None:
        """Remove the temporary file and call ``on_close`` with its length; a second call does nothing."""
        if self._file.closed:
            return
        self._file.close()
        if self.on_close is not None:
            self.on_close(self.length)

    def __enter__(self) -> Answer:
        """Return the answer itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove the temporary file."""
        self.close()


class Engine(Protocol):
    """What answers operations on one store: ``graphs`` are its named graphs, ``size`` its triples."""

    @property
    def graphs(self) -> frozenset[str]:
        """The names of the store's named graphs."""
        ...

    @property
    def tag(self) -> str:
        """A text that changes whenever the store does."""
        ...

    @property
    def version(self) -> StoreVersion:
        """The version of the store on disk, for processes that open it themselves.

        Raises:
            RefusedError: The store is not on disk.
        """
        ...

    @property
    def size(self) -> int:
        """The number of triples of the store."""
        ...

    async def start(self) -> None:
        """Get ready to answer."""
        ...

    async def stop(self) -> None:
        """Release all resources."""
        ...

    async def refresh(self) -> None:
        """Move to the present version of the store."""
        ...

    async def ask(self, operation: Operation, *, rows: int | None = None, size: int | None = None) -> Answer:
        """Return the answer to a query, truncated after ``rows`` rows or ``size`` bytes, or at lower limits of its own.

        Raises:
            RefusedError: The query cannot be parsed, asks for what is not allowed, or needs too much.
        """
        ...

    async def update(self, operation: Operation) -> None:
        """Carry out an update, or refuse to.

        Raises:
            RefusedError: This engine is read-only, or the update cannot be parsed.
        """
        ...


async def of_one_version(engine: Engine, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Return the result of several queries, all answered from one version of the store, which is the present one.

    Args:
        engine: What answers the queries.
        work: Puts the queries; called again where the store was replaced meanwhile.

    Raises:
        RefusedError: The store is replaced again and again.
    """
    for _ in range(_ATTEMPTS):
        await engine.refresh()
        tag = engine.tag
        result = await work()
        if engine.tag == tag:
            return result
    raise RefusedError(503, tr("the data are being replaced; try again"), {"Retry-After": "5"})


async def answer_while_connected(
    request: Request, operation: Operation, *, rows: int | None = None, size: int | None = None
) -> Answer:
    """Return the answer to a query; the query is stopped if the client disconnects before.

    Args:
        request: The request that the answer is for; its body has been read.
        operation: The query.
        rows: The greatest number of rows, where that is less than the engine's own limit.
        size: The greatest number of bytes, likewise.

    Raises:
        RefusedError: The query is refused, or the client has disconnected.
    """
    engine: Engine = request.app.state.engine
    return await run_while_connected(request, engine.ask(operation, rows=rows, size=size), discard=Answer.close)


async def run_while_connected(
    request: Request, work: Coroutine[Any, Any, Result], *, discard: Callable[[Result], None] | None = None
) -> Result:
    """Return the result of some work; the work is cancelled if the client disconnects before.

    Args:
        request: The request that the work is for; its body has been read.
        work: What is done.
        discard: Called with a result that came too late to be returned.

    Raises:
        RefusedError: The client has disconnected.
    """

    def discard_result(task: asyncio.Future[Result]) -> None:
        if discard is not None and not task.cancelled() and task.exception() is None:
            discard(task.result())

    task = asyncio.ensure_future(work)
    disconnect = asyncio.ensure_future(_wait_for_disconnect(request))
    try:
        await asyncio.wait({task, disconnect}, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        task.add_done_callback(discard_result)
        raise
    else:
        if task.done():
            return task.result()
        task.add_done_callback(discard_result)
        raise RefusedError(499, tr("the client has disconnected"))
    finally:
        disconnect.cancel()
        task.cancel()


async def _wait_for_disconnect(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
