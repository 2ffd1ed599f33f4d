"""From a download of CORDIS to a data set folder."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import UsageError, excerpt
from chaingraph.importers.cordis.faults import faults
from chaingraph.importers.cordis.records import definitions, records
from chaingraph.importers.cordis.tables import tables
from chaingraph.importers.data_set_folder import check_folder, write_folder
from chaingraph.tables.values import NotOfTypeError, day_month_or_year
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from chaingraph.importers.cordis.records import Records

BASE = f"{PREFIXES['id']}cordis/"
"""The base of every import: CORDIS numbers projects and organizations once for all its programmes and snapshots, so
that equal numbers are one thing, whatever the name of the data set."""
_PREFIX = r"^\s*([A-Za-z0-9]+)"


@dataclass(frozen=True)
class Selection:
    """Which projects to take, each with all of its participants; a field that is empty leaves none out.

    Of several values of one kind any may hold; of several kinds all must.

    Args:
        min_partners: At least so many distinct organizations, in any role.
        programmes: Legal bases, each with all below it: ``HORIZON.2.4`` holds ``HORIZON.2.4.1``, not ``HORIZON.2.45``.
        schemes: Funding schemes, in full (``HORIZON-JU-RIA``) or a part between hyphens (``RIA``), in any case.
        titles: Words that the title holds, in any case.
        countries: Two letters, as the EU spells them (UK, EL); one participant from there is enough.
        since: A year, month or day; the project starts then or later.
    """

    min_partners: int = 0
    programmes: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    since: str | None = None

    def words(self) -> str:
        """Return the selection in words; empty where it takes all_records.

        >>> Selection(min_partners=3, titles=("batter",)).words()
        "at least 3 organizations, title with 'batter'"
        """
        parts = [f"at least {self.min_partners} organizations"] if self.min_partners else []
        for name, values in (("programme", self.programmes), ("scheme", self.schemes), ("country", self.countries)):
            parts += [f"{name} {' or '.join(values)}"] if values else []
        parts += ["title with " + " or ".join(f"'{title}'" for title in self.titles)] if self.titles else []
        return ", ".join([*parts, *([f"started in {self.since} or later"] if self.since else [])])


@dataclass(frozen=True)
class Imported:
    """The result of an import: the number of rows by table, and the faults of the source, one row per fault."""

    rows: Mapping[str, int]
    faults: pl.DataFrame


def import_cordis(
    path: Path,
    folder: Path,
    *,
    selection: Selection | None = None,
    name: str | None = None,
    title: Mapping[str, str] | None = None,
    description: Mapping[str, str] | None = None,
    retrieved: str | None = None,
    report: Callable[[str], None] | None = None,
) -> Imported:
    """Write a download of CORDIS as a data set folder, and return the numbers of rows with the faults of the source.

    The download is the official one of FP7, Horizon 2020 or Horizon Europe as CSV (a zip, or the folder of its files;
    https://data.europa.eu, publisher CORDIS). The folder is new, empty or a data set; other files in it stay.

    Args:
        path: The download.
        folder: What to write; the data set is named like it unless ``name`` is given.
        selection: Which projects to take; all of them without it.
        name: The data set's name. Two snapshots share their things only under one name.
        title: Its title by language; else it is made from the programme.
        description: Its description by language; else it is made from the programme and the selection.
        retrieved: The day of the snapshot; else that of the members of the zip.
        report: Called with a line on each step.

    Raises:
        UnreadableError: The download cannot be read.
        UsageError: No project is chosen, a value of the selection is none, or the folder cannot be written.
    """
    tell = report or (lambda _: None)
    criteria = selection or Selection()
    since = None if criteria.since is None else _date(criteria.since, "since")
    date = None if retrieved is None else _date(retrieved, "retrieved")
    check_folder(folder)
    tell(f"reading {path}")
    subset = _read(path, criteria, since)
    subset = replace(subset, date=date or subset.date)
    tell(f"{subset.projects.height:,} projects, {subset.participants.height:,} records of participation")
    programme = _programme(subset)
    frames = {"sources": _sources(programme, subset.date), **tables(subset)}
    description_file = _description(name or folder.resolve().name, programme, subset, criteria)
    description_file |= {key: dict(texts) for key, texts in (("title", title), ("description", description)) if texts}
    write_folder(folder, frames, description_file)
    return Imported({table: frame.height for table, frame in frames.items()}, faults(subset))


def _read(path: Path, selection: Selection, since: str | None) -> Records:
    all_records = records(path)
    subset = select(all_records, selection, since)
    if subset.projects.is_empty():
        reason = selection.words() or "all"
        message = f"none of the {all_records.projects.height:,} projects in {path} is chosen: {reason}"
        raise UsageError(message)
    return subset


def select(all_records: Records, selection: Selection, since: str | None) -> Records:
    """Return the records of the projects that a selection takes."""
    projects, participants = all_records.projects, all_records.participants
    if selection.min_partners > 0:
        sizes = participants.group_by("project").agg(pl.col("organization").n_unique().alias("size"))
        large = sizes.filter(pl.col("size") >= selection.min_partners)
        projects = projects.join(large, left_on="id", right_on="project", how="semi", maintain_order="left")
    if selection.programmes:
        under = "|".join(re.escape(programme.strip().rstrip(".")) for programme in selection.programmes)
        own = projects.select(pl.col("id").alias("project"), pl.col("basis").str.split(";")).explode("basis")
        bases = pl.concat([own, all_records.bases.select("project", "basis")])
        fitting = bases.filter(pl.col("basis").str.strip_chars().str.contains(f"(?i)^(?:{under})([.-]|$)"))
        projects = projects.join(fitting, left_on="id", right_on="project", how="semi", maintain_order="left")
    if selection.schemes:
        any_scheme = "|".join(re.escape(scheme.strip()) for scheme in selection.schemes)
        projects = projects.filter(pl.col("scheme").str.contains(f"(?i)(^|-)(?:{any_scheme})(-|$)"))
    if selection.titles:
        title = pl.col("title").str.to_lowercase()
        projects = projects.filter(
            pl.any_horizontal(title.str.contains(words.lower(), literal=True) for words in selection.titles)
        )
    if selection.countries:
        spellings: dict[str, str] = definitions()["spellings"]
        codes = [spellings.get(country.strip().upper(), country.strip().upper()) for country in selection.countries]
        there = participants.filter(pl.coalesce("country", pl.col("nuts").str.head(2)).is_in(codes))
        projects = projects.join(there, left_on="id", right_on="project", how="semi", maintain_order="left")
    if since is not None:
        projects = projects.filter(pl.col("start").str.head(len(since)) >= since)
    return all_records.of_projects(projects)


def _date(text: str, option: str) -> str:
    try:
        return day_month_or_year(text)
    except NotOfTypeError as error:
        message = f"--{option} is '{excerpt(text)}', {error}"
        raise UsageError(message) from error


def _programme(subset: Records) -> str:
    """Return the framework programme that most projects state by their legal basis, empty if none known is stated."""
    prefix = subset.projects["basis"].str.extract(_PREFIX).str.to_uppercase()
    counts = prefix.filter(prefix.is_in([key for key in definitions()["programmes"] if key])).value_counts(sort=True)
    return "" if counts.is_empty() else str(counts.sort(["count", "basis"], descending=[True, False])["basis"][0])


def _sources(programme: str, date: str | None) -> pl.DataFrame:
    of, source = definitions()["programmes"][programme], definitions()["source"]
    row = {
        "id": "cordis",
        "title": of["title"],
        "url": of["url"],
        "publisher": source["publisher"],
        "retrieved": date,
        "language": "en",
        "licence": source["licence"],
    }
    return pl.DataFrame([row], schema=dict.fromkeys(row, pl.String))


def _description(name: str, programme: str, subset: Records, selection: Selection) -> dict[str, object]:
    of, source = definitions()["programmes"][programme], definitions()["source"]
    projects, date = subset.projects.height, subset.date
    state = f"as CORDIS held them on {date}" if date else "as CORDIS holds them"
    limits = f"({selection.words()}) " if selection.words() else ""
    source_entry = {"title": of["title"], "url": of["url"], "licence": source["licence"]}
    return {
        "name": name,
        "title": {"en": f"Projects of {of['en']} and their consortia", "zh": f"{of['zh']}的项目及其联合体"},
        "description": {
            "en": f"{projects:,} projects of {of['en']} {limits}{state}: consortia, roles, amounts, regions, topics.",
            "zh": (f"截至{date}，" if date else "")
            + f"CORDIS所载{of['zh']}的{projects}个项目{limits.strip()}：联合体、角色、经费、地区与主题。",
        },
        "language": "en",
        "base": BASE,
        "licence": source["licence"],
        "attribution": source["attribution"],
        "sources": [source_entry | ({"retrieved": date} if date else {})],
    }
