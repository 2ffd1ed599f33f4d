"""The two sides of a crosstab in an engine: what is counted, and which values of its attributes each thing has."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.engines._rows import Rows, split_cells
from chaingraph.engines._sources import graph_of, is_store
from chaingraph.engines._statements import statement
from chaingraph.engines._tables import MEMBERSHIPS, PARTICIPATIONS, Relation, refuse_identities, register_rows
from chaingraph.errors import UnknownTermError, UnreadableError, UsageError, did_you_mean
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chaingraph.engines._connection import Engine

_NAMES = {"region": "regions", "industry": "industries", "consortium": "consortia"}
_RELATIONS = {"memberships": MEMBERSHIPS, "participations": PARTICIPATIONS}
_OF_ORGANIZATIONS = ("region", "kind")


@dataclass
class Sides:
    """What is counted, ``chaingraph_unit``, and by attribute the tables of its values.

    Args:
        engine: Where.
        tables: By attribute the columns of the units and the tables of their values, the first of which counts that has
            any: column s, the value o, and how many values s has.
        labels: By attribute the names of the values, where it has any.
    """

    engine: Engine
    tables: dict[str, list[tuple[str, str]]]
    labels: dict[str, dict[str, str]] = field(default_factory=dict)

    def cells(self) -> pl.DataFrame:
        """Return how many things are in each cell, by the number of cells that they are in: row_id, column_id, k, n."""
        return self._union("cells").group_by("row_id", "column_id", "k").agg(pl.col("n").sum()).sort(pl.all())

    def things(self) -> int:
        """Return how many things there are."""
        number: int = self.engine.ask(statement("things")).column(0)[0].as_py() or 0
        return number

    def placed(self, name: str) -> int:
        """Return how many things have a value of an attribute."""
        total = 0
        for branch, (key, side) in self._branches(name):
            for k, n in _polars(self.engine, "side_counts", side=side, key=key, branch=branch).iter_rows():
                total += n // k
        return total

    def names(self, name: str) -> dict[str, str]:
        """Return by each value of an attribute what it is called."""
        return self.labels.get(name, {})

    def co_occurrences(self) -> pl.DataFrame:
        """Return how many rows have both of two columns: row_id, column_id, n."""
        first, *others = self._statements("presence")
        self.engine.keep("chaingraph_presence", " UNION ".join([first, *others]))
        return _polars(self.engine, "co_occurrence")

    def _union(self, name: str) -> pl.DataFrame:
        return pl.concat([_frame(self.engine, text) for text in self._statements(name)])

    def _statements(self, name: str) -> list[str]:
        """Return a statement over both sides, once for each branch of the things."""
        rows, columns = self.tables
        count = max(len(tables) for tables in self.tables.values())
        texts = []
        for branch in range(count):
            (row_key, row_side), (column_key, column_side) = (self._table(side, branch) for side in (rows, columns))
            fields = {"rows": row_side, "row_key": row_key, "columns": column_side, "column_key": column_key}
            texts.append(statement(name, branch=branch, **fields))
        return texts

    def _table(self, name: str, branch: int) -> tuple[str, str]:
        tables = self.tables[name]
        return tables[min(branch, len(tables) - 1)]

    def _branches(self, name: str) -> list[tuple[int, tuple[str, str]]]:
        count = max(len(tables) for tables in self.tables.values())
        return [(branch, self._table(name, branch)) for branch in range(count)]


@contextmanager
def keep_sides(
    engine: Engine, source: str | Path, attributes: tuple[str, str], count: str, roll_up: str | None
) -> Iterator[Sides]:
    """Keep what is counted and both sides of a crosstab, of any source.

    Raises:
        UsageError: An attribute or a count does not exist.
        UnreadableError: A table or column is missing.
    """
    if is_store(source):
        with tempfile.TemporaryDirectory(prefix="chaingraph-engine-") as folder:
            yield _of_store(engine, source, attributes, count, roll_up, Path(folder))
        return
    if roll_up is not None:
        message = tr(
            "parents stand for their parts in crosstabs of a built store only; build one, or leave out roll_up"
        )
        raise UsageError(message)
    path = Path(source)
    if path.is_dir() and any((path / f"{table}.parquet").exists() for table in ("organizations", *_RELATIONS)):
        yield _Contract(engine, path, count).sides(attributes)
    else:
        yield _of_table(engine, source, attributes)


def _polars(engine: Engine, name: str, **values: str | int) -> pl.DataFrame:
    return _frame(engine, statement(name, **values))


def _frame(engine: Engine, text: str) -> pl.DataFrame:
    frame = pl.from_arrow(engine.ask(text))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _keep_side(engine: Engine, side: str, pairs: str, *, further: bool = False) -> None:
    """Keep the values of an attribute, with how many each thing has; further ones only of things without any."""
    engine.keep("chaingraph_pairs", pairs)
    engine.keep(side, statement("side_further", side=side) if further else statement("side_first"))


def _of_store(
    engine: Engine, source: str | Path, attributes: tuple[str, str], count: str, roll_up: str | None, folder: Path
) -> Sides:
    """Keep the sides of a store, whose attributes lead from one table to another."""
    from chaingraph.indicators._population import CLASSES, SOURCES, Population
    from chaingraph.queries.nodes import NodeReader
    from chaingraph.vocabulary import short_name

    if count not in CLASSES:
        raise UnknownTermError(count, list(CLASSES))
    for name in attributes:
        if name not in SOURCES[count]:
            raise UsageError(_no_attribute(count, name, list(SOURCES[count])))
    reader = NodeReader(graph_of(source, roll_up))
    population = Population(reader, count)
    population.prefetch(*attributes)
    units = population.units.select(pl.col("s").alias("organization"), pl.lit(1, pl.Int64).alias("n"))
    units.with_columns(pl.lit(0).alias("branch")).write_parquet(folder / "unit.parquet")
    engine.parquet("chaingraph_unit", str(folder / "unit.parquet"))
    labels = {}
    for name in attributes:
        values = population.attribute(name, None)
        iris = values.select("o").unique().sort("o").join(reader.names(), left_on="o", right_on="s", how="left")
        ids = iris.with_columns(pl.col("o").map_elements(short_name, pl.String).alias("id"))
        labels[name] = {key: label or key for key, label in ids.select("id", "name").iter_rows()}
        values.join(ids, on="o").select("s", pl.col("id").alias("o")).write_parquet(folder / f"{name}.parquet")
        engine.parquet("chaingraph_values", str(folder / f"{name}.parquet"))
        _keep_side(engine, f"chaingraph_side_{name}", "SELECT s, o FROM chaingraph_values")
    return Sides(engine, {name: [("organization", f"chaingraph_side_{name}")] for name in attributes}, labels)


def _of_table(engine: Engine, source: str | Path, attributes: tuple[str, str]) -> Sides:
    """Count the rows of one table by two of its columns."""
    rows = register_rows(engine, source)
    first, second = (f"CAST({rows.cell(name)} AS STRING)" for name in attributes)
    engine.keep(
        "chaingraph_unit",
        f"SELECT {first} AS organization, {second} AS event, count(*) AS n, 0 AS branch FROM {rows.table}"
        f" GROUP BY {first}, {second}",
    )
    for side, key in (("chaingraph_side_0", "organization"), ("chaingraph_side_1", "event")):
        _keep_side(engine, side, f"SELECT {key} AS s, {key} AS o FROM chaingraph_unit")
    tables = [("organization", "chaingraph_side_0"), ("event", "chaingraph_side_1")]
    return Sides(engine, {name: [table] for name, table in zip(attributes, tables, strict=True)})


def _no_attribute(count: str, name: str, names: Sequence[str]) -> str:
    message = tr(
        "{count} have no '{name}' here; expected one of {names}", count=count, name=name, names=", ".join(names)
    )
    return message + did_you_mean(name, names)


class _Contract:
    """The tables of the contract in a folder, of which the sides of a crosstab are made."""

    def __init__(self, engine: Engine, folder: Path, count: str) -> None:
        counts = ("organizations", *_RELATIONS)
        if count not in counts:
            raise UnknownTermError(count, counts)
        refuse_identities(folder)
        self._engine, self._folder, self._count = engine, folder, count

    def sides(self, attributes: tuple[str, str]) -> Sides:
        """Keep both sides and what is counted."""
        self._keep_units()
        tables = {name: self._side(name) for name in attributes}
        for branches in tables.values():
            if len(branches) > 1:
                self._engine.keep("chaingraph_unit", statement("unit_owners", side=branches[0][1]))
        return Sides(self._engine, tables, {name: self._labels(name, tables[name]) for name in attributes})

    def _table(self, name: str) -> Rows | None:
        path = self._folder / f"{name}.parquet"
        if not path.exists():
            return None
        self._engine.parquet(f"chaingraph_{name}", str(path.resolve()))
        return Rows(self._engine, f"chaingraph_{name}", name, by_contract=True)

    def _needed(self, name: str) -> Rows:
        rows = self._table(name)
        if rows is None:
            raise UnreadableError(self._folder, tr("has no {table}.parquet", table=name))
        return rows

    def _keep_units(self) -> None:
        if self._count == "organizations":
            things = self._needed("organizations")
            self._engine.keep("chaingraph_names", f"SELECT {things.cell('id')} AS id FROM {things.table}")
            self._engine.keep("chaingraph_unit", statement("thing_units", table="chaingraph_names"))
        else:
            self._keep_rows(_RELATIONS[self._count], self._needed(self._count), needed=("member",))
            self._engine.keep("chaingraph_unit", statement("row_units"))

    def _keep_rows(self, relation: Relation, rows: Rows, needed: Sequence[str]) -> None:
        rows.keep({"member": rows.cell("organization"), "event": rows.cell(relation.event)}, needed)
        split_cells(self._engine, "chaingraph_row", "member", "event")

    def _side(self, name: str) -> list[tuple[str, str]]:
        """Keep the values of an attribute; return the columns of the units and the tables of their values."""
        side = f"chaingraph_side_{name}"
        if self._count == "organizations":
            return self._side_of_organizations(name, side)
        relation = _RELATIONS[self._count]
        if name in _OF_ORGANIZATIONS:
            self._keep_values(side, self._needed("organizations"), name)
            return [("organization", side)]
        if (self._count, name) == ("memberships", "consortium"):
            _keep_side(self._engine, side, "SELECT event AS s, event AS o FROM chaingraph_unit")
            return [("event", side)]
        if name != "industry":
            names = [*_OF_ORGANIZATIONS, "industry", *(["consortium"] if self._count == "memberships" else [])]
            raise UsageError(_no_attribute(self._count, name, names))
        self._keep_values(side, self._needed(relation.events), name)
        organizations = self._table("organizations")
        if organizations is None or name not in organizations.columns:
            return [("event", side)]
        self._keep_values(f"{side}_rest", organizations, name)
        return [("event", side), ("organization", f"{side}_rest")]

    def _side_of_organizations(self, name: str, side: str) -> list[tuple[str, str]]:
        names = [*_OF_ORGANIZATIONS, "industry", "consortium"]
        if name not in names:
            raise UsageError(_no_attribute("organizations", name, names))
        organizations = self._needed("organizations")
        has_any = name != "consortium" and (name in organizations.columns or name in _OF_ORGANIZATIONS)
        if has_any:
            self._keep_values(side, organizations, name)
        if name == "consortium":
            self._keep_rows(MEMBERSHIPS, self._needed("memberships"), ("member", "event"))
            _keep_side(self._engine, side, "SELECT member AS s, event AS o FROM chaingraph_row")
        if name == "industry":
            for relation in _RELATIONS.values():
                rows, events = self._table(relation.table), self._table(relation.events)
                if rows is not None and events is not None and name in events.columns:
                    self._keep_rows(relation, rows, ("member", "event"))
                    self._keep_pairs(events, name)
                    _keep_side(self._engine, side, statement("pairs_through"), further=has_any)
                    has_any = True
        return [("organization", side)]

    def _keep_pairs(self, rows: Rows, name: str) -> None:
        """Keep the values of a column by the id of the row, several in a cell each on its own."""
        pairs = f"SELECT {rows.cell('id')} AS s, {rows.cell(name)} AS o FROM {rows.table}"
        self._engine.keep("chaingraph_pairs", pairs)
        split_cells(self._engine, "chaingraph_pairs", "o", "s")

    def _keep_values(self, side: str, rows: Rows, name: str) -> None:
        self._keep_pairs(rows, name)
        self._engine.keep(side, statement("side_first"))

    def _labels(self, name: str, tables: list[tuple[str, str]]) -> dict[str, str]:
        """Return the names of the values of an attribute, where a table of the contract has them."""
        things = self._table(_NAMES[name]) if name in _NAMES else None
        if things is None or "name" not in things.columns:
            return {}
        self._engine.keep(
            "chaingraph_names", f"SELECT {things.cell('id')} AS id, {things.cell('name')} AS name FROM {things.table}"
        )
        labels: dict[str, str] = {}
        for _, side in tables:
            frame = _polars(self._engine, "side_names", side=side)
            labels |= {key: label or key for key, label in frame.iter_rows()}
        return labels
