"""Files that are replaced whole or not at all: written beside their target, then renamed."""

from __future__ import annotations

import re
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
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]|^[. ]|[. ]$')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(?=\.|$)", re.IGNORECASE)
_LONGEST_NAME = 200
"""The bytes that a name may have in UTF-8; file systems take 255, of which endings need some."""


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


def portable_name(name: str) -> str:
    """Return a name for a file that is nearest to a name of data and that Windows, macOS and Linux take.

    A character that one of them refuses becomes ``_``, and a name that Windows reserves for a device gets one.

    Source: Microsoft, Naming Files, Paths, and Namespaces.

    >>> portable_name("工信部: 名单?.html"), portable_name("con.txt"), portable_name("..")
    ('工信部_ 名单_.html', 'con_.txt', '__')
    """
    text = _FORBIDDEN.sub("_", name)
    text = _RESERVED.sub(r"\1_", text, count=1) if _RESERVED.match(text) else text
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, dot, suffix = text, "", ""
    room = _LONGEST_NAME - len((dot + suffix).encode())
    if len(stem.encode()) > room:
        stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return (stem or "_") + dot + suffix


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
    if isinstance(error, PermissionError):
        # Windows replaces no file that a program has open.
        message = tr(
            "cannot write {path}: {strerror}; close the program that has it open, such as Excel or a browser, or name"
            " another",
            path=path,
            strerror=reason,
        )
    else:
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
