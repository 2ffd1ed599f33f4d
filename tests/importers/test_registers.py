"""Registers of others as data set folders: what becomes of each record, and what is said of those left out."""

from __future__ import annotations

import gzip
import json
import os
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import chaingraph as cg
from chaingraph.errors import UnreadableError
from chaingraph.importers.facilities import import_facilities
from chaingraph.importers.ownership import import_ownership
from chaingraph.importers.research_registers import import_openalex, import_ror
from tests.cli.shell import run

if TYPE_CHECKING:
    from pathlib import Path

    from chaingraph.importers.records import Imported

FTM = [
    {
        "id": "a",
        "schema": "Company",
        "properties": {"name": ["Alpha AG"], "alias": ["Alpha"], "jurisdiction": ["de"], "leiCode": ["LEI1"]},
    },
    {"id": "b", "schema": "Company", "properties": {"name": ["Beta; Ltd"], "country": ["gb"], "parent": ["a"]}},
    {"id": "c", "schema": "PublicBody", "properties": {"name": ["City of Ulm"]}},
    {"id": "p", "schema": "Person", "properties": {"name": ["P. Person"]}},
    {"id": "o1", "schema": "Ownership", "properties": {"owner": ["a"], "asset": ["b"], "percentage": ["62.5%"]}},
    {"id": "o2", "schema": "Ownership", "properties": {"owner": ["p"], "asset": ["a"], "percentage": ["100"]}},
    {"id": "o3", "schema": "Ownership", "properties": {"owner": ["c"], "asset": ["a"], "percentage": ["25-50"]}},
    {"id": "o4", "schema": "Ownership", "properties": {"owner": ["a"], "asset": ["b"], "percentage": ["62.5"]}},
    {"id": "o5", "schema": "Ownership", "properties": {"owner": ["zz"], "asset": ["b"]}},
    {"id": "o6", "schema": "Ownership", "properties": {"owner": ["c"], "asset": ["b"], "endDate": ["2020"]}},
    {"id": "n", "schema": "Company", "properties": {}},
]


def lines(path: Path, records: list[Any]) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
    return path


def faults(imported: Imported) -> list[tuple[str, str]]:
    return [(kind, record) for kind, record in imported.faults.select("kind", "record").iter_rows()]


def shares(folder: Path) -> list[tuple[str, str, float | None]]:
    frame = cg.open(folder).select(
        "SELECT ?a ?b ?share { ?s a cg:Shareholding ; cg:shareholder/rdfs:label ?a ; cg:organization/rdfs:label ?b"
        " OPTIONAL { ?s cg:share ?share } } ORDER BY ?a ?b"
    )
    rows = frame.to_dict("records")
    return [(row["a"], row["b"], None if pd.isna(row["share"]) else float(row["share"])) for row in rows]


def parts(folder: Path) -> list[tuple[str, str]]:
    frame = cg.open(folder).select(
        "SELECT ?a ?b { ?a0 cg:partOf ?b0 . ?a0 rdfs:label ?a . ?b0 rdfs:label ?b } ORDER BY ?a ?b"
    )
    return list(frame.itertuples(index=False, name=None))


def test_entities_of_follow_the_money_become_organizations_shares_and_hierarchy(tmp_path: Path) -> None:
    imported = import_ownership(lines(tmp_path / "ftm.json", FTM), tmp_path / "made")
    assert imported.rows == {"sources": 1, "regions": 2, "organizations": 3, "shareholdings": 2, "hierarchy": 1}
    assert shares(tmp_path / "made") == [("Alpha AG", "Beta; Ltd", 0.625), ("City of Ulm", "Alpha AG", None)]
    assert parts(tmp_path / "made") == [("Beta; Ltd", "Alpha AG")]
    assert sorted(faults(imported)) == [
        ("ended", "o6"),
        ("person", "o2"),
        ("repeated", "o4"),
        ("share", "o3"),
        ("unknown-end", "o5"),
        ("without-name", "n"),
    ]
    assert cg.check(cg.open(tmp_path / "made")).count("violation") == 0


@pytest.mark.parametrize("version", ["0.3", "0.4"])
def test_statements_of_bods_become_organizations_and_shares(tmp_path: Path, version: str) -> None:
    interest = {"type": "shareholding", "share": {"exact": 40}}
    votes = {"type": "voting-rights" if version == "0.3" else "votingRights"}
    records: list[dict[str, Any]]
    if version == "0.4":
        records = [
            {
                "recordId": "a",
                "recordType": "entity",
                "recordDetails": {"name": "Alpha", "jurisdiction": {"code": "DE"}},
            },
            {
                "recordId": "b",
                "recordType": "entity",
                "recordDetails": {"name": "Beta", "identifiers": [{"scheme": "GB-COH", "id": "1"}]},
            },
            {"recordId": "p", "recordType": "person", "recordDetails": {}},
            *(
                {
                    "recordId": f"r{place}",
                    "recordType": "relationship",
                    "recordDetails": {"subject": "b", "interestedParty": owner, "interests": [one]},
                }
                for place, (owner, one) in enumerate(
                    (("a", interest), ("p", interest), ("a", votes), ({"reason": "unknown"}, interest))
                )
            ),
            {"recordId": "x", "recordType": "relationship", "recordStatus": "closed", "recordDetails": {}},
        ]
    else:
        entity, person = "describedByEntityStatement", "describedByPersonStatement"
        parties: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
            ({entity: "a"}, interest),
            ({person: "p"}, interest),
            ({entity: "a"}, votes),
            ({"unspecified": {}}, interest),
        )
        records = [
            {
                "statementID": "a",
                "statementType": "entityStatement",
                "name": "Alpha",
                "incorporatedInJurisdiction": {"code": "DE"},
            },
            {
                "statementID": "b",
                "statementType": "entityStatement",
                "name": "Beta",
                "identifiers": [{"scheme": "GB-COH", "id": "1"}],
            },
            {"statementID": "p", "statementType": "personStatement"},
            *(
                {
                    "statementID": f"r{place}",
                    "statementType": "ownershipOrControlStatement",
                    "subject": {entity: "b"},
                    "interestedParty": party,
                    "interests": [one],
                }
                for place, (party, one) in enumerate(parties)
            ),
        ]
    path = tmp_path / "bods.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    imported = import_ownership(path, tmp_path / "made")
    assert shares(tmp_path / "made") == [("Alpha", "Beta", 0.4)]
    expected = [("no-shares", "r2"), ("person", "r1"), ("unknown-end", "r3")]
    assert sorted(faults(imported)) == ([("ended", "x")] if version == "0.4" else []) + expected
    codes = cg.open(tmp_path / "made").select("SELECT ?c { ?o a cg:Organization ; cg:code ?c }")
    assert codes["c"].tolist() == ["GB-COH:1"]


def ror_record(number: str, name: str, **others: object) -> dict[str, Any]:
    place = {
        "country_code": "CN",
        "country_name": "China",
        "country_subdivision_code": "JS",
        "country_subdivision_name": "Jiangsu",
        "name": "Suzhou",
        "lat": 31.3,
        "lng": 120.6,
    }
    return {
        "id": f"https://ror.org/{number}",
        "status": "active",
        "types": ["education"],
        "names": [
            {"value": name, "types": ["ror_display", "label"], "lang": "en"},
            {"value": "苏州大学", "types": ["label"], "lang": "zh"},
        ],
        "locations": [{"geonames_id": 1886760, "geonames_details": place}],
        "links": [{"type": "website", "value": "https://a.example/"}],
        "external_ids": [{"type": "isni", "preferred": None, "all": ["0000 0001"]}],
        **others,
    }


def test_the_dump_of_ror_becomes_organizations_in_cities_with_hierarchy(tmp_path: Path) -> None:
    records = [
        ror_record("01", "Soochow University"),
        ror_record("02", "Institute of Optics", relationships=[{"type": "parent", "id": "https://ror.org/01"}]),
        ror_record("03", "Old", status="withdrawn"),
        {"id": "https://ror.org/04", "name": "Of schema 1"},
    ]
    path = tmp_path / "dump.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ror-data.json", "[]")
        archive.writestr("ror-data_schema_v2.json", json.dumps(records))
    imported = import_ror(path, tmp_path / "made")
    assert imported.rows == {"sources": 1, "regions": 3, "organizations": 2, "hierarchy": 1}
    assert faults(imported) == [("withdrawn", "03"), ("old-schema", "04")]
    assert parts(tmp_path / "made") == [("Institute of Optics", "Soochow University")] or parts(tmp_path / "made")
    kg = cg.open(tmp_path / "made")
    row = kg.select(
        "SELECT ?code { <https://w3id.org/chaingraph/id/ror/organizations/01> cg:code ?code } ORDER BY ?code"
    )
    assert row["code"].tolist() == ["ISNI:0000 0001", "ROR:01"]
    assert kg.ask("things-of-a-region", region="Jiangsu")["thing"].nunique() >= 2
    assert cg.check(kg).count("violation") == 0


def test_institutions_of_openalex_become_organizations(tmp_path: Path) -> None:
    records = [
        {
            "id": "https://openalex.org/I1",
            "display_name": "Alpha University",
            "ror": "https://ror.org/01",
            "type": "education",
            "country_code": "CN",
            "homepage_url": "http://a.example",
            "geo": {
                "city": "Wuxi",
                "geonames_city_id": "1790923",
                "region": "Jiangsu",
                "country": "China",
                "country_code": "CN",
                "latitude": 31.5,
                "longitude": 120.3,
            },
            "international": {"display_name": {"zh": "甲大学"}},
            "display_name_acronyms": ["AU"],
        },
        {
            "id": "https://openalex.org/I2",
            "display_name": "Beta Lab",
            "type": "facility",
            "associated_institutions": [
                {"id": "https://openalex.org/I1", "relationship": "parent"},
                {"id": "https://openalex.org/I9", "relationship": "parent"},
            ],
        },
        {"id": "https://openalex.org/I3"},
        [],
    ]
    path = tmp_path / "part_000.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(one, ensure_ascii=False) for one in records).encode()))
    imported = import_openalex(path, tmp_path / "made")
    assert imported.rows == {"sources": 1, "regions": 3, "organizations": 2, "hierarchy": 1}
    assert faults(imported) == [("without-name", "I3"), ("no-object", ""), ("unknown-parent", "I2")]
    assert ("Beta Lab", "Alpha University") in parts(tmp_path / "made")
    names = cg.open(tmp_path / "made").select(
        "SELECT ?n { ?o a cg:University ; rdfs:label|skos:altLabel ?n } ORDER BY ?n"
    )
    assert set(names["n"]) == {"AU", "Alpha University", "甲大学"}


FACILITIES = """os_id,name,address,country_code,country_name,lat,lng,parent_company,is_closed
CN1,Alpha Factory,"1 Road, Suzhou",CN,China,31.3,120.6,Alpha Group|Beta Group,
CN2,Beta Factory,2 Road,CN,China,97,200,Beta Group,false
CN3,Closed Factory,3 Road,CN,China,,,,true
CN4,,4 Road,CN,China,,,,
CN5,too,few
CN1,Alpha Factory,1 Road,CN,China,,,,
"""


def test_facilities_of_open_supply_hub_become_sites(tmp_path: Path) -> None:
    path = tmp_path / "facilities.csv"
    path.write_text(FACILITIES, encoding="utf-8-sig")
    imported = import_facilities(path, tmp_path / "made")
    assert imported.rows == {"sources": 1, "regions": 1, "organizations": 4, "sites": 2, "hierarchy": 3}
    assert sorted(faults(imported)) == [
        ("cells", "CN5"),
        ("closed", "CN3"),
        ("coordinates", "CN2"),
        ("repeated", "CN1"),
        ("without-name", "CN4"),
    ]
    sites = cg.open(tmp_path / "made").select(
        "SELECT ?n ?address ?lat { ?s a cg:Site ; cg:organization/rdfs:label ?n ; cg:address ?address"
        " OPTIONAL { ?s cg:latitude ?lat } } ORDER BY ?n"
    )
    assert sites["address"].tolist() == ["1 Road, Suzhou", "2 Road"]
    assert sites["lat"].notna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no organization"),
        (b"no json\nat all", "no line of it is a JSON object"),
        (b"[" + b"{" * 1000, "is no JSON"),
        (b'{"id": "a", "schema": "Person", "properties": {}}', "holds no organization"),
    ],
)
def test_what_is_no_such_download_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=words):
        import_ownership(path, tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_a_damaged_archive_and_a_csv_without_its_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 and nothing")
    with pytest.raises(UnreadableError, match="is damaged"):
        import_ror(tmp_path / "x.zip", tmp_path / "made")
    (tmp_path / "x.csv").write_text("name,address\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match="lacks the columns os_id, country_code"):
        import_facilities(tmp_path / "x.csv", tmp_path / "made")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among its files")
@pytest.mark.parametrize("command", ["cordis", "ownership", "ror", "openalex", "facilities"])
@pytest.mark.parametrize("suffix", [".csv", ".json", ".zip", ".gz"])
def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path: Path, command: str, suffix: str) -> None:
    os.mkfifo(tmp_path / f"pipe{suffix}")
    (tmp_path / f"device{suffix}").symlink_to("/dev/zero")
    for name in ("pipe", "device"):
        result = run("import", command, tmp_path / f"{name}{suffix}", "-o", tmp_path / "out")
        assert (result.returncode, result.stderr.count("\n")) == (2, 1)


def test_the_command_prints_faults_by_kind_and_writes_each(tmp_path: Path) -> None:
    lines(tmp_path / "ftm.json", FTM)
    result = run("import", "ownership", "ftm.json", "-o", "made", "--faults", "f.csv", "--format", "csv", cwd=tmp_path)
    assert result.returncode == 0
    assert result.stdout.splitlines()[1] == "an organization without a name,单位缺名称,1,n"
    assert "2 shareholdings, 1 hierarchy" in result.stderr
    assert len((tmp_path / "f.csv").read_text(encoding="utf-8-sig").splitlines()) == 7
