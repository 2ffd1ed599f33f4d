"""Documents of every form become text with the places of cells and pages."""

from __future__ import annotations

from pathlib import Path

import pytest

import chaingraph as cg
from chaingraph.errors import UnreadableError, UsageError
from chaingraph.extraction.opening import open_document, open_documents
from tests.extraction.documents import NEWS, PAGE, pdf, pdf_with_table, rows

pytest.importorskip("resiliparse")
pytest.importorskip("pdfplumber")
pytest.importorskip("docx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5hkscs"])
def test_text_is_read_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "news.txt"
    text = "甲乙丙丁，東山大學等單位共同參與。\r\n第二行。\n" if encoding == "big5hkscs" else NEWS
    path.write_bytes(text.encode(encoding))
    assert open_document(path).text == text.replace("\r\n", "\n")


def test_an_encoding_that_is_not_clear_must_be_named(tmp_path: Path) -> None:
    path = tmp_path / "news.txt"
    path.write_bytes("Müller führt das Konsortium".encode("cp1252"))
    with pytest.raises(UnreadableError, match="name its encoding with --encoding"):
        open_document(path)
    assert open_document(path, encoding="cp1252").text == "Müller führt das Konsortium"


def test_a_cell_that_spans_rows_stands_in_each_of_them(tmp_path: Path) -> None:
    path = tmp_path / "list.html"
    path.write_text(PAGE, encoding="utf-8")
    document = open_document(path)
    assert document.text == (
        "首页 栏目\n江苏省创新联合体名单\n序号\t联合体名称\t牵头单位\t成员单位\n"
        "1\t江苏省膜材料创新联合体\t东山膜业有限公司\t北湖大学\n2\t南岭研究院\n西溪泵业有限公司\n"
    )
    (table,) = document.tables
    assert [[cell.text for cell in row] for row in table][2] == [
        "2",
        "江苏省膜材料创新联合体",
        "东山膜业有限公司",
        "南岭研究院\n西溪泵业有限公司",
    ]
    assert all(document.text[cell.start : cell.end] == cell.text for row in table for cell in row)
    assert document.noise == ((0, 6),)


def test_a_table_gives_members_with_the_words_of_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "list.html"
    path.write_text(PAGE, encoding="utf-8")
    candidates = cg.read(path)
    assert rows(candidates, "memberships", "organization", "consortium", "role") == [
        ("东山膜业有限公司", "江苏省膜材料创新联合体", "lead"),
        ("北湖大学", "江苏省膜材料创新联合体", "member"),
        ("南岭研究院", "江苏省膜材料创新联合体", "member"),
        ("西溪泵业有限公司", "江苏省膜材料创新联合体", "member"),
    ]
    assert {row.quote for row in candidates.rows if row.table == "memberships"} == {
        "东山膜业有限公司",
        "北湖大学",
        "南岭研究院",
        "西溪泵业有限公司",
    }


def test_a_word_document_is_read_in_its_order(tmp_path: Path) -> None:
    from docx import Document

    made = Document()
    made.add_paragraph("江苏省创新联合体名单")
    table = made.add_table(2, 2)
    for row, texts in enumerate([["联合体名称", "牵头单位"], ["江苏省膜材料创新联合体", "东山膜业有限公司"]]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    made.add_paragraph("特此公告。")
    made.save(str(tmp_path / "list.docx"))
    document = open_document(tmp_path / "list.docx")
    assert document.text == (
        "江苏省创新联合体名单\n联合体名称\t牵头单位\n江苏省膜材料创新联合体\t东山膜业有限公司\n特此公告。\n"
    )
    assert rows(cg.read(tmp_path / "list.docx"), "memberships", "organization", "role") == [
        ("东山膜业有限公司", "lead")
    ]


def test_a_pdf_has_pages_lines_and_ruled_tables(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    path.write_bytes(pdf_with_table([["Consortium", "Lead"], ["Coastline Consortium", "Acme Power Ltd"]]))
    document = open_document(path)
    assert (document.text, document.pages) == ("Consortium\tLead\nCoastline Consortium\tAcme Power Ltd\n", (0,))
    candidates = cg.read(path)
    assert rows(candidates, "memberships", "organization", "consortium", "role") == [
        ("Acme Power Ltd", "Coastline Consortium", "lead")
    ]
    assert {row.page for row in candidates.rows} == {1}
    path.write_bytes(pdf(["The Coastline Consortium is led by Acme Power Ltd."]))
    assert open_document(path).text == "The Coastline Consortium is led by Acme Power Ltd.\n"


def test_a_scan_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf([]))
    with pytest.raises(UnreadableError, match=r"only pictures of pages: recognise its characters \(OCR\) first"):
        open_document(path)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.doc", "Word document of the old form"),
        ("a.ofd", "OFD document"),
        ("a.jpg", r"is a picture: recognise its characters \(OCR\) first"),
        ("a.xlsx", "chaingraph import roster"),
        ("a.xyz", "expected .txt, .html, .pdf or .docx"),
    ],
)
def test_other_forms_are_refused_with_what_to_do(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(UnreadableError, match=reason):
        open_document(tmp_path / name)


def test_two_documents_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "news.txt").write_text(NEWS, encoding="utf-8")
    with pytest.raises(UsageError, match=r"two documents are called news\.txt"):
        open_documents([tmp_path / "a" / "news.txt", tmp_path / "b" / "news.txt"])
