"""The terms and code lists as Python sees them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest
from rdflib import RDF, Graph, URIRef

from chaingraph.errors import UnknownTermError
from chaingraph.resources import ontology_file
from chaingraph.vocabulary import CG, CODE, PREFIXES, Code, CodeList, code_list


def test_the_vocabulary_holds_exactly_the_terms_of_the_ontology() -> None:
    ontology = Graph().parse(ontology_file("chaingraph.ttl"))
    defined = {term for term in ontology.subjects(RDF.type) if isinstance(term, URIRef) and term.startswith(str(CG))}
    assert {CG[name] for name in CG.__annotations__} == defined


def test_terms_stand_in_alphabetical_order_classes_before_properties() -> None:
    names = [name for name in CG.__annotations__ if not name.startswith("_")]
    assert names == sorted(names, key=lambda name: (name[0].islower(), name.casefold()))


@pytest.mark.parametrize("name", ["Konsortium", "consortia", "isInstitute", "Leads"])
def test_a_term_that_the_ontology_lacks_is_refused(name: str) -> None:
    with pytest.raises(AttributeError, match=f"'{name}' not in namespace"):
        getattr(CG, name)
    with pytest.raises(AttributeError, match=f"'{name}' not in namespace"):
        CG[name]


def test_importing_the_vocabulary_reads_no_file() -> None:
    program = (
        "from pathlib import Path\n"
        "import rdflib\n"
        "def refuse(*_, **__): raise SystemExit('a file was parsed at import')\n"
        "rdflib.Graph.parse = refuse\n"
        "import chaingraph.vocabulary\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_prefixes_agree_with_the_namespaces_and_cannot_be_changed() -> None:
    assert (PREFIXES["cg"], PREFIXES["code"]) == (str(CG), str(CODE))
    assert sorted(PREFIXES) == ["cg", "code", "dcat", "dcterms", "id", "owl", "rdf", "rdfs", "skos", "xsd"]
    with pytest.raises(TypeError):
        PREFIXES["cg"] = "elsewhere"  # type: ignore[index]


def test_the_lead_is_the_first_role_and_is_known_by_its_chinese_names() -> None:
    roles = code_list("role")
    assert (roles.name, roles.iri) == ("role", "https://w3id.org/chaingraph/code#role")
    assert (roles.label_en, roles.label_zh) == ("roles in a consortium", "成员角色")
    lead = roles.codes[0]
    assert (lead.notation, lead.iri) == ("lead", "https://w3id.org/chaingraph/code#role-lead")
    assert (lead.label_en, lead.label_zh, lead.rank) == ("lead", "牵头单位", None)
    assert {"牵头", "牵头企业"} <= set(lead.alternatives)


@pytest.mark.parametrize(
    ("name", "notations"),
    [
        ("organization-kind", "enterprise university institute government other unstated"),
        ("body", "innovation-consortium alliance joint-laboratory innovation-centre community project unstated"),
        ("form", "task systemic entity ecosystem platform unstated"),
        ("status", "planned active ended unstated"),
        ("role", "lead member associate third-party chair vice-chair office founder operator unstated"),
        ("participation-role", "coordinator participant associate third-party unstated"),
        ("level", "national provincial municipal other unstated"),
        ("segment", "upstream midstream downstream unstated"),
        ("counts", "consortia organizations platforms projects persons tasks other unstated"),
        ("qualifier", "exactly about at-least nearly more-than unstated"),
        ("lead", "included excluded unknown unstated"),
        ("claim-status", "stated planned denied ended unstated"),
        ("decision", "same different not-stated unstated"),
        ("supply-kind", "produces supplies develops unstated"),
        ("hierarchy-kind", "unit branch subsidiary affiliated unstated"),
        ("recognition-kind", "title award ranking evaluation unstated"),
        ("cluster-kind", "park cluster base zone unstated"),
        ("site-kind", "headquarters plant laboratory office unstated"),
        ("amount-kind", "grant investment revenue output research-expenditure loan other unstated"),
        ("cooperation-kind", "agreement joint-research licence transfer equipment-sharing other unstated"),
        ("event-kind", "founding unveiling signing meeting call listing approval acceptance other unstated"),
    ],
)
def test_a_code_list_holds_its_codes_in_the_order_of_the_design(name: str, notations: str) -> None:
    assert [code.notation for code in code_list(name).codes] == notations.split()


@pytest.mark.parametrize(
    ("name", "spelling", "notation"),
    [
        ("role", "成员", "member"),
        ("role", "参与单位", "member"),
        ("role", "Third-Party", "third-party"),
        ("role", "Third party", "third-party"),
        ("organization-kind", "公司", "enterprise"),
        ("organization-kind", "高校", "university"),
        ("organization-kind", "研究院", "institute"),
        ("participation-role", "牵头单位", "coordinator"),
        ("level", "省级", "provincial"),
        ("form", "实体性", "entity"),
        ("qualifier", "余", "more-than"),
        ("decision", "not stated", "not-stated"),
        ("lead", "不详", "unstated"),
        ("hierarchy-kind", "控股子公司", "subsidiary"),
        ("recognition-kind", "考核", "evaluation"),
        ("cluster-kind", "高新区", "zone"),
        ("event-kind", "立项", "approval"),
    ],
)
def test_a_spelling_used_in_spreadsheets_is_one_code(name: str, spelling: str, notation: str) -> None:
    assert code_list(name).spellings[spelling.casefold()] == notation


def test_a_word_that_only_resembles_a_role_is_none() -> None:
    assert "组长单位" not in code_list("role").spellings


def test_spellings_are_found_without_regard_to_case_and_outer_space() -> None:
    code = Code("uscc", "x:uscc", " USCC ", "统一社会信用代码", ("Straße",), None)
    codes = CodeList("scheme", "x:scheme", "schemes", "体系", (code,))
    assert dict(codes.spellings) == {"uscc": "uscc", "统一社会信用代码": "uscc", "strasse": "uscc"}


def test_a_message_can_name_what_a_cell_may_hold() -> None:
    assert code_list("status").expected() == "planned (筹建), active (运行中), ended (已结束), unstated (未说明)"


def test_only_levels_of_government_have_an_order() -> None:
    assert {code.notation: code.rank for code in code_list("level").codes} == {
        "national": 3,
        "provincial": 2,
        "municipal": 1,
        "other": None,
        "unstated": None,
    }


def test_an_unknown_code_list_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownTermError, match="'rolle' is unknown; did you mean role") as caught:
        code_list("rolle")
    assert len(caught.value.expected) == 21


def test_a_code_is_no_list() -> None:
    with pytest.raises(UnknownTermError):
        code_list("role-lead")


def test_a_code_list_is_read_once_and_cannot_be_changed() -> None:
    roles = code_list("role")
    assert code_list("role") is roles
    with pytest.raises(FrozenInstanceError):
        roles.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        roles.spellings["boss"] = "lead"  # type: ignore[index]
