"""What the reading of a roster has to say: cells and rows that were left out, and what was assumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.rosters.sheet import Place


@dataclass(frozen=True)
class Remark:
    """One thing to say of a place: a key of the words of this room, the text that stands there, and more values."""

    key: str
    place: Place
    text: str = ""
    heading: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Log:
    """What was left out, and what was assumed, in the order of the sheets."""

    rows: list[Remark] = field(default_factory=list)
    cells: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)

    def leave_out_row(self, key: str, place: Place, text: str) -> None:
        """Say that a row was left out."""
        self.rows.append(Remark(key, place, text))

    def leave_out_cell(self, key: str, place: Place, text: str, heading: str, **values: str) -> None:
        """Say that a cell was left out."""
        self.cells.append(Remark(key, place, text, heading, values))

    def note(self, key: str, place: Place, text: str = "", **values: str) -> None:
        """Say what was assumed."""
        self.notes.append(Remark(key, place, text, values=values))
