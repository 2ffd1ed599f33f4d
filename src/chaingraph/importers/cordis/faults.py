"""Faults in records of CORDIS that can be used as they are; nothing is corrected here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from chaingraph.importers.cordis.records import FAULT, PARTICIPATION, definitions, fault
from chaingraph.importers.cordis.tables import regions_above

if TYPE_CHECKING:
    from chaingraph.importers.cordis.records import Records

_EXAMPLES = 3


def faults(records: Records) -> pl.DataFrame:
    """Return every fault of the records, those of reading them included.

    One row per fault: ``kind``, the ``file`` and ``row`` (null where several rows make it), the ``record`` and the
    ``value`` that is at fault. Kinds are in the order of ``cordis.json``, rows in that of the file.
    """
    participants, projects = records.participants, records.projects
    frame = pl.concat(
        [
            pl.DataFrame(schema=FAULT),
            records.faults,
            *_repeats(participants),
            *_shared(participants),
            *_missing(participants),
            *_amounts(participants),
            *_of_projects(projects, participants, records.date),
            fault("region-unplaced", "organization", regions_above(participants), pl.col("id"), pl.col("record")),
        ]
    )
    order = pl.Enum(list(definitions()["faults"]))
    return frame.sort(
        pl.col("kind").cast(order), "row", pl.col("record").str.len_chars(), "record", maintain_order=True
    )


def counts(frame: pl.DataFrame) -> pd.DataFrame:
    """Return how many faults there are of each kind, in words, with the first few records of each.

    The columns are ``fault``, ``问题``, ``count`` and ``first``; a kind of which there is none has a count of 0.
    """
    rows = []
    for kind, (english, chinese) in definitions()["faults"].items():
        of_kind = frame.filter(pl.col("kind") == kind)
        first = of_kind.head(_EXAMPLES).select(
            pl.concat_str("record", pl.lit(" ("), pl.col("value").str.slice(0, 60), pl.lit(")"), ignore_nulls=True)
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
    """Return the values that should belong to one thing and are shared; names are compared without case and spacing."""
    name = pl.col("name").str.replace_all(r"\s+", " ").str.to_lowercase()
    frames = []
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
        frames.append(fault(kind, "organization", several, pl.col("key"), pl.col("values").list.join(", ")))
    return frames


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
    frames = [_where(kind, participants, condition, pl.col("name")) for kind, condition in conditions.items()]
    elsewhere = pl.col("nuts").str.head(2) != pl.col("country")
    frames.append(_where("other-country", participants, elsewhere, pl.concat_str("nuts", pl.lit(" in "), "country")))
    spaced = participants.filter(pl.col("name").str.contains("  ")).unique("name", keep="first", maintain_order=True)
    frames.append(fault("double-spaces", "organization", spaced, pl.col("organization"), pl.col("name")))
    return frames


def _amounts(participants: pl.DataFrame) -> list[pl.DataFrame]:
    nothing = pl.col("contribution").cast(pl.Float64) == 0
    third = pl.col("role").str.contains("thirdparty")
    return [
        _where("without-contribution", participants, pl.col("contribution").is_null(), pl.col("role")),
        _where("participant-zero", participants, nothing & (pl.col("role") == "participant"), pl.col("name")),
        _where("third-party-zero", participants, nothing & third, pl.col("name")),
    ]


def _where(kind: str, participants: pl.DataFrame, condition: pl.Expr, value: pl.Expr) -> pl.DataFrame:
    return fault(kind, "organization", participants.filter(condition), PARTICIPATION, value)


def _of_projects(projects: pl.DataFrame, participants: pl.DataFrame, date: str | None) -> list[pl.DataFrame]:
    leads = participants.group_by("project").agg(
        (pl.col("role") == "coordinator").sum().alias("leads"), pl.len().alias("participants")
    )
    joined = projects.join(leads, left_on="id", right_on="project", how="left", maintain_order="left").with_columns(
        pl.col("leads", "participants").fill_null(0)
    )
    past = (pl.col("status") == "SIGNED") & (pl.col("end") < date) if date else pl.lit(value=False)
    number = pl.concat_str("leads", pl.lit(" coordinators"))
    conditions = {
        "without-coordinator": (pl.col("leads") != 1, number),
        "without-participation": (pl.col("participants") == 0, pl.col("title")),
        "past-end": (past, pl.col("end")),
        "cost-zero": (pl.col("cost").cast(pl.Float64) == 0, pl.col("title")),
    }
    return [
        fault(kind, "project", joined.filter(condition), pl.col("id"), value)
        for kind, (condition, value) in conditions.items()
    ]
