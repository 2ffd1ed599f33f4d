"""Counts and indices from the shell: what is printed, what is said beside it, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chaingraph.resources import sample
from tests.cli.shell import run

BATTERIES = str(sample("horizon-batteries"))
JIANGSU = str(sample("jiangsu-2022"))


def test_cells_come_with_share_size_and_specialisation_and_what_is_unplaced() -> None:
    done = run("measure", "agglomeration", BATTERIES, "--level", "0", "--format", "json")
    rows = json.loads(done.stdout)
    assert list(rows[0]) == [
        *("region", "industry", "count", "share", "size", "specialisation", "specialisation_low", "specialisation_high")
    ]
    assert all(row["count"] >= 5 for row in rows)
    assert all(row["specialisation_low"] <= row["specialisation_high"] for row in rows)
    order = [row["specialisation"] for row in rows]
    assert order == sorted(order, reverse=True)
    assert "organizations are left out as too small to tell (--at-least 5)" in done.stderr
    assert "industry: " in done.stderr
    assert "stand beside each other; --level industry=N takes one level" in done.stderr
    assert "710 of 837 organizations are in a cell; without region: 0, industry: 127" in done.stderr
    assert "each counts in all of them (--split full)" in done.stderr


@pytest.mark.parametrize(
    ("what", "index", "first"),
    [
        ("agglomeration", "herfindahl", ["region", "count", "herfindahl"]),
        ("agglomeration", "locational_gini", ["industry", "count", "locational_gini"]),
        ("agglomeration", "concentration_test", ["region", "industry", "count", "expected", "p", "q"]),
        ("complexity", "pci", ["industry", "count", "pci"]),
    ],
)
def test_an_index_is_printed_by_its_name(what: str, index: str, first: list[str]) -> None:
    levels = ("--level", "0", "--level", "industry=1")
    done = run("measure", what, BATTERIES, *levels, "--index", index, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)[0]) == first


def test_complexity_says_what_present_means() -> None:
    done = run("measure", "complexity", BATTERIES, "--level", "0", "--level", "industry=2", "--format", "json")
    assert list(json.loads(done.stdout)[0]) == ["region", "count", "diversity", "eci", "complexity_outlook"]
    assert "present in a region where its location quotient is at least 1" in done.stderr


@pytest.mark.parametrize("what", ["agglomeration", "complexity"])
def test_what_is_too_small_to_tell_is_left_out_and_counted(what: str) -> None:
    base = ("measure", what, BATTERIES, "--level", "0", "--level", "industry=1", "--format", "json")
    every, large = (run(*base, "--at-least", minimum) for minimum in ("1", "20"))
    rows = json.loads(every.stdout)
    assert [row for row in rows if row["count"] >= 20] == json.loads(large.stdout)
    small = sum(row["count"] < 20 for row in rows)
    assert f"{small} rows of fewer than 20 organizations are left out as too small to tell" in large.stderr
    none = run(*base, "--at-least", "9999")
    assert json.loads(none.stdout) == []


def test_a_heat_map_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    done = run(
        *(
            "measure",
            "agglomeration",
            BATTERIES,
            "--level",
            "0",
            "--level",
            "industry=1",
            "--plot",
            "map.svg",
            "--top",
            "1",
        ),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "map.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert "location quotients → map.svg" in done.stderr


def test_the_pilot_has_1_13_platforms_a_subject_and_nothing_is_known_by_consortium() -> None:
    done = run("measure", "consortia", JIANGSU, "--top", "1")
    said = "(首批): 154 platforms over 136 organizations is 1.13 each, reported of the programme as a whole"
    assert said in done.stderr
    assert "known of the platforms by consortium: nothing" in done.stderr


def test_every_number_is_proven() -> None:
    done = run("prove", "--format", "json")
    assert done.returncode == 0
    rows = json.loads(done.stdout)
    assert {row["equal"] for row in rows} == {True}
    assert list(rows[0]) == ["index", "at", "source", "expected", "ours", "difference", "equal"]
    assert f"{len(rows)} of {len(rows)} numbers equal their source" in done.stderr


@pytest.mark.parametrize(
    ("source", "arguments", "said"),
    [
        (
            BATTERIES,
            ["agglomeration", "--index", "fame"],
            "chaingraph: there is no index 'fame' here; there are herfindahl",
        ),
        (
            BATTERIES,
            ["agglomeration", "--index", "ellison_glaeser"],
            "chaingraph: ellison_glaeser needs the size of every",
        ),
        (
            BATTERIES,
            ["agglomeration", "--rows", "colour"],
            "chaingraph: organizations have no 'colour'; expected one of",
        ),
        (BATTERIES, ["agglomeration", "--level", "9"], "chaingraph: the graph has no region at level 9"),
        (
            BATTERIES,
            ["agglomeration", "--plot", "map.pdf"],
            "chaingraph: cannot write map.pdf: expected a name that ends",
        ),
        (
            JIANGSU,
            ["agglomeration"],
            "chaingraph: no organizations have both region and industry, so that there is nothing",
        ),
        (JIANGSU, ["complexity", "--columns", "kind"], "chaingraph: "),
    ],
)
def test_what_cannot_be_measured_is_said_and_ends_with_2(source: str, arguments: list[str], said: str) -> None:
    done = run("measure", arguments[0], source, *arguments[1:])
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(said)
    assert "Traceback" not in done.stderr
