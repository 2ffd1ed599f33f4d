"""Remembered decisions: ``decisions.csv`` in a data set, so that nothing is proposed twice."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.errors import UnreadableError
from chaingraph.export.formulas import without_apostrophe
from chaingraph.export.tables import csv_rows
from chaingraph.messages import tr
from chaingraph.tables.raw import DECISIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_COLUMNS = ("key", "decision", "table", "document", "words")


@dataclass(frozen=True)
class Decision:
    """What a person decided on one row that a document proposed; ``words`` are those of the document."""

    key: str
    decision: str
    table: str
    document: str
    words: str


def decisions_of(folder: Path) -> dict[str, Decision]:
    """Return the decisions of a data set by key; none where it has no such file.

    Raises:
        UnreadableError: The file is there and lacks a column.
    """
    path = folder / DECISIONS
    if not path.is_file():
        return {}
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError(path, tr("cannot be read as CSV in UTF-8 ({error}); save it so", error=error)) from error
    if not rows or rows[0] != list(_COLUMNS):
        raise UnreadableError(path, tr("expected the columns {columns}", columns=", ".join(_COLUMNS)))
    decisions = (Decision(*map(without_apostrophe, row)) for row in rows[1:] if len(row) == len(_COLUMNS))
    return {decision.key: decision for decision in decisions}


def write_decisions(folder: Path, decisions: Mapping[str, Decision]) -> None:
    """Write the decisions of a data set, in the order of their documents and tables."""
    ordered = sorted(decisions.values(), key=lambda one: (one.document, one.table, one.key))
    rows = [(one.key, one.decision, one.table, one.document, one.words) for one in ordered]
    (folder / DECISIONS).write_text(csv_rows(_COLUMNS, rows), encoding="utf-8")
