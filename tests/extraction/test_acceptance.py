"""From the workbook to a data set, and back again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import chaingraph as cg
from chaingraph.errors import TableProblemsError, UnreadableError, UsageError
from chaingraph.tables.sheets import sheets_of
from tests.extraction.documents import NEWS, decide, rows

pytest.importorskip("opencc")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    (tmp_path / "news.txt").write_text(NEWS, encoding="utf-8")
    cg.read(tmp_path / "news.txt").save(tmp_path / "c.xlsx")
    return tmp_path / "c.xlsx"


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_workbook_has_a_sheet_per_table_and_a_column_for_the_decision(workbook: Path) -> None:
    sheets = {sheet.title: sheet.grid().values.rows() for sheet in sheets_of(workbook)}
    assert list(sheets) == ["说明", "单位", "创新联合体", "成员", "平台", "环节承担", "事件", "报告数", "陈述"]
    heading, first, *_ = sheets["成员"]
    assert heading == (
        "决定",
        "把握",
        "成员单位",
        "创新联合体",
        "角色",
        "原文",
        "已有名称",
        "文件",
        "页",
        "起",
        "止",
        "依据",
        "键",
    )
    assert first[2:6] == (
        "江苏东山膜业有限公司",
        "江苏省新型膜材料创新联合体",
        "lead",
        "5月20日 2023年5月18日，江苏省新型膜材料创新联合体在甲州成立。"
        "该联合体由江苏东山膜业有限公司（以下简称“东山膜业”）牵头，"
        "联合北湖大学、南岭研究院等8家单位共同组建。 上游由北湖化工有限公司负责聚酰胺",
    )
    assert first[7:11] == ("news.txt", None, "77", "102")


def test_what_a_document_says_of_a_row_of_a_roster_gives_the_row_a_quote(workbook: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "sources.csv").write_text("id,title\nlist,名单\n", encoding="utf-8")
    (folder / "consortia.csv").write_text(
        "id,name,source,record\nc,江苏省新型膜材料创新联合体,list,3\n", encoding="utf-8"
    )
    (folder / "organizations.csv").write_text(
        "id,name,source,record\no,江苏东山膜业有限公司,list,3\n", encoding="utf-8"
    )
    (folder / "memberships.csv").write_text(
        "organization,consortium,role,source,record\n江苏东山膜业有限公司,江苏省新型膜材料创新联合体,lead,list,3\n",
        encoding="utf-8",
    )
    cg.accept(workbook, folder, everything=True)
    leads = [row for row in table(folder, "memberships") if row["role"] == "lead"]
    assert [(row["organization"], row["source"], row["record"], bool(row["quote"])) for row in leads] == [
        ("江苏东山膜业有限公司", "list", "3", True)
    ]
    assert cg.open(folder).query("ASK { ?m a cg:Membership ; cg:evidence ?q ; cg:record ?r }")


def test_what_is_accepted_is_a_data_set_whose_quotes_hold(workbook: Path, tmp_path: Path) -> None:
    result = cg.accept(workbook, tmp_path / "out", everything=True)
    assert dict(result.accepted) == {
        "organizations": 5,
        "consortia": 2,
        "memberships": 3,
        "platforms": 1,
        "stage_roles": 1,
        "events": 1,
        "reported": 3,
        "claims": 1,
    }
    assert dict(result.created) == {"regions": 1, "stages": 1}
    kg = cg.open(tmp_path / "out")
    report = cg.check(kg, texts=tmp_path / "out" / "texts")
    assert [finding for finding in report.findings if finding.kind in ("quote", "text", "text not at hand")] == []
    assert (tmp_path / "out" / "texts" / "news.txt").read_text(encoding="utf-8") == NEWS
    assert [(row["name"], row["segment"]) for row in table(tmp_path / "out", "stages")] == [
        ("聚酰胺单体制备", "upstream")
    ]


def test_what_is_rejected_is_remembered_and_not_proposed_again(workbook: Path, tmp_path: Path) -> None:
    decide(workbook, lambda sheet, row: "拒绝" if sheet == "报告数" else "接受")
    result = cg.accept(workbook, tmp_path / "out")
    assert (result.rejected, result.undecided) == (3, 0)
    assert not (tmp_path / "out" / "reported.csv").exists()
    again = cg.read(tmp_path / "news.txt", data_set=tmp_path / "out")
    assert again.rows == ()
    assert again.notes == ("17 rows are decided already and are not proposed again",)


def test_a_row_without_a_decision_waits(workbook: Path, tmp_path: Path) -> None:
    decide(workbook, lambda sheet, row: "接受" if sheet == "成员" else "")
    result = cg.accept(workbook, tmp_path / "out")
    assert (dict(result.accepted), result.undecided) == ({"memberships": 3}, 14)
    assert dict(result.created) == {"organizations": 3, "consortia": 1}


def test_a_changed_cell_is_what_the_data_set_gets(workbook: Path, tmp_path: Path) -> None:
    def decision(sheet: str, row: dict[str, str]) -> str:
        return "修改" if sheet == "平台" else ""

    book = {sheet.title: sheet for sheet in sheets_of(workbook)}
    assert "平台" in book
    decide(workbook, decision)
    cg.accept(workbook, tmp_path / "out")
    assert [row["name"] for row in table(tmp_path / "out", "platforms")] == ["江苏省膜材料重点实验室"]


def test_a_decision_that_is_none_is_reported_with_its_row(workbook: Path, tmp_path: Path) -> None:
    decide(workbook, lambda sheet, row: "maybe" if sheet == "平台" else "接受")
    with pytest.raises(TableProblemsError) as refusal:
        cg.accept(workbook, tmp_path / "out")
    assert [str(problem) for problem in refusal.value.problems] == [
        "平台, row 2: 'decision' holds 'maybe', expected accept (接受), reject (拒绝), change (修改), or nothing"
    ]
    assert not (tmp_path / "out").exists()


def test_two_documents_that_disagree_both_stay_and_contradict(workbook: Path, tmp_path: Path) -> None:
    cg.accept(workbook, tmp_path / "out", everything=True)
    other = "2023年5月16日，江苏省新型膜材料创新联合体在甲州成立。"
    (tmp_path / "other.txt").write_text(other, encoding="utf-8")
    cg.accept(cg.read(tmp_path / "other.txt", data_set=tmp_path / "out"), tmp_path / "out")
    found = cg.contradictions(cg.open(tmp_path / "out"))
    assert found[["label", "property", "one", "other"]].to_numpy().tolist() == [
        ["江苏省新型膜材料创新联合体", "founded", "2023-05-18", "2023-05-16"],
        ["江苏省新型膜材料创新联合体成立", "date", "2023-05-18", "2023-05-16"],
    ]


def test_similar_names_of_the_data_set_stand_beside_those_that_are_proposed(workbook: Path, tmp_path: Path) -> None:
    cg.accept(workbook, tmp_path / "out", everything=True)
    text = "江苏省新型膜材料创新联合体由江苏东山膜业股份有限公司牵头。"
    (tmp_path / "other.txt").write_text(text, encoding="utf-8")
    candidates = cg.read(tmp_path / "other.txt", data_set=tmp_path / "out")
    nearest = [(row.cells.get("name"), row.nearest) for row in candidates.rows if row.table == "organizations"]
    assert nearest == [("江苏东山膜业股份有限公司", "江苏东山膜业有限公司")]


def test_a_workbook_without_its_texts_is_refused(workbook: Path, tmp_path: Path) -> None:
    workbook.rename(tmp_path / "moved.xlsx")
    with pytest.raises(UnreadableError, match="keep this folder beside the workbook"):
        cg.accept(tmp_path / "moved.xlsx", tmp_path / "out")


def test_a_folder_of_something_else_is_refused(workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")
    with pytest.raises(UsageError, match=r"holds a\.jpg"):
        cg.accept(workbook, tmp_path / "photos", everything=True)


def test_more_members_than_a_text_says_is_a_note(tmp_path: Path) -> None:
    text = "江苏省膜材料创新联合体由东山膜业有限公司牵头，联合北湖大学、南岭研究院、西溪泵业有限公司等2家单位组建。"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    candidates = cg.read(tmp_path / "a.txt")
    assert candidates.notes == ("a.txt: '等2家单位' says 2, but 3 members of 江苏省膜材料创新联合体 are named",)
    assert rows(candidates, "reported", "value") == [(2,)]
