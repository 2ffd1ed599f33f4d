"""What HermiT makes of the model: it holds together, forbids what it should, and infers what the build writes."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from chaingraph.resources import ontology_file, sample
from chaingraph.store import KnowledgeGraph
from tests.ontology.gate import MODEL, TERMS, triples
from tests.ontology.reasoner import TYPE, InconsistentError, missing, types, unsatisfiable

HERE = Path(__file__).parent
NEGATIVE = sorted((HERE / "negative").glob("*.ttl"))
OWL = "http://www.w3.org/2002/07/owl#"
PROBE = "https://example.org/probe/"
SHORT_FORMS = {
    *("memberOf", "leads", "participatesIn", "supplies", "suppliesTo", "shareholderOf", "holds"),
    *("partOf", "inCluster", "cooperatesWith"),
}
DEFINED = {"LeadingEnterprise", "UpstreamSubject", "MidstreamSubject", "DownstreamSubject"}


@pytest.fixture(autouse=True)
def hermit() -> None:
    """Skip where HermiT cannot run; in continuous integration that is a failure."""
    if reason := missing():
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(reason)
        pytest.skip(reason)


@cache
def model() -> tuple[ox.Triple, ...]:
    return tuple(triples(ontology_file(MODEL)))


def turtle(text: str) -> list[ox.Triple]:
    prefixes = (
        f"@prefix cg: <{TERMS}> . @prefix owl: <{OWL}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    )
    return [quad.triple for quad in ox.parse(prefixes + text, format=ox.RdfFormat.TURTLE)]


def built(folder: Path, tmp_path: Path) -> list[ox.Triple]:
    """The triples of a built data set."""
    KnowledgeGraph.open(folder).export(tmp_path / "built.nt")
    return [quad.triple for quad in ox.parse(path=tmp_path / "built.nt", format=ox.RdfFormat.N_TRIPLES)]


def own(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """The name of an own term, or nothing."""
    return term.value.removeprefix(TERMS) if isinstance(term, ox.NamedNode) and term.value.startswith(TERMS) else ""


def is_derived(triple: ox.Triple) -> bool:
    """Whether the build derives a triple: a short form, or a class that is defined by what its members do."""
    return own(triple.predicate) in SHORT_FORMS or (triple.predicate == TYPE and own(triple.object) in DEFINED)


def stated_types(data: list[ox.Triple]) -> set[tuple[str, str]]:
    return {
        (triple.subject.value, own(triple.object))
        for triple in data
        if triple.predicate == TYPE and own(triple.object) and isinstance(triple.subject, ox.NamedNode)
    }


def own_types(inferred: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(thing, cls.removeprefix(TERMS)) for thing, cls in inferred if cls.startswith(TERMS)}


def test_the_model_is_consistent_and_every_class_can_have_members() -> None:
    assert unsatisfiable(model()) == set()


def test_a_class_that_can_have_no_member_is_reported() -> None:
    planted = turtle("cg:Mirage a owl:Class ; rdfs:subClassOf cg:Platform , cg:Organization .")
    assert unsatisfiable([*model(), *planted]) == {f"{TERMS}Mirage"}


@pytest.mark.parametrize("path", NEGATIVE, ids=[path.stem for path in NEGATIVE])
def test_what_cannot_be_is_inconsistent(path: Path) -> None:
    with pytest.raises(InconsistentError):
        types([*model(), *triples(path)])


def test_the_negative_examples_are_consistent_without_their_wrong_lines() -> None:
    rest: list[ox.Triple] = []
    for path in NEGATIVE:
        right, wrong_lines = re.subn(r"(?m)^.* # wrong$", "", path.read_text(encoding="utf-8"))
        assert wrong_lines == 1, path.name
        rest += [quad.triple for quad in ox.parse(right, format=ox.RdfFormat.TURTLE)]
    assert types([*model(), *rest])


@pytest.mark.parametrize("name", ["roster", "edges"])
def test_the_build_writes_exactly_the_classes_and_short_forms_that_follow(name: str, tmp_path: Path) -> None:
    data = built(HERE / "fixtures" / name, tmp_path)
    rows = [triple for triple in data if not is_derived(triple)]
    things = sorted({thing for thing, _ in stated_types(data)})
    probes = {
        f"{PROBE}{short}/{number}": (short, thing)
        for short in sorted(SHORT_FORMS)
        for number, thing in enumerate(things)
    }
    axioms = turtle(
        "\n".join(
            f"<{probe}> a owl:Class ; owl:equivalentClass "
            f"[ a owl:Restriction ; owl:onProperty cg:{short} ; owl:hasValue <{thing}> ] ."
            for probe, (short, thing) in probes.items()
        )
    )
    inferred = types([*model(), *rows, *axioms])
    assert own_types(inferred) == stated_types(data)
    assert {(subject, *probes[cls]) for subject, cls in inferred if cls in probes} == {
        (triple.subject.value, own(triple.predicate), triple.object.value)
        for triple in data
        if own(triple.predicate) in SHORT_FORMS
        and isinstance(triple.subject, ox.NamedNode)
        and isinstance(triple.object, ox.NamedNode)
    }


def test_the_fixtures_hold_every_short_form_and_every_defined_class(tmp_path: Path) -> None:
    data = [*built(HERE / "fixtures" / "roster", tmp_path), *built(HERE / "fixtures" / "edges", tmp_path)]
    assert {own(triple.predicate) for triple in data} >= SHORT_FORMS
    assert {cls for _, cls in stated_types(data)} >= DEFINED


def test_the_real_pilot_is_consistent_and_holds_exactly_the_classes_that_follow(tmp_path: Path) -> None:
    # Quotes and sources tie everything to everything and no class follows from them: without them HermiT takes half the
    # time. test_data.py looks at them.
    evidence = {"evidence", "source", "Quote", "Source", "exact", "url", "text", "sha256"}
    data = [
        triple
        for triple in built(sample("jiangsu-2022"), tmp_path)
        if own(triple.predicate) not in evidence and own(triple.object) not in evidence
    ]
    rows = [triple for triple in data if not is_derived(triple)]
    assert own_types(types([*model(), *rows])) == stated_types(data)
