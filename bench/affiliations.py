"""Affiliation tables that are made up: as many rows as are asked for, the same for the same seed, written in pieces.

An event draws four members at least and mostly few, by a power law up to 300. Members are as unequal as organizations
of a large programme, by a power law too: a few take part thousands of times, most a few times. No row is there twice.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

_EVENTS_AT_ONCE = 100_000
_SMALLEST, _LARGEST = 4, 300
_SIZE_EXPONENT = 2.5
_INEQUALITY = 3
_ROWS_PER_MEMBER = 7


def write_affiliations(folder: Path, rows: int, seed: int = 0) -> None:
    """Write a table of so many rows, with the columns member and event, as parts of Parquet.

    Args:
        folder: Where the parts go.
        rows: How many memberships.
        seed: Of what is drawn.
    """
    folder.mkdir(parents=True)
    members = max(rows // _ROWS_PER_MEMBER, _LARGEST)
    count = part = 0
    while count < rows:
        random = np.random.default_rng([seed, part])
        sizes = np.minimum(_SMALLEST * random.random(_EVENTS_AT_ONCE) ** (-1 / _SIZE_EXPONENT), _LARGEST).astype(int)
        events = np.repeat(np.arange(_EVENTS_AT_ONCE) + part * _EVENTS_AT_ONCE, sizes)
        drawn = (members * random.random(len(events)) ** _INEQUALITY).astype(np.int64)
        numbers = np.unique(events * members + drawn)[: rows - count]
        frame = pl.DataFrame({"member": numbers % members, "event": numbers // members})
        frame.select(
            pl.format("organization-{}", pl.col("member").cast(pl.String).str.zfill(9)).alias("member"),
            pl.format("consortium-{}", pl.col("event").cast(pl.String).str.zfill(9)).alias("event"),
        ).write_parquet(folder / f"part-{part:05d}.parquet")
        count += len(numbers)
        part += 1


if __name__ == "__main__":
    write_affiliations(Path(sys.argv[1]), int(sys.argv[2]))
