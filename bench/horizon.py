"""Horizon Europe as input for the measurements: the real snapshot, or a seeded imitation where it is absent.

The snapshot is read by the converter of ``graph/horizon-batteries/make.py``. The imitation draws consortia of the same
number and sizes with members of the same heavy-tailed activity; its organizations are made up, for measuring only.
"""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import scipy.sparse as sp

ROOT = Path(__file__).resolve().parents[1]
_SCHEMES = {"HORIZON-RIA", "HORIZON-IA", "HORIZON-COFUND", "HORIZON-JU-RIA", "HORIZON-JU-IA"}
_INDUSTRIAL = r"^HORIZON\.2\.[45](\.|$)"
SUBSETS = ("industrial", "whole")
_SHAPES = {"industrial": (13_841, 2_309, 37_814), "whole": (29_671, 7_750, 105_180)}
"""Organizations, consortia and memberships of the real subsets, which the imitation takes over."""


class Tables(NamedTuple):
    """The tables of a data set by name, and whether they are the real ones."""

    frames: dict[str, pl.DataFrame]
    real: bool


def _converter() -> Any:  # noqa: ANN401 - a script of the repository, loaded by its path
    path = ROOT / "graph" / "horizon-batteries" / "make.py"
    spec = importlib.util.spec_from_file_location("horizon_batteries", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tables(subset: str) -> Tables:
    """Return a data set of the consortia with at least three organizations: ``industrial`` ones or the ``whole``."""
    make = _converter()
    if not make.SNAPSHOT.is_file():
        return Tables(_imitation(*_SHAPES[subset], seed=1), real=False)
    with zipfile.ZipFile(make.SNAPSHOT) as archive:
        everyone = make.snapshot_frame(archive, "organization.csv")
        projects = make.snapshot_frame(archive, "project.csv")
        topics = make.snapshot_frame(archive, "euroSciVoc.csv")
    if subset == "industrial":
        bases = pl.col("legalBasis").str.split(";").list.eval(pl.element().str.strip_chars().str.contains(_INDUSTRIAL))
        projects = projects.filter(pl.col("fundingScheme").is_in(_SCHEMES) & bases.list.any())
    sizes = everyone.group_by("projectID").agg(pl.col("organisationID").n_unique().alias("members"))
    projects = projects.join(sizes.filter(pl.col("members") >= 3), on="projectID", how="semi", maintain_order="left")
    participants = everyone.join(projects, on="projectID", how="semi", maintain_order="left")
    topics = topics.join(projects, on="projectID", how="semi", maintain_order="left")
    consortia, rows = make.things(projects, topics)
    memberships, participations = make.relations(participants)
    frames = {
        "sources": make.sources(),
        "regions": make.regions(participants),
        "industries": make.industries(topics),
        "organizations": make.organizations(participants),
        "consortia": consortia,
        "projects": rows,
        "memberships": memberships,
        "participations": participations,
    }
    return Tables(frames, real=True)


def _imitation(organizations: int, consortia: int, memberships: int, *, seed: int) -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng(seed)
    activity = rng.pareto(1.1, organizations) + 0.05
    sizes = np.maximum(3, np.round(rng.lognormal(2.5, 0.6, consortia) * memberships / consortia / 14.5)).astype(int)
    members = [rng.choice(organizations, size, replace=False, p=activity / activity.sum()) for size in sizes]
    organization = np.concatenate(members)
    consortium = np.repeat(np.arange(consortia), sizes)
    first = np.r_[True, consortium[1:] != consortium[:-1]]
    known = np.unique(organization)
    return {
        "organizations": pl.DataFrame(
            {"id": [f"o{i}" for i in known], "name": [f"Imitated organization {i}" for i in known]}
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


def write(found: Tables, folder: Path) -> None:
    """Write the tables as a data set folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in found.frames.items():
        frame.write_csv(folder / f"{name}.csv")


def incidence(found: Tables) -> sp.csr_array[Any, tuple[int, int]]:
    """Return who is a member of what: shape (organizations, consortia), 1 a membership."""
    pairs = found.frames["memberships"].select("organization", "consortium").unique(maintain_order=True)
    rows = np.unique(pairs["organization"].to_numpy().astype(str), return_inverse=True)[1]
    columns = np.unique(pairs["consortium"].to_numpy().astype(str), return_inverse=True)[1]
    matrix = sp.csr_array((np.ones(len(rows)), (rows, columns)))
    matrix.sort_indices()
    return matrix
