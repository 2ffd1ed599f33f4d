"""How a child process answers: messages of one byte of kind, four bytes of length, and so many bytes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

HEAD = struct.Struct(">cI")
DATA, ERROR, END = b"D", b"E", b"."
"""The kinds: bytes of the result, the reason of a refusal, and the end of a result that is whole."""
CHUNK = 2**20
"""The most bytes of one message."""


def write_message(stream: BinaryIO, kind: bytes, content: bytes = b"") -> None:
    """Write bytes as a message, or as several where they are many."""
    for start in range(0, max(1, len(content)), CHUNK):
        piece = content[start : start + CHUNK]
        stream.write(HEAD.pack(kind, len(piece)) + piece)
