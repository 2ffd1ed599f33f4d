"""The tables of a workbook: each sheet that is named like one, with a word on all in it that nobody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import Problem, TableProblemsError, UnreadableError, excerpt
from chaingraph.messages import lazy_tr, tr
from chaingraph.tables.contract import heading_key
from chaingraph.tables.metadata import default_description, description_of_rows
from chaingraph.tables.raw import ROW, SPACE, RawTables, Sheet, with_headings
from chaingraph.tables.sheets import Kind, Visibility, address, letters, sheets_of
from chaingraph.tables.workbooks import reserved_sheets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from chaingraph.tables.contract import Table
    from chaingraph.tables.sheets import Grid
    from chaingraph.tables.sheets import Sheet as OfficeSheet

_NO_SHEET = lazy_tr(
    "holds no sheet named like a table, such as 'memberships' or '成员'; rename its sheets, or "
    "begin with: chaingraph template -o FILE.xlsx"
)
_NO_ROW = lazy_tr(
    "holds headings but no row yet; fill its first sheet, or at least two others: consortia (创新联合体)"
    " and members (成员)"
)
_ONLY_ROSTER = lazy_tr(
    "has rows in its first sheet alone, which is a roster; read it without --create, or make tables of it with:"
    " chaingraph import roster FILE.xlsx -o FOLDER"
)
_VALUES = (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.BOOLEAN)
_EXAMPLES = 5


def workbook_tables(source: Path, tables: Mapping[str, Table]) -> RawTables:
    """Return the tables of a workbook.

    Raises:
        UnreadableError: The file is no workbook, is damaged, has no sheet named like a table, or no row.
    """
    raw = RawTables(default_description(source.stem))
    sheets = sheets_of(source)
    roster = template_roster(source, sheets, tables)
    if roster is not None and has_rows(roster):
        raise UnreadableError(source, _ONLY_ROSTER)
    for sheet in sheets:
        if sheet is not roster and not reserved_sheets().is_for_people(sheet.title):
            _add_sheet(source, sheet, tables, raw)
    if not raw.sheets and not raw.problems:
        raise UnreadableError(source, _NO_SHEET)
    if not raw.problems and all(sheet.frame.is_empty() for sheet in raw.sheets.values()):
        raise UnreadableError(source, _NO_ROW)
    return raw


def template_roster(source: Path, sheets: Sequence[OfficeSheet], tables: Mapping[str, Table]) -> OfficeSheet | None:
    """Return the sheet of a template that holds a roster, filled or not; None in any other workbook.

    Raises:
        UnreadableError: The roster is filled, and so are sheets of tables, which would say two things of one matter.
    """
    reserved = reserved_sheets()
    if not any(reserved.is_for_people(sheet.title) or reserved.is_description(sheet.title) for sheet in sheets):
        return None
    roster = next((sheet for sheet in sheets if reserved.is_roster(sheet.title)), None)
    if roster is None or not has_rows(roster):
        return roster
    names = {heading_key(name) for table in tables.values() for name in (table.name, *table.titles)}
    others = [sheet.title for sheet in sheets if heading_key(sheet.title) in names and has_rows(sheet)]
    if others:
        reason = tr(
            "has rows in the sheet {roster} and in {others}, and only one of the two ways is read; keep the rows in"
            " {roster} or in the others, and empty or delete the rest",
            roster=roster.title,
            others=", ".join(others),
        )
        raise UnreadableError(source, reason)
    return roster


def description_pairs(sheets: Sequence[OfficeSheet]) -> list[tuple[str, str]]:
    """Return what a workbook says of the data set beside its rosters, as pairs of a dotted key and a text.

    Its language is left out: a template gives it before anybody has filled in a name.
    """
    reserved = reserved_sheets()
    grids = [sheet.grid() for sheet in sheets if reserved.is_description(sheet.title)]
    return [(key, value) for grid in grids if not grid.is_empty for key, value in _pairs(grid) if key != "language"]


def _pairs(grid: Grid) -> list[tuple[str, str]]:
    return reserved_sheets().description_rows([list(row) for row in _texts(grid).iter_rows()])


def has_rows(sheet: OfficeSheet) -> bool:
    """Tell whether a sheet has a cell below its first row."""
    grid = sheet.grid()
    return not grid.is_empty and any(cell.strip(SPACE) for column in grid.values for cell in column[1:].drop_nulls())


def _add_sheet(source: Path, sheet: OfficeSheet, tables: Mapping[str, Table], raw: RawTables) -> None:
    """Add what a sheet holds: a table, or the description; a sheet of another name is left out, with a note."""
    place = tr("{file}, sheet {title}", file=source.name, title=sheet.title)
    is_description = reserved_sheets().is_description(sheet.title)
    names = {heading_key(name) for table in tables.values() for name in (table.name, *table.titles)}
    if not is_description and heading_key(sheet.title) not in names:
        if not _is_empty(sheet):
            raw.table_for(sheet.title, place, tables)
        return
    grid = sheet.grid()
    if grid.is_empty:
        return
    table = None if is_description else raw.table_for(sheet.title, place, tables)
    if table is None and not is_description:
        return
    _find_failed_cells(place, grid, raw)
    _note_what_is_not_seen(place, sheet.visibility, grid, raw)
    if table is not None:
        raw.add(table, _sheet(place, grid, table, raw))
        return
    try:
        raw.description = description_of_rows(_pairs(grid), source.stem, place)
    except TableProblemsError as error:
        raw.problems += error.problems


def _is_empty(sheet: OfficeSheet) -> bool:
    try:
        return not any(cell.strip(SPACE) for column in sheet.grid().values for cell in column.drop_nulls())
    except UnreadableError:
        return False


def _texts(grid: Grid) -> pl.DataFrame:
    """Return the values of the cells that have one; a cell without a value that can be read is empty."""
    has_value = [grid.kinds[name].is_in([int(kind) for kind in _VALUES]) for name in grid.kinds.columns]
    return pl.DataFrame(
        [
            pl.select(pl.when(readable).then(cells)).to_series().alias(str(place))
            for place, (cells, readable) in enumerate(zip(grid.values, has_value, strict=True))
        ]
    )


def _sheet(place: str, grid: Grid, table: Table, raw: RawTables) -> Sheet | None:
    result = with_headings(place, _texts(grid), table, raw)
    if result is None:
        return None
    sheet, columns = result
    rows = sheet.frame[ROW] - 1
    for number, column in enumerate(columns):
        name = grid.values.columns[column]
        kinds = grid.kinds[name].gather(rows)
        if (kinds > int(Kind.TEXT)).any():
            sheet.kinds[number] = kinds
        if name in grid.displayed.columns:
            sheet.shown[number] = grid.shown(name).gather(rows)
    _find_cells_merged_over_columns(place, grid, columns, sheet.frame[ROW], raw)
    return sheet


def _column(index: int) -> str:
    return tr("column {letters}", letters=letters(index))


def _find_failed_cells(place: str, grid: Grid, raw: RawTables) -> None:
    """Find the cells without a value: formulas that failed or were never computed, and what no spreadsheet can show."""
    for row, column in grid.cells_of_kind(Kind.UNREADABLE):
        reason = tr(
            "holds '{values}', which is no number or date that a spreadsheet can show; correct it, "
            "and save the workbook again",
            values=excerpt(grid.values[row, column]),
        )
        cell = tr("{place}, cell {cell}", place=place, cell=address(row, column))
        raise UnreadableError(cell, reason)
    for row, column in grid.cells_of_kind(Kind.ERROR):
        reason = tr("which a formula gave in place of a value; mend the formula or empty the cell")
        raw.problems.append(Problem(place, row + 1, _column(column), grid.values[row, column], reason))
    for row, column in grid.cells_of_kind(Kind.FORMULA):
        reason = tr(
            "has in cell {row} a formula that was never computed; open the workbook in a spreadsheet "
            "program, save it, and read it again",
            row=address(row, column),
        )
        raw.problems.append(Problem(place, row + 1, _column(column), None, reason))


def _find_cells_merged_over_columns(
    place: str, grid: Grid, columns: Sequence[int], rows: pl.Series, raw: RawTables
) -> None:
    """Find the rows in which one value stands in several columns of the table, as only one of them can have it."""
    present = set(rows)
    for area in grid.merged:
        over = [column for column in columns if area.column <= column <= area.last_column]
        if len(over) > 1 and area.row + 1 in present and grid.values[area.row, area.column] is not None:
            ends = f"{letters(area.column)} to {letters(area.last_column)}"
            reason = tr(
                "in a cell that is merged over the columns {ends}; split it, and fill the column that is meant",
                ends=ends,
            )
            value = grid.values[area.row, area.column]
            raw.problems.append(Problem(place, area.row + 1, _column(area.column), value, reason))


def _note_what_is_not_seen(place: str, visibility: Visibility, grid: Grid, raw: RawTables) -> None:
    """Note what is read although who looks at the sheet does not see it, or sees it struck out."""
    if visibility is not Visibility.VISIBLE:
        hidden = tr("very hidden") if visibility is Visibility.VERY_HIDDEN else tr("hidden")
        raw.notes.append(tr("{place}: the sheet is {value}, and was read", place=place, value=hidden))
    if grid.hidden_rows:
        raw.notes.append(
            tr(
                "{place}: {places} hidden, and read",
                place=place,
                places=_some("row", [str(row + 1) for row in grid.hidden_rows]),
            )
        )
    if grid.hidden_columns:
        raw.notes.append(
            tr(
                "{place}: {places} hidden, and read",
                place=place,
                places=_some("column", [letters(column) for column in grid.hidden_columns]),
            )
        )
    if grid.struck:
        raw.notes.append(
            tr(
                "{place}: {places} struck out, and read",
                place=place,
                places=_some("cell", [address(*cell) for cell in grid.struck]),
            )
        )
    if grid.covered:
        raw.notes.append(
            tr(
                "{place}: {places} covered by a merged cell of another value, and left out",
                place=place,
                places=_some("cell", [address(*cell) for cell in grid.covered]),
            )
        )
    if grid.computed and grid.formulas_stale:
        raw.notes.append(
            tr(
                "{place}: {computed} cell{ending} hold what a formula gave, and the workbook asks to be "
                "computed again; open it in a spreadsheet program and save it to be sure",
                place=place,
                computed=grid.computed,
                ending="" if grid.computed == 1 else "s",
            )
        )


_NOUNS = {
    "row": (lazy_tr("row {} is"), lazy_tr("rows {} are")),
    "column": (lazy_tr("column {} is"), lazy_tr("columns {} are")),
    "cell": (lazy_tr("cell {} is"), lazy_tr("cells {} are")),
}


def _some(noun: str, names: Sequence[str]) -> str:
    """Return a few names of things and the number of the others, with the verb.

    >>> _some("row", ["3"]), _some("row", list("2345678"))
    ('row 3 is', 'rows 2, 3, 4, 5, 6 and 2 more are')
    """
    one, several = _NOUNS[noun]
    if len(names) == 1:
        return one.format(names[0])
    more = tr(" and {count:,} more", count=len(names) - _EXAMPLES) if len(names) > _EXAMPLES else ""
    return several.format(f"{', '.join(names[:_EXAMPLES])}{more}")
