"""Workbooks (.xlsx): the only place that opens one, turns its cells into text and knows which sheets are no tables.

The names of the sheets that are no tables are in ``workbooks.json``, which the template uses too.
"""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from chaingraph.errors import UnreadableError
from chaingraph.tables.contract import heading_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Fault = tuple[int, str, str]
"""A cell whose formula failed: its row, the letters of its column, and the error that it has, such as #N/A."""

_UNPACKED_LIMIT = 200 * 2**20
_RATIO_LIMIT = 100
_SMALL = 4 * 2**20
_WRONG = "is no .xlsx workbook that can be read; save it as .xlsx again, or as CSV"
_ERROR_CELL = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]*)'
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class ReservedSheets:
    """The sheets of a workbook that are no tables, each by its title in English and Chinese.

    ``guide`` and ``examples`` are for people and are not read; ``description`` has the description of the data set
    under ``heading``, its keys in English or, by ``keys``, in Chinese.
    """

    guide: Mapping[str, str]
    examples: Mapping[str, str]
    description: Mapping[str, str]
    heading: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, str]

    def is_for_people(self, title: str) -> bool:
        """Tell whether a sheet of this title only explains."""
        return heading_key(title) in {heading_key(name) for name in (*self.guide.values(), *self.examples.values())}

    def is_description(self, title: str) -> bool:
        """Tell whether a sheet of this title describes the data set."""
        return heading_key(title) in {heading_key(name) for name in self.description.values()}

    def description_rows(self, cells: list[list[str | None]]) -> list[tuple[str, str]]:
        """Return the pairs of key and value of a description's rows, without headings and empty values."""
        keys = {heading_key(spelt): key for key, spelt in self.keys.items()}
        pairs = [(row[0], row[1]) for row in cells if len(row) > 1 and row[0] and row[1]]
        headings = {heading_key(words[0]) for words in self.heading.values()}
        return [(keys.get(heading_key(key), key), value) for key, value in pairs if heading_key(key) not in headings]


@cache
def reserved_sheets() -> ReservedSheets:
    """Return the sheets that are no tables.

    >>> sheets = reserved_sheets()
    >>> sheets.is_for_people("说明"), sheets.is_description("数据集"), sheets.is_for_people("成员")
    (True, True, False)
    """
    words = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    heading = {language: tuple(cells) for language, cells in words["heading"].items()}
    return ReservedSheets(**words["left out"], description=words["description"], heading=heading, keys=words["keys"])


def sheets(source: Path) -> Iterator[tuple[str, list[list[str | None]], list[Fault]]]:
    """Yield each worksheet's title, its cells as texts (rows from the first), and the cells in which a formula failed.

    Raises:
        UnreadableError: The file is no workbook, or unpacks to more than is allowed.
    """
    import python_calamine as calamine

    paths = _paths(source)
    try:
        with calamine.load_workbook(str(source)) as workbook:
            for data in workbook.sheets_metadata:
                if data.typ == calamine.SheetTypeEnum.WorkSheet:
                    rows = workbook.get_sheet_by_name(data.name).to_python(skip_empty_area=False)
                    yield (
                        data.name,
                        [[_text(cell) for cell in row] for row in rows],
                        _faults(source, paths.get(data.name)),
                    )
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableError(source, _WRONG) from error


def _text(cell: object) -> str | None:
    """Return a cell as text: numbers in full, dates as days, empty cells as None."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return f"{cell.isoformat()} 00:00:00" if isinstance(cell, date) else str(cell)


def _paths(source: Path) -> dict[str, str]:
    """Return the archive's member of each sheet; an archive that unpacks to too much is refused."""
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            packed = sum(member.compress_size for member in members) or 1
            if unpacked > _UNPACKED_LIMIT or (unpacked > 2**20 and unpacked / packed > _RATIO_LIMIT):
                reason = f"unpacks to {unpacked / 2**20:.0f} MiB, more than a workbook may; save it as CSV"
                raise UnreadableError(source, reason)
            book, relations = (_parsed(archive, name) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    # zipfile raises the last two for a compression that it does not know and for a workbook under a password.
    except (zipfile.BadZipFile, OSError, KeyError, ET.ParseError, NotImplementedError, RuntimeError) as error:
        raise UnreadableError(source, _WRONG) from error
    targets = {relation.get("Id"): (relation.get("Target") or "").removeprefix("/xl/") for relation in relations}
    elements = [element for element in book.iter() if element.tag.endswith("}sheet")]
    return {sheet.get("name") or "": f"xl/{targets.get(sheet.get(_RELATION), '')}" for sheet in elements}


def _parsed(archive: zipfile.ZipFile, name: str) -> ET.Element:
    content = archive.open(name).read(_SMALL)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        message = f"{name} declares entities"
        raise KeyError(message)
    return ET.fromstring(content)


def _faults(source: Path, member: str | None) -> list[Fault]:
    """Find the cells with an error such as #N/A, which readers return as empty."""
    if member is None:
        return []
    with zipfile.ZipFile(source) as archive:
        content = archive.read(member) if member in archive.namelist() else b""
    return [
        (int(row), column.decode(), fault.decode("utf-8", "replace"))
        for column, row, fault in _ERROR_CELL.findall(content)
    ]
