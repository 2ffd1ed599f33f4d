"""Names and IRIs with commas, quotation marks, spaces and marks of direction pass through every reader and writer."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import networkx as nx
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import chaingraph as cg
from tests.cli.shell import run
from tests.cli.test_hostile_endpoints import WITH_SOURCE
from tests.cli.test_hostile_endpoints import arguments as command_line
from tests.cli.test_options import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAMES = [
    'Siemens, "AG"',
    "甲\u200f公司\u202e",
    "a;b|c\\d",
    "'=1+1",
    "it's  two",
    "100% & <b>",
    "x\u2028y",
    "-",
    "two\nlines\t",
    "%s{0}#|",
    "</script>",
    '"\\"',
]
IRIS = [
    "http://e/Siemens,_AG",
    "http://e/a;b(c)'d'",
    "http://e/\u200f甲",
    "http://e/x@y*z!$&+=:~",
    "http://e/%2C%22",
    "http://e/q?a=1,2&b=3",
    "http://e/p/",
    "http://e/-",
    "http://e/x#y%25z",
    "http://e/a\u202eb\u00a0c",
    "http://e/\U0001f600//../e\u0301",
    "urn:x:a,b;c'",
]
TABLES = [name for name, command in COMMANDS.items() if {"sources", "form"} <= {each.name for each in command.params}]
"""The commands of the command tree that print a table of a source, so that a new one is tried by itself."""
OTHERS = [name for name in WITH_SOURCE if name not in TABLES and name not in {"serve", "assistant"}]


_FORBIDDEN = '<>"{}|^`\\'
IRI = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Zs", "Zl", "Zp"), exclude_characters=_FORBIDDEN),
    min_size=1,
    max_size=12,
).map(lambda text: f"http://e/{text}")
"""Any IRI that Turtle takes as it stands."""
NAME = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=12).filter(str.strip)


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an RDF file of organizations in one consortium, each with an odd IRI and an odd name."""
    return write(tmp_path_factory.mktemp("odd") / "odd.ttl", IRIS, NAMES)


def write(path: Path, iris: Sequence[str], names: Sequence[str]) -> Path:
    onto, code, rdf = "https://w3id.org/chaingraph/ontology#", "https://w3id.org/chaingraph/code#", "http://www.w3.org/"
    label, type_ = f"<{rdf}2000/01/rdf-schema#label>", f"<{rdf}1999/02/22-rdf-syntax-ns#type>"
    lines = [f'<http://e/c,1> {type_} <{onto}Consortium> ; {label} "c, \\"1\\""']
    for number, (iri, name) in enumerate(zip(iris, names, strict=True)):
        lines += [
            f"<{iri}> {type_} <{onto}Organization> ; {label} {quoted(name)}@zh ; <{onto}memberOf> <http://e/c,1>",
            f"<http://e/m,{number}> {type_} <{onto}Membership> ; <{onto}organization> <{iri}> ;"
            f" <{onto}consortium> <http://e/c,1> ; <{onto}role> <{code}role-lead>",
        ]
    path.write_text(" .\n".join(lines) + " .\n", encoding="utf-8")
    return path


def arguments(name: str, graph: Path) -> list[str]:
    return [str(graph) if word in {"SOURCE", "CHANGED"} else word for word in command_line(name, "SOURCE")]


@pytest.mark.parametrize("command", TABLES)
def test_every_table_has_the_same_cells_in_every_form(graph: Path, tmp_path: Path, command: str) -> None:
    words = arguments(command, graph)
    results = {form: run(*words, "--format", form) for form in ("csv", "json", "table")}
    written = run(*words, "-o", tmp_path / "table.xlsx")
    (status,) = {result.returncode for result in (*results.values(), written)}
    if status == 2:  # a measure that this graph does not have
        assert results["csv"].stderr.splitlines()[-1].startswith("chaingraph: ")
        return
    rows = list(csv.reader(io.StringIO(results["csv"].stdout, newline=""), strict=True))
    objects = json.loads(results["json"].stdout)
    assert len(rows) - 1 == len(objects)
    assert {len(row) for row in rows} == {len(rows[0])}
    in_json = {value for row in objects for value in row.values() if value in IRIS}
    assert {cell for row in rows[1:] for cell in row if cell in IRIS} == in_json
    frame = pd.read_excel(tmp_path / "table.xlsx", engine="calamine", dtype=str, keep_default_na=False)
    assert len(frame) == len(objects)
    assert {cell for cell in frame.to_numpy().ravel() if cell in IRIS} == in_json


@pytest.mark.parametrize("command", OTHERS)
def test_every_other_command_takes_the_graph_or_says_why_not(graph: Path, tmp_path: Path, command: str) -> None:
    result = run(*arguments(command, graph), cwd=tmp_path)
    last = result.stderr.splitlines()[-1:]
    assert result.returncode == 0 or (result.returncode == 2 and last[0].startswith("chaingraph: "))


def test_the_answer_to_a_query_has_every_iri_and_name_as_it_is(graph: Path) -> None:
    answer = cg.open(graph).query("SELECT ?o ?name { ?o a cg:Organization ; rdfs:label ?name }")
    assert isinstance(answer, pd.DataFrame)
    assert set(zip(answer["o"], answer["name"], strict=True)) == set(zip(IRIS, NAMES, strict=True))
    rows = cg.open(graph).select_text("SELECT ?o ?name { ?o a cg:Organization ; rdfs:label ?name }")
    assert set(rows.rows()) == set(zip(IRIS, NAMES, strict=True))


@pytest.mark.parametrize("suffix", [".nt", ".ttl", ".jsonld", ".rdf", ".kg"])
def test_a_graph_that_is_built_is_the_same_graph(graph: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"built{suffix}"
    assert run("build", graph, "-o", path).returncode == 0
    rows = cg.open(path).select_text("SELECT ?o ?name { ?o a cg:Organization ; rdfs:label ?name }")
    assert set(rows.rows()) == set(zip(IRIS, NAMES, strict=True))


@pytest.mark.parametrize("suffix", [".graphml", ".gexf"])
def test_a_network_that_is_written_has_every_node(graph: Path, tmp_path: Path, suffix: str) -> None:
    assert run("network", graph, "co_membership", "-o", tmp_path / f"n{suffix}").returncode == 0
    read = nx.read_graphml if suffix == ".graphml" else nx.read_gexf
    assert set(read(tmp_path / f"n{suffix}")) == set(IRIS) == set(cg.networks.co_membership(cg.open(graph)))


@settings(max_examples=2, derandomize=True, phases=[Phase.generate])
@given(st.dictionaries(IRI, NAME, min_size=6, max_size=6))
def test_any_iri_and_any_name_pass_through_every_command_and_format(
    tmp_path_factory: pytest.TempPathFactory, names: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    graph = write(folder / "any.ttl", list(names), list(names.values()))
    for command in TABLES:
        words = arguments(command, graph)
        table, objects = run(*words, "--format", "csv"), run(*words, "--format", "json")
        assert table.returncode == objects.returncode
        if table.returncode == 2:
            assert table.stderr.splitlines()[-1].startswith("chaingraph: ")
            continue
        rows = list(csv.reader(io.StringIO(table.stdout, newline=""), strict=True))
        cells = {value for row in json.loads(objects.stdout) for value in row.values() if value in names}
        assert {cell for row in rows[1:] for cell in row if cell in names} == cells, command
    for suffix in (".nt", ".jsonld", ".rdf"):
        assert run("build", graph, "-o", folder / f"built{suffix}").returncode == 0
        built = cg.open(folder / f"built{suffix}")
        assert dict(built.select_text("SELECT ?o ?name { ?o a cg:Organization ; rdfs:label ?name }").rows()) == names
    for suffix, read in ((".graphml", nx.read_graphml), (".gexf", nx.read_gexf)):
        assert run("network", graph, "co_membership", "-o", folder / f"n{suffix}").returncode == 0
        labels = dict(read(folder / f"n{suffix}").nodes(data="label"))
        assert {node: " ".join(label.split()) for node, label in labels.items()} == {
            iri: " ".join(name.split()) for iri, name in names.items()
        }
