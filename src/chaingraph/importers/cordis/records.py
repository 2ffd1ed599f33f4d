"""The only place that knows how CORDIS writes things: from the columns of a download to clean records.

A record that cannot be used is left out and a cell that cannot be read is emptied; both are faults, never swallowed.
All frames keep ``row``, which counts as a spreadsheet does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polars as pl

from chaingraph.importers.downloads import ROW, Layout, download

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ID = r"^[0-9]{1,18}$"
_TOPIC = r"^/?[0-9]+(/[0-9]+)*/?$"
_AMOUNT = r"^[0-9]{1,15}([.,][0-9]+)?$"
_DAY = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})([ T]00:00:00.*)?$"
_NUTS = r"^[A-Z]{2}[0-9A-Z]{0,3}$"
_VAT = r"^[^\s;；]+( [^\s;；]+)*$"
_POINT = r"^\(?\s*(-?[0-9.]+(?:[eE]-?[0-9]+)?)\s*,\s*(-?[0-9.]+(?:[eE]-?[0-9]+)?)\s*\)?$"
FAULT = {"kind": pl.String, "file": pl.String, "row": pl.UInt32, "record": pl.String, "said": pl.String}
"""The columns of faults: where each stands, of which record it is, and what the record says."""


@dataclass(frozen=True)
class Records:
    """What a download holds: projects, participants, topics and legal bases, the faults found so far, and its date."""

    projects: pl.DataFrame
    participants: pl.DataFrame
    topics: pl.DataFrame
    bases: pl.DataFrame
    faults: pl.DataFrame
    date: str | None

    def of(self, projects: pl.DataFrame) -> Records:
        """Return the records of some of the projects only, with the faults that lie in these."""

        def kept(frame: pl.DataFrame) -> pl.DataFrame:
            return frame.join(projects, left_on="project", right_on="id", how="semi", maintain_order="left")

        ids = projects["id"]
        of_these = pl.col("record").str.extract(r"^([^/]*)").is_in(ids.implode())
        return replace(
            self,
            projects=projects,
            participants=kept(self.participants),
            topics=kept(self.topics),
            bases=kept(self.bases),
            faults=self.faults.filter(of_these | pl.col("kind").is_in(WHOLE)),
        )


WHOLE = ("project-id", "participation-id", "participation-without-project")
"""Faults of records that belong to no project that could be chosen."""


@cache
def known() -> Mapping[str, Any]:
    """Return what ``cordis.json`` holds: file layouts, code spellings, programmes and the names of faults."""
    found: Mapping[str, Any] = json.loads((files(__package__) / "cordis.json").read_text(encoding="utf-8"))
    return found


def fault(kind: str, file: str, rows: pl.DataFrame, record: pl.Expr, said: pl.Expr) -> pl.DataFrame:
    """Return a fault for each of the rows; a frame without ``row`` tells of several rows at once."""
    row = pl.col(ROW) if ROW in rows.columns else pl.lit(None)
    return rows.select(
        pl.lit(kind).alias("kind"),
        pl.lit(file).alias("file"),
        row.cast(pl.UInt32).alias("row"),
        record.cast(pl.String).alias("record"),
        said.cast(pl.String).alias("said"),
    )


PARTICIPATION = pl.concat_str("project", pl.lit("/"), "organization", ignore_nulls=True)
"""The record of a participation: the project's id and the organization's, as CORDIS numbers them."""


def records(path: Path) -> Records:
    """Return the records of a download.

    Raises:
        UnreadableError: The download cannot be read; see :func:`chaingraph.importers.downloads.download`.
    """
    layouts = {
        key: Layout(entry["file"], entry["columns"], frozenset(entry["required"]), entry.get("optional", False))
        for key, entry in known()["files"].items()
    }
    found = download(path, layouts)
    faults: list[pl.DataFrame] = []
    projects = _projects(found.frames["project"], faults)
    participants = _participants(found.frames["organization"], projects, faults)
    topics = found.frames["topic"]
    usable = pl.col("code").str.contains(_TOPIC).fill_null(value=False)
    faults.append(fault("topic-code", "topic", topics.filter(~usable), pl.col("project"), pl.col("code")))
    return Records(
        projects,
        participants,
        topics.filter(usable).join(projects, left_on="project", right_on="id", how="semi", maintain_order="left"),
        found.frames["basis"],
        pl.concat(faults),
        found.date,
    )


def _projects(frame: pl.DataFrame, faults: list[pl.DataFrame]) -> pl.DataFrame:
    numbered = pl.col("id").str.contains(_ID).fill_null(value=False)
    faults.append(fault("project-id", "project", frame.filter(~numbered), pl.col("id"), pl.col("title")))
    frame = frame.filter(numbered)
    again = ~pl.col("id").is_first_distinct()
    faults.append(fault("project-repeated", "project", frame.filter(again), pl.col("id"), pl.col("title")))
    frame = frame.filter(~again)
    for column, kind, good, clean in (
        ("start", "date", _DAY, _day("start")),
        ("end", "date", _DAY, _day("end")),
        ("cost", "amount", _AMOUNT, _amount("cost")),
    ):
        frame = _cleaned(frame, column, kind, "project", pl.col("id"), good, clean, faults)
    statuses: dict[str, str] = known()["statuses"]
    strange = pl.col("status").is_not_null() & ~pl.col("status").str.to_uppercase().is_in(list(statuses))
    faults.append(fault("status", "project", frame.filter(strange), pl.col("id"), pl.col("status")))
    return frame.with_columns(pl.col("status").str.to_uppercase(), pl.col("title").fill_null(pl.col("id")))


def _participants(frame: pl.DataFrame, projects: pl.DataFrame, faults: list[pl.DataFrame]) -> pl.DataFrame:
    ids = pl.col("project").str.contains(_ID) & pl.col("organization").str.contains(_ID)
    numbered = ids.fill_null(value=False)
    bad = frame.filter(~numbered)
    faults.append(fault("participation-id", "organization", bad, PARTICIPATION, pl.col("name")))
    frame = frame.filter(numbered)
    alone = frame.join(projects, left_on="project", right_on="id", how="anti", maintain_order="left")
    faults.append(fault("participation-without-project", "organization", alone, PARTICIPATION, pl.col("name")))
    frame = frame.join(projects, left_on="project", right_on="id", how="semi", maintain_order="left")
    for column, kind, good, clean in (
        ("contribution", "amount", _AMOUNT, _amount("contribution")),
        ("vat", "vat", _VAT, pl.col("vat")),
    ):
        frame = _cleaned(frame, column, kind, "organization", PARTICIPATION, good, clean, faults)
    role, kinds = pl.col("role").str.to_lowercase(), pl.col("activity").str.to_uppercase()
    roles: dict[str, list[str]] = known()["roles"]
    strange = ~role.is_in(list(roles)).fill_null(value=False)
    faults.append(fault("role", "organization", frame.filter(strange), PARTICIPATION, pl.col("role")))
    other = pl.col("activity").is_not_null() & ~kinds.is_in(list(known()["kinds"]))
    faults.append(fault("activity", "organization", frame.filter(other), PARTICIPATION, pl.col("activity")))
    point = [_degrees(group, limit) for group, limit in ((1, 90), (2, 180))]
    near = pl.all_horizontal(part.is_not_null() for part in point)
    country, nuts = _spelt("country"), _spelt("nuts")
    truth = {"true": "true", "false": "false", "yes": "true", "no": "false", "1": "true", "0": "false"}
    return frame.with_columns(
        role.fill_null(""),
        kinds.alias("activity"),
        pl.when(country.str.contains("^[A-Z]{2}$")).then(country).alias("country"),
        pl.when(nuts.str.contains(_NUTS)).then(nuts).alias("nuts"),
        pl.col("small").str.to_lowercase().replace_strict(truth, default=None).alias("small"),
        pl.col("ended").str.to_lowercase().replace_strict(truth, default=None).alias("ended"),
        pl.when(near).then(point[0]).alias("latitude"),
        pl.when(near).then(point[1]).alias("longitude"),
    )


def _cleaned(
    frame: pl.DataFrame,
    column: str,
    kind: str,
    file: str,
    record: pl.Expr,
    good: str,
    clean: pl.Expr,
    faults: list[pl.DataFrame],
) -> pl.DataFrame:
    """Empty the cells of a column that do not have the form ``good``, each a fault, and clean the others."""
    cleaned = pl.when(pl.col(column).str.contains(good)).then(clean)
    bad = frame.filter(pl.col(column).is_not_null() & cleaned.is_null())
    faults.append(fault(kind, file, bad, record, pl.concat_str(pl.lit(f"{column} "), column)))
    return frame.with_columns(cleaned.alias(column))


def _day(column: str) -> pl.Expr:
    day = pl.col(column).str.extract(_DAY)
    return pl.when(day.str.to_date("%Y-%m-%d", strict=False).is_not_null()).then(day)


def _amount(column: str) -> pl.Expr:
    return pl.col(column).str.replace(",", ".", literal=True)


def _spelt(column: str) -> pl.Expr:
    """Spell a country at the beginning of a code as the EU does (UK, EL), and write it in capitals."""
    code = pl.col(column).str.to_uppercase()
    spellings: dict[str, str] = known()["spellings"]
    return pl.concat_str(code.str.head(2).replace(spellings), code.str.slice(2))


def _degrees(group: int, limit: int) -> pl.Expr:
    text = pl.col("geolocation").str.extract(_POINT, group)
    return pl.when(text.cast(pl.Float64, strict=False).abs() <= limit).then(text)
