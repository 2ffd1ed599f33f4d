"""Workbooks in raw XML, to spell what no library writes, and the reading of them."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from chaingraph.errors import TableProblemsError, UnreadableError
from chaingraph.tables import read
from chaingraph.tables.sheets.books import write_sheets
from chaingraph.tables.sheets.messages import grid_of_message, sheet_messages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from chaingraph.tables.sheets import Grid

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def text(reference: str, words: str) -> str:
    """Return a cell with a text of its own."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{words}</t></is></c>'


def rows(*lines: str) -> str:
    """Return rows with the cells given for each, counted from 1."""
    return "".join(f'<row r="{number}">{cells}</row>' for number, cells in enumerate(lines, start=1))


def organizations(*lines: str) -> str:
    """Return a sheet with the headings id, name and code, and rows below them."""
    return rows(text("A1", "id") + text("B1", "name") + text("C1", "code"), *lines)


def sheet_xml(cells: str, *, before: str = "", after: str = "", root: str = f'worksheet xmlns="{MAIN}"') -> str:
    """Return the XML of a sheet."""
    return f'<?xml version="1.0"?><{root}>{before}<sheetData>{cells}</sheetData>{after}</{root.split()[0]}>'


def book(
    path: Path,
    sheets: Mapping[str, str],
    *,
    parts: Mapping[str, str] | None = None,
    states: Mapping[str, str] | None = None,
    settings: str = "",
) -> Path:
    """Write a workbook.

    Args:
        path: The file.
        sheets: The XML of each sheet by its title.
        parts: Other parts by their names in the folder of the workbook: ``styles.xml``, ``sharedStrings.xml``.
        states: The state of sheets that are not visible.
        settings: What stands in the workbook's part before the sheets.
    """
    others = dict(parts or {})
    entries = "".join(
        f'<sheet name="{title}" sheetId="{number}" state="{(states or {}).get(title, "visible")}" r:id="r{number}"/>'
        for number, title in enumerate(sheets, start=1)
    )
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    ) + "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{name.removesuffix(".xml")}" Target="{name}"/>' for name in others
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{settings}<sheets>{entries}</sheets></workbook>',
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>')
        for number, xml in enumerate(sheets.values(), start=1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", xml)
        for name, xml in others.items():
            archive.writestr(f"xl/{name}", xml)
    return path


def open_document(path: Path, tables: str, *, styles: str = "") -> Path:
    """Write an OpenDocument workbook with the XML of its tables, and of the styles that they have."""
    names = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
    )
    content = (
        f'<office:document-content{names} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:'
        f'calcext:1.0"><office:automatic-styles>{styles}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return path


def styles(*codes: str, fonts: str = "<font/>", font: str = "0") -> str:
    """Return the styles of a workbook: 0 is plain, and each other has one of the formats, in that order."""
    formats = "".join(
        f'<numFmt numFmtId="{200 + number}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for number, code in enumerate(codes)
    )
    cells = "".join(f'<xf numFmtId="{200 + number}" fontId="{font}"/>' for number in range(len(codes)))
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><fonts>{fonts}</fonts>'
        f'<cellXfs><xf numFmtId="0" fontId="0"/>{cells}</cellXfs></styleSheet>'
    )


def grid(path: Path) -> Grid:
    """Return the cells of the first sheet, without the child process that reads a workbook else."""
    parts: list[bytes] = []
    write_sheets(parts.append, str(path))
    _, _, content = next(sheet_messages(b"".join(parts)))
    assert isinstance(content, bytes)
    return grid_of_message(content)


def problems(path: Path) -> list[str]:
    """Return all problems of a workbook, without the name of its file and sheet."""
    with pytest.raises(TableProblemsError) as caught:
        read(path)
    return [str(problem).partition(", sheet ")[2] or str(problem) for problem in caught.value.problems]


def reason(path: Path) -> str:
    """Return why a workbook cannot be read, from the name of its file on."""
    with pytest.raises(UnreadableError) as caught:
        read(path)
    words = str(caught.value)
    assert "\n" not in words
    return words[words.index(path.name) :]


def filled(content: bytes, sheets: Mapping[int, Sequence[Sequence[str]]]) -> bytes:
    """Return a workbook with rows of texts below what is there, by the numbers of its sheets from 1."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            for number, lines in sheets.items():
                if name == f"xl/worksheets/sheet{number}.xml":
                    inner = "".join(_line(part.count(b"<row ") + at, line) for at, line in enumerate(lines, start=1))
                    part = part.replace(b"</sheetData>", f"{inner}</sheetData>".encode())
            archive.writestr(name, part)
    return target.getvalue()


def _line(number: int, texts: Sequence[str]) -> str:
    cells = "".join(text(f"{chr(65 + column)}{number}", words) for column, words in enumerate(texts) if words)
    return f'<row r="{number}">{cells}</row>'
