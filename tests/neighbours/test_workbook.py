"""A network as an Excel workbook from one command, read by two libraries of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest

import chaingraph as cg
from chaingraph.resources import sample
from tests.cli.shell import run

if TYPE_CHECKING:
    from pathlib import Path

SHEETS = ["members", "ties", "measures", "coverage", "sources", "about"]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "jiangsu.xlsx"
    result = run("network", sample("jiangsu-2022"), "affiliation", "-o", path)
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr.splitlines()[-1] == f"209 nodes, 31 ties → {path}"
    return path


@pytest.fixture(scope="module")
def sheets(workbook: Path) -> dict[str, pd.DataFrame]:
    return pd.read_excel(workbook, sheet_name=None, engine="calamine")


def cell(value: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    return None if pd.isna(value) else value


def test_each_sheet_has_what_the_graph_has(sheets: dict[str, pd.DataFrame]) -> None:
    kg = cg.open(sample("jiangsu-2022"))
    network = cg.affiliation(kg, quotes=True)
    assert list(sheets) == SHEETS
    assert dict(zip(sheets["members"]["id"], sheets["members"]["label"], strict=True)) == {
        node: data["label"] for node, data in network.nodes(data=True)
    }
    ties = sheets["ties"][["source", "target", "memberships"]].itertuples(index=False, name=None)
    assert list(ties) == [(u, v, data["memberships"]) for u, v, data in network.edges(data=True)]
    measures = cg.centrality(network)
    assert sheets["measures"]["id"].tolist() == measures.index.tolist()
    for name in ("degree", "betweenness", "pagerank"):
        assert sheets["measures"][name].to_numpy() == pytest.approx(measures[name].to_numpy(), nan_ok=True)
    assert len(sheets["coverage"]) == len(cg.coverage(kg))
    assert set(sheets["coverage"]["standing"]) <= {"none", "part", "all", "more", "open"}


def test_every_statement_has_its_words_and_address(sheets: dict[str, pd.DataFrame]) -> None:
    sources = sheets["sources"]
    tie = "id:cn/organizations/su-da-wei-ge – id:cn/consortia/"
    row = sources[sources["statement"].str.startswith(tie)].to_dict("records")[0]
    assert row["exact"] == "蘇大維格牽頭的江蘇省新型顯示產業技術創新聯合體"
    assert str(row["url"]).startswith("http")
    labels = set(sheets["members"]["label"])
    assert {label for label in sources["label"] if " – " not in label} <= labels
    about = dict(sheets["about"].to_numpy().tolist())
    assert about["title_zh"] == "江苏省创新联合体：2022年首批建设试点及相关事实"
    assert about["network"] == "affiliation"
    assert about["licence"].startswith("Apache-2.0")
    assert about["left out: memberships of a programme or of one of several consortia"] == 11


def test_openpyxl_opens_it_with_numbers_as_numbers_and_no_formula(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == SHEETS
    headings = [one.value for one in book["measures"][1]]
    column = book["measures"].iter_rows(
        min_row=2, min_col=headings.index("degree") + 1, max_col=headings.index("degree") + 1
    )
    assert {one.data_type for (one,) in column} == {"n"}
    assert not any(one.data_type == "f" for sheet in book for row in sheet.iter_rows() for one in row)
    assert all(sheet.freeze_panes == "A2" for sheet in book)


def test_an_ending_of_nothing_is_refused_with_all_that_there_are(tmp_path: Path) -> None:
    refused = run("network", sample("jiangsu-2022"), "affiliation", "-o", tmp_path / "x.pdf")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert ".parquet, .xlsx, or a name without ending" in refused.stderr
