"""Values that many nodes and ties of a page have in common: each is there once, and they refer to its position."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from chaingraph.webpage.model import Attribute, Quote

Value = TypeVar("Value")


class SharedValues(Generic[Value]):
    """A list of different values, and the position of each.

    >>> values = SharedValues[str]()
    >>> values.positions(["a", "b"]), values.positions(["b", "c"]), values.values
    ((0, 1), (1, 2), ['a', 'b', 'c'])
    """

    def __init__(self) -> None:
        self.values: list[Value] = []
        self._positions: dict[str, int] = {}

    def positions(self, values: Iterable[Value]) -> tuple[int, ...]:
        """Return the positions of values; new ones are added at the end."""
        return tuple(self._position(value) for value in values)

    def _position(self, value: Value) -> int:
        # By its text, which tells 1 from True, and mappings from each other, which cannot be hashed.
        position = self._positions.setdefault(repr(value), len(self.values))
        if position == len(self.values):
            self.values.append(value)
        return position


@dataclass(frozen=True)
class SharedRecords:
    """The attributes and the quotes of a page."""

    attributes: SharedValues[Attribute] = field(default_factory=SharedValues)
    quotes: SharedValues[Quote] = field(default_factory=SharedValues)
