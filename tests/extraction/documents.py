"""Small documents of our own, and a person who decides in a workbook."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import xlsxwriter

from chaingraph.tables.sheets import sheets_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from chaingraph.extraction import Candidates

NEWS = """东海省新型膜材料创新联合体在甲州成立
来源：东海科技网  时间：2023年5月20日
2023年5月18日，江苏省新型膜材料创新联合体在甲州成立。该联合体由江苏东山膜业有限公司（以下简称“东山膜业”）牵头，联合北湖大学、南岭研究院等8家单位共同组建。
上游由北湖化工有限公司负责聚酰胺单体制备。东山膜业建有江苏省膜材料重点实验室。联合体已承担省级以上科技项目6项，申请发明专利近30件。
联合体拟吸收西溪泵业有限公司加入。
版权声明：未经授权不得转载。
"""
ENGLISH_NEWS = """The Coastline Consortium was founded in May 2022. It is led by Acme Power Ltd, and its members are the
University of Northmoor and Tidewell Marine GmbH. Foxley Ferries left the consortium in March 2023.
The consortium has 12 members and runs two pilot lines.
"""
NOTICE = """江苏省2024年度第一批创新联合体拟备案名单
1.先进膜材料创新联合体
  牵头单位：东山膜业有限公司
  成员单位：北湖大学、南岭研究院
2.智能农机创新联合体
  牵头单位：西溪农机有限公司
  成员单位：北湖大学
江苏省科学技术厅
2024年5月13日
"""
PAGE = """<html><body><nav>首页 栏目</nav><h1>江苏省创新联合体名单</h1>
<table><tr><th>序号</th><th>联合体名称</th><th>牵头单位</th><th>成员单位</th></tr>
<tr><td>1</td><td rowspan="2">江苏省膜材料创新联合体</td><td rowspan="2">东山膜业有限公司</td><td>北湖大学</td></tr>
<tr><td>2</td><td>南岭研究院<br>西溪泵业有限公司</td></tr></table>
<script>alert(1)</script><p style="display:none">隐藏</p></body></html>
"""


def rows(candidates: Candidates, table: str, *columns: str) -> list[tuple[object, ...]]:
    """Return some columns of the candidates of a table."""
    return [tuple(row.cells.get(name) for name in columns) for row in candidates.rows if row.table == table]


def decide(path: Path, decision: Callable[[str, dict[str, str]], str]) -> None:
    """Write decisions into a workbook: a function of the sheet and of the row by heading says what stands there."""
    sheets = [(sheet.title, sheet.grid().values.rows()) for sheet in sheets_of(path)]
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    for title, lines in sheets:
        sheet = book.add_worksheet(title)
        for number, cells in enumerate(lines):
            texts = [cell or "" for cell in cells]
            if number and lines[0][0] in ("决定", "decision"):
                texts[0] = decision(title, dict(zip(map(str, lines[0]), texts, strict=True)))
            for column, text in enumerate(texts):
                sheet.write_string(number, column, text)
    book.close()


def pdf(lines: Iterable[str]) -> bytes:
    """Return a PDF of one page with lines of text."""
    content = "BT /F1 11 Tf 50 780 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    return _pdf(content.encode("latin-1"))


def pdf_with_table(cells: list[list[str]]) -> bytes:
    """Return a PDF of one page with a ruled table."""
    parts = []
    for row, texts in enumerate(cells):
        for column, text in enumerate(texts):
            left, top = 50 + 160 * column, 760 - 30 * row
            parts.append(f"{left} {top - 30} 160 30 re S BT /F1 9 Tf {left + 4} {top - 18} Td ({text}) Tj ET")
    return _pdf(" ".join(parts).encode("latin-1"))


def _pdf(content: bytes, *, extra: bytes = b"") -> bytes:
    packed = zlib.compress(content)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        body
        + extra
        + (
            b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
            % (table, len(body))
        )
    )
