"""The first ten minutes as a newcomer has them, in an empty folder, with nothing but what the screen says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import python_calamine as calamine
import xlsxwriter

from tests.cli.shell import run, run_process
from tests.tables.books import filled

FILLED = {
    "创新联合体": [["联合体名称", "成立时间"], ["甲联合体", "2021"], ["乙联合体", "2022-10"]],
    "成员": [
        ["联合体", "成员单位", "角色", "加入时间"],
        ["甲联合体", "甲公司", "牵头单位", "2021"],
        ["甲联合体", "乙大学、丙研究院", "成员单位", "2021"],
        ["甲联合体", "丁公司", "组长单位", "2022"],
        ["甲联合体", "戊公司", "成员单位", "2022-13"],
        ["乙联合体会", "己公司", "牵头单位", ""],
        ["乙联合体", "乙大学", "成员单位", ""],
        *(
            ["乙联合体", name, "成员单位", "2023"]
            for name in ("庚公司", "辛公司", "壬公司", "癸公司", "子公司", "丑公司")
        ),
    ],
}
MENDED = {"组长单位": "理事长单位", "2022-13": "2022-12", "乙联合体会": "乙联合体"}


def write_workbook(path: Path, sheets: dict[str, list[list[str]]]) -> None:
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text)
    book.close()


def mended(sheets: dict[str, list[list[str]]]) -> dict[str, list[list[str]]]:
    return {name: [[MENDED.get(text, text) for text in row] for row in rows] for name, rows in sheets.items()}


def commands(words: str) -> list[list[str]]:
    """Return the commands that a message tells to type, without the program's name."""
    return [
        shlex.split(line.strip())[1:]
        for line in re.findall(r"^ +chaingraph .*$|(?<=next: )chaingraph .*$", words, re.M)
    ]


def test_without_arguments_the_program_says_what_to_type(tmp_path: Path) -> None:
    done = run(cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert [command[0] for command in commands(done.stderr)] == ["demo", "template", "page"]
    assert list(tmp_path.iterdir()) == []


def test_from_a_template_to_a_page(tmp_path: Path) -> None:
    _, template, page = commands(run(cwd=tmp_path).stderr)
    made = run(*template, cwd=tmp_path)
    assert made.returncode == 0
    assert commands(made.stderr) == [page]
    empty = run(*page, cwd=tmp_path)
    assert empty.returncode == 2
    assert empty.stderr == (
        "chaingraph: roster.xlsx: holds headings but no row yet; fill its first sheet, or at least two others:"
        " consortia (创新联合体) and members (成员)\n"
    )
    rows = [["1", "甲联合体", "甲公司", "乙大学、丙研究院等5家单位"], ["2", "乙联合体", "己公司", "乙大学"]]
    (tmp_path / "roster.xlsx").write_bytes(filled((tmp_path / "roster.xlsx").read_bytes(), {1: rows}))
    right = run(*page, cwd=tmp_path)
    assert right.returncode == 0
    assert right.stderr.splitlines()[0] == "roster.xlsx, 名单: read as consortia, rows 2, headings in row 1"
    assert "6 nodes, 5 ties → roster.html; open it in a browser" in right.stderr


def test_a_file_in_place_of_a_command_is_answered_with_the_command_that_opens_it(tmp_path: Path) -> None:
    write_workbook(tmp_path / "list.xlsx", {"成员": mended(FILLED)["成员"]})
    asked = run("list.xlsx", cwd=tmp_path)
    assert asked.returncode == 2
    _, _, command = asked.stderr.rstrip().rpartition("; it is a file, which becomes a page with: ")
    assert command == "chaingraph page list.xlsx -o list.html"
    page = run(*shlex.split(command)[1:], cwd=tmp_path)
    assert page.returncode == 0
    _, _, command = page.stderr.rstrip().rpartition("next, a few pages of text on the same: ")
    assert command == "chaingraph brief list.xlsx -o list.docx"
    brief = run(*shlex.split(command)[1:], cwd=tmp_path)
    assert brief.stderr.rstrip().endswith(" → list.docx; open it in Word or WPS")


def test_from_a_workbook_of_tables_to_a_page_with_three_mistakes_on_the_way(tmp_path: Path) -> None:
    page = ("page", "roster.xlsx", "--create", "--network", "affiliation", "-o", "roster.html")
    write_workbook(tmp_path / "roster.xlsx", FILLED)
    wrong = run(*page, cwd=tmp_path)
    assert wrong.returncode == 1
    roles = (
        "lead (牵头单位), member (成员单位), associate (协作单位), third-party (第三方), chair (理事长单位), vice-chair"
        " (副理事长单位), office (秘书处单位), founder (发起单位), operator (运营单位), unstated (未说明)"
    )
    assert wrong.stderr.splitlines() == [
        f"roster.xlsx, sheet 成员, row 4: '角色' holds '组长单位', expected one of {roles}",
        "roster.xlsx, sheet 成员, row 5: '加入时间' holds '2022-13', expected a year, month or day such as 2021,"
        " 2021-10 or 2021-10-05 (month must be in 1..12)",
        "roster.xlsx, sheet 成员, row 6: '联合体' holds '乙联合体会', expected the id, name or alias of a row of"
        " 'consortia' (创新联合体); did you mean '乙联合体'?",
        "3 problems found; nothing was written",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["roster.xlsx"]

    write_workbook(tmp_path / "roster.xlsx", mended(FILLED))
    right = run(*page, cwd=tmp_path)
    assert right.returncode == 0
    assert right.stderr.splitlines()[0] == "note: made 12 organizations of names that no row has"
    assert "14 nodes, 13 ties → roster.html; open it in a browser" in right.stderr
    assert "丙研究院" in (tmp_path / "roster.html").read_text(encoding="utf-8")


def test_what_the_guide_in_the_workbook_says_to_run_runs(tmp_path: Path) -> None:
    for language in ("zh", "en"):
        assert run("template", "-o", f"{language}.xlsx", "--language", language, cwd=tmp_path).returncode == 0
        with calamine.load_workbook(str(tmp_path / f"{language}.xlsx")) as book:
            lines = [str(row[0]) for row in book.get_sheet_by_index(1).to_python()]
        write_workbook(tmp_path / "roster.xlsx", mended(FILLED))
        told = [shlex.split(line)[1:] for line in lines if re.match("chaingraph [a-z]", line)]
        assert [command[0] for command in told] == ["page", "page", "measure", "check"]
        for command in told:
            assert run(*command, cwd=tmp_path).returncode == 0


def test_a_roster_of_one_sheet_makes_what_it_names(tmp_path: Path) -> None:
    write_workbook(tmp_path / "roster.xlsx", {"成员": mended(FILLED)["成员"]})
    done = run("page", "roster.xlsx", "-o", "roster.html", cwd=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[0].partition(", rows")[0]) == (
        0,
        "roster.xlsx, 成员: read as memberships",
    )
    assert "this gives: organizations 12 (of names alone), consortia 2 (of names alone)" in done.stderr
    assert "14 nodes, 13 ties → roster.html; open it in a browser" in done.stderr


def test_a_workbook_whose_sheets_are_named_by_nobody_is_told_what_to_name_them(tmp_path: Path) -> None:
    write_workbook(tmp_path / "roster.xlsx", {"Sheet1": FILLED["成员"]})
    done = run("page", "roster.xlsx", "--create", "-o", "roster.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "chaingraph: roster.xlsx: holds no sheet named like a table, such as 'memberships' or '成员'; rename its"
        " sheets, or begin with: chaingraph template -o FILE.xlsx\n",
    )


def test_empty_sheets_and_sheets_that_explain_are_passed_over_in_silence(tmp_path: Path) -> None:
    sheets = {**mended(FILLED), "Sheet1": [], "说明": [["怎样填"]], "Examples": [["name"], ["不是数据"]], "地区": []}
    write_workbook(tmp_path / "roster.xlsx", sheets)
    done = run("build", "roster.xlsx", "--create", "-o", "graph.ttl", cwd=tmp_path)
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "note" in line] == [
        "note: made 12 organizations of names that no row has"
    ]
    assert "不是数据" not in (tmp_path / "graph.ttl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["template", "-o", "x.csv"], "cannot write x.csv: expected a name that ends in .xlsx"),
        (["template", "-o", "no/x.xlsx"], "cannot write no/x.xlsx: No such file or directory: 'no'; name a folder in"),
        (
            ["template", "-o", "x.xlsx", "--with", "none"],
            "none: does not exist; expected a data set folder or a workbook",
        ),
        (["template", "-o", "x.xlsx", "--tables", "成员们"], "'成员们' is unknown; did you mean 成员?"),
        (["page", "none.xlsx", "-o", "x.html"], "none.xlsx: does not exist; expected a data set folder or a workbook"),
        (["demo", "-o", "file"], "cannot write file: File exists; name another folder with -o"),
        (["check", "data", "--texts", "none"], "none: is no folder; --texts takes the folder with the archived texts"),
        (
            ["query", "data", "SELECT * { SERVICE <http://a/> { ?s ?p ?o } }"],
            "asked of the network; leave the clause out",
        ),
        (["measure", "agglomeration", "data"], "so that there is nothing to measure; choose others"),
        (["chain", "chokepoints", "data"], "so that there is no chain to measure; fill those tables"),
        (["build", "broken.ttl", "-o", "x.nt"], "; mend it, or write it again"),
        (["build", "broken.kg", "-o", "x.nt"], "its file CURRENT is missing; build it again"),
    ],
)
def test_every_refusal_says_what_to_do(arguments: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "broken.kg").mkdir()
    (tmp_path / "broken.ttl").write_text("<a> <b> .")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "organizations.csv").write_text("name\na\n")
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith("chaingraph: ")
    assert said in last


@pytest.fixture
def command(tmp_path: Path) -> Path:
    """The command as it is installed: under its own name, for which shells complete."""
    path = tmp_path / "chaingraph"
    path.write_text(f"#!{sys.executable}\nfrom chaingraph.cli.main import main\nmain()\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("chaingraph te", ["template"]),
        ("chaingraph measure co", ["communities", "complexity", "consortia", "coverage"]),
        ("chaingraph network graph inter_", ["inter_region", "inter_industry"]),
        ("chaingraph page graph --network hos", ["hosting"]),
        ("chaingraph ask graph who", ["who-is-who", "who-leads"]),
        ("chaingraph ask graph other.ttl who", ["who-is-who", "who-leads"]),
        ("chaingraph measure centrality graph --measures degree,kat", ["degree,katz"]),
        ("chaingraph measure agglomeration graph --index hach", ["hachman"]),
        ("chaingraph chain c", ["chokepoints", "completeness", "cycles"]),
    ],
)
def test_a_shell_completes_commands_projections_and_questions(command: Path, typed: str, offered: list[str]) -> None:
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    done = subprocess.run(
        [str(command)],
        env={**os.environ, **words, "_CHAINGRAPH_COMPLETE": "complete_bash"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert sorted(done.stdout.split()) == sorted(offered)


def test_the_demo_opens_its_page_as_a_file_of_this_machine(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {shlex.quote(str(tmp_path / "asked"))}\n', encoding="utf-8")
    browser.chmod(0o755)
    done = run_process("demo", "--open", "-o", "made", cwd=tmp_path, BROWSER=f"{browser} %s")
    assert done.returncode == 0
    address = (tmp_path / "made" / "index.html").resolve().as_uri()
    assert (tmp_path / "asked").read_text() == address
    assert done.stderr.splitlines()[-1] == f"opened {address}"


def test_without_a_browser_the_address_is_said(tmp_path: Path) -> None:
    code = "from pathlib import Path; from chaingraph.cli.browser import open_page; open_page(Path('网页.html'))"
    environment = {name: value for name, value in os.environ.items() if name not in {"BROWSER", "DISPLAY"}}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, "PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == f"no browser was found here; open {(tmp_path / '网页.html').resolve().as_uri()} in one\n"
