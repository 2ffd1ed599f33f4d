"""Frames of pandas and polars are tables like those in files: the same graph, the same problems."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl
import pytest

import chaingraph as cg
from chaingraph.errors import TableProblemsError, UnreadableError, UsageError
from chaingraph.resources import sample

if TYPE_CHECKING:
    from pathlib import Path

    from chaingraph.store import KnowledgeGraph
    from chaingraph.tables.frames import Frames
    from tests.conftest import DataSetFolder

BASE = "https://example.org/"


def triples(kg: KnowledgeGraph, path: Path) -> str:
    """Return a graph as sorted N-Triples."""
    kg.export(path)
    return path.read_text(encoding="utf-8")


def problems(frames: Frames) -> list[str]:
    """Return all problems of frames as they are printed."""
    with pytest.raises(TableProblemsError) as caught:
        cg.open(frames)
    return [str(problem) for problem in caught.value.problems]


def test_frames_of_both_kinds_give_the_graph_that_the_folder_gives(data_set: DataSetFolder, tmp_path: Path) -> None:
    folder = data_set(
        "frames",
        organizations="id,name,alias,small,latitude\na,甲公司,阿;ya,true,31.25\nb,乙大学,,,\n",
        consortia="id,name,founded\nx,联合体,2022\n",
        memberships="organization,consortium,role,since\na,x,lead,2022-10-14\nb,x,member,\n",
    )
    (folder / "dataset.json").write_text(f'{{"name": "frames", "base": "{BASE}"}}', encoding="utf-8")
    columns: dict[str, dict[str, list[object]]] = {
        "organizations": {
            "id": ["a", "b"],
            "name": ["甲公司", " 乙大学 "],
            "alias": [["阿", "ya"], None],
            "small": [True, None],
            "latitude": [31.25, None],
        },
        "consortia": {"id": ["x"], "name": ["联合体"], "founded": [2022]},
        "memberships": {
            "organization": ["a", "b"],
            "consortium": ["x", "x"],
            "role": ["lead", "member"],
            "since": [date(2022, 10, 14), None],
        },
    }
    described: Frames = {"dataset": {"name": "frames", "base": BASE}}
    of_pandas: Frames = {name: pd.DataFrame(cells) for name, cells in columns.items()}
    of_polars: Frames = {name: pl.DataFrame(cells) for name, cells in columns.items()}
    of_folder = triples(cg.open(folder), tmp_path / "folder.nt")
    assert triples(cg.open({**described, **of_pandas}), tmp_path / "pandas.nt") == of_folder
    assert triples(cg.open({**described, **of_polars}), tmp_path / "polars.nt") == of_folder
    assert cg.diff(folder, {**described, **of_pandas}).frame.empty


def test_a_sample_read_by_pandas_gives_the_graph_of_its_folder(tmp_path: Path) -> None:
    folder = sample("jiangsu-2022")
    frames: Frames = {path.stem: pd.read_csv(path, dtype=str) for path in folder.glob("*.csv")}
    described: Frames = {"dataset": json.loads((folder / "dataset.json").read_text(encoding="utf-8"))}
    assert triples(cg.open({**described, **frames}), tmp_path / "frames.nt") == triples(
        cg.open(folder), tmp_path / "folder.nt"
    )


def test_problems_name_the_frame_and_count_the_headings_as_row_1() -> None:
    frames: Frames = {
        "organizations": pd.DataFrame({"id": ["a", "b"], "name": ["甲", None], "websit": [None, None]}),
        "成员": pl.DataFrame({"单位": ["甲", "丙"], "联合体": ["x", "x"], "角色": ["组长", "lead"]}),
        "consortia": pd.DataFrame({"id": ["x"], "name": ["联合体"], "founded": [datetime(2022, 3, 1, 12, 30)]}),
    }
    assert [line.split(", expected one of")[0] for line in problems(frames)] == [
        "frame organizations: 'websit' is no column of 'organizations'; did you mean 'website'?",
        "frame organizations, row 3: 'name' is empty, expected a value",
        "frame consortia, row 2: 'founded' holds '2022-03-01 12:30:00', expected a year, month or day such as 2021,"
        " 2021-10 or 2021-10-05",
        "frame 成员, row 2: '角色' holds '组长'",
        "frame 成员, row 3: '单位' holds '丙', expected the id, name or alias of a row of 'organizations' (单位)",
    ]


def test_a_cell_that_no_table_can_hold_is_a_problem_of_its_own() -> None:
    frames = {"organizations": pd.DataFrame({"id": ["a", "b"], "name": [{"zh": "甲"}, "乙"]})}
    assert problems(frames) == [
        "frame organizations, row 2: 'name' holds 'a value of type dict', expected text, a number, a date or a list of"
        " them"
    ]
    assert problems({"organizations": pl.DataFrame({"id": ["a"], "name": [{"zh": "甲"}]})}) == [
        "frame organizations: 'name' holds Struct({'zh': String}), expected text, numbers, dates or lists of them"
    ]


def test_numbers_dates_and_missing_values_of_every_kind_are_read(tmp_path: Path) -> None:
    whole = [np.float64(2022), pd.Timestamp("2022-03-01"), pd.Period("2022-03", "M"), Decimal(2022), np.int64(2022)]
    consortia = pd.DataFrame(
        {"id": list("abcde"), "name": list("甲乙丙丁戊"), "founded": pd.Series(whole, dtype=object)}
    )
    missing = pd.DataFrame({"id": list("vwxyz"), "name": list("己庚辛壬癸")})
    missing["founded"] = pd.Series([None, np.nan, pd.NaT, pd.NA, Decimal("nan")], dtype=object)
    kg = cg.open({"consortia": pd.concat([consortia, missing], ignore_index=True)})
    rows = kg.select_text(
        "SELECT ?n ?d { ?c a cg:Consortium ; rdfs:label ?n OPTIONAL { ?c cg:founded ?d } } ORDER BY ?c"
    )
    assert rows["d"].to_list() == ["2022", "2022-03-01", "2022-03", "2022", "2022", *[None] * 5]
    assert [note.partition(" hold")[0] for note in kg.notes] == ["frame consortia: 1 cell of 'founded'"]


def test_a_named_index_is_a_column() -> None:
    frame = pd.DataFrame({"id": ["a"], "name": ["甲"]}).set_index("id")
    kg = cg.open({"organizations": frame})
    assert kg.select("SELECT ?o { ?o a cg:Organization }")["o"].tolist() == ["id:frames/organizations/a"]


def test_frames_files_and_addresses_may_be_opened_together(data_set: DataSetFolder) -> None:
    folder = data_set("folder", organizations="id,name\na,甲\n")
    frames = {"organizations": pd.DataFrame({"id": ["a"], "name": ["甲"]})}
    kg = cg.open(folder, frames, frames)
    assert kg.select("SELECT ?o { ?o a cg:Organization } ORDER BY ?o")["o"].tolist() == [
        "id:folder/organizations/a",
        "id:frames/organizations/a",
    ]
    assert kg.notes == ("frames and frames 2 have the same name, so rows of equal id are one thing",)


def test_a_build_takes_one_source_or_several(tmp_path: Path) -> None:
    frames = {"organizations": pd.DataFrame({"id": ["a"], "name": ["甲"]})}
    assert len(cg.build(frames, tmp_path / "one.kg")) == len(cg.build([frames], tmp_path / "list.ttl")) == 5


def test_a_frame_without_a_name_is_answered_with_the_table_that_it_looks_like() -> None:
    frame = pd.DataFrame({"成员单位": ["甲"], "联合体": ["乙"], "角色": ["lead"]})
    with pytest.raises(UsageError, match=r"name the table, such as cg\.open\(\{'memberships': frame\}\)$"):
        cg.open(frame)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({}, "frames: hold no table; expected a frame by the name of its table: sources, quotes, "),
        ({"letters": pd.DataFrame()}, "frames: hold no table; expected a frame by the name of its table: sources, "),
        ({"dataset": pd.DataFrame()}, "frame dataset: is of type DataFrame, expected a mapping with what dataset.json"),
        ({"organizations": "a.csv"}, "frame organizations: is of type str, expected a pandas or polars DataFrame"),
    ],
)
def test_what_is_no_frame_or_no_table_is_refused(source: Frames, words: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        cg.open(source)
    assert str(caught.value).startswith(words)


def test_a_frame_of_another_name_is_left_out_with_a_note_and_a_misspelt_one_is_a_problem() -> None:
    organizations = pd.DataFrame({"id": ["a"], "name": ["甲"]})
    kg = cg.open({"organizations": organizations, "letters": organizations})
    assert kg.notes == ("frame letters is no table of the contract and was left out",)
    assert problems({"organisations": organizations}) == [
        "frame organisations: is no table; did you mean 'organizations'?"
    ]


def test_the_description_of_frames_is_checked_like_a_file() -> None:
    frames: Frames = {
        "dataset": {"nam": "x", "base": "here"},
        "organizations": pd.DataFrame({"id": ["a"], "name": ["甲"]}),
    }
    assert problems(frames) == [
        "frame dataset: 'nam' is unknown; did you mean 'name'?",
        "frame dataset: 'base' holds 'here', expected an http(s) IRI that ends in / or #",
    ]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("a\x00", "holds 'a\\x00', expected a text without control characters"),
        ("\ud800", "holds '\\ud800', expected whole characters, and got half of one"),
        (["a", ["b"]], "holds 'a value of type list', expected text, a number, a date or a list of them"),
        (b"a", "holds 'a value of type bytes', expected text, a number, a date or a list of them"),
        (pd.Timedelta(1), "holds 'a value of type Timedelta', expected text, a number, a date or a list of them"),
    ],
)
def test_a_hostile_cell_is_a_problem_and_no_traceback(cell: object, problem: str) -> None:
    frame = pd.DataFrame({"id": ["a"], "name": pd.Series([cell], dtype=object)})
    assert problems({"organizations": frame}) == [f"frame organizations, row 2: 'name' {problem}"]


def test_headings_and_table_names_need_not_be_texts() -> None:
    assert problems({"organizations": pd.DataFrame([["a", "甲"]], columns=["id", 5])})[0].startswith(
        "frame organizations: '5' is no column of 'organizations'; expected id (编号), name (名称)"
    )
    with pytest.raises(UnreadableError, match="frames: hold no table"):
        cg.open({5: pd.DataFrame([["a"]])})  # type: ignore[dict-item]
