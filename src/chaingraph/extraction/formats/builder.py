"""The text of a document as it grows, with the places of its cells, its pages, and what belongs to the site."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chaingraph.errors import UnreadableError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

DOCUMENT = "document"
"""What errors in the child process are about; the parent names the file."""
MOST_CHARACTERS = 5_000_000
MOST_CELLS = 500_000

Grid: TypeAlias = "list[list[list[int]]]"


class TextBuilder:
    """Collects the text of a document line by line, and notes what stands where."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.length = 0
        self.tables: list[Grid] = []
        self.pages: list[int] = []
        self.noise: list[list[int]] = []
        self._cells = 0

    def write(self, text: str) -> tuple[int, int]:
        """Append a text, and return where it stands.

        Raises:
            UnreadableError: The document is longer than any that is read.
        """
        start = self.length
        self._parts.append(text)
        self.length += len(text)
        if self.length > MOST_CHARACTERS:
            reason = tr("has more than {most_characters:,} characters; split it", most_characters=MOST_CHARACTERS)
            raise UnreadableError(DOCUMENT, reason)
        return start, self.length

    def line(self, text: str = "") -> None:
        """Append a line."""
        self.write(f"{text}\n")

    def table(self, rows: Sequence[Sequence[object]], text_of: Callable[[object], str]) -> None:
        """Append a table, a line per row; a cell that stands in several rows or columns is written where it is first.

        Args:
            rows: The cells of each row; the same object where one cell spans several places.
            text_of: Returns the text of a cell.
        """
        places: dict[int, list[int]] = {}
        grid: Grid = []
        for row in rows:
            line: list[list[int]] = []
            first = True
            for cell in row:
                if id(cell) not in places:
                    if not first:
                        self.write("\t")
                    first = False
                    places[id(cell)] = list(self.write(text_of(cell)))
                line.append(places[id(cell)])
                self._cells += 1
                if self._cells > MOST_CELLS:
                    reason = tr(
                        "has tables of more than {most_cells:,} cells; import it as a roster", most_cells=MOST_CELLS
                    )
                    raise UnreadableError(DOCUMENT, reason)
            self.line()
            grid.append(line)
        self.tables.append(grid)

    def message(self) -> bytes:
        """Return all of it as JSON."""
        content = {"text": "".join(self._parts), "tables": self.tables, "pages": self.pages, "noise": self.noise}
        return json.dumps(content).encode()
