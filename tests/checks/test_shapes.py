"""Shapes: each has a case that passes and one that fails; a validator that reports nothing is not believed."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyshacl
import pytest
from pyshacl.constraints.core.string_based_constraints import PatternConstraintComponent
from rdflib import RDF, SH, Graph, Literal
from rdflib.collection import Collection
from rdflib.plugins.stores.memory import Memory

from chaingraph.checks.pyshacl_validator import PyShacl
from chaingraph.checks.shacl_validator import Shacl
from chaingraph.checks.shapes import SHAPE, shapes, violations
from chaingraph.errors import UsageError
from chaingraph.resources import SAMPLES, ontology_file, sample
from chaingraph.store import KnowledgeGraph
from chaingraph.tables import contract
from chaingraph.vocabulary import CG, code_list

if TYPE_CHECKING:
    from rdflib.term import Node

    from chaingraph.checks.validation import Validator


CASES = Path(__file__).parent / "cases"
SOURCE = Path(__file__).parents[2] / "src"
FOLDERS = sorted(path.name for path in CASES.iterdir() if path.is_dir())
BASE = "https://w3id.org/chaingraph/id/rows/"
VALIDATORS: dict[str, Validator] = {"shacl": Shacl(), "pySHACL": PyShacl()}


@cache
def graph() -> Graph:
    return Graph().parse(ontology_file("shapes.ttl"))


def opened(shape: str, kind: str) -> KnowledgeGraph:
    """Open a case with the code lists beside it, as a build would have them."""
    codes = [] if shape == "Code" else [ontology_file("codes.ttl")]
    return KnowledgeGraph.open(CASES / shape / f"{kind}.ttl", *codes)


@cache
def findings(shape: str, validator: str = "shacl") -> pd.DataFrame:
    """Return what a validator reports of a failing case."""
    return violations(opened(shape, "fail"), validator=VALIDATORS[validator])


def expected(shape: str) -> set[tuple[str, str, str]]:
    """Return what the comments of a failing case say must be reported: focus, path and severity."""
    text = (CASES / shape / "fail.ttl").read_text(encoding="utf-8")
    found = [line.split()[2:] for line in text.splitlines() if line.startswith("# expect: ")]
    return {(focus.replace("x:", "id:case/"), path.strip("-"), severity) for focus, path, severity in found}


def test_every_shape_and_no_other_has_its_cases() -> None:
    node_shapes = {name for name in shapes() if name[0].isupper()}
    assert set(FOLDERS) == node_shapes
    assert {path.name for folder in FOLDERS for path in (CASES / folder).iterdir()} == {"pass.ttl", "fail.ttl"}


@pytest.mark.parametrize("shape", FOLDERS)
def test_a_passing_case_passes(shape: str) -> None:
    assert violations(opened(shape, "pass")).to_dict("records") == []


@pytest.mark.parametrize("validator", VALIDATORS)
def test_a_wrong_spelling_is_reported_as_it_stands(
    tmp_path: Path, validator: str, recwarn: pytest.WarningsRecorder
) -> None:
    iri = f"{BASE}甲,'乙"
    lines = [
        f'<{iri}> a <{CG.Organization}> ; <http://www.w3.org/2000/01/rdf-schema#label> "a\\n\\"b"@zh ;',
        f'<{CG.small}> "perhaps"^^<http://www.w3.org/2001/XMLSchema#boolean> .',
    ]
    (tmp_path / "a.ttl").write_text("\n".join(lines), encoding="utf-8")
    frame = violations(KnowledgeGraph.open(tmp_path / "a.ttl"), validator=VALIDATORS[validator])
    row = frame[frame["shape"] == "small"].iloc[0]
    assert (row["label"], row["value"]) == ('a\n"b', "perhaps")
    assert [str(each.message) for each in recwarn] == []


def test_all_passing_cases_pass_together_by_the_validator_that_everybody_has() -> None:
    cases = KnowledgeGraph.open(*(CASES / shape / "pass.ttl" for shape in FOLDERS), ontology_file("codes.ttl"))
    assert violations(cases, validator=PyShacl()).equals(violations(cases))


@pytest.mark.parametrize("shape", FOLDERS)
def test_both_validators_report_the_same(shape: str) -> None:
    pd.testing.assert_frame_equal(findings(shape, "shacl"), findings(shape, "pySHACL"))


@pytest.mark.parametrize("shape", FOLDERS)
def test_a_failing_case_reports_what_it_says_and_nothing_else(shape: str) -> None:
    frame = findings(shape)
    assert set(frame[["focus", "path", "severity"]].itertuples(index=False, name=None)) == expected(shape)


def test_every_property_shape_fails_in_some_case() -> None:
    reported = {name for shape in FOLDERS for name in findings(shape)["shape"]}
    assert set(shapes()) - reported == set()


def test_a_finding_names_the_thing_and_says_what_to_do_in_both_languages() -> None:
    frame = findings("Supply")
    row = frame[frame["focus"] == "id:case/share-in-per-cent"].iloc[0]
    assert row.to_dict() == {
        "focus": "id:case/share-in-per-cent",
        "label": "晶圆 · 甲公司",
        "shape": "share",
        "path": "cg:share",
        "value": "60",
        "severity": "violation",
        "message_en": "A share must be a number from 0 to 1: write 60% or 0.6, not 60.",
        "message_zh": "“份额”须为 0 到 1 的数：请写 60% 或 0.6，不要写 60。",
    }


def test_the_worst_findings_come_first_and_always_in_the_same_order() -> None:
    first, second = findings("Organization"), violations(opened("Organization", "fail"))
    assert list(dict.fromkeys(first["severity"])) == ["violation", "warning"]
    assert first.equals(second)


def test_a_constraint_tells_what_is_wrong_and_what_to_do_once_in_each_language() -> None:
    constrained = {*graph().subjects(RDF.type, SH.NodeShape), *graph().subjects(RDF.type, SH.PropertyShape)}
    for shape in constrained:
        messages = [text for text in graph().objects(shape, SH.message) if isinstance(text, Literal)]
        assert sorted(str(text.language) for text in messages) == ["en", "zh"], shape
        assert graph().value(shape, SH.severity) in {SH.Violation, SH.Warning}, shape
    for found in shapes().values():
        assert re.fullmatch(r"[A-Z].+: .+\.", found.message_en), found.name
        assert re.fullmatch(r".+：.+。", found.message_zh), found.name


def test_a_message_names_columns_as_the_tables_do() -> None:
    columns = [column for table in contract().values() for column in table.cells]
    names, titles = {column.name for column in columns}, {title for column in columns for title in column.titles}
    said_en = {name for found in shapes().values() for name in re.findall(r"'(\w+)'", found.message_en)}
    said_zh = {name for found in shapes().values() for name in re.findall(r"“(\w+)”列", found.message_zh)}
    said_zh |= {name for found in shapes().values() for name in re.findall(r"“(\w+)”(?=.*填一项)", found.message_zh)}
    assert (said_en - names, said_zh - titles) == (set(), set())


def test_the_shapes_are_shapes_by_the_standard() -> None:
    conforms, _, report = pyshacl.validate(Graph(), shacl_graph=graph(), meta_shacl=True)
    assert conforms, report


def test_every_class_of_the_contract_has_a_shape() -> None:
    type_columns = [c for t in contract().values() for c in t.columns if c.property_url == str(RDF.type)]
    classes = {str(column.value_url) for column in type_columns}
    derived = {str(CG[name]) for name in ("LeadingEnterprise", "UpstreamSubject", "MidstreamSubject")}
    targets = {str(target) for target in graph().objects(None, SH.targetClass)}
    assert (classes | derived | {str(CG.DownstreamSubject)}) - targets == set()


def test_the_codes_of_a_shape_are_those_of_a_list() -> None:
    lists = {column.codes for table in contract().values() for column in table.cells if column.codes is not None}
    known = {frozenset(code.iri for code in code_list(name).codes) for name in lists}
    used = {
        frozenset(str(code) for code in Collection(graph(), codes))
        for shape, codes in graph().subject_objects(SH["in"])
        if "canary" not in str(shape)
    }
    assert used == known


def test_the_three_samples_conform() -> None:
    kg = KnowledgeGraph.open(*(sample(name) for name in SAMPLES))
    frame = violations(kg)
    assert frame[frame["severity"] == "violation"].to_dict("records") == []


def test_many_faults_are_all_told(tmp_path: Path) -> None:
    lines = [f'<{BASE}{number}> <{CG.share}> "60" ; a <{CG.Supply}> .' for number in range(1000)]
    (tmp_path / "faults.ttl").write_text("\n".join(lines), encoding="utf-8")
    kg = KnowledgeGraph.open(tmp_path / "faults.ttl")
    assert violations(kg).groupby("shape").size().to_dict() == dict.fromkeys(
        ("share", "supply-maker", "supply-product"), 1000
    )


class TestCanary:
    """No report is believed that leaves out a fault which is surely there."""

    def test_each_kind_of_constraint_and_path_in_use_has_a_canary(self) -> None:
        structural = {SH.property, SH.path, SH.message, SH.severity, SH.targetClass}
        targets = {SH.targetSubjectsOf, SH.targetObjectsOf}
        used: dict[bool, set[Node]] = {True: set(), False: set()}
        for shape, predicate in graph().subject_predicates():
            if str(predicate).startswith(str(SH)):
                used[self.belongs_to_the_canary(shape)].add(predicate)
        assert used[False] - structural - targets - used[True] == set()

    def belongs_to_the_canary(self, node: Node) -> bool:
        """Follow a blank node to the shape that it is written in."""
        while not str(node).startswith(SHAPE):
            node = next(graph().subjects(None, node))
        return "canary" in str(node).lower()

    def test_pyshacl_gets_a_copy_in_rdflibs_memory_and_never_the_store(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Over a store of Oxigraph, one lookup at a time, it does not end on a graph of some size.
        validate, stores = pyshacl.validate, []

        def with_the_store(data: Graph, *, shacl_graph: Graph, inplace: bool) -> object:
            stores.extend([data.store, shacl_graph.store])
            return validate(data, shacl_graph=shacl_graph, inplace=inplace)

        monkeypatch.setattr(pyshacl, "validate", with_the_store)
        violations(opened("Chain", "pass"), validator=PyShacl())
        assert [type(store) for store in stores] == [Memory, Memory]
        calls = [path.name for path in SOURCE.rglob("*.py") if "pyshacl.validate" in path.read_text(encoding="utf-8")]
        assert calls == ["pyshacl_validator.py"]

    def test_a_validator_that_says_nothing_is_found_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pyshacl, "validate", lambda *_, **__: (True, Graph(), ""))
        with pytest.raises(UsageError, match=r"passes over faults .*\(alternative, class, datatype, .*was not checked"):
            violations(opened("Chain", "pass"), validator=PyShacl())

    def test_a_validator_that_leaves_out_one_kind_of_constraint_is_found_out(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(PatternConstraintComponent, "evaluate", lambda *_: (True, []))
        with pytest.raises(UsageError, match=r"passes over faults .*\(pattern\)"):
            violations(opened("Chain", "pass"), validator=PyShacl())

    def test_it_leaves_no_trace_in_the_graph(self) -> None:
        kg = opened("Chain", "pass")
        before = len(kg)
        violations(kg)
        assert (len(kg), kg.query(f"ASK {{ ?s a <{SHAPE.Canary}> }}")) == (before, False)

    def test_a_missing_validator_is_named_with_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "pyshacl", None)
        with pytest.raises(UsageError, match="pip install pyshacl"):
            violations(opened("Chain", "pass"), validator=PyShacl())

    def test_a_validator_that_fails_is_no_report(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pyshacl, "validate", lambda *_, **__: (False, None, "Validation Failure - odd"))
        with pytest.raises(UsageError, match="cannot hold the graph against the shapes: Validation Failure - odd"):
            violations(opened("Chain", "pass"), validator=PyShacl())
