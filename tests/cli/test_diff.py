"""``chaingraph diff`` as a person meets it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.shell import run, run_process
from tests.webpage.conftest import page_data

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder


@pytest.fixture
def months(data_set: DataSetFolder) -> Path:
    """Two folders, may and june, of one data set: a new lead, a new member with a name that a spreadsheet computes."""
    may = data_set(
        "may",
        organizations="id,name\na,甲公司\nb,乙大学\n",
        consortia="id,name\nx,联合体\n",
        memberships="organization,consortium,role\na,x,lead\nb,x,member\n",
    )
    june = data_set(
        "june",
        organizations="id,name\na,甲公司\nb,乙大学\nc,=丙所\n",
        consortia="id,name\nx,联合体\n",
        memberships="organization,consortium,role\na,x,member\nb,x,lead\nc,x,member\n",
    )
    for folder in (may, june):
        (folder / "dataset.json").write_text('{"name": "roster"}', encoding="utf-8")
    return may.parent


def test_differences_are_counted_by_class_and_do_not_change_the_exit_status(months: Path) -> None:
    done = run("diff", "may", "june", cwd=months)
    assert done.returncode == 0
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["class", "added", "removed", "changed", "added_to_existing", "removed_from_existing"],
        ["Organization", "1", "0", "0"],
        ["Consortium", "0", "0", "1"],
        ["Membership", "1", "0", "2", "3", "2"],
    ]
    assert done.stderr == "5 differences; --format csv lists all\n"
    same = run("diff", "may", "may", cwd=months)
    assert (same.returncode, same.stderr) == (0, "0 differences: the two state the same\n")


def test_every_difference_is_listed_as_csv_and_json(months: Path) -> None:
    rows = list(csv.reader(io.StringIO(run("diff", "may", "june", "--format", "csv", cwd=months).stdout)))
    assert rows[:3] == [
        ["class", "change", "id", "name", "property", "old", "new", "in_existing"],
        ["Organization", "added", "id:roster/organizations/c", "'=丙所", "", "", "", ""],
        ["Consortium", "changed", "id:roster/consortia/x", "联合体", "lead", "甲公司 (a)", "乙大学 (b)", ""],
    ]
    objects = json.loads(run("diff", "may", "june", "--format", "json", cwd=months).stdout)
    assert [len(rows) - 1, objects[0]["name"], objects[0]["old"]] == [len(objects), "=丙所", None]
    assert objects[2]["in_existing"] is True


def test_a_workbook_has_a_sheet_of_the_differences_and_one_of_the_counts(months: Path) -> None:
    done = run("diff", "may", "june", "-o", "change.xlsx", cwd=months)
    assert done.returncode == 0, done.stderr
    book = CalamineWorkbook.from_path(months / "change.xlsx")
    assert book.sheet_names == ["change", "counts"]
    assert book.get_sheet_by_name("change").to_python()[1][:4] == [
        "Organization",
        "added",
        "id:roster/organizations/c",
        "=丙所",
    ]
    assert book.get_sheet_by_name("counts").to_python() == [
        ["class", "added", "removed", "changed", "added_to_existing", "removed_from_existing"],
        ["Organization", 1, 0, 0, "", ""],
        ["Consortium", 0, 0, 1, "", ""],
        ["Membership", 1, 0, 2, 3, 2],
    ]


def test_a_report_and_a_page_are_written_and_are_the_same_bytes_again(months: Path) -> None:
    for seed in ("1", "2"):
        written = ("--page", f"{seed}.html", "--report", f"{seed}.md")
        done = run_process("diff", "may", "june", *written, cwd=months, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
    assert "4 nodes, 3 ties → 2.html; open it in a browser" in done.stderr
    report = (months / "1.md").read_text(encoding="utf-8")
    assert "| id:roster/consortia/x | 联合体 | lead | 甲公司 (a) | 乙大学 (b) |" in report
    page = page_data((months / "1.html").read_text(encoding="utf-8"))
    assert "新增：成员" in json.dumps(page, ensure_ascii=False)
    for suffix in ("html", "md"):
        assert (months / f"1.{suffix}").read_bytes() == (months / f"2.{suffix}").read_bytes()


def test_the_page_of_no_difference_is_a_page(months: Path) -> None:
    assert run("diff", "may", "may", "--page", "none.html", cwd=months).returncode == 0
    assert (months / "none.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["may", "nowhere"], "chaingraph: nowhere: does not exist"),
        (["may", "june", "--page", "p.htm"], "chaingraph: cannot write p.htm: expected a name that ends in .html"),
        (["may", "june", "--report", "r.txt"], "chaingraph: cannot write r.txt: expected a name that ends in .md"),
        (["may", "june", "--report", "no/r.md"], "chaingraph: cannot write no/r.md"),
        (["may", "empty"], "chaingraph: empty: holds no table"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(months: Path, arguments: list[str], said: str) -> None:
    (months / "empty").mkdir()
    done = run("diff", *arguments, cwd=months)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(said)
