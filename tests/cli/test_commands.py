"""The command line as a person meets it: the installed command, its output, its words and its exit status."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pyoxigraph as ox
import pytest

from chaingraph import __version__
from tests.cli.shell import COMMAND, run, run_process
from tests.export.same_cells import CELLS

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def roster(data_set: DataSetFolder) -> Path:
    return data_set(
        organizations="id,name,kind\na,甲公司,企业\nb,=乙大学,高校\n",
        consortia="id,name\nx,联合体\n",
        memberships="organization,consortium,role\na,x,牵头\nb,x,成员\n",
    )


def test_a_cell_of_csv_is_what_every_other_way_out_writes(roster: Path, tmp_path: Path) -> None:
    values = " ".join(str(ox.Literal(text)) for text in CELLS)
    (tmp_path / "cells.rq").write_text(f"SELECT ?x {{ VALUES ?x {{ {values} }} }}", encoding="utf-8")
    done = run("query", roster, "-f", tmp_path / "cells.rq", "--format", "csv")
    assert list(csv.reader(io.StringIO(done.stdout, newline=""))) == [["x"], *([cell] for cell in CELLS.values())]


def test_the_version_is_the_packages() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"chaingraph {__version__}\n")


def test_a_query_answers_in_each_format(roster: Path) -> None:
    text = "SELECT ?name ?kind { ?o a cg:Organization ; rdfs:label ?name ; cg:kind ?kind } ORDER BY ?name"
    table = run("query", roster, text)
    assert table.returncode == 0
    assert [line.split() for line in table.stdout.splitlines()] == [
        ["name", "kind"],
        ["=乙大学", "code:organization-kind-university"],
        ["甲公司", "code:organization-kind-enterprise"],
    ]
    as_csv = run("query", roster, text, "--format", "csv").stdout
    assert list(csv.reader(io.StringIO(as_csv)))[1] == ["'=乙大学", "code:organization-kind-university"]
    as_json = json.loads(run("query", roster, text, "--format", "json").stdout)
    assert as_json[0] == {"name": "=乙大学", "kind": "code:organization-kind-university"}


def test_ask_prints_a_truth_value_and_construct_prints_turtle(roster: Path, tmp_path: Path) -> None:
    assert run("query", roster, "ASK { ?o a cg:University }").stdout == "true\n"
    (tmp_path / "query.rq").write_text("CONSTRUCT { ?o cg:leads ?c } WHERE { ?o cg:leads ?c }", encoding="utf-8")
    done = run("query", roster, "-f", tmp_path / "query.rq")
    assert "<roster/organizations/a> cg:leads <roster/consortia/x> ." in done.stdout


def test_problems_in_the_data_are_listed_and_end_with_1(data_set: DataSetFolder, tmp_path: Path) -> None:
    rows = "".join(f"x{number},\n" for number in range(60))
    folder = data_set(organizations="id,name\n" + rows)
    done = run("build", folder, "-o", tmp_path / "out.ttl")
    lines = done.stderr.splitlines()
    assert done.returncode == 1
    assert len(lines) == 51
    assert lines[0] == "organizations.csv, row 2: 'name' is empty, expected a value"
    assert lines[-1] == "60 problems found, 10 of them not shown; nothing was written"
    assert not (tmp_path / "out.ttl").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["query", "nowhere", "ASK {}"], "chaingraph: nowhere: does not exist; expected a data set folder"),
        (["query", "{roster}", "SELEC"], "chaingraph: the query cannot be read: error at 1:6"),
        (
            ["query", "ASK {}"],
            "chaingraph: expected one source or several and then the query, or one source or several",
        ),
        (["query", "{roster}", "-f", "none.rq"], "chaingraph: none.rq: cannot be read as a query in UTF-8"),
        (["build", "{roster}", "-o", "out.pdf"], "chaingraph: cannot write out.pdf: expected a name that ends in"),
        (["network", "{roster}", "whole", "-o", "out.png"], "chaingraph: cannot write out.png: expected a name that"),
        (["page", "{roster}", "-o", "no/where.html"], "chaingraph: cannot write no/where.html"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_ends_with_2(
    roster: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    done = run(*(argument.replace("{roster}", str(roster)) for argument in arguments), cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_wrong_usage_ends_with_2() -> None:
    assert run("measure").returncode == 2
    assert run("nonsense").returncode == 2


def test_what_was_assumed_is_said_on_stderr(data_set: DataSetFolder) -> None:
    folder = data_set(
        consortia="名称\n联合体\n".encode("gb18030"), memberships="联合体,成员单位\n联合体,甲公司、乙大学\n"
    )
    done = run("query", folder, "ASK {}", "--create")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "note: consortia.csv is not UTF-8 and was read as GB18030; --encoding overrides the guess",
        "note: made 2 organizations of names that no row has",
    ]


def test_centrality_is_measured_on_the_network_that_is_named(roster: Path) -> None:
    done = run("measure", "centrality", roster, "--format", "json", "--top", "1")
    (row,) = json.loads(done.stdout)
    assert row["node"] == "id:roster/organizations/a"
    assert (row["degree"], row["closeness"], row["pagerank"]) == (1, 1.0, 0.5)
    assert "weigh ties by 'consortia'" in done.stderr
    whole = run("measure", "centrality", roster, "--network", "whole", "--format", "json")
    assert len(json.loads(whole.stdout)) == 3


def test_networks_are_written_for_other_programs(roster: Path, tmp_path: Path) -> None:
    for name in ("out.graphml", "out.gexf", "out.json", "out"):
        assert run("network", roster, "co_membership", "-o", tmp_path / name).returncode == 0
    done = run("network", roster, "co_membership", "-o", "out.csv", cwd=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "2 nodes, 1 tie → out.csv, out-nodes.csv")
    read_back = nx.read_graphml(tmp_path / "out.graphml")
    assert {data["label"] for _, data in read_back.nodes(data=True)} == {"甲公司", "=乙大学"}
    assert [data["consortia"] for _, _, data in read_back.edges(data=True)] == [1]
    assert nx.read_gexf(tmp_path / "out.gexf").number_of_edges() == 1
    assert len(json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["links"]) == 1
    assert (tmp_path / "out/ties.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "id:roster/organizations/a,id:roster/organizations/b,co_membership,1"
    ]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8-sig"))))
    assert [(row["source_label"], row["target_label"], row["consortia"]) for row in rows] == [
        ("甲公司", "'=乙大学", "1")
    ]


def test_a_page_is_written_in_utf8_whatever_the_locale(roster: Path, tmp_path: Path) -> None:
    done = run_process("page", roster, "-o", tmp_path / "out.html", PYTHONUTF8="0", LC_ALL="C", PYTHONIOENCODING="")
    assert done.returncode == 0
    assert "甲公司" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_a_reader_that_stops_early_is_no_error(roster: Path) -> None:
    command = " ".join(f"'{part}'" for part in [*COMMAND, "query", str(roster), "SELECT * { ?s ?p ?o }"])
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | head -1"], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr


def test_the_founding_article_is_answered_with_its_four_totals_and_their_words() -> None:
    text = (
        "SELECT ?label ?value ?words WHERE { ?r a cg:ReportedCount ; cg:value ?value ; rdfs:label ?label ;"
        " cg:evidence ?q . ?q cg:exact ?words ; cg:source ?s . ?s cg:text ?article FILTER (LANG(?label) = 'en') }"
        " ORDER BY ?value"
    )
    rows = json.loads(run("query", ROOT / "graph" / "jiangsu-2022", text, "--format", "json").stdout)
    assert [(row["value"], row["words"]) for row in rows] == [
        (10, "a total of 10 innovation consortiums were shortlisted"),
        (136, "a total of 136 upstream and downstream innovation subjects"),
        (152, "152 science and technology projects at or above the provincial level"),
        (154, "154 major innovation platforms at or above the provincial level"),
    ]
    assert all(row["label"] for row in rows)


def test_the_demo_builds_prints_and_writes(tmp_path: Path) -> None:
    done = run("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "chaingraph-demo").iterdir()) == [
        "brief.html",
        "centrality.csv",
        "chain-map.html",
        "china-chain-map.html",
        "everything.html",
        "graph.ttl",
        "index.html",
        "network.html",
    ]
    for word in ("cg:Consortium", "136", "154", "152", "FRAUNHOFER"):
        assert word in done.stdout
    assert "index.html      open it in a browser" in done.stderr
    folder = tmp_path / "chaingraph-demo"
    links = re.findall(r'href="([^"]+)"', (folder / "index.html").read_text(encoding="utf-8"))
    assert links == ["chain-map.html", "network.html", "brief.html", "china-chain-map.html", "everything.html"]
    again = run("demo", "-o", tmp_path / "again")
    assert again.stdout == done.stdout
    for path in folder.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_the_questions_are_listed_and_one_is_answered_by_name(tmp_path: Path) -> None:
    listed = json.loads(run("questions", "--format", "json").stdout)
    assert {"name": "who-leads", "parameters": "consortium"}.items() <= next(
        row for row in listed if row["name"] == "who-leads"
    ).items()
    assert all(row["question"] and row["问题"] for row in listed)
    source = ROOT / "graph" / "jiangsu-2022"
    name = "consortium=江苏省新型显示产业技术创新联合体"
    done = run("ask", source, "who-leads", "-p", name, "--format", "json")
    assert [row["organization_zh"] for row in json.loads(done.stdout)] == ["苏大维格"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["who-lead"], "chaingraph: 'who-lead' is unknown; did you mean who-leads"),
        (["who-leads", "-p", "consortium"], "chaingraph: expected -p NAME=VALUE, each name once, and got"),
        (["who-leads", "-p", "consortium=甲", "-p", "consortium=乙"], "chaingraph: expected -p NAME=VALUE, each name"),
    ],
)
def test_a_question_that_is_asked_wrongly_says_how(roster: Path, arguments: list[str], said: str) -> None:
    done = run("ask", roster, *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(said)


def test_check_finds_the_founding_articles_quotes_and_ends_well(shared: Path) -> None:
    texts = shared / "data" / "consortia-facts"
    done = run("check", ROOT / "graph" / "jiangsu-2022", "--texts", texts, "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {row["severity"] for row in found} == {"warning"}
    assert "id:cn/sources/s01" not in {row["thing"] for row in found}
    assert "0 violations" in done.stderr
    assert run("check", ROOT / "graph" / "jiangsu-2022", "--texts", texts, "--strict").returncode == 1


def test_check_reports_a_quote_with_one_changed_word(data_set: DataSetFolder, tmp_path: Path) -> None:
    folder = data_set(
        sources="id,title,text\ns,News,page.txt\n",
        quotes='id,source,exact\nq,s,"a total of 10 innovation consortia were shortlisted"\n',
        organizations="id,name\na,甲\n",
    )
    (tmp_path / "page.txt").write_text("and a total of 10 innovation consortiums were shortlisted .", encoding="utf-8")
    done = run("check", folder, "--texts", tmp_path, "--format", "json")
    assert done.returncode == 1
    (row,) = [row for row in json.loads(done.stdout) if row["kind"] == "quote"]
    assert row["severity"] == "violation"
    assert "'a total of 10 innovation consortiums were shortlisted'" in row["message"]
    required = run("check", folder, "--require-evidence", "--format", "csv")
    assert required.returncode == 1
    assert "1 of 1 rows lead to no quote and no record" in required.stdout


def test_coverage_shows_the_founding_articles_totals_against_names() -> None:
    done = run("measure", "coverage", ROOT / "graph" / "jiangsu-2022", "--format", "json")
    rows = {row["quote"]: row for row in json.loads(done.stdout)}
    row = rows["a total of 136 upstream and downstream innovation subjects"]
    assert (row["reported"], row["standing"]) == (136, "part")
    assert 0 < row["known"] < 136
