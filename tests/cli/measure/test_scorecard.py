"""The scorecard from the shell: cells with their basis, ranks by weights, and weights that are refused."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.cli.measure.scorecard import scorecard_frame
from chaingraph.errors import UnreadableError, UsageError
from chaingraph.resources import sample
from tests.cli.shell import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import DataSetFolder

JIANGSU = str(sample("jiangsu-2022"))


@pytest.fixture
def roster(data_set: DataSetFolder) -> str:
    folder = data_set(
        organizations="id,name\na,甲\nb,=乙\nc,丙\n",
        consortia="id,name\nx,一\ny,二\nz,三\n",
        memberships="organization,consortium,role\na,x,member\nb,x,lead\nc,y,member\n",
        reported="id,name,counts,value,consortium\nr,成员,organizations,9,z\n",
    )
    return str(folder)


def test_without_weights_there_is_no_ranking_and_each_cell_shows_what_it_rests_on(roster: str) -> None:
    done = run("measure", "scorecard", roster)
    assert done.returncode == 0, done.stderr
    head, *lines = done.stdout.splitlines()
    assert head.split()[:3] == ["label", "leads", "members"]
    assert "rank" not in head
    assert [line.split()[:4] for line in lines] == [
        ["一", "=乙", "2", "?"],
        ["三", "?", "9", "(reported)"],
        ["二", "?", "1", "?"],
    ]
    assert "no ranking without --weights" in done.stderr


def test_the_csv_carries_every_cell_with_its_basis_and_no_formula(roster: str) -> None:
    done = run("measure", "scorecard", roster, "--format", "csv")
    first, second, third = csv.DictReader(io.StringIO(done.stdout))
    assert {name: first[name] for name in ("leads", "leads_basis", "members", "members_basis")} == {
        "leads": "'=乙",
        "leads_basis": "known",
        "members": "2",
        "members_basis": "known",
    }
    assert (second["members"], second["members_basis"]) == ("9", "reported")
    assert (third["platforms"], third["platforms_basis"]) == ("", "unknown")
    values = [name for name in first if name != "consortium" and not name.endswith("_basis")]
    assert list(first) == ["consortium", *(part for name in values for part in (name, f"{name}_basis"))]


def test_weights_rank_and_say_how_far_it_holds(roster: str, tmp_path: Path) -> None:
    weights = tmp_path / "weights.toml"
    weights.write_text("[weights]\nmembers = 1.0\nplatforms = 2\n", encoding="utf-8")
    options = ("--weights", str(weights), "--change", "0.5", "--draws", "7", "--seed", "3")
    done = run("measure", "scorecard", roster, *options, "--format", "csv")
    assert done.returncode == 0, done.stderr
    ranks = [
        (line["label"], line["rank"], line["rank_low"], line["rank_high"])
        for line in csv.DictReader(io.StringIO(done.stdout))
    ]
    # What is known by name, 2 of 一 and 1 of 二, is the least; only the 9 that are reported of 三 are exact.
    assert sorted(ranks) == [("一", "", "1", "3"), ("三", "", "1", "3"), ("二", "", "1", "3")]
    assert "platforms counts for nothing in the ranking: nothing is known of it" in done.stderr
    assert "within 50% of those in weights.toml" in done.stderr
    assert "7 draws of weights (seed 3)" in done.stderr
    assert run("measure", "scorecard", roster, *options, "--format", "csv").stdout == done.stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[weights]\nmember = 1\n", "weight 'member': there is no such column; did you mean members or members_other"),
        ("[weights]\nlabel = 1\n", "weight 'label': the column holds text"),
        ("[weights]\nmembers = 'much'\n", "weight 'members': expected a number, and got 'much'"),
        ("[weights]\nmembers = nan\n", "weight 'members': expected a finite number"),
        ("[weights]\nmembers = 0\n", "weight 'members': a weight of 0"),
        ("[weights]\nmembers = true\n", "weight 'members': expected a number, and got True"),
        (f"[weights]\nmembers = 1{'0' * 400}\n", "weight 'members': expected a finite number"),
        (f"[weights]\nmembers = 1{'0' * 5000}\n", "is no TOML"),
        (f"weights = {'[' * 3000}\n", "expected a table [weights]"),
        ("[weights]\nmembers = \n", "is no TOML in UTF-8 (Invalid value (at line 2, column 11))"),
        ("members = 1\n", "holds 'members' beside or instead of [weights]"),
        ("weights = 3\n", "has no weights"),
        ("[weights]\n", "has no weights"),
        ("[weights]\nplatforms = 1\n", "no column tells two rows apart (platforms: nothing is known of it)"),
    ],
)
def test_weights_that_cannot_rank_are_refused_in_one_line(roster: str, tmp_path: Path, text: str, words: str) -> None:
    weights = tmp_path / "weights.toml"
    weights.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableError) as caught:
        scorecard_frame(cg.open(roster), at=None, weights=weights, change=0.2, draws=1, seed=0, on_screen=False)
    assert str(caught.value).startswith(f"{weights}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_refusal_is_one_line_with_the_file_and_status_2(roster: str, tmp_path: Path) -> None:
    weights = tmp_path / "weights.toml"
    done = run("measure", "scorecard", roster, "--weights", str(weights))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith(f"chaingraph: {weights}: cannot be read (No such file or directory)")


@pytest.mark.parametrize(("change", "draws", "words"), [(1.0, 1, "--change is 1.0"), (0.2, 0, "--draws is 0")])
def test_options_out_of_range_are_refused_by_name(
    roster: str, tmp_path: Path, change: float, draws: int, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        scorecard_frame(
            cg.open(roster),
            at=None,
            weights=tmp_path / "w.toml",
            change=change,
            draws=draws,
            seed=0,
            on_screen=False,
        )


def test_a_programmes_totals_are_said_beside_the_table_and_undated_rows_counted() -> None:
    done = run("measure", "scorecard", JIANGSU, "--at", "2023")
    assert done.returncode == 0, done.stderr
    assert (
        "136 organizations, 154 platforms (provincial), 152 projects (provincial) reported of the programme"
        in done.stderr
    )
    assert "memberships have no date and are kept" in done.stderr
    assert "136" not in done.stdout
