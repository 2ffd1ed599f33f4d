"""The rows of a sheet as things and relations: the wide columns of a roster become rows of their own tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from chaingraph.rosters.cells import KINDS_OF_NAMES, ColumnCells, SheetCells
from chaingraph.rosters.folding import clean, name_of
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.rosters.collection import Key
    from chaingraph.rosters.columns import ColumnReading, SheetReading
    from chaingraph.rosters.layout import Layout
    from chaingraph.rosters.meanings import Makes
    from chaingraph.rosters.others import Count
    from chaingraph.rosters.sheet import Place

_ROLES = {"memberships": "role", "participations": "participation-role"}
_SCOPES = {"memberships": "consortium", "participations": "project"}
"""What a count in a cell of a relation counts the members of."""
_ANY_LEVEL, _OWN_NAME = 5, 9
"""The levels of a region without one, and of the region that a row lists, in the line of places of a row."""

_Ends = dict[str, list[tuple["Key", str | None]]]


@dataclass
class Row:
    """One row while it is read: its place, the keys that each meaning made, and its cells of regions by level.

    ``lines`` has the cells of the subject under None, those of what another column names under its meaning.
    """

    number: int
    place: Place
    keys: dict[str, list[Key]] = field(default_factory=dict)
    lines: dict[str | None, dict[int, tuple[str, ColumnCells]]] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetReader:
    """Reads the rows of one sheet into the collection of its cells' reader."""

    cells: SheetCells
    layout: Layout
    reading: SheetReading

    def read(self) -> int:
        """Read all rows, and return how many were read."""
        read_row = self._thing_row if contract()[self.table].is_of_things else self._relation_row
        return sum(read_row(Row(number, self.cells.sheet.place(number))) for number in self.layout.rows)

    @property
    def table(self) -> str:
        """The table that the rows are of."""
        return self.reading.context.table

    @cached_property
    def _columns(self) -> list[ColumnCells]:
        return [self._cells_of(column) for column in self.reading.columns]

    def _cells_of(self, column: ColumnReading) -> ColumnCells:
        meaning, of = column.match.meaning, column.match.of
        table = self._table_of(of) if of is not None else meaning.makes.table if meaning.makes else self.table
        return ColumnCells(self.cells, column, table, _ROLES.get(table))

    @cached_property
    def _own(self) -> list[ColumnCells]:
        return [column for column in self._columns if column.of is None and column.meaning.makes is None]

    @cached_property
    def _makers(self) -> list[ColumnCells]:
        return [column for column in self._columns if column.of is None and column.meaning.makes is not None]

    @cached_property
    def _of_others(self) -> list[ColumnCells]:
        return [column for column in self._columns if column.of is not None]

    @cached_property
    def _of_subject(self) -> list[ColumnCells]:
        """The columns that say something of what the row is about, and neither name it nor its place."""
        columns = [column for column in self._own if column not in self._labels]
        return [column for column in columns if self.table != "regions" or column.meaning.level is None]

    @cached_property
    def _labels(self) -> list[ColumnCells]:
        label = contract()[self.table].label
        return [column for column in self._own if column.meaning.column == label]

    def _leave_out(self, row: Row, reason: str) -> None:
        texts = [text for text in self.cells.sheet.row(row.number) if text is not None]
        self.cells.log.leave_out_row(reason, row.place, clean(" ".join(texts)))

    def _thing_row(self, row: Row) -> bool:
        if self.table == "regions":
            subjects = self._region(row)
        else:
            subjects = next((keys for column in self._labels if (keys := self._subjects(row, column))), [])
        if not subjects:
            self._leave_out(row, "no name")
            return False
        for subject in subjects:
            for column in self._of_subject:
                self._state(row, column, self.table, subject)
            for column in self._makers:
                self._make(row, column, subject)
        for column in self._of_others:
            self._state_of_other(row, column)
        self._state_regions(row, [(self.table, subject) for subject in subjects])
        return True

    def _subjects(self, row: Row, column: ColumnCells) -> list[Key]:
        """Return the things that a row is about: one, or several organizations that stand alone elsewhere too."""
        text = column.text(row.number)
        if text is None:
            return []
        names = [name_of(text)]
        if self.table == "organizations":
            cell = column.names(text)
            names = [name.text for name in cell.names]
            if cell.unclear or (len(names) > 1 and not self.cells.names.issuperset(names)):
                column.leave_out(row.number, "unclear names", text)
                return []
        place = column.place(row.number)
        return [
            self.cells.collection.thing(self.table, name, place, listed=True, year=self.cells.year)
            for name in names
            if name and not name.replace(" ", "").isdigit()
        ]

    def _region(self, row: Row) -> list[Key]:
        """Return the region that a row lists, by its name or by columns such as 省, 市 and 县."""
        for column in self._own:
            level = _OWN_NAME if column in self._labels else column.meaning.level
            text = column.text(row.number)
            if text is not None and level is not None:
                row.lines.setdefault(None, {})[level] = (text, column)
        line = self._line(row, None)
        if line is None or (self._labels and _OWN_NAME not in row.lines[None]):
            return []
        return [self.cells.collection.region(line, row.place, listed=True)]

    def _relation_row(self, row: Row) -> bool:
        ends: _Ends = {}
        fixed: dict[str, str] = {}
        counts: list[tuple[ColumnCells, Sequence[Count]]] = []
        for column in self._own:
            meaning = column.meaning
            target = column.target
            if target.reference is not None:
                keys, of_cell = column.keys(row.number)
                ends.setdefault(target.name, []).extend(keys)
                row.keys.setdefault(target.name, []).extend(key for key, _ in keys)
                counts.append((column, of_cell))
                fixed |= meaning.fixed if keys else {}
            elif target.codes is not None and meaning.flag is None:
                codes = column.codes(row.number)
                ends.setdefault(target.name, []).extend((code, None) for code in codes)
                if column.text(row.number) is not None:
                    fixed = {name: value for name, value in fixed.items() if name != target.name}
            else:
                self._add_value(row, column, ends)
        if self.reading.group is not None:
            place = self.cells.sheet.place()
            group = self.cells.collection.thing("consortia", self.reading.group, place, year=self.cells.year)
            ends["consortium"] = [(group, None)]
            row.keys["consortium"] = [group]
        for column, of_cell in counts:
            self._report(row, column, of_cell)
        if not self._relate(row, ends, fixed):
            if not any(of_cell for _, of_cell in counts):
                self._leave_out(row, "not whole")
            return False
        for column in self._of_others:
            self._state_of_other(row, column)
        self._state_regions(row, [])
        return True

    def _add_value(self, row: Row, column: ColumnCells, ends: _Ends) -> None:
        """Add the value of a cell to what a row states, and the end of a period and a currency where they belong."""
        cell = column.value(row.number)
        if cell is None or cell.text is None:
            return
        ends.setdefault(column.target.name, []).append((cell.text, None))
        names = {one.name for one in contract()[self.table].cells}
        for name, value in (("until", cell.end), ("currency", cell.currency)):
            if value is not None and name in names:
                ends.setdefault(name, [(value, None)])
        if cell.end is not None and "until" not in names:
            column.leave_out(row.number, "end of a period", column.text(row.number) or "")

    def _relate(self, row: Row, ends: _Ends, fixed: Mapping[str, str]) -> bool:
        """State the relations of a row: one per combination of what its cells name."""
        table = contract()[self.table]
        required = [column.name for column in table.cells if column.required]
        if not all(ends.get(name) for name in required):
            return False
        if table.at_least_one_of and not any(ends.get(name) for name in table.at_least_one_of):
            return False
        filled = {name: values for name, values in ends.items() if values}
        for combination in product(*filled.values()):
            values = dict(zip(filled, (value for value, _ in combination), strict=True))
            for name, value in fixed.items():
                values.setdefault(name, value)
            role = next((role for _, role in combination if role is not None), None)
            if role is not None:
                values["role"] = role
            self.cells.collection.relate(self.table, values, row.place, year=self.cells.year)
        return True

    def _state(self, row: Row, column: ColumnCells, table: str, key: Key, of: str | None = None) -> None:
        """State what a cell says of a thing."""
        text = column.text(row.number)
        if text is None:
            return
        meaning, collection = column.meaning, self.cells.collection
        if meaning.level is not None or meaning.column == "region":
            level = _ANY_LEVEL if meaning.level is None else meaning.level
            row.lines.setdefault(of, {})[level] = (text, column)
            return
        place = column.place(row.number)
        target = column.target
        for name, fixed in meaning.fixed.items():
            collection.state(table, key, name, fixed, place)
        if target.reference is not None:
            for value, _ in column.keys(row.number)[0]:
                if value != key:
                    collection.state(table, key, target.name, value, place)
        elif target.separator is not None and target.pattern is None:
            names = [name for part in re.split(r"[、；;\n]", clean(text)) if (name := name_of(part)) and name != key]
            collection.state(table, key, target.name, [*names], place)
        else:
            self._state_value(row, column, table, key)

    def _state_value(self, row: Row, column: ColumnCells, table: str, key: Key) -> None:
        meaning, place, collection = column.meaning, column.place(row.number), self.cells.collection
        target, cell = column.target, column.value(row.number)
        if cell is None or cell.text is None:
            return
        collection.state(table, key, target.name, [cell.text] if target.is_list else cell.text, place)
        names = {one.name for one in contract()[table].cells}
        until = meaning.until or {"since": "until", "start": "end"}.get(target.name)
        for name, more in ((until, cell.end), ("currency", cell.currency)):
            if more is not None and name in names:
                collection.state(table, key, name, more, place)
        if cell.end is not None and until not in names:
            column.leave_out(row.number, "end of a period", column.text(row.number) or "")

    def _state_of_other(self, row: Row, column: ColumnCells) -> None:
        """State what a cell says of the thing that another column of the row names."""
        of = column.of
        assert of is not None
        keys = list(dict.fromkeys(row.keys.get(of, [])))
        text = column.text(row.number)
        if text is None or not keys:
            return
        if len(keys) > 1:
            column.leave_out(row.number, "of several", text)
            return
        self._state(row, column, self._table_of(of), keys[0], of)

    def _table_of(self, of: str) -> str:
        context = self.reading.context
        return context.target(context.meanings[of]).reference or self.table

    def _line(self, row: Row, of: str | None) -> tuple[str, ...] | None:
        """Return the line of places that the cells of a row give, from the largest to the smallest."""
        line: list[str] = []
        for level, (text, column) in sorted(row.lines.get(of, {}).items()):
            parts = column.line(row.number, text) or ()
            if level == _ANY_LEVEL and line and parts[:1] == (line[0],):
                line = []
            line += [part for part in parts if part not in line]
        return tuple(line) or None

    def _state_regions(self, row: Row, subjects: Sequence[tuple[str, Key]]) -> None:
        for of, levels in row.lines.items():
            if of is None and self.table == "regions":
                continue
            line = self._line(row, of)
            if line is None:
                continue
            place = next(iter(levels.values()))[1].place(row.number)
            key = self.cells.collection.region(line, place)
            things = subjects if of is None else [(self._table_of(of), one) for one in row.keys[of][:1]]
            for table, thing in things:
                self.cells.collection.state(table, thing, "region", key, place)

    def _make(self, row: Row, column: ColumnCells, subject: Key) -> None:
        """Make the rows of another table that a cell stands for."""
        makes, text = column.meaning.makes, column.text(row.number)
        if makes is None or text is None:
            return
        if makes.table == "reported":
            cell = column.value(row.number)
            if cell is not None and cell.text is not None:
                more = dict(makes.fixed) | ({"qualifier": cell.qualifier} if cell.qualifier else {})
                self._state_count(row, column, subject, {**more, "value": cell.text}, makes.subject)
        elif column.target.reference is not None:
            keys, counts = column.keys(row.number)
            self._report(row, column, counts, subject)
            self._relate_to(row, makes, subject, keys)
            row.keys.setdefault(column.meaning.name, []).extend(key for key, _ in keys)
        elif contract()[makes.table].is_of_things:
            self._make_things(row, column, makes, subject)
        else:
            names = column.plain_names(row.number, text)
            self._relate_to(row, makes, subject, [(name, None) for name in names])

    def _relate_to(self, row: Row, makes: Makes, subject: Key, keys: Sequence[tuple[Key, str | None]]) -> None:
        """Relate the subject of a row to what a cell names, in the roles that it gives."""
        for key, role in keys:
            values: dict[str, Key] = {makes.subject: subject, makes.cell: key, **makes.fixed}
            if role is not None:
                values["role"] = role
            self.cells.collection.relate(makes.table, values, row.place, year=self.cells.year)

    def _make_things(self, row: Row, column: ColumnCells, makes: Makes, subject: Key) -> None:
        """Make the things that a cell names beside their subject, such as the platforms of a consortium."""
        text, place = column.text(row.number), column.place(row.number)
        assert text is not None
        if makes.table in KINDS_OF_NAMES:
            names = [name.text for name in column.names(text).names]
        else:
            names = column.plain_names(row.number, text)
        for name in names:
            key = self.cells.collection.thing(makes.table, name, place)
            self.cells.collection.state(makes.table, key, makes.subject, subject, place)
            row.keys.setdefault(column.meaning.name, []).append(key)

    def _report(self, row: Row, column: ColumnCells, counts: Sequence[Count], subject: Key | None = None) -> None:
        """State the counts that a cell gives of those that it names only in part."""
        makes = column.meaning.makes
        scope = makes.subject if makes else _SCOPES.get(self.table, "")
        if not counts or scope not in _SCOPES.values():
            return
        for key in [subject] if subject is not None else row.keys.get(scope, [])[:1]:
            for count in counts:
                more = {"counts": "organizations", "lead": "unknown", "qualifier": count.qualifier, "kind": count.kind}
                texts = {name: text for name, text in more.items() if text is not None}
                self._state_count(row, column, key, {**texts, "value": str(count.value)}, scope)

    def _state_count(self, row: Row, column: ColumnCells, subject: Key, texts: Mapping[str, str], scope: str) -> None:
        """State a count of a subject, with the words of the cell."""
        table = contract()["reported"].column(scope).reference
        assert table is not None
        collection, place = self.cells.collection, column.place(row.number)
        counted = " ".join(filter(None, (texts.get("kind"), texts["counts"])))
        key = collection.thing("reported", f"{collection.things[table][subject].name}: {counted}", place, listed=True)
        collection.state("reported", key, scope, subject, place)
        for name, text in texts.items():
            collection.state("reported", key, name, text, place)
        words = column.text(row.number)
        if words is not None and collection.things["reported"][key].words is None:
            collection.things["reported"][key].words = (column.heading, clean(words))
