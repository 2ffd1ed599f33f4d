"""Where results go, what is said if there are none, and options that do not apply."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from chaingraph.cli.output import Format, print_frame
from tests.cli.made_up import TABLES, write_data_set
from tests.cli.shell import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")

READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "csv": pd.read_csv,
    "xlsx": lambda path: pd.read_excel(path, engine="calamine"),
    "parquet": pd.read_parquet,
    "json": pd.read_json,
}
TABLE_COMMANDS = [
    ("measure", "coverage", "SOURCE"),
    ("chain", "disruption", "SOURCE"),
    ("query", "SOURCE", "SELECT ?name { ?o a cg:Organization ; rdfs:label ?name } ORDER BY ?name"),
    ("ask", "SOURCE", "who-leads"),
    ("check", "SOURCE"),
    ("questions",),
]


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    return write_data_set(tmp_path / "data", TABLES, "roster")


@pytest.mark.parametrize("command", TABLE_COMMANDS, ids=lambda command: " ".join(command[:2]))
@pytest.mark.parametrize("suffix", READERS)
def test_a_table_is_written_in_full_by_the_suffix_of_the_file(
    roster: Path, tmp_path: Path, command: tuple[str, ...], suffix: str
) -> None:
    arguments = [str(roster) if word == "SOURCE" else word for word in command]
    path = tmp_path / f"table.{suffix}"
    result = run(*arguments, "-o", path)
    assert (result.returncode, result.stdout) == (0, "")
    rows = json.loads(run(*arguments, "--format", "json").stdout)
    assert f"{len(rows)} rows → {path}" in result.stderr
    frame = READERS[suffix](path)
    assert (list(frame.columns), len(frame)) == (list(rows[0]), len(rows))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["-o", "table.pdf"],
            "cannot write table.pdf: expected a name that ends in .csv, .geojson, .json, .parquet or .xlsx",
        ),
        (["-o", "table.csv", "--format", "csv"], "--format is for standard output; with -o the suffix of the file"),
        (["-o", "no/table.csv"], "cannot write no/table.csv"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused(
    roster: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    result = run("measure", "coverage", roster, *arguments, cwd=tmp_path)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert words in result.stderr


def test_several_sources_are_one_graph_for_every_command_that_reads(tmp_path: Path) -> None:
    first = write_data_set(tmp_path / "first", {"organizations": "id,name\na,甲\n"}, "first")
    second = {"organizations": "id,name\nb,乙\n", "consortia": "id,name\nx,联合体\n"}
    second |= {"memberships": "organization,consortium,role\nb,x,lead\n"}
    sources = (first, write_data_set(tmp_path / "second", second, "second"))
    names = run("query", *sources, "SELECT ?name { ?o a cg:Organization ; rdfs:label ?name } ORDER BY ?name")
    assert names.stdout.split() == ["name", "乙", "甲"]
    (tmp_path / "all.rq").write_text("SELECT (COUNT(*) AS ?n) { ?o a cg:Organization }", encoding="utf-8")
    assert run("query", *sources, "-f", tmp_path / "all.rq").stdout.split() == ["n", "2"]
    (lead,) = json.loads(run("ask", *sources, "who-leads", "--format", "json").stdout)
    assert lead["organization"] == "id:second/organizations/b"
    assert "2 nodes, 0 ties" in run("network", *sources, "co_membership", "-o", tmp_path / "n.gexf").stderr
    assert "3 nodes, 1 tie" in run("page", *sources, "--network", "whole", "-o", tmp_path / "p.html").stderr
    assert (
        len(json.loads(run("measure", "centrality", *sources, "--network", "co_membership", "--format", "json").stdout))
        == 2
    )
    assert "2 of 2 cg:Organization" in run("check", *sources).stderr
    assert "over 2 organizations" in run("identify", *sources, "-o", tmp_path / "pairs.csv").stderr
    assert run("build", *sources, "-o", tmp_path / "both.ttl").returncode == 0
    assert (tmp_path / "both.ttl").read_text(encoding="utf-8").count("a cg:Organization") == 2
    assert "0 cycles in a chain of 0 nodes and 0 ties" in run("chain", "cycles", *sources).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["measure", "coverage", "DATA", "--stability"], "No such option: --stability"),
        (["measure", "coverage", "DATA", "--index", "herfindahl"], "No such option: --index"),
        (["measure", "coverage", "DATA", "--weights", "/nonexistent"], "No such option: --weights"),
        (["measure", "coverage", "DATA", "--network", "supply"], "No such option: --network"),
        (["measure", "structure", "DATA", "--top", "1"], "No such option: --top"),
        (["chain", "completeness", "DATA", "--cascade", "linear"], "No such option: --cascade"),
        (
            ["chain", "risk", "DATA", "--only", "role=lead"],
            "expected --only NAME=VALUE with one of the names kind, region",
        ),
        (["query", "DATA", "ASK {}", "-p", "a=b"], "No such option: -p"),
        (
            ["query", "DATA", "ASK {}", "--format", "csv"],
            "--format does not apply: the answer to this query is no table",
        ),
        (["query", "DATA", "ASK {}", "-o", "x.csv"], "-o does not apply: the answer to this query is no table"),
        (
            ["measure", "centrality", "DATA", "--measures", "degree", "--exact"],
            "--exact/--sampled does not apply: it is",
        ),
        (["measure", "scorecard", "DATA", "--draws", "5"], "--draws does not apply: it is about ranks, which need"),
        (
            ["chain", "disruption", "DATA", "--without", "甲公司", "--by", "region"],
            "--by does not apply: --without says",
        ),
        (["template", "-o", "x.xlsx", "--encoding", "gbk"], "--encoding does not apply: there is no --with SOURCE"),
        (["diff", "DATA", "DATA", "--language", "en"], "--language does not apply: neither --page nor --report"),
        (["check", "GRAPH", "--create"], "--create does not apply: no source has tables"),
        (["measure", "coverage", "GRAPH", "--encoding", "gbk"], "--encoding does not apply: no source is a folder of"),
    ],
)
def test_an_option_that_does_not_apply_is_refused(
    roster: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    graph = tmp_path / "graph.ttl"
    graph.write_text("<a> <b> <c> .", encoding="utf-8")
    paths = {"DATA": str(roster), "GRAPH": str(graph)}
    result = run(*(paths.get(word, word) for word in arguments), cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["measure", "coverage"], "no counts are reported; the table 'reported' (报告数) holds them"),
        (["measure", "consortia"], "the graph has no consortium; the table 'consortia' (创新联合体) holds them"),
        (["measure", "scorecard"], "the graph has no consortium; the table 'consortia' (创新联合体) holds them"),
        (["measure", "centrality", "--network", "supply"], "supply: 3 nodes, no ties; networks with ties, unfiltered:"),
        (
            ["measure", "structure", "--network", "co_membership"],
            "co_membership: 2 nodes, no ties; networks with ties, unfiltered: hosting (1), whole",
        ),
        (["measure", "structure"], "network: hosting, which shows what the data hold; --network names another"),
        (
            ["measure", "communities", "--network", "co_membership"],
            "2 communities by leiden, modularity undefined, ties weigh by 'consortia', seed 0",
        ),
        (["chain", "cycles"], "0 cycles in a chain of 1 node and 0 ties"),
        (["check"], "nothing to report"),
        (["ask", "who-leads"], "the graph states no answer to who-leads; chaingraph questions lists the others"),
        (["query", "SELECT ?x { ?x a cg:Region }"], "no row answers the query; the classes of this graph: cg:Organiza"),
    ],
)
def test_a_result_without_rows_or_ties_says_so_and_what_would_have_some(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    tables = {
        "organizations": "id,name\na,甲\nb,乙\n",
        "platforms": "id,name,host\np,平台,a\n",
        "products": "id,name\nq,沙\n",
    }
    data = write_data_set(tmp_path / "data", tables, "data")
    name, *rest = arguments
    command = (
        [name, str(data), *rest] if name in ("ask", "query", "check") else [*arguments[:2], str(data), *arguments[2:]]
    )
    result = run(*command)
    assert result.returncode == 0, result.stderr
    assert words in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["measure", "agglomeration", "--columns", "kind"],
            "specialisation, size; the table has 2 rows (region) and 1 column (kind)",
        ),
        (
            ["chain", "upstreamness"],
            "equal for all products and organizations: upstreamness; the tables 'supplies' and",
        ),
    ],
)
def test_a_result_that_is_equal_for_all_says_so_and_what_differs(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    tables = {
        "regions": "id,name\nr,苏州\ns,无锡\n",
        "organizations": "id,name,kind,region\na,甲,enterprise,r\nb,乙,enterprise,s\nc,丙,,\n",
        "consortia": "id,name\nx,联合体\n",
        "memberships": "organization,consortium,role\na,x,lead\nb,x,member\n",
        "products": "id,name\np,沙\nq,水\n",
    }
    data = write_data_set(tmp_path / "data", tables, "data")
    result = run(*arguments[:2], data, *arguments[2:])
    assert result.returncode == 0, result.stderr
    assert words in result.stderr


def test_what_is_equal_for_all_ranks_nobody_and_is_refused_with_the_measures_that_differ(tmp_path: Path) -> None:
    tables = {
        "organizations": "id,name\na,甲\nb,乙\nc,丙\n",
        "consortia": "id,name\nx,联合体\n",
        "memberships": "organization,consortium,role\na,x,lead\nb,x,member\n",
    }
    result = run("measure", "stability", write_data_set(tmp_path / "data", tables, "data"))
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith(
        "chaingraph: betweenness is 0 for all 3 nodes that have it, so that it ranks none of them; "
        "different: degree, strength"
    )


HOSTILE = '\x1b]0;title\x07\x1b[2J\x9b31m\u202e甲\r\n乙,"丙"'


@pytest.mark.parametrize("form", [*Format, None])
def test_a_terminal_gets_control_characters_as_text(form: Format | None) -> None:
    master, slave = pty.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as terminal, redirect_stdout(terminal):
        print_frame(pd.DataFrame({HOSTILE: ["x"], "name": [HOSTILE]}), form)
    written = os.read(master, 2**16).decode()
    os.close(master)
    assert not [control for control in ("\x1b]", "\x1b[2J", "\x07", "\x9b", "\u202e") if control in written]
    assert "甲" in written
    assert "title" in written


def test_a_pipe_gets_every_character_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    print_frame(pd.DataFrame({"name": [HOSTILE]}), Format.csv)
    assert capsys.readouterr().out == 'name\n"' + HOSTILE.replace("\r\n", "\n").replace('"', '""') + '"\n'


def test_tables_in_which_no_consortium_has_two_members_show_who_is_in_which(tmp_path: Path) -> None:
    tables = {
        "organizations": "id,name\na,甲\nb,乙\n",
        "consortia": "id,name\nc,联合体\n",
        "memberships": "consortium,organization\nc,a\n",
    }
    one = write_data_set(tmp_path / "one", tables, "one")
    line = "network: affiliation, which shows what the data hold; --network names another"
    assert line in run("measure", "structure", one).stderr
    two = write_data_set(tmp_path / "two", {**tables, "memberships": tables["memberships"] + "c,b\n"}, "two")
    assert "network:" not in run("measure", "structure", two).stderr


@pytest.mark.parametrize("option", [("--weight", "none"), ("--distance", "inverse")])
def test_a_weight_that_is_one_for_all_ties_is_said_to_change_nothing(tmp_path: Path, option: tuple[str, str]) -> None:
    tables = {
        "organizations": "id,name\na,甲\nb,乙\n",
        "consortia": "id,name\nc,联合体\nd,二联合体\n",
        "memberships": "consortium,organization\nc,a\nc,b\n",
    }
    line = f"all ties weigh 1, so that {' '.join(option)} changes nothing here"
    once = write_data_set(tmp_path / "once", tables, "once")
    assert line in run("measure", "centrality", once, *option).stderr
    assert line not in run("measure", "centrality", once).stderr
    twice = write_data_set(tmp_path / "twice", {**tables, "memberships": tables["memberships"] + "d,a\nd,b\n"}, "twice")
    assert line not in run("measure", "centrality", twice, *option).stderr


@pytest.mark.parametrize("start", [["-m", "chaingraph"], ["-c", "from chaingraph.cli.main import main; main()"]])
def test_a_missing_option_is_answered_alike_however_the_program_is_started(start: list[str]) -> None:
    done = subprocess.run([sys.executable, *start, "chain", "map", "x"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    words = "Error: Missing option '--output' / '-o'; for example: chaingraph chain map x -o x.html"
    assert done.stderr.splitlines()[-1] == words
