"""Opening a file or a folder that may be a roster: tables that follow the contract are read strictly, all else as kept.

Beside a roster, in its folder, two files decide about its reading, whatever the roster's version is called:
``reading.toml`` (what its columns mean) and ``identities.csv`` (who is who).
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from chaingraph.errors import TableProblemsError, UnreadableError
from chaingraph.languages import LANGUAGES
from chaingraph.messages import lazy_tr, tr
from chaingraph.rosters import read_sheets
from chaingraph.rosters.files import TEXT_SUFFIXES, sheets_of_file, sheets_of_workbook
from chaingraph.rosters.log import Remark
from chaingraph.rosters.reading_file import FILE_NAME, corrections_of, reading_text
from chaingraph.rosters.sheet import Place
from chaingraph.rosters.summary import summary
from chaingraph.tables import DataSet, contract, read
from chaingraph.tables.contract import heading_key
from chaingraph.tables.csv_files import csv_text
from chaingraph.tables.metadata import FILE_NAME as DESCRIPTION
from chaingraph.tables.metadata import description_of_rows, entries
from chaingraph.tables.sheets import SUFFIXES as WORKBOOK_SUFFIXES
from chaingraph.tables.sheets import sheets_of
from chaingraph.tables.workbook_tables import description_pairs, has_rows, template_roster
from chaingraph.tables.workbooks import reserved_sheets
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from chaingraph.rosters import Roster
    from chaingraph.tables.sheets import Sheet as OfficeSheet

BASE = f"{PREFIXES['id']}roster/"
"""The base of every roster, whatever its file is called, so that those of two years name the same things alike."""
DECISIONS = "identities.csv"
_DECIDES = {"left", "right", "decision"}
_TOP = 10
_EXPECTED = lazy_tr(
    "does not exist; expected a data set folder or a workbook (.xlsx, .xls, .ods), or one table (.csv, .tsv)"
)


def read_tables_or_roster(
    path: Path,
    *,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    decisions: Sequence[Path] = (),
) -> DataSet:
    """Read a workbook, a folder or a single file of tables: by the contract where it follows it, else as a roster.

    What says that it follows the contract (a description, ids of its own) is read strictly. What only has its names is
    read strictly too, and as a roster where that finds mistakes. Meanings of columns are for rosters alone, and so are
    files of decisions on who is who; beside tables that are read strictly they are refused.

    Raises:
        UnreadableError: The path cannot be read, or no row of headings fits anything.
        TableProblemsError: Tables of the contract hold mistakes; all of them are listed.
        UsageError: A meaning is given for a heading that there is not, or that cannot have it.
    """
    suffix = path.suffix.lower()
    office_sheets = sheets_of(path) if path.is_file() and suffix in WORKBOOK_SUFFIXES else None

    def as_roster() -> DataSet:
        return _data_set(_roster([path], encoding, columns, office_sheets, decisions=decisions), path)

    if office_sheets is not None and _is_filled_template_roster(path, office_sheets):
        return as_roster()
    names_tables, is_strict = (
        _folder_follows_contract(path) if path.is_dir() else _follows_contract(office_sheets or ())
    )
    if is_strict and decisions:
        reason = tr(
            "decides on names of a roster, and {path} has tables with ids; add its rows to the table identities there",
            path=path,
        )
        raise UnreadableError(decisions[0], reason)
    if is_strict or (names_tables and not columns and not decisions):
        try:
            return read(path, encoding=encoding)
        except TableProblemsError as error:
            if is_strict:
                raise
            problems = error
        try:
            return as_roster()
        except UnreadableError:
            raise problems from None
    return as_roster()


def holds_decisions(path: Path) -> bool:
    """Tell whether a CSV file is a table of decisions on who is who, by its headings."""
    columns = contract()["identities"].cells
    needed = [{heading_key(title) for title in (c.name, *c.titles)} for c in columns if c.name in _DECIDES]
    try:
        rows = [sheet.row(0) for sheet in sheets_of_file(path) if sheet.height]
    except UnreadableError:
        return False
    headings = [{heading_key(cell) for cell in row if cell is not None} for row in rows]
    return bool(headings) and all(not titles.isdisjoint(row) for row in headings for titles in needed)


def _is_filled_template_roster(path: Path, sheets: Sequence[OfficeSheet]) -> bool:
    """Tell whether a workbook is a template whose first sheet, the roster, is what is filled."""
    roster = template_roster(path, sheets, contract())
    return roster is not None and has_rows(roster)


def _data_set(roster: Roster, path: Path) -> DataSet:
    tables = read({**roster.frames, "dataset": description(roster, path)})
    lines = {language: tuple(summary(roster, str(path), language)) for language in LANGUAGES}
    return replace(tables, summary=lines)


def roster_of(
    *paths: Path, encoding: str | None = None, columns: Mapping[str, str] | None = None, reading: Path | None = None
) -> Roster:
    """Return files or folders as one roster, with what lies beside the first applied.

    Args:
        paths: The files or folders.
        encoding: How CSV files are encoded, where it is not UTF-8.
        columns: What columns mean, by heading.
        reading: The record of an earlier reading that decides; that beside the first if None.

    Raises:
        UnreadableError: It cannot be read, or no row of headings fits anything.
        UsageError: A meaning is given for a heading that there is not, or that cannot have it.
    """
    return _roster(paths, encoding, columns, None, reading)


def _roster(
    paths: Sequence[Path],
    encoding: str | None,
    columns: Mapping[str, str] | None,
    office_sheets: Sequence[OfficeSheet] | None,
    reading: Path | None = None,
    decisions: Sequence[Path] = (),
) -> Roster:
    for path in paths:
        if not path.exists():
            raise UnreadableError(path, _EXPECTED)
    first = paths[0]
    folder = first if first.is_dir() else first.parent
    decides, beside = reading or folder / FILE_NAME, folder / DECISIONS
    corrections = corrections_of(decides if decides.is_file() else None, columns or {})
    if not first.is_dir() and beside.is_file() and beside not in paths:
        decisions = tuple(dict.fromkeys((beside, *decisions)))
    try:
        if office_sheets is not None:
            sheets = list(sheets_of_workbook(first, office_sheets))
        else:
            sheets = [sheet for path in paths for sheet in sheets_of_file(path, encoding)]
        sheets += [sheet for file in decisions for sheet in sheets_of_file(file)]
    except OSError as error:
        reason = tr(
            "cannot be read: {strerror}; make sure that you may read it, and that no other program has it open",
            strerror=error.strerror or error,
        )
        raise UnreadableError(first, reason) from error
    roster = read_sheets(sheets, corrections)
    if first.is_file() and first.suffix.lower() in WORKBOOK_SUFFIXES:
        roster = replace(roster, described=description_pairs(office_sheets or sheets_of(first)))
    place = Place(first.name)
    if decides.is_file():
        roster.log.notes.append(Remark("corrections", place, str(decides)))
    roster.log.notes.extend(Remark("decisions", place, str(file)) for file in decisions)
    return roster


def description(roster: Roster, path: Path) -> dict[str, object]:
    """Return what ``dataset.json`` holds for a roster."""
    name = path.resolve().name if path.is_dir() else path.stem
    title = roster.title or name
    own = {"name": name, "base": BASE, "language": roster.language, "title": {roster.language: title}}
    keys = {key.partition(".")[0] for key, _ in roster.described}
    more = entries(description_of_rows(list(roster.described), name, path.name)) if keys else {}
    return own | {key: value for key, value in more.items() if key in keys}


def _names_of_tables() -> set[str]:
    return {heading_key(name) for table in contract().values() for name in (table.name, *table.titles)}


def _folder_follows_contract(path: Path) -> tuple[bool, bool]:
    """Tell whether some file is named like a table, and whether the files must follow the contract."""
    files = [child for child in path.iterdir() if child.suffix.lower() in {*TEXT_SUFFIXES, ".parquet"}]
    has_table_name = any(heading_key(file.stem) in _names_of_tables() for file in files)
    is_strict = not files or (path / DESCRIPTION).exists() or any(file.suffix.lower() == ".parquet" for file in files)
    return has_table_name, is_strict or (has_table_name and _have_ids(files))


def _follows_contract(sheets: Sequence[OfficeSheet]) -> tuple[bool, bool]:
    """Tell whether every sheet of a workbook is named like a table, and whether they must follow the contract."""
    names, reserved = _names_of_tables(), reserved_sheets()
    tables = [sheet for sheet in sheets if heading_key(sheet.title) in names]
    is_described = any(reserved.is_description(sheet.title) or reserved.is_for_people(sheet.title) for sheet in sheets)
    if not tables:
        return False, is_described
    others = [sheet for sheet in sheets if sheet not in tables and not sheet.grid().is_empty]
    return not others, is_described or any(map(_has_ids, tables))


def _has_ids(sheet: OfficeSheet) -> bool:
    """Tell whether a sheet has a column of ids that are no mere numbers."""
    values = sheet.grid().values
    return any(_are_ids(values[name].to_list()) for name in values.columns)


def _have_ids(files: Sequence[Path]) -> bool:
    for file in files:
        for sheet in sheets_of_file(file) if file.suffix.lower() in TEXT_SUFFIXES else ():
            if any(map(_are_ids, sheet.columns)):
                return True
    return False


def _are_ids(cells: Sequence[str | None]) -> bool:
    """Tell whether a column is headed as ids are and holds more than numbers.

    >>> _are_ids(["id", "suda", "csot"]), _are_ids(["编号", "1", "2"]), _are_ids(["name", "a"])
    (True, False, False)
    """
    titles = {heading_key(title) for table in contract().values() for title in _id_titles(table.name)}
    for at, cell in enumerate(cells[:_TOP]):
        if cell is not None and heading_key(cell) in titles:
            values = [value for value in cells[at + 1 :] if value]
            return any(not value.strip().replace(".", "").isdigit() for value in values)
    return False


def _id_titles(table: str) -> tuple[str, ...]:
    column = contract()[table].column(contract()[table].identifier)
    return (column.name, *column.titles)


def folder_files(roster: Roster, path: Path) -> dict[str, str]:
    """Return the files of a roster as a data set folder, by name: tables, description and the record of the reading."""
    texts = {f"{table}.csv": csv_text(frame) for table, frame in roster.frames.items()}
    texts[DESCRIPTION] = json.dumps(description(roster, path), ensure_ascii=False, indent=2) + "\n"
    texts[FILE_NAME] = reading_text(roster)
    return texts
