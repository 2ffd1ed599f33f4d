"""Files that are replaced whole or not at all: written beside their target, then renamed."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.errors import UsageError
from chaingraph.export.locks import FileLock, is_own_folder, lock_file
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX, _LOCK = ".chaingraph-", ".chaingraph-lock"


@contextmanager
def replacement(path: Path, *, folder: bool = False) -> Iterator[Path]:
    """Yield a path beside ``path`` to write a file or a folder to; it takes the place of ``path`` if all goes well.

    If the block fails, ``path`` is as it was, and nothing else is left on the disk; what a process that is killed
    leaves is removed by the next that writes there. A link is followed.

    Args:
        path: The file or folder to write.
        folder: Write a folder, which may replace the folder at ``path``.

    Raises:
        UsageError: ``path`` is of another kind and must not be replaced, or nothing can be written there.
    """
    try:
        target = path.resolve()
        if target.is_dir() and not folder:
            message = tr("cannot write {path}: it is a folder; name a file", path=path)
            raise UsageError(message)
        if target.exists() and not (target.is_dir() if folder else target.is_file()):
            message = tr(
                "cannot write {path}: it exists and is no ordinary {kind}",
                path=path,
                kind=tr("folder") if folder else tr("file"),
            )
            raise UsageError(message)
        _remove_leftovers(target.parent)
        temporary, lock = _temporary_folder(target.parent)
    except OSError as error:
        raise no_folder_to_write(path, error) from error
    try:
        new = temporary / target.name
        yield new
        _replace(target, new, temporary)
    except OSError as error:
        raise no_room_to_write(path, error) from error
    finally:
        if lock is not None:
            lock.release()
        shutil.rmtree(temporary, ignore_errors=True)


def no_folder_to_write(path: Path, error: OSError) -> UsageError:
    """Return what is said where nothing can be begun beside a path."""
    message = tr(
        "cannot write {path}: {strerror}: '{parent}'; name a folder in which you may write",
        path=path,
        strerror=error.strerror,
        parent=path.parent,
    )
    return UsageError(message)


def no_room_to_write(path: Path, error: OSError) -> UsageError:
    """Return what is said where the writing of a path breaks off."""
    reason = error.strerror or error
    message = tr("cannot write {path}: {strerror}; free the place, or name another", path=path, strerror=reason)
    return UsageError(message)


def _temporary_folder(parent: Path) -> tuple[Path, FileLock | None]:
    """Return a new folder, and the lock that says that a process uses it; None where the file system has no locks."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        try:
            lock = lock_file(folder / _LOCK, create=True)
        except FileNotFoundError:
            continue
        except OSError:
            return folder, None
        if lock is not None and lock.is_of(folder / _LOCK):
            return folder, lock


def _remove_leftovers(parent: Path) -> None:
    """Remove the folders of processes that were killed before they could."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            lock = lock_file(folder / _LOCK) if is_own_folder(folder) else None
            if lock is not None:
                lock.release()
                shutil.rmtree(folder, ignore_errors=True)


def _replace(target: Path, new: Path, temporary: Path) -> None:
    """Rename; no folder can be renamed onto a full one, so the old one moves out first, and comes back on failure."""
    if not target.is_dir():
        new.replace(target)
        return
    old = temporary / ".old"
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        old.rename(target)
        raise


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8 with the line ends that the text has, whatever the locale; whole or not at all."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        UsageError: ``path`` is of another kind and must not be replaced, or nothing can be written there.
    """
    with replacement(path) as new:
        new.write_bytes(content)
