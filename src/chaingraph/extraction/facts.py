"""The facts that are read from one document, each once: a row of a table with the words that state it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Value = str | int | float | None
Cells = dict[str, Value]
_ROLES_WITHOUT_RANK = ("member", None)
_REPEATED = ("hierarchy", "sites", "recognitions", "cooperations", "supplies")
"""Tables whose rows a text repeats with less: once with the year, once without."""


@dataclass(frozen=True)
class Fact:
    """A row that a document states.

    ``start`` and ``end`` are the place of the quote in the text of the document; ``reason`` names the rule,
    ``confidence`` is between 0 and 1.
    """

    table: str
    cells: Cells
    start: int
    end: int
    reason: str
    confidence: float


@dataclass
class Facts:
    """Collects facts; a row of a thing that is named again takes the cells that it lacks."""

    rows: list[Fact] = field(default_factory=list)
    things: dict[tuple[str, str], Fact] = field(default_factory=dict)
    _keys: set[tuple[object, ...]] = field(default_factory=set)

    def thing(
        self, table: str, name: str, place: tuple[int, int], reason: str, confidence: float, **cells: Value
    ) -> None:
        """Add a row of a named thing, or the cells that its row lacks."""
        old = self.things.get((table, name))
        new: Cells = {key: value for key, value in cells.items() if value is not None}
        if old is None:
            self.things[table, name] = Fact(table, {"name": name, **new}, *place, reason, confidence)
        else:
            self.things[table, name] = replace(old, cells=new | old.cells, confidence=max(old.confidence, confidence))

    def complete(self, table: str, name: str, **cells: Value) -> None:
        """Write the cells that a thing lacks."""
        old = self.things.get((table, name))
        if old is not None:
            new: Cells = {key: value for key, value in cells.items() if value is not None}
            self.things[table, name] = replace(old, cells=new | old.cells)

    def correct(self, table: str, name: str, **cells: Value) -> None:
        """Write cells of a thing over those that it has."""
        old = self.things.get((table, name))
        if old is not None:
            self.things[table, name] = replace(old, cells=old.cells | cells)

    def row(self, table: str, place: tuple[int, int], reason: str, confidence: float, **cells: Value) -> None:
        """Add a row of a relation, unless the same was added before."""
        new: Cells = {key: value for key, value in cells.items() if value is not None}
        identity = (table, *sorted((key, str(value)) for key, value in new.items() if key not in ("since", "until")))
        if identity not in self._keys:
            self._keys.add(identity)
            self.rows.append(Fact(table, new, *place, reason, confidence))

    def rename(self, names: dict[str, str]) -> None:
        """Write names as the document writes them."""
        self.rows = [_renamed(row, names) for row in self.rows]
        self.things = {key: _renamed(row, names) for key, row in self.things.items()}

    def all(self) -> list[Fact]:
        """Return all facts in the order of the tables and of their places, without those that another fact holds."""
        order = {table: number for number, table in enumerate(contract())}
        facts = [*self.things.values(), *self._memberships(), *self._relations()]
        return sorted(facts, key=lambda fact: (order[fact.table], fact.start, fact.end, str(fact.cells)))

    def _relations(self) -> Iterable[Fact]:
        """Return the rows of the other tables; one of whose cells another of its table has all says nothing more."""
        groups: dict[tuple[Value, ...], list[Fact]] = {}
        for row in self.rows:
            if row.table != "memberships":
                groups.setdefault((row.table, next(iter(_references(row)), None)), []).append(row)
        for rows in groups.values():
            for row in rows:
                if row.table not in _REPEATED or not any(_says_more(other, row) for other in rows):
                    yield row

    def _with_ends(self, rows: list[Fact]) -> list[Fact]:
        """Return memberships: an end that a text says of a plain member ends the role that it names elsewhere."""
        ends = {_pair(row): row for row in rows if row.cells.get("role") == "member" and row.cells.get("until")}
        others = {_pair(row) for row in rows if row.cells.get("role") not in _ROLES_WITHOUT_RANK} & set(ends)
        result = []
        for row in rows:
            pair = _pair(row)
            if pair in others and row.cells.get("role") in _ROLES_WITHOUT_RANK:
                continue
            if pair in others and "until" not in row.cells:
                row = replace(row, cells=row.cells | {"until": ends[pair].cells["until"]})
            result.append(row)
        return result

    def _memberships(self) -> Iterable[Fact]:
        """Return the memberships; a plain one beside another of the same organization in the same body says nothing."""
        rows = self._with_ends([row for row in self.rows if row.table == "memberships"])
        ranked = {_pair(row) for row in rows if row.cells.get("role") not in _ROLES_WITHOUT_RANK}
        leads = {_pair(row) for row in rows if row.cells.get("role") == "lead"}
        associates = {_pair(row) for row in rows if row.cells.get("role") in ("associate", "third-party")}
        members = {_pair(row) for row in rows if row.cells.get("role") == "member"}
        ends = {_pair(row) for row in rows if row.cells.get("until") is not None}
        for row in rows:
            role, pair = row.cells.get("role"), _pair(row)
            if role is None and (pair in ranked or pair in members):
                continue
            if role == "member" and pair in associates:
                continue
            if role == "member" and (pair in leads or (pair in ends and row.cells.get("until") is None)):
                continue
            yield row


def columns_of(table: str, rows: Sequence[Mapping[str, Value]]) -> list[str]:
    """Return the columns of a table that some rows fill, in the order of the contract; ``segment`` comes last."""
    used = {name for cells in rows for name in cells}
    return [column.name for column in contract()[table].cells if column.name in used] + sorted(used & {"segment"})


def _renamed(row: Fact, names: dict[str, str]) -> Fact:
    def text(value: Value) -> Value:
        return ";".join(names.get(part, part) for part in value.split(";")) if isinstance(value, str) else value

    return replace(row, cells={key: text(value) for key, value in row.cells.items()}) if names else row


def _says_more(row: Fact, other: Fact) -> bool:
    """Tell whether a row has all cells of another one and more; a longer name that holds its name counts as more."""
    if row is other or len(row.cells) < len(other.cells) or row.cells == other.cells:
        return False
    name, other_name = str(row.cells.get("name")), str(other.cells.get("name"))
    has_all = all(row.cells.get(key) == value for key, value in other.cells.items() if key != "name")
    return has_all and other_name in name and (len(row.cells) > len(other.cells) or other_name != name)


def _references(row: Fact) -> Iterable[Value]:
    return (
        row.cells[column.name]
        for column in contract()[row.table].cells
        if column.reference and column.name in row.cells
    )


def _pair(row: Fact) -> tuple[Value, ...]:
    return row.cells.get("organization"), row.cells.get("consortium"), row.cells.get("programme")
