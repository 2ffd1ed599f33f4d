"""How the server and its child processes talk over two pipes: messages of four bytes of length, then that many bytes.

This is the child's side, which reads and writes files; :mod:`chaingraph.endpoint.workers.process` is the parent's.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

LENGTH = struct.Struct(">I")
CHUNK = 2**16
"""Bytes that are written or read at once."""


def message(content: bytes) -> bytes:
    r"""Return bytes as a message.

    >>> message(b"ab")
    b'\x00\x00\x00\x02ab'
    """
    return LENGTH.pack(len(content)) + content


def read_message(stream: BinaryIO) -> bytes | None:
    """Return the content of the next message, or None at the end of the stream."""
    length = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(length)[0]) if len(length) == LENGTH.size else None


def write_reply(stream: BinaryIO, reply: object, content: bytes = b"") -> None:
    """Write a reply as a message of JSON, then the bytes whose length it states."""
    stream.write(message(json.dumps(reply).encode()))
    for start in range(0, len(content), CHUNK):
        stream.write(content[start : start + CHUNK])
    stream.flush()
