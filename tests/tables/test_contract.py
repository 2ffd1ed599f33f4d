"""The tables are in one file, and the code that reads them knows none of their names."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from chaingraph.store import KnowledgeGraph
from chaingraph.tables import contract

ROOT = Path(__file__).resolve().parents[2]
READERS = [
    *(ROOT / "src" / "chaingraph" / "tables").glob("*.py"),
    ROOT / "src" / "chaingraph" / "store" / "cells_to_triples.py",
]
DESCRIBES_DATA_SETS = {"metadata.py", "_described"}


def literals(path: Path) -> set[str]:
    """Return the string literals of a module, without docstrings and what deals with dataset.json."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kept = [node for node in tree.body if getattr(node, "name", "") not in DESCRIBES_DATA_SETS]
    strings = [node for part in kept for node in ast.walk(part) if isinstance(node, ast.Constant)]
    return {node.value for node in strings if isinstance(node.value, str)}


@pytest.mark.parametrize(
    "path", [path for path in READERS if path.name not in DESCRIBES_DATA_SETS], ids=lambda p: p.name
)
def test_the_readers_hold_no_name_of_a_table_or_column(path: Path) -> None:
    names = {name for table in contract().values() for name in (table.name, *(column.name for column in table.cells))}
    # words of CSVW itself, of our merges, and the last part of xsd:date
    structural = {"name", "title", "url", "table", "source", "language", "date"}
    assert literals(path) & (names - structural) == set()


def test_every_table_of_the_design_is_there() -> None:
    assert list(contract()) == [
        *("sources", "quotes", "regions", "industries", "chains", "stages", "products", "organizations", "programmes"),
        *("consortia", "memberships", "platforms", "projects", "participations", "supplies", "shareholdings"),
        *("stage_roles", "hierarchy", "clusters", "sites", "recognitions", "amounts", "cooperations", "events"),
        *("reported", "claims", "identities"),
    ]


def test_every_table_takes_where_a_row_stands() -> None:
    for table in contract().values():
        if table.name not in {"sources", "quotes"}:
            columns = {column.name: column for column in table.cells}
            assert columns["quote"].reference == "quotes"
            assert columns["quote"].is_list
            assert columns["source"].reference == "sources"
            assert "record" in columns


def test_the_real_roster_as_a_chinese_workbook_gives_the_same_graph(tmp_path: Path) -> None:
    folder = ROOT / "graph" / "jiangsu-2022"
    book = xlsxwriter.Workbook(str(tmp_path / "whatever.xlsx"), {"strings_to_urls": False})
    sheet = book.add_worksheet("dataset")
    described = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    for row, (key, value) in enumerate(flat(described)):
        sheet.write_row(row, 0, [key, value])
    for table in contract().values():
        path = folder / f"{table.name}.csv"
        if path.is_file():
            sheet = book.add_worksheet(table.title_zh)
            frame = pl.read_csv(path, infer_schema=False)
            for number, name in enumerate(frame.columns):
                column = table.column(name)
                spelt = {code.notation: code.label_zh for code in column.code_list().codes} if column.codes else {}
                sheet.write_string(0, number, column.title_zh)
                for row, cell in enumerate(frame[name], start=1):
                    if cell is not None:
                        sheet.write_string(row, number, spelt.get(cell, cell))
    book.close()
    for source, name in ((folder, "csv.nt"), (tmp_path / "whatever.xlsx", "xlsx.nt")):
        KnowledgeGraph.open(source).export(tmp_path / name)
    assert (tmp_path / "xlsx.nt").read_bytes() == (tmp_path / "csv.nt").read_bytes()


def flat(entries: dict[str, object]) -> list[tuple[str, str]]:
    """Return nested entries as pairs of a dotted key and a text."""
    pairs: list[tuple[str, str]] = []
    for key, value in entries.items():
        children = dict(enumerate(value, start=1)) if isinstance(value, list) else value
        if isinstance(children, dict):
            pairs += [(f"{key}.{below}", text) for below, text in flat({str(k): v for k, v in children.items()})]
        else:
            pairs.append((key, str(value)))
    return pairs
