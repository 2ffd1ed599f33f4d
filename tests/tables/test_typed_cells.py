"""What a spreadsheet or a typed column has made of an entry is read as it shows, or refused; nothing is changed."""

from __future__ import annotations

import io
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import chaingraph as cg
from chaingraph.errors import TableProblemsError, UnreadableError
from chaingraph.tables import read
from chaingraph.tables.contract import contract
from chaingraph.tables.values import NotOfTypeError, day_month_or_year, number
from tests.tables.books import book, problems, rows, sheet_xml, styles, text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import DataSetFolder


def organizations(path: Path, cell: str, *, heading: str = "name", code: str = "General") -> Path:
    """Write a workbook of one organization, one of whose cells is given as XML; its style 1 has a number format."""
    lines = rows(
        text("A1", "编号") + text("B1", "名称") + text("C1", heading), text("A2", "a") + text("B2", "甲") + cell
    )
    return book(path, {"单位": sheet_xml(lines)}, parts={"styles.xml": styles(code)})


@pytest.mark.parametrize(
    ("code", "number_", "shown"),
    [("General", "123", "123"), ("000000", "10100", "010100"), ('"NO."0', "7", "NO.7"), ("#,##0", "1000", "1,000")],
)
def test_a_number_among_texts_is_what_it_shows(tmp_path: Path, code: str, number_: str, shown: str) -> None:
    path = organizations(tmp_path / "a.xlsx", f'<c r="C2" s="1"><v>{number_}</v></c>', heading="name_en", code=code)
    assert read(path).tables["organizations"]["name_en"].to_list() == [shown]


@pytest.mark.parametrize(
    ("code", "number_", "words"),
    [
        ("0", "1.6", "'1.6', a number that its format does not show in full"),
        ("General", "9007199254740993", "'9007199254740993', a number of more than 15 digits"),
        ("0", "9.132059412345679e+17", "'913205941234567900', a number of more than 15 digits"),
        ("yyyy-mm-dd", "44470", "'2021-10-01', of which the spreadsheet made a date"),
        ("h:mm", "0.5", "'12:00:00', of which the spreadsheet made a date"),
    ],
)
def test_a_number_among_texts_that_does_not_show_what_it_is_is_refused(
    tmp_path: Path, code: str, number_: str, words: str
) -> None:
    path = organizations(tmp_path / "a.xlsx", f'<c r="C2" s="1"><v>{number_}</v></c>', heading="name_en", code=code)
    (problem,) = problems(path)
    assert problem.startswith(f"单位, row 2: 'name_en' holds {words}")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(year=st.integers(1950, 2030), month=st.integers(1, 12))
def test_a_fraction_is_no_month(tmp_path: Path, year: int, month: int) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as writer:
        sheet = writer.add_worksheet("consortia")
        sheet.write_row(0, 0, ["id", "name", "founded"])
        sheet.write_row(1, 0, ["c", "联合体", float(f"{year}.{month:02d}")])
        sheet.write_row(2, 0, ["d", "另一个", f"{year}.{month:02d}"])
        sheet.write_row(3, 0, ["e", "第三个", year])
    (problem,) = problems(tmp_path / "a.xlsx")
    shown = f"{year}.{month:02d}".rstrip("0")
    assert problem.startswith(f"consortia, row 2: 'founded' holds '{shown}', a number, and a number is no month")


ERRORS = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"]


SPELLINGS = [
    '<c r="C2" t="e"><v>{}</v></c>',
    '<c t="e" r="C2"><v>{}</v></c>',
    "<c r='C2' t='e'><v>{}</v></c>",
    '<c r="C2" t="e"><f>A9</f><v>{}</v></c>',
]


@pytest.mark.parametrize(("word", "spelling"), list(zip(ERRORS, 3 * SPELLINGS, strict=False)))
def test_an_error_is_a_problem_in_every_spelling(tmp_path: Path, word: str, spelling: str) -> None:
    path = organizations(tmp_path / "a.xlsx", spelling.format(word), heading="name_en")
    assert problems(path) == [
        f"单位, row 2: 'column C' holds '{word}', which a formula gave in place of a value; mend the formula or empty"
        " the cell"
    ]


@pytest.mark.parametrize("word", [*ERRORS, "Err:502"])
@pytest.mark.parametrize("heading", ["name", "small", "region"])
def test_an_error_in_csv_is_a_problem_whatever_the_column_takes(
    data_set: DataSetFolder, word: str, heading: str
) -> None:
    others = "id" if heading == "name" else "id,name"
    folder = data_set(organizations=f"{others},{heading}\na,{'' if heading == 'name' else '甲,'}{word}\n")
    with pytest.raises(TableProblemsError) as caught:
        read(folder)
    assert [str(problem) for problem in caught.value.problems] == [
        f"organizations.csv, row 2: '{heading}' holds '{word}', which a formula gave in place of a value; mend the"
        " formula or empty the cell"
    ]


def test_a_formula_without_a_value_is_named(tmp_path: Path) -> None:
    path = organizations(tmp_path / "a.xlsx", '<c r="C2"><f>A2</f></c>', heading="name_en")
    assert problems(path) == [
        "单位, row 2: 'column C' has in cell C2 a formula that was never computed; open the workbook in a spreadsheet"
        " program, save it, and read it again"
    ]


def test_merged_cells_count_in_all_their_rows_and_what_is_not_seen_is_noted(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as writer:
        sheet = writer.add_worksheet("成员")
        struck = writer.add_format({"font_strikeout": True})
        sheet.write_row(0, 0, ["联合体", "成员单位", "角色"])
        sheet.merge_range(1, 0, 3, 0, "甲联合体")
        for row, name in enumerate(["乙公司", "丙大学", "丁公司"], start=1):
            sheet.write(row, 1, name, struck if row == 3 else None)
            sheet.write(row, 2, "成员单位")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
        consortia = writer.add_worksheet("创新联合体")
        consortia.write_column(0, 0, ["名称", "甲联合体"])
        consortia.very_hidden()
    data = read(tmp_path / "a.xlsx", create="organizations")
    assert data.tables["memberships"]["consortium"].n_unique() == 1
    assert data.tables["memberships"].height == 3
    assert data.notes == (
        "a.xlsx, sheet 成员: row 3 is hidden, and read",
        "a.xlsx, sheet 成员: column C is hidden, and read",
        "a.xlsx, sheet 成员: cell B4 is struck out, and read",
        "a.xlsx, sheet 创新联合体: the sheet is very hidden, and was read",
    )


BUDGET = contract()["projects"].column("budget")


@settings(max_examples=300, deadline=None)
@given(
    digits=st.integers(0, 10**24),
    exponent=st.integers(-40, 25),
    sign=st.sampled_from(["", "+"]),
    suffix=st.sampled_from(["", "%", "‰"]),
)
def test_a_number_is_kept_rounded_to_what_a_spreadsheet_keeps_or_refused(
    digits: int, exponent: int, sign: str, suffix: str
) -> None:
    text_ = f"{sign}{Decimal(digits).scaleb(exponent):f}{suffix}"
    exact = Decimal(digits).scaleb(exponent - {"": 0, "%": 2, "‰": 3}[suffix])
    try:
        kept = Decimal(number(text_, BUDGET))
    except NotOfTypeError:
        assert exact >= Decimal(10) ** 19 or 0 < exact < Decimal("1e-12")
        return
    sign_, places, point = kept.as_tuple()
    assert isinstance(point, int)
    assert (sign_, point >= -18, len(places) + point <= 19) == (0, True, True)
    assert abs(kept - exact) <= abs(exact) * Decimal("1e-5")
    if -exact.normalize().as_tuple().exponent <= 18:  # type: ignore[operator]
        assert kept == exact


@pytest.mark.parametrize("text_", ["136¹", "13²", "½", "①", "Ⅳ", "１３６¹", "1⁄2", "٣", "五"])
def test_what_only_looks_like_a_digit_is_no_number_and_no_date(text_: str) -> None:
    with pytest.raises(NotOfTypeError):
        number(text_, BUDGET)
    with pytest.raises(NotOfTypeError):
        day_month_or_year(f"202{text_}")


def test_shares_of_any_length_are_added_up(data_set: DataSetFolder, tmp_path: Path) -> None:
    third = "0.3333333333333333333333333333"
    folder = data_set(
        organizations="id,name\na,甲\nb,乙\nc,丙\n",
        shareholdings=f"shareholder,organization,share\na,b,{third}\na,c,0.0003333333333333333\nb,c,0.5\n",
    )
    frame = cg.open(folder).select("SELECT (SUM(?s) AS ?sum) (COUNT(*) AS ?n) { ?x cg:share ?s FILTER (?s > 0) }")
    assert (round(float(frame["sum"][0]), 12), int(frame["n"][0])) == (0.833666666667, 3)
    assert read(folder).notes == (
        "shareholdings.csv: more digits than can be counted were rounded to the 15 digits of a spreadsheet in 2 cells"
        " of 'share'",
    )


def parquet(folder: Path, **columns: Any) -> Path:  # noqa: ANN401 - whatever a column is made of
    folder.mkdir()
    pl.DataFrame({"id": ["a"], **columns}).write_parquet(folder / "organizations.parquet")
    return folder


@pytest.mark.parametrize("days", [2**31 - 1, -(2**31), -800_000, 3_000_000])
def test_a_date_that_no_calendar_has_is_refused_with_its_row(tmp_path: Path, days: int) -> None:
    folder = parquet(tmp_path / "p", name=pl.Series([days], dtype=pl.Int32).cast(pl.Date))
    with pytest.raises(UnreadableError) as caught:
        read(folder)
    assert caught.value.reason == (
        f"row 2: 'name' holds a date outside the years 1 to 9999 ({days} days from 1970 on); correct it"
    )


@pytest.mark.parametrize("name", [2**60, 1.5, True, None])
def test_numbers_and_truth_values_of_parquet_are_texts(tmp_path: Path, name: Any) -> None:  # noqa: ANN401 - as above
    folder = parquet(tmp_path / "p", name=["甲"], name_en=[name])
    expected = {2**60: str(2**60), 1.5: "1.5", True: "true", None: None}[name]
    assert read(folder).tables["organizations"]["name_en"].to_list() == [expected]


@pytest.mark.parametrize("damage", range(4, 400, 60))
def test_a_damaged_parquet_file_is_refused_or_read(tmp_path: Path, damage: int) -> None:
    stream = io.BytesIO()
    pl.DataFrame({"id": ["a", "b"], "name": ["甲", "乙"]}).write_parquet(stream)
    content = bytearray(stream.getvalue())
    for place in range(damage, min(damage + 12, len(content))):
        content[place] ^= 0xFF
    (tmp_path / "organizations.parquet").write_bytes(content)
    with suppress(UnreadableError, TableProblemsError):
        assert read(tmp_path).tables["organizations"].height == 2
