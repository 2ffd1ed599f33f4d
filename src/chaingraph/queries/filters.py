"""Filters: which rows and things a projection looks at; the only place that reads ``at=``, ``regions=`` and so on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, TypedDict

import polars as pl

from chaingraph.errors import UnknownTermError, UsageError, shown
from chaingraph.queries.dates import days
from chaingraph.vocabulary import code_list, full_iri

if TYPE_CHECKING:
    from chaingraph.queries.nodes import Things


class Filters(TypedDict, total=False):
    """The filters that every projection takes, by name; see :class:`Selection`."""

    roles: str | Collection[str] | None
    kinds: str | Collection[str] | None
    regions: str | Collection[str] | None
    at: str | None
    between: tuple[str, str] | None
    minimum: float
    isolates: bool


@dataclass(frozen=True)
class Selection:
    """What a projection looks at.

    Args:
        roles: Only memberships or participations in these roles, in any spelling of the code list (``lead``,
            ``牵头单位``); all if None.
        kinds: Only organizations of these kinds (``enterprise``, ``university`` ...).
        regions: Only organizations in these regions or in regions within them, by IRI, short name or exact name.
        at: Only what can have held at this date: a year, a month or a day (``2022``, ``2022-10``, ``2022-10-14``). A
            row without any date is kept, and counted in ``network.graph["undated"]``.
        between: Only what can have held at some time from the first date to the second, both included.
        minimum: Only ties whose weight is at least this.
        isolates: Keep nodes without a tie.
    """

    roles: str | Collection[str] | None = None
    kinds: str | Collection[str] | None = None
    regions: str | Collection[str] | None = None
    at: str | None = None
    between: tuple[str, str] | None = None
    minimum: float = 0
    isolates: bool = True

    def __post_init__(self) -> None:
        """Refuse two periods at once."""
        if self.at is not None and self.between is not None:
            message = "expected a date (at) or a period (between), and got both"
            raise UsageError(message)

    @property
    def period(self) -> tuple[str, str] | None:
        """The first and last day asked about, or None."""
        if self.at is not None:
            return days(self.at)
        if self.between is None:
            return None
        first, last = days(self.between[0])[0], days(self.between[1])[1]
        if first > last:
            message = f"the period from {self.between[0]} to {self.between[1]} ends before it begins"
            raise UsageError(message)
        return first, last

    def refuse_roles(self, projection: str) -> None:
        """Refuse a filter by role where the ties have none."""
        if self.roles is not None:
            message = f"the ties of {projection} have no roles; leave out the filter by role"
            raise UsageError(message)

    def refuse_minimum(self, projection: str) -> None:
        """Refuse a minimum where the ties are not counted."""
        if self.minimum:
            message = f"the ties of {projection} are not counted; leave out the minimum"
            raise UsageError(message)

    def refuse_all_but_isolates(self, projection: str) -> None:
        """Refuse every filter where the ties know neither role nor date nor count."""
        if self != Selection(isolates=self.isolates):
            message = f"the ties of {projection} have no role, date, kind, region or count; leave out these filters"
            raise UsageError(message)

    def organizations(self, things: Things) -> pl.DataFrame:
        """Return the IRIs of the organizations looked at: column s, sorted."""
        chosen = things.members("Organization")
        if self.kinds is not None:
            kinds = things.code("cg:kind").filter(pl.col("o").is_in(_notations("organization-kind", self.kinds)))
            chosen = chosen.join(kinds, on="s", how="semi")
        if self.regions is not None:
            inside = region_closure(things, _listed(self.regions))
            located = things.pairs("cg:region").filter(pl.col("o").is_in(inside))
            chosen = chosen.join(located, on="s", how="semi")
        return chosen.sort("s")

    def rows(self, things: Things, found: pl.DataFrame, role_list: str, key: str = "row") -> pl.DataFrame:
        """Return the rows in the roles looked at, with their role as notation: ``found`` plus a column role."""
        roles = things.pairs("cg:role").join(things.pairs("skos:notation"), left_on="o", right_on="s")
        roles = roles.select(pl.col("s").alias(key), pl.col("o_right").alias("role")).sort(key, "role")
        with_role = found.join(roles.unique(key, keep="first"), on=key, how="left", maintain_order="left")
        if self.roles is None:
            return with_role
        return with_role.filter(pl.col("role").is_in(_notations(role_list, self.roles)))

    def during(
        self, things: Things, found: pl.DataFrame, begin: str, end: str, key: str = "row"
    ) -> tuple[pl.DataFrame, int]:
        """Return the rows that can have held in the period, and how many of them have no date at all.

        Args:
            things: The graph's things.
            found: The rows.
            begin: The property of the beginning (``since``, ``start``), of which earliest and latest day are known.
            end: The property of the end.
            key: The column whose IRIs carry the dates.
        """
        period = self.period
        if period is None:
            return found, 0
        dated = found
        for name, part in (("begin", f"cg:{begin}Earliest"), ("end", f"cg:{end}Latest")):
            dates = things.pairs(part).select(pl.col("s").alias(key), pl.col("o").alias(name)).sort(key, name)
            keep: Literal["first", "last"] = "first" if name == "begin" else "last"
            dated = dated.join(dates.unique(key, keep=keep), on=key, how="left", maintain_order="left")
        undated = pl.col("begin").is_null() & pl.col("end").is_null()
        held = (pl.col("begin").is_null() | (pl.col("begin") <= period[1])) & (
            pl.col("end").is_null() | (pl.col("end") >= period[0])
        )
        kept = dated.filter(held)
        return kept.drop("begin", "end"), kept.filter(undated).height


def region_closure(things: Things, wanted: Collection[str]) -> set[str]:
    """Return the IRIs of the regions named and of all regions within them.

    Raises:
        UsageError: A region is not in the graph; the nearest names are given.
    """
    known = set(things.members("Region")["s"])
    labels = things.pairs("rdfs:label").filter(pl.col("s").is_in(known))
    inside: set[str] = set()
    for name in wanted:
        iri = full_iri(name)
        found = {iri} if iri in known else set(labels.filter(pl.col("o") == name)["s"])
        if not found:
            near = get_close_matches(name, labels["o"].unique().sort().to_list(), n=3)
            hint = (
                f"did you mean {' or '.join(near)}?"
                if near
                else "query { ?r a cg:Region ; rdfs:label ?name } lists them"
            )
            message = f"no region of the graph is called '{shown(name)}'; {hint}"
            raise UsageError(message)
        inside |= found
    children = things.pairs("cg:within")
    fresh = inside
    while fresh:
        fresh = set(children.filter(pl.col("o").is_in(fresh))["s"]) - inside
        inside |= fresh
    return inside


def _listed(values: str | Collection[str]) -> list[str]:
    return [values] if isinstance(values, str) else list(values)


def _notations(list_name: str, values: str | Collection[str]) -> list[str]:
    codes = code_list(list_name)
    found = []
    for value in _listed(values):
        notation = codes.spellings.get(value.casefold())
        if notation is None:
            raise UnknownTermError(shown(value), [code.notation for code in codes.codes])
        found.append(notation)
    return found
