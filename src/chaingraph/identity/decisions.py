"""What a person decided on proposals, as rows of ``identities``: the only place that reads the filled file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem, TableProblemsError, UnreadableError
from chaingraph.export.cells import without_apostrophe
from chaingraph.tables import DataSet, contract
from chaingraph.tables.references import identifier
from chaingraph.vocabulary import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NEEDED = ("table", "left", "right", "decision")
_TABLE = "identities"


def identities(path: Path, data_set: DataSet) -> pl.DataFrame:
    """Return the data set's table ``identities`` with what a person decided in ``path``.

    ``path`` is a file of proposals in which cells of ``decision`` are filled; a row without one decides nothing. A pair
    that the table holds already, either way round, takes the new decision and reason and keeps its quotes.

    Args:
        path: The CSV file, in UTF-8, its columns apart by comma or semicolon; columns of no use here may stand in it.
        data_set: The data set that the proposals were made from.

    Raises:
        UnreadableError: The file cannot be read, or lacks a column.
        TableProblemsError: A decision is none, or a row names what the data set does not have.
    """
    columns = [column.name for column in contract()[_TABLE].cells]
    table = data_set.tables.get(_TABLE)
    held = [] if table is None else [_as_stated(row) for row in table.select(columns).iter_rows(named=True)]
    places = {_key(row): position for position, row in enumerate(held)}
    problems: list[Problem] = []
    for number, row in _filled(path):
        problems += _problems(path.name, number, row, data_set)
        decision = code_list("decision").spellings.get(row["decision"].casefold(), "")
        made = dict.fromkeys(columns, "") | {name: row.get(name, "") for name in columns} | {"decision": decision}
        if _key(made) in places:
            old = held[places[_key(made)]]
            changed = {"decision": decision, "reason": made["reason"]} if decision != old["decision"] else {}
            held[places[_key(made)]] = old | changed
        else:
            places[_key(made)] = len(held)
            held.append(made)
    if problems:
        raise TableProblemsError(problems)
    frame = pl.DataFrame(held, schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.select(name for name in columns if name in _NEEDED or (frame[name] != "").any())


def _filled(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows that decide, with their number as a spreadsheet counts."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(path, f"cannot be read as CSV in UTF-8 ({error})") from error
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        rows = list(reader)
    except csv.Error as error:
        raise UnreadableError(path, f"is no CSV: {error}; save it again as CSV in UTF-8") from error
    headings = [heading.strip() for heading in rows[0]] if rows else []
    missing = [name for name in _NEEDED if name not in headings]
    if missing:
        raise UnreadableError(path, f"lacks the column {missing[0]}; expected the file that identify wrote, filled in")
    for number, cells in enumerate(rows[1:], start=2):
        row = {name: _plain(cell.strip()) for name, cell in zip(headings, cells, strict=False)}
        if row.get("decision"):
            yield number, row


def _plain(cell: str) -> str:
    """Take away the apostrophe that keeps a spreadsheet from computing a cell."""
    return without_apostrophe(cell)


def _problems(place: str, number: int, row: dict[str, str], data_set: DataSet) -> Iterator[Problem]:
    decisions = code_list("decision")
    if row["decision"].casefold() not in decisions.spellings:
        yield Problem(place, number, "decision", row["decision"], f"expected one of {decisions.expected()}")
    frame = data_set.tables.get(row["table"])
    if frame is None or row["table"] not in contract():
        yield Problem(place, number, "table", row["table"], f"expected one of {', '.join(data_set.tables)}")
        return
    known = set(frame[contract()[row["table"]].identifier])
    if _TABLE in data_set.tables:
        same = data_set.tables[_TABLE].filter(pl.col("table") == row["table"])
        known |= {*same["left"], *same["right"]}
    for side in ("left", "right"):
        if row[side] not in known:
            yield Problem(place, number, side, row[side], f"expected the id of a row of '{row['table']}'")


def _as_stated(row: dict[str, object]) -> dict[str, str]:
    """Return a row as its file has it: an id that was made of its key does not stand there."""
    texts = {name: ";".join(value) if isinstance(value, list) else str(value or "") for name, value in row.items()}
    made = identifier(*(texts[name] for name in contract()[_TABLE].primary_key))
    return texts | {"id": ""} if texts["id"] == made else texts


def _key(row: dict[str, str]) -> tuple[str, ...]:
    return (row["table"], *sorted((row["left"], row["right"])))
