"""Filters: which rows and organizations a network or table takes, by ``at=``, ``regions=`` and so on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal, TypedDict

import polars as pl

from chaingraph.errors import UnknownTermError, UsageError, excerpt
from chaingraph.messages import tr
from chaingraph.queries.dates import days
from chaingraph.queries.hierarchy import regions_within
from chaingraph.vocabulary import code_list

if TYPE_CHECKING:
    from chaingraph.queries.nodes import NodeReader


class Filters(TypedDict, total=False):
    """The filters of networks, by name; see :class:`Selection`."""

    roles: str | Collection[str] | None
    kinds: str | Collection[str] | None
    regions: str | Collection[str] | None
    at: str | None
    between: tuple[str, str] | None
    minimum: float
    isolates: bool


@dataclass(frozen=True)
class Selection:
    """Which rows and organizations a network takes.

    Args:
        roles: Only memberships or participations in these roles, in any spelling of the code list (``lead``,
            ``牵头单位``); all if None.
        kinds: Only organizations of these kinds (``enterprise``, ``university`` ...).
        regions: Only organizations in these regions or in regions within them, by IRI, short IRI or name.
        at: Only what can have been in force at this date: a year, a month or a day (``2022``, ``2022-10``,
            ``2022-10-14``). A row without any date is kept, and counted in ``network.graph["undated"]``.
        between: Only what can have been in force at some time from the first date to the second, both included.
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
            message = tr("expected a date (at) or a period (between), and got both")
            raise UsageError(message)

    @property
    def period(self) -> tuple[str, str] | None:
        """The first and last day of the period, or None."""
        if self.at is not None:
            return days(self.at)
        if self.between is None:
            return None
        first, last = days(self.between[0])[0], days(self.between[1])[1]
        if first > last:
            message = tr(
                "the period from {first} to {last} ends before it begins",
                first=self.between[0],
                last=self.between[1],
            )
            raise UsageError(message)
        return first, last

    def refuse_all_but(self, applicable: Collection[str], network: str) -> None:
        """Refuse a filter that does not apply to a network.

        Raises:
            UsageError: A filter outside ``applicable`` differs from its default.
        """
        names = [field.name for field in fields(self)]
        others = [
            field.name
            for field in fields(self)
            if field.name not in applicable and getattr(self, field.name) != field.default
        ]
        if others:
            message = tr(
                "the filter {others} does not apply to the network {network}, expected one of {names}",
                others=others[0],
                network=network,
                names=", ".join(name for name in names if name in applicable),
            )
            raise UsageError(message)

    def organizations(self, reader: NodeReader) -> pl.DataFrame:
        """Return the IRIs of the organizations of these kinds and regions: column s, sorted."""
        organizations = reader.instances("Organization")
        if self.kinds is not None:
            kinds = reader.codes("cg:kind").filter(pl.col("o").is_in(_notations("organization-kind", self.kinds)))
            organizations = organizations.join(kinds, on="s", how="semi")
        if self.regions is not None:
            regions = regions_within(reader, _as_list(self.regions))
            located = reader.pairs("cg:region").filter(pl.col("o").is_in(regions))
            organizations = organizations.join(located, on="s", how="semi")
        return organizations.sort("s")

    def with_roles(self, reader: NodeReader, rows: pl.DataFrame, role_list: str, key: str = "row") -> pl.DataFrame:
        """Return the rows in these roles, with a column role, its notation.

        Args:
            reader: The graph's nodes.
            rows: The rows.
            role_list: The code list of the roles.
            key: The column whose IRIs have the role.
        """
        roles = reader.pairs("cg:role").join(reader.pairs("skos:notation"), left_on="o", right_on="s")
        roles = roles.select(pl.col("s").alias(key), pl.col("o_right").alias("role")).sort(key, "role")
        with_role = rows.join(roles.unique(key, keep="first"), on=key, how="left", maintain_order="left")
        if self.roles is None:
            return with_role
        return with_role.filter(pl.col("role").is_in(_notations(role_list, self.roles)))

    def in_period(
        self, reader: NodeReader, rows: pl.DataFrame, begin: str, end: str, key: str = "row"
    ) -> tuple[pl.DataFrame, int]:
        """Return the rows that can have been in force in the period, and how many of them have no date at all.

        Args:
            reader: The graph's nodes.
            rows: The rows.
            begin: The property of the beginning (``since``, ``start``), of which earliest and latest day are known.
            end: The property of the end.
            key: The column whose IRIs have the dates.
        """
        period = self.period
        if period is None:
            return rows, 0
        keeps: tuple[tuple[str, str, Literal["first", "last"]], ...] = (
            ("begin", f"cg:{begin}Earliest", "first"),
            ("end", f"cg:{end}Latest", "last"),
        )
        with_dates = rows
        for name, part, keep in keeps:
            dates = reader.pairs(part).select(pl.col("s").alias(key), pl.col("o").alias(name)).sort(key, name)
            with_dates = with_dates.join(dates.unique(key, keep=keep), on=key, how="left", maintain_order="left")
        first, last = pl.col("begin"), pl.col("end")
        inside = with_dates.filter((first.is_null() | (first <= period[1])) & (last.is_null() | (last >= period[0])))
        return inside.drop("begin", "end"), inside.filter(first.is_null() & last.is_null()).height


def _as_list(values: str | Collection[str]) -> list[str]:
    return [values] if isinstance(values, str) else list(values)


def _notations(list_name: str, values: str | Collection[str]) -> list[str]:
    """Return the notations that some spellings of a code list stand for."""
    codes = code_list(list_name)
    notations = []
    for value in _as_list(values):
        notation = codes.spellings.get(value.casefold())
        if notation is None:
            raise UnknownTermError(excerpt(value), [code.notation for code in codes.codes])
        notations.append(notation)
    return notations
