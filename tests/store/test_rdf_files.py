"""RDF files from outside: none ends the program, and blank nodes of two of them are never one."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaingraph as cg
from chaingraph.errors import UnreadableError
from chaingraph.store import KnowledgeGraph
from chaingraph.store.rdf_files import serialize, write_document
from tests.sparql.terms import LITERALS

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">%s</rdf:RDF>'
BRINGS_DOWN = "brings its reader down: it nests too deep, or needs more than 2 GB of memory"
TOO_LONG = "takes more than . seconds to read, which no ordinary file of its size does"


def about_triples(depth: int) -> str:
    return "<a:a> <a:b> " + "<<( <a:a> <a:b> " * depth + "1" + " )>>" * depth + " ."


def defined_by_terms(count: int) -> str:
    terms = ",".join(f'"t{number}":"t{number + 1}:x"' for number in range(count))
    return f'{{"@context":{{{terms},"t{count}":"http://e/"}},"t0:a":1}}'


def defined_with_types(count: int) -> str:
    terms = ",".join(f'"t{n}":{{"@id":"t{n + 1}:x","@type":"t{n + 1}:y"}}' for n in range(count))
    return f'{{"@context":{{{terms},"t{count}":"http://e/"}},"t0:a":1}}'


def scoped_contexts(depth: int) -> str:
    text = '"http://e/q"'
    for number in range(depth):
        text = f'{{"@id":"http://e/p{number}","@context":{{"a":{text}}}}}'
    return f'{{"@context":{{"a":{text}}},"a":1}}'


HOSTILE: dict[str, tuple[str, str, str]] = {
    "triples about triples": (".ttl", about_triples(20_000), BRINGS_DOWN),
    "triples about triples, after closing brackets in a comment": (
        ".ttl",
        f"# {')' * 10**6}\n{about_triples(20_000)}",
        BRINGS_DOWN,
    ),
    "triples about triples, after closing brackets in a text": (
        ".ttl",
        f"<a:a> <a:b> '{')>>' * 10**5}' . {about_triples(20_000)}",
        BRINGS_DOWN,
    ),
    "triples about triples in N-Triples": (".nt", about_triples(20_000).replace(" 1 ", ' "1" '), BRINGS_DOWN),
    "nodes in nodes": (".jsonld", '{"http://e/p":' * 20_000 + "1" + "}" * 20_000, BRINGS_DOWN),
    "lists in lists": (
        ".jsonld",
        '{"http://e/p":' + '{"@list":[' * 20_000 + "1" + "]}" * 20_000 + "}",
        BRINGS_DOWN,
    ),
    "terms by terms": (".jsonld", defined_by_terms(20_000), BRINGS_DOWN),
    "terms by terms with types": (".jsonld", defined_with_types(20_000), BRINGS_DOWN),
    "contexts in contexts": (".jsonld", scoped_contexts(20_000), BRINGS_DOWN),
    "elements in elements": (".rdf", RDF % ("<e:a><e:p>" * 60_000 + "</e:p></e:a>" * 60_000), TOO_LONG),
    "attributes": (
        ".rdf",
        RDF % ("<e:a " + " ".join(f'e:p{number}="v"' for number in range(150_000)) + "/>"),
        TOO_LONG,
    ),
    "relative bases": (".ttl", "@base <http://e/> .\n" + "@base <aaaaaaaaaa/b/> .\n" * 40_000, TOO_LONG),
    "a context elsewhere": (
        ".jsonld",
        '{"@context":"http://127.0.0.1:9/c","a":1}',
        "names a context at another address, which is not fetched; put the context itself into the file",
    ),
    "a context elsewhere in a context": (
        ".jsonld",
        '{"@context":{"a":{"@id":"http://e/a","@context":"file:///etc/passwd"}},"a":{"b":1}}',
        "names a context at another address, which is not fetched",
    ),
    "entities": (".rdf", '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "ha">]>' + RDF % "", "declares XML entities"),
}


@pytest.mark.parametrize(("suffix", "text", "reason"), HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_file_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, text: str, reason: str
) -> None:
    if reason == TOO_LONG:  # what brings a reader down may need more than a second for it on a busy machine
        monkeypatch.setenv("CHAINGRAPH_READ_SECONDS", "1")
    path = tmp_path / f"in{suffix}"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableError) as caught:
        cg.open(path)
    assert re.match(f"{re.escape(str(path))}: ({reason})", str(caught.value))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("suffix", "text", "triples"),
    [
        (".ttl", "<a:a> <a:b> " + "[ <a:c> " * 5_000 + "1" + " ]" * 5_000 + " .", 5_001),
        (".ttl", "<a:a> <a:b> " + "( " * 5_000 + "1" + " )" * 5_000 + " .", 10_001),
        (".ttl", about_triples(10), 1),
        (".rdf", RDF % ("<e:a><e:p>" * 500 + "</e:p></e:a>" * 500), 1_000),
        (".jsonld", '{"http://e/p":' * 100 + "1" + "}" * 100, 100),
        (".ttl", "\ufeff<a:a> <a:b> 1 .", 1),
        (".rdf", "\ufeff" + RDF % '<e:a rdf:about="a:a"/>', 1),
        (".ttl", "", 0),
        (".nt", "", 0),
    ],
    ids=["nodes", "collections", "about triples", "elements", "objects", "mark", "mark in XML", "empty", "empty too"],
)
def test_a_file_that_nests_as_files_may_is_read(tmp_path: Path, suffix: str, text: str, triples: int) -> None:
    path = tmp_path / f"in{suffix}"
    path.write_text(text, encoding="utf-8")
    assert len(cg.open(path)) == triples


def test_a_file_that_ends_in_a_fault_after_much_is_not_read_in_part(tmp_path: Path) -> None:
    path = tmp_path / "in.nt"
    path.write_text("".join(f'<a:{n}> <a:b> "{n}" .\n' for n in range(100_000)) + "<a:a>", encoding="utf-8")
    with pytest.raises(UnreadableError, match="is no valid nt file: Parser error at line 100001"):
        cg.build([path], tmp_path / "out.kg")
    assert [child.name for child in tmp_path.iterdir()] == ["in.nt"]


def _as_files(folder: Path, suffix: str) -> list[Path]:
    paths = []
    for name in ("甲公司", "乙公司"):
        source = folder / f"{name}.ttl"
        source.write_text(
            f"@prefix cg: <{cg.CG.Organization.removesuffix('Organization')}> .\n"
            f'_:b0 a cg:Organization ; <http://www.w3.org/2000/01/rdf-schema#label> "{name}" .',
            encoding="utf-8",
        )
        KnowledgeGraph.build([source], folder / f"{name}{suffix}")
        paths.append(folder / f"{name}{suffix}")
    return paths


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".jsonld", ".rdf", ".kg"])
def test_blank_nodes_of_two_sources_stay_two(tmp_path: Path, suffix: str) -> None:
    kg = cg.open(*_as_files(tmp_path, suffix))
    frame = kg.select("SELECT ?o ?n { ?o a cg:Organization ; rdfs:label ?n } ORDER BY ?n")
    assert frame["n"].tolist() == ["乙公司", "甲公司"]
    assert frame["o"].nunique() == 2


@pytest.mark.parametrize("label", ["b0", "c14n0", "d1n0", "d2n0", "0"])
def test_no_label_of_a_source_can_meet_one_of_another(tmp_path: Path, label: str) -> None:
    first, second = (tmp_path / name for name in ("first.nt", "second.nt"))
    first.write_text('_:x <a:p> "first" .\n_:y <a:p> "first too" .\n', encoding="utf-8")
    second.write_text(f'_:{label} <a:p> "second" .\n', encoding="utf-8")
    KnowledgeGraph.build([second, first], tmp_path / "both.kg")
    for sources in ([first, second], [second, first], [tmp_path / "both.kg", second, first]):
        kg = cg.open(*sources)
        texts = kg.select("SELECT ?s (COUNT(*) AS ?n) { ?s <a:p> ?o } GROUP BY ?s")
        assert texts["n"].tolist() == [1] * len(texts)


def test_a_blank_node_inside_a_triple_about_a_triple_is_renamed_with_the_others(tmp_path: Path) -> None:
    (tmp_path / "in.ttl").write_text("_:x <a:p> 1 . <a:a> <a:b> <<( _:x <a:p> 1 )>> .", encoding="utf-8")
    kg = cg.open(tmp_path / "in.ttl", tmp_path / "in.ttl")
    assert len(kg.select("SELECT ?x { ?a <a:b> <<( ?x <a:p> ?v )>> . ?x <a:p> ?v }")) == 2


def test_files_are_read_in_documents_of_bounded_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chaingraph.store.builder._DOCUMENT", 10_000)
    lines = [f'<a:{number}> <a:b> "{"x" * (number % 300)}" .\n' for number in range(5_000)]
    (tmp_path / "in.nt").write_text("".join(lines), encoding="utf-8")
    cg.open(tmp_path / "in.nt").export(tmp_path / "out.nt")
    assert (tmp_path / "out.nt").read_text(encoding="utf-8").splitlines(keepends=True) == sorted(lines)


_NODES = st.sampled_from(
    ["http://e/", "http://e/a", "http://e/ab", "http://e/甲", "http://e/_:a", "http://e/𝒳,;'"]
).map(ox.NamedNode)
_BLANK = st.sampled_from(["a", "ab", "b"]).map(ox.BlankNode)
_FORMATS = [ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.JSON_LD]


def triples_of(subjects: st.SearchStrategy[ox.NamedNode | ox.BlankNode]) -> st.SearchStrategy[list[ox.Triple]]:
    return st.lists(st.builds(ox.Triple, subjects, _NODES, st.one_of(_NODES, LITERALS)), max_size=8, unique_by=str)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.one_of(triples_of(_NODES), triples_of(st.one_of(_NODES, _BLANK))), st.sampled_from(_FORMATS))
def test_a_document_that_streams_has_the_bytes_of_one_made_of_all_triples(
    triples: list[ox.Triple], file_format: ox.RdfFormat
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "document"
        write_document(partial(_dump, list(reversed(triples))), file_format, path)
        assert path.read_bytes() == serialize(triples, file_format)
        assert [each.name for each in Path(folder).iterdir()] == ["document"]


def _dump(triples: list[ox.Triple], path: Path) -> None:
    ox.serialize(triples, path, format=ox.RdfFormat.N_TRIPLES)
