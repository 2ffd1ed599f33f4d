"""Counts that sources report of one consortium or one programme, against what is known of it by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from chaingraph.indicators._holdings import DATES
from chaingraph.indicators._levels import levels_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.indicators._holdings import Holdings
    from chaingraph.queries.filters import Selection
    from chaingraph.queries.nodes import NodeReader

_CODES = {"counts": "counts", "kind": "kind", "role": "role", "level": "levelAtLeast", "lead": "leadCounted"}
_LIMITS = ("region", "organization", "industry", "platform", "project", "unit")
_NOT_IN_FORCE = ("planned", "denied", "ended")
_TOTALS = {"organizations": "members", "platforms": "platforms", "projects": "projects"}
"""The column of a scorecard that has all of what is counted."""


class ReportedCount(NamedTuple):
    """A count that a source reports of one scope, and how many of what it counts are known by name."""

    row: str
    scope: str
    of: str
    counts: str
    kind: str | None
    role: str | None
    level: str | None
    lead: str | None
    qualifier: str | None
    as_of: str | None
    value: int
    known: int
    leads: int

    @property
    def is_total(self) -> bool:
        """Whether it counts everything of its class, apart from the lead perhaps."""
        return self.kind is None and self.role is None and self.level is None

    @property
    def column(self) -> str | None:
        """The column of a scorecard that has exactly what it counts, if there is one."""
        if self.role is not None or self.lead == "excluded":
            return None
        total = _TOTALS[self.counts]
        if self.level is not None:
            is_highest = len(levels_from(self.level)) == 1
            return f"{total}_{self.level}" if is_highest and self.kind is None else None
        return total if self.kind is None else f"{total}_{self.kind}"

    @property
    def is_complete(self) -> bool:
        """Whether it says that everything is known by name, the lead included."""
        has_lead = self.lead != "excluded" or self.leads > 0
        return self.is_total and self.qualifier in {None, "exactly"} and self.known == self.value and has_lead


def reported_counts(reader: NodeReader, holdings: Holdings, selection: Selection) -> tuple[list[ReportedCount], int]:
    """Return the counts of organizations, platforms and projects that sources report of one scope and of nothing else.

    Counts of a part (a region, an industry, a unit of its own) and those that are planned, denied or ended are none of
    them. The latest of a scope comes first. At a date, only counts of that date or before; the second value tells how
    many of them have none.
    """
    rows = _rows(reader).join(_scopes(reader, holdings), on="row")
    undated = 0
    if selection.period is not None:
        first = pl.col("asOfEarliest")
        rows = rows.filter(first.is_null() | (first <= selection.period[1]))
        undated = rows["asOfEarliest"].null_count()
    contents = {
        name: frame.join(rows.select("scope"), on="scope", how="semi").partition_by("scope", as_dict=True)
        for name, frame in holdings.contents.items()
    }
    latest = rows.sort("scope", "counts", "asOfEarliest", "value", "row", descending=[False, False, True, True, False])
    counts = [
        _reported_count(row, contents[row["counts"]].get((row["scope"],))) for row in latest.iter_rows(named=True)
    ]
    return counts, undated


def _rows(reader: NodeReader) -> pl.DataFrame:
    """Return the reported counts that have no limit besides a scope and are in force: their IRI, codes and value."""
    rows = reader.instances("ReportedCount").rename({"s": "row"})
    for name in ("asOf", "asOfEarliest"):
        dates = reader.pairs(f"cg:{name}").rename({"s": "row", "o": name})
        rows = rows.join(dates.sort(dates.columns).unique("row", keep="last"), on="row", how="left")
    for name, source in (_CODES | {"qualifier": "qualifier", "status": "status"}).items():
        codes = reader.codes(f"cg:{source}").rename({"s": "row", "o": name})
        without_unstated = pl.when(pl.col(name) != "unstated").then(name)
        rows = rows.join(codes, on="row", how="left").with_columns(without_unstated)
    for name in _LIMITS:
        rows = rows.join(reader.pairs(f"cg:{name}"), left_on="row", right_on="s", how="anti")
    value = pl.col("o").cast(pl.Int64, strict=False).alias("value")
    values = reader.pairs("cg:value").select(pl.col("s").alias("row"), value).filter(pl.col("value") >= 0)
    rows = rows.join(values.sort("row", "value").unique("row", keep="last"), on="row")
    is_past_or_planned = pl.col("status").is_in(_NOT_IN_FORCE).fill_null(value=False)
    return rows.filter(pl.col("counts").is_in(list(DATES)) & ~is_past_or_planned)


def _scopes(reader: NodeReader, holdings: Holdings) -> pl.DataFrame:
    """Return the one consortium or programme that each count is of: columns row, scope, of."""
    pairs = {
        name: reader.pairs(f"cg:{name}").rename({"s": "row", "o": "scope"}) for name in ("consortium", "programme")
    }
    own = pairs["consortium"].join(holdings.consortia, left_on="scope", right_on="s", how="semi")
    own = own.join(pairs["programme"], on="row", how="anti").with_columns(of=pl.lit("consortium"))
    programmes = pairs["programme"].join(pairs["consortium"], on="row", how="anti")
    both = pl.concat([own, programmes.with_columns(of=pl.lit("programme"))])
    return both.filter(pl.col("row").is_unique())


def _reported_count(row: Mapping[str, Any], things: pl.DataFrame | None) -> ReportedCount:
    """Return a reported count with how many of what it counts are among the things of its scope."""
    known = leads = 0
    if things is not None:
        lead_things = things.filter(pl.col("role") == "lead").select("thing")
        leads = lead_things["thing"].n_unique()
        for name in ("kind", "role"):
            if row[name] is not None:
                things = things.filter(pl.col(name) == row[name])
        if row["level"] is not None:
            things = things.filter(pl.col("level").is_in(levels_from(row["level"])))
        if row["lead"] == "excluded":
            things = things.join(lead_things, on="thing", how="anti")
        known = things["thing"].n_unique()
    fields = {name: row[name] for name in ReportedCount._fields if name in row}
    return ReportedCount(**fields, as_of=row["asOf"], known=known, leads=leads)


def known_share(counts: Sequence[ReportedCount]) -> float | None:
    """Return which share of what is reported is known by name, or None where nothing is reported.

    Of each class only the largest count of each scope, which includes the others. One of which more is known than
    reported is full: what is too much there fills no gap elsewhere.
    """
    largest: dict[tuple[str, str], ReportedCount] = {}
    for count in counts:
        key = (count.scope, count.counts)
        if key not in largest or count.value > largest[key].value:
            largest[key] = count
    reported = sum(count.value for count in largest.values())
    return sum(min(count.known, count.value) for count in largest.values()) / reported if reported else None
