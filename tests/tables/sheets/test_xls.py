"""An old workbook (.xls) is read as it shows."""

from __future__ import annotations

import datetime
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaingraph.errors import UnreadableError
from chaingraph.tables import read
from chaingraph.tables.sheets import Kind, Visibility, sheets_of
from tests.tables.books import grid, problems, reason

if TYPE_CHECKING:
    from pathlib import Path

    Cells = dict[tuple[int, int], Any]


def old_book(path: Path, cells: Cells, *, formats: dict[tuple[int, int], str] | None = None) -> Path:
    """Write a workbook of one sheet."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("organizations")
    for (row, column), value in cells.items():
        code = (formats or {}).get((row, column), "General")
        sheet.write(row, column, value, xlwt.easyxf(num_format_str=code))
    book.save(str(path))
    return path


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.dictionaries(
        st.tuples(st.integers(0, 9), st.integers(0, 5)),
        st.one_of(
            st.booleans(),
            st.integers(-(10**14), 10**14),
            st.floats(-1e9, 1e9).map(lambda number: float(f"{number:.15g}")),
            st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=8),
        ),
        min_size=1,
    )
)
def test_values_are_those_that_were_written(tmp_path: Path, cells: dict[tuple[int, int], Any]) -> None:
    sheet = grid(old_book(tmp_path / "a.xls", cells))
    values = {
        (row, column): (Kind(kind), value)
        for row, (line, kinds) in enumerate(zip(sheet.values.rows(), sheet.kinds.rows(), strict=True))
        for column, (value, kind) in enumerate(zip(line, kinds, strict=True))
        if value is not None
    }
    assert {place: kind for place, (kind, _) in values.items()} == {
        place: Kind.BOOLEAN if isinstance(value, bool) else Kind.TEXT if isinstance(value, str) else Kind.NUMBER
        for place, value in cells.items()
    }
    assert {
        place: value if kind is Kind.TEXT else value == "TRUE" if kind is Kind.BOOLEAN else float(value)
        for place, (kind, value) in values.items()
    } == cells


def test_numbers_show_in_their_format_and_dates_are_days(tmp_path: Path) -> None:
    cells = {(0, 0): 10100, (1, 0): 1.6, (2, 0): 44470, (3, 0): datetime.datetime(2021, 10, 1, 18), (4, 0): -5}
    formats = {(0, 0): "000000", (1, 0): "0", (2, 0): 'yyyy"年"m"月"', (3, 0): "yyyy-mm-dd h:mm", (4, 0): "yyyy-mm-dd"}
    sheet = grid(old_book(tmp_path / "a.xls", cells, formats=formats))
    assert sheet.values["A"].to_list() == ["10100", "1.6", "2021-10-01", "2021-10-01 18:00:00", "-5.0"]
    assert [Kind(kind).name for kind in sheet.kinds["A"]] == ["NUMBER", "NUMBER", "DATE", "DATE", "UNREADABLE"]
    assert sheet.shown("A").to_list() == ["010100", None, "2021-10-01", "2021-10-01 18:00:00", "-5.0"]


def test_what_nobody_sees_is_named(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write_merge(1, 3, 0, 0, "甲")
    sheet.write(2, 1, "乙", xlwt.easyxf("font: struck_out on"))
    sheet.write(3, 2, "x")
    sheet.write_rich_text(4, 2, ["丙", ("丁", xlwt.easyfont("struck_out on"))])
    sheet.row(2).hidden = True
    sheet.col(1).hidden = True
    book.add_sheet("b").visibility = 1
    book.add_sheet("c").visibility = 2
    book.save(str(tmp_path / "a.xls"))
    first, *others = sheets_of(tmp_path / "a.xls")
    found = first.grid()
    assert found.values.rows() == [
        (None, None, None),
        ("甲", None, None),
        ("甲", "乙", None),
        ("甲", None, "x"),
        (None, None, "丙丁"),
    ]
    assert (found.hidden_rows, found.hidden_columns, found.struck) == ((2,), (1,), ((2, 1), (4, 2)))
    assert [sheet.visibility for sheet in others] == [Visibility.HIDDEN, Visibility.VERY_HIDDEN]


@pytest.mark.parametrize(("code", "word"), [(42, "#N/A"), (23, "#REF!"), (7, "#DIV/0!")])
def test_an_error_is_no_empty_cell(tmp_path: Path, code: int, word: str) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("organizations")
    for column, heading in enumerate(("id", "name", "name_en")):
        sheet.write(0, column, heading)
    sheet.write(1, 0, "a")
    sheet.write(1, 1, "甲")
    sheet.row(1).set_cell_error(2, code)
    book.save(str(tmp_path / "e.xls"))
    assert problems(tmp_path / "e.xls") == [
        f"organizations, row 2: 'column C' holds '{word}', which a formula gave in place of a value; mend the formula"
        " or empty the cell"
    ]


def test_the_table_of_an_old_workbook_is_that_of_any_other(tmp_path: Path) -> None:
    cells = {(0, 0): "编号", (0, 1): "名称", (1, 0): "a", (1, 1): "甲公司", (2, 0): "b", (2, 1): "乙大学"}
    frame = read(old_book(tmp_path / "a.xls", cells)).tables["organizations"]
    assert frame.select("id", "name").rows() == [("a", "甲公司"), ("b", "乙大学")]


def test_a_long_number_in_a_column_of_ids_is_refused(tmp_path: Path) -> None:
    cells = {(0, 0): "id", (0, 1): "name", (1, 0): 913205941234567890, (1, 1): "甲"}
    assert problems(old_book(tmp_path / "a.xls", cells)) == [
        "organizations, row 2: 'id' holds '913205941234568000', a number of more than 15 digits, of which a spreadsheet"
        " keeps 15; format the column as text, and type it again"
    ]


@pytest.mark.parametrize("damage", range(0, 6_000, 450))
def test_a_damaged_file_is_refused_or_read(tmp_path: Path, damage: int) -> None:
    path = old_book(tmp_path / "d.xls", {(row, column): f"甲{row}" for row in range(30) for column in range(3)})
    content = bytearray(path.read_bytes())
    content[damage : damage + 60] = bytes(255 - byte for byte in content[damage : damage + 60])
    path.write_bytes(content)
    with suppress(UnreadableError):
        assert [sheet.title for sheet in sheets_of(path)] == ["organizations"]


@pytest.mark.parametrize("suffix", [".et", ".xlsb", ".xltx", ".numbers", ".fods"])
def test_a_workbook_of_another_kind_is_to_be_saved_as_one_that_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"x")
    assert (
        reason(path) == f"a{suffix}: is a workbook of another kind ({suffix}); open it in its program, save it as .xlsx"
    )
