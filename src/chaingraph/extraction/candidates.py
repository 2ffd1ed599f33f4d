"""Candidates: the rows that documents propose, each with the words that state it; a person decides on each."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chaingraph.extraction.facts import columns_of
from chaingraph.tables import contract
from chaingraph.tables.references import identifier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from chaingraph.extraction.documents import Document
    from chaingraph.extraction.facts import Fact, Value
    from chaingraph.extraction.sources import Source


@dataclass(frozen=True)
class Candidate:
    """One row that a document proposes.

    ``cells`` are those of ``table``, references by name; of a stage role also ``segment``, which its stage has.
    ``start`` and ``end`` are the place of ``quote`` in the archived text of ``document``; ``page`` is None where the
    document has no pages. ``nearest`` is an equal or similar name in the data set, if there is one.
    """

    document: str
    table: str
    cells: Mapping[str, Value]
    quote: str
    start: int
    end: int
    page: int | None
    reason: str
    confidence: float
    nearest: str | None = None

    @property
    def key(self) -> str:
        """What a decision is remembered by: it depends on the document's name, the table and the cells."""
        return identifier(self.document, self.table, json.dumps(dict(sorted(self.cells.items())), ensure_ascii=False))

    def record(self) -> dict[str, Any]:
        """Return the candidate as JSON holds it."""
        return {
            "document": self.document,
            "table": self.table,
            "cells": dict(self.cells),
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "page": self.page,
            "reason": self.reason,
            "confidence": self.confidence,
        }


@dataclass(frozen=True)
class Candidates:
    """What documents propose: rows by table, the documents' texts, and what a reader should know.

    Args:
        rows: The candidates, by document, table and place.
        sources: The documents.
        notes: Totals that a text states and its rows do not meet, and what was left out because it is decided.
    """

    rows: tuple[Candidate, ...]
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The candidates by table: its cells, then the quote, where it stands, the reason and the confidence."""
        import pandas as pd

        frames = {}
        for table in contract():
            rows = [row for row in self.rows if row.table == table]
            if rows:
                records = [{**row.cells, **_provenance(row)} for row in rows]
                frames[table] = pd.DataFrame(
                    records, columns=[*columns_of(table, [row.cells for row in rows]), *_provenance(rows[0])]
                )
        return frames

    def save(self, path: Path | str) -> None:
        """Write the workbook in which a person decides, and the texts of the documents into a folder beside it.

        Args:
            path: A file that ends in ``.xlsx``; the folder of ``roster.xlsx`` is ``roster.texts``.

        Raises:
            UsageError: The ending is another, or nothing can be written there.
        """
        from chaingraph.extraction.review import write_review

        write_review(self, path)


def _provenance(row: Candidate) -> dict[str, Any]:
    return {
        "quote": row.quote,
        "document": row.document,
        "page": row.page,
        "start": row.start,
        "end": row.end,
        "reason": row.reason,
        "confidence": row.confidence,
    }


def candidates_of(document: Document, facts: list[Fact]) -> list[Candidate]:
    """Return the facts of a document as candidates."""
    return [
        Candidate(
            document.name,
            fact.table,
            {("table" if name == "subject_table" else name): value for name, value in fact.cells.items()},
            document.text[fact.start : fact.end],
            fact.start,
            fact.end,
            document.page(fact.start),
            fact.reason,
            fact.confidence,
        )
        for fact in facts
    ]


def with_nearest(rows: list[Candidate], names: Mapping[str, list[str]]) -> list[Candidate]:
    """Return candidates of named things with the equal or nearest name of the data set.

    Args:
        rows: The candidates.
        names: By table the names that the data set has.
    """
    from chaingraph.identity.names import normal_name
    from chaingraph.identity.similarity import similar

    nearest: dict[tuple[str, str], str] = {}
    for table, existing in names.items():
        proposed = sorted({str(row.cells["name"]) for row in rows if row.table == table and "name" in row.cells})
        normal = [normal_name(name) for name in (*existing, *proposed)]
        best: dict[str, tuple[float, str]] = {}
        for left, right, score, _ in similar(normal, [None] * len(normal)).iter_rows():
            if left < len(existing) <= right:
                name = proposed[right - len(existing)]
                best[name] = max(best.get(name, (0.0, "")), (score, existing[left]))
        keys = {one.key: name for one, name in zip(normal, existing, strict=False)}
        for name, one in zip(proposed, normal[len(existing) :], strict=True):
            if one.key in keys:
                best[name] = (1.0, keys[one.key])
        nearest |= {(table, name): other for name, (_, other) in best.items()}
    return [replace(row, nearest=nearest.get((row.table, str(row.cells.get("name"))))) for row in rows]
