"""A knowledge graph is opened from anything, asked in SPARQL, and written without ever leaving half a file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import rdflib

import chaingraph as cg
from chaingraph.errors import QueryError, TableProblemsError, UnreadableError, UsageError

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder


@pytest.fixture
def roster(data_set: DataSetFolder) -> Path:
    """A small roster: one consortium, its leading enterprise and a university."""
    return data_set(
        organizations="id,name,name_en,kind,small\na,甲公司,First,enterprise,true\nb,乙大学,,university,\n",
        consortia="id,name,founded,chain\nx,联合体,2022-03,c\n",
        chains="id,name\nc,产业链\n",
        stages="id,name,chain,segment\ns,材料,c,上游\nt,整机,c,下游\n",
        stage_roles="stage,organization,consortium\ns,a,\nt,,x\n",
        memberships="organization,consortium,role\na,x,牵头单位\nb,x,成员单位\n",
    )


def test_a_built_graph_answers_for_superclasses_and_defined_classes(roster: Path) -> None:
    kg = cg.open(roster)
    rows = kg.select(
        "SELECT ?c ?n { ?o a ?c ; rdfs:label ?n FILTER (LANG(?n) = 'zh') ?o a cg:Organization } ORDER BY ?n ?c"
    )
    assert list(zip(rows["n"], rows["c"], strict=True)) == [
        ("乙大学", "cg:Organization"),
        ("乙大学", "cg:University"),
        ("甲公司", "cg:Enterprise"),
        ("甲公司", "cg:LeadingEnterprise"),
        ("甲公司", "cg:Organization"),
        ("甲公司", "cg:UpstreamSubject"),
    ]
    assert kg.query("ASK { ?c a cg:Consortium ; a cg:DownstreamSubject }") is False


def test_select_gives_typed_columns_and_short_names(roster: Path) -> None:
    answer = cg.open(roster).query(
        "SELECT ?o ?small ?n (STRLEN(?n) AS ?length) (?length / 2.0 AS ?half) ?day {"
        " ?o a cg:Organization ; rdfs:label ?n FILTER (LANG(?n) = 'zh') OPTIONAL { ?o cg:small ?small }"
        " OPTIONAL { ?o cg:leads/cg:foundedLatest ?day } } ORDER BY ?o"
    )
    assert isinstance(answer, pd.DataFrame)
    assert {name: str(dtype) for name, dtype in answer.dtypes.items()} == {
        "o": "str",
        "small": "boolean",
        "n": "str",
        "length": "Int64",
        "half": "Float64",
        "day": "datetime64[s]",
    }
    assert answer["o"].tolist() == ["id:roster/organizations/a", "id:roster/organizations/b"]
    assert answer.iloc[0].tolist() == ["id:roster/organizations/a", True, "甲公司", 3, 1.5, pd.Timestamp("2022-03-31")]
    assert answer.iloc[1].isna().tolist() == [False, True, False, False, False, True]


def test_ask_construct_and_describe_give_their_own_kinds(roster: Path) -> None:
    kg = cg.open(roster)
    assert kg.query("ASK { ?c a cg:Consortium }") is True
    constructed = kg.query("CONSTRUCT { ?o cg:leads ?c } WHERE { ?o cg:leads ?c }")
    assert isinstance(constructed, rdflib.Graph)
    base = "https://w3id.org/chaingraph/id/roster/"
    assert list(constructed) == [
        (rdflib.URIRef(base + "organizations/a"), cg.CG.leads, rdflib.URIRef(base + "consortia/x"))
    ]
    described = kg.query(f"DESCRIBE <{base}consortia/x>")
    assert isinstance(described, rdflib.Graph)
    assert (rdflib.URIRef(base + "consortia/x"), cg.CG.chain, rdflib.URIRef(base + "chains/c")) in described


@pytest.mark.parametrize("text", ["SELEC ?x { }", "SELECT * { ?x nope:y ?z }", "", "INSERT DATA { <a:a> <a:b> <a:c> }"])
def test_what_is_no_query_is_refused_with_the_reason(roster: Path, text: str) -> None:
    with pytest.raises(QueryError, match="the query cannot be read"):
        cg.open(roster).query(text)


def test_rdflib_sees_the_same_graph_without_a_copy(roster: Path, tmp_path: Path) -> None:
    kg = cg.open(roster)
    assert len(kg.rdf) == len(kg)
    asked = "PREFIX cg: <https://w3id.org/chaingraph/ontology#> SELECT (COUNT(*) AS ?n) { ?o a cg:Organization }"
    assert [int(row[0]) for row in kg.rdf.query(asked)] == [2]  # type: ignore[index, arg-type]
    stored = cg.build([roster], tmp_path / "out.kg")
    assert len(stored.rdf) == len(kg)
    assert [int(row[0]) for row in stored.rdf.query(asked)] == [2]  # type: ignore[index, arg-type]


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".jsonld", ".rdf", ".kg"])
def test_every_format_opens_again_as_the_same_graph(roster: Path, tmp_path: Path, suffix: str) -> None:
    built = cg.build([roster], tmp_path / f"out{suffix}")
    opened = cg.open(tmp_path / f"out{suffix}")
    opened.export(tmp_path / "again.nt")
    cg.open(roster).export(tmp_path / "first.nt")
    assert (tmp_path / "again.nt").read_bytes() == (tmp_path / "first.nt").read_bytes()
    assert len(built) == len(opened)


def test_the_same_input_gives_the_same_bytes_in_another_process(roster: Path, tmp_path: Path) -> None:
    code = "import sys, chaingraph as cg; cg.build([sys.argv[1]], sys.argv[2])"
    for suffix in (".ttl", ".nt", ".jsonld", ".rdf"):
        outputs = [tmp_path / f"{seed}{suffix}" for seed in "12"]
        for seed, output in zip("12", outputs, strict=True):
            subprocess.run(
                [sys.executable, "-c", code, str(roster), str(output)],
                check=True,
                env={"PYTHONHASHSEED": seed, "PATH": ""},
            )
        assert outputs[0].read_bytes() == outputs[1].read_bytes()
        assert b"_:" not in outputs[0].read_bytes()


def test_several_sources_make_one_graph_and_share_only_by_an_equal_base(data_set: DataSetFolder) -> None:
    first = data_set("first", organizations="id,name\na,甲\n")
    second = data_set("second", organizations="id,name\na,甲\n")
    count = "SELECT ?o { ?o a cg:Organization } ORDER BY ?o"
    assert cg.open(first, second).select(count)["o"].tolist() == [
        "id:first/organizations/a",
        "id:second/organizations/a",
    ]
    for folder in (first, second):
        (folder / "dataset.json").write_text('{"base": "https://example.org/"}', encoding="utf-8")
    assert cg.open(first, second).select(count)["o"].tolist() == ["https://example.org/organizations/a"]


def test_a_folder_of_data_sets_is_opened_as_all_of_them() -> None:
    graphs = Path(__file__).resolve().parents[2] / "graph"
    kg = cg.open(graphs)
    assert [entry["name"] for entry in kg.data_sets()] == ["china-consortia", "horizon-batteries", "jiangsu-2022"]


def test_tables_and_built_stores_may_be_opened_together(roster: Path, data_set: DataSetFolder, tmp_path: Path) -> None:
    cg.build([roster], tmp_path / "roster.kg")
    other = data_set("other", organizations="id,name\nz,丙\n")
    assert len(cg.open(tmp_path / "roster.kg", other).select("SELECT ?o { ?o a cg:Organization }")) == 3


@pytest.mark.parametrize("suffix", [".ttl", ".kg"])
def test_a_failed_build_leaves_the_old_output_untouched(data_set: DataSetFolder, tmp_path: Path, suffix: str) -> None:
    good = data_set("good", organizations="id,name\na,甲\n")
    bad = data_set("bad", organizations="id,name\na,\n")
    output = tmp_path / "out" / f"graph{suffix}"
    output.parent.mkdir()
    cg.build([good], output)
    before = {path: path.read_bytes() for path in [output, *output.rglob("*")] if path.is_file()}
    with pytest.raises(TableProblemsError):
        cg.build([good, bad], output)
    assert {path: path.read_bytes() for path in [output, *output.rglob("*")] if path.is_file()} == before
    assert [path.name for path in output.parent.iterdir()] == [output.name]
    assert len(cg.open(output).select("SELECT ?o { ?o a cg:Organization }")) == 1


def test_a_build_replaces_an_older_store(data_set: DataSetFolder, tmp_path: Path) -> None:
    cg.build([data_set("one", organizations="id,name\na,甲\n")], tmp_path / "graph.kg")
    cg.build([data_set("two", organizations="id,name\nb,乙\n")], tmp_path / "graph.kg")
    assert cg.open(tmp_path / "graph.kg").select("SELECT ?o { ?o a cg:Organization }")["o"].tolist() == [
        "id:two/organizations/b"
    ]


def test_a_build_never_replaces_what_is_no_store(roster: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.kg").mkdir()
    (tmp_path / "mine.kg" / "letter.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(UsageError, match=r"mine\.kg exists and is no built store; name another output"):
        cg.build([roster], tmp_path / "mine.kg")
    assert (tmp_path / "mine.kg" / "letter.txt").read_text(encoding="utf-8") == "keep me"


def test_an_output_that_cannot_be_written_is_refused(roster: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"expected a name that ends in \.ttl, \.nt, \.jsonld, \.rdf or \.kg"):
        cg.build([roster], tmp_path / "out.docx")
    with pytest.raises(UsageError, match=r"cannot write .*: No such file or directory"):
        cg.build([roster], tmp_path / "nowhere" / "out.ttl")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("broken.ttl", b"<a> <b> .", "is no valid ttl file"),
        ("latin.nt", '<a:a> <a:b> "é" .'.encode("latin-1"), "is no valid nt file"),
        ("laughs.rdf", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x/>', "declares XML entities"),
        ("deep.ttl", b"<a:a> <a:b> " + b"<<( <a:a> <a:b> " * 11 + b"1" + b" )>>" * 11 + b".", "more than 10 deep"),
        (
            "deep.nt",
            b"<a:a> <a:b> " + b"<<( <a:a> <a:b> " * 10**5 + b'"1"' + b" )>>" * 10**5 + b".",
            "brings its reader",
        ),
        ("deep.jsonld", b'{"@graph":[' * 600, "is no valid jsonld file"),
        ("letter.docx", b"", "is of no kind that can be opened; expected a data set folder, a workbook"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableError, match=said):
        cg.open(tmp_path / name)


def test_a_source_that_is_not_there_and_no_source_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="does not exist"):
        cg.open(tmp_path / "nowhere.ttl")
    with pytest.raises(UsageError, match="there is nothing to open"):
        cg.open()


def test_a_data_set_named_by_nothing_is_named_like_its_folder(roster: Path) -> None:
    assert cg.open(roster).data_sets() == [
        {"d": "https://w3id.org/chaingraph/id/roster/datasets/roster", "name": "roster"}
    ]
