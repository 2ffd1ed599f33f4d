"""The workbook to fill in, written from the table contract.

Nothing here names a table or a column: a new one in ``ontology/tables.json`` has its sheet, heading, comment and
drop-down without a line of code. Examples are on a sheet of their own, which the reader ignores (``tables.workbooks``),
so that nobody has to delete one.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chaingraph.errors import UnknownTermError, UsageError
from chaingraph.export.files import write_bytes
from chaingraph.export.tables import check_suffix
from chaingraph.languages import check_language
from chaingraph.messages import tr
from chaingraph.tables import contract
from chaingraph.tables.contract import heading_key
from chaingraph.tables.template.rows import DataSetTexts, examples
from chaingraph.tables.template.sheets import Sheets
from chaingraph.tables.template.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["tables_by_title", "workbook", "write"]

SUFFIX = ".xlsx"
_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""A fixed date, so that the same input gives the same bytes."""


def tables_by_title(titles: Sequence[str]) -> list[str]:
    """Return the names of the tables that have these titles in either language.

    >>> tables_by_title(["成员", "consortia"])
    ['memberships', 'consortia']

    Raises:
        UsageError: None is named.
        UnknownTermError: There is no such table.
    """
    if not titles:
        message = tr("expected names of tables separated by commas, such as consortia,memberships")
        raise UsageError(message)
    names = {heading_key(title): table.name for table in contract().values() for title in (table.name, *table.titles)}
    for title in titles:
        if heading_key(title) not in names:
            raise UnknownTermError(title, sorted({*contract(), *(table.title_zh for table in contract().values())}))
    return list(dict.fromkeys(names[heading_key(title)] for title in titles))


def write(
    path: Path, *, language: str = "zh", tables: Sequence[str] | None = None, data: DataSetTexts | None = None
) -> None:
    """Write a template to a new file; see :func:`workbook`.

    Raises:
        UsageError: The name does not end in .xlsx, there is such a file, or it cannot be written.
    """
    check_suffix(path, (SUFFIX,))
    if path.exists():
        message = tr(
            "cannot write {path}: it exists, and what was filled in would be lost; name another file", path=path
        )
        raise UsageError(message)
    write_bytes(path, workbook(language=language, tables=tables, data=data))


def workbook(*, language: str = "zh", tables: Sequence[str] | None = None, data: DataSetTexts | None = None) -> bytes:
    """Return a workbook (.xlsx) to fill in with a data set: one sheet per table, explained, with drop-downs.

    The first sheet of an empty one is a roster: one row per consortium with its lead and its members. Filled alone, it
    is read as rosters are; beside other sheets with rows it is refused.

    Args:
        language: Of headings, codes and explanations: ``zh`` or ``en``.
        tables: Only these tables; all of the contract if None.
        data: What to fill in, as :func:`.rows.read_texts` returns it. The filled workbook gives the
            same graph as the data set.

    Raises:
        UsageError: The language is unknown, rows of ``data`` would be left out, or a cell or table is too large.
    """
    import xlsxwriter

    check_language(language)
    names = sorted(contract() if tables is None else tables, key=_place)
    filled = data or DataSetTexts()
    for name, rows in filled.rows.items():
        if rows and name not in names:
            number = f"{len(rows):,} rows" if len(rows) > 1 else "1 row"
            message = tr(
                "the data set has {number} of '{name}', which the chosen tables leave out; name it too",
                number=number,
                name=name,
            )
            raise UsageError(message)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    book.set_properties({"created": _CREATED, "author": "chaingraph"})
    sheets = Sheets(book, language, names, examples(language))
    with_roster = tables is None and data is None
    if with_roster:
        sheets.roster()
    sheets.guide(with_roster=with_roster)
    for name in names:
        sheets.table(contract()[name], filled.rows.get(name, []))
    sheets.description(filled)
    sheets.examples()
    book.close()
    return content.getvalue()


def _place(name: str) -> int:
    """Return the place of a sheet: those that a person fills first come first."""
    return [*words()["first"], *contract()].index(name)
