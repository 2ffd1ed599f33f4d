"""The files of a Frictionless data package, in a folder or a zip: its descriptor, and the resources that it names."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from chaingraph.archives import FAULTY, LARGEST_DOWNLOAD, fault_of
from chaingraph.errors import UnreadableError, excerpt
from chaingraph.messages import lazy_tr, tr
from chaingraph.tables.metadata import FRICTIONLESS

if TYPE_CHECKING:
    from collections.abc import Mapping

_LARGEST_DESCRIPTOR = 2**24
_EXPECTED = lazy_tr("expected a data package: a folder or a zip with datapackage.json, or that file")


@dataclass(frozen=True)
class Resource:
    """A resource of a package: its name, its entry in the descriptor, and its content.

    ``parts`` are the bytes of its files, empty where its rows stand in the descriptor; ``fault`` says why it cannot be
    read.
    """

    name: str
    entry: Mapping[str, Any]
    parts: tuple[bytes, ...] = ()
    fault: str | None = None


class Package:
    """A data package: its descriptor, and what lies beside it.

    Raises:
        UnreadableError: There is none, it is no JSON object with resources, or its zip is damaged or too large.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files: dict[str, Path | bytes] = {}
        try:
            content = self._content()
        except OSError as error:
            raise UnreadableError(path, tr("cannot be read: {reason}", reason=error.strerror or error)) from error
        except FAULTY as error:
            raise UnreadableError(
                path, tr("is no zip that can be read ({error}); {expected}", error=error, expected=_EXPECTED)
            ) from error
        try:
            descriptor = json.loads(content.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise UnreadableError(
                path, tr("{file} is no JSON in UTF-8: {error}", file=FRICTIONLESS, error=excerpt(str(error)))
            ) from error
        entries = descriptor.get("resources") if isinstance(descriptor, dict) else None
        if not isinstance(entries, list) or not entries or not all(isinstance(one, dict) for one in entries):
            raise UnreadableError(path, tr("datapackage.json has no list of resources; {expected}", expected=_EXPECTED))
        self.descriptor: dict[str, Any] = descriptor
        self.resources = [self._resource(number, entry) for number, entry in enumerate(entries, 1)]

    def json(self, value: object) -> dict[str, Any]:
        """Return an object that stands in the descriptor, or in a file that it names; empty where there is none."""
        if isinstance(value, str) and self._fault(value) is None:
            try:
                value = json.loads(self._read(value).decode("utf-8-sig"))
            except (ValueError, RecursionError) as error:
                raise UnreadableError(
                    self._path, tr("'{file}' is no JSON: {error}", file=excerpt(str(value)), error=excerpt(str(error)))
                ) from error
        return value if isinstance(value, dict) else {}

    def content(self, name: str) -> bytes | None:
        """Return the bytes of a file beside the descriptor, None where there is none."""
        return self._read(name) if name in self._files else None

    def _content(self) -> bytes:
        """Return the descriptor, and remember the files beside it."""
        path = self._path
        if path.is_dir():
            path /= FRICTIONLESS
        if not path.is_file():
            raise UnreadableError(
                self._path, tr("does not exist or holds no datapackage.json; {expected}", expected=_EXPECTED)
            )
        if path.suffix.lower() == ".zip":
            return self._of_zip(path)
        if path.stat().st_size > _LARGEST_DESCRIPTOR:
            raise UnreadableError(
                path, tr("has more than {size} MiB; {expected}", size=_LARGEST_DESCRIPTOR // 2**20, expected=_EXPECTED)
            )
        self._files = {
            child.relative_to(path.parent).as_posix(): child for child in path.parent.rglob("*") if child.is_file()
        }
        size = sum(child.stat().st_size for child in self._files.values() if isinstance(child, Path))
        if size > LARGEST_DOWNLOAD:
            reason = tr(
                "its folder holds {size} MiB, expected at most {largest} MiB",
                size=f"{size / 2**20:,.0f}",
                largest=f"{LARGEST_DOWNLOAD // 2**20:,}",
            )
            raise UnreadableError(path, reason)
        return path.read_bytes()

    def _of_zip(self, path: Path) -> bytes:
        with zipfile.ZipFile(path) as archive:
            fault = fault_of(archive.infolist(), LARGEST_DOWNLOAD)
            if fault is not None:
                raise UnreadableError(path, f"{fault}; {_EXPECTED}")
            members = [one for one in archive.infolist() if not one.is_dir()]
            places = [PurePosixPath(one.filename) for one in members if one.filename.endswith(FRICTIONLESS)]
            top = min((one for one in places if one.name == FRICTIONLESS), key=lambda one: len(one.parts), default=None)
            if top is None:
                raise UnreadableError(path, tr("holds no datapackage.json; {expected}", expected=_EXPECTED))
            prefix = "" if len(top.parts) == 1 else f"{top.parent.as_posix()}/"
            self._files = {
                one.filename.removeprefix(prefix): archive.read(one)
                for one in members
                if one.filename.startswith(prefix)
            }
        return self._read(FRICTIONLESS)

    def _read(self, name: str) -> bytes:
        file = self._files[name]
        return file if isinstance(file, bytes) else file.read_bytes()

    def _fault(self, name: str) -> str | None:
        """Return why a path of the descriptor is not read, None where it is one of the package's files."""
        if "://" in name:
            return tr("lies at a web address; download it and name the file")
        if ".." in PurePosixPath(name).parts or name.startswith(("/", "\\")):
            return tr("leads out of the package")
        return None if name.removeprefix("./") in self._files else tr("is not among the files of the package")

    def _resource(self, number: int, entry: dict[str, Any]) -> Resource:
        paths = entry.get("path")
        names = [paths] if isinstance(paths, str) else paths
        name = entry.get("name")
        if "data" in entry:
            return Resource(str(name or f"resource {number}"), entry)
        if not isinstance(names, list) or not names or not all(isinstance(one, str) for one in names):
            return Resource(str(name or f"resource {number}"), entry, fault=tr("has no path and no data"))
        name = str(name or PurePosixPath(names[0]).stem)
        for one in names:
            fault = self._fault(one)
            if fault is not None:
                return Resource(name, entry, fault=f"'{excerpt(one)}' {fault}")
        return Resource(name, entry, tuple(self._read(one.removeprefix("./")) for one in names))
