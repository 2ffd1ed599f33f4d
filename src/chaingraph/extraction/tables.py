"""The tables of a document as facts: headings, rows and cells are read as those of a roster, each with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chaingraph.extraction.lexicon import lexicon
from chaingraph.extraction.list_titles import title_above
from chaingraph.extraction.table_cells import REASON, ReadTable, as_list, attributes, cell_of, lines_above, of_name
from chaingraph.extraction.table_relations import (
    own_part,
    read_money,
    read_recognition,
    read_relations_of_thing,
    read_row,
)
from chaingraph.rosters.amounts import whole_of
from chaingraph.rosters.columns import ColumnReading, SheetReading, reading_of
from chaingraph.rosters.folding import name_of
from chaingraph.rosters.headings import Match, match
from chaingraph.rosters.layout import layout_of
from chaingraph.rosters.meanings import contexts
from chaingraph.rosters.names import has_ending
from chaingraph.rosters.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.extraction.documents import Cell, Document, Row
    from chaingraph.extraction.facts import Facts, Value
    from chaingraph.extraction.topic import Topic
    from chaingraph.rosters.layout import Layout

_ENOUGH = 0.6
_LONGEST_TITLE = 60


def read_tables(document: Document, topic: Topic, facts: Facts) -> None:
    """Add the facts of the tables of a document."""
    for printed in document.tables:
        rows = as_list(printed)
        width = max(map(len, rows))
        texts = [[cell.text for cell in row] + [""] * (width - len(row)) for row in rows]
        above = lines_above(document, printed)
        sheet = Sheet.of_rows(document.name, _sheet_title(above), texts)
        layout = layout_of(sheet)
        if layout is None:
            continue
        reading = reading_of(sheet, layout) or _reading_by_names(rows, layout)
        if topic.consortium is not None and (reading is None or reading.context.table == "organizations"):
            reading = _reading_of_members(layout) or reading
        if reading is None:
            continue
        title = title_above([*above, *layout.above], document.language, is_proposal=topic.is_proposal)
        table = ReadTable(document, rows, layout, reading, topic, facts, above[-1] if above else "", title)
        for number in layout.rows:
            if table.subject is not None:
                _read_thing(table, rows[number], table.subject)
            else:
                read_row(table, rows[number])
        _read_totals(table)


def _reading_of_members(layout: Layout) -> SheetReading | None:
    """Return the reading of a list of members that names no consortium: columns for the organization and its role."""
    context = contexts()["memberships"]
    matches = [match(headings[-1], context) if headings else None for headings in layout.headings]
    columns = [
        ColumnReading(index, layout.heading(index), one)
        for index, one in enumerate(matches)
        if one is not None and one.of is None and one.meaning.makes is None
    ]
    names = [column.match.meaning.column for column in columns]
    return SheetReading(context, tuple(columns), ()) if {"organization", "role"} <= set(names) else None


def _sheet_title(above: Sequence[str]) -> str:
    """Return the line above a table that may be its title: short, and no sentence."""
    return above[-1] if above and len(above[-1]) <= _LONGEST_TITLE and above[-1][-1] not in "。.；;：:" else ""


def _reading_by_names(rows: Sequence[Row], layout: Layout) -> SheetReading | None:
    """Return the reading of a table whose first column of names tells what it lists, where no heading does."""
    for index in range(len(rows[layout.rows[0]]) if layout.rows else 0):
        texts = [
            rows[row][index].text for row in layout.rows if index < len(rows[row]) and rows[row][index].text.strip()
        ]
        for kind in ("consortia", "platforms", "organizations"):
            if texts and sum(has_ending(text, kind) for text in texts) > _ENOUGH * len(texts):
                context = contexts()[kind]
                columns = [ColumnReading(index, layout.heading(index), Match(context.meanings["name"]))]
                for other, headings in enumerate(layout.headings):
                    result = match(headings[-1], context) if headings and other != index else None
                    if result is not None and result.meaning.column != "name":
                        columns.append(ColumnReading(other, headings[-1], result))
                return SheetReading(context, tuple(columns), ())
    return None


def _read_thing(table: ReadTable, row: Row, subject: ColumnReading) -> None:
    """Add the thing that a row is about, what the row says of it, and the relations that the row makes."""
    cell = cell_of(row, subject)
    if cell is None:
        return
    name = name_of(cell.text)
    kind = table.reading.context.table
    cells: dict[str, Value] = {}
    for column in table.reading.columns:
        if column is not subject and column.match.meaning.makes is None and column.match.of is None:
            cells |= attributes(table, row, column)
    cells |= {key: value for key, value in of_name(table, kind, name).items() if value is not None}
    if kind == "projects":
        cells |= own_part(table, row, name)
    table.facts.thing(kind, name, (cell.start, cell.end), REASON, 0.9, **cells)
    if kind == "consortia":
        table.facts.complete(kind, name, **of_name(table, kind, name))
        read_money(table, row, name)
    for column in table.reading.columns:
        makes = column.match.meaning.makes
        if makes is not None and column.match.of is None:
            read = _read_counts if makes.table == "reported" else read_relations_of_thing
            read(table, row, column, name)
    if kind == "regions":
        _read_counts_of_region(table, row, name)
    read_recognition(table, row, name, cell)


def _read_counts(table: ReadTable, row: Row, column: ColumnReading, name: str) -> None:
    """Add the count that a cell gives of a thing: 成员数 12."""
    cell, makes = cell_of(row, column), column.match.meaning.makes
    if cell is None or makes is None:
        return
    whole = whole_of(cell.text)
    if whole is not None:
        _count(table, cell, makes.fixed, {makes.subject: name}, *whole)


def _read_counts_of_region(table: ReadTable, row: Row, name: str) -> None:
    """Add the counts that the row of a region gives, in columns whose headings, or the title for 家数, say of what."""
    words = lexicon(table.document.language)["counts"]
    title = " ".join([*table.layout.above, *lines_above(table.document, table.rows)[-1:]])
    known = {column.index for column in table.reading.columns}
    for index, cell in enumerate(row):
        heading = table.layout.heading(index)
        whole = whole_of(cell.text) if heading and index not in known else None
        text = title if re.fullmatch(words["number_heading"], heading) else heading
        noun = next((noun for noun in words["nouns"] if re.search(noun["pattern"], text)), None)
        if whole is not None and noun is not None:
            fixed = {key: noun[key] for key in ("counts", "role", "kind") if key in noun}
            _count(table, cell, fixed, {"region": name}, *whole)


def _count(
    table: ReadTable, cell: Cell, fixed: Mapping[str, str], scope: dict[str, str], value: int, qualifier: str | None
) -> None:
    # The columns of a heading that a count needs: what it counts stands in the lexicon of headings.
    cells: dict[str, Value] = {**fixed, **scope}
    if cells.get("counts") == "organizations":
        cells.setdefault("role", "member")
        cells.setdefault("lead", table.topic.lead or "unknown")
    table.facts.row(
        "reported", (cell.start, cell.end), REASON, 0.9, value=value, qualifier=qualifier or "exactly", **cells
    )


def _read_totals(table: ReadTable) -> None:
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
            cell = cell_of(row, column)
            whole = whole_of(cell.text) if cell is not None else None
            if cell is None or whole is None:
                continue
            makes = column.match.meaning.makes
            if makes is not None and makes.table == "reported":
                _count(table, cell, makes.fixed, scope, *whole)
            elif column is table.subject:
                _count(table, cell, {"counts": "consortia"}, scope, *whole)
