"""The option that hands a measure to an engine, and what is said of the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from chaingraph.cli.command import Panel, option
from chaingraph.cli.options import refuse
from chaingraph.cli.output import quantity, say, say_note
from chaingraph.errors import UsageError
from chaingraph.messages import enumeration, tr

if TYPE_CHECKING:
    import pandas as pd

    from chaingraph.cli.options import Sources

EngineAddress = Annotated[
    str | None,
    option(
        Panel.INPUT,
        "Measure in an engine: duckdb, duckdb:4GB, sc://host:port or spark://host:port; SOURCE is then a built store, a"
        " folder or file of Parquet, or a table that the engine has.",
        "--engine",
        metavar="ADDRESS",
    ),
]


def engine_source(source: Sources, others: dict[str, Any]) -> str:
    """Return the one source of a measure by an engine.

    Args:
        source: The sources and how they are read.
        others: The options that an engine does not take, by name; None where not given.

    Raises:
        UsageError: One of them is given, or several sources.
    """
    reading = {"--encoding": source.encoding, "--create": source.create or None, "--column": source.column or None}
    refuse(reading | others, tr("with --engine the tables are measured as they lie there; leave out one of the two"))
    if len(source.sources) != 1:
        message = tr("an engine measures one source, and there are {count}", count=len(source.sources))
        raise UsageError(message)
    return source.sources[0]


def say_engine(frame: pd.DataFrame) -> None:
    """Say which engine measured, in how many rounds, and what was left out."""
    notes = frame.attrs
    rounds = enumeration(f"{name}: {number}" for name, number in notes.get("rounds", {}).items())
    say(tr("engine: {name}", name=notes["engine"]) + (tr("; rounds: {rounds}", rounds=rounds) if rounds else ""))
    if notes.get("left_out"):
        say_note(quantity(notes["left_out"], "rows name no member or no event and are left out"))
    if notes.get("undated"):
        say_note(quantity(notes["undated"], "rows have no date and are kept"))
    if notes.get("joined"):
        say_note(quantity(notes["joined"], "organizations are joined with their parents"))
