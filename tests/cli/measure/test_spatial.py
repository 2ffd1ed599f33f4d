"""Space from the shell: whether near regions are alike, how far ties reach, and what is said if it is undefined."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from chaingraph.errors import install_line
from chaingraph.resources import sample
from tests.cli.made_up import TABLES, write_data_set
from tests.cli.shell import run

if TYPE_CHECKING:
    from pathlib import Path

JIANGSU = str(sample("jiangsu-2022"))


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    return write_data_set(tmp_path / "data", TABLES, "roster")


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """The same data set with regions whose names are in no gazetteer, and without coordinates."""
    header, *rows = TABLES["regions"].splitlines()
    regions = [f"{code},{code},{code},{within},," for code, _, _, within, *_ in (row.split(",") for row in rows)]
    tables = {**TABLES, "regions": "\n".join([header, *regions]) + "\n"}
    return write_data_set(tmp_path / "nowhere", tables, "roster")


def test_regions_have_places_by_their_names_and_those_without_one_are_counted() -> None:
    pytest.importorskip("esda")
    result = run("measure", "spatial", JIANGSU, "--columns", "kind", "--permutations", "9", "--format", "json")
    assert {row["n"] for row in json.loads(result.stdout) if row["measure"] == "morans_i"} == {6}
    assert "1 region has no coordinates and is left out of Moran's I" in result.stderr


def test_ties_come_first_then_all_columns_and_each_by_its_p_value(roster: Path) -> None:
    pytest.importorskip("esda")
    result = run("measure", "spatial", roster, "--neighbours", "2", "--permutations", "99", "--format", "json")
    assert result.returncode == 0, result.stderr
    rows = json.loads(result.stdout)
    assert list(rows[0]) == ["measure", "of", "value", "expected", "p", "q", "n", "undefined"]
    assert [(row["measure"], row["of"]) for row in rows[:4]] == [
        ("within_group_share", "co_membership"),
        ("mean_km", "co_membership"),
        ("median_km", "co_membership"),
        ("morans_i", "all"),
    ]
    columns = rows[4:]
    assert {row["of"] for row in columns} == {"光伏", "电池", "玻璃", "塑料", "材料"}
    assert [row["p"] for row in columns] == sorted(row["p"] for row in columns)
    assert {row["expected"] for row in rows[3:]} == {-0.2}
    assert all(row["p"] <= row["q"] <= 1 for row in rows[3:])
    assert "p of morans_i: chance of an index as far from expected under random permutations" in result.stderr


def test_ties_are_within_regions_of_the_level(roster: Path) -> None:
    shares = [
        json.loads(run("measure", "spatial", roster, *level, "--format", "json").stdout)[0]["value"]
        for level in ((), ("--level", "0"))
    ]
    assert shares == [pytest.approx(1 / 7), pytest.approx(9 / 14)]


def test_regions_without_coordinates_leave_an_index_undefined_and_the_reason_is_said(nowhere: Path) -> None:
    result = run("measure", "spatial", nowhere, "--level", "0", "--format", "json")
    assert result.returncode == 0
    reasons = {row["undefined"] for row in json.loads(result.stdout) if row["measure"] == "morans_i"}
    reason = (
        "morans_i: no region has coordinates, of its own, of its organizations or by its name in the gazetteer; fill "
        "the columns latitude, longitude"
    )
    assert reasons == {reason}
    assert f"undefined: {reason}" in result.stderr
    assert "2 regions have no coordinates and are left out of Moran's I" in result.stderr


def test_without_the_extra_the_ties_are_measured_and_what_to_install_is_said(
    roster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "esda", None)
    result = run("measure", "spatial", roster, "--format", "json")
    assert result.returncode == 0
    assert [row["value"] is None for row in json.loads(result.stdout)[:4]] == [False, False, False, True]
    assert f"undefined: this needs esda; install it by {install_line('spatial')}" in result.stderr


@pytest.mark.parametrize(
    ("source", "options", "words"),
    [
        ("NOWHERE", ["--columns", "kind", "--network", "supply"], "no region has coordinates, of its own, of its"),
        (JIANGSU, [], "no organizations have both region and industry, so that there is nothing to measure"),
        ("ROSTER", ["--neighbours", "2", "--band", "9"], "expected --neighbours or --band, which both say what"),
        ("ROSTER", ["--network", "friends"], "'friends' is unknown; expected one of co_membership, affiliation"),
        (
            "ROSTER",
            ["--columns", "kind", "--level", "industry=0"],
            "--level industry=... does not apply: the rows are by",
        ),
    ],
)
def test_what_has_no_place_is_refused_in_one_line(
    roster: Path, nowhere: Path, source: str, options: list[str], words: str
) -> None:
    folders = {"ROSTER": str(roster), "NOWHERE": str(nowhere)}
    result = run("measure", "spatial", folders.get(source, source), *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr.splitlines()[-1]
