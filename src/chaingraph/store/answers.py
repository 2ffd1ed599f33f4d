"""Answers beside a built store: the rows of the queries that networks and tables ask of every graph.

A built store never changes, so that what it answers can be written once, as Parquet, when it is built: a file is read
much faster than the rows of the store. All its triples are there too, for what reads them all: export and check. The
queries are listed in ``flat_queries.json``; a test holds that list equal to what the networks and tables ask. Small
stores have no such files, and a store without them, or with damaged ones, answers as before.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, BinaryIO

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FOLDER = "answers"
"""The folder of the answers in that of a version of a store."""
FEWEST_TRIPLES = 50_000
"""Stores with fewer triples have no such files: they answer fast enough."""
_INDEX = "index.json"
_TRIPLES = "triples"
"""The key of the triples in the index, where the others are queries."""
_BLOCK = 2**20
_MAX_INDEX = 1_000_000


@cache
def flat_queries() -> tuple[str, ...]:
    """Return the queries whose rows are written beside a store."""
    return tuple(json.loads(files("chaingraph.store").joinpath("flat_queries.json").read_text("utf-8")))


def write_answers(folder: Path, rows: Callable[[str], pl.DataFrame], dump: Callable[[BinaryIO], None]) -> None:
    """Write the rows of the flat queries, each to a file, all triples, and an index of the files with their sums.

    That a query has no rows is an answer too: to find out can take as long as for many.

    Args:
        folder: The folder to make.
        rows: What answers a query, rows as text.
        dump: Writes all triples as N-Triples.
    """
    folder.mkdir()
    index: dict[str, str] = {}
    for number, text in enumerate(flat_queries()):
        path = folder / f"{number}.parquet"
        rows(text).write_parquet(path, compression="zstd", statistics=False)
        index[text] = f"{path.name} {_digest(path)}"
    path = folder / "triples.nt.gz"
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", 1, file, mtime=0) as compressed,
        io.BufferedWriter(compressed, _BLOCK) as buffer,
    ):
        dump(buffer)
    index[_TRIPLES] = f"{path.name} {_digest(path)}"
    (folder / _INDEX).write_text(json.dumps(index), encoding="utf-8")


class Answers:
    """The answers beside a version of a store; none where they were not written.

    Args:
        folder: The folder of the answers, which need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = _index_of(folder / _INDEX)

    def rows(self, text: str) -> pl.DataFrame | None:
        """Return the rows of a query, None where they are not at hand or not what was written."""
        path = self._file(text)
        return None if path is None else pl.read_parquet(path)

    def dump(self, target: Path) -> bool:
        """Write all triples to a file in N-Triples, unless they are not at hand or not what was written."""
        path = self._file(_TRIPLES)
        if path is None:
            return False
        with gzip.open(path, "rb") as triples, target.open("wb") as file:
            shutil.copyfileobj(triples, file, _BLOCK)
        return True

    def _file(self, key: str) -> Path | None:
        name, _, digest = self._index.get(key, "").partition(" ")
        path = self._folder / name
        return path if name and path.parent == self._folder and _digest(path) == digest else None


def _index_of(path: Path) -> Mapping[str, str]:
    try:
        with path.open("rb") as file:
            index = json.loads(file.read(_MAX_INDEX))
    except (OSError, ValueError, RecursionError):
        return {}
    is_index = isinstance(index, dict) and all(isinstance(entry, str) for entry in index.values())
    return index if is_index else {}


def _digest(path: Path) -> str | None:
    """Return the sum of a file, None where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()
    except OSError:
        return None
