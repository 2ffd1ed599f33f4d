"""Opening files: what is a roster, what follows the contract, what lies beside a roster, and two years of one."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

import chaingraph as cg
from chaingraph.errors import TableProblemsError, UnreadableError
from chaingraph.rosters.opening import folder_files, roster_of
from tests.cli.shell import run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADINGS = ["序号", "联合体名称", "牵头单位", "成员单位"]
OLD = [HEADINGS, ["1", "甲联合体", "东山公司", "甲州大学、乙州大学"], ["2", "乙联合体", "西河公司", "甲州大学"]]
NEW = [
    HEADINGS,
    ["1", "丙联合体", "南岭公司", "丙州大学"],
    ["2", "甲联合体", "乙州大学", "甲州大学、东山公司"],
    ["3", "乙新联合体", "西河公司", "甲州大学"],
]


def _csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def _workbook(path: Path, **sheets: Sequence[Sequence[str]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def test_any_workbook_opens_as_it_lies(tmp_path: Path) -> None:
    kg = cg.open(_workbook(tmp_path / "名单.xlsx", Sheet1=OLD))
    leads = kg.select(
        "SELECT ?c ?o { ?m cg:role code:role-lead ; cg:consortium/rdfs:label ?c ; cg:organization/rdfs:label ?o }"
    )
    assert sorted(leads.itertuples(index=False, name=None)) == [("乙联合体", "西河公司"), ("甲联合体", "东山公司")]
    assert kg.summary["en"][0] == "名单.xlsx, Sheet1: read as consortia, rows 2, headings in row 1"


def test_the_names_of_two_rosters_are_one_thing_whatever_the_files_are_called(tmp_path: Path) -> None:
    old, new = _csv(tmp_path / "名单2022.csv", OLD), _csv(tmp_path / "名单2023.csv", NEW)
    difference = cg.diff(old, new)
    frame = difference.frame[["class", "change", "name", "property"]].fillna("")
    assert list(frame[frame["class"] == "Consortium"].itertuples(index=False, name=None)) == [
        ("Consortium", "added", "丙联合体", ""),
        ("Consortium", "added", "乙新联合体", ""),
        ("Consortium", "removed", "乙联合体", ""),
        ("Consortium", "changed", "甲联合体", "lead"),
    ]
    assert difference.notes == (
        "was 乙联合体 renamed to 乙新联合体? 2 of 2 members are the same; a row of identities.csv decides: consortia,"
        " the old name, the new name, same",
    )


def test_a_renaming_is_decided_beside_the_rosters_and_holds_for_each_year(tmp_path: Path) -> None:
    old, new = _csv(tmp_path / "名单2022.csv", OLD), _csv(tmp_path / "名单2023.csv", NEW)
    _csv(
        tmp_path / "identities.csv",
        [["table", "left", "right", "decision"], ["consortia", "乙联合体", "乙新联合体", "same"]],
    )
    difference = cg.diff(old, new)
    names = difference.frame[difference.frame["property"] == "name"][["old", "new"]]
    assert list(names.itertuples(index=False, name=None)) == [("乙联合体", "乙新联合体")]
    assert difference.notes == ()


_YEARS = {
    "名单2022.csv": [
        HEADINGS,
        ["1", "甲联合体", "东山机电有限公司", "甲州大学"],
        ["2", "乙联合体", "西河公司", "东山机电"],
    ],
    "名单2023.csv": [HEADINGS, ["1", "甲联合体", "东山机电", "甲州大学"]],
}
_ORGANIZATIONS = "SELECT ?o ?n { ?o a cg:Organization ; rdfs:label ?n } ORDER BY ?n"


def test_decisions_beside_a_roster_as_a_second_source_hold_for_the_next_year_too(tmp_path: Path) -> None:
    first, second = (_csv(tmp_path / name, rows) for name, rows in _YEARS.items())
    assert run("identify", first.name, "-o", "pairs.csv", cwd=tmp_path).returncode == 0
    with (tmp_path / "pairs.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [{**row, "decision": "same"} for row in csv.DictReader(stream)]
    assert [(row["left_name"], row["right_name"]) for row in rows] == [("东山机电有限公司", "东山机电")]
    (tmp_path / "decided").mkdir()
    decisions = _csv(tmp_path / "decided" / "identities.csv", [list(rows[0]), *(list(row.values()) for row in rows)])
    apart, together = cg.open(first).select(_ORGANIZATIONS), cg.open(first, decisions).select(_ORGANIZATIONS)
    assert apart["n"].to_list() == ["东山机电", "东山机电有限公司", "甲州大学", "西河公司"]
    assert together["n"].to_list() == ["东山机电有限公司", "甲州大学", "西河公司"]
    next_year = cg.open(decisions, second).select(_ORGANIZATIONS)
    assert next_year["n"].to_list() == ["东山机电", "甲州大学"]
    assert next_year["o"].to_list() == together["o"].to_list()[:2]
    done = run("page", first.name, "decided/identities.csv", "-o", "x.html", "--no-stability", cwd=tmp_path)
    assert (done.returncode, "5 nodes, 4 ties" in done.stderr) == (0, True)


def test_decisions_without_a_roster_or_beside_tables_with_ids_are_refused(tmp_path: Path) -> None:
    rows = [["table", "left", "right", "decision"], ["organizations", "东山公司", "东山", "same"]]
    decisions = _csv(tmp_path / "identities.csv", rows)
    with pytest.raises(UnreadableError, match="decides on names, and no roster is beside it"):
        cg.open(decisions)
    strict = tmp_path / "strict"
    strict.mkdir()
    _csv(strict / "organizations.csv", [["id", "name"], ["dong", "东山公司"]])
    with pytest.raises(UnreadableError, match="decides on names of a roster, and"):
        cg.open(strict, decisions)


def test_tables_with_a_description_are_read_strictly(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    _csv(folder / "memberships.csv", [["organization", "consortium", "boss"], ["甲", "乙", "丙"]])
    (folder / "dataset.json").write_text("{}", encoding="utf-8")
    with pytest.raises(TableProblemsError):
        cg.open(folder)
    (folder / "dataset.json").unlink()
    assert "memberships" in roster_of(folder).frames


def test_tables_with_ids_of_their_own_are_read_strictly(tmp_path: Path) -> None:
    book = _workbook(tmp_path / "book.xlsx", 单位=[["编号", "单位名称", "类型"], ["suda", "苏州大学", "大学校"]])
    with pytest.raises(TableProblemsError):
        cg.open(book)


def test_a_workbook_of_another_program_says_what_to_save_it_as(tmp_path: Path) -> None:
    (tmp_path / "名单.et").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(UnreadableError, match=r"save it as \.xlsx"):
        cg.open(tmp_path / "名单.et")


def test_an_imported_roster_is_the_same_data_set(tmp_path: Path) -> None:
    source = _csv(tmp_path / "名单.csv", OLD)
    result = run("import", "roster", str(source), "-o", str(tmp_path / "folder"))
    assert result.returncode == 0, result.stderr
    names = sorted(path.name for path in (tmp_path / "folder").iterdir())
    assert names == [
        "consortia.csv",
        "dataset.json",
        "memberships.csv",
        "organizations.csv",
        "reading.toml",
        "sources.csv",
    ]
    assert len(cg.open(tmp_path / "folder")) == len(cg.open(source))
    assert folder_files(roster_of(source), tmp_path / "folder")["consortia.csv"] == (
        tmp_path / "folder" / "consortia.csv"
    ).read_text(encoding="utf-8")


def test_a_check_tells_of_an_open_question_and_writes_nothing(tmp_path: Path) -> None:
    source = _csv(tmp_path / "名单.csv", [["联合体名称", "负责单位"], ["甲联合体", "东山公司"]])
    result = run("import", "roster", str(source), "--check", cwd=tmp_path)
    assert result.returncode == 1
    assert "what is '负责单位'? lead or operator: decide with --column \"负责单位=lead\"" in result.stderr
    assert run("import", "roster", str(source), "--check", "--column", "负责单位=lead", cwd=tmp_path).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["名单.csv"]


def test_a_correction_in_the_folder_is_followed_by_the_next_import(tmp_path: Path) -> None:
    source = _csv(tmp_path / "名单.csv", [["联合体名称", "负责单位"], ["甲联合体", "东山公司"]])
    folder = tmp_path / "folder"
    run("import", "roster", str(source), "-o", str(folder))
    record = (folder / "reading.toml").read_text(encoding="utf-8")
    heading = "[columns]  # for all sheets, whatever they are called\n"
    assert heading in record
    corrected = record.replace(heading, f'{heading}"负责单位" = "operator"\n')
    (folder / "reading.toml").write_text(corrected, encoding="utf-8")
    assert run("import", "roster", str(source), "-o", str(folder)).returncode == 0
    assert "operator" in (folder / "memberships.csv").read_text(encoding="utf-8")


def test_a_page_of_a_roster_shows_who_is_in_what(tmp_path: Path) -> None:
    source = _csv(tmp_path / "名单.csv", OLD)
    result = run("page", str(source), "-o", str(tmp_path / "x.html"))
    assert result.returncode == 0
    assert "network: affiliation, which shows what the roster holds" in result.stderr
    assert "6 nodes, 5 ties" in result.stderr


def test_a_page_without_ties_says_what_there_is(tmp_path: Path) -> None:
    source = _csv(tmp_path / "企业.csv", [["企业名称", "所在省份"], ["甲公司", "江苏省"], ["乙公司", "浙江省"]])
    result = run("page", str(source), "-o", str(tmp_path / "x.html"))
    assert "organizations stand in 2 regions: 江苏省 1, 浙江省 1; no ties are stated" in result.stderr
    assert "open it in a browser" not in result.stderr


def test_a_loose_quotation_mark_in_a_csv_roster_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text('联合体名称,牵头单位\n甲联合体,"东山"公司\n乙联合体,西河公司\n', encoding="utf-8")
    with pytest.raises(UnreadableError) as caught:
        cg.open(path)
    assert caught.value.reason == (
        "row 2: a quotation mark is broken (',' expected after '\"'); write \" inside a quoted cell twice, and close"
        " each"
    )
