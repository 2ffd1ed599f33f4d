"""The brief as data, in one language: what its HTML and its Word document are made of."""

from __future__ import annotations

from dataclasses import dataclass

from chaingraph.briefing.network_picture import NetworkPicture
from chaingraph.languages import Language

Notes = tuple[int, ...]
"""The numbers of the notes that stand behind a statement."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A sentence with a figure, what it rests on (``known``, ``reported`` or ``unknown``), and since when it holds.

    ``since`` is the latest date of the sources behind it, empty where none is dated.
    """

    text: str
    basis: str
    since: str = ""
    notes: Notes = ()


@dataclass(frozen=True, slots=True)
class StageCell:
    """A stage in the picture of a chain: what comes before it, who holds it; ``status`` as on the chain map."""

    name: str
    before: str
    holders: tuple[str, ...]
    more: str
    status: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the picture of a chain, which may be several cells wide."""

    heading: str
    width: int
    stages: tuple[StageCell, ...]


@dataclass(frozen=True, slots=True)
class ChainPicture:
    """A chain as a picture of cells: lanes from left to right, in each its stages row by row."""

    caption: str
    lanes: tuple[Lane, ...]

    def rows(self) -> list[list[StageCell | None]]:
        """Return the cells row by row, None where a row has no stage."""
        height = max((-(-len(lane.stages) // lane.width) for lane in self.lanes), default=0)
        return [
            [
                lane.stages[number] if (number := row * lane.width + column) < len(lane.stages) else None
                for lane in self.lanes
                for column in range(lane.width)
            ]
            for row in range(height)
        ]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list, and the notes behind it."""

    cells: tuple[str, ...]
    notes: Notes = ()


@dataclass(frozen=True, slots=True)
class BriefTable:
    """A list: its caption, a sentence on it, headings, rows; with no row, only the sentence that says so."""

    caption: str
    sentence: str
    headings: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A source: its number, and where it can be read."""

    number: int
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief in one language; ``changes`` is empty unless it was compared with another graph."""

    language: Language
    title: str
    subtitles: tuple[str, ...]
    figures: tuple[KeyFigure, ...]
    chains: tuple[ChainPicture, ...]
    no_chain: str
    lists: tuple[BriefTable, ...]
    network: NetworkPicture
    network_sentence: str
    coverage: BriefTable
    changes: tuple[str, ...]
    notes: tuple[Note, ...]
    credits: tuple[str, ...]
