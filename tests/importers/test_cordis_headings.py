"""Downloads of CORDIS of each framework programme by the headings of their real files; every row here is made up.

The headings are those that public programs state which read or wrote the files: of Horizon 2020 and Horizon Europe as
downloaded in October 2026, and of FP7 and Horizon 2020 as published until 2021, with other names of columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.importers.cordis import import_cordis

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Form:
    """The files of a download by their names and headings, and what stands in them for the same content."""

    project_file: str
    project: str
    organization_file: str
    organization: str
    programme: str
    amount: str
    status: tuple[str, str]


PROJECT_UNTIL_2021 = (
    "rcn;{id};acronym;status;programme;topics;frameworkProgramme;title;startDate;endDate;projectUrl;objective;totalCost;"
    "ecMaxContribution;call;fundingScheme;coordinator;coordinatorCountry;participants;participantCountries;subjects"
)
ORGANIZATION_NOW = (
    "projectID;projectAcronym;organisationID;vatNumber;name;shortName;SME;activityType;street;postCode;city;country;"
    "nutsCode;geolocation;organizationURL;contactForm;contentUpdateDate;rcn;order;role;ecContribution;netEcContribution;"
    "totalCost;endOfParticipation;active"
)
ORGANIZATION_UNTIL_2021 = (
    "projectRcn;{id};projectAcronym;role;id;name;shortName;activityType;endOfParticipation;ecContribution;country;street;"
    "city;postCode;organizationUrl"
)
PROJECT_NOW = (
    "id;acronym;status;title;startDate;endDate;totalCost;ecMaxContribution;legalBasis;topics;ecSignatureDate;"
    "frameworkProgramme;masterCall;subCall;fundingScheme;objective;contentUpdateDate;rcn;grantDoi;keywords"
)
FORMS = {
    "FP7 until 2021": Form(
        "cordis-fp7projects.csv",
        PROJECT_UNTIL_2021.format(id="reference"),
        "cordis-fp7organizations.csv",
        ORGANIZATION_UNTIL_2021.format(id="projectReference")
        + ";contactType;contactTitle;contactFirstNames;contactLastNames;contactFunction;contactTelephoneNumber;"
        "contactFaxNumber",
        "FP7-NMP",
        "1200000,5",
        ("CLO", "ended"),
    ),
    "Horizon 2020 until 2021": Form(
        "cordis-h2020projects.csv",
        PROJECT_UNTIL_2021.format(id="id"),
        "cordis-h2020organizations.csv",
        ORGANIZATION_UNTIL_2021.format(id="projectID") + ";vatNumber;contactForm",
        "H2020-EU.2.1.3.",
        "1200000.5",
        ("SIGNED", "unstated"),
    ),
    "Horizon 2020": Form(
        "project.csv",
        PROJECT_NOW,
        "organization.csv",
        ORGANIZATION_NOW,
        "H2020-EU.2.1.3.",
        "1200000.5",
        ("CLOSED", "ended"),
    ),
    "FP7": Form(
        "project.csv", PROJECT_NOW, "organization.csv", ORGANIZATION_NOW, "FP7-NMP", "1200000,5", ("CLOSED", "ended")
    ),
}
TITLES = {"FP7": "FP7 (2007-2013)", "Horizon 2020": "Horizon 2020 (2014-2020)"}


def row(headings: str, **cells: str) -> str:
    """Return a line under headings; cells are named by what they are, whatever the heading is called."""
    spellings = {
        "reference": "project",
        "id": "project" if "acronym;status" in headings else "organization",
        "projectID": "project",
        "projectReference": "project",
        "organisationID": "organization",
        "organizationUrl": "organizationURL",
        "programme": "basis",
        "legalBasis": "basis",
    }
    names = [spellings.get(name, name) for name in headings.split(";")]
    return ";".join(f'"{cells.get(name, "")}"' for name in names)


@pytest.mark.parametrize("name", FORMS)
def test_the_headings_of_every_framework_programme_give_the_same_tables(tmp_path: Path, name: str) -> None:
    form = FORMS[name]
    folder = tmp_path / "download"
    folder.mkdir()
    project = row(
        form.project,
        project="263209",
        acronym="ANODE",
        status=form.status[0],
        title="Better anodes",
        startDate="2011-01-01",
        endDate="2014-12-31",
        totalCost=form.amount,
        basis=form.programme,
        fundingScheme="CP-IP",
    )
    shared = {"project": "263209", "projectAcronym": "ANODE", "endOfParticipation": "false"}
    alpha = {"organization": "999", "name": "Alpha GmbH", "role": "coordinator", "activityType": "PRC", "country": "DE"}
    beta = {
        "organization": "998",
        "name": "Beta University",
        "role": "participant",
        "activityType": "HES",
        "country": "EL",
    }
    members = [
        row(form.organization, **shared, **alpha, ecContribution="700000", organizationURL="https://alpha.example"),
        row(form.organization, **shared, **beta, ecContribution="500000"),
    ]
    (folder / form.project_file).write_text(f"{form.project}\n{project}\n", encoding="utf-8")
    (folder / form.organization_file).write_text("\n".join([form.organization, *members, ""]), encoding="utf-8")
    import_cordis(folder, tmp_path / "made", retrieved="2026-10-03")
    kg = cg.open(tmp_path / "made")
    source = kg.select_text("SELECT ?t { ?s a cg:Source ; rdfs:label ?t }")["t"][0]
    assert source.endswith(next(title for key, title in TITLES.items() if name.startswith(key)))
    query = """SELECT ?who ?kind ?role ?sum ?site { ?p a cg:Participation ; cg:organization ?o ; cg:contribution ?sum ;
        cg:role ?r . ?o rdfs:label ?who ; cg:kind ?k OPTIONAL { ?o cg:website ?site }
        BIND (STRAFTER(STR(?k), "kind-") AS ?kind) BIND (STRAFTER(STR(?r), "role-") AS ?role) } ORDER BY ?who"""
    rows = [[None if value != value else value for value in line] for line in kg.select(query).to_numpy().tolist()]
    assert [[*line[:3], float(str(line[3])), line[4]] for line in rows] == [
        ["Alpha GmbH", "enterprise", "coordinator", 700000.0, "https://alpha.example"],
        ["Beta University", "university", "participant", 500000.0, None],
    ]
    query = """SELECT ?title ?start ?end ?budget ?status { ?p a cg:Project ; rdfs:label ?title ; cg:start ?start ;
        cg:end ?end ; cg:budget ?budget ; cg:status ?s BIND (STRAFTER(STR(?s), "status-") AS ?status) }"""
    assert [str(value) for value in kg.select_text(query).row(0)] == [
        "Better anodes",
        "2011-01-01",
        "2014-12-31",
        "1200000.5",
        form.status[1],
    ]
    assert kg.select_text("SELECT ?c { ?c a cg:Consortium ; rdfs:label ?c0 }").height == 1
