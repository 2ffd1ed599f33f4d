"""Documents that are made to harm their reader end in one clear line."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import chaingraph as cg
from chaingraph.errors import UnreadableError
from tests.extraction.documents import _pdf, rows

pytest.importorskip("resiliparse")
pytest.importorskip("pdfplumber")
pytest.importorskip("docx")


def test_a_document_of_a_hundred_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    with pytest.raises(UnreadableError, match=r"has 100 MB; a document has at most 64"):
        cg.read(path)


def test_a_page_that_nests_a_hundred_thousand_times_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_text("<div>" * 100_000 + "江苏省膜材料创新联合体由东山膜业有限公司牵头。", encoding="utf-8")
    assert rows(cg.read(path), "memberships", "organization", "role") == [("东山膜业有限公司", "lead")]


def test_a_pdf_that_unpacks_to_gigabytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINGRAPH_READ_MEMORY", "0.5")
    path = tmp_path / "bomb.pdf"
    path.write_bytes(_pdf(b"\0" * (600 * 2**20)))
    with pytest.raises(UnreadableError, match=r"brings its reader down|only pictures|is no PDF|takes more than"):
        cg.read(path)


def test_a_word_document_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"\0" * (400 * 2**20))
    with pytest.raises(UnreadableError, match="unpacks to 400 MiB, expected at most 200 MiB"):
        cg.read(path)


def test_marks_that_turn_the_text_around_are_in_no_name(tmp_path: Path) -> None:
    path = tmp_path / "turned.txt"
    path.write_text("江苏省膜材料创新联合体由\u202e东山膜业有限公司\u202c牵头。", encoding="utf-8")
    assert rows(cg.read(path), "memberships", "organization", "role") == [("东山膜业有限公司", "lead")]


def test_a_name_that_is_a_formula_is_a_text_in_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_text("联合体名称\t牵头单位\n=1+1膜材料创新联合体\t东山膜业有限公司\n", encoding="utf-8")
    candidates = cg.read(path)
    candidates.save(tmp_path / "c.xlsx")
    with zipfile.ZipFile(tmp_path / "c.xlsx") as book:
        parts = b"".join(book.read(name) for name in book.namelist() if "worksheets/" in name)
    assert b"<f>" not in parts
    assert rows(candidates, "consortia", "name") == [("=1+1膜材料创新联合体",)]
