"""Measuring from the shell: each projection, filter and kind of measure, and the words beside the numbers."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import networkx as nx
import pytest

from chaingraph.cli.output import quantity
from chaingraph.networks import PROJECTIONS
from chaingraph.resources import sample
from tests.cli.shell import run

CHINA = str(sample("china-consortia"))


@pytest.mark.parametrize("name", PROJECTIONS)
def test_every_network_can_be_written(name: str, tmp_path: Path) -> None:
    done = run("network", CHINA, name, "-o", "out.graphml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    network = nx.read_graphml(tmp_path / "out.graphml")
    assert network.graph["attribution"]
    size = f"{quantity(network.number_of_nodes(), 'nodes')}, {quantity(network.number_of_edges(), 'ties')}"
    assert f"{size} → out.graphml" in done.stderr


def test_what_a_projection_leaves_out_is_said() -> None:
    done = run("measure", "centrality", CHINA, "--top", "1")
    assert "note: co_membership leaves out" in done.stderr
    assert "memberships of a programme or of one of several consortia" in done.stderr


def test_filters_reach_the_network(tmp_path: Path) -> None:
    done = run(
        *(
            "network",
            CHINA,
            "affiliation",
            "-o",
            "out.csv",
            "--only",
            "role=牵头单位",
            "--only",
            "kind=enterprise",
            "--no-isolates",
        ),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert rows
    assert {role for row in rows for role in row["role"].split("; ")} == {"lead"}
    dated = run("network", CHINA, "affiliation", "-o", "out.csv", "--at", "2015", cwd=tmp_path)
    assert "rows have no date and are kept" in dated.stderr


def test_a_terminal_gets_the_measures_it_has_room_for_and_a_file_all() -> None:
    table = run("measure", "centrality", CHINA, "--top", "2")
    assert table.stdout.splitlines()[0].split()[:3] == ["node", "label", "degree"]
    assert "effective_size" not in table.stdout
    assert "more measures: --format csv gives all" in table.stderr
    rows = json.loads(run("measure", "centrality", CHINA, "--top", "2", "--format", "json").stdout)
    assert {"eccentricity", "katz", "core_number", "effective_size"} <= set(rows[0])
    named = json.loads(run("measure", "centrality", CHINA, "--measures", "degree, katz", "--format", "json").stdout)
    assert list(named[0]) == ["node", "label", "degree", "katz"]


def test_two_mode_and_directed_networks_have_their_own_columns() -> None:
    two_mode = run("measure", "centrality", CHINA, "--network", "affiliation", "--top", "1").stdout
    assert "two_mode_betweenness" in two_mode
    directed = run("measure", "centrality", CHINA, "--network", "supply", "--top", "1").stdout
    assert "in_degree" in directed


def test_brokers_between_kinds_are_counted() -> None:
    rows = json.loads(
        run("measure", "centrality", CHINA, "--measures", "degree,brokerage:kind", "--format", "json").stdout
    )
    assert set(rows[0]) >= {"brokerage_liaison", "brokerage_coordinator"}


def test_stability_says_how_far_a_rank_stands() -> None:
    done = run("measure", "stability", CHINA, "--draws", "20", "--top", "3", "--format", "json")
    rows = json.loads(done.stdout)
    assert list(rows[0]) == ["node", "label", "betweenness", "rank", "rank_size", "rank_low", "rank_high", "in_top"]
    assert (
        "holds the rank and 95 % of 20 draws in each of which 10% of the memberships were dropped at random (seed 0)"
        in done.stderr
    )
    again = run("measure", "stability", CHINA, "--draws", "20", "--top", "3", "--format", "json")
    assert again.stdout == done.stdout


def test_a_measure_that_is_equal_for_all_is_refused_for_ranking_in_one_line() -> None:
    done = run("measure", "stability", str(sample("jiangsu-2022")))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1] == (
        "chaingraph: betweenness is 0 for all 187 nodes that have it, so that it ranks none of them; different: degree,"
        " strength, closeness, harmonic, constraint"
    )


def test_communities_may_weigh_all_ties_alike() -> None:
    weighted, alike = (
        run("measure", "communities", CHINA, *more, "--format", "json") for more in ((), ("--weight", "none"))
    )
    own = weighted.stderr.splitlines()[-1]
    assert "ties weigh by 'consortia', seed 0" in own
    assert "ties weigh alike, seed 0" in alike.stderr
    modularity = [done.stderr.partition("modularity ")[2].partition(",")[0] for done in (weighted, alike)]
    assert modularity[0] != modularity[1]


def test_communities_and_structure_are_printed() -> None:
    done = run("measure", "communities", CHINA, "--format", "json")
    rows = json.loads(done.stdout)
    assert {"node", "label", "community", "participation_coefficient", "within_module_z"} <= set(rows[0])
    assert "communities by leiden, modularity 0." in done.stderr
    louvain = run("measure", "communities", CHINA, "--method", "louvain")
    assert "communities by louvain" in louvain.stderr
    rows = json.loads(run("measure", "structure", CHINA, "--format", "json").stdout)
    found = {row["what"]: row["value"] for row in rows}
    assert found["nodes"] == 175
    assert 0 < found["density"] < 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["centrality", "--measures", "fame"], "chaingraph: there is no measure 'fame'; there are degree, strength"),
        (["centrality", "--measures", ","], "chaingraph: expected names of measures separated by commas"),
        (["centrality", "--measures", "two_mode_degree"], "chaingraph: 'two_mode_degree' is a measure of two-mode"),
        (
            ["centrality", "--measures", "brokerage:colour"],
            "chaingraph: no node has the attribute 'colour'; there are: alias, kind",
        ),
        (["centrality", "--weight", "price"], "has no 'price'; name an edge attribute that every tie has, or None"),
        (["stability", "--measure", "degree,katz"], "chaingraph: there is no measure 'degree,katz'"),
        (["stability", "--drop", "2"], "chaingraph: drop is 2.0, expected a share above 0 and below 1"),
        (["centrality", "--only", "role=boss"], "chaingraph: 'boss' is unknown"),
        (
            ["centrality", "--only", "region=Atlantis"],
            "chaingraph: 'region' is 'Atlantis', which nothing of that kind in the graph is called",
        ),
        (["centrality", "--at", "soon"], "chaingraph: 'soon' is no date; expected a year, month or day"),
        (["communities", "--method", "guess"], "guess"),
        (
            ["centrality", "--network", "chain", "--minimum", "2"],
            "chaingraph: the filter minimum does not apply to the network chain",
        ),
    ],
)
def test_what_cannot_be_measured_is_said_in_one_line_and_ends_with_2(arguments: list[str], said: str) -> None:
    done = run("measure", arguments[0], CHINA, *arguments[1:])
    assert done.returncode == 2
    lines = [line for line in done.stderr.splitlines() if not line.startswith("note: ")]
    assert len(lines) == 1
    assert said in lines[0]
