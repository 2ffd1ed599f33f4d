"""The ontology's files pass every check, and every check reports the fault that it is for."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from chaingraph.resources import ontology_file
from tests.ontology.gate import MODEL, Finding, allowances, check_files, findings, question_names, store_of

FOLDER = ontology_file(MODEL).parent
CHAIN = "( [ owl:inverseOf cg:supplier ] cg:customer )"
NEW_TERM = (
    'cg:{name} a owl:{kind} ; rdfs:label "{name}"@en , "{name}名"@zh ; skos:definition "{name} defined."@en , '
    '"{name}定义"@zh ; skos:example "a"@en , "甲"@zh ; cg:neededFor "who-leads" ; '
    "rdfs:isDefinedBy <https://w3id.org/chaingraph/ontology>"
)


def thing(name: str, kind: str, more: str = "") -> str:
    """A well-described new term, at the end of the model, with a fault in ``more``."""
    return f"\n{NEW_TERM.format(name=name, kind=kind)}{more} .\n"


FAULTS: list[tuple[str, str, str, str, str]] = [
    ("undefined-term", MODEL, "rdfs:range cg:Stage ;", "rdfs:range cg:Stagge ;", "cg:Stagge"),
    ("undefined-term", "tables.json", "ontology#oneOf", "ontology#oneOff", "cg:oneOff"),
    ("undefined-term", "rules/leading-enterprise.rq", "a cg:Membership", "a cg:Membershp", "cg:Membershp"),
    ("undefined-term", "align.ttl", "cg:Quote rdfs:subClassOf", "cg:Quot rdfs:subClassOf", "cg:Quot"),
    ("undefined-term", "questions/planted.rq", "", "ASK { ?s cg:leeds ?o }\n", "cg:leeds"),
    ("unknown-code", "rules/leading-enterprise.rq", "code:role-lead", "code:role-boss", "code:role-boss"),
    ("unknown-code", "tables.json", "code#segment-{segment}", "code#sector-{segment}", "code:sector"),
    ("unknown-code", "tables.json", '{"role": "lead"}', '{"role": "boss"}', "code:role-boss"),
    ("unknown-code", MODEL, "owl:hasValue code:role-lead", "owl:hasValue code:role-boss", "code:role-boss"),
    ("unknown-question", MODEL, 'cg:neededFor "one-of"', 'cg:neededFor "two-of"', "cg:oneOf"),
    ("missing-question", MODEL, '    cg:neededFor "one-of" ;\n', "", "cg:oneOf"),
    ("missing-label", MODEL, 'rdfs:label "quote"@en , "引文"@zh', 'rdfs:label "quote"@en', "cg:Quote"),
    (
        "missing-label",
        "codes.ttl",
        'rdfs:label "upstream"@en , "上游"@zh',
        'rdfs:label "上游"@zh',
        "code:segment-upstream",
    ),
    ("missing-definition", MODEL, '"由供应关系指向供应、生产或研制的单位。"@zh', '"供应方"@zh-Hant', "cg:supplier"),
    (
        "missing-example",
        MODEL,
        '    skos:example "optical fibre preforms"@en ,\n        "光纤预制棒"@zh ;\n',
        "",
        "cg:Product",
    ),
    ("several-labels", MODEL, 'rdfs:label "quote"@en ,', 'rdfs:label "quote"@en , "quotation"@en ,', "cg:Quote"),
    (
        "several-definitions",
        MODEL,
        '"由供应关系指向供应、生产或研制的单位。"@zh',
        '"供应方。"@zh , "供应单位。"@zh',
        "cg:supplier",
    ),
    ("duplicate-label", MODEL, 'rdfs:label "quote"@en', 'rdfs:label "source"@en', "cg:Quote"),
    (
        "duplicate-definition",
        MODEL,
        "由供应关系指向供应、生产或研制的单位。",
        "由供应关系指向需求方单位。",
        "cg:supplier",
    ),
    ("untidy-text", MODEL, 'rdfs:label "quote"@en', 'rdfs:label "quote "@en', "cg:Quote"),
    ("several-kinds", MODEL, "cg:unit a owl:DatatypeProperty", "cg:unit a owl:DatatypeProperty , owl:Class", "cg:unit"),
    (
        "missing-defined-by",
        MODEL,
        "",
        thing("extra", "AnnotationProperty").replace("isDefinedBy", "seeAlso"),
        "cg:extra",
    ),
    ("cycle", MODEL, "", "cg:Organization rdfs:subClassOf cg:University .\n", "cg:Organization"),
    ("cycle", MODEL, "", "cg:isMembership rdfs:subPropertyOf cg:isLeadMembership .\n", "cg:isMembership"),
    (
        "circular-definition",
        MODEL,
        "",
        "cg:Stage owl:equivalentClass [ owl:unionOf ( cg:Stage cg:Chain ) ] .\n",
        "cg:Stage",
    ),
    ("equivalent-names", MODEL, "", "cg:Stage owl:equivalentClass cg:Chain .\n", "cg:Stage"),
    ("wrong-inverse", MODEL, "", "cg:supplier owl:inverseOf cg:hostedBy .\n", "cg:supplier"),
    ("wrong-inverse", MODEL, "", "cg:inputOf owl:inverseOf cg:inputOf .\n", "cg:inputOf"),
    ("wrong-symmetry", MODEL, "", "cg:hostedBy a owl:SymmetricProperty .\n", "cg:hostedBy"),
    ("chain-with-wrong-ends", MODEL, CHAIN, "( [ owl:inverseOf cg:product ] cg:customer )", "cg:suppliesTo"),
    ("chain-with-wrong-ends", MODEL, CHAIN, "( [ owl:inverseOf cg:supplier ] cg:product )", "cg:suppliesTo"),
    ("chain-with-wrong-ends", MODEL, CHAIN, "( cg:customer )", "cg:suppliesTo"),
    (
        "restricted-chain",
        MODEL,
        "cg:leads a owl:ObjectProperty",
        "cg:leads a owl:ObjectProperty , owl:FunctionalProperty",
        "cg:leads",
    ),
    ("restricted-chain", MODEL, "", "cg:supplies owl:propertyDisjointWith cg:leads .\n", "cg:leads"),
    ("date-in-axiom", MODEL, "", "cg:founded rdfs:range <http://www.w3.org/2001/XMLSchema#date> .\n", "cg:founded"),
    ("several-domains", MODEL, "", "cg:hostedBy rdfs:domain cg:Project .\n", "cg:hostedBy"),
    ("missing-domain", MODEL, "", thing("nearTo", "ObjectProperty", " ; rdfs:range cg:Region"), "cg:nearTo"),
    ("missing-range", MODEL, "", thing("nearTo", "ObjectProperty", " ; rdfs:domain cg:Region"), "cg:nearTo"),
    ("foreign-domain", MODEL, "", "cg:rank rdfs:domain skos:Concept .\n", "cg:rank"),
    (
        "outside-term",
        MODEL,
        "",
        "cg:Organization rdfs:subClassOf <http://www.w3.org/ns/org#Organization> .\n",
        "http://www.w3.org/ns/org#Organization",
    ),
    ("wrong-alignment", "align.ttl", "", "cg:Chain rdfs:seeAlso qb:Slice .\n", "cg:Chain"),
    (
        "wrong-alignment",
        "align.ttl",
        "",
        "qb:Slice rdfs:subClassOf cg:Chain .\n",
        "http://purl.org/linked-data/cube#Slice",
    ),
    ("wrong-alignment", "align.ttl", "", "cg:leads rdfs:subClassOf org:headOf .\n", "cg:leads"),
    ("unconnected-class", MODEL, "", thing("Island", "Class"), "cg:Island"),
    ("missing-disjointness", MODEL, "cg:Quote cg:Source ) .", "cg:Source ) .", "cg:Quote"),
    ("wrong-spelling", MODEL, "", thing("island", "Class"), "cg:island"),
    (
        "deprecated-in-use",
        MODEL,
        "",
        'cg:Quote owl:deprecated true ; skos:changeNote "none"@en , "无"@zh .\n',
        "cg:Quote",
    ),
    ("deprecated-without-note", MODEL, "", "cg:Quote owl:deprecated true .\n", "cg:Quote"),
    (
        "missing-metadata",
        MODEL,
        '    dcterms:creator "The chaingraph authors" ;\n',
        "",
        "https://w3id.org/chaingraph/ontology",
    ),
    (
        "version-mismatch",
        MODEL,
        'owl:versionInfo "1.1.0"',
        'owl:versionInfo "1.1.1"',
        "https://w3id.org/chaingraph/ontology",
    ),
    ("stale-allowance", "quality/allowed.csv", "", "cycle,cg:Region,regions once went in circles\n", "cg:Region"),
    ("parse", MODEL, "cg:Region a owl:Class ;", "cg:Region a owl:Class", "ontology"),
    ("parse", "tables.json", "{", "", "ontology"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the ontology's folder, to plant faults in."""
    return Path(shutil.copytree(FOLDER, tmp_path / "ontology"))


def test_the_ontology_passes_every_check() -> None:
    assert findings(FOLDER) == []


@pytest.mark.parametrize(
    ("check", "file", "old", "new", "subject"),
    FAULTS,
    ids=[f"{number}-{fault[0]}" for number, fault in enumerate(FAULTS)],
)
def test_a_planted_fault_is_reported_by_its_check(
    copy: Path, check: str, file: str, old: str, new: str, subject: str
) -> None:
    path = copy / file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
    assert (check, subject) in {(finding.check, finding.subject) for finding in findings(copy)}


def test_every_check_has_a_planted_fault() -> None:
    assert {path.stem for path in check_files(FOLDER)} == {fault[0] for fault in FAULTS} - {"parse", "stale-allowance"}


def test_every_check_says_in_its_first_line_why_it_matters() -> None:
    for path in check_files(FOLDER):
        first, second = path.read_text(encoding="utf-8").splitlines()[:2]
        assert first.startswith("# "), path.name
        assert first.endswith("."), path.name
        assert not second.startswith("#"), path.name


def test_every_allowance_names_a_check_and_gives_a_reason_of_its_own() -> None:
    allowed = allowances(FOLDER)
    assert {check for check, _ in allowed} <= {path.stem for path in check_files(FOLDER)}
    assert all(len(reason) > 20 for reason in allowed.values())


def test_an_allowance_silences_its_subject_and_no_other(copy: Path) -> None:
    (copy / MODEL).write_text(
        (copy / MODEL).read_text(encoding="utf-8") + thing("Island", "Class") + thing("Atoll", "Class"),
        encoding="utf-8",
    )
    with (copy / "quality" / "allowed.csv").open("a", encoding="utf-8") as file:
        file.write("unconnected-class,cg:Island,planted by a test\nmissing-disjointness,cg:Island,planted by a test\n")
    assert findings(copy) == [Finding("missing-disjointness", "cg:Atoll"), Finding("unconnected-class", "cg:Atoll")]


def test_a_term_that_was_released_is_never_deleted() -> None:
    with (Path(__file__).parent / "released.csv").open(encoding="utf-8", newline="") as file:
        released = {row["term"] for row in csv.DictReader(file)}
    solutions = store_of(FOLDER).query("SELECT ?term { ?term a <urn:chaingraph:gate#Term> }")
    defined = {str(row["term"].value).rpartition("#")[2] for row in solutions}  # type: ignore[union-attr]
    assert released - defined == set()


def test_there_are_at_least_40_competency_questions() -> None:
    assert len(question_names(FOLDER)) >= 40
