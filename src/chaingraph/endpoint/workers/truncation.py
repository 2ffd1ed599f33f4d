"""Where the rows of a serialised answer end: the only place that counts them and cuts a document after a row.

Oxigraph writes a result set at its own speed but has no limit on rows; so its bytes are counted, and cut, as they come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice


class EnoughError(Exception):
    """The answer has more rows, or bytes, than it may have."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How rows stand in a document.

    ``mark`` stands at the end of each row, and perhaps elsewhere; ``doubtful`` are the bytes without which every mark
    ends a row, and ``scan`` finds the marks (its group) outside texts where they occur. ``keep`` of a mark's bytes
    belong to the row; ``before`` rows (the headings) come first; ``between`` tells that the last row has no mark;
    ``empty`` is what begins a document without a row; ``tail`` closes a cut document.
    """

    mark: bytes
    doubtful: bytes
    scan: re.Pattern[bytes]
    keep: int
    before: int = 0
    between: bool = False
    tail: bytes = b""


SHAPES = {
    "application/sparql-results+json": Shape(
        b'},{"',
        b"{}",
        re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\Z)|(\}(?=,\{))', re.DOTALL),
        keep=1,
        between=True,
        tail=b"]}}",
    ),
    "application/sparql-results+xml": Shape(
        b"</result>", b"", re.compile(rb"(</result>)"), keep=9, tail=b"</results></sparql>"
    ),
    "text/csv": Shape(b"\r\n", b'"', re.compile(rb'"[^"]*(?:"|\Z)|(\r\n)'), keep=2, before=1),
    "text/tab-separated-values": Shape(b"\n", b"", re.compile(rb"(\n)"), keep=1, before=1),
}
"""By media type. In JSON a quote inside a text is escaped, so a mark that ends in one never stands inside a text."""


def ends(content: bytes | bytearray, shape: Shape) -> Iterator[int]:
    r"""Return where each marked row ends, the headings counted as a row.

    >>> list(ends(b'a\r\n"x\r\ny"\r\nz', SHAPES["text/csv"]))
    [3, 11]
    """
    if shape.doubtful and shape.doubtful in content:
        for found in shape.scan.finditer(content):
            if found.start(1) >= 0:
                yield found.start(1) + shape.keep
        return
    at = content.find(shape.mark)
    while at >= 0:
        yield at + shape.keep
        at = content.find(shape.mark, at + 1)


def marked(content: bytes | bytearray, shape: Shape) -> int:
    """Return how many rows are marked as ended, the headings counted as a row."""
    if shape.doubtful and shape.doubtful in content:
        return sum(1 for _ in ends(content, shape))
    return content.count(shape.mark)


class Writer:
    """A file that a serialiser writes to: it gathers the bytes, and stops the serialiser at the limits.

    Args:
        shape: How rows stand in the format.
        rows: How many rows the answer may have.
        size: How many bytes it may have.
    """

    def __init__(self, shape: Shape, rows: int, size: int) -> None:
        self.content = bytearray()
        self.full = False
        self._shape = shape
        self._rows = rows
        self._size = size
        self._enough = rows + shape.before + 1
        self._left = self._enough

    def write(self, piece: bytes) -> int:
        """Take a piece, or none any more: a serialiser that was stopped writes what it still holds.

        Raises:
            EnoughError: One row more than allowed has ended, or there are more bytes than allowed.
        """
        if self.full:
            raise EnoughError
        start = max(0, len(self.content) - len(self._shape.mark) + 1)
        self.content += piece
        self._left -= self.content.count(self._shape.mark, start)
        if self._left <= 0:
            self._left = self._enough - marked(self.content, self._shape)
        self.full = self._left <= 0 or len(self.content) > self._size
        if self.full:
            raise EnoughError
        return len(piece)

    def flush(self) -> None:
        """Hold nothing back: all is in ``content`` already."""

    def finished(self) -> tuple[bytes, int, bool]:
        """Return the document, how many rows are in it, and whether it was cut."""
        shape = self._shape
        if not self.full:
            count = marked(self.content, shape) - shape.before
            if shape.between and not self.content.endswith(b"[]}}"):
                count += 1
            if count <= self._rows:
                return bytes(self.content), count, False
        del self.content[self._size :]
        ended = list(islice(ends(self.content, shape), self._rows + shape.before))
        count, last = len(ended) - shape.before, ended[-1] if ended else 0
        return bytes(self.content[:last]) + shape.tail, max(count, 0), True
