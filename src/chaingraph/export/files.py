"""The only place that puts files in place, and that keeps a text from being a formula in one.

A file is written beside its target, then renamed: nothing is ever half-written.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMULA = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, or passes over before one."""


def not_a_formula(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would compute; a lone CR would end the row and begin a cell.

    >>> not_a_formula("=1+1"), not_a_formula("a=1")
    ("'=1+1", 'a=1')
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{lines}" if lines.startswith(FORMULA) else lines


@contextmanager
def replacement(path: Path, *, folder: bool = False) -> Iterator[Path]:
    """Yield a path beside ``path`` to write a file or a folder to; it takes the place of ``path`` if all goes well.

    If the block fails, what stood at ``path`` stands there still, and nothing else is left behind. A link is followed.

    Args:
        path: Where the file or folder shall stand.
        folder: A folder is to be made, and may replace the folder that stands there.

    Raises:
        UsageError: What stands at ``path`` must not be replaced, or nothing can be written there.
    """
    try:
        target = path.resolve()
        if target.is_dir() and not folder:
            message = f"cannot write {path}: it is a folder; name a file"
            raise UsageError(message)
        if target.exists() and not (target.is_dir() if folder else target.is_file()):
            message = f"cannot write {path}: it exists and is no ordinary {'folder' if folder else 'file'}"
            raise UsageError(message)
        workshop = Path(tempfile.mkdtemp(prefix=".chaingraph-", dir=target.parent))
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}: '{path.parent}'; name a folder in which you may write"
        raise UsageError(message) from error
    try:
        made = workshop / target.name
        yield made
        _put(made, target, workshop)
    except OSError as error:
        message = f"cannot write {path}: {error.strerror or error}; free the place, or name another"
        raise UsageError(message) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _put(made: Path, path: Path, workshop: Path) -> None:
    """Rename; no folder can be renamed onto a full one, so the old one steps aside, and comes back on failure."""
    if not path.is_dir():
        made.replace(path)
        return
    aside = workshop / ".old"
    path.rename(aside)
    try:
        made.rename(path)
    except OSError:
        aside.rename(path)
        raise


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8 with the line ends that the text has, whatever the locale."""
    with replacement(path) as made:
        made.write_bytes(text.encode())
