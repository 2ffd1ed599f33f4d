"""What is measured: where the rows of an affiliation table are, and the tables that all measures are taken from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.engines._rows import Period, Rows, count, keep_period, split_cells
from chaingraph.engines._statements import statement
from chaingraph.errors import NetworkError, UnknownTermError, UnreadableError, UsageError, excerpt
from chaingraph.messages import tr

if TYPE_CHECKING:
    from chaingraph.engines._connection import Engine

_TABLE_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*){0,2}")
_ROWS = "chaingraph_input"


@dataclass(frozen=True)
class Relation:
    """A table of the contract that says who takes part in what.

    ``table`` has a row per membership, ``event`` is its column of what the organization is a member of, ``events`` the
    table of those; ``since`` and ``until`` are columns of ``dated``, the one or the other.
    """

    table: str
    event: str
    events: str
    dated: str
    since: str
    until: str


MEMBERSHIPS = Relation("memberships", "consortium", "consortia", "memberships", "since", "until")
PARTICIPATIONS = Relation("participations", "project", "projects", "projects", "start", "end")
RELATIONS = {
    "co_membership": MEMBERSHIPS,
    "co_participation": PARTICIPATIONS,
    "affiliation": MEMBERSHIPS,
    "participation": PARTICIPATIONS,
}
"""By the name of each network that an engine measures the table it is made of."""
_CONTRACT = ("memberships", "participations", "organizations", "consortia", "projects")
TWO_MODE = ("affiliation", "participation")


@dataclass(frozen=True)
class Counts:
    """What was read: how many members and events there are, how many rows name none or have no date.

    ``joined`` is the number of organizations for which their parents stand.
    """

    members: int
    events: int
    left_out: int
    undated: int
    joined: int


@dataclass(frozen=True)
class Hierarchy:
    """Parents stand for their parts: those that can have been in force in a period, or whatever the date (None)."""

    period: Period | None


def relation_of(network: str) -> Relation:
    """Return the table that a network is made of.

    Raises:
        UnknownTermError: No engine measures a network of that name.
    """
    if network not in RELATIONS:
        raise UnknownTermError(network, list(RELATIONS))
    return RELATIONS[network]


def read_tables(
    engine: Engine,
    source: str | Path,
    relation: Relation,
    *,
    period: Period | None = None,
    hierarchy: Hierarchy | None = None,
) -> Counts:
    """Keep the tables that all measures are taken from: members, events, and the pairs of the two.

    Args:
        engine: Where.
        source: A folder with the tables of the contract in Parquet, a Parquet file or a folder of its parts with the
            columns member and event, or the name of a table that the engine has.
        relation: The table that is meant, where there are several.
        period: Only rows that can have been in force then.
        hierarchy: Whether parents stand for their parts.

    Raises:
        UsageError: The source does not exist.
        UnreadableError: A column is missing or not as expected, or an id has no row.
        NetworkError: No row names a member and an event.
    """
    tables = _register(engine, source, relation)
    joined = 0
    if hierarchy is not None:
        joined = _keep_tops(engine, tables, hierarchy, str(source))
    rows = Rows(engine, _ROWS, relation.table if tables else str(source), by_contract=bool(tables))
    left_out = _keep_rows(rows, relation, tables, dated=period is not None)
    undated = 0 if period is None else keep_period(engine, period, rows.name)
    if joined:
        engine.keep("chaingraph_row", statement("rolled_up"))
    members = _keep_names(engine, "member", "organizations", tables, rows.name)
    if joined:
        engine.keep("chaingraph_names", statement("without_parts", table="chaingraph_member", column="name"))
        engine.keep("chaingraph_member", statement("names", table="chaingraph_names", column="name", label="label"))
        members = count(engine, "chaingraph_member")
    if not members:
        message = tr("{source} names nobody who is a member of anything, so there is nothing to measure", source=source)
        raise NetworkError(message)
    events = _keep_names(engine, "event", relation.events, tables, rows.name)
    engine.keep("chaingraph_pair", statement("pairs"))
    return Counts(members, events, left_out, undated, joined)


def keep_ties(engine: Engine, *, newman: bool) -> None:
    """Keep the pairs of events that tie anybody, and what divides the weight of each event.

    Args:
        engine: Where.
        newman: An event of k members counts 1/(k - 1) for each two of them, instead of 1.
    """
    engine.keep("chaingraph_tie", statement("ties", newman=str(newman)))


def _register(engine: Engine, source: str | Path, relation: Relation) -> frozenset[str]:
    """Give the rows the name of a table, and return which tables of the contract there are; none if it is not one."""
    path = Path(source)
    if path.is_dir():
        names = {relation.table, relation.events, "organizations", "hierarchy"}
        tables = frozenset(name for name in names if (path / f"{name}.parquet").exists())
        if relation.table in tables:
            refuse_identities(path)
            for name in sorted(tables):
                table = _ROWS if name == relation.table else f"chaingraph_{name}"
                engine.parquet(table, str((path / f"{name}.parquet").resolve()))
            return tables
        other_tables = [name for name in _CONTRACT if (path / f"{name}.parquet").exists()]
        if other_tables:
            raise UnreadableError(source, tr("has no {table}.parquet", table=relation.table))
        if not any(path.rglob("*.parquet")):
            reason = tr(
                "holds no Parquet file; expected {file}, or a store made by chaingraph build",
                file=f"{relation.table}.parquet",
            )
            raise UnreadableError(source, reason)
    register_rows(engine, source)
    return frozenset()


def refuse_identities(folder: Path) -> None:
    """Refuse tables of the contract some rows of which are the same thing.

    Raises:
        UnreadableError: There is a table that says so.
    """
    if (folder / "identities.parquet").exists():
        reason = tr("has identities.parquet, which no engine reads: build a store, which joins what is the same")
        raise UnreadableError(folder, reason)


def register_rows(engine: Engine, source: str | Path) -> Rows:
    """Give a Parquet file, a folder of its parts, or a table that the engine has, the name of a table of ours.

    Raises:
        UsageError: There is none.
    """
    path = Path(source)
    if path.exists():
        engine.parquet(_ROWS, str(path.resolve()))
    elif "://" in str(source):
        engine.parquet(_ROWS, str(source))
    elif _TABLE_NAME.fullmatch(str(source)):
        table = ".".join(engine.quoted(part) for part in str(source).split("."))
        try:
            engine.keep(_ROWS, f"SELECT * FROM {table}")
        except UsageError as error:
            message = tr("there is no file or folder {path}, and no such table: {error}", path=source, error=error)
            raise UsageError(message) from error
    else:
        raise UsageError(tr("there is no file or folder {path}", path=excerpt(str(source), 200)))
    return Rows(engine, _ROWS, str(source), by_contract=False)


def _keep_rows(rows: Rows, relation: Relation, tables: frozenset[str], *, dated: bool) -> int:
    """Keep member and event of each row, and its dates if they are asked for; return how many rows have not both."""
    engine = rows.engine
    cells = {"member": rows.cell("organization", "member"), "event": rows.cell(relation.event, "event")}
    if dated and (relation.dated == relation.table or not tables):
        cells |= _dates(rows, relation)
    left_out = rows.keep(cells, ("member", "event"))
    if tables:
        keys = ", ".join(name for name in cells if name != "member")
        split_cells(engine, "chaingraph_row", "member", keys)
    if dated and "since" not in cells:
        if relation.dated not in tables:
            reason = tr("has no {table}.parquet, which has the dates; leave out the period", table=relation.dated)
            raise UnreadableError(rows.name, reason)
        events = Rows(engine, f"chaingraph_{relation.dated}", relation.dated, by_contract=True)
        dates = ", ".join(f"{cell} AS {name}" for name, cell in _dates(events, relation).items())
        engine.keep("chaingraph_date", f"SELECT {events.cell('id')} AS event, {dates} FROM {events.table}")
        engine.keep("chaingraph_row", statement("with_dates"))
    return left_out


def _dates(rows: Rows, relation: Relation) -> dict[str, str]:
    """Return the cells of the beginning and the end, as text; a column that is not there is empty."""
    names = {"since": relation.since, "until": relation.until}
    columns = rows.columns
    if not any(name in columns for name in names.values()):
        rows.cell(*names.values())
    return {
        date: f"CAST({rows.cell(name)} AS STRING)" if name in columns else "CAST(NULL AS STRING)"
        for date, name in names.items()
    }


def _keep_names(engine: Engine, column: str, table: str, tables: frozenset[str], source: str) -> int:
    """Number the members or events by name, those of a table of the contract or those of the rows; return how many.

    Raises:
        UnreadableError: A row names one that the table has not.
    """
    numbered = f"chaingraph_{column}"
    if table not in tables:
        engine.keep(numbered, statement("names", table="chaingraph_row", column=column, label=column))
        return count(engine, numbered)
    things = Rows(engine, f"chaingraph_{table}", table, by_contract=True)
    label = things.cell("name") if "name" in things.columns else things.cell("id")
    engine.keep("chaingraph_names", f"SELECT {things.cell('id')} AS id, {label} AS name FROM {things.table}")
    engine.keep(numbered, statement("names", table="chaingraph_names", column="id", label="name"))
    unknown = engine.ask(statement("unknown_names", column=column)).to_pylist()
    if unknown:
        names = excerpt(", ".join(f"'{row['name']}'" for row in unknown), 200)
        reason = tr(
            "{table} has no row with the id {names}; an engine reads ids, chaingraph build names too",
            table=table,
            names=names,
        )
        raise UnreadableError(source, reason)
    return count(engine, numbered)


def _keep_tops(engine: Engine, tables: frozenset[str], hierarchy: Hierarchy, source: str) -> int:
    """Keep the highest parent of each organization that has exactly one; return how many have.

    Raises:
        UnreadableError: There is no table of the hierarchy, or some are part of each other in a circle.
    """
    if "hierarchy" not in tables:
        raise UnreadableError(source, tr("has no hierarchy.parquet, which says what is part of what"))
    rows = Rows(engine, "chaingraph_hierarchy", "hierarchy", by_contract=True)
    cells = {"member": rows.cell("organization"), "event": rows.cell("parent")}
    if hierarchy.period is not None:
        cells |= _dates(rows, MEMBERSHIPS)
    rows.keep(cells, ("member", "event"))
    if hierarchy.period is not None:
        keep_period(engine, hierarchy.period, rows.name)
    engine.keep("chaingraph_parent", statement("reach_start"))
    engine.keep("chaingraph_reach", statement("reach_start"))
    number = -1
    while (total := count(engine, "chaingraph_reach")) != number:
        number = total
        engine.keep("chaingraph_reach", statement("reach_round"))
    if engine.ask(statement("reach_circle")).column(0)[0].as_py():
        reason = tr("makes organizations part of themselves; correct it, or name a date")
        raise UnreadableError(rows.name, reason)
    engine.keep("chaingraph_top", statement("tops"))
    return count(engine, "chaingraph_top")
