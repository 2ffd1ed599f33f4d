"""An impossible hierarchy: organizations that are part of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.checks.report import VIOLATION, Finding
from chaingraph.messages import tr
from chaingraph.queries.roll_up import circles
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph


def hierarchy_findings(kg: KnowledgeGraph) -> list[Finding]:
    """Return the rows of the hierarchy by which an organization is part of itself on some day, one finding per row."""
    return [
        Finding(
            VIOLATION,
            "part of itself",
            short_name(part),
            label,
            tr("is part of itself: correct the column 'parent' or the dates in the row {row}", row=short_name(row)),
        )
        for row, part, label in circles(kg)
    ]
