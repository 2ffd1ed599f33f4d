"""Built stores on disk: the present version of one, who reads which, who writes, and what is removed when.

::

    graph.kg/
        store.json                       the format, and which version is the present one
        lock                             held by the one process that writes
        version-5f0c1d2e3a4b5c6d.kg/     an Oxigraph database, never changed after store.json names it
            answers/                     what a large one answers to the queries of networks and tables

A new version is written beside the present one, and becomes the present one when store.json is replaced: one step. Who
has opened a version has a shared lock on its file CURRENT, so that it is removed only when nobody reads it any more, at
the end of the same build or by the next. All locks end with the process that holds them, however it ends. A store of
the first release is the Oxigraph database alone, without store.json.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import sys
import time
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from chaingraph.errors import UnreadableError, UsageError, excerpt
from chaingraph.export.files import no_folder_to_write, no_room_to_write
from chaingraph.export.locks import FileLock, is_own_folder, lock_file, remove_unless_locked
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.store.answers import Answers

STORE_SUFFIX = ".kg"
FORMAT = 2
"""The format of a store: the layout above, and what the triples mean. A store without store.json has format 1."""

_POINTER, _NEW_POINTER, _LOCK, _DATABASE = "store.json", "store.json.new", "lock", "CURRENT"
_VERSION = re.compile(r"version-[0-9a-f]{16}\.kg")
_DATABASE_FILE = re.compile(r"IDENTITY|LOCK|LOG(\.old\.\d+)?|(MANIFEST|OPTIONS)-\d+|\d+\.(sst|log|blob|dbtmp)")
_MAX_POINTER = 500
_ATTEMPTS = 100
_PAUSE = 0.02


class StoreVersion:
    """One version of a built store, which is not removed as long as this object is referred to.

    ``path`` is the store, ``folder`` the Oxigraph database of the version.
    """

    def __init__(self, path: Path, folder: Path, lock: FileLock) -> None:
        self.path = path
        self.folder = folder
        self._lock = lock

    @cached_property
    def tag(self) -> str:
        """What names the content of the version: that of another one differs; cheap to compute.

        A database's manifest lists its files with their sizes and sums, and its identity is random; so the small files
        are enough to tell two apart.

        Raises:
            UnreadableError: The files of the version are not there any more.
        """
        digest = hashlib.blake2b(digest_size=12)
        try:
            for path in sorted(self.folder.iterdir()):
                if path.name in {"CURRENT", "IDENTITY"} or path.name.startswith("MANIFEST"):
                    digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
                elif path.suffix in {".sst", ".log"}:
                    digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        except OSError as error:
            raise UnreadableError(self.path, _cannot_be_read(error)) from error
        return digest.hexdigest()

    @cached_property
    def answers(self) -> Answers:
        """What the version answers to the queries that are asked of every graph."""
        from chaingraph.store.answers import FOLDER, Answers

        return Answers(self.folder / FOLDER)

    def database(self) -> ox.Store:
        """Return the database of the version, opened read-only where it lies.

        Raises:
            UnreadableError: It cannot be opened.
        """
        try:
            return ox.Store.read_only(str(self.folder))
        except (OSError, RuntimeError) as error:
            reason = tr("is no store that can be opened: {error}; build it again", error=error)
            raise UnreadableError(self.path, reason) from error

    def is_there(self) -> bool:
        """Tell whether the folder is still that of this version."""
        return self._lock.is_of(self.folder / _DATABASE)


def is_store(path: Path) -> bool:
    """Tell whether a path is a built store, of whatever format."""
    return path.suffix == STORE_SUFFIX and _holds_store(path)


def store_state(path: Path) -> tuple[int, ...] | None:
    """Return numbers that change when another version becomes the present one; None where there is no store."""
    for name in (_POINTER, _DATABASE):
        with suppress(OSError):
            status = (path / name).stat()
            return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    return None


def open_version(path: Path) -> StoreVersion:
    """Return the present version of a built store.

    Raises:
        UnreadableError: It is no built store, a damaged one, or one of another format.
    """
    for _ in range(_ATTEMPTS):
        folder = _present_folder(path)
        try:
            lock = lock_file(folder / _DATABASE, shared=True)
        except (FileNotFoundError, NotADirectoryError):
            if _present_folder(path) == folder:
                raise UnreadableError(path, _missing(path)) from None
            continue
        except OSError as error:
            raise UnreadableError(path, _cannot_be_read(error)) from error
        # The present version is never removed; so what is the present one now stays as long as the lock.
        if lock is not None and _present_folder(path) == folder:
            return StoreVersion(path, folder, lock)
    raise UnreadableError(path, tr("is replaced again and again; open it when it is built"))


def _present_folder(path: Path) -> Path:
    """Return the folder of the present version; in the format of the first release it is the store itself.

    Raises:
        UnreadableError: The file that names it is damaged, or of another format.
    """
    content = _pointer(path)
    if content is None:
        return path
    try:
        fields = json.loads(content)
        number, name = fields["format"], fields.get("version")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        reason = tr("is a damaged store: its file {name} cannot be read; build it again", name=_POINTER)
        raise UnreadableError(path, reason) from None
    if number != FORMAT:
        reason = tr(
            "is a store of format {actual}, and this version of chaingraph reads format {expected}; build it again, or"
            " open it with the version of chaingraph that built it",
            actual=excerpt(str(number)),
            expected=FORMAT,
        )
        raise UnreadableError(path, reason)
    if not isinstance(name, str) or _VERSION.fullmatch(name) is None:
        reason = tr("is a damaged store: its file {name} names no version; build it again", name=_POINTER)
        raise UnreadableError(path, reason)
    return path / name


def _pointer(path: Path) -> bytes | None:
    """Return the content of the file that names the present version, or None where there is none."""
    pointer = path / _POINTER
    for attempt in range(_ATTEMPTS):
        try:
            if not pointer.is_file():
                return None
            with pointer.open("rb") as file:
                return file.read(_MAX_POINTER)
        except FileNotFoundError:
            return None
        except OSError as error:
            # On Windows a file that is replaced at this moment cannot be opened.
            if sys.platform != "win32" or attempt == _ATTEMPTS - 1:
                raise UnreadableError(path, _cannot_be_read(error)) from error
            time.sleep(_PAUSE)
    return None


def _missing(path: Path) -> str:
    if (path / _LOCK).is_file() and not _holds_store(path):
        return tr("is not built to its end: its first build goes on, or was stopped; build it again")
    return tr("is no built store, or a damaged one: its file CURRENT is missing; build it again")


def _cannot_be_read(error: OSError) -> str:
    return tr("cannot be read: {strerror}", strerror=error.strerror or error)


def _holds_store(folder: Path) -> bool:
    return (folder / _POINTER).is_file() or (folder / _DATABASE).is_file()


class StoreWriter:
    """What the one process has that writes a store: ``folder`` for the database of the new version.

    :func:`store_writer` returns one.
    """

    def __init__(self, path: Path, target: Path) -> None:
        self._path = path
        self._target = target
        self.folder = target / f"version-{secrets.token_hex(8)}{STORE_SUFFIX}"

    def publish(self) -> StoreVersion:
        """Make the new version the present one, in one step, and return it; its database must be closed.

        Raises:
            OSError: A file cannot be written.
        """
        for file in self.folder.rglob("*"):
            if file.is_file():
                _sync(file)
        pointer = self._target / _NEW_POINTER
        pointer.write_text(json.dumps({"format": FORMAT, "version": self.folder.name}) + "\n", encoding="utf-8")
        _sync(pointer)
        _replace(pointer, self._target / _POINTER)
        lock = lock_file(self.folder / _DATABASE, shared=True)
        assert lock is not None
        return StoreVersion(self._path, self.folder, lock)


@contextmanager
def store_writer(path: Path) -> Iterator[StoreWriter]:
    """Yield what writes a new version of a store; the present one stays until that is published.

    Before, what killed builds left is removed; afterwards, what nobody needs any more. A link is followed.

    Args:
        path: The store, which need not exist.

    Raises:
        UsageError: Something else is there, another process writes it, or nothing can be written there.
    """
    try:
        target = Path(os.path.realpath(path))
        lock = _lock_for_writing(path, target)
    except OSError as error:
        raise no_folder_to_write(path, error) from error
    try:
        _remove_unused(target)
        yield StoreWriter(path, target)
    except OSError as error:
        raise no_room_to_write(path, error) from error
    finally:
        _remove_unused(target)
        if not _holds_store(target):
            _remove_empty(target, lock)
        lock.release()


def _lock_for_writing(path: Path, target: Path) -> FileLock:
    for _ in range(_ATTEMPTS):
        if target.exists() and not (target.is_dir() and (_holds_store(target) or _is_unfinished(target))):
            message = tr("{target} exists and is no built store; name another output", target=path)
            raise UsageError(message)
        target.mkdir(exist_ok=True)
        try:
            lock = lock_file(target / _LOCK, create=True)
        except FileNotFoundError:
            # The first build of another process has failed, and removed its folder.
            continue
        if lock is None:
            break
        if lock.is_of(target / _LOCK):
            return lock
    message = tr("{path} is being written by another process; wait until it ends, or name another output", path=path)
    raise UsageError(message)


def _is_unfinished(folder: Path) -> bool:
    """Tell whether a folder holds nothing but what a first build leaves that is killed."""
    names = {child.name for child in folder.iterdir()} - {_LOCK, _NEW_POINTER}
    return all(_VERSION.fullmatch(name) for name in names)


def _remove_unused(target: Path) -> None:
    """Remove the versions that are not the present one and that nobody reads; call it with the lock for writing."""
    with suppress(OSError, UnreadableError):
        present = _present_folder(target)
        (target / _NEW_POINTER).unlink(missing_ok=True)
        for child in target.iterdir():
            if child != present and _VERSION.fullmatch(child.name) and remove_unless_locked(child / _DATABASE):
                shutil.rmtree(child, ignore_errors=True)
        if present != target and remove_unless_locked(target / _DATABASE):
            for child in target.iterdir():
                if _DATABASE_FILE.fullmatch(child.name):
                    child.unlink()


def _remove_empty(target: Path, lock: FileLock) -> None:
    """Remove the folder of a store of which no version was ever built."""
    if sys.platform == "win32":
        lock.release()
    with suppress(OSError):
        (target / _LOCK).unlink()
        target.rmdir()


def remove_unused_stores(folder: Path, prefix: str) -> None:
    """Remove the stores of this user in a folder whose names begin so, but for those that a process reads or writes."""
    for path in folder.glob(f"{prefix}*{STORE_SUFFIX}"):
        with suppress(OSError):
            lock = lock_file(path / _LOCK) if is_own_folder(path) else None
            if lock is None:
                continue
            try:
                if all(remove_unless_locked(child / _DATABASE) for child in path.glob(f"version-*{STORE_SUFFIX}")):
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                lock.release()


def _sync(file: Path) -> None:
    """Wait until a file is on the disk, so that no failure of the machine leaves a version without its files."""
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace(new: Path, target: Path) -> None:
    """Replace a file; on Windows that must wait for whoever has it open at this moment."""
    for attempt in range(_ATTEMPTS):
        try:
            new.replace(target)
        except PermissionError:
            if sys.platform != "win32" or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)
        else:
            return
