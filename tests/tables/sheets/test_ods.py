"""An OpenDocument workbook (.ods) is read as it shows."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from chaingraph.tables import read
from chaingraph.tables.sheets import Kind, Visibility, sheets_of
from tests.tables.books import grid, open_document, problems, reason

if TYPE_CHECKING:
    from pathlib import Path


def text(words: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{attributes}><text:p>{words}</text:p></table:table-cell>'


def cell(attributes: str, shown: str = "") -> str:
    paragraph = f"<text:p>{shown}</text:p>" if shown else ""
    return f"<table:table-cell {attributes}>{paragraph}</table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row{attributes}>{''.join(cells)}</table:table-row>"


def table(*rows: str, name: str = "organizations", attributes: str = "", before: str = "") -> str:
    return f'<table:table table:name="{name}"{attributes}>{before}{"".join(rows)}</table:table>'


@pytest.mark.parametrize(
    ("xml", "kind", "value", "shown"),
    [
        (cell('office:value-type="float" office:value="10100"', "010100"), Kind.NUMBER, "10100", "010100"),
        (cell('office:value-type="float" office:value="1.6"', "2"), Kind.NUMBER, "1.6", None),
        (cell('office:value-type="float" office:value="1000"', "1,000"), Kind.NUMBER, "1000", "1,000"),
        (cell('office:value-type="percentage" office:value="0.6"', "60%"), Kind.NUMBER, "0.6", "60%"),
        (cell('office:value-type="currency" office:value="5"', "¥5"), Kind.NUMBER, "5", "¥5"),
        (cell('office:value-type="float" office:value="NaN"', "x"), Kind.UNREADABLE, "NaN", "NaN"),
        (cell('office:value-type="date" office:date-value="2021-10-01"', "1.10.21"), Kind.DATE, "2021-10-01", None),
        (
            cell('office:value-type="date" office:date-value="2021-10-01T18:00:00"', "x"),
            Kind.DATE,
            "2021-10-01 18:00:00",
            None,
        ),
        (cell('office:value-type="date" office:date-value="-5"', "x"), Kind.UNREADABLE, "-5", None),
        (cell('office:value-type="time" office:time-value="PT12H05M00S"', "12:05"), Kind.DATE, "12:05:00", None),
        (cell('office:value-type="boolean" office:boolean-value="true"', "WAHR"), Kind.BOOLEAN, "TRUE", None),
        (
            cell('table:formula="of:=NA()" office:value-type="string" calcext:value-type="error"', "#N/A"),
            Kind.ERROR,
            "#N/A",
            None,
        ),
        (cell('table:formula="of:=1/0" office:value-type="string"', "#DIV/0!"), Kind.ERROR, "#DIV/0!", None),
        (
            cell('table:formula="of:=1/0" office:value-type="float" office:value="0"', "Err:502"),
            Kind.ERROR,
            "Err:502",
            None,
        ),
        (cell('table:formula="of:=A2"'), Kind.FORMULA, "f", None),
        (text("甲<text:s text:c='2'/>乙<text:tab/><text:span>丙</text:span>"), Kind.TEXT, "甲  乙\t丙", None),
        (text("甲</text:p><text:p>乙"), Kind.TEXT, "甲\n乙", None),
        (
            '<table:table-cell office:value-type="string"><office:annotation><text:p>看</text:p></office:annotation>'
            "<text:p>甲</text:p></table:table-cell>",
            Kind.TEXT,
            "甲",
            None,
        ),
    ],
)
def test_a_cell_has_its_kind_its_value_and_what_it_shows(
    tmp_path: Path, xml: str, kind: Kind, value: str, shown: str | None
) -> None:
    sheet = grid(open_document(tmp_path / "a.ods", table(row(xml, text("x")))))
    assert (Kind(sheet.kinds["A"][0]), sheet.values["A"][0]) == (kind, value)
    assert sheet.shown("A")[0] == (shown if kind is Kind.NUMBER else value)
    assert sheet.values["B"].to_list() == ["x"]


def test_repeated_rows_and_columns_stand_so_often(tmp_path: Path) -> None:
    number = '<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7"/>'
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = (
        row(empty, attributes=' table:number-rows-repeated="2"'),
        row(text("甲"), number, empty, attributes=' table:number-rows-repeated="2"'),
        row(empty, attributes=' table:number-rows-repeated="1048572"'),
    )
    assert grid(open_document(tmp_path / "a.ods", table(*rows))).values.rows() == [
        (None, None, None),
        (None, None, None),
        ("甲", "7", "7"),
        ("甲", "7", "7"),
    ]


@pytest.mark.parametrize(
    ("down", "right", "words"),
    [
        ("1048576", "16384", "repeats a cell down to XFD1048576, which makes more than the 20,000,000 cells"),
        ("1048577", "1", "holds a cell outside the rows and columns of a sheet"),
        ("1", "99999999999999999999", "holds a cell outside the rows and columns of a sheet"),
    ],
)
def test_a_cell_repeated_over_the_whole_sheet_is_refused(tmp_path: Path, down: str, right: str, words: str) -> None:
    repeats = f' table:number-columns-repeated="{right}"'
    rows = row(text("x", repeats), attributes=f' table:number-rows-repeated="{down}"')
    assert reason(open_document(tmp_path / "a.ods", table(rows))).startswith(f"a.ods, sheet organizations: {words}")


def test_merged_cells_are_filled_and_what_nobody_sees_is_named(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="s" style:family="table-cell"><style:text-properties'
        ' style:text-line-through-style="solid"/></style:style><style:style style:name="h" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    merged = ' table:number-rows-spanned="3" table:number-columns-spanned="1"'
    number = (
        f'<table:table-cell{merged} office:value-type="float" office:value="7"><text:p>007</text:p></table:table-cell>'
    )
    rows = (
        row(text("甲", merged), number),
        row("<table:covered-table-cell/>" * 2, text("x"), attributes=' table:visibility="collapse"'),
        row("<table:covered-table-cell/>" * 2, text("乙", ' table:style-name="s"')),
    )
    before = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    path = open_document(
        tmp_path / "a.ods",
        table(*rows, before=before) + table(name="b", attributes=' table:style-name="h"'),
        styles=styles,
    )
    found = grid(path)
    assert found.values.rows() == [("甲", "7", None), ("甲", "7", "x"), ("甲", "7", "乙")]
    assert found.shown("B").to_list() == ["007", "007", "007"]
    assert (found.hidden_rows, found.hidden_columns, found.struck) == ((1,), (1, 2), ((2, 2),))
    assert [sheet.visibility for sheet in sheets_of(path)] == [Visibility.VISIBLE, Visibility.HIDDEN]


def test_the_table_of_an_open_document_is_that_of_any_other(tmp_path: Path) -> None:
    rows = row(text("编号"), text("名称")), row(text("a"), text("甲公司")), row(text("b"), text("乙大学"))
    frame = read(open_document(tmp_path / "a.ods", table(*rows))).tables["organizations"]
    assert frame.select("id", "name").rows() == [("a", "甲公司"), ("b", "乙大学")]


def test_a_formula_that_was_never_computed_is_a_problem(tmp_path: Path) -> None:
    rows = row(text("id"), text("name")), row(text("a"), cell('table:formula="of:=A2"'))
    assert problems(open_document(tmp_path / "a.ods", table(*rows))) == [
        "organizations, row 2: 'column B' has in cell B2 a formula that was never computed; open the workbook in a"
        " spreadsheet program, save it, and read it again",
        "organizations, row 2: 'name' is empty, expected a value",
    ]


def test_a_document_that_is_no_workbook_or_is_under_a_password_is_refused(tmp_path: Path) -> None:
    path = open_document(tmp_path / "t.ods", "")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<text/>")
    assert reason(path).startswith("t.ods: is no workbook, but another OpenDocument file")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", b"\x00\x01")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert reason(path) == "t.ods: is under a password; save it without one"
