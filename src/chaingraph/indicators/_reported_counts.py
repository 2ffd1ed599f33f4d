"""Counts that sources report of one consortium or one programme, against what is known by name to stand in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from chaingraph.indicators._holdings import DATES
from chaingraph.vocabulary import code_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.indicators._holdings import Holdings
    from chaingraph.queries.filters import Selection
    from chaingraph.queries.nodes import NodeReader

_CODES = {"counts": "counts", "kind": "kind", "role": "role", "level": "levelAtLeast", "lead": "leadCounted"}
_LIMITS = ("region", "organization", "industry", "platform", "project", "unit")
_NOT_SO = ("planned", "denied", "ended")
_TOTALS = {"organizations": "members", "platforms": "platforms", "projects": "projects"}
"""The column of a scorecard that holds all of what is counted."""


class Report(NamedTuple):
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
    def whole(self) -> bool:
        """Whether it counts everything of its class, apart from the lead perhaps."""
        return self.kind is None and self.role is None and self.level is None

    @property
    def column(self) -> str | None:
        """The column of a scorecard that holds exactly what it counts, if there is one."""
        if self.role is not None or self.lead == "excluded":
            return None
        total = _TOTALS[self.counts]
        if self.level is not None:
            highest = len(levels_from(self.level)) == 1
            return f"{total}_{self.level}" if highest and self.kind is None else None
        return total if self.kind is None else f"{total}_{self.kind}"

    @property
    def closes(self) -> bool:
        """Whether it says that everything is known by name, the lead included."""
        lead = self.lead != "excluded" or self.leads > 0
        return self.whole and self.qualifier in {None, "exactly"} and self.known == self.value and lead


def reports(reader: NodeReader, held: Holdings, selection: Selection) -> tuple[list[Report], int]:
    """Return the counts of organizations, platforms and projects that sources report of one scope and of nothing else.

    Counts of a part (a region, an industry, a unit of its own) and those that are planned, denied or ended are none of
    them. The latest of a scope comes first. At a date, only counts of that date or before; the second value tells how
    many of them have none.
    """
    found = reader.instances("ReportedCount").rename({"s": "row"})
    dates = {name: reader.pairs(f"cg:{name}").rename({"s": "row", "o": name}) for name in ("asOf", "asOfEarliest")}
    for pairs in dates.values():
        found = found.join(pairs.sort(pairs.columns).unique("row", keep="last"), on="row", how="left")
    for name, source in (_CODES | {"qualifier": "qualifier", "status": "status"}).items():
        codes = reader.codes(f"cg:{source}").rename({"s": "row", "o": name})
        stated = pl.when(pl.col(name) != "unstated").then(name)
        found = found.join(codes, on="row", how="left").with_columns(stated)
    for name in _LIMITS:
        found = found.join(reader.pairs(f"cg:{name}"), left_on="row", right_on="s", how="anti")
    value = pl.col("o").cast(pl.Int64, strict=False).alias("value")
    values = reader.pairs("cg:value").select(pl.col("s").alias("row"), value).filter(pl.col("value") >= 0)
    found = found.join(values.sort("row", "value").unique("row", keep="last"), on="row")
    found = found.filter(pl.col("counts").is_in(list(DATES)) & ~pl.col("status").is_in(_NOT_SO).fill_null(value=False))
    found = found.join(_scopes_of_counts(reader, held), on="row")
    undated = 0
    if selection.period is not None:
        found = found.filter(pl.col("asOfEarliest").is_null() | (pl.col("asOfEarliest") <= selection.period[1]))
        undated = found["asOfEarliest"].null_count()
    inside = {
        name: rows.join(found.select("scope"), on="scope", how="semi").partition_by("scope", as_dict=True)
        for name, rows in held.inside.items()
    }
    latest = found.sort("scope", "counts", "asOfEarliest", "value", "row", descending=[False, False, True, True, False])
    return [_report(row, inside[row["counts"]].get((row["scope"],))) for row in latest.iter_rows(named=True)], undated


def _scopes_of_counts(reader: NodeReader, held: Holdings) -> pl.DataFrame:
    """Return the one consortium or programme that each count is of: columns row, scope, of."""
    pairs = {
        name: reader.pairs(f"cg:{name}").rename({"s": "row", "o": "scope"}) for name in ("consortium", "programme")
    }
    own = pairs["consortium"].join(held.consortia, left_on="scope", right_on="s", how="semi")
    own = own.join(pairs["programme"], on="row", how="anti").with_columns(of=pl.lit("consortium"))
    programmes = pairs["programme"].join(pairs["consortium"], on="row", how="anti")
    both = pl.concat([own, programmes.with_columns(of=pl.lit("programme"))])
    return both.filter(pl.col("row").is_unique())


def _report(row: Mapping[str, Any], inside: pl.DataFrame | None) -> Report:
    known = leads = 0
    if inside is not None:
        led = inside.filter(pl.col("role") == "lead").select("thing")
        leads = led["thing"].n_unique()
        for name in ("kind", "role"):
            if row[name] is not None:
                inside = inside.filter(pl.col(name) == row[name])
        if row["level"] is not None:
            inside = inside.filter(pl.col("level").is_in(levels_from(row["level"])))
        if row["lead"] == "excluded":
            inside = inside.join(led, on="thing", how="anti")
        known = inside["thing"].n_unique()
    fields = {name: row[name] for name in Report._fields if name in row}
    return Report(**fields, as_of=row["asOf"], known=known, leads=leads)


def levels_from(level: str) -> list[str]:
    """Return the levels that are at least as high as one; none of one that has no rank.

    >>> levels_from("provincial")
    ['national', 'provincial']
    """
    ranks = {code.notation: code.rank for code in code_list("level").codes}
    least = ranks.get(level)
    return [name for name, rank in ranks.items() if rank is not None and least is not None and rank >= least]


def known_share(found: Sequence[Report]) -> float | None:
    """Return which share of what is reported is known by name, or None where nothing is reported.

    Of each class only the largest count of each scope, which holds the others. One of which more is known than
    reported is full: what is too much there fills no gap elsewhere.
    """
    largest: dict[tuple[str, str], Report] = {}
    for report in found:
        key = (report.scope, report.counts)
        if key not in largest or report.value > largest[key].value:
            largest[key] = report
    reported = sum(report.value for report in largest.values())
    return sum(min(report.known, report.value) for report in largest.values()) / reported if reported else None
