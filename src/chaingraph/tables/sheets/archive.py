"""Workbooks that are zip archives of XML, opened with bounds on all that it may cost.

Nothing that the file states of itself is trusted: parts are inflated no further than the sizes that were added up
before, XML with a document type (and so with entities) is refused, and the time is linear in the bytes.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Protocol
from xml.parsers import expat

from chaingraph.archives import FAULTY, LARGEST_DOCUMENT, fault_of
from chaingraph.errors import UnreadableError, excerpt
from chaingraph.messages import lazy_tr, tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_CHUNK = 2**18
_LONGEST_TAG = 2**20
WRONG = lazy_tr("is no .xlsx workbook that can be read; save it as .xlsx again, or as CSV")
"""The reason for everything that is no workbook at all."""


class Handler(Protocol):
    """What the elements of a part are given to, each by its name without a prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take a piece of text."""


class LocalNames(dict[str, str]):
    """The names of elements without the prefixes of their namespaces, each cut once."""

    def __missing__(self, name: str) -> str:
        """Return the name after the colon."""
        self[name] = local = name.rpartition(":")[2]
        return local


class Archive:
    """A zip archive whose parts are XML.

    Raises:
        UnreadableError: The file is no such archive, is damaged, has a password, or unpacks to more than is allowed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (*FAULTY, KeyError, OSError) as error:
            raise UnreadableError(path, WRONG) from error
        members = self._zip.infolist()
        self._members = {_part_name(member.filename): member for member in members}
        fault = fault_of(members, LARGEST_DOCUMENT)
        if fault is not None:
            raise UnreadableError(path, tr("{fault}; save it as .xlsx again, or as CSV", fault=fault))

    def __contains__(self, part: str) -> bool:
        """Tell whether there is a part of that name."""
        return part.casefold() in self._members

    def size(self, part: str) -> int:
        """Return the number of bytes that a part unpacks to."""
        return self._members[part.casefold()].file_size

    def read(self, part: str, size: int) -> bytes:
        """Return the first bytes of a part, at most so many."""
        try:
            with self._zip.open(self._members[part.casefold()]) as stream:
                return stream.read(size)
        except (*FAULTY, KeyError, OSError) as error:
            raise self.damaged(part, error) from error

    def parse(self, part: str, handler: Handler) -> None:
        """Give the elements and texts of a part to a handler.

        Raises:
            UnreadableError: There is no such part, or it is damaged or no XML, or has a document type.
        """
        names = LocalNames()
        start, end = handler.start, handler.end
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: start(names[name], attributes)
        parser.EndElementHandler = lambda name: end(names[name])
        parser.CharacterDataHandler = handler.text
        self.run(part, parser)

    def run(self, part: str, parser: expat.XMLParserType, after_chunk: Callable[[], None] | None = None) -> None:
        """Feed a part to a parser of expat, with the bounds that hold for all parts."""

        def refuse(*_: object) -> None:
            raise self.damaged(part, tr("it declares a document type"))

        parser.StartDoctypeDeclHandler = refuse
        read = 0
        try:
            with self._zip.open(self._members[part.casefold()]) as stream:
                while chunk := stream.read(_CHUNK):
                    read += len(chunk)
                    parser.Parse(chunk, False)
                    # Expat scans a tag or comment that is not closed from its start with every chunk.
                    if read - parser.CurrentByteIndex > _LONGEST_TAG:
                        raise self.damaged(
                            part, tr("a tag or comment is longer than {longest_tag:,} bytes", longest_tag=_LONGEST_TAG)
                        )
                    if after_chunk is not None:
                        after_chunk()
                parser.Parse(b"", True)
        except (*FAULTY, KeyError, OSError, expat.ExpatError) as error:
            raise self.damaged(part, error) from error
        if after_chunk is not None:
            after_chunk()

    def damaged(self, part: str, cause: object) -> UnreadableError:
        """Return the error for a part that cannot be read."""
        return UnreadableError(
            self.path,
            tr("{wrong} (its part {part}: {cause})", wrong=WRONG, part=excerpt(part), cause=excerpt(str(cause), 100)),
        )


def _part_name(name: str) -> str:
    return name.replace("\\", "/").removeprefix("/").casefold()
