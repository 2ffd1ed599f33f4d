"""What a workbook states of itself is not trusted, and what it may cost is bounded."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from chaingraph.tables import read
from chaingraph.tables.sheets import sheets_of
from tests.tables.books import MAIN, book, grid, organizations, problems, reason, rows, sheet_xml, styles, text

if TYPE_CHECKING:
    from pathlib import Path

TWO = organizations(text("A2", "a") + text("B2", "甲"), text("A3", "b") + text("B3", "乙"))


@pytest.mark.parametrize(
    ("row", "column", "stray"),
    [(1048576, "XFD", "XFD1048576"), (1048576, "CW", "CW1048576"), (2000, "XFD", "XFD2000")],
)
def test_a_stray_cell_far_off_is_named(tmp_path: Path, row: int, column: str, stray: str) -> None:
    cells = TWO + f'<row r="{row}">{text(f"{column}{row}", "x")}</row>'
    path = book(tmp_path / "far.xlsx", {"organizations": sheet_xml(cells)})
    words = reason(path)
    assert words.startswith(f"far.xlsx, sheet organizations: reaches to {stray}, which makes ")
    assert words.endswith(f" that a sheet may have; delete the stray cell {stray}, and save it again")


def test_a_cell_far_off_that_has_a_style_alone_is_no_cell(tmp_path: Path) -> None:
    cells = TWO + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    path = book(tmp_path / "far.xlsx", {"organizations": sheet_xml(cells, before='<dimension ref="A1:XFD1048576"/>')})
    assert read(path).tables["organizations"]["name"].to_list() == ["甲", "乙"]


def test_a_far_cell_on_a_sheet_that_is_no_table_hurts_no_other(tmp_path: Path) -> None:
    far = sheet_xml(rows(text("A1", "x")) + '<row r="1048576">' + text("XFD1048576", "x") + "</row>")
    path = book(tmp_path / "far.xlsx", {"organizations": sheet_xml(TWO), "notes": far})
    assert read(path).notes == ("far.xlsx, sheet notes is no table of the contract and was left out",)


@pytest.mark.parametrize("ranges", [["A1:XFD1048576"], ["A1:C1000000"] * 40, ["A2:A3"] * 100_000])
def test_merged_ranges_cost_no_more_than_the_cells(tmp_path: Path, ranges: list[str]) -> None:
    cells = TWO.replace('<row r="3">', '<row r="900000">').replace("A3", "A900000").replace("B3", "B900000")
    after = "<mergeCells>" + "".join(f'<mergeCell ref="{name}"/>' for name in ranges) + "</mergeCells>"
    path = book(tmp_path / "m.xlsx", {"organizations": sheet_xml(cells, after=after)})
    if ranges[0] == "A1:C1000000":
        expected = "its merged ranges have more than 20,000,000 cells; take the merging back"
        assert reason(path) == f"m.xlsx, sheet organizations: {expected}"
    else:
        assert sheets_of(path)[0].grid().values.height == 900_000


@pytest.mark.parametrize("key", ["count", "uniqueCount"])
@pytest.mark.parametrize("number", ["18446744073709551615", "-1", "9" * 400, "x"])
def test_a_number_of_shared_texts_that_cannot_be_is_refused(tmp_path: Path, key: str, number: str) -> None:
    shared = f'<sst xmlns="{MAIN}" {key}="{number}"><si><t>甲</t></si></sst>'
    path = book(tmp_path / "s.xlsx", {"organizations": sheet_xml(TWO)}, parts={"sharedStrings.xml": shared})
    used = sheet_xml(TWO + '<row r="9"><c r="A9" t="s"><v>0</v></c></row>')
    book(path, {"organizations": used}, parts={"sharedStrings.xml": shared})
    assert reason(path) == (
        f's.xlsx: states {key}="{number[:30]}" for the texts that its cells share, which cannot be; save it again'
    )


def test_a_wrong_number_of_shared_texts_counts_nothing(tmp_path: Path) -> None:
    shared = f'<sst xmlns="{MAIN}" count="9" uniqueCount="3"><si><t>甲</t></si></sst>'
    cells = rows('<c r="A1" t="s"><v>0</v></c>')
    assert grid(
        book(tmp_path / "s.xlsx", {"a": sheet_xml(cells)}, parts={"sharedStrings.xml": shared})
    ).values.rows() == [("甲",)]


@pytest.mark.parametrize("style", ["0", "1"])
@pytest.mark.parametrize(
    "value", ["NaN", "-NaN", "inf", "1e999", "1_0", "１", "0x1", "-1e14", "-1", "2958466", "1e300"]
)
def test_a_number_that_no_spreadsheet_shows_is_told_with_its_cell(tmp_path: Path, value: str, style: str) -> None:
    cells = organizations(text("A2", "a") + text("B2", "甲") + f'<c r="C2" s="{style}"><v>{value}</v></c>')
    path = book(tmp_path / "n.xlsx", {"organizations": sheet_xml(cells)}, parts={"styles.xml": styles("yyyy-mm-dd")})
    is_number = value[-1].isdigit() and value.isascii() and value not in {"1e999", "1_0", "0x1"}
    if style == "0" and is_number:
        assert len(problems(path)) == 1
    else:
        assert reason(path) == (
            f"n.xlsx, sheet organizations, cell C2: holds '{value}', which is no number or date that a spreadsheet can"
            " show; correct it, and save the workbook again"
        )


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "holds the cell A1 twice"),
        ('<row r="1"><c r="ZZZ1"><v>1</v></c></row>', "holds a cell 'ZZZ1', which no sheet has"),
        ('<row r="1"><c r="A0"><v>1</v></c></row>', "holds a cell 'A0', which no sheet has"),
        ('<row r="1048577"><c><v>1</v></c></row>', "holds a row 1048577, which no sheet has"),
        (f'<row r="{"9" * 50}"><c><v>1</v></c></row>', "holds a row '999999999999999999999999999999"),
        (f"<row>{'<c><v>1</v></c>' * 16_385}</row>", "holds a cell outside the rows and columns of a sheet"),
        ('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "cell A1: holds '7', which is no number or date"),
        ('<row r="1"><c r="A1" t="b"><v>7</v></c></row>', "cell A1: holds '7', which is no number or date"),
        ('<row r="1"><c r="A1" t="d"><v>7</v></c></row>', "cell A1: holds '7', which is no number or date"),
        ('<row r="1"><c r="A1" t="?"><v>7</v></c></row>', "cell A1: holds '7', which is no number or date"),
        ('<row r="1"><c r="A1"><v>1</v></row>', "is no .xlsx workbook that can be read"),
        ('<row r="1"><c r="A1"><v>&x;</v></c></row>', "is no .xlsx workbook that can be read"),
    ],
)
def test_a_sheet_that_no_spreadsheet_has_is_refused_in_one_line(tmp_path: Path, cells: str, words: str) -> None:
    assert words in reason(book(tmp_path / "o.xlsx", {"organizations": sheet_xml(cells)}))


def test_a_document_type_is_refused_in_every_part(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    xml = sheet_xml(TWO)
    shared = f'<sst xmlns="{MAIN}"><si><t>甲</t></si></sst>'
    plain = {"sheet": xml, "sharedStrings.xml": shared, "styles.xml": styles("0")}
    for part in plain:
        parts = {
            name: bomb + text_.removeprefix('<?xml version="1.0"?>') if name == part else text_
            for name, text_ in plain.items()
        }
        sheet = parts.pop("sheet")
        used = sheet.replace('t="inlineStr"><is><t>乙</t></is>', 't="s"><v>0</v>')
        path = book(tmp_path / f"{part}.xlsx", {"organizations": used}, parts=parts)
        assert "declares a document type" in reason(path)


@pytest.mark.parametrize(
    "long",
    [
        "<!-- " + "<c " * 40_000 + "-->",
        "<c " * 20_000,
        '<x y="' + "a" * 500_000 + '"/>',
        "<a>" * 5_000 + "</a>" * 5_000,
    ],
)
def test_long_markup_is_passed_over_in_one_go_or_refused(tmp_path: Path, long: str) -> None:
    path = book(tmp_path / "r.xlsx", {"organizations": sheet_xml(TWO, after=long)})
    if long.startswith("<c "):
        assert reason(path).startswith("r.xlsx: is no .xlsx workbook")
    else:
        assert read(path).tables["organizations"].height == 2


def test_a_tag_of_more_than_a_mebibyte_is_refused(tmp_path: Path) -> None:
    noise = "".join(chr(0x4E00 + n % 20_000) for n in range(700_000))
    path = book(tmp_path / "r.xlsx", {"organizations": sheet_xml(TWO, after=f"<!--{noise}-->")})
    assert "a tag or comment is longer than 1,048,576 bytes" in reason(path)


def test_one_text_in_very_many_cells_is_bounded(tmp_path: Path) -> None:
    shared = f'<sst xmlns="{MAIN}"><si><t>{"甲" * 32_000}</t></si></sst>'
    lines = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 6_001))
    path = book(tmp_path / "t.xlsx", {"organizations": sheet_xml(lines)}, parts={"sharedStrings.xml": shared})
    assert reason(path) == "t.xlsx, sheet organizations: its cells hold more than 512 MiB of text; save it as CSV"


def test_an_archive_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "z.xlsx", {"organizations": sheet_xml(TWO)})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image.png", bytes(2**24))
    assert reason(path) == (
        "z.xlsx: unpacks to 16 MiB, more than 100 times its size, as nothing real does;"
        " save it as .xlsx again, or as CSV"
    )


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "z.xlsx", {"organizations": sheet_xml(TWO)})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL\\worksheets\\sheet1.xml", sheet_xml(""))
    assert reason(path).startswith("z.xlsx: holds two parts of one name")


def test_one_part_under_many_titles_is_read_for_none(tmp_path: Path) -> None:
    path = book(tmp_path / "z.xlsx", {"organizations": sheet_xml(TWO), "regions": sheet_xml("")})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace("sheet2.xml", "sheet1.xml") if name.endswith(".rels") else content)
    assert "the sheet 'regions' stands there twice" in reason(path)


@pytest.mark.parametrize("damage", range(0, 1000, 125))
def test_a_damaged_archive_is_one_line(tmp_path: Path, damage: int) -> None:
    path = book(tmp_path / "z.xlsx", {"organizations": sheet_xml(TWO)})
    content = bytearray(path.read_bytes())
    content[damage : damage + 40] = bytes(255 - byte for byte in content[damage : damage + 40])
    path.write_bytes(content)
    assert reason(path).startswith("z.xlsx: is no .xlsx workbook that can be read")
