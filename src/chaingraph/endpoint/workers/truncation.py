"""Where the rows of a serialised answer end, how many there are, and how a document is truncated after one of them.

Oxigraph writes a result set at its own speed but has no limit on rows; so its bytes are counted, and cut, as they come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice


class LimitReachedError(Exception):
    """The answer has more rows, or bytes, than allowed."""


@dataclass(frozen=True, slots=True)
class RowSyntax:
    """How rows are written in a format.

    ``terminator`` comes at the end of each row, and perhaps elsewhere; ``quoting`` are the bytes without which every
    terminator ends a row, and ``scanner`` finds the terminators (its group) outside texts where those bytes occur. The
    first ``own_bytes`` bytes of a terminator belong to the row. ``heading_rows`` come first. With ``separates`` the
    last row has no terminator. ``closing`` ends a truncated document.
    """

    terminator: bytes
    quoting: bytes
    scanner: re.Pattern[bytes]
    own_bytes: int
    heading_rows: int = 0
    separates: bool = False
    closing: bytes = b""


ROW_SYNTAX = {
    "application/sparql-results+json": RowSyntax(
        b'},{"',
        b"{}",
        re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\Z)|(\}(?=,\{))', re.DOTALL),
        own_bytes=1,
        separates=True,
        closing=b"]}}",
    ),
    "application/sparql-results+xml": RowSyntax(
        b"</result>", b"", re.compile(rb"(</result>)"), own_bytes=9, closing=b"</results></sparql>"
    ),
    "text/csv": RowSyntax(b"\r\n", b'"', re.compile(rb'"[^"]*(?:"|\Z)|(\r\n)'), own_bytes=2, heading_rows=1),
    "text/tab-separated-values": RowSyntax(b"\n", b"", re.compile(rb"(\n)"), own_bytes=1, heading_rows=1),
}
"""By media type. In JSON a quote inside a text is escaped, so a terminator that ends in one is never inside a text."""


def row_ends(content: bytes | bytearray, syntax: RowSyntax) -> Iterator[int]:
    r"""Return where each terminated row ends; the headings count as a row.

    >>> list(row_ends(b'a\r\n"x\r\ny"\r\nz', ROW_SYNTAX["text/csv"]))
    [3, 11]
    """
    if syntax.quoting and syntax.quoting in content:
        for match in syntax.scanner.finditer(content):
            if match.start(1) >= 0:
                yield match.start(1) + syntax.own_bytes
        return
    at = content.find(syntax.terminator)
    while at >= 0:
        yield at + syntax.own_bytes
        at = content.find(syntax.terminator, at + 1)


def terminated_rows(content: bytes | bytearray, syntax: RowSyntax) -> int:
    """Return the number of terminated rows; the headings count as a row."""
    if syntax.quoting and syntax.quoting in content:
        return sum(1 for _ in row_ends(content, syntax))
    return content.count(syntax.terminator)


class TruncatingWriter:
    """A file that a serialiser writes to: it collects the bytes, and stops the serialiser at the limits.

    Args:
        syntax: How rows are written in the format.
        rows: The greatest number of rows of the answer.
        size: The greatest number of bytes of the answer.
    """

    def __init__(self, syntax: RowSyntax, rows: int, size: int) -> None:
        self.content = bytearray()
        self.full = False
        self._syntax = syntax
        self._rows = rows
        self._size = size
        self._ends_at_limit = rows + syntax.heading_rows + 1
        self._remaining_ends = self._ends_at_limit

    def write(self, chunk: bytes) -> int:
        """Take bytes, but none after a limit was reached: a serialiser that was stopped still writes its buffer.

        Raises:
            LimitReachedError: One row more than allowed has ended, or there are more bytes than allowed.
        """
        if self.full:
            raise LimitReachedError
        start = max(0, len(self.content) - len(self._syntax.terminator) + 1)
        self.content += chunk
        # The cheap count may be too high, where texts hold terminators; it is corrected when it reaches the limit.
        self._remaining_ends -= self.content.count(self._syntax.terminator, start)
        if self._remaining_ends <= 0:
            self._remaining_ends = self._ends_at_limit - terminated_rows(self.content, self._syntax)
        self.full = self._remaining_ends <= 0 or len(self.content) > self._size
        if self.full:
            raise LimitReachedError
        return len(chunk)

    def flush(self) -> None:
        """Do nothing: all is in ``content`` already."""

    def document(self) -> tuple[bytes, int, bool]:
        """Return the document, the number of its rows, and whether it is truncated."""
        syntax = self._syntax
        if not self.full:
            count = terminated_rows(self.content, syntax) - syntax.heading_rows
            if syntax.separates and not self.content.endswith(b"[]}}"):
                count += 1
            if count <= self._rows:
                return bytes(self.content), count, False
        del self.content[self._size :]
        ends = list(islice(row_ends(self.content, syntax), self._rows + syntax.heading_rows))
        count, last = len(ends) - syntax.heading_rows, ends[-1] if ends else 0
        return bytes(self.content[:last]) + syntax.closing, max(count, 0), True
