"""A table of a document as it is read: what its columns mean, and what a cell says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.extraction.bodies import region_of
from chaingraph.extraction.chinese_names import chinese_names
from chaingraph.extraction.documents import Cell
from chaingraph.extraction.english_names import english_names
from chaingraph.extraction.passages import plain
from chaingraph.extraction.stages import level_of
from chaingraph.rosters.amounts import Unit, amount_of, unit_of
from chaingraph.rosters.codes import code_of
from chaingraph.rosters.columns import ColumnReading
from chaingraph.rosters.dates import date_of
from chaingraph.rosters.folding import is_nothing, name_of
from chaingraph.rosters.headings import Match, is_title
from chaingraph.rosters.names import Reader, has_ending
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.extraction.documents import Document, Row
    from chaingraph.extraction.facts import Facts, Value
    from chaingraph.extraction.list_titles import ListTitle
    from chaingraph.extraction.topic import Topic
    from chaingraph.rosters.columns import SheetReading
    from chaingraph.rosters.layout import Layout

REASON = "table"
_LINES_ABOVE, _MOST_ABOVE = 4, 600
_LEAST_FORM, _ENOUGH = 2, 0.6


@dataclass(frozen=True)
class ReadTable:
    """One table with what its columns mean."""

    document: Document
    rows: Sequence[Row]
    layout: Layout
    reading: SheetReading
    topic: Topic
    facts: Facts
    unit: str
    title: ListTitle | None = None

    @property
    def subject(self) -> ColumnReading | None:
        """The column that names what a row is about; None in a table of relations."""
        if not contract()[self.reading.context.table].is_of_things:
            return None
        for column in self.reading.columns:
            if column.match.meaning.makes is None and column.match.of is None and column.match.meaning.column == "name":
                return column
        return self._by_endings()

    def group_texts(self, row: Row) -> list[str]:
        """Return the texts of the rows above a row that head a part of the table: 优秀（41家）."""
        number = next(at for at, other in enumerate(self.rows) if other is row)
        heads = [left for left in self.layout.left_out if left.row < number and left.reason == "section"]
        return [left.text for left in reversed(heads)]

    def _by_endings(self) -> ColumnReading | None:
        """Return the column whose cells end as names of consortia do, where no heading tells which it is."""
        context = self.reading.context
        if context.table != "consortia" or not self.layout.rows:
            return None
        for index in range(len(self.rows[self.layout.rows[0]])):
            texts = [self.rows[row][index].text for row in self.layout.rows if index < len(self.rows[row])]
            if sum(has_ending(text, "consortia") for text in texts) > len(texts) / 2:
                return ColumnReading(index, self.layout.heading(index), Match(context.meanings["name"]))
        return None


def unit_words(words: str) -> Unit | None:
    """Return the unit that a heading or the line above a table gives, also £'000."""
    thousands = re.search(r"([£€$])\s?['’]?000\b", words)
    if thousands is not None:
        return Unit(1000, {"£": "GBP", "€": "EUR", "$": "USD"}[thousands[1]])
    return unit_of(words)


def as_list(rows: Sequence[Row]) -> Sequence[Row]:
    """Return a form, whose headings stand in its first and perhaps third column, as a list: headings, then rows.

    A form that begins anew, with its first heading, gives one row more. Another table is returned as it is.

    >>> from chaingraph.extraction.documents import Cell
    >>> form = [[Cell("联合体名称", 0, 5), Cell("甲联合体", 6, 10)], [Cell("牵头单位", 11, 15), Cell("乙厂", 16, 18)]]
    >>> [[cell.text for cell in row] for row in as_list(form)]
    [['联合体名称', '牵头单位'], ['甲联合体', '乙厂']]
    """
    if any(len(row) not in (2, 4) for row in rows) or len(rows) < _LEAST_FORM:
        return rows
    pairs = [(row[at], row[at + 1]) for row in rows for at in range(0, len(row), 2)]
    keys = [key for key, _ in pairs if key.text.strip()]
    is_form = sum(is_title(key.text) for key in keys) >= _ENOUGH * len(keys) and len(set(keys)) > 1
    if not is_form or is_title(pairs[0][1].text) or sum(is_title(value.text) for _, value in pairs) > len(pairs) / 3:
        return rows
    records: list[dict[str, Cell]] = []
    headings: dict[str, Cell] = {}
    for key, value in pairs:
        name = key.text.strip()
        if not records or name == pairs[0][0].text.strip():
            records.append({})
        headings.setdefault(name, key)
        records[-1].setdefault(name, value)
    end = rows[-1][-1].end
    empty = Cell("", end, end)
    return [tuple(headings.values()), *(tuple(record.get(name, empty) for name in headings) for record in records)]


def lines_above(document: Document, rows: Sequence[Row]) -> list[str]:
    """Return the last lines above a table: its title, and perhaps the unit of its amounts, 单位：万元."""
    lines = document.text[max(0, rows[0][0].start - _MOST_ABOVE) : rows[0][0].start].rstrip("\n").split("\n")
    return [line.strip() for line in lines if line.strip()][-_LINES_ABOVE:]


def cell_of(row: Row, column: ColumnReading) -> Cell | None:
    """Return the cell of a column in a row; None where it says nothing."""
    if column.index >= len(row) or is_nothing(row[column.index].text):
        return None
    return row[column.index]


def of_name(table: ReadTable, kind: str, name: str) -> dict[str, Value]:
    """Return what the name and the title of a list say of a thing."""
    if kind == "consortia":
        consortia = [one for one in chinese_names(plain(name)) + english_names(name) if one.kind == "consortium"]
        region = region_of(name, table.document.language)
        return {
            "body": consortia[-1].code if consortia else None,
            "programme": table.topic.programme,
            "region": region,
            "status": "planned" if table.topic.is_proposal else None,
        }
    if kind == "platforms":
        return {"level": level_of(name, table.document.language)}
    if kind == "organizations":
        return {"kind": kind_of(name)}
    if kind == "clusters":
        clusters = [one for one in chinese_names(name) + english_names(name) if one.kind == "cluster"]
        return {"kind": clusters[-1].code if clusters else None, "level": level_of(name, table.document.language)}
    return {}


def kind_of(name: str) -> str | None:
    """Return the kind of an organization that its name says.

    >>> kind_of("甲州大学"), kind_of("东山机电有限公司"), kind_of("Acme GmbH"), kind_of("东山")
    ('university', 'enterprise', 'enterprise', None)
    """
    organizations = [one for one in chinese_names(plain(name)) + english_names(name) if one.kind == "organization"]
    code = organizations[-1].code if organizations else None
    return None if code == "other" else code


def attributes(table: ReadTable, row: Row, column: ColumnReading) -> dict[str, Value]:
    """Return what a cell says of the subject of its row, by column of the contract."""
    cell = cell_of(row, column)
    meaning = column.match.meaning
    if cell is None or meaning.leave is not None:
        return {}
    target = table.reading.context.target(meaning)
    text = cell.text
    if target.is_date:
        date = date_of(text)
        return {meaning.column: date.text, **({meaning.until: date.end} if meaning.until and date.end else {})}
    if target.codes is not None:
        return {meaning.column: code_of(text, target.codes, table.reading.context.table)}
    if target.datatype in ("decimal", "integer", "double", "float"):
        amount = amount_of(text, column.unit if column.unit.scale > 1 else unit_words(table.unit) or column.unit)
        if amount.text is None:
            return {}
        return {meaning.column: number(amount.text), "currency": amount.currency}
    if target.reference == "organizations":
        names = [name for name, _, _ in names_of(cell, is_list=True)]
        for name, start, end in names_of(cell, is_list=True):
            add_organization(table, name, (start, end))
        return {meaning.column: ";".join(names) or None}
    if target.reference in ("consortia", "platforms", "clusters"):
        table.facts.thing(
            target.reference,
            name_of(text),
            (cell.start, cell.end),
            REASON,
            0.9,
            **of_name(table, target.reference, name_of(text)),
        )
    return {meaning.column: name_of(text)}


def number(text: str) -> int | float:
    """Return a number in digits, whole where it can be."""
    value = float(text)
    return int(value) if value.is_integer() else value


def names_of(cell: Cell, *, is_list: bool) -> list[tuple[str, int, int]]:
    """Return the names in a cell with their places in the document."""
    names = []
    at = 0
    for name in Reader(is_list=is_list).read(cell.text).names:
        place = cell.text.find(name.text, at)
        if place < 0:
            names.append((name.text, cell.start, cell.end))
        else:
            at = place + len(name.text)
            names.append((name.text, cell.start + place, cell.start + at))
    return names


def add_organization(table: ReadTable, name: str, place: tuple[int, int]) -> None:
    """Add the row of an organization that a cell names."""
    table.facts.thing("organizations", name, place, REASON, 0.9, kind=kind_of(name))
