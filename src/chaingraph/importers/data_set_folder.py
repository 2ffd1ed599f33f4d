"""The data set folder that every importer writes: its tables and its description, all at once."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from chaingraph.errors import UsageError
from chaingraph.export.files import replacement
from chaingraph.messages import tr
from chaingraph.tables.csv_files import csv_text
from chaingraph.tables.metadata import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something else than a data set, before the download is read."""
    try:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / FILE_NAME).is_file():
            message = tr(
                "cannot write {folder}: it holds other files and no {file_name}; name a new folder",
                folder=folder,
                file_name=FILE_NAME,
            )
            raise UsageError(message)
    except OSError as error:
        message = tr("cannot write {folder}: {strerror}", folder=folder, strerror=error.strerror or error)
        raise UsageError(message) from error


def write_folder(folder: Path, frames: Mapping[str, pl.DataFrame], description: Mapping[str, object]) -> None:
    """Write the tables all at once; files of the folder that an import does not write stay."""
    with replacement(folder, folder=True) as new:
        if folder.is_dir():
            shutil.copytree(folder, new, symlinks=True)
        else:
            new.mkdir()
        for table, frame in frames.items():
            (new / f"{table}.csv").write_bytes(csv_text(frame).encode())
        (new / FILE_NAME).write_bytes((json.dumps(description, ensure_ascii=False, indent=2) + "\n").encode())
