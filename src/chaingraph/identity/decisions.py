"""The decisions of a person on candidates, as rows of the table ``identities``."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem, TableProblemsError, UnreadableError
from chaingraph.export.formulas import without_apostrophe
from chaingraph.messages import tr
from chaingraph.tables import DataSet, contract
from chaingraph.tables.references import identifier
from chaingraph.vocabulary import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_REQUIRED = ("table", "left", "right", "decision")
_TABLE = "identities"


def identities(path: Path, data_set: DataSet) -> pl.DataFrame:
    """Return the data set's table ``identities`` with the decisions in ``path``.

    ``path`` is a file of candidates in which cells of ``decision`` are filled; a row without one decides nothing. A
    pair that the table has already, either way round, takes the new decision and reason and keeps its quotes.

    Args:
        path: The CSV file, in UTF-8, its columns separated by comma or semicolon; further columns are ignored.
        data_set: The data set of the candidates.

    Raises:
        UnreadableError: The file cannot be read, or lacks a column.
        TableProblemsError: A decision is none, or a row names what the data set does not have.
    """
    columns = [column.name for column in contract()[_TABLE].cells]
    table = data_set.tables.get(_TABLE)
    rows = [] if table is None else [_file_row(row) for row in table.select(columns).iter_rows(named=True)]
    positions = {_key(row): position for position, row in enumerate(rows)}
    problems: list[Problem] = []
    for number, cells in _decisions(path):
        problems += _problems(path.name, number, cells, data_set)
        decision = code_list("decision").spellings.get(cells["decision"].casefold(), "")
        row = dict.fromkeys(columns, "") | {name: cells.get(name, "") for name in columns} | {"decision": decision}
        if _key(row) in positions:
            old = rows[positions[_key(row)]]
            new = {"decision": decision, "reason": row["reason"]} if decision != old["decision"] else {}
            rows[positions[_key(row)]] = old | new
        else:
            positions[_key(row)] = len(rows)
            rows.append(row)
    if problems:
        raise TableProblemsError(problems)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.select(name for name in columns if name in _REQUIRED or (frame[name] != "").any())


def _decisions(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows that decide, with their number as a spreadsheet counts."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(path, tr("cannot be read as CSV in UTF-8 ({error})", error=error)) from error
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        lines = list(reader)
    except csv.Error as error:
        raise UnreadableError(path, tr("is no CSV: {error}; save it again as CSV in UTF-8", error=error)) from error
    headings = [heading.strip() for heading in lines[0]] if lines else []
    missing = [name for name in _REQUIRED if name not in headings]
    if missing:
        raise UnreadableError(
            path, tr("lacks the column {missing}; expected the file that identify wrote, filled in", missing=missing[0])
        )
    for number, cells in enumerate(lines[1:], start=2):
        row = {name: without_apostrophe(cell.strip()) for name, cell in zip(headings, cells, strict=False)}
        if row.get("decision"):
            yield number, row


def _problems(place: str, number: int, row: dict[str, str], data_set: DataSet) -> Iterator[Problem]:
    decisions = code_list("decision")
    if row["decision"].casefold() not in decisions.spellings:
        yield Problem(
            place, number, "decision", row["decision"], tr("expected one of {expected}", expected=decisions.expected())
        )
    frame = data_set.tables.get(row["table"])
    if frame is None or row["table"] not in contract():
        yield Problem(
            place, number, "table", row["table"], tr("expected one of {tables}", tables=", ".join(data_set.tables))
        )
        return
    ids = set(frame[contract()[row["table"]].identifier])
    if _TABLE in data_set.tables:
        same = data_set.tables[_TABLE].filter(pl.col("table") == row["table"])
        ids |= {*same["left"], *same["right"]}
    for side in ("left", "right"):
        if row[side] not in ids:
            yield Problem(
                place, number, side, row[side], tr("expected the id of a row of '{table}'", table=row["table"])
            )


def _file_row(row: dict[str, object]) -> dict[str, str]:
    """Return a row as its file has it: without an id that was made of its key."""
    texts = {name: ";".join(value) if isinstance(value, list) else str(value or "") for name, value in row.items()}
    key_id = identifier(*(texts[name] for name in contract()[_TABLE].primary_key))
    return texts | {"id": ""} if texts["id"] == key_id else texts


def _key(row: dict[str, str]) -> tuple[str, ...]:
    return (row["table"], *sorted((row["left"], row["right"])))
