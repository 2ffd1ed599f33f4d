"""Horizon Europe as input for the measurements: the real snapshot, or a seeded imitation where it is absent.

The snapshot is read by ``chaingraph import cordis``. The imitation draws consortia of the same number and sizes with
members of the same heavy-tailed activity; its organizations are made up, for measuring only.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import scipy.sparse as sp

from chaingraph.importers.cordis import Selection, import_cordis

SNAPSHOT = Path(__file__).resolve().parents[2] / "shared" / "data" / "horizon-europe" / "horizon-2025-12-06.zip"
SUBSETS = ("industrial", "whole")
SELECTIONS = {
    "industrial": Selection(
        min_partners=3,
        programmes=("HORIZON.2.4", "HORIZON.2.5"),
        schemes=("HORIZON-RIA", "HORIZON-IA", "HORIZON-COFUND", "HORIZON-JU-RIA", "HORIZON-JU-IA"),
    ),
    "whole": Selection(min_partners=3),
}
_SHAPES = {"industrial": (13_841, 2_309, 37_814), "whole": (29_671, 7_750, 105_180)}
"""Organizations, consortia and memberships of the real subsets, which the imitation takes over."""


class Tables(NamedTuple):
    """The tables of a data set by name, and whether they are the real ones."""

    frames: dict[str, pl.DataFrame]
    real: bool


def tables(subset: str) -> Tables:
    """Return a data set of the consortia with at least three organizations: ``industrial`` ones or the ``whole``."""
    if not SNAPSHOT.is_file():
        return Tables(_imitation(*_SHAPES[subset], seed=1), real=False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / subset
        imported = import_cordis(SNAPSHOT, folder, selection=SELECTIONS[subset])
        frames = {table: pl.read_csv(folder / f"{table}.csv", infer_schema=False) for table in imported.rows}
    return Tables(frames, real=True)


def _imitation(organizations: int, consortia: int, memberships: int, *, seed: int) -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng(seed)
    activity = rng.pareto(1.1, organizations) + 0.05
    sizes = np.maximum(3, np.round(rng.lognormal(2.5, 0.6, consortia) * memberships / consortia / 14.5)).astype(int)
    members = [rng.choice(organizations, size, replace=False, p=activity / activity.sum()) for size in sizes]
    organization = np.concatenate(members)
    consortium = np.repeat(np.arange(consortia), sizes)
    first = np.r_[True, consortium[1:] != consortium[:-1]]
    active = np.unique(organization)
    return {
        "organizations": pl.DataFrame(
            {"id": [f"o{i}" for i in active], "name": [f"Imitated organization {i}" for i in active]}
        ),
        "consortia": pl.DataFrame(
            {"id": [f"c{i}" for i in range(consortia)], "name": [f"Imitated consortium {i}" for i in range(consortia)]}
        ),
        "memberships": pl.DataFrame(
            {
                "organization": [f"o{i}" for i in organization],
                "consortium": [f"c{i}" for i in consortium],
                "role": np.where(first, "lead", "member"),
            }
        ),
    }


def write(snapshot: Tables, folder: Path) -> None:
    """Write the tables as a data set folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in snapshot.frames.items():
        frame.write_csv(folder / f"{name}.csv")


def incidence(snapshot: Tables) -> sp.csr_array[Any, tuple[int, int]]:
    """Return who is a member of what: shape (organizations, consortia), 1 a membership."""
    pairs = snapshot.frames["memberships"].select("organization", "consortium").unique(maintain_order=True)
    rows = np.unique(pairs["organization"].to_numpy().astype(str), return_inverse=True)[1]
    columns = np.unique(pairs["consortium"].to_numpy().astype(str), return_inverse=True)[1]
    matrix = sp.csr_array((np.ones(len(rows)), (rows, columns)))
    matrix.sort_indices()
    return matrix
