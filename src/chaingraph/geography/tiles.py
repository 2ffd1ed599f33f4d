"""Grids of tiles: each province of China, or each country with NUTS regions, as a square of equal size."""

from __future__ import annotations

import json
from functools import cache
from typing import NamedTuple

from chaingraph.geography.gazetteer import Place, gazetteer
from chaingraph.resources import ontology_file

GRIDS = ("china", "europe")


class Grid(NamedTuple):
    """A grid of tiles: column and row of each region by its code, from 0 on, west to east and north to south.

    ``letters`` are the two letters of each region: of ISO 3166-2 for provinces, of NUTS for countries.
    """

    name: str
    cells: dict[str, tuple[int, int]]
    letters: dict[str, str]

    def tile(self, place: Place) -> Place | None:
        """Return the region of the grid that a region is or lies within; None if there is none.

        >>> grid("china").tile(gazetteer().by_code("320583")).name_en
        'Jiangsu'
        """
        return next((one for one in (place, *gazetteer().above(place)) if one.code in self.cells), None)


@cache
def grid(name: str) -> Grid:
    """Return the grid of that name, one of ``GRIDS``.

    Raises:
        KeyError: There is no such grid.
    """
    tiles = json.loads(ontology_file("geography/tiles.json").read_text(encoding="utf-8"))[name]
    cells = {code: (column, row) for code, (column, row, _) in tiles.items()}
    return Grid(name, cells, {code: letters for code, (_, _, letters) in tiles.items()})
