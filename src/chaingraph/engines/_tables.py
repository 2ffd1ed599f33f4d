"""What is measured: where the rows of an affiliation table are, and the tables that all measures are taken from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.engines._statements import statement
from chaingraph.errors import NetworkError, UnknownTermError, UnreadableError, UsageError, excerpt
from chaingraph.messages import tr

if TYPE_CHECKING:
    from chaingraph.engines._connection import Engine

_TABLE_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*){0,2}")


@dataclass(frozen=True)
class Relation:
    """A table of the contract that says who takes part in what.

    ``table`` has a row per membership, ``event`` is its column of what the organization is a member of, ``events`` the
    table of those.
    """

    table: str
    event: str
    events: str


MEMBERSHIPS = Relation("memberships", "consortium", "consortia")
PARTICIPATIONS = Relation("participations", "project", "projects")
RELATIONS = {
    "co_membership": MEMBERSHIPS,
    "co_participation": PARTICIPATIONS,
    "affiliation": MEMBERSHIPS,
    "participation": PARTICIPATIONS,
}
"""By the name of each network that an engine measures the table it is made of."""
TWO_MODE = ("affiliation", "participation")


@dataclass(frozen=True)
class Counts:
    """How many members and events an affiliation table has, and how many of its rows name no event."""

    members: int
    events: int
    left_out: int


def relation_of(network: str) -> Relation:
    """Return the table of a network.

    Raises:
        UsageError: An engine does not measure a network of that name.
    """
    if network not in RELATIONS:
        raise UnknownTermError(network, list(RELATIONS))
    return RELATIONS[network]


def read_tables(engine: Engine, source: str | Path, relation: Relation) -> Counts:
    """Keep the tables that all measures are taken from: members, events, and the pairs of the two.

    Args:
        engine: Where.
        source: A folder with the tables of the contract in Parquet, a Parquet file or a folder of its parts with the
            columns member and event, or the name of a table that the engine has.
        relation: The table that is meant, where there are several.

    Raises:
        UsageError: The source does not exist, or a column is missing.
        UnreadableError: An organization is named that has no row.
        NetworkError: No row names a member and an event.
    """
    tables = _register(engine, source, relation)
    columns = {name: engine.quoted(name) for name in _columns(engine, "chaingraph_input")}
    member = _one_of(columns, ("organization", "member"), source)
    event = _one_of(columns, (relation.event, "event"), source)
    rows = engine.ask("SELECT count(*) AS n FROM chaingraph_input").column(0)[0].as_py()
    engine.keep(
        "chaingraph_row",
        f"SELECT {member} AS member, {event} AS event FROM chaingraph_input"
        f" WHERE {member} IS NOT NULL AND {event} IS NOT NULL",
    )
    kept = _count(engine, "chaingraph_row")
    if not kept:
        message = tr("{source} names nobody who is a member of anything, so there is nothing to measure", source=source)
        raise NetworkError(message)
    members = _keep_names(engine, "member", "organizations" if "organizations" in tables else None, source)
    events = _keep_names(engine, "event", relation.events if relation.events in tables else None, source)
    engine.keep("chaingraph_pair", statement("pairs"))
    return Counts(members, events, rows - kept)


def keep_ties(engine: Engine, *, newman: bool) -> None:
    """Keep the pairs of events that tie anybody, and what divides the weight of each event.

    Args:
        engine: Where.
        newman: An event of k members counts 1/(k - 1) for each two of them, instead of 1.
    """
    engine.keep("chaingraph_tie", statement("ties", newman=str(newman)))


def _register(engine: Engine, source: str | Path, relation: Relation) -> set[str]:
    """Give the rows the name of a table, and return which tables of the contract there are beside them."""
    path = Path(source)
    if path.is_dir():
        beside = {table: path / f"{table}.parquet" for table in ("organizations", relation.events, relation.table)}
        if beside[relation.table].exists():
            for table, file in beside.items():
                if file.exists():
                    engine.parquet("chaingraph_input" if table == relation.table else table, str(file.resolve()))
            return {table for table, file in beside.items() if file.exists()}
        if not any(path.rglob("*.parquet")):
            raise UnreadableError(
                source, tr("holds no Parquet file; expected {file}", file=f"{relation.table}.parquet")
            )
    if path.exists():
        engine.parquet("chaingraph_input", str(path.resolve()))
    elif "://" in str(source):
        engine.parquet("chaingraph_input", str(source))
    elif _TABLE_NAME.fullmatch(str(source)):
        table = ".".join(engine.quoted(part) for part in str(source).split("."))
        engine.keep("chaingraph_input", f"SELECT * FROM {table}")
    else:
        raise UsageError(tr("there is no file or folder {path}", path=excerpt(str(source), 200)))
    return set()


def _columns(engine: Engine, table: str) -> list[str]:
    names: list[str] = engine.ask(f"SELECT * FROM {table} LIMIT 0").column_names
    return names


def _count(engine: Engine, table: str) -> int:
    number: int = engine.ask(statement("count", table=table)).column(0)[0].as_py()
    return number


def _one_of(columns: dict[str, str], names: tuple[str, ...], source: str | Path) -> str:
    """Return the first column that is there, as it stands in a statement."""
    for name in names:
        if name in columns:
            return columns[name]
    raise UnreadableError(
        source,
        tr(
            "has no column {names}; it has {columns}",
            names=tr(" or ").join(names),
            columns=excerpt(", ".join(columns), 200),
        ),
    )


def _keep_names(engine: Engine, column: str, table: str | None, source: str | Path) -> int:
    """Number the members or events by name, those of a table of the contract or those of the rows; return how many."""
    if table is None:
        engine.keep(f"chaingraph_{column}", statement("names", table="chaingraph_row", column=column, label=column))
    else:
        label = "name" if "name" in _columns(engine, table) else "id"
        engine.keep(f"chaingraph_{column}", statement("names", table=table, column="id", label=label))
        unknown = engine.ask(statement("unknown_names", column=column)).to_pylist()
        if unknown:
            names = ", ".join(f"'{row['name']}'" for row in unknown[:3])
            raise UnreadableError(
                source,
                tr(
                    "{table} has no row with the id {names}; an engine reads ids, chaingraph build names too",
                    table=table,
                    names=excerpt(names, 200),
                ),
            )
    return _count(engine, f"chaingraph_{column}")
