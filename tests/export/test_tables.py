"""Frames as files: CSV, Excel, JSON, Parquet."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from chaingraph.errors import UsageError
from chaingraph.export.excel import excel_bytes
from chaingraph.export.tables import check_suffix, csv_text, json_text, write_table, write_tables
from tests.export.same_cells import CELLS

TEXTS = pd.DataFrame({"text": list(CELLS), "n": range(len(CELLS))})
KINDS = pd.DataFrame(
    {
        "name": ["甲", "", None],
        "count": pd.array([1, None, 3], dtype="Int64"),
        "share": [0.5, float("nan"), float("inf")],
        "lead": [True, None, False],
        "since": [date(2022, 11, 8), None, None],
        "value": [1, "a", None],
    }
)


def part(content: bytes, name: str) -> str:
    """Return a part of a workbook."""
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def test_csv_is_for_spreadsheets(tmp_path: Path) -> None:
    write_table(TEXTS, tmp_path / "x.csv")
    content = (tmp_path / "x.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbftext,n\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[1:] == [[cell, str(number)] for number, cell in enumerate(CELLS.values())]


def test_a_column_named_like_a_formula_is_none() -> None:
    assert csv_text(pd.DataFrame({"=1+1": [None], "a": ["b"]})) == "'=1+1,a\n,b\n"


def test_a_text_in_excel_is_a_text_whatever_it_begins_with(tmp_path: Path) -> None:
    write_table(TEXTS, tmp_path / "x.xlsx")
    content = (tmp_path / "x.xlsx").read_bytes()
    rows = CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_name("x").to_python()
    assert rows == [["text", "n"], *([text, float(number)] for number, text in enumerate(CELLS))]
    assert "<f>" not in part(content, "xl/worksheets/sheet1.xml")


def test_each_kind_of_value_is_itself_in_excel_json_and_parquet(tmp_path: Path) -> None:
    for suffix in ("xlsx", "json", "parquet"):
        write_table(KINDS, tmp_path / f"kinds.{suffix}")
    (_, *rows) = CalamineWorkbook.from_path(tmp_path / "kinds.xlsx").get_sheet_by_index(0).to_python()
    assert rows == [
        ["甲", 1.0, 0.5, True, "2022-11-08", 1.0],
        ["", "", "", "", "", "a"],
        ["", 3.0, "INF", False, "", ""],
    ]
    assert json.loads((tmp_path / "kinds.json").read_text(encoding="utf-8")) == [
        {"name": "甲", "count": 1, "share": 0.5, "lead": True, "since": "2022-11-08", "value": 1},
        {"name": "", "count": None, "share": None, "lead": None, "since": None, "value": "a"},
        {"name": None, "count": 3, "share": "INF", "lead": False, "since": None, "value": None},
    ]
    assert pl.read_parquet(tmp_path / "kinds.parquet").to_dict(as_series=False) == {
        "name": ["甲", "", None],
        "count": [1, None, 3],
        "share": [0.5, None, float("inf")],
        "lead": [True, None, False],
        "since": [date(2022, 11, 8), None, None],
        "value": ["1", "a", None],
    }


def test_a_workbook_has_one_sheet_per_table_with_a_frozen_heading_and_wide_columns(tmp_path: Path) -> None:
    frames = {"结果": TEXTS, "a/b: [c]": KINDS, "A B   C ": KINDS, "长" * 40: KINDS, "长" * 41: KINDS, "History": KINDS}
    write_tables(frames, tmp_path / "x.xlsx")
    names = CalamineWorkbook.from_path(tmp_path / "x.xlsx").sheet_names
    assert names == ["结果", "a b   c", "A B   C 2", "长" * 31, "长" * 29 + " 2", "History 2"]
    sheet = part((tmp_path / "x.xlsx").read_bytes(), "xl/worksheets/sheet1.xml")
    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in sheet
    assert '<col min="1" max="1" width="19.7109375" customWidth="1"/>' in sheet
    assert excel_bytes(frames) == (tmp_path / "x.xlsx").read_bytes()


def test_what_excel_cannot_hold_exactly_is_a_text_or_refused(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"code": [2**53 + 1]}), tmp_path / "x.xlsx")
    assert CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_index(0).to_python()[1] == ["9007199254740993"]
    with pytest.raises(UsageError) as refused:
        write_table(pd.DataFrame({"words": ["a", "x" * 32_768]}), tmp_path / "x.xlsx")
    assert str(refused.value) == (
        "row 3: 'words' has 32,768 characters, and a cell of Excel holds 32,767; write .csv, .json or .parquet"
    )
    with pytest.raises(UsageError, match=r"'x' has 1,048,577 rows, and a sheet of Excel holds 1,048,576; write \.csv"):
        write_table(pd.DataFrame({"n": range(1_048_576)}), tmp_path / "x.xlsx")
    with pytest.raises(UsageError, match="there is no table to write"):
        write_tables({}, tmp_path / "x.xlsx")


def test_two_columns_of_one_name_are_refused_where_the_form_cannot_hold_them(tmp_path: Path) -> None:
    frame = pd.DataFrame([[1, 2]], columns=["a", "a"])
    assert csv_text(frame) == "a,a\n1,2\n"
    for suffix in ("json", "parquet"):
        with pytest.raises(UsageError, match=r"two columns are called 'a'; rename one, or write \.csv or \.xlsx"):
            write_table(frame, tmp_path / f"x.{suffix}")


def test_an_empty_table_has_its_heading(tmp_path: Path) -> None:
    frame = KINDS.head(0)
    assert (csv_text(frame), json_text(frame)) == ("name,count,share,lead,since,value\n", "[]\n")
    write_table(frame, tmp_path / "x.xlsx")
    assert CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_index(0).to_python() == [list(frame.columns)]
    write_table(frame, tmp_path / "x.parquet")
    assert pl.read_parquet(tmp_path / "x.parquet").shape == (0, 6)


def test_an_ending_that_names_no_form_is_refused_with_those_that_do() -> None:
    assert check_suffix(Path("a/X.CSV")) == ".csv"
    for name in ("x.txt", "x", "x.xls"):
        with pytest.raises(UsageError) as refused:
            check_suffix(Path(name))
        assert str(refused.value) == (
            f"cannot write {name}: expected a name that ends in .csv, .geojson, .json, .parquet or .xlsx"
        )
    with pytest.raises(UsageError, match=r"expected a name that ends in \.xlsx$"):
        write_tables({"a": KINDS}, Path("x.csv"))
