"""A brief as a Word document, in the form of official Chinese documents (GB/T 9704); needs the extra ``brief``."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from chaingraph.briefing.brief_chapters import (
    basis_text,
    chapters,
    column_shares,
    figure_caption,
    note_text,
    numbered,
)
from chaingraph.briefing.words import brief_text, words
from chaingraph.errors import UsageError, install_line
from chaingraph.export.files import write_bytes
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from docx.document import Document
    from docx.oxml.text.font import CT_RPr
    from docx.table import Table, _Cell
    from docx.text.font import Font
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    from chaingraph.briefing.brief_model import Brief, BriefTable, ChainPicture, StageCell

FONTS = {
    "zh": {"title": "方正小标宋简体", "body": "仿宋", "chapter": "黑体", "list": "楷体", "table": "宋体"},
    "en": {"title": "Georgia", "body": "Georgia", "chapter": "Arial", "list": "Arial", "table": "Arial"},
}
"""The fonts by language; those of an official Chinese document are prescribed; Word replaces one that is missing."""
_SIZES = {
    "zh": {"title": 22.0, "body": 16.0, "chapter": 16.0, "list": 16.0, "basis": 14.0, "table": 10.5, "small": 12.0},
    "en": {"title": 20.0, "body": 11.0, "chapter": 14.0, "list": 12.0, "basis": 10.0, "table": 9.0, "small": 9.5},
}
"""The sizes of letters in points, by language."""
_LINE = 28.0
"""The height of a line of an official Chinese document, in points."""
_LATIN = "Times New Roman"
_TEXT_WIDTH = 156.0
"""Millimetres: a sheet of A4 without its margins of 28 and 26."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_word(brief: Brief, path: Path) -> None:
    """Write a brief as a .docx; the same brief gives the same bytes.

    Raises:
        UsageError: The extra is not installed, or no font has the characters of the names in the network's picture.
    """
    try:
        import docx
    except ImportError:
        message = tr("a .docx needs python-docx: {line}; .html needs nothing", line=install_line("brief"))
        raise UsageError(message) from None
    writer = _Writer(brief, docx.Document())
    writer.write()
    content = io.BytesIO()
    writer.document.save(content)
    write_bytes(path, _dated(content.getvalue()))


def _dated(content: bytes) -> bytes:
    """Return a package with the same date on each part, so that equal documents are equal files."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, source.read(name))
    return target.getvalue()


class _Writer:
    """Writes a brief into an empty document."""

    def __init__(self, brief: Brief, document: Document) -> None:
        self.brief = brief
        self.document = document
        self.fonts, self.sizes = FONTS[brief.language], _SIZES[brief.language]
        self.text = words()["brief"][brief.language]

    def write(self) -> None:
        """Write everything."""
        self._set_page()
        self._paragraph(self.brief.title, "title", align="center", after=6.0)
        for line in self.brief.subtitles:
            self._paragraph(line, "body", size=self.sizes["small"], align="center")
        self._paragraph("", "body", size=self.sizes["small"])
        for chapter in chapters(self.brief):
            self._paragraph(chapter.heading, "chapter", indent=True, level=1, before=self.sizes["basis"] / 2)
            getattr(self, f"_write_{chapter.key}")()
        for line in self.brief.credits:
            self._paragraph(line, "body", size=self.sizes["small"], before=10.0)

    def _set_page(self) -> None:
        from docx.shared import Mm, Pt

        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(28)
        properties = self.document.core_properties
        properties.author, properties.title, properties.comments = "chaingraph", self.brief.title[:255], ""
        properties.language = "zh-CN" if self.brief.language == "zh" else "en"
        style = self.document.styles["Normal"]
        style.font.size = Pt(self.sizes["body"])
        self._font(style.element.get_or_add_rPr(), style.font, "body")
        before, after = brief_text(self.brief.language, "page", number="\0").split("\0")
        footer = section.footer.paragraphs[0]
        self._align(footer, "center")
        self._run(footer, before, "table", self.sizes["basis"])
        self._field(footer, "PAGE")
        self._run(footer, after, "table", self.sizes["basis"])

    def _font(self, properties: CT_RPr, font: Font, role: str) -> None:
        """Set the font of Latin letters and that of Chinese characters."""
        from docx.oxml.ns import qn

        font.name = _LATIN if self.brief.language == "zh" else self.fonts[role]
        properties.get_or_add_rFonts().set(
            qn("w:eastAsia"), self.fonts[role] if self.brief.language == "zh" else "宋体"
        )

    def _run(
        self, paragraph: Paragraph, text: str, role: str, size: float, *, bold: bool = False, raised: bool = False
    ) -> Run:
        from docx.shared import Pt

        run = paragraph.add_run(text)
        run.font.size, run.bold, run.font.superscript = Pt(size), bold, raised or None
        self._font(run._element.get_or_add_rPr(), run.font, role)
        return run

    def _field(self, paragraph: Paragraph, name: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        run = self._run(paragraph, "", "table", self.sizes["basis"])
        for kind, text in (("begin", ""), ("", name), ("end", "")):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = text
            run._element.append(element)

    def _align(self, paragraph: Paragraph, align: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph.alignment = {
            "center": WD_ALIGN_PARAGRAPH.CENTER,
            "left": WD_ALIGN_PARAGRAPH.LEFT,
            "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
        }[align]

    def _paragraph(
        self,
        text: str,
        role: str,
        *,
        size: float | None = None,
        align: str = "both",
        indent: bool = False,
        level: int = 0,
        before: float = 0.0,
        after: float = 0.0,
        notes: Sequence[int] = (),
    ) -> Paragraph:
        """Add a paragraph; one with a level is a heading that the navigation of Word lists."""
        from docx.shared import Pt

        points = self.sizes[role] if size is None else size
        paragraph = self.document.add_paragraph()
        self._align(paragraph, "left" if level else align)
        layout = paragraph.paragraph_format
        layout.space_before, layout.space_after = Pt(before), Pt(after)
        is_official = self.brief.language == "zh" and points >= self.sizes["body"]
        layout.line_spacing = Pt(_LINE if is_official else 1.5 * points)
        if indent and self.brief.language == "zh":
            layout.first_line_indent = Pt(2 * points)
        if level:
            layout.keep_with_next = True
            self._outline(paragraph, level)
        bold = role == "chapter" and self.brief.language == "en"
        self._run(paragraph, text, role, points, bold=bold)
        if notes:
            self._run(paragraph, note_text(tuple(notes)), role, points, raised=True)
        return paragraph

    def _outline(self, paragraph: Paragraph, level: int) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        element = OxmlElement("w:outlineLvl")
        element.set(qn("w:val"), str(level - 1))
        paragraph._element.get_or_add_pPr().append(element)

    # ---- chapters

    def _write_figures(self) -> None:
        for figure in self.brief.figures:
            paragraph = self._paragraph(figure.text, "body", indent=True, notes=figure.notes)
            basis = basis_text(self.brief.language, figure.basis, figure.since)
            self._run(
                paragraph, f"〔{basis}〕" if self.brief.language == "zh" else f" [{basis}]", "list", self.sizes["basis"]
            )
        self._paragraph(self.text["basis_note"], "body", size=self.sizes["small"], indent=True)

    def _write_map(self) -> None:
        if self.brief.no_chain:
            self._paragraph(self.brief.no_chain, "body", indent=True)
        for number, chain in enumerate(self.brief.chains, 1):
            self._chain_table(chain)
            caption = figure_caption(self.brief.language, number, chain.caption)
            self._paragraph(caption, "body", size=self.sizes["small"], align="center", before=4.0, after=14.0)

    def _chain_table(self, chain: ChainPicture) -> None:
        rows = chain.rows()
        width = sum(lane.width for lane in chain.lanes)
        table = self._new_table(len(rows) + 1, [1 / width] * width)
        start = 0
        for lane in chain.lanes:
            cell = table.cell(0, start).merge(table.cell(0, start + lane.width - 1))
            self._cell_text(cell, lane.heading, bold=True, align="center")
            start += lane.width
        for row, cells in enumerate(rows, 1):
            for column, stage in enumerate(cells):
                if stage is not None:
                    self._stage_cell(table.cell(row, column), stage)
        self._repeat_heading(table)

    def _stage_cell(self, cell: _Cell, stage: StageCell) -> None:
        """Write a stage and who holds it; the border of one without a known holder is dashed."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self._cell_text(cell, stage.name, bold=True)
        for line in (stage.before, *stage.holders, stage.more, stage.status):
            if line:
                self._cell_text(cell, line, more=True)
        borders = OxmlElement("w:tcBorders")
        for side in ("top", "left", "bottom", "right"):
            border = OxmlElement(f"w:{side}")
            border.set(qn("w:val"), "dashed" if stage.status else "single")
            border.set(qn("w:sz"), "8" if stage.status else "6")
            borders.append(border)
        cell._element.get_or_add_tcPr().append(borders)

    def _write_lists(self) -> None:
        for number, table in enumerate(self.brief.lists, 1):
            heading = numbered(self.brief.language, "list", number, table.caption)
            self._paragraph(heading, "list", indent=True, level=2)
            self._list(table)

    def _list(self, table: BriefTable) -> None:
        self._paragraph(table.sentence, "body", indent=True, after=4.0)
        if not table.rows:
            return
        has_notes = any(row.notes for row in table.rows)
        grid = self._new_table(len(table.rows) + 1, column_shares(table.widths, notes=has_notes))
        headings = [*table.headings, *([self.text["column_notes"]] if has_notes else [])]
        for column, heading in enumerate(headings):
            self._cell_text(grid.cell(0, column), heading, bold=True)
        # Rows are looked up once: a cell by its number is looked up from the first anew.
        for line, row in zip(grid.rows[1:], table.rows, strict=True):
            texts = [*row.cells, *([note_text(row.notes)] if has_notes else [])]
            for cell, text in zip(line.cells, texts, strict=True):
                self._cell_text(cell, text)
        self._repeat_heading(grid)
        self._paragraph("", "body", size=6.0)

    def _write_network(self) -> None:
        from docx.shared import Mm

        from chaingraph.briefing.network_figure import network_png

        if self.brief.network.marks:
            self.document.add_picture(io.BytesIO(network_png(self.brief.network)), width=Mm(_TEXT_WIDTH))
            self._align(self.document.paragraphs[-1], "center")
            caption = figure_caption(self.brief.language, len(self.brief.chains) + 1, self.text["network_caption"])
            self._paragraph(caption, "body", size=self.sizes["small"], align="center", after=8.0)
        self._paragraph(self.brief.network_sentence, "body", indent=True)

    def _write_coverage(self) -> None:
        self._list(self.brief.coverage)

    def _write_changes(self) -> None:
        for sentence in self.brief.changes:
            self._paragraph(sentence, "body", indent=True)

    def _write_notes(self) -> None:
        for note in self.brief.notes:
            text = f"[{note.number}] {note.text}{'  ' if note.url else ''}{note.url}"
            self._paragraph(text, "body", size=self.sizes["small"], align="left", after=2.0)

    # ---- tables

    def _new_table(self, rows: int, shares: Sequence[float]) -> Table:
        from docx.shared import Mm

        table: Table = self.document.add_table(rows, len(shares))
        table.style, table.autofit = "Table Grid", False
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Mm(_TEXT_WIDTH * share)
        for row in table.rows:
            for cell, share in zip(row.cells, shares, strict=True):
                cell.width = Mm(_TEXT_WIDTH * share)
        return table

    def _cell_text(
        self,
        cell: _Cell,
        text: str,
        *,
        bold: bool = False,
        more: bool = False,
        align: str = "left",
    ) -> None:
        """Write a line into a cell; ``more`` adds another below those that it has."""
        from docx.shared import Pt

        paragraph = cell.add_paragraph() if more else cell.paragraphs[0]
        layout = paragraph.paragraph_format
        layout.space_before = layout.space_after = Pt(0)
        layout.line_spacing = 1.0
        self._align(paragraph, align)
        self._run(paragraph, text, "table", self.sizes["table"], bold=bold)

    def _repeat_heading(self, table: Table) -> None:
        """Let the first row stand again on each page, and keep rows whole."""
        from docx.oxml import OxmlElement

        table.rows[0]._element.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for row in table.rows:
            row._element.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
