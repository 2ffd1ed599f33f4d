"""The workbook in which a person decides on candidates: written here, and read back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chaingraph import languages
from chaingraph.errors import Problem, TableProblemsError, UnreadableError, UsageError
from chaingraph.export.files import replacement, write_bytes
from chaingraph.extraction.facts import columns_of
from chaingraph.extraction.sources import read_sources, texts_folder, write_sources
from chaingraph.messages import tr
from chaingraph.rosters.folding import clean
from chaingraph.tables import contract
from chaingraph.tables.contract import heading_key
from chaingraph.tables.sheets import sheets_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from chaingraph.extraction.candidates import Candidate, Candidates
    from chaingraph.extraction.sources import Source

_CREATED = datetime(2000, 1, 1)
_CONTEXT = 40
_LONGEST = 2000
_BEFORE = ("decision", "confidence")
_AFTER = ("words", "nearest", "document", "page", "start", "end", "reason", "key")
_WIDTHS = {"decision": 8, "confidence": 8, "words": 70, "nearest": 24, "document": 16, "reason": 16, "key": 18}


@dataclass(frozen=True)
class Review:
    """One row of a workbook with the decision of a person: accept, reject, change, or None.

    ``cells`` are as they stand in the workbook; ``place`` names the sheet, ``row`` counts as a spreadsheet does.
    """

    table: str
    cells: dict[str, str]
    decision: str | None
    document: str
    start: int
    end: int
    key: str
    place: str
    row: int


def words() -> dict[str, Any]:
    """Return the words of ``words.json``: headings, decisions, and the guide."""
    return dict(languages.words("chaingraph.extraction"))


def write_review(candidates: Candidates, path: Path | str) -> None:
    """Write candidates as a workbook, and the texts of their documents beside it; see :meth:`Candidates.save`."""
    import xlsxwriter

    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        message = tr("cannot write {path}: expected a name that ends in .xlsx", path=path)
        raise UsageError(message)
    language = "zh" if any(source.language == "zh" for source in candidates.sources) else "en"
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _CREATED, "author": "chaingraph"})
    heading, bold = book.add_format({"bold": True, "bottom": 1}), book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    _write_guide(book.add_worksheet(words()["guide"]["title"][language]), language)
    texts = {source.name: source.text for source in candidates.sources}
    for table in contract():
        rows = [row for row in candidates.rows if row.table == table]
        if rows:
            rows.sort(key=lambda row: (-row.confidence, row.document, row.start, row.key))
            sheet = book.add_worksheet(_title(table, language))
            _write_sheet(sheet, table, rows, texts, language, (heading, bold, wrapped))
    book.close()
    with replacement(texts_folder(path), folder=True) as folder:
        folder.mkdir()
        write_sources(folder, candidates.sources)
    write_bytes(path, content.getvalue())


def _title(table: str, language: str) -> str:
    return contract()[table].title_zh if language == "zh" else table


def _write_guide(sheet: Worksheet, language: str) -> None:
    for row, line in enumerate(words()["guide"]["lines"][language]):
        sheet.write_string(row, 0, line)
    sheet.set_column(0, 0, 100)


def _write_sheet(
    sheet: Worksheet,
    table: str,
    rows: list[Candidate],
    texts: dict[str, str],
    language: str,
    formats: tuple[Format, Format, Format],
) -> None:
    heading, bold, wrapped = formats
    own = columns_of(table, [row.cells for row in rows])
    names = [*_BEFORE, *own, *_AFTER]
    titles = [
        *(words()["columns"][name][language] for name in _BEFORE),
        *(_heading(table, name, language) for name in own),
        *(words()["columns"][name][language] for name in _AFTER),
    ]
    sheet.freeze_panes(1, 1)
    for column, (name, title) in enumerate(zip(names, titles, strict=True)):
        sheet.write_string(0, column, title, heading)
        sheet.set_column(column, column, _WIDTHS.get(name, 22))
    decisions = [texts_of[language] for texts_of in words()["decisions"].values()]
    sheet.data_validation(1, 0, len(rows), 0, {"validate": "list", "source": decisions, "ignore_blank": True})
    sheet.autofilter(0, 0, len(rows), len(names) - 1)
    for number, row in enumerate(rows, start=1):
        sheet.write_number(number, 1, row.confidence)
        for column, name in enumerate(own, start=len(_BEFORE)):
            value = row.cells.get(name)
            if value is not None:
                sheet.write_string(number, column, str(value))
        first = len(_BEFORE) + len(own)
        _write_words(sheet, number, first, texts[row.document], row, bold, wrapped)
        others = (row.nearest, row.document, row.page, row.start, row.end, row.reason, row.key)
        for column, value in enumerate(others, start=first + 1):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, value)


def _heading(table: str, name: str, language: str) -> str:
    if name == "segment":
        return name
    column = contract()[table].column(name)
    return column.title_zh if language == "zh" and column.title_zh else name


def _write_words(
    sheet: Worksheet, row: int, column: int, text: str, candidate: Candidate, bold: Format, wrapped: Format
) -> None:
    """Write the words of a candidate in bold, with a little of the text around them."""
    preceding_text = _one_line(text[max(0, candidate.start - _CONTEXT) : candidate.start])
    following_text = _one_line(text[candidate.end : candidate.end + _CONTEXT])
    hit = _one_line(candidate.quote)[:_LONGEST] or " "
    parts = [*([preceding_text] if preceding_text else []), bold, hit, *([following_text] if following_text else [])]
    if len(parts) > 2:
        sheet.write_rich_string(row, column, *parts, wrapped)
    else:
        sheet.write_string(row, column, hit, bold)


def _one_line(text: str) -> str:
    inner = clean(text).replace("\n", " ")
    left = " " if text[:1].isspace() and inner else ""
    return left + inner + (" " if text[-1:].isspace() and inner else "")


def read_review(path: Path) -> tuple[list[Review], tuple[Source, ...]]:
    """Return the rows of a workbook with their decisions, and the documents beside it.

    Raises:
        UnreadableError: The workbook, or the folder of texts beside it, cannot be read.
        TableProblemsError: A sheet lacks a column, or a decision is none.
    """
    sources = read_sources(texts_folder(path))
    reviews: list[Review] = []
    problems: list[Problem] = []
    for sheet in sheets_of(path):
        table = _table_of(sheet.title)
        if table is None:
            continue
        reviews += _rows(table, sheet.title, [list(row) for row in sheet.grid().values.iter_rows()], problems)
    if not reviews and not problems:
        raise UnreadableError(path, tr("holds no candidate; expected a workbook that chaingraph read has written"))
    if problems:
        raise TableProblemsError(problems)
    return reviews, sources


def _table_of(title: str) -> str | None:
    key = heading_key(title)
    for name, table in contract().items():
        if key in {heading_key(name), *(heading_key(spelling) for spelling in table.titles)}:
            return name
    return None


def _rows(table: str, place: str, grid: list[list[str | None]], problems: list[Problem]) -> list[Review]:
    names = [_column_of(table, cell or "") for cell in grid[0]] if grid else []
    missing = [name for name in ("decision", "document", "start", "end", "key") if f"*{name}" not in names]
    if missing:
        reason = tr(
            "lacks the column '{missing}'; expected a sheet that chaingraph read has written", missing=missing[0]
        )
        problems.append(Problem(place, 1, None, None, reason))
        return []
    rows = []
    for number, cells in enumerate(grid[1:], start=2):
        values = {name: (cell or "").strip() for name, cell in zip(names, cells, strict=False) if name}
        if not any(values.values()):
            continue
        decision = _decision(values["*decision"])
        if decision == "":
            expected = tr("expected accept (接受), reject (拒绝), change (修改), or nothing")
            problems.append(Problem(place, number, "decision", values["*decision"], expected))
            continue
        start, end = values["*start"], values["*end"]
        if not (start.isdigit() and end.isdigit()):
            problems.append(
                Problem(place, number, "start", start, tr("expected the whole number that was written there"))
            )
            continue
        cells_of = {name: value for name, value in values.items() if not name.startswith("*") and value}
        rows.append(
            Review(table, cells_of, decision, values["*document"], int(start), int(end), values["*key"], place, number)
        )
    return rows


def _decision(text: str) -> str | None:
    """Return a decision; None where there is none, and an empty text where it cannot be read."""
    if not text:
        return None
    for decision, spellings in words()["spellings"].items():
        if text.casefold() in spellings:
            return str(decision)
    return ""


def _column_of(table: str, heading: str) -> str:
    """Return the column of the contract that a heading names; one of this workbook's own begins with an asterisk."""
    key = heading_key(heading)
    if key == "segment":
        return "segment"
    for name, titles in words()["columns"].items():
        if heading_key(heading) in {heading_key(title) for title in titles.values()} and not (
            name in ("start", "end") and heading_key(heading) == name
        ):
            return f"*{name}"
    for column in contract()[table].cells:
        if key in {heading_key(column.name), *(heading_key(title) for title in column.titles)}:
            return column.name
    return ""
