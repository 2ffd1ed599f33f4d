"""The only place that looks for faults in records of CORDIS that can be used as they stand; nothing is mended here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from chaingraph.importers.cordis.records import FAULT, PARTICIPATION, fault, known
from chaingraph.importers.cordis.tables import unplaced

if TYPE_CHECKING:
    from chaingraph.importers.cordis.records import Records

_SHOWN = 3


def faults(records: Records) -> pl.DataFrame:
    """Return every fault of the records, those found while they were read among them.

    A row is one fault: ``kind``, the ``file`` and ``row`` where it stands (none where several rows make it), the
    ``record`` and what it ``said``. Kinds stand in the order of ``cordis.json``, rows in that of the file.
    """
    participants, projects = records.participants, records.projects
    found = pl.concat(
        [
            pl.DataFrame(schema=FAULT),
            records.faults,
            *_repeats(participants),
            *_shared(participants),
            *_missing(participants),
            *_amounts(participants),
            *_of_projects(projects, participants, records.date),
            fault("region-unplaced", "organization", unplaced(participants), pl.col("id"), pl.col("record")),
        ]
    )
    order = pl.Enum(list(known()["faults"]))
    return found.sort(
        pl.col("kind").cast(order), "row", pl.col("record").str.len_chars(), "record", maintain_order=True
    )


def counts(found: pl.DataFrame) -> pd.DataFrame:
    """Return how many faults there are of each kind, in words, with the first few records of each.

    The columns are ``fault``, ``问题``, ``count`` and ``first``; a kind of which there is none has a count of 0.
    """
    rows = []
    for kind, (english, chinese) in known()["faults"].items():
        of_kind = found.filter(pl.col("kind") == kind)
        first = of_kind.head(_SHOWN).select(
            pl.concat_str("record", pl.lit(" ("), pl.col("said").str.slice(0, 60), pl.lit(")"), ignore_nulls=True)
        )
        rows.append((english, chinese, of_kind.height, "; ".join(first.to_series().drop_nulls())))
    return pd.DataFrame(rows, columns=["fault", "问题", "count", "first"])


def _repeats(participants: pl.DataFrame) -> list[pl.DataFrame]:
    pairs = participants.group_by("project", "organization", maintain_order=True).agg(
        pl.col("role").unique(maintain_order=True), pl.len()
    )
    roles = pairs.filter(pl.col("role").list.len() > 1)
    again = participants.filter(~pl.struct("project", "organization", "role").is_first_distinct())
    return [
        fault("repeated-other-role", "organization", roles, PARTICIPATION, pl.col("role").list.join(", ")),
        fault("repeated-same-role", "organization", again, PARTICIPATION, pl.col("role")),
    ]


def _shared(participants: pl.DataFrame) -> list[pl.DataFrame]:
    """Find what should be one thing's own and is shared; names are compared without case and spacing."""
    name = pl.col("name").str.replace_all(r"\s+", " ").str.to_lowercase()
    found = []
    for kind, key, of in (
        ("one-name", name, pl.col("organization")),
        ("one-id", pl.col("organization"), pl.col("name")),
        ("one-vat", pl.col("vat"), pl.col("organization")),
        ("small", pl.col("organization"), pl.col("small")),
    ):
        groups = participants.group_by(key.alias("key"), maintain_order=True).agg(
            of.drop_nulls().unique(maintain_order=True).alias("values")
        )
        several = groups.filter(pl.col("key").is_not_null() & (pl.col("values").list.len() > 1))
        found.append(fault(kind, "organization", several, pl.col("key"), pl.col("values").list.join(", ")))
    return found


def _missing(participants: pl.DataFrame) -> list[pl.DataFrame]:
    conditions = {
        "without-name": pl.col("name").is_null(),
        "without-small": pl.col("small").is_null(),
        "without-region": pl.col("nuts").is_null(),
        "without-country": pl.col("nuts").is_null() & pl.col("country").is_null(),
        "country-only": pl.col("nuts").str.len_chars() == 2,
        "without-place": pl.col("latitude").is_null(),
        "ended": pl.col("ended") == "true",
    }
    found = [_where(kind, participants, condition, pl.col("name")) for kind, condition in conditions.items()]
    elsewhere = pl.col("nuts").str.head(2) != pl.col("country")
    found.append(_where("other-country", participants, elsewhere, pl.concat_str("nuts", pl.lit(" in "), "country")))
    spaced = participants.filter(pl.col("name").str.contains("  ")).unique("name", keep="first", maintain_order=True)
    found.append(fault("double-spaces", "organization", spaced, pl.col("organization"), pl.col("name")))
    return found


def _amounts(participants: pl.DataFrame) -> list[pl.DataFrame]:
    nothing = pl.col("contribution").cast(pl.Float64) == 0
    third = pl.col("role").str.contains("thirdparty")
    return [
        _where("without-contribution", participants, pl.col("contribution").is_null(), pl.col("role")),
        _where("participant-zero", participants, nothing & (pl.col("role") == "participant"), pl.col("name")),
        _where("third-party-zero", participants, nothing & third, pl.col("name")),
    ]


def _where(kind: str, participants: pl.DataFrame, condition: pl.Expr, said: pl.Expr) -> pl.DataFrame:
    return fault(kind, "organization", participants.filter(condition), PARTICIPATION, said)


def _of_projects(projects: pl.DataFrame, participants: pl.DataFrame, date: str | None) -> list[pl.DataFrame]:
    leads = participants.group_by("project").agg(
        (pl.col("role") == "coordinator").sum().alias("leads"), pl.len().alias("participants")
    )
    joined = projects.join(leads, left_on="id", right_on="project", how="left", maintain_order="left").with_columns(
        pl.col("leads", "participants").fill_null(0)
    )
    past = (pl.col("status") == "SIGNED") & (pl.col("end") < date) if date else pl.lit(value=False)
    led = pl.concat_str("leads", pl.lit(" coordinators"))
    conditions = {
        "without-coordinator": (pl.col("leads") != 1, led),
        "without-participation": (pl.col("participants") == 0, pl.col("title")),
        "past-end": (past, pl.col("end")),
        "cost-zero": (pl.col("cost").cast(pl.Float64) == 0, pl.col("title")),
    }
    return [
        fault(kind, "project", joined.filter(condition), pl.col("id"), said)
        for kind, (condition, said) in conditions.items()
    ]
