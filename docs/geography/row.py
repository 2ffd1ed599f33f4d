"""A row of the gazetteer."""

from __future__ import annotations

from typing import NamedTuple

HEADER = ("code", "kind", "level", "name_zh", "name_en", "alias", "parent", "latitude", "longitude", "point")


class Row(NamedTuple):
    """A region: how it is called, what it is part of, and a point that stands for it.

    ``point`` says what the point is: the ``seat`` of its government or chief town, or the ``middle`` of its parts.
    """

    code: str
    kind: str
    level: int
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    parent: str
    place: tuple[float, float] | None
    point: str

    def cells(self) -> list[str]:
        """Return the cells of the row, in the order of ``HEADER``; without a place the last three are empty."""
        place = [f"{degrees:.3f}" for degrees in self.place] if self.place else ["", ""]
        texts = [self.code, self.kind, str(self.level), self.name_zh, self.name_en, ";".join(self.aliases), self.parent]
        return [*texts, *place, self.point if self.place else ""]
