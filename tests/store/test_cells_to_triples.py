"""Frames become N-Triples by the contract, and no text in a cell becomes anything but text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from chaingraph.store.cells_to_triples import n_triples
from chaingraph.tables import read

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import DataSetFolder

BASE = "https://w3id.org/chaingraph/id/roster/"
CG = "https://w3id.org/chaingraph/ontology#"
CODE = "https://w3id.org/chaingraph/code#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def triples(folder: Path) -> set[tuple[str, str, str]]:
    """Return a data set's triples as texts, without those of codes and of the data set itself."""
    parsed = ox.parse("".join(n_triples(read(folder))).encode(), format=ox.RdfFormat.N_TRIPLES)
    found = {(quad.subject.value, quad.predicate.value, str(quad.object)) for quad in parsed}
    return {triple for triple in found if not triple[0].startswith((CODE, f"{BASE}datasets/"))}


def test_a_membership_becomes_a_node_and_its_short_forms(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name,kind\na,甲公司,enterprise\n",
        consortia="id,name\nx,联合体\n",
        memberships="id,organization,consortium,role\nm,a,x,lead\n",
    )
    organization, consortium, membership = f"{BASE}organizations/a", f"{BASE}consortia/x", f"{BASE}memberships/m"
    assert triples(folder) == {
        (organization, RDF_TYPE, f"<{CG}Organization>"),
        (organization, RDF_TYPE, f"<{CG}Enterprise>"),
        (organization, LABEL, '"甲公司"@zh'),
        (organization, f"{CG}kind", f"<{CODE}organization-kind-enterprise>"),
        (organization, f"{CG}leads", f"<{consortium}>"),
        (organization, f"{CG}memberOf", f"<{consortium}>"),
        (consortium, RDF_TYPE, f"<{CG}Consortium>"),
        (consortium, LABEL, '"联合体"@zh'),
        (membership, RDF_TYPE, f"<{CG}Membership>"),
        (membership, f"{CG}organization", f"<{organization}>"),
        (membership, f"{CG}consortium", f"<{consortium}>"),
        (membership, f"{CG}role", f"<{CODE}role-lead>"),
    }


def test_a_membership_of_one_of_several_consortia_emits_no_short_form(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name\na,甲公司\n",
        consortia="id,name\nx,一\ny,二\n",
        memberships="id,organization,one_of,role\nm,a,x;y,lead\n",
    )
    said = {triple[1].removeprefix(CG) for triple in triples(folder) if triple[0] == f"{BASE}organizations/a"}
    assert said == {RDF_TYPE, LABEL}
    of = {triple[2] for triple in triples(folder) if triple[1] == f"{CG}oneOf"}
    assert of == {f"<{BASE}consortia/x>", f"<{BASE}consortia/y>"}


@pytest.mark.parametrize(
    "text",
    [
        'a " b',
        "back\\slash",
        "new\nline",
        '"@en . <http://evil> <http://evil> <http://evil> .',
        "} ; DROP ALL",
        "<script>alert(1)</script>",
        "tab\there",
        "'quoted'",
    ],
)
def test_a_hostile_name_stays_a_text(data_set: DataSetFolder, text: str) -> None:
    cell = '"' + text.replace('"', '""') + '"'
    folder = data_set(organizations=f"id,name\na,{cell}\n")
    parsed = list(ox.parse("".join(n_triples(read(folder))).encode(), format=ox.RdfFormat.N_TRIPLES))
    names = [
        quad.object.value
        for quad in parsed
        if quad.subject.value == f"{BASE}organizations/a" and quad.predicate.value == LABEL
    ]
    assert names == [text]
    assert not [quad for quad in parsed if "evil" in quad.subject.value]


@pytest.mark.parametrize(
    ("identifier", "encoded"),
    [("苏大", "%E8%8B%8F%E5%A4%A7"), ("a b/c", "a%20b%2Fc"), ("x>y", "x%3Ey"), ("..", ".."), ("a#b?c", "a%23b%3Fc")],
)
def test_an_id_is_percent_encoded_into_one_step_of_its_address(
    data_set: DataSetFolder, identifier: str, encoded: str
) -> None:
    folder = data_set(
        organizations=f"id,name\n{identifier},甲\n", programmes=f"id,name,authority\np,试点,{identifier}\n"
    )
    assert (f"{BASE}programmes/p", f"{CG}authority", f"<{BASE}organizations/{encoded}>") in triples(folder)
    assert (f"{BASE}organizations/{encoded}", RDF_TYPE, f"<{CG}Organization>") in triples(folder)


def test_values_carry_their_datatypes(data_set: DataSetFolder) -> None:
    folder = data_set(
        organizations="id,name,small,latitude,website\na,甲,是,31.5,https://a.cn/?q=1\n",
        programmes="id,name\np,试点\n",
        reported="id,name,counts,value,programme\nr,单位数,organizations,136,p\n",
    )
    xsd = "http://www.w3.org/2001/XMLSchema#"
    found = triples(folder)
    assert (f"{BASE}organizations/a", f"{CG}small", f'"true"^^<{xsd}boolean>') in found
    assert (f"{BASE}organizations/a", f"{CG}latitude", f'"31.5"^^<{xsd}decimal>') in found
    assert (f"{BASE}organizations/a", f"{CG}website", f'"https://a.cn/?q=1"^^<{xsd}anyURI>') in found
    assert (f"{BASE}reported/r", f"{CG}value", f'"136"^^<{xsd}integer>') in found


def test_a_data_set_describes_itself_with_its_attribution(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name\na,甲\n")
    (folder / "dataset.json").write_text(
        '{"name": "mine", "base": "https://example.org/id/", "title": {"en": "Mine", "zh": "我的"}, '
        '"attribution": "me", "licence": "CC0-1.0", "sources": [{"title": "List", "url": "https://a.cn"}]}',
        encoding="utf-8",
    )
    text = "".join(n_triples(read(folder)))
    lines = [line for line in text.splitlines() if line.startswith("<https://example.org/id/datasets/mine>")]
    assert sorted(line.split(" ", 1)[1] for line in lines) == [
        '<http://purl.org/dc/terms/identifier> "mine" .',
        '<http://purl.org/dc/terms/license> "CC0-1.0" .',
        '<http://purl.org/dc/terms/source> "List, https://a.cn" .',
        '<http://purl.org/dc/terms/title> "Mine"@en .',
        '<http://purl.org/dc/terms/title> "我的"@zh .',
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .",
        '<http://www.w3.org/2000/01/rdf-schema#label> "Mine"@en .',
        '<http://www.w3.org/2000/01/rdf-schema#label> "我的"@zh .',
        '<https://w3id.org/chaingraph/ontology#attribution> "me" .',
    ]
    assert "<https://example.org/id/organizations/a>" in text


def test_the_codes_in_use_are_called_by_name_and_no_others(data_set: DataSetFolder) -> None:
    folder = data_set(organizations="id,name,kind\na,甲,高校\n")
    text = "".join(n_triples(read(folder)))
    codes = {line.split(" ")[0] for line in text.splitlines() if line.startswith(f"<{CODE}")}
    assert codes == {f"<{CODE}organization-kind-university>"}
    assert f'<{CODE}organization-kind-university> <{LABEL}> "高等院校"@zh .' in text or "@zh ." in text
