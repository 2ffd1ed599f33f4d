"""A CSV file that is accepted has the rows that Python's csv module reads in it; what is doubtful is refused."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chaingraph.errors import TableProblemsError, UnreadableError
from chaingraph.export.formulas import without_apostrophe
from chaingraph.tables import read
from chaingraph.tables.contract import contract
from chaingraph.tables.csv_files import csv_sheet, csv_text
from chaingraph.tables.metadata import default_description
from chaingraph.tables.raw import ROW, SPACE, RawTables

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import DataSetFolder

HEADINGS = ("id", "name", "name_en")
PIECES = st.sampled_from(
    ['"', '""', ",", "\n", "\r\n", " ", '" ', ' "', "a", "甲", "'", "=", ";", "\u2028", '",', '"\n']
)


def accepted(path: Path) -> tuple[list[tuple[str | None, ...]] | None, list[int]]:
    """Return the rows of a file below the headings, None where it is refused, and where they stand."""
    raw = RawTables(default_description("test"))
    sheet = csv_sheet(path, None, contract()["organizations"], raw)
    if sheet is None or raw.problems:
        return None, []
    assert sheet.headings == list(HEADINGS)
    return sheet.frame.drop(ROW).rows(), sheet.frame[ROW].to_list()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, max_size=25))
@example(pieces=['x,"', "甲 ", '"', "乙", ' "', ",", "\n", "y"])
@example(pieces=['a,b,"c\n', "d,e,f", '"\n'])
def test_an_accepted_file_has_the_rows_of_the_csv_module(tmp_path: Path, pieces: list[str]) -> None:
    text = ",".join(HEADINGS) + "\n" + "".join(pieces)
    path = tmp_path / "organizations.csv"
    path.write_bytes(text.encode())
    rows, places = accepted(path)
    if rows is None:
        return
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    expected = list(csv.reader(io.StringIO(lines, newline=""), strict=True))
    cells = [
        tuple((row[place].strip(SPACE) if place < len(row) else "") or None for place in range(len(HEADINGS)))
        for row in expected
    ]
    for row in expected:
        assert not any(cell.strip(SPACE) for cell in row[len(HEADINGS) :])
    unmarked = [
        tuple(cell and cell.replace("'=", "=", 1) if cell and cell.startswith("'=") else cell for cell in row)
        for row in cells
    ]
    assert rows == [row for row in unmarked[1:] if any(row)]
    assert places == [number for number, row in enumerate(unmarked, start=1) if any(row)][1:]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('a,"Alpha "X" GmbH",', "row 2: a quotation mark is broken (',' expected after '\"')"),
        ('a, "甲, 乙",x', "row 2: has 4 cells, expected 3; quote a cell that holds ','"),
        ('a, "甲",x', "row 2: a quotation mark stands behind a space, where it quotes nothing; remove the space"),
        ('a,"甲" ,x', "row 2: a quotation mark is broken (',' expected after '\"')"),
        ('a,"甲,x\nb,乙,y', "row 2: a quotation mark is broken (unexpected end of data)"),
        ('a,甲,x\nb,"乙 "丙 "丁",y\nc,戊,z', "row 3: a quotation mark is broken (',' expected after '\"')"),
    ],
)
def test_a_loose_quotation_mark_is_refused_with_its_row(data_set: DataSetFolder, line: str, words: str) -> None:
    with pytest.raises(TableProblemsError) as caught:
        read(data_set(organizations=f"id,name,name_en\n{line}\nz,末,\n"))
    assert str(caught.value.problems[0]).startswith(f"organizations.csv, {words}")


def test_a_quoted_cell_that_swallows_lines_like_rows_is_noted(data_set: DataSetFolder) -> None:
    folder = data_set(organizations='id,name,name_en\na,"甲,x\nb,乙,y\nc,丙",z\n')
    assert read(folder).notes == (
        "organizations.csv: row 2 has a quoted cell of 3 lines that look like rows; if they are, a quotation mark is"
        " missing or too many",
    )


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_of_any_length_is_read(data_set: DataSetFolder, quote: str) -> None:
    long = "甲" * 200_000
    tables = read(data_set(organizations=f"id,name\na,{quote}{long}{quote}\n")).tables
    assert tables["organizations"]["name"].to_list() == [long]


@pytest.mark.parametrize("columns", [16_385, 100_000])
def test_more_columns_than_a_spreadsheet_has_are_one_problem(data_set: DataSetFolder, columns: int) -> None:
    headings = ",".join(["id", "name", *(f"c{number}" for number in range(columns - 2))])
    for text in (f"{headings}\na,b\n", f'{headings}\n"a",b\n'):
        with pytest.raises(TableProblemsError) as caught:
            read(data_set(organizations=text))
        assert [str(problem) for problem in caught.value.problems] == [
            f"organizations.csv: has {columns:,} columns, expected at most 16,384, as in a spreadsheet"
        ]


def test_very_many_unknown_headings_are_few_problems(data_set: DataSetFolder) -> None:
    headings = ",".join(["id", "name", *(f"zz{number}" for number in range(16_000))])
    with pytest.raises(TableProblemsError) as caught:
        read(data_set(organizations=f"{headings}\na,b\n"))
    assert len(caught.value.problems) == 51
    assert str(caught.value.problems[-1]) == (
        "organizations.csv: has 15,950 more headings that are no column of 'organizations'"
    )


@pytest.mark.parametrize(
    "encoding", ["unicode_escape", "raw-unicode-escape", "punycode", "idna", "undefined", "hex", "no"]
)
def test_a_codec_that_is_no_character_set_is_no_encoding(data_set: DataSetFolder, encoding: str) -> None:
    folder = data_set(organizations="id,name\na,\\u7532\n")
    with pytest.raises(
        UnreadableError, match=f"there is no encoding '{encoding}'; try gb18030, big5, utf-16 or cp1252"
    ):
        read(folder, encoding=encoding)


TEXTS = st.text(st.one_of(st.sampled_from("=+-@'\"\t,;甲\u2028 1"), st.characters(categories=["L", "N"])), max_size=6)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_a_table_that_is_written_is_read_as_it_was_and_computes_nothing(
    tmp_path: Path, rows: list[tuple[str, str]]
) -> None:
    lines = [(str(number), *row) for number, row in enumerate(rows)]
    path = tmp_path / "organizations.csv"
    frame = pl.DataFrame(lines, schema=dict.fromkeys(HEADINGS, pl.String), orient="row")
    path.write_text(csv_text(frame), encoding="utf-8", newline="")
    with path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not any(cell.startswith(("=", "@", "\t")) for cell in cells)
    if all(without_apostrophe(cell) == cell for row in rows for cell in row):
        expected = [(number, *(cell.strip(SPACE) or None for cell in row)) for number, *row in lines]
        assert accepted(path)[0] in (expected, None)
