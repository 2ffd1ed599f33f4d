"""What answers an operation of the SPARQL protocol, as the rest of the endpoint sees it: no process, no Oxigraph."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal, Protocol

from chaingraph.errors import ChaingraphError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

Kind = Literal["rows", "boolean", "triples"]
DEFAULT_ACCEPT = "application/sparql-results+json, text/turtle;q=0.9"
_IN_MEMORY = 2**18
_PIECE = 2**16


@dataclass(frozen=True, slots=True)
class Operation:
    """One query, or update, with what the protocol says of it.

    ``accept`` and ``encoding`` are the client's headers Accept and Accept-Encoding; an empty ``encoding`` keeps the
    bytes as they are. The graphs are those that the protocol names, beside those that the text names.
    """

    text: str
    accept: str = DEFAULT_ACCEPT
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str | None = None
    encoding: str = ""
    update: bool = False


class Refused(ChaingraphError):  # noqa: N818 - the name of the fact, as in the HTTP protocol's "refused"
    """An operation that is not carried out, with the HTTP status that says why, and headers that go with it."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.reason = reason
        self.headers = dict(headers or {})
        super().__init__(reason)


@dataclass(slots=True)
class Answer:
    """An answer whose bytes wait in a temporary file; close it, or use it in a ``with`` block.

    ``count`` is how many rows or triples are in it, ``truncated`` tells that there are more, ``tag`` which state of
    the store it was read from, and ``encoding`` is ``gzip`` where the bytes are compressed.
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
        default_factory=partial(tempfile.SpooledTemporaryFile, max_size=_IN_MEMORY)
    )

    def add(self, piece: bytes) -> None:
        """Append bytes."""
        self._file.write(piece)
        self.length += len(piece)

    def pieces(self) -> Iterator[bytes]:
        """Return the bytes, a piece at a time."""
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece

    def content(self) -> bytes:
        """Return all the bytes."""
        return b"".join(self.pieces())

    def close(self) -> None:
        """Remove the temporary file, and tell whoever counts the bytes; a second time does nothing."""
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
        """What changes whenever the store does."""
        ...

    @property
    def size(self) -> int:
        """How many statements the store holds."""
        ...

    async def start(self) -> None:
        """Make ready to answer."""
        ...

    async def stop(self) -> None:
        """Let go of everything."""
        ...

    async def ask(self, operation: Operation, *, rows: int | None = None) -> Answer:
        """Return the answer to a query, cut after ``rows`` rows if that is less than the engine's own limit.

        Raises:
            Refused: The query is no query, asks for what is not allowed, or needs too much.
        """
        ...

    async def update(self, operation: Operation) -> None:
        """Carry out an update, or refuse to.

        Raises:
            Refused: This engine is read-only, or the update is none.
        """
        ...
