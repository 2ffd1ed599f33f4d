"""A roster repeats what it says: each distinct text is read once, however many rows have it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.rosters import read_sheets
from chaingraph.rosters.names import Names, Reader
from chaingraph.rosters.sheet import Sheet
from chaingraph.rosters.values import value_of
from chaingraph.tables import read
from chaingraph.tables.references import Index

if TYPE_CHECKING:
    import pytest

    from chaingraph.rosters.values import CellValue

HEADINGS = ["联合体名称", "牵头单位", "成员单位", "组建时间"]
FIELDS = ("智能装备", "新材料", "生物医药", "集成电路", "新能源", "海洋工程")
ROWS = [
    [f"甲州{field}创新联合体", "东山机电有限公司", "甲州大学、北湖仪器厂", f"202{number % 2}年"]
    for number, field in enumerate(FIELDS)
]


def test_each_distinct_cell_of_a_column_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[tuple[str, str]] = []
    read_names = Reader.read

    def names(self: Reader, text: str) -> Names:
        texts.append(("names", text))
        return read_names(self, text)

    def value(text: str, *rest: object) -> CellValue:
        texts.append(("value", text))
        return value_of(text, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Reader, "read", names)
    monkeypatch.setattr("chaingraph.rosters.cells.value_of", value)
    roster = read_sheets([Sheet.of_rows("名单.csv", "", [HEADINGS, *ROWS])])
    assert Counter(texts) == {
        ("names", "东山机电有限公司"): 1,
        ("names", "甲州大学、北湖仪器厂"): 1,
        ("value", "2020年"): 1,
        ("value", "2021年"): 1,
    }
    assert roster.frames["memberships"].height == 3 * len(ROWS)


def test_each_distinct_reference_of_a_column_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    id_of = Index.id_of

    def count_and_look_up(self: Index, text: str) -> str | None:
        texts.append(text)
        return id_of(self, text)

    monkeypatch.setattr(Index, "id_of", count_and_look_up)
    names = [row[0] for row in ROWS]
    organizations = pl.DataFrame({"name": ["东山机电有限公司"]})
    memberships = pl.DataFrame(
        {"organization": ["东山机电有限公司"] * len(ROWS), "consortium": names, "role": ["lead"] * len(ROWS)}
    )
    tables = read(
        {"organizations": organizations, "consortia": pl.DataFrame({"name": names}), "memberships": memberships}
    )
    assert Counter(texts) == Counter(["东山机电有限公司", *names])
    assert tables.tables["memberships"]["organization"].n_unique() == 1
