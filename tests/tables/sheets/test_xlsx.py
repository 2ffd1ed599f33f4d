"""A workbook is read as it shows, however its XML is spelt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import python_calamine as calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaingraph.tables.sheets import Kind, Visibility, sheets_of
from chaingraph.tables.sheets.grid import address
from tests.tables.books import MAIN, book, grid, rows, sheet_xml, styles, text

if TYPE_CHECKING:
    from pathlib import Path

SHARED = f'<sst xmlns="{MAIN}"><si><t>甲</t></si><si><r><t>乙</t></r><r><rPr><b/></rPr><t>公司</t></r></si></sst>'
SPELLINGS = {
    "as Excel writes it": '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1.5</v></c>'
    '<c r="C1" t="e"><v>#N/A</v></c></row>',
    "without addresses": '<row><c t="s"><v>0</v></c><c><v>1.5</v></c><c t="e"><v>#N/A</v></c></row>',
    "in single quotes": "<row r='1'><c t='s' r='A1'><v>0</v></c><c r='B1'><v>1.5</v></c>"
    "<c t='e' r='C1'><v>#N/A</v></c></row>",
    "on lines of its own": '<row r="1">\n <c r="A1" t="s">\n  <v>0</v>\n </c>\n <c r="B1">\n  <v>1.5</v>\n </c>\n'
    ' <c r="C1" t="e" >\n  <v\n>#N/A</v>\n </c>\n</row>',
    "with comments and sections": '<row r="1"><!-- <c r="A9"> --><c r="A1" t="s"><v><![CDATA[0]]></v></c>'
    '<c r="B1"><v>1<!-- . -->.5</v></c><c r="C1" t="e"><f>1/0<!-- > --></f><v>#&#78;/A</v></c></row>',
    "in another order": '<row r="1"><c r="C1" t="e"><v>#N/A</v></c><c r="B1"><v>1.5</v></c>'
    '<c r="A1" t="s"><v>0</v></c></row>',
    "with a text of its own": '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t>'
    '<rPh sb="0" eb="1"><t>jia</t></rPh></is></c>'
    '<c r="B1" t="n"><v>1.50</v></c><c r="C1" t="e"><v>#N/A</v></c></row>',
    "with what a formula gave": '<row r="1"><c r="A1" t="str"><f>"甲"</f><v>甲</v></c>'
    '<c r="B1"><f>3/2</f><v>15E-1</v></c><c r="C1" t="e"><f>NA()</f><v>#N/A</v></c></row>',
}


def kinds(path: Path) -> list[list[str]]:
    return [[Kind(kind).name for kind in row] for row in grid(path).kinds.rows()]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_one_sheet_is_the_same_in_every_spelling_of_its_xml(tmp_path: Path, spelling: str, prefix: str) -> None:
    xml = sheet_xml(SPELLINGS[spelling])
    if prefix:
        for name in ("worksheet", "sheetData", "row", "c", "v", "f", "is", "t", "rPh"):
            for end in (" ", ">", "\n"):
                xml = xml.replace(f"<{name}{end}", f"<{prefix}{name}{end}").replace(
                    f"</{name}{end}", f"</{prefix}{name}{end}"
                )
        xml = xml.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    path = book(tmp_path / "a.xlsx", {"one": xml}, parts={"sharedStrings.xml": SHARED})
    assert grid(path).values.rows() == [("甲", "1.5", "#N/A")]
    assert kinds(path) == [["TEXT", "NUMBER", "ERROR"]]


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(-1e9, 1e9).map(lambda number: float(f"{number:.15g}")),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=8),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6))
def test_values_are_those_that_another_reader_gives(tmp_path: Path, lines: list[list[Any]]) -> None:
    path = tmp_path / "written.xlsx"
    with xlsxwriter.Workbook(str(path)) as writer:
        sheet = writer.add_worksheet()
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write(row, column, cell)
    with calamine.load_workbook(str(path)) as other:
        expected = other.get_sheet_by_index(0).to_python(skip_empty_area=False)
    found = grid(path)
    of_kind = {Kind.EMPTY: lambda _: "", Kind.TEXT: str, Kind.NUMBER: float, Kind.BOOLEAN: lambda text: text == "TRUE"}
    values = [
        [of_kind[Kind(kind)](value) for value, kind in zip(row, row_kinds, strict=True)]  # type: ignore[operator]
        for row, row_kinds in zip(found.values.rows(), found.kinds.rows(), strict=True)
    ]
    assert values == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ranges=st.lists(
        st.tuples(st.integers(0, 7), st.integers(0, 3), st.integers(0, 4), st.integers(0, 1)), min_size=1, max_size=4
    )
)
def test_a_merged_value_stands_in_all_rows_of_its_range(
    tmp_path: Path, ranges: list[tuple[int, int, int, int]]
) -> None:
    taken: set[tuple[int, int]] = set()
    merged, expected = [], {(9, 5): "end"}
    for row, column, down, right in ranges:
        cells = {(row + r, column + c) for r in range(down + 1) for c in range(right + 1)}
        if not cells & taken:
            taken |= cells
            name = address(row, column)
            if len(cells) > 1:
                merged.append(f'<mergeCell ref="{name}:{address(row + down, column + right)}"/>')
            expected |= {(row + r, column): name for r in range(down + 1) if row + r < 10}
    tops = {name: place for place, name in sorted(expected.items(), reverse=True)}
    lines = [
        "".join(
            text(address(*place), name)
            for name, place in sorted(tops.items(), key=lambda item: item[1])
            if place[0] == row
        )
        for row in range(10)
    ]
    path = book(
        tmp_path / "m.xlsx", {"a": sheet_xml(rows(*lines), after=f"<mergeCells>{''.join(merged)}</mergeCells>")}
    )
    values = grid(path).values.rows()
    assert {
        (row, column): cell for row, line in enumerate(values) for column, cell in enumerate(line) if cell
    } == expected


def test_a_value_under_a_merged_cell_is_named_and_left_out(tmp_path: Path) -> None:
    cells = rows(text("A1", "甲"), text("A2", "乙") + text("B2", "x"), text("A3", "甲"))
    path = book(tmp_path / "m.xlsx", {"a": sheet_xml(cells, after='<mergeCells><mergeCell ref="A1:A3"/></mergeCells>')})
    assert grid(path).values["A"].to_list() == ["甲", "甲", "甲"]
    assert grid(path).covered == ((1, 0),)


def test_a_merged_range_beyond_the_last_value_adds_no_row(tmp_path: Path) -> None:
    cells = rows(text("A1", "甲") + text("B1", "x"), text("B2", "y"))
    after = '<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>'
    assert grid(book(tmp_path / "m.xlsx", {"a": sheet_xml(cells, after=after)})).values.rows() == [
        ("甲", "x"),
        ("甲", "y"),
    ]


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("10100", "000000", "010100"),
        ("999888777", '"PIC:"0', "PIC:999888777"),
        ("1.1", "00.00", "01.10"),
        ("0.6", "0%", "60%"),
        ("1234567", "#,##0", "1,234,567"),
        ("2021", '0"年"', "2021年"),
        ("1234567890", "000-0000-0000", "012-3456-7890"),
        ("-5", "0;(0)", "(5)"),
        ("1.6", "0", None),
        ("0.75", "# ?/?", None),
        ("5", "[>3]0", None),
        ("5", "[DBNum1]0", None),
        ("5", ";;;", None),
        ("1234", "0,", None),
    ],
)
def test_a_number_shows_in_its_format_or_not_at_all(tmp_path: Path, number: str, code: str, shown: str | None) -> None:
    cells = rows(f'<c r="A1" s="1"><v>{number}</v></c>')
    path = book(tmp_path / "n.xlsx", {"a": sheet_xml(cells)}, parts={"styles.xml": styles(code.replace(">", "&gt;"))})
    assert grid(path).shown("A").to_list() == [shown]
    assert grid(path).values["A"].to_list() == [number]


@pytest.mark.parametrize(
    ("serial", "settings_", "value"),
    [
        ("44470", "", "2021-10-01"),
        ("44470.75", "", "2021-10-01 18:00:00"),
        ("0.5", "", "12:00:00"),
        ("1", "", "1900-01-01"),
        ("59", "", "1900-02-28"),
        ("60", "", "1900-02-29"),
        ("61", "", "1900-03-01"),
        ("2958465", "", "9999-12-31"),
        ("44470", '<workbookPr date1904="1"/>', "2025-10-02"),
    ],
)
@pytest.mark.parametrize("code", ["yyyy-mm-dd", 'yyyy"年"m"月"', "[$-804]d/m/yy;@"])
def test_a_number_in_the_format_of_a_date_is_its_day(
    tmp_path: Path, serial: str, settings_: str, value: str, code: str
) -> None:
    cells = rows(f'<c r="A1" s="1"><v>{serial}</v></c>')
    path = book(tmp_path / "d.xlsx", {"a": sheet_xml(cells)}, parts={"styles.xml": styles(code)}, settings=settings_)
    assert grid(path).values["A"].to_list() == [value]
    assert kinds(path) == [["DATE"]]


@pytest.mark.parametrize("number", [14, 17, 22, 27, 31, 36, 57, 58])
def test_the_formats_of_dates_that_every_office_has_are_known_by_number(tmp_path: Path, number: int) -> None:
    xml = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    cells = rows('<c r="A1" s="1"><v>44470</v></c><c r="B1"><v>44470</v></c>')
    path = book(tmp_path / "d.xlsx", {"a": sheet_xml(cells)}, parts={"styles.xml": xml})
    assert grid(path).values.rows() == [("2021-10-01", "44470")]


@pytest.mark.parametrize(
    "cell", ["<f>A2</f>", "<f>A2</f><v/>", "<f>A2</f><v></v>", "<f/><v> </v>", '<f t="shared" si="0"/>']
)
@pytest.mark.parametrize("type_", ["", ' t="n"', ' t="b"', ' t="s"'])
def test_a_formula_without_a_value_is_no_empty_cell(tmp_path: Path, cell: str, type_: str) -> None:
    path = book(tmp_path / "f.xlsx", {"a": sheet_xml(rows(f'<c r="A1"{type_}>{cell}</c>'))})
    assert kinds(path) == [["FORMULA"]]


def test_a_formula_that_gave_an_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    cells = rows('<c r="A1" t="str"><f>IF(1,"",1)</f><v></v></c>' + text("B1", "x"))
    assert grid(book(tmp_path / "f.xlsx", {"a": sheet_xml(cells)})).values.rows() == [(None, "x")]


def test_what_is_hidden_or_struck_out_is_read_and_named(tmp_path: Path) -> None:
    shared = f'<sst xmlns="{MAIN}"><si><r><t>甲</t></r><r><rPr><strike/></rPr><t>乙</t></r></si></sst>'
    cells = (
        '<row r="1" hidden="1"><c r="A1" t="s"><v>0</v></c></row><row r="2" ht="0"><c r="B2" s="1"><v>1</v></c></row>'
        '<row r="3"><c r="C3"><v>1</v></c></row><row r="9" hidden="true"/>'
    )
    before = '<cols><col min="2" max="2" width="0"/><col min="3" max="9" hidden="1" width="8"/></cols>'
    path = book(
        tmp_path / "h.xlsx",
        {"shown": sheet_xml(cells, before=before), "b": sheet_xml(""), "c": sheet_xml("")},
        parts={"sharedStrings.xml": shared, "styles.xml": styles("0", fonts="<font/><font><strike/></font>", font="1")},
        states={"b": "hidden", "c": "veryHidden"},
    )
    found = grid(path)
    assert (found.hidden_rows, found.hidden_columns, found.struck) == ((0, 1), (1, 2), ((0, 0), (1, 1)))
    assert [sheet.visibility for sheet in sheets_of(path)] == [
        Visibility.VISIBLE,
        Visibility.HIDDEN,
        Visibility.VERY_HIDDEN,
    ]


def test_escapes_of_texts_are_the_characters_that_they_stand_for(tmp_path: Path) -> None:
    shared = f'<sst xmlns="{MAIN}"><si><t>甲_x000D_&#10;乙_x005F_x000D_</t></si></sst>'
    path = book(
        tmp_path / "e.xlsx",
        {"a": sheet_xml(rows('<c r="A1" t="s"><v>0</v></c>'))},
        parts={"sharedStrings.xml": shared},
    )
    assert grid(path).values.rows() == [("甲\r\n乙_x000D_",)]


def test_a_hundred_thousand_rows_are_held_in_columns(tmp_path: Path) -> None:
    lines = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n % 2}</v></c><c r="B{n}"><v>{n}</v></c></row>' for n in range(1, 100_001)
    )
    path = book(tmp_path / "l.xlsx", {"a": sheet_xml(lines)}, parts={"sharedStrings.xml": SHARED})
    values = grid(path).values
    assert values.shape == (100_000, 2)
    assert values["A"].value_counts(sort=True).rows() == [("乙公司", 50_000), ("甲", 50_000)]
    assert values["B"].cast(pl.Int64).sum() == 100_000 * 100_001 // 2
