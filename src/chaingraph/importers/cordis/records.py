"""From the columns of a download of CORDIS to clean records.

A record that cannot be used is left out and a cell that cannot be read is emptied; each is a fault, never silent. All
frames have ``row``, which counts as a spreadsheet does.
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
_POINT_AMOUNT = r"^[0-9]{1,15}(\.[0-9]+)?$"
_GROUPED_AMOUNT = r"^[0-9]{1,3}((,[0-9]{3})+|([ \x{A0}\x{202F}][0-9]{3})+)(\.[0-9]+)?$"
_COMMA_AMOUNT = r"^([0-9]{1,15}|[0-9]{1,3}(([. \x{A0}\x{202F}])[0-9]{3})+),[0-9]{1,2}$"
_AMOUNT = "|".join((_POINT_AMOUNT, _GROUPED_AMOUNT, _COMMA_AMOUNT))
"""A comma before three digits separates thousands, one before one or two digits is a decimal comma."""
_DAY = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})([ T]00:00:00.*)?$"
_NUTS = r"^[A-Z]{2}[0-9A-Z]{0,3}$"
_VAT = r"^[^\s;；]+( [^\s;；]+)*$"
_POINT = r"^\(?\s*(-?[0-9.]+(?:[eE]-?[0-9]+)?)\s*,\s*(-?[0-9.]+(?:[eE]-?[0-9]+)?)\s*\)?$"
FAULT = {"kind": pl.String, "file": pl.String, "row": pl.UInt32, "record": pl.String, "value": pl.String}
"""The columns of faults: file and row, the record, and the value that is at fault."""


@dataclass(frozen=True)
class Records:
    """A download: projects, participants, topics and legal bases, the faults of reading them, and its date."""

    projects: pl.DataFrame
    participants: pl.DataFrame
    topics: pl.DataFrame
    bases: pl.DataFrame
    faults: pl.DataFrame
    date: str | None

    def of_projects(self, projects: pl.DataFrame) -> Records:
        """Return the records of some of the projects only, with their faults."""

        def part(frame: pl.DataFrame) -> pl.DataFrame:
            return frame.join(projects, left_on="project", right_on="id", how="semi", maintain_order="left")

        ids = projects["id"]
        of_these = pl.col("record").str.extract(r"^([^/]*)").is_in(ids.implode())
        return replace(
            self,
            projects=projects,
            participants=part(self.participants),
            topics=part(self.topics),
            bases=part(self.bases),
            faults=self.faults.filter(of_these | pl.col("kind").is_in(WHOLE)),
        )


WHOLE = ("record-broken", "project-id", "participation-id", "participation-without-project")
"""Faults of records that belong to no project that a selection could take."""


@cache
def definitions() -> Mapping[str, Any]:
    """Return the content of ``cordis.json``: file layouts, code spellings, programmes and the names of faults."""
    content: Mapping[str, Any] = json.loads((files(__package__) / "cordis.json").read_text(encoding="utf-8"))
    return content


def fault(kind: str, file: str, rows: pl.DataFrame, record: pl.Expr, value: pl.Expr) -> pl.DataFrame:
    """Return one fault per row of a frame; in a frame without ``row`` each stands for several rows of the file."""
    row = pl.col(ROW) if ROW in rows.columns else pl.lit(None)
    return rows.select(
        pl.lit(kind).alias("kind"),
        pl.lit(file).alias("file"),
        row.cast(pl.UInt32).alias("row"),
        record.cast(pl.String).alias("record"),
        value.cast(pl.String).alias("value"),
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
        for key, entry in definitions()["files"].items()
    }
    content = download(path, layouts)
    faults = [
        fault("record-broken", key, broken, pl.format("row {}", ROW), pl.col("value"))
        for key, broken in content.broken.items()
    ]
    projects = _projects(content.frames["project"], faults)
    participants = _participants(content.frames["organization"], projects, faults)
    topics = content.frames["topic"]
    usable = pl.col("code").str.contains(_TOPIC).fill_null(value=False)
    faults.append(fault("topic-code", "topic", topics.filter(~usable), pl.col("project"), pl.col("code")))
    return Records(
        projects,
        participants,
        topics.filter(usable).join(projects, left_on="project", right_on="id", how="semi", maintain_order="left"),
        content.frames["basis"],
        pl.concat(faults),
        content.date,
    )


def _projects(frame: pl.DataFrame, faults: list[pl.DataFrame]) -> pl.DataFrame:
    has_number = pl.col("id").str.contains(_ID).fill_null(value=False)
    faults.append(fault("project-id", "project", frame.filter(~has_number), pl.col("id"), pl.col("title")))
    frame = frame.filter(has_number)
    again = ~pl.col("id").is_first_distinct()
    faults.append(fault("project-repeated", "project", frame.filter(again), pl.col("id"), pl.col("title")))
    frame = frame.filter(~again)
    for column, kind, pattern, clean in (
        ("start", "date", _DAY, _day("start")),
        ("end", "date", _DAY, _day("end")),
        ("cost", "amount", _AMOUNT, _amount("cost")),
    ):
        frame = _clean(frame, column, kind, "project", pl.col("id"), pattern, clean, faults)
    statuses: dict[str, str] = definitions()["statuses"]
    unknown = pl.col("status").is_not_null() & ~pl.col("status").str.to_uppercase().is_in(list(statuses))
    faults.append(fault("status", "project", frame.filter(unknown), pl.col("id"), pl.col("status")))
    return frame.with_columns(pl.col("status").str.to_uppercase(), pl.col("title").fill_null(pl.col("id")))


def _participants(frame: pl.DataFrame, projects: pl.DataFrame, faults: list[pl.DataFrame]) -> pl.DataFrame:
    ids = pl.col("project").str.contains(_ID) & pl.col("organization").str.contains(_ID)
    has_numbers = ids.fill_null(value=False)
    bad = frame.filter(~has_numbers)
    faults.append(fault("participation-id", "organization", bad, PARTICIPATION, pl.col("name")))
    frame = frame.filter(has_numbers)
    orphans = frame.join(projects, left_on="project", right_on="id", how="anti", maintain_order="left")
    faults.append(fault("participation-without-project", "organization", orphans, PARTICIPATION, pl.col("name")))
    frame = frame.join(projects, left_on="project", right_on="id", how="semi", maintain_order="left")
    for column, kind, pattern, clean in (
        ("contribution", "amount", _AMOUNT, _amount("contribution")),
        ("vat", "vat", _VAT, pl.col("vat")),
    ):
        frame = _clean(frame, column, kind, "organization", PARTICIPATION, pattern, clean, faults)
    role, kinds = pl.col("role").str.to_lowercase(), pl.col("activity").str.to_uppercase()
    roles: dict[str, list[str]] = definitions()["roles"]
    unknown = ~role.is_in(list(roles)).fill_null(value=False)
    faults.append(fault("role", "organization", frame.filter(unknown), PARTICIPATION, pl.col("role")))
    other = pl.col("activity").is_not_null() & ~kinds.is_in(list(definitions()["kinds"]))
    faults.append(fault("activity", "organization", frame.filter(other), PARTICIPATION, pl.col("activity")))
    point = [_degrees(group, limit) for group, limit in ((1, 90), (2, 180))]
    has_point = pl.all_horizontal(part.is_not_null() for part in point)
    country, nuts = _eu_code("country"), _eu_code("nuts")
    truth = {"true": "true", "false": "false", "yes": "true", "no": "false", "1": "true", "0": "false"}
    return frame.with_columns(
        role.fill_null(""),
        kinds.alias("activity"),
        pl.when(country.str.contains("^[A-Z]{2}$")).then(country).alias("country"),
        pl.when(nuts.str.contains(_NUTS)).then(nuts).alias("nuts"),
        pl.col("small").str.to_lowercase().replace_strict(truth, default=None).alias("small"),
        pl.col("ended").str.to_lowercase().replace_strict(truth, default=None).alias("ended"),
        pl.when(has_point).then(point[0]).alias("latitude"),
        pl.when(has_point).then(point[1]).alias("longitude"),
    )


def _clean(
    frame: pl.DataFrame,
    column: str,
    kind: str,
    file: str,
    record: pl.Expr,
    pattern: str,
    clean: pl.Expr,
    faults: list[pl.DataFrame],
) -> pl.DataFrame:
    """Empty the cells of a column that do not match ``pattern``, each a fault, and clean the others."""
    cell = pl.when(pl.col(column).str.contains(pattern)).then(clean)
    bad = frame.filter(pl.col(column).is_not_null() & cell.is_null())
    faults.append(fault(kind, file, bad, record, pl.concat_str(pl.lit(f"{column} "), column)))
    return frame.with_columns(cell.alias(column))


def _day(column: str) -> pl.Expr:
    day = pl.col(column).str.extract(_DAY)
    return pl.when(day.str.to_date("%Y-%m-%d", strict=False).is_not_null()).then(day)


def _amount(column: str) -> pl.Expr:
    """Return amounts with a decimal point and nothing between thousands; those of no such form are no amounts."""
    amount, separators = pl.col(column), r"[., \x{A0}\x{202F}]"
    with_comma = amount.str.contains(_COMMA_AMOUNT)
    decimals = pl.when(with_comma).then(amount.str.extract(",([0-9]+)$")).otherwise(amount.str.extract(r"\.([0-9]+)$"))
    whole = amount.str.replace(r"(,[0-9]{1,2}|\.[0-9]+)$", "").str.replace_all(separators, "")
    return pl.concat_str(whole, pl.concat_str(pl.lit("."), decimals).fill_null(""))


def _eu_code(column: str) -> pl.Expr:
    """Spell a country at the beginning of a code as the EU does (UK, EL), and write it in capitals."""
    code = pl.col(column).str.to_uppercase()
    spellings: dict[str, str] = definitions()["spellings"]
    return pl.concat_str(code.str.head(2).replace(spellings), code.str.slice(2))


def _degrees(group: int, limit: int) -> pl.Expr:
    text = pl.col("geolocation").str.extract(_POINT, group)
    return pl.when(text.cast(pl.Float64, strict=False).abs() <= limit).then(text)
