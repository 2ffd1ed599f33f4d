"""The workbook template: the only place that writes a workbook, and it writes it from the table contract.

Nothing in ``template`` knows a table or a column by name: a new one in ``ontology/tables.json`` has its sheet, its
heading, its comment and its drop-down without a line here. An example never stands where data stand, so that nobody has
to delete one: it is on a sheet of its own, which the reader passes over (``tables.workbooks``).
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chaingraph.errors import UnknownTermError, UsageError
from chaingraph.export.files import replacement
from chaingraph.languages import check_language
from chaingraph.tables import contract
from chaingraph.tables.contract import heading_key
from chaingraph.tables.template.rows import Written, examples
from chaingraph.tables.template.sheets import Sheets
from chaingraph.tables.template.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["chosen_tables", "workbook", "write"]

SUFFIX = ".xlsx"
_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""A fixed date, so that the same input gives the same bytes."""


def chosen_tables(titles: Sequence[str]) -> list[str]:
    """Return the names of the tables that are called so in either language.

    >>> chosen_tables(["成员", "consortia"])
    ['memberships', 'consortia']

    Raises:
        UsageError: None is named.
        UnknownTermError: There is no such table.
    """
    if not titles:
        message = "expected names of tables separated by commas, such as consortia,memberships"
        raise UsageError(message)
    known = {heading_key(title): table.name for table in contract().values() for title in (table.name, *table.titles)}
    for title in titles:
        if heading_key(title) not in known:
            raise UnknownTermError(title, sorted({*contract(), *(table.title_zh for table in contract().values())}))
    return list(dict.fromkeys(known[heading_key(title)] for title in titles))


def write(
    path: Path, *, language: str = "zh", tables: Sequence[str] | None = None, data: Written | None = None
) -> None:
    """Write a template to a new file; see :func:`workbook`.

    Raises:
        UsageError: The name does not end in .xlsx, there is such a file, or it cannot be written.
    """
    if path.suffix.lower() != SUFFIX:
        message = f"cannot write {path}: expected a name that ends in {SUFFIX}"
        raise UsageError(message)
    if path.exists():
        message = f"cannot write {path}: it exists, and what was filled in would be lost; name another file"
        raise UsageError(message)
    content = workbook(language=language, tables=tables, data=data)
    with replacement(path) as made:
        made.write_bytes(content)


def workbook(*, language: str = "zh", tables: Sequence[str] | None = None, data: Written | None = None) -> bytes:
    """Return a workbook (.xlsx) in which a data set can be written down: a sheet a table, explained, with drop-downs.

    Args:
        language: Of headings, codes and explanations: ``zh`` or ``en``.
        tables: Only these tables; all of the contract if None.
        data: What to fill in, as :func:`.rows.written` returns it. The filled workbook gives the
            same graph as the data set.

    Raises:
        UsageError: The language is unknown, rows of ``data`` would be left out, or a cell or table is too large.
    """
    import xlsxwriter

    check_language(language)
    names = sorted(contract() if tables is None else tables, key=_place)
    filled = data or Written()
    for name, rows in filled.rows.items():
        if rows and name not in names:
            message = f"the data set has {len(rows):,} rows of '{name}', which the chosen tables leave out; name it too"
            raise UsageError(message)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    book.set_properties({"created": _CREATED, "author": "chaingraph"})
    made = Sheets(book, language, names, examples(language))
    made.guide()
    for name in names:
        made.table(contract()[name], filled.rows.get(name, []))
    made.description(filled)
    made.examples()
    book.close()
    return content.getvalue()


def _place(name: str) -> int:
    """Return where a sheet stands: those that a person fills first come first."""
    return [*words()["first"], *contract()].index(name)
