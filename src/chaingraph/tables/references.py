"""References between tables: a cell is the id, or the exact name or alias, of exactly one row of another table."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from hashlib import sha256
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem
from chaingraph.messages import in_both_languages, tr
from chaingraph.tables.metadata import LANGUAGE_TAG
from chaingraph.tables.raw import ROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chaingraph.tables.contract import Column, Table

_LIST = re.compile(r"[;；、\n]")
_NEAR_LIMIT = 20_000
_BETWEEN_IDS = "\x1f"
_TAG = re.compile(f"(?<=[^@])@{LANGUAGE_TAG}$")


def identifier(*words: str) -> str:
    """Return the id of a row without one: 16 hexadecimal digits that depend on the words alone.

    >>> identifier("苏州大学")
    '169e69d6d3b0610a'
    """
    return sha256("\x1f".join(words).encode()).hexdigest()[:16]


@dataclass
class Index:
    """The ids and names by which references find the rows of one table, and the rows that are made from names.

    References into an ``unreadable`` table are no problems of their own.
    """

    table: Table
    is_present: bool
    unreadable: bool = False
    ids: set[str] = field(default_factory=set)
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    created: dict[str, str] = field(default_factory=dict)
    conflicts: set[str] = field(default_factory=set)
    _created_ids: set[str] = field(default_factory=set)

    def add(self, frame: pl.DataFrame) -> None:
        """Take in the ids, names and aliases of the table's rows."""
        keys = frame[self.table.identifier]
        self.ids.update(keys.drop_nulls())
        for column in self.table.cells:
            if column.names_the_row:
                pairs = pl.DataFrame({"key": keys, "name": frame[column.name]}).drop_nulls()
                pairs = pairs.explode("name") if column.is_list else pairs
                for key, name in pairs.drop_nulls().iter_rows():
                    self.names[_TAG.sub("", name) if column.is_list else name].add(key)
        self.conflicts.update(key for key in self.ids if self.names.get(key, set()) - {key})

    def id_of(self, text: str) -> str | None:
        """Return the id of the row that a text names, if it names exactly one."""
        if text in self.ids:
            return None if text in self.conflicts else text
        keys = self.names.get(text, set())
        if len(keys) == 1:
            return next(iter(keys))
        return self.created.get(text) or (text if text in self._created_ids else None)

    def create_rows(self, cells: Iterable[tuple[str, bool]]) -> None:
        """Make a row of each name in cells that no row has; a cell that holds the id of such a row names it too.

        Args:
            cells: The cells that refer to the table, each with whether it may hold several names.
        """
        names = [
            name for text, separated in dict.fromkeys(cells) for name in self._new_names(text, separated=separated)
        ]
        ids = {identifier(name) for name in names}
        self.created = {name: identifier(name) for name in names if name not in ids}
        self._created_ids = set(self.created.values())

    def _new_names(self, text: str, *, separated: bool) -> Iterator[str]:
        if self.id_of(text) is None:
            for part in parts_of(text, separated=separated):
                if self.id_of(part) is None and not self.names.get(part) and part not in self.conflicts:
                    yield part

    def expected(self, text: str) -> str:
        """Return the second half of a message: what was expected in place of a text that names no row, or several."""
        if len(self.names.get(text, ())) > 1 or text in self.conflicts:
            ids = ", ".join(sorted(self.names[text] | ({text} & self.ids)))
            return tr("which several rows of '{name}' are called; expected an id: {ids}", name=self.table.name, ids=ids)
        table = in_both_languages(f"'{self.table.name}'", self.table.title_zh)
        if self.is_present and not self.ids and not self.names:
            return tr("expected a row of {table}, which has no rows yet; add one that names it", table=table)
        if not self.is_present:
            return tr(
                "expected a row of {table}, but there is no such table; add a sheet or file of that name that lists it",
                table=table,
            )
        names = [*self.ids, *self.names]
        similar = get_close_matches(text, names, n=1, cutoff=0.6) if len(names) < _NEAR_LIMIT else []
        hint = tr("; did you mean '{similar}'?", similar=similar[0]) if similar else ""
        return tr("expected the id, name or alias of a row of {table}{hint}", table=table, hint=hint)

    def created_rows(self) -> pl.DataFrame:
        """Return the rows that were made from names."""
        assert self.table.label is not None
        rows = {self.table.identifier: list(self.created.values()), self.table.label: list(self.created)}
        return pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String))


def parts_of(text: str, *, separated: bool) -> list[str]:
    """Return the names that a cell holds.

    >>> parts_of("甲公司、乙大学;", separated=True), parts_of("甲公司、乙大学", separated=False)
    (['甲公司', '乙大学'], ['甲公司、乙大学'])
    """
    return [part for part in map(str.strip, _LIST.split(text)) if part] if separated else [text]


def resolve_references(
    frame: pl.DataFrame, column: Column, indices: Mapping[str, Index], place: str, problems: list[Problem]
) -> pl.DataFrame:
    """Return the frame with ids in place of the column's texts; separated cells become lists of ids."""
    cells = frame[column.name]
    ids = set() if column.reference is None else indices[column.reference].ids - indices[column.reference].conflicts
    if column.reference is not None and ids.issuperset(cells.drop_nulls().unique()):
        return frame if column.separator is None else frame.with_columns(_as_list(column.name))
    parts = None if column.separator is None or column.reference is None else _split(cells, indices[column.reference])
    if parts is not None and ids.issuperset(parts.explode().drop_nulls().unique()):
        return frame.with_columns(parts.alias(column.name))
    tables = pl.lit(column.reference) if column.reference_table is None else pl.col(column.reference_table)
    cell = pl.concat_str(tables, pl.col(column.name), separator=_BETWEEN_IDS).alias("cell")
    cells_by_row = frame.select(ROW, cell, tables.alias("table"), pl.col(column.name).alias("reference")).drop_nulls()
    ids_by_cell: dict[str, str] = {}
    problem_by_cell: dict[str, Problem] = {}
    for row, text_with_table, table, text in cells_by_row.unique("cell", maintain_order=True).iter_rows():
        if table not in indices or indices[table].unreadable:
            continue
        keys, part = _keys(text, indices[table], separated=column.separator is not None)
        if part is None:
            ids_by_cell[text_with_table] = _BETWEEN_IDS.join(keys)
        else:
            missing_table = None if indices[table].names.get(part) else table
            reason = indices[table].expected(part)
            problem_by_cell[text_with_table] = Problem(place, row, column.name, part, reason, missing_table)
    for row, text in cells_by_row.filter(pl.col("cell").is_in(list(problem_by_cell))).select(ROW, "cell").iter_rows():
        problems.append(replace(problem_by_cell[text], row=row))
    resolved = cell.replace_strict(ids_by_cell, default=None, return_dtype=pl.String)
    # Splitting joined ids is many times faster than making a series of lists.
    values = resolved if column.separator is None else resolved.str.split(_BETWEEN_IDS)
    return frame.with_columns(values.alias(column.name))


def _split(cells: pl.Series, index: Index) -> pl.Series | None:
    """Return separated cells as lists; None where a whole cell with a separator may be one name, or a part is empty."""
    several = cells.filter(cells.str.contains("[;；、\n]")).unique()
    if any(text in index.names or text in index.ids for text in several):
        return None
    texts = cells.str.replace_all("[；、\n]", ";").str.split(";")
    stripped = texts.list.eval(pl.element().str.strip_chars()).list.unique(maintain_order=True)
    return None if (stripped.explode() == "").any() else stripped


def _as_list(name: str) -> pl.Expr:
    return pl.when(pl.col(name).is_not_null()).then(pl.concat_list(name)).alias(name)


def _keys(text: str, index: Index, *, separated: bool) -> tuple[list[str], str | None]:
    """Return the ids that a cell names, and its first part that names none; a name of the whole cell goes first."""
    key = index.id_of(text)
    if key is not None:
        return [key], None
    keys: list[str] = []
    for part in parts_of(text, separated=separated):
        key = index.id_of(part)
        if key is None:
            return keys, part
        if key not in keys:
            keys.append(key)
    return keys, None if keys else text
