"""Data sets as an engine reads them: the tables of the contract in Parquet, and a graph of the same tables."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.resources import sample

if TYPE_CHECKING:
    from pathlib import Path


def copy_of(name: str, folder: Path) -> Path:
    """Copy a sample without its decisions on who is who, which no engine reads."""
    target = folder / name
    shutil.copytree(sample(name), target, ignore=shutil.ignore_patterns("identities.csv", "make.py"))
    return target


def in_parquet(data_set: Path, folder: Path) -> Path:
    """Write the tables of a data set as Parquet, all cells as text."""
    folder.mkdir()
    for path in data_set.glob("*.csv"):
        pl.read_csv(path, infer_schema=False).write_parquet(folder / f"{path.stem}.parquet")
    return folder
