"""What a roster names: things by table and name, relations between them, and where each stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chaingraph.rosters.folding import name_of
from chaingraph.rosters.places import short_place
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chaingraph.rosters.sheet import Place

Key = str | tuple[str, ...]
"""How a thing is told from the others of its table: its name; a region by the short names of its line of places."""
Value = str | tuple[str, ...] | list[Key]


@dataclass
class Thing:
    """A thing that a roster names.

    Args:
        names: The forms of its name, the most used first where it matters.
        place: Where it stands first.
        listed: A row of the roster is about it; else it is only named beside another.
        values: Its columns; a reference is a key, a list has several values.
        years: The years of the sheets that list it.
        known_as: The name from which its id is made, where a decision says that it was called so before.
        words: The heading and the text of the cell that states a count.
    """

    names: dict[str, int]
    place: Place
    listed: bool = False
    values: dict[str, Value] = field(default_factory=dict)
    years: set[str] = field(default_factory=set)
    known_as: str | None = None
    words: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """The longest form of the name, which leaves out least."""
        if len(self.names) == 1:
            return next(iter(self.names))
        return max(self.names, key=lambda name: (len(name), self.names[name]))


@dataclass
class Relation:
    """A relation that a roster states: its columns, where it stands first, and the years of its sheets."""

    values: dict[str, Value]
    place: Place
    years: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Difference:
    """A second value of a column that holds one: what was read first stays."""

    table: str
    name: str
    column: str
    first: str
    other: str
    place: Place


class Collection:
    """The things and relations of one or several sheets, gathered row by row."""

    def __init__(self) -> None:
        self.things: dict[str, dict[Key, Thing]] = defaultdict(dict)
        self.relations: dict[str, dict[tuple[tuple[str, str], ...], Relation]] = defaultdict(dict)
        self.differences: list[Difference] = []

    def thing(self, table: str, name: str, place: Place, *, listed: bool = False, year: str | None = None) -> Key:
        """Return the key of a thing, which is made if it is new."""
        return self._thing(table, name, name, place, listed=listed, year=year)

    def region(self, line: Iterable[str], place: Place, *, listed: bool = False) -> Key:
        """Return the key of the last of a line of places, each within the one before."""
        key: tuple[str, ...] = ()
        for name in line:
            above, key = key, (*key, short_place(name_of(name)))
            self._thing("regions", key, name, place, listed=False)
            if above:
                self.state("regions", key, "within", above, place)
        if listed:
            self.things["regions"][key].listed = True
        return key

    def _thing(self, table: str, key: Key, name: str, place: Place, *, listed: bool, year: str | None = None) -> Key:
        things = self.things[table]
        thing = things.get(key)
        if thing is None:
            thing = things[key] = Thing({name: 1}, place, listed)
        else:
            thing.names[name] = thing.names.get(name, 0) + 1
            if listed and not thing.listed:
                thing.listed, thing.place = True, place
        if year is not None:
            thing.years.add(year)
        return key

    def state(self, table: str, key: Key, column: str, value: Value, place: Place) -> None:
        """State a value of a thing; a second value of a column that holds one only is kept as a difference."""
        values = self.things[table][key].values
        if contract()[table].column(column).is_list:
            several = values.setdefault(column, [])
            assert isinstance(several, list)
            several += [one for one in (value if isinstance(value, list) else [value]) if one not in several]
        elif column not in values:
            values[column] = value
        elif values[column] != value and not _is_within(values[column], value):
            if _is_within(value, values[column]):
                values[column] = value
            else:
                name = self.things[table][key].name
                difference = Difference(table, name, column, _text(values[column]), _text(value), place)
                self.differences.append(difference)

    def relate(self, table: str, values: Mapping[str, Value], place: Place, *, year: str | None = None) -> None:
        """State a relation; one with the same key is stated already, and takes what it says besides."""
        primary_key = contract()[table].primary_key
        key = tuple([(column, _text(values[column])) for column in primary_key if column in values])
        relation = self.relations[table].get(key)
        if relation is None:
            self.relations[table][key] = Relation(dict(values), place, set() if year is None else {year})
            return
        if year is not None:
            relation.years.add(year)
        for column, value in values.items():
            first = relation.values.setdefault(column, value)
            if first != value:
                self.differences.append(Difference(table, table, column, _text(first), _text(value), place))


def _is_within(place: Value, other: Value) -> bool:
    """Tell whether a line of places begins or ends as another does, which says less."""
    if not isinstance(place, tuple) or not isinstance(other, tuple):
        return False
    return place[: len(other)] == other or place[-len(other) :] == other


def _text(value: Value) -> str:
    return value if isinstance(value, str) else " ".join(map(_text, value))
