"""The tables of a document as facts: headings, rows and cells are read as those of a roster, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.extraction.bodies import region_of
from chaingraph.extraction.chinese_names import chinese_names
from chaingraph.extraction.english_names import english_names
from chaingraph.extraction.stages import level_of
from chaingraph.rosters.amounts import Unit, amount_of, unit_of, whole_of
from chaingraph.rosters.codes import code_of
from chaingraph.rosters.columns import ColumnReading, reading_of
from chaingraph.rosters.dates import date_of
from chaingraph.rosters.folding import fold, is_nothing, name_of
from chaingraph.rosters.headings import Match
from chaingraph.rosters.layout import layout_of
from chaingraph.rosters.names import Reader, has_ending
from chaingraph.rosters.sheet import Sheet
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.extraction.documents import Cell, Document, Row
    from chaingraph.extraction.facts import Facts, Value
    from chaingraph.extraction.topic import Topic
    from chaingraph.rosters.columns import SheetReading
    from chaingraph.rosters.layout import Layout

_REASON = "table"
_OWN_ROLE = ("公司角色", "本公司角色", "承担角色", "角色", "公司承担角色", "role", "our role")
_OWN_SHARE = ("公司获拨", "公司经费", "获拨经费", "granttogroup", "granttocompany", "grant", "ourshare")
_ROLES = {
    "牵头": "coordinator",
    "参与": "participant",
    "主持": "coordinator",
    "承担": "coordinator",
    "lead": "coordinator",
    "partner": "participant",
}
_BRACKET = re.compile(r"[（(]([^（）()]*)[）)]")
_GRANTS = (
    "省级资助",
    "市级资助",
    "财政资助",
    "资助经费",
    "资助金额",
    "补助经费",
    "支持经费",
    "省级资助经费",
    "财政经费",
)
_FUNDERS = ("项目类别", "项目来源", "funder", "fundingprogramme", "来源")


@dataclass(frozen=True)
class _Table:
    """One table with what its columns mean."""

    document: Document
    rows: Sequence[Row]
    layout: Layout
    reading: SheetReading
    topic: Topic
    facts: Facts
    unit: str

    @property
    def subject(self) -> ColumnReading | None:
        """The column that names what a row is about."""
        for column in self.reading.columns:
            if column.match.meaning.makes is None and column.match.of is None and column.match.meaning.column == "name":
                return column
        return self._by_endings()

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


def read_tables(document: Document, topic: Topic, facts: Facts) -> None:
    """Add the facts of the tables of a document."""
    for rows in document.tables:
        width = max(map(len, rows))
        texts = [[cell.text for cell in row] + [""] * (width - len(row)) for row in rows]
        sheet = Sheet.of_rows(document.name, "", texts)
        layout = layout_of(sheet)
        reading = None if layout is None else reading_of(sheet, layout)
        if layout is not None and reading is None:
            _read_names(rows, layout, facts)
        if layout is None or reading is None:
            continue
        table = _Table(document, rows, layout, reading, topic, facts, _unit_line(document, rows))
        for number in layout.rows:
            if table.subject is not None:
                _read_thing(table, rows[number], table.subject)
            else:
                _read_relation(table, rows[number])
        _read_totals(table)


def _read_names(rows: Sequence[Row], layout: Layout, facts: Facts) -> None:
    """Add the things that the first column of names lists, where no heading tells what the rows are about."""
    for index in range(len(rows[layout.rows[0]]) if layout.rows else 0):
        cells = [rows[row][index] for row in layout.rows if index < len(rows[row]) and rows[row][index].text.strip()]
        for kind in ("platforms", "organizations"):
            if cells and sum(has_ending(cell.text, kind) for cell in cells) > 0.6 * len(cells):
                for cell in cells:
                    name = name_of(cell.text)
                    more: dict[str, Value] = {"kind": kind_of(name)} if kind == "organizations" else {}
                    facts.thing(kind, name, (cell.start, cell.end), _REASON, 0.8, **more)
                return


def _unit(words: str) -> Unit | None:
    """Return the unit that a heading or the line above a table gives, also £'000."""
    thousands = re.search(r"([£€$])\s?['’]?000\b", words)
    if thousands is not None:
        return Unit(1000, {"£": "GBP", "€": "EUR", "$": "USD"}[thousands[1]])
    return unit_of(words)


def _unit_line(document: Document, rows: Sequence[Row]) -> str:
    """Return the line above a table, which may give the unit of its amounts: 单位：万元."""
    return document.text[: rows[0][0].start].rstrip("\n").rpartition("\n")[2]


def _cell(row: Row, column: ColumnReading) -> Cell | None:
    if column.index >= len(row) or is_nothing(row[column.index].text):
        return None
    return row[column.index]


def _read_thing(table: _Table, row: Row, subject: ColumnReading) -> None:
    """Add the thing that a row is about, what the row says of it, and the relations that the row makes."""
    cell = _cell(row, subject)
    if cell is None:
        return
    name = name_of(cell.text)
    kind = table.reading.context.table
    cells: dict[str, Value] = {}
    for column in table.reading.columns:
        if column is not subject and column.match.meaning.makes is None and column.match.of is None:
            cells |= _attributes(table, row, column)
    cells |= _of_name(table, kind, name)
    if kind == "projects":
        cells |= _own_part(table, row, name)
    table.facts.thing(kind, name, (cell.start, cell.end), _REASON, 0.9, **cells)
    if kind == "consortia":
        table.facts.complete(kind, name, **_of_name(table, kind, name))
    for column in table.reading.columns:
        if column.match.meaning.makes is not None and column.match.of is None:
            _read_relations(table, row, column, name)


def _of_name(table: _Table, kind: str, name: str) -> dict[str, Value]:
    """Return what the name and the title of a list say of a thing."""
    if kind == "consortia":
        consortia = [one for one in chinese_names(name) + english_names(name) if one.kind == "consortium"]
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
    return {}


def kind_of(name: str) -> str | None:
    """Return the kind of an organization that its name says.

    >>> kind_of("甲州大学"), kind_of("东山机电有限公司"), kind_of("Acme GmbH"), kind_of("东山")
    ('university', 'enterprise', 'enterprise', None)
    """
    organizations = [one for one in chinese_names(name) + english_names(name) if one.kind == "organization"]
    code = organizations[-1].code if organizations else None
    return None if code == "other" else code


def _attributes(table: _Table, row: Row, column: ColumnReading) -> dict[str, Value]:
    """Return what a cell says of the subject of its row, by column of the contract."""
    cell = _cell(row, column)
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
        amount = amount_of(text, column.unit if column.unit.scale > 1 else _unit(table.unit) or column.unit)
        if amount.text is None:
            return {}
        return {meaning.column: _number(amount.text), "currency": amount.currency}
    if target.reference == "organizations":
        names = [name for name, _, _ in _names(cell, is_list=True)]
        for name, start, end in _names(cell, is_list=True):
            _organization(table, name, (start, end))
        return {meaning.column: ";".join(names) or None}
    if target.reference in ("consortia", "platforms"):
        table.facts.thing(
            target.reference,
            name_of(text),
            (cell.start, cell.end),
            _REASON,
            0.9,
            **_of_name(table, target.reference, name_of(text)),
        )
    return {meaning.column: name_of(text)}


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value


def _names(cell: Cell, *, is_list: bool) -> list[tuple[str, int, int]]:
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


def _organization(table: _Table, name: str, place: tuple[int, int]) -> None:
    table.facts.thing("organizations", name, place, _REASON, 0.9, kind=kind_of(name))


def _read_relations(table: _Table, row: Row, column: ColumnReading, name: str) -> None:
    """Add the rows that a cell makes in other tables: members, hosts, participants, counts."""
    cell, makes = _cell(row, column), column.match.meaning.makes
    if cell is None or makes is None:
        return
    if makes.table == "reported":
        whole = whole_of(cell.text)
        if whole is not None:
            _count(table, cell, makes.fixed, {makes.subject: name}, *whole)
        return
    if contract()[makes.table].column(makes.cell).reference != "organizations":
        return
    for one, start, end in _names(cell, is_list=makes.fixed.get("role") == "member"):
        _organization(table, one, (start, end))
        table.facts.row(
            makes.table, (start, end), _REASON, 0.9, **{makes.subject: name, makes.cell: one}, **dict(makes.fixed)
        )


def _count(
    table: _Table, cell: Cell, fixed: Mapping[str, str], scope: dict[str, str], value: int, qualifier: str | None
) -> None:
    # The columns of a heading that a count needs: what it counts stands in the lexicon of headings.
    cells: dict[str, Value] = {**fixed, **scope}
    if cells.get("counts") == "organizations":
        cells.setdefault("role", "member")
        cells.setdefault("lead", table.topic.lead or "unknown")
    table.facts.row(
        "reported", (cell.start, cell.end), _REASON, 0.9, value=value, qualifier=qualifier or "exactly", **cells
    )


def _read_relation(table: _Table, row: Row) -> None:
    """Add the relation that a row of a table of relations states: one member per row."""
    kind = table.reading.context.table
    cells: dict[str, Value] = {}
    members: list[tuple[str, int, int]] = []
    for column in table.reading.columns:
        cell = _cell(row, column)
        if cell is None or column.match.of is not None or column.match.meaning.makes is not None:
            continue
        meaning = column.match.meaning
        if meaning.column == "organization":
            members = _names(cell, is_list=True)
        else:
            cells |= dict(meaning.fixed) | _attributes(table, row, column)
    body = cells.get("consortium") or table.reading.group
    if kind == "memberships" and body is None and table.topic.consortium is not None:
        body = table.topic.consortium.name
    if kind == "memberships":
        cells["consortium"] = body
        if body is not None:
            first = next((cell for cell in row if name_of(cell.text) == body), row[0])
            table.facts.thing(
                "consortia",
                str(body),
                (first.start, first.end),
                _REASON,
                0.9,
                **_of_name(table, "consortia", str(body)),
            )
    for name, start, end in members:
        _organization(table, name, (start, end))
        table.facts.row(kind, (start, end), _REASON, 0.9, organization=name, **cells)


def _own_part(table: _Table, row: Row, project: str) -> dict[str, Value]:
    """Add the part that the company of an annual report has in a project: columns 公司角色, Grant to Group."""
    company = table.topic.company
    cells: dict[str, Value] = {}
    part: dict[str, Value] = {}
    place: tuple[int, int] | None = None
    headings = [table.layout.heading(index) for index in range(len(row))]
    for index, heading in enumerate(headings):
        text = row[index].text if index < len(row) else ""
        if fold(heading) in map(fold, _OWN_ROLE):
            part["role"] = code_of(text, "participation-role") or _ROLES.get(fold(text))
            place = (row[index].start, row[index].end)
        elif fold(heading) in map(fold, _OWN_SHARE):
            amount = amount_of(text, _unit(heading) or _unit(table.unit) or Unit())
            if amount.text is not None:
                part |= {"contribution": _number(amount.text), "currency": amount.currency}
        elif fold(_BRACKET.sub("", heading)) in map(fold, _GRANTS) and text:
            amount = amount_of(text, _unit(heading) or _unit(table.unit) or Unit())
            if amount.text is not None:
                unit = _BRACKET.search(heading)
                table.facts.row(
                    "claims",
                    (row[index].start, row[index].end),
                    _REASON,
                    0.8,
                    subject_table="projects",
                    subject=project,
                    property="public_funding",
                    value=text + (unit[1] if unit else ""),
                    status="stated",
                )
        elif fold(heading) in map(fold, _FUNDERS) and text:
            cells |= {"programme": name_of(text), "level": level_of(text, table.document.language)}
    if company is not None and place is not None and part.get("role") is not None:
        _organization(table, company, place)
        table.facts.row("participations", place, _REASON, 0.9, project=project, organization=company, **part)
    return cells


def _read_totals(table: _Table) -> None:
    """Add the totals below a table, where its title names a region or a programme: 合计 6家 64."""
    scope: dict[str, str] = {}
    if table.topic.programme:
        scope = {"programme": table.topic.programme}
    elif table.topic.region:
        scope = {"region": table.topic.region}
    if not scope or table.reading.context.table != "consortia":
        return
    for left in table.layout.left_out:
        if left.reason != "total" or left.row >= len(table.rows):
            continue
        row = table.rows[left.row]
        for column in table.reading.columns:
            cell = _cell(row, column)
            whole = whole_of(cell.text) if cell is not None else None
            if cell is None or whole is None:
                continue
            makes = column.match.meaning.makes
            if makes is not None and makes.table == "reported":
                _count(table, cell, makes.fixed, scope, *whole)
            elif column is table.subject:
                _count(table, cell, {"counts": "consortia"}, scope, *whole)
