"""The relations of one table that a roster states, as columns: the only place that tells one relation from another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chaingraph.rosters.sheet import Place

Key = str | tuple[str, ...]
"""How a thing is told from the others of its table: its name; a region by the short names of its line of places."""


class Relations:
    """The relations of one table: one row per key of the contract, in columns of equal length.

    ``places`` has where each relation stands first, ``years`` the years of its sheets, of those rows that have some.
    """

    def __init__(self, table: str) -> None:
        self._columns: dict[str, list[Key | None]] = {column.name: [] for column in contract()[table].cells}
        self.places: list[Place] = []
        self.years: dict[int, set[str]] = {}
        self._key = contract()[table].primary_key
        self._rows: dict[tuple[Key | None, ...], int] = {}

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.places)

    @property
    def columns(self) -> dict[str, list[Key | None]]:
        """The values of each column of the contract, None where nothing is stated."""
        for cells in self._columns.values():
            cells.extend([None] * (len(self) - len(cells)))
        return self._columns

    def add(self, values: Mapping[str, Key], place: Place, year: str | None = None) -> list[tuple[str, Key, Key]]:
        """State a relation; one with the same key is stated already, and takes what it says besides.

        Returns:
            The columns in which the two differ, each with the first value, which stays, and the second.
        """
        row = self._rows.setdefault(tuple(map(values.get, self._key)), len(self.places))
        if year is not None:
            self.years.setdefault(row, set()).add(year)
        if row == len(self.places):
            self.places.append(place)
            for column, value in values.items():
                cells = self._columns[column]
                cells.extend([None] * (row - len(cells)))
                cells.append(value)
            return []
        differences = []
        columns = self.columns
        for column, value in values.items():
            first = columns[column][row]
            if first is None:
                columns[column][row] = value
            elif first != value:
                differences.append((column, first, value))
        return differences

    def row(self, number: int) -> dict[str, Key]:
        """Return what is stated of a row."""
        return {column: value for column, cells in self.columns.items() if (value := cells[number]) is not None}

    def replace(self, columns: Iterable[str], into: Mapping[Key, Key]) -> None:
        """Put one thing in the place of another in some columns; of relations that become alike the first stays."""
        for column in columns:
            self._columns[column] = [None if one is None else into.get(one, one) for one in self.columns[column]]
        first: dict[tuple[Key | None, ...], int] = {}
        for row, key in enumerate(zip(*(self.columns[column] for column in self._key), strict=True)):
            same = first.setdefault(key, row)
            if same != row and row in self.years:
                self.years.setdefault(same, set()).update(self.years[row])
        self.keep(list(first.values()))

    def keep(self, rows: Sequence[int]) -> None:
        """Keep some rows, and leave out the others."""
        self._columns = {column: [cells[row] for row in rows] for column, cells in self.columns.items()}
        self.places = [self.places[row] for row in rows]
        self.years = {new: self.years[row] for new, row in enumerate(rows) if row in self.years}
        keys = zip(*(self.columns[column] for column in self._key), strict=True)
        self._rows = {key: row for row, key in enumerate(keys)}
