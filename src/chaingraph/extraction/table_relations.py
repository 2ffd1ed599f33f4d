"""What the rows of a table relate: members, subsidiaries, sites, titles, agreements, sums of money."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from chaingraph.extraction.lexicon import lexicon
from chaingraph.extraction.list_titles import add_recognition, grade_of
from chaingraph.extraction.passages import plain
from chaingraph.extraction.relations import is_whole_row, parts_of_title
from chaingraph.extraction.stages import level_of
from chaingraph.extraction.table_cells import (
    REASON,
    add_organization,
    attributes,
    cell_of,
    names_of,
    number,
    of_name,
    unit_words,
)
from chaingraph.rosters.amounts import Unit, amount_of, unit_of
from chaingraph.rosters.codes import code_of
from chaingraph.rosters.folding import fold, name_of
from chaingraph.rosters.headings import match
from chaingraph.rosters.meanings import contexts
from chaingraph.tables import contract

if TYPE_CHECKING:
    from chaingraph.extraction.documents import Cell, Row
    from chaingraph.extraction.facts import Cells, Value
    from chaingraph.extraction.table_cells import ReadTable
    from chaingraph.rosters.columns import ColumnReading

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
_UNIT_WORDS = re.compile(
    r"(?:in |单位[:：]?)?(?P<currency>[A-Z]{3}|US\$|[$€£¥￥]|新[台臺][币幣]|人民[币幣]|港[币幣]|美金)?\s*"
    r"(?P<scale>[百千十]*[万萬亿億]?(?:元|[美欧歐日港韩韓]元|英[镑鎊])|thousand|million|billion|bn|mn|m|k)?"
)
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


def read_row(table: ReadTable, row: Row) -> None:
    """Add the relations that a row of a table of relations states: one for each of its names."""
    kind = table.reading.context.table
    if kind in ("memberships", "participations"):
        _read_member(table, row, kind)
        return
    rows: list[Cells] = [{}]
    places: list[Cell] = []
    for column in table.reading.columns:
        cell = cell_of(row, column)
        if cell is None or column.match.of is not None or column.match.meaning.makes is not None:
            continue
        places.append(cell)
        target = table.reading.context.target(column.match.meaning)
        if target.reference == "organizations" and target.separator is None:
            names = names_of(cell, is_list=True)
            for name, start, end in names:
                add_organization(table, name, (start, end))
            parts: list[Cells] = [{target.name: name} for name, _, _ in names] or [{}]
        else:
            parts = [{**column.match.meaning.fixed, **attributes(table, row, column)}]
        rows = [left | right for left, right in product(rows, parts)]
    if not places:
        return
    start, end = min(cell.start for cell in places), max(cell.end for cell in places)
    place = (start, end) if "\n" not in table.document.text[start:end] else (places[0].start, places[0].end)
    for cells in rows:
        if kind == "recognitions":
            cells = _with_title(table, cells)
        if cells and is_whole_row(kind, cells) and (kind != "recognitions" or cells.get("name")):
            table.facts.row(kind, place, REASON, 0.9, **cells)


def _with_title(table: ReadTable, cells: Cells) -> Cells:
    """Return a recognition with the name that the title of the list gives where no column does, and its parts."""
    given = {name: value for name, value in cells.items() if value is not None}
    of_list = table.title.cells if table.title is not None else {}
    parts = parts_of_title(str(given["name"]), given, table.document.language) if "name" in given else {}
    return {**of_list, **given, **{name: value for name, value in parts.items() if value is not None}}


def read_relations_of_thing(table: ReadTable, row: Row, column: ColumnReading, name: str) -> None:
    """Add the rows that a cell makes in other tables: members, hosts, participants, parks, titles, products."""
    cell, makes = cell_of(row, column), column.match.meaning.makes
    if cell is None or makes is None:
        return
    target = contract()[makes.table].column(makes.cell)
    cells: Cells = {makes.subject: name}
    cells |= dict(makes.fixed)
    if target.reference == "organizations":
        for one, start, end in names_of(cell, is_list=makes.fixed.get("role") == "member"):
            add_organization(table, one, (start, end))
            table.facts.row(makes.table, (start, end), REASON, 0.9, **{**cells, makes.cell: one})
        return
    if target.reference not in ("clusters", "products", "stages") and makes.table != "recognitions":
        return
    for one in [part for part in re.split("[、，,;；\n]", cell.text) if part.strip()]:
        value = name_of(one)
        at = cell.text.find(one)
        place = (cell.start + at, cell.start + at + len(one))
        if target.reference == "clusters":
            table.facts.thing("clusters", value, place, REASON, 0.9, **of_name(table, "clusters", value))
        parts = parts_of_title(value, cells, table.document.language) if makes.table == "recognitions" else {}
        table.facts.row(makes.table, place, REASON, 0.9, **{**cells, makes.cell: value, **parts})


def read_recognition(table: ReadTable, row: Row, name: str, cell: Cell) -> None:
    """Add what the title of a list of things says of the thing of a row, with the grade that the row gives."""
    if table.title is None:
        return
    place = (cell.start, cell.end)
    grade = None
    grades = {fold(text) for text, meaning in contexts()["recognitions"].titles.items() if meaning.column == "grade"}
    for index, other in enumerate(row):
        if fold(table.layout.heading(index)) in grades and other.text.strip():
            grade = other.text.strip()
            if cell.end < other.start and "\n" not in table.document.text[cell.end : other.start]:
                place = (cell.start, other.end)
    group = grade or next(
        (each for text in table.group_texts(row) if (each := grade_of(text, table.topic.language))), None
    )
    add_recognition(table.facts, table.title, table.reading.context.table, name, place, REASON, grade=group)


def _read_member(table: ReadTable, row: Row, kind: str) -> None:
    """Add the members or participants of a row of a table of them."""
    cells: dict[str, Value] = {}
    members: list[tuple[str, int, int]] = []
    for column in table.reading.columns:
        cell = cell_of(row, column)
        if cell is None or column.match.of is not None or column.match.meaning.makes is not None:
            continue
        meaning = column.match.meaning
        if meaning.column == "organization":
            members = names_of(cell, is_list=True)
        else:
            cells |= dict(meaning.fixed) | attributes(table, row, column)
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
                REASON,
                0.9,
                **of_name(table, "consortia", str(body)),
            )
    for name, start, end in members:
        add_organization(table, name, (start, end))
        table.facts.row(kind, (start, end), REASON, 0.9, organization=name, **cells)


def own_part(table: ReadTable, row: Row, project: str) -> dict[str, Value]:
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
            amount = amount_of(text, unit_words(heading) or unit_words(table.unit) or Unit())
            if amount.text is not None:
                part |= {"contribution": number(amount.text), "currency": amount.currency}
        elif fold(_BRACKET.sub("", heading)) in map(fold, _GRANTS) and text:
            amount = amount_of(text, unit_words(heading) or unit_words(table.unit) or Unit())
            if amount.text is not None:
                unit = _BRACKET.search(heading)
                table.facts.row(
                    "claims",
                    (row[index].start, row[index].end),
                    REASON,
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
        add_organization(table, company, place)
        table.facts.row("participations", place, REASON, 0.9, project=project, organization=company, **part)
    return cells


def read_money(table: ReadTable, row: Row, name: str) -> None:
    """Add claims about what a consortium is awarded or may spend, where a column of its list gives it."""
    context = contexts()["projects"]
    for index, cell in enumerate(row):
        heading = table.layout.heading(index)
        meaning = match(heading, context) if heading else None
        column = None if meaning is None or meaning.of is not None else meaning.meaning.name
        words = lexicon(table.document.language)["table_words"]
        is_money = column in ("grant", "budget") or re.search(words["money"], plain(heading)) is not None
        if not is_money or amount_of(cell.text).text is None:
            continue
        is_award = re.search(words["award"], plain(heading).casefold()) is not None
        table.facts.row(
            "claims",
            (cell.start, cell.end),
            REASON,
            0.8,
            subject_table="consortia",
            subject=name,
            property="award" if is_award else "budget",
            value=amount_with_unit(cell.text, heading, table.unit),
            status="stated",
        )


def amount_with_unit(text: str, heading: str, line: str) -> str:
    """Return an amount as a cell gives it, with the unit of its heading or of the line above the table.

    >>> amount_with_unit("500", "支持经费（万元）", ""), amount_with_unit("£3,200", "Grant", "")
    ('500万元', '£3,200')
    >>> amount_with_unit("9,500", "核定经费（新台币千元）", ""), amount_with_unit("1.2", "Budget (EUR million)", "")
    ('新台币9,500千元', 'EUR 1.2 million')
    """
    text = text.strip()
    if amount_of(text).currency is not None:
        return text
    for words in (heading, line):
        for unit in _BRACKET.findall(words) + re.split("[:：/]", words)[1:]:
            parts = _UNIT_WORDS.fullmatch(unit.strip(" ）)"))
            if parts is not None and unit_of(f"({plain(unit)})") is not None:
                currency, scale = parts["currency"] or "", parts["scale"] or ""
                space = " " if currency.isascii() and currency.isalpha() and currency else ""
                behind = " " if scale.isascii() and scale else ""
                return f"{currency}{space}{text}{behind}{scale}"
    return text
