"""The rows of one table in two snapshots: added, removed and changed; relations are paired by their references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.differences.snapshots import properties
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Sequence

_CELL = ("iri", "property", "old", "new")
_PLACE = "\x00place"


@dataclass(frozen=True)
class Change:
    """The difference of one table.

    ``added`` and ``removed`` are rows; ``cells`` has one row per changed cell: iri (of a paired relation that of the
    new row), property, old, new; ``keys_added`` and ``keys_removed`` are added and removed rows before any were paired.
    """

    added: pl.DataFrame
    removed: pl.DataFrame
    cells: pl.DataFrame
    keys_added: pl.DataFrame
    keys_removed: pl.DataFrame

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.added.height or self.removed.height or self.cells.height)


def change_of(table: str, old: pl.DataFrame, new: pl.DataFrame) -> Change:
    """Return the difference of two states of a table that have the same columns."""
    if old.equals(new):
        return _unchanged(old)
    added = new.join(old, on="iri", how="anti").sort("iri")
    removed = old.join(new, on="iri", how="anti").sort("iri")
    names = new.columns[1:]
    cells = _cells(old.join(new, on="iri", how="inner", suffix="\x00new"), names)
    if not is_relation(table):
        return Change(added, removed, cells, added, removed)
    pairs = _pairs(table, removed, added)
    pair_cells = _cells(pairs.drop("iri").rename({"iri\x00new": "iri"}), names)
    return Change(
        added.join(pairs, left_on="iri", right_on="iri\x00new", how="anti"),
        removed.join(pairs, on="iri", how="anti"),
        pl.concat([cells, pair_cells]),
        added,
        removed,
    )


def _unchanged(rows: pl.DataFrame) -> Change:
    none, no_cells = rows.clear(), _cells(rows.clear(), [])
    return Change(none, none, no_cells, none, none)


def is_relation(table: str) -> bool:
    """Tell whether the rows of a table are named by the hash of their key, where they state no id."""
    description = contract()[table]
    return description.primary_key != (description.identifier,)


def ends(table: str) -> tuple[str, ...]:
    """Return the properties of a relation's key that refer to things.

    >>> ends("memberships"), ends("participations")
    (('organization', 'consortium', 'programme', 'one_of'), ('project', 'organization'))
    """
    key = contract()[table].primary_key
    return tuple(one.name for one in properties(table) if one.is_reference and one.name in key)


def anchors(table: str) -> tuple[str, ...]:
    """Return the ends of a relation that are no organizations: what it is of; all ends if every one is.

    >>> anchors("participations"), anchors("shareholdings")
    (('project',), ('shareholder', 'organization'))
    """
    columns = contract()[table]
    return tuple(name for name in ends(table) if columns.column(name).reference != "organizations") or ends(table)


def _cells(joined: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    parts = [
        joined.filter(pl.col(name).ne_missing(pl.col(f"{name}\x00new"))).select(
            "iri", pl.lit(name).alias("property"), pl.col(name).alias("old"), pl.col(f"{name}\x00new").alias("new")
        )
        for name in names
    ]
    return pl.concat([pl.DataFrame(schema=dict.fromkeys(_CELL, pl.String)), *parts])


def _pairs(table: str, removed: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Pair rows of equal references, the first with the first, in the order of their other cells."""
    shared = [*ends(table), *(["property"] if "property" in added.columns else [])]
    if not shared:
        return (
            removed.clear().join(added.clear(), on="iri", suffix="\x00new").with_columns(pl.lit("").alias("iri\x00new"))
        )
    places = [
        rows.sort(rows.columns[1:]).with_columns(pl.int_range(pl.len()).over(shared).alias(_PLACE))
        for rows in (removed, added)
    ]
    pairs = places[0].join(places[1], on=[*shared, _PLACE], how="inner", suffix="\x00new", nulls_equal=True)
    return pairs.with_columns(pl.col(name).alias(f"{name}\x00new") for name in shared).sort("iri").drop(_PLACE)
