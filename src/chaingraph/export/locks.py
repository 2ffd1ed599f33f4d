"""Locks on files, which end with the process that holds them: who writes, who reads, and what a killed process left."""

from __future__ import annotations

import os
import stat
import sys
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from pathlib import Path


class FileLock:
    """A lock on a file; it ends with :meth:`release`, with this object, or with the process.

    :func:`lock_file` returns one.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._finalizer = weakref.finalize(self, os.close, descriptor)

    def is_of(self, path: Path) -> bool:
        """Tell whether the locked file is still the one at a path."""
        try:
            return os.path.samestat(os.fstat(self._descriptor), path.stat())
        except OSError:
            return False

    def release(self) -> None:
        """End the lock; a second call does nothing."""
        self._finalizer()


def lock_file(path: Path, *, shared: bool = False, create: bool = False) -> FileLock | None:
    """Return a lock on a file, or None where another process, or this one, has a lock that excludes it.

    On Windows a shared lock is an open file, which cannot be removed.

    Args:
        path: The file. It is not changed.
        shared: Several may have a lock that is shared, and where the file system has no locks, it is none.
        create: Make the file, empty, where there is none.

    Raises:
        OSError: There is no such file, it cannot be opened, or the file system has no locks.
    """
    access = os.O_RDONLY if shared else os.O_RDWR
    descriptor = os.open(path, access | (os.O_CREAT if create else 0), 0o666)
    lock = FileLock(descriptor)
    try:
        if sys.platform != "win32":
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        elif not shared:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):
        lock.release()
        return None
    except OSError:
        if not shared:
            lock.release()
            raise
    return lock


def is_own_folder(path: Path) -> bool:
    """Tell whether a path is a folder of this user, and no link: what others put into a shared folder stays."""
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and (sys.platform == "win32" or status.st_uid == os.getuid())


def remove_unless_locked(path: Path) -> bool:
    """Remove a file that nobody has a lock on, and tell whether it is gone."""
    with suppress(OSError):
        lock = None
        try:
            if sys.platform != "win32":
                lock = lock_file(path)
                if lock is None:
                    return False
            path.unlink()
        except FileNotFoundError:
            return True
        else:
            return True
        finally:
            if lock is not None:
                lock.release()
    return False
