"""The only place that puts files in place: written beside the target, then renamed; nothing is ever half-written."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replacement(path: Path) -> Iterator[Path]:
    """Yield a path beside ``path`` to write a file or a folder to; it takes the place of ``path`` if all goes well.

    If the block fails, what stood at ``path`` stands there still, and nothing else is left behind.

    Raises:
        UsageError: The folder of ``path`` does not exist or cannot be written.
    """
    try:
        workshop = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}: '{path.parent}'"
        raise UsageError(message) from error
    try:
        made = workshop / path.name
        yield made
        _put(made, path, workshop)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _put(made: Path, path: Path, workshop: Path) -> None:
    """Rename; no folder can be renamed onto a full one, so the old one steps aside, and comes back on failure."""
    try:
        if path.is_dir() and not path.is_symlink():
            aside = workshop / ".old"
            path.rename(aside)
            try:
                made.rename(path)
            except OSError:
                aside.rename(path)
                raise
        else:
            made.replace(path)
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}"
        raise UsageError(message) from error


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8 with the line ends that the text has, whatever the locale."""
    with replacement(path) as made:
        made.write_bytes(text.encode())
