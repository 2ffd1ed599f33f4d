"""Totals that a document states, held against the rows that were read from it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from chaingraph.messages import tr
from chaingraph.rosters.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.extraction.documents import Document
    from chaingraph.extraction.facts import Fact

_MOST_VALUES = 8
_LEAST_ROWS = 5


def total_notes(document: Document, facts: list[Fact]) -> list[str]:
    """Return in words where the totals of a document and its rows differ, and where a list meets them."""
    return [*_members(document, facts), *_consortia(document, facts), *_values(document)]


def _members(document: Document, facts: list[Fact]) -> Iterator[str]:
    """Compare the count of the members of a consortium with those that are named."""
    members: dict[str, set[str]] = {}
    leads: dict[str, set[str]] = {}
    for fact in facts:
        if fact.table == "memberships" and fact.cells.get("consortium") and not fact.cells.get("until"):
            body, name = str(fact.cells["consortium"]), str(fact.cells["organization"])
            (leads if fact.cells.get("role") == "lead" else members).setdefault(body, set()).add(name)
    for fact in facts:
        cells = fact.cells
        if fact.table != "reported" or cells.get("counts") != "organizations" or cells.get("status") == "planned":
            continue
        body = str(cells.get("consortium") or "")
        if body not in members or cells.get("kind") or cells.get("qualifier") not in ("exactly", None):
            continue
        count = len(members[body] | (leads.get(body, set()) if cells.get("lead") == "included" else set()))
        if count > int(cells["value"] or 0):
            words = document.text[fact.start : fact.end]
            yield tr(
                "{name}: '{words}' says {value}, but {count} members of {body} are named",
                name=document.name,
                words=words,
                value=cells["value"],
                count=count,
                body=body,
            )


def _consortia(document: Document, facts: list[Fact]) -> Iterator[str]:
    """Compare the count of the consortia of a list with those that are named."""
    by_programme = Counter(
        str(fact.cells["programme"]) for fact in facts if fact.table == "consortia" and fact.cells.get("programme")
    )
    for fact in facts:
        if fact.table == "reported" and fact.cells.get("counts") == "consortia" and fact.cells.get("programme"):
            count, value = by_programme[str(fact.cells["programme"])], fact.cells["value"]
            if count and count != value:
                words = document.text[fact.start : fact.end]
                yield tr(
                    "{name}: '{words}' says {value} consortia, and {count} are named",
                    name=document.name,
                    words=words,
                    value=value,
                    count=count,
                )


def _values(document: Document) -> Iterator[str]:
    """Compare totals by grade, 41家优秀, with the cells of the column that has the grades."""
    for table in document.tables:
        rows = [row for row in table if row]
        if len(rows) <= _LEAST_ROWS:
            continue
        for column in range(max(map(len, rows))):
            cells = Counter(row[column].text.strip() for row in rows[1:] if column < len(row))
            if not 1 < len(cells) <= _MOST_VALUES:
                continue
            for value, count in cells.items():
                total = _stated(document, value)
                if total is not None and total != count:
                    yield tr(
                        "{name}: the text says {total} of '{value}', and the table has {count}",
                        name=document.name,
                        total=total,
                        value=value,
                        count=count,
                    )
                elif total is not None:
                    yield tr(
                        "{name}: the text says {total} of '{value}', as the table has",
                        name=document.name,
                        total=total,
                        value=value,
                    )


def _stated(document: Document, value: str) -> int | None:
    """Return the number that the prose gives for a value: 优秀41家, 评价结果为优秀的41个, 41家单位为优秀."""
    if not fold(value) or len(value) > 12 or value.isdigit():
        return None
    inside = document.table_spans
    prose = (
        "".join(
            character
            for at, character in enumerate(document.text)
            if not any(start <= at < end for start, end in inside)
        )
        if len(document.text) < 100_000
        else ""
    )
    match = re.search(rf"{re.escape(value)}[^，。；、\d]{{0,10}}?(\d+)(?:家|个|所|项)", prose)
    match = match or re.search(rf"(\d+)(?:家|个|所|项)[^，。；、\d]{{0,16}}?{re.escape(value)}", prose)
    return int(match[1]) if match else None
