"""Bad tables get an answer: every problem of every file, with its place and what was expected."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chaingraph.errors import TableProblemsError, UnreadableError
from chaingraph.tables import read

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

ORGANIZATIONS = "id,name\nsuda,苏州大学\nsudaweige,苏大维格\n"
CONSORTIA = "id,name\nxianshi,新型显示联合体\n"


def problems(folder: Path, **options: str) -> list[str]:
    """Return all problems of a data set as they are printed."""
    with pytest.raises(TableProblemsError) as caught:
        read(folder, **options)
    return [str(problem) for problem in caught.value.problems]


def test_a_missing_required_cell_is_named(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name\nsuda,\n")
    assert problems(folder) == ["organizations.csv, row 2: 'name' is empty, expected a value"]


def test_an_unknown_code_is_answered_with_the_codes_there_are(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations=ORGANIZATIONS,
        consortia=CONSORTIA,
        memberships="成员单位,联合体,角色\n苏州大学,xianshi,组长单位\n",
    )
    (said,) = problems(folder)
    assert said.startswith("memberships.csv, row 2: '角色' holds '组长单位', expected one of lead (牵头单位), member (")


def test_a_dangling_reference_is_answered_with_the_nearest_name(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations=ORGANIZATIONS, consortia=CONSORTIA, memberships="organization,consortium\n苏大维格股份,xianshi\n"
    )
    assert problems(folder) == [
        "memberships.csv, row 2: 'organization' holds '苏大维格股份', expected the id, name or alias of a row of"
        " 'organizations' (单位); did you mean '苏大维格'?"
    ]


def test_a_reference_to_a_table_that_is_missing_says_so(data_set: DataSetFolder) -> None:
    folder = data_set(organizations=ORGANIZATIONS, memberships="organization,consortium\nsuda,xianshi\n")
    assert problems(folder) == [
        "memberships.csv, row 2: 'consortium' holds 'xianshi', expected a row of 'consortia' (创新联合体), but there"
        " is no such table; add a sheet or file of that name that lists it"
    ]


def test_a_name_that_two_rows_bear_is_no_reference(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name\na,同名\nb,同名\n",
        consortia=CONSORTIA,
        memberships="organization,consortium\n同名,xianshi\n",
    )
    assert problems(folder) == [
        "memberships.csv, row 2: 'organization' holds '同名', which several rows of 'organizations' are called;"
        " expected an id: a, b"
    ]


def test_a_repeated_id_and_a_repeated_relation_name_the_row_they_repeat(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations=ORGANIZATIONS + "suda,苏州大学\n",
        consortia=CONSORTIA,
        memberships="organization,consortium,role\nsuda,xianshi,member\nsuda,xianshi,member\n",
    )
    assert problems(folder) == [
        "organizations.csv, row 4: repeats row 2: both have the same id; put all quotes of one thing in one row",
        "memberships.csv, row 3: repeats row 2: both have the same organization, consortium, programme, one_of, role,"
        " since, until; put all quotes of one thing in one row",
    ]


@pytest.mark.parametrize("wrong", ["二〇二一", "2021-13", "2021-02-30", "21/10/2021", "2021-10-05 12:30:00"])
def test_a_wrong_date_is_answered_with_the_right_forms(data_set: DataSetFolder, wrong: str) -> None:
    folder = data_set(consortia=f"id,name,founded\nx,联合体,{wrong}\n")
    (said,) = problems(folder)
    assert said.startswith(
        f"consortia.csv, row 2: 'founded' holds '{wrong}', expected a year, month or day such as 2021, 2021-10 or"
        " 2021-10-05"
    )


def test_an_unknown_column_is_answered_with_the_nearest_title(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name,websit\na,甲,http://a.cn\n")
    assert problems(folder) == ["organizations.csv: 'websit' is no column of 'organizations'; did you mean 'website'?"]


def test_two_headings_for_one_column_are_refused(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name,名称\na,甲,乙\n")
    assert problems(folder) == ["organizations.csv: '名称' names the column 'name' a second time"]


def test_a_column_without_a_heading_is_refused_if_it_holds_anything(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name,\na,甲,乙\n")
    assert problems(folder) == ["organizations.csv, row 2: 'column 3' holds '乙', but the column has no heading"]


@pytest.mark.parametrize("broken", ['b,"乙\nc,丙\n', 'b,"乙"丙\nc,丁\n', 'b,"乙\nc,"丙\n'])
def test_a_broken_quote_is_found_in_its_row(data_set: DataSetFolder, broken: str) -> None:
    folder = data_set(organizations=f"id,name\na,甲\n{broken}")
    (said,) = problems(folder)
    assert said.startswith("organizations.csv, row 3: a quotation mark is broken (")
    assert said.endswith('write " inside a quoted cell twice, and close every one')


def test_a_row_with_too_many_cells_is_found(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name\na,甲\nb,乙,丙\n")
    assert problems(folder) == ["organizations.csv, row 3: has 3 cells, expected 2; quote a cell that holds ','"]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"  \n\n"])
def test_an_empty_file_is_a_problem(data_set: DataSetFolder, content: bytes) -> None:
    folder = data_set(organizations=content)
    assert problems(folder) == ["organizations.csv: the file is empty; expected a line of headings"]


def test_a_file_named_nearly_like_a_table_is_a_problem_and_another_a_note(data_set: DataSetFolder) -> None:
    folder = data_set(organisations=ORGANIZATIONS)
    assert problems(folder) == ["organisations.csv: is no table; did you mean 'organizations'?"]
    folder = data_set("second", organizations=ORGANIZATIONS, remarks="a,b\n1,2\n")
    assert read(folder).notes == ("remarks.csv is no table of the contract and was left out",)


def test_numbers_are_held_to_their_kind_and_range(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name,latitude\na,甲,95\nb,乙,31.2\n",
        products="id,name\np,光纤\n",
        supplies="supplier,product,share\na,p,1.2\nb,p,60%\n",
        programmes="id,name\nq,试点\n",
        reported="id,name,counts,value,programme\nr,单位数,organizations,13.5,q\ns,平台数,platforms,多,q\n",
    )
    assert problems(folder) == [
        "organizations.csv, row 2: 'latitude' holds '95', expected a number from -90 to 90",
        "supplies.csv, row 2: 'share' holds '1.2', expected a number from 0 to 1 (60% is read as 0.6)",
        "reported.csv, row 2: 'value' holds '13.5', expected a whole number of at least 0",
        "reported.csv, row 3: 'value' holds '多', expected a whole number of at least 0",
    ]


def test_a_membership_of_nothing_is_refused(data_set: DataSetFolder) -> None:
    folder = data_set(organizations=ORGANIZATIONS, memberships="organization,role\nsuda,member\n")
    assert problems(folder) == [
        "memberships.csv, row 2: expected a value in at least one of consortium, programme, one_of"
    ]


def test_control_characters_are_refused_where_they_stand(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name\na,甲\x07乙\n")
    assert problems(folder) == [
        "organizations.csv, row 2: 'name' holds '甲\\x07乙', expected a text without control characters"
    ]


def test_an_address_that_is_no_web_address_is_refused(data_set: DataSetFolder) -> None:
    folder = data_set(sources="id,title,url\ns,报道,javascript:alert(1)\n")
    assert problems(folder) == [
        "sources.csv, row 2: 'url' holds 'javascript:alert(1)', expected a web address that begins with http:// or https://"
    ]


def test_the_problems_of_all_files_come_in_one_run(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name\na,甲\n,乙\n",
        consortia="",
        regions="id,name,colour\nr,无锡,\n",
        programmes='id,name\np,"甲\n',
    )
    assert [said.split(":")[0].split(",")[0] for said in problems(folder)] == [
        "consortia.csv",
        "programmes.csv",
        "regions.csv",
        "organizations.csv",
    ]


def test_references_into_a_table_that_cannot_be_read_are_not_held_against_the_others(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations='id,name\na,"甲\n', consortia=CONSORTIA, memberships="organization,consortium\na,xianshi\n"
    )
    (said,) = problems(folder)
    assert said.startswith("organizations.csv, row 2: a quotation mark is broken")


def test_a_claim_about_a_row_that_is_not_there_is_refused(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations=ORGANIZATIONS, claims="table,subject,property,value\norganizations,nobody,award,一等奖\n"
    )
    (said,) = problems(folder)
    assert said.startswith("claims.csv, row 2: 'subject' holds 'nobody', expected the id, name or alias of a row of")


def test_dataset_json_is_checked_as_well(data_set: DataSetFolder) -> None:
    folder = data_set(organizations=ORGANIZATIONS)
    (folder / "dataset.json").write_text('{"titel": "x", "base": "no iri", "licence": 3}', encoding="utf-8")
    assert problems(folder) == [
        "dataset.json: 'titel' is unknown; did you mean 'title'?",
        "dataset.json: 'base' holds 'no iri', expected an http(s) IRI that ends in / or #",
        "dataset.json: 'licence' holds '3', expected a text",
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("roster.xlsx", b"no workbook", "is no .xlsx workbook that can be read; save it as .xlsx again, or as CSV"),
        ("roster.xlsx", b"PK\x03\x04cut", "is no .xlsx workbook that can be read; save it as .xlsx again, or as CSV"),
    ],
)
def test_a_file_that_is_no_workbook_is_unreadable(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableError) as caught:
        read(path)
    assert caught.value.reason == said


def test_a_workbook_that_unpacks_to_too_much_is_unreadable(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50 * 2**20)
    (tmp_path / "bomb.xlsx").write_bytes(content.getvalue())
    with pytest.raises(UnreadableError, match="unpacks to 50 MiB, more than 100 times its size"):
        read(tmp_path / "bomb.xlsx")


def test_what_is_neither_utf8_nor_clearly_chinese_is_unreadable(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name\na,Universität Köln\n".encode("cp1252"))
    with pytest.raises(UnreadableError, match="neither UTF-8 nor clearly Chinese; name its encoding with --encoding"):
        read(folder)


def test_an_encoding_that_does_not_exist_or_does_not_fit_is_unreadable(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name\na,甲\n".encode("gb18030"))
    with pytest.raises(UnreadableError, match="there is no encoding 'gbx'"):
        read(folder, encoding="gbx")
    with pytest.raises(UnreadableError, match="is not utf-8: byte"):
        read(folder, encoding="utf-8")


def test_a_folder_without_tables_and_a_path_that_is_not_there_are_unreadable(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="holds no table"):
        read(tmp_path)
    with pytest.raises(UnreadableError, match="does not exist"):
        read(tmp_path / "nowhere")


def test_a_broken_parquet_file_and_a_broken_description_are_unreadable(data_set: DataSetFolder) -> None:
    folder = data_set(organizations=ORGANIZATIONS)
    (folder / "dataset.json").write_text("{", encoding="utf-8")
    with pytest.raises(UnreadableError, match="is no JSON"):
        read(folder)
    (folder / "dataset.json").unlink()
    (folder / "regions.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(UnreadableError, match="is no Parquet file that can be read"):
        read(folder)
