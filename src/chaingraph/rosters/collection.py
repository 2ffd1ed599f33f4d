"""What a roster names: things by table and name, relations between them, and where each stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from chaingraph.rosters.folding import name_of
from chaingraph.rosters.places import short_place
from chaingraph.rosters.relations import Key, Relations
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.rosters.sheet import Place

__all__ = ["Collection", "Difference", "Key", "Relations", "Thing", "Value"]

Value = Key | list[Key]


@dataclass(slots=True)
class Thing:
    """A thing that a roster names.

    Args:
        key: How it is told from the others of its table.
        place: Where it stands first.
        listed: A row of the roster is about it; else it is only named beside another.
        values: Its columns; a reference is a key, a list has several values.
        years: The years of the sheets that list it.
        known_as: The name from which its id is made, where a decision says that it was called so before.
        words: The heading and the text of the cell that states a count.
        forms: How often a region is called what, 甲州 or 甲州市; all others are called as their key says.
    """

    key: Key
    place: Place
    listed: bool = False
    values: dict[str, Value] = field(default_factory=dict)
    years: frozenset[str] = frozenset()
    known_as: str | None = None
    words: tuple[str, str] | None = None
    forms: dict[str, int] | None = None

    @property
    def name(self) -> str:
        """The name; of several forms the longest, which leaves out least."""
        if self.forms is None:
            return str(self.key)
        forms = self.forms
        return max(forms, key=lambda form: (len(form), forms[form]))


@dataclass(frozen=True)
class Difference:
    """A second value of a column that holds one: what was read first stays."""

    table: str
    name: str
    column: str
    first: str
    other: str
    place: Place


class _RelationsByTable(dict[str, Relations]):
    """The relations by table, none where there are none yet."""

    def __missing__(self, table: str) -> Relations:
        relations = self[table] = Relations(table)
        return relations


class Collection:
    """The things and relations of one or several sheets, gathered row by row."""

    def __init__(self) -> None:
        self.things: dict[str, dict[Key, Thing]] = defaultdict(dict)
        self.relations: dict[str, Relations] = _RelationsByTable()
        self.differences: list[Difference] = []

    def thing(self, table: str, name: str, place: Place, *, listed: bool = False, year: str | None = None) -> Key:
        """Return the key of a thing, which is made if it is new."""
        things = self.things[table]
        thing = things.get(name)
        if thing is None:
            thing = things[name] = Thing(name, place, listed)
        elif listed and not thing.listed:
            thing.listed, thing.place = True, place
        if year is not None:
            thing.years |= {year}
        return name

    def region(self, line: tuple[str, ...], place: Place, *, listed: bool = False) -> Key:
        """Return the key of the last of a line of places, each within the one before."""
        regions = self.things["regions"]
        keys = _keys_of_line(line)
        for name, key in zip(line, keys, strict=True):
            region = regions.get(key)
            if region is None:
                region = regions[key] = Thing(key, place, forms={})
            assert region.forms is not None
            region.forms[name] = region.forms.get(name, 0) + 1
            if len(key) > 1:
                self.state("regions", key, "within", key[:-1], place)
        if listed:
            regions[keys[-1]].listed = True
        return keys[-1]

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

    def relate(self, table: str, values: Mapping[str, Key], place: Place, *, year: str | None = None) -> None:
        """State a relation; what differs from the same relation elsewhere is kept as a difference."""
        for column, first, other in self.relations[table].add(values, place, year):
            self.differences.append(Difference(table, table, column, _text(first), _text(other), place))


@lru_cache(maxsize=10_000)
def _keys_of_line(line: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the key of each of a line of places.

    >>> _keys_of_line(("江苏省", "苏州市"))
    [('江苏',), ('江苏', '苏州')]
    """
    parts = [short_place(name_of(name)) for name in line]
    return [tuple(parts[: end + 1]) for end in range(len(parts))]


def _is_within(place: Value, other: Value) -> bool:
    """Tell whether a line of places begins or ends as another does, which says less."""
    if not isinstance(place, tuple) or not isinstance(other, tuple):
        return False
    return place[: len(other)] == other or place[-len(other) :] == other


def _text(value: Value) -> str:
    return value if isinstance(value, str) else " ".join(map(_text, value))
