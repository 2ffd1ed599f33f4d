"""Zip archives of others: what each may cost, checked before anything is unpacked.

The bounds are the same for all: an archive whose parts unpack to more than its kind may, or to more than 8 MiB and a
hundred times its own size, is refused, and so is one with a path that leads out of it or two parts of one name.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from chaingraph.errors import excerpt
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_DOCUMENT: Final = 200 * 2**20
"""The most bytes that the parts of a workbook or a document unpack to."""
LARGEST_DOWNLOAD: Final = 2**30
"""The most bytes that the parts of a download unpack to."""
LARGEST_RATIO: Final = 100
SMALL: Final = 2**23
"""The bytes up to which an archive may unpack to any multiple of its size."""
MOST_PARTS: Final = 10_000
FAULTY: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises for a damaged archive, an unknown compression, a password."""


def fault_of(members: Iterable[zipfile.ZipInfo], largest: int) -> str | None:
    """Return why an archive is refused, None where nothing is wrong; no member gives more than the size it states.

    Args:
        members: Its members as it lists them.
        largest: The most bytes that they may unpack to.

    >>> fault_of([zipfile.ZipInfo("a.csv"), zipfile.ZipInfo("../b.csv")], LARGEST_DOWNLOAD)
    "holds a path that leads out of it: '../b.csv'"
    """
    parts = list(members)
    names: set[str] = set()
    for part in parts:
        # Some writers of workbooks begin names with a slash.
        name = part.filename.replace("\\", "/").removeprefix("/")
        if ".." in PurePosixPath(name).parts or re.match("[A-Za-z]:", name):
            return tr("holds a path that leads out of it: '{filename}'", filename=excerpt(part.filename))
        if name.casefold() in names:
            return tr("holds two parts of one name: '{filename}'", filename=excerpt(part.filename))
        names.add(name.casefold())
    if len(parts) > MOST_PARTS:
        return tr("holds {count:,} parts, expected at most {most_parts:,}", count=len(parts), most_parts=MOST_PARTS)
    unpacked = sum(part.file_size for part in parts)
    size = tr("unpacks to {unpacked:,.0f} MiB", unpacked=unpacked / 2**20)
    if unpacked > largest:
        return tr("{size}, expected at most {largest:,.0f} MiB", size=size, largest=largest / 2**20)
    packed = max(sum(part.compress_size for part in parts), 1)
    if unpacked > SMALL and unpacked > LARGEST_RATIO * packed:
        return tr(
            "{size}, more than {largest_ratio} times its size, as nothing real does",
            size=size,
            largest_ratio=LARGEST_RATIO,
        )
    return None
