"""The rules of a build derive the four defined classes, and nothing else."""

from __future__ import annotations

import pyoxigraph
import pytest
from rdflib import RDF

from chaingraph.resources import ontology_file

TERMS = "https://w3id.org/chaingraph/ontology#"
TYPE = str(RDF.type)

CONSORTIA = """
@prefix cg: <https://w3id.org/chaingraph/ontology#> .
@prefix code: <https://w3id.org/chaingraph/code#> .
@prefix : <https://example.org/> .

:fiber a cg:Organization , cg:Enterprise .
:chips a cg:Organization , cg:Enterprise .
:panels a cg:Organization , cg:Enterprise .
:cars a cg:Organization , cg:Enterprise .
:bank a cg:Organization , cg:Enterprise .
:soochow a cg:Organization , cg:University .
:somebody a cg:Organization .
:pilot a cg:Consortium . :laboratory a cg:Platform . :wuxi a cg:Region .

:m1 a cg:Membership ; cg:organization :fiber ; cg:consortium :pilot ; cg:role code:role-lead .
:m2 a cg:Membership ; cg:organization :fiber ; cg:consortium :second ; cg:role code:role-lead .
:m3 a cg:Membership ; cg:organization :chips ; cg:oneOf :pilot , :second ; cg:role code:role-lead .
:m4 a cg:Membership ; cg:organization :soochow ; cg:consortium :third ; cg:role code:role-lead .
:m5 a cg:Membership ; cg:organization :panels ; cg:consortium :pilot ; cg:role code:role-member .
:m6 a cg:Membership ; cg:organization :somebody ; cg:consortium :fourth ; cg:role code:role-lead .
:p1 a cg:Participation ; cg:organization :cars ; cg:project :x ; cg:role code:participation-role-coordinator .
:r1 a cg:ReportedCount ; cg:organization :bank ; cg:counts code:counts-consortia ; cg:value 3 ; cg:role code:role-lead .

:silicon a cg:Stage ; cg:segment code:segment-upstream .
:wafers a cg:Stage ; cg:segment code:segment-upstream .
:design a cg:Stage ; cg:segment code:segment-midstream .
:vehicles a cg:Stage ; cg:segment code:segment-downstream .
:service a cg:Stage ; cg:segment code:segment-unstated .
:fiber cg:holds :silicon , :wafers , :vehicles .
:soochow cg:holds :design .
:cars cg:holds :vehicles .
:bank cg:holds :service .
:panels cg:supplies :silicon .
:pilot cg:holds :silicon . :laboratory cg:holds :design . :wuxi cg:holds :vehicles .
"""


def derived_by(rule: str) -> set[tuple[str, str, str]]:
    store = pyoxigraph.Store()
    store.load(CONSORTIA.encode(), pyoxigraph.RdfFormat.TURTLE)
    triples = store.query(ontology_file(f"rules/{rule}.rq").read_text(encoding="utf-8"))
    assert isinstance(triples, pyoxigraph.QueryTriples)
    return {(str(t.subject), str(t.predicate), str(t.object)) for t in triples}


@pytest.mark.parametrize(
    ("rule", "found", "organizations"),
    [
        ("leading-enterprise", "LeadingEnterprise", ["chips", "fiber"]),
        ("upstream-subject", "UpstreamSubject", ["fiber"]),
        ("midstream-subject", "MidstreamSubject", ["soochow"]),
        ("downstream-subject", "DownstreamSubject", ["cars", "fiber"]),
    ],
)
def test_a_rule_finds_the_organizations_that_do_what_its_class_is_defined_by(
    rule: str, found: str, organizations: list[str]
) -> None:
    assert derived_by(rule) == {
        (f"<https://example.org/{name}>", f"<{TYPE}>", f"<{TERMS}{found}>") for name in organizations
    }


@pytest.mark.parametrize("name", ["soochow", "somebody", "panels", "cars", "bank"])
def test_no_university_member_coordinator_or_reported_lead_is_a_leading_enterprise(name: str) -> None:
    assert f"<https://example.org/{name}>" not in {subject for subject, _, _ in derived_by("leading-enterprise")}


def test_no_consortium_platform_or_region_is_a_subject_of_a_segment() -> None:
    subjects = {s for rule in ("upstream", "midstream", "downstream") for s, _, _ in derived_by(f"{rule}-subject")}
    assert subjects == {f"<https://example.org/{name}>" for name in ("cars", "fiber", "soochow")}
